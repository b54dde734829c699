package disclosure

import (
	"ortsspiegel/pkg/bench"
)

// siblings looks at what a published score tells about its unpublished parts: a section's mean
// without its published questions' is the mean of the rest, which must not have changed in a
// few towns only since another round, either. If it has, more questions go. The same holds for
// the total and the sections.
//
// Means are whole percent, so what is computed from many of them is vague. Where it leaves a
// single town's value anywhere between 0 and 1, nothing is told.
func (c *control) siblings(parent int) {
	var parts []int
	weights := map[int]float64{}
	all := 0.0
	for i := range c.columns {
		if spec := &c.columns[i]; spec.Parent == parent && spec.Facet == bench.Points {
			parts = append(parts, i)
			weights[i] = c.nodes[spec.Node].Weight
			all += weights[i]
		}
	}
	s := c.situation(parent)
	s.reasons = c.reasons[parent]
	for g := range int32(c.current) {
		for s.published(0, g) {
			var hidden, shown []int
			share := 0.0
			for _, i := range parts {
				if c.reasons[i][g] == "" {
					shown = append(shown, i)
				} else {
					hidden = append(hidden, i)
					share += weights[i] / all
				}
			}
			if len(hidden) == 0 || len(shown) == 0 || !s.restTells(g, hidden, share) {
				break
			}
			c.withdraw(s.mostChanged(g, shown), g)
		}
	}
}

// withdraw suppresses a column that was to be published, and what depends on it.
func (c *control) withdraw(column int, g int32) {
	c.reasons[column][g] = bench.Complement
	for i := column + 1; i < len(c.columns); i++ {
		if c.columns[i].Parent == column && c.reasons[i] != nil && c.reasons[i][g] == "" {
			c.withdraw(i, g)
		}
	}
}

// restTells reports whether the hidden parts of a score, taken together, differ in too few towns
// from a set that another round published the score of.
func (s *situation) restTells(g int32, hidden []int, share float64) bool {
	for b, v := range s.views {
		if v.round == 0 || !s.any[b] {
			continue
		}
		both, same, perhaps := make([]int32, len(s.groups)), make([]int32, len(s.groups)), make([]int32, len(s.groups))
		for _, t := range s.members[g] {
			if !s.hidden[0][t] || !s.hidden[b][t] {
				continue
			}
			r := equals
			for _, column := range hidden {
				switch v.relation(s.views[0], v.comparedAs(s.columns[column].Key), int(t)) {
				case differs:
					r = differs
				case unclear:
					if r == equals {
						r = unclear
					}
				}
			}
			for k := range v.labels {
				if h := v.labels[k][t]; h >= 0 {
					both[h]++
					switch r {
					case equals:
						same[h]++
					case unclear:
						perhaps[h]++
					}
				}
			}
		}
		for h := range int32(len(s.groups)) {
			d := span{most: s.n[0][g] + s.n[b][h] - both[h] - same[h]}
			d.least = d.most - perhaps[h]
			if v.opaque {
				d.least -= s.n[b][h] - both[h]
			}
			if s.known[b][h] && s.few(d) && vagueness(s.n[0][g]+s.n[b][h], share) < 1 {
				return true
			}
		}
	}
	return false
}

// vagueness is the width of what the sum over a few towns is known to lie in if it is computed
// from means of n towns in all, each cut to whole percent: the score's, and those of its
// published parts. The share is the weight of the parts that are not published, of all.
func vagueness(n int32, share float64) float64 {
	return bench.WholePercent * float64(n) * (2/share - 1)
}

// mostChanged returns the part that changed in most towns of a group since any other round.
func (s *situation) mostChanged(g int32, parts []int) int {
	found, most := parts[0], -1
	for _, column := range parts {
		n := 0
		for b, v := range s.views {
			if v.round == 0 || !s.any[b] {
				continue
			}
			for _, t := range s.members[g] {
				if s.hidden[0][t] && s.hidden[b][t] && v.relation(s.views[0], v.comparedAs(s.columns[column].Key), int(t)) == differs {
					n++
				}
			}
		}
		if n > most {
			found, most = column, n
		}
	}
	return found
}
