package results

import (
	"net/http"
	"slices"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// townTrendRoutes show how a town and a region have changed over the rounds of a checklist.
func (s *Pages) townTrendRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/assessments/:assessment/trend", Name: "assessment.trend",
			Action: account.ViewResult, Object: s.AssessmentObject, Handler: s.assessmentTrend},
	}
}

// assessmentTrendView is a town's way through its submitted assessments.
type assessmentTrendView struct {
	assessments.AssessmentPage
	Waiting bool // the assessment of the address is not submitted yet
	Points  []trendPoint
	Steps   []TrendStep // the newest first
	Picture ChartView
	Region  *ReleasedTrend
	Apart   []string // rounds that are not compared
}

// trendPoint is one round in the table of a town's rounds.
type trendPoint struct {
	Round, URL, Version, Level string
	Here                       bool // the assessment of the address
	Submitted                  time.Time
	Score                      *float64
	Change, Answers, Rules     string // since the round before
	Common                     string
}

func (s *Pages) assessmentTrend(r *site.Request) error {
	t := r.Text.Text
	trend, err := s.services.Trends.Town(r.Ctx(), r.Actor, assessments.Head(r))
	if err != nil {
		return err
	}
	v := &assessmentTrendView{AssessmentPage: assessments.AssessmentFrame(r, t("trend.title")),
		Waiting: assessments.Head(r).Status != assessment.Submitted}
	v.Title, v.Within = t("trend.title")+" · "+v.Town, v.Round
	for _, h := range trend.Apart {
		v.Apart = append(v.Apart, t("trend.apart", "Round", h.RoundTitle, "Version", string(h.Checklist.Version)))
	}
	if len(trend.Points) < 2 {
		return r.Render(http.StatusOK, "assessment_trend", v)
	}
	v.Charts = true
	v.points(r, &trend)
	for i := range slices.Backward(trend.Shifts) {
		v.Steps = append(v.Steps, townStep(r, &trend, i, v.Who()))
	}
	v.Picture = townTrendPicture(r, &trend)
	if v.Region, err = s.regionBeside(r, &trend); err != nil {
		return err
	}
	return r.Render(http.StatusOK, "assessment_trend", v)
}

func (v *assessmentTrendView) points(r *site.Request, trend *trend.Town) {
	f := r.Text.Words()
	for i, p := range trend.Points {
		line := trendPoint{Round: p.Head.RoundTitle, URL: site.AssessmentAddress(p.Head.ID) + "/result",
			Version: string(p.Head.Checklist.Version), Level: p.Level.Label.In(site.LangOf(r)),
			Here: p.Head.ID == assessments.Head(r).ID, Submitted: p.Head.Submitted, Score: p.Score, Change: "–",
			Answers: "–",
			Rules:   "–", Common: "–"}
		if i > 0 {
			line.Common = f.Number(trend.Shifts[i-1].Common)
			if b, ok := trend.Shifts[i-1].Bridge(); ok {
				line.Change, line.Answers, line.Rules = f.Change(b.Total()), f.Change(b.Answers), f.Change(b.Rules)
			}
		}
		v.Points = append(v.Points, line)
	}
}

// townStep is the step that leads from the i-th point to the next.
func townStep(r *site.Request, trend *trend.Town, i int, who string) TrendStep {
	from, to, shift := &trend.Points[i], &trend.Points[i+1], &trend.Shifts[i]
	step := TrendStep{From: from.Head.RoundTitle, To: to.Head.RoundTitle}
	step.Shift(r, who, shift, from.Head.Checklist == to.Head.Checklist)
	step.Compare(r, from.Head.Checklist, to.Head.Checklist, shift.Common)
	step.Table = NewTrendTable(r, step.From, step.To, "trend.col_common")
	for k := range shift.Sections {
		section := &shift.Sections[k]
		step.Table.Sections = append(step.Table.Sections,
			NewTrendSection(r, TitleOf(to.Titles, section.ID, site.LangOf(r)), section.Rebased, section.Comparable,
				section.Common))
	}
	return step
}

func townTrendPicture(r *site.Request, trend *trend.Town) ChartView {
	c := chart.Trend{ID: "entwicklung", Title: r.Text.Text("trend.picture", "Town", assessments.Head(r).TownName),
		Lang: site.LangOf(r)}
	for i, p := range trend.Points {
		c.Points = append(c.Points, chart.TrendPoint{Name: p.Head.RoundTitle, Score: p.Score})
		if i > 0 {
			b, ok := trend.Shifts[i-1].Bridge()
			c.Steps = append(c.Steps, chart.TrendStep{Bridge: b, Known: ok})
		}
	}
	return ChartViewOf(chart.Bridges(c)).From(r.Text.Text("chart.source_town", "Town", assessments.Head(r).TownName,
		"Date",
		r.Text.Words().Date(r.Srv.Now())))
}

// releasedPicture draws the published means of the region.
func releasedPicture(r *site.Request, trend *disclosure.Trend, b shift.Bridge, before, after string,
	released time.Time) ChartView {
	return ChartViewOf(chart.Bridges(chart.Trend{ID: "entwicklung-region", Title: r.Text.Text("trend.picture_region"),
		Lang: site.LangOf(r), Whole: true,
		Points: []chart.TrendPoint{{Name: before, Score: trend.Before}, {Name: after, Score: trend.After}},
		Steps:  []chart.TrendStep{{Bridge: b, Known: true}}})).From(ChartSource(r, after, trend.N, released))
}

// regionBeside returns what was published of the region in the newest round of the trend that has a release.
func (s *Pages) regionBeside(r *site.Request, trend *trend.Town) (*ReleasedTrend, error) {
	for i := range slices.Backward(trend.Points) {
		h := trend.Points[i].Head
		released, err := s.releaseFor(r.Ctx(), h)
		if err != nil {
			return nil, err
		}
		if released != nil {
			return s.releasedTrend(r, h, released)
		}
	}
	return nil, nil
}

// releasedTrend puts the trend of a round's release into words; nil if it has none.
func (s *Pages) releasedTrend(r *site.Request, h assessment.Head, released *round.Released) (*ReleasedTrend, error) {
	if released.Release.Trend == nil {
		return nil, nil
	}
	d, err := s.services.Versions.Definition(r.Ctx(), h.Hash)
	if err != nil {
		return nil, err
	}
	return NewReleasedTrend(r, released.Release, released.At, d, released.Before, h.RoundTitle), nil
}

// stepTo is the step that led to the assessment of the request, for its result page; nil if there is none.
func (s *Pages) stepTo(r *site.Request, who string) (*TrendStep, *shift.Shift, error) {
	trend, err := s.services.Trends.Town(r.Ctx(), r.Actor, assessments.Head(r))
	if err != nil {
		return nil, nil, err
	}
	for i := range trend.Shifts {
		if trend.Points[i+1].Head.ID == assessments.Head(r).ID {
			step := townStep(r, &trend, i, who)
			return &step, &trend.Shifts[i], nil
		}
	}
	return nil, nil, nil
}
