package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/region"
)

// source is what a view is made of: a release, or one side of a trend.
type source struct {
	basis  *Basis
	named  []NamedTown
	round  int      // 0: the one that is published
	opaque bool     // it may have published more than the basis says, for fewer towns
	known  *answers // how values of another round compare with the present ones; nil: by fingerprint only
}

// answers says what towns of another round answered as they do now.
type answers struct {
	*correspondence
	digests   map[region.AGS]string // of the assessments that were compared
	unchanged map[region.AGS]shift.Unchanged
}

// view is a source over the common list of towns of all of them.
type view struct {
	source
	at     []int32                 // by town: its place in the basis, -1 if it is not in it
	prints []string                // by town
	labels [groupKinds][]int32     // by town and kind: its group, -1 if none
	column map[bench.ColumnKey]int // key -> place in the basis
	group  []*BasisGroup           // by group
	names  map[int32]NamedTown     // by town: what the release names
	same   []shift.Unchanged       // by town: if that is about the assessment behind the view
}

// relation says how a town's value in a view compares with the present one.
type relation uint8

const (
	differs relation = iota // or the town is not in both
	equals
	unclear
)

// comparedAs returns the column under which the values of a town in another round are compared with the present ones.
func (v *view) comparedAs(column bench.ColumnKey) bench.ColumnKey {
	if v.known == nil {
		return ""
	}
	return v.known.comparedAs(column)
}

// relation compares a town's value in the column that comparedAs returned.
func (v *view) relation(present *view, column bench.ColumnKey, town int) relation {
	switch {
	case v.at[town] < 0 || present.at[town] < 0:
		return differs
	case v.prints[town] == present.prints[town]:
		return equals
	case v.round == 0:
		return differs
	}
	same, known := v.same[town].In(column)
	switch {
	case !known:
		return unclear
	case same:
		return equals
	}
	return differs
}

func universeOf(bases []*Basis) []region.AGS {
	var towns []region.AGS
	for _, b := range bases {
		towns = append(towns, b.Towns...)
	}
	slices.Sort(towns)
	return slices.Compact(towns)
}

func newView(towns []region.AGS, from source, index map[region.GroupID]int32) *view {
	b := from.basis
	v := &view{source: from, at: make([]int32, len(towns)), prints: make([]string, len(towns)),
		column: make(map[bench.ColumnKey]int, len(b.Columns)), group: make([]*BasisGroup, len(index)),
		names: map[int32]NamedTown{}, same: make([]shift.Unchanged, len(towns))}
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
		if from.known != nil && from.known.digests[ags] == b.Prints[i] {
			v.same[t] = from.known.unchanged[ags]
		}
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
	for _, n := range from.named {
		if i, ok := slices.BinarySearch(b.Towns, n.AGS); ok {
			v.names[back[i]] = n
		}
	}
	return v
}

// tells reports whether the name tells the column's value. The section scores of a town give
// its total away too.
func (n *NamedTown) tells(c *bench.Compared) bool {
	return n.Sections != nil || c.Section < 0 && n.Total != nil
}

// published reports whether an earlier release published the column for the group.
func (v *view) published(spec *bench.Column, group int32) bool {
	c, ok := v.column[spec.Key]
	return ok && v.group[group] != nil && v.group[group].Published.Has(c)
}
