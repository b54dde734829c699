package bench

import "ortsspiegel/pkg/checklist"

// Trend is what towns see of the change since the round before: means of the towns that both
// releases are made of, so that only the same towns are compared. Means are whole percent, in
// [0, 1], as everywhere in a release; nil: suppressed, or nothing is common.
type Trend struct {
	Round      int64 // the round before, as Earlier names it
	From       checklist.Version
	N          int // 0 below the threshold
	Suppressed bool
	Reason     Reason // of a suppressed trend
	// See Shift: After - Before is what the answers did, Comparable - Rebased, and what the checklist did.
	Before, Rebased, Comparable, After *float64
	Sections                           []TrendSection // of the present version; empty if suppressed
}

// TrendSection is a section in a Trend; N counts the towns with both scores.
type TrendSection struct {
	ID                  checklist.SectionID
	N                   int
	Suppressed          bool
	Reason              Reason // of a suppressed section
	Rebased, Comparable *float64
}
