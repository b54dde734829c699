package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// asChild is what this test program does instead of its tests where a variable of the
// environment names a data folder: a process that can be killed or limited.
var asChild = map[string]func(dir string) int{stormDir: storm, linksDir: useLinks}

func TestMain(m *testing.M) {
	for variable, run := range asChild {
		if dir := os.Getenv(variable); dir != "" {
			os.Exit(run(dir))
		}
	}
	os.Exit(testkit.RunKeeping(m))
}

var noon = time.Date(2026, 11, 3, 12, 0, 0, 123456000, time.UTC)

// databases are what the whole suite runs on.
var databases = []string{"sqlite", "postgres"}

// onEach runs a test on every database, each time on an empty one.
func onEach(t *testing.T, f func(t *testing.T, s *store.Store)) {
	t.Helper()
	for _, name := range databases {
		t.Run(name, func(t *testing.T) {
			c := store.Config{DataDir: t.TempDir()}
			if name == "postgres" {
				c = store.Config{DatabaseURL: testkit.Postgres(t)}
			}
			f(t, openStore(t, c))
		})
	}
}

func openStore(t testing.TB, c store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func onSQLite(t testing.TB) (*store.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	return openStore(t, store.Config{DataDir: dir}), dir
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantFault checks kind and code; an empty code is any.
func wantFault(t testing.TB, err error, kind fault.Kind, code string) {
	t.Helper()
	f := fault.As(err)
	if f == nil || f.Kind != kind || (code != "" && f.Code != code) {
		t.Fatalf("got error %v, want %v %q", err, kind, code)
	}
}

const suedwestfalen region.ID = "suedwestfalen"

// town returns the i-th of made-up municipalities in districts of 15.
func town(i int) region.Municipality {
	ags := region.AGS(fmt.Sprintf("%05d%03d", 5000+i/15, i%15))
	return region.Municipality{AGS: ags, Name: fmt.Sprintf("Ort %05d", i), OfficialName: fmt.Sprintf("Ort %05d, Stadt",
		i), Kind: "Stadt",
		District: region.District{Key: ags.District(), Name: "Kreis"}, Population: 5000 + 100*i,
		PopulationDate: "2024-12-31",
		AreaKm2:        12.34, Lat: 51.25, Lon: 8.125}
}

func towns(n int) []region.Municipality {
	list := make([]region.Municipality, n)
	for i := range list {
		list[i] = town(i)
	}
	return list
}

// openRound makes a region of n towns with one open round, a month around noon.
func openRound(t testing.TB, s *store.Store, n int) round.ID {
	t.Helper()
	ctx := context.Background()
	list := towns(n)
	must(t, s.SaveRegion(ctx, region.Region{ID: suedwestfalen, Name: "Südwestfalen", Agency: "Agentur",
		Source: "Quelle"}, list, account.Event{}))
	members := make([]region.Member, n)
	ags := make([]region.AGS, n)
	for i, m := range list {
		members[i], ags[i] = region.Member{AGS: m.AGS, Population: m.Population}, m.AGS
	}
	raw := []byte("id: probe\n")
	r := round.Round{Region: suedwestfalen, Title: "Probe 2026",
		Checklist: checklist.Ref{ID: "probe", Version: "1.0.0"},
		Hash:      fmt.Sprintf("%x", sha256.Sum256(raw)), Opens: noon.AddDate(0, 0, -10),
		Closes: noon.AddDate(0, 0, 20),
		Status: round.Planned, Created: noon}
	id, err := s.Create(ctx, r, []lineage.Pinned{{Ref: r.Checklist, Hash: r.Hash, Raw: raw}}, ags,
		event(account.EventRoundCreated))
	must(t, err)
	must(t, s.SetStatus(ctx, id, round.Planned, round.Open, noon, region.Groups(members),
		event(account.EventRoundOpened)))
	return id
}

func event(kind account.EventKind) account.Event {
	return account.Event{At: noon, Actor: 7, Name: "Erika Muster", Kind: kind, Region: suedwestfalen,
		Town: town(0).AGS, Subject: "Probe 2026"}
}

// assessmentOf returns the assessment of the i-th town.
func assessmentOf(t testing.TB, s *store.Store, id round.ID, i int) assessment.ID {
	t.Helper()
	list, err := s.Participants(context.Background(), id)
	must(t, err)
	for _, p := range list {
		if p.Town.AGS == town(i).AGS {
			return p.Assessment
		}
	}
	t.Fatalf("town %d does not take part", i)
	return 0
}

// write returns an answer that chooses one option.
func write(id assessment.ID, q checklist.QuestionID, option checklist.OptionID, revision int) assessment.Write {
	return assessment.Write{ID: id, Question: q, Given: true, Answer: options(option), Revision: revision, By: 7,
		ByName: "Erika Muster", At: noon}
}

func options(list ...checklist.OptionID) checklist.Answer {
	return checklist.Answer{Kind: checklist.AnswerOptions, Options: list}
}

// saveOne writes one answer as somebody with an account does.
func saveOne(ctx context.Context, s *store.Store, w assessment.Write) (assessment.Entry, error) {
	list, err := s.Save(ctx, w.ID, w.At, nil, w)
	if err != nil {
		return assessment.Entry{}, err
	}
	return list[0], nil
}
