package disclosure

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
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

// Basis is what a release was computed from: the towns, a digest of each one's
// assessment, and the set of towns behind every published figure.
type Basis struct {
	Towns   []region.AGS // ascending
	Digests []string     `json:"Prints"` // by town: of its record
	// Submitted, but too few newcomers to show: they come into the next release they are enough
	// for.
	Waiting []region.AGS
	Columns []Column // what is compared, in the order of Published
	Groups  []BasisGroup
	Panel   *PanelBasis `json:",omitempty"` // behind the trend; nil: there is none
}

// Column is one thing whose figures are published together: a node's points, a number question's
// figures ("question:x#unit"), a choice question's distribution ("question:x#options"). Column
// "participants" stands for the group itself.
type Column struct {
	Key     bench.ColumnKey
	Defined TownSet // the towns that have a value
}

// BasisGroup is a group as the release took it.
type BasisGroup struct {
	ID        region.GroupID
	Members   TownSet
	Published TownSet // over Columns, not towns
	// By key of a published distribution: towns by option, of which the report shows shares.
	Counts map[bench.ColumnKey][]int `json:",omitempty"`
}

// TownSet is a set of small numbers, one bit each.
type TownSet []byte

func newSet(n int) TownSet { return make(TownSet, (n+7)/8) }

func (s TownSet) add(i int) { s[i/8] |= 1 << (i % 8) }

// Has reports whether i is in the set.
func (s TownSet) Has(i int) bool { return i >= 0 && i/8 < len(s) && s[i/8]&(1<<(i%8)) != 0 }

// fullSet returns the set of all numbers below n.
func fullSet(n int) TownSet {
	set := newSet(n)
	for i := range n {
		set.add(i)
	}
	return set
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

// GroupsOf lists the groups a town was compared in, in the order of the report; none if it had not
// submitted.
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

// recordDigest changes whenever an assessment changes in anything a figure depends on.
func recordDigest(r *bench.Record) (string, error) {
	b, err := r.MarshalBinary()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12]), nil
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
	return g != nil && b.shows(g)
}

func (b *Basis) has(ags region.AGS) bool {
	_, ok := slices.BinarySearch(b.Towns, ags)
	return ok
}

func (b *Basis) coherent() bool {
	if len(b.Digests) != len(b.Towns) {
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
