package disclosure

import (
	"ortsspiegel/pkg/bench"
)

// distributionPairs compares distributions of sets inside each other: what is left when the
// inner one is subtracted is a distribution too and must be one that may be shown (rule 7).
func (s *sets) distributionPairs() bool {
	return s.eachMeeting(func(m meeting) bool {
		here, there := &s.tallies[present], &s.tallies[m.pub]
		if there.counts[m.h] == nil {
			return false
		}
		n, other := here.n[m.g], there.n[m.h]
		switch {
		case m.common == other && other < n:
			if !s.c.rules.distribution(subtract(here.counts[m.g], there.counts[m.h])) {
				return s.suppressInner(m, bench.Distribution)
			}
		case m.common == n && n < other && m.pub != present:
			if !s.c.rules.distribution(subtract(there.counts[m.h], here.counts[m.g])) {
				return s.suppress(m.g, bench.Distribution)
			}
		}
		return false
	})
}

// distributionRest does the same for what remains of a whole when all known parts are subtracted.
func (s *sets) distributionRest() bool {
	for kind := districts; kind < groupKinds; kind++ {
		for pub := range s.c.paired {
			if s.showsWhole(pub) && s.tallies[pub].counts[s.layout.all] != nil && s.distributionRestOf(kind, pub) {
				return true
			}
		}
	}
	return false
}

func (s *sets) distributionRestOf(kind groupKind, pub int) bool {
	rest := s.optionsRemaining(kind, pub)
	if bench.Sum(rest) == 0 || s.c.rules.distribution(rest) {
		return false
	}
	part := s.smallest(func(g int32) bool {
		return s.layout.groups[g].kind == kind && s.largestInside(pub, g, present) != s.largestInside(pub, g, present+1)
	})
	if part < 0 && pub == present {
		part = s.layout.all
	}
	return s.suppress(part, bench.Distribution)
}

func (s *sets) optionsRemaining(kind groupKind, pub int) []int {
	rest := s.tallies[pub].counts[s.layout.all]
	for part := range int32(len(s.layout.groups)) {
		if s.layout.groups[part].kind != kind {
			continue
		}
		if from := s.largestInside(pub, part, present); from >= 0 {
			rest = subtract(rest, s.tallies[from].counts[part])
		}
	}
	return rest
}

// largestInside returns the publication, from first on, with the largest published set of a part
// that lies in another publication's whole and did not change; of equals the last. It is -1 if
// there is none.
func (s *sets) largestInside(whole int, part int32, first int) int {
	largest := -1
	for pub := first; pub < s.c.paired; pub++ {
		t := &s.tallies[pub]
		switch {
		case !s.published(pub, part):
		case s.column.Facet == bench.Options && t.counts[part] == nil:
		case largest >= 0 && t.n[part] < s.tallies[largest].n[part]:
		case !s.changed(whole, part, pub):
			largest = pub
		}
	}
	return largest
}

// changed reports whether any town of a part's set in a publication is not in a whole with the same
// value.
func (s *sets) changed(whole int, part int32, pub int) bool {
	for i := range s.patterns[part] {
		if s.patterns[part][i].changed(whole, pub) {
			return true
		}
	}
	return false
}
