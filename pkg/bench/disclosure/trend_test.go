package disclosure

import (
	"testing"

	"ortsspiegel/pkg/bench/shift"
)

func TestBridgeOfARelease(t *testing.T) {
	before, rebased, comparable, after := 0.29, 0.28, 0.57, 0.58
	trend := Trend{N: 9, Before: &before, Rebased: &rebased, Comparable: &comparable, After: &after}
	if got, ok := trend.Bridge(); !ok || got != (shift.Bridge{Before: 290, Answers: 290, After: 580}) {
		t.Errorf("%+v, want whole percent that add up", got)
	}
	trend.Rebased = nil
	if got, ok := trend.Bridge(); ok {
		t.Errorf("a suppressed trend has a bridge %+v", got)
	}
}
