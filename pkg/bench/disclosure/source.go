package disclosure

import (
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// sources collects what towns have seen and can subtract from what is to be published.
type sources struct {
	d       *checklist.Definition
	columns []bench.Column
	earlier []OtherRound
	rounds  map[int64]int // 0 is the round that is published
	known   []*answers    // by earlier round; nil: it cannot be translated
	list    []source
}

// sourcesOf lists the release that is decided on, its trend if there may be one, the round's
// earlier releases, then those of other rounds, the newest first: what comes last may be compared less thoroughly.
func sourcesOf(d *checklist.Definition, columns []bench.Column, release *Release, previous []Release, earlier []OtherRound) []source {
	s := &sources{d: d, columns: columns, earlier: earlier, rounds: map[int64]int{}, known: make([]*answers, len(earlier))}
	for i := range earlier {
		s.rounds[earlier[i].Round] = i + 1
	}
	s.list = []source{{basis: &release.Basis, named: release.Named}}
	correspondences := make([]*correspondence, len(earlier))
	for i := range earlier {
		if e := &earlier[i]; e.Path != nil {
			if _, present := e.versions(); present.Ref() == d.Ref() {
				correspondences[i] = e.correspondence()
				s.known[i] = &answers{correspondences[i], e.digests(), e.Unchanged}
			}
		}
	}
	s.panel(release.Basis.Panel, 0, nil)
	for i := range previous {
		s.list = append(s.list, source{basis: &previous[i].Basis, named: previous[i].Named})
	}
	for i := range previous {
		s.panel(previous[i].Basis.Panel, 0, nil)
	}
	for i := len(earlier) - 1; i >= 0; i-- {
		s.round(&earlier[i], i, correspondences[i])
	}
	return s.list
}

func (s *sources) round(e *OtherRound, i int, c *correspondence) {
	releases := distinct(e.Releases)
	translate := func(r *Release, b *Basis) (*Basis, bool) {
		if c == nil || !e.leads(s.d, r) {
			return opaqueBasis(b, s.columns), true
		}
		return c.translate(b, s.columns), false
	}
	for k := len(releases) - 1; k >= 0; k-- {
		from := source{named: releases[k].Named, round: i + 1, known: s.known[i]}
		if from.basis, from.opaque = translate(&releases[k], &releases[k].Basis); from.opaque {
			from.known = nil
		}
		s.list = append(s.list, from)
	}
	for k := len(releases) - 1; k >= 0; k-- {
		r := &releases[k]
		s.panel(r.Basis.Panel, i+1, func(b *Basis) (*Basis, bool) { return translate(r, b) })
	}
}

// panel adds both sides of a trend that a round's release shows.
func (s *sources) panel(p *PanelBasis, round int, translate func(*Basis) (*Basis, bool)) {
	if p == nil {
		return
	}
	before, ok := s.rounds[p.Round]
	if !ok {
		before = -1 - len(s.rounds) // a round nothing is known of
		s.rounds[p.Round] = before
	}
	for _, side := range []struct {
		prints []string
		round  int
	}{{p.After, round}, {p.Before, before}} {
		from := source{basis: p.basis(side.prints), round: side.round}
		if side.round > 0 {
			from.known = s.known[side.round-1]
		}
		if translate != nil {
			if from.basis, from.opaque = translate(from.basis); from.opaque {
				from.known = nil
			}
		}
		s.list = append(s.list, from)
	}
}

// PanelBasis is who stands behind a release's trend: towns of this and of an earlier round.
type PanelBasis struct {
	Round         int64        // the earlier one
	Towns         []region.AGS // ascending
	Before, After []string     // by town: fingerprints of its records in both rounds
	Columns       []Column     // the total and the sections
	Published     TownSet      // over Columns, not towns
}

// basis returns the panel as a release that publishes about one group only.
func (p *PanelBasis) basis(prints []string) *Basis {
	everybody := newSet(len(p.Towns))
	for i := range p.Towns {
		everybody.add(i)
	}
	return &Basis{Towns: p.Towns, Prints: prints, Columns: p.Columns,
		Groups: []BasisGroup{{ID: region.All, Members: everybody, Published: p.Published}}}
}

func (p *PanelBasis) coherent() bool {
	return len(p.Before) == len(p.Towns) && p.basis(p.Before).coherent() && p.basis(p.After).coherent()
}
