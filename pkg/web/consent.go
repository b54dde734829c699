package web

import (
	"net/http"

	"ortsspiegel/pkg/bench"
)

// consentView asks a town what it wants to be named with in the next release.
type consentView struct {
	assessmentPage
	Total, Sections, Examples bool
	Published                 bool // a release exists already: the choice takes effect in the next one
}

func (s *server) consent(r *request) error {
	c, err := s.Rounds.Consent(r.ctx(), r.head)
	if err != nil {
		return err
	}
	v := consentView{assessmentPage: r.assessmentFrame(r.text.text("consent.title")), Published: r.head.Released}
	v.Total, v.Sections, v.Examples = c.Total, c.Sections, c.Examples
	return r.render(http.StatusOK, "assessment_consent", &v)
}

func (s *server) consentSave(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	var c bench.Consent
	if form.Get("naming") == "named" {
		c = bench.Consent{Total: form.Has("total"), Sections: form.Has("sections"), Examples: form.Has("examples")}
	}
	if err := s.Rounds.SetConsent(r.ctx(), r.actor, r.head, c); err != nil {
		return err
	}
	return r.redirect("/assessments/" + ofNumber(int64(r.head.ID)) + "/consent?done=consent")
}
