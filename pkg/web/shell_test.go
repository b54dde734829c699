package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/labstack/echo/v4"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/licence"
	"ortsspiegel/pkg/web/answering"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/checklists"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/templates"
)

// builtAssets stand in for `make assets`: the shell cares about names, types and caching, not about what is inside.
func builtAssets() fstest.MapFS {
	fsys := fstest.MapFS{"manifest.json": {Data: []byte(
		`{"app.css":"app.1.css","app.js":"app.2.js","charts.js":"charts.3.js","favicon.svg":"favicon.4.svg",` +
			`"fira-sans-400.woff2":"fira-sans-400.5.woff2","fira-sans-600.woff2":"fira-sans-600.6.woff2"}`)}}
	for _, name := range []string{"app.1.css", "app.2.js", "charts.3.js", "favicon.4.svg", "fira-sans-400.5.woff2",
		"fira-sans-600.6.woff2"} {
		fsys[name] = &fstest.MapFile{Data: []byte("/* " + name + " */")}
	}
	fsys["app.1.css.gz"] = &fstest.MapFile{Data: []byte("gzipped")}
	packed, err := licence.Pack([]licence.Work{
		{Name: "example.org/one", Version: "v1.2.3", Licence: "MIT", Text: "Do <what> you like.\n"},
		{Name: "Two", Version: "4.5", Licence: "ISC", Text: "Other words.\n"},
		{Name: "example.org/three", Version: "v6.0.0", Licence: "MIT", Text: "Do <what> you like.\n"},
	})
	if err != nil {
		panic(err) // nothing in it can fail
	}
	fsys[licence.File] = &fstest.MapFile{Data: packed}
	return fsys
}

// oneChecklist is a set with a single small checklist.
type oneChecklist struct{ definition *checklist.Definition }

func (o oneChecklist) Get(ref checklist.Ref) (*checklist.Definition, []byte, error) {
	if ref != o.definition.Ref() {
		return nil, nil, fault.New(fault.NotFound, "checklist_unknown", "there is no such checklist")
	}
	return o.definition, nil, nil
}

func (o oneChecklist) Refs() ([]checklist.Ref, error) {
	return []checklist.Ref{o.definition.Ref()}, nil
}

func text(de string) checklist.Text {
	return checklist.NewText("de", map[checklist.Lang]string{"de": de})
}

func points(p float64) *float64 { return &p }

func sample() *checklist.Definition {
	d := &checklist.Definition{ID: "probe", Version: "1.0.0", Hash: "abc123", Languages: []checklist.Lang{"de"},
		Title: text("Probe"), Summary: text("Eine Probe"),
		Levels: []checklist.Level{{ID: "basis", Label: text("Basis")}, {ID: "gut", From: 60, Label: text("Gut")}},
		Sections: []checklist.Section{{ID: "a", Title: text("Bereich"), Weight: 10, Questions: []checklist.Question{
			{ID: "q1", Text: text("Gibt es <b>eine</b> Seite?"), Type: checklist.TypeChoice, Weight: 1,
				Knockout: &checklist.Knockout{Below: 50, CapsAt: "basis"},
				Options: []checklist.Option{{ID: "nein", Label: text("nein"), Points: points(0)},
					{ID: "ja", Label: text("ja"), Points: points(100)}}},
			{ID: "q2", Text: text("Wie viele?"), Type: checklist.TypeText,
				When: &checklist.Condition{Not: &checklist.Condition{Question: "q1",
					AnyOf: []checklist.OptionID{"nein"}}}},
		}}}}
	return d.Index()
}

// sharedAssets and what is parsed over them serve all servers of the tests that want no others.
var (
	sharedAssets = &struct{ fs.FS }{builtAssets()}
	sharedPages  = sync.OnceValues(func() (*site.Loaded, error) {
		return site.Load(templates.Files, localeFiles, sharedAssets)
	})
)

func testServer(t testing.TB, change ...func(*Config)) http.Handler {
	t.Helper()
	config := Config{
		Checklists: oneChecklist{sample()},
		Config: site.Config{
			Templates: templates.Files,
			Assets:    sharedAssets,
			Now:       func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) },
			Logger:    slog.New(slog.NewTextHandler(io.Discard, nil)),
			Program:   "Ortsspiegel 1.2.3",
			PublicURL: plainURL,
		},
	}
	for _, f := range change {
		f(&config)
	}
	if config.Assets == fs.FS(sharedAssets) && config.Templates == fs.FS(templates.Files) && config.Locales == nil {
		shared, err := sharedPages()
		if err != nil {
			t.Fatal(err)
		}
		config.Loaded = shared
	}
	h, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	return send(h, http.MethodGet, path, "", header...)
}

// hostFor is the name by which a page is called: those who write checklists come from this machine.
func hostFor(path, otherwise string) string {
	if strings.HasPrefix(path, "/preview") {
		return "127.0.0.1:8080"
	}
	return otherwise
}

func send(h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Host = hostFor(path, req.Host)
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

func TestGuestPages(t *testing.T) {
	h := testServer(t)
	for _, path := range []string{"/", "/login", "/checklists", "/checklists/probe/1.0.0", "/help/town",
		"/help/colleague", "/help/agency", "/method", "/easy", "/privacy",
		"/accessibility", "/imprint", "/licences"} {
		for _, lang := range []string{"de", "en"} {
			w := get(h, path, "Accept-Language", lang)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `<html lang="`+lang+`"`) {
				t.Errorf("%s in %s: status %d, or not in that language", path, lang, w.Code)
			}
			if n := strings.Count(w.Body.String(), "<h1"); n != 1 {
				t.Errorf("%s in %s: %d headings of the first level", path, lang, n)
			}
			if strings.Contains(w.Body.String(), " style=") || strings.Contains(w.Body.String(), "onclick") {
				t.Errorf("%s in %s: inline style or script", path, lang)
			}
		}
	}
}

// TestOneWordForReleases: what an agency publishes of a round is a "Veröffentlichung", a "Version" is a checklist's.
func TestOneWordForReleases(t *testing.T) {
	h := testServer(t)
	for path, want := range map[string]string{"/help/agency": "ab der nächsten Veröffentlichung",
		"/method": "Kommunen sehen nur eine Veröffentlichung"} {
		contains(t, path, get(h, path, "Accept-Language", "de").Body.String(), []string{want},
			"feste Version", "feste, veröffentlichte", "veröffentlichte Version", "veröffentlichten Version",
			"nächsten Version", "beiden Versionen auf")
	}
}

func TestUnknownPages(t *testing.T) {
	h := testServer(t)
	for _, path := range []string{"/nothing", "/help/nobody", "/checklists/probe/neu", "/static/none.css",
		"/static/../go.mod", "/.git/config", "/debug/pprof/"} {
		if w := get(h, path); w.Code != http.StatusNotFound ||
			!strings.Contains(w.Body.String(), "Diese Seite gibt es nicht") {
			t.Errorf("%s: status %d, body %.60q", path, w.Code, w.Body)
		}
	}
	if w := send(h, http.MethodTrace, "/", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("TRACE: status %d", w.Code)
	}
	if w := send(h, http.MethodPost, "/method", "", "X-HTTP-Method-Override",
		"GET"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("method override: status %d", w.Code)
	}
}

func TestHeadersOnEveryAnswer(t *testing.T) {
	h := testServer(t, func(c *Config) { c.PublicURL = secureURL })
	for _, path := range []string{"/", "/nothing", "/static/app.1.css", "/people", "/healthz"} {
		w := get(h, path)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		policy := w.Header().Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "object-src 'none'",
			"base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy lacks %s", path, part)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy is %q", path, policy)
		}
		if w.Header().Get("Access-Control-Allow-Origin") != "" ||
			w.Header().Get("X-Request-Id") == "" && path != "/static/app.1.css" {
			t.Errorf("%s: CORS reflected or no request id", path)
		}
	}
	if got := get(h, "/login").Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("login: Cache-Control %q", got)
	}
}

func TestCrossSiteWritesAreRefused(t *testing.T) {
	h := testServer(t)
	body := "theme=dark&return=/method"
	if w := send(h, http.MethodPost, "/theme", body, "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden ||
		len(w.Result().Cookies()) > 0 {
		t.Errorf("cross-site: status %d, cookies %v", w.Code, w.Result().Cookies())
	}
	if w := send(h, http.MethodPost, "/theme", body, "Origin",
		"https://elsewhere.example"); w.Code != http.StatusForbidden {
		t.Errorf("foreign origin: status %d", w.Code)
	}
	w := send(h, http.MethodPost, "/theme", body, "Sec-Fetch-Site", "same-origin")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/method" || len(w.Result().Cookies()) != 1 {
		t.Errorf("same origin: status %d to %q", w.Code, w.Header().Get("Location"))
	}
	dark := get(h, "/method", "Cookie", "os_theme=dark").Body.String()
	if !strings.Contains(dark, `data-kern-theme="dark"`) {
		t.Error("the theme's cookie has no effect")
	}
}

func TestSignInIsAskedFor(t *testing.T) {
	h := testServer(t)
	w := get(h, "/people?sort=name")
	if w.Code != http.StatusSeeOther ||
		w.Header().Get("Location") != "/login?next="+url.QueryEscape("/people?sort=name") {
		t.Errorf("page: status %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := get(h, "/people", "Accept", "application/json"); w.Code != http.StatusUnauthorized ||
		!strings.Contains(w.Body.String(), `"error":"signed_out"`) {
		t.Errorf("program: status %d, body %s", w.Code, w.Body)
	}
	if w := send(h, http.MethodPost, "/account/profile", "name=x"); w.Code != http.StatusUnauthorized {
		t.Errorf("write: status %d", w.Code)
	}
}

func TestBodyLimit(t *testing.T) {
	h := testServer(t)
	if w := send(h, http.MethodPost, "/language",
		"language="+strings.Repeat("x", site.DefaultBody)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("status %d", w.Code)
	}
}

func TestLocalPath(t *testing.T) {
	for in, want := range map[string]string{
		"/people?x=1": "/people?x=1", "/": "/", "": "/", "https://evil.example": "/", "//evil.example": "/",
		`/\evil.example`: "/", "/\t/evil.example": "/",
		"javascript:alert(1)": "/", "people": "/", "/a\r\nSet-Cookie: x=1": "/",
	} {
		if got := site.LocalPath(in); got != want {
			t.Errorf("localPath(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAssetsAreCachedForEver(t *testing.T) {
	h := testServer(t)
	w := get(h, "/static/app.1.css", "Accept-Encoding", "br, gzip")
	if w.Body.String() != "gzipped" || w.Header().Get("Content-Encoding") != "gzip" ||
		!strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("gzip: %q %v", w.Body, w.Header())
	}
	if w := get(h, "/static/app.1.css"); w.Body.String() != "/* app.1.css */" ||
		w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("plain: %q %v", w.Body, w.Header())
	}
	if w := send(h, http.MethodHead, "/method", ""); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD: status %d, %d bytes", w.Code, w.Body.Len())
	}
}

func TestNoServerWithoutAssets(t *testing.T) {
	_, err := New(Config{Config: site.Config{PublicURL: plainURL, Templates: templates.Files,
		Assets: fstest.MapFS{".gitkeep": {}}, Now: time.Now, Logger: slog.Default()}})
	if !errors.Is(err, site.ErrNoAssets) || !strings.Contains(err.Error(), "make assets") {
		t.Errorf("error is %v", err)
	}
}

func TestReadiness(t *testing.T) {
	broken := testServer(t, func(c *Config) {
		c.Ready = func(context.Context) error { return errors.New("disk full") }
	})
	if w := get(broken, "/readyz"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("broken: status %d", w.Code)
	}
	if w := get(broken, "/healthz"); w.Code != http.StatusOK {
		t.Errorf("health: status %d", w.Code)
	}
}

// A defect shows a page with a number that is also in the log, and nothing of what went wrong.
func TestPanicBecomesAPageWithANumber(t *testing.T) {
	var log bytes.Buffer
	s, err := newShell(Config{Config: site.Config{PublicURL: plainURL, Templates: templates.Files,
		Assets: builtAssets(), Now: time.Now, Logger: slog.New(slog.NewTextHandler(&log, nil))}})
	if err != nil {
		t.Fatal(err)
	}
	e := s.echo()
	e.GET("/defect/:secret", func(echo.Context) error { panic("secret-canary") })
	h, err := s.handler(e)
	if err != nil {
		t.Fatal(err)
	}
	w := get(h, "/defect/token-canary?q=query-canary")
	id := w.Header().Get("X-Request-Id")
	if w.Code != http.StatusInternalServerError || id == "" || !strings.Contains(w.Body.String(), id) ||
		strings.Contains(w.Body.String(), "secret-canary") {
		t.Errorf("status %d, id %q", w.Code, id)
	}
	if !strings.Contains(log.String(), id) || !strings.Contains(log.String(), "secret-canary") {
		t.Error("the log does not say what happened")
	}
	if strings.Contains(log.String(), "token-canary") || strings.Contains(log.String(), "query-canary") {
		t.Error("the log holds the address")
	}
}

// TestEveryRouteHasOneAction walks the router itself, so that no address can get past the table and its policy.
func TestEveryRouteHasOneAction(t *testing.T) {
	s, err := newShell(Config{Config: site.Config{PublicURL: plainURL, Templates: templates.Files,
		Assets: builtAssets(), Now: time.Now, Logger: slog.Default()}, Drafts: shippedDrafts{}})
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]*site.Route{}
	names := map[string]bool{}
	table := routesOf(shippedDrafts{})
	for i := range table {
		r := &table[i]
		key := r.Method + " " + r.Path
		if known[key] != nil || names[r.Name] {
			t.Errorf("%s (%s) stands twice in the table", key, r.Name)
		}
		known[key], names[r.Name] = r, true
		if r.Action == "" || r.Handler == nil || r.Name == "" {
			t.Errorf("%s has no action, handler or name", key)
		}
		if r.Action != account.Public && r.Action != account.OwnAccount && r.Action != account.ViewDashboard &&
			!reachableBySomebody(r.Action) {
			t.Errorf("%s: nobody may %s", key, r.Action)
		}
		if strings.Contains(r.Path, ":") && r.Object == nil && r.Action != account.Public &&
			r.Action != account.OwnAccount {
			t.Errorf("%s names an object but does not load it", key)
		}
	}
	for _, r := range s.echo().Routes() {
		if known[r.Method+" "+r.Path] == nil {
			t.Errorf("%s %s is not in the table", r.Method, r.Path)
		}
	}
}

func reachableBySomebody(action account.Action) bool {
	for _, role := range account.Roles() {
		a := account.Actor{User: 1, Role: role}
		if role.ForTown() {
			a.Town = "05958004"
		} else {
			a.Region = "region"
		}
		o := site.OwnScope(a)
		o.Submitted = true
		if account.Can(a, action, o) {
			return true
		}
	}
	return false
}

// routesOf returns the table of addresses of a server with drafts, or without.
func routesOf(drafts checklists.Drafts) []site.Route {
	return join(&site.Server{}, Config{Drafts: drafts}).table()
}

// forget empties what pages keep in memory.
func forget(s *shell) {
	s.assessments.Memory, s.answering.Memory = assessments.NewAssessmentMemory(), answering.NewAnsweringMemory()
}
