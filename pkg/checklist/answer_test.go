package checklist_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/checklisttest"
	"ortsspiegel/pkg/fault"
)

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]string{"7": "7", " 7,5 ": "7.5", "7.5": "7.5", "1.234,5": "1234.5", "-3": "-3",
		"0.125": "0.125", "0,125": "0.125", "12,125": "12.125", "12.345.678,9": "12345678.9",
		"1 000": "1000", "12\u200b": "12", "8079.000": "8079", "1234.567": "1234.567", "1.234.567": "1234567",
		"1\u202f234,5": "1234.5", "−3": "-3"} {
		got, err := checklist.ParseNumber(in)
		if err != nil || got.String() != want {
			t.Errorf("%q = %v %v, want %s", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "x", "1e9", "1.500", "12.500", "1,2,3", "1.23,4", "1,2.3", "+5", "NaN", "Inf",
		"0x10", "1 00", "ca. 12", "12345.678,5", "1.2345,6", "-1.500", "1234567890123", "0,1234567",
		strings.Repeat("9", 30)} {
		if n, err := checklist.ParseNumber(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is accepted as %v", bad, n)
		}
	}
}

// What can be read in two ways is told with both, so that each language can write them.
func TestParseNumberAmbiguous(t *testing.T) {
	_, err := checklist.ParseNumber("2.250")
	f := fault.As(err)
	if f == nil || f.Code != "number_ambiguous" || f.Args["Whole"] != "2250" ||
		fmt.Sprint(f.Args["Fraction"]) != "2.25" {
		t.Errorf("got %+v", f)
	}
	_, err = checklist.ParseNumber("ca. 12")
	if f := fault.As(err); f == nil || f.Code != "number" {
		t.Errorf("got %v", err)
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"7,5", "1.234,5", "-0", "1e5", ",", ".", "--1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := checklist.ParseNumber(s)
		if err == nil && (n.Exponent() < -6 || n.Abs().GreaterThanOrEqual(decimal.New(1, 12))) {
			t.Errorf("%q = %v", s, n)
		}
	})
}

func TestParse(t *testing.T) {
	choice := &checklist.Question{ID: "c", Type: checklist.TypeChoice,
		Options: []checklist.Option{{ID: "a"}, {ID: "b"}}}
	multi := &checklist.Question{ID: "m", Type: checklist.TypeMulti, Options: []checklist.Option{{ID: "a"}, {ID: "b"},
		{ID: "nichts", Exclusive: true}}}
	number := &checklist.Question{ID: "n", Type: checklist.TypeNumber, Min: checklisttest.Decimal("0"),
		Max: checklisttest.Decimal("10"), Step: checklisttest.Decimal("0.5")}
	date := &checklist.Question{ID: "d", Type: checklist.TypeDate}
	text := &checklist.Question{ID: "t", Type: checklist.TypeText}
	for _, c := range []struct {
		q    *checklist.Question
		in   []string
		code string
	}{
		{choice, []string{"a"}, ""}, {choice, []string{"z"}, "option_unknown"},
		{choice, []string{"a", "b"}, "one_value"}, {choice, []string{""}, "empty"}, {choice, nil, "empty"},
		{multi, []string{"b", "a"}, ""}, {multi, []string{"nichts"}, ""},
		{multi, []string{"a", "nichts"}, "option_exclusive"}, {multi, []string{"a", "<script>"}, "option_unknown"},
		{number, []string{"7,5"}, ""}, {number, []string{"10"}, ""}, {number, []string{"10,5"}, "number_max"},
		{number, []string{"-1"}, "number_min"}, {number, []string{"7,3"}, "number_step"},
		{number, []string{"viel"}, "number"}, {number, []string{"1.500"}, "number_ambiguous"},
		{date, []string{"2026-02-28"}, ""}, {date, []string{"2026-02-30"}, "date"},
		{date, []string{"28.02.2026"}, "date"},
		{text, []string{"=1+1"}, ""}, {text, []string{strings.Repeat("ä", checklist.MaxText)}, ""},
		{text, []string{strings.Repeat("ä", checklist.MaxText+1)}, "text_long"}, {text, []string{"\xff"}, "utf8"},
	} {
		_, err := c.q.Parse(c.in)
		code := ""
		if f := fault.As(err); f != nil {
			code = f.Fields[0].Code
		}
		if code != c.code {
			t.Errorf("%s %q: %q, want %q", c.q.ID, c.in, code, c.code)
		}
	}
	if a, _ := multi.Parse([]string{"b", "a", "b"}); len(a.Options) != 2 || a.Options[0] != "a" {
		t.Errorf("options come once and in the order of the question: %v", a.Options)
	}
}

func TestNotApplicable(t *testing.T) {
	q := &checklist.Question{ID: "q", NotApplicable: true}
	if a, err := q.NotApplicableAnswer("  gibt es hier nicht "); err != nil || a.Text != "gibt es hier nicht" {
		t.Errorf("%+v %v", a, err)
	}
	for _, reason := range []string{"", "kurz", strings.Repeat(" ", 20), strings.Repeat("x", checklist.MaxReason+1)} {
		if _, err := q.NotApplicableAnswer(reason); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.20q is accepted", reason)
		}
	}
	if _, err := (&checklist.Question{ID: "q"}).NotApplicableAnswer("gibt es hier nicht"); !fault.Is(err,
		fault.Invalid) {
		t.Error("not applicable is refused where it is not allowed")
	}
}
