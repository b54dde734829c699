package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// enoughChanged refuses a corrected release that would show what one or a few towns changed (rule
// 9).
func enoughChanged(last *Basis, digests map[region.AGS]string, rules Rules) error {
	changed := 0
	for i, ags := range last.Towns {
		if digests[ags] != last.Digests[i] {
			changed++
		}
	}
	if rules.few(int32(changed)) {
		return fault.New(fault.Conflict, "release_too_few_changes",
			"%d assessments were changed or withdrawn since the last release; "+
				"a corrected release needs none or at least %d, or it would show what they changed",
			changed, rules.Threshold).With("Changed", changed).With("Min", rules.Threshold)
	}
	return nil
}

// admit leaves newcomers out while they are too few to hide among each other (rule 9).
func (r *Request) admit() (admitted []bench.Record, waiting []region.AGS) {
	last := r.last()
	if last == nil || !last.published(region.All) {
		return r.Records, nil
	}
	for i := range r.Records {
		if ags := r.Records[i].AGS; last.has(ags) {
			admitted = append(admitted, r.Records[i])
		} else {
			waiting = append(waiting, ags)
		}
	}
	if !r.Rules.few(int32(len(waiting))) {
		return r.Records, nil
	}
	return admitted, waiting
}

// last returns the basis of the round's last release; nil: there is none.
func (r *Request) last() *Basis {
	if n := len(r.Own); n > 0 {
		return &r.Own[n-1].Basis
	}
	return nil
}

// admitToGroups does the same for each group, among the towns admitted to the whole. Members are
// ascending.
func (r *Request) admitToGroups(records []bench.Record) []region.Group {
	admitted := make(map[region.AGS]bool, len(records))
	for i := range records {
		admitted[records[i].AGS] = true
	}
	last := r.last()
	out := make([]region.Group, len(r.Groups))
	for i, g := range r.Groups {
		members := slices.DeleteFunc(slices.Clone(g.Members), func(ags region.AGS) bool { return !admitted[ags] })
		slices.Sort(members)
		if last != nil && g.ID != region.All && last.published(g.ID) {
			members = r.withoutFewNewcomers(members, last, last.group(g.ID))
		}
		out[i] = region.Group{ID: g.ID, Members: members}
	}
	return out
}

func (r *Request) withoutFewNewcomers(members []region.AGS, last *Basis, group *BasisGroup) []region.AGS {
	isNew := func(ags region.AGS) bool {
		i, ok := slices.BinarySearch(last.Towns, ags)
		return !ok || !group.Members.Has(i)
	}
	newcomers := int32(0)
	for _, ags := range members {
		if isNew(ags) {
			newcomers++
		}
	}
	if r.Rules.few(newcomers) {
		return slices.DeleteFunc(members, isNew)
	}
	return members
}
