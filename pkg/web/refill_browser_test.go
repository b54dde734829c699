package web

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/testkit"
)

// stubborn serves a site to a browser that does not heed autocomplete="off".
func stubborn(t *testing.T, home string) string {
	t.Helper()
	target, err := url.Parse(home)
	must(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
		r.Out.Header.Del("Accept-Encoding")
	}}
	proxy.ModifyResponse = func(w *http.Response) error {
		body, err := io.ReadAll(w.Body)
		if err != nil {
			return err
		}
		body = bytes.ReplaceAll(body, []byte(` autocomplete="off"`), nil)
		w.Body, w.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		w.Header.Set("Content-Length", strconv.Itoa(len(body)))
		return nil
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	return server.URL
}

// back goes one page back and waits until that is there.
func back(t *testing.T, tab *testkit.Tab, path string) {
	t.Helper()
	testkit.Ask[bool](t, tab, `history.back() || true`)
	tab.Until(t, `location.pathname === "`+path+`" && document.readyState === "complete"`)
}

// press clicks the button of a section's form that saves and stays, and waits for the next page.
func press(t *testing.T, tab *testkit.Tab) {
	t.Helper()
	before := testkit.Ask[float64](t, tab, `performance.timeOrigin`)
	testkit.Ask[bool](t, tab, `document.querySelector('button[name="then"][value="stay"]').click() || true`)
	tab.Until(t, `performance.timeOrigin !== `+strconv.FormatFloat(before, 'f', -1, 64)+
		` && document.readyState === "complete"`)
}

// noCache makes the browser load a page anew when somebody goes back to it, as it does after a
// restart or in a duplicated tab.
const noCache = "disable-back-forward-cache"

// TestBackShowsWhatIsStored: what a browser puts back into a form is neither shown as stored nor
// stored over a colleague's answer: with scripts and without, whether the browser heeds
// autocomplete="off" or not, for the lead and by a link.
func TestBackShowsWhatIsStored(t *testing.T) {
	e := newErrand(t)
	bert := e.signedIn(e.person("bert", account.TownEditor, "05958004")).sheet(e.id)
	heeding, _ := e.site()
	obstinate := stubborn(t, heeding)
	anew, cached := testkit.StartBrowser(t, noCache), testkit.StartBrowser(t)
	link := e.ask(question1)
	e.come(link)
	revision := 0
	for _, c := range []struct {
		name, home      string
		browser         *testkit.Browser
		scripts, byLink bool
	}{
		{"scripts", heeding, anew, true, false},
		{"scripts, stubborn", obstinate, anew, true, false},
		{"plain", heeding, anew, false, false},
		{"plain, stubborn", obstinate, anew, false, false},
		{"link, scripts", heeding, anew, true, true},
		{"link, plain, stubborn", obstinate, anew, false, true},
		{"scripts, cached", heeding, cached, true, false},
		{"plain, cached", heeding, cached, false, false},
	} {
		tab := c.browser.NewTab(t, c.home)
		page, other := e.lead.base+"/sections/steuerung", e.lead.base
		if c.byLink {
			page, other = link, "/help/colleague"
		} else {
			signIn(t, tab, "Anna@example.org")
		}
		tab.Run(t, testkit.Scripts(c.scripts), tab.Open(page), chromedp.Click("#a-"+question1+"-2"))
		if c.scripts {
			tab.Until(t, saved(question1))
		} else {
			press(t, tab)
		}
		revision++
		tab.Run(t, tab.Open(other))
		bert.answer(question1, revision, "value", "ja", "comment", "von Bert")
		revision++
		back(t, tab, page)
		fresh := `document.querySelector("#a-` + question1 + `-3").checked && document.querySelector("#comment-` +
			question1 + `").value === "von Bert"`
		if c.scripts {
			tab.Until(t, fresh)
			testkit.Ask[bool](t, tab,
				`Object.defineProperty(document, "hidden", {value: true}) && document.dispatchEvent(new Event("visibilitychange"))`)
		} else {
			// A page that was kept whole is old in all its parts, the revision too; one that was loaded anew is new.
			if c.browser == anew && !testkit.Ask[bool](t, tab, fresh) {
				t.Errorf("%s: going back shows an old answer", c.name)
			}
			press(t, tab)
		}
		tab.Run(t, tab.Open(other))
		if got := bert.answers().Answers[question1]; got.Value != "ja" || got.Revision != revision || got.By != "bert" {
			t.Fatalf("%s: stored %+v after revision %d", c.name, got, revision)
		}
		noFaults(t, tab)
	}
}

// TestBackToOtherForms: consent, delegation, a new round and the check before submitting show what
// the server says, too.
func TestBackToOtherForms(t *testing.T) {
	e := newErrand(t)
	home, _ := e.site()
	b := testkit.StartBrowser(t, noCache)
	lead := b.NewTab(t, home)
	signIn(t, lead, "Anna@example.org")
	agency := b.NewTab(t, home)
	signIn(t, agency, e.person("amt", account.AgencyAdmin, "here"))
	for _, c := range []struct {
		tab         *testkit.Tab
		path, touch string
	}{
		{lead, e.lead.base + "/consent", "#naming-named"},
		{lead, e.lead.base + "/delegations", "#ask-" + question1},
		{lead, e.lead.base + "/overview", "#confirm"},
		{agency, "/rounds/new", `input[type="checkbox"]`},
	} {
		for _, scripts := range []bool{true, false} {
			const drawn = `[...document.querySelectorAll("main input")].every(i => i.type === "hidden" || i.checked === i.defaultChecked)`
			c.tab.Run(t, testkit.Scripts(scripts), c.tab.Open(c.path))
			testkit.Ask[bool](t, c.tab, `(e => { e.click(); return true })(document.querySelector('`+c.touch+`'))`)
			if testkit.Ask[bool](t, c.tab, drawn) {
				t.Fatalf("%s: nothing was touched", c.path)
			}
			c.tab.Run(t, c.tab.Open("/help/town"))
			back(t, c.tab, c.path)
			if !testkit.Ask[bool](t, c.tab, drawn) {
				t.Errorf("%s, scripts %v: going back shows what was not saved", c.path, scripts)
			}
		}
	}
	noFaults(t, lead, agency)
}
