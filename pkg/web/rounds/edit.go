package rounds

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// roundEditView is the form of a round that is there. Which fields it has depends on how far the round has got.
type roundEditView struct {
	site.PageView
	Round    string
	Address  string // of the round
	Status   string
	Revision int64
	Name     site.InputView
	Opens    *site.InputView // nil: it cannot be changed any more
	Closes   *site.InputView
	Pick     *pickView
	Conflict []bothValues    // what somebody else has stored meanwhile, beside what was entered
	Removing []removedTown   // has to be confirmed: what becomes of their answers
	Reason   *site.InputView // of it
	RemovedN removedCount
}

// bothValues is a field on which two people disagree.
type bothValues struct{ Field, Stored, Entered string }

type removedTown struct{ Name, State string }

type removedCount struct{ Towns, Submitted, Drafts, NotBegun int }

func (s *Pages) roundEdit(r *site.Request) error {
	x := roundOf(r)
	form := url.Values{"title": {x.Title}, "opens": {wording.ISODay(x.Opens)},
		"closes": {wording.ISODay(wording.LastDay(x.Closes))}}
	v, err := s.roundEditView(r, form, nil)
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, "round_edit", v)
}

// roundTowns are the towns that a round can have: those of the region and those that take part,
// with what they have entered.
func (s *Pages) roundTowns(r *site.Request) (towns []region.Municipality, in townSet, states map[region.AGS]string,
	err error) {
	if towns, err = s.services.Territory.Towns(r.Ctx(), roundOf(r).Region); err != nil {
		return nil, nil, nil, err
	}
	list, err := s.services.Rounds.Standing(r.Ctx(), roundOf(r))
	if err != nil {
		return nil, nil, nil, err
	}
	gone, err := s.services.Rounds.Removed(r.Ctx(), roundOf(r))
	if err != nil {
		return nil, nil, nil, err
	}
	known := map[region.AGS]bool{}
	for _, m := range towns {
		known[m.AGS] = true
	}
	in, states = townSet{}, map[region.AGS]string{}
	for _, p := range list {
		in[p.Town.AGS] = true
		if state := participantState(p); state == "draft" || state == "submitted" {
			states[p.Town.AGS] = state
		}
		if !known[p.Town.AGS] {
			towns = append(towns, p.Town)
		}
	}
	for _, t := range gone {
		states[t.Town.AGS] = "removed"
	}
	return towns, in, states, nil
}

// roundEditView shows the form with what was entered; chosen is the choice of towns, nil: as the round has them.
func (s *Pages) roundEditView(r *site.Request, form url.Values, chosen townSet) (roundEditView, error) {
	t, x := r.Text.Text, roundOf(r)
	v := roundEditView{PageView: r.Page(t("round.edit.title")), Round: x.Title,
		Address: site.RoundAddress(int64(x.ID)), Status: string(x.Status), Revision: x.Revision}
	v.Within, v.Path = x.Title, v.Address+"/edit"
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"}, site.Crumb{Label: x.Title, URL: v.Address},
		site.Crumb{Label: v.Title, URL: ""})
	v.Name = site.InputView{Name: "title", Label: t("round.new.name"), Hint: t("round.edit.name_hint"), Type: "text",
		Required: true, Value: site.Value(form, "title")}
	if x.Status == round.Planned {
		v.Opens = &site.InputView{Name: "opens", Label: t("round.new.opens"), Hint: t("round.new.opens_hint"),
			Type: "date", Required: true, Value: site.Value(form, "opens")}
	}
	if !x.Status.Takes() {
		return v, nil
	}
	v.Closes = &site.InputView{Name: "closes", Label: t("round.new.closes"), Hint: t("round.edit.closes_hint"),
		Type: "date", Required: true, Value: site.Value(form, "closes")}
	towns, in, states, err := s.roundTowns(r)
	if err != nil {
		return v, err
	}
	if chosen == nil {
		chosen = in
	}
	pick := newPick(form, towns, chosen, states)
	v.Pick = &pick
	return v, nil
}

// roundChange stores a form of a round. Taking towns out of one that has opened is asked about
// first; what somebody else has changed since the form was shown comes beside what was entered.
func (s *Pages) roundChange(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	in := round.Change{Title: site.Value(form, "title"), Reason: site.Value(form, "reason")}
	in.Seen, _ = strconv.ParseInt(form.Get("revision"), 10, 64)
	var chosen townSet
	if roundOf(r).Status.Takes() {
		towns, _, _, err := s.roundTowns(r)
		if err != nil {
			return err
		}
		chosen = chosenIn(form, towns)
		in.Towns = chosen.list()
	}
	if pickButton(form) != "" {
		v, err := s.roundEditView(r, form, chosen)
		if err != nil {
			return err
		}
		v.Revision = in.Seen // stale stays stale: the towns were chosen from what was shown
		return r.Render(http.StatusOK, "round_edit", v)
	}
	missing := roundDays(roundOf(r), form, &in)
	effect, err := s.services.Rounds.Effect(r.Ctx(), r.Actor, roundOf(r).ID, in)
	if errors.Is(err, round.ErrChanged) {
		return s.roundConflict(r, form, chosen)
	}
	if err == nil {
		err = fault.Fields(missing)
	}
	asks := err == nil && effect.Before.Status == round.Open && len(effect.Removed) > 0
	if asks && !form.Has("reason") {
		return s.roundAsks(r, form, chosen, &effect, http.StatusOK, nil)
	}
	if err == nil {
		_, err = s.services.Rounds.Change(r.Ctx(), r.Actor, roundOf(r).ID, in)
	}
	switch {
	case errors.Is(err, round.ErrChanged):
		return s.roundConflict(r, form, chosen)
	case fault.Is(err, fault.Invalid):
		var removing *round.Effect
		if asks {
			removing = &effect
		}
		return s.roundAsks(r, form, chosen, removing, http.StatusUnprocessableEntity, err)
	case err != nil:
		return err
	}
	return r.SeeOther(site.RoundAddress(int64(roundOf(r).ID)) + "?done=round_changed")
}

// roundDays reads the days that the round still takes; one that was sent and cannot be read is missing.
func roundDays(x round.Round, form url.Values, in *round.Change) (missing []fault.Field) {
	read := func(name string) time.Time {
		day := site.DayIn(form, name)
		if day.IsZero() && form.Has(name) {
			missing = append(missing, fault.Field{Name: name, Code: "round_day"})
		}
		return day
	}
	if x.Status == round.Planned {
		in.Opens = read("opens")
	}
	if x.Status.Takes() {
		in.Closes = site.EndOf(read("closes"))
	}
	return missing
}

// roundAsks shows the form again: with what is wrong, and with the towns that would be taken out.
func (s *Pages) roundAsks(r *site.Request, form url.Values, chosen townSet, effect *round.Effect, status int,
	wrong error) error {
	v, err := s.roundEditView(r, form, chosen)
	if err != nil {
		return err
	}
	v.Refused(r.Text, wrong)
	v.Name.Error = v.ErrorFor("title")
	if v.Opens != nil {
		v.Opens.Error = v.ErrorFor("opens")
	}
	if v.Closes != nil {
		v.Closes.Error = v.ErrorFor("closes")
	}
	if v.Pick != nil {
		v.Pick.Error = v.ErrorFor("towns")
	}
	if effect != nil {
		t := r.Text.Text
		for _, p := range effect.Removed {
			state := participantState(p)
			v.Removing = append(v.Removing, removedTown{p.Town.Name, state})
			v.RemovedN.Towns++
			switch state {
			case "submitted":
				v.RemovedN.Submitted++
			case "draft":
				v.RemovedN.Drafts++
			default:
				v.RemovedN.NotBegun++
			}
		}
		slices.SortStableFunc(v.Removing, func(a, b removedTown) int { return strings.Compare(b.State, a.State) })
		v.Removing = v.Removing[:min(len(v.Removing), mostNames)]
		v.Reason = &site.InputView{Name: "reason", Label: t("round.edit.reason"), Hint: t("round.edit.reason_hint"),
			Type: "text", Required: true, Rows: 2,
			Value: site.Value(form, "reason"), Error: v.ErrorFor("reason")}
	}
	return r.Render(status, "round_edit", v)
}

// mostNames is how many towns a question or a warning names.
const mostNames = 60

// roundConflict shows what is stored now beside what was entered; storing again is then a decision.
func (s *Pages) roundConflict(r *site.Request, form url.Values, chosen townSet) error {
	v, err := s.roundEditView(r, form, chosen)
	if err != nil {
		return err
	}
	t, x, f := r.Text.Text, roundOf(r), r.Text.Words()
	add := func(field, stored, entered string) {
		if stored != entered {
			v.Conflict = append(v.Conflict, bothValues{t(field), stored, entered})
		}
	}
	add("round.new.name", x.Title, site.Value(form, "title"))
	day := func(field, name string, at time.Time) {
		entered := site.Value(form, name)
		if d := site.DayIn(form, name); !d.IsZero() {
			entered = f.Date(d)
		}
		add(field, f.Date(at), entered)
	}
	if form.Has("opens") {
		day("round.new.opens", "opens", x.Opens)
	}
	if form.Has("closes") {
		day("round.new.closes", "closes", wording.LastDay(x.Closes))
	}
	if chosen != nil {
		towns, in, _, err := s.roundTowns(r)
		if err != nil {
			return err
		}
		var stored, entered []string
		for _, m := range site.ByDistrict(towns) {
			if in[m.AGS] && !chosen[m.AGS] {
				stored = append(stored, m.Name)
			}
			if !in[m.AGS] && chosen[m.AGS] {
				entered = append(entered, m.Name)
			}
		}
		only := func(n int, names []string) string {
			if len(names) == 0 {
				return t("round.edit.towns_n", "Count", n)
			}
			rest := len(names) - min(len(names), mostNames)
			text := t("round.edit.towns_n", "Count", n) + " " +
				t("round.edit.only_here", "Towns", strings.Join(names[:len(names)-rest], ", "))
			if rest > 0 {
				text += " " + t("round.more", "Count", rest)
			}
			return text
		}
		if len(stored)+len(entered) > 0 {
			add("round.new.towns", only(len(in.list()), stored), only(len(chosen.list()), entered))
		}
	}
	v.Errors = []site.ErrorLine{{Text: t("fault.round_changed")}}
	return r.Render(http.StatusConflict, "round_edit", v)
}

// mayBeDeleted reports whether nobody has entered anything in a round; the store has the last word.
func mayBeDeleted(x round.Round, list []round.Participant, gone []round.RemovedTown) bool {
	if x.Status == round.Published {
		return false
	}
	return !slices.ContainsFunc(list, func(p round.Participant) bool {
		return p.Change > 0 || p.Status == assessment.Submitted
	}) &&
		!slices.ContainsFunc(gone, func(t round.RemovedTown) bool { return t.Change > 0 })
}
