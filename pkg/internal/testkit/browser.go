package testkit

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Browser is a headless Chromium. Each Tab has cookies of its own.
type Browser struct {
	root context.Context
}

// shared is the one browser without switches of a test process. It ends when nobody uses it any
// more, and starts again for the next test; RunKeeping starts it at most once.
var shared struct {
	mu      sync.Mutex
	users   int
	browser *Browser
	stop    func()
}

// StartBrowser returns a Chromium for the test: with switches its own, without them the one that all tests of the
// process share, whose tabs know nothing of each other.
func StartBrowser(t testing.TB, switches ...string) *Browser {
	t.Helper()
	if len(switches) > 0 {
		b, stop := startBrowser(t, switches)
		t.Cleanup(stop)
		return b
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.browser == nil {
		shared.browser, shared.stop = startBrowser(t, nil)
	}
	shared.users++
	t.Cleanup(func() {
		shared.mu.Lock()
		defer shared.mu.Unlock()
		if shared.users--; shared.users == 0 && !keeping {
			stopBrowser()
		}
	})
	return shared.browser
}

// stopBrowser ends the shared browser, if it runs.
func stopBrowser() {
	if shared.browser != nil {
		shared.stop()
		shared.browser = nil
	}
}

func startBrowser(t testing.TB, switches []string) (*Browser, func()) {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			program = p
			break
		}
	}
	if program == "" {
		Need(t, "chromium: apt-get install chromium")
	}
	profile, err := os.MkdirTemp("", "ortsspiegel-browser-")
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.UserDataDir(profile), chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("disable-quic", true), chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "de-DE"), chromedp.Env("LANGUAGE=de"))
	for _, name := range switches {
		options = append(options, chromedp.Flag(name, true))
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	root, closeRoot := chromedp.NewContext(allocator)
	stop := func() {
		closeRoot()
		cancel()
		_ = os.RemoveAll(profile) // helpers of the browser may still write
	}
	if err := chromedp.Do(root); err != nil {
		stop()
		t.Fatalf("start chromium: %v", err)
	}
	return &Browser{root}, stop
}

// Tab is a page in a browser context of its own. It collects what must never happen.
type Tab struct {
	Context context.Context
	home    string

	mu     sync.Mutex
	faults []string
}

// NewTab opens an empty page for the site at home, such as http://127.0.0.1:41233.
func (b *Browser) NewTab(t testing.TB, home string) *Tab {
	t.Helper()
	return newTab(t, b.root, home, chromedp.WithNewBrowserContext())
}

// SameSession opens a second page that shares the cookies of this one.
func (tab *Tab) SameSession(t testing.TB) *Tab {
	t.Helper()
	return newTab(t, tab.Context, tab.home)
}

func newTab(t testing.TB, parent context.Context, home string, options ...chromedp.ContextOption) *Tab {
	t.Helper()
	tab := &Tab{home: home}
	ctx, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(tab.watch))...)
	t.Cleanup(cancel)
	tab.Context = ctx
	err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		if err != nil {
			return err
		}
		if _, err = cdp.Call(ctx, target, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err = cdp.Call(ctx, target, network.SetExtraHTTPHeaders,
			network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": "de-DE,de;q=0.9"}})
		return err
	}))
	if err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return tab
}

// watch notes requests that leave the site, console errors and breaches of the security policy.
func (tab *Tab) watch(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err == nil && (u.Scheme == "http" || u.Scheme == "https") && !strings.HasPrefix(e.Request.URL, tab.home) {
			tab.fault("a request leaves the site: " + e.Request.URL)
		}
	case *log.EventEntryAdded:
		// A refused answer (409, 422) is logged by the network as an error; the pages handle it.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			tab.fault(fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *cdpruntime.EventConsoleAPICalled:
		if e.Type == cdpruntime.ConsoleAPICalledTypeError {
			var parts []string
			for _, a := range e.Args {
				parts = append(parts, string(a.Value)+a.Description)
			}
			tab.fault("console: " + strings.Join(parts, " "))
		}
	case *cdpruntime.EventExceptionThrown:
		tab.fault("exception: " + e.ExceptionDetails.Text)
	}
}

func (tab *Tab) fault(s string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.faults = append(tab.faults, s)
}

// Faults returns and forgets what must never have happened.
func (tab *Tab) Faults() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	f := tab.faults
	tab.faults = nil
	return f
}

// Run runs actions and fails the test, with the page's address and text, if one does.
func (tab *Tab) Run(t testing.TB, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab.Context, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatalf("%v\n%s", err, tab.where())
	}
}

// Ask evaluates a JavaScript expression, or awaits its promise, and returns its value.
func Ask[T any](t testing.TB, tab *Tab, expression string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab.Context, time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%.200s: %v\n%s", expression, err, tab.where())
	}
	return v
}

// Until waits for a JavaScript expression to become true, across navigations, and fails the test
// after 20 seconds.
func (tab *Tab) Until(t testing.TB, expression string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab.Context, 20*time.Second)
	defer cancel()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		// While a page is replaced there is nothing to ask: that is no reason to give up.
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")")); err == nil && ok {
			return
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("never true: %s\n%s", expression, tab.where())
		}
	}
}

func (tab *Tab) where() string {
	ctx, stop := context.WithTimeout(tab.Context, 5*time.Second)
	defer stop()
	text, err := chromedp.Run(ctx,
		chromedp.Evaluate[string]("location.href + '\\n' + (document.body?.innerText || '').slice(0, 1500)"))
	if err != nil {
		return err.Error()
	}
	return text
}

// Open loads a path of the site.
func (tab *Tab) Open(path string) chromedp.Action[chromedp.Void] {
	return chromedp.Navigate(tab.home + path)
}

// Screen sets the width in CSS pixels and the colour scheme (light or dark).
func Screen(width int64, scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.EmulateViewport(width, 900),
		chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia,
				emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme",
					Value: scheme}}})
			return err
		}))
}

// Scripts switches JavaScript on or off for the next pages.
func Scripts(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// Violation is something axe found.
type Violation struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Nodes  []string `json:"nodes"`
}

var axeSource = sync.OnceValues(func() ([]byte, error) {
	return os.ReadFile(filepath.Join(Root(), "static", "dist-test", "axe.min.js"))
})

// Axe runs axe-core on the page as it is. The script comes from the folder the asset build fills
// for tests; it is run through the debugger, which the page's security policy does not hinder.
func (tab *Tab) Axe(t testing.TB) []Violation {
	t.Helper()
	found, _ := tab.AxeAfter(t, "")
	return found
}

// AxeAfter is Axe for a page that was asked about before, in other colours. Where its elements,
// their texts, attributes and boxes and what of them is visible are those of the earlier shape, the
// rules about colours are asked alone: the others look at nothing else. The shape it returns is for
// the next look; an empty one is that of no page.
func (tab *Tab) AxeAfter(t testing.TB, before string) (found []Violation, shape string) {
	t.Helper()
	source, err := axeSource()
	if err != nil {
		t.Fatalf("axe-core is built by make assets: %v", err)
	}
	// Hidden fields hold keys that differ each time; a drawing's own colours are colours.
	const shapeOf = `(() => { let a = 0x811c9dc5, b = 0x1b873593; const add = s => { for (let i = 0; i < s.length; i++) { a = Math.imul(a ^ s.charCodeAt(i), 0x01000193); b = Math.imul(b ^ s.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13) } };
		const walk = document.createTreeWalker(document, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
		for (let n = walk.nextNode(); n; n = walk.nextNode()) {
			if (n.nodeType === Node.TEXT_NODE) { add(n.data); continue }
			const r = n.getBoundingClientRect(), drawn = n.closest('svg'), hidden = n.type === 'hidden';
			add('<' + n.tagName + [r.x, r.y, r.width, r.height, n.checkVisibility({opacityProperty: true, visibilityProperty: true})]);
			for (const at of n.attributes) if (!(hidden && at.name === 'value') && !(drawn && ['fill', 'stroke', 'style'].includes(at.name))) add(at.name + '=' + at.value);
		} return (a >>> 0) + '.' + (b >>> 0) })()`
	const run = `axe.run(document, {resultTypes: ['violations'], runOnly: only ? {type: 'rule', values: axe.getRules([only]).filter(r =>
			tags.some(t => r.tags.includes(t)) && !r.tags.includes('experimental') && !r.tags.includes('deprecated')).map(r => r.ruleId)} : {type: 'tag', values: tags}})
		.then(r => r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' | ' + (n.failureSummary || '').replace(/\s+/g, ' ').slice(0, 200))})))`
	const tags = `['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']`
	only := ""
	if shape = Ask[string](t, tab, shapeOf); shape == before {
		only = "cat.color"
	}
	Ask[int](t, tab, string(source)+";0")
	return Ask[[]Violation](t, tab, fmt.Sprintf("((only, tags) => %s)(%q, %s)", run, only, tags)), shape
}

// Root returns the top folder of the project.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}
