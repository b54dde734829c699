package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"ortsspiegel/pkg/checklist"
)

// Course is a score over several rounds, the oldest first.
type Course struct {
	ID, Title string
	Lang      checklist.Lang
	Own       string // whose
	Rounds    []CourseRound
}

// CourseRound is one round of it.
type CourseRound struct {
	Title  string
	Own    *float64 // [0, 1]
	Median *float64
}

// Trend draws the own score over the rounds with the group's median beside it. A round without a figure interrupts the line.
func Trend(c Course) Chart {
	w := writer{lang: c.Lang}
	out := Chart{ID: c.ID, Title: c.Title, Summary: c.Title, Table: Table{Head: head(w.word("round"), c.Own, w.word("median"))}}
	own, medians := make([]any, len(c.Rounds)), make([]any, len(c.Rounds))
	names := make([]string, len(c.Rounds))
	for i, r := range c.Rounds {
		out.Table.Rows = append(out.Table.Rows, []Cell{{Text: r.Title}, w.own(r.Own), w.own(r.Median)})
		names[i] = short(r.Title, 40)
		own[i], medians[i] = w.trendPoint(c.Own, r.Title, r.Own), w.trendPoint(w.word("median"), r.Title, r.Median)
	}
	if len(c.Rounds) < 2 {
		out.Empty = w.word("one_round")
		return out
	}
	out.Height = 340
	l := charts.NewLine()
	l.SetGlobalOptions(
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Min: 0, Max: 100, AxisLabel: &opts.AxisLabel{Formatter: formatPoints, Color: colourMuted},
			SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: colourGrid}}}))
	l.SetXAxis(names)
	l.MultiSeries = append(l.MultiSeries,
		charts.SingleSeries{Name: short(c.Own, 40), Type: "line", Data: own, Symbol: "diamond", SymbolSize: 12},
		charts.SingleSeries{Name: w.word("median"), Type: "line", Data: medians, Symbol: "rect", SymbolSize: 8})
	out.Option = option(l, object{
		"legend": object{"selectedMode": false, "top": 0, "left": 0, "itemGap": 18, "textStyle": object{"color": colourText, "fontSize": 14}, "data": []any{short(c.Own, 40), w.word("median")}},
		"grid":   object{"left": 64, "right": 32, "top": 48, "bottom": 40},
		"xAxis":  []object{{"axisLabel": object{"color": colourText, "width": 140, "overflow": "break", "hideOverlap": true}}},
		"series": []object{
			{"lineStyle": object{"color": colourOwn, "width": 3.5}, "itemStyle": object{"color": colourOwn}, "label": object{"show": true, "formatter": formatText, "color": colourText, "fontWeight": 600}},
			{"lineStyle": object{"color": colourRegion, "width": 2.5, "type": "dashed"}, "itemStyle": object{"color": colourRegion}},
		},
	})
	return out
}

func (w writer) trendPoint(name, round string, v *float64) point {
	if v = finite(v); v == nil {
		return point{Value: "-"}
	}
	return point{Value: points(*v), Text: w.percent(*v), Tip: plain(round) + "\n" + plain(name) + ": " + w.percent(*v)}
}
