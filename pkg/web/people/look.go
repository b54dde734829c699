package people

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/territory"
	"ortsspiegel/pkg/web/site"
)

// lookBody bounds the form: four texts of 4 000 characters, each up to twelve bytes as forms send it.
const lookBody = 256 << 10

type lookView struct {
	site.PageView
	Name, Light, Dark                            site.InputView
	Imprint, Privacy, Accessibility, Arbitration site.InputView
	Contact                                      site.InputView
	Revision                                     int64
}

func (s *Pages) look(r *site.Request) error {
	l, err := s.services.Territory.Look(r.Ctx(), r.Actor.Region)
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, "look", newLookView(r, l, nil))
}

// newLookView fills the form; err is why it was refused, nil if it was not.
func newLookView(r *site.Request, l territory.Look, err error) lookView {
	t := r.Text.Text
	v := lookView{PageView: r.Page(t("look.title")), Revision: l.Revision}
	if err != nil && !v.Refused(r.Text, err) {
		v.Errors = []site.ErrorLine{{Text: t("look.changed")}}
	}
	field := func(name, value string, rows int) site.InputView {
		return site.InputView{Name: name, Label: t("look.field_" + name), Hint: t("look.hint_" + name), Type: "text",
			Value: value, Rows: rows, Autocomplete: "off", Error: v.ErrorFor(name)}
	}
	v.Name, v.Light, v.Dark = field("name", l.Name, 0), field("light", l.Light, 0), field("dark", l.Dark, 0)
	v.Imprint, v.Privacy = field("imprint", l.Imprint, 10), field("privacy", l.Privacy, 10)
	v.Accessibility, v.Arbitration = field("accessibility", l.Accessibility, 10), field("arbitration", l.Arbitration, 4)
	v.Contact = field("contact", l.Contact, 0)
	return v
}

func (s *Pages) lookSave(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	revision, _ := strconv.ParseInt(form.Get("revision"), 10, 64) // none: nothing was saved then
	l := territory.Look{Region: r.Actor.Region, Name: form.Get("name"), Light: form.Get("light"),
		Dark: form.Get("dark"), Imprint: form.Get("imprint"), Privacy: form.Get("privacy"),
		Accessibility: form.Get("accessibility"), Contact: form.Get("contact"),
		Arbitration: form.Get("arbitration"), Revision: revision}
	err = s.services.Territory.SaveLook(r.Ctx(), r.Actor, l)
	v, status := lookView{}, http.StatusUnprocessableEntity
	switch {
	case err == nil:
		s.Looks.Forget()
		return r.SeeOther("/look?done=look_saved")
	case errors.Is(err, territory.ErrLookChanged):
		now, loadErr := s.services.Territory.Look(r.Ctx(), r.Actor.Region)
		if loadErr != nil {
			return loadErr
		}
		l.Revision, status = now.Revision, http.StatusConflict
		v = newLookView(r, l, err)
	default:
		if v = newLookView(r, l, err); !v.Refused(r.Text, err) {
			return err
		}
		v = newLookView(r, l, err)
	}
	return r.Render(status, "look", v)
}

// brand serves the style sheet of /brand/<region>.css: the region's colour in both themes. A region without a colour,
// or that does not exist, has an empty one.
func (s *Pages) brand(r *site.Request) error {
	id, found := strings.CutSuffix(r.Param("sheet"), ".css")
	if !found {
		return site.ErrNoPage
	}
	l, err := s.services.Territory.Look(r.Ctx(), region.ID(id))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if l.Light != "" {
		fmt.Fprintf(&b, ":root { --os-brand: %s; }\n", l.Light)
		dark := fmt.Sprintf("{ --os-brand: %s; --os-on-brand: #131525; }", l.Dark)
		fmt.Fprintf(&b, "@media (prefers-color-scheme: dark) { :root:not([data-kern-theme=\"light\"]) %s }\n", dark)
		fmt.Fprintf(&b, ":root[data-kern-theme=\"dark\"] %s\n", dark)
	}
	h := r.Response().Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, no-cache")
	h.Set("ETag", fmt.Sprintf("%q", fmt.Sprintf("%s-%d", l.Light+l.Dark, l.Revision)))
	http.ServeContent(r.Response(), r.Request(), "", time.Time{}, bytes.NewReader(b.Bytes()))
	return nil
}
