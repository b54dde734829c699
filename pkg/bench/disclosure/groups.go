package disclosure

import (
	"strings"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// groupKind is what a group is: the whole, or a part of one of the partitions of the whole.
type groupKind int

const (
	whole groupKind = iota
	districts
	sizeClasses
	groupKinds
)

func kindOf(id region.GroupID) (groupKind, bool) {
	switch {
	case id == region.All:
		return whole, true
	case strings.HasPrefix(string(id), "district:"):
		return districts, true
	case strings.HasPrefix(string(id), "size:"):
		return sizeClasses, true
	}
	return 0, false
}

// mostSizeClasses bounds the unions of size classes, which double with each.
const mostSizeClasses = 8

// checkGroups checks what the rules rest on: groups of known kinds, the parts of a partition
// apart from each other and inside "all".
func checkGroups(groups []region.Group) error {
	in := [groupKinds]map[region.AGS]region.GroupID{{}, {}, {}}
	ids := map[region.GroupID]bool{}
	kinds := [groupKinds]int{}
	for _, g := range groups {
		kind, ok := kindOf(g.ID)
		if !ok || ids[g.ID] {
			return fault.New(fault.Invalid, "release_groups", "the group %q is of no known kind or stands twice", g.ID)
		}
		ids[g.ID] = true
		kinds[kind]++
		for _, ags := range g.Members {
			if other, ok := in[kind][ags]; ok {
				return fault.New(fault.Invalid, "release_groups", "%s is in %q and in %q", ags, other, g.ID)
			}
			in[kind][ags] = g.ID
		}
	}
	for _, g := range groups {
		for _, ags := range g.Members {
			if _, ok := in[whole][ags]; !ok {
				return fault.New(fault.Invalid, "release_groups", "%s is in %q but not in %q", ags, g.ID, region.All)
			}
		}
	}
	if n := kinds[sizeClasses]; n > mostSizeClasses {
		return fault.New(fault.Invalid, "release_groups",
			"%d size classes are more than their unions can be checked for", n)
	}
	return nil
}

// checkRecords wants every town once, and records and earlier releases of the definition.
func (r *Request) checkRecords() error {
	nodes := bench.Nodes(r.Definition)
	towns := map[region.AGS]bool{}
	for i := range r.Records {
		ags := r.Records[i].AGS
		if towns[ags] || len(r.Records[i].Values) != len(nodes) {
			return fault.New(fault.Invalid, "release_records",
				"the record of %s stands twice or belongs to another checklist", ags)
		}
		towns[ags] = true
	}
	for i := range r.Own {
		if ref := r.Own[i].Report.Ref; ref != r.Definition.Ref() {
			return fault.New(fault.Invalid, "release_previous",
				"an earlier release belongs to the checklist %s, not %s", ref, r.Definition.Ref())
		}
	}
	return nil
}
