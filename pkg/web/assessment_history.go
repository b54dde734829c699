package web

import (
	"net/http"
	"time"
)

type assessmentHistoryView struct {
	assessmentPage
	Number, Question string
	Section          string
	SectionTitle     string
	QuestionID       string
	Changes          []changeView
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
func (s *assessmentPages) assessmentHistory(r *request) error {
	d, q, section, err := s.questionOf(r)
	if err != nil {
		return err
	}
	text, err := s.checklistText(r, d)
	if err != nil {
		return err
	}
	changes, err := s.Assessments.History(r.ctx(), r.head, q.ID)
	if err != nil {
		return err
	}
	qt := &text.questions[d.Ordinal(q.ID)]
	v := assessmentHistoryView{assessmentPage: r.assessmentFrame(r.text.text("history.title", "Number", qt.Number)), Number: qt.Number, Question: qt.Text,
		Section: string(section.ID), SectionTitle: section.Title.In(langOf(r)), QuestionID: qt.ID}
	v.crumbs(append(v.way(r.text), crumb{v.SectionTitle, v.address("/sections/" + v.Section)}, crumb{v.Title, ""})...)
	for _, c := range changes {
		line := changeView{At: c.At, By: c.By, From: answerInWords(r, qt, c.FromGiven, c.From), To: answerInWords(r, qt, c.ToGiven, c.To),
			Comment: c.Comment, CommentChanged: c.Comment != c.Before, CommentDeleted: c.Comment == "" && c.Before != "",
			AnswerUnchanged: c.FromGiven == c.ToGiven && (!c.ToGiven || c.From.Equal(c.To))}
		line.Origin = r.originText(c.Origin)
		line.FromWhy, line.ToWhy = reasonOf(c.FromGiven, c.From), reasonOf(c.ToGiven, c.To)
		v.Changes = append(v.Changes, line)
	}
	return r.render(http.StatusOK, "assessment_history", v)
}
