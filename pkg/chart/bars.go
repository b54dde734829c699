package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/wording"
)

// Bars draws the own scores as bars and the median of the group as a mark across each.
func Bars(c Comparison) Chart {
	out, f := c.start()
	w := c.writer()
	if !c.anything() {
		out.Empty = w.word("nothing")
		return out
	}
	out.Finding = c.findSides()
	out.Height = rowsHeight(len(c.Rows), 54)
	bars := make([]any, len(c.Rows))
	medians, gaps := []point{}, []point{}
	for i, r := range c.Rows {
		tip := c.tip(r)
		bars[i] = point{Value: nil}
		if own := finite(r.Own); own != nil {
			bars[i] = point{Value: c.drawn(*own), Tip: tip, Text: w.percent(*own), Label: labelOf(c.drawn(*own))}
		} else if c.Own != "" {
			gaps = append(gaps, point{Value: []any{0, i}, Tip: tip, Text: wording.Dash + " " + w.word("undefined")})
		}
		m, reason := r.figure("median")
		if m != nil {
			medians = append(medians, point{Value: []any{c.drawn(*m), i}, Tip: tip, Text: w.group(*m)})
		} else if reason != "" {
			medians = append(medians, suppressed(f, reason, i, tip))
		}
	}
	b := newBars(c.names())
	legend := []any{}
	if c.Own != "" {
		name := short(c.Own, 40)
		b.MultiSeries = append(b.MultiSeries, charts.SingleSeries{Name: name, Type: "bar", Data: bars,
			BarMaxWidth: "22"})
		legend = append(legend, object{"name": name, "icon": "rect"})
	}
	b.MultiSeries = append(b.MultiSeries,
		charts.SingleSeries{Name: w.word("median"), Type: "scatter", Data: medians, Symbol: "rect",
			SymbolSize: []int{6, 30}},
		charts.SingleSeries{Name: "gap", Type: "scatter", Data: gaps, SymbolSize: 1})
	legend = append(legend, object{"name": w.word("median"), "icon": medianIcon})
	series := []object{{"itemStyle": medianStyle, "z": 5}, gapStyle}
	if c.Own != "" {
		series = append([]object{{"itemStyle": object{"color": colourOwn},
			"label": object{"show": true, "formatter": formatText, "fontWeight": 600}}}, series...)
	}
	out.Option = option(b, object{"os": rowsOf(54), "xAxis": percentAxis,
		"legend": object{"selectedMode": false, "data": legend, "itemGap": 18, "itemWidth": 16},
		"series": series, "media": besideOrAbove(true)})
	return out
}

// labelOf writes the number into a bar that is long enough for it, else behind it.
func labelOf(percent float64) object {
	if percent >= 20 {
		return object{"position": "insideLeft", "color": colourBackground}
	}
	return object{"position": "right", "color": colourText}
}

// percentAxis divides 0 to 100 % into quarters.
var percentAxis = []object{{"interval": 25}}

// gapStyle shows a text where a bar or a box would begin.
var gapStyle = object{"itemStyle": object{"color": "transparent"}, "label": object{"show": true, "position": "right",
	"distance": 4, "formatter": formatText, "color": colourMuted, "fontStyle": "italic"}}

// suppressed is a dot with its footnote in a row that has no figure, at the far end of the axis,
// where nobody takes it for zero.
func suppressed(f *footnotes, reason bench.Reason, row int, tip string) point {
	return point{Value: []any{100, row}, Tip: tip, Text: f.Mark(reason), Size: 1,
		ItemStyle: object{"color": "transparent"},
		Label: object{"show": true, "position": "right", "distance": 6, "formatter": formatText, "color": colourText,
			"fontSize": 16, "fontWeight": 600}}
}
