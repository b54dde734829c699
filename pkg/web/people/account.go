package people

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

type accountView struct {
	site.PageView
	Email    string
	Role     string
	Place    string
	Name     site.InputView
	Phone    site.InputView
	Language site.SelectView
	Old, New site.InputView
	Sessions []sessionView
}

type sessionView struct {
	ID            int64
	Agent         string
	Network       string
	Created, Seen time.Time
	Current       bool
}

func (s *Pages) account(r *site.Request) error {
	v, err := s.accountView(r)
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, "account", v)
}

func (s *Pages) accountView(r *site.Request) (accountView, error) {
	t := r.Text.Text
	v := accountView{PageView: r.Page(t("account.title")), Email: account.ShownEmail(r.User.Email),
		Role: t("role." + string(r.Actor.Role)), Place: r.Place()}
	v.Path = "/account"
	v.Name = site.InputView{Name: "name", Label: t("account.name"), Type: "text", Autocomplete: "name", Required: true,
		Value: r.User.Name}
	v.Phone = site.InputView{Name: "phone", Label: t("account.phone"), Hint: t("account.phone_hint"), Type: "tel",
		Autocomplete: "tel", Value: r.User.Phone}
	v.Language = site.SelectView{Name: "language", Label: t("account.language")}
	for _, lang := range site.Languages {
		v.Language.Options = append(v.Language.Options, site.OptionView{Value: lang, Label: t("language." + lang),
			Selected: lang == r.Text.Lang})
	}
	v.Old = site.InputView{Name: "old", Label: t("account.old_password"), Type: "password",
		Autocomplete: "current-password", Required: true}
	v.New = newPassword(r)
	sessions, err := s.services.Accounts.Sessions(r.Ctx(), r.Actor)
	if err != nil {
		return accountView{}, err
	}
	for _, x := range sessions {
		agent := browserName(x.Agent)
		if agent == "" {
			agent = t("account.unknown_device")
		}
		v.Sessions = append(v.Sessions, sessionView{ID: int64(x.ID), Agent: agent, Network: x.Network,
			Created: x.Created, Seen: x.Seen, Current: x.ID == r.Actor.Session})
	}
	return v, nil
}

func (s *Pages) accountProfile(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	name, phone, lang := site.Value(form, "name"), site.Value(form, "phone"), site.Value(form, "language")
	if !form.Has("phone") { // a form from before there was the field
		phone = r.User.Phone
	}
	err = s.services.Accounts.Profile(r.Ctx(), r.Actor, name, phone, lang)
	if fault.Is(err, fault.Invalid) {
		v, loadErr := s.accountView(r)
		if loadErr != nil {
			return loadErr
		}
		v.Refused(r.Text, err)
		v.Name.Value, v.Name.Error = name, v.ErrorFor("name")
		v.Phone.Value, v.Phone.Error = phone, v.ErrorFor("phone")
		return r.Render(http.StatusUnprocessableEntity, "account", v)
	}
	if err != nil {
		return err
	}
	if s.Texts[lang] != nil {
		s.SetPreference(r, site.CookieLang, lang)
	}
	return r.SeeOther("/account?done=profile")
}

func (s *Pages) accountPassword(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	// The old password can be guessed here too, by somebody at an unlocked computer.
	if err := s.SignIns.CheckOwn(r.Actor.User, s.Now()); err != nil {
		return err
	}
	err = s.services.Accounts.ChangePassword(r.Ctx(), r.Actor, form.Get("old"), form.Get("password"))
	if fault.Is(err, fault.Invalid) {
		v, loadErr := s.accountView(r)
		if loadErr != nil {
			return loadErr
		}
		v.Refused(r.Text, err)
		v.Old.Error, v.New.Error = v.ErrorFor("old"), v.ErrorFor("password")
		return r.Render(http.StatusUnprocessableEntity, "account", v)
	}
	if err != nil {
		return err
	}
	return r.SeeOther("/account?done=password")
}

func (s *Pages) accountSessionRevoke(r *site.Request) error {
	id, err := strconv.ParseInt(r.Param("session"), 10, 64)
	if err != nil {
		return site.ErrNoPage
	}
	if err := s.services.Accounts.RevokeSession(r.Ctx(), r.Actor, account.SessionID(id)); err != nil {
		return err
	}
	return r.SeeOther("/account?done=session_revoked")
}

// browserName shortens what a browser calls itself to what a person recognises: "Firefox, Windows".
func browserName(agent string) string {
	first := func(pairs ...string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	browser := first("Edg/", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari")
	system := first("Windows", "Windows", "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Mac OS X",
		"macOS", "Linux", "Linux")
	switch {
	case browser != "" && system != "":
		return browser + ", " + system
	case browser != "":
		return browser
	}
	return agent
}
