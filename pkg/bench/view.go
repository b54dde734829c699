package bench

import (
	"slices"

	"ortsspiegel/pkg/region"
)

// view is a release over the common list of towns of all releases of the round.
type view struct {
	basis   *Basis
	at      []int32             // by town: its place in the basis, -1 if it is not in it
	prints  []string            // by town
	labels  [groupKinds][]int32 // by town and kind: its group, -1 if none
	column  map[string]int      // key -> place in the basis
	group   []*BasisGroup       // by group
	named   map[int32]NamedTown // by town: what is known of it by name in this release
	ownName map[int32]NamedTown // what this release itself names
}

func universeOf(bases []*Basis) []region.AGS {
	var towns []region.AGS
	for _, b := range bases {
		towns = append(towns, b.Towns...)
	}
	slices.Sort(towns)
	return slices.Compact(towns)
}

func newView(towns []region.AGS, b *Basis, names []NamedTown, index map[region.GroupID]int32) *view {
	v := &view{basis: b, at: make([]int32, len(towns)), prints: make([]string, len(towns)),
		column: make(map[string]int, len(b.Columns)), group: make([]*BasisGroup, len(index)),
		named: map[int32]NamedTown{}, ownName: map[int32]NamedTown{}}
	for t := range towns {
		v.at[t] = -1
	}
	back := make([]int32, len(b.Towns))
	t := 0
	for i, ags := range b.Towns {
		for towns[t] != ags {
			t++
		}
		v.at[t], v.prints[t], back[i] = int32(i), b.Prints[i], int32(t)
	}
	for kind := range v.labels {
		v.labels[kind] = make([]int32, len(towns))
		for t := range towns {
			v.labels[kind][t] = -1
		}
	}
	for i := range b.Groups {
		g := &b.Groups[i]
		at := index[g.ID]
		kind, _ := kindOf(g.ID)
		v.group[at] = g
		for i := range b.Towns {
			if g.Members.Has(i) {
				v.labels[kind][back[i]] = at
			}
		}
	}
	for i := range b.Columns {
		v.column[b.Columns[i].Key] = i
	}
	for _, n := range names {
		if i, ok := slices.BinarySearch(b.Towns, n.AGS); ok {
			v.ownName[back[i]] = n
		}
	}
	return v
}

// shareNames adds what other releases name with the same assessment: once shown, a score
// stays known.
func (v *view) shareNames(all []*view) {
	for _, other := range all {
		for t, n := range other.ownName {
			if v.at[t] < 0 || v.prints[t] != other.prints[t] {
				continue
			}
			known := v.named[t]
			if n.Total != nil {
				known.Total = n.Total
			}
			if n.Sections != nil {
				known.Sections = n.Sections
			}
			v.named[t] = known
		}
	}
}

// hidden returns the towns that have a value in the column and are not known by name, as
// places in the list of towns. The section scores of a town give its total away too.
func (v *view) hidden(spec *columnSpec, n *compared) []bool {
	set := make([]bool, len(v.at))
	c, ok := v.column[spec.key]
	if !ok {
		return set
	}
	defined := v.basis.Columns[c].Defined
	for t, i := range v.at {
		set[t] = defined.Has(int(i))
	}
	if spec.facet == points && n.question == nil {
		for t, known := range v.named {
			if known.Sections != nil || n.section < 0 && known.Total != nil {
				set[t] = false
			}
		}
	}
	return set
}

// published reports whether an earlier release published the column for the group.
func (v *view) published(spec *columnSpec, group int32) bool {
	c, ok := v.column[spec.key]
	return ok && v.group[group] != nil && v.group[group].Published.Has(c)
}
