package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/round"
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
	Back, BackLabel           string

	Contact      []inputView // whom others may ask; nil: not asked here
	ShownContact round.Contact
}

func (s *assessmentPages) consent(r *request) error {
	c, err := s.Rounds.Consent(r.ctx(), r.head)
	if err != nil {
		return err
	}
	contact, err := s.Rounds.Contact(r.ctx(), r.head)
	if err != nil {
		return err
	}
	v := r.consentView(c, c)
	v.asksContact(r, contact, contact)
	return r.render(http.StatusOK, "assessment_consent", v)
}

// asksContact adds the fields of the contact, stored or just entered.
func (v *consentView) asksContact(r *request, entered, shown round.Contact) {
	t := r.text.text
	v.ShownContact = shown
	v.Contact = []inputView{
		{Name: "contact_name", Label: t("consent.contact_name"), Type: "text", Value: entered.Name, Autocomplete: "off"},
		{Name: "contact_email", Label: t("consent.contact_email"), Type: "email", Value: account.ShownEmail(entered.Email), Autocomplete: "off"},
		{Name: "contact_phone", Label: t("consent.contact_phone"), Type: "tel", Value: entered.Phone, Autocomplete: "off"},
	}
}

// keepContact shows the contact as it was entered, if the form asked for it.
func (v *consentView) keepContact(r *request) {
	if form, err := r.form(); err == nil && form.Has("contact_name.shown") {
		v.asksContact(r, contactOf(form, ""), contactOf(form, ".shown"))
	}
}

// contactOf reads the contact of a form, or what the page showed as stored (suffix ".shown").
func contactOf(form url.Values, suffix string) round.Contact {
	return round.Contact{Name: form.Get("contact_name" + suffix), Email: form.Get("contact_email" + suffix), Phone: form.Get("contact_phone" + suffix)}
}

// consentView shows a choice, stored or just entered, beside the one that is stored.
func (r *request) consentView(chosen, stored disclosure.Consent) *consentView {
	v := &consentView{assessmentPage: r.assessmentFrame(r.text.text("consent.title")), Published: r.head.Released,
		Named: chosen != disclosure.Consent{}, Total: chosen.Total, Sections: chosen.Sections, Examples: chosen.Examples, Shown: consentFields(stored)}
	v.Path = v.address("/consent")
	v.Back, v.BackLabel = v.address(""), r.text.text("tasks.back")
	if r.head.Released {
		v.Back, v.BackLabel = v.address("/benchmark"), r.text.text("benchmark.back")
	}
	return v
}

func (s *assessmentPages) consentSave(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	stored, err := s.Rounds.Consent(r.ctx(), r.head)
	if err != nil {
		return err
	}
	var c disclosure.Consent
	if form.Get("naming") == "named" {
		c = disclosure.Consent{Total: form.Has("total"), Sections: form.Has("sections"), Examples: form.Has("examples")}
		if c == (disclosure.Consent{}) {
			return s.consentRefused(r, stored)
		}
	}
	contact, contactShown := contactOf(form, ""), contactOf(form, ".shown")
	withContact := c.Examples && form.Has("contact_name.shown")
	if withContact {
		if f := fault.As(s.Rounds.CheckContact(contact)); f != nil {
			return s.contactRefused(r, f, http.StatusUnprocessableEntity, c, stored, contact, contactShown)
		}
	}
	page := "/assessments/" + ofNumber(int64(r.head.ID)) + "/consent"
	shown := shownConsent(form)
	if shown != nil && c == *shown && c != stored {
		return r.redirect(page) // left as it was shown, while somebody else has chosen: the page says what holds now
	}
	err = s.Rounds.SetConsent(r.ctx(), r.actor, r.head, c, shown)
	if f := fault.As(err); f != nil {
		if now, ok := f.Detail.(disclosure.Consent); ok {
			return s.consentConflict(r, f, c, now)
		}
	}
	if err != nil {
		return err
	}
	if withContact {
		err = s.Rounds.SetContact(r.ctx(), r.actor, r.head, contact, contactShown)
		if f := fault.As(err); f != nil && f.Kind == fault.Conflict {
			if now, ok := f.Detail.(round.Contact); ok {
				return s.contactRefused(r, f, http.StatusConflict, c, c, contact, now)
			}
		}
		if err != nil {
			return err
		}
	}
	return r.redirect(page + "?done=consent")
}

// contactRefused shows the page once more with the contact as it was entered. Where somebody else has named another one
// meanwhile, both stand there, and saving once more means the one in the form.
func (s *assessmentPages) contactRefused(r *request, f *fault.Error, status int, c, stored disclosure.Consent, entered, shown round.Contact) error {
	v := r.consentView(c, stored)
	v.asksContact(r, entered, shown)
	if status == http.StatusConflict {
		v.Sent, v.Stored = contactInWords(r, entered), contactInWords(r, shown)
		v.Errors = []errorLine{{Field: "contact_name", Text: r.text.fault(f)}}
		return r.render(status, "assessment_consent", v)
	}
	for _, field := range f.Fields {
		for i := range v.Contact {
			if v.Contact[i].Name == field.Name {
				v.Contact[i].Error = r.text.field(field)
				v.Errors = append(v.Errors, errorLine{Field: field.Name, Text: v.Contact[i].Error})
			}
		}
	}
	return r.render(status, "assessment_consent", v)
}

func contactInWords(r *request, c round.Contact) string {
	if c == (round.Contact{}) {
		return r.text.text("consent.contact_none")
	}
	return strings.Join(slices.DeleteFunc([]string{c.Name, account.ShownEmail(c.Email), c.Phone}, func(s string) bool { return s == "" }), ", ")
}

// consentRefused shows the page once more: with a name, but nothing to show beside it.
func (s *assessmentPages) consentRefused(r *request, stored disclosure.Consent) error {
	v := r.consentView(disclosure.Consent{}, stored)
	v.Named, v.What = true, r.text.text("consent.what_missing")
	v.Errors = []errorLine{{Field: "total", Text: v.What}}
	v.keepContact(r)
	return r.render(http.StatusUnprocessableEntity, "assessment_consent", v)
}

// consentConflict shows both choices; saving once more now means the one in the form.
func (s *assessmentPages) consentConflict(r *request, f *fault.Error, sent, stored disclosure.Consent) error {
	v := r.consentView(sent, stored)
	v.Sent, v.Stored = r.consentInWords(sent), r.consentInWords(stored)
	v.Errors = []errorLine{{Field: "naming-anonymous", Text: r.text.fault(f)}}
	v.keepContact(r)
	return r.render(http.StatusConflict, "assessment_consent", v)
}

func (r *request) consentInWords(c disclosure.Consent) string {
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
func consentFields(c disclosure.Consent) string {
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
func shownConsent(form url.Values) *disclosure.Consent {
	if !form.Has("shown") {
		return nil
	}
	var c disclosure.Consent
	for _, name := range strings.Fields(form.Get("shown")) {
		c.Total, c.Sections, c.Examples = c.Total || name == "total", c.Sections || name == "sections", c.Examples || name == "examples"
	}
	return &c
}

// choiceOf reads a choice of a form; without is why it cannot be: a name, but nothing to show beside it.
func (r *request) choiceOf(form url.Values) (c disclosure.Consent, without string) {
	if form.Get("naming") != "named" {
		return c, ""
	}
	c = disclosure.Consent{Total: form.Has("total"), Sections: form.Has("sections"), Examples: form.Has("examples")}
	if c == (disclosure.Consent{}) {
		return c, r.text.text("consent.what_missing")
	}
	return c, ""
}

// consentAsked are the fields of the choice for a page that asks it beside something else; nil for who has no say in it.
func (s *assessmentPages) consentAsked(r *request) (*consentView, error) {
	if !r.may(account.ManageConsent) || !r.head.Removed.IsZero() {
		return nil, nil
	}
	c, err := s.Rounds.Consent(r.ctx(), r.head)
	if err != nil {
		return nil, err
	}
	return r.consentView(c, c), nil
}

// consentChosen stores a choice that was made beside something else, unless it was left as the page showed it. If
// somebody has chosen otherwise meanwhile, it answers with both choices.
func (s *assessmentPages) consentChosen(r *request, form url.Values) (answered bool, err error) {
	shown := shownConsent(form)
	c, _ := r.choiceOf(form)
	if shown == nil || !form.Has("naming") || c == *shown || !r.may(account.ManageConsent) {
		return false, nil
	}
	err = s.Rounds.SetConsent(r.ctx(), r.actor, r.head, c, shown)
	if f := fault.As(err); f != nil {
		if now, ok := f.Detail.(disclosure.Consent); ok {
			return true, s.consentConflict(r, f, c, now)
		}
	}
	return false, err
}

// namingView says how a town appears in the release that is shown, and what it chose for the next one.
type namingView struct {
	Here string // in this release; empty: there is none
	Next string // chosen for the next; empty: as here
	URL  string // to change it; empty: not for this reader
}

func (s *assessmentPages) naming(r *request, release *disclosure.Release, address string) (*namingView, error) {
	v := &namingView{}
	var here disclosure.Consent
	if release != nil {
		for _, n := range release.Named {
			if n.AGS == r.head.Town {
				here = disclosure.Consent{Total: n.Total != nil, Sections: len(n.Sections) > 0, Examples: n.Examples}
			}
		}
		v.Here = r.text.text("benchmark.naming.anonymous", "Town", r.head.TownName)
		if here != (disclosure.Consent{}) {
			v.Here = r.text.text("benchmark.naming.named", "Town", r.head.TownName, "What", namedWith(r.text, here))
		}
	}
	if !r.may(account.ManageConsent) || !r.head.Removed.IsZero() {
		return v, nil
	}
	chosen, err := s.Rounds.Consent(r.ctx(), r.head)
	if err != nil {
		return nil, err
	}
	v.URL = address
	if release == nil || chosen != here {
		v.Next = r.text.text("benchmark.naming.next", "What", namedWith(r.text, chosen))
	}
	return v, nil
}

// namedWith lists what a choice shows under the town's name: "gesamte Punktzahl, …"; "ohne Namen" for nothing.
func namedWith(m *messages, c disclosure.Consent) string {
	var parts []string
	if c.Total {
		parts = append(parts, m.text("consent.word.total"))
	}
	if c.Sections {
		parts = append(parts, m.text("consent.word.sections"))
	}
	if c.Examples {
		parts = append(parts, m.text("consent.word.examples"))
	}
	if len(parts) == 0 {
		return m.text("consent.word.anonymous")
	}
	return strings.Join(parts, ", ")
}
