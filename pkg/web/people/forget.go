package people

import (
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/web/site"
)

// personForgetView asks before a person is made unknown.
type personForgetView struct {
	site.PageView
	ID    int64
	Who   string // name and address
	After string // what the person is called afterwards
	Self  bool   // nobody does it to the own account
}

func (s *Pages) peopleForget(r *site.Request) error {
	return s.peopleForgetPage(r, http.StatusOK, nil)
}

func (s *Pages) peopleForgetPage(r *site.Request, status int, wrong error) error {
	t, u := r.Text.Text, personOf(r)
	v := personForgetView{PageView: r.Page(t("people.forget.title")), ID: int64(u.ID),
		Who: account.ShownEmail(u.Email), After: account.ForgottenName(u.ID),
		Self: u.ID == r.Actor.User}
	if u.Name != "" {
		v.Who = u.Name + " (" + v.Who + ")"
	}
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"}, site.Crumb{Label: t("people.title"), URL: "/people"},
		site.Crumb{Label: v.Title, URL: ""})
	v.Path = "/people/" + site.OfNumber(v.ID) + "/forget"
	v.Refused(r.Text, wrong)
	return r.Render(status, "person_forget", v)
}

// peopleForgotten makes a person unknown; only the page before it sends the word that confirms.
func (s *Pages) peopleForgotten(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	if form.Get("confirm") != "yes" {
		return s.peopleForgetPage(r, http.StatusUnprocessableEntity, nil)
	}
	if err := s.services.Accounts.Forget(r.Ctx(), r.Actor, personOf(r).ID); err != nil {
		return err
	}
	return r.SeeOther("/people?done=forgotten")
}
