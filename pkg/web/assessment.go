package web

import (
	"context"
	"net/http"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
)

// bodyUpload bounds a file sent as evidence with its form around it, bodySection a whole section's answers and comments.
const (
	bodyUpload  = assessment.MaxFile + 64<<10
	bodySection = 1 << 20
)

// assessmentRoutes are a town's self-assessment: its tasks, evidence, submitting.
func (s *assessmentPages) assessmentRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/assessments/:assessment", name: "assessment.tasks", action: account.ViewAssessment, object: assessmentObject, handler: s.assessmentTasks},
		{method: http.MethodGet, path: "/assessments/:assessment/questions/:question/history", name: "assessment.history", action: account.ViewHistory, object: assessmentObject, handler: s.assessmentHistory},
		{method: http.MethodGet, path: "/assessments/:assessment/overview", name: "assessment.overview", action: account.ViewAssessment, object: assessmentObject, handler: s.assessmentOverview},
		{method: http.MethodPost, path: "/assessments/:assessment/submit", name: "assessment.submit", action: account.SubmitAssessment, object: assessmentObject, handler: s.assessmentSubmit},
		{method: http.MethodPost, path: "/assessments/:assessment/reopen", name: "assessment.reopen", action: account.ReopenAssessment, object: assessmentObject, handler: s.assessmentReopen},

		{method: http.MethodGet, path: "/assessments/:assessment/questions/:question/evidence", name: "evidence", action: account.EditAssessment, object: assessmentObject, handler: s.evidence},
		{method: http.MethodPost, path: "/assessments/:assessment/questions/:question/evidence", name: "evidence.add", action: account.EditAssessment, object: assessmentObject, handler: s.evidenceAdd, body: bodyUpload, timeout: 2 * time.Minute},
		{method: http.MethodGet, path: "/assessments/:assessment/evidence/:evidence", name: "evidence.file", action: account.ViewAssessment, object: assessmentObject, handler: s.evidenceFile},
		{method: http.MethodGet, path: "/assessments/:assessment/evidence/:evidence/remove", name: "evidence.remove", action: account.EditAssessment, object: assessmentObject, handler: s.evidenceRemove},
		{method: http.MethodPost, path: "/assessments/:assessment/evidence/:evidence/remove", name: "evidence.removed", action: account.EditAssessment, object: assessmentObject, handler: s.evidenceRemoved},

		{method: http.MethodGet, path: "/assessments/:assessment/consent", name: "consent", action: account.ManageConsent, object: assessmentObject, handler: s.consent},
		{method: http.MethodPost, path: "/assessments/:assessment/consent", name: "consent.save", action: account.ManageConsent, object: assessmentObject, handler: s.consentSave},
	}
}

// assessmentObject loads the head of the assessment in the address, which says whose it is and what state it is in.
func assessmentObject(s *server, r *request) (account.Object, error) {
	h, err := s.Assessments.Head(r.ctx(), r.actor, r.route.action, assessment.ID(r.number("assessment")))
	if err != nil {
		return account.Object{}, err
	}
	r.head = h
	return h.Object(), nil
}

// may reports whether the actor may also do another action to the assessment of the request.
func (r *request) may(action account.Action) bool {
	return account.Can(r.actor, action, r.head.Object())
}

// editable reports whether the actor can answer questions here and now.
func (r *request) editable() bool {
	return r.may(account.EditAssessment) && r.head.TakesAnswers(r.srv.Now())
}

// assessmentView returns the answers of the request's assessment, from memory if nothing was written since.
func (s *assessmentPages) assessmentView(r *request) (assessment.View, error) {
	return s.viewOf(r.ctx(), r.head)
}

// viewOf is assessmentView for a head the caller was allowed to see.
func (s *assessmentPages) viewOf(ctx context.Context, h assessment.Head) (assessment.View, error) {
	if v, ok := s.memory.views.get(h.ID); ok && v.Head.Change == h.Change && v.Head.Hash == h.Hash {
		v.Head = h
		return v, nil
	}
	v, err := s.Assessments.View(ctx, h)
	if err != nil {
		return assessment.View{}, err
	}
	s.memory.views.put(h.ID, v)
	return v, nil
}

// assessmentEvidence returns the evidence of the request's assessment by question.
func (s *assessmentPages) assessmentEvidence(r *request) (map[checklist.QuestionID][]assessment.Evidence, error) {
	if e, ok := s.memory.evidence.get(r.head.ID); ok && e.change == r.head.Change {
		return e.byQuestion, nil
	}
	list, err := s.Assessments.Evidence(r.ctx(), r.head)
	if err != nil {
		return nil, err
	}
	by := map[checklist.QuestionID][]assessment.Evidence{}
	for _, e := range list {
		by[e.Question] = append(by[e.Question], e)
	}
	s.memory.evidence.put(r.head.ID, evidenceOf{r.head.Change, by})
	return by, nil
}

// refreshHead reads the head again after something was written.
func (s *assessmentPages) refreshHead(r *request) error {
	h, err := s.Assessments.Head(r.ctx(), r.actor, account.ViewAssessment, r.head.ID)
	r.head = h
	return err
}

// questionOf returns the question in the address.
func (s *assessmentPages) questionOf(r *request) (*checklist.Definition, *checklist.Question, *checklist.Section, error) {
	d, err := s.Versions.Definition(r.ctx(), r.head.Hash)
	if err != nil {
		return nil, nil, nil, err
	}
	q, section, ok := d.Question(checklist.QuestionID(r.Param("question")))
	if !ok {
		return nil, nil, nil, assessment.ErrNoQuestion
	}
	return d, q, section, nil
}
