package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
)

// mostViews is how many views can be taken apart together, this release included. The others, the
// oldest, are only compared one by one.
const mostViews = 16

// pattern says how some towns of a part appear in the views: in which wholes, in which of the
// part's own sets, and with which value.
type pattern struct {
	appearance
	towns int32
}

type appearance struct {
	whole, part uint32 // bit by view
	astray      uint32 // bit by view: in the set of another part of the kind
	unclear     uint32 // bit by view: perhaps with the present value
	class       uint64 // four bits by view: equal where the value is the same
	size        uint64 // four bits by view: in which size class, from 1; 0: in none, or the part is one
}

func (a *appearance) classOf(view int) uint64 { return a.class >> (4 * view) & 15 }

// inside reports whether the pattern's towns, if they are in the part's set of view b, are in
// the whole of view a with the same value.
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
		for kind := districts; kind < groupKinds; kind++ {
			p := s.part(kind, t)
			var a appearance
			for v, view := range s.views[:s.paired] {
				if !s.hidden[v][t] {
					continue
				}
				bit := uint32(1) << v
				if view.labels[whole][t] >= 0 {
					a.whole |= bit
				}
				switch {
				case view.labels[kind][t] == p:
					a.part |= bit
				case view.labels[kind][t] >= 0:
					a.astray |= bit
				}
				if s.relation[v][t] == unclear {
					a.unclear |= bit
				}
				a.class |= s.classOf(v, t) << (4 * v)
				if c := view.labels[sizeClasses][t]; c >= 0 && kind == districts {
					a.size |= uint64(s.classes[c]) << (4 * v)
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

// classOf returns the first view in which the town surely has the value it has in view v.
func (s *situation) classOf(v, t int) uint64 {
	for first := range v {
		if s.alike(first, v, t) {
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

// sums lists the factors to try for a part: none, one set, two sets.
func sums(views []*view) (list []factors) {
	list = append(list, factors{views: [2]int8{-1, -1}})
	for a := range views {
		for _, sign := range []int8{1, -1} {
			list = append(list, factors{[2]int8{int8(a), -1}, [2]int8{sign, 0}})
			for b := a + 1; b < len(views); b++ {
				list = append(list, factors{[2]int8{int8(a), int8(b)}, [2]int8{sign, 1}}, factors{[2]int8{int8(a), int8(b)}, [2]int8{sign, -1}})
			}
		}
	}
	return slices.DeleteFunc(list, func(f factors) bool {
		return slices.ContainsFunc(f.views[:], func(v int8) bool { return v >= 0 && !views[v].parted() })
	})
}

// parted reports whether the view has any part of a whole.
func (v *view) parted() bool {
	return slices.ContainsFunc(v.basis.Groups, func(g BasisGroup) bool {
		kind, _ := kindOf(g.ID)
		return kind != whole
	})
}

// target is what parts are subtracted from: wholes, and unions of size classes where the parts are districts.
type target struct {
	wholes  wholeSum
	classes uint16 // bit by size class
	sizes   factors
}

var nothing = factors{views: [2]int8{-1, -1}}

// wholeSum adds up to four views' wholes: what a whole gained since another, less what a trend's panel did.
type wholeSum struct {
	views [4]int8 // -1: none
	signs [4]int8
}

var noWhole = wholeSum{views: [4]int8{-1, -1, -1, -1}}

func (w wholeSum) has(view int8) bool { return slices.Contains(w.views[:], view) }

// manyWholes is up to how many published wholes are added up by four; of more, by two.
const manyWholes = 8

// wholeSums calls f with sums of published wholes, with one given view's or, if that is -1, any,
// until f returns true.
func (s *situation) wholeSums(with int8, f func(wholeSum) bool) bool {
	var list []int8
	for v := range int8(s.paired) {
		if v != with && s.published(int(v), s.all) {
			list = append(list, v)
		}
	}
	most := 2
	if s.several && len(list) <= manyWholes {
		most = 4
	}
	sum, n := noWhole, 0
	if with >= 0 {
		sum.views[0], sum.signs[0], n = with, 1, 1
		if f(sum) {
			return true
		}
	}
	var try func(from, n int) bool
	try = func(from, n int) bool {
		for i := from; i < len(list) && n < most; i++ {
			sum.views[n] = list[i]
			for _, sign := range []int8{1, -1} {
				if sum.signs[n] = sign; f(sum) || try(i+1, n+1) {
					return true
				}
				if n == 0 {
					break // with all signs turned it is the same
				}
			}
			sum.views[n] = -1
		}
		return false
	}
	return try(0, n)
}

// remains says whether the pattern's towns are left when sets of the part are subtracted from a target:
// each counts 0, 1, or between where it is not known if two values are the same. Different values of a
// town do not cancel.
func (s *situation) remains(a *appearance, of *target, parts factors) span {
	var left balance
	total, astray := int8(0), uint32(0)
	for i, v := range of.wholes.views {
		if v >= 0 && a.whole&(1<<v) != 0 {
			left.add(a.classOf(int(v)), of.wholes.signs[i])
			total += of.wholes.signs[i]
			astray |= a.astray & (1 << v)
		}
	}
	for i := range 2 {
		if v := of.sizes.views[i]; v >= 0 && of.classes&(1<<(a.size>>(4*v)&15)) != 0 {
			left.add(a.classOf(int(v)), of.sizes.signs[i])
			total += of.sizes.signs[i]
			astray |= a.astray & (1 << v)
		}
		if v := parts.views[i]; v >= 0 && a.part&(1<<v) != 0 {
			left.add(a.classOf(int(v)), -parts.signs[i])
			total -= parts.signs[i]
		}
	}
	switch {
	case left == 0:
		return span{}
	case astray != 0 || total == 0 && s.perhapsCancel(a, left):
		return span{0, 1}
	}
	return span{1, 1}
}

// balance counts what is left of each class of values, in digits of base 16 from -7 to 7, so it
// is 0 only where every class is: no more than six sets are added up, as there are either four wholes or
// two with unions of size classes.
type balance int64

func (b *balance) add(class uint64, sign int8) { *b += balance(sign) << (4 * class) }

// next returns what is left of the first class and the balance of those behind it.
func (b balance) next() (digit int8, rest balance) {
	digit = int8(b & 15)
	if digit > 7 {
		digit -= 16
	}
	return digit, (b - balance(digit)) >> 4
}

// perhapsCancel reports whether what is left, adding up to nothing, is of values that may be the same.
func (s *situation) perhapsCancel(a *appearance, left balance) bool {
	var seen [mostViews]int8
	for v := 0; left != 0; v++ {
		seen[v], left = left.next()
		for w := range v {
			if seen[w]*seen[v] < 0 && s.perhapsAlike(a, w, v) {
				return true
			}
		}
	}
	return false
}

// perhapsAlike reports whether two classes' values may be the same: those of different rounds
// are only compared with the present ones.
func (s *situation) perhapsAlike(a *appearance, v, w int) bool {
	switch {
	case s.views[v].round == s.views[w].round:
		return false
	case v == 0:
		return a.unclear&(1<<w) != 0
	}
	return true
}

// complement looks at what remains of a published whole, of this or an earlier release, when
// all its parts are subtracted that are known from any release, and at what remains of sums of
// releases' wholes. If that is too little, the smallest part that only this release makes known goes too.
func (s *situation) complement() bool {
	if s.all < 0 {
		return false
	}
	for kind := districts; kind < groupKinds; kind++ {
		if s.wholeSums(-1, func(wholes wholeSum) bool { return s.complementOf(kind, wholes) }) {
			return true
		}
	}
	return false
}

func (s *situation) complementOf(kind groupKind, wholes wholeSum) bool {
	of := &target{wholes: wholes, sizes: nothing}
	if !s.few(s.rest(kind, of, s.sums)) {
		return false
	}
	part := s.smallest(func(g int32) bool { return s.groups[g].kind == kind && s.helps(g, of, s.sums) })
	if part < 0 && wholes.has(0) {
		part = s.all
	}
	return s.suppress(part, bench.Complement)
}

// shows reports whether all of a target is published.
func (s *situation) shows(of *target) bool {
	for _, v := range of.wholes.views {
		if v >= 0 && !s.published(int(v), s.all) {
			return false
		}
	}
	for i := range 2 {
		for g := range int32(len(s.groups)) {
			if v := of.sizes.views[i]; v >= 0 && of.classes&(1<<s.classes[g]) != 0 && !s.published(int(v), g) {
				return false
			}
		}
	}
	return true
}

// helps reports whether less of a target is left because this release publishes the part.
func (s *situation) helps(p int32, of *target, sums []factors) bool {
	return s.left(p, of, sums, 1).least > s.left(p, of, sums, 0).least
}

// rest counts the towns that stay in a target when all known parts of a kind are subtracted; it
// stops where that is enough.
func (s *situation) rest(kind groupKind, of *target, sums []factors) span {
	rest := s.left(s.loose(kind), of, sums, 0)
	for p := range int32(len(s.groups)) {
		if s.groups[p].kind == kind && int(rest.least) < s.rules.Threshold {
			rest = rest.plus(s.left(p, of, sums, 0))
		}
	}
	return rest
}

// left counts the towns of a part that stay in a target at best when what the views from first
// on publish of the part is subtracted or added.
func (s *situation) left(p int32, of *target, sums []factors, first int8) span {
	best := span{-1, -1}
	for _, parts := range sums {
		if !s.knows(p, parts, first) {
			continue
		}
		var rest span
		for i := range s.patterns[p] {
			a := &s.patterns[p][i]
			one := s.remains(&a.appearance, of, parts)
			rest = rest.plus(span{one.least * a.towns, one.most * a.towns})
		}
		if best.least < 0 || rest.least < best.least || rest.least == best.least && rest.most < best.most {
			best = rest
		}
		if best.most == 0 {
			break
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
