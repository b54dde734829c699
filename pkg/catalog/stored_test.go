package catalog

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
)

// TestStoredChecklistsOutliveTheRules reads bytes that today's rules refuse and that a round may have pinned.
func TestStoredChecklistsOutliveTheRules(t *testing.T) {
	base := string(readFile(t, "testdata/valid/base.yaml"))
	for _, tt := range []struct {
		name, old, new string
		code           validate.Code
	}{
		{"a text that is too long", "Gibt es eine Seite?", strings.Repeat("ä", 501), validate.CodeTextLong},
		{"options that read alike", "label: {de: teilweise, en: partly}", "label: {de: \" Nein\", en: partly}",
			validate.CodeOptionAlike},
		{"a part of a condition that can never be true", "{question: b1, at_least: 5}",
			"{question: b1, at_least: 500}", validate.CodeWhenUnreachable},
		{"a help with HTML", "text: {de: Was hilft?, en: What helps?}",
			"text: {de: Was hilft?, en: What helps?}\n        help: {de: <b>a</b>, en: b}", validate.CodeProseHTML},
		{"a source without an address", "text: {de: Was hilft?, en: What helps?}",
			"text: {de: Was hilft?, en: What helps?}\n        source: {title: a, url: b}", validate.CodeSourceAddress},
		{"an id of another form", "id: b2", "id: Frage_2", validate.CodeNameForm},
		{"a language that is not declared", "{de: Tage, en: days}", "{de: Tage, fr: jours}",
			validate.CodeLanguageUndeclared},
		{"points above 100", "points: 60", "points: 160", validate.CodePointsRange},
		{"levels that do not ascend", "from: 80", "from: 20", validate.CodeLevelOrder},
		{"a knockout for an unknown level", "caps_at: basis", "caps_at: mitte", validate.CodeKnockoutLevel},
		{"a condition on an unknown question", "question: b1", "question: b9", validate.CodeWhenQuestion},
		{"a key the format no longer has", "weight: 30", "weight: 30\n    colour: blue", codeUnknownKey},
		{"a key the format did not have", "    title: {de: Erster Teil, en: First part}\n", "", codeMissingKey},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw := []byte(strings.Replace(base, tt.old, tt.new, 1))
			if d, problems := Parse("today.yaml", raw); d != nil || !has(problems, tt.code) {
				t.Fatalf("today's rules do not refuse it with %s:\n%s", tt.code, printed(problems))
			}
			hash := Hash(raw)
			c := New(fstest.MapFS{"beispiel/1.0.0.yaml": file(raw)})
			if _, _, err := c.Get(checklist.Ref{ID: "beispiel", Version: "1.0.0"}); !fault.Is(err, fault.Invalid) {
				t.Fatalf("a file that is not stored: %v", err)
			}
			if _, ok := c.ByHash(hash); ok {
				t.Error("a refused file counts as one that was built")
			}
			d, err := c.Definition(hash, raw)
			if err != nil {
				t.Fatal(err)
			}
			if d.Ref().String() != "beispiel@1.0.0" || d.Hash != hash || len(d.Questions()) != 4 {
				t.Errorf("%s with %d questions, hash %s", d.Ref(), len(d.Questions()), d.Hash)
			}
			if again, ok := c.ByHash(hash); !ok || again != d {
				t.Error("not kept")
			}
			survives(t, d)
			a1, _, _ := d.Question("a1")
			answer, err := a1.Parse([]string{"teils"})
			if err != nil {
				t.Fatal(err)
			}
			if r := score.Score(d, score.Answers{"a1": answer}); r.Score == nil || *r.Score <= 0 {
				t.Errorf("score %v", r.Score)
			}
			// published and not only stored: the list says that it was valid once
			published, err := Open(fstest.MapFS{"beispiel/1.0.0.yaml": file(raw),
				PublishedFile: file([]byte(hash + "  beispiel/1.0.0.yaml\n"))})
			if err != nil {
				t.Fatal(err)
			}
			if err := published.Build(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestStoredBytesThatCannotBeBuilt(t *testing.T) {
	base := readFile(t, "testdata/valid/base.yaml")
	for name, raw := range map[string][]byte{
		"nothing":         nil,
		"no YAML":         []byte("id: [\n"),
		"no checklist":    []byte("a: b\n"),
		"no questions":    []byte("id: beispiel\nversion: 1.0.0\n"),
		"no version":      bytes.Replace(base, []byte("version: 1.0.0\n"), nil, 1),
		"another version": bytes.Replace(base, []byte("version: 1.0.0\n"), []byte("version: neu\n"), 1),
		"a word":          bytes.Replace(base, []byte("max: 100"), []byte("max: viel"), 1),
		"an alias":        bytes.Replace(base, []byte("weight: 70"), []byte("weight: &x 70"), 1),
		"half the file":   base[:len(base)-20],
		"too large":       append(bytes.Clone(base), bytes.Repeat([]byte("#"), MaxBytes)...),
		"something else":  []byte("\x89PNG\r\n"),
		"a list of files": []byte("- 1.0.0.yaml\n"),
	} {
		if _, err := New(fstest.MapFS{}).Definition(Hash(raw), raw); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		} else if len(fault.As(err).Fields) == 0 {
			t.Errorf("%s: nothing is said about why", name)
		}
	}
}

// FuzzParseStored: whatever is built without the rules can be scored without a panic, and
// nothing is refused that the rules allow.
func FuzzParseStored(f *testing.F) {
	for _, name := range []string{"testdata/valid/base.yaml", "testdata/valid/changes.yaml",
		"testdata/valid/conditions.yaml", "testdata/valid/survey.yaml", "testdata/lint/when_cycle.yaml",
		"testdata/lint/question_duplicate.yaml", "testdata/lint/weights_zero.yaml", "testdata/lint/scale_unknown.yaml",
		"testdata/lint/targets_order.yaml", "testdata/lint/level_order.yaml", "testdata/lint/missing_key.yaml"} {
		f.Add(readFile(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		strict, _ := Parse("x", data)
		d, problems := ParseStored("x", data)
		if strict != nil && d == nil {
			t.Fatalf("valid, but it cannot be built\n%s", printed(problems))
		}
		if d == nil {
			return
		}
		answers := score.Answers{}
		for _, q := range d.Questions() {
			if len(q.Options) > 0 {
				answers[q.ID] = checklist.Answer{Kind: checklist.AnswerOptions,
					Options: []checklist.OptionID{q.Options[0].ID}}
			}
		}
		score.Score(d, answers).Derive()
	})
}
