package disclosure

import (
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/region"
)

// present is the release that is decided on, among the publications; the candidate for its trend
// stands behind it, with the panel's values now and then.
const (
	present     = 0
	panelAfter  = 1
	panelBefore = 2
)

// publicationList collects what towns have read and can subtract from what is to be published.
type publicationList struct {
	request     *Request
	columns     []bench.Column
	rounds      map[int64]int // what publication.round calls a round; 0 is the one that is published
	comparisons []*comparison // by other round; nil: it cannot be translated
	list        []*publication
}

// publicationsOf lists the release that is decided on, its trend if there may be one, the round's
// earlier releases, then those of other rounds, the newest first: what comes last may be compared
// less thoroughly.
func publicationsOf(r *Request, columns []bench.Column, release *Release) []*publication {
	l := &publicationList{request: r, columns: columns, rounds: map[int64]int{}}
	l.comparisons = make([]*comparison, len(r.Others))
	for i := range r.Others {
		l.rounds[r.Others[i].Round] = i + 1
	}
	for i := range r.Others {
		if o := &r.Others[i]; o.Path != nil {
			if _, now := o.versions(); now.Ref() == r.Definition.Ref() {
				l.comparisons[i] = &comparison{o.correspondence(), o.digests(), o.Unchanged}
			}
		}
	}
	l.add(&publication{basis: &release.Basis, named: release.Named})
	l.addPanel(release.Basis.Panel, 0, nil)
	for i := range r.Own {
		l.add(&publication{basis: &r.Own[i].Basis, named: r.Own[i].Named})
	}
	for i := range r.Own {
		l.addPanel(r.Own[i].Basis.Panel, 0, nil)
	}
	for i := len(r.Others) - 1; i >= 0; i-- {
		l.addRound(i)
	}
	return l.list
}

func (l *publicationList) add(p *publication) { l.list = append(l.list, p) }

// addRound adds the releases and the trends of another round, the newest first.
func (l *publicationList) addRound(i int) {
	releases := distinct(l.request.Others[i].Releases)
	for k := len(releases) - 1; k >= 0; k-- {
		p := &publication{basis: &releases[k].Basis, named: releases[k].Named, round: i + 1, compared: l.comparisons[i]}
		l.translate(p, i, &releases[k])
		l.add(p)
	}
	for k := len(releases) - 1; k >= 0; k-- {
		l.addPanel(releases[k].Basis.Panel, i+1, func(p *publication) { l.translate(p, i, &releases[k]) })
	}
}

// translate puts the present columns in the place of those of another round's release. Where it
// cannot, the release may have published everything about its towns.
func (l *publicationList) translate(p *publication, i int, r *Release) {
	if c := l.comparisons[i]; c != nil && l.request.Others[i].leads(l.request.Definition, r) {
		p.basis = c.translate(p.basis, l.columns)
		return
	}
	p.basis, p.opaque, p.compared = opaqueBasis(p.basis, l.columns), true, nil
}

// addPanel adds both sides of a trend that a round's release shows; translate is nil for the round
// that is published.
func (l *publicationList) addPanel(panel *PanelBasis, round int, translate func(*publication)) {
	if panel == nil {
		return
	}
	before, ok := l.rounds[panel.Round]
	if !ok {
		before = -1 - len(l.rounds) // a round nothing is known of
		l.rounds[panel.Round] = before
	}
	for _, side := range []struct {
		digests []string
		round   int
	}{{panel.After, round}, {panel.Before, before}} {
		p := &publication{basis: panel.basis(side.digests), round: side.round}
		if side.round > 0 {
			p.compared = l.comparisons[side.round-1]
		}
		if translate != nil {
			translate(p)
		}
		l.add(p)
	}
}

// PanelBasis is who stands behind a release's trend: towns of this and of an earlier round.
type PanelBasis struct {
	Round         int64        // the earlier one
	Towns         []region.AGS // ascending
	Before, After []string     // by town: digests of its records in both rounds
	Columns       []Column     // the total and the sections
	Published     TownSet      // over Columns, not towns
}

// basis returns the panel as a release that publishes about one group only.
func (p *PanelBasis) basis(digests []string) *Basis {
	return &Basis{Towns: p.Towns, Digests: digests, Columns: p.Columns,
		Groups: []BasisGroup{{ID: region.All, Members: fullSet(len(p.Towns)), Published: p.Published}}}
}

func (p *PanelBasis) coherent() bool {
	return len(p.Before) == len(p.Towns) && p.basis(p.Before).coherent() && p.basis(p.After).coherent()
}
