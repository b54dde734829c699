package web

import (
	"net/http"
	"slices"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
)

// benchmarkRoutes are a town's comparison and what it agrees to be named with.
func (s *resultPages) benchmarkRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/assessments/:assessment/benchmark", name: "assessment.benchmark", action: account.ViewRelease, object: assessmentObject, handler: s.assessmentBenchmark},
	}
}

// assessmentBenchmarkView is a town's comparison with what was published, and nothing else.
type assessmentBenchmarkView struct {
	assessmentPage
	Release   *resultRelease // nil: nothing was published yet
	Draft     bool           // the own assessment is not submitted
	Changed   bool           // it is not part of the release
	Groups    []tabView
	Group     string
	N         int
	Hidden    string // why the whole group is not shown
	Total     *comparedLine
	Pictures  []chartView
	Sections  []comparedSection
	Footnotes []string
	Headings  []headingView  // of the sections
	Ask       []askLine      // towns that may be asked for good examples
	Named     []namedLine    // towns that show scores under their names
	Naming    *namingView    // how the town itself appears
	Trend     *releasedTrend // what was published of the region's change since the round before
}

func (s *resultPages) assessmentBenchmark(r *request) error {
	t := r.text.text
	view, err := s.assessmentView(r)
	if err != nil {
		return err
	}
	released, err := s.releaseFor(r.ctx(), r.head)
	if err != nil {
		return err
	}
	v := &assessmentBenchmarkView{assessmentPage: r.assessmentFrame(t("benchmark.title")), Draft: r.head.Status != assessment.Submitted}
	v.Title = t("benchmark.title") + " · " + r.head.TownName
	var release *disclosure.Release
	if released != nil {
		release = released.Release
	}
	if v.Naming, err = s.naming(r, release, v.address("/consent")); err != nil {
		return err
	}
	if released == nil {
		return r.render(http.StatusOK, "assessment_benchmark", v)
	}
	own, err := s.Territory.Town(r.ctx(), r.head.Town)
	if err != nil {
		return err
	}
	v.Release = &resultRelease{Number: released.Number, At: released.At}
	v.Headings = headingsOf(view.Definition, langOf(r))
	named, err := s.namedTowns(r, view.Definition, released.Release)
	if err != nil {
		return err
	}
	v.Ask, v.Named = mayAsk(named), showScores(named)
	if v.Trend, err = s.releasedTrend(r, r.head, released); err != nil {
		return err
	}
	group := v.chooseGroup(r, released.Release, own)
	if group == nil {
		return r.render(http.StatusOK, "assessment_benchmark", v)
	}
	v.Release.N, v.N = group.N, group.N
	if group.Suppressed {
		v.Hidden = t("benchmark.hidden."+string(group.Reason), "Group", v.Group)
		return r.render(http.StatusOK, "assessment_benchmark", v)
	}
	v.Charts = true
	c := townComparison{r: r, view: view, report: &released.Release.Report, group: group, foot: &footnoteList{lang: langOf(r)},
		source: r.chartSource(view.Head.RoundTitle, group.N, released.At)}
	v.Total = c.total()
	v.Sections = c.sections(v)
	v.Pictures = c.pictures(v.Group)
	v.Footnotes = c.foot.lines()
	return r.render(http.StatusOK, "assessment_benchmark", v)
}

// chooseGroup offers the groups the town belongs to and returns the one of the address, else all towns.
func (v *assessmentBenchmarkView) chooseGroup(r *request, release *disclosure.Release, own region.Municipality) *bench.Group {
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
		name := r.groupName(id, districts)
		label := r.text.text("benchmark.group_n", "Name", name, "N", g.N)
		if g.Suppressed {
			label = name + " " + wording.Dot
		}
		v.Groups = append(v.Groups, tabView{v.address("/benchmark") + "?group=" + string(id), label, id == wanted})
		if id == wanted {
			chosen, v.Group = g, name
		}
	}
	return chosen
}

// groupName names a peer group in the reader's language.
func (r *request) groupName(id region.GroupID, districts map[region.DistrictKey]string) string {
	kind, key, _ := strings.Cut(string(id), ":")
	switch kind {
	case "district":
		if name := districts[region.DistrictKey(key)]; name != "" {
			return name
		}
		return key
	case "size":
		return r.text.text("benchmark.size." + key)
	}
	return r.text.text("benchmark.all")
}
