package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
)

// sets is what the rules need to know of one column: how large the sets of towns behind it are and
// how they overlap, within this release and with what towns have read:
//
//	   present            other
//	┌───────────┬────┬───────────┐
//	│           │both│           │     same: of both, those whose value did not change
//	└───────────┴────┴───────────┘
//
// A town whose value is known by name hides nobody and does not count, except in towns.
type sets struct {
	c      *control
	layout *layout
	column *bench.Column
	index  int // of the column

	reasons []bench.Reason // by group of this release; empty: published
	towns   []int          // by group of this release: towns with a value
	open    []int32        // by group of this release: towns with points but without this figure or option
	sorted  [][]townValue  // by group of this release; see ascending
	tallies []tally        // by publication

	patterns [][]pattern      // by part (see layout.part)
	partSums []sum            // what of a part's own sets is added up; see partSums
	between  map[[2]int][]sum // of those, what takes sets of two publications only
}

// tally is what is counted of a column in one publication.
type tally struct {
	has       bool        // it has the column
	any       bool        // anything of it is published
	counted   []bool      // by town: it has a value and is not known by name
	relation  []relation  // by town: its value beside the present one
	published []bool      // by group; of the present release reasons say it
	n         []int32     // by group: towns that count
	overlaps  [][]overlap // by group of the present release, then by group of the publication
	counts    [][]int     // distributions: by group, towns by option; nil where not known
}

// overlap counts the towns that two groups' sets have in common.
type overlap struct {
	both    int32
	same    int32 // of both, those with the same value
	unclear int32 // of both, those with perhaps the same value
}

func (o *overlap) add(r relation) {
	o.both++
	switch r {
	case equals:
		o.same++
	case unclear:
		o.unclear++
	}
}

// sets counts a column. Those of the column before are overwritten, except its reasons.
func (c *control) sets(column int) *sets {
	if c.scratch == nil {
		c.scratch = newSets(c)
	}
	s := c.scratch
	s.column, s.index, s.reasons = &c.columns[column], column, make([]bench.Reason, c.layout.current)
	clear(s.sorted)
	s.findCounted()
	s.countTowns()
	s.countOverlaps()
	s.countPatterns()
	s.countOpen()
	s.countOptions()
	return s
}

func newSets(c *control) *sets {
	l := c.layout
	groups, towns := len(l.groups), len(l.towns)
	s := &sets{c: c, layout: l, towns: make([]int, l.current), open: make([]int32, l.current),
		sorted: make([][]townValue, l.current), tallies: make([]tally, len(c.publications)),
		patterns: make([][]pattern, groups+int(groupKinds)), partSums: partSums(c.publications[:c.paired]),
		between: map[[2]int][]sum{}}
	for pub := range s.tallies {
		t := &s.tallies[pub]
		*t = tally{counted: make([]bool, towns), relation: make([]relation, towns), published: make([]bool, groups),
			n: make([]int32, groups), overlaps: make([][]overlap, l.current), counts: make([][]int, groups)}
		for g := range t.overlaps {
			t.overlaps[g] = make([]overlap, groups)
		}
	}
	return s
}

// node returns the node of the column; nil: it is that of the participants.
func (s *sets) node() *bench.Compared {
	if s.column.Node < 0 {
		return nil
	}
	return &s.c.nodes[s.column.Node]
}

// findCounted relates every publication's values to the present ones and finds those nobody knows
// by name. Once shown, a value stays known, in every release in which it is the same.
func (s *sets) findCounted() {
	for pub, p := range s.c.publications {
		t := &s.tallies[pub]
		column, ok := p.columns[s.column.Key]
		if t.has = ok; !ok {
			clear(t.counted)
			continue
		}
		defined := p.basis.Columns[column].Defined
		for town, i := range p.index {
			t.counted[town] = defined.Has(int(i))
			t.relation[town] = p.relation(s.c.publications[present], s.index, int32(town))
		}
	}
	if n := s.node(); n != nil && n.Question == nil && s.column.Facet == bench.Points {
		s.leaveOutNamed(n)
	}
}

func (s *sets) leaveOutNamed(n *bench.Compared) {
	for from, p := range s.c.publications {
		if !s.tallies[from].has {
			continue
		}
		for town, name := range p.names {
			if !name.tells(n) {
				continue
			}
			for pub := range s.tallies {
				if s.sameValue(pub, from, town) {
					s.tallies[pub].counted[town] = false
				}
			}
		}
	}
}

// sameValue reports whether a town's value is surely the same in two publications.
func (s *sets) sameValue(a, b int, town int32) bool {
	if s.tallies[a].relation[town] == equals && s.tallies[b].relation[town] == equals {
		return true
	}
	p, q := s.c.publications[a], s.c.publications[b]
	return p.round == q.round && p.index[town] >= 0 && q.index[town] >= 0 && p.digests[town] == q.digests[town]
}

func (s *sets) countTowns() {
	clear(s.towns)
	release := s.c.publications[present]
	defined := release.basis.Columns[release.columns[s.column.Key]].Defined
	for g, members := range s.layout.members {
		for _, town := range members {
			if defined.Has(int(release.index[town])) {
				s.towns[g]++
			}
		}
	}
	for pub, p := range s.c.publications {
		t := &s.tallies[pub]
		t.any = pub == present
		for g := range t.published {
			t.published[g] = pub != present && p.publishes(s.column.Key, int32(g))
			t.any = t.any || t.published[g]
		}
		clear(t.n)
		if !t.has {
			continue
		}
		for town, counts := range t.counted {
			if !counts {
				continue
			}
			for _, groupOf := range &p.groupOf {
				if g := groupOf[town]; g >= 0 {
					t.n[g]++
				}
			}
		}
	}
}

func (s *sets) countOverlaps() {
	for pub := range s.tallies {
		t := &s.tallies[pub]
		for g := range t.overlaps {
			clear(t.overlaps[g])
			if t.has {
				s.compareWith(t.overlaps[g], int32(g), pub, func(town int32) relation { return t.relation[town] })
			}
		}
	}
}

// compareWith counts, by group of a publication, the towns in it and in a group of the present
// release; related says how a town's values compare.
func (s *sets) compareWith(overlaps []overlap, g int32, pub int, related func(town int32) relation) {
	p := s.c.publications[pub]
	for _, town := range s.layout.members[g] {
		if !s.tallies[present].counted[town] || !s.tallies[pub].counted[town] {
			continue
		}
		r := related(town)
		for _, groupOf := range &p.groupOf {
			if h := groupOf[town]; h >= 0 {
				overlaps[h].add(r)
			}
		}
	}
}

func (s *sets) overlap(g int32, pub int, h int32) *overlap { return &s.tallies[pub].overlaps[g][h] }

// countOpen counts, for a figure or a distribution beside points, the towns that left the
// question open: they have points (none) and nothing else.
func (s *sets) countOpen() {
	clear(s.open)
	parent := s.column.Parent
	if parent < 0 || s.c.columns[parent].Key == bench.Participants || s.column.Facet == bench.Points {
		return
	}
	for g := range s.open {
		s.open[g] = int32(s.c.full.Groups[g].Nodes[s.column.Node].N - s.towns[g])
	}
}

func (s *sets) countOptions() {
	if s.column.Facet != bench.Options {
		return
	}
	for pub, p := range s.c.publications {
		counts := s.tallies[pub].counts
		clear(counts)
		for g := range counts {
			switch {
			case pub != present && p.groups[g] != nil:
				counts[g] = p.groups[g].Counts[s.column.Key]
			case pub == present && g < int(s.layout.current):
				counts[g] = countsOf(s.c.full.Groups[g].Nodes[s.column.Node].Options)
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

// published reports whether a group's column is shown, in the present release as decided so far.
func (s *sets) published(pub int, g int32) bool {
	if pub == present {
		return g < s.layout.current && s.reasons[g] == ""
	}
	return s.tallies[pub].published[g]
}

// publishedOf lists the groups of a kind whose column the present release shows.
func (s *sets) publishedOf(kind groupKind) (list []int32) {
	for g := range s.layout.current {
		if s.layout.groups[g].kind == kind && s.published(present, g) {
			list = append(list, g)
		}
	}
	return list
}

// showsWhole reports whether there is a whole and a publication shows it.
func (s *sets) showsWhole(pub int) bool { return s.layout.all >= 0 && s.published(pub, s.layout.all) }

// span is a number of towns that is known only within bounds.
type span struct{ least, most int32 }

func (a span) plus(b span) span { return span{a.least + b.least, a.most + b.most} }

// few reports whether the towns may be some, but not enough to hide among.
func (s *sets) few(n span) bool { return n.most > 0 && !s.enough(n) }

func (s *sets) enough(n span) bool { return int(n.least) >= s.c.rules.Threshold }

// apart returns by how many towns a group of the present release differs from a group of a
// publication that it overlaps with: those in only one of them, and those whose value changed in
// between.
func (s *sets) apart(g int32, pub int, h int32, o overlap) span {
	only := s.tallies[pub].n[h] - o.both
	d := span{most: s.tallies[present].n[g] + only - o.same}
	d.least = d.most - o.unclear
	if s.c.publications[pub].opaque {
		d.least -= only
	}
	return d
}

// smallest returns the published group with the fewest towns among those that qualify, the
// last of equals; -1 if there is none.
func (s *sets) smallest(qualifies func(g int32) bool) int32 {
	found := int32(-1)
	for g := range s.layout.current {
		if s.published(present, g) && qualifies(g) && (found < 0 || s.towns[g] <= s.towns[found]) {
			found = g
		}
	}
	return found
}

// suppress hides a group's column and reports whether it was shown; -1 is no group.
func (s *sets) suppress(g int32, why bench.Reason) bool {
	if g < 0 || s.reasons[g] != "" {
		return false
	}
	s.reasons[g] = why
	return true
}

// subtract takes one distribution off another.
func subtract(a, b []int) []int {
	rest := slices.Clone(a)
	for i := range min(len(a), len(b)) {
		rest[i] -= b[i]
	}
	return rest
}
