package form

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/sample"
)

func writtenForm(t testing.TB, f assessment.Form, lang checklist.Lang) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteForm(&b, f, lang, "Ortsspiegel Test"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readForm(t testing.TB, d *checklist.Definition, data []byte) assessment.Returned {
	t.Helper()
	r, err := ReadForm(context.Background(), bytes.NewReader(data), int64(len(data)),
		func(hash string) (*checklist.Definition, error) {
			if hash != d.Hash {
				t.Fatalf("the form asks for the checklist %s", hash)
			}
			return d, nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sameAsStored checks that a form brought back as it was says what was stored.
func sameAsStored(t testing.TB, f assessment.Form, r assessment.Returned) {
	t.Helper()
	for _, p := range r.Problems {
		t.Errorf("problem: %s", p.Message)
	}
	if len(r.Filled) != len(f.View.Definition.Questions()) {
		t.Errorf("%d questions came back, want %d", len(r.Filled), len(f.View.Definition.Questions()))
	}
	for _, got := range r.Filled {
		e := f.View.Entries[got.Question]
		if got.Revision != e.Revision || got.Comment != e.Comment || got.Clear {
			t.Errorf("%s: revision %d, comment %q, clear %v; want %d, %q", got.Question, got.Revision, got.Comment,
				got.Clear, e.Revision, e.Comment)
		}
		if got.Blank == e.Given || !got.Blank && !got.Answer.Equal(e.Answer) {
			t.Errorf("%s: %+v (blank %v), want %+v", got.Question, got.Answer, got.Blank, e.Answer)
		}
	}
}

func TestFormComesBackAsItWent(t *testing.T) {
	for _, file := range []string{"../../../checklists/willkommen/1.0.0.yaml",
		"../../../checklists/barrierefreie-dienste/1.0.0.yaml"} {
		d := sample.Load(t, file)
		for seed := range uint64(20) {
			f := sample.FormOf(d, sample.RandomAnswers(d, rand.New(rand.NewPCG(seed, 5)), 0.7))
			for _, lang := range []checklist.Lang{"de", "en"} {
				sameAsStored(t, f, readForm(t, d, writtenForm(t, f, lang)))
			}
		}
	}
}

// TestFormThroughLibreOffice lets LibreOffice save what was written, in a German locale.
func TestFormThroughLibreOffice(t *testing.T) {
	d := sample.Willkommen(t)
	f := sample.FormOf(d, sample.RandomAnswers(d, rand.New(rand.NewPCG(1, 1)), 0.7))
	dir := t.TempDir()
	file := filepath.Join(dir, "form.xlsx")
	if err := os.WriteFile(file, writtenForm(t, f, "de"), 0o644); err != nil {
		t.Fatal(err)
	}
	out := sample.Recalculate(t, "de-DE", sample.AsBook, []string{file})
	data, err := os.ReadFile(filepath.Join(out, "form.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	sameAsStored(t, f, readForm(t, d, data))
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	done, err := book.GetCellValue("Deckblatt", "C"+formTotalRow(t, book), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	counts := f.View.Result.Counts
	if want := counts.Done(); done != strconv.Itoa(want) {
		t.Errorf("the cover counts %s done, want %d", done, want)
	}
}

func formTotalRow(t *testing.T, book *excelize.File) string {
	t.Helper()
	rows, err := book.GetRows("Deckblatt")
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		if len(r) > 0 && r[0] == "Zusammen" {
			return strconv.Itoa(i + 1)
		}
	}
	t.Fatal("the cover has no total")
	return ""
}

func BenchmarkFormWrite(b *testing.B) {
	d := sample.Willkommen(b)
	f := sample.FormOf(d, sample.RandomAnswers(d, rand.New(rand.NewPCG(1, 1)), 0.7))
	for b.Loop() {
		writtenForm(b, f, "de")
	}
}

func BenchmarkFormRead(b *testing.B) {
	d := sample.Willkommen(b)
	data := writtenForm(b, sample.FormOf(d, sample.RandomAnswers(d, rand.New(rand.NewPCG(1, 1)), 0.7)), "de")
	for b.Loop() {
		readForm(b, d, data)
	}
}

// TestFormOfTheFirstFormat reads a form that a program before the proposals has written: people
// have them on their desks.
func TestFormOfTheFirstFormat(t *testing.T) {
	d := formular(t)
	data, err := os.ReadFile("../testdata/formular-1.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	r := readForm(t, d, data)
	for q, want := range map[checklist.QuestionID]string{"wahl": "ja; comment: auf dem alten Formular",
		"viele": "o6+o9; comment: Bemerkung zu viele", "frei": "12,25; comment: Bemerkung zu frei"} {
		if got := said(r, q); got != want {
			t.Errorf("%s: %q, want %q", q, got, want)
		}
	}
	if len(r.Problems) > 0 || r.Proposals != "" {
		t.Errorf("problems %+v, proposals %q", r.Problems, r.Proposals)
	}
	// a program that knows no names has saved it
	p := onPaper(t, data)
	for _, n := range p.f.GetDefinedName() {
		p.must(p.f.DeleteDefinedName(&excelize.DefinedName{Name: n.Name, Scope: n.Scope}))
	}
	if got := said(readForm(t, d, p.bytes()), "viele"); got != "o6+o9; comment: Bemerkung zu viele" {
		t.Errorf("without names: %q", got)
	}
}

// proposed makes proposals of answers for the questions of a form.
func proposed(f *assessment.Form, answers score.Answers) {
	f.Proposals = assessment.Proposals{From: assessment.Head{ID: 3, RoundTitle: "Runde 2025"}, Seen: "gesehen",
		List: map[checklist.QuestionID]assessment.Proposal{}}
	for id, a := range answers {
		q, _, _ := f.View.Definition.Question(id)
		f.Proposals.List[id] = assessment.Proposal{Question: id, Answer: a,
			Sources: []assessment.OldEntry{{Question: q, Entry: assessment.Entry{Given: true, Answer: a}}}}
	}
}

func TestFormWithProposals(t *testing.T) {
	d := formular(t)
	f := sample.FormOf(d, score.Answers{"wahl": {Kind: checklist.AnswerOptions, Options: []checklist.OptionID{"nein"}}})
	proposed(&f, score.Answers{"wahl": {Kind: checklist.AnswerOptions, Options: []checklist.OptionID{"ja"}},
		"viele": {Kind: checklist.AnswerOptions, Options: []checklist.OptionID{"o2", "o9"}},
		"text":  {Kind: checklist.AnswerNotApplicable, Text: "Das macht bei uns der Kreis."},
		"tag":   {Kind: checklist.AnswerDate, Text: "2025-03-31"}})
	data := writtenForm(t, f, "de")
	sameAsStored(t, f, readForm(t, d, data))
	confirmed := func(r assessment.Returned, id checklist.QuestionID) bool {
		for _, x := range r.Filled {
			if x.Question == id {
				return x.Confirm
			}
		}
		return false
	}
	p := onPaper(t, data)
	p.set("take viele", "x")
	p.set("take text", "ja")
	p.set("take tag", "x")
	p.set("value tag", "1.4.2026")
	for _, names := range []bool{true, false} {
		if !names {
			for _, n := range p.f.GetDefinedName() {
				p.must(p.f.DeleteDefinedName(&excelize.DefinedName{Name: n.Name, Scope: n.Scope}))
			}
		}
		r := readForm(t, d, p.bytes())
		if r.Proposals != "gesehen" || !confirmed(r, "viele") || !confirmed(r, "text") || confirmed(r, "wahl") ||
			confirmed(r, "frei") {
			t.Errorf("with names %v: %+v", names, r)
		}
		if got := said(r, "tag"); !strings.HasPrefix(got, "problem take_both") {
			t.Errorf("an answer and an x: %s", got)
		}
	}
	q := onPaper(t, data)
	sheet, at := q.at("take viele")
	_, row, err := excelize.CellNameToCoordinates(at)
	q.must(err)
	for i, want := range []string{"", "x"} { // an option to a row, with last time's tick
		if got, err := q.f.GetCellValue(sheet, book.Cell(formValue, row+1+i)); err != nil || got != want {
			t.Errorf("option %d: last time %q, want %q (%v)", i+1, got, want, err)
		}
	}
	for _, n := range q.f.GetDefinedName() {
		if n.Name == formName(partTake, "wahl", "") {
			t.Error("an answered question can be confirmed")
		}
	}
}
