package chart

import (
	"strconv"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Up to mostNames names stand around a net without touching each other, up to mostSpokes numbers; a
// net of more is a tangle.
const (
	mostNames  = 14
	mostSpokes = 36
)

// Radar draws the sections as a net: the own score strong, the median dashed, the middle half of the group as a band.
// Sections without a median or an own score are left out and named in a note: in a net a missing value would lie in the
// centre and look like zero.
func Radar(c Comparison) Chart {
	out, _ := c.start()
	w := c.writer()
	rows, left, band := c.radarRows()
	if len(left) > 0 {
		out.Notes = append(out.Notes, w.word("radar_left_out")+strings.Join(left, ", ")+".")
	}
	if !c.anything() {
		out.Empty = w.word("nothing")
		return out
	}
	if len(rows) < 3 {
		out.Empty = w.word("radar_few")
		return out
	}
	if len(rows) > mostSpokes {
		out.Empty = w.word("radar_many")
		return out
	}
	out.Finding = c.findExtremes()
	out.Height = 500
	r := charts.NewRadar()
	keyBelow := 561
	if len(rows) > mostNames {
		keyBelow = always
	}
	r.RadarComponent = opts.RadarComponent{Shape: "polygon", SplitNumber: 4, Center: []string{"50%", "53%"},
		SplitArea: &opts.SplitArea{Show: opts.Bool(false)},
		SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: colourGrid}},
		AxisLine:  &opts.AxisLine{LineStyle: &opts.LineStyle{Color: colourGrid}},
		AxisName:  &opts.AxisName{Color: colourText, FontSize: 13}}
	values := map[string][]float64{}
	tips := make([]string, 0, len(rows))
	var names, numbers []object
	for i, row := range rows {
		number := strconv.Itoa(row.number)
		name := lines(number+" "+short(row.Name, 60), 19)
		// The first spoke carries the values of the rings.
		rings := object{"show": i == 0, "formatter": formatPoints, "color": colourMuted, "fontSize": 12,
			"showMinLabel": false, "textBorderColor": colourBackground, "textBorderWidth": 3}
		names, numbers = append(names, object{"name": name, "max": 100, "axisLabel": rings}),
			append(numbers, object{"name": number, "max": 100, "axisLabel": rings})
		out.Key = append(out.Key, KeyEntry{row.number, row.Name})
		r.RadarComponent.Indicator = append(r.RadarComponent.Indicator, &opts.Indicator{Name: name, Max: 100})
		for _, name := range []string{"q1", "median", "q3"} {
			if f, _ := row.figure(name); f != nil {
				values[name] = append(values[name], c.drawn(*f))
			}
		}
		if own := finite(row.Own); own != nil {
			values["own"] = append(values["own"], c.drawn(*own))
		}
		tips = append(tips, c.tip(row.Row))
	}
	series := drawRadar(r, c, values, tips, band)
	indicators := names
	if keyBelow == always {
		indicators = numbers
	}
	out.Option = option(r, object{
		"os": object{"keyBelow": keyBelow},
		"legend": object{"selectedMode": false, "data": legendOf(c, band), "itemGap": 18, "top": 0, "left": 0,
			"textStyle": object{"color": colourText, "fontSize": 14}},
		"radar":  object{"radius": "68%", "z": 1, "clockwise": true, "axisName": object{"lineHeight": 16}},
		"series": series,
		"media": []any{
			object{"query": object{"maxWidth": 560},
				"option": object{"radar": object{"radius": "74%", "indicator": numbers,
					"axisName": object{"fontSize": 14}}}},
			object{"option": object{"radar": object{"radius": "68%", "indicator": indicators,
				"axisName": object{"fontSize": 13, "lineHeight": 16}}}},
		},
	})
	return out
}

// numberedRow is a row with its number among all rows: a telephone has no room for more than that in the net.
type numberedRow struct {
	Row
	number int
}

// radarRows returns the rows that can be drawn, the names of the others, and whether all drawn rows have quartiles.
func (c Comparison) radarRows() (rows []numberedRow, left []string, band bool) {
	band = true
	for i, r := range c.Rows {
		m, _ := r.figure("median")
		if m == nil || c.Own != "" && finite(r.Own) == nil {
			left = append(left, r.Name)
			continue
		}
		rows = append(rows, numberedRow{r, i + 1})
		band = band && r.hasQuartiles()
	}
	return rows, left, band
}

func legendOf(c Comparison, band bool) []any {
	w := c.writer()
	var items []any
	if c.Own != "" {
		items = append(items, object{"name": short(c.Own, 40)})
	}
	items = append(items, object{"name": w.word("median")})
	if band {
		items = append(items, object{"name": w.word("band"), "icon": "roundRect"})
	}
	return items
}

// drawRadar adds the series from back to front and returns what go-echarts has no fields for. The band is the upper
// quartile's surface with the lower quartile's cut out by the background; the net's lines lie above both.
func drawRadar(r *charts.Radar, c Comparison, values map[string][]float64, tips []string, band bool) []object {
	w := c.writer()
	tip := strings.Join(tips, "\n\n")
	if len(tips) > 4 {
		tip = "" // a tooltip of nine paragraphs covers the picture; the table says it all
	}
	var extras []object
	add := func(name string, list []float64, extra object) {
		r.MultiSeries = append(r.MultiSeries, charts.SingleSeries{Name: name, Type: "radar",
			Data: []any{point{Name: name, Value: list, Tip: tip}}, Symbol: "none"})
		extras = append(extras, extra)
	}
	if band {
		line := object{"color": colourRegion, "width": 1}
		add(w.word("band"), values["q3"], object{"areaStyle": object{"color": colourBand, "opacity": 1},
			"lineStyle": line, "itemStyle": object{"color": colourBand}, "z": -2, "silent": true})
		add("q1", values["q1"], object{"areaStyle": object{"color": colourBackground, "opacity": 1}, "lineStyle": line,
			"itemStyle": object{"color": colourBackground}, "z": -1, "silent": true})
	}
	add(w.word("median"), values["median"],
		object{"lineStyle": object{"color": colourRegion, "width": 2.5, "type": "dashed"},
			"itemStyle": object{"color": colourRegion},
			"symbol":    "rect", "symbolSize": 7, "z": 3})
	if c.Own != "" {
		add(short(c.Own, 40), values["own"], object{"lineStyle": object{"color": colourOwn, "width": 3.5},
			"itemStyle": object{"color": colourOwn},
			"symbol":    "diamond", "symbolSize": 12, "z": 4})
	}
	return extras
}
