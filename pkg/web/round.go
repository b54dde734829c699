package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// roundRoutes are an agency's rounds: creating, steering, watching, comparing.
var roundRoutes = []route{
	{method: http.MethodGet, path: "/rounds/new", name: "round.new", action: account.ManageRound, handler: (*server).roundNew},
	{method: http.MethodPost, path: "/rounds", name: "round.create", action: account.ManageRound, handler: (*server).roundCreate, body: bodyRound},
	{method: http.MethodGet, path: "/rounds/:round", name: "round", action: account.ViewRound, object: roundObject, handler: (*server).roundProgress},
	{method: http.MethodGet, path: "/rounds/:round/:step", name: "round.confirm", action: account.ManageRound, object: roundObject, handler: (*server).roundConfirm},
	{method: http.MethodPost, path: "/rounds/:round/:step", name: "round.step", action: account.ManageRound, object: roundObject, handler: (*server).roundStep},
	{method: http.MethodGet, path: "/rounds/:round/benchmark", name: "round.benchmark", action: account.ViewBenchmark, object: roundObject, handler: (*server).roundBenchmark},
	{method: http.MethodGet, path: "/rounds/:round/versions/:version", name: "round.version", action: account.ViewBenchmark, object: roundObject, handler: (*server).roundVersion},
	{method: http.MethodGet, path: "/rounds/:round/map.json", name: "round.map", action: account.ViewBenchmark, object: roundObject, handler: (*server).roundMap},
	{method: http.MethodGet, path: "/rounds/:round/export.xlsx", name: "round.export_xlsx", action: account.ExportRound, object: roundObject, handler: (*server).roundExportXLSX, timeout: exportTimeout},
	{method: http.MethodGet, path: "/rounds/:round/export.csv", name: "round.export_csv", action: account.ExportRound, object: roundObject, handler: (*server).roundExportCSV, timeout: exportTimeout},
}

// bodyRound bounds the form of a new round: every town is a field, and a state can have two thousand.
const bodyRound = 1 << 20

// roundObject loads the round in the address.
func roundObject(s *server, r *request) (account.Object, error) {
	x, err := s.Rounds.Round(r.ctx(), r.actor, r.route.action, round.ID(r.number("round")))
	if err != nil {
		return account.Object{}, err
	}
	r.round = x
	return x.Object(), nil
}

// roundNewView is the form of a new round.
type roundNewView struct {
	pageView
	Name          inputView
	Checklist     selectView
	Opens, Closes inputView
	Districts     []roundDistrict
	TownsError    string
	Count         int
}

// roundDistrict is a group of towns with a box that chooses them all.
type roundDistrict struct {
	Key, Name string
	Chosen    bool // all of its towns
	Towns     []roundChoice
}

type roundChoice struct {
	AGS, Name string
	Chosen    bool
}

func (s *server) roundNew(r *request) error {
	day := s.Now().In(berlin)
	form := url.Values{"opens": {day.Format(time.DateOnly)}, "closes": {day.AddDate(0, 2, 0).Format(time.DateOnly)}, "districts": {everyDistrict}}
	v, err := s.roundNewView(r, form)
	if err != nil {
		return err
	}
	return r.render(http.StatusOK, "round_new", v)
}

// everyDistrict stands for all districts in the first form, before anybody chose.
const everyDistrict = "*"

func (s *server) roundNewView(r *request, form url.Values) (roundNewView, error) {
	t := r.text.text
	v := roundNewView{pageView: r.page(t("round.new.title"))}
	v.Path = "/rounds/new"
	v.crumbs(crumb{t("nav.start"), "/"}, crumb{t("round.new.title"), ""})
	v.Name = inputView{Name: "title", Label: t("round.new.name"), Hint: t("round.new.name_hint"), Type: "text", Required: true, Value: value(form, "title")}
	v.Opens = inputView{Name: "opens", Label: t("round.new.opens"), Hint: t("round.new.opens_hint"), Type: "date", Required: true, Value: value(form, "opens")}
	v.Closes = inputView{Name: "closes", Label: t("round.new.closes"), Hint: t("round.new.closes_hint"), Type: "date", Required: true, Value: value(form, "closes")}
	v.Checklist = selectView{Name: "checklist", Label: t("round.new.checklist")}
	list, err := s.Checklists.Refs()
	if err != nil {
		return v, err
	}
	for _, ref := range list {
		d, _, err := s.Checklists.Get(ref)
		if err != nil {
			return v, err
		}
		v.Checklist.Options = append(v.Checklist.Options, optionView{Value: ref.String(), Label: d.Title.In(langOf(r)) + " " + string(ref.Version), Selected: ref.String() == form.Get("checklist")})
	}
	towns, err := s.Territory.Towns(r.ctx(), r.actor.Region)
	if err != nil {
		return v, err
	}
	v.districts(towns, form)
	return v, nil
}

func (v *roundNewView) districts(towns []region.Municipality, form url.Values) {
	v.Count = len(towns)
	chosen, whole := form["towns"], form["districts"]
	index := map[region.DistrictKey]int{}
	for _, m := range towns {
		i, ok := index[m.District.Key]
		if !ok {
			i = len(v.Districts)
			index[m.District.Key] = i
			key := string(m.District.Key)
			v.Districts = append(v.Districts, roundDistrict{Key: key, Name: m.District.Name, Chosen: slices.Contains(whole, key) || slices.Contains(whole, everyDistrict)})
		}
		d := &v.Districts[i]
		d.Towns = append(d.Towns, roundChoice{AGS: string(m.AGS), Name: m.Name, Chosen: slices.Contains(chosen, string(m.AGS))})
	}
}

func (s *server) roundCreate(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	in := round.New{Title: value(form, "title")}
	id, version, _ := strings.Cut(form.Get("checklist"), "@")
	in.Checklist = checklist.Ref{ID: checklist.ID(id), Version: checklist.Version(version)}
	// A date that cannot be read stays zero, which the service refuses with the field's name.
	if day, err := parseDate(form.Get("opens")); err == nil {
		in.Opens = day
	}
	if day, err := parseDate(form.Get("closes")); err == nil {
		in.Closes = day.AddDate(0, 0, 1) // the last day counts whole
	}
	towns, err := s.Territory.Towns(r.ctx(), r.actor.Region)
	if err != nil {
		return err
	}
	in.Towns = chosenTowns(towns, form)
	made, err := s.Rounds.Create(r.ctx(), r.actor, in)
	if fault.Is(err, fault.Invalid) {
		v, loadErr := s.roundNewView(r, form)
		if loadErr != nil {
			return loadErr
		}
		v.refused(r.text, err)
		v.Name.Error, v.Opens.Error, v.Closes.Error = v.errorFor("title"), v.errorFor("opens"), v.errorFor("closes")
		v.Checklist.Error, v.TownsError = v.errorFor("checklist"), v.errorFor("towns")
		return r.render(http.StatusUnprocessableEntity, "round_new", v)
	}
	if err != nil {
		return err
	}
	return r.redirect(roundAddress(int64(made)) + "?done=round_created")
}

// chosenTowns are the towns ticked one by one and those of the districts ticked whole. What is not of the region stays in the
// list, so that the service refuses it.
func chosenTowns(towns []region.Municipality, form url.Values) []region.AGS {
	var list []region.AGS
	for _, ags := range form["towns"] {
		list = append(list, region.AGS(ags))
	}
	for _, m := range towns {
		if slices.Contains(form["districts"], string(m.District.Key)) {
			list = append(list, m.AGS)
		}
	}
	return list
}

// roundConfirmView asks before a round is opened, closed or published.
type roundConfirmView struct {
	pageView
	Step    string // open, close, publish
	Round   string
	Address string // of the round
	Back    string
	Count   int // towns that are concerned
	Others  int
}

// roundSteps are what can be done to a round in each state.
var roundSteps = map[round.Status][]string{round.Planned: {"open"}, round.Open: {"close"}, round.Closed: {"publish"}, round.Published: {"publish"}}

func (r *request) roundStepIn() (string, error) {
	step := r.Param("step")
	if !slices.Contains([]string{"open", "close", "publish"}, step) {
		return "", fault.New(fault.NotFound, "not_found", "there is no such page")
	}
	return step, nil
}

func (s *server) roundConfirm(r *request) error {
	step, err := r.roundStepIn()
	if err != nil {
		return err
	}
	if !slices.Contains(roundSteps[r.round.Status], step) {
		return r.redirect(roundAddress(int64(r.round.ID)))
	}
	list, err := s.Rounds.Participants(r.ctx(), r.round)
	if err != nil {
		return err
	}
	v := roundConfirmView{pageView: r.page(r.text.text("round.confirm." + step + ".title")), Step: step, Round: r.round.Title, Back: roundAddress(int64(r.round.ID))}
	v.Within = v.Round
	v.Address = v.Back + "/" + step
	counted := countProgress(list)
	v.Count, v.Others = counted.Submitted, counted.Towns-counted.Submitted
	if step == "open" {
		v.Count, v.Others = counted.Towns, 0
	}
	v.crumbs(crumb{r.text.text("nav.start"), "/"}, crumb{r.round.Title, v.Back}, crumb{v.Title, ""})
	return r.render(http.StatusOK, "round_confirm", v)
}

func (s *server) roundStep(r *request) error {
	step, err := r.roundStepIn()
	if err != nil {
		return err
	}
	switch step {
	case "open":
		err = s.Rounds.Open(r.ctx(), r.actor, r.round.ID)
	case "close":
		err = s.Rounds.Close(r.ctx(), r.actor, r.round.ID)
	case "publish":
		err = s.Rounds.Publish(r.ctx(), r.actor, r.round.ID)
	}
	if err != nil {
		return err
	}
	return r.redirect(roundAddress(int64(r.round.ID)) + "?done=round_" + step)
}

// roundName is how a checklist is called in a round's pages.
func roundName(d *checklist.Definition, lang checklist.Lang) string {
	return d.Title.In(lang) + " " + string(d.Version)
}

// ofNumber writes an id into an address.
func ofNumber(id int64) string { return strconv.FormatInt(id, 10) }
