package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

func TestSignInAndOut(t *testing.T) {
	h := newHouse(t)
	email := h.person("lead", account.TownLead, "05958004")
	b := h.browser()
	unknown := b.post("/login", url.Values{"email": {"nobody@example.org"}, "password": {goodPassword}})
	wrong := b.post("/login", url.Values{"email": {email}, "password": {"not the password"}})
	if unknown.Code != http.StatusUnprocessableEntity || wrong.Code != http.StatusUnprocessableEntity {
		t.Fatalf("wrong pairs: status %d and %d", unknown.Code, wrong.Code)
	}
	if strings.ReplaceAll(unknown.Body.String(), "nobody@example.org", email) != wrong.Body.String() {
		t.Error("the page says which of the two was wrong")
	}
	for _, want := range []string{"<title>Fehler: Anmelden", `href="#email"`, `value="` + email + `"`,
		"data-error-summary"} {
		if !strings.Contains(wrong.Body.String(), want) {
			t.Errorf("the refused form lacks %s", want)
		}
	}
	w := b.post("/login", url.Values{"email": {strings.ToUpper(email)}, "password": {goodPassword},
		"next": {"/people"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/people" {
		t.Fatalf("sign-in: status %d to %q", w.Code, w.Header().Get("Location"))
	}
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || len(cookie.Value) < 22 {
		t.Errorf("cookie %v", cookie)
	}
	if w := b.get("/"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Arnsberg") {
		t.Errorf("dashboard: status %d", w.Code)
	}
	token := b.cookies[site.CookieSession]
	if w := b.post("/logout", nil); w.Code != http.StatusSeeOther || b.cookies[site.CookieSession] != "" {
		t.Errorf("sign-out: status %d", w.Code)
	}
	b.cookies[site.CookieSession] = token
	if w := b.get("/people"); w.Code != http.StatusSeeOther {
		t.Errorf("the session outlives the sign-out: status %d", w.Code)
	}
}

func TestNextStaysOnTheHost(t *testing.T) {
	h := newHouse(t)
	email := h.person("lead", account.TownLead, "05958004")
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`} {
		w := h.browser().post("/login", url.Values{"email": {email}, "password": {goodPassword}, "next": {next}})
		if got := w.Header().Get("Location"); got != "/" {
			t.Errorf("next=%s leads to %q", next, got)
		}
	}
}

func TestSignInIsLimitedButNotLocked(t *testing.T) {
	h := newHouse(t)
	email := h.person("lead", account.TownLead, "05958004")
	b := h.browser()
	last := 0
	for range 6 {
		last = b.post("/login", url.Values{"email": {email}, "password": {"guess number x"}}).Code
	}
	if last != http.StatusTooManyRequests {
		t.Fatalf("the sixth guess: status %d", last)
	}
	h.now = h.now.Add(time.Minute)
	h.signedIn(email)
}

func TestSecureCookieName(t *testing.T) {
	h := newHouse(t)
	email := h.person("lead", account.TownLead, "05958004")
	h.handler = testServer(t, func(c *Config) {
		c.Accounts, c.Territory, c.Now, c.PublicURL = h.accounts, h.territory, func() time.Time {
			return h.now
		}, secureURL
	})
	w := h.browser().post("/login", url.Values{"email": {email}, "password": {goodPassword}})
	c := w.Result().Cookies()[0]
	if c.Name != "__Host-os_session" || !c.Secure || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %v", c)
	}
}

// unreachable is a database that answers no more.
type unreachable struct{ account.Store }

func (unreachable) SessionByHash(context.Context, account.Hash) (account.Session, account.User, error) {
	return account.Session{}, account.User{}, fault.New(fault.Unavailable, "database", "the database does not answer")
}

func TestDatabaseDownIsNotSignedOut(t *testing.T) {
	h := newHouse(t)
	b := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	h.handler = testServer(t, func(c *Config) {
		c.Accounts, c.Territory = account.NewService(unreachable{h.store}, func() time.Time {
			return h.now
		}), h.territory
	})
	w := b.get("/people")
	if w.Code != http.StatusServiceUnavailable || b.cookies[site.CookieSession] == "" {
		t.Errorf("status %d, cookies %v", w.Code, b.cookies)
	}
}

func TestLinkIsUsedOnceAndByPostOnly(t *testing.T) {
	h := newHouse(t)
	token, err := h.accounts.Add(t.Context(), account.Invitation{Email: "new@example.org", Role: account.TownEditor,
		Town: "05958004"})
	if err != nil {
		t.Fatal(err)
	}
	address := "/link/" + token
	b := h.browser()
	for range 2 { // mail scanners look first
		w := b.get(address)
		if w.Code != http.StatusOK || w.Header().Get("Referrer-Policy") != "strict-origin" || len(b.cookies) > 0 {
			t.Fatalf("looking: status %d, policy %q, cookies %v", w.Code, w.Header().Get("Referrer-Policy"), b.cookies)
		}
	}
	w := b.post(address, url.Values{"name": {"Neue Person"}, "password": {"short"}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="Neue Person"`) ||
		!strings.Contains(w.Body.String(), `href="#password"`) {
		t.Fatalf("short password: status %d", w.Code)
	}
	if w := b.post(address, url.Values{"name": {"Neue Person"},
		"password": {goodPassword}}); w.Code != http.StatusSeeOther {
		t.Fatalf("accepting: status %d", w.Code)
	}
	if !strings.Contains(b.get("/").Body.String(), "Neue Person") {
		t.Error("not signed in after accepting")
	}
	other := h.browser()
	used, never := other.get(address), other.get("/link/never-existed")
	if used.Code != http.StatusNotFound || normalised(used.Body.String()) != normalised(never.Body.String()) {
		t.Errorf("a used link answers %d, one that never existed %d", used.Code, never.Code)
	}
}

var changing = regexp.MustCompile(`name="return" value="[^"]*"`)

// normalised removes what differs from page to page by nature.
func normalised(page string) string { return changing.ReplaceAllString(page, "") }

func TestPasswordChangeEndsOtherSessions(t *testing.T) {
	h := newHouse(t)
	email := h.person("lead", account.TownLead, "05958004")
	here, elsewhere := h.signedIn(email), h.signedIn(email)
	if w := here.post("/account/password",
		url.Values{"old": {"wrong password"},
			"password": {"vier Esel im Regen"}}); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), `href="#old"`) {
		t.Fatalf("wrong old password: status %d", w.Code)
	}
	if w := here.post("/account/password",
		url.Values{"old": {goodPassword},
			"password": {"vier Esel im Regen"}}); w.Header().Get("Location") != "/account?done=password" {
		t.Fatalf("change: status %d", w.Code)
	}
	if w := here.get("/account"); w.Code != http.StatusOK {
		t.Errorf("the own session: status %d", w.Code)
	}
	if w := elsewhere.get("/account"); w.Code != http.StatusSeeOther {
		t.Errorf("the other session lives on: status %d", w.Code)
	}
}

func TestSessionsAreRevokedByTheirOwnerOnly(t *testing.T) {
	h := newHouse(t)
	email := h.person("lead", account.TownLead, "05958004")
	here, elsewhere := h.signedIn(email), h.signedIn(email)
	stranger := h.signedIn(h.person("stranger", account.TownLead, "05970004"))
	action := regexp.MustCompile(`action="(/account/sessions/\d+/revoke)"`).FindStringSubmatch(
		here.get("/account").Body.String())
	if action == nil {
		t.Fatal("the account page lists no other session")
	}
	if w := stranger.post(action[1], nil); w.Code != http.StatusNotFound {
		t.Errorf("a stranger's revocation: status %d", w.Code)
	}
	if w := elsewhere.get("/account"); w.Code != http.StatusOK {
		t.Errorf("the stranger ended the session: status %d", w.Code)
	}
	here.post(action[1], nil)
	if first, second := here.get("/account").Code, elsewhere.get("/account").Code; first != http.StatusOK ||
		second != http.StatusSeeOther {
		t.Errorf("after revoking: %d here, %d elsewhere", first, second)
	}
}

func TestProfile(t *testing.T) {
	h := newHouse(t)
	b := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	if w := b.post("/account/profile",
		url.Values{"name": {"x"}, "language": {"en"}}); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), `value="x"`) {
		t.Errorf("too short a name: status %d", w.Code)
	}
	b.post("/account/profile", url.Values{"name": {`<b>Ann</b> "Lee"`}, "language": {"en"}})
	page := b.get("/account?done=profile").Body.String()
	if !strings.Contains(page, `<html lang="en"`) || !strings.Contains(page, "&lt;b&gt;Ann&lt;/b&gt;") ||
		strings.Contains(page, "<b>Ann") || !strings.Contains(page, "Your details are saved.") {
		t.Error("the profile is not shown as saved")
	}
}

// TestOneAccountHoweverItsAddressIsWritten: browsers, keyboards and copying write one address in many ways.
func TestOneAccountHoweverItsAddressIsWritten(t *testing.T) {
	h := newHouse(t)
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	if w := lead.post("/people", url.Values{"email": {"Erika@O\u0308hringen-Amt.example"},
		"role": {"town-editor"}}); w.Code != http.StatusOK {
		t.Fatalf("inviting: status %d", w.Code)
	} else if link := between(t, w.Body.String(), `value="http://example.com`,
		`"`); h.browser().post(link, url.Values{"name": {"Erika"},
		"password": {goodPassword}}).Code != http.StatusSeeOther {
		t.Fatal("the invitation does not work")
	}
	for _, way := range []string{"erika@öhringen-amt.example", "erika@xn--hringen-amt-qfb.example",
		"ERIKA@ÖHRINGEN-AMT.EXAMPLE", "erika@o\u0308hringen-amt.example",
		"\u200berika@\u00adöhringen-amt.example\u00a0"} {
		h.later(20 * time.Second)
		b := h.signedIn(way)
		if w := b.get("/account"); !strings.Contains(w.Body.String(), "erika@öhringen-amt.example") {
			t.Errorf("%+q: the account does not show the address with its umlaut", way)
		}
		if w := lead.post("/people", url.Values{"email": {way},
			"role": {"town-viewer"}}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%+q is invited a second time: status %d", way, w.Code)
		}
	}
	if page := h.browser().get("/login").Body.String(); !strings.Contains(page,
		`type="text" inputmode="email" autocapitalize="none" spellcheck="false" value="" autocomplete="username"`) {
		t.Errorf("the browser may rewrite the address: %s", between(t, page, `id="email"`, ">"))
	}
}

// between returns what stands between two texts.
func between(t *testing.T, s, before, after string) string {
	t.Helper()
	_, s, ok := strings.Cut(s, before)
	s, _, also := strings.Cut(s, after)
	if !ok || !also {
		t.Fatalf("nothing between %q and %q", before, after)
	}
	return s
}

// Most people who open a used invitation have an account by now: they are led to it.
func TestAUsedLinkLeadsToTheSignIn(t *testing.T) {
	h := newHouse(t)
	page := h.browser().get("/link/used-long-ago").Body.String()
	for _, want := range []string{"Schon eingerichtet?", `href="/login"><span class="kern-label">Anmelden</span>`,
		"Passwort vergessen?"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
