package disclosure

import (
	"math"
	"reflect"
	"slices"
	"strings"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// Request is what a release is computed from. The zero values of Own, Others and Consents mean that there are none.
type Request struct {
	Definition *checklist.Definition
	Records    []bench.Record         // the submitted assessments, in any order
	Groups     []region.Group         // as they were fixed when the round opened
	Rules      Rules                  // the thresholds
	Own        []Release              // every earlier release of the round, oldest first
	Others     []OtherRound           // the other rounds of the checklist that towns have read releases of, oldest first
	Consents   map[region.AGS]Consent // who opted in to be named with what
}

// Disclose computes the release of a round: the one table that towns see. It follows the rules of the package comment, suppresses
// until nothing more needs to be, and is deterministic.
//
// Newcomers since the last release wait while they are fewer than the threshold, for the
// whole and for each group: the table then shows the towns it showed before. Errors: Invalid for rules that
// are not safe or input that does not fit together; Conflict (code "release_too_few_changes") if
// fewer assessments than the threshold, but some, were changed or withdrawn since the last release.
func Disclose(r Request) (*Release, error) {
	r.Own = distinct(r.Own)
	digests, err := r.check()
	if err != nil {
		return nil, err
	}
	r.Records = slices.Clone(r.Records)
	slices.SortFunc(r.Records, func(a, b bench.Record) int { return strings.Compare(string(a.AGS), string(b.AGS)) })
	records, waiting := admit(r.Records, r.Own, r.Rules)
	admitted := admitToGroups(records, r.Groups, r.Own, r.Rules)
	full := bench.Compute(r.Definition, records, admitted)
	release := &Release{Basis: basisOf(r.Definition, records, admitted, digests, waiting)}
	release.Named = named(r.Definition, records, withhold(r.Definition, records, admitted, r.Rules, r.Consents))
	last := before(r.Definition, r.Others)
	if last != nil {
		release.Basis.Panel = panelOf(r.Definition, &release.Basis, last)
	}
	control := newControl(&r, records, full, release)
	control.decideAll()
	release.Report = control.redact(full)
	if last != nil {
		release.Trend = control.trend(r.Definition, last)
	}
	return release, nil
}

// check refuses what Disclose cannot be safe with, and returns the records' digests by town.
func (r *Request) check() (map[region.AGS]string, error) {
	if err := r.Rules.Validate(); err != nil {
		return nil, err
	}
	if err := validGroups(r.Definition, r.Records, r.Groups, r.Own); err != nil {
		return nil, err
	}
	if len(r.Own) > mostReleases {
		return nil, fault.New(fault.Conflict, "release_too_many",
			"the round has %d different releases; more cannot be checked against each other", len(r.Own))
	}
	digests := make(map[region.AGS]string, len(r.Records))
	for i := range r.Records {
		digest, err := recordDigest(&r.Records[i])
		if err != nil {
			return nil, err
		}
		digests[r.Records[i].AGS] = digest
	}
	if len(r.Own) > 0 {
		if err := enoughChanged(&r.Own[len(r.Own)-1].Basis, digests, r.Rules); err != nil {
			return nil, err
		}
	}
	return digests, nil
}

// mostReleases is how many earlier releases of its round a release can be checked against: there
// must be room for them and for the trend among the views that are taken apart together.
const mostReleases = mostViews - 3

// distinct leaves out releases that repeat the one before: a table published twice tells nothing new.
func distinct(previous []Release) []Release {
	var out []Release
	for i := range previous {
		if n := len(out); n == 0 || !reflect.DeepEqual(out[n-1].Basis, previous[i].Basis) || !reflect.DeepEqual(out[n-1].Named, previous[i].Named) {
			out = append(out, previous[i])
		}
	}
	return out
}

// validGroups checks what the rules rest on: groups of known kinds, the parts of a partition
// apart from each other and inside "all", every town once, earlier releases of the same checklist.
func validGroups(d *checklist.Definition, records []bench.Record, groups []region.Group, previous []Release) error {
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
	for _, kind := range []groupKind{districts, sizeClasses} {
		for ags, id := range in[kind] {
			if _, ok := in[whole][ags]; !ok {
				return fault.New(fault.Invalid, "release_groups", "%s is in %q but not in %q", ags, id, region.All)
			}
		}
	}
	if kinds[sizeClasses] > mostSizeClasses {
		return fault.New(fault.Invalid, "release_groups", "%d size classes are more than their unions can be checked for", kinds[sizeClasses])
	}
	nodes := bench.Nodes(d)
	seen := map[region.AGS]bool{}
	for i := range records {
		if seen[records[i].AGS] || len(records[i].Values) != len(nodes) {
			return fault.New(fault.Invalid, "release_records", "the record of %s stands twice or belongs to another checklist", records[i].AGS)
		}
		seen[records[i].AGS] = true
	}
	for i := range previous {
		if previous[i].Report.Ref != d.Ref() {
			return fault.New(fault.Invalid, "release_previous", "an earlier release belongs to the checklist %s, not %s", previous[i].Report.Ref, d.Ref())
		}
	}
	return nil
}

// mostSizeClasses bounds the unions of size classes, which double with each.
const mostSizeClasses = 8

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

// enoughChanged refuses a corrected release that would show what one or a few towns changed.
func enoughChanged(last *Basis, prints map[region.AGS]string, rules Rules) error {
	changed := 0
	for i, ags := range last.Towns {
		if prints[ags] != last.Prints[i] {
			changed++
		}
	}
	if rules.few(int32(changed)) {
		return fault.New(fault.Conflict, "release_too_few_changes",
			"%d assessments were changed or withdrawn since the last release; a corrected release needs none or at least %d, or it would show what they changed",
			changed, rules.Threshold).With("Changed", changed).With("Min", rules.Threshold)
	}
	return nil
}

// admit leaves newcomers out while they are too few to hide among each other.
func admit(records []bench.Record, previous []Release, rules Rules) (admitted []bench.Record, waiting []region.AGS) {
	if len(previous) == 0 {
		return records, nil
	}
	last := &previous[len(previous)-1].Basis
	for i := range records {
		if _, known := slices.BinarySearch(last.Towns, records[i].AGS); known {
			admitted = append(admitted, records[i])
		} else {
			waiting = append(waiting, records[i].AGS)
		}
	}
	if !last.published(region.All) || !rules.few(int32(len(waiting))) {
		return records, nil
	}
	return admitted, waiting
}

// admitToGroups does the same for each group, among the towns admitted to the whole.
func admitToGroups(records []bench.Record, groups []region.Group, previous []Release, rules Rules) []region.Group {
	admitted := make(map[region.AGS]bool, len(records))
	for i := range records {
		admitted[records[i].AGS] = true
	}
	var last *Basis
	if len(previous) > 0 {
		last = &previous[len(previous)-1].Basis
	}
	out := make([]region.Group, len(groups))
	for i, g := range groups {
		members := slices.DeleteFunc(slices.Clone(g.Members), func(ags region.AGS) bool { return !admitted[ags] })
		slices.Sort(members)
		out[i] = region.Group{ID: g.ID, Members: members}
		if last == nil || g.ID == region.All || !last.published(g.ID) {
			continue
		}
		isNew := func(ags region.AGS) bool { return !last.member(g.ID, ags) }
		newcomers := int32(0)
		for _, ags := range members {
			if isNew(ags) {
				newcomers++
			}
		}
		if rules.few(newcomers) {
			out[i].Members = slices.DeleteFunc(members, isNew)
		}
	}
	return out
}

func (b *Basis) group(id region.GroupID) *BasisGroup {
	for i := range b.Groups {
		if b.Groups[i].ID == id {
			return &b.Groups[i]
		}
	}
	return nil
}

func (b *Basis) published(id region.GroupID) bool {
	g := b.group(id)
	return g != nil && !g.nothing()
}

func (b *Basis) member(id region.GroupID, ags region.AGS) bool {
	i, known := slices.BinarySearch(b.Towns, ags)
	return known && b.group(id).Members.Has(i)
}

// withhold takes names back, the last AGS first, while they would leave fewer towns unnamed in
// the whole than can hide among each other.
func withhold(d *checklist.Definition, records []bench.Record, groups []region.Group, rules Rules, consents map[region.AGS]Consent) map[region.AGS]Consent {
	for _, g := range groups {
		if g.ID != region.All {
			continue
		}
		kept := make(map[region.AGS]Consent, len(consents))
		for ags, c := range consents {
			kept[ags] = c
		}
		for i := len(records) - 1; i >= 0 && unnamedFew(d, records, g.Members, rules, kept); i-- {
			if c, ok := kept[records[i].AGS]; ok {
				kept[records[i].AGS] = Consent{Examples: c.Examples}
			}
		}
		return kept
	}
	return consents
}

func unnamedFew(d *checklist.Definition, records []bench.Record, members []region.AGS, rules Rules, consents map[region.AGS]Consent) bool {
	for column := range 1 + len(d.Sections) {
		unnamed := int32(0)
		for i := range records {
			c := consents[records[i].AGS]
			shown := c.Sections || c.Total && column == 0
			_, member := slices.BinarySearch(members, records[i].AGS)
			if member && !shown && !math.IsNaN(records[i].Values[column]) {
				unnamed++
			}
		}
		if rules.few(unnamed) {
			return true
		}
	}
	return false
}
