package web

import (
	"math"
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/web/answering"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// townBoard is a town's dashboard: what is next in the assessment that takes answers, and where the
// town stands by its newest submitted one.
type townBoard struct {
	Now      *startAssessment // the one that takes answers; nil: there is none
	Days     int              // left for answers, today counted
	Minutes  int              // that the open questions may take
	Sections []boardSection
	Next     *boardSection // the first with open questions; nil: all are answered
	First    bool          // nothing is begun, and there was no round before
	MaySend  bool          // the reader may hand it in
	MayAsk   bool
	Range    assessments.RangeView
	Asked    []answering.AskedLine
	Standing *results.Standing // nil: nothing was submitted
	Rounds   []boardRound      // submitted before, the newest first
}

// boardSection is a section's tile.
type boardSection struct {
	assessments.SectionState
	URL   string
	Width string // of what is done, an SVG attribute in percent
}

// boardRound is a line of the rounds in which the town has handed in.
type boardRound struct {
	*startAssessment
	Level, Score string // empty: not known here
}

// FirstMinutes is what the whole way may take: sharing out and checking take ten minutes each.
func (b *townBoard) FirstMinutes() int { return b.Minutes + 20 }

// secondsAQuestion is what towns took on average, looking things up included.
const secondsAQuestion = 40

// minutesFor is how long so many questions may take, rounded up to five minutes.
func minutesFor(questions int) int {
	return 5 * int(math.Ceil(float64(questions)*secondsAQuestion/300))
}

func (s *shell) startTown(r *site.Request, v startView) error {
	var err error
	if v.Notices, v.NoticesTo, err = s.people.Notices(r); err != nil {
		return err
	}
	heads, err := s.own.OfTown(r.Ctx(), r.Actor)
	if err != nil {
		return err
	}
	v.Board = &townBoard{}
	for _, h := range heads {
		line := assessmentLine(h, s.Now())
		line.Since = firstOfTrend(heads, h)
		if line.Reason != "" {
			line.Returned = assessments.ReopenedText(r, h)
		}
		switch {
		case line.Answerable && v.Board.Now == nil:
			if err := s.fillBoard(r, &v, h, &line); err != nil {
				return err
			}
		case line.State == "submitted":
			v.Board.Rounds = append(v.Board.Rounds, boardRound{startAssessment: &line})
		default:
			if line.Answerable {
				view, err := s.assessments.ViewOf(r.Ctx(), h)
				if err != nil {
					return err
				}
				line.Counted = assessments.CountAll(view, true)
			}
			v.Assessments = append(v.Assessments, line)
		}
	}
	if err := s.stand(r, v.Board, heads); err != nil {
		return err
	}
	v.Board.First = v.Board.Now != nil && v.Board.Now.State == "not_begun" && v.Board.Standing == nil
	return r.Render(http.StatusOK, "start", v)
}

// fillBoard fills in what is next in an assessment that takes answers.
func (s *shell) fillBoard(r *site.Request, v *startView, h assessment.Head, line *startAssessment) error {
	b := v.Board
	assessments.SetHead(r, h)
	now, err := s.assessments.SheetOf(r)
	if err != nil {
		return err
	}
	line.Counted = assessments.CountAll(now.View, true)
	line.Proposals = assessments.NewWaitingProposals(r, &now.Offers, now.Waiting().Whole)
	b.Now, b.Days, b.Minutes = line, wording.DaysLeft(s.Now(), h.Closes), minutesFor(line.Counted.Open)
	b.Range = assessments.NewRangeView(now.View)
	line.MayConfirm = assessments.May(r, account.EditAssessment)
	b.MaySend = assessments.May(r, account.SubmitAssessment)
	b.MayAsk = assessments.May(r, account.DelegateQuestions)
	for i := range now.Text.Sections {
		state := assessments.NewSectionState(&now.Text.Sections[i], assessments.CountSection(now.View, i, true))
		tile := boardSection{SectionState: state, Width: "0%",
			URL: (&assessments.AssessmentPage{ID: line.ID}).Address("/sections/" + state.ID)}
		if state.Counted.All > 0 {
			tile.Width = wording.Page("en").Number(100*state.Counted.Done/state.Counted.All) + "%"
		}
		b.Sections = append(b.Sections, tile)
		if b.Next == nil && state.State != "all" {
			next := tile
			b.Next = &next
		}
	}
	page := assessments.AssessmentFrame(r, v.Title)
	page.Filled(r.Text, line.Counted)
	v.JobSteps = page.JobSteps
	if b.MayAsk {
		b.Asked, err = s.answering.AskedOf(r, now.View, now.Text)
	}
	return err
}

// stand fills in where the town stands, by the checklist of its newest assessment.
func (s *shell) stand(r *site.Request, b *townBoard, heads []assessment.Head) error {
	if len(heads) == 0 || len(b.Rounds) == 0 {
		return nil
	}
	newest := heads[0]
	for _, h := range heads {
		if b.Now != nil && int64(h.ID) == b.Now.ID || b.Now == nil && int64(h.ID) == b.Rounds[0].ID {
			newest = h
		}
	}
	if !account.Can(r.Actor, account.ViewResult, newest.Object()) {
		return nil
	}
	var err error
	if b.Standing, err = s.results.StandingOf(r, newest, heads); err != nil || b.Standing == nil {
		return err
	}
	for i := range b.Rounds {
		for _, e := range b.Standing.Earlier {
			if e.ID == b.Rounds[i].ID {
				b.Rounds[i].Level, b.Rounds[i].Score = e.Level, e.Score
			}
		}
	}
	return nil
}
