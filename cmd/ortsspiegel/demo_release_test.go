package main

import (
	"strings"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// The releases of the demo are there to be looked at: the region's figures are shown, so is the
// change since the round before, and some groups are suppressed, so that the rules can be seen
// at work too.
func TestDemoReleases(t *testing.T) {
	f := fillDemo(t, 38)
	s := f.open(t)
	defer s.Close()
	for _, r := range f.Rounds {
		if r.Status != round.Published {
			continue
		}
		stored, err := s.Release(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		release, err := disclosure.UnmarshalRelease(stored.Data)
		if err != nil {
			t.Fatal(err)
		}
		shown, suppressed := 0, 0
		for _, g := range release.Report.Groups {
			if g.Suppressed {
				suppressed++
				continue
			}
			shown++
			if g.ID == region.GroupID("all") {
				regionShows(t, r.Version, &g)
			}
		}
		if first := r.Version == "1.0.0"; first != (release.Trend == nil) ||
			!first && (release.Trend.Suppressed || release.Trend.N < 12) {
			t.Errorf("%s: trend %+v", r.Version, release.Trend)
		}
		t.Logf("%s: %d groups shown, %d suppressed", r.Version, shown, suppressed)
		if shown < 3 || suppressed == 0 || len(release.Named) < 3 {
			t.Errorf("%s: %d groups shown, %d suppressed, %d named", r.Version, shown, suppressed, len(release.Named))
		}
	}
}

func regionShows[V ~string](t *testing.T, version V, g *bench.Group) {
	t.Helper()
	median, quartiles, all := 0, 0, 0
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if !n.Scored {
			continue
		}
		all++
		if n.Points.Median != nil {
			median++
		}
		if n.Points.Q1 != nil && n.Points.Q3 != nil {
			quartiles++
		}
		if !strings.HasPrefix(string(n.ID), "question:") && (n.Points.Median == nil || n.Points.Q1 == nil) {
			t.Errorf("%s: %s is not shown: %v", version, n.ID, n.Reasons)
		}
	}
	t.Logf("%s: %d medians and %d quartiles of %d", version, median, quartiles, all)
	if all < 50 || median*10 < all*8 || quartiles*10 < all*7 {
		t.Errorf("%s: %d medians and %d quartiles of %d are shown", version, median, quartiles, all)
	}
}
