package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/templates"
)

// secureHouse is the house reached over TLS, with a log that tests read.
func secureHouse(t *testing.T) (*house, *bytes.Buffer) {
	t.Helper()
	h, log := newHouse(t), new(bytes.Buffer)
	h.handler = testServer(t, func(c *Config) {
		c.Accounts, c.Territory, c.Assessments, c.Rounds, c.Checklists = h.accounts, h.territory, h.assessments,
			h.rounds, catalog.New(checklists.FS)
		c.Versions, c.Trends, c.DryRuns = h.versions, h.trends, h.dryRuns
		c.Now, c.Ready, c.PublicURL, c.Logger = func() time.Time {
			return h.now
		}, h.store.Ready, secureURL, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	return h, log
}

// checkHeaders holds an answer to what every answer carries.
func checkHeaders(t *testing.T, what string, w *httptest.ResponseRecorder) {
	t.Helper()
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff",
		"Strict-Transport-Security": "max-age=31536000", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin"} {
		if got := w.Header().Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
	if got := w.Header().Get("Referrer-Policy"); got != "same-origin" &&
		!(strings.Contains(what, "/link/") && got == "strict-origin") {
		t.Errorf("%s: Referrer-Policy is %q", what, got)
	}
	policy := w.Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "object-src 'none'", "base-uri 'none'",
		"frame-ancestors 'none'", "form-action 'self'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("%s: the policy lacks %s: %s", what, part, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "http") {
		t.Errorf("%s: the policy is %q", what, policy)
	}
	if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "no-store") &&
		!strings.HasPrefix(what, "GET /static/") {
		t.Errorf("%s: Cache-Control is %q", what, got)
	}
	for name := range w.Header() {
		if strings.HasPrefix(name, "Access-Control-") || name == "Server" || name == "X-Powered-By" {
			t.Errorf("%s: there is a header %s", what, name)
		}
	}
	for _, c := range w.Result().Cookies() {
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s: cookie %v", what, c)
		}
		if strings.Contains(c.Name, "session") && !strings.HasPrefix(c.Name, "__Host-") {
			t.Errorf("%s: the session's cookie is called %s", what, c.Name)
		}
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	h, _ := secureHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004")).sheet(id)
	admin := h.signedIn(h.person("admin", account.AgencyAdmin, "here"))
	token, err := h.accounts.Add(t.Context(), account.Invitation{Email: "new@example.org", Role: account.TownEditor,
		Town: "05958004"})
	must(t, err)
	guest := h.browser()
	for _, c := range []struct {
		b            *browser
		method, path string
		form         url.Values
		status       int
	}{
		{guest, "GET", "/", nil, 200}, {guest, "GET", "/healthz", nil, 200}, {guest, "GET", "/readyz", nil, 200},
		{guest, "GET", "/static/app.1.css", nil, 200},
		{guest, "GET", "/login", nil, 200}, {guest, "GET", "/people", nil, 303}, {guest, "HEAD", "/people", nil, 303},
		{guest, "GET", "/link/" + token, nil, 200},
		{guest, "POST", "/link/" + token, url.Values{"name": {"N"}}, 422}, {guest, "GET", "/link/none", nil, 404},
		{guest, "POST", "/theme", url.Values{"theme": {"dark"}}, 303},
		{guest, "POST", "/language", url.Values{"language": {"en"}}, 303},
		{guest, "POST", "/login", url.Values{"email": {"a@example.org"}, "password": {"falsch"}}, 422},
		{guest, "POST", "/login", url.Values{"email": {strings.Repeat("x", site.DefaultBody)}}, 413},
		{guest, "GET", "/nothing", nil, 404}, {guest, "GET", "/static/", nil, 404},
		{guest, "GET", "/static/..%2f..%2fgo.mod", nil, 404}, {guest, "DELETE", "/people", nil, 405},
		{guest, "PATCH", "/login", nil, 405}, {guest, "POST", "/account/profile", nil, 401},
		{lead.browser, "GET", "/", nil, 200}, {lead.browser, "GET", "/account", nil, 200},
		{lead.browser, "GET", "/towns", nil, 403}, {lead.browser, "GET", lead.base, nil, 200},
		{lead.browser, "GET", lead.base + "/answers.json", nil, 200}, {lead.browser, "GET", lead.base + "/export.xlsx",
			nil, 200}, {lead.browser, "GET", lead.base + "/export.csv", nil, 200},
		{lead.browser, "GET", lead.base + "/result", nil, 200},
		{lead.browser, "PUT", lead.base + "/answers/" + question1, url.Values{"value": {"ja"}}, 200},
		{lead.browser, "PUT", lead.base + "/answers/" + question1, url.Values{"value": {"nein"}}, 409},
		{lead.browser, "PUT", lead.base + "/answers/" + question1, url.Values{"value": {"x"}}, 422},
		{admin, "GET", "/rounds/1", nil, 200}, {admin, "GET", "/rounds/1/benchmark", nil, 200},
		{admin, "GET", "/rounds/1/export.xlsx", nil, 200}, {admin, "GET", "/rounds/1/export.csv", nil, 200},
		{admin, "GET", "/rounds/1/map.json", nil, 404}, {admin, "POST", "/rounds/1/open", nil, 409},
		{lead.browser, "POST", "/logout", nil, 303},
	} {
		w := c.b.do(c.method, c.path, c.form, "Origin", "http://example.com", "X-Forwarded-Host", "evil.example")
		checkHeaders(t, c.method+" "+c.path, w)
		if w.Code != c.status {
			t.Errorf("%s %s: status %d, want %d: %.200s", c.method, c.path, w.Code, c.status, w.Body)
		}
		if strings.Contains(w.Body.String(), "evil.example") {
			t.Errorf("%s %s: a header of the request is in the page", c.method, c.path)
		}
	}
}

// TestBrokenAnswersAreGuarded looks at what only a defect or a dead database shows.
func TestBrokenAnswersAreGuarded(t *testing.T) {
	s, err := newShell(Config{Config: site.Config{Templates: templates.Files, Assets: builtAssets(), Now: time.Now,
		Logger: slog.New(slog.DiscardHandler), PublicURL: secureURL}})
	must(t, err)
	e := s.echo()
	e.GET("/defect", func(echo.Context) error { panic("defect") })
	e.GET("/error", func(echo.Context) error { return errors.New("secret-canary") })
	e.GET("/down", func(echo.Context) error { return fault.New(fault.Unavailable, "database", "secret-canary") })
	e.GET("/busy", func(echo.Context) error { return site.ErrTooFast })
	h, err := s.handler(e)
	must(t, err)
	for path, status := range map[string]int{"/defect": 500, "/error": 500, "/down": 503, "/busy": 429} {
		for _, accept := range []string{"text/html", "application/json"} {
			w := get(h, path, "Accept", accept)
			checkHeaders(t, "GET "+path, w)
			if w.Code != status || strings.Contains(w.Body.String(), "canary") ||
				!strings.HasPrefix(w.Header().Get("Content-Type"), accept) {
				t.Errorf("%s as %s: status %d, %s, %.200s", path, accept, w.Code, w.Header().Get("Content-Type"),
					w.Body)
			}
		}
	}
}

// hostileNext are addresses that leave the host in some browser.
var hostileNext = []string{"//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, `\/evil.example`,
	"https:evil.example", "https://evil.example", "http:///evil.example",
	"HTTPS://evil.example", "javascript:alert(1)", "data:text/html,x", " //evil.example", "\t//evil.example",
	"/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "/\x00/evil.example",
	"/\u0085/evil.example", "//evil.example/%2f..", "evil.example", "@evil.example", "/path\r\nSet-Cookie: x=1",
	"/path\nLocation: https://evil.example", "%2f%2fevil.example", "%5cevil.example", "./", "?x", "#x",
	"/\x7f/evil.example"}

func TestNextNeverLeavesTheHost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	email := h.person("lead", account.TownLead, "05958004")
	signedIn := h.signedIn(email)
	for _, next := range append(hostileNext, "/%2f%2fevil.example", "/%5cevil.example", "/.//evil.example",
		"/..//evil.example", "/;//evil.example") {
		h.later(time.Minute)
		for what, w := range map[string]*httptest.ResponseRecorder{
			"signing in": h.browser().post("/login",
				url.Values{"email": {email}, "password": {goodPassword}, "next": {next}}),
			"being signed in":       signedIn.get("/login?next=" + url.QueryEscape(next)),
			"changing theme":        signedIn.post("/theme", url.Values{"theme": {"dark"}, "return": {next}}),
			"changing the language": signedIn.post("/language", url.Values{"language": {"de"}, "return": {next}}),
		} {
			location := w.Header().Get("Location")
			base, _ := url.Parse("https://ortsspiegel.example/login")
			to, err := base.Parse(location)
			if w.Code != http.StatusSeeOther || err != nil || to.Host != "ortsspiegel.example" ||
				to.Scheme != "https" || !strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//") ||
				strings.ContainsAny(location, "\\\r\n\t\x00") ||
				len(w.Header().Values("Set-Cookie")) > map[bool]int{true: 2, false: 1}[what == "signing in"] {
				t.Errorf("%s with %q: status %d to %q", what, next, w.Code, location)
			}
		}
		if page := h.browser().get("/login?next=" + url.QueryEscape(next)).Body.String(); strings.Contains(page,
			`value="//`) || strings.Contains(page, `value="https:`) || strings.Contains(page, `value="\`) {
			t.Errorf("the login keeps %q", next)
		}
	}
	// What is asked for first is reached afterwards, and a hostile address asked for stays an address here.
	for _, path := range []string{"//evil.example/people", "/people//evil.example"} {
		if w := h.browser().get("http://example.com" + path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d to %q", path, w.Code, w.Header().Get("Location"))
		}
	}
}

// TestWritesFromElsewhereAreRefused sends every write of the route table as another site's page would.
func TestWritesFromElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lead := w.actors[2]
	before := w.fingerprints(t)
	for _, x := range registeredRoutes(t) {
		if x.method == http.MethodGet {
			continue
		}
		for _, target := range w.targets(lead, x.name, x.path, rightsOfRoutes[x.name].kind) {
			if target.owner != "own" {
				continue
			}
			for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
				{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Origin", "http://example.com.evil.example"},
				{"Origin", "http://example.com:8081"}} {
				answer := send(w.handler, x.method, target.path, w.form(x.name, target).Encode(), "Cookie",
					site.CookieSession+"="+lead.b.cookies[site.CookieSession], header[0], header[1])
				if answer.Code != http.StatusForbidden || len(answer.Result().Cookies()) > 0 {
					t.Errorf("%s %s with %v: status %d", x.method, target.path, header, answer.Code)
				}
			}
		}
	}
	sameTables(t, "another site", before, w.fingerprints(t))
}

func TestNothingAnswersAsOptionsOrOverrides(t *testing.T) {
	h := newHouse(t)
	for _, method := range []string{http.MethodOptions, http.MethodTrace, http.MethodConnect, "PROPFIND", "GETX"} {
		for _, path := range []string{"/", "/login", "/people", "/rounds/1", "/static/app.1.css"} {
			w := send(h.handler, method, path, "", "Origin", "https://evil.example", "Access-Control-Request-Method",
				"POST", "X-Secret", "canary")
			if w.Code < 400 || strings.Contains(w.Body.String(), "canary") ||
				w.Header().Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s %s: status %d, %v", method, path, w.Code, w.Header())
			}
		}
	}
}

// TestLogHoldsNoSecrets goes through everything that handles addresses and tokens and reads the log of it.
func TestLogHoldsNoSecrets(t *testing.T) {
	h, log := secureHouse(t)
	email := h.person("mailcanary", account.TownLead, "05958004")
	b := h.signedIn(email)
	token, err := h.accounts.Add(t.Context(), account.Invitation{Email: "other@example.org", Role: account.TownEditor,
		Town: "05958004"})
	must(t, err)
	invited := h.browser()
	invited.get("/link/" + token)
	invited.post("/link/"+token, url.Values{"name": {"Neu"}, "password": {goodPassword}})
	for _, agent := range []string{"curl\r\nlevel=ERROR msg=forged", "\x1b[31mred"} {
		h.browser().post("/login", url.Values{"email": {"mailcanary@example.org\r\nlevel=ERROR msg=forged"},
			"password": {"pass-canary-word"}}, "User-Agent", agent, "X-Request-Id", "forged\r\nid", "X-Forwarded-For",
			"1.2.3.4\r\nforged")
	}
	b.post("/login?email=mailcanary@example.org", url.Values{"email": {email}, "password": {"pass-canary-word"},
		"next": {"/people?x=query-canary"}})
	b.post("/people", url.Values{"email": {"mailcanary2@example.org"}, "role": {"town-viewer"},
		"name": {"Eva\r\nlevel=ERROR msg=forged"}})
	b.get("/people/mailcanary@example.org")
	b.get("/nothing%0d%0alevel=ERROR%20msg=forged?token=" + token)
	b.get("/assessments/1%0d%0aforged")
	session := b.cookies["__Host-"+site.CookieSession]
	h.handler = testServer(t, func(c *Config) {
		c.Accounts, c.Territory, c.PublicURL = account.NewService(unreachable{h.store}, func() time.Time {
			return h.now
		}), h.territory, secureURL
		c.Logger = slog.New(slog.NewTextHandler(log, nil))
	})
	b.get("/people?mail=mailcanary@example.org")
	text := log.String()
	if !strings.Contains(text, "/link/:token") || !strings.Contains(text, "sign-in failed") ||
		!strings.Contains(text, "status=503") || session == "" {
		t.Fatalf("the log does not tell of the requests: %s", text)
	}
	for _, secret := range []string{"canary", "@example.org", token, session, "forged", "red", "Neu", goodPassword} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if !strings.HasPrefix(line, "time=") {
			t.Errorf("a line of the log is not one of ours: %q", line)
		}
	}
}
