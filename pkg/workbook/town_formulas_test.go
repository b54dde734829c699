package workbook

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/score"
)

// The forms in which LibreOffice gives back what it calculated: a workbook, or each sheet as
// CSV with full precision, which is much faster to write and to read.
const (
	asBook   = "xlsx:Calc MS Excel 2007 XML"
	asTables = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false,false,false,-1"
)

// officeProfile finds LibreOffice and makes a profile for it. The locale is what its formulas and
// numbers are read in. Without LibreOffice the test is skipped, in CI it fails.
func officeProfile(t *testing.T, locale string) (program, profile string) {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		testkit.Need(t, "LibreOffice, to recalculate formulas: apt-get install libreoffice-calc")
	}
	profile = t.TempDir()
	if err := os.MkdirAll(filepath.Join(profile, "user"), 0o755); err != nil {
		t.Fatal(err)
	}
	settings := `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>` + locale + `</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`
	if err := os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	return program, profile
}

// recalculate lets LibreOffice open, recalculate and save workbooks, all in one run.
func recalculate(t *testing.T, locale, form string, files []string) (out string) {
	t.Helper()
	program, profile := officeProfile(t, locale)
	out = t.TempDir()
	args := append([]string{"-env:UserInstallation=file://" + profile, "--headless", "--norestore", "--convert-to", form, "--outdir", out}, files...)
	cmd := exec.Command(program, args...)
	cmd.WaitDelay = 5 * time.Second
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, msg)
	}
	return out
}

// setAnswers changes nothing but answer cells.
func setAnswers(t *testing.T, f *excelize.File, p *plan, answers score.Answers) {
	t.Helper()
	sheet := sheetAnswers.in(p.Lang)
	set := func(row int, v any) {
		c := cell(5, row)
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
				head = wordNA.in(p.Lang)
			}
			set(a.row, head)
			for j, o := range a.q.Options {
				v := any(nil)
				if given && answer.Kind == checklist.AnswerOptions {
					v = ternary(slices.Contains(answer.Options, o.ID), wordYes, wordNo).in(p.Lang)
				}
				set(a.row+1+j, v)
			}
			continue
		}
		switch {
		case !given:
			set(a.row, nil)
		case answer.Kind == checklist.AnswerNotApplicable:
			set(a.row, wordNA.in(p.Lang))
		case answer.Kind == checklist.AnswerNumber:
			set(a.row, answer.Number.InexactFloat64())
		case answer.Kind == checklist.AnswerOptions:
			set(a.row, labels(a.q, p.Lang)[a.q.Option(answer.Options[0])])
		default:
			set(a.row, answer.Text)
		}
	}
}

// reader reads a calculated workbook: sheet and cell to the value without format.
type reader func(sheet, cell string) string

func ofBook(t *testing.T, f *excelize.File) reader {
	return func(sheet, cell string) string {
		t.Helper()
		v, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// ofTables reads what LibreOffice wrote as asTables, one file per sheet.
func ofTables(t *testing.T, prefix string) reader {
	sheets := map[string][][]string{}
	return func(sheet, cell string) string {
		t.Helper()
		rows, ok := sheets[sheet]
		if !ok {
			data, err := os.ReadFile(prefix + "-" + sheet + ".csv")
			if err != nil {
				t.Fatal(err)
			}
			c := csv.NewReader(bytes.NewReader(data))
			c.Comma, c.FieldsPerRecord = ';', -1
			if rows, err = c.ReadAll(); err != nil {
				t.Fatal(err)
			}
			sheets[sheet] = rows
			noErrors(t, sheet, rows)
		}
		col, row, err := excelize.CellNameToCoordinates(cell)
		if err != nil || row > len(rows) || col > len(rows[row-1]) {
			t.Fatalf("%s!%s: %v, the sheet has %d rows", sheet, cell, err, len(rows))
		}
		return rows[row-1][col-1]
	}
}

// compareWithScore checks every figure of the workbook against score.
func compareWithScore(t *testing.T, read reader, p *plan, want *score.Result) {
	t.Helper()
	steps := sheetSteps.in(p.Lang)
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
	result := sheetResult.in(p.Lang)
	display, level := "–", "–"
	if want.Score != nil {
		display = strconv.FormatFloat(shown(*want.Score), 'f', -1, 64)
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
	if got := read(result, "B8"); !sameNumber(got, strconv.FormatFloat(shown(want.Completeness), 'f', -1, 64)) {
		t.Errorf("completeness: the workbook says %q, score says %v", got, want.Completeness)
	}
	derivation := want.Derive()
	for i := range p.sections {
		s, sr := &p.sections[i], &want.Sections[i]
		near("section "+string(sr.ID), fmt.Sprintf("H%d", s.step), value(sr.Score))
		near("section high "+string(sr.ID), fmt.Sprintf("I%d", s.step), value(sr.High))
		near("part of "+string(sr.ID), fmt.Sprintf("Q%d", s.step), fraction(derivation.Sections[i].Part))
		display := "–"
		if sr.Score != nil {
			display = strconv.FormatFloat(shown(*sr.Score), 'f', -1, 64)
		}
		if got := read(result, cell(3, s.row)); !sameNumber(got, display) {
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

func townBook(t testing.TB, r TownReport) *excelize.File {
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
	d := willkommen(t)
	for seed := range uint64(20) {
		r := townReport(d, randomAnswers(d, seeded(seed), float64(seed)/19), "de")
		compareWithScore(t, ofBook(t, townBook(t, r)), r.plan(), r.View.Result)
	}
}

// TestTownRecalculated changes only answer cells, lets LibreOffice recalculate and compares with score.
func TestTownRecalculated(t *testing.T) {
	cases := []struct {
		name, file, locale string
		lang               checklist.Lang
		sets               int
	}{
		{"english locale", "../../checklists/willkommen/1.0.0.yaml", "en-US", "en", 80},
		{"german locale", "../../checklists/willkommen/1.0.0.yaml", "de", "de", 120},
		{"hard cases", "testdata/kanten.yaml", "de", "de", 60},
		{"other checklist", "../../checklists/barrierefreie-dienste/1.0.0.yaml", "de", "de", 20},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := load(t, c.file)
			dir := t.TempDir()
			base := townReport(d, randomAnswers(d, seeded(1), 0.8), c.lang)
			p := base.plan()
			var files []string
			var sets []score.Answers
			var original bytes.Buffer
			if err := WriteTown(&original, base); err != nil {
				t.Fatal(err)
			}
			for i := range c.sets {
				rnd := seeded(uint64(1000 + i))
				answers := randomAnswers(d, rnd, []float64{0, 0.1, 0.5, 0.9, 1, 1, 1, 0.97}[i%8])
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
			out := recalculate(t, c.locale, asTables, files)
			for i, name := range files {
				prefix := filepath.Join(out, strings.TrimSuffix(filepath.Base(name), ".xlsx"))
				compareWithScore(t, ofTables(t, prefix), p, score.Score(d, sets[i]))
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
		noErrors(t, sheet, rows)
	}
}

var errorValue = regexp.MustCompile(`^(#[A-ZÄÖÜ/0?]+[!?]?|Err:\d+)$`)

func noErrors(t *testing.T, sheet string, rows [][]string) {
	t.Helper()
	for i, row := range rows {
		for j, v := range row {
			if errorValue.MatchString(v) {
				t.Errorf("%s!%s shows %s", sheet, cell(j+1, i+1), v)
			}
		}
	}
}
