package setup

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/demo"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/store"
)

// Noon is the present of Rounds.
var Noon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

// Rounds is the services on a real database, with a region "hier" of made-up towns.
type Rounds struct {
	*round.Service
	Versions *lineage.Versions
	Trends   *trend.Service
	DryRuns  *dryrun.Service

	T      testing.TB
	Store  *store.Store
	Sheets *catalog.Catalog
	Towns  []region.Municipality
	Admin  account.Actor

	raw    *sql.DB // the same database past the store
	Opened int     // rounds so far; each opens a year after the one before
}

// OnEach runs a test on both databases, each time on an empty one.
func OnEach(t *testing.T, files fs.FS, towns int, f func(t *testing.T, s *Rounds)) {
	t.Helper()
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			var c store.Config
			driver, address := "pgx", ""
			if name == "postgres" {
				c.DatabaseURL = testkit.Postgres(t)
				address = c.DatabaseURL
			} else {
				c.DataDir = DataDir(t)
				driver, address = "sqlite", "file:"+filepath.Join(c.DataDir, store.DatabaseFile)
			}
			f(t, newRounds(t, c, driver, address, files, towns))
		})
	}
}

func newRounds(t testing.TB, c store.Config, driver, address string, files fs.FS, towns int) *Rounds {
	t.Helper()
	st, err := store.Open(t.Context(), c)
	Must(t, err)
	t.Cleanup(func() { Must(t, st.Close()) })
	raw, err := sql.Open(driver, address)
	Must(t, err)
	t.Cleanup(func() { Must(t, raw.Close()) })
	s := &Rounds{T: t, Store: st, raw: raw, Sheets: Catalog(files),
		Admin: account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "hier"}}
	for i := range towns {
		ags := region.AGS(fmt.Sprintf("%05d%03d", 5000+i/10, 1+i%10))
		s.Towns = append(s.Towns, region.Municipality{AGS: ags, Name: fmt.Sprintf("Ort %03d", (i*7)%1000),
			OfficialName: "Ort", Kind: "Gemeinde",
			District: region.District{Key: ags.District(), Name: "Kreis"}, Population: 3000 + 977*i,
			PopulationDate: "2024-12-31", AreaKm2: 30, Lat: 51, Lon: 8})
	}
	s.AddRegion("hier", s.Towns)
	return s.Restarted()
}

// Restarted is the same database in a program that has just started.
func (s *Rounds) Restarted() *Rounds {
	s.T.Helper()
	next := *s
	next.Versions = lineage.New(s.Store, s.Sheets)
	var err error
	next.Service, err = round.NewService(s.Store, next.Versions, s.Store, disclosure.DefaultRules(), func() time.Time {
		return Noon
	})
	Must(s.T, err)
	next.Trends, next.DryRuns = trend.NewService(s.Store, next.Versions), dryrun.NewService(s.Store)
	return &next
}

// AddRegion makes a region with some towns.
func (s *Rounds) AddRegion(id region.ID, towns []region.Municipality) {
	s.T.Helper()
	Must(s.T, s.Store.SaveRegion(s.T.Context(), region.Region{ID: id, Name: string(id), Agency: "Agentur",
		Source: "Test"}, towns,
		account.Event{At: Noon, Name: "Amt", Kind: account.EventTownsChanged, Region: id}))
}

// NewRound opens a round for the region's towns; answers say what each town submits, by its place, nil: nothing.
func (s *Rounds) NewRound(region region.ID, version checklist.Version,
	answers func(d *checklist.Definition, town int) score.Answers) round.Round {
	s.T.Helper()
	ctx, actor := s.T.Context(), s.Admin
	actor.Region = region
	refs, err := s.Sheets.Refs()
	Must(s.T, err)
	ref := checklist.Ref{ID: refs[len(refs)-1].ID, Version: version}
	d, _, err := s.Sheets.Get(ref)
	Must(s.T, err)
	in := round.New{Title: "Runde " + string(version), Checklist: ref, Opens: Noon.AddDate(s.Opened-9, 0, 0),
		Closes: Noon.AddDate(s.Opened-9, 2, 0)}
	s.Opened++
	towns, err := s.Store.Towns(ctx, region)
	Must(s.T, err)
	for _, m := range towns {
		in.Towns = append(in.Towns, m.AGS)
	}
	id, err := s.Create(ctx, actor, in)
	Must(s.T, err)
	Must(s.T, s.Open(ctx, actor, id))
	var list []assessment.Import
	for i, m := range s.Towns {
		given := answers(d, i)
		if given == nil || !slices.Contains(in.Towns, m.AGS) {
			continue
		}
		b := assessment.Import{Town: m.AGS, By: 7}
		for q, a := range given {
			b.Entries = append(b.Entries, assessment.Entry{Question: q, Given: true, Answer: a, By: "Erika",
				At: in.Opens})
		}
		Must(s.T, b.Submit(d, m.Population, in.Opens, "Erika"))
		list = append(list, b)
	}
	Must(s.T, s.Store.ImportAssessments(ctx, id, list))
	return s.Load(actor, id)
}

// Load returns a round that the actor may see.
func (s *Rounds) Load(a account.Actor, id round.ID) round.Round {
	s.T.Helper()
	r, err := s.Round(s.T.Context(), a, account.ViewRound, id)
	Must(s.T, err)
	return r
}

// PublishRound closes a round and publishes its release.
func (s *Rounds) PublishRound(r round.Round) round.Round {
	s.T.Helper()
	Must(s.T, s.Close(s.T.Context(), s.Admin, r.ID))
	Must(s.T, s.Publish(s.T.Context(), s.Admin, r.ID))
	return s.Load(s.Admin, r.ID)
}

// PathTo leads from a round's checklist to a version.
func (s *Rounds) PathTo(r round.Round, v checklist.Version) *carry.Path {
	s.T.Helper()
	d, err := s.Versions.Version(r.Checklist.ID, v)
	Must(s.T, err)
	p, err := s.Versions.PathTo(s.T.Context(), r.Hash, d)
	Must(s.T, err)
	return p
}

// Heads returns a town's assessments, the oldest round first.
func (s *Rounds) Heads(town int) []assessment.Head {
	s.T.Helper()
	list, err := s.Store.HeadsOfTown(s.T.Context(), s.Towns[town].AGS)
	Must(s.T, err)
	slices.Reverse(list)
	return list
}

// Tables returns every row of the tables that hold what towns and agencies have entered.
func (s *Rounds) Tables() string {
	s.T.Helper()
	var b strings.Builder
	for _, table := range []string{"assessments", "answers", "changes", "handovers", "evidence", "evidence_files",
		"rounds", "participants", "releases", "checklists", "events", "municipalities"} {
		lines := s.Lines(context.WithoutCancel(s.T.Context()), table)
		slices.Sort(lines)
		fmt.Fprintf(&b, "%s\n%s\n", table, strings.Join(lines, "\n"))
	}
	return b.String()
}

// Lines returns the rows of a table, in any order.
func (s *Rounds) Lines(ctx context.Context, table string) (lines []string) {
	s.T.Helper()
	rows, err := s.raw.QueryContext(ctx, `SELECT * FROM `+table)
	Must(s.T, err)
	defer rows.Close()
	columns, err := rows.Columns()
	Must(s.T, err)
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		Must(s.T, rows.Scan(into...))
		lines = append(lines, fmt.Sprintf("%v", values))
	}
	Must(s.T, rows.Err())
	return lines
}

// MadeUp are the demonstration's answers; one town in seven has not submitted.
func (s *Rounds) MadeUp(seed int64) func(d *checklist.Definition, town int) score.Answers {
	return func(d *checklist.Definition, town int) score.Answers {
		if town%7 == 6 {
			return nil
		}
		return demo.Answers(d, seed, s.Towns[town].AGS, demo.ProfileOf(s.Towns[town], seed))
	}
}

// ThreeRounds are rounds of all versions of "willkommen" in which different towns have not submitted.
func (s *Rounds) ThreeRounds() []round.Round {
	s.T.Helper()
	var list []round.Round
	for i, v := range []checklist.Version{"1.0.0", "1.1.0", "2.0.0"} {
		answers := s.MadeUp(int64(1 + i))
		list = append(list, s.NewRound("hier", v, func(d *checklist.Definition, town int) score.Answers {
			if town%5 == i {
				return nil
			}
			return answers(d, town)
		}))
	}
	return list
}

// Submitted reads what a round holds by the way that exports take.
func (s *Rounds) Submitted(r round.Round) map[region.AGS]score.Answers {
	s.T.Helper()
	all := map[region.AGS]score.Answers{}
	Must(s.T, s.Submissions(s.T.Context(), r, func(sub round.Submission) error {
		all[sub.Town.AGS] = sub.Answers
		return nil
	}))
	return all
}
