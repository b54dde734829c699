//go:build unix

package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
)

// What a page may weigh and take at 11 000 towns: bytes, statements, and time of a processor, which
// a busy machine does not stretch as it does the clock's. The time is told in units of what reading
// the two longest lists takes, a round's towns and a region's people, so that it holds on every
// machine. What is computed of all answers, trends and dry runs, is kept from the first time on.
const (
	mostTowns    = 11000
	mostBytes    = 300_000
	mostOfAPage  = 2 // times the reading: no page takes much more than one, and the reading itself less than 100 ms
	goodOfThree  = 3 // how often a page is asked for; the best counts, as garbage of other pages is collected meanwhile
	peopleAtOnce = 64
)

// staff invites a lead into most towns, many at once: the writer stores them together.
func (c *crowd) staff(t *testing.T) {
	t.Helper()
	var wait sync.WaitGroup
	faults := make([]error, peopleAtOnce)
	for k := range peopleAtOnce {
		wait.Go(func() {
			for i := k; i < len(c.towns); i += peopleAtOnce {
				if i%40 == 39 {
					continue
				}
				u := account.User{Email: fmt.Sprintf("leitung%05d@example.org", i),
					Name: fmt.Sprintf("Leitung %05d", i), Role: account.TownLead, Town: c.towns[i].AGS,
					Created: c.now, Disabled: i%50 == 7}
				if i%3 > 0 {
					u.PasswordHash, u.LastSignIn = "x", c.now
				}
				if _, err := c.store.CreateUser(t.Context(), u, account.Event{At: c.now, Kind: account.EventInvited,
					Region: "crowd", Subject: u.Email}); err != nil {
					faults[k] = err
				}
			}
		})
	}
	wait.Wait()
	must(t, errors.Join(faults...))
}

// TestThousandsOfTowns walks every page of an agency with as many towns as Germany has: how large,
// how many statements, how long.
func TestThousandsOfTowns(t *testing.T) {
	testkit.Long(t, "takes a minute")
	c := newCrowd(t, mostTowns)
	c.staff(t)
	admin := c.signedIn(c.person("amt", account.AgencyAdmin, "crowd"))
	own := account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "crowd"}
	planned, err := c.rounds.Create(t.Context(), own,
		round.New{Title: "Geplant", Checklist: checklist.Ref{ID: "willkommen", Version: "1.0.0"}, Opens: c.now,
			Closes: c.now.AddDate(0, 1, 0), Towns: c.all()})
	must(t, err)
	var paths []string
	for _, x := range registeredRoutes(t) {
		if x.method != http.MethodGet || strings.Contains(x.path, "export") || strings.Contains(x.path, "analysis") ||
			strings.Contains(x.path, "/preview") ||
			strings.ContainsAny(strings.NewReplacer(":round", "", ":step", "", ":version", "").Replace(x.path), ":*") {
			continue
		}
		for _, id := range []round.ID{planned, c.open, c.published} {
			steps := map[round.ID][]string{planned: {"open", "delete"}, c.open: {"close"}, c.published: {""}}[id]
			for _, step := range steps {
				paths = append(paths, strings.NewReplacer(":round", site.OfNumber(int64(id)), ":step", step,
					":version", "2.0.0").Replace(x.path))
			}
		}
	}
	open := site.RoundAddress(int64(c.open))
	paths = append(paths, "/rounds/new?from="+site.OfNumber(int64(c.open)), open+"?show=missing",
		open+"?sort=state&page=3", open+"?q=Ort+10", "/people?page=7", "/people?q=Leitung+00", "/people?state=never",
		"/towns?page=110", "/towns?q=0123", "/towns?sort=population", open+"/benchmark?page=50", "/audit?q=leitung")
	reading := bestOf(t, goodOfThree, func() {
		_, err := c.store.Participants(t.Context(), c.open)
		must(t, err)
		_, err = c.store.PeopleOfRegion(t.Context(), "crowd")
		must(t, err)
	})
	t.Logf("reading the longest lists: %s", reading)
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		w, first := admin.statements(path)
		if w.Code != http.StatusOK {
			t.Logf("%-40s status %d", path, w.Code)
			continue
		}
		var again int64
		took := bestOf(t, goodOfThree, func() { w, again = admin.statements(path) })
		t.Logf("%-40s %7d bytes %2d then %2d statements %6.1f ms", path, w.Body.Len(), first, again,
			float64(took.Microseconds())/1000)
		if w.Body.Len() > mostBytes {
			t.Errorf("%s weighs %d bytes", path, w.Body.Len())
		}
		if again > mostStatements {
			t.Errorf("%s costs %d statements", path, again)
		}
		if took > mostOfAPage*reading {
			t.Errorf("%s takes %s, reading the longest lists %s", path, took, reading)
		}
	}
}

// bestOf returns the least time of a processor that something takes.
func bestOf(t *testing.T, n int, f func()) time.Duration {
	t.Helper()
	best := time.Hour
	for range n {
		began := processorTime(t)
		f()
		best = min(best, processorTime(t)-began)
	}
	return best
}

// processorTime is what this process has used so far.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func (c *crowd) all() []region.AGS {
	list := make([]region.AGS, len(c.towns))
	for i, m := range c.towns {
		list[i] = m.AGS
	}
	return list
}
