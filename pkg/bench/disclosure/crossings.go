package disclosure

import (
	"ortsspiegel/pkg/bench"
)

// crossings takes unions of size classes apart by districts across two releases: what districts
// and size classes gained and lost in between are sets too, and two of them may differ by a few
// towns where each alone has enough. Within one release that is what unions looks at.
func (s *situation) crossings() bool {
	for b := int8(1); b < int8(s.paired); b++ {
		if s.crossingsOf(0, b, func(of *target, sums []factors) bool {
			return s.suppress(s.smallest(func(g int32) bool {
				switch s.groups[g].kind {
				case districts:
					return s.helps(g, of, sums)
				case sizeClasses:
					return of.sizes.views[0] == 0 && of.classes&(1<<s.classes[g]) != 0
				}
				return of.wholes.has(0)
			}), bench.Complement)
		}) {
			return true
		}
	}
	return false
}

// crossingsOf tries what two views publish of wholes and of unions of size classes, and calls
// found where too few towns are left, until that returns true.
func (s *situation) crossingsOf(a, b int8, found func(of *target, sums []factors) bool) bool {
	if s.all < 0 || !s.any[a] || !s.any[b] {
		return false
	}
	sums := s.between[[2]int8{a, b}]
	if sums == nil {
		sums = within(s.sums, a, b)
		s.between[[2]int8{a, b}] = sums
	}
	var shown [2]uint16 // by view: the size classes it publishes
	for g := range int32(len(s.groups)) {
		for i, v := range [2]int8{a, b} {
			if c := s.classes[g]; c > 0 && s.published(int(v), g) {
				shown[i] |= 1 << c
			}
		}
	}
	all := shown[0] | shown[1]
	for classes := all; classes > 0; classes = (classes - 1) & all {
		for _, sizes := range []factors{{[2]int8{a, -1}, [2]int8{1, 0}}, {[2]int8{-1, b}, [2]int8{0, 1}}, {[2]int8{a, b}, [2]int8{1, -1}}} {
			if sizes.views[0] >= 0 && classes&^shown[0] != 0 || sizes.views[1] >= 0 && classes&^shown[1] != 0 {
				continue
			}
			for _, wholes := range wholesOf(a, b) {
				of := &target{wholes: wholes, classes: classes, sizes: sizes}
				if s.shows(of) && s.few(s.rest(districts, of, sums)) && found(of, sums) {
					return true
				}
			}
		}
	}
	return false
}

// wholesOf lists the sums of two views' wholes, none of them first.
func wholesOf(a, b int8) []wholeSum {
	list := []wholeSum{noWhole}
	for _, signs := range [][2]int8{{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, -1}, {-1, 1}} {
		w := noWhole
		for i, v := range [2]int8{a, b} {
			if signs[i] != 0 {
				w.views[i], w.signs[i] = v, signs[i]
			}
		}
		list = append(list, w)
	}
	return list
}

// within returns the sums that take sets of two views only.
func within(list []factors, a, b int8) (out []factors) {
	for _, f := range list {
		if (f.views[0] < 0 || f.views[0] == a || f.views[0] == b) && (f.views[1] < 0 || f.views[1] == a || f.views[1] == b) {
			out = append(out, f)
		}
	}
	return out
}
