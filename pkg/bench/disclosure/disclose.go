package disclosure

import (
	"reflect"
	"slices"
	"strings"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// Request is what a release is computed from. The zero values of Own, Others and Consents mean that
// there are none.
type Request struct {
	Definition *checklist.Definition
	Records    []bench.Record         // the submitted assessments, in any order
	Groups     []region.Group         // as they were fixed when the round opened
	Rules      Rules                  // the thresholds
	Own        []Release              // every earlier release of the round, oldest first
	Others     []OtherRound           // of the checklist, of which towns have read releases; oldest first
	Consents   map[region.AGS]Consent // who opted in to be named with what
}

// Disclose computes the release of a round: the one table that towns see. It follows the rules of
// RULES.md, suppresses until nothing more needs to be, and is deterministic.
//
// Newcomers since the last release wait while they are fewer than the threshold, for the whole and
// for each group: the table then shows the towns it showed before. Errors: Invalid for rules that
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
	records, waiting := r.admit()
	admitted := r.admitToGroups(records)
	full := bench.Compute(r.Definition, records, admitted)
	release := &Release{Basis: basisOf(r.Definition, records, admitted, digests, waiting)}
	release.Named = named(r.Definition, records, r.withhold(records, admitted))
	before := r.roundBefore()
	if before != nil {
		release.Basis.Panel = r.panelOf(&release.Basis, before)
	}
	control := newControl(&r, records, full, release)
	control.decideAll()
	release.Report = control.redact(full)
	if before != nil {
		release.Trend = control.decideTrend(&r, before)
	}
	return release, nil
}

// check refuses what Disclose cannot be safe with, and returns the records' digests by town.
func (r *Request) check() (map[region.AGS]string, error) {
	if err := r.Rules.Validate(); err != nil {
		return nil, err
	}
	if err := checkGroups(r.Groups); err != nil {
		return nil, err
	}
	if err := r.checkRecords(); err != nil {
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
	if last := r.last(); last != nil {
		if err := enoughChanged(last, digests, r.Rules); err != nil {
			return nil, err
		}
	}
	return digests, nil
}

// mostReleases is how many earlier releases of its round a release can be checked against: there
// must be room for them and for the trend among the publications that are taken apart together.
const mostReleases = mostPaired - 3

// distinct leaves out releases that repeat the one before: a table published twice tells nothing
// new.
func distinct(releases []Release) []Release {
	return slices.CompactFunc(slices.Clone(releases), func(a, b Release) bool {
		return reflect.DeepEqual(a.Basis, b.Basis) && reflect.DeepEqual(a.Named, b.Named)
	})
}
