package lineage_test

import (
	"bytes"
	"database/sql"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit/setup"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

var (
	now   = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	admin = account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "here"}
)

const lonely region.AGS = "05958004"

// archive is a database with one region; every program that opens it has checklists of its own.
type archive struct {
	*store.Store
	t   *testing.T
	dir string
}

func newArchive(t *testing.T) *archive {
	t.Helper()
	a := &archive{t: t, dir: t.TempDir()}
	var err error
	a.Store, err = store.Open(t.Context(), store.Config{DataDir: a.dir})
	setup.Must(t, err)
	t.Cleanup(func() { setup.Must(t, a.Close()) })
	m := region.Municipality{AGS: lonely, Name: "Arnsberg", OfficialName: "Arnsberg", Kind: "Stadt",
		District:   region.District{Key: lonely.District(), Name: "Kreis"},
		Population: 74000, PopulationDate: "2025-12-31", AreaKm2: 100, Lat: 51, Lon: 8}
	setup.Must(t, a.SaveRegion(t.Context(), region.Region{ID: "here", Name: "Hier", Agency: "Agentur", Source: "Test"},
		[]region.Municipality{m}, account.Event{}))
	return a
}

// program is what starts on the database.
type program struct {
	*round.Service
	*lineage.Versions
}

// program starts on the database with some files.
func (a *archive) program(files fs.FS) program { return a.of(catalog.New(files)) }

func (a *archive) of(files *catalog.Catalog) program {
	a.t.Helper()
	versions := lineage.New(a.Store, files)
	s, err := round.NewService(a.Store, versions, a.Store, disclosure.DefaultRules(), func() time.Time { return now })
	setup.Must(a.t, err)
	return program{s, versions}
}

func (a *archive) round(s program, version checklist.Version) round.Round {
	a.t.Helper()
	id, err := s.Create(a.t.Context(), admin,
		round.New{Title: "Runde", Checklist: checklist.Ref{ID: "willkommen", Version: version},
			Opens: now, Closes: now.AddDate(0, 1, 0), Towns: []region.AGS{lonely}})
	setup.Must(a.t, err)
	r, err := s.Round(a.t.Context(), admin, account.ViewRound, id)
	setup.Must(a.t, err)
	return r
}

// files are some versions of the checklist, with other bytes where edited says so.
func files(t *testing.T, edited map[checklist.Version]string, versions ...checklist.Version) fstest.MapFS {
	t.Helper()
	folder := fstest.MapFS{}
	for _, v := range versions {
		name := "willkommen/" + string(v) + ".yaml"
		raw, err := fs.ReadFile(checklists.FS, name)
		setup.Must(t, err)
		folder[name] = &fstest.MapFile{Data: append(raw, edited[v]...)}
	}
	return folder
}

func versionsOf(p *carry.Path) []checklist.Version {
	var list []checklist.Version
	for _, d := range p.Versions() {
		list = append(list, d.Version)
	}
	return list
}

func (a *archive) wantPath(s program, from, to round.Round, want ...checklist.Version) *carry.Path {
	a.t.Helper()
	p, err := s.Path(a.t.Context(), from.Hash, to.Hash)
	setup.Must(a.t, err)
	if got := versionsOf(p); !slices.Equal(got, want) || p.From().Hash != from.Hash || p.To().Hash != to.Hash {
		a.t.Errorf("the way leads over %v from %s to %s, want %v", got, p.From().Hash, p.To().Hash, want)
	}
	return p
}

// A round keeps all that led to its checklist byte for byte, so that its town's answers find
// their way when not one file is left.
func TestARoundKeepsWhatLedToItsChecklist(t *testing.T) {
	a := newArchive(t)
	all := files(t, nil, "1.0.0", "1.1.0", "2.0.0")
	s := a.program(all)
	first, newest := a.round(s, "1.0.0"), a.round(s, "2.0.0")
	pins, err := a.Lineage(t.Context(), newest.Hash)
	setup.Must(t, err)
	if len(pins) != 3 {
		t.Fatalf("%d versions are kept", len(pins))
	}
	for i, v := range []checklist.Version{"2.0.0", "1.1.0", "1.0.0"} {
		if raw := all["willkommen/"+string(v)+".yaml"].Data; pins[i].Ref.Version != v ||
			!bytes.Equal(pins[i].Raw, raw) || pins[i].Hash != catalog.Hash(raw) {
			t.Errorf("kept as number %d: %s %s", i, pins[i].Ref, pins[i].Hash)
		}
	}
	without := a.program(fstest.MapFS{})
	p := a.wantPath(without, first, newest, "1.0.0", "1.1.0", "2.0.0")
	if again := a.wantPath(without, first, newest, "1.0.0", "1.1.0", "2.0.0"); again != p {
		t.Error("the way is looked for twice")
	}
	if len(p.Common()) == 0 {
		t.Error("no question leads from the first version to the newest")
	}
	a.wantPath(without, newest, newest, "2.0.0")
	_, err = without.Path(t.Context(), newest.Hash, first.Hash)
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a way back: %v", err)
	}
	_, err = without.Path(t.Context(), "unknown", newest.Hash)
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a way from nowhere: %v", err)
	}
}

func TestPinnedVersionsNeedNoFile(t *testing.T) {
	a := newArchive(t)
	first := checklist.Ref{ID: "willkommen", Version: "1.0.0"}
	none := a.program(fstest.MapFS{})
	if _, err := none.Pinned(t.Context(), first); !fault.Is(err, fault.NotFound) ||
		fault.As(err).Code != "checklist_not_found" {
		t.Errorf("before there is a round: %v", err)
	}
	a.round(a.program(files(t, nil, "1.0.0", "1.1.0")), "1.1.0")
	d, err := none.Pinned(t.Context(), first)
	setup.Must(t, err)
	if d.Ref() != first || d.Hash != catalog.Hash(files(t, nil, "1.0.0")["willkommen/1.0.0.yaml"].Data) {
		t.Errorf("kept is %s %s", d.Ref(), d.Hash)
	}
	if _, err := none.Pinned(t.Context(), checklist.Ref{ID: "willkommen", Version: "2.0.0"}); !fault.Is(err,
		fault.NotFound) {
		t.Errorf("a version that no round keeps: %v", err)
	}
}

// The rounds of older programs have pinned their own checklist alone.
func TestRoundsFromBeforeAncestorsWerePinned(t *testing.T) {
	a := newArchive(t)
	s := a.program(files(t, nil, "1.0.0", "1.1.0", "2.0.0"))
	first, second, newest := a.round(s, "1.0.0"), a.round(s, "1.1.0"), a.round(s, "2.0.0")
	db, err := sql.Open("sqlite", "file:"+filepath.Join(a.dir, store.DatabaseFile)+"?_pragma=busy_timeout(10000)")
	setup.Must(t, err)
	defer db.Close()
	_, err = db.Exec(`UPDATE checklists SET from_hash = NULL`)
	setup.Must(t, err)

	// The files stand in, the newest version's own not being needed.
	a.wantPath(a.program(files(t, nil, "1.0.0", "1.1.0")), first, newest, "1.0.0", "1.1.0", "2.0.0")
	// Another edition of the version between is a way too, and one of the first is not lost.
	a.wantPath(a.program(files(t, map[checklist.Version]string{"1.0.0": "\n# edited\n", "1.1.0": "\n# edited\n"},
		"1.0.0", "1.1.0")), first, newest, "1.0.0", "1.1.0", "2.0.0")
	// Neighbours need no file at all.
	none := a.program(fstest.MapFS{})
	a.wantPath(none, second, newest, "1.1.0", "2.0.0")
	a.wantPath(none, first, second, "1.0.0", "1.1.0")
	if _, err := none.Path(t.Context(), first.Hash, newest.Hash); !fault.Is(err, fault.NotFound) {
		t.Errorf("a way over a version that is nowhere: %v", err)
	}
	// A broken file leads nowhere, and hurts no page.
	broken := files(t, nil, "1.0.0", "1.1.0")
	broken["willkommen/1.1.0.yaml"].Data = []byte("id: [")
	if _, err := a.program(broken).Path(t.Context(), first.Hash, newest.Hash); !fault.Is(err, fault.NotFound) {
		t.Errorf("a way over a broken file: %v", err)
	}

	// A new round on the same checklist heals it.
	a.round(a.program(files(t, nil, "1.0.0", "1.1.0", "2.0.0")), "2.0.0")
	a.wantPath(a.program(fstest.MapFS{}), first, newest, "1.0.0", "1.1.0", "2.0.0")
}

// A round that could offer no earlier answer, because a version between is nowhere, is not created without a word.
func TestARoundNeedsWhatLedToItsChecklist(t *testing.T) {
	a := newArchive(t)
	ref := func(v checklist.Version) round.New {
		return round.New{Title: "Runde", Checklist: checklist.Ref{ID: "willkommen", Version: v}, Opens: now,
			Closes: now.AddDate(0, 1, 0), Towns: []region.AGS{lonely}}
	}
	first := a.round(a.program(files(t, nil, "1.0.0")), "1.0.0")
	for _, folder := range []fstest.MapFS{files(t, nil, "2.0.0"), files(t, nil, "1.0.0", "2.0.0")} {
		_, err := a.program(folder).Create(t.Context(), admin, ref("2.0.0"))
		f := fault.As(err)
		if f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != "checklist" ||
			f.Fields[0].Code != "checklist_gap" || f.Fields[0].Args["Version"] != "1.1.0" {
			t.Fatalf("with a version missing: %v", err)
		}
		if !strings.Contains(f.Fields[0].Message, "version 1.1.0") {
			t.Errorf("the message names no version: %s", f.Fields[0].Message)
		}
	}
	// What rounds keep stands in for the file, at every place of the way.
	a.wantPath(a.program(fstest.MapFS{}), first, a.round(a.program(files(t, nil, "1.1.0")), "1.1.0"), "1.0.0", "1.1.0")
	newest := a.round(a.program(files(t, nil, "2.0.0")), "2.0.0")
	a.wantPath(a.program(fstest.MapFS{}), first, newest, "1.0.0", "1.1.0", "2.0.0")
}

// A dry run needs no file either: what rounds keep lies between.
func TestPathToNeedsNoFileBetween(t *testing.T) {
	a := newArchive(t)
	first := a.round(a.program(files(t, nil, "1.0.0")), "1.0.0")
	s := a.program(files(t, nil, "2.0.0"))
	to, err := s.Version(first.Checklist.ID, "2.0.0")
	setup.Must(t, err)
	if _, err := s.PathTo(t.Context(), first.Hash, to); !fault.Is(err, fault.NotFound) {
		t.Errorf("a way over a version that is nowhere: %v", err)
	}
	a.round(a.program(files(t, nil, "1.1.0")), "1.1.0")
	p, err := s.PathTo(t.Context(), first.Hash, to)
	setup.Must(t, err)
	if got := versionsOf(p); !slices.Equal(got, []checklist.Version{"1.0.0", "1.1.0", "2.0.0"}) {
		t.Errorf("the way leads over %v", got)
	}
}

func TestTwoEditionsOfOneVersion(t *testing.T) {
	a := newArchive(t)
	old := a.round(a.program(files(t, map[checklist.Version]string{"1.0.0": "\n# as it was first\n"}, "1.0.0")),
		"1.0.0")
	s := a.program(files(t, nil, "1.0.0", "1.1.0"))
	same, next := a.round(s, "1.0.0"), a.round(s, "1.1.0")
	if old.Hash == same.Hash {
		t.Fatal("both editions have the same bytes")
	}
	a.wantPath(s, old, same, "1.0.0", "1.0.0")
	a.wantPath(s, old, next, "1.0.0", "1.1.0")
	a.wantPath(s, same, next, "1.0.0", "1.1.0")
}

func TestRoundsAreCreatedFromPublishedVersionsOnly(t *testing.T) {
	a := newArchive(t)
	folder := files(t, nil, "1.0.0", "1.1.0")
	folder[catalog.PublishedFile] = &fstest.MapFile{Data: []byte(catalog.Hash(folder["willkommen/1.0.0.yaml"].Data) +
		"  willkommen/1.0.0.yaml\n")}
	published, err := catalog.Open(folder)
	setup.Must(t, err)
	s := a.of(published)
	a.round(s, "1.0.0")
	_, err = s.Create(t.Context(), admin,
		round.New{Title: "Runde", Checklist: checklist.Ref{ID: "willkommen", Version: "1.1.0"},
			Opens: now, Closes: now.AddDate(0, 1, 0), Towns: []region.AGS{lonely}})
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != "checklist" ||
		f.Fields[0].Code != "checklist_unknown" {
		t.Errorf("a round on an unpublished version: %v", err)
	}
}
