package assessments

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

// bodyUpload bounds a file sent as evidence with its form around it, bodySection a whole section's
// answers and comments.
const (
	bodyUpload  = assessment.MaxFile + 64<<10
	BodySection = 1 << 20
)

// assessmentRoutes are a town's self-assessment: its tasks, evidence, submitting.
func (s *Pages) assessmentRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/assessments/:assessment", Name: "assessment.tasks",
			Action: account.ViewAssessment, Object: s.AssessmentObject, Handler: s.assessmentTasks},
		{Method: http.MethodGet, Path: "/assessments/:assessment/questions/:question/history",
			Name: "assessment.history", Action: account.ViewHistory, Object: s.AssessmentObject,
			Handler: s.assessmentHistory},
		{Method: http.MethodGet, Path: "/assessments/:assessment/overview", Name: "assessment.overview",
			Action: account.ViewAssessment, Object: s.AssessmentObject, Handler: s.assessmentOverview},
		{Method: http.MethodPost, Path: "/assessments/:assessment/submit", Name: "assessment.submit",
			Action: account.SubmitAssessment, Object: s.AssessmentObject, Handler: s.assessmentSubmit},
		{Method: http.MethodPost, Path: "/assessments/:assessment/reopen", Name: "assessment.reopen",
			Action: account.ReopenAssessment, Object: s.AssessmentObject, Handler: s.assessmentReopen},

		{Method: http.MethodGet, Path: "/assessments/:assessment/questions/:question/evidence", Name: "evidence",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.evidence},
		{Method: http.MethodPost, Path: "/assessments/:assessment/questions/:question/evidence", Name: "evidence.add",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.evidenceAdd, Body: bodyUpload,
			Timeout: 2 * time.Minute},
		{Method: http.MethodGet, Path: "/assessments/:assessment/evidence/:evidence", Name: "evidence.file",
			Action: account.ViewAssessment, Object: s.AssessmentObject, Handler: s.evidenceFile},
		{Method: http.MethodGet, Path: "/assessments/:assessment/evidence/:evidence/remove", Name: "evidence.remove",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.evidenceRemove},
		{Method: http.MethodPost, Path: "/assessments/:assessment/evidence/:evidence/remove", Name: "evidence.removed",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.evidenceRemoved},

		{Method: http.MethodGet, Path: "/assessments/:assessment/consent", Name: "consent",
			Action: account.ManageConsent, Object: s.AssessmentObject, Handler: s.consent},
		{Method: http.MethodPost, Path: "/assessments/:assessment/consent", Name: "consent.save",
			Action: account.ManageConsent, Object: s.AssessmentObject, Handler: s.consentSave},
	}
}

// subject is what a route below an assessment or a link is about.
type subject struct {
	head       assessment.Head
	delegation *assessment.Delegation // of /d/:token; nil elsewhere
}

// Head returns the assessment that the request is about.
func Head(r *site.Request) assessment.Head {
	if about, ok := r.About.(*subject); ok {
		return about.head
	}
	return assessment.Head{}
}

// Delegation returns the link by which the request came; nil: it came by an account.
func Delegation(r *site.Request) *assessment.Delegation {
	if about, ok := r.About.(*subject); ok {
		return about.delegation
	}
	return nil
}

// SetHead says that the request is about an assessment that the caller was allowed to see.
func SetHead(r *site.Request, h assessment.Head) { r.About = &subject{head: h} }

// AboutLink says that the request is about what was read of a link.
func AboutLink(r *site.Request, h assessment.Head, d assessment.Delegation) {
	r.About, r.Link = &subject{h, &d}, "link "+strconv.FormatInt(int64(d.ID), 10)
}

// AssessmentObject loads the head of the assessment in the address, which says whose it is and what state it is in.
func (s *Pages) AssessmentObject(r *site.Request) (account.Object, error) {
	h, err := s.services.Assessments.Head(r.Ctx(), r.Actor, r.Route.Action, assessment.ID(r.Number("assessment")))
	if err != nil {
		return account.Object{}, err
	}
	r.About = &subject{head: h}
	return h.Object(), nil
}

// May reports whether the actor may also do another action to the assessment of the request.
func May(r *site.Request, action account.Action) bool {
	return account.Can(r.Actor, action, Head(r).Object())
}

// Editable reports whether the actor can answer questions here and now.
func Editable(r *site.Request) bool {
	return May(r, account.EditAssessment) && Head(r).TakesAnswers(r.Srv.Now())
}

// AssessmentView returns the answers of the request's assessment, from memory if nothing was written since.
func (s *Pages) AssessmentView(r *site.Request) (assessment.View, error) {
	return s.ViewOf(r.Ctx(), Head(r))
}

// ViewOf is assessmentView for a head the caller was allowed to see.
func (s *Pages) ViewOf(ctx context.Context, h assessment.Head) (assessment.View, error) {
	if v, ok := s.Memory.views.Get(h.ID); ok && v.Head.Change == h.Change && v.Head.Hash == h.Hash {
		v.Head = h
		return v, nil
	}
	v, err := s.services.Assessments.View(ctx, h)
	if err != nil {
		return assessment.View{}, err
	}
	s.Memory.views.Put(h.ID, v)
	return v, nil
}

// AssessmentEvidence returns the evidence of the request's assessment by question.
func (s *Pages) AssessmentEvidence(r *site.Request) (map[checklist.QuestionID][]assessment.Evidence, error) {
	if e, ok := s.Memory.evidence.Get(Head(r).ID); ok && e.change == Head(r).Change {
		return e.byQuestion, nil
	}
	list, err := s.services.Assessments.Evidence(r.Ctx(), Head(r))
	if err != nil {
		return nil, err
	}
	by := map[checklist.QuestionID][]assessment.Evidence{}
	for _, e := range list {
		by[e.Question] = append(by[e.Question], e)
	}
	s.Memory.evidence.Put(Head(r).ID, evidenceOf{Head(r).Change, by})
	return by, nil
}

// RefreshHead reads the head again after something was written.
func (s *Pages) RefreshHead(r *site.Request) error {
	h, err := s.services.Assessments.Head(r.Ctx(), r.Actor, account.ViewAssessment, Head(r).ID)
	r.About = &subject{h, Delegation(r)}
	return err
}

// QuestionOf returns the question in the address.
func (s *Pages) QuestionOf(r *site.Request) (*checklist.Definition, *checklist.Question, *checklist.Section, error) {
	d, err := s.services.Versions.Definition(r.Ctx(), Head(r).Hash)
	if err != nil {
		return nil, nil, nil, err
	}
	q, section, ok := d.Question(checklist.QuestionID(r.Param("question")))
	if !ok {
		return nil, nil, nil, assessment.ErrNoQuestion
	}
	return d, q, section, nil
}

// LinkObject finds what a link is about. An unknown secret is answered like any address that does not exist; for one
// that has ended the reader is told whom to ask.
func (s *Pages) LinkObject(r *site.Request) (account.Object, error) {
	if !s.Rates.ByLink.Network.Allow(site.NetworkKey(r.RealIP()), s.Now()) {
		return account.Object{}, site.TooMany()
	}
	h, d, err := s.services.Assessments.Delegated(r.Ctx(), r.Param("token"))
	if fault.Is(err, fault.NotFound) {
		return account.Object{}, err
	}
	// The address holds the secret: not even our own log of referring pages is to see it.
	r.Response().Header().Set("Referrer-Policy", "strict-origin")
	if err != nil {
		return account.Object{}, err
	}
	if !s.Rates.ByLink.Link.Allow(strconv.FormatInt(int64(d.ID), 10), s.Now()) {
		return account.Object{}, site.TooMany()
	}
	AboutLink(r, h, d)
	return h.Object(), nil
}

// LinkAddress is an address below the link.
func LinkAddress(r *site.Request, rest string) string { return "/d/" + r.Param("token") + rest }
