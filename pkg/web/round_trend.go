package web

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
)

// roundTrendView is the region's way through its rounds of a checklist: live, named, every figure.
type roundTrendView struct {
	pageView
	Round  string
	Rounds []trendRound
	Steps  []regionStep // the newest first
	Sorts  []tabView
	Apart  []string // rounds that are not compared
	List   listView
}

// trendRound is one round with all that was submitted in it.
type trendRound struct {
	Title, URL, Version string
	N                   int
	Mean, Median        *float64
}

// regionStep is a step with the towns that submitted in both rounds.
type regionStep struct {
	trendStep
	N        string // in words; empty: nobody submitted in both
	Picture  chartView
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
func (m *townMove) written(r *request) {
	f := r.text.words()
	m.Change, m.Answers, m.Rules = "–", "–", "–"
	if m.known {
		m.Change, m.Answers, m.Rules = f.Change(m.moved.Total()), f.Change(m.moved.Answers), f.Change(m.moved.Rules)
	}
}

// trendSorts are the orders of the towns, which come by name: as they are, or the biggest rise first. What cannot be compared comes last.
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

func (s *roundPages) trendRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/rounds/:round/trend", name: "round.trend", action: account.ViewBenchmark, object: roundObject, handler: s.roundTrend},
	}
}

func (s *roundPages) roundTrend(r *request) error {
	t, x := r.text.text, r.round
	trend, err := s.Trends.Region(r.ctx(), x)
	if err != nil {
		return err
	}
	address := roundAddress(int64(x.ID))
	v := roundTrendView{pageView: r.page(t("trend.agency_title") + " · " + x.Title), Round: x.Title}
	v.crumbs(crumb{t("nav.start"), "/"}, crumb{x.Title, address}, crumb{t("benchmark.agency_title"), address + "/benchmark"}, crumb{t("trend.title"), ""})
	for _, o := range trend.Apart {
		v.Apart = append(v.Apart, t("trend.apart", "Round", o.Title, "Version", string(o.Checklist.Version)))
	}
	for _, o := range trend.Rounds {
		v.Rounds = append(v.Rounds, trendRound{Title: o.Round.Title, URL: roundAddress(int64(o.Round.ID)) + "/benchmark", Version: string(o.Round.Checklist.Version), N: o.N, Mean: o.Score.Mean, Median: o.Score.Median})
	}
	if len(trend.Steps) == 0 {
		return r.render(http.StatusOK, "round_trend", v)
	}
	v.Charts = true
	sort := r.QueryParam("sort")
	if trendSorts[sort] == nil {
		sort = "name"
	}
	l := r.lister(address+"/trend", "towns", "sort")
	_, v.Sorts = l.choice("sort", []string{"name", "change", "answers"}, "trend.sort.")
	results, err := s.resultsOf(r, x)
	if err != nil {
		return err
	}
	for i := range slices.Backward(trend.Steps) {
		step := newRegionStep(r, &trend, i, sort, results)
		step.All = len(step.Towns)
		find := l.find()
		list, towns := pagedList(l, t("round.find"), slices.DeleteFunc(step.Towns, func(m townMove) bool { return !found(find, m.Name) }))
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
	return r.render(http.StatusOK, "round_trend", v)
}

// resultsOf finds the towns' own trends by way of the round's submitted assessments.
func (s *roundPages) resultsOf(r *request, x round.Round) (map[region.AGS]string, error) {
	list, err := s.Rounds.Standing(r.ctx(), x)
	if err != nil {
		return nil, err
	}
	urls := map[region.AGS]string{}
	for _, p := range list {
		if p.Status == assessment.Submitted {
			urls[p.Town.AGS] = assessmentAddress(p.Assessment) + "/trend"
		}
	}
	return urls, nil
}

func newRegionStep(r *request, trend *trend.Region, i int, sort string, urls map[region.AGS]string) regionStep {
	from, to, step := &trend.Rounds[i], &trend.Rounds[i+1], &trend.Steps[i]
	v := regionStep{trendStep: trendStep{From: from.Round.Title, To: to.Round.Title}, Newest: i == len(trend.Steps)-1}
	v.Picture = stepPicture(r, from, to, step, i)
	common := 0
	v.Towns = make([]townMove, len(step.Towns))
	for k := range step.Towns {
		town := &step.Towns[k]
		common = max(common, town.Shift.Common)
		v.Towns[k] = newTownMove(town, urls[town.Town.AGS])
	}
	v.compare(r, from.Round.Checklist, to.Round.Checklist, common)
	if b, ok := step.Panel.Bridge(); ok {
		v.N = r.text.text("trend.region_n", "Count", step.Panel.N)
		v.Sentence, v.Parts = r.moved("region", b, false), r.partsOf(b, from.Round.Checklist == to.Round.Checklist, false)
	} else {
		v.Parts = r.text.text("trend.nobody")
	}
	v.Table = newTrendTable(r, v.From, v.To, "trend.col_towns")
	for k := range step.Panel.Sections {
		section := &step.Panel.Sections[k]
		v.Table.Sections = append(v.Table.Sections, newTrendSection(r, titleOf(to.Titles, section.ID, langOf(r)), section.Rebased.Mean, section.Comparable.Mean, section.N))
	}
	v.movers()
	sortLarge(v.Towns, trendSorts[sort])
	return v
}

func newTownMove(town *trend.TownShift, url string) townMove {
	m := townMove{Name: town.Town.Name, URL: url, Before: town.Shift.Before, After: town.Shift.After, Common: town.Shift.Common}
	m.moved, m.known = town.Shift.Bridge()
	return m
}

// moversShown is how many towns are named on each side.
const moversShown = 3

// movers names who moved most by new answers to the same questions.
func (s *regionStep) movers() {
	list := slices.Clone(s.Towns)
	sortLarge(list, trendSorts["answers"])
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

func stepPicture(r *request, from, to *trend.Round, step *trend.Step, i int) chartView {
	b, ok := step.Panel.Bridge()
	c := chart.Trend{ID: "entwicklung-" + ofNumber(int64(i+1)), Title: r.text.text("trend.picture_panel", "From", from.Round.Title, "To", to.Round.Title), Lang: langOf(r), Median: r.text.text("trend.median_of"),
		Points: []chart.TrendPoint{{Name: from.Round.Title, Score: step.Panel.Before.Mean, Median: from.Score.Median}, {Name: to.Round.Title, Score: step.Panel.After.Mean, Median: to.Score.Median}},
		Steps:  []chart.TrendStep{{Bridge: b, Known: ok}}}
	return chartViewOf(chart.Bridges(c)).from(r.chartSource(to.Round.Title, step.Panel.N, r.srv.Now()))
}
