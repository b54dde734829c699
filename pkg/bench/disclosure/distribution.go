package disclosure

import (
	"ortsspiegel/pkg/bench"
)

// distributionPairs compares distributions of sets inside each other: what is left when the
// inner one is subtracted is a distribution too and must be one that may be shown.
func (s *situation) distributionPairs() bool {
	found := false
	for b := range s.views {
		for g := range int32(s.current) {
			for h := int32(0); int(h) < len(s.groups) && s.published(0, g); h++ {
				at := int(g)*len(s.groups) + int(h)
				shared := s.both[b][at]
				if shared == 0 || shared != s.same[b][at] || !s.published(b, h) || b == 0 && g == h || s.counts[b][h] == nil {
					continue
				}
				inner, outer := s.n[b][h], s.n[0][g]
				switch {
				case shared == inner && inner < outer && !s.rules.distribution(subtract(s.counts[0][g], s.counts[b][h])):
					if b == 0 {
						found = s.suppress(h, bench.Distribution) || found
					} else {
						found = s.suppress(g, bench.Distribution) || found
					}
				case b > 0 && shared == outer && outer < inner && !s.rules.distribution(subtract(s.counts[b][h], s.counts[0][g])):
					found = s.suppress(g, bench.Distribution) || found
				}
			}
		}
	}
	return found
}

// distributionComplement does the same for what remains of a whole when all known parts are subtracted.
func (s *situation) distributionComplement() bool {
	if s.all < 0 {
		return false
	}
	for kind := districts; kind < groupKinds; kind++ {
		for a := range s.paired {
			if !s.published(a, s.all) || s.counts[a][s.all] == nil {
				continue
			}
			rest := s.optionsRemaining(a, kind)
			if bench.Sum(rest) == 0 || s.rules.distribution(rest) {
				continue
			}
			part := s.smallest(func(g int32) bool { return s.groups[g].kind == kind && s.inside(a, g, 0) != s.inside(a, g, 1) })
			if part < 0 && a == 0 {
				part = s.all
			}
			if s.suppress(part, bench.Distribution) {
				return true
			}
		}
	}
	return false
}

func (s *situation) optionsRemaining(a int, kind groupKind) []int {
	rest := s.counts[a][s.all]
	for p := range int32(len(s.groups)) {
		if s.groups[p].kind != kind {
			continue
		}
		if b := s.inside(a, p, 0); b >= 0 {
			rest = subtract(rest, s.counts[b][p])
		}
	}
	return rest
}

// inside returns the view, from first on, with the largest published set of a part that lies
// in another view's whole and did not change; of equals the last. It is -1 if there is none.
func (s *situation) inside(a int, p int32, first int) int {
	best := -1
	for b := first; b < s.paired; b++ {
		if !s.published(b, p) || s.spec.Facet == bench.Options && s.counts[b][p] == nil || best >= 0 && s.n[b][p] < s.n[best][p] {
			continue
		}
		in := true
		for i := range s.patterns[p] {
			in = in && s.patterns[p][i].inside(a, b)
		}
		if in {
			best = b
		}
	}
	return best
}
