package answering

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// delegationRoutes are the lead's: asking colleagues by links, and seeing what came back.
func (s *Pages) delegationRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/assessments/:assessment/delegations", Name: "delegations",
			Action: account.DelegateQuestions, Object: s.AssessmentObject, Handler: s.delegations},
		{Method: http.MethodPost, Path: "/assessments/:assessment/delegations", Name: "delegations.create",
			Action: account.DelegateQuestions, Object: s.AssessmentObject, Handler: s.delegationsCreate,
			Timeout: time.Minute},
		{Method: http.MethodPost, Path: "/assessments/:assessment/delegations/:delegation/remind",
			Name: "delegations.remind", Action: account.DelegateQuestions, Object: s.AssessmentObject,
			Handler: s.delegationsRemind, Timeout: time.Minute},
		{Method: http.MethodGet, Path: "/assessments/:assessment/delegations/:delegation/revoke",
			Name: "delegations.revoke", Action: account.DelegateQuestions, Object: s.AssessmentObject,
			Handler: s.delegationsRevoke},
		{Method: http.MethodPost, Path: "/assessments/:assessment/delegations/:delegation/revoke",
			Name: "delegations.revoked", Action: account.DelegateQuestions, Object: s.AssessmentObject,
			Handler: s.delegationsRevoked},
	}
}

type delegationsView struct {
	assessments.AssessmentPage
	Fresh         *freshLinkView // a link that was just made
	Asked         []askedView
	MayAsk        bool   // the assessment takes answers
	Key           string // of the forms that make links: sent again, they make no second one
	Mailing       bool
	People        []acquaintanceView // asked before
	For, Email    site.InputView
	Until, Note   site.InputView
	Sections      []askableSection
	QuestionError string
	More          string // the address of a section to pick more questions from; empty: none is chosen
}

// acquaintanceView is somebody who was asked before, to choose.
type acquaintanceView struct {
	ID         int64
	For, Email string
	Chosen     bool
}

// askedView is one colleague with what came back.
type askedView struct {
	ID             int64
	For, Name      string
	Email          string
	State          string // unopened, some, done, expired, revoked
	Done, All      int
	Created, Until time.Time
	At             time.Time // when the state came about
	LastUse        time.Time
	Reminders      int
	Reminded       time.Time
	By             string
	Note           string
	Questions      []askedQuestion
	MayRemind      bool
	MayRevoke      bool
}

type askedQuestion struct {
	Number, Text, Section, ID string
	Given, Inactive           bool
	Words, By                 string
	At                        time.Time
}

type askableSection struct {
	ID, Title string
	Open      bool
	Questions []askableQuestion
}

type askableQuestion struct {
	ID, Number, Text string
	Given, Chosen    bool
}

func (s *Pages) delegations(r *site.Request) error {
	v, err := s.delegationsView(r, r.QueryParams())
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, "delegations", v)
}

// delegationsView fills the page; form is what was chosen on the page before or has just been refused.
func (s *Pages) delegationsView(r *site.Request, form url.Values) (*delegationsView, error) {
	t := r.Text.Text
	view, err := s.AssessmentView(r)
	if err != nil {
		return nil, err
	}
	text, err := s.ChecklistText(r, view.Definition)
	if err != nil {
		return nil, err
	}
	list, err := s.services.Assessments.Delegations(r.Ctx(), assessments.Head(r))
	if err != nil {
		return nil, err
	}
	now := s.Now()
	v := &delegationsView{AssessmentPage: assessments.AssessmentFrame(r, t("delegation.title")),
		MayAsk: assessments.Head(r).TakesAnswers(now), Key: account.NewFormKey(), Mailing: s.Mail != nil}
	v.Filled(r.Text, assessments.CountAll(view, v.Editable))
	v.Path = v.Address("/delegations")
	states := score.States(view.Definition, assessment.Answers(view.Entries))
	for i := range list {
		v.Asked = append(v.Asked, newAskedView(r, &list[i], view, text, states))
	}
	until := wording.LastDay(earlier(now.Add(assessment.DelegationLife),
		assessments.Head(r).Closes)).In(wording.Berlin).Format(
		time.DateOnly)
	if form.Has("until") {
		until = site.Value(form, "until")
	}
	v.For = site.InputView{Name: "for", Label: t("delegation.for"), Hint: t("delegation.for_hint"), Type: "text",
		Autocomplete: "off", Required: true, Value: site.Value(form, "for")}
	v.Email = site.InputView{Name: "email", Label: t("delegation.email"), Hint: t("delegation.email_hint"),
		Type: "email", Autocomplete: "off", Value: site.Value(form, "email")}
	if v.Mailing {
		v.Email.Hint = t("delegation.email_hint_mail")
	}
	v.Until = site.InputView{Name: "until", Label: t("delegation.until"),
		Hint: t("delegation.until_hint", "Max", int(assessment.MaxDelegationLife/(24*time.Hour)), "Date",
			r.Text.Words().Date(wording.LastDay(assessments.Head(r).Closes))), Type: "date", Required: true,
		Value: until}
	v.Note = site.InputView{Name: "note", Label: t("delegation.note"), Hint: t("delegation.note_hint"), Rows: 3,
		Value: form.Get("note")}
	if chosen := newBasket(view.Definition, form["question"]); len(chosen) > 0 {
		_, section, _ := view.Definition.Question(checklist.QuestionID(chosen[len(chosen)-1]))
		v.More = v.Address("/sections/" + string(section.ID) + chosen.query("?"))
	}
	people, err := s.services.Assessments.Acquaintances(r.Ctx(), assessments.Head(r))
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		v.People = append(v.People, acquaintanceView{int64(p.ID), p.For, account.ShownEmail(p.Email),
			form.Get("person") == site.OfNumber(int64(p.ID))})
	}
	for i := range text.Sections {
		v.Sections = append(v.Sections, askable(text, i, view, form["question"]))
	}
	return v, nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// askable lists a section's questions to choose from.
func askable(text *assessments.ChecklistText, i int, view assessment.View, chosen []string) askableSection {
	section := askableSection{ID: text.Sections[i].ID, Title: text.Sections[i].Title}
	for j := range view.Definition.Sections[i].Questions {
		q := &text.Questions[text.Sections[i].First+j]
		one := askableQuestion{ID: q.ID, Number: q.Number, Text: q.Text, Given: view.Entries[q.Question.ID].Given,
			Chosen: slices.Contains(chosen, q.ID)}
		section.Open = section.Open || one.Chosen
		section.Questions = append(section.Questions, one)
	}
	return section
}

func newAskedView(r *site.Request, d *assessment.Delegation, view assessment.View, text *assessments.ChecklistText,
	states []score.State) askedView {
	now := r.Srv.Now()
	v := askedView{ID: int64(d.ID), For: d.For, Name: d.Name, Email: account.ShownEmail(d.Email), Created: d.Created,
		Until: wording.LastDay(d.Expires), LastUse: d.LastUse, Reminders: d.Reminders, Reminded: d.Reminded,
		By: d.ByName, Note: d.Note}
	for _, id := range d.Questions {
		i := view.Definition.Ordinal(id)
		_, section, _ := view.Definition.Question(id)
		q, e := &text.Questions[i], view.Entries[id]
		line := askedQuestion{Number: q.Number, Text: q.Text, Section: string(section.ID), ID: q.ID, Given: e.Given,
			Inactive: states[i] == score.Inactive, Words: assessments.AnswerInWords(r, q, e.Given, e.Answer), By: e.By,
			At: e.At}
		if !line.Inactive {
			v.All++
			if e.Given {
				v.Done++
			}
		}
		v.Questions = append(v.Questions, line)
	}
	open := assessments.Head(r).TakesAnswers(now)
	switch {
	case !d.Revoked.IsZero():
		v.State, v.At = "revoked", d.Revoked
	case !d.Done.IsZero():
		v.State, v.At = "done", d.Done
	case !now.Before(d.Expires):
		v.State, v.At, v.MayRemind = "expired", d.Expires, open
	case d.Name == "":
		v.State, v.MayRemind = "unopened", open
	default:
		v.State, v.At, v.MayRemind = "some", d.LastUse, open
	}
	v.MayRevoke = d.Revoked.IsZero() && now.Before(d.Expires)
	return v
}

// delegationsCreate makes a link and shows it in the answer of the form: it is not stored and cannot be shown again.
func (s *Pages) delegationsCreate(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	in := assessment.Request{For: site.Value(form, "for"), Email: site.Value(form, "email"), Note: form.Get("note"),
		Expires: endOfDay(site.Value(form, "until"), s.Now()), Key: form.Get("key")}
	if err := s.chosenPerson(r, form.Get("person"), &in); err != nil {
		return err
	}
	for _, id := range form["question"] {
		in.Questions = append(in.Questions, checklist.QuestionID(id))
	}
	token, d, err := s.services.Assessments.Delegate(r.Ctx(), r.Actor, assessments.Head(r), in)
	f := fault.As(err)
	if f != nil && d.Repeated {
		// what it made has ended meanwhile
		return r.SeeOther("/assessments/" + site.OfNumber(int64(assessments.Head(r).ID)) + "/delegations")
	}
	if f != nil && (f.Kind == fault.Invalid || errors.Is(err, assessment.ErrManyLinks)) {
		return s.delegationsRefused(r, form, f)
	}
	if err != nil {
		return err
	}
	return s.delegationsWithLink(r, token, d)
}

// chosenPerson takes name and address of somebody who was asked before, unless others were typed. Who is not among
// those that the page offers is nobody.
func (s *Pages) chosenPerson(r *site.Request, chosen string, in *assessment.Request) error {
	if chosen == "" || in.For != "" || in.Email != "" {
		return nil
	}
	people, err := s.services.Assessments.Acquaintances(r.Ctx(), assessments.Head(r))
	if err != nil {
		return err
	}
	for _, p := range people {
		if site.OfNumber(int64(p.ID)) == chosen {
			in.For, in.Email = p.For, p.Email
		}
	}
	return nil
}

// endOfDay reads a day and returns its end; a broken one is before all times. The last day that is
// possible ends with the limit.
func endOfDay(day string, now time.Time) time.Time {
	t, err := site.ParseDate(day)
	if err != nil {
		return time.Unix(0, 0)
	}
	limit := now.Add(assessment.MaxDelegationLife)
	if t.Before(limit) && t.AddDate(0, 0, 1).After(limit) {
		return limit
	}
	return t.AddDate(0, 0, 1)
}

func (s *Pages) delegationsRefused(r *site.Request, form url.Values, f *fault.Error) error {
	v, err := s.delegationsView(r, form)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if f.Kind == fault.Conflict {
		v.Errors, status = []site.ErrorLine{{Text: r.Text.Fault(f)}}, http.StatusConflict
	}
	v.Refused(r.Text, f)
	// As the page asks: the questions first.
	slices.SortStableFunc(v.Errors, func(a, b site.ErrorLine) int {
		order := []string{"question", "for", "email", "note", "until"}
		return slices.Index(order, a.Field) - slices.Index(order, b.Field)
	})
	v.For.Error, v.Email.Error, v.Until.Error, v.Note.Error = v.ErrorFor("for"), v.ErrorFor("email"),
		v.ErrorFor("until"), v.ErrorFor("note")
	v.QuestionError = v.ErrorFor("question")
	return r.Render(status, "delegations", v)
}

// person is a name as people write it, without an office.
var person = regexp.MustCompile(`^(Dr\. |Prof\. |Frau |Herr )*\p{Lu}[\p{L}-]+( \p{Lu}[\p{L}-]+){1,3}$`)

// office are words that no person is called.
var office = regexp.MustCompile(
	`(?i)(amt|büro|stelle|dienst|bereich|abteilung|team|verwaltung|stadt|gemeinde|schule|office|service|department)\b`)
