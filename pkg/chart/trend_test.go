package chart

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/wording"
)

// trend has a rise and a fall, a round without a score and, before it, one that cannot be compared.
func trend(name string) Trend {
	return Trend{ID: "t", Title: name, Lang: "de", Median: name,
		Points: []TrendPoint{{Name: name, Score: f(0.4123)}, {Name: "2025", Score: f(0.4893), Median: f(0.5)},
			{Name: "2026"}},
		Steps: []TrendStep{{Bridge: shift.Bridge{Before: 412, Answers: 91, Rules: -14, After: 489}, Known: true}, {}}}
}

func cellTexts(row []Cell) []string {
	var list []string
	for _, c := range row {
		list = append(list, c.Text)
	}
	return list
}

func TestBridgesTable(t *testing.T) {
	c := Bridges(trend("2024"))
	for i, want := range [][]string{
		{"2024", "41,2 %", "–", "–", "–", "–"},
		{"2025", "48,9 %", "+7,7", "+9,1", "−1,4", "50,0 %"},
		{"2026", "–", "–", "–", "–", "–"},
	} {
		if got := cellTexts(c.Table.Rows[i]); !slices.Equal(got, want) {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
	if v := *c.Table.Rows[1][4].Value; v != -0.014 {
		t.Errorf("the number behind −1,4 is %v", v)
	}
	for _, text := range []string{"+9,1 Prozentpunkte", "−1,4 Prozentpunkte", "– keine Punktzahl",
		"– nicht vergleichbar"} {
		if !strings.Contains(string(c.Option), `"text":"`+text+`"`) {
			t.Errorf("the picture lacks %q", text)
		}
	}
}

func TestBridgesOfARelease(t *testing.T) {
	tr := trend("2024")
	tr.Whole, tr.Median, tr.Lang = true, "", "en"
	tr.Points = tr.Points[:2]
	tr.Steps = []TrendStep{{Bridge: shift.Bridge{Before: 410, Answers: 90, Rules: -20, After: 480}, Known: true}}
	if got, want := cellTexts(Bridges(tr).Table.Rows[1]), []string{"2025", "48%", "+7", "+9", "−2"}; !slices.Equal(got,
		want) {
		t.Errorf("%q, want %q", got, want)
	}
	tr.Points[0].Score, tr.Points[0].Reason = nil, bench.TooFew
	tr.Steps[0] = TrendStep{Reason: bench.TooFew}
	c := Bridges(tr)
	if got, want := cellTexts(c.Table.Rows[1]), []string{"2025", "48%", wording.Dot + "¹", wording.Dot + "¹",
		wording.Dot + "¹"}; !slices.Equal(got, want) || !strings.HasPrefix(c.Notes[0], wording.Dot+"¹ ") {
		t.Errorf("%q with the notes %q, want %q", got, c.Notes, want)
	}
}

// TestBridgesStayOnTheAxis: whatever the parts are, no bar leaves the axis, and every row says its number.
func TestBridgesStayOnTheAxis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tenths := rapid.IntRange(0, 1000)
		tr := Trend{ID: "t", Title: "t", Lang: "de"}
		at := tenths.Draw(t, "first")
		tr.Points = append(tr.Points, TrendPoint{Name: "0", Score: f(float64(at) / 1000)})
		for range rapid.IntRange(1, 4).Draw(t, "steps") {
			b := shift.Bridge{Before: at, After: tenths.Draw(t, "score"), Answers: rapid.IntRange(-1000, 1000).Draw(t,
				"answers")}
			b.Rules = b.Total() - b.Answers
			at = b.After
			tr.Points = append(tr.Points, TrendPoint{Name: "x", Score: f(float64(at) / 1000)})
			tr.Steps = append(tr.Steps, TrendStep{Bridge: b, Known: true})
		}
		c := Bridges(tr)
		var option struct {
			Series []struct {
				Data []struct {
					Value json.RawMessage
					Text  string
				}
			}
		}
		if err := json.Unmarshal(c.Option, &option); err != nil {
			t.Fatal(err)
		}
		rows := 3*len(tr.Steps) + 1
		for i := range rows {
			end := 0.0
			for _, s := range option.Series[:3] {
				var v *float64
				if err := json.Unmarshal(s.Data[i].Value, &v); err != nil {
					t.Fatal(err)
				}
				if v != nil {
					end += *v
					if *v < 0 {
						t.Fatalf("row %d is drawn backwards: %v", i, *v)
					}
				}
			}
			if end > 100.05 {
				t.Fatalf("row %d ends at %v", i, end)
			}
		}
		if n := len(option.Series[3].Data); n != 2*len(tr.Steps) {
			t.Fatalf("%d texts for %d steps", n, len(tr.Steps))
		}
	})
}

// TestBridgesShowSmallChanges: a change of one point takes a good part of the axis, which says what it holds.
func TestBridgesShowSmallChanges(t *testing.T) {
	tr := Trend{ID: "t", Title: "t", Lang: "de", Points: []TrendPoint{{Name: "2024", Score: f(0.712)},
		{Name: "2025", Score: f(0.716)}},
		Steps: []TrendStep{{Bridge: shift.Bridge{Before: 712, Answers: 10, Rules: -6, After: 716}, Known: true}}}
	c := Bridges(tr)
	var option struct {
		XAxis []struct{ Min, Max float64 }
	}
	if err := json.Unmarshal(c.Option, &option); err != nil {
		t.Fatal(err)
	}
	if x := option.XAxis[0]; x.Max-x.Min != 20 || x.Min > 71 || x.Max < 72.2 {
		t.Errorf("the axis runs from %v to %v", x.Min, x.Max)
	}
	if note := c.Notes[len(c.Notes)-1]; note != "Die Achse zeigt den Ausschnitt von 65 % bis 85 %." {
		t.Errorf("%q", note)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Float64Range(0, 100)
		spans := []span{{kind: "score", to: at.Draw(t, "a")},
			{kind: "more", from: at.Draw(t, "b"), to: at.Draw(t, "c")}, {kind: "none"}}
		a := axisOf(spans)
		if a.from < 0 || a.to > 100 || a.to-a.from < 20 || math.Mod(a.from, a.step) != 0 ||
			math.Mod(a.to, a.step) != 0 {
			t.Fatalf("%+v", a)
		}
		for _, v := range []float64{spans[0].to, spans[1].from, spans[1].to} {
			if v < a.from || v > a.to {
				t.Fatalf("%v is not on the axis %+v", v, a)
			}
		}
	})
}
