package catalog

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/compare"
)

var versionKey = regexp.MustCompile(`(?m)^version: (.*)$`)

// among puts files into a folder of checklists and returns how the linter opens them.
func among(files map[string]string) func(string) (fs.File, error) {
	fsys := fstest.MapFS{}
	for name, content := range files {
		fsys["checklists/"+name] = file([]byte(content))
	}
	return func(path string) (fs.File, error) { return fsys.Open(filepath.ToSlash(path)) }
}

// lintStep lints a later version of testdata/step/before.yaml beside it.
func lintStep(t testing.TB, raw []byte) []Problem {
	t.Helper()
	name := "beispiel/" + string(versionKey.FindSubmatch(raw)[1]) + ".yaml"
	open := among(map[string]string{"beispiel/1.0.0.yaml": string(readFile(t, "testdata/step/before.yaml")),
		name: string(raw)})
	return Lint([]string{filepath.Join("checklists", name)}, open)
}

func TestStepWithoutProblems(t *testing.T) {
	if problems := lintStep(t, readFile(t, "testdata/step/next.yaml")); len(problems) > 0 {
		t.Error(printed(problems))
	}
}

// TestStepsAreNoFirstVersions makes sure that what the steps' test files show is not seen in one file alone.
func TestStepsAreNoFirstVersions(t *testing.T) {
	for _, code := range steps {
		name := filepath.Join("testdata", "lint", string(code)+".yaml")
		if d, problems := Parse(name, readFile(t, name)); d == nil || len(problems) > 0 {
			t.Errorf("%s alone:\n%s", name, printed(problems))
		}
	}
}

func line(content, name string) string {
	return fmt.Sprintf("%s  %s\n", Hash([]byte(content)), name)
}

func TestLintNeighbours(t *testing.T) {
	before, next := string(readFile(t, "testdata/step/before.yaml")), string(readFile(t, "testdata/step/next.yaml"))
	numbered := func(content, version string) string {
		return versionKey.ReplaceAllString(content, "version: "+version)
	}
	skipping := strings.Replace(numbered(next, "3.0.0"), "from: 1.0.0", "from: 2.0.0", 1)
	long := strings.Replace(before, "Gibt es eine Seite?", strings.Repeat("a", 501), 1)
	stray := map[string]string{"beispiel/1.0.0.yaml": before, "beispiel/1.5.0.yaml": numbered(before, "1.5.0"),
		"beispiel/2.0.0.yaml": next,
		PublishedFile:         line(before, "beispiel/1.0.0.yaml") + line(next, "beispiel/2.0.0.yaml")}
	level := strings.Replace(numbered(before, "1.0.1"), "\nsections:",
		"\n  - {id: gut, from: 50, label: {de: Gut}}\nsections:", 1) + "changes: {from: 1.0.0, note: {de: Neu}}\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		lint  string
		want  []string // as printed, without the folder
	}{
		{"alone", map[string]string{"beispiel/1.0.0.yaml": before}, "beispiel/1.0.0.yaml", nil},
		{"two versions", map[string]string{"beispiel/1.0.0.yaml": before, "beispiel/2.0.0.yaml": next},
			"beispiel/2.0.0.yaml", nil},
		{"the earlier of two", map[string]string{"beispiel/1.0.0.yaml": before, "beispiel/2.0.0.yaml": next},
			"beispiel/1.0.0.yaml", nil},
		{"without the version before", map[string]string{"beispiel/2.0.0.yaml": next}, "beispiel/2.0.0.yaml",
			[]string{
				"beispiel/2.0.0.yaml:36:9: warning: there is no file of version 1.0.0 beside this one: what carries " +
					"over from it was not checked [version_before]",
			}},
		{"a broken version before", map[string]string{"beispiel/1.0.0.yaml": "id: [", "beispiel/2.0.0.yaml": next},
			"beispiel/2.0.0.yaml",
			[]string{
				"beispiel/2.0.0.yaml:35:1: warning: the version before, 1.0.0.yaml, cannot be read: what carries " +
					"over from it was not checked; correct that file first [version_before]",
			}},
		{"another checklist before", map[string]string{"beispiel/1.0.0.yaml": strings.Replace(before, "id: beispiel",
			"id: anderes", 1), "beispiel/2.0.0.yaml": next}, "beispiel/2.0.0.yaml",
			[]string{
				"beispiel/2.0.0.yaml:35:1: warning: the version before, 1.0.0.yaml, cannot be read: what carries " +
					"over from it was not checked; correct that file first [version_before]",
			}},
		{"the nearest version counts", map[string]string{"beispiel/1.0.0.yaml": before,
			"beispiel/1.10.0.yaml": strings.Replace(numbered(before, "1.10.0"), "id: a3", "id: a4", 1),
			"beispiel/1.9.0.yaml":  numbered(before, "1.9.0"), "beispiel/2.0.0.yaml": next}, "beispiel/2.0.0.yaml",
			[]string{
				"beispiel/2.0.0.yaml:36:9: error: from names 1.0.0 and the version before this is 1.10.0: name that " +
					"one [changes_before]",
			}},
		{"through a chain", map[string]string{"beispiel/1.0.0.yaml": before, "beispiel/2.0.0.yaml": next,
			"beispiel/3.0.0.yaml": skipping}, "beispiel/3.0.0.yaml",
			[]string{`beispiel/3.0.0.yaml:39:13: error: version 2.0.0 has no question "a3": name one of its questions [mapping_source]`,
				`beispiel/3.0.0.yaml:39:22: error: "c1" has answers of its own in the version before`,
				`beispiel/3.0.0.yaml:40:13: error: version 2.0.0 has no question "b3": name one of its questions [mapping_source]`}},
		{"published", map[string]string{"beispiel/1.0.0.yaml": before,
			PublishedFile: line(before, "beispiel/1.0.0.yaml")}, "beispiel/1.0.0.yaml", nil},
		{"edited after it was published", map[string]string{"beispiel/1.0.0.yaml": before + "\n",
			PublishedFile: line(before, "beispiel/1.0.0.yaml")}, "beispiel/1.0.0.yaml",
			[]string{"beispiel/1.0.0.yaml:1:1: error: beispiel@1.0.0 is published and was edited: its SHA-256 is " +
				Hash([]byte(before+"\n")) + " and must be " + Hash([]byte(before)) +
				"; restore the file, and publish the change as a new version [published_edited]"}},
		{"edited in its line endings alone",
			map[string]string{"beispiel/1.0.0.yaml": strings.ReplaceAll(before, "\n", "\r\n"),
				PublishedFile: line(before, "beispiel/1.0.0.yaml")}, "beispiel/1.0.0.yaml",
			[]string{
				"beispiel/1.0.0.yaml:1:1: error: beispiel@1.0.0 is published and differs in its line endings alone, " +
					"which are CR and LF here and were LF: restore the file, and keep editor and version control " +
					"from changing them [published_edited]",
			}},
		{"edited in its line endings, the other way round", map[string]string{"beispiel/1.0.0.yaml": before,
			PublishedFile: line(strings.ReplaceAll(before, "\n", "\r\n"), "beispiel/1.0.0.yaml")},
			"beispiel/1.0.0.yaml",
			[]string{
				"beispiel/1.0.0.yaml:1:1: error: beispiel@1.0.0 is published and differs in its line endings alone, " +
					"which are LF here and were CR and LF",
			}},
		{"a stray draft between published ones does not matter to those", stray, "beispiel/2.0.0.yaml", nil},
		{"a stray draft between published ones", stray, "beispiel/1.5.0.yaml",
			[]string{"beispiel/1.5.0.yaml:1:1: error: the block changes is missing",
				"beispiel/1.5.0.yaml:2:10: error: 2.0.0 is published already, and versions are published in " +
					"ascending order"}},
		{"a new level", map[string]string{"beispiel/1.0.0.yaml": before, "beispiel/1.0.1.yaml": level},
			"beispiel/1.0.1.yaml",
			[]string{
				"beispiel/1.0.1.yaml:2:10: warning: the changes since 1.0.0 make this a minor version (new: level " +
					"gut): 1.1.0 is the smallest number for it",
			}},
		{"a version with a leading zero", map[string]string{"beispiel/1.0.0.yaml": before,
			"beispiel/1.01.0.yaml": numbered(next, "1.01.0")}, "beispiel/1.01.0.yaml",
			[]string{`beispiel/1.01.0.yaml:2:10: error: "1.01.0" is no version`}},
		{"a version that no number holds", map[string]string{"beispiel/1.0.0.yaml": before,
			"beispiel/99999999999999999999.0.0.yaml": numbered(next, "99999999999999999999.0.0")},
			"beispiel/99999999999999999999.0.0.yaml",
			[]string{`beispiel/99999999999999999999.0.0.yaml:2:10: error: "99999999999999999999.0.0" is no version`}},
		{"edited to no YAML", map[string]string{"beispiel/1.0.0.yaml": "",
			PublishedFile: line(before, "beispiel/1.0.0.yaml")}, "beispiel/1.0.0.yaml",
			[]string{"beispiel/1.0.0.yaml:1:1: error: the file is empty",
				"beispiel/1.0.0.yaml:1:1: error: beispiel@1.0.0 is published and was edited"}},
		{"below a published one", map[string]string{"beispiel/1.0.0.yaml": before,
			PublishedFile: line(next, "beispiel/2.0.0.yaml")}, "beispiel/1.0.0.yaml",
			[]string{
				"beispiel/1.0.0.yaml:2:10: error: 2.0.0 is published already, and versions are published in " +
					"ascending order: this one needs a higher number [published_late]",
			}},
		{"rules that came later", map[string]string{"beispiel/1.0.0.yaml": long,
			PublishedFile: line(long, "beispiel/1.0.0.yaml")}, "beispiel/1.0.0.yaml",
			[]string{
				"beispiel/1.0.0.yaml:19:29: warning: the text has 501 characters: at most 500 are possible [text_long]",
			}},
		{"a broken list", map[string]string{"beispiel/1.0.0.yaml": before, PublishedFile: "x\n"}, "beispiel/1.0.0.yaml",
			[]string{
				"published.sum:1:1: error: this is no line of the list: a SHA-256 in small letters, two spaces and " +
					"<id>/<version>.yaml are expected [published_form]",
			}},
		{"a draft with another name", map[string]string{"beispiel/1.0.0.yaml": before, "beispiel/entwurf.yaml": next,
			PublishedFile: "x\n"}, "beispiel/entwurf.yaml",
			[]string{
				"beispiel/entwurf.yaml:1:1: error: the version is 2.0.0 and the file's name is entwurf.yaml: " +
					"2.0.0.yaml is expected [file_name]",
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			problems := Lint([]string{filepath.Join("checklists", filepath.FromSlash(tt.lint))}, among(tt.files))
			got := strings.Split(strings.TrimSuffix(strings.ReplaceAll(printed(problems), "checklists/", ""), "\n"),
				"\n")
			if len(problems) == 0 {
				got = nil
			}
			if !slices.EqualFunc(got, tt.want, func(got, want string) bool { return strings.HasPrefix(got, want) }) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestLintFolders(t *testing.T) {
	before := string(readFile(t, "testdata/step/before.yaml"))
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // the beginning of what is printed
	}{
		{"all there", map[string]string{"beispiel/1.0.0.yaml": before,
			PublishedFile: line(before, "beispiel/1.0.0.yaml")}, ""},
		{"no list", map[string]string{"beispiel/1.0.0.yaml": before},
			"published.sum:1:1: warning: no checklist of this folder is published"},
		{"an empty list", map[string]string{"beispiel/1.0.0.yaml": before, PublishedFile: ""},
			"published.sum:1:1: warning: no checklist of this folder is published"},
		{"a broken list, which is told beside the files", map[string]string{"beispiel/1.0.0.yaml": before,
			PublishedFile: "x\n"}, ""},
		{"no version", map[string]string{"beispiel/entwurf.yaml": before}, ""},
		{"a file that is gone", map[string]string{"beispiel/1.0.0.yaml": before,
			PublishedFile: line(before, "beispiel/1.0.0.yaml") + line(before, "weg/1.0.0.yaml")},
			"published.sum:2:67: warning: weg@1.0.0 is published and its file is gone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			problems := LintFolders([]string{"checklists", "checklists/beispiel"}, among(tt.files))
			got := strings.ReplaceAll(printed(problems), "checklists/", "")
			if len(problems) > 1 || !strings.HasPrefix(got, tt.want) || (got == "") != (tt.want == "") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestBrokenListIsToldOnce lints two files beside the same list.
func TestBrokenListIsToldOnce(t *testing.T) {
	before := string(readFile(t, "testdata/step/before.yaml"))
	open := among(map[string]string{"beispiel/1.0.0.yaml": before, "anderes/1.0.0.yaml": before, PublishedFile: "x\n"})
	problems := Lint([]string{"checklists/beispiel/1.0.0.yaml", "checklists/anderes/1.0.0.yaml"}, open)
	n := 0
	for _, p := range problems {
		if p.Code == codePublishedForm {
			n++
		}
	}
	if n != 1 {
		t.Error(printed(problems))
	}
}

// FuzzNeighbours lints any two files as neighbours: whatever the earlier one is, the later one gets an answer.
func FuzzNeighbours(f *testing.F) {
	before, next := readFile(f, "testdata/step/before.yaml"), readFile(f, "testdata/step/next.yaml")
	f.Add(before, next)
	f.Add(next, before)
	for _, code := range steps {
		raw := readFile(f, filepath.Join("testdata", "lint", string(code)+".yaml"))
		f.Add(before, raw)
		f.Add(raw, next)
	}
	f.Add(bytes.Replace(before, []byte("id: a3"), []byte("id: a1"), 1), next)
	f.Add(before, bytes.Replace(next, []byte("id: c1"), []byte("id: a1"), 1))
	f.Fuzz(func(t *testing.T, before, next []byte) {
		open := among(map[string]string{"beispiel/1.0.0.yaml": string(before), "beispiel/2.0.0.yaml": string(next)})
		for _, p := range Lint([]string{"checklists/beispiel/2.0.0.yaml", "checklists/beispiel/1.0.0.yaml"}, open) {
			if p.Line < 1 || p.Column < 1 || p.Message == "" || p.Severity == "" {
				t.Errorf("%#v", p)
			}
		}
		a, _ := ParseStored("a", before)
		b, _ := ParseStored("b", next)
		if a == nil || b == nil {
			return
		}
		if path, err := carry.NewPath(a, b); err == nil {
			compare.Compare(path).Reasons()
			path.Carry(nil)
		}
	})
}
