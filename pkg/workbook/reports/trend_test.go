package reports

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/sample"
)

// versions are the checklist's versions, one per round.
func versions(t testing.TB) []*checklist.Definition {
	return []*checklist.Definition{sample.Willkommen(t), sample.Load(t, "../../../checklists/willkommen/1.1.0.yaml"),
		sample.Load(t, "../../../checklists/willkommen/2.0.0.yaml")}
}

func shiftBetween(t testing.TB, from, to *checklist.Definition, before, after score.Answers) shift.Shift {
	t.Helper()
	path, err := carry.NewPath(from, to)
	if err != nil {
		t.Fatal(err)
	}
	shift, _ := shift.NewWay(path).Between(before, after)
	return shift
}

func answersOf(versions []*checklist.Definition, town, i int) score.Answers {
	return sample.RandomAnswers(versions[i], sample.Seeded(uint64(100*town+i)), 0.9)
}

func roundTitle(i int) string { return fmt.Sprintf("Willkommen %d", 2024+i) }

// townTrend makes up three rounds of a town.
func townTrend(t testing.TB) trend.Town {
	t.Helper()
	all := versions(t)
	var course trend.Town
	for i, d := range all {
		r := score.Score(d, answersOf(all, 1, i))
		level, _, _ := d.Level(r.Level)
		course.Points = append(course.Points, trend.Point{Score: r.Score, Level: *level, Titles: d.Sections,
			Head: assessment.Head{ID: assessment.ID(i + 1), RoundTitle: roundTitle(i), Checklist: d.Ref(),
				Submitted: sample.AsOf.AddDate(i-3, 0, 0)}})
		if i > 0 {
			course.Shifts = append(course.Shifts, shiftBetween(t, all[i-1], d, answersOf(all, 1, i-1),
				answersOf(all, 1, i)))
		}
	}
	return course
}

// regionTrend makes up three rounds of a region's towns.
func regionTrend(t testing.TB, towns int) trend.Region {
	t.Helper()
	all := versions(t)
	var course trend.Region
	list := participants(towns)
	for i, d := range all {
		sum := 0.0
		var shifts []shift.Shift
		var step trend.Step
		for k, p := range list {
			sum += *score.Score(d, answersOf(all, k, i)).Score / float64(len(list))
			if i > 0 {
				shift := shiftBetween(t, all[i-1], d, answersOf(all, k, i-1), answersOf(all, k, i))
				shifts = append(shifts, shift)
				step.Towns = append(step.Towns, trend.TownShift{Town: p.Town, Shift: shift})
			}
		}
		course.Rounds = append(course.Rounds,
			trend.Round{Round: round.Round{ID: round.ID(i + 1), Title: roundTitle(i), Checklist: d.Ref(),
				Opens: sample.AsOf.Add(time.Hour)},
				N: len(list), Score: shift.Average{Mean: &sum, Median: &sum}, Titles: d.Sections})
		if i > 0 {
			step.Panel = shift.NewPanel(d, shifts)
			course.Steps = append(course.Steps, step)
		}
	}
	return course
}

func rowsOf(t *testing.T, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// findRow returns the number of the first row whose first cell is a text, 1 for the first.
func findRow(t *testing.T, rows [][]string, first string) int {
	t.Helper()
	for i, r := range rows {
		if len(r) > 0 && r[0] == first {
			return i + 1
		}
	}
	t.Fatalf("no row begins with %q", first)
	return 0
}

func TestTrendWithOneRound(t *testing.T) {
	d := sample.Willkommen(t)
	for lang, want := range map[checklist.Lang]string{"de": "Nach der nächsten Runde steht hier",
		"en": "After the next round this sheet shows"} {
		r := sample.TownReport(d, nil, lang)
		r.Trend.Points = townTrend(t).Points[:1]
		rows := rowsOf(t, townBook(t, r), book.SheetTrend.In(lang))
		if got := sheetText(t, rows, nil); !strings.Contains(got, want) || len(rows) != 3 {
			t.Errorf("%s: %q", lang, got)
		}
		region := regionReport(t, d, 4)
		region.Lang = lang
		if got := sheetText(t, rowsOf(t, regionBook(t, region), book.SheetTrend.In(lang)), nil); !strings.Contains(got,
			want) {
			t.Errorf("%s: %q", lang, got)
		}
	}
}

// checkTrendRow compares a row of a trend with the bridge: score, change and parts.
func checkTrendRow(t *testing.T, read sample.Reader, row int, columns string, want shift.Bridge) {
	t.Helper()
	for i, v := range []float64{book.Fraction(want.After), tenth(want.Total()), tenth(want.Answers),
		tenth(want.Rules)} {
		c := fmt.Sprintf("%c%d", columns[i], row)
		if got := read("Entwicklung", c); !sameNumber(got, fmt.Sprint(v)) {
			t.Errorf("%s is %q, want %v", c, got, v)
		}
	}
}

// checkPicture compares the numbers behind a picture with the bridges it shows.
func checkPicture(t *testing.T, read sample.Reader, row int, bridges []shift.Bridge) {
	t.Helper()
	near := func(col string, row int, want float64) {
		t.Helper()
		got := read("Entwicklung", fmt.Sprintf("%s%d", col, row))
		if x, err := parse(got); err != nil || math.Abs(x-want) > 1e-9 {
			t.Errorf("%s%d is %q, want %v", col, row, got, want)
		}
	}
	near("E", row, book.Fraction(bridges[0].Before))
	for _, b := range bridges {
		from := b.Before
		for i, change := range []int{b.Answers, b.Rules} {
			at := row + 1 + i
			near("B", at, book.Fraction(from))
			near("C", at, book.Fraction(from+change))
			near("D", at, book.Fraction(min(from, from+change)))
			near("F", at, book.Fraction(max(change, 0)))
			near("G", at, book.Fraction(max(-change, 0)))
			from += change
		}
		row += 3
		near("E", row, book.Fraction(b.After))
	}
}

// TestTrendNumbers compares the sheets with the bridges that pages show, and lets LibreOffice recalculate them.
func TestTrendNumbers(t *testing.T) {
	d := versions(t)[2]
	town := sample.TownReport(d, answersOf(versions(t), 1, 2), "de")
	town.Trend = townTrend(t)
	district := regionReport(t, d, 14)
	district.Trend = regionTrend(t, 14)
	var bridges []shift.Bridge
	for i := range town.Trend.Shifts {
		b, ok := town.Trend.Shifts[i].Bridge()
		if !ok {
			t.Fatal("a made-up step cannot be compared")
		}
		bridges = append(bridges, b)
	}
	townSheet, regionSheet := rowsOf(t, townBook(t, town), "Entwicklung"),
		rowsOf(t, regionBook(t, district), "Entwicklung")
	check := func(t *testing.T, read, other sample.Reader) {
		t.Helper()
		head := findRow(t, townSheet, book.WordRound[0])
		for i, b := range bridges {
			checkTrendRow(t, read, head+2+i, "DEFG", b)
		}
		checkPicture(t, read, findRow(t, townSheet, "Entwicklung: Zahlen des Diagramms")+1, bridges)
		row := 0
		for i := range district.Trend.Steps {
			b, _ := district.Trend.Steps[i].Panel.Bridge()
			row = findRow(t, regionSheet, roundTitle(i)+" → "+roundTitle(i+1)) + 1
			checkTrendRow(t, other, row, "DEFG", b)
			checkPicture(t, other, findRow(t, regionSheet,
				roundTitle(i)+" → "+roundTitle(i+1)+": Zahlen des Diagramms")+1, []shift.Bridge{b})
		}
		row = findRow(t, regionSheet, book.WordTown[0])
		for i := range district.Trend.Steps {
			for k := range district.Trend.Steps[i].Towns {
				row++
				b, _ := district.Trend.Steps[i].Towns[k].Shift.Bridge()
				checkTrendRow(t, other, row, "DEFG", b)
			}
		}
	}
	check(t, sample.OfBook(t, townBook(t, town)), sample.OfBook(t, regionBook(t, district)))

	dir := t.TempDir()
	files := []string{filepath.Join(dir, "town.xlsx"), filepath.Join(dir, "region.xlsx")}
	for i, name := range files {
		out, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		write := func() error { return WriteTown(out, town) }
		if i == 1 {
			write = func() error { return WriteRegion(out, district) }
		}
		if err := errors.Join(write(), out.Close()); err != nil {
			t.Fatal(err)
		}
	}
	done := sample.Recalculate(t, "de", sample.AsTables, files)
	check(t, sample.OfTables(t, filepath.Join(done, "town")), sample.OfTables(t, filepath.Join(done, "region")))
}

// TestTrendUndefined leaves out what cannot be compared: dashes, no zeros, no errors.
func TestTrendUndefined(t *testing.T) {
	d := versions(t)[2]
	r := sample.TownReport(d, nil, "de")
	r.Trend = townTrend(t)
	r.Trend.Points[1].Score = nil
	for i := range r.Trend.Shifts {
		s := &r.Trend.Shifts[i]
		s.Rebased, s.Comparable = nil, nil
		for k := range s.Sections {
			s.Sections[k] = shift.SectionShift{ID: s.Sections[k].ID}
		}
	}
	f := townBook(t, r)
	noErrorCells(t, f)
	rows := rowsOf(t, f, "Entwicklung")
	if row := rows[findRow(t, rows, roundTitle(1))-1]; strings.Join(row[3:7], "|") != "–|–|–|–" {
		t.Errorf("a round without a score shows %q", row)
	}
	g := regionReport(t, d, 3)
	g.Trend = regionTrend(t, 3)
	g.Trend.Steps[0] = trend.Step{Panel: shift.NewPanel(d, nil),
		Towns: []trend.TownShift{{Town: region.Municipality{AGS: "05958004", Name: "Arnsberg"}}}}
	noErrorCells(t, regionBook(t, g))
}

// TestTrendOfTheRegion shows towns what was published of the region, and a dot for what was not.
func TestTrendOfTheRegion(t *testing.T) {
	d := versions(t)[2]
	r := sample.TownReport(d, nil, "de")
	r.Trend = townTrend(t)
	r.Release = release(t, d, 14)
	v := func(x float64) *float64 { return &x }
	r.Release.Trend = &disclosure.Trend{From: "1.1.0", N: 11, Before: v(0.41), Rebased: v(0.40), Comparable: v(0.49),
		After: v(0.48), Sections: []disclosure.TrendSection{
			{ID: d.Sections[0].ID, N: 11, Rebased: v(0.29), Comparable: v(0.57)},
			{ID: d.Sections[1].ID, Suppressed: true,
				Reason: bench.TooFew}, {ID: d.Sections[2].ID}}}
	rows := rowsOf(t, townBook(t, r), "Entwicklung")
	for first, want := range map[string]string{"Seit Version 1.1.0": "11|0.41|0.48|7|9|-2",
		"1 " + d.Sections[0].Title.In("de"): "11|0.29|0.57|28",
		"2 " + d.Sections[1].Title.In("de"): ".|.|.|.|||. zu wenige Kommunen",
		"3 " + d.Sections[2].Title.In("de"): "–|–|–|–"} {
		found := ""
		for _, row := range rows {
			if len(row) > 1 && row[0] == first {
				// the last one: the town's own sections come before
				found = strings.TrimRight(strings.Join(row[1:], "|"), "|")
			}
		}
		if found != want {
			t.Errorf("%s: %q, want %q", first, found, want)
		}
	}
	r.Release.Trend = &disclosure.Trend{From: "1.1.0", Suppressed: true, Reason: bench.Complement}
	rows = rowsOf(t, townBook(t, r), "Entwicklung")
	if row := rows[findRow(t, rows, "Seit Version 1.1.0")-1]; strings.Join(row[1:7], "") != "......" ||
		!strings.Contains(row[7], "errechnen") {
		t.Errorf("a suppressed trend shows %q", row)
	}
}
