package people

import (
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

// accountRoutes are signing in and out and the own account.
func (s *Pages) accountRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/login", Name: "login", Action: account.Public, Handler: s.login},
		{Method: http.MethodPost, Path: "/login", Name: "login.submit", Action: account.Public, Handler: s.loginSubmit,
			Cost: site.Hashes},
		{Method: http.MethodPost, Path: "/logout", Name: "logout", Action: account.OwnAccount, Handler: s.logout},
		{Method: http.MethodGet, Path: "/link/:token", Name: "link", Action: account.Public, Handler: s.link},
		{Method: http.MethodPost, Path: "/link/:token", Name: "link.use", Action: account.Public, Handler: s.linkUse,
			Cost: site.Hashes},
		{Method: http.MethodGet, Path: "/account", Name: "account", Action: account.OwnAccount, Handler: s.account},
		{Method: http.MethodPost, Path: "/account/profile", Name: "account.profile", Action: account.OwnAccount,
			Handler: s.accountProfile},
		{Method: http.MethodPost, Path: "/account/password", Name: "account.password", Action: account.OwnAccount,
			Handler: s.accountPassword, Cost: site.Hashes},
		{Method: http.MethodPost, Path: "/account/sessions/:session/revoke", Name: "account.session.revoke",
			Action: account.OwnAccount, Handler: s.accountSessionRevoke},
	}
}

type loginView struct {
	site.PageView
	Email, Password site.InputView
	Next            string
}

func newLoginView(r *site.Request, email, next string) loginView {
	v := loginView{PageView: r.Page(r.Text.Text("login.title")), Next: next}
	v.Email = site.InputView{Name: "email", Label: r.Text.Text("login.email"), Type: "email", Autocomplete: "username",
		Required: true, Value: email}
	v.Password = site.InputView{Name: "password", Label: r.Text.Text("login.password"), Type: "password",
		Autocomplete: "current-password", Required: true}
	return v
}

func (s *Pages) login(r *site.Request) error {
	next := site.LocalPath(r.QueryParam("next"))
	if r.Actor.SignedIn() {
		return r.SeeOther(next)
	}
	v := newLoginView(r, "", next)
	if next != "/" {
		v.Notice = &site.NoticeView{Kind: "warning", Text: r.Text.Text("login.needed")}
	}
	return r.Render(http.StatusOK, "login", v)
}

// loginSubmit answers 422 on a wrong pair without saying what was wrong.
func (s *Pages) loginSubmit(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	email, next := site.Value(form, "email"), site.LocalPath(site.Value(form, "next"))
	try, err := s.services.Accounts.Try(r.Ctx(), email, s.Device(r))
	if err != nil {
		return err
	}
	if err := s.SignIns.CheckTry(try, email, r.RealIP(), s.Now()); err != nil {
		return err
	}
	token, _, err := s.services.Accounts.SignIn(r.Ctx(), try, form.Get("password"), r.Client())
	if fault.Is(err, fault.Invalid) {
		// never who was meant
		s.Logger.Warn("sign-in failed", "id", site.RequestID(r), "network", site.Shortened(r.RealIP()))
		if r.WantsJSON() {
			return err
		}
		v := newLoginView(r, email, next)
		v.Path = "/login"
		v.Errors = []site.ErrorLine{{Field: "email", Text: r.Text.Text("fault.wrong_pair")}}
		return r.Render(http.StatusUnprocessableEntity, "login", v)
	}
	if err != nil {
		return err
	}
	s.SetSession(r, token)
	s.SetDevice(r, try.Device)
	return r.SeeOther(next)
}

func (s *Pages) logout(r *site.Request) error {
	if err := s.services.Accounts.SignOut(r.Ctx(), r.Actor); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	s.ClearSession(r)
	// Pages are never cached (no-store); whatever a script stored must not outlive the sign-out on a shared computer.
	r.Response().Header().Set("Clear-Site-Data", `"storage"`)
	return r.SeeOther("/?done=signed_out")
}

type linkView struct {
	site.PageView
	Kind           string // invitation, signin, reset
	Token          string
	Who            string // mail address
	Name, Password site.InputView
	NeedsName      bool
	NeedsPassword  bool
}

// link shows a button: mail scanners follow links, so only pressing the button uses it up.
func (s *Pages) link(r *site.Request) error {
	v, err := s.linkView(r)
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, "link", v)
}

// linkView looks at the link; the answer's Referrer-Policy names the host at most, as the address holds the secret.
func (s *Pages) linkView(r *site.Request) (linkView, error) {
	r.Response().Header().Set("Referrer-Policy", "strict-origin")
	if err := s.SignIns.Check("", r.RealIP(), s.Now()); err != nil {
		return linkView{}, err
	}
	token := r.Param("token")
	l, u, err := s.services.Accounts.Link(r.Ctx(), token)
	if err != nil {
		return linkView{}, err
	}
	v := linkView{PageView: r.Page(r.Text.Text("link.title_" + string(l.Kind))), Kind: string(l.Kind), Token: token,
		Who: account.ShownEmail(u.Email)}
	v.NeedsName = l.Kind == account.LinkInvitation
	v.NeedsPassword = l.Kind != account.LinkSignIn
	v.Name = site.InputView{Name: "name", Label: r.Text.Text("account.name"), Type: "text", Autocomplete: "name",
		Required: true, Value: u.Name}
	v.Password = newPassword(r)
	if v.NeedsName {
		v.Password.Label = r.Text.Text("login.password") // the first one is not new
	}
	return v, nil
}

func newPassword(r *site.Request) site.InputView {
	return site.InputView{Name: "password", Label: r.Text.Text("account.new_password"),
		Hint: r.Text.Text("account.password_hint", "Min", account.MinPassword),
		Type: "password", Autocomplete: "new-password", Required: true}
}

func (s *Pages) linkUse(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	v, err := s.linkView(r)
	if err != nil {
		return err
	}
	client := r.Client()
	client.Device, _ = account.NewToken()
	token, _, err := s.services.Accounts.UseLink(r.Ctx(), v.Token, site.Value(form, "name"), form.Get("password"),
		client)
	if v.Refused(r.Text, err) {
		v.Name.Value = site.Value(form, "name")
		v.Name.Error, v.Password.Error = v.ErrorFor("name"), v.ErrorFor("password")
		return r.Render(http.StatusUnprocessableEntity, "link", v)
	}
	if err != nil {
		return err
	}
	s.SetSession(r, token)
	s.SetDevice(r, client.Device)
	return r.SeeOther("/?done=link_" + v.Kind)
}
