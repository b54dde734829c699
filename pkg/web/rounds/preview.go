package rounds

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
)

// releasePreview is a release as towns would see it, before it is published.
type releasePreview struct {
	Mark      string // what the button publishes: this and nothing else
	Groups    []site.TabView
	Choice    []site.OptionView // the groups, where there are too many to show each
	Group     string
	N         int
	Hidden    string // why nothing of the group is shown
	Total     *results.ComparedLine
	Sections  []results.ComparedSection
	Footnotes []string
	Headings  []results.HeadingView
	Ask       []results.AskLine // towns that may be asked for good examples
	Named     []results.NamedLine
	Trend     *results.ReleasedTrend
}

// previewOf writes the chosen group's figures of a release with the words of the towns' own page.
func previewOf(r *site.Request, p round.Preview) *releasePreview {
	v := &releasePreview{Mark: p.Mark, Headings: results.HeadingsOf(p.Definition, site.LangOf(r))}
	names, districts := map[region.AGS]string{}, map[region.DistrictKey]string{}
	for _, t := range p.Towns {
		names[t.Town.AGS], districts[t.Town.District.Key] = t.Town.Name, t.Town.District.Name
	}
	named := results.NamedLines(r, p.Definition, p.Release, names, nil)
	v.Ask, v.Named = results.MayAsk(named), results.ShowScores(named)
	if p.Release.Trend != nil {
		v.Trend = results.NewReleasedTrend(r, p.Release, r.Srv.Now(), p.Definition, p.Before, roundOf(r).Title)
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
		name := results.GroupName(r, g.ID, districts)
		label := r.Text.Text("benchmark.group_n", "Name", name, "N", g.N)
		v.Groups = append(v.Groups, site.TabView{URL: site.RoundAddress(int64(roundOf(r).ID)) + "/publish?group=" +
			string(g.ID), Label: label, Current: g == group})
		if len(report.Groups) > mostGroups {
			v.Choice = append(v.Choice, site.OptionView{Value: string(g.ID), Label: label, Selected: g == group})
		}
		if g == group {
			v.Group, v.N = name, g.N
		}
	}
	if group.Suppressed {
		v.Hidden = r.Text.Text("benchmark.hidden."+string(group.Reason), "Group", v.Group)
		return v
	}
	nobody := assessment.View{Definition: p.Definition, Result: score.Score(p.Definition, nil)}
	c := results.TownComparison{R: r, View: nobody, Report: report, Group: group,
		Foot: &results.FootnoteList{Lang: site.LangOf(r)}}
	v.Total = c.Total()
	v.Sections = c.Sections(&results.AssessmentBenchmarkView{})
	v.Footnotes = c.Foot.Texts()
	return v
}
