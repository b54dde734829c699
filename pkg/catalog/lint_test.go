package catalog

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
	"ortsspiegel/pkg/internal/testkit"
)

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func has(problems []Problem, code validate.Code) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Code == code })
}

func printed(problems []Problem) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.String() + " [" + string(p.Code) + "]\n")
	}
	return b.String()
}

// large are the rules whose file would be too large to keep.
var large = map[validate.Code]func(base []byte) []byte{
	codeTooLarge:      func([]byte) []byte { return bytes.Repeat([]byte("#"), MaxBytes+1) },
	codeTooManyValues: func([]byte) []byte { return []byte("id: [" + strings.Repeat("a,", maxCommas+1) + "]") },
	codeTooManyProblems: func(base []byte) []byte {
		return append(slices.Clone(base), "extra: ["+strings.Repeat("!a x,", maxProblems+10)+"]\n"...)
	},
	validate.CodeQuestionsMany: func(base []byte) []byte {
		return append(slices.Clone(base), strings.Repeat("      - {id: a1, text: {de: F, en: Q}, type: text}\n",
			checklist.MaxQuestions)...)
	},
}

// nameCodes are the rules about a file's name, existence and neighbours; TestLintNames,
// TestLintNeighbours and TestLintFolders have them.
var nameCodes = []validate.Code{codeUnreadable, codeFolderName, codeFileName, codePublishedForm, codePublishedEdited,
	codePublishedLate, codePublishedGone, codeUnpublished, codeVersionBefore}

// steps are the rules about a step from testdata/step/before.yaml.
var steps = []validate.Code{
	validate.CodeChangesMissing, validate.CodeChangesBefore, validate.CodeMappingSource, validate.CodeMappingLost,
	validate.CodeMappingClaimed,
	validate.CodeMappingReused, validate.CodeMappingCycle, validate.CodeMappingFit, validate.CodeMappingUnit,
	validate.CodeMappingOrder, validate.CodeMappingNumber,
	validate.CodeOptionLost, validate.CodeOptionForgotten, validate.CodeOptionForeign, codeVersionStep,
}

// TestRules holds every rule to a file of its own, with all that the linter says about it beside it.
func TestRules(t *testing.T) {
	base := readFile(t, "testdata/valid/base.yaml")
	for code, severity := range Codes() {
		t.Run(string(code), func(t *testing.T) {
			if slices.Contains(nameCodes, code) {
				return
			}
			name := string(code) + ".yaml"
			raw := []byte(nil)
			if make := large[code]; make != nil {
				raw = make(base)
			} else {
				raw = readFile(t, filepath.Join("testdata", "lint", name))
			}
			d, problems := Parse(name, raw)
			if (d == nil) != HasErrors(problems) {
				t.Errorf("definition %v with problems\n%s", d != nil, printed(problems))
			}
			if slices.Contains(steps, code) {
				problems = lintStep(t, raw)
			}
			i := slices.IndexFunc(problems, func(p Problem) bool { return p.Code == code })
			if i < 0 {
				t.Fatalf("the rule does not speak; instead\n%s", printed(problems))
			}
			if problems[i].Severity != severity {
				t.Errorf("severity %q, want %q", problems[i].Severity, severity)
			}
			if large[code] == nil {
				testkit.Golden(t, filepath.Join("testdata", "lint", string(code)+".golden"), []byte(printed(problems)))
			}
		})
	}
}

// TestEveryFileHasARule finds files whose rule is gone.
func TestEveryFileHasARule(t *testing.T) {
	files, err := filepath.Glob("testdata/lint/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		code := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(f), ".yaml"), ".golden")
		if _, ok := Codes()[validate.Code(code)]; !ok {
			t.Errorf("%s belongs to no rule", f)
		}
	}
}

func TestValidFilesHaveNoProblem(t *testing.T) {
	files, err := filepath.Glob("testdata/valid/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d valid files: %v", len(files), err)
	}
	for _, f := range files {
		if d, problems := Parse(f, readFile(t, f)); d == nil || len(problems) > 0 {
			t.Errorf("%s:\n%s", f, printed(problems))
		}
	}
}

func osOpen(path string) (fs.File, error) { return os.Open(path) }

func TestLintNames(t *testing.T) {
	base := readFile(t, "testdata/valid/base.yaml")
	write := func(parts ...string) string {
		path := filepath.Join(append([]string{t.TempDir()}, parts...)...)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, base, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, tt := range []struct {
		name     string
		path     string
		code     validate.Code
		severity validate.Severity
	}{
		{"in its place", write("checklists", "beispiel", "1.0.0.yaml"), "", ""},
		{"other folder", write("checklists", "anderes", "1.0.0.yaml"), codeFolderName, validate.SeverityError},
		{"other version", write("checklists", "beispiel", "1.0.1.yaml"), codeFileName, validate.SeverityError},
		{"other suffix", write("checklists", "beispiel", "1.0.0.yml"), codeFileName, validate.SeverityError},
		{"a draft somewhere", write("entwurf", "1.0.0.yaml"), codeFolderName, validate.SeverityWarning},
		{"no file", filepath.Join(t.TempDir(), "missing.yaml"), codeUnreadable, validate.SeverityError},
		{"a folder", t.TempDir(), codeUnreadable, validate.SeverityError},
	} {
		t.Run(tt.name, func(t *testing.T) {
			problems := Lint([]string{tt.path}, osOpen)
			if tt.code == "" {
				if len(problems) > 0 {
					t.Error(printed(problems))
				}
				return
			}
			if len(problems) != 1 || problems[0].Code != tt.code || problems[0].Severity != tt.severity ||
				problems[0].File != tt.path {
				t.Errorf("want one %s %s, got\n%s", tt.severity, tt.code, printed(problems))
			}
		})
	}
}

func TestLintListsTheProblemsOfAllFiles(t *testing.T) {
	problems := Lint([]string{"testdata/lint/tab.yaml", "testdata/lint/alias.yaml"}, osOpen)
	if !has(problems, codeTab) || !has(problems, codeAlias) {
		t.Error(printed(problems))
	}
	if none := Lint(nil, osOpen); none == nil {
		t.Error("no problems are null in JSON, not an empty list")
	}
}

func TestProblemString(t *testing.T) {
	p := Problem{"a/1.0.0.yaml", 3, 7, validate.SeverityError, codeTab, "tab: spaces"}
	if got := p.String(); got != "a/1.0.0.yaml:3:7: error: tab: spaces" {
		t.Error(got)
	}
}

// TestProblemsComeAllAtOnce mixes rules of all stages in one file.
func TestProblemsComeAllAtOnce(t *testing.T) {
	raw := string(readFile(t, "testdata/valid/base.yaml"))
	for _, r := range [][2]string{{"weight: 30", "wieght: 30"}, {"points: 50", "points: 150"},
		{"type: text", "type: essay"}, {"question: b1", "question: b9"}, {"from: 80", "from: 20"},
		{"max: 100", "max: hundert"}} {
		raw = strings.Replace(raw, r[0], r[1], 1)
	}
	_, problems := Parse("all.yaml", []byte(raw))
	var codes []validate.Code
	for _, p := range problems {
		codes = append(codes, p.Code)
	}
	want := []validate.Code{validate.CodePointsRange, validate.CodeLevelOrder, codeMissingKey, codeUnknownKey,
		codeWrongType, validate.CodeTypeUnknown, validate.CodeWhenQuestion}
	if !slices.Equal(codes, want) {
		t.Errorf("got %v, want %v\n%s", codes, want, printed(problems))
	}
}
