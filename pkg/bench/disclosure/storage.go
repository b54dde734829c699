package disclosure

import (
	"encoding/json"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/fault"
)

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
	stored := storedRelease{releaseFormat, storedReport(r.Report), r.Named, (*storedTrend)(r.Trend), r.Basis}
	return json.Marshal(stored)
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
	unknown := in.Format > releaseFormat || in.Format < oldestFormat
	if unknown || r.Report.Audience != bench.Town || !r.Basis.coherent() || !r.Trend.coherent(r.Basis.Panel) {
		return nil, bad
	}
	return r, nil
}
