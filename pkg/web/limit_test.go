package web

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

func TestSignInLimits(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	l := site.NewSignInLimits(site.Limits{SignInsPerAccount: 3, SignInsPerNetwork: 5})
	for i := range 3 {
		if err := l.Check("A@example.org ", "192.0.2.1", now); err != nil {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	if err := l.Check("a@example.org", "192.0.2.1", now); !fault.Is(err, fault.RateLimited) {
		t.Errorf("the account is not limited from one address: %v", err)
	}
	if err := l.Check("a@example.org", "192.0.2.1", now.Add(11*time.Second)); err != nil {
		t.Errorf("the account is locked out: %v", err)
	}
	for i := range 5 {
		_ = l.Check(fmt.Sprintf("b%d@example.org", i), "2001:db8::1", now)
	}
	if err := l.Check("c@example.org", "2001:db8::ffff", now); !fault.Is(err, fault.RateLimited) {
		t.Errorf("a network is not limited as a whole: %v", err)
	}
}

// TestNobodyKeepsTheOwnerOut: five machines hammer an account, day and night; the owner comes from elsewhere.
func TestNobodyKeepsTheOwnerOut(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	l := site.NewSignInLimits(site.Limits{})
	guesses, in, tries := 0, 0, 0
	for second := range 3600 {
		now = now.Add(time.Second)
		for machine := range 5 {
			for range 4 {
				if l.Check("owner@example.org", fmt.Sprintf("192.0.2.%d", machine), now) == nil {
					guesses++
				}
			}
		}
		if second%240 == 239 {
			tries++
			if l.Check("Owner@example.org", fmt.Sprintf("198.51.100.%d", second/240), now) == nil {
				in++
			}
		}
	}
	if in != tries {
		t.Errorf("the owner got in %d of %d times", in, tries)
	}
	if guesses > 5*(10+3600/10) {
		t.Errorf("%d guesses in an hour", guesses)
	}
	// So many machines that the account as a whole is limited.
	for machine := range 1000 {
		_ = l.Check("b@example.org", fmt.Sprintf("10.1.%d.%d", machine/200, machine%200), now)
	}
	if err := l.Check("b@example.org", "198.51.100.200", now); !fault.Is(err, fault.RateLimited) {
		t.Errorf("a thousand machines guess as they like: %v", err)
	}
}

func TestLimitsDoNotGrow(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	k := site.NewKeyedLimit(time.Hour, 1, 100)
	for i := range 10000 {
		k.Allow(fmt.Sprint(i), now)
	}
	if n := len(k.Keys); n > 100 {
		t.Errorf("%d keys are kept", n)
	}
}

func TestShortened(t *testing.T) {
	if got := site.Shortened("203.0.113.77"); got != "203.0.113.0/24" {
		t.Errorf("shortened to %s", got)
	}
}

// TestAStormAtTheDoorLeavesOnesOwnPasswordAlone: whoever is signed in changes the password however
// many others try to sign in as that person, from the same network too; and guessing the present
// one is bounded.
func TestAStormAtTheDoorLeavesOnesOwnPasswordAlone(t *testing.T) {
	h := newHouse(t)
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	refused := 0
	for range 110 {
		if w := h.browser().post("/login", url.Values{"email": {"lead@example.org"},
			"password": {""}}); w.Code == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused < 90 {
		t.Fatalf("the storm was refused %d times of 110", refused)
	}
	change := func(old string) int {
		return lead.post("/account/password", url.Values{"old": {old}, "password": {"vier Esel im Regen"}}).Code
	}
	for range 4 {
		if code := change("falsch"); code != http.StatusUnprocessableEntity {
			t.Errorf("a wrong one: status %d", code)
		}
	}
	if code := change(goodPassword); code != http.StatusSeeOther {
		t.Errorf("the right one: status %d", code)
	}
	if code := change("falsch"); code != http.StatusTooManyRequests {
		t.Errorf("guessing goes on: status %d", code)
	}
}

// TestAKnownDeviceIsNeverKeptOut: somebody in the owner's own network uses up what account, pair
// and network may try, with other accounts' cookies too, again and again. The owner's device gets
// in each time; what it may try itself is bounded, and a new password makes it unknown.
func TestAKnownDeviceIsNeverKeptOut(t *testing.T) {
	h := newHouse(t)
	owner, thief := h.signedIn(h.person("lead", account.TownLead, "05958004")),
		h.signedIn(h.person("thief", account.TownLead, "05958008"))
	const email = "lead@example.org"
	for name, b := range map[string]*browser{"owner": owner, "thief": thief} {
		if b.cookies[site.CookieDevice] == "" || b.cookies[site.CookieDevice] == b.cookies[site.CookieSession] {
			t.Fatalf("%s: cookies %v", name, b.cookies)
		}
	}
	try := func(b *browser, password string) int {
		return b.post("/login", url.Values{"email": {email}, "password": {password}}).Code
	}
	carrying := func(secret string) *browser {
		b := h.browser()
		if secret != "" {
			b.cookies[site.CookieDevice] = secret
		}
		return b
	}
	made, _ := account.NewToken()
	foreign := map[string]string{"no cookie": "", "another account's": thief.cookies[site.CookieDevice],
		"a made-up one": made, "no secret at all": "x",
		"a session's": owner.cookies[site.CookieSession]}
	storm := func() {
		t.Helper()
		for range 30 {
			for _, secret := range foreign {
				try(carrying(secret), "")
			}
		}
		for what, secret := range foreign {
			if code := try(carrying(secret), goodPassword); code != http.StatusTooManyRequests {
				t.Errorf("%s: status %d after the storm", what, code)
			}
		}
	}
	for range 4 {
		storm()
		b := carrying(owner.cookies[site.CookieDevice])
		if code := try(b, goodPassword); code != http.StatusSeeOther || b.cookies[site.CookieSession] == "" ||
			b.cookies[site.CookieDevice] != owner.cookies[site.CookieDevice] {
			t.Fatalf("the owner's device: status %d, cookies %v", code, b.cookies)
		}
	}
	// An account that does not know the device, and one that does not exist, answer the same.
	for _, other := range []string{"thief@example.org", "nobody@example.org"} {
		if w := carrying(owner.cookies[site.CookieDevice]).post("/login",
			url.Values{"email": {other}, "password": {"x"}}); w.Code != http.StatusTooManyRequests {
			t.Errorf("%s by the owner's device: status %d", other, w.Code)
		}
	}
	// Guessing by the device is bounded, and whoever may guess no more by it keeps no other device of the owner out.
	h.later(time.Hour)
	second := carrying("")
	if code := try(second, goodPassword); code != http.StatusSeeOther ||
		second.cookies[site.CookieDevice] == owner.cookies[site.CookieDevice] {
		t.Fatalf("a second device: status %d", code)
	}
	guesses := 0
	for range 50 {
		if try(carrying(owner.cookies[site.CookieDevice]), "falsch") == http.StatusUnprocessableEntity {
			guesses++
		}
	}
	if guesses != 5 {
		t.Errorf("%d guesses by a stolen device at once, want 5", guesses)
	}
	storm()
	if code := try(carrying(second.cookies[site.CookieDevice]), goodPassword); code != http.StatusSeeOther {
		t.Errorf("the second device: status %d", code)
	}

	const another = "vier Esel im Regen"
	session := carrying(second.cookies[site.CookieDevice])
	if code := try(session, goodPassword); code != http.StatusSeeOther {
		t.Fatalf("status %d", code)
	}
	if w := session.post("/account/password",
		url.Values{"old": {goodPassword}, "password": {another}}); w.Code != http.StatusSeeOther {
		t.Fatalf("a new password: status %d", w.Code)
	}
	h.later(time.Minute)
	storm()
	for name, secret := range map[string]string{"first": owner.cookies[site.CookieDevice],
		"second": second.cookies[site.CookieDevice]} {
		if code := try(carrying(secret), another); code != http.StatusTooManyRequests {
			t.Errorf("the %s device after a new password: status %d", name, code)
		}
	}
	// What was known before is not known again by signing in: the browser gets a new secret.
	h.later(time.Hour)
	again := carrying(second.cookies[site.CookieDevice])
	if code := try(again, another); code != http.StatusSeeOther ||
		again.cookies[site.CookieDevice] == second.cookies[site.CookieDevice] {
		t.Errorf("signing in again: status %d", code)
	}
}

// TestTheDevicesCookie is as well kept as the session's, and lives for a year.
func TestTheDevicesCookie(t *testing.T) {
	h := newHouse(t)
	h.handler = testServer(t, func(c *Config) {
		c.Accounts, c.Territory, c.PublicURL = h.accounts, h.territory, secureURL
	})
	email := h.person("lead", account.TownLead, "05958004")
	w := h.browser().post("/login", url.Values{"email": {email}, "password": {goodPassword}})
	for _, c := range w.Result().Cookies() {
		if c.Name != "__Host-"+site.CookieDevice {
			continue
		}
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" ||
			c.MaxAge != 365*24*3600 {
			t.Errorf("cookie %+v", c)
		}
		return
	}
	t.Errorf("no cookie: %d %v", w.Code, w.Result().Cookies())
}
