package rounds

import (
	"net/http"

	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
)

// mostOnMap is how many towns a map shows: more cannot be told apart, and would make the page heavy.
const mostOnMap = 1000

// mostOutlined bounds the outlines that a page draws itself, in bytes of GeoJSON: those of a hundred towns.
const mostOutlined = 1 << 20

// agencyMap draws outlines where the region has some, else circles. The places are those of the chosen group,
// those included that have not submitted.
func (s *Pages) agencyMap(r *site.Request, v *RoundBenchmarkView, d *checklist.Definition, list []round.Participant,
	towns []townRecord, group region.GroupID, source string) error {
	atlas := chart.Atlas{ID: "karte", Title: r.Text.Text("benchmark.map"), Lang: site.LangOf(r), Checklist: d}
	seen := map[region.AGS]bool{}
	for _, t := range towns {
		seen[t.record.AGS] = true
		atlas.Places = append(atlas.Places, chart.Place{Town: t.town.Town, Level: chart.LevelIndex(d, t.record.Level),
			Score: t.value(0)})
	}
	members := membersOf(roundOf(r), group)
	for _, p := range list {
		if !seen[p.Town.AGS] && members[p.Town.AGS] {
			atlas.Places = append(atlas.Places, chart.Place{Town: p.Town, Level: -1})
		}
	}
	outlines, outlined, err := s.services.Territory.OutlinesUpTo(r.Ctx(), roundOf(r).Region, mostOutlined)
	if err != nil {
		return err
	}
	if len(atlas.Places) > mostOnMap {
		v.NoMap = r.Text.Text("benchmark.no_map", "Max", r.Text.Words().Number(mostOnMap))
		return nil
	}
	drawing := chart.DrawMap(atlas, outlines)
	v.Drawing = &drawing
	drawn := results.ChartViewOf(chart.Circles(atlas))
	if outlined {
		drawn = results.ChartViewOf(chart.Outlines(atlas))
		drawn.MapURL = site.RoundAddress(int64(roundOf(r).ID)) + "/map.json"
	}
	drawn = drawn.From(source)
	v.Map = &drawn
	return nil
}

// roundMap serves the outlines of the region's towns.
func (s *Pages) roundMap(r *site.Request) error {
	data, err := s.services.Territory.Outlines(r.Ctx(), roundOf(r).Region)
	if err != nil {
		return err
	}
	return r.Blob(http.StatusOK, "application/geo+json", data)
}
