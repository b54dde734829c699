package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// peopleRoutes are people, towns and the log: what an agency admin and a town lead look after.
func (s *peoplePages) peopleRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/people", name: "people", action: account.ViewPeople, handler: s.people},
		{method: http.MethodPost, path: "/people", name: "people.invite", action: account.ManagePeople, handler: s.peopleInvite},
		{method: http.MethodPost, path: "/people/:person/link", name: "people.link", action: account.ManagePeople, object: personObject, handler: s.peopleLink},
		{method: http.MethodPost, path: "/people/:person/role", name: "people.role", action: account.ManagePeople, object: personObject, handler: s.peopleRole},
		{method: http.MethodPost, path: "/people/:person/disable", name: "people.disable", action: account.ManagePeople, object: personObject, handler: s.peopleDisable},
		{method: http.MethodPost, path: "/people/:person/enable", name: "people.enable", action: account.ManagePeople, object: personObject, handler: s.peopleEnable},
		{method: http.MethodGet, path: "/people/:person/forget", name: "people.forget", action: account.ManagePeople, object: personObject, handler: s.peopleForget},
		{method: http.MethodPost, path: "/people/:person/forget", name: "people.forgotten", action: account.ManagePeople, object: personObject, handler: s.peopleForgotten},
		{method: http.MethodPost, path: "/notices/seen", name: "notices.seen", action: account.OwnAccount, handler: s.noticesSeen},
		{method: http.MethodGet, path: "/towns", name: "towns", action: account.ViewTowns, handler: s.towns},
		{method: http.MethodPost, path: "/towns/remove", name: "towns.remove", action: account.ManageTowns, handler: s.townsRemove},
		{method: http.MethodGet, path: "/audit", name: "audit", action: account.ViewAudit, handler: s.audit},
	}
}

// personObject loads the person of /people/:person.
func personObject(s *server, r *request) (account.Object, error) {
	u, err := s.Accounts.Person(r.ctx(), r.actor, account.UserID(r.number("person")))
	if err != nil {
		return account.Object{}, err
	}
	r.person = u
	return s.Accounts.ObjectOf(r.ctx(), u)
}

type peopleView struct {
	pageView
	Agency bool
	List   listView
	States []tabView
	Of     string // the only town whose people are listed; empty: all
	People []personView
	Email  inputView
	Name   inputView
	Role   selectView
	Town   townChoice // the agency's only
	Fresh  *freshAccessView
	Key    string // of the forms that make links: sent again, they make no second one
}

// freshAccessView is a fresh link by which a person sets a password, shown once, with the mail that brings it.
type freshAccessView struct {
	For, Link     string
	Days          int
	Subject, Text string
	MailURL       string // opens the mail in the reader's own program; empty: the server sends mails itself
	Mail          string // sent, failed, or empty: the server sends none
}

type personView struct {
	ID        int64
	Name      string
	Email     string
	Role      string
	Place     string
	Roles     []optionView
	Disabled  bool
	Pending   bool   // has not accepted the invitation yet
	Invited   string // of the pending: when, and how long the link is good
	Self      bool
	LastVisit time.Time

	MayChange, MayRole, MayEnable bool // what the reader may do with this person, in the town's present state
	NoMail                        bool // a new password could only be sent by mail, and there is none
}

func (s *peoplePages) people(r *request) error {
	v, err := s.peopleView(r, url.Values{})
	if err != nil {
		return err
	}
	return r.render(http.StatusOK, "people", v)
}

func (s *peoplePages) peopleView(r *request, form url.Values) (peopleView, error) {
	t := r.text.text
	v := peopleView{pageView: r.page(t("people.title")), Agency: r.actor.Role.ForAgency(), Key: account.NewFormKey()}
	v.Path = "/people"
	users, err := s.Accounts.People(r.ctx(), r.actor)
	if err != nil {
		return v, err
	}
	var towns []region.Municipality
	if v.Agency {
		if towns, err = s.Territory.Towns(r.ctx(), r.actor.Region); err != nil {
			return v, err
		}
	}
	led, entered := map[region.AGS]bool{}, map[region.AGS]bool{}
	for _, u := range users {
		entered[u.Town] = entered[u.Town] || !u.Pending()
		if u.Role == account.TownLead && !u.Disabled {
			led[u.Town] = true
		}
	}
	names := map[region.AGS]string{}
	for _, m := range towns {
		names[m.AGS] = m.Name
	}
	if err := s.peopleList(r, &v, users, names, led); err != nil {
		return v, err
	}
	v.Email = inputView{Name: "email", Label: t("login.email"), Type: "email", Autocomplete: "off", Required: true, Value: value(form, "email")}
	v.Name = inputView{Name: "name", Label: t("account.name"), Hint: t("people.name_hint"), Type: "text", Autocomplete: "off", Value: value(form, "name")}
	v.Role = selectView{Name: "role", Label: t("people.role"), Options: r.roleOptions(invitable(r.actor), account.Role(value(form, "role")))}
	if v.Agency {
		first := slices.DeleteFunc(slices.Clone(towns), func(m region.Municipality) bool { return led[m.AGS] || entered[m.AGS] })
		v.Town = newTownChoice(r, first, value(form, "town"))
	}
	return v, nil
}

// peopleStates are the selections of the list of people; the first is the one without a choice.
var peopleStates = []string{"all", "invited", "never", "disabled"}

// peopleList fills the page of the list that the address asks for. It searches names and towns, and no addresses of mail: what is
// searched for stands in the page's own address.
func (s *peoplePages) peopleList(r *request, v *peopleView, users []account.User, names map[region.AGS]string, led map[region.AGS]bool) error {
	l := r.lister("/people", "people", "state", "of")
	state, states := l.choice("state", peopleStates, "people.state.")
	v.States = states
	of, find := region.AGS(l.chosen.Get("of")), l.find()
	if !v.Agency {
		of = ""
	}
	v.Of = names[of]
	var wanted []account.User
	for _, u := range users {
		in := map[string]bool{"all": true, "invited": u.Pending() && !u.Disabled, "never": u.LastSignIn.IsZero() && !u.Disabled, "disabled": u.Disabled}[state]
		if in && (of == "" || u.Town == of) && found(find, u.Name, names[u.Town]) {
			wanted = append(wanted, u)
		}
	}
	v.List, wanted = pagedList(l, r.text.text("people.find"), wanted)
	links, err := s.Accounts.Invitations(r.ctx(), wanted)
	if err != nil {
		return err
	}
	f := r.text.words()
	for _, u := range wanted {
		p := s.personView(r, u, names, led)
		if link, ok := links[u.ID]; p.Pending && ok {
			text := "people.invited_until"
			if s.Now().After(link.Expires) {
				text = "people.invited_over"
			}
			p.Invited = r.text.text(text, "From", f.Date(link.Created), "Until", f.Date(link.Expires))
		} else if p.Pending {
			p.Invited = r.text.text("people.invited_none", "From", f.Date(u.Created))
		}
		v.People = append(v.People, p)
	}
	return nil
}

func townSelect(r *request, towns []region.Municipality, chosen string) selectView {
	sort.Slice(towns, func(i, j int) bool { return towns[i].Name < towns[j].Name })
	v := selectView{Name: "town", Label: r.text.text("people.town"), Hint: r.text.text("people.town_hint"), Options: []optionView{{Label: r.text.text("people.no_town")}}}
	for _, m := range towns {
		v.Options = append(v.Options, optionView{Value: string(m.AGS), Label: m.Name, Selected: string(m.AGS) == chosen})
	}
	return v
}

// invitable lists the roles an actor can hand out; the policy has the last word.
func invitable(a account.Actor) []account.Role {
	if a.Role.ForAgency() {
		return []account.Role{account.TownLead, account.AgencyAnalyst, account.AgencyAdmin}
	}
	return []account.Role{account.TownEditor, account.TownViewer, account.TownLead}
}

func (r *request) roleOptions(roles []account.Role, chosen account.Role) []optionView {
	var list []optionView
	for _, role := range roles {
		list = append(list, optionView{Value: string(role), Label: r.text.text("role." + string(role)), Selected: role == chosen})
	}
	return list
}

func (s *peoplePages) personView(r *request, u account.User, towns map[region.AGS]string, led map[region.AGS]bool) personView {
	p := personView{ID: int64(u.ID), Name: u.Name, Email: account.ShownEmail(u.Email), Role: r.text.text("role." + string(u.Role)), Place: towns[u.Town], Disabled: u.Disabled,
		Pending: u.Pending(), Self: u.ID == r.actor.User, LastVisit: u.LastSignIn}
	o := account.Object{Town: u.Town, User: u.ID, Role: u.Role, Unled: u.Role.ForTown() && !led[u.Town]}
	if r.actor.Role.ForAgency() {
		o.Regions = []region.ID{r.actor.Region} // everybody in its list belongs to it
	}
	outside := r.actor.Role.ForAgency() && u.Role.ForTown()
	p.MayChange = account.Can(r.actor, account.ManagePeople, o)
	p.MayRole, p.MayEnable = !outside || o.Unled, !outside || o.Unled
	p.NoMail = outside && !u.Pending() && s.Mail == nil
	for _, role := range account.Roles() {
		if role.ForTown() == u.Role.ForTown() && (!outside || role == account.TownLead) {
			p.Roles = append(p.Roles, optionView{Value: string(role), Label: r.text.text("role." + string(role)), Selected: role == u.Role})
		}
	}
	return p
}

// peopleInvite creates a person and shows the link once. Whose town it is follows from the actor; the service asks the policy about the new person.
func (s *peoplePages) peopleInvite(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	in := account.Invitation{Email: value(form, "email"), Name: value(form, "name"), Role: account.Role(value(form, "role")),
		Key: form.Get("key")}
	switch {
	case in.Role.ForAgency():
		in.Region = r.actor.Region
	case r.actor.Role.ForAgency():
		if in.Town, err = s.townNamed(r, value(form, "town")); fault.Is(err, fault.Invalid) {
			return s.peopleRefused(r, form, err, false)
		} else if err != nil {
			return err
		}
	default:
		in.Town = r.actor.Town
	}
	token, repeated, err := s.Accounts.Invite(r.ctx(), r.actor, in)
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

func (s *peoplePages) peopleRefused(r *request, form url.Values, err error, known bool) error {
	v, loadErr := s.peopleView(r, form)
	if loadErr != nil {
		return loadErr
	}
	switch {
	case errors.Is(err, account.ErrLed):
		v.Errors = []errorLine{{Field: "town", Text: r.text.fault(fault.As(err))}}
	case known:
		v.Errors = []errorLine{{Field: "email", Text: r.text.text("people.email_taken")}}
	case !v.refused(r.text, err):
		// The policy refused role or town: a foreign town answers as one that does not exist.
		v.Errors = []errorLine{{Field: "role", Text: r.text.text("people.not_allowed")}}
	}
	v.Email.Error, v.Name.Error = v.errorFor("email"), v.errorFor("name")
	v.Role.Error = v.errorFor("role")
	v.Town.refused(v.errorFor("town"))
	return r.render(http.StatusUnprocessableEntity, "people", v)
}

// peopleWithLink shows a link directly in the answer of the form: it is not stored and cannot be shown again.
func (s *peoplePages) peopleWithLink(r *request, token string, to account.User, kind account.LinkKind, repeated bool) error {
	v, err := s.peopleView(r, url.Values{})
	if err != nil {
		return err
	}
	life := account.SignInLinkLife
	if kind == account.LinkInvitation {
		life = account.InvitationLife
	}
	fresh := &freshAccessView{For: account.ShownEmail(to.Email), Link: s.PublicURL.Link("/link/" + token), Days: int(life / (24 * time.Hour))}
	fresh.Subject, fresh.Text = s.accessMail(r, to, token, kind)
	if repeated {
		v.Notice = &noticeView{Kind: "success", Text: r.text.text("delegation.repeated")}
	}
	if courier := s.courier(r); courier == nil {
		fresh.MailURL = mailURL(to.Email, fresh.Subject, fresh.Text)
	} else if fresh.Mail = "sent"; repeated {
		fresh.Mail = "" // then
	} else if courier(r.ctx(), to, token, kind) != nil { // the link is made and shown, whatever becomes of the mail
		fresh.Mail = "failed"
	}
	v.Fresh = fresh
	return r.render(http.StatusOK, "people", v)
}

// accessMail writes the mail that brings a link to a person, in the person's language.
func (s *peoplePages) accessMail(r *request, to account.User, token string, kind account.LinkKind) (subject, body string) {
	text := r.text
	if m := s.texts[to.Language]; m != nil {
		text = m
	}
	args := []any{"Name", to.Name, "Email", account.ShownEmail(to.Email), "By", r.actor.Name, "Place", r.place(), "Link", s.PublicURL.Link("/link/" + token)}
	family := "people.mail_" + string(kind) + "_"
	return text.text(family+"subject", args...), text.text(family+"text", args...)
}

// mailURL opens a mail in the reader's own program (RFC 6068).
func mailURL(to, subject, body string) string {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	return "mailto:" + url.PathEscape(to) + "?subject=" + escape(subject) + "&body=" + escape(strings.ReplaceAll(body, "\n", "\r\n"))
}

func (s *peoplePages) peopleLink(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	token, kind, repeated, err := s.Accounts.NewLink(r.ctx(), r.actor, r.person.ID, form.Get("key"), s.courier(r))
	if err != nil {
		return err
	}
	if token == "" {
		return r.redirect("/people?done=link_mailed")
	}
	return s.peopleWithLink(r, token, r.person, kind, repeated)
}

// courier mails links to people's own addresses; nil: this installation sends no mails.
func (s *peoplePages) courier(r *request) account.Courier {
	if s.Mail == nil {
		return nil
	}
	return func(ctx context.Context, to account.User, token string, kind account.LinkKind) error {
		if !s.rates.mails.allow(r.personKey(), s.Now()) {
			return errTooFast
		}
		subject, body := s.accessMail(r, to, token, kind)
		if err := s.Mail.Send(ctx, to.Email, subject, body); err != nil {
			s.Logger.Warn("mail not sent", "id", requestID(r), "error", err)
			return fault.New(fault.Unavailable, "mail_failed", "the mail could not be sent").Because(err)
		}
		return nil
	}
}

func (s *peoplePages) peopleRole(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	if err := s.Accounts.SetRole(r.ctx(), r.actor, r.person.ID, account.Role(value(form, "role"))); err != nil {
		return err
	}
	return r.redirect("/people?done=role#person-" + strconv.FormatInt(int64(r.person.ID), 10))
}

func (s *peoplePages) peopleDisable(r *request) error { return s.peopleSetDisabled(r, true) }

func (s *peoplePages) peopleEnable(r *request) error { return s.peopleSetDisabled(r, false) }

func (s *peoplePages) peopleSetDisabled(r *request, disabled bool) error {
	if err := s.Accounts.SetDisabled(r.ctx(), r.actor, r.person.ID, disabled); err != nil {
		return err
	}
	done := "enabled"
	if disabled {
		done = "disabled"
	}
	return r.redirect("/people?done=" + done)
}

// personForgetView asks before a person is made unknown.
type personForgetView struct {
	pageView
	ID    int64
	Who   string // name and address
	After string // what the person is called afterwards
	Self  bool   // nobody does it to the own account
}

func (s *peoplePages) peopleForget(r *request) error {
	return s.peopleForgetPage(r, http.StatusOK, nil)
}

func (s *peoplePages) peopleForgetPage(r *request, status int, wrong error) error {
	t, u := r.text.text, r.person
	v := personForgetView{pageView: r.page(t("people.forget.title")), ID: int64(u.ID), Who: account.ShownEmail(u.Email), After: account.ForgottenName(u.ID),
		Self: u.ID == r.actor.User}
	if u.Name != "" {
		v.Who = u.Name + " (" + v.Who + ")"
	}
	v.crumbs(crumb{t("nav.start"), "/"}, crumb{t("people.title"), "/people"}, crumb{v.Title, ""})
	v.Path = "/people/" + ofNumber(v.ID) + "/forget"
	v.refused(r.text, wrong)
	return r.render(status, "person_forget", v)
}

// peopleForgotten makes a person unknown; only the page before it sends the word that confirms.
func (s *peoplePages) peopleForgotten(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	if form.Get("confirm") != "yes" {
		return s.peopleForgetPage(r, http.StatusUnprocessableEntity, nil)
	}
	if err := s.Accounts.Forget(r.ctx(), r.actor, r.person.ID); err != nil {
		return err
	}
	return r.redirect("/people?done=forgotten")
}

// noticeLine is a line of what others did to the town's people.
type noticeLine struct{ Text string }

// notices puts what others did to the town's people into words; until is what the page shows, for the button.
func (s *peoplePages) notices(r *request) (lines []noticeLine, until int64, err error) {
	list, err := s.Accounts.Notices(r.ctx(), r.user)
	if err != nil {
		return nil, 0, err
	}
	for _, n := range list {
		by := r.text.text("notice.by_agency", "Name", n.By)
		if n.By == account.OperatorName {
			by = r.text.text("notice.by_operator")
		}
		detail := r.eventDetail(account.Event{Kind: n.Kind, Detail: n.Detail})
		lines = append(lines, noticeLine{r.text.text("notice."+string(n.Kind), "By", by, "Who", account.ShownEmail(n.Subject), "Detail", detail,
			"Date", r.text.words().Date(n.At))})
		until = max(until, n.ID)
	}
	return lines, until, nil
}

// noticesSeen takes the notices that were shown from the reader's start page.
func (s *peoplePages) noticesSeen(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	until, err := strconv.ParseInt(value(form, "until"), 10, 64)
	if err != nil || until < 1 {
		return fault.New(fault.Invalid, "body_broken", "the form could not be read")
	}
	if err := s.Accounts.SeeNotices(r.ctx(), r.user, until); err != nil {
		return err
	}
	return r.redirect("/")
}
