package web

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

// delegationRoutes are the lead's: asking colleagues by links, and seeing what came back.
func (s *answeringPages) delegationRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/assessments/:assessment/delegations", name: "delegations", action: account.DelegateQuestions, object: assessmentObject, handler: s.delegations},
		{method: http.MethodPost, path: "/assessments/:assessment/delegations", name: "delegations.create", action: account.DelegateQuestions, object: assessmentObject, handler: s.delegationsCreate, timeout: time.Minute},
		{method: http.MethodPost, path: "/assessments/:assessment/delegations/:delegation/remind", name: "delegations.remind", action: account.DelegateQuestions, object: assessmentObject, handler: s.delegationsRemind, timeout: time.Minute},
		{method: http.MethodGet, path: "/assessments/:assessment/delegations/:delegation/revoke", name: "delegations.revoke", action: account.DelegateQuestions, object: assessmentObject, handler: s.delegationsRevoke},
		{method: http.MethodPost, path: "/assessments/:assessment/delegations/:delegation/revoke", name: "delegations.revoked", action: account.DelegateQuestions, object: assessmentObject, handler: s.delegationsRevoked},
	}
}

// A person may send so many mails at once and one more every half minute.
const (
	mailBurst = 20
	mailEvery = 30 * time.Second
)

type delegationsView struct {
	assessmentPage
	Fresh         *freshLinkView // a link that was just made
	Asked         []askedView
	MayAsk        bool   // the assessment takes answers
	Key           string // of the forms that make links: sent again, they make no second one
	Mailing       bool
	For, Email    inputView
	Until, Note   inputView
	Sections      []askableSection
	QuestionError string
}

// freshLinkView shows a link, once.
type freshLinkView struct {
	For, Email    string
	Link          string
	Subject, Text string
	Mail          string // sent, failed, or empty: none was to be sent
	Again         bool   // it replaces another
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

func (s *answeringPages) delegations(r *request) error {
	v, err := s.delegationsView(r, r.QueryParams())
	if err != nil {
		return err
	}
	return r.render(http.StatusOK, "delegations", v)
}

// delegationsView fills the page; form is what was chosen on the page before or has just been refused.
func (s *answeringPages) delegationsView(r *request, form url.Values) (*delegationsView, error) {
	t := r.text.text
	view, err := s.assessmentView(r)
	if err != nil {
		return nil, err
	}
	text, err := s.checklistText(r, view.Definition)
	if err != nil {
		return nil, err
	}
	list, err := s.Assessments.Delegations(r.ctx(), r.head)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	v := &delegationsView{assessmentPage: r.assessmentFrame(t("delegation.title")), MayAsk: r.head.TakesAnswers(now), Key: account.NewFormKey(), Mailing: s.Mail != nil}
	v.Path = v.address("/delegations")
	states := score.States(view.Definition, assessment.Answers(view.Entries))
	for i := range list {
		v.Asked = append(v.Asked, r.askedView(&list[i], view, text, states))
	}
	until := wording.LastDay(earlier(now.Add(assessment.DelegationLife), r.head.Closes)).In(wording.Berlin).Format(time.DateOnly)
	if form.Has("until") {
		until = value(form, "until")
	}
	v.For = inputView{Name: "for", Label: t("delegation.for"), Hint: t("delegation.for_hint"), Type: "text", Autocomplete: "off", Required: true, Value: value(form, "for")}
	v.Email = inputView{Name: "email", Label: t("delegation.email"), Hint: t("delegation.email_hint"), Type: "email", Autocomplete: "off", Value: value(form, "email")}
	if v.Mailing {
		v.Email.Hint = t("delegation.email_hint_mail")
	}
	v.Until = inputView{Name: "until", Label: t("delegation.until"), Hint: t("delegation.until_hint", "Max", int(assessment.MaxDelegationLife/(24*time.Hour)), "Date", r.text.words().Date(wording.LastDay(r.head.Closes))), Type: "date", Required: true, Value: until}
	v.Note = inputView{Name: "note", Label: t("delegation.note"), Hint: t("delegation.note_hint"), Rows: 3, Value: form.Get("note")}
	for i := range text.sections {
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
func askable(text *checklistText, i int, view assessment.View, chosen []string) askableSection {
	section := askableSection{ID: text.sections[i].ID, Title: text.sections[i].Title}
	for j := range view.Definition.Sections[i].Questions {
		q := &text.questions[text.sections[i].first+j]
		one := askableQuestion{ID: q.ID, Number: q.Number, Text: q.Text, Given: view.Entries[q.question.ID].Given, Chosen: slices.Contains(chosen, q.ID)}
		section.Open = section.Open || one.Chosen
		section.Questions = append(section.Questions, one)
	}
	return section
}

func (r *request) askedView(d *assessment.Delegation, view assessment.View, text *checklistText, states []score.State) askedView {
	now := r.srv.Now()
	v := askedView{ID: int64(d.ID), For: d.For, Name: d.Name, Email: account.ShownEmail(d.Email), Created: d.Created, Until: wording.LastDay(d.Expires), LastUse: d.LastUse, Reminders: d.Reminders, Reminded: d.Reminded, By: d.ByName, Note: d.Note}
	for _, id := range d.Questions {
		i := view.Definition.Ordinal(id)
		_, section, _ := view.Definition.Question(id)
		q, e := &text.questions[i], view.Entries[id]
		line := askedQuestion{Number: q.Number, Text: q.Text, Section: string(section.ID), ID: q.ID, Given: e.Given, Inactive: states[i] == score.Inactive, Words: answerInWords(r, q, e.Given, e.Answer), By: e.By, At: e.At}
		if !line.Inactive {
			v.All++
			if e.Given {
				v.Done++
			}
		}
		v.Questions = append(v.Questions, line)
	}
	open := r.head.TakesAnswers(now)
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
func (s *answeringPages) delegationsCreate(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	in := assessment.Request{For: value(form, "for"), Email: value(form, "email"), Note: form.Get("note"), Expires: endOfDay(value(form, "until"), s.Now()), Key: form.Get("key")}
	for _, id := range form["question"] {
		in.Questions = append(in.Questions, checklist.QuestionID(id))
	}
	token, d, err := s.Assessments.Delegate(r.ctx(), r.actor, r.head, in)
	f := fault.As(err)
	if f != nil && d.Repeated {
		return r.redirect("/assessments/" + ofNumber(int64(r.head.ID)) + "/delegations") // what it made has ended meanwhile
	}
	if f != nil && (f.Kind == fault.Invalid || errors.Is(err, assessment.ErrManyLinks)) {
		return s.delegationsRefused(r, form, f)
	}
	if err != nil {
		return err
	}
	return s.delegationsWithLink(r, token, d)
}

// endOfDay reads a day and returns its end; a broken one is before all times. The last day that is possible ends with the limit.
func endOfDay(day string, now time.Time) time.Time {
	t, err := parseDate(day)
	if err != nil {
		return time.Unix(0, 0)
	}
	limit := now.Add(assessment.MaxDelegationLife)
	if t.Before(limit) && t.AddDate(0, 0, 1).After(limit) {
		return limit
	}
	return t.AddDate(0, 0, 1)
}

func (s *answeringPages) delegationsRefused(r *request, form url.Values, f *fault.Error) error {
	v, err := s.delegationsView(r, form)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if f.Kind == fault.Conflict {
		v.Errors, status = []errorLine{{Text: r.text.fault(f)}}, http.StatusConflict
	}
	v.refused(r.text, f)
	// As the page asks: the questions first.
	slices.SortStableFunc(v.Errors, func(a, b errorLine) int {
		order := []string{"question", "for", "email", "note", "until"}
		return slices.Index(order, a.Field) - slices.Index(order, b.Field)
	})
	v.For.Error, v.Email.Error, v.Until.Error, v.Note.Error = v.errorFor("for"), v.errorFor("email"), v.errorFor("until"), v.errorFor("note")
	v.QuestionError = v.errorFor("question")
	return r.render(status, "delegations", v)
}

// delegationsWithLink sends the mail, where there is an address and a way to send it, and shows the text that it would carry. A
// mail that cannot be sent costs nothing but copying.
func (s *answeringPages) delegationsWithLink(r *request, token string, d assessment.Delegation) error {
	v, err := s.delegationsView(r, url.Values{})
	if err != nil {
		return err
	}
	fresh := &freshLinkView{For: d.For, Email: account.ShownEmail(d.Email), Link: s.PublicURL.Link("/d/" + token), Again: d.Reminders > 0}
	if fresh.Subject, fresh.Text, err = s.linkMail(r, fresh.Link, &d); err != nil {
		return err
	}
	if d.Repeated {
		v.Notice = &noticeView{Kind: "success", Text: r.text.text("delegation.repeated")}
	} else if d.Email != "" && s.Mail != nil {
		fresh.Mail = "sent"
		if !s.rates.mails.allow(r.personKey(), s.Now()) {
			fresh.Mail = "failed"
		} else if err := s.Mail.Send(r.ctx(), d.Email, fresh.Subject, fresh.Text); err != nil {
			s.Logger.Warn("mail not sent", "id", requestID(r), "error", err)
			fresh.Mail = "failed"
		}
	}
	v.Fresh = fresh
	return r.render(http.StatusOK, "delegations", v)
}

// linkMail writes what the colleague is to read.
func (s *answeringPages) linkMail(r *request, link string, d *assessment.Delegation) (subject, body string, err error) {
	def, err := s.Versions.Definition(r.ctx(), r.head.Hash)
	if err != nil {
		return "", "", err
	}
	text, err := s.checklistText(r, def)
	if err != nil {
		return "", "", err
	}
	var questions, note strings.Builder
	for _, id := range d.Questions {
		q := &text.questions[def.Ordinal(id)]
		questions.WriteString("- " + q.Number + " " + q.Text + "\n")
	}
	if d.Note != "" {
		note.WriteString(d.Note + "\n\n")
	}
	f := r.text.words()
	until := wording.LastDay(d.Expires)
	many := f.Count(len(d.Questions))
	first, size := utf8.DecodeRuneInString(many)
	greeting := r.text.text("delegation.greeting")
	if name := personIn(d.For); name != "" {
		greeting = r.text.text("delegation.greeting_name", "Name", name)
	}
	family, args := "delegation.mail_", []any{"Greeting", greeting, "Many", many, "First", string(unicode.ToUpper(first)) + many[size:],
		"Day", f.Day(until), "Count", len(d.Questions), "Round", r.head.RoundTitle, "Town", r.head.TownName, "Questions", questions.String(), "Note", note.String(),
		"Link", link, "Until", f.Date(until), "Lead", r.actor.Name}
	if d.Reminders > 0 {
		family = "delegation.reminder_"
	}
	return r.text.text(family+"subject", args...), r.text.text(family+"text", args...), nil
}

// person is a name as people write it, without an office.
var person = regexp.MustCompile(`^(Dr\. |Prof\. |Frau |Herr )*\p{Lu}[\p{L}-]+( \p{Lu}[\p{L}-]+){1,3}$`)

// office are words that no person is called.
var office = regexp.MustCompile(`(?i)(amt|büro|stelle|dienst|bereich|abteilung|team|verwaltung|stadt|gemeinde|schule|office|service|department)\b`)

// personIn finds a person's name in what a lead has typed, such as "Petra Klein, Bürgerbüro"; empty if there is none.
func personIn(asked string) string {
	name, _, _ := strings.Cut(asked, ",")
	name, _, _ = strings.Cut(name, "(")
	if name = strings.TrimSpace(name); person.MatchString(name) && !office.MatchString(name) {
		return name
	}
	return ""
}

// delegationsRemind makes a new link in place of the old one: only its hash was kept.
func (s *answeringPages) delegationsRemind(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	token, d, err := s.Assessments.Remind(r.ctx(), r.actor, r.head, assessment.DelegationID(r.number("delegation")), form.Get("key"))
	if fault.Is(err, fault.NotFound) {
		return errNoPage.Because(err)
	}
	if err != nil {
		return err
	}
	return s.delegationsWithLink(r, token, d)
}

type delegationRevokeView struct {
	assessmentPage
	For, Back, Post string
}

// delegationsRevoke asks before a link is ended.
func (s *answeringPages) delegationsRevoke(r *request) error {
	d, err := s.Assessments.Delegation(r.ctx(), r.head, assessment.DelegationID(r.number("delegation")))
	if fault.Is(err, fault.NotFound) {
		return errNoPage.Because(err)
	}
	if err != nil {
		return err
	}
	v := delegationRevokeView{assessmentPage: r.assessmentFrame(r.text.text("delegation.revoke_title")), For: d.For}
	v.Back = v.address("/delegations")
	v.Post = v.Back + "/" + strconv.FormatInt(int64(d.ID), 10) + "/revoke"
	v.crumbs(append(v.way(r.text), crumb{r.text.text("delegation.title"), v.Back}, crumb{v.Title, ""})...)
	return r.render(http.StatusOK, "delegation_revoke", v)
}

func (s *answeringPages) delegationsRevoked(r *request) error {
	err := s.Assessments.Revoke(r.ctx(), r.actor, r.head, assessment.DelegationID(r.number("delegation")))
	if fault.Is(err, fault.NotFound) {
		return errNoPage.Because(err)
	}
	if err != nil {
		return err
	}
	return r.redirect("/assessments/" + strconv.FormatInt(int64(r.head.ID), 10) + "/delegations?done=delegation_revoked")
}
