package bench

// mostViews is how many releases of a round can be checked against each other, this one included.
const mostViews = 16

// pattern says how some towns of a part appear in the releases: in which wholes, in which of the
// part's own sets, and with which assessment.
type pattern struct {
	appearance
	towns int32
}

type appearance struct {
	whole, part uint32 // bit by view
	class       uint64 // four bits by view: equal where the assessment is the same
}

func (a *appearance) classOf(view int) uint64 { return a.class >> (4 * view) & 15 }

// inside reports whether the pattern's towns, if they are in the part's set of view b, are in
// the whole of view a with the same assessment.
func (a *appearance) inside(whole, part int) bool {
	return a.part&(1<<part) == 0 || a.whole&(1<<whole) != 0 && a.classOf(whole) == a.classOf(part)
}

// countPatterns sorts the towns of each part by how they appear. There are few patterns: in a
// first release a town is in the part's set or not.
func (s *situation) countPatterns() {
	for p := range s.patterns {
		s.patterns[p] = s.patterns[p][:0]
	}
	for t := range s.hidden[0] {
		var class uint64
		for v := range s.views {
			class |= s.classOf(v, t) << (4 * v)
		}
		for kind := districts; kind < groupKinds; kind++ {
			p := s.part(kind, t)
			a := appearance{class: class}
			for v, view := range s.views {
				if !s.hidden[v][t] {
					continue
				}
				if view.labels[whole][t] >= 0 {
					a.whole |= 1 << v
				}
				if view.labels[kind][t] == p {
					a.part |= 1 << v
				}
			}
			if a.whole != 0 || a.part != 0 {
				s.note(p, a)
			}
		}
	}
}

func (s *situation) note(p int32, a appearance) {
	for i := range s.patterns[p] {
		if s.patterns[p][i].appearance == a {
			s.patterns[p][i].towns++
			return
		}
	}
	s.patterns[p] = append(s.patterns[p], pattern{a, 1})
}

// classOf returns the first view in which the town's assessment is the one of view v.
func (s *situation) classOf(v, t int) uint64 {
	for first := range v {
		if s.views[first].prints[t] == s.views[v].prints[t] {
			return uint64(first)
		}
	}
	return uint64(v)
}

// factors adds up to two views' sets, each with 1 or -1.
type factors struct {
	views [2]int8 // -1: none
	signs [2]int8
}

// sums lists the factors to try: none, one set, two sets.
func sums(views int) (list []factors) {
	list = append(list, factors{views: [2]int8{-1, -1}})
	for a := range int8(views) {
		for _, sign := range []int8{1, -1} {
			list = append(list, factors{[2]int8{a, -1}, [2]int8{sign, 0}})
			for b := a + 1; b < int8(views); b++ {
				list = append(list, factors{[2]int8{a, b}, [2]int8{sign, 1}}, factors{[2]int8{a, b}, [2]int8{sign, -1}})
			}
		}
	}
	return list
}

// cancels reports whether nothing of the pattern is left when sets of the part are subtracted from
// wholes. Different assessments of a town do not cancel.
func (a *appearance) cancels(wholes, parts factors) bool {
	var left [mostViews]int8
	for i := range 2 {
		if v := wholes.views[i]; v >= 0 && a.whole&(1<<v) != 0 {
			left[a.classOf(int(v))] += wholes.signs[i]
		}
		if v := parts.views[i]; v >= 0 && a.part&(1<<v) != 0 {
			left[a.classOf(int(v))] -= parts.signs[i]
		}
	}
	return left == [mostViews]int8{}
}

// complement looks at what remains of a published whole, of this or an earlier release, when
// all its parts are subtracted that are known from any release, and at what remains of the
// difference of two releases' wholes. If that is too little, the smallest part that only this
// release makes known goes too.
func (s *situation) complement() bool {
	if s.all < 0 {
		return false
	}
	for kind := districts; kind < groupKinds; kind++ {
		for a := range int8(len(s.views)) {
			for b := int8(-1); b < a; b++ {
				if s.complementOf(kind, factors{[2]int8{a, b}, [2]int8{1, -1}}) {
					return true
				}
			}
		}
	}
	return false
}

func (s *situation) complementOf(kind groupKind, wholes factors) bool {
	for _, v := range wholes.views {
		if v >= 0 && !s.published(int(v), s.all) {
			return false
		}
	}
	rest := s.left(s.loose(kind), wholes, 0)
	for p := range int32(len(s.groups)) {
		if s.groups[p].kind == kind {
			rest += s.left(p, wholes, 0)
		}
	}
	if !s.rules.few(rest) {
		return false
	}
	part := s.smallest(func(g int32) bool {
		return s.groups[g].kind == kind && s.left(g, wholes, 1) > s.left(g, wholes, 0)
	})
	if part < 0 && (wholes.views[0] == 0 || wholes.views[1] == 0) {
		part = s.all
	}
	return s.suppress(part, Complement)
}

// left counts the towns of a part that stay in a sum of wholes at best when what the views from
// first on publish of the part is subtracted or added.
func (s *situation) left(p int32, wholes factors, first int8) int32 {
	best := int32(-1)
	for _, parts := range s.sums {
		if !s.knows(p, parts, first) {
			continue
		}
		rest := int32(0)
		for i := range s.patterns[p] {
			if !s.patterns[p][i].cancels(wholes, parts) {
				rest += s.patterns[p][i].towns
			}
		}
		if best < 0 || rest < best {
			best = rest
		}
	}
	return best
}

// knows reports whether the views from first on publish the part's sets of a sum.
func (s *situation) knows(p int32, parts factors, first int8) bool {
	for _, v := range parts.views {
		if v >= 0 && (v < first || int(p) >= len(s.groups) || !s.published(int(v), p)) {
			return false
		}
	}
	return true
}
