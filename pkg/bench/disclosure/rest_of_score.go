package disclosure

import (
	"ortsspiegel/pkg/bench"
)

// restOfScore looks at what a published score tells about its unpublished parts (rule 8): a
// section's mean without its published questions' is the mean of the rest, which must not have
// changed in a few towns only since another round, either. If it has, more questions go. The same
// holds for the total and the sections.
//
// Means are whole percent, so what is computed from many of them is vague. Where it leaves a
// single town's value anywhere between 0 and 1, nothing is told.
func (c *control) restOfScore(parent int) {
	parts, weight := c.partsOf(parent)
	s := c.sets(parent)
	s.reasons = c.reasons[parent]
	for g := range c.layout.current {
		for s.published(present, g) {
			var hidden, shown []int
			share := 0.0
			for _, part := range parts {
				if c.reasons[part][g] == "" {
					shown = append(shown, part)
				} else {
					hidden = append(hidden, part)
					share += c.weight(part) / weight
				}
			}
			if len(hidden) == 0 || len(shown) == 0 || !s.restTells(g, hidden, share) {
				break
			}
			c.withdraw(s.mostChanged(g, shown), g)
		}
	}
}

// partsOf lists the columns of the parts of a score, and their weight together.
func (c *control) partsOf(parent int) (parts []int, weight float64) {
	for i := range c.columns {
		if column := &c.columns[i]; column.Parent == parent && column.Facet == bench.Points {
			parts = append(parts, i)
			weight += c.weight(i)
		}
	}
	return parts, weight
}

// withdraw suppresses a column that was to be published, and what depends on it.
func (c *control) withdraw(column int, g int32) {
	c.reasons[column][g] = bench.Complement
	for i := range c.columns {
		if c.columns[i].Parent == column && c.reasons[i] != nil && c.reasons[i][g] == "" {
			c.withdraw(i, g)
		}
	}
}

// ofOtherRound reports whether a publication is of another round and shows anything of the column.
func (s *sets) ofOtherRound(pub int) bool {
	return s.c.publications[pub].round != 0 && s.tallies[pub].any
}

// relationIn compares a town's value of a column in a publication with the present one.
func (s *sets) relationIn(pub, column int, town int32) relation {
	return s.c.publications[pub].relation(s.c.publications[present], column, town)
}

// restTells reports whether the hidden parts of a score, taken together, differ in too few towns
// from a set that another round published the score of.
func (s *sets) restTells(g int32, hidden []int, share float64) bool {
	for pub := range s.tallies {
		if !s.ofOtherRound(pub) {
			continue
		}
		overlaps := make([]overlap, len(s.layout.groups))
		s.compareWith(overlaps, g, pub, func(town int32) relation { return s.relationInAll(pub, hidden, town) })
		for h := range int32(len(overlaps)) {
			towns := s.tallies[present].n[g] + s.tallies[pub].n[h]
			if s.published(pub, h) && s.few(s.apart(g, pub, h, overlaps[h])) && vagueness(towns, share) < 1 {
				return true
			}
		}
	}
	return false
}

// relationInAll compares a town's values of some columns together.
func (s *sets) relationInAll(pub int, columns []int, town int32) relation {
	all := equals
	for _, column := range columns {
		switch s.relationIn(pub, column, town) {
		case differs:
			return differs
		case unclear:
			all = unclear
		}
	}
	return all
}

// vagueness is the width of what the sum over a few towns is known to lie in if it is computed
// from means of n towns in all, each cut to whole percent: the score's, and those of its
// published parts. The share is the weight of the parts that are not published, of all.
func vagueness(n int32, share float64) float64 {
	return bench.WholePercent * float64(n) * (2/share - 1)
}

// mostChanged returns the part that changed in most towns of a group since any other round.
func (s *sets) mostChanged(g int32, parts []int) int {
	found, most := parts[0], -1
	for _, column := range parts {
		if n := s.changes(g, column); n > most {
			found, most = column, n
		}
	}
	return found
}

// changes counts the towns of a group whose value differs from another round's, over all of these.
func (s *sets) changes(g int32, column int) (n int) {
	for pub := range s.tallies {
		if !s.ofOtherRound(pub) {
			continue
		}
		for _, town := range s.layout.members[g] {
			both := s.tallies[present].counted[town] && s.tallies[pub].counted[town]
			if both && s.relationIn(pub, column, town) == differs {
				n++
			}
		}
	}
	return n
}

// hideUniformParts looks at what a published score tells about unpublished parts which are uniform:
// with the others' means it gives theirs, and why they are not shown says the rest (rule 8). Then
// one more part goes, so that two are unknown; the lightest, since it says least.
func (c *control) hideUniformParts(parent int) {
	parts, _ := c.partsOf(parent)
	for g := range c.layout.current {
		if c.reasons[parent][g] != "" {
			continue
		}
		hidden, plain := 0, false // plain: one is hidden for another reason
		lightest := -1            // of those shown; of equals the last
		for _, part := range parts {
			switch {
			case c.towns[part][g] == 0:
			case c.reasons[part][g] != "":
				hidden++
				plain = plain || !c.uniform(&c.columns[part], g)
			case lightest < 0 || c.weight(part) <= c.weight(lightest):
				lightest = part
			}
		}
		switch {
		case hidden == 0 || plain:
		case lightest >= 0:
			c.withdrawEverywhere(lightest, g)
		case hidden == 1:
			c.withdrawEverywhere(parent, g)
		}
	}
}

func (c *control) weight(column int) float64 { return c.nodes[c.columns[column].Node].Weight }

// withdrawEverywhere suppresses a column of a group and, where the group would follow from the
// whole and its other parts, the smallest of these too.
func (c *control) withdrawEverywhere(column int, g int32) {
	c.withdraw(column, g)
	own := c.layout.groups[g].kind
	for kind := districts; kind < groupKinds; kind++ {
		if own == whole || own == kind && c.layout.all >= 0 && c.reasons[column][c.layout.all] == "" {
			c.withdrawOneMore(column, g, kind)
		}
	}
}

// withdrawOneMore suppresses the smallest other part of a kind, unless one is suppressed already.
func (c *control) withdrawOneMore(column int, g int32, kind groupKind) {
	smallest := int32(-1)
	for p := range c.layout.current {
		if p == g || c.layout.groups[p].kind != kind || c.towns[column][p] == 0 {
			continue
		}
		if c.reasons[column][p] != "" {
			return
		}
		if smallest < 0 || c.towns[column][p] <= c.towns[column][smallest] {
			smallest = p
		}
	}
	if smallest >= 0 {
		c.withdraw(column, smallest)
	}
}
