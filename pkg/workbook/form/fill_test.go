package form

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/sample"
)

// paper is a written form that a test fills in as a person would.
type paper struct {
	t testing.TB
	f *excelize.File
}

func onPaper(t testing.TB, data []byte) *paper {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return &paper{t, f}
}

// at finds an input by its part, question and option, such as "tick viele o3".
func (p *paper) at(input string) (sheet, cell string) {
	p.t.Helper()
	words := append(strings.Fields(input), "")
	name := formName(words[0], checklist.QuestionID(words[1]), checklist.OptionID(words[2]))
	for _, n := range p.f.GetDefinedName() {
		if n.Name == name {
			at, ok := parseReference(n.RefersTo)
			if !ok {
				p.t.Fatalf("%s refers to %s", name, n.RefersTo)
			}
			return at.sheet, at.cell()
		}
	}
	p.t.Fatalf("the form has no %s", name)
	return "", ""
}

func (p *paper) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// set writes into an input; formula, error cells and styled numbers have values of their own below.
func (p *paper) set(input string, v any) {
	p.t.Helper()
	sheet, cell := p.at(input)
	switch v := v.(type) {
	case asFormula:
		p.must(p.f.SetCellFormula(sheet, cell, string(v)))
	case styled:
		id, err := p.f.NewStyle(&excelize.Style{CustomNumFmt: &v.format})
		p.must(err)
		p.must(p.f.SetCellValue(sheet, cell, v.value))
		p.must(p.f.SetCellStyle(sheet, cell, cell, id))
	default:
		p.must(p.f.SetCellValue(sheet, cell, v))
	}
}

type asFormula string

type styled struct {
	value  float64
	format string
}

func (p *paper) bytes() []byte {
	p.t.Helper()
	var b bytes.Buffer
	_, err := p.f.WriteTo(&b)
	p.must(err)
	return b.Bytes()
}

func formular(t testing.TB) *checklist.Definition { return sample.Load(t, "../testdata/formular.yaml") }

// said writes what a form says to a question in one line.
func said(r assessment.Returned, id checklist.QuestionID) string {
	for _, p := range r.Problems {
		if p.Question == id {
			return strings.TrimSpace(fmt.Sprintf("problem %s at %s", p.Code, p.Cell))
		}
	}
	for _, f := range r.Filled {
		if f.Question != id {
			continue
		}
		var out []string
		switch in := assessment.InputOf(f.Answer); {
		case f.Blank:
		case f.Clear:
			out = append(out, "clear")
		case in.NotApplicable != nil:
			out = append(out, "not applicable: "+*in.NotApplicable)
		default:
			out = append(out, strings.Join(in.Values, "+"))
		}
		if f.Comment != "" {
			out = append(out, "comment: "+f.Comment)
		}
		if f.ClearComment {
			out = append(out, "clear comment")
		}
		return strings.Join(out, "; ")
	}
	return "nothing at all"
}

// TestFormUnderstands fills in one cell after another as people and programs do.
func TestFormUnderstands(t *testing.T) {
	d := formular(t)
	long := strings.Repeat("ä", 2001)
	type cells map[string]any
	for i, c := range []struct {
		question checklist.QuestionID
		cells    cells
		want     string
	}{
		{"wahl", nil, ""},
		{"wahl", cells{"value wahl": "Ja"}, "ja"},
		{"wahl", cells{"value wahl": "ja"}, "ja"},
		{"wahl", cells{"value wahl": "JA"}, "ja"},
		{"wahl", cells{"value wahl": "  ja \u00a0"}, "ja"},
		{"wahl", cells{"value wahl": "Yes"}, "ja"},
		{"wahl", cells{"value wahl": "no"}, "nein"},
		{"wahl", cells{"value wahl": "teil-weise"}, "teil-weise"},
		{"wahl", cells{"value wahl": "zum Teil – „halb-fertig“"}, "teil-weise"},
		{"wahl", cells{"value wahl": `zum  Teil - "halb–fertig"`}, "teil-weise"},
		{"wahl", cells{"value wahl": "zum\u00a0Teil — ‚halb\u2011fertig‘"}, "teil-weise"},
		{"wahl", cells{"value wahl": "zum Teil – »halb-fertig«\n"}, "teil-weise"},
		{"wahl", cells{"value wahl": "vielleicht"}, "problem option_unknown at E5"},
		{"wahl", cells{"value wahl": 3}, "problem option_unknown at E5"},
		{"wahl", cells{"value wahl": true}, "problem option_unknown at E5"},
		{"wahl", cells{"value wahl": "löschen"}, "clear"},
		{"wahl", cells{"value wahl": "LÖSCHEN "}, "clear"},
		{"wahl", cells{"value wahl": "clear"}, "clear"},
		{"wahl", cells{"reason wahl": "Das macht bei uns der Kreis."}, "not applicable: Das macht bei uns der Kreis."},
		{"wahl", cells{"value wahl": "trifft nicht zu", "reason wahl": "Das macht bei uns der Kreis."},
			"not applicable: Das macht bei uns der Kreis."},
		{"wahl", cells{"value wahl": "Not applicable", "reason wahl": "Das macht bei uns der Kreis."},
			"not applicable: Das macht bei uns der Kreis."},
		{"wahl", cells{"value wahl": "trifft nicht zu"}, "problem reason_short at E5"},
		{"wahl", cells{"reason wahl": "zu kurz"}, "problem reason_short at F5"},
		{"wahl", cells{"reason wahl": strings.Repeat("lang ", 300)}, "problem text_long at F5"},
		{"wahl", cells{"value wahl": "ja", "reason wahl": "Das macht bei uns der Kreis."}, "problem both at F5"},
		{"wahl", cells{"value wahl": "ja", "reason wahl": "löschen"}, "ja"},
		{"wahl", cells{"reason wahl": "löschen"}, "clear"},
		{"wahl", cells{"value wahl": "löschen", "reason wahl": "Das macht bei uns der Kreis."}, "clear"},
		{"wahl", cells{"comment wahl": "nur\r\nso "}, "comment: nur\nso"},
		{"wahl", cells{"comment wahl": "löschen"}, "clear comment"},
		{"wahl", cells{"comment wahl": long}, "problem comment_long at G5"},
		{"wahl", cells{"comment wahl": 7.5}, "comment: 7,5"},
		{"wahl", cells{"comment wahl": styled{46112, "dd.mm.yyyy"}}, "comment: 31.03.2026"},
		{"wahl", cells{"value wahl": "nein", "comment wahl": "=SUM(A1)"}, "nein; comment: =SUM(A1)"},
		{"wahl", cells{"value wahl": asFormula("1+1")}, "problem formula at E5"},
		{"wahl", cells{"comment wahl": asFormula(`HYPERLINK("http://example.org","x")`)}, "problem formula at G5"},

		{"verwechselbar", cells{"value verwechselbar": "1-2 Tage"}, "a"},
		{"verwechselbar", cells{"value verwechselbar": "1–2 Tage"}, "b"},
		{"verwechselbar", cells{"value verwechselbar": "1-2 tage"}, "problem option_ambiguous at E6"},
		{"verwechselbar", cells{"value verwechselbar": "löschen"}, "c"},
		{"verwechselbar", cells{"value verwechselbar": "clear"}, "clear"},
		{"verwechselbar", cells{"value verwechselbar": "trifft nicht zu"}, "problem not_applicable_refused at E6"},

		{"viele", cells{"tick viele o1": "x", "tick viele o5": "X", "tick viele o9": "✓"}, "o1+o5+o9"},
		{"viele", cells{"tick viele o1": "wahr", "tick viele o2": true, "tick viele o3": 1, "tick viele o4": "ja",
			"tick viele o6": "yes "}, "o1+o2+o3+o4+o6"},
		{"viele", cells{"tick viele o1": "x", "tick viele o2": "nein", "tick viele o3": false, "tick viele o4": 0,
			"tick viele o5": " ", "tick viele o6": "-"}, "o1"},
		{"viele", cells{"tick viele o2": "nein"}, ""},
		{"viele", cells{"tick viele o7": "vielleicht"}, "problem tick at E14"},
		{"viele", cells{"tick viele nichts": "x"}, "nichts"},
		{"viele", cells{"tick viele nichts": "x", "tick viele o1": "x"}, "problem option_exclusive at E8"},
		{"viele", cells{"value viele": "Eins"}, "problem multi_value at E7"},
		{"viele", cells{"value viele": "löschen", "tick viele o1": "x"}, "clear"},
		{"viele", cells{"reason viele": "Das macht bei uns der Kreis."},
			"not applicable: Das macht bei uns der Kreis."},
		{"viele", cells{"reason viele": "Das macht bei uns der Kreis.", "tick viele o1": "x"}, "problem both at F7"},
		{"viele", cells{"tick viele o1": asFormula("TRUE()")}, "problem formula at E8"},

		{"zahl", cells{"value zahl": 7.5}, "7,5"},
		{"zahl", cells{"value zahl": "7,5"}, "7,5"},
		{"zahl", cells{"value zahl": " 7.5\u00a0"}, "7,5"},
		{"zahl", cells{"value zahl": 0}, "0"},
		{"zahl", cells{"value zahl": 0.1 + 0.2 + 7.2}, "7,5"},
		{"zahl", cells{"value zahl": "sieben"}, "problem number at E5"},
		{"zahl", cells{"value zahl": "7,5 Stunden"}, "problem number at E5"},
		{"zahl", cells{"value zahl": -1}, "problem number_min at E5"},
		{"zahl", cells{"value zahl": 100.5}, "problem number_max at E5"},
		{"zahl", cells{"value zahl": 7.3}, "problem number_step at E5"},
		{"zahl", cells{"value zahl": styled{0.5, "0 %"}}, "problem number_percent at E5"},
		{"zahl", cells{"value zahl": styled{0.5, `0.0" %"`}}, "0,5"},
		{"zahl", cells{"value zahl": styled{46149, "d. mmm"}}, "problem number_date at E5"},
		{"zahl", cells{"value zahl": styled{12, `#,##0.00" Std. d"`}}, "12"},
		{"zahl", cells{"value zahl": true}, "problem number at E5"},
		{"frei", cells{"value frei": "1.500"}, "problem number_ambiguous at E6"},
		{"frei", cells{"value frei": "1.500,00"}, "1500"},
		{"frei", cells{"value frei": 1500}, "1500"},
		{"frei", cells{"value frei": 1e300}, "problem number at E6"},
		{"frei", cells{"value frei": "1e9"}, "problem number at E6"},
		{"frei", cells{"value frei": "−3"}, "-3"},

		{"tag", cells{"value tag": 46112}, "2026-03-31"},
		{"tag", cells{"value tag": 46112.75}, "2026-03-31"},
		{"tag", cells{"value tag": "31.3.2026"}, "2026-03-31"},
		{"tag", cells{"value tag": "31.03.26"}, "2026-03-31"},
		{"tag", cells{"value tag": "31. 3. 2026"}, "2026-03-31"},
		{"tag", cells{"value tag": "2026-03-31"}, "2026-03-31"},
		{"tag", cells{"value tag": "2026–03–31"}, "2026-03-31"},
		{"tag", cells{"value tag": "31. März 2026"}, "2026-03-31"},
		{"tag", cells{"value tag": "1 March 2026"}, "2026-03-01"},
		{"tag", cells{"value tag": "31/3/2026"}, "2026-03-31"},
		{"tag", cells{"value tag": "3/31/2026"}, "2026-03-31"},
		{"tag", cells{"value tag": "3/4/2026"}, "problem date_ambiguous at E7"},
		{"tag", cells{"value tag": "31.2.2026"}, "problem date at E7"},
		{"tag", cells{"value tag": "März 2026"}, "problem date at E7"},
		{"tag", cells{"value tag": 2026}, "problem date at E7"},
		{"tag", cells{"value tag": 3e6}, "problem date at E7"},
		{"tag", cells{"value tag": "löschen"}, "clear"},

		{"text", cells{"value text": "=1+1"}, "=1+1"},
		{"text", cells{"value text": 1500}, "1500"},
		{"text", cells{"value text": styled{0.5, "0%"}}, "50 %"},
		{"text", cells{"value text": long}, "problem text_long at E8"},
		{"text", cells{"value text": "löschen"}, "clear"},
	} {
		t.Run(fmt.Sprintf("%s %d", c.question, i), func(t *testing.T) {
			p := onPaper(t, writtenForm(t, sample.FormOf(d, nil), "de"))
			for input, v := range c.cells {
				p.set(input, v)
			}
			r := readForm(t, d, p.bytes())
			if got := said(r, c.question); got != c.want {
				t.Errorf("%v: got %q, want %q", c.cells, got, c.want)
			}
			if n := len(r.Filled) + len(r.Problems); n != len(d.Questions()) {
				t.Errorf("%d questions are filled or a problem, want all %d", n, len(d.Questions()))
			}
			for _, p := range r.Problems {
				if p.Question != c.question || p.Sheet == "" || p.Message == "" {
					t.Errorf("problem %+v", p)
				}
			}
		})
	}
}

// TestFormKeepsWhatLooksLikeAWord writes answers that read like the words of the form: they must not delete themselves.
func TestFormKeepsWhatLooksLikeAWord(t *testing.T) {
	d := formular(t)
	for _, text := range []string{"löschen", "Clear", "trifft nicht zu"} {
		f := sample.FormOf(d, score.Answers{"text": {Kind: checklist.AnswerText, Text: text},
			"verwechselbar": {Kind: checklist.AnswerOptions, Options: []checklist.OptionID{"c"}}})
		r := readForm(t, d, writtenForm(t, f, "de"))
		for _, l := range assessment.Merge(f.View.Entries, f.View.Entries, r.Filled) {
			if l.Changes(true) {
				t.Errorf("%s: %s would be changed: %+v", text, l.Question, l.File)
			}
		}
		if said(r, "verwechselbar") != "c; comment: Bemerkung zu verwechselbar" {
			t.Errorf("an option with the name of a word: %s", said(r, "verwechselbar"))
		}
	}
}

// TestFormOfHostileTexts brings back a form nobody has touched: whatever is stored, nothing changes.
func TestFormOfHostileTexts(t *testing.T) {
	d := formular(t)
	for _, text := range append(sample.Hostile, "form-00000000:wahl", "a\rb", " am Rand ", "\ufeffMarke\u200b",
		"ja\u00a0") {
		text = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), ""))
		f := sample.FormOf(d, score.Answers{"text": {Kind: checklist.AnswerText, Text: text},
			"tag":  {Kind: checklist.AnswerDate, Text: "1815-06-18"},
			"wahl": {Kind: checklist.AnswerNotApplicable, Text: "Der Grund: " + text[:min(len(text), 900)]},
			"frei": {Kind: checklist.AnswerNumber, Number: decimal.RequireFromString("999999999999.123456")}})
		for id, e := range f.View.Entries {
			e.Comment = text
			f.View.Entries[id] = e
		}
		f.For = text
		r := readForm(t, d, writtenForm(t, f, "de"))
		for _, p := range r.Problems {
			t.Errorf("%q: problem %s", text, p.Message)
		}
		for _, l := range assessment.Merge(f.View.Entries, f.View.Entries, r.Filled) {
			if l.Changes(true) {
				t.Errorf("%q: %s would be changed: %+v", text, l.Question, l.File)
			}
		}
	}
}
