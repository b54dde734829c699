package web

import (
	"net/http"
	"strconv"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
)

type accountView struct {
	pageView
	Email    string
	Role     string
	Place    string
	Name     inputView
	Language selectView
	Old, New inputView
	Sessions []sessionView
}

type sessionView struct {
	ID            int64
	Agent         string
	Network       string
	Created, Seen time.Time
	Current       bool
}

func (s *peoplePages) account(r *request) error {
	v, err := s.accountView(r)
	if err != nil {
		return err
	}
	return r.render(http.StatusOK, "account", v)
}

func (s *peoplePages) accountView(r *request) (accountView, error) {
	t := r.text.text
	v := accountView{pageView: r.page(t("account.title")), Email: account.ShownEmail(r.user.Email), Role: t("role." + string(r.actor.Role)), Place: r.place()}
	v.Path = "/account"
	v.Name = inputView{Name: "name", Label: t("account.name"), Type: "text", Autocomplete: "name", Required: true, Value: r.user.Name}
	v.Language = selectView{Name: "language", Label: t("account.language")}
	for _, lang := range languages {
		v.Language.Options = append(v.Language.Options, optionView{Value: lang, Label: t("language." + lang), Selected: lang == r.text.lang})
	}
	v.Old = inputView{Name: "old", Label: t("account.old_password"), Type: "password", Autocomplete: "current-password", Required: true}
	v.New = r.newPassword()
	sessions, err := s.Accounts.Sessions(r.ctx(), r.actor)
	if err != nil {
		return accountView{}, err
	}
	for _, x := range sessions {
		agent := browserName(x.Agent)
		if agent == "" {
			agent = t("account.unknown_device")
		}
		v.Sessions = append(v.Sessions, sessionView{ID: int64(x.ID), Agent: agent, Network: x.Network, Created: x.Created, Seen: x.Seen, Current: x.ID == r.actor.Session})
	}
	return v, nil
}

func (s *peoplePages) accountProfile(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	name, lang := value(form, "name"), value(form, "language")
	err = s.Accounts.Profile(r.ctx(), r.actor, name, lang)
	if fault.Is(err, fault.Invalid) {
		v, loadErr := s.accountView(r)
		if loadErr != nil {
			return loadErr
		}
		v.refused(r.text, err)
		v.Name.Value, v.Name.Error = name, v.errorFor("name")
		return r.render(http.StatusUnprocessableEntity, "account", v)
	}
	if err != nil {
		return err
	}
	if s.texts[lang] != nil {
		s.setPreference(r, cookieLang, lang)
	}
	return r.redirect("/account?done=profile")
}

func (s *peoplePages) accountPassword(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	// The old password can be guessed here too, by somebody at an unlocked computer.
	if err := s.signIns.checkOwn(r.actor.User, s.Now()); err != nil {
		return err
	}
	err = s.Accounts.ChangePassword(r.ctx(), r.actor, form.Get("old"), form.Get("password"))
	if fault.Is(err, fault.Invalid) {
		v, loadErr := s.accountView(r)
		if loadErr != nil {
			return loadErr
		}
		v.refused(r.text, err)
		v.Old.Error, v.New.Error = v.errorFor("old"), v.errorFor("password")
		return r.render(http.StatusUnprocessableEntity, "account", v)
	}
	if err != nil {
		return err
	}
	return r.redirect("/account?done=password")
}

func (s *peoplePages) accountSessionRevoke(r *request) error {
	id, err := strconv.ParseInt(r.Param("session"), 10, 64)
	if err != nil {
		return errNoPage
	}
	if err := s.Accounts.RevokeSession(r.ctx(), r.actor, account.SessionID(id)); err != nil {
		return err
	}
	return r.redirect("/account?done=session_revoked")
}
