package web

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/templates"
)

// mostStatements is how many SQL statements a page may cost, however many towns take part.
const mostStatements = 8

// mostOfWorkbook is the same for a workbook, which holds what several pages show; the agency's names whom to write to.
const mostOfWorkbook = 12

// onceStatements is what a program reads once in its life or once in ten minutes: a checklist, the
// versions that lead to it, the names of town and region, and once in a minute how a region looks; and
// what was submitted in a round, until something changes.
const onceStatements = 5

// crowd is a region of many towns of which nine in ten have submitted, with a published round, an open one and people.
type crowd struct {
	*house
	open, published round.ID
	towns           []region.Municipality
}

func newCrowd(t *testing.T, n int) *crowd {
	t.Helper()
	c := &crowd{house: newHouse(t)}
	var all []region.AGS
	for i := range n {
		m := town(region.AGS(fmt.Sprintf("06%03d%03d", i/30, i%30)), fmt.Sprintf("Ort %04d", i), 5000+40*i)
		c.towns, all = append(c.towns, m), append(all, m.AGS)
	}
	c.settle("crowd", "Viele", c.towns...)
	admin := account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "crowd"}
	for _, into := range []*round.ID{&c.published, &c.open} {
		id, err := c.rounds.Create(t.Context(), admin,
			round.New{Title: "Willkommen 2026", Checklist: checklist.Ref{ID: "willkommen", Version: "1.0.0"},
				Opens: c.now.AddDate(0, 0, -10), Closes: c.now.AddDate(0, 0, 20), Towns: all})
		must(t, err)
		must(t, c.rounds.Open(t.Context(), admin, id))
		*into = id
		c.fill(t, admin, id)
	}
	must(t, c.rounds.Close(t.Context(), admin, c.published))
	must(t, c.rounds.Publish(t.Context(), admin, c.published))
	must(t, c.territory.SaveOutlines(t.Context(), admin, "crowd", []byte(`{"type":"FeatureCollection","features":[]}`)))
	c.restart(t)
	return c
}

// restart forgets all that a program keeps in memory, as if it had just started.
func (c *crowd) restart(t *testing.T) {
	t.Helper()
	clock := func() time.Time { return c.now }
	versions := lineage.New(c.store, catalog.New(checklists.FS))
	rounds, err := round.NewService(c.store, versions, c.store, disclosure.DefaultRules(), clock)
	must(t, err)
	population := func(ctx context.Context, ags region.AGS) (int, error) {
		m, err := c.store.Town(ctx, ags)
		return m.Population, err
	}
	c.handler, err = New(Config{Config: site.Config{PublicURL: plainURL, Templates: templates.Files,
		Assets: builtAssets(), Now: clock, Logger: slog.New(slog.DiscardHandler)}, Drafts: shippedDrafts{},
		Accounts: c.accounts, Territory: c.territory, Checklists: catalog.New(checklists.FS), Rounds: rounds,
		Assessments: assessment.NewService(c.store, versions, population, clock), Versions: versions,
		Trends: trend.NewService(c.store, versions), DryRuns: dryrun.NewService(c.store)})
	must(t, err)
}

// fill loads a few answers of each town; the first town's are a draft in the open round.
func (c *crowd) fill(t *testing.T, admin account.Actor, id round.ID) {
	t.Helper()
	x, err := c.rounds.Round(t.Context(), admin, account.ViewRound, id)
	must(t, err)
	d, err := c.versions.Definition(t.Context(), x.Hash)
	must(t, err)
	var list []assessment.Import
	for i, m := range c.towns {
		b := assessment.Import{Town: m.AGS, By: 1}
		for k, q := range d.Questions() {
			if len(q.Options) == 0 || k > 12 {
				continue
			}
			e := assessment.Entry{Question: q.ID, Given: true, Answer: checklist.Answer{Kind: checklist.AnswerOptions,
				Options: []checklist.OptionID{q.Options[(i+k)%len(q.Options)].ID}}, By: "Anna", At: c.now}
			b.Entries = append(b.Entries, e)
		}
		if i%10 != 0 || i == 0 && id == c.published {
			must(t, b.Submit(d, m.Population, c.now, "Anna"))
		}
		list = append(list, b)
	}
	must(t, c.store.ImportAssessments(t.Context(), id, list))
}

// crew adds people to the first towns and returns who reads which route.
func (c *crowd) crew(t *testing.T) (admin, lead, guest *browser) {
	t.Helper()
	for i, m := range c.towns[:min(len(c.towns), 100)] {
		_, err := c.accounts.Add(t.Context(), account.Invitation{Email: fmt.Sprintf("lead%d@example.org", i),
			Name: "Leitung", Role: account.TownLead, Town: m.AGS})
		must(t, err)
	}
	return c.signedIn(c.person("admin", account.AgencyAdmin, "crowd")),
		c.signedIn(c.person("lead", account.TownLead, string(c.towns[0].AGS))), c.browser()
}

// TestStatementsPerPage loads every page of the router, first by a program that has just started and then again.
func TestStatementsPerPage(t *testing.T) {
	t.Parallel()
	sizes := []int{59, 1100}
	table := map[string][]string{}
	for _, n := range sizes {
		c := newCrowd(t, n)
		admin, lead, guest := c.crew(t)
		own := map[round.ID]assessment.ID{}
		heads, err := c.assessments.OfTown(t.Context(), account.Actor{User: 1, Role: account.TownLead,
			Town: c.towns[0].AGS})
		must(t, err)
		for _, h := range heads {
			own[round.ID(h.Round)] = h.ID
		}
		actor := account.Actor{User: 1, Name: "lead", Role: account.TownLead, Town: c.towns[0].AGS}
		head, err := c.assessments.Head(t.Context(), actor, account.ViewAssessment, own[c.open])
		must(t, err)
		evidence, err := c.assessments.AddFile(t.Context(), actor, head, question1, "Plan.png", onePNG)
		must(t, err)
		token, asked, err := c.assessments.Delegate(t.Context(), actor, head,
			assessment.Request{Questions: []checklist.QuestionID{question1, question2}, For: "Petra"})
		must(t, err)
		_, named, err := c.assessments.Delegated(t.Context(), token)
		must(t, err)
		must(t, c.assessments.StateName(t.Context(), head, named, "Petra Klein"))
		for _, x := range registeredRoutes(t) {
			if x.method != http.MethodGet || x.name == "readyz" {
				continue
			}
			for _, id := range []round.ID{c.open, c.published} {
				if id == c.published && !strings.Contains(x.path, ":round") &&
					!strings.Contains(x.path, ":assessment") {
					continue
				}
				pattern := x.path
				if x.name == "round.version" || x.name == "checklist.changes" {
					pattern = strings.Replace(pattern, ":version", "2.0.0", 1)
				}
				if strings.HasPrefix(pattern, "/d/") {
					pattern = strings.Replace(pattern, ":token", token, 1)
				}
				path := strings.NewReplacer(":delegation", site.OfNumber(int64(asked.ID)), ":assessment",
					site.OfNumber(int64(own[id])), ":round", site.OfNumber(int64(id)), ":section", "steuerung",
					":question", question1, ":evidence", site.OfNumber(int64(evidence)),
					":step", map[round.ID]string{c.open: "close", c.published: "publish"}[id], ":checklist",
					"willkommen", ":version", "1.0.0", ":from", "1.0.0", ":role", "town", ":token", "none", "*",
					"app.1.css").Replace(pattern)
				label := x.path
				if id == c.published {
					label += " (published)"
				}
				for who, b := range map[string]*browser{"agency": admin, "town": lead, "guest": guest} {
					key := label + " · " + who
					first, again, ok := c.count(t, b, key, path)
					if ok {
						table[key] = append(table[key], fmt.Sprintf("%d then %d", first, again))
					}
				}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		t.Logf("%-75s %s", key, strings.Join(table[key], " | "))
		if len(table[key]) != len(sizes) || table[key][0] != table[key][1] {
			t.Errorf("%s costs %v: it must not depend on how many towns there are", key, table[key])
		}
	}
}

// count returns the statements of a page in a fresh process and in one that has just shown it; ok
// is false if it is no page for them.
func (c *crowd) count(t *testing.T, b *browser, key, path string) (first, again int64, ok bool) {
	t.Helper()
	c.later(site.ExportEvery)
	if b.get(path).Code != http.StatusOK { // this one may also write when the session was last seen
		return 0, 0, false
	}
	c.restart(t)
	w, first := b.statements(path)
	w2, again := b.statements(path)
	if w.Code != http.StatusOK || w2.Code != http.StatusOK {
		t.Errorf("%s: status %d and %d", key, w.Code, w2.Code)
	}
	most := int64(mostStatements)
	if strings.HasSuffix(path, ".xlsx") {
		most = mostOfWorkbook
	}
	if first > most+onceStatements || again > most || again > first {
		t.Errorf("%s: %d statements, then %d", key, first, again)
	}
	return first, again, true
}
