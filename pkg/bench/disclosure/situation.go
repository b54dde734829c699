package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
)

// situation is what the rules need to know of one column: how large the sets of towns are
// and how they overlap, within this release and with earlier ones. A town whose value is
// known by name hides nobody and is left out, except in towns.
type situation struct {
	*control
	spec    *bench.Column
	column  int
	reasons []bench.Reason // by group of this release; empty: published
	towns   []int          // by group of this release: towns with a value
	open    []int32        // by group of this release: towns with points but without this figure or option

	relation [][]relation // by view and town: its value compared with that in this release
	hidden   [][]bool     // by view and town: has a value and is not known by name
	known    [][]bool     // by view and group: published by an earlier release
	n        [][]int32    // by view and group
	both     [][]int32    // by view, then group of this release x group of the view: towns in both
	same     [][]int32    // as both, their value being the same
	unclear  [][]int32    // as both, the value being perhaps the same
	has      []bool       // by view: it has the column
	any      []bool       // by view: anything is published
	sums     []factors
	between  map[[2]int8][]factors // those of two views
	patterns [][]pattern           // by part (see part)
	sorted   [][]townValue         // by group of this release; see ascending
	counts   [][][]int             // options: by view and group, towns by option; nil where not known
}

// part returns the part of a whole a town belongs to: its group when the round opened, or,
// if it was in none, what stands behind all groups for the towns of that kind.
func (s *situation) part(kind groupKind, town int) int32 {
	if p := s.parts[kind][town]; p >= 0 {
		return p
	}
	return s.loose(kind)
}

func (s *situation) loose(kind groupKind) int32 { return int32(len(s.groups)) + int32(kind) }

// situation counts a column. The one before is overwritten, except its reasons.
func (c *control) situation(column int) *situation {
	if c.scratch == nil {
		c.scratch = newSituation(c)
	}
	s := c.scratch
	s.spec, s.column, s.reasons = &c.columns[column], column, make([]bench.Reason, c.current)
	clear(s.sorted)
	s.compare()
	s.countSets()
	s.countOverlaps()
	s.countPatterns()
	s.countOpen()
	s.countOptions()
	return s
}

func newSituation(c *control) *situation {
	groups, views := len(c.groups), len(c.views)
	s := &situation{control: c, towns: make([]int, c.current), open: make([]int32, c.current), sorted: make([][]townValue, c.current),
		relation: make([][]relation, views), hidden: make([][]bool, views), n: table(views, groups), sums: sums(c.views[:c.paired]),
		both: table(views, c.current*groups), same: table(views, c.current*groups), unclear: table(views, c.current*groups),
		patterns: make([][]pattern, groups+int(groupKinds)), counts: make([][][]int, views), known: make([][]bool, views),
		has: make([]bool, views), any: make([]bool, views), between: map[[2]int8][]factors{}}
	for a, v := range c.views {
		s.counts[a], s.known[a] = make([][]int, groups), make([]bool, groups)
		s.relation[a], s.hidden[a] = make([]relation, len(v.at)), make([]bool, len(v.at))
	}
	return s
}

func table(rows, width int) [][]int32 {
	out := make([][]int32, rows)
	for i := range out {
		out[i] = make([]int32, width)
	}
	return out
}

func (s *situation) node() *bench.Compared {
	if s.spec.Node < 0 {
		return nil
	}
	return &s.nodes[s.spec.Node]
}

// compare relates every view's values to the present ones and finds those nobody knows by name.
// Once shown, a value stays known, in every release in which it is the same.
func (s *situation) compare() {
	for a, v := range s.views {
		c, ok := v.column[s.spec.Key]
		if s.has[a] = ok; !ok {
			clear(s.hidden[a])
			continue
		}
		key := v.comparedAs(s.spec.Key)
		for t, i := range v.at {
			s.hidden[a][t] = v.basis.Columns[c].Defined.Has(int(i))
			s.relation[a][t] = v.relation(s.views[0], key, t)
		}
	}
	n := s.node()
	if n == nil || n.Question != nil || s.spec.Facet != bench.Points {
		return
	}
	for b, w := range s.views {
		if !s.has[b] {
			continue
		}
		for t, name := range w.names {
			for a := range s.views {
				if name.tells(n) && s.alike(a, b, int(t)) {
					s.hidden[a][t] = false
				}
			}
		}
	}
}

// alike reports whether a town's value is surely the same in two views.
func (s *situation) alike(a, b, t int) bool {
	if s.relation[a][t] == equals && s.relation[b][t] == equals {
		return true
	}
	v, w := s.views[a], s.views[b]
	return v.round == w.round && v.at[t] >= 0 && w.at[t] >= 0 && v.prints[t] == w.prints[t]
}

func (s *situation) countSets() {
	clear(s.towns)
	release := s.views[0]
	defined := release.basis.Columns[release.column[s.spec.Key]].Defined
	for t, i := range release.at {
		if !defined.Has(int(i)) {
			continue
		}
		for kind := range release.labels {
			if g := release.labels[kind][t]; g >= 0 {
				s.towns[g]++
			}
		}
	}
	for a, v := range s.views {
		s.any[a] = a == 0
		for g := range s.known[a] {
			s.known[a][g] = a > 0 && v.published(s.spec, int32(g))
			s.any[a] = s.any[a] || s.known[a][g]
		}
		clear(s.n[a])
		if !s.has[a] {
			continue
		}
		for t, in := range s.hidden[a] {
			if !in {
				continue
			}
			for kind := range v.labels {
				if g := v.labels[kind][t]; g >= 0 {
					s.n[a][g]++
				}
			}
		}
	}
}

func (s *situation) countOverlaps() {
	for a := range s.views {
		clear(s.both[a]) // all before the first is counted: the release's overlaps with every view stand in them
		clear(s.same[a])
		clear(s.unclear[a])
	}
	for b := range s.views {
		if !s.has[b] {
			continue
		}
		for t, in := range s.hidden[0] {
			if in && s.hidden[b][t] {
				s.overlap(b, t)
			}
		}
	}
}

// overlap counts a town that is in this release and in another view.
func (s *situation) overlap(b, t int) {
	var same, perhaps int32
	switch s.relation[b][t] {
	case equals:
		same = 1
	case unclear:
		perhaps = 1
	}
	for i := range s.views[0].labels {
		g := s.views[0].labels[i][t]
		if g < 0 {
			continue
		}
		for j := range s.views[b].labels {
			if h := s.views[b].labels[j][t]; h >= 0 {
				at := int(g)*len(s.groups) + int(h)
				s.both[b][at]++
				s.same[b][at] += same
				s.unclear[b][at] += perhaps
			}
		}
	}
}

// countOpen counts, for a figure or a distribution beside points, the towns that left the
// question open: they have points (none) and nothing else.
func (s *situation) countOpen() {
	clear(s.open)
	if s.spec.Parent <= 0 || s.spec.Facet == bench.Points {
		return
	}
	for g := range s.current {
		s.open[g] = int32(s.withPoints(g) - s.towns[g])
	}
}

func (s *situation) withPoints(g int) int { return s.full.Groups[g].Nodes[s.spec.Node].N }

func (s *situation) countOptions() {
	if s.spec.Facet != bench.Options {
		return
	}
	for a, v := range s.views {
		clear(s.counts[a])
		for g := range s.groups {
			switch {
			case a > 0 && v.group[g] != nil:
				s.counts[a][g] = v.group[g].Counts[s.spec.Key]
			case a == 0 && g < s.current:
				s.counts[a][g] = countsOf(s.full.Groups[g].Nodes[s.spec.Node].Options)
			}
		}
	}
}

func countsOf(list []bench.OptionCount) []int {
	counts := make([]int, len(list))
	for i := range list {
		counts[i] = list[i].N
	}
	return counts
}

// published reports whether a group's column is shown, in this release as decided so far.
func (s *situation) published(view int, group int32) bool {
	if view == 0 {
		return int(group) < s.current && s.reasons[group] == ""
	}
	return s.known[view][group]
}

// apart returns by how many towns a group of this release differs from a group of a view: those in only
// one of them, and those whose value changed in between.
func (s *situation) apart(g int32, view int, h int32) span {
	at := int(g)*len(s.groups) + int(h)
	only := s.n[view][h] - s.both[view][at]
	d := span{most: s.n[0][g] + only - s.same[view][at]}
	d.least = d.most - s.unclear[view][at]
	if s.views[view].opaque {
		d.least -= only
	}
	return d
}

// span is a number of towns that is known only within bounds.
type span struct{ least, most int32 }

func (a span) plus(b span) span { return span{a.least + b.least, a.most + b.most} }

// few reports whether the towns may be some, but not enough to hide among.
func (s *situation) few(n span) bool { return n.most > 0 && int(n.least) < s.rules.Threshold }

// smallest returns the published group with the fewest towns among those that qualify, the
// last of equals; -1 if there is none.
func (s *situation) smallest(qualifies func(g int32) bool) int32 {
	found := int32(-1)
	for g := range int32(s.current) {
		if s.published(0, g) && qualifies(g) && (found < 0 || s.towns[g] <= s.towns[found]) {
			found = g
		}
	}
	return found
}

// suppress hides a group's column; -1 is no group.
func (s *situation) suppress(g int32, why bench.Reason) bool {
	if g < 0 || s.reasons[g] != "" {
		return false
	}
	s.reasons[g] = why
	return true
}

func subtract(a, b []int) []int {
	rest := slices.Clone(a)
	for i := range min(len(a), len(b)) {
		rest[i] -= b[i]
	}
	return rest
}
