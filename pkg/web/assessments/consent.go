package assessments

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
)

// consentView asks a town what it wants to be named with in the next release.
type consentView struct {
	AssessmentPage
	Named                     bool
	Total, Sections, Examples bool
	Published                 bool   // a release exists already: the choice takes effect in the next one
	Shown                     string // what is stored while the page is shown, as consentFields writes it
	What                      string // why the ticks were refused
	Stored                    string // in words, where somebody has chosen otherwise meanwhile
	Sent                      string
	Back, BackLabel           string

	Contact      []site.InputView // whom others may ask; nil: not asked here
	ShownContact round.Contact
}

func (s *Pages) consent(r *site.Request) error {
	c, err := s.services.Rounds.Consent(r.Ctx(), Head(r))
	if err != nil {
		return err
	}
	contact, err := s.services.Rounds.Contact(r.Ctx(), Head(r))
	if err != nil {
		return err
	}
	v := newConsentView(r, c, c)
	v.asksContact(r, contact, contact)
	return r.Render(http.StatusOK, "assessment_consent", v)
}

// asksContact adds the fields of the contact, stored or just entered.
func (v *consentView) asksContact(r *site.Request, entered, shown round.Contact) {
	t := r.Text.Text
	v.ShownContact = shown
	v.Contact = []site.InputView{
		{Name: "contact_name", Label: t("consent.contact_name"), Type: "text", Value: entered.Name,
			Autocomplete: "off"},
		{Name: "contact_email", Label: t("consent.contact_email"), Type: "email",
			Value: account.ShownEmail(entered.Email), Autocomplete: "off"},
		{Name: "contact_phone", Label: t("consent.contact_phone"), Type: "tel", Value: entered.Phone,
			Autocomplete: "off"},
	}
}

// keepContact shows the contact as it was entered, if the form asked for it.
func (v *consentView) keepContact(r *site.Request) {
	if form, err := r.Form(); err == nil && form.Has("contact_name.shown") {
		v.asksContact(r, contactOf(form, ""), contactOf(form, ".shown"))
	}
}

// contactOf reads the contact of a form, or what the page showed as stored (suffix ".shown").
func contactOf(form url.Values, suffix string) round.Contact {
	return round.Contact{Name: form.Get("contact_name" + suffix), Email: form.Get("contact_email" + suffix),
		Phone: form.Get("contact_phone" + suffix)}
}

// newConsentView shows a choice, stored or just entered, beside the one that is stored.
func newConsentView(r *site.Request, chosen, stored disclosure.Consent) *consentView {
	v := &consentView{AssessmentPage: AssessmentFrame(r, r.Text.Text("consent.title")), Published: Head(r).Released,
		Named: chosen != disclosure.Consent{}, Total: chosen.Total, Sections: chosen.Sections,
		Examples: chosen.Examples, Shown: consentFields(stored)}
	v.Path = v.Address("/consent")
	v.Back, v.BackLabel = v.Address(""), r.Text.Text("tasks.back")
	if Head(r).Released {
		v.Back, v.BackLabel = v.Address("/benchmark"), r.Text.Text("benchmark.back")
	}
	return v
}

func (s *Pages) consentSave(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	stored, err := s.services.Rounds.Consent(r.Ctx(), Head(r))
	if err != nil {
		return err
	}
	c, without := choiceOf(r, form)
	if without != "" {
		return s.consentRefused(r, stored, without)
	}
	contact, contactShown := contactOf(form, ""), contactOf(form, ".shown")
	withContact := c.Examples && form.Has("contact_name.shown")
	if withContact {
		if f := fault.As(s.services.Rounds.CheckContact(contact)); f != nil {
			return s.contactRefused(r, f, http.StatusUnprocessableEntity, c, stored, contact, contactShown)
		}
	}
	page := "/assessments/" + site.OfNumber(int64(Head(r).ID)) + "/consent"
	shown := shownConsent(form)
	if shown != nil && c == *shown && c != stored {
		return r.SeeOther(page) // left as it was shown, while somebody else has chosen: the page says what holds now
	}
	err = s.services.Rounds.SetConsent(r.Ctx(), r.Actor, Head(r), c, shown)
	if f := fault.As(err); f != nil {
		if now, ok := f.Detail.(disclosure.Consent); ok {
			return s.consentConflict(r, f, c, now)
		}
	}
	if err != nil {
		return err
	}
	if withContact {
		err = s.services.Rounds.SetContact(r.Ctx(), r.Actor, Head(r), contact, contactShown)
		if f := fault.As(err); f != nil && f.Kind == fault.Conflict {
			if now, ok := f.Detail.(round.Contact); ok {
				return s.contactRefused(r, f, http.StatusConflict, c, c, contact, now)
			}
		}
		if err != nil {
			return err
		}
	}
	return r.SeeOther(page + "?done=consent")
}

// contactRefused shows the page once more with the contact as it was entered. Where somebody else has named another one
// meanwhile, both stand there, and saving once more means the one in the form.
func (s *Pages) contactRefused(r *site.Request, f *fault.Error, status int, c, stored disclosure.Consent,
	entered, shown round.Contact) error {
	v := newConsentView(r, c, stored)
	v.asksContact(r, entered, shown)
	if status == http.StatusConflict {
		v.Sent, v.Stored = contactInWords(r, entered), contactInWords(r, shown)
		v.Errors = []site.ErrorLine{{Field: "contact_name", Text: r.Text.Fault(f)}}
		return r.Render(status, "assessment_consent", v)
	}
	v.Errors = v.refuseContact(r, f)
	return r.Render(status, "assessment_consent", v)
}

// refuseContact says at the fields of the contact what is wrong with them.
func (v *consentView) refuseContact(r *site.Request, f *fault.Error) (lines []site.ErrorLine) {
	for _, field := range f.Fields {
		for i := range v.Contact {
			if v.Contact[i].Name == field.Name {
				v.Contact[i].Error = r.Text.Field(field)
				lines = append(lines, site.ErrorLine{Field: field.Name, Text: v.Contact[i].Error})
			}
		}
	}
	return lines
}

func contactInWords(r *site.Request, c round.Contact) string {
	if c == (round.Contact{}) {
		return r.Text.Text("consent.contact_none")
	}
	return strings.Join(slices.DeleteFunc([]string{c.Name, account.ShownEmail(c.Email), c.Phone}, func(s string) bool {
		return s == ""
	}), ", ")
}

// consentRefused shows the page once more: with a name, but nothing to show beside it.
func (s *Pages) consentRefused(r *site.Request, stored disclosure.Consent, without string) error {
	v := newConsentView(r, disclosure.Consent{}, stored)
	v.Named, v.What = true, without
	v.Errors = []site.ErrorLine{{Field: "total", Text: v.What}}
	v.keepContact(r)
	return r.Render(http.StatusUnprocessableEntity, "assessment_consent", v)
}

// consentConflict shows both choices; saving once more now means the one in the form.
func (s *Pages) consentConflict(r *site.Request, f *fault.Error, sent, stored disclosure.Consent) error {
	v := newConsentView(r, sent, stored)
	v.Sent, v.Stored = consentInWords(r, sent), consentInWords(r, stored)
	v.Errors = []site.ErrorLine{{Field: "naming-anonymous", Text: r.Text.Fault(f)}}
	v.keepContact(r)
	return r.Render(http.StatusConflict, "assessment_consent", v)
}

func consentInWords(r *site.Request, c disclosure.Consent) string {
	fields := strings.Fields(consentFields(c))
	if len(fields) == 0 {
		return r.Text.Text("consent.anonymous")
	}
	for i, name := range fields {
		fields[i] = r.Text.Text("consent." + name)
	}
	return r.Text.Text("consent.named") + ": " + strings.Join(fields, ", ")
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
		c.Total, c.Sections, c.Examples = c.Total || name == "total", c.Sections || name == "sections",
			c.Examples || name == "examples"
	}
	return &c
}

// choiceOf reads a choice of a form; without is why it cannot be: a name, but nothing to show beside it.
func choiceOf(r *site.Request, form url.Values) (c disclosure.Consent, without string) {
	if form.Get("naming") != "named" {
		return c, ""
	}
	c = disclosure.Consent{Total: form.Has("total"), Sections: form.Has("sections"), Examples: form.Has("examples")}
	if c == (disclosure.Consent{}) {
		return c, r.Text.Text("consent.what_missing")
	}
	return c, ""
}

// consentAsked are the fields of the choice for a page that asks it beside something else; nil for
// who has no say in it.
func (s *Pages) consentAsked(r *site.Request) (*consentView, error) {
	if !May(r, account.ManageConsent) || !Head(r).Removed.IsZero() {
		return nil, nil
	}
	c, err := s.services.Rounds.Consent(r.Ctx(), Head(r))
	if err != nil {
		return nil, err
	}
	contact, err := s.services.Rounds.Contact(r.Ctx(), Head(r))
	if err != nil {
		return nil, err
	}
	v := newConsentView(r, c, c)
	v.asksContact(r, contact, contact)
	return v, nil
}

// consentChosen stores a choice that was made beside something else, unless it was left as the page showed it. If
// somebody has chosen otherwise meanwhile, it answers with both choices.
func (s *Pages) consentChosen(r *site.Request, form url.Values) (answered bool, err error) {
	shown := shownConsent(form)
	c, _ := choiceOf(r, form)
	if shown == nil || !form.Has("naming") || c == *shown || !May(r, account.ManageConsent) {
		return false, nil
	}
	err = s.services.Rounds.SetConsent(r.Ctx(), r.Actor, Head(r), c, shown)
	if f := fault.As(err); f != nil {
		if now, ok := f.Detail.(disclosure.Consent); ok {
			return true, s.consentConflict(r, f, c, now)
		}
	}
	return false, err
}

// contactEntered reads whom others may ask, where a page asked for it beside something else and the
// choice lets others ask.
func contactEntered(r *site.Request, form url.Values) (entered, shown round.Contact, ok bool) {
	c, _ := choiceOf(r, form)
	if !c.Examples || !form.Has("contact_name.shown") || !May(r, account.ManageConsent) {
		return entered, shown, false
	}
	return contactOf(form, ""), contactOf(form, ".shown"), true
}

// contactChosen stores whom others may ask, unless it was left as the page showed it. If somebody has named another one
// meanwhile, it answers with both.
func (s *Pages) contactChosen(r *site.Request, form url.Values) (answered bool, err error) {
	entered, shown, ok := contactEntered(r, form)
	if !ok || entered == shown {
		return false, nil
	}
	err = s.services.Rounds.SetContact(r.Ctx(), r.Actor, Head(r), entered, shown)
	if f := fault.As(err); f != nil && f.Kind == fault.Conflict {
		if now, ok := f.Detail.(round.Contact); ok {
			c, _ := choiceOf(r, form)
			return true, s.contactRefused(r, f, http.StatusConflict, c, c, entered, now)
		}
	}
	return false, err
}

// NamingView says how a town appears in the release that is shown, and what it chose for the next one.
type NamingView struct {
	Here string // in this release; empty: there is none
	Next string // chosen for the next; empty: as here
	URL  string // to change it; empty: not for this reader
}

func (s *Pages) Naming(r *site.Request, release *disclosure.Release, address string) (*NamingView, error) {
	v := &NamingView{}
	var here disclosure.Consent
	if release != nil {
		for _, n := range release.Named {
			if n.AGS == Head(r).Town {
				here = disclosure.Consent{Total: n.Total != nil, Sections: len(n.Sections) > 0, Examples: n.Examples}
			}
		}
		v.Here = r.Text.Text("benchmark.naming.anonymous", "Town", Head(r).TownName)
		if here != (disclosure.Consent{}) {
			v.Here = r.Text.Text("benchmark.naming.named", "Town", Head(r).TownName, "What", namedWith(r.Text, here))
		}
	}
	if !May(r, account.ManageConsent) || !Head(r).Removed.IsZero() {
		return v, nil
	}
	chosen, err := s.services.Rounds.Consent(r.Ctx(), Head(r))
	if err != nil {
		return nil, err
	}
	v.URL = address
	if release == nil || chosen != here {
		v.Next = r.Text.Text("benchmark.naming.next", "What", namedWith(r.Text, chosen))
	}
	return v, nil
}

// namedWith lists what a choice shows under the town's name: "gesamte Punktzahl, …"; "ohne Namen" for nothing.
func namedWith(m *site.Messages, c disclosure.Consent) string {
	var parts []string
	if c.Total {
		parts = append(parts, m.Text("consent.word.total"))
	}
	if c.Sections {
		parts = append(parts, m.Text("consent.word.sections"))
	}
	if c.Examples {
		parts = append(parts, m.Text("consent.word.examples"))
	}
	if len(parts) == 0 {
		return m.Text("consent.word.anonymous")
	}
	return strings.Join(parts, ", ")
}
