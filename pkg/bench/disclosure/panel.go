package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// The candidate for a trend takes two views: the panel's values now and then.
const (
	panelAfter  = 1
	panelBefore = 2
)

// before returns the last round before the present one that towns have seen a release of; nil
// if there is none, or no way from its version.
func before(d *checklist.Definition, earlier []OtherRound) *OtherRound {
	for i := len(earlier) - 1; i >= 0; i-- {
		e := &earlier[i]
		if n := len(e.Releases); !e.Later && n > 0 {
			if e.leads(d, &e.Releases[n-1]) {
				return e
			}
			return nil
		}
	}
	return nil
}

// panelOf collects the towns that both releases are made of, their assessments in the earlier
// round being those that its last release shows. Nothing is published of them yet.
func panelOf(d *checklist.Definition, now *Basis, e *OtherRound) *PanelBasis {
	p := &PanelBasis{Round: e.Round}
	then := &e.Releases[len(e.Releases)-1].Basis
	prints := e.digests()
	for i, ags := range now.Towns {
		k, ok := slices.BinarySearch(then.Towns, ags)
		shift, compared := e.Shifts[ags]
		if !ok || !compared || !shift.Defined() || then.Prints[k] != prints[ags] || !now.in(region.All, i) || !then.in(region.All, k) {
			continue
		}
		p.Towns, p.Before, p.After = append(p.Towns, ags), append(p.Before, then.Prints[k]), append(p.After, now.Prints[i])
	}
	p.Columns = []Column{{bench.Total.PointsColumn(), newSet(len(p.Towns))}}
	for k := range d.Sections {
		p.Columns = append(p.Columns, Column{bench.SectionNode(d.Sections[k].ID).PointsColumn(), newSet(len(p.Towns))})
	}
	for i, ags := range p.Towns {
		p.Columns[0].Defined.add(i)
		for k, s := range e.Shifts[ags].Sections {
			if s.Rebased != nil && s.Comparable != nil {
				p.Columns[1+k].Defined.add(i)
			}
		}
	}
	p.Published = newSet(len(p.Columns))
	return p
}

// in reports whether the i-th town is in a group.
func (b *Basis) in(id region.GroupID, i int) bool {
	g := b.group(id)
	return g != nil && g.Members.Has(i)
}

// trend decides what is shown of the panel. Everything else is decided by then, so it is always
// the panel that yields.
func (c *control) trend(d *checklist.Definition, e *OtherRound) *Trend {
	p := c.release.Basis.Panel
	shifts := make([]shift.Shift, len(p.Towns))
	for i, ags := range p.Towns {
		shifts[i] = e.Shifts[ags]
	}
	panel := shift.NewPanel(d, shifts)
	t := &Trend{Round: e.Round, From: e.Path.From().Version, N: c.enough(panel.N)}
	if t.Reason = c.panelReason(1, panel.N); t.Reason == "" {
		var means [4][]float64
		for i := range shifts {
			for k, v := range []*float64{shifts[i].Before, shifts[i].Rebased, shifts[i].Comparable, shifts[i].After} {
				means[k] = append(means[k], *v)
			}
		}
		if c.panelAlike(1, means[:]...) {
			t.Reason = bench.Distribution
		}
	}
	if t.Reason != "" {
		t.Suppressed = true
		c.release.Basis.Panel = nil
		return t
	}
	p.Published.add(0)
	t.Before, t.Rebased, t.Comparable, t.After = shownMean(panel.Before), shownMean(panel.Rebased), shownMean(panel.Comparable), shownMean(panel.After)
	reasons := c.panelSections(d, &panel, shifts)
	for k := range panel.Sections {
		from := &panel.Sections[k]
		s := TrendSection{ID: from.ID, N: c.enough(from.N), Reason: reasons[k], Suppressed: reasons[k] != ""}
		if !s.Suppressed {
			p.Published.add(1 + k)
			s.Rebased, s.Comparable = shownMean(from.Rebased), shownMean(from.Comparable)
		}
		t.Sections = append(t.Sections, s)
	}
	return t
}

// panelSections says why the panel's sections are not shown. If the total and the others tell
// the mean of those that are not, none is.
func (c *control) panelSections(d *checklist.Definition, panel *shift.Panel, shifts []shift.Shift) []bench.Reason {
	reasons := make([]bench.Reason, len(panel.Sections))
	share, all := 0.0, 0.0
	for k := range reasons {
		if reasons[k] = c.panelReason(2+k, panel.Sections[k].N); reasons[k] == "" {
			var was, is []float64
			for i := range shifts {
				if s := &shifts[i].Sections[k]; s.Rebased != nil && s.Comparable != nil {
					was, is = append(was, *s.Rebased), append(is, *s.Comparable)
				}
			}
			if c.panelAlike(2+k, was, is) {
				reasons[k] = bench.Distribution
			}
		}
		all += d.Sections[k].Weight
		if reasons[k] != "" {
			share += d.Sections[k].Weight
		}
	}
	if share > 0 && vagueness(int32(2*panel.N), share/all) < 1 {
		for k := range reasons {
			if reasons[k] == "" {
				reasons[k] = bench.Complement
			}
		}
	}
	return reasons
}

func (c *control) enough(n int) int {
	if n < c.rules.Threshold {
		return 0
	}
	return n
}

func shownMean(a shift.Average) *float64 {
	v := bench.CutTo(*a.Mean, bench.WholePercent)
	return &v
}

// panelReason says why a column of the panel is not shown; empty: it is.
func (c *control) panelReason(column, n int) bench.Reason {
	switch {
	case n < c.rules.Threshold:
		return bench.TooFew
	case c.all < 0 || int(c.all) >= c.current:
		return bench.Complement // there is no whole to compare it with
	case c.reasons[column][c.all] != "":
		return c.reasons[column][c.all]
	case c.panelTells(column):
		return bench.Complement
	}
	return ""
}

// panelTells reports whether the panel's means, then or now, tell about too few towns beside
// anything that was published of the same thing, or beside each other.
func (c *control) panelTells(column int) bool {
	s := c.situation(column)
	s.reasons = c.reasons[column]
	for _, p := range []int8{panelAfter, panelBefore} {
		s.known[p][s.all], s.any[p] = true, true
	}
	for _, p := range []int8{panelAfter, panelBefore} {
		if s.rules.few(s.n[p][s.all]) {
			return true
		}
		for kind := districts; kind < groupKinds; kind++ {
			if s.wholeSums(p, func(wholes wholeSum) bool {
				return s.few(s.rest(kind, &target{wholes: wholes, sizes: nothing}, s.sums))
			}) {
				return true
			}
		}
		for v := range int8(s.paired) {
			if v != p && s.crossingsOf(p, v, func(*target, []factors) bool { return true }) {
				return true
			}
		}
		for v := s.paired; v < len(s.views); v++ {
			for g := range int32(len(s.groups)) {
				if s.known[v][g] && s.few(s.panelApart(int(p), v, g)) {
					return true
				}
			}
		}
	}
	return false
}

// panelApart is apart for a side of the panel and a group of a view.
func (s *situation) panelApart(p, view int, g int32) span {
	kind := s.groups[g].kind
	var d span
	for t, in := range s.hidden[p] {
		other := s.hidden[view][t] && s.views[view].labels[kind][t] == g
		switch {
		case in && other:
			if !s.alike(p, view, t) {
				d.most++
				if !s.perhapsSame(p, view, t) {
					d.least++
				}
			}
		case in:
			d = d.plus(span{1, 1})
		case other:
			d.most++
			if !s.views[view].opaque {
				d.least++
			}
		}
	}
	return d
}

// perhapsSame reports whether it is not known that a town's values in two views differ.
func (s *situation) perhapsSame(a, b, t int) bool {
	if s.views[a].round == s.views[b].round {
		return false
	}
	return !(s.relation[a][t] == equals && s.relation[b][t] == differs || s.relation[a][t] == differs && s.relation[b][t] == equals)
}
