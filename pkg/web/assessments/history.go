package assessments

import (
	"net/http"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/web/site"
)

type assessmentHistoryView struct {
	AssessmentPage
	Number, Question string
	Section          string
	SectionTitle     string
	QuestionID       string
	Changes          []changeView
	Old              *OfferView // what was said in the round before; nil: nothing, or it is no longer of use
}

// changeView is one line of a question's history.
type changeView struct {
	At              time.Time
	By              string
	From, To        string
	FromWhy, ToWhy  string // reasons of "not applicable"
	Comment         string // after the change, where it changed
	CommentChanged  bool
	CommentDeleted  bool
	AnswerUnchanged bool
	Origin          string // where the answer was taken from
}

// assessmentHistory shows who changed an answer, when, from what to what.
func (s *Pages) assessmentHistory(r *site.Request) error {
	d, q, section, err := s.QuestionOf(r)
	if err != nil {
		return err
	}
	text, err := s.ChecklistText(r, d)
	if err != nil {
		return err
	}
	changes, err := s.services.Assessments.History(r.Ctx(), Head(r), q.ID)
	if err != nil {
		return err
	}
	qt := &text.Questions[d.Ordinal(q.ID)]
	v := assessmentHistoryView{AssessmentPage: AssessmentFrame(r, r.Text.Text("history.title", "Number", qt.Number)),
		Number: qt.Number, Question: qt.Text,
		Section: string(section.ID), SectionTitle: section.Title.In(site.LangOf(r)), QuestionID: qt.ID}
	v.SetCrumbs(append(v.Way(r.Text), site.Crumb{Label: v.SectionTitle, URL: v.Address("/sections/" + v.Section)},
		site.Crumb{Label: v.Title, URL: ""})...)
	for _, c := range changes {
		line := changeView{At: c.At, By: c.By, From: AnswerInWords(r, qt, c.FromGiven, c.From),
			To:      AnswerInWords(r, qt, c.ToGiven, c.To),
			Comment: c.Comment, CommentChanged: c.Comment != c.Before,
			CommentDeleted:  c.Comment == "" && c.Before != "",
			AnswerUnchanged: c.FromGiven == c.ToGiven && (!c.ToGiven || c.From.Equal(c.To))}
		line.Origin = OriginText(r, c.Origin)
		line.FromWhy, line.ToWhy = ReasonOf(c.FromGiven, c.From), ReasonOf(c.ToGiven, c.To)
		v.Changes = append(v.Changes, line)
	}
	if Editable(r) {
		offers, err := s.ProposalsOf(r, Head(r))
		if err != nil {
			return err
		}
		if o, ok := offers.List[q.ID]; ok {
			v.Old = NewOfferView(r, qt, &offers.From, &o, assessment.Entry{})
		}
	}
	return r.Render(http.StatusOK, "assessment_history", v)
}
