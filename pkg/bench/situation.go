package bench

import "slices"

// situation is what the rules need to know of one column: how large the sets of towns are
// and how they overlap, within this release and with earlier ones. A town whose value is
// known by name hides nobody and is left out, except in towns.
type situation struct {
	*control
	spec    *columnSpec
	reasons []Reason // by group of this release; empty: published
	towns   []int    // by group of this release: towns with a value
	open    []int32  // by group of this release: towns with points but without this figure or option

	hidden    [][]bool            // by view and town: has a value and is not known by name
	n         [][]int32           // by view and group
	belong    [][]int32           // by view and group: towns of the whole that belong to this part
	loose     [][groupKinds]int32 // by view and kind: towns of the whole that belong to no part
	both      [][]int32           // by view, then group of this release x group of the view: towns in both
	same      [][]int32           // as both, their assessment being the same
	wholeBoth [][][]int32         // by view, other view and group: towns of the view's whole in the other's part
	wholeSame [][][]int32         // as wholeBoth, their assessment being the same
	counts    [][][]int           // options: by view and group, towns by option; nil where not known
	unchanged [][][]bool          // by view, other view and town: same assessment in both
}

// situation counts a column. The one before is overwritten, except its reasons.
func (c *control) situation(spec *columnSpec) *situation {
	if c.scratch == nil {
		c.scratch = newSituation(c)
	}
	s := c.scratch
	s.spec, s.reasons = spec, make([]Reason, c.current)
	s.countSets()
	s.countOverlaps()
	s.countOpen()
	s.countOptions()
	return s
}

func newSituation(c *control) *situation {
	groups, views := len(c.groups), len(c.views)
	s := &situation{control: c, towns: make([]int, c.current), open: make([]int32, c.current),
		hidden: make([][]bool, views), loose: make([][groupKinds]int32, views), n: table(views, groups), belong: table(views, groups),
		both: table(views, c.current*groups), same: table(views, c.current*groups), counts: make([][][]int, views)}
	for a := range views {
		s.wholeBoth = append(s.wholeBoth, table(views, groups))
		s.wholeSame = append(s.wholeSame, table(views, groups))
		s.counts[a] = make([][]int, groups)
		s.unchanged = append(s.unchanged, make([][]bool, views))
		for b := range views {
			same := make([]bool, len(c.views[a].at))
			for t := range same {
				same[t] = c.views[a].prints[t] == c.views[b].prints[t]
			}
			s.unchanged[a][b] = same
		}
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

func (s *situation) node() *compared {
	if s.spec.node < 0 {
		return nil
	}
	return &s.nodes[s.spec.node]
}

func (s *situation) countSets() {
	clear(s.towns)
	release := s.views[0]
	defined := release.basis.Columns[release.column[s.spec.key]].Defined
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
		s.hidden[a] = v.hidden(s.spec, s.node())
		clear(s.n[a])
		clear(s.belong[a])
		s.loose[a] = [groupKinds]int32{}
		for t, in := range s.hidden[a] {
			if !in {
				continue
			}
			for kind := range v.labels {
				if g := v.labels[kind][t]; g >= 0 {
					s.n[a][g]++
				}
			}
			if v.labels[whole][t] < 0 {
				continue
			}
			for kind := districts; kind < groupKinds; kind++ {
				if p := s.parts[kind][t]; p >= 0 {
					s.belong[a][p]++
				} else {
					s.loose[a][kind]++
				}
			}
		}
	}
}

func (s *situation) countOverlaps() {
	for a := range s.views {
		clear(s.both[a])
		clear(s.same[a])
		for b := range s.views {
			clear(s.wholeBoth[a][b])
			clear(s.wholeSame[a][b])
			for t, in := range s.hidden[a] {
				if in && s.hidden[b][t] {
					s.overlap(a, b, t)
				}
			}
		}
	}
}

// overlap counts a town that is in two releases.
func (s *situation) overlap(a, b, t int) {
	same := int32(0)
	if s.unchanged[a][b][t] {
		same = 1
	}
	if s.views[a].labels[whole][t] >= 0 {
		for kind := districts; kind < groupKinds; kind++ {
			if p := s.parts[kind][t]; p >= 0 && s.views[b].labels[kind][t] == p {
				s.wholeBoth[a][b][p]++
				s.wholeSame[a][b][p] += same
			}
		}
	}
	if a > 0 {
		return
	}
	for i := range s.views[a].labels {
		g := s.views[a].labels[i][t]
		if g < 0 {
			continue
		}
		for j := range s.views[b].labels {
			if h := s.views[b].labels[j][t]; h >= 0 {
				at := int(g)*len(s.groups) + int(h)
				s.both[b][at]++
				s.same[b][at] += same
			}
		}
	}
}

// countOpen counts, for a figure or a distribution beside points, the towns that left the
// question open: they have points (none) and nothing else.
func (s *situation) countOpen() {
	clear(s.open)
	if s.spec.parent <= 0 || s.spec.facet == points {
		return
	}
	for g := range s.current {
		s.open[g] = int32(s.withPoints(g) - s.towns[g])
	}
}

func (s *situation) withPoints(g int) int { return s.full.Groups[g].Nodes[s.spec.node].N }

func (s *situation) countOptions() {
	if s.spec.facet != options {
		return
	}
	id := s.node().id
	for a, v := range s.views {
		clear(s.counts[a])
		for g := range s.groups {
			var shown *Group
			switch {
			case a > 0:
				shown = v.shown[g]
			case g < s.current:
				shown = &s.full.Groups[g]
			}
			if shown == nil {
				continue
			}
			if n, ok := shown.Node(id); ok && n.Options != nil {
				s.counts[a][g] = countsOf(n.Options)
			}
		}
	}
}

func countsOf(list []OptionCount) []int {
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
	return s.views[view].published(s.spec, group)
}

// apart returns by how many towns a group of this release differs from a group of a view: those in only
// one of them, and those whose assessment changed in between.
func (s *situation) apart(g int32, view int, h int32) int32 {
	at := int(g)*len(s.groups) + int(h)
	return s.n[0][g] + s.n[view][h] - s.both[view][at] - s.same[view][at]
}

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
func (s *situation) suppress(g int32, why Reason) bool {
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

func sum(counts []int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
