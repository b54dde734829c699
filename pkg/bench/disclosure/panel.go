package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/region"
)

// roundBefore returns the last round before the present one that towns have read a release of; nil
// if there is none, or no way from its version.
func (r *Request) roundBefore() *OtherRound {
	for i := len(r.Others) - 1; i >= 0; i-- {
		o := &r.Others[i]
		n := len(o.Releases)
		if o.Later || n == 0 {
			continue
		}
		if o.leads(r.Definition, &o.Releases[n-1]) {
			return o
		}
		return nil
	}
	return nil
}

// panelOf collects the towns that both releases are made of, their assessments in the earlier
// round being those that its last release shows. Nothing is published of them yet.
func (r *Request) panelOf(now *Basis, o *OtherRound) *PanelBasis {
	p := &PanelBasis{Round: o.Round}
	then := &o.Releases[len(o.Releases)-1].Basis
	digests := o.digests()
	for i, ags := range now.Towns {
		k, inBoth := slices.BinarySearch(then.Towns, ags)
		moved, compared := o.Shifts[ags]
		switch {
		case !inBoth || !now.in(region.All, i) || !then.in(region.All, k):
		case !compared || !moved.Defined():
		case then.Digests[k] != digests[ags]: // it was changed since
		default:
			p.Towns = append(p.Towns, ags)
			p.Before, p.After = append(p.Before, then.Digests[k]), append(p.After, now.Digests[i])
		}
	}
	p.Columns = []Column{{bench.Total.PointsColumn(), fullSet(len(p.Towns))}}
	for k := range r.Definition.Sections {
		defined := newSet(len(p.Towns))
		for i, ags := range p.Towns {
			if o.Shifts[ags].Sections[k].Defined() {
				defined.add(i)
			}
		}
		p.Columns = append(p.Columns, Column{bench.SectionNode(r.Definition.Sections[k].ID).PointsColumn(), defined})
	}
	p.Published = newSet(len(p.Columns))
	return p
}

// publish notes that a score of the panel is shown.
func (p *PanelBasis) publish(node bench.NodeID) {
	for i := range p.Columns {
		if p.Columns[i].Key == node.PointsColumn() {
			p.Published.add(i)
		}
	}
}

// in reports whether the i-th town is in a group.
func (b *Basis) in(id region.GroupID, i int) bool {
	g := b.group(id)
	return g != nil && g.Members.Has(i)
}

// decideTrend decides what is shown of the panel. Everything else is decided by then, so it is
// always the panel that yields (rule 11).
func (c *control) decideTrend(r *Request, o *OtherRound) *Trend {
	p := c.release.Basis.Panel
	shifts := make([]shift.Shift, len(p.Towns))
	for i, ags := range p.Towns {
		shifts[i] = o.Shifts[ags]
	}
	panel := shift.NewPanel(r.Definition, shifts)
	t := &Trend{Round: o.Round, From: o.Path.From().Version, N: c.enough(panel.N)}
	if t.Reason = c.panelReason(bench.Total, panel.N, totalsOf(shifts)...); t.Reason != "" {
		t.Suppressed = true
		c.release.Basis.Panel = nil
		return t
	}
	p.publish(bench.Total)
	t.Before, t.Rebased = shownMean(panel.Before), shownMean(panel.Rebased)
	t.Comparable, t.After = shownMean(panel.Comparable), shownMean(panel.After)
	reasons := c.panelSections(r, &panel, shifts)
	for k := range panel.Sections {
		from := &panel.Sections[k]
		s := TrendSection{ID: from.ID, N: c.enough(from.N), Reason: reasons[k], Suppressed: reasons[k] != ""}
		if !s.Suppressed {
			p.publish(bench.SectionNode(from.ID))
			s.Rebased, s.Comparable = shownMean(from.Rebased), shownMean(from.Comparable)
		}
		t.Sections = append(t.Sections, s)
	}
	return t
}

// totalsOf returns the panel's four total scores, each by town.
func totalsOf(shifts []shift.Shift) [][]float64 {
	totals := make([][]float64, 4)
	for i := range shifts {
		s := &shifts[i]
		for k, score := range []*float64{s.Before, s.Rebased, s.Comparable, s.After} {
			totals[k] = append(totals[k], *score)
		}
	}
	return totals
}

// panelSections says why the panel's sections are not shown. If the total and the others tell
// the mean of those that are not, none is.
func (c *control) panelSections(r *Request, panel *shift.Panel, shifts []shift.Shift) []bench.Reason {
	reasons := make([]bench.Reason, len(panel.Sections))
	hidden, all := 0.0, 0.0 // weights
	for k := range reasons {
		section := &r.Definition.Sections[k]
		scores := sectionScores(shifts, k)
		reasons[k] = c.panelReason(bench.SectionNode(section.ID), panel.Sections[k].N, scores...)
		all += section.Weight
		if reasons[k] != "" {
			hidden += section.Weight
		}
	}
	if hidden > 0 && vagueness(int32(2*panel.N), hidden/all) < 1 {
		for k := range reasons {
			if reasons[k] == "" {
				reasons[k] = bench.Complement
			}
		}
	}
	return reasons
}

// sectionScores returns the panel's two scores of a section, each by town.
func sectionScores(shifts []shift.Shift, k int) [][]float64 {
	scores := make([][]float64, 2)
	for i := range shifts {
		if s := &shifts[i].Sections[k]; s.Defined() {
			scores[0], scores[1] = append(scores[0], *s.Rebased), append(scores[1], *s.Comparable)
		}
	}
	return scores
}

// enough returns a number of towns if it may be shown, else 0.
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

// panelReason says why a score of the panel is not shown; empty: it is. The scores are those of n
// towns, by mean.
func (c *control) panelReason(node bench.NodeID, n int, scores ...[]float64) bench.Reason {
	column, all := c.columnAt[node.PointsColumn()], c.layout.all
	switch {
	case n < c.rules.Threshold:
		return bench.TooFew
	case all < 0 || all >= c.layout.current:
		return bench.Complement // there is no whole to compare it with
	case c.reasons[column][all] != "":
		return c.reasons[column][all]
	case c.panelTells(column):
		return bench.Complement
	case c.uniformPanel(column, scores...):
		return bench.Distribution
	}
	return ""
}

// panelTells reports whether the panel's means, then or now, tell about too few towns beside
// anything that was published of the same thing, or beside each other.
func (c *control) panelTells(column int) bool {
	s := c.sets(column)
	s.reasons = c.reasons[column]
	sides := []int{panelAfter, panelBefore}
	for _, side := range sides {
		s.tallies[side].published[c.layout.all], s.tallies[side].any = true, true
	}
	return slices.ContainsFunc(sides, func(side int) bool {
		return c.rules.few(s.tallies[side].n[c.layout.all]) ||
			s.sideLeavesFew(side) || s.sideCrossesFew(side) || s.sideNearAny(side)
	})
}

// sideLeavesFew is complement for a side of the panel.
func (s *sets) sideLeavesFew(side int) bool {
	for kind := districts; kind < groupKinds; kind++ {
		for _, wholes := range s.wholeSumsWith(side) {
			if s.few(s.rest(kind, &target{wholes: wholes}, s.partSums)) {
				return true
			}
		}
	}
	return false
}

// sideCrossesFew is crossings for a side of the panel.
func (s *sets) sideCrossesFew(side int) bool {
	for pub := range s.c.paired {
		if pub == side {
			continue
		}
		for _, of := range s.crossTargets(side, pub) {
			if s.fewCrossed(&of, side, pub) {
				return true
			}
		}
	}
	return false
}

// sideNearAny is differences for a side of the panel and the publications that are only compared
// one by one.
func (s *sets) sideNearAny(side int) bool {
	for pub := s.c.paired; pub < len(s.tallies); pub++ {
		for g := range int32(len(s.layout.groups)) {
			if s.published(pub, g) && s.few(s.sideApart(side, pub, g)) {
				return true
			}
		}
	}
	return false
}

// sideApart is apart for a side of the panel and a group of a publication.
func (s *sets) sideApart(side, pub int, g int32) span {
	groupOf := s.c.publications[pub].groupOf[s.layout.groups[g].kind]
	var towns span
	for town, in := range s.tallies[side].counted {
		other := s.tallies[pub].counted[town] && groupOf[town] == g
		switch {
		case in && other:
			towns = towns.plus(s.valuesApart(side, pub, int32(town)))
		case in:
			towns = towns.plus(span{1, 1})
		case other && s.c.publications[pub].opaque:
			towns = towns.plus(span{0, 1})
		case other:
			towns = towns.plus(span{1, 1})
		}
	}
	return towns
}

// valuesApart counts a town 1 if its values in two publications differ, between 0 and 1 if that is
// not known.
func (s *sets) valuesApart(a, b int, town int32) span {
	first, then := s.tallies[a].relation[town], s.tallies[b].relation[town]
	switch {
	case s.sameValue(a, b, town):
		return span{}
	case s.c.publications[a].round == s.c.publications[b].round:
		return span{1, 1}
	case first == equals && then == differs || first == differs && then == equals:
		return span{1, 1}
	}
	return span{0, 1}
}
