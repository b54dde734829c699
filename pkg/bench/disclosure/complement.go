package disclosure

import (
	"ortsspiegel/pkg/bench"
)

// complement looks at what remains of a published whole, of this or an earlier release, when all
// its parts are subtracted that are known from any release, and at what remains of sums of
// releases' wholes. If that is too little, the smallest part that only this release makes known
// goes too (rule 4).
func (s *sets) complement() bool {
	if s.layout.all < 0 {
		return false
	}
	sums := s.wholeSums()
	for kind := districts; kind < groupKinds; kind++ {
		for _, wholes := range sums {
			if s.complementOf(kind, wholes) {
				return true
			}
		}
	}
	return false
}

func (s *sets) complementOf(kind groupKind, wholes sum) bool {
	of := &target{wholes: wholes}
	if !s.few(s.rest(kind, of, s.partSums)) {
		return false
	}
	part := s.smallest(func(g int32) bool { return s.layout.groups[g].kind == kind && s.helps(g, of, s.partSums) })
	if part < 0 && wholes.has(present) {
		part = s.layout.all
	}
	return s.suppress(part, bench.Complement)
}

// manyWholes is up to how many published wholes are added up by four, which says what a whole
// gained since another, less what a trend's panel did; of more, by two.
const manyWholes = 8

// wholeSums lists sums of published wholes.
func (s *sets) wholeSums() []sum {
	wholes := s.shownWholes(-1)
	return extended(nil, wholes, s.mostTerms(wholes))
}

// wholeSumsWith lists those that have a given publication's whole.
func (s *sets) wholeSumsWith(pub int) []sum {
	wholes := s.shownWholes(pub)
	begun := sum{{pub, 1}}
	return append([]sum{begun}, extended(begun, wholes, s.mostTerms(wholes))...)
}

func (s *sets) mostTerms(wholes []int) int {
	if s.c.several && len(wholes) <= manyWholes {
		return 4
	}
	return 2
}

func (s *sets) shownWholes(without int) (list []int) {
	for pub := range s.c.paired {
		if pub != without && s.published(pub, s.layout.all) {
			list = append(list, pub)
		}
	}
	return list
}

// extended lists the sums of up to most terms that begin with those given and go on with some of
// the publications, in their order. With all signs turned a sum is the same, so its first term is
// added.
func extended(begun sum, list []int, most int) (sums []sum) {
	if len(begun) == most {
		return nil
	}
	signs := []int8{1, -1}
	if len(begun) == 0 {
		signs = signs[:1]
	}
	for i, pub := range list {
		for _, sign := range signs {
			next := append(begun[:len(begun):len(begun)], term{pub, sign})
			sums = append(append(sums, next), extended(next, list[i+1:], most)...)
		}
	}
	return sums
}
