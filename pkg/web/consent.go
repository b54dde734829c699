package web

import (
	"net/http"
	"net/url"
	"strings"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/fault"
)

// consentView asks a town what it wants to be named with in the next release.
type consentView struct {
	assessmentPage
	Named                     bool
	Total, Sections, Examples bool
	Published                 bool   // a release exists already: the choice takes effect in the next one
	Shown                     string // what is stored while the page is shown, as consentFields writes it
	What                      string // why the ticks were refused
	Stored                    string // in words, where somebody has chosen otherwise meanwhile
	Sent                      string
}

func (s *server) consent(r *request) error {
	c, err := s.Rounds.Consent(r.ctx(), r.head)
	if err != nil {
		return err
	}
	return r.render(http.StatusOK, "assessment_consent", r.consentView(c, c))
}

// consentView shows a choice, stored or just entered, beside the one that is stored.
func (r *request) consentView(chosen, stored bench.Consent) *consentView {
	v := &consentView{assessmentPage: r.assessmentFrame(r.text.text("consent.title")), Published: r.head.Released,
		Named: chosen != bench.Consent{}, Total: chosen.Total, Sections: chosen.Sections, Examples: chosen.Examples, Shown: consentFields(stored)}
	v.Path = v.address("/consent")
	return v
}

func (s *server) consentSave(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	stored, err := s.Rounds.Consent(r.ctx(), r.head)
	if err != nil {
		return err
	}
	var c bench.Consent
	if form.Get("naming") == "named" {
		c = bench.Consent{Total: form.Has("total"), Sections: form.Has("sections"), Examples: form.Has("examples")}
		if c == (bench.Consent{}) {
			return s.consentRefused(r, stored)
		}
	}
	page := "/assessments/" + ofNumber(int64(r.head.ID)) + "/consent"
	shown := shownConsent(form)
	if shown != nil && c == *shown && c != stored {
		return r.redirect(page) // left as it was shown, while somebody else has chosen: the page says what holds now
	}
	err = s.Rounds.SetConsent(r.ctx(), r.actor, r.head, c, shown)
	if f := fault.As(err); f != nil {
		if now, ok := f.Detail.(bench.Consent); ok {
			return s.consentConflict(r, f, c, now)
		}
	}
	if err != nil {
		return err
	}
	return r.redirect(page + "?done=consent")
}

// consentRefused shows the page once more: with a name, but nothing to show beside it.
func (s *server) consentRefused(r *request, stored bench.Consent) error {
	v := r.consentView(bench.Consent{}, stored)
	v.Named, v.What = true, r.text.text("consent.what_missing")
	v.Errors = []errorLine{{Field: "total", Text: v.What}}
	return r.render(http.StatusUnprocessableEntity, "assessment_consent", v)
}

// consentConflict shows both choices; saving once more now means the one in the form.
func (s *server) consentConflict(r *request, f *fault.Error, sent, stored bench.Consent) error {
	v := r.consentView(sent, stored)
	v.Sent, v.Stored = r.consentInWords(sent), r.consentInWords(stored)
	v.Errors = []errorLine{{Field: "naming-anonymous", Text: r.text.fault(f)}}
	return r.render(http.StatusConflict, "assessment_consent", v)
}

func (r *request) consentInWords(c bench.Consent) string {
	fields := strings.Fields(consentFields(c))
	if len(fields) == 0 {
		return r.text.text("consent.anonymous")
	}
	for i, name := range fields {
		fields[i] = r.text.text("consent." + name)
	}
	return r.text.text("consent.named") + ": " + strings.Join(fields, ", ")
}

// consentFields lists the fields of the form that a choice ticks; empty: without a name.
func consentFields(c bench.Consent) string {
	var names []string
	for _, x := range []struct {
		on   bool
		name string
	}{{c.Total, "total"}, {c.Sections, "sections"}, {c.Examples, "examples"}} {
		if x.on {
			names = append(names, x.name)
		}
	}
	return strings.Join(names, " ")
}

// shownConsent reads what the page showed as stored; nil if the form does not say.
func shownConsent(form url.Values) *bench.Consent {
	if !form.Has("shown") {
		return nil
	}
	var c bench.Consent
	for _, name := range strings.Fields(form.Get("shown")) {
		c.Total, c.Sections, c.Examples = c.Total || name == "total", c.Sections || name == "sections", c.Examples || name == "examples"
	}
	return &c
}
