package disclosure

import (
	"cmp"
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/score"
)

// Figures that say that all towns gave the same answer tell each one's. The rules below keep a
// question's points and its figures in a unit from saying so: they are only published where two
// towns differ, and, where all others have no points or all points, two of them, since one that
// differs knows itself and could take itself off. A section, or the total, of one question alone is
// that question. Other scores are reached by many answers; of them only a mean of 0 or 100 % tells.

// alike reports whether a column's figures would tell the value of each town of a group.
func (c *control) alike(column, g int) bool {
	spec := &c.columns[column]
	if spec.Node < 0 || spec.Facet == bench.Options {
		return false
	}
	n := &c.full.Groups[g].Nodes[spec.Node]
	if spec.Facet == bench.Unit {
		return n.Unit != nil && n.Unit.Same()
	}
	if n.Points.Mean == nil {
		return false
	}
	percent := score.Whole(*n.Points.Mean)
	return percent <= 0 || percent >= 100 || c.single(spec.Node) && n.Points.Told(n.N)
}

// single reports whether a node is a question, or a score that only one question makes.
func (c *control) single(node int) bool {
	n := &c.nodes[node]
	if n.Question != nil {
		return true
	}
	questions := 0
	for k := range c.nodes {
		if q := &c.nodes[k]; q.Question != nil && q.Scored && (n.Section < 0 || q.Section == n.Section) {
			questions++
		}
	}
	return questions == 1
}

// alikePairs looks at what is left of a published set when a published set inside it is subtracted.
func (s *situation) alikePairs() bool {
	found := false
	for b := range s.views {
		for g := range int32(s.current) {
			for h := int32(0); int(h) < len(s.groups) && s.published(0, g); h++ {
				at := int(g)*len(s.groups) + int(h)
				shared := s.both[b][at]
				if shared == 0 || shared != s.same[b][at] || !s.published(b, h) || b == 0 && g == h || shared != s.n[b][h] || shared >= s.n[0][g] {
					continue
				}
				kind := s.groups[h].kind
				if !s.tellsOf(g, func(t int32) bool { return !s.hidden[b][t] || s.views[b].labels[kind][t] != h }) {
					continue
				}
				if b == 0 {
					found = s.suppress(h, bench.Distribution) || found
				} else {
					found = s.suppress(g, bench.Distribution) || found
				}
			}
		}
	}
	return found
}

// alikeRest looks at what is left of the published whole when all known parts are subtracted.
func (s *situation) alikeRest() bool {
	if s.all < 0 || int(s.all) >= s.current {
		return false
	}
	for kind := districts; kind < groupKinds && s.published(0, s.all); kind++ {
		known := make([]int, len(s.groups))
		for p := range known {
			known[p] = -1
			if s.groups[p].kind == kind {
				known[p] = s.inside(0, int32(p), 0)
			}
		}
		unknown := func(t int32) bool {
			p := s.part(kind, int(t))
			if int(p) >= len(known) || known[p] < 0 {
				return true
			}
			v := known[p]
			return !s.hidden[v][t] || s.views[v].labels[kind][t] != p
		}
		if !s.tellsOf(s.all, unknown) {
			continue
		}
		part := s.smallest(func(g int32) bool { return s.groups[g].kind == kind })
		if part < 0 {
			part = s.all
		}
		if s.suppress(part, bench.Distribution) {
			return true
		}
	}
	return false
}

// townValue is a town's value in the column.
type townValue struct {
	value float64
	town  int32
}

// ascending returns the towns of a group that count, by value. They are sorted once for all the sets inside the group.
func (s *situation) ascending(g int32) []townValue {
	if s.sorted[g] == nil {
		list := make([]townValue, 0, s.n[0][g])
		for _, t := range s.members[g] {
			if s.hidden[0][t] {
				list = append(list, townValue{s.spec.Value(s.node(), &s.records[s.views[0].at[t]]), t})
			}
		}
		slices.SortFunc(list, func(a, b townValue) int { return cmp.Compare(a.value, b.value) })
		s.sorted[g] = list
	}
	return s.sorted[g]
}

// tellsOf reports whether the mean of those towns of a group that qualify would tell each one's value. The values
// at both ends nearly always say that it does not, so that a country's districts, each taken off the whole, cost
// no more than their own towns.
func (s *situation) tellsOf(g int32, qualifies func(t int32) bool) bool {
	all := s.ascending(g)
	var low, high []float64 // the two lowest and the two highest, the outermost first
	for i := 0; i < len(all) && len(low) < 2; i++ {
		if qualifies(all[i].town) {
			low = append(low, all[i].value)
		}
	}
	for i := len(all) - 1; i >= 0 && len(high) < 2; i-- {
		if qualifies(all[i].town) {
			high = append(high, all[i].value)
		}
	}
	const some = 1e-6 // far above what sums taken in another order differ by
	switch {
	case len(low) == 0:
		return false
	case s.spec.Facet == bench.Unit:
		return high[0]-low[0] < bench.Equal
	case len(low) == 2 && high[1] > some && low[1] < 1-some && high[0]-low[0] > some:
		return false
	}
	var values []float64
	for _, v := range all {
		if qualifies(v.town) {
			values = append(values, v.value)
		}
	}
	return tells(values, s.single(s.spec.Node))
}

// tells reports whether the mean of values would tell each of them: those of a question, or of a score.
func tells(values []float64, question bool) bool {
	if len(values) == 0 {
		return false
	}
	slices.Sort(values)
	f := bench.FiguresOf(values)
	if question {
		return f.Told(len(values))
	}
	return *f.Max < bench.Equal || *f.Min > 1-bench.Equal
}

// panelAlike reports whether a trend's means of a column, or what is left of the whole without its
// towns, would tell each town's score. The values are the panel's, by mean.
func (c *control) panelAlike(column int, means ...[]float64) bool {
	spec := &c.columns[column]
	for _, values := range means {
		percent := score.Whole(bench.Mean(slices.Sorted(slices.Values(values))))
		if percent <= 0 || percent >= 100 || tells(values, c.single(spec.Node)) {
			return true
		}
	}
	s := c.situation(column)
	return s.tellsOf(c.all, func(t int32) bool { return !s.hidden[panelAfter][t] })
}

// guard looks at what a published score tells about unpublished parts in which all are alike: with
// the others' means it gives theirs, and why they are not shown says the rest. Then one more part
// goes, so that two are unknown; the lightest, since it says least.
func (c *control) guard(parent int) {
	for g := range c.current {
		if c.reasons[parent][g] != "" {
			continue
		}
		hidden, shown, plain := 0, -1, false
		for i := range c.columns {
			spec := &c.columns[i]
			if spec.Parent != parent || spec.Facet != bench.Points || c.towns[i][g] == 0 {
				continue
			}
			switch {
			case c.reasons[i][g] != "":
				hidden++
				plain = plain || !c.alike(i, g)
			case shown < 0 || c.nodes[spec.Node].Weight <= c.nodes[c.columns[shown].Node].Weight:
				shown = i
			}
		}
		switch {
		case hidden == 0 || plain:
		case shown >= 0:
			c.withdrawEverywhere(shown, int32(g))
		case hidden == 1:
			c.withdrawEverywhere(parent, int32(g))
		}
	}
}

// withdrawEverywhere suppresses a column of a group and, where the group would follow from the
// whole and its other parts, the smallest of these too.
func (c *control) withdrawEverywhere(column int, g int32) {
	c.withdraw(column, g)
	for kind := districts; kind < groupKinds; kind++ {
		if c.groups[g].kind != whole && (c.groups[g].kind != kind || c.all < 0 || c.reasons[column][c.all] != "") {
			continue
		}
		smallest, others := int32(-1), false
		for p := range int32(c.current) {
			switch {
			case p == g || c.groups[p].kind != kind || c.towns[column][p] == 0:
			case c.reasons[column][p] != "":
				others = true
			case smallest < 0 || c.towns[column][p] <= c.towns[column][smallest]:
				smallest = p
			}
		}
		if !others && smallest >= 0 {
			c.withdraw(column, smallest)
		}
	}
}
