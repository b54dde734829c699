package disclosure

import "slices"

// mostPaired is how many publications can be taken apart together, the present release included.
// The others, the oldest, are only compared one by one.
const mostPaired = 16

// pattern is how some towns of a part appear in the publications. There are few: in a first release
// a town is in the part's set or not.
type pattern struct {
	appearance
	towns int32
}

// appearance is how a town appears in each publication, as far as it counts there.
type appearance [mostPaired]presence

type presence struct {
	inWhole bool
	inPart  bool  // in the set of the part itself
	astray  bool  // in the set of another part of the kind
	unclear bool  // perhaps with the present value
	value   uint8 // the first publication in which it surely has the same value
	class   uint8 // its size class, from 1; 0: none, or the part is a size class itself
}

// changed reports whether the towns, if they are in the part's set of one publication, are not in
// the whole of another with the same value.
func (a *appearance) changed(whole, part int) bool {
	return a[part].inPart && !(a[whole].inWhole && a[whole].value == a[part].value)
}

// countPatterns sorts the towns of each part by how they appear.
func (s *sets) countPatterns() {
	for p := range s.patterns {
		s.patterns[p] = s.patterns[p][:0]
	}
	for town := range int32(len(s.layout.towns)) {
		for kind := districts; kind < groupKinds; kind++ {
			part := s.layout.part(kind, town)
			a, counts := s.appearance(kind, part, town)
			if counts {
				s.addPattern(part, &a)
			}
		}
	}
}

// appearance says how a town of a part appears; counts is false if it does nowhere.
func (s *sets) appearance(kind groupKind, part, town int32) (a appearance, counts bool) {
	for pub, p := range s.c.publications[:s.c.paired] {
		if !s.tallies[pub].counted[town] {
			continue
		}
		own := p.groupOf[kind][town]
		a[pub] = presence{inWhole: p.groupOf[whole][town] >= 0, inPart: own == part, astray: own >= 0 && own != part,
			unclear: s.tallies[pub].relation[town] == unclear, value: s.firstWithValue(pub, town)}
		if class := p.groupOf[sizeClasses][town]; class >= 0 && kind == districts {
			a[pub].class = s.layout.groups[class].class
		}
		counts = counts || a[pub].inWhole || a[pub].inPart
	}
	return a, counts
}

// firstWithValue returns the first publication in which the town surely has the value it has in
// this one.
func (s *sets) firstWithValue(pub int, town int32) uint8 {
	for first := range pub {
		if s.sameValue(first, pub, town) {
			return uint8(first)
		}
	}
	return uint8(pub)
}

func (s *sets) addPattern(part int32, a *appearance) {
	list := s.patterns[part]
	i := slices.IndexFunc(list, func(p pattern) bool { return p.appearance == *a })
	if i < 0 {
		s.patterns[part] = append(list, pattern{*a, 1})
		return
	}
	list[i].towns++
}

// term is a set of a publication that is added, or subtracted.
type term struct {
	pub  int
	sign int8 // 1 or -1
}

// sum adds up sets of some publications; each comes at most once.
type sum []term

func (u sum) has(pub int) bool {
	return slices.ContainsFunc(u, func(t term) bool { return t.pub == pub })
}

// partSums lists the sums of a part's sets to try: none, one set, two sets.
func partSums(list []*publication) []sum {
	sums := []sum{nil}
	for a := range list {
		if !list[a].parted() {
			continue
		}
		for _, sign := range []int8{1, -1} {
			sums = append(sums, sum{{a, sign}})
			for b := a + 1; b < len(list); b++ {
				if list[b].parted() {
					sums = append(sums, sum{{a, sign}, {b, 1}}, sum{{a, sign}, {b, -1}})
				}
			}
		}
	}
	return sums
}

// target is what parts are subtracted from: wholes, and unions of size classes where the parts are
// districts.
type target struct {
	wholes  sum
	sizes   sum
	classes [mostClasses + 1]bool // in the unions
}

// shows reports whether all of a target is published.
func (s *sets) shows(of *target) bool {
	for _, t := range of.wholes {
		if !s.published(t.pub, s.layout.all) {
			return false
		}
	}
	for _, t := range of.sizes {
		for g := range int32(len(s.layout.groups)) {
			if of.classes[s.layout.groups[g].class] && !s.published(t.pub, g) {
				return false
			}
		}
	}
	return true
}

// rest counts the towns that stay in a target when all known parts of a kind are subtracted; it
// stops where that is enough.
func (s *sets) rest(kind groupKind, of *target, sums []sum) span {
	rest := s.left(s.layout.loose(kind), of, sums, present)
	for p := range int32(len(s.layout.groups)) {
		if s.layout.groups[p].kind == kind && !s.enough(rest) {
			rest = rest.plus(s.left(p, of, sums, present))
		}
	}
	return rest
}

// left counts the towns of a part that stay in a target at best when what the publications from
// first on show of the part is subtracted or added.
func (s *sets) left(part int32, of *target, sums []sum, first int) span {
	best, found := span{}, false
	for _, parts := range sums {
		if !s.knows(part, parts, first) {
			continue
		}
		var rest span
		for i := range s.patterns[part] {
			p := &s.patterns[part][i]
			one := s.remains(&p.appearance, of, parts)
			rest = rest.plus(span{one.least * p.towns, one.most * p.towns})
		}
		if !found || rest.least < best.least || rest.least == best.least && rest.most < best.most {
			best, found = rest, true
		}
		if best.most == 0 {
			break
		}
	}
	return best
}

// knows reports whether the publications from first on show the part's sets of a sum.
func (s *sets) knows(part int32, parts sum, first int) bool {
	for _, t := range parts {
		if t.pub < first || !s.layout.isGroup(part) || !s.published(t.pub, part) {
			return false
		}
	}
	return true
}

// helps reports whether less of a target is left because the present release publishes the part.
func (s *sets) helps(part int32, of *target, sums []sum) bool {
	return s.left(part, of, sums, present+1).least > s.left(part, of, sums, present).least
}

// remains says whether a town is left when sets of its part are subtracted from a target: it counts
// 0, 1, or between where it is not known if two values are the same. Different values of a town do
// not cancel.
func (s *sets) remains(a *appearance, of *target, parts sum) span {
	var left balance
	total, astray := int8(0), false
	for _, t := range of.wholes {
		if p := &a[t.pub]; p.inWhole {
			left[p.value] += t.sign
			total += t.sign
			astray = astray || p.astray
		}
	}
	for _, t := range of.sizes {
		if p := &a[t.pub]; of.classes[p.class] {
			left[p.value] += t.sign
			total += t.sign
			astray = astray || p.astray
		}
	}
	for _, t := range parts {
		if p := &a[t.pub]; p.inPart {
			left[p.value] -= t.sign
			total -= t.sign
		}
	}
	switch {
	case left == balance{}:
		return span{}
	case astray || total == 0 && s.perhapsCancel(a, &left):
		return span{0, 1}
	}
	return span{1, 1}
}

// balance counts how often each value of a town is left, by the first publication that has it.
type balance [mostPaired]int8

// perhapsCancel reports whether what is left, adding up to nothing, is of values that may be the
// same.
func (s *sets) perhapsCancel(a *appearance, left *balance) bool {
	for v := range left {
		for w := 0; w < v && left[v] != 0; w++ {
			if left[v]*left[w] < 0 && s.perhapsSame(a, w, v) {
				return true
			}
		}
	}
	return false
}

// perhapsSame reports whether a town's values in two publications, first and then, may be the same:
// those of different rounds are only compared with the present ones.
func (s *sets) perhapsSame(a *appearance, first, then int) bool {
	switch {
	case s.c.publications[first].round == s.c.publications[then].round:
		return false
	case first == present:
		return a[then].unclear
	}
	return true
}
