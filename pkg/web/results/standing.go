package results

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// Standing is a submitted result in short, for a dashboard.
type Standing struct {
	Round, URL string
	Level      string
	Score      string
	Ladder     *Ladder
	Position   string // among all towns, in words; empty: nothing is published, or it is not shown
	Median     string
	Towns      int
	Change     string // since the round before, as a sheet says it
	Way        string
	Before     string // the round before; empty: there is none
	Lever      *LeverLine
	Earlier    []EarlierRound // the newest first
}

// LeverLine is the question that would add most to a score.
type LeverLine struct {
	Number, Text, URL string
	Gain              string // percentage points
	Now               string // what was answered
}

// EarlierRound is a line of the rounds a town has submitted in.
type EarlierRound struct {
	ID           int64
	Round        string
	Level, Score string
	Released     bool
}

// StandingOf returns where a town stands by its newest submitted assessment of the checklist of h among
// all of its assessments; nil if there is none.
func (s *Pages) StandingOf(r *site.Request, h assessment.Head, all []assessment.Head) (*Standing, error) {
	trend, err := s.services.Trends.Over(r.Ctx(), r.Actor, h, all)
	if err != nil || len(trend.Points) == 0 {
		return nil, err
	}
	last := len(trend.Points) - 1
	point := &trend.Points[last]
	d, err := s.services.Versions.Definition(r.Ctx(), point.Head.Hash)
	if err != nil {
		return nil, err
	}
	text, err := s.ChecklistText(r, d)
	if err != nil {
		return nil, err
	}
	page := assessments.AssessmentPage{ID: int64(point.Head.ID)}
	v := &Standing{Round: point.Head.RoundTitle, URL: page.Address("/result"), Score: "–"}
	f := r.Text.Words()
	if point.Score != nil {
		v.Level, v.Score = point.Level.Label.In(site.LangOf(r)), f.Percent(*point.Score)
	}
	var was *float64
	if last > 0 {
		v.Before, was = trend.Points[last-1].Head.RoundTitle, trend.Shifts[last-1].Before
		if b, ok := trend.Shifts[last-1].Bridge(); ok {
			v.Way, v.Change = changed(f, b.Total())
		}
	}
	v.Ladder = NewLadder(r, d, point.Result, point.Head.TownName, was)
	if levers := point.Result.Levers(); len(levers) > 0 {
		l := levers[0]
		q := &text.Questions[d.Ordinal(l.Question)]
		answer, given := point.Answers[l.Question]
		v.Lever = &LeverLine{Number: q.Number, Text: q.Text, URL: v.URL + "#hebel", Gain: f.PercentNumber(l.Gain),
			Now: assessments.AnswerInWords(r, q, given, answer)}
	}
	for i := last; i >= 0; i-- {
		p := &trend.Points[i]
		line := EarlierRound{ID: int64(p.Head.ID), Round: p.Head.RoundTitle, Score: "–", Released: p.Head.Released}
		if p.Score != nil {
			line.Level, line.Score = p.Level.Label.In(site.LangOf(r)), f.Percent(*p.Score)
		}
		v.Earlier = append(v.Earlier, line)
	}
	return v, s.placeStanding(r, v, point.Head, point.Score)
}

// placeStanding adds where the score stands among all towns of the round, where that is published.
func (s *Pages) placeStanding(r *site.Request, v *Standing, h assessment.Head, own *float64) error {
	released, err := s.releaseFor(r.Ctx(), h)
	if err != nil || released == nil || own == nil {
		return err
	}
	place, _ := placeIn(r, &released.Release.Report, own, &FootnoteList{Lang: site.LangOf(r)})
	if place.Told {
		v.Median, v.Towns, v.Position = place.Median, place.Towns, place.Position
	}
	return nil
}
