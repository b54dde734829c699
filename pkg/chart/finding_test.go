package chart

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
)

// placed is the comparison with the places that a report would give.
func placed() Comparison {
	c := comparison("Arnsberg")
	c.Rows[0].Name = "eins"
	c.Rows[0].Place = bench.Position{Side: bench.AboveMedian, Quarter: bench.ThirdQuarter}
	c.Rows[1].Place = bench.Position{Side: bench.BelowMedian, Quarter: bench.BottomQuarter}
	c.Rows[2].Place = bench.Position{Side: bench.AboveMedian}
	return c
}

func TestFindings(t *testing.T) {
	one, english, alone := placed(), placed(), placed()
	english.Lang = "en"
	alone.Own, alone.Whole = "", false
	behind := placed()
	behind.Rows = behind.Rows[1:2]
	tr := trend("2024")
	named := counts("nein")
	mine := shares("Frage")
	mine.Options[0].Own, mine.Options[1].Own = true, false
	for i, x := range []struct {
		got  Chart
		want string
	}{
		{
			Bars(one),
			"In 2 von 3 Abschnitten über dem Median; am weitesten vorn: drei, +60 Prozentpunkte; am weitesten " +
				"zurück: zwei, −50 Prozentpunkte.",
		},
		{
			Bars(english),
			"Above the median in 2 of 3 sections; furthest ahead: drei, +60 percentage points; furthest behind: " +
				"zwei, −50 percentage points.",
		},
		{Bars(behind), "In keinem von 1 Abschnitten über dem Median; am weitesten zurück: zwei, −50 Prozentpunkte."},
		{BoxPlot(one), "In 0 von 2 Abschnitten im oberen Viertel, in 1 im unteren."},
		{BoxPlot(alone), "Höchster Median: eins, 50,0 %; niedrigster: drei, 40,0 %."},
		{Radar(one), "Am stärksten: drei, 100,0 %; am schwächsten: zwei, 0,0 %."},
		{Distribution(named), "Am häufigsten: ja, 9 von 12 Kommunen."},
		{Distribution(shares("Frage")), "Am häufigsten: geplant, 57 % der Kommunen, die geantwortet haben."},
		{Distribution(mine), "Am häufigsten: geplant, 57 % der Kommunen, die geantwortet haben; Ihre Antwort: 43 %."},
		{
			Bridges(tr),
			"Zuletzt von 41,2 % auf 48,9 %: +7,7 Prozentpunkte, davon neue Antworten +9,1 und geänderte Checkliste " +
				"−1,4.",
		},
		{Circles(atlas("Arnsberg")), "2 von 3 Kommunen haben eingereicht; häufigste Stufe: 1 Einstieg (1)."},
		{Stacked(stack("A")), "Über alle Zeilen: "},
		{HeatMap(Field{Lang: "de", Columns: []string{"a"},
			Rows: []FieldRow{{Name: "X", Total: f(0.5), Values: []*float64{nil}},
				{Name: "Y", Total: f(0.921), Values: []*float64{nil}}}}),
			"Höchste Punktzahl: Y, 92,1 %; niedrigste: X, 50,0 %."},
	} {
		if got := strings.ReplaceAll(x.got.Finding, "\u00a0", " "); !strings.HasPrefix(got, x.want) || got == "" {
			t.Errorf("%d: %q, want %q", i, got, x.want)
		}
	}
}

// TestEveryPictureHasAFinding: whoever cannot see a picture hears what it shows, whatever the names are.
func TestEveryPictureHasAFinding(t *testing.T) {
	for kind, c := range all(hostile) {
		if c.Finding == "" || strings.Contains(c.Finding, "%!") || strings.ContainsRune(c.Finding, 0) {
			t.Errorf("%s says %q", kind, c.Finding)
		}
	}
	for lang, texts := range findings {
		for key := range findings["de"] {
			if texts[key] == "" {
				t.Errorf("%s lacks the finding %s", lang, key)
			}
		}
	}
}

// manySections is a comparison of n sections.
func manySections(n int) Comparison {
	c := Comparison{ID: "c", Title: "t", Lang: "de", Own: "Arnsberg", Whole: true}
	for i := range n {
		c.Rows = append(c.Rows, Row{Name: fmt.Sprintf("Abschnitt %c", 'A'+i), Own: f(0.5),
			Node: &bench.Node{N: 20, Points: bench.Figures{Q1: f(0.3), Median: f(0.4), Q3: f(0.7)}}})
	}
	return c
}

func TestRadarStaysReadable(t *testing.T) {
	type option struct {
		OS    struct{ KeyBelow int }
		Radar struct{ Clockwise bool }
		Media []struct {
			Query  struct{ MaxWidth int }
			Option struct {
				Radar struct {
					Indicator []struct {
						Name      string
						AxisLabel struct {
							Show      bool
							Formatter string
						}
					}
				}
			}
		}
	}
	read := func(n int) (Chart, option) {
		var o option
		c := Radar(manySections(n))
		if c.Option != nil {
			if err := json.Unmarshal(c.Option, &o); err != nil {
				t.Fatal(err)
			}
		}
		return c, o
	}
	few, o := read(9)
	if !o.Radar.Clockwise {
		t.Error("the sections run against the clock")
	}
	if len(few.Key) != 9 || few.Key[8] != (KeyEntry{9, "Abschnitt I"}) {
		t.Errorf("key %v", few.Key)
	}
	narrow, wide := o.Media[0], o.Media[1].Option.Radar.Indicator
	if o.OS.KeyBelow != narrow.Query.MaxWidth+1 {
		t.Errorf("the key appears below %d px, the numbers up to %d px", o.OS.KeyBelow, narrow.Query.MaxWidth)
	}
	if narrow.Option.Radar.Indicator[2].Name != "3" || wide[2].Name != "3 Abschnitt C" {
		t.Errorf("names %q and %q", narrow.Option.Radar.Indicator[2].Name, wide[2].Name)
	}
	if !wide[0].AxisLabel.Show || wide[0].AxisLabel.Formatter != formatPoints || wide[1].AxisLabel.Show {
		t.Error("the values of the rings stand at the first spoke")
	}
	if many, o := read(18); o.Media[1].Option.Radar.Indicator[17].Name != "18" || o.OS.KeyBelow != always ||
		len(many.Key) != 18 {
		t.Error("eighteen sections need numbers with a key at any width")
	}
	if tangle, _ := read(mostSpokes + 1); tangle.Option != nil || tangle.Empty == "" ||
		len(tangle.Table.Rows) != mostSpokes+1 {
		t.Error("a net of so many sections is a tangle: the table says it alone")
	}
}

func TestLinesBreakLongWords(t *testing.T) {
	for in, want := range map[string]string{
		"3 Erster Kontakt und Bürgerbüro": "3 Erster Kontakt\nund Bürgerbüro",
		"7 Barrierefreiheitsstärkungsgesetz und seine Folgen": "7\nBarrierefreiheits-\nstärkungsgesetz\nund seine " +
			"Folgen",
	} {
		if got := lines(in, 18); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := Sections((&checklist.Definition{}).Index(), "de", nil, nil, ""); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
