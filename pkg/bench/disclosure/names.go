package disclosure

import (
	"maps"
	"math"
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// named lists what the towns that opted in show. A score that is undefined is not shown.
func named(d *checklist.Definition, records []bench.Record, consents map[region.AGS]Consent) []NamedTown {
	var out []NamedTown
	for i := range records {
		r := &records[i]
		consent := consents[r.AGS]
		if consent == (Consent{}) {
			continue
		}
		town := NamedTown{AGS: r.AGS, Examples: consent.Examples}
		if consent.Total && !math.IsNaN(r.Values[0]) {
			v := bench.CutTo(r.Values[0], bench.WholePercent)
			town.Total = &v
		}
		if consent.Sections {
			town.Sections = map[checklist.SectionID]float64{}
			for s := range d.Sections {
				if v := r.Values[1+s]; !math.IsNaN(v) {
					town.Sections[d.Sections[s].ID] = bench.CutTo(v, bench.WholePercent)
				}
			}
		}
		out = append(out, town)
	}
	return out
}

// withhold takes names back, the last AGS first, while they would leave fewer towns unnamed in
// the whole than can hide among each other (rule 2).
func (r *Request) withhold(records []bench.Record, groups []region.Group) map[region.AGS]Consent {
	i := slices.IndexFunc(groups, func(g region.Group) bool { return g.ID == region.All })
	if i < 0 {
		return r.Consents
	}
	left := maps.Clone(r.Consents)
	for k := len(records) - 1; k >= 0 && r.fewUnnamed(records, groups[i].Members, left); k-- {
		if c, ok := left[records[k].AGS]; ok {
			left[records[k].AGS] = Consent{Examples: c.Examples}
		}
	}
	return left
}

// fewUnnamed reports whether the total or a section has only a few towns whose score is not shown
// under their name.
func (r *Request) fewUnnamed(records []bench.Record, members []region.AGS, consents map[region.AGS]Consent) bool {
	for k := range 1 + len(r.Definition.Sections) { // in Record.Values: the total, then the sections
		unnamed := int32(0)
		for i := range records {
			c := consents[records[i].AGS]
			shown := c.Sections || c.Total && k == 0
			_, member := slices.BinarySearch(members, records[i].AGS)
			if member && !shown && !math.IsNaN(records[i].Values[k]) {
				unnamed++
			}
		}
		if r.Rules.few(unnamed) {
			return true
		}
	}
	return false
}
