package wording

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
)

var (
	de, en = Page("de"), Page("en")
	cell   = Cell("en")
)

func TestNumbersAndDates(t *testing.T) {
	at := time.Date(2026, 11, 21, 23, 30, 0, 0, time.UTC) // already the 22nd in Berlin
	for _, c := range []struct{ got, want string }{
		{de.Number(74879), "74.879"}, {en.Number(74879), "74,879"}, {de.Number(2.5), "2,5"},
		{de.Number(-0.25), "−0,25"},
		{de.Number(int64(-1234)), "−1.234"}, {cell.Number(-1234), "-1,234"}, {de.Number(0), "0"}, {de.Number("x"), ""},
		{de.Decimal(-0.04, 1), "0,0"}, {de.OnGrid(1234, 10), "1.234"}, {de.OnGrid(2.5, 0.01), "2,50"},
		{de.OnGrid(5.75, 0), "5,75"}, {de.Exact(decimal.RequireFromString("1375.50")), "1.375,50"},
		{en.Exact(decimal.NewFromInt(4)), "4"}, {de.Marked("1234.50"), "1234,50"}, {en.Marked("1234.50"), "1234.50"},
		{de.Measured("2.5", "Stunden"), "2,5 Stunden"}, {de.Measured("2.5", ""), "2,5"},
		{de.Count(0), "null"}, {en.Count(12), "twelve"}, {de.Count(13), "13"},
		{de.Date(at), "22. November 2026"}, {en.Date(at), "22 November 2026"}, {de.Day(at), "22. November"},
		{de.DateTime(at), "22.11.2026, 00:30"}, {en.DateTime(at), "22 Nov 2026, 00:30"}, {de.Clock(at), "00:30"},
		{de.ShortDate(at), "22.11.2026"}, {en.ShortDate(at), "2026-11-22"}, {de.ShortTime(at), "22.11.2026 00:30"},
		{ISODay(at), "2026-11-22"}, {ISODay(LastDay(time.Date(2026, 11, 21, 23, 0, 0, 0, time.UTC))), "2026-11-21"},
		{de.Date(time.Time{}), ""}, {de.ShortDate(LastDay(time.Time{})), Dash}, {de.ShortTime(time.Time{}), Dash},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// The cases of the scoring rules: a shown number is cut, so that 100,0 % always means complete and no
// number contradicts a threshold. 59.7 % with a level from 60 on is 59 %, wherever it stands.
func TestPercentIsCut(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{de.Percent(0.3625), "36,2\u00a0%"}, {en.Percent(0.3625), "36.2%"}, {de.Percent(0.829166), "82,9\u00a0%"},
		{Picture("de").Percent(0.3625), "36,2 %"}, {Picture("en").Percent(0.3625), "36.2%"},
		{Cell("de").Percent(0.3625), "36,2 %"}, {cell.Percent(0.3625), "36.2 %"}, {de.PercentNumber(2.0 / 3), "66,6"},
		{de.Percent(1), "100,0\u00a0%"}, {de.Percent(0.99999), "99,9\u00a0%"}, {de.Percent(1 - 1e-10), "100,0\u00a0%"},
		{de.Percent(0.597), "59,7\u00a0%"}, {de.WholePercent(0.597), "59\u00a0%"}, {strconv.Itoa(Whole(0.597)), "59"},
		{de.WholePercent(0.29), "29\u00a0%"}, {de.PercentRange(0.597, 0.999), "59–99\u00a0%"},
		{strconv.Itoa(Tenths(0.59799)), "597"}, {de.WholePercent(0.6), "60\u00a0%"},
		{de.Change(42), "+4,2"}, {de.Change(-14), "−1,4"}, {de.Change(0), "0,0"}, {cell.Change(-14), "-1.4"},
		{de.WholeChange(40), "+4"}, {de.WholeChange(-40), "−4"}, {de.WholeChange(0), "0"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// A shown percentage never exceeds the value, in any hand and with or without decimals.
func TestPercentNeverRoundsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tenths := rapid.IntRange(0, 999).Draw(t, "tenths")
		below := (float64(tenths)+1)/1000 - 1e-6
		if got, want := en.Percent(below), en.Decimal(float64(tenths)/10, 1)+"%"; got != want {
			t.Fatalf("%v is shown as %s, want %s", below, got, want)
		}
		if got, want := cell.WholePercent(below), strconv.Itoa(tenths/10)+" %"; got != want {
			t.Fatalf("%v is shown as %s, want %s", below, got, want)
		}
		if shown := float64(Tenths(below)) / 1000; shown > below || math.Abs(shown-below) > 0.001 {
			t.Fatalf("%v becomes %v", below, shown)
		}
	})
}

func TestPhraseTakesArgumentsAsTheyAre(t *testing.T) {
	p := Phrase{"{0} und {1}{2}, {x}", "{1} and {0}"}
	if got := p.In("de", "{1}", "{0}"); got != "{1} und {0}{2}, {x}" {
		t.Errorf("got %q", got)
	}
	if got := p.In("en-GB", "a", "b"); got != "b and a" {
		t.Errorf("got %q", got)
	}
	if got := p.In("fr"); got != p[0] {
		t.Errorf("without arguments: %q", got)
	}
}

func question(kind checklist.Type, unit string) *checklist.Question {
	text := func(de, en string) checklist.Text {
		return checklist.NewText("de", map[checklist.Lang]string{"de": de, "en": en})
	}
	return &checklist.Question{ID: "q", Type: kind, Text: text("Wie viel?", "How much?"), Unit: text(unit, unit),
		Options: []checklist.Option{{ID: "ja", Label: text("Ja", "Yes")}, {ID: "nein", Label: text("Nein", "No")}}}
}

func TestLimits(t *testing.T) {
	number := func(s string) *decimal.Decimal { d := decimal.RequireFromString(s); return &d }
	q := func(min, max, step, unit string) *checklist.Question {
		q := question(checklist.TypeNumber, unit)
		for to, s := range map[**decimal.Decimal]string{&q.Min: min, &q.Max: max, &q.Step: step} {
			if s != "" {
				*to = number(s)
			}
		}
		return q
	}
	for _, c := range []struct{ got, want string }{
		{de.Range(q("0", "7.5", "0.5", "Stunden")), "Zahl von 0 bis 7,5 Stunden"},
		{en.Range(q("1", "", "", "")), "Number from 1"}, {en.Range(q("", "1", "", "h")), "Number up to 1 h"},
		{de.Range(q("", "", "", "")), "Zahl"},
		{de.Limits(q("0", "7.5", "0.5", "Stunden")), "Zahl in Stunden, von 0 bis 7,5, in Schritten von 0,5"},
		{en.Limits(q("", "", "", "")), ""}, {de.Limits(question(checklist.TypeText, "h")), ""},
		{strings.Join(en.Bounds(q("", "3", "1", "h")), " "), "up to 3 in steps of 1"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestConditions(t *testing.T) {
	d := (&checklist.Definition{Sections: []checklist.Section{{ID: "a", Questions: []checklist.Question{
		*question(checklist.TypeChoice, "h")}}}}).Index()
	two := decimal.RequireFromString("2.5")
	yes := checklist.Condition{Question: "q", AnyOf: []checklist.OptionID{"ja", "nein"}}
	least := checklist.Condition{Question: "q", AtLeastOption: "ja"}
	most := checklist.Condition{Question: "q", AtLeastNumber: &two}
	both := checklist.Condition{All: []checklist.Condition{{Any: []checklist.Condition{least, most}}, {Not: &yes}}}
	for _, c := range []struct {
		c           checklist.Condition
		de, en, ids string
	}{
		{yes, "Bei „Wie viel?“ wurde „Ja“ oder „Nein“ gewählt", "“How much?” was answered with “Yes” or “No”",
			"q is ja or nein"},
		{least, "Bei „Wie viel?“ wurde mindestens „Ja“ angegeben", "“How much?” was answered with at least “Yes”",
			"q at least ja"},
		{most, "Bei „Wie viel?“ wurde mindestens 2,5 h angegeben", "“How much?” was answered with at least 2.5 h",
			"q at least 2.5"},
		{both,
			"(Bei „Wie viel?“ wurde mindestens „Ja“ angegeben oder Bei „Wie viel?“ wurde mindestens 2,5 h angegeben)" +
				" und nicht: Bei „Wie viel?“ wurde „Ja“ oder „Nein“ gewählt", "",
			"((q at least ja or q at least 2.5) and not q is ja or nein)"},
		{checklist.Condition{Question: "gone", AtLeastOption: "ja"}, "", "", "gone at least ja"},
	} {
		if got := de.Condition(d, &c.c); got != c.de {
			t.Errorf("%q, want %q", got, c.de)
		}
		if got := en.Condition(d, &c.c); got != c.en && c.en != "" {
			t.Errorf("%q, want %q", got, c.en)
		}
		if got := ConditionByID(&c.c); got != c.ids {
			t.Errorf("%q, want %q", got, c.ids)
		}
	}
	if got := ConditionByID(nil); got != "always" {
		t.Errorf("no condition: %q", got)
	}
}

func TestNumbering(t *testing.T) {
	d := &checklist.Definition{Sections: []checklist.Section{{ID: "a"}, {ID: "b", Questions: []checklist.Question{
		{ID: "p"}, *question(checklist.TypeText, "")}}}}
	if got := NumberOf(d, "q"); got != "2.2" || got != QuestionNumber(1, 1) || NumberOf(d, "none") != "" {
		t.Errorf("q is called %q", got)
	}
	if got := SectionTitle(2, "Erster Kontakt"); got != "3 Erster Kontakt" {
		t.Errorf("the third section is called %q", got)
	}
}

func TestFootnotes(t *testing.T) {
	var f Footnotes
	marks := f.Mark(bench.Complement) + f.Mark(bench.TooFew) + f.Mark(bench.Complement)
	lines := strings.Join(f.Lines("de", NotShown), "; ")
	if want := "•¹ nicht gezeigt: ließe sich sonst aus anderen Zahlen ausrechnen; •² nicht gezeigt: zu wenige " +
		"Kommunen"; marks != "•¹•²•¹" ||
		lines != want {
		t.Errorf("%s: %s", marks, lines)
	}
	if got := f.Lines("en", NotDrawn); len(got) != 2 ||
		!strings.HasPrefix(got[1], "•² not published: too few answers") {
		t.Errorf("the picture says %q", got)
	}
}

// TestEveryReasonHasItsWords: in each language and place, none says nothing and none the same in both languages.
func TestEveryReasonHasItsWords(t *testing.T) {
	for _, r := range []bench.Reason{bench.TooFew, bench.Complement, bench.Extremes, bench.Distribution} {
		for name, say := range map[string]func(checklist.Lang, bench.Reason) string{
			"short": Suppressed, "because": Because, "page": NotShown, "picture": NotDrawn,
		} {
			if de, en := say("de", r), say("en", r); de == "" || en == "" || de == en {
				t.Errorf("%s, %s: %q and %q", r, name, de, en)
			}
		}
	}
	if len(reasons) != 4 || len(raised) < len(reasons) {
		t.Errorf("%d reasons, %d marks", len(reasons), len(raised))
	}
	if NotShown("en", "") == "" || NotDrawn("de", "other") == "" || Suppressed("de", "") != "" ||
		Because("de", "") != "" {
		t.Error("a figure without a reason")
	}
}
