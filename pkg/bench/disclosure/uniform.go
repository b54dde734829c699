package disclosure

import (
	"cmp"
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/score"
)

// Figures that say that all towns gave the same answer tell each one's (rule 6). A set is uniform
// where they would: a question's points and its figures in a unit unless two towns differ, and,
// where all others have no points or all points, two of them, since one that differs knows itself
// and could take itself off. A section, or the total, of one question alone is that question. Other
// scores are reached by many answers; of them only a mean of 0 or 100 % tells.

// uniform reports whether a column's figures would tell the value of each town of a group.
func (c *control) uniform(column *bench.Column, g int32) bool {
	if column.Node < 0 || column.Facet == bench.Options {
		return false
	}
	n := &c.full.Groups[g].Nodes[column.Node]
	if column.Facet == bench.Unit {
		return n.Unit != nil && n.Unit.Same()
	}
	if n.Points.Mean == nil {
		return false
	}
	return nothingOrAll(*n.Points.Mean) || c.ofOneQuestion(column.Node) && n.Points.TellEach(n.N)
}

// nothingOrAll reports whether a mean is shown as 0 or 100 %.
func nothingOrAll(mean float64) bool {
	percent := score.Whole(mean)
	return percent <= 0 || percent >= 100
}

// ofOneQuestion reports whether a node is a question, or a score that only one question makes.
func (c *control) ofOneQuestion(node int) bool {
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

// uniformPairs looks at what is left of a published set when a published set inside it is
// subtracted.
func (s *sets) uniformPairs() bool {
	return s.eachMeeting(func(m meeting) bool {
		if m.common != s.tallies[m.pub].n[m.h] || m.common >= s.tallies[present].n[m.g] {
			return false // the other set is not inside, or nothing is left
		}
		counted, groupOf := s.tallies[m.pub].counted, s.c.publications[m.pub].groupOf[s.layout.groups[m.h].kind]
		outside := func(town int32) bool { return !counted[town] || groupOf[town] != m.h }
		return s.uniformAmong(m.g, outside) && s.suppressInner(m, bench.Distribution)
	})
}

// uniformRest looks at what is left of the published whole when all known parts are subtracted.
func (s *sets) uniformRest() bool {
	for kind := districts; kind < groupKinds; kind++ {
		if !s.showsWhole(present) {
			return false
		}
		if !s.uniformAmong(s.layout.all, s.inNoKnownPart(kind)) {
			continue
		}
		part := s.smallest(func(g int32) bool { return s.layout.groups[g].kind == kind })
		if part < 0 {
			part = s.layout.all
		}
		if s.suppress(part, bench.Distribution) {
			return true
		}
	}
	return false
}

// inNoKnownPart returns what says of a town whether it is in no part of a kind that can be taken
// off the present whole.
func (s *sets) inNoKnownPart(kind groupKind) func(town int32) bool {
	from := make([]int, len(s.layout.groups)) // by part: the publication that it is known from; -1: none
	for part := range from {
		from[part] = -1
		if s.layout.groups[part].kind == kind {
			from[part] = s.largestInside(present, int32(part), present)
		}
	}
	return func(town int32) bool {
		part := s.layout.part(kind, town)
		if !s.layout.isGroup(part) || from[part] < 0 {
			return true
		}
		pub := from[part]
		return !s.tallies[pub].counted[town] || s.c.publications[pub].groupOf[kind][town] != part
	}
}

// townValue is a town's value in the column.
type townValue struct {
	value float64
	town  int32
}

// ascending returns the towns of a group that count, by value. They are sorted once for all the
// sets inside the group.
func (s *sets) ascending(g int32) []townValue {
	if s.sorted[g] == nil {
		list := make([]townValue, 0, s.tallies[present].n[g])
		index := s.c.publications[present].index
		for _, town := range s.layout.members[g] {
			if s.tallies[present].counted[town] {
				list = append(list, townValue{s.column.Value(s.node(), &s.c.records[index[town]]), town})
			}
		}
		slices.SortFunc(list, func(a, b townValue) int { return cmp.Compare(a.value, b.value) })
		s.sorted[g] = list
	}
	return s.sorted[g]
}

// uniformAmong reports whether the mean of those towns of a group that qualify would tell each
// one's value. The values at both ends nearly always say that it does not, so that a country's
// districts, each taken off the whole, cost no more than their own towns.
func (s *sets) uniformAmong(g int32, qualifies func(town int32) bool) bool {
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
	case s.column.Facet == bench.Unit:
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
	return uniformValues(values, s.c.ofOneQuestion(s.column.Node))
}

// uniformValues reports whether the mean of values, ascending, would tell each of them: those of a
// question, or of a score.
func uniformValues(values []float64, question bool) bool {
	f := bench.FiguresOf(values)
	switch {
	case len(values) == 0:
		return false
	case question:
		return f.TellEach(len(values))
	}
	return *f.Max < bench.Equal || *f.Min > 1-bench.Equal
}

// uniformPanel reports whether a trend's means of a column, or what is left of the whole without
// its towns, would tell each town's score. The values are the panel's, by mean.
func (c *control) uniformPanel(column int, means ...[]float64) bool {
	question := c.ofOneQuestion(c.columns[column].Node)
	for _, values := range means {
		values := slices.Sorted(slices.Values(values))
		if nothingOrAll(bench.Mean(values)) || uniformValues(values, question) {
			return true
		}
	}
	s := c.sets(column)
	after := s.tallies[panelAfter].counted
	return s.uniformAmong(c.layout.all, func(town int32) bool { return !after[town] })
}
