package web

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
)

// releasePreview is a release as towns would see it, before it is published.
type releasePreview struct {
	Mark      string // what the button publishes: this and nothing else
	Groups    []tabView
	Choice    []optionView // the groups, where there are too many to show each
	Group     string
	N         int
	Hidden    string // why nothing of the group is shown
	Total     *comparedLine
	Sections  []comparedSection
	Footnotes []string
	Headings  []headingView
	Ask       []askLine // towns that may be asked for good examples
	Named     []namedLine
	Trend     *releasedTrend
}

// previewOf writes the chosen group's figures of a release with the words of the towns' own page.
func previewOf(r *request, p round.Preview) *releasePreview {
	v := &releasePreview{Mark: p.Mark, Headings: headingsOf(p.Definition, langOf(r))}
	names, districts := map[region.AGS]string{}, map[region.DistrictKey]string{}
	for _, t := range p.Towns {
		names[t.Town.AGS], districts[t.Town.District.Key] = t.Town.Name, t.Town.District.Name
	}
	named := namedLines(r, p.Definition, p.Release, names, nil)
	v.Ask, v.Named = mayAsk(named), showScores(named)
	if p.Release.Trend != nil {
		v.Trend = newReleasedTrend(r, p.Release, r.srv.Now(), p.Definition, p.Before, r.round.Title)
	}
	report := &p.Release.Report
	if len(report.Groups) == 0 {
		return v
	}
	group := &report.Groups[0]
	if chosen, ok := report.Group(region.GroupID(r.QueryParam("group"))); ok {
		group = chosen
	}
	for i := range report.Groups {
		g := &report.Groups[i]
		name := r.groupName(g.ID, districts)
		label := r.text.text("benchmark.group_n", "Name", name, "N", g.N)
		v.Groups = append(v.Groups, tabView{roundAddress(int64(r.round.ID)) + "/publish?group=" + string(g.ID), label, g == group})
		if len(report.Groups) > mostGroups {
			v.Choice = append(v.Choice, optionView{string(g.ID), label, g == group})
		}
		if g == group {
			v.Group, v.N = name, g.N
		}
	}
	if group.Suppressed {
		v.Hidden = r.text.text("benchmark.hidden."+string(group.Reason), "Group", v.Group)
		return v
	}
	nobody := assessment.View{Definition: p.Definition, Result: score.Score(p.Definition, nil)}
	c := townComparison{r: r, view: nobody, report: report, group: group, foot: &footnoteList{lang: langOf(r)}}
	v.Total = c.total()
	v.Sections = c.sections(&assessmentBenchmarkView{})
	v.Footnotes = c.foot.lines()
	return v
}
