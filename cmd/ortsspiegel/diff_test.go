package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/compare"
)

// TestDiff holds what people read to files: 2.0.0 uses every rule of the mapping.
func TestDiff(t *testing.T) {
	for _, c := range []struct{ from, to, file string }{
		{"willkommen@1.0.0", "willkommen@1.1.0", "diff-minor.golden"},
		{"willkommen@1.1.0", "willkommen@2.0.0", "diff-major.golden"},
		{"willkommen@1.0.0", "willkommen@2.0.0", "diff-chain.golden"},
	} {
		o := command(t, "diff", c.from, c.to).wants(t, 0)
		golden(t, c.file, o.out)
		if o.err != "" {
			t.Errorf("stderr %q", o.err)
		}
	}
}

// TestDiffNames finds the same versions by name, in a folder, and as files.
func TestDiffNames(t *testing.T) {
	folder := filepath.Join("..", "..", "checklists")
	older, newer := filepath.Join(folder, "willkommen", "1.0.0.yaml"), filepath.Join(folder, "willkommen", "2.0.0.yaml")
	want := command(t, "diff", "willkommen@1.0.0", "willkommen@2.0.0").wants(t, 0).out
	for _, args := range [][]string{{older, newer}, {"willkommen@1.0.0", newer}, {older, "willkommen@2.0.0"},
		{"--checklists", folder, "willkommen@1.0.0", "willkommen@2.0.0"}} {
		if got := command(t, append([]string{"diff"}, args...)...).wants(t, 0).out; got != want {
			t.Errorf("%v: another difference", args)
		}
	}
	command(t, "diff", "willkommen@2.0.0", newer).wants(t, 0, "no differences")
}

// TestDiffJSON holds the promise to scripts: the keys, and that what is new and old adds up.
func TestDiffJSON(t *testing.T) {
	o := command(t, "diff", "--json", "willkommen@1.0.0", "willkommen@2.0.0").wants(t, 0)
	if strings.Count(o.out, "\n") != 1 {
		t.Error("one line of JSON is expected")
	}
	var d diffOutput
	decode(t, o.out, &d)
	if d.Checklist != "willkommen" || d.From != "1.0.0" || d.To != "2.0.0" ||
		!slices.Equal(d.Path, []checklist.Version{"1.0.0", "1.1.0", "2.0.0"}) || len(d.Notes) != 2 {
		t.Errorf("%+v", d)
	}
	if d.Class != compare.ClassMajor || d.Next != "2.0.0" || d.Reasons[0].Class != compare.ClassMajor {
		t.Errorf("class %s, next %s", d.Class, d.Next)
	}
	old, share := map[checklist.QuestionID]bool{}, 0.0
	retired := 0
	for _, q := range d.Questions {
		for _, id := range q.Old {
			old[id] = true
		}
		share += q.NewShare
		if q.New == "" {
			retired++
		}
		for _, x := range q.Texts {
			var was, is string
			for _, w := range x.Words {
				if w.Op != compare.WordsAdded {
					was += w.Text
				}
				if w.Op != compare.WordsRemoved {
					is += w.Text
				}
			}
			if was != x.Old || is != x.New {
				t.Errorf("%s: %q and %q are not %q and %q", q.New, was, is, x.Old, x.New)
			}
		}
	}
	if len(old) != 59 || retired != d.Counts["retired"] || retired == 0 || share < 0.999999 || share > 1.000001 {
		t.Errorf("%d old questions, %d retired, shares add up to %v", len(old), retired, share)
	}
	var raw map[string]any
	decode(t, o.out, &raw)
	if got, want := keysOf(raw),
		"aspects checklist class counts from levels next notes path questions reasons scales sections texts "+
			"to"; got != want {
		t.Errorf("keys %s", got)
	}
	for list, want := range map[string]string{
		"reasons": "class code question section", "levels": "aspects id new old texts",
		"scales": "aspects new old options questions texts", "sections": "aspects id new old texts",
		"notes": "text version", "questions": "after aspects before new new_share old old_share texts",
	} {
		if got := keysOf(raw[list].([]any)[0].(map[string]any)); got != want {
			t.Errorf("keys of %s: %s", list, got)
		}
	}
}

// TestEveryAspectHasWords: what the comparison finds can be said.
func TestEveryAspectHasWords(t *testing.T) {
	for _, a := range compare.Aspects() {
		if aspectWords[a] == "" {
			t.Errorf("no words for %s", a)
		}
	}
}

func TestDiffIsRefused(t *testing.T) {
	dir := t.TempDir()
	raw, err := os.ReadFile(filepath.Join("..", "..", "checklists", "willkommen", "2.0.0.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	lonely := write(t, string(raw), dir, "willkommen", "2.0.0.yaml")
	broken := write(t, "id: [", dir, "willkommen", "3.0.0.yaml")
	for _, c := range []struct {
		code int
		args []string
		says string
	}{
		{2, nil, "two versions"},
		{2, []string{"willkommen@1.0.0"}, "two versions"},
		{2, []string{"willkommen@1.0.0", "willkommen@1.1.0", "willkommen@2.0.0"}, "two versions"},
		{2, []string{"willkommen", "willkommen@2.0.0"}, "a version such as"},
		{2, []string{"../willkommen@1.0.0", "willkommen@2.0.0"}, "a version such as"},
		{1, []string{"willkommen@2.0.0", "willkommen@1.0.0"}, "is later than"},
		{1, []string{"willkommen@1.0.0", "willkommen@9.0.0"}, "9.0.0.yaml"},
		{1, []string{"nirgends@1.0.0", "nirgends@2.0.0"}, "nirgends"},
		{1, []string{"barrierefreie-dienste@1.0.0", "willkommen@2.0.0"}, "different checklists"},
		{1, []string{"willkommen@1.0.0", lonely}, filepath.Join(dir, "willkommen", "1.1.0.yaml")},
		{1, []string{"willkommen@1.0.0", broken}, broken + ":2:1: error"},
		{1, []string{"--checklists", filepath.Join(dir, "gone"), "willkommen@1.0.0", "willkommen@2.0.0"}, "gone"},
		{1, []string{"willkommen@1.0.0", filepath.Join(dir, "gone.yaml")}, "gone.yaml"},
	} {
		o := command(t, append([]string{"diff"}, c.args...)...)
		if o.code != c.code || !strings.Contains(o.err, c.says) || o.out != "" {
			t.Errorf("%v: exit code %d, stdout %q, stderr %q; want %d and %q", c.args, o.code, o.out, o.err, c.code,
				c.says)
		}
	}
}
