package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/region"
)

// layout is the common list of towns and groups of all publications, and who belongs where.
type layout struct {
	towns   []region.AGS // ascending
	groups  []group      // those of the present release first, then those that only others have
	index   map[region.GroupID]int32
	current int32               // how many groups the present release has
	all     int32               // the group of all; -1: there is none
	partOf  [groupKinds][]int32 // by kind and town: the group it was put in when the round opened; -1: none
	members [][]int32           // by group of the present release: its towns
}

type group struct {
	id    region.GroupID
	kind  groupKind
	class uint8 // which size class it is, from 1; 0: none, or one more than there is room for
}

// mostClasses is how many size classes all publications together may have to be looked at in
// unions.
const mostClasses = 15

// newLayout aligns publications, of which the first is the present release. Fixed are the groups as
// they were when the round opened.
func newLayout(list []*publication, columns []bench.Column, fixed []region.Group) *layout {
	l := &layout{index: map[region.GroupID]int32{}, current: int32(len(list[present].basis.Groups)), all: -1}
	classes := uint8(0)
	for _, p := range list {
		l.towns = append(l.towns, p.basis.Towns...)
		for _, g := range p.basis.Groups {
			if _, ok := l.index[g.ID]; ok {
				continue
			}
			kind, _ := kindOf(g.ID)
			l.index[g.ID] = int32(len(l.groups))
			l.groups = append(l.groups, group{id: g.ID, kind: kind})
			if kind == sizeClasses && classes < mostClasses {
				classes++
				l.groups[len(l.groups)-1].class = classes
			}
		}
	}
	slices.Sort(l.towns)
	l.towns = slices.Compact(l.towns)
	if g, ok := l.index[region.All]; ok {
		l.all = g
	}
	for _, p := range list {
		p.align(l, columns)
	}
	l.findParts(list, fixed)
	l.members = make([][]int32, l.current)
	for _, groupOf := range list[present].groupOf {
		for t, g := range groupOf {
			if g >= 0 {
				l.members[g] = append(l.members[g], int32(t))
			}
		}
	}
	return l
}

// findParts says to which part of a whole each town belongs. One that takes part no more belongs to
// the part it was in last.
func (l *layout) findParts(list []*publication, fixed []region.Group) {
	for kind := range l.partOf {
		l.partOf[kind] = filled(len(l.towns), -1)
	}
	for _, g := range fixed {
		kind, _ := kindOf(g.ID)
		for _, ags := range g.Members {
			if t, ok := slices.BinarySearch(l.towns, ags); ok {
				l.partOf[kind][t] = l.index[g.ID]
			}
		}
	}
	for _, p := range list {
		for kind, groupOf := range p.groupOf {
			for t, g := range groupOf {
				if l.partOf[kind][t] < 0 {
					l.partOf[kind][t] = g
				}
			}
		}
	}
}

// part returns the part of a whole a town belongs to: its group when the round opened, or, if it
// was in none, what stands behind all groups for the towns of that kind.
func (l *layout) part(kind groupKind, town int32) int32 {
	if p := l.partOf[kind][town]; p >= 0 {
		return p
	}
	return l.loose(kind)
}

func (l *layout) loose(kind groupKind) int32 { return int32(len(l.groups)) + int32(kind) }

// isGroup reports whether a part is a group, and not the towns in none.
func (l *layout) isGroup(part int32) bool { return int(part) < len(l.groups) }
