package people

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/web/site"
)

// peopleRoutes are people, towns and the log: what an agency admin and a town lead look after.
func (s *Pages) peopleRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/people", Name: "people", Action: account.ViewPeople, Handler: s.people},
		{Method: http.MethodPost, Path: "/people", Name: "people.invite", Action: account.ManagePeople,
			Handler: s.peopleInvite},
		{Method: http.MethodPost, Path: "/people/:person/link", Name: "people.link", Action: account.ManagePeople,
			Object: s.personObject, Handler: s.peopleLink},
		{Method: http.MethodPost, Path: "/people/:person/role", Name: "people.role", Action: account.ManagePeople,
			Object: s.personObject, Handler: s.peopleRole},
		{Method: http.MethodPost, Path: "/people/:person/disable", Name: "people.disable",
			Action: account.ManagePeople, Object: s.personObject, Handler: s.peopleDisable},
		{Method: http.MethodPost, Path: "/people/:person/enable", Name: "people.enable", Action: account.ManagePeople,
			Object: s.personObject, Handler: s.peopleEnable},
		{Method: http.MethodGet, Path: "/people/:person/forget", Name: "people.forget", Action: account.ManagePeople,
			Object: s.personObject, Handler: s.peopleForget},
		{Method: http.MethodPost, Path: "/people/:person/forget", Name: "people.forgotten",
			Action: account.ManagePeople, Object: s.personObject, Handler: s.peopleForgotten},
		{Method: http.MethodPost, Path: "/notices/seen", Name: "notices.seen", Action: account.OwnAccount,
			Handler: s.noticesSeen},
		{Method: http.MethodGet, Path: "/towns", Name: "towns", Action: account.ViewTowns, Handler: s.towns},
		{Method: http.MethodPost, Path: "/towns/remove", Name: "towns.remove", Action: account.ManageTowns,
			Handler: s.townsRemove},
		{Method: http.MethodGet, Path: "/look", Name: "look", Action: account.ManageLook, Handler: s.look},
		{Method: http.MethodPost, Path: "/look", Name: "look.save", Action: account.ManageLook, Body: lookBody,
			Handler: s.lookSave},
		{Method: http.MethodGet, Path: "/brand/:sheet", Name: "brand", Action: account.Public, Handler: s.brand},
		{Method: http.MethodGet, Path: "/audit", Name: "audit", Action: account.ViewAudit, Handler: s.audit},
	}
}

// personObject loads the person of /people/:person.
func (s *Pages) personObject(r *site.Request) (account.Object, error) {
	u, err := s.services.Accounts.Person(r.Ctx(), r.Actor, account.UserID(r.Number("person")))
	if err != nil {
		return account.Object{}, err
	}
	r.About = u
	return s.services.Accounts.ObjectOf(r.Ctx(), u)
}

// personOf returns whom the request is about.
func personOf(r *site.Request) account.User {
	u, _ := r.About.(account.User)
	return u
}

type peopleView struct {
	site.PageView
	Agency bool
	Invite bool // the form is open: a link led to it
	List   site.ListView
	States []site.TabView
	Of     string // the only town whose people are listed; empty: all
	People []personView
	Email  site.InputView
	Name   site.InputView
	Role   site.SelectView
	Town   site.TownChoice // the agency's only
	Fresh  *freshAccessView
	Key    string // of the forms that make links: sent again, they make no second one
}

type personView struct {
	ID        int64
	Name      string
	Email     string
	Role      string
	Place     string
	Roles     []site.OptionView
	Disabled  bool
	Pending   bool   // has not accepted the invitation yet
	Invited   string // of the pending: when, and how long the link is good
	Self      bool
	LastVisit time.Time

	MayChange, MayRole, MayEnable bool // what the reader may do with this person, in the town's present state
	NoMail                        bool // a new password could only be sent by mail, and there is none
}

func (s *Pages) people(r *site.Request) error {
	form := url.Values{}
	ags, err := region.ParseAGS(r.QueryParam("invite"))
	if err == nil { // whose town it may be, the form's answer decides
		form = url.Values{"town": {string(ags)}, "role": {string(account.TownLead)}}
	}
	v, err := s.peopleView(r, form)
	if err != nil {
		return err
	}
	v.Invite = len(form) > 0
	return r.Render(http.StatusOK, "people", v)
}

func (s *Pages) peopleView(r *site.Request, form url.Values) (peopleView, error) {
	t := r.Text.Text
	v := peopleView{PageView: r.Page(t("people.title")), Agency: r.Actor.Role.ForAgency(), Key: account.NewFormKey()}
	v.Path = "/people"
	users, err := s.services.Accounts.People(r.Ctx(), r.Actor)
	if err != nil {
		return v, err
	}
	var towns []region.Municipality
	if v.Agency {
		if towns, err = s.services.Territory.Towns(r.Ctx(), r.Actor.Region); err != nil {
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
	v.Email = site.InputView{Name: "email", Label: t("login.email"), Type: "email", Autocomplete: "off",
		Required: true, Value: site.Value(form, "email")}
	v.Name = site.InputView{Name: "name", Label: t("account.name"), Hint: t("people.name_hint"), Type: "text",
		Autocomplete: "off", Value: site.Value(form, "name")}
	v.Role = site.SelectView{Name: "role", Label: t("people.role"), Options: roleOptions(r, invitable(r.Actor),
		account.Role(site.Value(form, "role")))}
	if v.Agency {
		first := slices.DeleteFunc(slices.Clone(towns), func(m region.Municipality) bool {
			return led[m.AGS] || entered[m.AGS]
		})
		v.Town = site.NewTownChoice(r, first, site.Value(form, "town"))
	}
	return v, nil
}

// peopleStates are the selections of the list of people; the first is the one without a choice.
var peopleStates = []string{"all", "invited", "never", "disabled"}

// peopleList fills the page of the list that the address asks for. It searches names and towns, and
// no addresses of mail: what is searched for stands in the page's own address.
func (s *Pages) peopleList(r *site.Request, v *peopleView, users []account.User, names map[region.AGS]string,
	led map[region.AGS]bool) error {
	l := r.Lister("/people", "people", "state", "of")
	state, states := l.Choice("state", peopleStates, "people.state.")
	v.States = states
	of, find := region.AGS(l.Chosen.Get("of")), l.Find()
	if !v.Agency {
		of = ""
	}
	v.Of = names[of]
	var wanted []account.User
	for _, u := range users {
		in := map[string]bool{"all": true, "invited": u.Pending() && !u.Disabled,
			"never": u.LastSignIn.IsZero() && !u.Disabled, "disabled": u.Disabled}[state]
		if in && (of == "" || u.Town == of) && site.Found(find, u.Name, names[u.Town]) {
			wanted = append(wanted, u)
		}
	}
	v.List, wanted = site.PagedList(l, r.Text.Text("people.find"), wanted)
	links, err := s.services.Accounts.Invitations(r.Ctx(), wanted)
	if err != nil {
		return err
	}
	f := r.Text.Words()
	for _, u := range wanted {
		p := s.personView(r, u, names, led)
		if link, ok := links[u.ID]; p.Pending && ok {
			text := "people.invited_until"
			if s.Now().After(link.Expires) {
				text = "people.invited_over"
			}
			p.Invited = r.Text.Text(text, "From", f.Date(link.Created), "Until", f.Date(link.Expires))
		} else if p.Pending {
			p.Invited = r.Text.Text("people.invited_none", "From", f.Date(u.Created))
		}
		v.People = append(v.People, p)
	}
	return nil
}

func roleOptions(r *site.Request, roles []account.Role, chosen account.Role) []site.OptionView {
	var list []site.OptionView
	for _, role := range roles {
		list = append(list, site.OptionView{Value: string(role), Label: r.Text.Text("role." + string(role)),
			Selected: role == chosen})
	}
	return list
}

func (s *Pages) personView(r *site.Request, u account.User, towns map[region.AGS]string,
	led map[region.AGS]bool) personView {
	p := personView{ID: int64(u.ID), Name: u.Name, Email: account.ShownEmail(u.Email),
		Role: r.Text.Text("role." + string(u.Role)), Place: towns[u.Town], Disabled: u.Disabled,
		Pending: u.Pending(), Self: u.ID == r.Actor.User, LastVisit: u.LastSignIn}
	o := account.Object{Town: u.Town, User: u.ID, Role: u.Role, Unled: u.Role.ForTown() && !led[u.Town]}
	if r.Actor.Role.ForAgency() {
		o.Regions = []region.ID{r.Actor.Region} // everybody in its list belongs to it
	}
	outside := r.Actor.Role.ForAgency() && u.Role.ForTown()
	p.MayChange = account.Can(r.Actor, account.ManagePeople, o)
	p.MayRole, p.MayEnable = !outside || o.Unled, !outside || o.Unled
	p.NoMail = outside && !u.Pending() && s.Mail == nil
	for _, role := range account.Roles() {
		if role.ForTown() == u.Role.ForTown() && (!outside || role == account.TownLead) {
			p.Roles = append(p.Roles, site.OptionView{Value: string(role), Label: r.Text.Text("role." + string(role)),
				Selected: role == u.Role})
		}
	}
	return p
}

func (s *Pages) peopleRole(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	role := account.Role(site.Value(form, "role"))
	if err := s.services.Accounts.SetRole(r.Ctx(), r.Actor, personOf(r).ID, role); err != nil {
		return err
	}
	return r.SeeOther("/people?done=role#person-" + strconv.FormatInt(int64(personOf(r).ID), 10))
}

func (s *Pages) peopleDisable(r *site.Request) error { return s.peopleSetDisabled(r, true) }

func (s *Pages) peopleEnable(r *site.Request) error { return s.peopleSetDisabled(r, false) }

func (s *Pages) peopleSetDisabled(r *site.Request, disabled bool) error {
	if err := s.services.Accounts.SetDisabled(r.Ctx(), r.Actor, personOf(r).ID, disabled); err != nil {
		return err
	}
	done := "enabled"
	if disabled {
		done = "disabled"
	}
	return r.SeeOther("/people?done=" + done)
}

// NoticeLine is a line of what others did to the town's people.
type NoticeLine struct{ Text string }

// Notices puts what others did to the town's people into words; until is what the page shows, for the button.
func (s *Pages) Notices(r *site.Request) (lines []NoticeLine, until int64, err error) {
	list, err := s.services.Accounts.Notices(r.Ctx(), r.User)
	if err != nil {
		return nil, 0, err
	}
	for _, n := range list {
		by := r.Text.Text("notice.by_agency", "Name", n.By)
		if n.By == account.OperatorName {
			by = r.Text.Text("notice.by_operator")
		}
		detail := eventDetail(r, account.Event{Kind: n.Kind, Detail: n.Detail})
		lines = append(lines, NoticeLine{r.Text.Text("notice."+string(n.Kind), "By", by, "Who",
			account.ShownEmail(n.Subject), "Detail", detail,
			"Date", r.Text.Words().Date(n.At))})
		until = max(until, n.ID)
	}
	return lines, until, nil
}

// noticesSeen takes the notices that were shown from the reader's start page.
func (s *Pages) noticesSeen(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	until, err := strconv.ParseInt(site.Value(form, "until"), 10, 64)
	if err != nil || until < 1 {
		return fault.New(fault.Invalid, "body_broken", "the form could not be read")
	}
	if err := s.services.Accounts.SeeNotices(r.Ctx(), r.User, until); err != nil {
		return err
	}
	return r.SeeOther("/")
}
