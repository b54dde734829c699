package disclosure

import (
	"encoding/json"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
)

// Bridge returns the change of a released trend, in whole percent; false if it was suppressed or
// is undefined. Published figures are whole percent, so their differences add up by themselves.
func (t *Trend) Bridge() (shift.Bridge, bool) {
	if t.Before == nil || t.Rebased == nil || t.Comparable == nil || t.After == nil {
		return shift.Bridge{}, false
	}
	whole := func(f *float64) int { return 10 * score.Whole(*f) }
	b := shift.Bridge{Before: whole(t.Before), Answers: whole(t.Comparable) - whole(t.Rebased), After: whole(t.After)}
	b.Rules = b.Total() - b.Answers
	return b, true
}

type trendJSON struct {
	Round      int64             `json:"round"`
	From       checklist.Version `json:"from"`
	N          int               `json:"n"`
	Suppressed bool              `json:"suppressed"`
	Reason     bench.Reason      `json:"reason,omitempty"`
	Before     *float64          `json:"before"`
	Rebased    *float64          `json:"rebased"`
	Comparable *float64          `json:"comparable"`
	After      *float64          `json:"after"`
	Sections   []trendPartJSON   `json:"sections"`
}

type trendPartJSON struct {
	ID         checklist.SectionID `json:"id"`
	N          int                 `json:"n"`
	Suppressed bool                `json:"suppressed"`
	Reason     bench.Reason        `json:"reason,omitempty"`
	Rebased    *float64            `json:"rebased"`
	Comparable *float64            `json:"comparable"`
}

// MarshalJSON writes the trend in the shape of the report: means as numbers from 0 to 1,
// suppressed ones as null with a reason.
func (t Trend) MarshalJSON() ([]byte, error) {
	out := trendJSON{t.Round, t.From, t.N, t.Suppressed, t.Reason, t.Before, t.Rebased, t.Comparable, t.After,
		make([]trendPartJSON, len(t.Sections))}
	for i, s := range t.Sections {
		out.Sections[i] = trendPartJSON(s)
	}
	return json.Marshal(out)
}

// Trend is what towns see of the change since the round before: means of the towns that both
// releases are made of, so that only the same towns are compared. Means are whole percent, in
// [0, 1], as everywhere in a release; nil: suppressed, or nothing is common.
type Trend struct {
	Round      int64 // the round before, as Earlier names it
	From       checklist.Version
	N          int // 0 below the threshold
	Suppressed bool
	Reason     bench.Reason // of a suppressed trend
	// See Shift: After - Before is what the answers did, Comparable - Rebased, and what the
	// checklist did.
	Before, Rebased, Comparable, After *float64
	Sections                           []TrendSection // of the present version; empty if suppressed
}

// TrendSection is a section in a Trend; N counts the towns with both scores.
type TrendSection struct {
	ID                  checklist.SectionID
	N                   int // 0 below the threshold
	Suppressed          bool
	Reason              bench.Reason // of a suppressed section
	Rebased, Comparable *float64
}

// coherent reports whether a trend is there for a panel that shows anything, and the other way
// round.
func (t *Trend) coherent(p *PanelBasis) bool {
	if p == nil {
		return t == nil || t.Suppressed
	}
	return t != nil && !t.Suppressed && t.Round == p.Round && p.coherent()
}
