package round_test

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/bench/disclosure"

	_ "github.com/jackc/pgx/v5/stdlib"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/store"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunKeepingPostgres(m)) }

var noon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

// stage is the service on a real database, with a region of made-up towns.
type stage struct {
	*round.Service
	t      testing.TB
	store  *store.Store
	raw    *sql.DB // the same database past the store
	sheets *catalog.Catalog
	towns  []region.Municipality
	admin  account.Actor
	opened int // rounds so far; each opens a year after the one before
}

// onEach runs a test on both databases, each time on an empty one.
func onEach(t *testing.T, files fs.FS, towns int, f func(t *testing.T, s *stage)) {
	t.Helper()
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			c, driver, address := store.Config{DataDir: t.TempDir()}, "sqlite", ""
			address = "file:" + filepath.Join(c.DataDir, store.DatabaseFile)
			if name == "postgres" {
				c = store.Config{DatabaseURL: testkit.Postgres(t)}
				driver, address = "pgx", c.DatabaseURL
			}
			f(t, newStage(t, c, driver, address, files, towns))
		})
	}
}

func newStage(t testing.TB, c store.Config, driver, address string, files fs.FS, towns int) *stage {
	t.Helper()
	st, err := store.Open(t.Context(), c)
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	raw, err := sql.Open(driver, address)
	must(t, err)
	t.Cleanup(func() { must(t, raw.Close()) })
	s := &stage{t: t, store: st, raw: raw, sheets: catalog.New(files), admin: account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "hier"}}
	for i := range towns {
		ags := region.AGS(fmt.Sprintf("%05d%03d", 5000+i/10, 1+i%10))
		s.towns = append(s.towns, region.Municipality{AGS: ags, Name: fmt.Sprintf("Ort %03d", (i*7)%1000), OfficialName: "Ort", Kind: "Gemeinde",
			District: region.District{Key: ags.District(), Name: "Kreis"}, Population: 3000 + 977*i, PopulationDate: "2024-12-31", AreaKm2: 30, Lat: 51, Lon: 8})
	}
	s.region("hier", s.towns)
	s.Service = s.service()
	return s
}

// service is a program that has just started.
func (s *stage) service() *round.Service {
	s.t.Helper()
	made, err := round.NewService(s.store, s.sheets, s.store, disclosure.DefaultRules(), func() time.Time { return noon })
	must(s.t, err)
	return made
}

func (s *stage) region(id region.ID, towns []region.Municipality) {
	s.t.Helper()
	must(s.t, s.store.SaveRegion(s.t.Context(), region.Region{ID: id, Name: string(id), Agency: "Agentur", Source: "Test"}, towns,
		account.Event{At: noon, Name: "Amt", Kind: account.EventTownsChanged, Region: id}))
}

// round opens a round for the region's towns; answers say what each town submits, by its place, nil: nothing.
func (s *stage) round(region region.ID, version checklist.Version, answers func(d *checklist.Definition, town int) score.Answers) round.Round {
	s.t.Helper()
	ctx, actor := s.t.Context(), s.admin
	actor.Region = region
	refs, err := s.sheets.Refs()
	must(s.t, err)
	ref := checklist.Ref{ID: refs[len(refs)-1].ID, Version: version}
	d, _, err := s.sheets.Get(ref)
	must(s.t, err)
	in := round.New{Title: "Runde " + string(version), Checklist: ref, Opens: noon.AddDate(s.opened-9, 0, 0), Closes: noon.AddDate(s.opened-9, 2, 0)}
	s.opened++
	towns, err := s.store.Towns(ctx, region)
	must(s.t, err)
	for _, m := range towns {
		in.Towns = append(in.Towns, m.AGS)
	}
	id, err := s.Create(ctx, actor, in)
	must(s.t, err)
	must(s.t, s.Open(ctx, actor, id))
	var list []store.Bulk
	for i, m := range s.towns {
		given := answers(d, i)
		if given == nil || !slices.Contains(in.Towns, m.AGS) {
			continue
		}
		b := store.Bulk{Town: m.AGS, By: 7, Submitted: in.Opens, SubmittedBy: "Erika"}
		for q, a := range given {
			b.Entries = append(b.Entries, assessment.Entry{Question: q, Given: true, Answer: a, By: "Erika", At: in.Opens})
		}
		b.Record, err = bench.NewRecord(d, m.AGS, m.Population, given).MarshalBinary()
		must(s.t, err)
		list = append(list, b)
	}
	must(s.t, s.store.ImportAssessments(ctx, id, list))
	return s.load(actor, id)
}

func (s *stage) load(a account.Actor, id round.ID) round.Round {
	s.t.Helper()
	r, err := s.Round(s.t.Context(), a, account.ViewRound, id)
	must(s.t, err)
	return r
}

// publish closes a round and publishes its release.
func (s *stage) publish(r round.Round) round.Round {
	s.t.Helper()
	must(s.t, s.Close(s.t.Context(), s.admin, r.ID))
	must(s.t, s.Publish(s.t.Context(), s.admin, r.ID))
	return s.load(s.admin, r.ID)
}

// path leads from a round's checklist to a version.
func (s *stage) path(r round.Round, v checklist.Version) *checklist.Path {
	s.t.Helper()
	d, err := s.Version(s.t.Context(), r, v)
	must(s.t, err)
	p, err := s.PathTo(s.t.Context(), r, d)
	must(s.t, err)
	return p
}

// heads returns a town's assessments, the oldest round first.
func (s *stage) heads(town int) []assessment.Head {
	s.t.Helper()
	list, err := s.store.HeadsOfTown(s.t.Context(), s.towns[town].AGS)
	must(s.t, err)
	slices.Reverse(list)
	return list
}

// tables returns every row of the tables that hold what towns and agencies have entered.
func (s *stage) tables() string {
	s.t.Helper()
	var b strings.Builder
	for _, table := range []string{"assessments", "answers", "changes", "handovers", "evidence", "evidence_files", "rounds", "participants", "releases", "checklists", "events", "municipalities"} {
		lines := s.lines(context.WithoutCancel(s.t.Context()), table)
		slices.Sort(lines)
		fmt.Fprintf(&b, "%s\n%s\n", table, strings.Join(lines, "\n"))
	}
	return b.String()
}

func (s *stage) lines(ctx context.Context, table string) (lines []string) {
	s.t.Helper()
	rows, err := s.raw.QueryContext(ctx, `SELECT * FROM `+table)
	must(s.t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(s.t, err)
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		must(s.t, rows.Scan(into...))
		lines = append(lines, fmt.Sprintf("%v", values))
	}
	must(s.t, rows.Err())
	return lines
}
