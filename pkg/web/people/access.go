package people

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

// freshAccessView is a fresh link by which a person sets a password, shown once, with the mail that brings it.
type freshAccessView struct {
	For, Link     string
	Days          int
	Subject, Text string
	MailURL       string // opens the mail in the reader's own program; empty: the server sends mails itself
	Mail          string // sent, failed, or empty: the server sends none
}

// invitable lists the roles an actor can hand out; the policy has the last word.
func invitable(a account.Actor) []account.Role {
	if a.Role.ForAgency() {
		return []account.Role{account.TownLead, account.AgencyAnalyst, account.AgencyAdmin}
	}
	return []account.Role{account.TownEditor, account.TownViewer, account.TownLead}
}

// peopleInvite creates a person and shows the link once. Whose town it is follows from the actor;
// the service asks the policy about the new person.
func (s *Pages) peopleInvite(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	in := account.Invitation{Email: site.Value(form, "email"), Name: site.Value(form, "name"),
		Role: account.Role(site.Value(form, "role")),
		Key:  form.Get("key")}
	switch {
	case in.Role.ForAgency():
		in.Region = r.Actor.Region
	case r.Actor.Role.ForAgency():
		if in.Town, err = s.TownNamed(r, site.Value(form, "town")); fault.Is(err, fault.Invalid) {
			return s.peopleRefused(r, form, err, false)
		} else if err != nil {
			return err
		}
	default:
		in.Town = r.Actor.Town
	}
	token, repeated, err := s.services.Accounts.Invite(r.Ctx(), r.Actor, in)
	known := fault.Is(err, fault.Conflict) && !errors.Is(err, account.ErrLed)
	if known || errors.Is(err, account.ErrLed) || fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) {
		return s.peopleRefused(r, form, err, known)
	}
	if err != nil {
		return err
	}
	to := account.User{Email: account.NormalEmail(in.Email), Name: in.Name}
	return s.peopleWithLink(r, token, to, account.LinkInvitation, repeated)
}

func (s *Pages) peopleRefused(r *site.Request, form url.Values, err error, known bool) error {
	v, loadErr := s.peopleView(r, form)
	if loadErr != nil {
		return loadErr
	}
	switch {
	case errors.Is(err, account.ErrLed):
		v.Errors = []site.ErrorLine{{Field: "town", Text: r.Text.Fault(fault.As(err))}}
	case known:
		v.Errors = []site.ErrorLine{{Field: "email", Text: r.Text.Text("people.email_taken")}}
	case !v.Refused(r.Text, err):
		// The policy refused role or town: a foreign town answers as one that does not exist.
		v.Errors = []site.ErrorLine{{Field: "role", Text: r.Text.Text("people.not_allowed")}}
	}
	v.Email.Error, v.Name.Error = v.ErrorFor("email"), v.ErrorFor("name")
	v.Role.Error = v.ErrorFor("role")
	v.Town.Refused(v.ErrorFor("town"))
	return r.Render(http.StatusUnprocessableEntity, "people", v)
}

// peopleWithLink shows a link directly in the answer of the form: it is not stored and cannot be shown again.
func (s *Pages) peopleWithLink(r *site.Request, token string, to account.User, kind account.LinkKind,
	repeated bool) error {
	v, err := s.peopleView(r, url.Values{})
	if err != nil {
		return err
	}
	life := account.SignInLinkLife
	if kind == account.LinkInvitation {
		life = account.InvitationLife
	}
	fresh := &freshAccessView{For: account.ShownEmail(to.Email), Link: s.PublicURL.Link("/link/" + token),
		Days: int(life / (24 * time.Hour))}
	fresh.Subject, fresh.Text = s.accessMail(r, to, token, kind)
	if repeated {
		v.Notice = &site.NoticeView{Kind: "success", Text: r.Text.Text("delegation.repeated")}
	}
	if courier := s.courier(r); courier == nil {
		fresh.MailURL = site.MailURL(to.Email, nil, fresh.Subject, fresh.Text)
	} else if fresh.Mail = "sent"; repeated {
		fresh.Mail = "" // then
	} else if courier(r.Ctx(), to, token, kind) != nil { // the link is made and shown, whatever becomes of the mail
		fresh.Mail = "failed"
	}
	v.Fresh = fresh
	return r.Render(http.StatusOK, "people", v)
}

// accessMail writes the mail that brings a link to a person, in the person's language.
func (s *Pages) accessMail(r *site.Request, to account.User, token string,
	kind account.LinkKind) (subject, body string) {
	text := r.Text
	if m := s.Texts[to.Language]; m != nil {
		text = m
	}
	args := []any{"Name", to.Name, "Email", account.ShownEmail(to.Email), "By", r.Actor.Name, "Place", r.Place(),
		"Link", s.PublicURL.Link("/link/" + token)}
	family := "people.mail_" + string(kind) + "_"
	return text.Text(family+"subject", args...), text.Text(family+"text", args...)
}

func (s *Pages) peopleLink(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	token, kind, repeated, err := s.services.Accounts.NewLink(r.Ctx(), r.Actor, personOf(r).ID, form.Get("key"),
		s.courier(r))
	if err != nil {
		return err
	}
	if token == "" {
		return r.SeeOther("/people?done=link_mailed")
	}
	return s.peopleWithLink(r, token, personOf(r), kind, repeated)
}

// courier mails links to people's own addresses; nil: this installation sends no mails.
func (s *Pages) courier(r *site.Request) account.Courier {
	if s.Mail == nil {
		return nil
	}
	return func(ctx context.Context, to account.User, token string, kind account.LinkKind) error {
		if !s.Rates.Mails.Allow(r.PersonKey(), s.Now()) {
			return site.ErrTooFast
		}
		subject, body := s.accessMail(r, to, token, kind)
		if err := s.Mail.Send(ctx, to.Email, subject, body); err != nil {
			s.Logger.Warn("mail not sent", "id", site.RequestID(r), "error", err)
			return fault.New(fault.Unavailable, "mail_failed", "the mail could not be sent").Because(err)
		}
		return nil
	}
}
