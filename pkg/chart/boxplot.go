package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"
)

// BoxPlot draws the middle half of the group with its median per section, with the own score as a
// diamond. Whiskers to minimum and maximum only for the agency; boxes only where the quartiles are
// there, else the median alone, else a dot.
func BoxPlot(c Comparison) Chart {
	out, f := c.start()
	w := c.writer()
	if !c.anything() {
		out.Empty = w.word("nothing")
		return out
	}
	out.Finding = c.findQuarters()
	out.Height = rowsHeight(len(c.Rows), 54)
	boxes := make([]any, len(c.Rows))
	medians, owns := []point{}, []point{}
	drawn := 0
	for i, r := range c.Rows {
		tip := c.tip(r)
		boxes[i] = point{Value: []any{"-", "-", "-", "-", "-"}}
		m, reason := r.figure("median")
		switch {
		case r.hasQuartiles():
			boxes[i] = point{Value: c.five(r), Tip: tip}
			drawn++
		case m != nil:
			medians = append(medians, point{Value: []any{c.drawn(*m), i}, Tip: tip})
		case reason != "":
			medians = append(medians, suppressed(f, reason, i, tip))
		}
		if own := finite(r.Own); own != nil && c.Own != "" {
			owns = append(owns, point{Value: []any{c.drawn(*own), i}, Tip: tip, Text: w.percent(*own)})
		}
	}
	if drawn == 0 {
		out.Notes = append(out.Notes, w.word("no_boxes"))
	}
	box := w.word("box")
	if c.Extremes {
		box = w.word("whole_box")
	}
	b := newBars(c.names())
	b.MultiSeries = append(b.MultiSeries,
		charts.SingleSeries{Name: box, Type: "boxplot", Data: boxes},
		charts.SingleSeries{Name: w.word("median"), Type: "scatter", Data: medians, Symbol: "rect",
			SymbolSize: []int{6, 28}})
	legend := []any{}
	series := []object{
		{"itemStyle": object{"color": colourBand, "borderColor": colourText, "borderWidth": 1.5},
			"boxWidth": []int{10, 26}},
		{"itemStyle": medianStyle},
	}
	if c.Own != "" {
		name := short(c.Own, 40)
		b.MultiSeries = append(b.MultiSeries, charts.SingleSeries{Name: name, Type: "scatter", Data: owns,
			Symbol: "diamond", SymbolSize: 18})
		series = append(series, object{"itemStyle": object{"color": colourOwn, "borderColor": colourBackground,
			"borderWidth": 1.5, "opacity": 1}, "z": 6})
		legend = append(legend, object{"name": name, "icon": "diamond"})
	}
	if drawn > 0 {
		legend = append(legend, object{"name": box, "icon": "rect", "itemStyle": object{"color": colourBand,
			"borderColor": colourText, "borderWidth": 1.5}})
	}
	if drawn < len(c.Rows) {
		legend = append(legend, object{"name": w.word("median"), "icon": medianIcon})
	}
	out.Option = option(b, object{"os": rowsOf(54), "xAxis": percentAxis,
		"legend": object{"selectedMode": false, "data": legend, "itemGap": 18, "itemWidth": 16},
		"series": series, "media": besideOrAbove(true)})
	return out
}

// five returns minimum, quartiles and maximum in percent; without extremes the whiskers have no length.
func (c Comparison) five(r Row) []float64 {
	list := make([]float64, 0, 5)
	for _, name := range []string{"min", "q1", "median", "q3", "max"} {
		f, _ := r.figure(name)
		if f == nil || !c.Extremes {
			switch name {
			case "min":
				f, _ = r.figure("q1")
			case "max":
				f, _ = r.figure("q3")
			}
		}
		list = append(list, c.drawn(*f))
	}
	return list
}
