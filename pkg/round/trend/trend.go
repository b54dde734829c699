package trend

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
)

// Town is a town's way through its submitted assessments of one checklist, the oldest
// first. Shifts[i] leads from Points[i] to Points[i+1].
type Town struct {
	Points []Point
	Shifts []shift.Shift
	Apart  []assessment.Head // submitted too, but no path leads on from their version: not compared
}

// Point is one assessment of a TownTrend.
type Point struct {
	Head    assessment.Head
	Score   *float64 // [0, 1]
	Level   checklist.Level
	Titles  []checklist.Section // of its version, for their names
	Result  *score.Result       // by the version of its own round
	Answers score.Answers
}

// Region is a region's way through its rounds of one checklist, the oldest first, as the
// agency sees it. Steps[i] leads from Rounds[i] to Rounds[i+1].
type Region struct {
	Rounds []Round
	Steps  []Step
	Apart  []round.Round // no path leads on from their version: not compared
}

// Round is one round of a RegionTrend, with all its submitted assessments.
type Round struct {
	Round  round.Round
	N      int
	Score  shift.Average
	Titles []checklist.Section
}

// Step compares two rounds on the towns that submitted in both. Its towns are shared by all who
// read the trend: they must not be changed.
type Step struct {
	Panel shift.Panel
	Towns []TownShift // by name
}

// TownShift is one town of a RegionStep.
type TownShift struct {
	Town  region.Municipality
	Shift shift.Shift
}
