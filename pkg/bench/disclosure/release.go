package disclosure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// Release is the frozen table of a round: what towns see, and, apart from it, what later
// releases must be checked against. As JSON it shows only what towns may see; MarshalBinary
// stores all of it.
type Release struct {
	Report bench.Report
	Named  []NamedTown // towns that opted in, by AGS
	Trend  *Trend      // since the round before; nil: there is none
	Basis  Basis       // never shown
}

// NamedTown is what a town that opted in shows under its name; scores are whole percent, 0 to 1.
type NamedTown struct {
	AGS      region.AGS                      `json:"ags"`
	Total    *float64                        `json:"total,omitempty"`
	Sections map[checklist.SectionID]float64 `json:"sections,omitempty"`
	Examples bool                            `json:"examples,omitempty"`
}

// Consent is what a town opted in to show under its name in a round.
type Consent struct{ Total, Sections, Examples bool }

// Basis is what a release was computed from: the towns, a fingerprint of each one's
// assessment, and the set of towns behind every published figure.
type Basis struct {
	Towns   []region.AGS // ascending
	Prints  []string     // by town: fingerprint of its record
	Waiting []region.AGS // submitted, but too few newcomers to show: they come into the next release they are enough for
	Columns []Column     // what is compared, in the order of Published
	Groups  []BasisGroup
	Panel   *PanelBasis `json:",omitempty"` // behind the trend; nil: there is none
}

// Column is one thing whose figures are published together: a node's points, a number
// question's figures ("question:x#unit"), a choice question's distribution ("question:x#options"). Column
// "participants" stands for the group itself.
type Column struct {
	Key     bench.ColumnKey
	Defined TownSet // the towns that have a value
}

// BasisGroup is a group as the release took it.
type BasisGroup struct {
	ID        region.GroupID
	Members   TownSet
	Published TownSet                   // over Columns, not towns
	Counts    map[bench.ColumnKey][]int `json:",omitempty"` // by key of a published distribution: towns by option, of which the report shows shares
}

// TownSet is a set of small numbers, one bit each.
type TownSet []byte

func newSet(n int) TownSet { return make(TownSet, (n+7)/8) }

func (s TownSet) add(i int) { s[i/8] |= 1 << (i % 8) }

// Has reports whether i is in the set.
func (s TownSet) Has(i int) bool { return i >= 0 && i/8 < len(s) && s[i/8]&(1<<(i%8)) != 0 }

func (s TownSet) empty() bool {
	for _, b := range s {
		if b != 0 {
			return false
		}
	}
	return true
}

// Set returns the towns behind a published figure; ok is false if it is not published.
func (b *Basis) Set(group region.GroupID, column bench.ColumnKey) (towns []region.AGS, ok bool) {
	for _, g := range b.Groups {
		if g.ID != group {
			continue
		}
		for c := range b.Columns {
			if b.Columns[c].Key != column || !g.Published.Has(c) {
				continue
			}
			for i, ags := range b.Towns {
				if g.Members.Has(i) && b.Columns[c].Defined.Has(i) {
					towns = append(towns, ags)
				}
			}
			return towns, true
		}
	}
	return nil, false
}

// GroupsOf lists the groups a town was compared in, in the order of the report; none if it had not submitted.
func (b *Basis) GroupsOf(town region.AGS) []region.GroupID {
	i, ok := slices.BinarySearch(b.Towns, town)
	if !ok {
		return nil
	}
	var list []region.GroupID
	for _, g := range b.Groups {
		if g.Members.Has(i) {
			list = append(list, g.ID)
		}
	}
	return list
}

// recordDigest tells whether an assessment changed in anything a figure depends on.
func recordDigest(r *bench.Record) (string, error) {
	b, err := r.MarshalBinary()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12]), nil
}

// MarshalJSON writes what towns may see: the report and the names. The basis stays out, so
// that a release given to a page or an interface by mistake tells nothing more.
func (r Release) MarshalJSON() ([]byte, error) {
	named := r.Named
	if named == nil {
		named = []NamedTown{}
	}
	return json.Marshal(struct {
		Report *bench.Report `json:"report"`
		Named  []NamedTown   `json:"named"`
		Trend  *Trend        `json:"trend,omitempty"`
	}{&r.Report, named, r.Trend})
}

// releaseFormat is what is written. Releases of the formats before are read too: their figures are
// rounded, and the oldest know no trend.
const (
	releaseFormat = 4
	oldestFormat  = 2
)

// storedReport has the fields of a Report without its public shape, which leaves things out.
type storedReport bench.Report

type storedTrend Trend

type storedRelease struct {
	Format int
	Report storedReport
	Named  []NamedTown
	Trend  *storedTrend `json:",omitempty"`
	Basis  Basis
}

// MarshalBinary encodes the whole release for storage, basis included. It is JSON of a
// format of its own, not the public shape.
func (r *Release) MarshalBinary() ([]byte, error) {
	return json.Marshal(storedRelease{releaseFormat, storedReport(r.Report), r.Named, (*storedTrend)(r.Trend), r.Basis})
}

// UnmarshalRelease decodes a stored release. What does not hold together is an error: a
// release that cannot be read cannot be checked against.
func UnmarshalRelease(data []byte) (*Release, error) {
	bad := fault.New(fault.Invalid, "release", "this is no stored release")
	var in storedRelease
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, bad.Because(err)
	}
	r := &Release{Report: bench.Report(in.Report), Named: in.Named, Trend: (*Trend)(in.Trend), Basis: in.Basis}
	if in.Format < releaseFormat {
		r.Report.Rounded = true
	}
	if in.Format > releaseFormat || in.Format < oldestFormat || r.Report.Audience != bench.Town || !r.Basis.coherent() || !r.Trend.coherent(r.Basis.Panel) {
		return nil, bad
	}
	return r, nil
}

func (b *Basis) coherent() bool {
	if len(b.Prints) != len(b.Towns) {
		return false
	}
	for i := 1; i < len(b.Towns); i++ {
		if b.Towns[i] <= b.Towns[i-1] {
			return false
		}
	}
	towns, columns := len(newSet(len(b.Towns))), len(newSet(len(b.Columns)))
	for _, c := range b.Columns {
		if len(c.Defined) != towns {
			return false
		}
	}
	for _, g := range b.Groups {
		if len(g.Members) != towns || len(g.Published) != columns {
			return false
		}
		for i, c := range b.Columns {
			if c.Key.IsDistribution() && g.Published.Has(i) && len(g.Counts[c.Key]) == 0 {
				return false
			}
		}
	}
	return true
}

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
