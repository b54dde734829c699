package web

import (
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
)

// accountRoutes are signing in and out and the own account.
func (s *peoplePages) accountRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/login", name: "login", action: account.Public, handler: s.login},
		{method: http.MethodPost, path: "/login", name: "login.submit", action: account.Public, handler: s.loginSubmit, cost: hashes},
		{method: http.MethodPost, path: "/logout", name: "logout", action: account.OwnAccount, handler: s.logout},
		{method: http.MethodGet, path: "/link/:token", name: "link", action: account.Public, handler: s.link},
		{method: http.MethodPost, path: "/link/:token", name: "link.use", action: account.Public, handler: s.linkUse, cost: hashes},
		{method: http.MethodGet, path: "/account", name: "account", action: account.OwnAccount, handler: s.account},
		{method: http.MethodPost, path: "/account/profile", name: "account.profile", action: account.OwnAccount, handler: s.accountProfile},
		{method: http.MethodPost, path: "/account/password", name: "account.password", action: account.OwnAccount, handler: s.accountPassword, cost: hashes},
		{method: http.MethodPost, path: "/account/sessions/:session/revoke", name: "account.session.revoke", action: account.OwnAccount, handler: s.accountSessionRevoke},
	}
}

type loginView struct {
	pageView
	Email, Password inputView
	Next            string
}

func (r *request) loginView(email, next string) loginView {
	v := loginView{pageView: r.page(r.text.text("login.title")), Next: next}
	v.Email = inputView{Name: "email", Label: r.text.text("login.email"), Type: "email", Autocomplete: "username", Required: true, Value: email}
	v.Password = inputView{Name: "password", Label: r.text.text("login.password"), Type: "password", Autocomplete: "current-password", Required: true}
	return v
}

func (s *peoplePages) login(r *request) error {
	next := localPath(r.QueryParam("next"))
	if r.actor.SignedIn() {
		return r.redirect(next)
	}
	v := r.loginView("", next)
	if next != "/" {
		v.Notice = &noticeView{Kind: "warning", Text: r.text.text("login.needed")}
	}
	return r.render(http.StatusOK, "login", v)
}

// loginSubmit answers 422 on a wrong pair without saying what was wrong.
func (s *peoplePages) loginSubmit(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	email, next := value(form, "email"), localPath(value(form, "next"))
	try, err := s.Accounts.Try(r.ctx(), email, s.device(r))
	if err != nil {
		return err
	}
	if err := s.signIns.checkTry(try, email, r.RealIP(), s.Now()); err != nil {
		return err
	}
	token, _, err := s.Accounts.SignIn(r.ctx(), try, form.Get("password"), r.client())
	if fault.Is(err, fault.Invalid) {
		s.Logger.Warn("sign-in failed", "id", requestID(r), "network", shortened(r.RealIP())) // never who was meant
		if r.wantsJSON() {
			return err
		}
		v := r.loginView(email, next)
		v.Path = "/login"
		v.Errors = []errorLine{{Field: "email", Text: r.text.text("fault.wrong_pair")}}
		return r.render(http.StatusUnprocessableEntity, "login", v)
	}
	if err != nil {
		return err
	}
	s.setSession(r, token)
	s.setDevice(r, try.Device)
	return r.redirect(next)
}

func (s *peoplePages) logout(r *request) error {
	if err := s.Accounts.SignOut(r.ctx(), r.actor); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	s.clearSession(r)
	// Pages are never cached (no-store); whatever a script stored must not outlive the sign-out on a shared computer.
	r.Response().Header().Set("Clear-Site-Data", `"storage"`)
	return r.redirect("/?done=signed_out")
}

type linkView struct {
	pageView
	Kind           string // invitation, signin, reset
	Token          string
	Who            string // mail address
	Name, Password inputView
	NeedsName      bool
	NeedsPassword  bool
}

// link shows a button: mail scanners follow links, so only pressing the button uses it up.
func (s *peoplePages) link(r *request) error {
	v, err := s.linkView(r)
	if err != nil {
		return err
	}
	return r.render(http.StatusOK, "link", v)
}

// linkView looks at the link; the answer's Referrer-Policy names the host at most, as the address holds the secret.
func (s *peoplePages) linkView(r *request) (linkView, error) {
	r.Response().Header().Set("Referrer-Policy", "strict-origin")
	if err := s.signIns.check("", r.RealIP(), s.Now()); err != nil {
		return linkView{}, err
	}
	token := r.Param("token")
	l, u, err := s.Accounts.Link(r.ctx(), token)
	if err != nil {
		return linkView{}, err
	}
	v := linkView{pageView: r.page(r.text.text("link.title_" + string(l.Kind))), Kind: string(l.Kind), Token: token, Who: account.ShownEmail(u.Email)}
	v.NeedsName = l.Kind == account.LinkInvitation
	v.NeedsPassword = l.Kind != account.LinkSignIn
	v.Name = inputView{Name: "name", Label: r.text.text("account.name"), Type: "text", Autocomplete: "name", Required: true, Value: u.Name}
	v.Password = r.newPassword()
	if v.NeedsName {
		v.Password.Label = r.text.text("login.password") // the first one is not new
	}
	return v, nil
}

func (r *request) newPassword() inputView {
	return inputView{Name: "password", Label: r.text.text("account.new_password"), Hint: r.text.text("account.password_hint", "Min", account.MinPassword),
		Type: "password", Autocomplete: "new-password", Required: true}
}

func (s *peoplePages) linkUse(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	v, err := s.linkView(r)
	if err != nil {
		return err
	}
	client := r.client()
	client.Device, _ = account.NewToken()
	token, _, err := s.Accounts.UseLink(r.ctx(), v.Token, value(form, "name"), form.Get("password"), client)
	if v.refused(r.text, err) {
		v.Name.Value = value(form, "name")
		v.Name.Error, v.Password.Error = v.errorFor("name"), v.errorFor("password")
		return r.render(http.StatusUnprocessableEntity, "link", v)
	}
	if err != nil {
		return err
	}
	s.setSession(r, token)
	s.setDevice(r, client.Device)
	return r.redirect("/?done=link_" + v.Kind)
}
