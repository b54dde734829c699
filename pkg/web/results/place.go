package results

import (
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// regionPlace is where a town stands among those that a published comparison has.
type regionPlace struct {
	Position, Median, Half string
	Told                   bool   // the median is shown, and with it what follows from it
	Suppressed             string // why nothing of it is shown
	Towns                  int
}

// placeIn says where a score stands among all towns of a release, or why that is not shown; then it
// returns no group. own is nil where there is no score.
func placeIn(r *site.Request, report *bench.Report, own *float64, foot *FootnoteList) (*regionPlace, *bench.Group) {
	g, ok := report.Group(region.All)
	switch {
	case !ok:
		return &regionPlace{Suppressed: wording.NotShown(site.LangOf(r), "")}, nil
	case g.Suppressed:
		return &regionPlace{Suppressed: wording.NotShown(site.LangOf(r), g.Reason)}, nil
	}
	total := (&sheetSource{r: r, report: report, group: g, foot: foot}).line(bench.Total, own)
	return &regionPlace{Position: total.Position, Median: total.Median, Half: total.Half,
		Told: total.Mark.Median != nil, Towns: g.N}, g
}
