package round

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// TownTrend is a town's way through its submitted assessments of one checklist, the oldest
// first. Shifts[i] leads from Points[i] to Points[i+1].
type TownTrend struct {
	Points []TrendPoint
	Shifts []shift.Shift
	Apart  []assessment.Head // submitted too, but no path leads on from their version: not compared
}

// TrendPoint is one assessment of a TownTrend.
type TrendPoint struct {
	Head   assessment.Head
	Score  *float64 // [0, 1]
	Level  checklist.Level
	Titles []checklist.Section // of its version, for their names
}

// RegionTrend is a region's way through its rounds of one checklist, the oldest first, as the
// agency sees it. Steps[i] leads from Rounds[i] to Rounds[i+1].
type RegionTrend struct {
	Rounds []TrendRound
	Steps  []RegionStep
	Apart  []Round // no path leads on from their version: not compared
}

// TrendRound is one round of a RegionTrend, with all its submitted assessments.
type TrendRound struct {
	Round  Round
	N      int
	Score  shift.Average
	Titles []checklist.Section
}

// RegionStep compares two rounds on the towns that submitted in both. Its towns are shared by all who read the trend: they must not be
// changed.
type RegionStep struct {
	Panel shift.Panel
	Towns []TownShift // by name
}

// TownShift is one town of a RegionStep.
type TownShift struct {
	Town  region.Municipality
	Shift shift.Shift
}
