package catalog

import (
	"bytes"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/prose"
)

func TestParsePublished(t *testing.T) {
	a, b, c := strings.Repeat("a", 64), strings.Repeat("b", 64), strings.Repeat("0", 64)
	good := a + "  anderes/1.0.0.yaml\n" + b + "  willkommen/1.9.0.yaml\n" + c + "  willkommen/1.10.0.yaml\n"
	for _, tt := range []struct {
		name, data string
		want       []string // "line:column: part of the message"; none: it is a list
	}{
		{"nothing", "", nil},
		{"good", good, nil},
		{"an empty line", a + "  anderes/1.0.0.yaml\n\n" + b + "  willkommen/1.0.0.yaml\n",
			[]string{"2:1: the line is empty"}},
		{"a missing line break", a + "  anderes/1.0.0.yaml", []string{"1:1: the last line does not end"}},
		{"line breaks of Windows", strings.ReplaceAll(good, "\n", "\r\n"),
			[]string{"1:1: the line ends with CR", "2:1: the line ends with CR", "3:1: the line ends with CR"}},
		{"one space", a + " anderes/1.0.0.yaml\n", []string{"1:1: this is no line"}},
		{"sha256sum's binary mode", a + " *anderes/1.0.0.yaml\n", []string{"1:1: this is no line"}},
		{"capitals", strings.ToUpper(a) + "  anderes/1.0.0.yaml\n", []string{"1:1: this is no line"}},
		{"a short hash", a[:63] + "  anderes/1.0.0.yaml\n", []string{"1:1: this is no line"}},
		{"another folder", a + "  checklists/anderes/1.0.0.yaml\n", []string{"1:1: this is no line"}},
		{"no folder", a + "  1.0.0.yaml\n", []string{"1:1: this is no line"}},
		{"upwards", a + "  ../1.0.0.yaml\n", []string{"1:67: ../1.0.0.yaml is no version"}},
		{"no version", good + c + "  willkommen/neu.yaml\n", []string{"4:67: willkommen/neu.yaml is no version"}},
		{"no id", a + "  Willkommen/1.0.0.yaml\n", []string{"1:67: Willkommen/1.0.0.yaml is no version"}},
		{"twice", good + b + "  willkommen/1.10.0.yaml\n", []string{"4:1: willkommen@1.10.0 stands in the list twice"}},
		{"versions as texts", a + "  willkommen/1.10.0.yaml\n" + b + "  willkommen/1.9.0.yaml\n",
			[]string{"2:1: willkommen@1.9.0 stands after willkommen@1.10.0"}},
		{"ids", b + "  willkommen/1.10.0.yaml\n" + a + "  anderes/1.0.0.yaml\n",
			[]string{"2:1: anderes@1.0.0 stands after"}},
		{"a merge conflict", "<<<<<<< HEAD\n" + good + "=======\n>>>>>>> other\n",
			[]string{"1:1: this is no line", "5:1: this is no line", "6:1: this is no line"}},
		{"too long", strings.Repeat("x", maxPublished+1), []string{"1:1: the list has 1048577 bytes"}},
		{"invalid UTF-8", "\xff\n", []string{"1:1: this is no line"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, problems := ParsePublished(PublishedFile, []byte(tt.data))
			if (p == nil) != (len(problems) > 0) || (len(tt.want) > 0) != (len(problems) > 0) {
				t.Fatalf("%v with\n%s", p, printed(problems))
			}
			if p != nil && string(p.Bytes()) != tt.data {
				t.Errorf("written as\n%s", p.Bytes())
			}
			for i, w := range tt.want {
				place, message, _ := strings.Cut(w, ": ")
				if i >= len(problems) || !strings.HasPrefix(problems[i].String(),
					PublishedFile+":"+place+": error: "+message) {
					t.Errorf("want %s, got\n%s", w, printed(problems))
				}
			}
			if len(tt.want) != len(problems) {
				t.Errorf("got\n%s", printed(problems))
			}
		})
	}
}

func FuzzParsePublished(f *testing.F) {
	f.Add([]byte(strings.Repeat("a", 64) + "  anderes/1.0.0.yaml\n"))
	f.Add([]byte(strings.Repeat("a", 64) + "  anderes/1.0.0.yaml\n" + strings.Repeat("b", 64) +
		"  anderes/1.0.1.yaml\n"))
	f.Add([]byte("\r\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, problems := ParsePublished("x", data)
		if (p == nil) != (len(problems) > 0) {
			t.Fatalf("%v with\n%s", p, printed(problems))
		}
		if p != nil && !bytes.Equal(p.Bytes(), data) {
			t.Errorf("%q is written as %q", data, p.Bytes())
		}
	})
}

// publishedFolder has two published versions, one that is not, and a list.
func publishedFolder(t *testing.T) fstest.MapFS {
	t.Helper()
	before, next := readFile(t, "testdata/step/before.yaml"), readFile(t, "testdata/step/next.yaml")
	draft := bytes.Replace(before, []byte("version: 1.0.0"), []byte("version: 3.0.0"), 1)
	list := Published{{ID: "beispiel", Version: "1.0.0"}: Hash(before), {ID: "beispiel", Version: "2.0.0"}: Hash(next),
		{ID: "weg", Version: "1.0.0"}: Hash(nil)}
	return fstest.MapFS{"beispiel/1.0.0.yaml": file(before), "beispiel/2.0.0.yaml": file(next),
		"beispiel/3.0.0.yaml": file(draft), PublishedFile: file(list.Bytes())}
}

func TestOpenListsOnlyWhatIsPublished(t *testing.T) {
	files := publishedFolder(t)
	c, err := Open(files)
	if err != nil {
		t.Fatal(err)
	}
	refs, err := c.Refs()
	if err != nil || !slices.Equal(refs, []checklist.Ref{{ID: "beispiel", Version: "2.0.0"},
		{ID: "beispiel", Version: "1.0.0"}}) {
		t.Errorf("%v, %v", refs, err)
	}
	versions, err := c.Versions("beispiel")
	if err != nil || !slices.Equal(versions, []checklist.Version{"1.0.0", "2.0.0"}) {
		t.Errorf("%v, %v", versions, err)
	}
	if gone := c.Gone(); !slices.Equal(gone, []checklist.Ref{{ID: "weg", Version: "1.0.0"}}) {
		t.Errorf("gone: %v", gone)
	}
	for _, ref := range []checklist.Ref{{ID: "beispiel", Version: "3.0.0"}, {ID: "weg", Version: "1.0.0"},
		{ID: "fehlt", Version: "1.0.0"}} {
		if _, _, err := c.Get(ref); !fault.Is(err, fault.NotFound) {
			t.Errorf("Get(%s): %v", ref, err)
		}
	}
	for _, id := range []checklist.ID{"weg", "fehlt"} {
		if _, err := c.Versions(id); !fault.Is(err, fault.NotFound) {
			t.Errorf("Versions(%s): %v", id, err)
		}
	}
	if err := c.Build(); err != nil {
		t.Error(err)
	}
	// what happens to the files afterwards has no effect
	d, raw, err := c.Get(refs[0])
	if err != nil || d.Version != "2.0.0" || Hash(raw) != d.Hash {
		t.Fatalf("%v, %v", d, err)
	}
	clear(files)
	if again, _, err := c.Get(refs[0]); err != nil || again != d {
		t.Errorf("after the files went: %v", err)
	}
	refs[0].ID = "x"
	if again, err := c.Refs(); err != nil || again[0].ID != "beispiel" {
		t.Errorf("a caller changed the list: %v, %v", again, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(fstest.MapFS)
		code   string
		says   []string
	}{
		{"an edited file", func(f fstest.MapFS) {
			f["beispiel/1.0.0.yaml"].Data = []byte("id: x\n")
		}, "published_edited",
			[]string{"beispiel/1.0.0.yaml", Hash([]byte("id: x\n")), Hash(readFile(t, "testdata/step/before.yaml")),
				"publish the change as a new version"}},
		{"two edited files", func(f fstest.MapFS) {
			f["beispiel/1.0.0.yaml"].Data, f["beispiel/2.0.0.yaml"].Data = nil, nil
		}, "published_edited",
			[]string{"beispiel/1.0.0.yaml", "beispiel/2.0.0.yaml"}},
		{"other line ends", func(f fstest.MapFS) {
			f["beispiel/1.0.0.yaml"].Data = bytes.ReplaceAll(f["beispiel/1.0.0.yaml"].Data, []byte("\n"),
				[]byte("\r\n"))
		}, "published_edited", []string{"beispiel/1.0.0.yaml"}},
		{"a file that has grown without end", func(f fstest.MapFS) {
			f["beispiel/1.0.0.yaml"].Data = bytes.Repeat([]byte("#"), 2*MaxBytes)
		}, "published_edited", []string{"beispiel/1.0.0.yaml"}},
		{"no list", func(f fstest.MapFS) {
			delete(f, PublishedFile)
		}, "checklists_unpublished", []string{"ortsspiegel publish"}},
		{"an empty list", func(f fstest.MapFS) {
			f[PublishedFile].Data = nil
		}, "checklists_unpublished", []string{"ortsspiegel publish"}},
		{"a broken list", func(f fstest.MapFS) {
			f[PublishedFile].Data = []byte("x\ny\n")
		}, "published_form", []string{"published.sum:1:1", "published.sum:2:1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := publishedFolder(t)
			tt.change(files)
			_, err := Open(files)
			f := fault.As(err)
			if f == nil || f.Kind != fault.Invalid || f.Code != tt.code {
				t.Fatalf("%v", err)
			}
			text := f.Message
			for _, field := range f.Fields {
				text += "\n" + field.Name + ": " + field.Message
			}
			for _, s := range tt.says {
				if !strings.Contains(text, s) {
					t.Errorf("%q is missing in\n%s", s, text)
				}
			}
		})
	}
	if _, err := Open(brokenFS{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a broken disk: %v", err)
	}
	files := publishedFolder(t)
	files["beispiel/1.0.0.yaml/x"] = file(nil) // a folder where a file was
	delete(files, "beispiel/1.0.0.yaml")
	if _, err := Open(files); err == nil {
		t.Error("a folder in the place of a file")
	}
}

// TestBuildFindsWhatCannotBeRead: somebody wrote the list by hand.
func TestBuildFindsWhatCannotBeRead(t *testing.T) {
	raw := []byte("id: beispiel\n")
	c, err := Open(fstest.MapFS{"beispiel/1.0.0.yaml": file(raw),
		PublishedFile: file([]byte(Hash(raw) + "  beispiel/1.0.0.yaml\n"))})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Build(); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	other := readFile(t, "testdata/valid/base.yaml")
	c, err = Open(fstest.MapFS{"anderes/1.0.0.yaml": file(other),
		PublishedFile: file([]byte(Hash(other) + "  anderes/1.0.0.yaml\n"))})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Build(); !fault.Is(err, fault.Invalid) {
		t.Errorf("under another name: %v", err)
	}
}

// TestPublishedChecklists refuses edited published files of this repository.
func TestPublishedChecklists(t *testing.T) {
	c, err := Open(os.DirFS(filepath.Join("..", "..", "checklists")))
	if err != nil {
		t.Fatal(err, fault.As(err).Fields)
	}
	if gone := c.Gone(); len(gone) > 0 {
		t.Errorf("published files are gone: %v", gone)
	}
	if err := c.Build(); err != nil {
		t.Error(err)
	}
	shipped, err := fs.ReadFile(checklists.FS, PublishedFile)
	if err != nil || !bytes.Equal(shipped, readFile(t, filepath.Join("..", "..", "checklists", PublishedFile))) {
		t.Errorf("the list is not part of the program: %v", err)
	}
	// the linter knows their neighbours and finds nothing
	files, err := filepath.Glob("../../checklists/*/*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	if problems := Lint(files, osOpen); len(problems) > 0 {
		t.Error(printed(problems))
	}
	for _, f := range files {
		if !bytes.HasPrefix(readFile(t, f), []byte("# yaml-language-server: $schema=../checklist.schema.json\n")) {
			t.Errorf("%s does not tell editors its schema", f)
		}
	}
}

// BenchmarkOpen is what a server's start costs: hash and build every published checklist.
func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := Open(checklists.FS)
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Build(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestPublishedTextsStayAsTheyAre: the shipped versions were written as plain text, and reading them as CommonMark
// changes none of them.
func TestPublishedTextsStayAsTheyAre(t *testing.T) {
	c := New(checklists.FS)
	refs, err := c.Refs()
	if err != nil || len(refs) < 4 {
		t.Fatal(refs, err)
	}
	for _, ref := range refs {
		d, _, err := c.Get(ref)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range d.Questions() {
			for _, text := range []checklist.Text{q.Help, q.Evidence} {
				for _, lang := range d.Languages {
					s := text.In(lang)
					if w := prose.Write(s, ""); w.Rest != "" || html.UnescapeString(w.Lead) != s ||
						prose.Plain(s) != s {
						t.Errorf("%s %s %s: %q becomes %+v", ref, q.ID, lang, s, w)
					}
				}
			}
		}
	}
}
