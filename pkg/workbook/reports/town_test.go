package reports

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/sample"
)

func sheetText(t *testing.T, rows [][]string, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, "|") + "\n")
	}
	return b.String()
}

func TestTownSheets(t *testing.T) {
	d := sample.Willkommen(t)
	for lang, want := range map[checklist.Lang][]string{
		"de": {"Deckblatt", "Ergebnis", "Antworten", "Vergleich", "Entwicklung", "Maßnahmen", "Hinweise", "Berechnung",
			"Listen"},
		"en": {"Cover", "Result", "Answers", "Comparison", "Trend", "Measures", "Notes", "Calculation", "Lists"},
	} {
		f := townBook(t, sample.TownReport(d, sample.RandomAnswers(d, sample.Seeded(5), 0.9), lang))
		if got := f.GetSheetList(); !slices.Equal(got, want) {
			t.Errorf("%s: sheets are %v, want %v", lang, got, want)
		}
		for i, name := range want {
			visible, err := f.GetSheetVisible(name)
			if err != nil || visible != (i < 7) {
				t.Errorf("%s: sheet %s visible: %v (%v)", lang, name, visible, err)
			}
			rows, err := f.GetRows(name)
			if strings.Contains(sheetText(t, rows, err), "Canary") {
				t.Errorf("%s: sheet %s names a person", lang, name)
			}
		}
		rows, err := f.GetRows(want[0])
		if got := sheetText(t, rows, err); !strings.Contains(got, "(AGS)|05958004\n") {
			t.Errorf("%s: the key is not on the cover:\n%s", lang, got)
		}
	}
}

func TestTownCompare(t *testing.T) {
	d := sample.Willkommen(t)
	r := sample.TownReport(d, sample.RandomAnswers(d, sample.Seeded(5), 0.9), "de")
	rows, err := townBook(t, r).GetRows("Vergleich")
	if got := sheetText(t, rows, err); !strings.Contains(got, "noch kein Vergleich veröffentlicht") {
		t.Errorf("without a release the sheet says %q", got)
	}
	r.Release = release(t, d, 14)
	f := townBook(t, r)
	rows, err = f.GetRows("Vergleich")
	got := sheetText(t, rows, err)
	if !strings.Contains(got, "Alle Kommunen|Punktzahl gesamt") || !strings.Contains(got, "|.|") ||
		!strings.Contains(got, "zu wenige Kommunen") {
		t.Errorf("the sheet has no total, no dot or no reason:\n%.2000s", got)
	}
	g, ok := r.Release.Report.Group(region.All)
	if !ok {
		t.Fatal("the release has no group of all")
	}
	n, ok := g.Node(bench.Total)
	if !ok || n.Points.Median == nil {
		t.Fatal("the release has no median of the total")
	}
	p := newPlan(&r)
	median, err := f.GetCellValue("Ergebnis", book.Cell(6, p.sections[len(p.sections)-1].row+1),
		excelize.Options{RawCellValue: true})
	if want := strconv.FormatFloat(*n.Points.Median, 'f', -1, 64); err != nil || median != want {
		t.Errorf("the result holds the median %q, want %q (%v)", median, want, err)
	}
}

// TestTownCompareHidesInOneLine: a group without figures is one line with the reason, rows without
// figures are counted in one, and the table begins with the strengths and weaknesses.
func TestTownCompareHidesInOneLine(t *testing.T) {
	d := sample.Willkommen(t)
	r := sample.TownReport(d, sample.RandomAnswers(d, sample.Seeded(5), 0.9), "de")
	r.Release = release(t, d, 14)
	rows, err := townBook(t, r).GetRows("Vergleich", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	lines, figures := map[string]int{}, map[string]int{}
	gaps := map[string][]float64{}
	order := []string{}
	for _, row := range rows[4:] {
		if group, _, ok := strings.Cut(row[0], ": "); ok && strings.Contains(row[0], "nicht gezeigt, weil ") {
			lines[group]++
			continue
		}
		figures[row[0]]++
		if !slices.Contains(order, row[0]) {
			order = append(order, row[0])
		}
		if row[8] == "." && row[10] == "." && row[7] == "." && row[9] == "." {
			t.Errorf("a row without a figure: %q", row)
		}
		if own, err := strconv.ParseFloat(row[4], 64); err == nil && row[5] == "%" && row[8] != "." {
			median, err := strconv.ParseFloat(row[8], 64)
			if err != nil {
				t.Fatal(err)
			}
			gaps[row[0]] = append(gaps[row[0]], own-median)
		}
	}
	for _, id := range newPlan(&r).groups() {
		g, ok := r.Release.Report.Group(id)
		if !ok {
			continue
		}
		name := newPlan(&r).groupName(id)
		if lines[name] > 1 || g.Suppressed && (lines[name] != 1 || figures[name] > 0) {
			t.Errorf("%s has %d lines of what is hidden and %d rows", name, lines[name], figures[name])
		}
	}
	if len(order) < 3 || order[0] != "Stärke (alle Kommunen)" || order[1] != "Schwäche (alle Kommunen)" ||
		order[2] != "Alle Kommunen" {
		t.Fatalf("the table is ordered %q", order)
	}
	strong, weak := gaps[order[0]], gaps[order[1]]
	if !slices.IsSortedFunc(strong, func(a, b float64) int { return cmp.Compare(b, a) }) || slices.Min(strong) <= 0 ||
		!slices.IsSorted(weak) || slices.Max(weak) >= 0 || len(strong) != mostStrengths || len(weak) != mostStrengths {
		t.Errorf("strengths %v, weaknesses %v", strong, weak)
	}
}

// TestMeasuresOffer the question's own options as the answer to reach, and what a plan needs.
func TestMeasuresOffer(t *testing.T) {
	d := sample.Willkommen(t)
	f := townBook(t, sample.TownReport(d, nil, "de"))
	rows, err := f.GetRows("Maßnahmen")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Ziel-Antwort", "Maßnahme", "Zuständig", "Bis wann", "Aufwand", "Kosten (Euro)", "Stand"}
	if got := rows[3][4:]; !slices.Equal(got, want) {
		t.Fatalf("the columns are %q", got)
	}
	rules, err := f.GetDataValidations("Maßnahmen")
	if err != nil {
		t.Fatal(err)
	}
	lists, err := f.GetRows("Listen")
	if err != nil {
		t.Fatal(err)
	}
	goals := 0
	for i, row := range rows[4:] {
		for _, dv := range rules {
			if dv.Sqref != book.Cell(5, 5+i) {
				continue
			}
			goals++
			var from, to int
			if _, err := fmt.Sscanf(strings.ReplaceAll(dv.Formula1[strings.Index(dv.Formula1, "!"):], "$", ""),
				"!B%d:B%d", &from, &to); err != nil {
				t.Fatalf("%s: %v", dv.Formula1, err)
			}
			for _, q := range d.Questions() {
				if q.Text.In("de") != row[2] {
					continue
				}
				if got := to - from + 1; got != len(q.Options) || lists[from-1][1] != q.Options[0].Label.In("de") {
					t.Errorf("%s offers %d of %d options, first %q", row[0], got, len(q.Options), lists[from-1][1])
				}
			}
		}
	}
	if goals < 5 {
		t.Errorf("%d answers to reach are offered", goals)
	}
}

func TestTownRefuses(t *testing.T) {
	d := sample.Willkommen(t)
	live := sample.TownReport(d, nil, "de")
	live.Release = &report.Release{Report: &bench.Report{Ref: d.Ref(), Audience: bench.Agency}}
	foreign := sample.TownReport(d, nil, "de")
	foreign.Release = &report.Release{Report: &bench.Report{Ref: checklist.Ref{ID: "anders", Version: "1.0.0"},
		Audience: bench.Town}}
	bare := sample.TownReport(d, nil, "de")
	bare.View.Result = nil
	for name, r := range map[string]report.TownReport{"live figures": live, "another checklist": foreign,
		"no result": bare} {
		var buf bytes.Buffer
		if err := WriteTown(&buf, r); !fault.Is(err, fault.Internal) || buf.Len() > 0 {
			t.Errorf("%s: error %v after %d bytes", name, err, buf.Len())
		}
	}
}

// TestTownUndefined takes everything out: no score, no division by zero.
func TestTownUndefined(t *testing.T) {
	d := sample.Load(t, "../testdata/kanten.yaml")
	answers := score.Answers{}
	for _, q := range d.Questions() {
		if q.NotApplicable {
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "Das gibt es bei uns nicht."}
		}
	}
	r := sample.TownReport(d, answers, "de")
	f := townBook(t, r)
	noErrorCells(t, f)
	compareWithScore(t, sample.OfBook(t, f), newPlan(&r), r.View.Result)
}

func FuzzTexts(f *testing.F) {
	for _, s := range sample.Hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := book.Clean(s)
		if book.Clean(c) != c {
			t.Errorf("clean is not final for %q", s)
		}
		if g := guarded(s); g != "" && strings.ContainsRune("=+-@\t\r\n", rune(g[0])) {
			t.Errorf("%q stays a formula: %q", s, g)
		}
		if x := string(book.AppendText(nil, c)); strings.ContainsAny(x, "<>\x00") {
			t.Errorf("%q is no XML text: %q", s, x)
		}
	})
}
