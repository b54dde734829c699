package disclosure

import (
	"ortsspiegel/pkg/bench"
)

// The rules that are methods of sets look for what could be computed from published figures by
// taking sums apart: any set of towns that is the difference of published sets must be empty or
// have at least as many towns as the threshold. Each returns whether it suppressed something.

// differences compares with every set that an earlier release published. That one is out of
// reach, so it is always this release's figure that goes (rule 3).
func (s *sets) differences() bool {
	found := false
	for pub := present + 1; pub < len(s.tallies); pub++ {
		for g := range s.layout.current {
			for h := int32(0); int(h) < len(s.layout.groups) && s.published(present, g); h++ {
				if s.published(pub, h) && s.few(s.apart(g, pub, h, *s.overlap(g, pub, h))) {
					found = s.suppress(g, bench.Complement) || found
				}
			}
		}
	}
	return found
}

// meeting is a published group of the present release and a published set that has towns in common
// with it, all of them with the same value.
type meeting struct {
	g      int32 // of the present release
	pub    int
	h      int32 // of the publication
	common int32 // towns
}

// eachMeeting calls suppressed with all meetings, as long as both are published, and reports
// whether it ever suppressed something.
func (s *sets) eachMeeting(suppressed func(m meeting) bool) (found bool) {
	for pub := range s.tallies {
		for g := range s.layout.current {
			for h := int32(0); int(h) < len(s.layout.groups) && s.published(present, g); h++ {
				o := s.overlap(g, pub, h)
				if o.both == 0 || o.same != o.both {
					continue
				}
				if !s.published(pub, h) || pub == present && g == h {
					continue
				}
				found = suppressed(meeting{g, pub, h, o.both}) || found
			}
		}
	}
	return found
}

// suppressInner hides the inner of two sets if the present release shows it, else the outer.
func (s *sets) suppressInner(m meeting, why bench.Reason) bool {
	if m.pub == present {
		return s.suppress(m.h, why)
	}
	return s.suppress(m.g, why)
}
