package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
)

// unions compares every union of size classes with the union of districts nearest to it: their
// means add up to sums, so two unions that differ by a few towns tell about these. A single
// district and a single size class are the simplest unions; either against the whole is what
// complement looks at (rule 5).
func (s *sets) unions() bool {
	t := s.crossing()
	for _, chosen := range choices(len(t.columns)) {
		touched, apart := s.nearestUnion(t, chosen)
		if !s.c.rules.few(apart) {
			continue
		}
		part := s.smallest(func(g int32) bool { return touched[g] })
		if part < 0 {
			part = s.smallest(func(g int32) bool { return s.layout.groups[g].kind != whole })
		}
		if s.suppress(part, bench.Complement) {
			return true
		}
	}
	return false
}

// nearestUnion returns by how many towns the union of the chosen columns differs from the nearest
// union of rows, and which groups touch it. It stops where the towns are enough.
func (s *sets) nearestUnion(t *crossing, chosen []bool) (touched map[int32]bool, apart int32) {
	touched = map[int32]bool{}
	for r, row := range t.rows {
		in, out := int32(0), t.outside[r]
		for column, n := range t.cells[r] {
			if chosen[column] {
				in += n
			} else {
				out += n
			}
		}
		if row == unresolved {
			apart += in
			continue
		}
		touched[row] = in > 0
		if apart += min(in, out); int(apart) >= s.c.rules.Threshold {
			return touched, apart
		}
	}
	for column, g := range t.columns {
		touched[g] = chosen[column]
	}
	return touched, apart
}

// What stands for no published group in a crossing.
const (
	remaining  int32 = -1 // the towns of the published whole in no published part: known by subtraction
	unresolved int32 = -2 // towns in no published part of an unpublished whole: not known together
)

// crossing tabulates the towns by published district (rows) and published size class (columns).
type crossing struct {
	rows, columns []int32   // groups
	cells         [][]int32 // by row and column
	outside       []int32   // by row: its towns in no column
}

func (s *sets) crossing() *crossing {
	t := &crossing{rows: s.publishedOf(districts), columns: s.publishedOf(sizeClasses)}
	if len(t.rows) == 0 || len(t.columns) == 0 {
		return &crossing{}
	}
	n := s.tallies[present].n
	beyond := make([]int32, len(t.columns)) // by column: its towns in no row
	for column, h := range t.columns {
		beyond[column] = n[h]
	}
	for _, g := range t.rows {
		row, outside := make([]int32, len(t.columns)), n[g]
		for column, h := range t.columns {
			row[column] = s.overlap(g, present, h).both
			outside -= row[column]
			beyond[column] -= row[column]
		}
		t.cells, t.outside = append(t.cells, row), append(t.outside, outside)
	}
	if s.showsWhole(present) {
		t.complete(n, s.layout.all, beyond)
	} else {
		t.addRow(unresolved, beyond, 0)
	}
	return t
}

func (t *crossing) addRow(group int32, cells []int32, outside int32) {
	t.rows, t.cells, t.outside = append(t.rows, group), append(t.cells, cells), append(t.outside, outside)
}

// complete adds what remains of the published whole as a row and as a column.
func (t *crossing) complete(n []int32, all int32, beyond []int32) {
	left := n[all] // in no row and no column
	for _, g := range t.rows {
		left -= n[g]
	}
	for _, towns := range beyond {
		left -= towns
	}
	for r := range t.rows {
		t.cells[r], t.outside[r] = append(t.cells[r], t.outside[r]), 0
	}
	t.columns = append(t.columns, remaining)
	t.addRow(remaining, append(beyond, left), 0)
}

// choices lists the ways to choose some of n things, the first thing changing fastest.
func choices(n int) [][]bool {
	list := [][]bool{make([]bool, n)}
	for i := range n {
		for _, before := range slices.Clone(list) {
			with := slices.Clone(before)
			with[i] = true
			list = append(list, with)
		}
	}
	return list[1:]
}

// crossings takes unions of size classes apart by districts across two releases: what districts
// and size classes gained and lost in between are sets too, and two of them may differ by a few
// towns where each alone has enough. Within one release that is what unions looks at (rule 5).
func (s *sets) crossings() bool {
	for pub := present + 1; pub < s.c.paired; pub++ {
		for _, of := range s.crossTargets(present, pub) {
			if s.fewCrossed(&of, present, pub) && s.suppress(s.smallestIn(&of, present, pub), bench.Complement) {
				return true
			}
		}
	}
	return false
}

// smallestIn returns the smallest group that makes a target, or parts that are taken off it, known.
func (s *sets) smallestIn(of *target, a, b int) int32 {
	return s.smallest(func(g int32) bool {
		switch s.layout.groups[g].kind {
		case districts:
			return s.helps(g, of, s.partSumsOf(a, b))
		case sizeClasses:
			return of.sizes.has(present) && of.classes[s.layout.groups[g].class]
		}
		return of.wholes.has(present)
	})
}

// fewCrossed reports whether two publications show a target and too few towns of it in no district.
func (s *sets) fewCrossed(of *target, a, b int) bool {
	return s.shows(of) && s.few(s.rest(districts, of, s.partSumsOf(a, b)))
}

// crossTargets lists what two publications may show of wholes and of unions of size classes.
func (s *sets) crossTargets(a, b int) (list []target) {
	if s.layout.all < 0 || !s.tallies[a].any || !s.tallies[b].any {
		return nil
	}
	var classes []uint8
	for g, group := range s.layout.groups {
		if group.class > 0 && (s.published(a, int32(g)) || s.published(b, int32(g))) {
			classes = append(classes, group.class)
		}
	}
	sizeSums := []sum{{{a, 1}}, {{b, 1}}, {{a, 1}, {b, -1}}}
	wholeSums := []sum{{}, {{a, 1}}, {{a, -1}}, {{b, 1}}, {{b, -1}}, {{a, 1}, {b, -1}}, {{a, -1}, {b, 1}}}
	for _, chosen := range slices.Backward(choices(len(classes))) {
		var of target
		for i, class := range classes {
			of.classes[class] = chosen[i]
		}
		for _, of.sizes = range sizeSums {
			for _, of.wholes = range wholeSums {
				list = append(list, of)
			}
		}
	}
	return list
}

// partSumsOf returns the sums that take a part's sets of two publications only.
func (s *sets) partSumsOf(a, b int) []sum {
	pair := [2]int{a, b}
	if s.between[pair] == nil {
		s.between[pair] = slices.DeleteFunc(slices.Clone(s.partSums), func(u sum) bool {
			return slices.ContainsFunc(u, func(t term) bool { return t.pub != a && t.pub != b })
		})
	}
	return s.between[pair]
}
