package rounds

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// roundNewView is the form of a new round.
type roundNewView struct {
	site.PageView
	Name          site.InputView
	Checklist     site.SelectView
	Opens, Closes site.InputView
	Pick          pickView
	Like          []site.Crumb // earlier rounds to begin with
	From          string       // title of the one that the form was filled from
}

// mostLike is how many earlier rounds a new one can be copied from on its page.
const mostLike = 5

func (s *Pages) roundNew(r *site.Request) error {
	day := s.Now().In(wording.Berlin)
	form := url.Values{"opens": {day.Format(time.DateOnly)}, "closes": {day.AddDate(0, 2, 0).Format(time.DateOnly)},
		"pick": {"all"}}
	rounds, err := s.services.Rounds.OfRegion(r.Ctx(), r.Actor)
	if err != nil {
		return err
	}
	if len(rounds) > 0 {
		form.Set("checklist", string(rounds[0].Checklist.ID))
	}
	from := ""
	if id, err := strconv.ParseInt(r.QueryParam("from"), 10, 64); err == nil {
		old, err := s.services.Rounds.Round(r.Ctx(), r.Actor, account.ManageRound, round.ID(id))
		if err != nil {
			return err
		}
		if form, err = s.roundLike(r, old); err != nil {
			return err
		}
		from = old.Title
	}
	v, err := s.roundNewView(r, form, rounds)
	if err != nil {
		return err
	}
	v.From = from
	return r.Render(http.StatusOK, "round_new", v)
}

// roundLike fills the form of a new round from an old one: its checklist in the newest version, its
// towns, its days in the first year in which they lie ahead.
func (s *Pages) roundLike(r *site.Request, old round.Round) (url.Values, error) {
	list, err := s.services.Rounds.Standing(r.Ctx(), old)
	if err != nil {
		return nil, err
	}
	towns, err := s.services.Territory.Towns(r.Ctx(), r.Actor.Region)
	if err != nil {
		return nil, err
	}
	chosen := townSet{}
	for _, p := range list {
		chosen[p.Town.AGS] = true
	}
	now := s.Now().In(wording.Berlin)
	first, last := old.Opens.In(wording.Berlin), wording.LastDay(old.Closes).In(wording.Berlin)
	years := 0
	for first.AddDate(years, 0, 0).Before(now.AddDate(0, 0, -1)) {
		years++
	}
	title := old.Title
	if years > 0 {
		title = yearIn.ReplaceAllStringFunc(title, func(text string) string {
			year, _ := strconv.Atoi(text)
			return strconv.Itoa(year + years)
		})
	}
	return url.Values{"title": {title}, "checklist": {string(old.Checklist.ID)},
		"opens":  {first.AddDate(years, 0, 0).Format(time.DateOnly)},
		"closes": {last.AddDate(years, 0, 0).Format(time.DateOnly)}, "selection": {chosen.Encode(towns)}}, nil
}

var yearIn = regexp.MustCompile(`\b20\d\d\b`)

func (s *Pages) roundNewView(r *site.Request, form url.Values, rounds []round.Round) (roundNewView, error) {
	t := r.Text.Text
	v := roundNewView{PageView: r.Page(t("round.new.title"))}
	v.Path = "/rounds/new"
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"}, site.Crumb{Label: t("round.new.title"), URL: ""})
	v.Name = site.InputView{Name: "title", Label: t("round.new.name"), Hint: t("round.new.name_hint"), Type: "text",
		Required: true, Value: site.Value(form, "title")}
	v.Opens = site.InputView{Name: "opens", Label: t("round.new.opens"), Hint: t("round.new.opens_hint"), Type: "date",
		Required: true, Value: site.Value(form, "opens")}
	v.Closes = site.InputView{Name: "closes", Label: t("round.new.closes"), Hint: t("round.new.closes_hint"),
		Type: "date", Required: true, Value: site.Value(form, "closes")}
	for _, x := range rounds[:min(len(rounds), mostLike)] {
		v.Like = append(v.Like, site.Crumb{Label: x.Title, URL: "/rounds/new?from=" + site.OfNumber(int64(x.ID))})
	}
	var err error
	if v.Checklist, err = s.checklistSelect(r, form.Get("checklist")); err != nil {
		return v, err
	}
	towns, err := s.services.Territory.Towns(r.Ctx(), r.Actor.Region)
	if err != nil {
		return v, err
	}
	known := map[region.AGS]bool{}
	for _, m := range towns {
		known[m.AGS] = true
	}
	chosen := chosenIn(form, towns)
	for ags := range chosen {
		if !known[ags] {
			delete(chosen, ags)
		}
	}
	v.Pick = newPick(form, towns, chosen, nil)
	return v, nil
}

// checklistSelect offers all versions; of a checklist named without a version, the newest is chosen.
func (s *Pages) checklistSelect(r *site.Request, chosen string) (site.SelectView, error) {
	t := r.Text.Text
	v := site.SelectView{Name: "checklist", Label: t("round.new.checklist"), Hint: t("round.new.checklist_hint")}
	list, err := s.services.Checklists.Refs()
	if err != nil {
		return v, err
	}
	seen := map[checklist.ID]bool{}
	for _, ref := range list {
		d, _, err := s.services.Checklists.Get(ref)
		if err != nil {
			return v, err
		}
		newest := !seen[ref.ID]
		seen[ref.ID] = true
		label := t("round.new.version", "Checklist", d.Title.In(site.LangOf(r)), "Version", string(ref.Version))
		if newest {
			label = t("round.new.version_newest", "Checklist", d.Title.In(site.LangOf(r)), "Version",
				string(ref.Version))
		}
		v.Options = append(v.Options, site.OptionView{Value: ref.String(), Label: label,
			Selected: ref.String() == chosen || newest && string(ref.ID) == chosen})
	}
	return v, nil
}

func (s *Pages) roundCreate(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	if pickButton(form) != "" {
		return s.roundNewAgain(r, form, http.StatusOK, nil)
	}
	id, version, _ := strings.Cut(form.Get("checklist"), "@")
	towns, err := s.services.Territory.Towns(r.Ctx(), r.Actor.Region)
	if err != nil {
		return err
	}
	in := round.New{Title: site.Value(form, "title"), Checklist: checklist.Ref{ID: checklist.ID(id),
		Version: checklist.Version(version)},
		Opens: site.DayIn(form, "opens"), Closes: site.EndOf(site.DayIn(form, "closes")),
		Towns: chosenIn(form, towns).list()}
	made, err := s.services.Rounds.Create(r.Ctx(), r.Actor, in)
	if fault.Is(err, fault.Invalid) {
		return s.roundNewAgain(r, form, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return r.SeeOther(site.RoundAddress(int64(made)) + "?done=round_created")
}

// roundNewAgain shows the form as it was filled in, with what is wrong.
func (s *Pages) roundNewAgain(r *site.Request, form url.Values, status int, wrong error) error {
	rounds, err := s.services.Rounds.OfRegion(r.Ctx(), r.Actor)
	if err != nil {
		return err
	}
	v, err := s.roundNewView(r, form, rounds)
	if err != nil {
		return err
	}
	v.Refused(r.Text, wrong)
	v.Name.Error, v.Opens.Error, v.Closes.Error = v.ErrorFor("title"), v.ErrorFor("opens"), v.ErrorFor("closes")
	v.Checklist.Error, v.Pick.Error = v.ErrorFor("checklist"), v.ErrorFor("towns")
	return r.Render(status, "round_new", v)
}
