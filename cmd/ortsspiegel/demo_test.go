package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

func TestDemoJSON(t *testing.T) {
	f := fillDemo(t, 38)
	roles, addresses := map[account.Role]int{}, map[string]bool{}
	for _, u := range f.Users {
		roles[u.Role]++
		addresses[u.Email] = true
		if u.Email == "" || u.Password != f.password || len(u.Password) < account.MinPassword {
			t.Errorf("%+v", u)
		}
		if _, err := region.ParseAGS(string(u.AGS)); u.Role.ForTown() != (err == nil) {
			t.Errorf("role and town do not fit: %+v", u)
		}
	}
	if roles["agency-admin"] != 1 || roles["agency-analyst"] != 1 || roles["town-lead"] != 59 ||
		roles["town-editor"] != 1 || roles["town-viewer"] != 1 || len(addresses) != len(f.Users) {
		t.Errorf("roles %v, %d addresses", roles, len(addresses))
	}
	if want := []demoRound{{3, "willkommen", "2.0.0", round.Open}, {2, "willkommen", "1.1.0", round.Published},
		{1, "willkommen", "1.0.0", round.Published}}; !reflect.DeepEqual(f.Rounds, want) {
		t.Errorf("rounds %+v", f.Rounds)
	}
	listed := command(t, "demo", "--data", f.dir, "--list", "--json").wants(t, 0)
	var again demoOutput
	decode(t, listed.out, &again)
	if len(again.Users) != len(f.Users) || !reflect.DeepEqual(again.Rounds, f.Rounds) ||
		again.Users[0].Password != f.password {
		t.Errorf("--list tells something else: %s", listed.out)
	}
	command(t, "demo", "--data", f.dir, "--list").wants(t, 0, "agentur@demo.example", f.password, "has submitted",
		"has not begun; what it answered in", "has begun, with open proposals from")
}

// contents is everything that people entered in a demo, without its times.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	f := filled{dir: dir}
	decode(t, command(t, "demo", "--data", dir, "--list", "--json").wants(t, 0).out, &f.demoOutput)
	s := f.open(t)
	defer s.Close()
	all := map[string]string{}
	for _, u := range f.Users {
		if u.Role != account.TownLead {
			continue
		}
		heads, err := s.HeadsOfTown(t.Context(), u.AGS)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range heads {
			entries, err := s.Entries(t.Context(), h.ID)
			if err != nil {
				t.Fatal(err)
			}
			evidence, err := s.Evidence(t.Context(), h.ID)
			if err != nil {
				t.Fatal(err)
			}
			key := fmt.Sprintf("%s %s", u.AGS, h.Checklist)
			all[key] = fmt.Sprintf("%s, %d pieces of evidence", h.Status, len(evidence))
			for q, e := range entries {
				all[key+" "+string(q)] = fmt.Sprintf("%v %v %q", e.Given, e.Answer, e.Comment)
			}
		}
	}
	return all
}

// records are the stored results of a round, as benchmarks read them.
func records(t testing.TB, dir string, id round.ID) [][]byte {
	t.Helper()
	s := filled{dir: dir}.open(t)
	defer s.Close()
	var list [][]byte
	err := s.Records(t.Context(), id, func(record []byte) error {
		list = append(list, bytes.Clone(record))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestDemoIsDeterministic(t *testing.T) {
	dirs := map[string]string{}
	for _, name := range []string{"one", "same", "other"} {
		dirs[name] = filepath.Join(t.TempDir(), name)
		args := []string{"demo", "--data", dirs[name], "--json"}
		if name == "other" {
			args = append(args, "--seed", "2")
		}
		command(t, args...).wants(t, 0)
	}
	one := contents(t, dirs["one"])
	if len(one) < 59*3+(24+31+38)*40 {
		t.Errorf("only %d entries", len(one))
	}
	if same := contents(t, dirs["same"]); !reflect.DeepEqual(one, same) {
		t.Error("the same seed makes up other answers")
	}
	if other := contents(t, dirs["other"]); reflect.DeepEqual(one, other) {
		t.Error("another seed makes up the same answers")
	}
	for i, want := range []int{24, 31, 38} {
		id := round.ID(i + 1)
		if a, b := records(t, dirs["one"], id), records(t, dirs["same"], id); len(a) != want ||
			!reflect.DeepEqual(a, b) {
			t.Errorf("round %d: %d and %d results, or not the same", id, len(a), len(b))
		}
	}
}

func TestDemoParticipants(t *testing.T) {
	for _, n := range []int{0, 3, 12, 59} {
		f := fillDemo(t, n)
		s := f.open(t)
		states := map[assessment.Status]int{}
		for _, u := range f.Users {
			if u.Role != account.TownLead {
				continue
			}
			heads, err := s.HeadsOfTown(t.Context(), u.AGS)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range heads {
				if round.ID(h.Round) == f.Rounds[0].ID {
					states[h.Status]++
				}
			}
		}
		if states[assessment.Submitted] != n || states[assessment.Draft] != 59-n {
			t.Errorf("--participants %d: %v", n, states)
		}
		for _, r := range f.Rounds[1:] {
			released, err := s.Release(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			if release, err := disclosure.UnmarshalRelease(released.Data); err != nil ||
				release.Report.Audience != bench.Town || r.Status != round.Published {
				t.Errorf("--participants %d: the release of round %d, %s: %v", n, r.ID, r.Status, err)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	command(t, "demo", "--data", t.TempDir(), "--participants", "60").wants(t, 2, "0 to 59")
}

func TestDemoRefusesWhatIsFilled(t *testing.T) {
	f := fillDemo(t, 0)
	before := contents(t, f.dir)
	command(t, "demo", "--data", f.dir).wants(t, 1, f.dir, "empty data folder")
	command(t, "demo", "--data", f.dir, "--seed", "9", "--json").wants(t, 1, f.dir)
	if !reflect.DeepEqual(before, contents(t, f.dir)) {
		t.Error("the refused demo has changed something")
	}
	other := filepath.Join(t.TempDir(), "data")
	towns := write(t, "ags;name;population\n05958004;Arnsberg;74879\n", t.TempDir(), "towns.csv")
	command(t, "region", "import", towns, "--data", other, "--id", "meine").wants(t, 0)
	command(t, "demo", "--data", other).wants(t, 1, other)
	command(t, "demo", "--data", other, "--list").wants(t, 1, "no demo")
	foreign := filepath.Dir(write(t, "SQLite format 3 is not here", t.TempDir(), "ortsspiegel.db"))
	command(t, "demo", "--data", foreign).wants(t, 1)
	if raw, err := os.ReadFile(filepath.Join(foreign, "ortsspiegel.db")); err != nil ||
		!strings.HasPrefix(string(raw), "SQLite format 3 is not") {
		t.Errorf("a foreign file was changed: %v", err)
	}
}

// A demo that is broken off must not look like a complete one.
func TestDemoBrokenOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	dir := filepath.Join(t.TempDir(), "data")
	if code := run(ctx, []string{"demo", "--data", dir}, nil, strings.NewReader(""), &out, &errs); code != exitWrong ||
		errs.Len() == 0 {
		t.Errorf("exit code %d, stderr %q", code, &errs)
	}
	command(t, "demo", "--data", dir, "--json").wants(t, 0, "agentur@demo.example")
}

// What lies behind is in the past, in its order: nobody answers before a round opens, and an
// answer that was taken over names the round and the day it is from.
func TestDemoTimes(t *testing.T) {
	f := fillDemo(t, 38)
	s := f.open(t)
	defer s.Close()
	titles := map[string]bool{}
	carried, links := 0, 0
	for i := len(f.Rounds) - 1; i >= 0; i-- {
		r, err := s.Round(t.Context(), f.Rounds[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Created.Before(r.Opens) || !r.Opens.Before(time.Now()) ||
			r.Closes.Before(time.Now()) != (r.Status == round.Published) {
			t.Errorf("%s: created %s, %s to %s", r.Title, r.Created, r.Opens, r.Closes)
		}
		if r.Status == round.Published {
			release, err := s.Release(t.Context(), r.ID)
			if err != nil || !release.At.After(r.Closes) || release.At.After(time.Now()) {
				t.Errorf("%s: published %s, %v", r.Title, release.At, err)
			}
		}
		parts, err := s.Participants(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			entries, err := s.Entries(t.Context(), p.Assessment)
			if err != nil {
				t.Fatal(err)
			}
			for q, e := range entries {
				if e.At.Before(r.Opens.Add(-2*time.Hour)) || e.At.After(r.Closes) || e.At.After(time.Now()) {
					t.Errorf("%s, %s: %s was answered %s", r.Title, p.Town.Name, q, e.At)
				}
				if e.Origin.Kind == assessment.OriginCarried {
					carried++
					fitsOrigin(t, titles, r, e.Origin)
				}
			}
			evidence, err := s.Evidence(t.Context(), p.Assessment)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range evidence {
				if e.Origin.Kind == assessment.OriginCarried {
					links++
					fitsOrigin(t, titles, r, e.Origin)
				}
			}
		}
		if titles[r.Title] {
			t.Errorf("two rounds are called %s", r.Title)
		}
		titles[r.Title] = true
	}
	if carried < 1000 || links < 20 {
		t.Errorf("%d answers and %d links were taken over", carried, links)
	}
}

// Whoever answered has signed in before, and was invited before that.
func TestDemoSignIns(t *testing.T) {
	f := fillDemo(t, 38)
	s := f.open(t)
	defer s.Close()
	people, err := s.PeopleOfRegion(t.Context(), demoRegion)
	if err != nil {
		t.Fatal(err)
	}
	leads, days := map[region.AGS]account.User{}, map[string]bool{}
	for _, u := range people {
		if !u.LastSignIn.IsZero() && (u.LastSignIn.Before(u.Created) || u.LastSignIn.After(time.Now())) {
			t.Errorf("%s: invited %s, signed in %s", u.Email, u.Created, u.LastSignIn)
		}
		if u.Role == account.TownLead {
			leads[u.Town] = u
			days[u.LastSignIn.Format(time.DateOnly)] = true
		} else if u.LastSignIn.IsZero() {
			t.Errorf("%s has never signed in", u.Email)
		}
	}
	if len(days) < 20 {
		t.Errorf("the leads signed in on %d days", len(days))
	}
	parts, err := s.Participants(t.Context(), f.Rounds[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		entries, err := s.Entries(t.Context(), p.Assessment)
		if err != nil {
			t.Fatal(err)
		}
		at := leads[p.Town.AGS].LastSignIn
		for q, e := range entries {
			if e.At.Before(at) || e.At.After(at.Add(12*time.Hour)) {
				t.Errorf("%s: signed in %s, answered %s at %s", p.Town.Name, at, q, e.At)
			}
		}
	}
}

func fitsOrigin(t *testing.T, earlier map[string]bool, r round.Round, o assessment.Origin) {
	t.Helper()
	if !earlier[o.Subject] || o.At.IsZero() || !o.At.Before(r.Opens) {
		t.Errorf("%s: taken over from %q of %s", r.Title, o.Subject, o.At)
	}
}

// Whenever the demo is filled, its rounds have different years in their titles.
func TestDemoTitlesDiffer(t *testing.T) {
	start := time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)
	for n := range 4 * 366 {
		now := start.AddDate(0, 0, n)
		years := map[int]bool{}
		for _, s := range demoSteps {
			years[day(now, s.opens).Year()] = true
		}
		if len(years) != len(demoSteps) {
			t.Fatalf("on %s the rounds are of %v", now.Format(time.DateOnly), years)
		}
	}
}

// The demo's people are called like people: no name is a role's or a town's.
func TestDemoNamesAreNames(t *testing.T) {
	f := fillDemo(t, 0)
	list := command(t, "user", "list", "--data", f.dir).wants(t, 0).out
	for _, word := range []string{"Leitung ", "Kollegin ", " Kollegin", " Gast", "Analyse", " Agentur"} {
		if strings.Contains(list, word) {
			t.Errorf("somebody is called %q:\n%s", word, list)
		}
	}
	seen := map[string]bool{}
	for _, u := range f.Users {
		if u.Role != account.TownLead {
			continue
		}
		name := leadName(u.AGS)
		if seen[name] {
			t.Errorf("two towns are led by %s", name)
		}
		seen[name] = true
	}
}
