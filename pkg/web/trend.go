package web

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
)

// townTrendRoutes show how a town and a region have changed over the rounds of a checklist.
func (s *resultPages) townTrendRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/assessments/:assessment/trend", name: "assessment.trend", action: account.ViewResult, object: assessmentObject, handler: s.assessmentTrend},
	}
}

// assessmentTrendView is a town's way through its submitted assessments.
type assessmentTrendView struct {
	assessmentPage
	Waiting bool // the assessment of the address is not submitted yet
	Points  []trendPoint
	Steps   []trendStep // the newest first
	Picture chartView
	Region  *releasedTrend
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

func (s *resultPages) assessmentTrend(r *request) error {
	t := r.text.text
	trend, err := s.Trends.Town(r.ctx(), r.actor, r.head)
	if err != nil {
		return err
	}
	v := &assessmentTrendView{assessmentPage: r.assessmentFrame(t("trend.title")), Waiting: r.head.Status != assessment.Submitted}
	v.Title, v.Within = t("trend.title")+" · "+v.Town, v.Round
	for _, h := range trend.Apart {
		v.Apart = append(v.Apart, t("trend.apart", "Round", h.RoundTitle, "Version", string(h.Checklist.Version)))
	}
	if len(trend.Points) < 2 {
		return r.render(http.StatusOK, "assessment_trend", v)
	}
	v.Charts = true
	v.points(r, &trend)
	for i := range slices.Backward(trend.Shifts) {
		v.Steps = append(v.Steps, townStep(r, &trend, i, v.who()))
	}
	v.Picture = townTrendPicture(r, &trend)
	if v.Region, err = s.regionBeside(r, &trend); err != nil {
		return err
	}
	return r.render(http.StatusOK, "assessment_trend", v)
}

// who begins the texts about the score: the town is spoken to, the agency is told.
func (p *assessmentPage) who() string {
	if p.Foreign {
		return "town"
	}
	return "own"
}

func (v *assessmentTrendView) points(r *request, trend *trend.Town) {
	f := r.text.words()
	for i, p := range trend.Points {
		line := trendPoint{Round: p.Head.RoundTitle, URL: assessmentAddress(p.Head.ID) + "/result", Version: string(p.Head.Checklist.Version), Level: p.Level.Label.In(langOf(r)),
			Here: p.Head.ID == r.head.ID, Submitted: p.Head.Submitted, Score: p.Score, Change: "–", Answers: "–", Rules: "–", Common: "–"}
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
func townStep(r *request, trend *trend.Town, i int, who string) trendStep {
	from, to, shift := &trend.Points[i], &trend.Points[i+1], &trend.Shifts[i]
	step := trendStep{From: from.Head.RoundTitle, To: to.Head.RoundTitle}
	step.shift(r, who, shift, from.Head.Checklist == to.Head.Checklist)
	step.compare(r, from.Head.Checklist, to.Head.Checklist, shift.Common)
	step.Table = newTrendTable(r, step.From, step.To, "trend.col_common")
	for k := range shift.Sections {
		section := &shift.Sections[k]
		step.Table.Sections = append(step.Table.Sections, newTrendSection(r, titleOf(to.Titles, section.ID, langOf(r)), section.Rebased, section.Comparable, section.Common))
	}
	return step
}

func assessmentAddress(id assessment.ID) string { return "/assessments/" + ofNumber(int64(id)) }

func townTrendPicture(r *request, trend *trend.Town) chartView {
	c := chart.Trend{ID: "entwicklung", Title: r.text.text("trend.picture", "Town", r.head.TownName), Lang: langOf(r)}
	for i, p := range trend.Points {
		c.Points = append(c.Points, chart.TrendPoint{Name: p.Head.RoundTitle, Score: p.Score})
		if i > 0 {
			b, ok := trend.Shifts[i-1].Bridge()
			c.Steps = append(c.Steps, chart.TrendStep{Bridge: b, Known: ok})
		}
	}
	return chartViewOf(chart.Bridges(c)).from(r.text.text("chart.source_town", "Town", r.head.TownName, "Date", r.text.words().Date(r.srv.Now())))
}

// releasedPicture draws the published means of the region.
func releasedPicture(r *request, trend *disclosure.Trend, b shift.Bridge, before, after string, released time.Time) chartView {
	return chartViewOf(chart.Bridges(chart.Trend{ID: "entwicklung-region", Title: r.text.text("trend.picture_region"), Lang: langOf(r), Whole: true,
		Points: []chart.TrendPoint{{Name: before, Score: trend.Before}, {Name: after, Score: trend.After}}, Steps: []chart.TrendStep{{Bridge: b, Known: true}}})).from(r.chartSource(after, trend.N, released))
}

// regionBeside returns what was published of the region in the newest round of the trend that has a release.
func (s *resultPages) regionBeside(r *request, trend *trend.Town) (*releasedTrend, error) {
	for i := range slices.Backward(trend.Points) {
		h := trend.Points[i].Head
		released, err := s.releaseFor(r.ctx(), h)
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
func (s *resultPages) releasedTrend(r *request, h assessment.Head, released *round.Released) (*releasedTrend, error) {
	if released.Release.Trend == nil {
		return nil, nil
	}
	d, err := s.Versions.Definition(r.ctx(), h.Hash)
	if err != nil {
		return nil, err
	}
	return newReleasedTrend(r, released.Release, released.At, d, released.Before, h.RoundTitle), nil
}

// stepTo is the step that led to the assessment of the request, for its result page; nil if there is none.
func (s *resultPages) stepTo(r *request, who string) (*trendStep, error) {
	trend, err := s.Trends.Town(r.ctx(), r.actor, r.head)
	if err != nil {
		return nil, err
	}
	for i := range trend.Shifts {
		if trend.Points[i+1].Head.ID == r.head.ID {
			step := townStep(r, &trend, i, who)
			return &step, nil
		}
	}
	return nil, nil
}
