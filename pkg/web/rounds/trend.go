package rounds

import (
	"cmp"
	"net/http"
	"slices"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
)

// roundTrendView is the region's way through its rounds of a checklist: live, named, every figure.
type roundTrendView struct {
	site.PageView
	Round  string
	Rounds []trendRound
	Steps  []regionStep // the newest first
	Sorts  []site.TabView
	Apart  []string // rounds that are not compared
	List   site.ListView
}

// trendRound is one round with all that was submitted in it.
type trendRound struct {
	Title, URL, Version string
	N                   int
	Mean, Median        *float64
}

// regionStep is a step with the towns that submitted in both rounds.
type regionStep struct {
	results.TrendStep
	N        string // in words; empty: nobody submitted in both
	Picture  results.ChartView
	Up, Down []townMove // who moved most by new answers
	Towns    []townMove // of the page
	All      int        // all of them
	Newest   bool
}

// townMove is one town's change as it is shown.
type townMove struct {
	Name, URL              string
	Before, After          *float64
	Change, Answers, Rules string
	Common                 int
	moved                  shift.Bridge
	known                  bool
}

// written fills in the changes as texts: of a country's towns those alone that a page shows.
func (m *townMove) written(r *site.Request) {
	f := r.Text.Words()
	m.Change, m.Answers, m.Rules = "–", "–", "–"
	if m.known {
		m.Change, m.Answers, m.Rules = f.Change(m.moved.Total()), f.Change(m.moved.Answers), f.Change(m.moved.Rules)
	}
}

// trendSorts are the orders of the towns, which come by name: as they are, or the biggest rise
// first. What cannot be compared comes last.
var trendSorts = map[string]func(a, b *townMove) int{
	"name": func(_, _ *townMove) int { return 0 },
	"change": func(a, b *townMove) int {
		return cmp.Or(unknownLast(a, b), cmp.Compare(b.moved.Total(), a.moved.Total()))
	},
	"answers": func(a, b *townMove) int {
		return cmp.Or(unknownLast(a, b), cmp.Compare(b.moved.Answers, a.moved.Answers))
	},
}

func unknownLast(a, b *townMove) int {
	switch {
	case a.known == b.known:
		return 0
	case a.known:
		return -1
	}
	return 1
}

func (s *Pages) trendRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/rounds/:round/trend", Name: "round.trend", Action: account.ViewBenchmark,
			Object: s.roundObject, Handler: s.roundTrend},
	}
}

func (s *Pages) roundTrend(r *site.Request) error {
	t, x := r.Text.Text, roundOf(r)
	trend, err := s.services.Trends.Region(r.Ctx(), x)
	if err != nil {
		return err
	}
	address := site.RoundAddress(int64(x.ID))
	v := roundTrendView{PageView: r.Page(t("trend.agency_title") + " · " + x.Title), Round: x.Title}
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"}, site.Crumb{Label: x.Title, URL: address},
		site.Crumb{Label: t("benchmark.agency_title"), URL: address + "/benchmark"},
		site.Crumb{Label: t("trend.title"), URL: ""})
	for _, o := range trend.Apart {
		v.Apart = append(v.Apart, t("trend.apart", "Round", o.Title, "Version", string(o.Checklist.Version)))
	}
	for _, o := range trend.Rounds {
		v.Rounds = append(v.Rounds, trendRound{Title: o.Round.Title, URL: site.RoundAddress(int64(o.Round.ID)) +
			"/benchmark", Version: string(o.Round.Checklist.Version), N: o.N, Mean: o.Score.Mean,
			Median: o.Score.Median})
	}
	if len(trend.Steps) == 0 {
		return r.Render(http.StatusOK, "round_trend", v)
	}
	v.Charts = true
	sort := r.QueryParam("sort")
	if trendSorts[sort] == nil {
		sort = "name"
	}
	l := r.Lister(address+"/trend", "towns", "sort")
	_, v.Sorts = l.Choice("sort", []string{"name", "change", "answers"}, "trend.sort.")
	results, err := s.resultsOf(r, x)
	if err != nil {
		return err
	}
	for i := range slices.Backward(trend.Steps) {
		step := newRegionStep(r, &trend, i, sort, results)
		step.All = len(step.Towns)
		find := l.Find()
		list, towns := site.PagedList(l, t("round.find"), slices.DeleteFunc(step.Towns, func(m townMove) bool {
			return !site.Found(find, m.Name)
		}))
		step.Towns = towns
		for _, list := range [][]townMove{step.Towns, step.Up, step.Down} {
			for k := range list {
				list[k].written(r)
			}
		}
		if list.Total >= v.List.Total { // the longest decides how far there is to leaf
			v.List = list
		}
		v.Steps = append(v.Steps, step)
	}
	return r.Render(http.StatusOK, "round_trend", v)
}

// resultsOf finds the towns' own trends by way of the round's submitted assessments.
func (s *Pages) resultsOf(r *site.Request, x round.Round) (map[region.AGS]string, error) {
	list, err := s.services.Rounds.Standing(r.Ctx(), x)
	if err != nil {
		return nil, err
	}
	urls := map[region.AGS]string{}
	for _, p := range list {
		if p.Status == assessment.Submitted {
			urls[p.Town.AGS] = site.AssessmentAddress(p.Assessment) + "/trend"
		}
	}
	return urls, nil
}

func newRegionStep(r *site.Request, trend *trend.Region, i int, sort string, urls map[region.AGS]string) regionStep {
	from, to, step := &trend.Rounds[i], &trend.Rounds[i+1], &trend.Steps[i]
	v := regionStep{TrendStep: results.TrendStep{From: from.Round.Title, To: to.Round.Title},
		Newest: i == len(trend.Steps)-1}
	v.Picture = stepPicture(r, from, to, step, i)
	common := 0
	v.Towns = make([]townMove, len(step.Towns))
	for k := range step.Towns {
		town := &step.Towns[k]
		common = max(common, town.Shift.Common)
		v.Towns[k] = newTownMove(town, urls[town.Town.AGS])
	}
	v.Compare(r, from.Round.Checklist, to.Round.Checklist, common)
	if b, ok := step.Panel.Bridge(); ok {
		v.N = r.Text.Text("trend.region_n", "Count", step.Panel.N)
		v.Sentence, v.Parts = results.Moved(r, "region", b, false),
			results.PartsOf(r, b, from.Round.Checklist == to.Round.Checklist, false)
	} else {
		v.Parts = r.Text.Text("trend.nobody")
	}
	v.Table = results.NewTrendTable(r, v.From, v.To, "trend.col_towns")
	for k := range step.Panel.Sections {
		section := &step.Panel.Sections[k]
		v.Table.Sections = append(v.Table.Sections,
			results.NewTrendSection(r, results.TitleOf(to.Titles, section.ID, site.LangOf(r)), section.Rebased.Mean,
				section.Comparable.Mean, section.N))
	}
	v.movers()
	site.SortLarge(v.Towns, trendSorts[sort])
	return v
}

func newTownMove(town *trend.TownShift, url string) townMove {
	m := townMove{Name: town.Town.Name, URL: url, Before: town.Shift.Before, After: town.Shift.After,
		Common: town.Shift.Common}
	m.moved, m.known = town.Shift.Bridge()
	return m
}

// moversShown is how many towns are named on each side.
const moversShown = 3

// movers names who moved most by new answers to the same questions.
func (s *regionStep) movers() {
	list := slices.Clone(s.Towns)
	site.SortLarge(list, trendSorts["answers"])
	for _, m := range list[:min(moversShown, len(list))] {
		if m.moved.Answers > 0 {
			s.Up = append(s.Up, m)
		}
	}
	slices.Reverse(list)
	for _, m := range list[:min(moversShown, len(list))] {
		if m.moved.Answers < 0 {
			s.Down = append(s.Down, m)
		}
	}
}

func stepPicture(r *site.Request, from, to *trend.Round, step *trend.Step, i int) results.ChartView {
	b, ok := step.Panel.Bridge()
	c := chart.Trend{ID: "entwicklung-" + site.OfNumber(int64(i+1)), Title: r.Text.Text("trend.picture_panel", "From",
		from.Round.Title, "To", to.Round.Title), Lang: site.LangOf(r), Median: r.Text.Text("trend.median_of"),
		Points: []chart.TrendPoint{{Name: from.Round.Title, Score: step.Panel.Before.Mean, Median: from.Score.Median},
			{Name: to.Round.Title, Score: step.Panel.After.Mean, Median: to.Score.Median}},
		Steps: []chart.TrendStep{{Bridge: b, Known: ok}}}
	return results.ChartViewOf(chart.Bridges(c)).From(results.ChartSource(r, to.Round.Title, step.Panel.N, r.Srv.Now()))
}
