package catalog

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
	"ortsspiegel/pkg/score"
)

func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// TestHostileFilesAreRefusedFast holds files that are made to be expensive to one second each.
func TestHostileFilesAreRefusedFast(t *testing.T) {
	base := string(readFile(t, "testdata/valid/base.yaml"))
	section := "  - id: s%d\n    title: {de: T}\n    weight: 1\n    questions:\n"
	for _, tt := range []struct {
		name string
		data string
		code validate.Code // one that must be among the problems
	}{
		{"no bytes", "", codeEmptyFile},
		{"spaces", "   \n\n", codeEmptyFile},
		{"newlines", strings.Repeat("\n", 1_000_000), codeEmptyFile},
		{"comments", strings.Repeat("#\n", 500_000), codeEmptyFile},
		{"one byte too many", base + strings.Repeat("#", MaxBytes+1-len(base)), codeTooLarge},
		{"100 MiB", strings.Repeat("a: b\n", 20<<20), codeTooLarge},
		{"anchors", "a:\n" + repeated(70_000, "- &a%d x\n"), codeAnchor},
		{"100 000 anchors", "a:\n" + repeated(100_000, "- &a%d x\n"), codeTooLarge},
		{"100 000 short anchors", "[" + strings.Repeat("&a x,", 100_000) + "]", codeAnchor},
		{"aliases", "a: &a x\nb:\n" + strings.Repeat("- *a\n", 150_000), codeAlias},
		{"unknown alias", "a: *b\n", codeAlias},
		{"billion laughs", "a: &a [x,x,x,x,x,x,x,x,x]\n" + repeated(20, "b%d: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"),
			codeAlias},
		{"alias of itself", "a: &a [*a]\n", codeAnchor},
		{"merge key", "sections: []\n<<: {id: x}\n", codeUnknownKey},
		{"deep lists", strings.Repeat("[", 10_000), codeTooDeep},
		{"deep mappings", strings.Repeat("{a: ", 10_000), codeTooDeep},
		{"deep blocks", strings.Repeat("- ", 10_000), codeTooDeep},
		{"deep keys", strings.Repeat("? ", 100_000), codeTooDeep},
		{"deep indentation", func() string {
			var b strings.Builder
			for i := range 1000 {
				b.WriteString(strings.Repeat(" ", i) + "a:\n")
			}
			return b.String()
		}(), codeTooDeep},
		{"deep conditions", base + "      - {id: b3, text: {de: F, en: Q}, type: text, when: " +
			strings.Repeat("{not: ", 20) + "{question: a1, any_of: [ja]}" + strings.Repeat("}", 20) + "}\n",
			validate.CodeWhenDeep},
		{"invalid UTF-8", "id: \xff\xfe\n", codeEncoding},
		{"truncated UTF-8", "id: \xc3", codeEncoding},
		{"UTF-16", "\xff\xfei\x00d\x00:\x00", codeEncoding},
		{"binary", "\x7fELF\x02\x01\x01\x00\x00", codeControl},
		{"PNG", "\x89PNG\r\n\x1a\n", codeEncoding},
		{"zip", "PK\x03\x04\x14\x00", codeControl},
		{"NUL", "id: a\x00b\n", codeControl},
		{"tabs", "id: a\n\tversion: b\n", codeTab},
		{"a list", "- a\n- b\n", codeWrongType},
		{"a word", "hello\n", codeWrongType},
		{"null", "~\n", codeWrongType},
		{"JSON", `{"id": "a"}`, codeMissingKey},
		{"documents", strings.Repeat("---\n", 200_000), codeDocuments},
		{"flow keys", "{" + strings.Repeat("a,", 400_000) + "}", codeTooManyValues},
		{"flow keys below the limit", "{" + strings.Repeat("a,", maxCommas-1) + "}", codeDuplicateKey},
		{"many keys", repeated(100_000, "a%d:\n"), codeUnknownKey},
		{"mapping as key", "{a: b}: c\n", codeWrongType},
		{"one long text", base + "x: \"" + strings.Repeat("ä", 400_000) + "\"\n", codeUnknownKey},
		{"one long key", base + strings.Repeat("ä", 400) + ": x\n", codeUnknownKey},
		{"tags", "[" + strings.Repeat("!a b,", 99_000) + "]", codeTag},
		{"huge numbers", strings.Replace(base, "weight: 30", "weight: "+strings.Repeat("9", 500_000), 1),
			codeNumberForm},
		{"huge exponent", strings.Replace(base, "weight: 30", "weight: 1.0e+999999999", 1), codeNumberForm},
		{"languages", strings.Replace(base, "[de, en]", "[de"+strings.Repeat(", xx, q", 40_000)+"]", 1),
			validate.CodeLanguagesMany},
		{"options and references", strings.Replace(base, "sections:",
			"sections:\n  - id: x\n    title: {de: X}\n    weight: 1\n    questions:\n      - id: x1\n        text: "+
				"{de: X}\n        type: multi\n        options:\n"+
				repeated(15_000, "          - {id: o%d, label: {de: x}}\n")+
				"      - id: x2\n        text: {de: X}\n        type: text\n        when: {question: x1, any_of: [a"+
				strings.Repeat(",a", 80_000)+"]}", 1), validate.CodeOptionsMany},
		{"alternatives", strings.Replace(base, "        when: {any:",
			"        when: {all: ["+strings.TrimSuffix(
				strings.Repeat(
					"{any: [{question: a1, any_of: [ja]}, {question: b1, at_least: 5}, {not: {question: a2, any_of: "+
						"[leicht]}}]},", 500), ",")+"]}\n        extra: {any:", 1), codeUnknownKey},
		{"chain of cycles", "id: x\nlanguages: [de]\nsections:\n" + fmt.Sprintf(section, 1) + func() string {
			var b strings.Builder
			for i := range 2000 {
				fmt.Fprintf(&b, "      - {id: q%d, text: {de: F}, type: text, when: {question: q%d, any_of: [a]}}\n",
					i, (i+1)%2000)
			}
			return b.String()
		}(), validate.CodeWhenCycle},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := []byte(tt.data)
			d, problems, took := timed(data)
			if d != nil || !has(problems, tt.code) {
				if len(problems) > 5 {
					problems = problems[:5]
				}
				t.Errorf("definition %v, want %s among the problems\n%s", d != nil, tt.code, printed(problems))
			}
			if took > limit {
				t.Errorf("took %v", took)
			}
			if len(problems) > maxProblems+1 {
				t.Errorf("%d problems are listed", len(problems))
			}
			for _, p := range problems {
				if len(p.Message) > 1000 {
					t.Errorf("a message of %d bytes", len(p.Message))
				}
			}
		})
	}
}

// limit is what any file may take.
const limit = 2 * time.Second

// timed parses a file and takes the time; a machine that is busy with something else gets two
// more tries.
func timed(data []byte) (d *checklist.Definition, problems []Problem, took time.Duration) {
	for range 5 {
		start := time.Now()
		d, problems = Parse("timed.yaml", data)
		if took = time.Since(start); took < limit {
			break
		}
	}
	return d, problems, took
}

// TestLargestChecklist reads a checklist at the limits of the format.
func TestLargestChecklist(t *testing.T) {
	var b strings.Builder
	b.WriteString(
		"id: gross\nversion: 1.0.0\nkind: assessment\nlanguages: [de]\ntitle: {de: Groß}\nlevels: [{id: a, from: 0, " +
			"label: {de: A}}]\n")
	b.WriteString(
		"scales: {s: {options: [{id: n, points: 0, label: {de: N}}, {id: j, points: 100, label: {de: " +
			"J}}]}}\nsections:\n")
	for s := range checklist.MaxSections {
		fmt.Fprintf(&b, "  - id: s%d\n    title: {de: T}\n    weight: 1\n    questions:\n", s)
		for q := range checklist.MaxQuestions / checklist.MaxSections {
			when := ""
			if n := s*20 + q; n > 0 {
				when = fmt.Sprintf(", when: {question: q%d, any_of: [j]}", n-1)
			}
			fmt.Fprintf(&b, "      - {id: q%d, text: {de: Frage}, type: choice, scale: s%s}\n", s*20+q, when)
		}
	}
	d, problems, took := timed([]byte(b.String()))
	if d == nil || len(problems) > 0 {
		t.Fatal(printed(problems))
	}
	if took > limit {
		t.Errorf("took %v", took)
	}
	if n := len(d.Questions()); n != checklist.MaxQuestions {
		t.Errorf("%d questions", n)
	}
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/valid/*.yaml", "testdata/lint/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range files {
			raw, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, problems := Parse("fuzz.yaml", data)
		if (d == nil) != HasErrors(problems) {
			t.Fatalf("definition %v with problems\n%s", d != nil, printed(problems))
		}
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") +
			strings.Count(string(data), "\u2028") + strings.Count(string(data), "\u2029") +
			strings.Count(string(data), "\u0085") + 2
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines || p.Column < 1 || p.Message == "" || p.Severity == "" {
				t.Errorf("%#v in %d lines", p, lines)
			}
		}
		if d != nil {
			survives(t, d)
		}
	})
}

// survives scores a definition without answers: the score is 0 or undefined, and nothing panics.
func survives(t *testing.T, d *checklist.Definition) {
	t.Helper()
	r := score.Score(d, score.Answers{})
	if r.Score != nil && *r.Score != 0 {
		t.Errorf("score %v without answers", *r.Score)
	}
	r.Derive()
	if len(d.Questions()) == 0 || len(d.Hash) != 64 {
		t.Error("a definition without questions or hash")
	}
}
