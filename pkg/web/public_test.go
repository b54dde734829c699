package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

// Addresses under which tests reach the program; example.com is what httptest calls it.
var plainURL, secureURL = publicURL("http://example.com"), publicURL("https://example.com")

func publicURL(text string) site.PublicURL {
	p, err := site.ParsePublicURL(text)
	if err != nil {
		panic(err)
	}
	return p
}

func TestParsePublicURL(t *testing.T) {
	for text, want := range map[string]string{
		"https://ortsspiegel.example.org":      "https://ortsspiegel.example.org",
		" https://ortsspiegel.example.org/ ":   "https://ortsspiegel.example.org",
		"HTTPS://Ortsspiegel.Example.org:443/": "https://ortsspiegel.example.org",
		"https://ortsspiegel.example.org.":     "https://ortsspiegel.example.org",
		"https://öhringen.example":             "https://xn--hringen-80a.example",
		"http://10.0.0.7:80":                   "http://10.0.0.7",
		"https://10.0.0.7:80":                  "https://10.0.0.7:80",
		"http://[2001:db8::1]:8080/":           "http://[2001:db8::1]:8080",
		"http://[2001:db8::1]":                 "http://[2001:db8::1]",
		"http://localhost:8080":                "http://localhost:8080",
	} {
		p, err := site.ParsePublicURL(text)
		if err != nil || p.String() != want || p.Link("/link/x") != want+"/link/x" ||
			p.Secure() != strings.HasPrefix(want, "https:") {
			t.Errorf("%q: %q, %v", text, p, err)
		}
	}
	for text, what := range map[string]string{
		"": "https://", "ortsspiegel.example.org": "https://", "ortsspiegel.example.org:8080": "https://",
		"//host": "https://", "ftp://host": "https://",
		"https://": "names no host", "https://host:99999": "port", "https://host:0": "port",
		"https:///": "names no host", "https://:8080": "names no host", "https://host/ortsspiegel": "path",
		"https://host/ortsspiegel/": "path",
		"https://host//":            "path", "https://host?x": "more than", "https://host/?": "more than",
		"https://host#x": "more than", "https://a:b@host": "more than",
		"https://host:": "no port", "https://ho st": "no address", "https://a..b": "host name",
		"https://-a.example": "host name", "https://host:port": "no address",
	} {
		if p, err := site.ParsePublicURL(text); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), what) {
			t.Errorf("%q: %q, %v; want something about %q", text, p, err, what)
		}
	}
}

// behindProxy is the house behind a plain proxy: the Host of its requests is not the public one.
func behindProxy(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.handler = testServer(t, func(c *Config) {
		c.Accounts, c.Territory, c.Assessments, c.Rounds, c.Checklists = h.accounts, h.territory, h.assessments,
			h.rounds, catalog.New(checklists.FS)
		c.Versions, c.Trends, c.DryRuns = h.versions, h.trends, h.dryRuns
		c.Now, c.Ready, c.PublicURL = func() time.Time {
			return h.now
		}, h.store.Ready, publicURL("https://ortsspiegel.example.org")
	})
	return h
}

// No page says a word of the address by which it was asked: links are built from the public address.
func TestLinksComeFromThePublicAddress(t *testing.T) {
	h := behindProxy(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004")).sheet(id)
	admin := h.signedIn(h.person("admin", account.AgencyAdmin, "here"))
	forged := []string{"Host", "evil.example:8111", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "http",
		"Forwarded", "host=evil.example"}
	person := h.person("editor", account.TownEditor, "05958004")
	for _, c := range []struct {
		b    *browser
		path string
		form url.Values
		link string
	}{
		{lead.browser, "/people", url.Values{"email": {"new@example.org"}, "role": {"town-editor"}, "name": {"Neu"}},
			"/link/"},
		{admin, "/people", url.Values{"email": {"new2@example.org"}, "role": {"agency-analyst"}, "name": {"Neu"}},
			"/link/"},
		{lead.browser, personPath(t, h, person) + "/link", nil, "/link/"},
		{lead.browser, lead.base + "/delegations", url.Values{"question": {question1}, "for": {"Kollegin"},
			"until": {h.now.AddDate(0, 0, 3).Format(time.DateOnly)}}, "/d/"},
	} {
		w := c.b.do(http.MethodPost, c.path, c.form, append(forged, "Sec-Fetch-Site", "same-origin")...)
		page := w.Body.String()
		if !strings.Contains(page, "https://ortsspiegel.example.org"+c.link) || strings.Contains(page, "evil.example") {
			t.Errorf("%s: status %d, link from another address: %.300s", c.path, w.Code, page)
		}
	}
	for _, b := range []*browser{lead.browser, admin} {
		for _, path := range []string{"/", "/people", "/account", lead.base, lead.base + "/result",
			lead.base + "/export.csv", "/rounds/1", "/nothing", "/help/town"} {
			if w := b.do(http.MethodGet, path, nil, forged...); strings.Contains(w.Body.String(), "evil.example") ||
				strings.Contains(w.Header().Get("Location"), "evil.example") {
				t.Errorf("%s names the Host of the request", path)
			}
		}
	}
}

func personPath(t *testing.T, h *house, email string) string {
	t.Helper()
	u, err := h.store.UserByEmail(t.Context(), email)
	must(t, err)
	return fmt.Sprintf("/people/%d", u.ID)
}

// Browsers that only send Origin can write behind a proxy that passes on another Host; other sites cannot.
func TestOriginBehindAProxy(t *testing.T) {
	h := behindProxy(t)
	for _, c := range []struct {
		origin, site string
		status       int
	}{
		{"https://ortsspiegel.example.org", "", 303}, {"https://ortsspiegel.example.org", "same-origin", 303},
		{"", "", 303}, {"", "same-origin", 303},
		{"http://ortsspiegel.example.org", "", 403}, {"https://ortsspiegel.example.org:8443", "", 403},
		{"https://evil.example", "", 403}, {"null", "", 403},
		{"https://ortsspiegel.example.org.evil.example", "", 403}, {"https://evil.example", "cross-site", 403},
		{"", "cross-site", 403}, {"", "same-site", 403},
	} {
		header := []string{"Host", "127.0.0.1:8111"}
		if c.origin != "" {
			header = append(header, "Origin", c.origin)
		}
		if c.site != "" {
			header = append(header, "Sec-Fetch-Site", c.site)
		}
		if w := send(h.handler, http.MethodPost, "/theme", "theme=dark", header...); w.Code != c.status {
			t.Errorf("origin %q, site %q: status %d, want %d", c.origin, c.site, w.Code, c.status)
		}
	}
}

func TestWhereRequestsComeFrom(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48")}
	for _, c := range []struct {
		peer string
		xff  []string
		want string
		warn bool
	}{
		{"10.0.0.1:443", nil, "10.0.0.1", false},
		{"10.0.0.1:443", []string{"203.0.113.7"}, "203.0.113.7", false},
		{"10.0.0.1:443", []string{"203.0.113.7:54321"}, "203.0.113.7", false},
		{"10.0.0.1:443", []string{"[2001:db8::1]:443"}, "2001:db8::1", false},
		{"10.0.0.1:443", []string{"[2001:db8::1]"}, "2001:db8::1", false},
		{"10.0.0.1:443", []string{"2001:db8::1"}, "2001:db8::1", false},
		{"10.0.0.1:443", []string{`"[2001:db8::1]:443"`}, "2001:db8::1", false},
		{"10.0.0.1:443", []string{"::ffff:203.0.113.7"}, "203.0.113.7", false},
		{"[::ffff:10.0.0.1]:443", []string{"203.0.113.7"}, "203.0.113.7", false},
		{"[2001:db8:1::5]:443", []string{"203.0.113.7"}, "203.0.113.7", false},
		{"10.0.0.1:443", []string{"203.0.113.7, "}, "203.0.113.7", false},
		{"10.0.0.1:443", []string{"203.0.113.7,,10.0.0.2"}, "203.0.113.7", false},
		// the first is the client's own claim
		{"10.0.0.1:443", []string{"1.2.3.4, 203.0.113.7:1, 10.0.0.2:80"}, "203.0.113.7", false},
		{"10.0.0.1:443", []string{"1.2.3.4", "203.0.113.7", "10.0.0.2"}, "203.0.113.7", false},
		{"10.0.0.1:443", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3", false},
		{"10.0.0.1:443", []string{""}, "10.0.0.1", false},
		{"10.0.0.1:443", []string{"unknown"}, "10.0.0.1", true},
		{"10.0.0.1:443", []string{"1.2.3.4, unknown"}, "10.0.0.1", true},
		{"10.0.0.1:443", []string{"1.2.3.4, _hidden, 10.0.0.2"}, "10.0.0.2", true},
		{"10.0.0.1:443", []string{"unknown, 203.0.113.7"}, "203.0.113.7", false},
		{"198.51.100.9:1", []string{"203.0.113.7"}, "198.51.100.9", false}, // not a proxy of ours
	} {
		var log bytes.Buffer
		f := site.NewForwarded(trusted, slog.New(slog.NewTextHandler(&log, nil)), time.Now)
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.RemoteAddr = c.peer
		req.Header["X-Forwarded-For"] = c.xff
		for range 3 {
			if got := f.Extract(req); got != c.want {
				t.Errorf("%s with %q: %s, want %s", c.peer, c.xff, got, c.want)
			}
		}
		if lines := strings.Count(log.String(), "\n"); lines > 1 || (lines == 1) != c.warn {
			t.Errorf("%s with %q: the log says %q", c.peer, c.xff, log.String())
		}
	}
	var log bytes.Buffer
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.RemoteAddr = "10.0.0.1:443"
	req.Header.Set("Forwarded", "for=203.0.113.7")
	if got := site.NewForwarded(trusted, slog.New(slog.NewTextHandler(&log, nil)),
		time.Now).Extract(req); got != "10.0.0.1" || !strings.Contains(log.String(), "Forwarded") {
		t.Errorf("Forwarded alone: %s, log %q", got, log.String())
	}
	req.Header.Set("X-Forwarded-For", "203.0.113.7")
	if got := site.NewForwarded(nil, slog.New(slog.DiscardHandler), time.Now).Extract(req); got != "10.0.0.1" {
		t.Errorf("without trusted proxies: %s", got)
	}
}
