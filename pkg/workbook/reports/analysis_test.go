package reports

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/form"
	"ortsspiegel/pkg/workbook/sample"
)

// analysisOf is a round of n towns with random answers; every call of Each gives the same.
func analysisOf(d *checklist.Definition, n int) report.AnalysisReport {
	town := func(i int) region.Municipality {
		ags := region.AGS(fmt.Sprintf("059%05d", 58000+i))
		return region.Municipality{AGS: ags, Name: fmt.Sprintf("Ort %d", i), Population: 5000,
			District: region.District{Key: ags.District(), Name: "Kreis"}}
	}
	r := report.AnalysisReport{Population: map[region.AGS]int{},
		RawReport: report.RawReport{Lang: "de", Program: "Ortsspiegel Test", AsOf: sample.AsOf,
			Region: region.Region{Name: "Region"},
			Round:  round.Round{ID: 7, Title: "Runde 2026"}, Definition: d}}
	for i := range n {
		r.Population[town(i).AGS] = 4000 + 800*i%60000
	}
	r.Each = func(f func(round.Submission) error) error {
		for i := range n {
			answers := sample.RandomAnswers(d, rand.New(rand.NewPCG(uint64(i), 9)), 0.9)
			entries := map[checklist.QuestionID]assessment.Entry{}
			for id, a := range answers {
				entries[id] = assessment.Entry{Question: id, Given: true, Answer: a, Revision: 1, At: sample.AsOf,
					Comment: book.Ternary(i%3 == 0, "=1+1", "")}
			}
			if err := f(round.Submission{Town: town(i), At: sample.AsOf, Entries: entries,
				Answers: answers}); err != nil {
				return err
			}
		}
		return nil
	}
	return r
}

func openedAnalysis(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestAnalysisTables(t *testing.T) {
	d := sample.Willkommen(t)
	r := analysisOf(d, 12)
	var b bytes.Buffer
	if err := WriteAnalysis(&b, r); err != nil {
		t.Fatal(err)
	}
	f := openedAnalysis(t, b.Bytes())
	for sheet, rows := range map[string]int{"Antworten": 12 * len(d.Questions()), "Kommunen": 12, "Codebuch": 0} {
		tables, err := f.GetTables(sheet)
		if err != nil || len(tables) != 1 || tables[0].Name != sheet {
			t.Fatalf("%s: tables %+v, %v", sheet, tables, err)
		}
		got, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if rows == 0 {
			rows = len(got) - 1
		}
		if len(got) != rows+1 || !strings.HasSuffix(tables[0].Range, fmt.Sprint(rows+1)) {
			t.Errorf("%s: %d rows, range %s; want %d and a header", sheet, len(got), tables[0].Range, rows)
		}
		seen := map[string]bool{}
		for _, title := range got[0] {
			if seen[title] || title == "" {
				t.Errorf("%s: the column %q is empty or stands twice", sheet, title)
			}
			seen[title] = true
			if slices.Contains([]string{"fassung", "bemerkung", "zustand"}, title) {
				t.Errorf("%s: the column %q has a retired name", sheet, title)
			}
		}
		if !slices.ContainsFunc(f.GetDefinedName(), func(n excelize.DefinedName) bool {
			return n.Name == "_xlnm.Print_Titles" && n.Scope == sheet && strings.HasSuffix(n.RefersTo, "!$1:$1") &&
				strings.Contains(n.RefersTo, "!$A:$B,")
		}) {
			t.Errorf("%s: pages after the first are printed without heads: %+v", sheet, f.GetDefinedName())
		}
		if high, err := f.GetRowHeight(sheet, 1); err != nil || sheet == "Kommunen" && high < 20 {
			t.Errorf("%s: titles of several lines are cut at %v points, %v", sheet, high, err)
		}
	}
	compareWithScores(t, f, r)
}

// compareWithScores checks each town's scores and answers in the wide table against the score.
func compareWithScores(t *testing.T, f *excelize.File, r report.AnalysisReport) {
	t.Helper()
	rows, err := f.GetRows("Kommunen")
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, title := range rows[0] {
		at[title] = i
	}
	n := 0
	err = r.Each(func(s round.Submission) error {
		n++
		row := rows[n]
		get := func(column string) string {
			if i := at[column]; i < len(row) {
				return row[i]
			}
			return ""
		}
		result := score.Score(r.Definition, s.Answers)
		if want := fmt.Sprint(book.Shown(*result.Score)); get("gesamt") != want || get("ags") != string(s.Town.AGS) {
			t.Errorf("%s: total %s of %s, want %s", s.Town.AGS, get("gesamt"), get("ags"), want)
		}
		states := score.States(r.Definition, s.Answers)
		for i, q := range r.Definition.Questions() {
			a := s.Answers[q.ID]
			want := map[bool]string{true: "n/a"}[states[i] == score.NotApplicable]
			if states[i] == score.Answered && q.Type == checklist.TypeChoice {
				want = string(a.Options[0])
			}
			if q.Type == checklist.TypeChoice && get(string(q.ID)) != want {
				t.Errorf("%s, %s: %q, want %q", s.Town.AGS, q.ID, get(string(q.ID)), want)
			}
		}
		return nil
	})
	if err != nil || n != 12 {
		t.Fatalf("%d towns, %v", n, err)
	}
}

// TestAnalysisLinesAreTheSameBenchmark reads the JSON Lines back and compares every figure.
func TestAnalysisLinesAreTheSameBenchmark(t *testing.T) {
	for _, file := range []string{"../../../checklists/willkommen/2.0.0.yaml",
		"../../../checklists/barrierefreie-dienste/1.0.0.yaml"} {
		d := sample.Load(t, file)
		r := analysisOf(d, 40)
		var b bytes.Buffer
		if err := WriteAnalysisLines(&b, r); err != nil {
			t.Fatal(err)
		}
		read, err := bench.ReadAssessments(d, &b)
		if err != nil {
			t.Fatal(err)
		}
		var stored []bench.Record
		if err := r.Each(func(s round.Submission) error {
			stored = append(stored, bench.NewRecord(d, s.Town.AGS, r.Population[s.Town.AGS], s.Answers))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		want := bench.Compute(d, stored, region.Groups(bench.Members(stored)))
		if got := bench.Compute(d, read, region.Groups(bench.Members(read))); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the benchmark of the exported lines differs", file)
		}
	}
}

func TestAnalysisCSV(t *testing.T) {
	d := sample.Willkommen(t)
	r := analysisOf(d, 3)
	var b bytes.Buffer
	if err := WriteAnalysisCSV(&b, r); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	c := csv.NewReader(strings.NewReader(text))
	c.Comma = ';'
	rows, err := c.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+3*len(d.Questions()) || len(rows[0]) != len(tidyColumns) {
		t.Errorf("%d rows of %d columns", len(rows), len(rows[0]))
	}
	for _, row := range rows[1:] {
		for _, field := range row {
			if strings.HasPrefix(field, "=") {
				t.Fatalf("a spreadsheet would calculate %q", field)
			}
		}
	}
}

// TestAnalysisThroughLibreOffice makes sure that another program takes the tables as they are.
func TestAnalysisThroughLibreOffice(t *testing.T) {
	d := sample.Willkommen(t)
	var b bytes.Buffer
	if err := WriteAnalysis(&b, analysisOf(d, 5)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "analysis.xlsx")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(sample.Recalculate(t, "de-DE", sample.AsBook, []string{file}),
		"analysis.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := openedAnalysis(t, data).GetRows("Antworten")
	if err != nil || len(rows) != 1+5*len(d.Questions()) {
		t.Errorf("%d rows after LibreOffice, %v", len(rows), err)
	}
}

// TestAnalysisOfACountry streams 11 000 towns and measures what that costs in memory.
func TestAnalysisOfACountry(t *testing.T) {
	testkit.Long(t, "600 000 rows take their time")
	d := sample.Willkommen(t)
	r := analysisOf(d, 11000)
	var peak uint64
	each, n := r.Each, 0
	r.Each = func(f func(round.Submission) error) error {
		return each(func(s round.Submission) error {
			if n++; n%1000 == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapSys+m.StackSys)
			}
			return f(s)
		})
	}
	var size counter
	if err := WriteAnalysis(&size, r); err != nil {
		t.Fatal(err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	peak = max(peak, m.HeapSys+m.StackSys)
	t.Logf("%d answers: %.1f MB written, peak %.0f MB from the system", 11000*len(d.Questions()), float64(size)/1e6,
		math.Ceil(float64(peak)/1e6))
	if peak > 150<<20 {
		t.Errorf("%d MB, at most 150 are expected", peak>>20)
	}
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// TestProseInWorkbooks: the longer texts stand as plain text in the codebook and in the form,
// addresses behind the words.
func TestProseInWorkbooks(t *testing.T) {
	d := sample.Load(t, "../../catalog/testdata/valid/prose.yaml")
	want := "Es zählt, was wirklich hilft:\n\n- ein Gespräch\n- ein Leitfaden " +
		"(https://example.org/leitfaden)\n\nBürger*innen und Besucher*innen; Fragen an rat@example.org."
	var b bytes.Buffer
	if err := WriteAnalysis(&b, analysisOf(d, 3)); err != nil {
		t.Fatal(err)
	}
	rows, err := openedAnalysis(t, b.Bytes()).GetRows("Codebuch")
	if err != nil {
		t.Fatal(err)
	}
	titles := strings.Join(rows[0], " ")
	if !strings.HasSuffix(titles, "erlaeuterung nachweise quelle quelle_adresse") {
		t.Errorf("titles %s", titles)
	}
	found := false
	for _, row := range rows {
		if row[0] != "b2" {
			continue
		}
		found = true
		if got := row[len(row)-4:]; !slices.Equal(got, []string{want, "Ein Protokoll (rat@example.org)",
			"Studie „Ankommen“", "https://example.org/studie"}) {
			t.Errorf("%q", got)
		}
	}
	if !found {
		t.Error("no row of b2")
	}
	q, _, _ := d.Question("b2")
	hints := (&form.FormPlan{B: &book.Book{Lang: "de"}, Lang: "de"}).Hints(&form.FormQuestion{Q: q})
	if !strings.Contains(hints, want) || !strings.Contains(hints, "Nachweis: Ein Protokoll (rat@example.org)") {
		t.Errorf("the form says %q", hints)
	}
}
