package report

import (
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/trend"
)

// AnalysisReport is what analysts get: the submitted answers of a round with all ids.
type AnalysisReport struct {
	RawReport
	// Population of each town as it was when the round opened; it decides the size class.
	Population map[region.AGS]int
}

// Submissions calls a function for each submitted assessment, by AGS, and stops at its first
// error: what round.Service.Submissions does for one round. Nothing is held between the calls.
type Submissions func(func(round.Submission) error) error

// RawReport is what a raw export is made from: every answer of the submitted assessments.
type RawReport struct {
	Lang       checklist.Lang
	Program    string
	AsOf       time.Time
	Region     region.Region
	Round      round.Round
	Definition *checklist.Definition
	Each       Submissions
}

// RegionReport is what an agency's workbook of a round is made from. It holds every figure by
// name and is for the agency alone.
type RegionReport struct {
	Lang         checklist.Lang
	Program      string // name and version
	AsOf         time.Time
	Region       region.Region
	Round        round.Round
	Definition   *checklist.Definition
	Participants []round.Participant
	Records      []bench.Record // of the submitted assessments: round.Live
	Report       *bench.Report  // of the audience bench.Agency: round.Live
	Trend        trend.Region
	Each         Submissions // for the sheet of raw data
	// Contacts are who leads the towns, for a reader who may see them; nil: the sheet of towns names nobody.
	Contacts map[region.AGS][]account.User
	// Districts names the districts of peer groups; a missing one is shown by its key.
	Districts map[region.DistrictKey]string
}

// Towns lists the keys of the towns that take part.
func (r *RegionReport) Towns() []region.AGS {
	towns := make([]region.AGS, len(r.Participants))
	for i := range r.Participants {
		towns[i] = r.Participants[i].Town.AGS
	}
	return towns
}

// TownReport is what a town's workbook is made from.
type TownReport struct {
	Lang     checklist.Lang // of the workbook: "en", else German
	Program  string         // name and version: "Ortsspiegel 1.2.0"
	AsOf     time.Time      // when View was read
	Region   region.Region
	Town     region.Municipality
	View     assessment.View
	Evidence []assessment.Evidence // of the whole assessment
	Release  *Release              // nil: nothing was published yet
	Trend    trend.Town            // the town's submitted assessments of this checklist
	// Districts names the districts of peer groups; a missing one is shown by its key.
	Districts map[region.DistrictKey]string
}

// Release is the part of a published release that a workbook may show.
type Release struct {
	Number int
	At     time.Time
	Report *bench.Report     // of the audience bench.Town; anything else is refused
	Trend  *disclosure.Trend // since the round before; nil: nothing was published of it
}

// TownsReport is some towns of a round with how far they are and whom they can be reached by.
type TownsReport struct {
	Lang     checklist.Lang
	Program  string
	AsOf     time.Time
	Region   region.Region
	Round    round.Round
	Towns    []round.Participant
	Contacts map[region.AGS][]account.User // who coordinates; nil: the reader may not see people
}
