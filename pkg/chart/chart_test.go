package chart

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
)

func f(v float64) *float64 { return &v }

func text(s string) checklist.Text {
	return checklist.NewText("de", map[checklist.Lang]string{"de": s})
}

func levels() *checklist.Definition {
	d := &checklist.Definition{Levels: []checklist.Level{{ID: "l1", Label: text("Einstieg")},
		{ID: "l2", From: 40, Label: text("Basis")}, {ID: "l3", From: 60, Label: text("Gut")}}}
	return d.Index()
}

const hostile = "</script><script>alert(1)</script>{{.}} {b} {c|d} fn:points var(--os-chart-own)\x00"

// comparison has a section with everything, one with a median alone, one that is suppressed and one
// without an own score.
func comparison(name string) Comparison {
	full := &bench.Node{N: 20, Points: bench.Figures{Q1: f(0.3), Median: f(0.5), Q3: f(0.7)}}
	few := &bench.Node{N: 7, Points: bench.Figures{Median: f(0.4)},
		Reasons: map[string]bench.Reason{"q1": bench.TooFew, "q3": bench.TooFew}}
	none := &bench.Node{Reasons: map[string]bench.Reason{"q1": bench.TooFew, "median": bench.Complement,
		"q3": bench.TooFew}}
	return Comparison{ID: "c", Title: name, Lang: "de", Own: name, Whole: true, Rows: []Row{
		{Name: name, Own: f(0.6667), Node: full}, {Name: "zwei", Own: f(0), Node: full},
		{Name: "drei", Own: f(1), Node: few},
		{Name: "vier", Own: f(0.2), Node: none}, {Name: "fünf", Node: full}}}
}

func atlas(name string) Atlas {
	return Atlas{ID: "a", Title: name, Lang: "de", Checklist: levels(), Places: []Place{
		{Town: region.Municipality{AGS: "05958004", Name: name, Population: 74879, Lat: 51.39, Lon: 8.06}, Level: 2,
			Score: f(0.61)},
		{Town: region.Municipality{AGS: "05958008", Name: "Bestwig", Population: 10147, Lat: 51.36, Lon: 8.39},
			Level: 0, Score: f(0.1)},
		{Town: region.Municipality{AGS: "05958012", Name: "Brilon", Population: 25000, Lat: 51.4, Lon: 8.57},
			Level: -1}}}
}

func counts(name string) Counts {
	return Counts{ID: "d", Title: name, Lang: "de",
		Options: []Option{{Label: name, N: 3}, {Label: "ja", N: 9, Own: true}}}
}

// shares is the distribution of a question in a release.
func shares(name string) Counts {
	q := checklist.Question{ID: "q", Text: checklist.NewText("de", map[checklist.Lang]string{"de": name})}
	for _, id := range []checklist.OptionID{"keine", "geplant"} {
		q.Options = append(q.Options, checklist.Option{ID: id,
			Label: checklist.NewText("de", map[checklist.Lang]string{"de": string(id)})})
	}
	return OptionShares(&q, &bench.Node{Choice: true, Options: []bench.OptionCount{{Option: "geplant", Share: 0.57},
		{Option: "keine", Share: 0.43}}}, "geplant", "de")
}

func all(name string) map[string]Chart {
	return map[string]Chart{"radar": Radar(comparison(name)), "bars": Bars(comparison(name)),
		"boxplot": BoxPlot(comparison(name)),
		"heatmap": HeatMap(Field{ID: "h", Title: name, Lang: "de", Columns: []string{name},
			Rows: []FieldRow{{Name: name, Total: f(0.5), Values: []*float64{nil}}}}),
		"counts": Distribution(counts(name)), "shares": Distribution(shares(name)), "circles": Circles(atlas(name)),
		"outlines": Outlines(atlas(name)), "bridges": Bridges(trend(name)),
		"stacked": Stacked(stack(name))}
}

func TestHostileTextIsHarmless(t *testing.T) {
	for kind, c := range all(hostile) {
		if c.Option == nil || !json.Valid(c.Option) {
			t.Fatalf("%s: no valid option", kind)
		}
		for _, bad := range []string{`"data":null`, "<", ">", "{b}", "{c|", "{{", "\\u0000", "function"} {
			if strings.Contains(string(c.Option), bad) {
				t.Errorf("%s: the option holds %q", kind, bad)
			}
		}
		for _, row := range c.Table.Rows {
			if len(row) != len(c.Table.Head) {
				t.Errorf("%s: a row of %d cells under a head of %d", kind, len(row), len(c.Table.Head))
			}
		}
	}
}

func TestEveryFormatterAndColourIsKnown(t *testing.T) {
	known := map[string]bool{formatPoints: true, formatNumber: true, formatTip: true, formatText: true}
	var walk func(kind, key string, v any)
	walk = func(kind, key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				walk(kind, k, x)
			}
		case []any:
			for _, x := range v {
				walk(kind, key, x)
			}
		case string:
			if key == "formatter" && !known[v] {
				t.Errorf("%s: formatter %q would be read as a template", kind, v)
			}
			if (key == "color" || strings.HasSuffix(key, "Color")) && v != "transparent" &&
				!strings.HasPrefix(v, "var(--os-chart-") {
				t.Errorf("%s: %s is %q, which follows no theme", kind, key, v)
			}
		}
	}
	for kind, c := range all("Arnsberg") {
		var option any
		if err := json.Unmarshal(c.Option, &option); err != nil {
			t.Fatal(err)
		}
		walk(kind, "", option)
	}
}

func TestSuppressedIsADotWithAFootnote(t *testing.T) {
	c := comparison("Arnsberg")
	for kind, got := range map[string]Chart{"bars": Bars(c), "boxplot": BoxPlot(c)} {
		row := got.Table.Rows[3]
		for i := 2; i < len(row); i++ {
			if !strings.HasPrefix(row[i].Text, wording.Dot) || row[i].Value != nil {
				t.Errorf("%s: suppressed cell %d is %q", kind, i, row[i].Text)
			}
		}
		if len(got.Notes) < 2 || !strings.HasPrefix(got.Notes[0], wording.Dot+"¹ ") ||
			!strings.HasPrefix(got.Notes[1], wording.Dot+"² ") {
			t.Errorf("%s: footnotes %q", kind, got.Notes)
		}
		if !strings.Contains(string(got.Option), `"text":"`+wording.Dot+"²\"") {
			t.Errorf("%s: no dot in the picture", kind)
		}
	}
	radar := Radar(c)
	if note := radar.Notes[len(radar.Notes)-1]; !strings.Contains(note, "vier") || !strings.Contains(note, "fünf") {
		t.Errorf("the net does not say what it leaves out: %q", note)
	}
	if strings.Contains(string(radar.Option), "vier") {
		t.Error("the net draws a suppressed section")
	}
}

func TestEmptyStates(t *testing.T) {
	none := Comparison{ID: "c", Title: "t", Lang: "de", Rows: []Row{{Name: "eins"}}}
	suppressed := counts("x")
	suppressed.Reason = bench.Distribution
	for kind, c := range map[string]Chart{"radar": Radar(none), "bars": Bars(none), "boxplot": BoxPlot(none),
		"heatmap":    HeatMap(Field{Lang: "de"}),
		"counts":     Distribution(Counts{Lang: "de", Options: []Option{{Label: "a"}}}),
		"suppressed": Distribution(suppressed),
		"circles":    Circles(Atlas{Lang: "de", Checklist: levels()}),
		"outlines":   Outlines(Atlas{Lang: "de", Checklist: levels()}),
		"bridges":    Bridges(Trend{Lang: "de", Points: []TrendPoint{{Name: "eins"}}})} {
		if c.Option != nil || c.Empty == "" {
			t.Errorf("%s: an empty picture needs a sentence, it has %q", kind, c.Empty)
		}
	}
	for _, row := range Distribution(suppressed).Table.Rows {
		if row[1].Value != nil || !strings.HasPrefix(row[1].Text, wording.Dot) {
			t.Errorf("a suppressed count is shown: %+v", row[1])
		}
	}
}

func TestFiguresOfAReleaseAreWholePercent(t *testing.T) {
	c := comparison("Arnsberg")
	c.Rows[0].Node.Points.Median = f(0.529)
	got := Bars(c).Table.Rows[0]
	if got[1].Text != "66,6 %" || got[3].Text != "52 %" {
		t.Errorf("own %q and median %q, want 66,6 %% and 52 %%", got[1].Text, got[3].Text)
	}
	if *got[3].Value != 0.52 {
		t.Errorf("the number behind the median is %v", *got[3].Value)
	}
	c.Lang = "en"
	if got := Bars(c).Table.Rows[0]; got[1].Text != "66.6%" {
		t.Errorf("English: %q", got[1].Text)
	}
}

func TestSharesOfAReleaseAreWholePercent(t *testing.T) {
	c := Distribution(shares("Arnsberg"))
	for i, want := range []struct {
		label, text string
		value       float64
	}{{"keine", "43 %", 0.43}, {"geplant (Ihre Antwort)", "57 %", 0.57}} {
		if row := c.Table.Rows[i]; row[0].Text != want.label || row[1].Text != want.text ||
			*row[1].Value != want.value {
			t.Errorf("row %d: %q %q %v, want %+v", i, row[0].Text, row[1].Text, *row[1].Value, want)
		}
	}
	if c.Table.Head[1].Text != "Anteil" || !strings.Contains(string(c.Option), `"value":57`) ||
		!strings.Contains(string(c.Option), "57 % der Kommunen, die geantwortet haben") {
		t.Errorf("head %q, option %s", c.Table.Head[1].Text, c.Option)
	}
}

func TestNumbersNeverBreakThePicture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Just[*float64](nil), rapid.Just(f(math.NaN())), rapid.Just(f(math.Inf(1))),
			rapid.Map(rapid.Float64Range(0, 1), f))
		c := Comparison{ID: "c", Title: rapid.String().Draw(t, "title"),
			Lang: rapid.SampledFrom([]checklist.Lang{"de", "en", "fr"}).Draw(t, "lang"),
			Own:  rapid.String().Draw(t, "own"), Whole: rapid.Bool().Draw(t, "whole"),
			Extremes: rapid.Bool().Draw(t, "extremes")}
		for i := range rapid.IntRange(0, 12).Draw(t, "rows") {
			n := &bench.Node{N: i, Points: bench.Figures{Min: value.Draw(t, "min"), Q1: value.Draw(t, "q1"),
				Median: value.Draw(t, "median"),
				Q3:     value.Draw(t, "q3"), Max: value.Draw(t, "max")}}
			c.Rows = append(c.Rows, Row{Name: rapid.String().Draw(t, "name"), Own: value.Draw(t, "own value"), Node: n})
		}
		for kind, got := range map[string]Chart{"radar": Radar(c), "bars": Bars(c), "boxplot": BoxPlot(c)} {
			if (got.Option == nil) == (got.Empty == "") {
				t.Fatalf("%s: either a picture or a sentence is expected", kind)
			}
			if got.Option != nil && !json.Valid(got.Option) {
				t.Fatalf("%s: invalid JSON", kind)
			}
		}
	})
}

func TestCircleAreasFollowThePopulation(t *testing.T) {
	big, quarter, tiny := radius(100000, 100000, smallest, biggest), radius(25000, 100000, smallest, biggest),
		radius(10, 100000, smallest, biggest)
	if big != 2*quarter || tiny != smallest {
		t.Errorf("radii %v, %v, %v", big, quarter, tiny)
	}
	b := boundsOf([]Place{{Town: region.Municipality{Lat: 51, Lon: 8}}, {Town: region.Municipality{Lat: 51.5, Lon: 9}}})
	if a := b.aspect(); math.Abs(a-1.208) > 0.01 {
		t.Errorf("aspect %v: a degree of longitude is about 0.63 of one of latitude here", a)
	}
}

func TestShort(t *testing.T) {
	for in, want := range map[string]string{"kurz": "kurz",
		"Sprachen und internationale Fachkräfte": "Sprachen und intern…",
		"Zuständigkeiten und Wege":               "Zuständigkeiten…",
		strings.Repeat("x", 30):                  strings.Repeat("x", 19) + "…", "a{b}": "a{\u2060b}"} {
		if got := short(in, 20); got != want {
			t.Errorf("short(%q) = %q, want %q", in, got, want)
		}
	}
	if got := (writer{lang: "de"}).count(1375606); got != "1.375.606" {
		t.Errorf("count: %s", got)
	}
}

func BenchmarkHeatMap(b *testing.B) {
	field := Field{Lang: "de", Columns: make([]string, 9)}
	for i := range 59 {
		row := FieldRow{Name: strconv.Itoa(i), Total: f(0.5), Values: make([]*float64, 9)}
		for k := range row.Values {
			row.Values[k] = f(float64(k) / 9)
		}
		field.Rows = append(field.Rows, row)
	}
	for b.Loop() {
		HeatMap(field)
	}
}

// TestWhoIsOnTheMedianIsDrawnOnIt: beside figures of a release the own score is drawn by their
// measure, while its text keeps the tenth.
func TestWhoIsOnTheMedianIsDrawnOnIt(t *testing.T) {
	for _, c := range []struct {
		own, median float64
		rounded     bool
		at          string
	}{{0.597, 0.59, false, "59"}, {0.225, 0.22, false, "22"}, {0.225, 0.23, true, "23"}} {
		own, median := c.own, c.median
		x := Comparison{ID: "x", Title: "X", Lang: "de", Own: "Wir", Group: "alle", Whole: true, Rounded: c.rounded,
			Rows: []Row{{Name: "Netz", Own: &own,
				Node: &bench.Node{Points: bench.Figures{Q1: &median, Median: &median, Q3: &median}}}}}
		for name, picture := range map[string]Chart{"bars": Bars(x), "boxes": BoxPlot(x)} {
			option := string(picture.Option)
			if n := strings.Count(option, `"value":`+c.at) + strings.Count(option, `"value":[`+c.at); n < 2 {
				t.Errorf("%s: own score %v and median %v are not drawn at %s: %s", name, c.own, c.median, c.at, option)
			}
		}
	}
}
