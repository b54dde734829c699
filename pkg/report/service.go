package report

import (
	"context"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/territory"
)

// Service is where reports get what they show, so that the pages and the command line write the
// same files. Whether somebody may have a report is decided before.
type Service struct {
	Assessments *assessment.Service
	Rounds      *round.Service
	Versions    *lineage.Versions
	Trends      *trend.Service
	Territory   *territory.Service
	Program     string // name and version
	Now         func() time.Time
}

// Answers gathers what WriteTownCSV writes of an assessment, and no more.
func (s Service) Answers(ctx context.Context, h assessment.Head, lang checklist.Lang) (TownReport, error) {
	r := TownReport{Lang: lang, Program: s.Program, AsOf: s.Now()}
	var err error
	if r.View, err = s.Assessments.View(ctx, h); err != nil {
		return TownReport{}, err
	}
	r.Town, err = s.Territory.Town(ctx, h.Town)
	return r, err
}

// Town gathers the report of an assessment. Its trend holds what the actor may see of the town.
func (s Service) Town(ctx context.Context, a account.Actor, h assessment.Head, lang checklist.Lang) (TownReport,
	error) {
	r, err := s.Answers(ctx, h, lang)
	if err != nil {
		return TownReport{}, err
	}
	if r.Evidence, err = s.Assessments.Evidence(ctx, h); err != nil {
		return TownReport{}, err
	}
	if r.Region, err = s.Territory.Region(ctx, h.Region); err != nil {
		return TownReport{}, err
	}
	if r.Trend, err = s.Trends.Town(ctx, a, h); err != nil {
		return TownReport{}, err
	}
	r.Districts = map[region.DistrictKey]string{r.Town.District.Key: r.Town.District.Name}
	if !h.Released {
		return r, nil
	}
	released, err := s.Rounds.Release(ctx, round.ID(h.Round))
	if fault.Is(err, fault.NotFound) {
		return r, nil
	}
	if err != nil {
		return TownReport{}, err
	}
	r.Release = &Release{Number: released.Number, At: released.At, Report: &released.Release.Report,
		Trend: released.Release.Trend}
	return r, nil
}

// Region gathers the agency's report of a round.
func (s Service) Region(ctx context.Context, r round.Round, lang checklist.Lang) (RegionReport, error) {
	raw, err := s.Raw(ctx, r, lang)
	if err != nil {
		return RegionReport{}, err
	}
	live, err := s.Rounds.Live(ctx, r)
	if err != nil {
		return RegionReport{}, err
	}
	participants, err := s.Rounds.Participants(ctx, r)
	if err != nil {
		return RegionReport{}, err
	}
	trend, err := s.Trends.Region(ctx, r)
	if err != nil {
		return RegionReport{}, err
	}
	districts := map[region.DistrictKey]string{}
	for _, p := range participants {
		districts[p.Town.District.Key] = p.Town.District.Name
	}
	return RegionReport{Lang: lang, Program: raw.Program, AsOf: raw.AsOf, Region: raw.Region, Round: r,
		Definition:   live.Definition,
		Participants: participants, Records: live.Records, Report: live.Report, Trend: trend, Each: raw.Each,
		Districts: districts}, nil
}

// Raw gathers the report of all answers of a round's submitted assessments.
func (s Service) Raw(ctx context.Context, r round.Round, lang checklist.Lang) (RawReport, error) {
	d, err := s.Versions.Definition(ctx, r.Hash)
	if err != nil {
		return RawReport{}, err
	}
	where, err := s.Territory.Region(ctx, r.Region)
	if err != nil {
		return RawReport{}, err
	}
	each := func(f func(round.Submission) error) error { return s.Rounds.Submissions(ctx, r, f) }
	return RawReport{Lang: lang, Program: s.Program, AsOf: s.Now(), Region: where, Round: r, Definition: d,
		Each: each}, nil
}

// Analysis gathers the report for analysts.
func (s Service) Analysis(ctx context.Context, r round.Round, lang checklist.Lang) (AnalysisReport, error) {
	raw, err := s.Raw(ctx, r, lang)
	if err != nil {
		return AnalysisReport{}, err
	}
	participants, err := s.Rounds.Standing(ctx, r)
	if err != nil {
		return AnalysisReport{}, err
	}
	population := make(map[region.AGS]int, len(participants))
	for _, p := range participants {
		population[p.Town.AGS] = p.Population
	}
	return AnalysisReport{RawReport: raw, Population: population}, nil
}
