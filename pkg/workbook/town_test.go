package workbook

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
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
	d := willkommen(t)
	for lang, want := range map[checklist.Lang][]string{
		"de": {"Deckblatt", "Ergebnis", "Antworten", "Vergleich", "Entwicklung", "Maßnahmen", "Hinweise", "Berechnung", "Listen"},
		"en": {"Cover", "Result", "Answers", "Comparison", "Trend", "Measures", "Notes", "Calculation", "Lists"},
	} {
		f := townBook(t, townReport(d, randomAnswers(d, seeded(5), 0.9), lang))
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
		if v, err := f.GetCellValue(want[0], "B5"); err != nil || v != "05958004" {
			t.Errorf("%s: the key is %q (%v)", lang, v, err)
		}
	}
}

func TestTownCompare(t *testing.T) {
	d := willkommen(t)
	r := townReport(d, randomAnswers(d, seeded(5), 0.9), "de")
	rows, err := townBook(t, r).GetRows("Vergleich")
	if got := sheetText(t, rows, err); !strings.Contains(got, "noch kein Vergleich veröffentlicht") {
		t.Errorf("without a release the sheet says %q", got)
	}
	r.Release = release(t, d, 14)
	f := townBook(t, r)
	rows, err = f.GetRows("Vergleich")
	got := sheetText(t, rows, err)
	if !strings.Contains(got, "Alle Kommunen|Punktzahl gesamt") || !strings.Contains(got, "|.|") || !strings.Contains(got, "zu wenige Kommunen") {
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
	p := r.plan()
	median, err := f.GetCellValue("Ergebnis", cell(6, p.sections[len(p.sections)-1].row+1), excelize.Options{RawCellValue: true})
	if want := strconv.FormatFloat(*n.Points.Median, 'f', -1, 64); err != nil || median != want {
		t.Errorf("the result holds the median %q, want %q (%v)", median, want, err)
	}
}

func TestTownRefuses(t *testing.T) {
	d := willkommen(t)
	live := townReport(d, nil, "de")
	live.Release = &Release{Report: &bench.Report{Ref: d.Ref(), Audience: bench.Agency}}
	foreign := townReport(d, nil, "de")
	foreign.Release = &Release{Report: &bench.Report{Ref: checklist.Ref{ID: "anders", Version: "1.0.0"}, Audience: bench.Town}}
	bare := townReport(d, nil, "de")
	bare.View.Result = nil
	for name, r := range map[string]TownReport{"live figures": live, "another checklist": foreign, "no result": bare} {
		var buf bytes.Buffer
		if err := WriteTown(&buf, r); !fault.Is(err, fault.Internal) || buf.Len() > 0 {
			t.Errorf("%s: error %v after %d bytes", name, err, buf.Len())
		}
	}
}

// TestTownUndefined takes everything out: no score, no division by zero.
func TestTownUndefined(t *testing.T) {
	d := load(t, "testdata/kanten.yaml")
	answers := score.Answers{}
	for _, q := range d.Questions() {
		if q.NotApplicable {
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "Das gibt es bei uns nicht."}
		}
	}
	r := townReport(d, answers, "de")
	f := townBook(t, r)
	noErrorCells(t, f)
	compareWithScore(t, ofBook(t, f), r.plan(), r.View.Result)
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{"ä\r\nb\rc": "ä\nb\nc", "a\x00b\x1bc\x7f": "abc", "x\ufffe\uffff": "x", "kaputt \xff": "kaputt ", "🎉\tok": "🎉\tok"} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzTexts(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := clean(s)
		if clean(c) != c {
			t.Errorf("clean is not final for %q", s)
		}
		if g := guarded(s); g != "" && strings.ContainsRune("=+-@\t\r\n", rune(g[0])) {
			t.Errorf("%q stays a formula: %q", s, g)
		}
		if x := string(appendText(nil, c)); strings.ContainsAny(x, "<>\x00") {
			t.Errorf("%q is no XML text: %q", s, x)
		}
	})
}
