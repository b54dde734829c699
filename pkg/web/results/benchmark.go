package results

import (
	"net/http"
	"slices"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// benchmarkRoutes are a town's comparison and what it agrees to be named with.
func (s *Pages) benchmarkRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/assessments/:assessment/benchmark", Name: "assessment.benchmark",
			Action: account.ViewRelease, Object: s.AssessmentObject, Handler: s.assessmentBenchmark},
	}
}

// AssessmentBenchmarkView is a town's comparison with what was published, and nothing else.
type AssessmentBenchmarkView struct {
	assessments.AssessmentPage
	Release   *resultRelease // nil: nothing was published yet
	Draft     bool           // the own assessment is not submitted
	Changed   bool           // it is not part of the release
	Groups    []site.TabView
	Group     string
	N         int
	Hidden    string // why the whole group is not shown
	Total     *ComparedLine
	Sheet     *Sheet
	Pictures  []ChartView
	Sections  []ComparedSection
	Footnotes []string
	Headings  []HeadingView           // of the sections
	Ask       []AskLine               // towns that may be asked for good examples
	Named     []NamedLine             // towns that show scores under their names
	Naming    *assessments.NamingView // how the town itself appears
	Trend     *ReleasedTrend          // what was published of the region's change since the round before
}

func (s *Pages) assessmentBenchmark(r *site.Request) error {
	t := r.Text.Text
	view, err := s.AssessmentView(r)
	if err != nil {
		return err
	}
	released, err := s.releaseFor(r.Ctx(), assessments.Head(r))
	if err != nil {
		return err
	}
	v := &AssessmentBenchmarkView{AssessmentPage: assessments.AssessmentFrame(r, t("benchmark.title")),
		Draft: assessments.Head(r).Status != assessment.Submitted}
	v.Title = t("benchmark.title") + " · " + assessments.Head(r).TownName
	var release *disclosure.Release
	if released != nil {
		release = released.Release
	}
	if v.Naming, err = s.Naming(r, release, v.Address("/consent")); err != nil {
		return err
	}
	if released == nil {
		return r.Render(http.StatusOK, "assessment_benchmark", v)
	}
	own, err := s.services.Territory.Town(r.Ctx(), assessments.Head(r).Town)
	if err != nil {
		return err
	}
	v.Release = &resultRelease{Number: released.Number, At: released.At}
	v.Headings = HeadingsOf(view.Definition, site.LangOf(r))
	named, err := s.namedTowns(r, view.Definition, released.Release)
	if err != nil {
		return err
	}
	v.Ask, v.Named = MayAsk(named), ShowScores(named)
	if v.Trend, err = s.releasedTrend(r, assessments.Head(r), released); err != nil {
		return err
	}
	group := v.chooseGroup(r, released.Release, own)
	if group == nil {
		return r.Render(http.StatusOK, "assessment_benchmark", v)
	}
	v.Release.N, v.N = group.N, group.N
	if group.Suppressed {
		v.Hidden = t("benchmark.hidden."+string(group.Reason), "Group", v.Group)
		return r.Render(http.StatusOK, "assessment_benchmark", v)
	}
	v.Charts = true
	c := TownComparison{R: r, View: view, Report: &released.Release.Report, Group: group,
		Foot:   &FootnoteList{Lang: site.LangOf(r)},
		source: ChartSource(r, view.Head.RoundTitle, group.N, released.At)}
	text, err := s.ChecklistText(r, view.Definition)
	if err != nil {
		return err
	}
	source := sheetSource{r: r, view: view, text: text, report: c.Report, group: group, base: v.Address("/benchmark"),
		foot: &FootnoteList{Lang: site.LangOf(r)}}
	v.Sheet = source.sheet(false)
	v.onPage(r.Text)
	v.Total = c.Total()
	v.Sections = c.Sections(v)
	v.Pictures = c.pictures(v.Group)
	v.Footnotes = c.Foot.Texts()
	return r.Render(http.StatusOK, "assessment_benchmark", v)
}

// onPage lists the parts of the page.
func (v *AssessmentBenchmarkView) onPage(m *site.Messages) {
	add := func(id, text string) {
		v.OnPage = append(v.OnPage, site.PartView{URL: "#" + id, Label: m.Text(text)})
	}
	add("abschnitte", "result.sections")
	add("diagramme", "result.pictures")
	add("zahlen", "benchmark.by_question")
	if v.Trend != nil {
		add("trend", "trend.agency_title")
	}
	if len(v.Ask)+len(v.Named) > 0 {
		add("examples", "benchmark.part_towns")
	}
}

// chooseGroup offers the groups the town belongs to and returns the one of the address, else all towns.
func (v *AssessmentBenchmarkView) chooseGroup(r *site.Request, release *disclosure.Release,
	own region.Municipality) *bench.Group {
	ids := release.Basis.GroupsOf(own.AGS)
	v.Changed = len(ids) == 0
	if v.Changed { // it has not submitted: its groups follow from the register
		ids = region.GroupsFor(region.Member{AGS: own.AGS, Population: own.Population})
	}
	var chosen *bench.Group
	wanted := region.GroupID(r.QueryParam("group"))
	if !slices.Contains(ids, wanted) {
		wanted = region.All
	}
	districts := map[region.DistrictKey]string{own.District.Key: own.District.Name}
	for _, id := range ids {
		g, ok := release.Report.Group(id)
		if !ok {
			continue
		}
		name := GroupName(r, id, districts)
		label := r.Text.Text("benchmark.group_n", "Name", name, "N", g.N)
		if g.Suppressed {
			label = name + " " + wording.Dot
		}
		v.Groups = append(v.Groups, site.TabView{URL: v.Address("/benchmark") + "?group=" + string(id), Label: label,
			Current: id == wanted})
		if id == wanted {
			chosen, v.Group = g, name
		}
	}
	return chosen
}

// GroupName names a peer group in the reader's language.
func GroupName(r *site.Request, id region.GroupID, districts map[region.DistrictKey]string) string {
	kind, key, _ := strings.Cut(string(id), ":")
	switch kind {
	case "district":
		if name := districts[region.DistrictKey(key)]; name != "" {
			return name
		}
		return key
	case "size":
		return r.Text.Text("benchmark.size." + key)
	}
	return r.Text.Text("benchmark.all")
}
