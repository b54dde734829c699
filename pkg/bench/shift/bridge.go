package shift

import (
	"math"
	"slices"

	"ortsspiegel/pkg/score"
)

// Bridge is a change of a score as it is shown, in tenths of a percent: the score then and now,
// each cut as score.Tenths cuts every shown score, and the parts between them. They add up:
//
//	Before + Answers + Rules = After
type Bridge struct{ Before, Answers, Rules, After int }

// Total returns the whole change in tenths of a percentage point.
func (b Bridge) Total() int { return b.After - b.Before }

// Bridge returns a town's change as it is shown; false if one of its scores is undefined.
func (s *Shift) Bridge() (Bridge, bool) {
	if !s.Defined() {
		return Bridge{}, false
	}
	return bridge(*s.Before, *s.After, *s.Answers()), true
}

// Bridge returns the change of the panel's means as it is shown; false if the panel is empty.
func (p *Panel) Bridge() (Bridge, bool) {
	if p.N == 0 {
		return Bridge{}, false
	}
	return bridge(*p.Before.Mean, *p.After.Mean, *p.Comparable.Mean-*p.Rebased.Mean), true
}

func bridge(before, after, answers float64) Bridge {
	b := Bridge{Before: score.Tenths(before), After: score.Tenths(after)}
	parts := split(b.Total(), 1000*answers, 1000*(after-before-answers))
	b.Answers, b.Rules = parts[0], parts[1]
	return b
}

// split cuts parts, in tenths, to whole ones that add up to a total: the largest remainders
// are rounded up. What is nothing stays nothing, so that nobody is told of a change that was none.
func split(total int, parts ...float64) []int {
	const tolerance = 1e-6
	out := make([]int, len(parts))
	var some []int
	for i, p := range parts {
		if math.Abs(p) > tolerance {
			out[i] = int(math.Floor(p + tolerance))
			some = append(some, i)
		}
		total -= out[i]
	}
	slices.SortStableFunc(some, func(a, b int) int {
		x, y := parts[a]-float64(out[a]), parts[b]-float64(out[b])
		switch {
		case x > y+tolerance:
			return -1
		case y > x+tolerance:
			return 1
		}
		return 0
	})
	if len(some) == 0 {
		some = []int{len(parts) - 1}
	}
	for k := 0; total > 0; k, total = k+1, total-1 {
		out[some[k%len(some)]]++
	}
	for k := len(some) - 1; total < 0; k, total = k-1, total+1 {
		out[some[(k+len(some))%len(some)]]--
	}
	return out
}
