package reports

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/sample"
)

// towns makes up participants; each fourth has not submitted.
func participants(n int) []round.Participant {
	districts := []region.District{{Key: "05958", Name: "Hochsauerlandkreis"},
		{Key: "05962", Name: "Märkischer Kreis"}, {Key: "05966", Name: "Kreis Olpe"}}
	var out []round.Participant
	for i := range n {
		d := districts[i%len(districts)]
		town := region.Municipality{AGS: region.AGS(fmt.Sprintf("%s%03d", d.Key, 4*i+4)),
			Name: fmt.Sprintf("Beispielstadt %02d", i+1), District: d, Population: 3000 + 2500*i}
		out = append(out, round.Participant{Town: town, Assessment: assessment.ID(i + 1), Status: assessment.Submitted,
			Change: 9, Submitted: sample.AsOf.Add(-time.Hour), Population: town.Population, Progress: 1})
	}
	return out
}

func regionReport(t testing.TB, d *checklist.Definition, n int) report.RegionReport {
	t.Helper()
	list := participants(n)
	r := report.RegionReport{Lang: "de", Program: "Ortsspiegel 1.0.0", AsOf: sample.AsOf, Region: sample.Suedwestfalen,
		Definition: d, Participants: list,
		Round: round.Round{ID: 3, Title: "Willkommens-Check 2026", Opens: sample.AsOf.Add(-60 * 24 * time.Hour),
			Closes: sample.AsOf, Status: round.Closed},
		Districts: map[region.DistrictKey]string{"05958": "Hochsauerlandkreis", "05962": "Märkischer Kreis",
			"05966": "Kreis Olpe"}}
	var members []region.Member
	var submissions []round.Submission
	for i, p := range list {
		answers := sample.RandomAnswers(d, sample.Seeded(uint64(i)), 0.95)
		members = append(members, region.Member{AGS: p.Town.AGS, Population: p.Population})
		r.Records = append(r.Records, bench.NewRecord(d, p.Town.AGS, p.Population, answers))
		var comments []string
		if i == 0 {
			comments = sample.Hostile
		}
		submissions = append(submissions, round.Submission{Assessment: p.Assessment, Town: p.Town, At: p.Submitted,
			Entries: sample.Entries(d, answers, comments), Answers: answers})
	}
	r.Report = bench.Compute(d, r.Records, region.Groups(members))
	r.Each = func(f func(round.Submission) error) error {
		for _, s := range submissions {
			if err := f(s); err != nil {
				return err
			}
		}
		return nil
	}
	return r
}

// release is what towns may see of a made-up round.
func release(t testing.TB, d *checklist.Definition, n int) *report.Release {
	t.Helper()
	r := regionReport(t, d, n)
	var members []region.Member
	for _, p := range r.Participants {
		members = append(members, region.Member{AGS: p.Town.AGS, Population: p.Population})
	}
	released, err := disclosure.Disclose(disclosure.Request{Definition: d, Records: r.Records,
		Groups: region.Groups(members),
		Rules:  disclosure.DefaultRules()})
	if err != nil {
		t.Fatal(err)
	}
	return &report.Release{Number: 1, At: sample.AsOf.Add(-24 * time.Hour), Report: &released.Report}
}

func regionBook(t testing.TB, r report.RegionReport) *excelize.File {
	t.Helper()
	var buf bytes.Buffer
	if err := WriteRegion(&buf, r); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestRegionSheets(t *testing.T) {
	d := sample.Willkommen(t)
	f := regionBook(t, regionReport(t, d, 38))
	want := []string{"Deckblatt", "Übersicht", "Matrix", "Diagramme", "Vergleich", "Entwicklung", "Fragen",
		"Verteilung", "Rohdaten", "Hinweise", "Werte"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Fatalf("sheets are %v, want %v", got, want)
	}
	rows, err := f.GetRows("Rohdaten")
	if err != nil {
		t.Fatal(err)
	}
	if want := 1 + 38*len(d.Questions()); len(rows) != want {
		t.Errorf("raw data has %d rows, want %d", len(rows), want)
	}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(fmt.Sprint(rows), "Canary") {
			t.Errorf("sheet %s names a person", sheet)
		}
	}
}

// TestRegionQuartiles compares Excel's own quartile, as LibreOffice computes it, with bench.Quantile.
func TestRegionQuartiles(t *testing.T) {
	d := sample.Willkommen(t)
	r := regionReport(t, d, 37)
	dir := t.TempDir()
	name := filepath.Join(dir, "region.xlsx")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(WriteRegion(out, r), out.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(filepath.Join(sample.Recalculate(t, "de", sample.AsBook, []string{name}),
		"region.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	noErrorCells(t, f)
	for j := range bench.Nodes(d) {
		var values []float64
		for i := range r.Records {
			if v := r.Records[i].Values[j]; !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		slices.Sort(values)
		for k, q := range quartiles {
			got, err := f.GetCellValue("Werte", book.Cell(j+3, valuesHead+1+len(r.Records)+k),
				excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			if len(values) == 0 {
				if got != "" {
					t.Errorf("node %d has no values and a quartile %q", j, got)
				}
				continue
			}
			x, err := strconv.ParseFloat(got, 64)
			if want := bench.Quantile(values, float64(q.q)/4); err != nil || math.Abs(x-want) > 1e-9 {
				t.Errorf("node %d, quartile %d: the workbook says %q, bench says %v", j, q.q, got, want)
			}
		}
	}
}

func rawReport(r report.RegionReport) report.RawReport {
	return report.RawReport{Lang: r.Lang, Program: r.Program, AsOf: r.AsOf, Region: r.Region, Round: r.Round,
		Definition: r.Definition, Each: r.Each}
}

func TestRawSplitsOverSheets(t *testing.T) {
	d := sample.Willkommen(t)
	r := rawReport(regionReport(t, d, 4))
	var buf bytes.Buffer
	if err := writeRaw(&buf, &r, 100); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	total := 0
	for _, sheet := range f.GetSheetList()[1:] {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) > 100 || rows[0][0] != book.WordKey[0] {
			t.Errorf("sheet %s has %d rows and begins with %q", sheet, len(rows), rows[0][0])
		}
		total += len(rows) - 1
	}
	if want := 4 * len(d.Questions()); total != want {
		t.Errorf("%d rows, want %d", total, want)
	}
}

func TestRawStopsAtError(t *testing.T) {
	r := rawReport(regionReport(t, sample.Willkommen(t), 1))
	broken := errors.New("the database went away")
	r.Each = func(func(round.Submission) error) error { return broken }
	var buf bytes.Buffer
	if err := WriteRaw(&buf, r); !errors.Is(err, broken) || buf.Len() > 0 {
		t.Errorf("error %v after %d bytes, want %v and no byte", err, buf.Len(), broken)
	}
	if err := WriteRegionCSV(&buf, r); !errors.Is(err, broken) {
		t.Errorf("csv: error %v, want %v", err, broken)
	}
}

func TestHostileTextsStayTexts(t *testing.T) {
	d := sample.Willkommen(t)
	r := sample.TownReport(d, sample.RandomAnswers(d, sample.Seeded(3), 1), "de")
	r.View.Entries = sample.Entries(d, assessment.Answers(r.View.Entries), sample.Hostile)
	r.Town.Name, r.View.Head.RoundTitle = "=HYPERLINK(\"x\")&Stadt", "\x01&G=1+1"
	r.Evidence = []assessment.Evidence{{Question: d.Questions()[0].ID, Link: "https://example.org/?a=1",
		Title: "=cmd|' /C calc'!A0"}}
	f := townBook(t, r)
	p := newPlan(&r)
	for i, want := range sample.Hostile {
		c := book.Cell(11, p.asked[i].row)
		got, err := f.GetCellValue("Antworten", c)
		if err != nil {
			t.Fatal(err)
		}
		if got != book.Clean(want) {
			t.Errorf("comment %d is %q, want %q", i, got, book.Clean(want))
		}
		if formula, _ := f.GetCellFormula("Antworten", c); formula != "" {
			t.Errorf("comment %d became the formula %q", i, formula)
		}
	}
	links, err := f.GetCellValue("Antworten", book.Cell(12, p.asked[0].row))
	if want := "=cmd|' /C calc'!A0: https://example.org/?a=1"; err != nil || links != want {
		t.Errorf("evidence is %q, want %q (%v)", links, want, err)
	}
}

func TestCSV(t *testing.T) {
	d := sample.Willkommen(t)
	r := regionReport(t, d, 3)
	var buf bytes.Buffer
	if err := WriteRegionCSV(&buf, rawReport(r)); err != nil {
		t.Fatal(err)
	}
	data := buf.String()
	if !strings.HasPrefix(data, "\ufeffAGS;") {
		t.Errorf("the file begins with %.40q", data)
	}
	if bare := strings.Count(strings.ReplaceAll(data, "\r\n", ""), "\n"); bare != 0 {
		t.Errorf("%d line ends are not CRLF", bare)
	}
	c := csv.NewReader(strings.NewReader(strings.TrimPrefix(data, "\ufeff")))
	c.Comma = ';'
	rows, err := c.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if want := 1 + 3*len(d.Questions()); len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
	for i, row := range rows {
		for j, field := range row {
			if field != "" && strings.ContainsRune("=+-@\t\r\n", rune(field[0])) {
				t.Errorf("row %d, field %d would be calculated: %.30q", i, j, field)
			}
		}
	}
	if got := rows[1][11]; got != "'=1+1" {
		t.Errorf("the first comment is %q", got)
	}
	buf.Reset()
	if err := WriteTownCSV(&buf, sample.TownReport(d, sample.RandomAnswers(d, sample.Seeded(2), 1), "en")); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(buf.String(), "\r\n05958004;"); got != len(d.Questions()) {
		t.Errorf("the town's file has %d rows, want %d", got, len(d.Questions()))
	}
}

func TestDecimalComma(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 100: "100", 7.5: "7,5", -2: "-2", 66.66666666: "66,666667",
		1200: "1200"} {
		if got := decimalComma(x); got != want {
			t.Errorf("decimalComma(%v) = %q, want %q", x, got, want)
		}
	}
}

// TestRegionOverviewNamesCoordinators names whom to write to and how much time is left, and nobody without contacts.
func TestRegionOverviewNamesCoordinators(t *testing.T) {
	d := sample.Willkommen(t)
	r := regionReport(t, d, 4)
	r.Round.Status = round.Open
	for i, p := range r.Participants {
		if p.Status == assessment.Submitted {
			r.Participants[i].Status = assessment.Draft
			break
		}
	}
	at := slices.IndexFunc(r.Participants, func(p round.Participant) bool { return p.Status != assessment.Submitted })
	town := r.Participants[at].Town
	rows := func() []string {
		f := regionBook(t, r)
		rows, err := f.GetRows("Übersicht", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if len(row) > 1 && row[1] == town.Name {
				return append(row, make([]string, 15)...)[:15]
			}
		}
		t.Fatal("the town is missing")
		return nil
	}
	last := func(day int) time.Time { return time.Date(2026, 11, day+1, 0, 0, 0, 0, wording.Berlin) }
	for day, want := range map[int]string{20: "0", 21: "1", 19: "-1", 30: "10"} {
		r.Round.Closes = last(day) // asOf is the 20th
		if got := rows()[11:]; !slices.Equal(got, []string{want, "", "", ""}) {
			t.Errorf("last day %d: %q, want %s days and nobody", day, got, want)
		}
	}
	r.Contacts = map[region.AGS][]account.User{town.AGS: {
		{Name: "Petra Klein", Email: "petra@xn--mnchen-3ya.example", LastSignIn: sample.AsOf.AddDate(0, 0, -3)},
		{Name: "Uwe Groß", Email: "uwe@stadt.example", LastSignIn: sample.AsOf.AddDate(0, 0, -9)}}}
	want := []string{"Petra Klein; Uwe Groß", "petra@münchen.example; uwe@stadt.example", "46343.58541666667"}
	if got := rows()[12:]; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	r.Participants[at].Status = assessment.Submitted
	if got := rows()[11]; got != "" {
		t.Errorf("%q days are left to a town that has submitted", got)
	}
}
