package catalog

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
)

func file(content []byte) *fstest.MapFile { return &fstest.MapFile{Data: content} }

func folder(t *testing.T) (fstest.MapFS, []byte) {
	t.Helper()
	base := readFile(t, "testdata/valid/base.yaml")
	version := func(v string) *fstest.MapFile {
		return file(bytes.Replace(base, []byte("version: 1.0.0"), []byte("version: "+v), 1))
	}
	return fstest.MapFS{
		"beispiel/1.0.0.yaml":  file(base),
		"beispiel/1.2.0.yaml":  version("1.2.0"),
		"beispiel/1.10.0.yaml": version("1.10.0"),
		"beispiel/notes.md":    file([]byte("# notes")),
		"beispiel/draft.yaml":  file([]byte("id: x")),
		"anderes/1.0.0.yaml":   file(base),
		"kaputt/1.0.0.yaml":    file([]byte("id: kaputt\n")),
		"leer/README.md":       file(nil),
		"Falsch/1.0.0.yaml":    file(base),
		"published.sum":        file(nil),
	}, base
}

func TestCatalogLists(t *testing.T) {
	files, _ := folder(t)
	c := New(files)
	refs, err := c.Refs()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range refs {
		got = append(got, r.String())
	}
	want := []string{"anderes@1.0.0", "beispiel@1.10.0", "beispiel@1.2.0", "beispiel@1.0.0", "kaputt@1.0.0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	versions, err := c.Versions("beispiel")
	if err != nil || !slices.Equal(versions, []checklist.Version{"1.0.0", "1.2.0", "1.10.0"}) {
		t.Errorf("versions %v, %v", versions, err)
	}
	for _, id := range []checklist.ID{"fehlt", "leer", "../beispiel", ""} {
		if _, err := c.Versions(id); !fault.Is(err, fault.NotFound) {
			t.Errorf("Versions(%q): %v", id, err)
		}
	}
}

func TestCatalogGet(t *testing.T) {
	files, base := folder(t)
	c := New(files)
	d, raw, err := c.Get(checklist.Ref{ID: "beispiel", Version: "1.0.0"})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(raw, base) || d.Hash != Hash(base) || d.Ref().String() != "beispiel@1.0.0" {
		t.Errorf("%s, hash %s", d.Ref(), d.Hash)
	}
	again, _, err := c.Get(checklist.Ref{ID: "beispiel", Version: "1.0.0"})
	if err != nil || again != d {
		t.Errorf("parsed twice: %v", err)
	}
	for _, tt := range []struct {
		ref  checklist.Ref
		kind fault.Kind
		code string
	}{
		{checklist.Ref{ID: "beispiel", Version: "9.0.0"}, fault.NotFound, "checklist_not_found"},
		{checklist.Ref{ID: "fehlt", Version: "1.0.0"}, fault.NotFound, "checklist_not_found"},
		{checklist.Ref{ID: "../etc", Version: "1.0.0"}, fault.NotFound, "checklist_not_found"},
		{checklist.Ref{ID: "beispiel", Version: "../1.0.0"}, fault.NotFound, "checklist_not_found"},
		{checklist.Ref{ID: "kaputt", Version: "1.0.0"}, fault.Invalid, "checklist_invalid"},
		{checklist.Ref{ID: "anderes", Version: "1.0.0"}, fault.Invalid, "checklist_invalid"},
	} {
		_, _, err := c.Get(tt.ref)
		f := fault.As(err)
		if f == nil || f.Kind != tt.kind || f.Code != tt.code {
			t.Errorf("Get(%s): %v", tt.ref, err)
		} else if tt.kind == fault.Invalid && len(f.Fields) == 0 {
			t.Errorf("Get(%s) does not say what is wrong", tt.ref)
		}
	}
}

func TestCatalogKeepsStoredChecklists(t *testing.T) {
	base := readFile(t, "testdata/valid/base.yaml")
	c := New(fstest.MapFS{})
	hash := Hash(base)
	if _, ok := c.ByHash(hash); ok {
		t.Error("known before it was given")
	}
	d, err := c.Definition(hash, base)
	if err != nil {
		t.Fatal(err)
	}
	if again, ok := c.ByHash(hash); !ok || again != d {
		t.Error("not kept")
	}
	if again, err := c.Definition(hash, nil); err != nil || again != d {
		t.Errorf("asks for the bytes again: %v", err)
	}
	altered := bytes.Replace(base, []byte("points: 50"), []byte("points: 60"), 1)
	if _, err := New(fstest.MapFS{}).Definition(hash, altered); fault.KindOf(err) != fault.Internal || err == nil {
		t.Errorf("altered bytes: %v", err)
	}
	if _, err := c.Definition(Hash([]byte("id: x")), []byte("id: x")); !fault.Is(err, fault.Invalid) {
		t.Errorf("broken bytes: %v", err)
	}
	if _, err := c.Definition("", nil); err == nil {
		t.Error("no hash and no bytes give a checklist")
	}
}

type brokenFS struct{}

func (brokenFS) Open(string) (fs.File, error) { return nil, errors.New("input/output error") }

func TestCatalogOnABrokenDisk(t *testing.T) {
	c := New(brokenFS{})
	if _, err := c.Refs(); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	if _, err := c.Versions("beispiel"); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	if _, _, err := c.Get(checklist.Ref{ID: "beispiel", Version: "1.0.0"}); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
}

func TestCatalogConcurrently(t *testing.T) {
	files, base := folder(t)
	c := New(files)
	hash := Hash(base)
	var wg sync.WaitGroup
	got := make([]*checklist.Definition, 32)
	for i := range got {
		wg.Go(func() {
			c.ByHash(hash)
			if i%2 == 0 {
				got[i], _, _ = c.Get(checklist.Ref{ID: "beispiel", Version: "1.0.0"})
			} else {
				got[i], _ = c.Definition(hash, base)
			}
		})
	}
	wg.Wait()
	for i, d := range got {
		if d == nil || d != got[0] {
			t.Fatalf("caller %d got %p, the first %p", i, d, got[0])
		}
	}
}

// TestShippedChecklists reads what is part of the program.
func TestShippedChecklists(t *testing.T) {
	c := New(checklists.FS)
	refs, err := c.Refs()
	if err != nil || len(refs) < 2 {
		t.Fatalf("%v, %v", refs, err)
	}
	for _, ref := range refs {
		d, raw, err := c.Get(ref)
		if err != nil {
			t.Errorf("%s: %v", ref, err)
			continue
		}
		if _, problems := Parse(ref.String(), raw); len(problems) > 0 {
			t.Errorf("%s:\n%s", ref, printed(problems))
		}
		survives(t, d)
	}
}

// TestDefinition checks that every part of a file arrives.
func TestDefinition(t *testing.T) {
	d, problems := Parse("changes.yaml", readFile(t, "testdata/valid/changes.yaml"))
	if d == nil {
		t.Fatal(printed(problems))
	}
	if d.ID != "beispiel" || d.Version != "2.0.0" || d.Kind != checklist.KindAssessment ||
		!slices.Equal(d.Languages, []checklist.Lang{"de", "en"}) {
		t.Errorf("head: %+v", d)
	}
	if d.Title.In("en") != "Example" || d.Title.In("fr") != "Beispiel" || d.Summary.In("de") != "Ein kleines Beispiel" {
		t.Errorf("texts: %+v %+v", d.Title, d.Summary)
	}
	if len(d.Levels) != 3 || d.Levels[1].From != 40 || d.Levels[1].ID != "basis" {
		t.Errorf("levels: %+v", d.Levels)
	}
	a1, s, _ := d.Question("a1")
	if s.Weight != 30 || a1.Weight != 1 || len(a1.Options) != 3 || *a1.Options[1].Points != 50 ||
		a1.Scale != "janein" || a1.Knockout.Below != 50 || a1.Knockout.CapsAt != "basis" {
		t.Errorf("a1: %+v", a1)
	}
	a2, _, _ := d.Question("a2")
	if !a2.Options[2].Exclusive || a2.When.AtLeastOption != "teils" || a2.When.AtLeastNumber != nil {
		t.Errorf("a2: %+v", a2)
	}
	b1, _, _ := d.Question("b1")
	if b1.Unit.In("en") != "days" || b1.Min.String() != "0" || b1.Max.String() != "100" || b1.Step.String() != "1" ||
		b1.Weight != 2 || b1.Targets[1].At.String() != "10" || b1.Targets[0].Points != 100 {
		t.Errorf("b1: %+v", b1)
	}
	b2, _, _ := d.Question("b2")
	if !b2.NotApplicable || len(b2.When.Any) != 2 || b2.When.Any[1].AtLeastNumber.String() != "5" {
		t.Errorf("b2: %+v", b2)
	}
	m := d.Changes.Questions
	if d.Changes.From != "1.0.0" || len(m) != 4 || len(m[1].New) != 2 || m[2].Merge != "lowest" ||
		len(m[2].Old) != 2 || len(m[3].New) != 0 || m[3].Why.In("en") != "dropped" {
		t.Errorf("changes: %+v", d.Changes)
	}
	a, err := b1.Parse([]string{"5"})
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := score.Points(b1, a); !ok || p != 0.5 {
		t.Errorf("5 days are %v points", p)
	}
}

// TestBytesDecideTheHash: the same checklist with other line ends is another file.
func TestBytesDecideTheHash(t *testing.T) {
	lf, crlf := readFile(t, "testdata/valid/base.yaml"), readFile(t, "testdata/valid/crlf.yaml")
	a, _ := Parse("a", lf)
	b, _ := Parse("b", crlf)
	if a.Hash == b.Hash || a.Title.In("de") != b.Title.In("de") || strings.Contains(b.Title.In("de"), "\r") {
		t.Errorf("%s %s", a.Hash, b.Hash)
	}
}

func BenchmarkParse(b *testing.B) {
	raw, err := fs.ReadFile(checklists.FS, "willkommen/1.0.0.yaml")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if d, problems := Parse("willkommen/1.0.0.yaml", raw); d == nil {
			b.Fatal(printed(problems))
		}
	}
}
