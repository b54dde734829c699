package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/region"
)

// publication is one thing that towns have read and can subtract from another: a release, or one
// side of a trend. All of them are brought to one list of towns and one list of groups, so that
// they can be compared.
type publication struct {
	basis    *Basis
	named    []NamedTown
	round    int         // 0: the one that is published
	opaque   bool        // it may have published more than the basis says, for fewer towns
	compared *comparison // how values of another round compare with the present ones; nil: only equal records do

	index   []int32             // by town: where the basis has it; -1: it does not
	digests []string            // by town
	groupOf [groupKinds][]int32 // by kind and town: its group; -1: none
	columns map[bench.ColumnKey]int
	groups  []*BasisGroup       // by group; nil: it has none such
	names   map[int32]NamedTown // by town
	same    []shift.Unchanged   // by town: as far as it is about the assessment behind the publication
	lookups []*shift.Lookup     // by column of the present release: how to ask same for it
}

// comparison says what towns of another round answered as they do now.
type comparison struct {
	*correspondence
	digests   map[region.AGS]string // of the assessments that were compared
	unchanged map[region.AGS]shift.Unchanged
}

// relation says how a town's value in a publication compares with the present one.
type relation uint8

const (
	differs relation = iota // or the town is not in both
	equals
	unclear
)

// relation compares a town's value in a column of the present release with the present one.
func (p *publication) relation(release *publication, column int, town int32) relation {
	switch {
	case p.index[town] < 0 || release.index[town] < 0:
		return differs
	case p.digests[town] == release.digests[town]:
		return equals
	case p.round == 0:
		return differs
	}
	same, known := p.lookups[column].In(p.same[town])
	switch {
	case !known:
		return unclear
	case same:
		return equals
	}
	return differs
}

// publishes reports whether a column is published for a group.
func (p *publication) publishes(column bench.ColumnKey, group int32) bool {
	c, ok := p.columns[column]
	return ok && p.groups[group] != nil && p.groups[group].Published.Has(c)
}

// parted reports whether the publication has any part of a whole.
func (p *publication) parted() bool {
	return slices.ContainsFunc(p.basis.Groups, func(g BasisGroup) bool {
		kind, _ := kindOf(g.ID)
		return kind != whole
	})
}

// align brings the publication to the common towns and groups.
func (p *publication) align(l *layout, columns []bench.Column) {
	townAt := p.alignTowns(l.towns)
	p.alignGroups(townAt, l)
	p.columns = make(map[bench.ColumnKey]int, len(p.basis.Columns))
	for i := range p.basis.Columns {
		p.columns[p.basis.Columns[i].Key] = i
	}
	p.lookups = make([]*shift.Lookup, len(columns))
	for i := range columns {
		key := bench.ColumnKey("")
		if p.compared != nil {
			key = p.compared.comparedAs(columns[i].Key)
		}
		p.lookups[i] = shift.NewLookup(key)
	}
	p.names = map[int32]NamedTown{}
	for _, n := range p.named {
		if i, ok := slices.BinarySearch(p.basis.Towns, n.AGS); ok {
			p.names[townAt[i]] = n
		}
	}
}

// alignTowns returns where each town of the basis is in the common list.
func (p *publication) alignTowns(towns []region.AGS) (townAt []int32) {
	p.index, p.digests = filled(len(towns), -1), make([]string, len(towns))
	p.same = make([]shift.Unchanged, len(towns))
	townAt = make([]int32, len(p.basis.Towns))
	t := int32(0)
	for i, ags := range p.basis.Towns { // both lists are ascending
		for towns[t] != ags {
			t++
		}
		townAt[i], p.index[t], p.digests[t] = t, int32(i), p.basis.Digests[i]
		if p.compared != nil && p.compared.digests[ags] == p.basis.Digests[i] {
			p.same[t] = p.compared.unchanged[ags]
		}
	}
	return townAt
}

func (p *publication) alignGroups(townAt []int32, l *layout) {
	for kind := range p.groupOf {
		p.groupOf[kind] = filled(len(l.towns), -1)
	}
	p.groups = make([]*BasisGroup, len(l.groups))
	for i := range p.basis.Groups {
		own := &p.basis.Groups[i]
		g := l.index[own.ID]
		p.groups[g] = own
		for i, t := range townAt {
			if own.Members.Has(i) {
				p.groupOf[l.groups[g].kind][t] = g
			}
		}
	}
}

func filled(n int, value int32) []int32 {
	list := make([]int32, n)
	for i := range list {
		list[i] = value
	}
	return list
}

// tells reports whether the name tells the score of a node. The section scores of a town give its
// total away too.
func (n *NamedTown) tells(node *bench.Compared) bool {
	return n.Sections != nil || node.Section < 0 && n.Total != nil
}
