package shift_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/score"
)

func shiftOf(before, rebased, comparable, after float64) shift.Shift {
	return shift.Shift{Before: &before, Rebased: &rebased, Comparable: &comparable, After: &after}
}

func bridge(before, answers, rules, after int) shift.Bridge {
	return shift.Bridge{Before: before, Answers: answers, Rules: rules, After: after}
}

func TestBridge(t *testing.T) {
	for name, c := range map[string]struct {
		shift shift.Shift
		want  shift.Bridge
	}{
		"both":             {shiftOf(0.4125, 0.40, 0.4912, 0.4893), bridge(412, 91, -14, 489)},
		"same checklist":   {shiftOf(0.40, 0.40, 0.4567, 0.4567), bridge(400, 56, 0, 456)},
		"nobody moved":     {shiftOf(0.40, 0.37, 0.37, 0.3751), bridge(400, 0, -25, 375)},
		"nothing happened": {shiftOf(0.333, 0.333, 0.333, 0.333), bridge(333, 0, 0, 333)},
		"everything":       {shiftOf(0, 0, 1, 1), bridge(0, 1000, 0, 1000)},
		"all lost":         {shiftOf(1, 1, 0, 0), bridge(1000, -1000, 0, 0)},
	} {
		if got, ok := c.shift.Bridge(); !ok || got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	undefined := shiftOf(0.4, 0.4, 0.5, 0.5)
	undefined.Rebased = nil
	if got, ok := undefined.Bridge(); ok {
		t.Errorf("without a common question there is a bridge %+v", got)
	}
	if got, ok := new(shift.Panel).Bridge(); ok {
		t.Errorf("an empty panel has a bridge %+v", got)
	}
}

// TestBridgeAddsUp: what is shown adds up, no part is off by more than a tenth, and no part changes
// its sign.
func TestBridgeAddsUp(t *testing.T) {
	near := func(t *rapid.T, what string, shown int, exact float64) {
		if math.Abs(float64(shown)-1000*exact) > 1+1e-5 || float64(shown)*exact < 0 || exact == 0 && shown != 0 {
			t.Fatalf("%s: %d tenths shown for %v", what, shown, 1000*exact)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Float64Range(0, 1), rapid.Map(rapid.IntRange(0, 1000),
			func(n int) float64 { return float64(n) / 1000 }))
		s := shiftOf(value.Draw(t, "before"), value.Draw(t, "rebased"), value.Draw(t, "comparable"),
			value.Draw(t, "after"))
		if rapid.Bool().Draw(t, "same checklist") {
			s.Rebased, s.Comparable = s.Before, s.After
		}
		if rapid.Bool().Draw(t, "same answers") {
			s.Comparable = s.Rebased
		}
		b, ok := s.Bridge()
		if !ok {
			t.Fatal("no bridge")
		}
		if b.Before+b.Answers+b.Rules != b.After || b.Before != score.Tenths(*s.Before) ||
			b.After != score.Tenths(*s.After) {
			t.Fatalf("%+v does not add up to the shown scores of %v and %v", b, *s.Before, *s.After)
		}
		near(t, "answers", b.Answers, *s.Answers())
		if rules := *s.Rules(); math.Abs(rules) > 1e-9 {
			near(t, "rules", b.Rules, rules)
		}
	})
}
