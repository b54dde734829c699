package web

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
)

func TestSignInLimits(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	l := newSignInLimits(Limits{SignInsPerAccount: 3, SignInsPerNetwork: 5})
	for i := range 3 {
		if err := l.check("A@example.org ", "192.0.2.1", now); err != nil {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	if err := l.check("a@example.org", "192.0.2.1", now); !fault.Is(err, fault.RateLimited) {
		t.Errorf("the account is not limited from one address: %v", err)
	}
	if err := l.check("a@example.org", "192.0.2.1", now.Add(11*time.Second)); err != nil {
		t.Errorf("the account is locked out: %v", err)
	}
	for i := range 5 {
		_ = l.check(fmt.Sprintf("b%d@example.org", i), "2001:db8::1", now)
	}
	if err := l.check("c@example.org", "2001:db8::ffff", now); !fault.Is(err, fault.RateLimited) {
		t.Errorf("a network is not limited as a whole: %v", err)
	}
}

// TestNobodyKeepsTheOwnerOut: five machines hammer an account, day and night; the owner comes from elsewhere.
func TestNobodyKeepsTheOwnerOut(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	l := newSignInLimits(Limits{})
	guesses, in, tries := 0, 0, 0
	for second := range 3600 {
		now = now.Add(time.Second)
		for machine := range 5 {
			for range 4 {
				if l.check("owner@example.org", fmt.Sprintf("192.0.2.%d", machine), now) == nil {
					guesses++
				}
			}
		}
		if second%240 == 239 {
			tries++
			if l.check("Owner@example.org", fmt.Sprintf("198.51.100.%d", second/240), now) == nil {
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
		_ = l.check("b@example.org", fmt.Sprintf("10.1.%d.%d", machine/200, machine%200), now)
	}
	if err := l.check("b@example.org", "198.51.100.200", now); !fault.Is(err, fault.RateLimited) {
		t.Errorf("a thousand machines guess as they like: %v", err)
	}
}

func TestLimitsDoNotGrow(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	k := newKeyedLimit(time.Hour, 1, 100)
	for i := range 10000 {
		k.allow(fmt.Sprint(i), now)
	}
	if n := len(k.keys); n > 100 {
		t.Errorf("%d keys are kept", n)
	}
}

func TestShortened(t *testing.T) {
	if got := shortened("203.0.113.77"); got != "203.0.113.0/24" {
		t.Errorf("shortened to %s", got)
	}
}

// TestAStormAtTheDoorLeavesOnesOwnPasswordAlone: whoever is signed in changes the password however many others try to sign in as
// that person, from the same network too; and guessing the present one is bounded.
func TestAStormAtTheDoorLeavesOnesOwnPasswordAlone(t *testing.T) {
	h := newHouse(t)
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	refused := 0
	for range 110 {
		if w := h.browser().post("/login", url.Values{"email": {"lead@example.org"}, "password": {""}}); w.Code == http.StatusTooManyRequests {
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
