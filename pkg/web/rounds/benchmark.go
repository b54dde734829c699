package rounds

import (
	"cmp"
	"math"
	"net/http"
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// RoundBenchmarkView is the agency's comparison: live, named, every figure.
type RoundBenchmarkView struct {
	site.PageView
	Round     string
	Submitted int
	Towns     int
	Groups    []site.TabView
	Group     string // name of the chosen one
	N         int    // of the chosen group
	Total     *figuresView
	Finding   string       // of the whole page
	Levels    []levelCount // the highest first
	Heat      heatView
	// of the heat map
	HeatFinding string
	Missing     int // towns that have not submitted
	MissingURL  string
	TalksURL    string
	Drawing     *chart.MapDrawing
	Pictures    []results.ChartView
	Map         *results.ChartView
	NoMap       string            // why there is none
	Choice      []site.OptionView // the groups
	Ranking     []rankLine
	Spread      QuestionList // where the towns differ most
	Strongest   QuestionList
	Weakest     QuestionList
	Figures     []figureLine // the number questions
	TrendURL    string
}

// levelCount is how many towns of the group reach a level.
type levelCount struct {
	Name  string
	Count int
}

// figuresView are the figures of one distribution, 0 to 1.
type figuresView struct{ Min, Q1, Median, Q3, Max, Mean float64 }

// QuestionList is some of the questions under a heading.
type QuestionList struct {
	Title     string
	Questions []questionLine
}

// questionLine is a question with the group's figures.
type questionLine struct {
	Number, Text, Section string
	N                     int
	Q1, Median, Q3        float64
}

// figureLine is a number question with the figures in its unit.
type figureLine struct {
	Number, Text, Unit             string
	N                              int
	Min, Q1, Median, Q3, Max, Mean string
}

// townRecord is a submitted assessment with its town.
type townRecord struct {
	record bench.Record
	town   *round.Participant
}

func (t townRecord) value(i int) *float64 {
	if v := t.record.Values[i]; !math.IsNaN(v) {
		return &v
	}
	return nil
}

func (s *Pages) roundBenchmark(r *site.Request) error {
	t, x := r.Text.Text, roundOf(r)
	list, err := s.services.Rounds.Participants(r.Ctx(), x)
	if err != nil {
		return err
	}
	live, err := s.services.Rounds.Live(r.Ctx(), x)
	if err != nil {
		return err
	}
	v := RoundBenchmarkView{PageView: r.Page(t("benchmark.agency_title") + " · " + x.Title), Round: x.Title,
		Submitted: len(live.Records), Towns: len(list),
		TrendURL: site.RoundAddress(int64(x.ID)) + "/trend", TalksURL: site.RoundAddress(int64(x.ID)) + "/talks",
		MissingURL: site.RoundAddress(int64(x.ID)) + "?show=missing#towns"}
	v.Missing = v.Towns - v.Submitted
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"},
		site.Crumb{Label: x.Title, URL: site.RoundAddress(int64(x.ID))}, site.Crumb{Label: t("benchmark.agency_title"),
			URL: ""})
	if len(live.Records) == 0 {
		return r.Render(http.StatusOK, "round_benchmark", v)
	}
	v.Charts = true
	group := v.chooseGroup(r, live.Report, list)
	towns := recordsOf(live.Records, list, x, group.ID)
	v.figures(group)
	v.Heat = heatOf(r, live.Definition, towns, list, membersOf(x, group.ID))
	v.say(r, live.Definition, group, towns)
	l := r.Lister(site.RoundAddress(int64(x.ID))+"/benchmark", "ranking", "group")
	find := l.Find()
	shown := slices.DeleteFunc(slices.Clone(towns), func(t townRecord) bool {
		return !site.Found(find, t.town.Town.Name, t.town.Town.District.Name)
	})
	_, shown = site.PagedList(l, t("round.find"), shown)
	v.rank(r.Text, live.Definition, towns, shown, site.LangOf(r))
	v.questions(r.Text, live.Definition, group, site.LangOf(r))
	source := results.ChartSource(r, x.Title, len(towns), s.Now())
	v.Pictures = agencyCharts(r, &live, group, towns, shown, source)
	if err := s.agencyMap(r, &v, live.Definition, list, towns, group.ID, source); err != nil {
		return err
	}
	return r.Render(http.StatusOK, "round_benchmark", v)
}

// chooseGroup offers all peer groups and returns the one of the address, else all towns.
func (v *RoundBenchmarkView) chooseGroup(r *site.Request, report *bench.Report, list []round.Participant) *bench.Group {
	chosen, ok := report.Group(region.GroupID(r.QueryParam("group")))
	if !ok {
		chosen = &report.Groups[0]
	}
	address := site.RoundAddress(int64(roundOf(r).ID)) + "/benchmark"
	districts := map[region.DistrictKey]string{}
	for _, p := range list {
		districts[p.Town.District.Key] = p.Town.District.Name
	}
	for i := range report.Groups {
		g := &report.Groups[i]
		name := results.GroupName(r, g.ID, districts)
		label := r.Text.Text("benchmark.group_n", "Name", name, "N", g.N)
		v.Groups = append(v.Groups, site.TabView{URL: address + "?group=" + string(g.ID), Label: label,
			Current: g == chosen})
		v.Choice = append(v.Choice, site.OptionView{Value: string(g.ID), Label: label, Selected: g == chosen})
		if g == chosen {
			v.Group = name
		}
	}
	v.N = chosen.N
	return chosen
}

// recordsOf returns the records of a group's members with their towns, the best total first.
func recordsOf(records []bench.Record, list []round.Participant, x round.Round, group region.GroupID) []townRecord {
	towns := make(map[region.AGS]*round.Participant, len(list))
	for i := range list {
		towns[list[i].Town.AGS] = &list[i]
	}
	members := membersOf(x, group)
	var out []townRecord
	for _, rec := range records {
		if town := towns[rec.AGS]; members[rec.AGS] && town != nil {
			out = append(out, townRecord{rec, town})
		}
	}
	site.SortLarge(out, func(a, b *townRecord) int {
		x, y := a.record.Values[0], b.record.Values[0]
		return cmp.Or(-cmp.Compare(x, y), cmp.Compare(a.town.Town.Name, b.town.Town.Name)) // NaN sorts last
	})
	return out
}

func membersOf(x round.Round, group region.GroupID) map[region.AGS]bool {
	for _, g := range x.Groups {
		if g.ID == group {
			in := make(map[region.AGS]bool, len(g.Members))
			for _, ags := range g.Members {
				in[ags] = true
			}
			return in
		}
	}
	return nil
}

func (v *RoundBenchmarkView) figures(g *bench.Group) {
	n, ok := g.Node(bench.Total)
	if !ok || n.Points.Median == nil {
		return
	}
	f := n.Points
	v.Total = &figuresView{*f.Min, *f.Q1, *f.Median, *f.Q3, *f.Max, *f.Mean}
}

// say puts the page and its table into a sentence each, and counts the levels.
func (v *RoundBenchmarkView) say(r *site.Request, d *checklist.Definition, g *bench.Group, towns []townRecord) {
	t, f, lang := r.Text.Text, r.Text.Words(), site.LangOf(r)
	for _, part := range []struct{ id, text string }{{"heat", "benchmark.heatmap"}, {"map", "benchmark.map"},
		{"questions", "heat.questions"}, {"more", "heat.more"}} {
		v.OnPage = append(v.OnPage, site.PartView{URL: "#" + part.id, Label: t(part.text)})
	}
	counts := map[checklist.LevelID]int{}
	for i := range towns {
		counts[towns[i].record.Level]++
	}
	for i := len(d.Levels) - 1; i >= 0; i-- {
		v.Levels = append(v.Levels, levelCount{d.Levels[i].Label.In(lang), counts[d.Levels[i].ID]})
	}
	if v.Total == nil {
		return
	}
	var best, worst, wide int
	found := false
	median, spread := make([]float64, len(d.Sections)), make([]float64, len(d.Sections))
	for i := range d.Sections {
		n, ok := g.Node(bench.SectionNode(d.Sections[i].ID))
		if !ok || n.Points.Median == nil || n.Points.Q1 == nil || n.Points.Q3 == nil {
			continue
		}
		median[i], spread[i] = *n.Points.Median, *n.Points.Q3-*n.Points.Q1
		if !found {
			best, worst, wide, found = i, i, i, true
		}
		if median[i] > median[best] {
			best = i
		}
		if median[i] < median[worst] {
			worst = i
		}
		if spread[i] > spread[wide] {
			wide = i
		}
	}
	title := func(i int) string { return d.Sections[i].Title.In(lang) }
	switch {
	case len(towns) < 2:
		v.Finding = t("heat.finding_one")
	case found:
		v.Finding = t("heat.finding", "From", f.WholePercent(v.Total.Q1), "To", f.WholePercent(v.Total.Q3),
			"Best", title(best), "BestMedian", f.WholePercent(median[best]), "Worst", title(worst),
			"WorstMedian", f.WholePercent(median[worst]), "Wide", title(wide))
	}
	var scored []townRecord // the best total first
	for _, town := range towns {
		if town.value(0) != nil {
			scored = append(scored, town)
		}
	}
	if len(scored) > 0 {
		first, last := scored[0], scored[len(scored)-1]
		args := []any{"Best", first.town.Town.Name, "BestScore", f.Percent(*first.value(0)),
			"Worst", last.town.Town.Name, "WorstScore", f.Percent(*last.value(0))}
		if v.HeatFinding = t("heat.top", args...); len(scored) == 1 {
			v.HeatFinding = t("heat.only", args...)
		}
	}
}

// questionsShown is how many questions each list names.
const questionsShown = 8

// questions finds where the towns differ most, what the group is best and worst at, and what numbers it gives.
func (v *RoundBenchmarkView) questions(m *site.Messages, d *checklist.Definition, g *bench.Group, lang checklist.Lang) {
	lines := map[bench.NodeID]questionLine{}
	for i := range d.Sections {
		section := &d.Sections[i]
		for j := range section.Questions {
			q := &section.Questions[j]
			n, ok := g.Node(bench.QuestionNode(q.ID))
			if !ok {
				continue
			}
			line := questionLine{Number: wording.QuestionNumber(i, j), Text: q.Text.In(lang),
				Section: section.Title.In(lang), N: n.N}
			if p := n.Points; n.Scored && p.Median != nil {
				line.Q1, line.Median, line.Q3 = *p.Q1, *p.Median, *p.Q3
			}
			lines[n.ID] = line
			if n.Unit != nil && n.Unit.Median != nil {
				v.Figures = append(v.Figures, newFigureLine(m.Words(), line, q.Unit.In(lang), n))
			}
		}
	}
	list := func(title string, standings []bench.Standing) QuestionList {
		out := QuestionList{Title: m.Text(title)}
		for _, s := range standings {
			out.Questions = append(out.Questions, lines[s.Node])
		}
		return out
	}
	v.Spread = list("benchmark.spread", bench.WidestSpread(g, questionsShown))
	v.Strongest = list("benchmark.strongest", bench.Strongest(g, questionsShown))
	v.Weakest = list("benchmark.weakest", bench.Weakest(g, questionsShown))
}

func newFigureLine(f wording.Writer, q questionLine, unit string, n *bench.Node) figureLine {
	u := *n.Unit
	return figureLine{Number: q.Number, Text: q.Text, Unit: unit, N: n.UnitN, Min: f.Number(*u.Min),
		Q1: f.Number(*u.Q1), Median: f.Number(*u.Median),
		Q3: f.Number(*u.Q3), Max: f.Number(*u.Max), Mean: f.Number(*u.Mean)}
}

// agencyCharts draw the group; in the heat map stand the towns of the page's part of the ranking.
func agencyCharts(r *site.Request, live *round.Live, g *bench.Group, towns, shown []townRecord,
	source string) []results.ChartView {
	t, lang, d := r.Text.Text, site.LangOf(r), live.Definition
	levels := make([]checklist.LevelID, len(towns))
	field := chart.Field{ID: "feld", Title: t("benchmark.heatmap"), Lang: lang}
	for i := range d.Sections {
		field.Columns = append(field.Columns, d.Sections[i].Title.In(lang))
	}
	for i, town := range towns {
		levels[i] = town.record.Level
	}
	for _, town := range shown {
		row := chart.FieldRow{Name: town.town.Town.Name, Total: town.value(0),
			Note: levelInWords(r.Text, d, &town.record, lang)}
		for k := range d.Sections {
			row.Values = append(row.Values, town.value(1+k))
		}
		field.Rows = append(field.Rows, row)
	}
	counts := chart.LevelCounts(d, levels, lang)
	counts.ID, counts.Title = "stufen", t("benchmark.levels")
	boxes := chart.Comparison{ID: "bereiche", Title: t("benchmark.boxes"), Lang: lang, Extremes: true,
		Rows: chart.Sections(d, lang, nil, live.Report, g.ID)}
	return []results.ChartView{results.ChartViewOf(chart.Distribution(counts)).From(source),
		results.ChartViewOf(chart.BoxPlot(boxes)).From(source),
		results.ChartViewOf(chart.HeatMap(field)).From(source)}
}

// mostGroups is how many groups are shown as links; more are a list to choose from.
const mostGroups = 30
