package rounds

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// roundConfirmView asks before a round is opened, closed, opened again, published, deleted or rid of its drafts.
type roundConfirmView struct {
	site.PageView
	Step    string // open, close, reopen, publish, delete, clear
	Round   string
	Address string // of the step
	Back    string
	Count   int // towns that are concerned
	Others  int
	// whom it concerns most: towns without a lead before opening, those that are missing before
	// closing
	Named   []namedTown
	More    int  // of them that are not named
	Past    bool // opening: the last day has passed
	EditURL string
	People  string // where people are invited; empty: not for this reader
	Closes  *site.InputView
	Preview *releasePreview
}

// namedTown is a town in a warning.
type namedTown struct{ Name, State string }

// roundSteps are what can be done to a round in each state.
var roundSteps = map[round.Status][]string{round.Planned: {"open"}, round.Open: {"close"},
	round.Closed: {"publish", "reopen"}, round.Published: {"publish"}}

// mayClear reports whether a round in a state can be rid of its drafts.
func mayClear(x round.Status) bool { return x == round.Closed || x == round.Published }

func roundStepIn(r *site.Request) (string, error) {
	step := r.Param("step")
	if !slices.Contains([]string{"open", "close", "reopen", "publish", "delete", "clear"}, step) {
		return "", fault.New(fault.NotFound, "not_found", "there is no such page")
	}
	return step, nil
}

func (s *Pages) roundConfirm(r *site.Request) error {
	step, err := roundStepIn(r)
	if err != nil {
		return err
	}
	return s.roundConfirmPage(r, step, http.StatusOK, nil, url.Values{})
}

// roundConfirmPage shows the question, after a refusal with what is wrong. What the round's state
// does not allow leads back to the round.
func (s *Pages) roundConfirmPage(r *site.Request, step string, status int, wrong error, form url.Values) error {
	t, x := r.Text.Text, roundOf(r)
	if step == "clear" && !mayClear(x.Status) ||
		step != "delete" && step != "clear" && !slices.Contains(roundSteps[x.Status], step) {
		return r.SeeOther(site.RoundAddress(int64(x.ID)))
	}
	var list []round.Participant
	var preview round.Preview
	var err error
	if step == "publish" {
		if err := r.TakeTurn(); err != nil {
			return err
		}
		preview, err = s.services.Rounds.Preview(r.Ctx(), r.Actor, x.ID)
		list = preview.Towns
	} else {
		list, err = s.services.Rounds.Standing(r.Ctx(), x)
	}
	if err != nil {
		return err
	}
	v := roundConfirmView{PageView: r.Page(t("round.confirm." + step + ".title")), Step: step, Round: x.Title,
		Back: site.RoundAddress(int64(x.ID))}
	v.Within, v.Address, v.Path, v.EditURL = v.Round, v.Back+"/"+step, v.Back+"/"+step, v.Back+"/edit"
	counted := countProgress(list)
	v.Count, v.Others = counted.Submitted, counted.Towns-counted.Submitted
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"}, site.Crumb{Label: x.Title, URL: v.Back},
		site.Crumb{Label: v.Title, URL: ""})
	switch step {
	case "open":
		err = s.confirmOpen(r, &v, counted.Towns)
	case "close":
		for _, p := range list {
			if state := participantState(p); state != "submitted" {
				v.name(p.Town.Name, state)
			}
		}
	case "reopen":
		v.Closes = reopenDay(r, form)
	case "delete":
		gone, err := s.services.Rounds.Removed(r.Ctx(), x)
		if err != nil {
			return err
		}
		if !mayBeDeleted(x, list, gone) {
			return r.SeeOther(v.Back)
		}
		v.Count, v.Others = counted.Towns, 0
	case "clear":
		drafts, err := s.services.Rounds.Drafts(r.Ctx(), x)
		if err != nil {
			return err
		}
		if len(drafts) == 0 {
			return r.SeeOther(v.Back)
		}
		v.Count = len(drafts)
		for _, m := range drafts {
			v.name(m.Name, "")
		}
	case "publish":
		v.Charts, v.Preview = true, previewOf(r, preview)
	}
	if err != nil {
		return err
	}
	v.Refused(r.Text, wrong)
	if fault.Is(wrong, fault.Conflict) {
		v.Errors = []site.ErrorLine{{Text: r.Text.Fault(fault.As(wrong))}}
	}
	if v.Closes != nil {
		v.Closes.Error = v.ErrorFor("closes")
	}
	return r.Render(status, "round_confirm", v)
}

func (v *roundConfirmView) name(town, state string) {
	if len(v.Named) < mostNames {
		v.Named = append(v.Named, namedTown{town, state})
	} else {
		v.More++
	}
}

// confirmOpen warns of towns in which nobody could submit.
func (s *Pages) confirmOpen(r *site.Request, v *roundConfirmView, towns int) error {
	list, err := s.services.Rounds.WithoutLead(r.Ctx(), roundOf(r))
	if err != nil {
		return err
	}
	v.Count, v.Others, v.Past = towns, len(list), !s.Now().Before(roundOf(r).Closes)
	for _, m := range list {
		v.name(m.Name, "")
	}
	if account.Can(r.Actor, account.ManagePeople, site.OwnScope(r.Actor)) {
		v.People = "/people"
	}
	return nil
}

// reopenDay asks for the last day of a round that is opened again: what it was if that lies ahead, else two weeks.
func reopenDay(r *site.Request, form url.Values) *site.InputView {
	t, now := r.Text.Text, r.Srv.Now().In(wording.Berlin)
	in := &site.InputView{Name: "closes", Label: t("round.new.closes"), Hint: t("round.confirm.reopen.hint"),
		Type: "date", Required: true, Value: site.Value(form, "closes")}
	if !form.Has("closes") {
		day := wording.LastDay(roundOf(r).Closes).In(wording.Berlin)
		if !roundOf(r).Closes.After(now) {
			day = now.AddDate(0, 0, 14)
		}
		in.Value = day.Format(time.DateOnly)
	}
	return in
}

func (s *Pages) roundStep(r *site.Request) error {
	step, err := roundStepIn(r)
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	address := site.RoundAddress(int64(roundOf(r).ID))
	switch step {
	case "open":
		err = s.services.Rounds.Open(r.Ctx(), r.Actor, roundOf(r).ID)
	case "close":
		err = s.services.Rounds.Close(r.Ctx(), r.Actor, roundOf(r).ID)
	case "reopen":
		err = s.reopen(r, form)
	case "clear":
		_, err = s.services.Rounds.RemoveDrafts(r.Ctx(), r.Actor, roundOf(r).ID)
	case "delete":
		err = s.services.Rounds.Delete(r.Ctx(), r.Actor, roundOf(r).ID)
		address = "/"
	case "publish":
		if err := r.TakeTurn(); err != nil {
			return err
		}
		if seen := form.Get("seen"); seen != "" {
			err = s.services.Rounds.PublishSeen(r.Ctx(), r.Actor, roundOf(r).ID, seen)
		} else { // a program that has no use for a preview
			err = s.services.Rounds.Publish(r.Ctx(), r.Actor, roundOf(r).ID)
		}
	}
	if e := fault.As(err); e != nil &&
		(e.Kind == fault.Invalid && step == "reopen" || errors.Is(err, round.ErrPreview)) {
		return s.roundConfirmPage(r, step, site.StatusOf[e.Kind], err, form)
	}
	if err != nil {
		return err
	}
	return r.SeeOther(address + "?done=round_" + step)
}

// reopen opens a closed round again until the day of the form, or as it was if a program sends none.
func (s *Pages) reopen(r *site.Request, form url.Values) error {
	day := site.DayIn(form, "closes")
	if day.IsZero() && form.Has("closes") {
		return fault.Fields([]fault.Field{{Name: "closes", Code: "round_day",
			Message: "a day such as 2026-12-31 is expected"}})
	}
	return s.services.Rounds.Reopen(r.Ctx(), r.Actor, roundOf(r).ID, site.EndOf(day))
}
