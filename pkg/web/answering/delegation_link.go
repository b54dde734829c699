package answering

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// freshLinkView shows a link, once.
type freshLinkView struct {
	For, Email    string
	Link          string
	Subject, Text string
	Mail          string // sent, failed, or empty: none was to be sent
	Again         bool   // it replaces another
}

// delegationsWithLink sends the mail, where there is an address and a way to send it, and shows the
// text that it would carry. A mail that cannot be sent costs nothing but copying.
func (s *Pages) delegationsWithLink(r *site.Request, token string, d assessment.Delegation) error {
	v, err := s.delegationsView(r, url.Values{})
	if err != nil {
		return err
	}
	fresh := &freshLinkView{For: d.For, Email: account.ShownEmail(d.Email), Link: s.PublicURL.Link("/d/" + token),
		Again: d.Reminders > 0}
	if fresh.Subject, fresh.Text, err = s.linkMail(r, fresh.Link, &d); err != nil {
		return err
	}
	if d.Repeated {
		v.Notice = &site.NoticeView{Kind: "success", Text: r.Text.Text("delegation.repeated")}
	} else if d.Email != "" && s.Mail != nil {
		fresh.Mail = "sent"
		if !s.Rates.Mails.Allow(r.PersonKey(), s.Now()) {
			fresh.Mail = "failed"
		} else if err := s.Mail.Send(r.Ctx(), d.Email, fresh.Subject, fresh.Text); err != nil {
			s.Logger.Warn("mail not sent", "id", site.RequestID(r), "error", err)
			fresh.Mail = "failed"
		}
	}
	v.Fresh = fresh
	return r.Render(http.StatusOK, "delegations", v)
}

// linkMail writes what the colleague is to read.
func (s *Pages) linkMail(r *site.Request, link string, d *assessment.Delegation) (subject, body string, err error) {
	def, err := s.services.Versions.Definition(r.Ctx(), assessments.Head(r).Hash)
	if err != nil {
		return "", "", err
	}
	text, err := s.ChecklistText(r, def)
	if err != nil {
		return "", "", err
	}
	var questions, note strings.Builder
	for _, id := range d.Questions {
		q := &text.Questions[def.Ordinal(id)]
		questions.WriteString("- " + q.Number + " " + q.Text + "\n")
	}
	if d.Note != "" {
		note.WriteString(d.Note + "\n\n")
	}
	f := r.Text.Words()
	until := wording.LastDay(d.Expires)
	many := f.Count(len(d.Questions))
	first, size := utf8.DecodeRuneInString(many)
	greeting := r.Text.Text("delegation.greeting")
	if name := personIn(d.For); name != "" {
		greeting = r.Text.Text("delegation.greeting_name", "Name", name)
	}
	family, args := "delegation.mail_", []any{"Greeting", greeting, "Many", many, "First",
		string(unicode.ToUpper(first)) + many[size:],
		"Day", f.Day(until), "Count", len(d.Questions), "Round", assessments.Head(r).RoundTitle, "Town",
		assessments.Head(r).TownName,
		"Questions", questions.String(), "Note", note.String(),
		"Link", link, "Until", f.Date(until), "Lead", r.Actor.Name}
	if d.Reminders > 0 {
		family = "delegation.reminder_"
	}
	return r.Text.Text(family+"subject", args...), r.Text.Text(family+"text", args...), nil
}

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
func (s *Pages) delegationsRemind(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	token, d, err := s.services.Assessments.Remind(r.Ctx(), r.Actor, assessments.Head(r),
		assessment.DelegationID(r.Number("delegation")),
		form.Get("key"))
	if fault.Is(err, fault.NotFound) {
		return site.ErrNoPage.Because(err)
	}
	if err != nil {
		return err
	}
	return s.delegationsWithLink(r, token, d)
}

type delegationRevokeView struct {
	assessments.AssessmentPage
	For, Back, Post string
}

// delegationsRevoke asks before a link is ended.
func (s *Pages) delegationsRevoke(r *site.Request) error {
	d, err := s.services.Assessments.Delegation(r.Ctx(), assessments.Head(r),
		assessment.DelegationID(r.Number("delegation")))
	if fault.Is(err, fault.NotFound) {
		return site.ErrNoPage.Because(err)
	}
	if err != nil {
		return err
	}
	v := delegationRevokeView{AssessmentPage: assessments.AssessmentFrame(r, r.Text.Text("delegation.revoke_title")),
		For: d.For}
	v.Back = v.Address("/delegations")
	v.Post = v.Back + "/" + strconv.FormatInt(int64(d.ID), 10) + "/revoke"
	v.SetCrumbs(append(v.Way(r.Text), site.Crumb{Label: r.Text.Text("delegation.title"), URL: v.Back},
		site.Crumb{Label: v.Title, URL: ""})...)
	return r.Render(http.StatusOK, "delegation_revoke", v)
}

func (s *Pages) delegationsRevoked(r *site.Request) error {
	err := s.services.Assessments.Revoke(r.Ctx(), r.Actor, assessments.Head(r),
		assessment.DelegationID(r.Number("delegation")))
	if fault.Is(err, fault.NotFound) {
		return site.ErrNoPage.Because(err)
	}
	if err != nil {
		return err
	}
	return r.SeeOther("/assessments/" + strconv.FormatInt(int64(assessments.Head(r).ID), 10) +
		"/delegations?done=delegation_revoked")
}
