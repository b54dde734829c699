package reports

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/sample"
)

// setAnswers changes nothing but answer cells.
func setAnswers(t *testing.T, f *excelize.File, p *plan, answers score.Answers) {
	t.Helper()
	sheet := book.SheetAnswers.In(p.Lang)
	set := func(row int, v any) {
		c := book.Cell(5, row)
		if err := f.SetCellValue(sheet, c, v); err != nil {
			t.Fatal(err)
		}
	}
	for i := range p.asked {
		a := &p.asked[i]
		answer, given := answers[a.q.ID]
		if a.q.Type == checklist.TypeMulti {
			head := any(nil)
			if given && answer.Kind == checklist.AnswerNotApplicable {
				head = book.WordNA.In(p.Lang)
			}
			set(a.row, head)
			for j, o := range a.q.Options {
				v := any(nil)
				if given && answer.Kind == checklist.AnswerOptions {
					v = book.Ternary(slices.Contains(answer.Options, o.ID), book.WordYes, book.WordNo).In(p.Lang)
				}
				set(a.row+1+j, v)
			}
			continue
		}
		switch {
		case !given:
			set(a.row, nil)
		case answer.Kind == checklist.AnswerNotApplicable:
			set(a.row, book.WordNA.In(p.Lang))
		case answer.Kind == checklist.AnswerNumber:
			set(a.row, answer.Number.InexactFloat64())
		case answer.Kind == checklist.AnswerOptions:
			set(a.row, book.Labels(a.q, p.Lang)[a.q.Option(answer.Options[0])])
		default:
			set(a.row, answer.Text)
		}
	}
}

// compareWithScore checks every figure of the workbook against score.
func compareWithScore(t *testing.T, read sample.Reader, p *plan, want *score.Result) {
	t.Helper()
	steps := book.SheetSteps.In(p.Lang)
	near := func(what, cell string, want float64) {
		t.Helper()
		got := read(steps, cell)
		if x, err := parse(got); err != nil || math.Abs(x-want) > 1e-9 {
			t.Errorf("%s: the workbook says %q, score says %v", what, got, want)
		}
	}
	value := func(x *float64) float64 {
		if x == nil {
			return 0
		}
		return *x
	}
	near("total", fmt.Sprintf("H%d", p.total), value(want.Score))
	near("high", fmt.Sprintf("I%d", p.total), value(want.High))
	near("not applicable", fmt.Sprintf("N%d", p.total), want.NotApplicableShare)
	result := book.SheetResult.In(p.Lang)
	display, level := "–", "–"
	if want.Score != nil {
		display = strconv.FormatFloat(book.Shown(*want.Score), 'f', -1, 64)
		if l, _, ok := p.View.Definition.Level(want.Level); ok {
			level = l.Label.In(p.Lang)
		}
	}
	if got := read(result, "B4"); !sameNumber(got, display) {
		t.Errorf("shown total: the workbook says %q, score says %q", got, display)
	}
	if got := read(result, "B5"); got != level {
		t.Errorf("level: the workbook says %q, score says %q", got, level)
	}
	if got := read(result, "B8"); !sameNumber(got, strconv.FormatFloat(book.Shown(want.Completeness), 'f', -1, 64)) {
		t.Errorf("completeness: the workbook says %q, score says %v", got, want.Completeness)
	}
	derivation := want.Derive()
	for i := range p.sections {
		s, sr := &p.sections[i], &want.Sections[i]
		near("section "+string(sr.ID), fmt.Sprintf("H%d", s.step), value(sr.Score))
		near("section high "+string(sr.ID), fmt.Sprintf("I%d", s.step), value(sr.High))
		near("part of "+string(sr.ID), fmt.Sprintf("Q%d", s.step), book.Fraction(derivation.Sections[i].Part))
		display := "–"
		if sr.Score != nil {
			display = strconv.FormatFloat(book.Shown(*sr.Score), 'f', -1, 64)
		}
		if got := read(result, book.Cell(3, s.row)); !sameNumber(got, display) {
			t.Errorf("shown section %s: the workbook says %q, score says %q", sr.ID, got, display)
		}
	}
	for i := range p.asked {
		a := &p.asked[i]
		qr, _ := want.Question(a.q.ID)
		near("state of "+string(a.q.ID), fmt.Sprintf("D%d", a.step), float64(qr.State))
		if a.q.Scored() {
			near("points of "+string(a.q.ID), fmt.Sprintf("F%d", a.step), value(qr.Points))
			near("gain of "+string(a.q.ID), fmt.Sprintf("M%d", a.step), value(qr.Gain))
		}
	}
}

// parse reads a number with a point or, from a German LibreOffice, a comma; it writes 0.5 of a cell in percent as 50%.
func parse(s string) (float64, error) {
	number, percent := strings.CutSuffix(strings.Replace(s, ",", ".", 1), "%")
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		x /= 100
	}
	return x, err
}

func sameNumber(a, b string) bool {
	x, err1 := parse(a)
	y, err2 := parse(b)
	if err1 != nil || err2 != nil {
		return a == b
	}
	return math.Abs(x-y) < 1e-9
}

func townBook(t testing.TB, r report.TownReport) *excelize.File {
	t.Helper()
	var buf bytes.Buffer
	if err := WriteTown(&buf, r); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestTownCachedValues compares what is written beside the formulas with score, for readers that do not calculate.
func TestTownCachedValues(t *testing.T) {
	d := sample.Willkommen(t)
	for seed := range uint64(20) {
		r := sample.TownReport(d, sample.RandomAnswers(d, sample.Seeded(seed), float64(seed)/19), "de")
		compareWithScore(t, sample.OfBook(t, townBook(t, r)), newPlan(&r), r.View.Result)
	}
}

// TestTownRecalculated changes only answer cells, lets LibreOffice recalculate and compares with score.
func TestTownRecalculated(t *testing.T) {
	cases := []struct {
		name, file, locale string
		lang               checklist.Lang
		sets               int
	}{
		{"english locale", "../../../checklists/willkommen/1.0.0.yaml", "en-US", "en", 80},
		{"german locale", "../../../checklists/willkommen/1.0.0.yaml", "de", "de", 120},
		{"hard cases", "../testdata/kanten.yaml", "de", "de", 60},
		{"other checklist", "../../../checklists/barrierefreie-dienste/1.0.0.yaml", "de", "de", 20},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := sample.Load(t, c.file)
			dir := t.TempDir()
			base := sample.TownReport(d, sample.RandomAnswers(d, sample.Seeded(1), 0.8), c.lang)
			p := newPlan(&base)
			var files []string
			var sets []score.Answers
			var original bytes.Buffer
			if err := WriteTown(&original, base); err != nil {
				t.Fatal(err)
			}
			for i := range c.sets {
				rnd := sample.Seeded(uint64(1000 + i))
				answers := sample.RandomAnswers(d, rnd, []float64{0, 0.1, 0.5, 0.9, 1, 1, 1, 0.97}[i%8])
				f, err := excelize.OpenReader(bytes.NewReader(original.Bytes()))
				if err != nil {
					t.Fatal(err)
				}
				setAnswers(t, f, p, answers)
				name := filepath.Join(dir, fmt.Sprintf("set%03d.xlsx", i))
				if err := f.SaveAs(name); err != nil {
					t.Fatal(err)
				}
				f.Close()
				files, sets = append(files, name), append(sets, answers)
			}
			out := sample.Recalculate(t, c.locale, sample.AsTables, files)
			for i, name := range files {
				prefix := filepath.Join(out, strings.TrimSuffix(filepath.Base(name), ".xlsx"))
				compareWithScore(t, sample.OfTables(t, prefix), p, score.Score(d, sets[i]))
				if t.Failed() {
					t.Fatalf("first difference in set %d", i)
				}
			}
		})
	}
}

// noErrorCells fails on every cell that shows an error.
func noErrorCells(t *testing.T, f *excelize.File) {
	t.Helper()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		sample.NoErrors(t, sheet, rows)
	}
}
