package bench

import (
	"cmp"
	"slices"
)

// The analyses below are for the agency: they name towns or need figures that a release hides.

// Standing is a question and the figures by which it was ordered.
type Standing struct {
	Node   NodeID
	N      int
	Median float64 // points, [0, 1]
	Mean   float64 // points, [0, 1]
	Spread float64 // interquartile range of the points, [0, 1]
}

// standings lists the scored questions of a group of an agency report that anybody answered.
func standings(g *Group) []Standing {
	var list []Standing
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if p := n.Points; n.ID.IsQuestion() && n.Scored && n.N > 0 && p.Median != nil && p.Q1 != nil && p.Q3 != nil &&
			p.Mean != nil {
			list = append(list, Standing{n.ID, n.N, *p.Median, *p.Mean, *p.Q3 - *p.Q1})
		}
	}
	return list
}

// WidestSpread returns the scored questions in which the group's towns differ most, by
// interquartile range; equal ones in the order of the checklist. Where the quartiles do not
// differ there is nothing to talk about, so there may be fewer, or none.
func WidestSpread(g *Group, most int) []Standing {
	list := top(g, most, func(a, b Standing) int { return cmp.Compare(b.Spread, a.Spread) })
	return slices.DeleteFunc(list, func(s Standing) bool { return s.Spread < Equal })
}

// Strongest returns the scored questions with the highest median, among equals the highest mean.
func Strongest(g *Group, most int) []Standing {
	return top(g, most, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(b.Median, a.Median), cmp.Compare(b.Mean, a.Mean))
	})
}

// Weakest returns the scored questions with the lowest median, among equals the lowest mean.
func Weakest(g *Group, most int) []Standing {
	return top(g, most, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(a.Median, b.Median), cmp.Compare(a.Mean, b.Mean))
	})
}

func top(g *Group, most int, order func(a, b Standing) int) []Standing {
	list := standings(g)
	slices.SortStableFunc(list, order)
	return list[:min(max(most, 0), len(list))]
}
