package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// Atlas is what the maps show: towns with their level.
type Atlas struct {
	ID, Title string
	Lang      checklist.Lang
	Checklist *checklist.Definition // whose levels
	Places    []Place
}

// Place is a town on the map.
type Place struct {
	Town  region.Municipality
	Level int      // index in the checklist's levels; -1: not submitted
	Score *float64 // [0, 1]
}

// Circles draws the towns at their official coordinates: area by population, colour and digit by
// level. Towns that have not submitted are empty dashed circles. Small circles lie on big ones, and
// every name stands where it can only mean its town.
func Circles(a Atlas) Chart {
	w := writer{lang: a.Lang}
	out := Chart{ID: a.ID, Title: a.Title, Table: a.table(w)}
	places := a.located()
	if len(places) == 0 {
		out.Empty = w.word("no_coordinates")
		return out
	}
	out.Finding = a.finding(w)
	layouts := layoutsOf(places)
	out.Height = int(layouts[len(layouts)-1].Top + layouts[len(layouts)-1].Height)
	named := len(places) <= mostNamed
	out.Notes = []string{w.word("circle_many")}
	if named {
		out.Key, out.Notes = a.key(places), []string{w.word("circle_size")}
	}
	if layouts[len(layouts)-1].moved {
		out.Notes = append(out.Notes, w.word("circle_moved"))
	}
	out.Option = a.drawCircles(w, places, layouts, named)
	return out
}

// drawCircles has the circles in one series, because only within one the order of drawing is that of the data; then a
// series without data for each entry of the legend; then lines and names, which charts.js fills from the layout.
func (a Atlas) drawCircles(w writer, places []Place, layouts []layout, named bool) []byte {
	s := charts.NewScatter()
	s.SetGlobalOptions(charts.WithXAxisOpts(opts.XAxis{Type: "value", Show: opts.Bool(false)}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Show: opts.Bool(false)}))
	type circle struct {
		point
		Number string `json:"number,omitempty"`
	}
	numbers := numbersOf(places)
	circles := make([]circle, len(places))
	for i, p := range places {
		_, style := a.levelStyle(w, p.Level)
		circles[i] = circle{point: point{Name: tagText(p.Town.Name), Value: []any{}, Tip: a.tip(w, p), ItemStyle: style,
			Label: object{"color": levelText(p.Level, len(a.Checklist.Levels))}}}
		if named {
			circles[i].Text, circles[i].Number = digit(p.Level), strconv.Itoa(numbers[i])
		}
	}
	s.MultiSeries = append(s.MultiSeries, charts.SingleSeries{Name: "circles", Type: "scatter", Symbol: "circle",
		Data: circles})
	series := []object{{"label": object{"show": true, "formatter": formatText, "fontSize": 12, "fontWeight": 600},
		"z": 3, "clip": false}}
	legend := []any{}
	for level := -1; level < len(a.Checklist.Levels); level++ {
		name, style := a.levelStyle(w, level)
		s.MultiSeries = append(s.MultiSeries, charts.SingleSeries{Name: name, Type: "scatter", Symbol: "circle",
			Data: []any{}})
		series = append(series, object{"itemStyle": style})
		legend = append(legend, object{"name": name, "icon": "circle"})
	}
	s.MultiSeries = append(s.MultiSeries, charts.SingleSeries{Name: "lines", Type: "lines", Data: []any{}},
		charts.SingleSeries{Name: "names", Type: "scatter", Symbol: "rect", SymbolSize: 1, Data: []any{}})
	series = append(series, object{"coordinateSystem": "cartesian2d", "silent": true, "z": 2, "clip": false,
		"lineStyle": object{"color": colourMuted, "width": 1, "opacity": 1}},
		object{"itemStyle": object{"color": "transparent"}, "silent": true, "z": 4, "clip": false,
			"label": object{"show": true, "position": "inside", "formatter": formatText, "fontSize": nameSize,
				"color": colourText}})
	os := object{"layouts": layouts}
	if named {
		os["keyBelow"] = namesFrom(layouts)
	}
	return option(s, object{"os": os,
		"legend": object{"selectedMode": false, "data": legend, "top": 0, "left": 0, "itemGap": 16,
			"textStyle": object{"color": colourText, "fontSize": 14}},
		"series": series})
}

// key lists the towns by their numbers, each with its level.
func (a Atlas) key(places []Place) []KeyEntry {
	w := writer{lang: a.Lang}
	list := make([]KeyEntry, len(places))
	for i, n := range numbersOf(places) {
		level := w.word("not_submitted")
		if l := places[i].Level; l >= 0 {
			level = w.word("level") + " " + levelName(a.Checklist, l, a.Lang)
		}
		list[n-1] = KeyEntry{n, places[i].Town.Name + ", " + level}
	}
	return list
}

// numbersOf numbers places from 1 in the order of their names.
func numbersOf(places []Place) []int {
	order := make([]int, len(places))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return strings.Compare(sortName(places[x].Town.Name), sortName(places[y].Town.Name))
	})
	numbers := make([]int, len(places))
	for n, i := range order {
		numbers[i] = n + 1
	}
	return numbers
}

// sortName sorts Ö as O, as lists of German names do.
func sortName(name string) string {
	return strings.NewReplacer("Ä", "A", "Ö", "O", "Ü", "U", "ä", "a", "ö", "o", "ü", "u", "ß", "ss").Replace(name)
}

// Outlines draws the towns as areas. The page registers the outlines under the chart's Map, from an
// address of its own; the features carry the property ags. Colour and pattern stand for the level,
// the number for the town.
func Outlines(a Atlas) Chart {
	w := writer{lang: a.Lang}
	out := Chart{ID: a.ID, Title: a.Title, Table: a.table(w), Notes: []string{w.word("outline_pattern")}, Map: "towns"}
	if len(a.Places) == 0 {
		out.Empty = w.word("nothing")
		return out
	}
	out.Height = 640
	m := charts.NewMap()
	m.RegisterMapType(out.Map)
	areas := make([]point, 0, len(a.Places))
	out.Finding = a.finding(w)
	out.Key = a.key(a.Places)
	numbers := numbersOf(a.Places)
	for i, p := range a.Places {
		_, style := a.levelStyle(w, p.Level)
		areas = append(areas, point{Name: string(p.Town.AGS), Value: p.Level + 1, Tip: a.tip(w, p),
			Text:      strconv.Itoa(numbers[i]),
			ItemStyle: object{"areaColor": style["color"], "decal": areaDecal(p.Level)},
			Label:     object{"color": levelText(p.Level, len(a.Checklist.Levels))}})
	}
	m.MultiSeries = append(m.MultiSeries, charts.SingleSeries{Name: short(a.Title, 80), Type: "map", MapType: out.Map,
		Data: areas})
	legend := []any{}
	series := []object{{"nameProperty": "ags", "aspectScale": 0.625, "roam": false, "selectedMode": false,
		"layoutCenter": []any{"50%", "54%"}, "layoutSize": "90%", "showLegendSymbol": false,
		"itemStyle": object{"borderColor": colourText, "borderWidth": 0.8, "areaColor": colourMissing},
		"label":     object{"show": true, "formatter": formatText, "fontSize": 13, "fontWeight": 600},
		"emphasis": object{"label": object{"show": true, "color": colourText},
			"itemStyle": object{"areaColor": colourBand}}}}
	for level := -1; level < len(a.Checklist.Levels); level++ {
		name, style := a.levelStyle(w, level)
		// The key needs series of its own: a map has one series for all its areas.
		m.MultiSeries = append(m.MultiSeries, charts.SingleSeries{Name: name, Type: "bar", Data: []any{}})
		series = append(series, object{"itemStyle": object{"color": style["color"], "decal": areaDecal(level),
			"borderColor": colourText, "borderWidth": 0.8}})
		legend = append(legend, object{"name": name, "icon": "rect"})
	}
	out.Option = option(m, object{
		"os":    object{"keyBelow": always},
		"xAxis": object{"type": "category", "show": false, "data": []any{}},
		"yAxis": object{"type": "value", "show": false},
		"media": []any{
			object{"query": object{"maxWidth": 600},
				"option": object{"series": []any{object{"layoutCenter": []any{"50%", "56%"}, "layoutSize": "110%"}}}},
			object{"option": object{"series": []any{object{"layoutCenter": []any{"50%", "54%"}, "layoutSize": "90%"}}}},
		},
		"legend": object{"selectedMode": false, "data": legend, "top": 0, "left": 0, "itemGap": 16, "itemWidth": 22,
			"textStyle": object{"color": colourText, "fontSize": 14}},
		"series": series,
	})
	return out
}

// areaDecal gives every level a pattern of its own; the lowest and "not submitted" are plain.
func areaDecal(level int) object {
	switch {
	case level < 0:
		return object{"symbol": "rect", "color": colourRegion, "dashArrayX": []any{1, 0}, "dashArrayY": []any{1, 7},
			"rotation": 0.785, "symbolSize": 1}
	case level == 0:
		return object{"symbol": "none"}
	}
	patterns := []object{
		{"symbol": "circle", "dashArrayX": []any{[]int{6, 6}, []int{0, 6, 6, 0}}, "dashArrayY": []any{6, 0},
			"symbolSize": 0.4},
		{"symbol": "rect", "dashArrayX": []any{1, 0}, "dashArrayY": []any{1, 6}, "rotation": -0.785, "symbolSize": 1},
		{"symbol": "rect", "dashArrayX": []any{1, 0}, "dashArrayY": []any{1, 6}, "rotation": 0, "symbolSize": 1},
		{"symbol": "none"},
	}
	d := object{"color": colourBackground}
	lay(d, patterns[(level-1)%len(patterns)])
	return d
}

// levelStyle returns the name in the key and the filling of a level.
func (a Atlas) levelStyle(w writer, level int) (string, object) {
	if level < 0 {
		return w.word("not_submitted"), object{"color": colourMissing, "opacity": 1, "borderColor": colourMuted,
			"borderWidth": 1.5, "borderType": "dashed"}
	}
	return levelName(a.Checklist, level, a.Lang), object{"color": scale[levelStep(level, len(a.Checklist.Levels))],
		"opacity": 1, "borderColor": colourText, "borderWidth": 1}
}

func levelText(level, n int) string {
	if level < 0 {
		return colourMuted
	}
	return scaleText[levelStep(level, n)]
}

func digit(level int) string {
	if level < 0 {
		return ""
	}
	return strconv.Itoa(level + 1)
}

// located returns the places with coordinates, the biggest first, so that small circles lie on top of big ones.
func (a Atlas) located() []Place {
	var list []Place
	for _, p := range a.Places {
		if p.Town.Lat != 0 && p.Town.Lon != 0 {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(x, y Place) int { return y.Town.Population - x.Town.Population })
	return list
}

// bounds is a box in degrees.
type bounds struct{ west, east, south, north float64 }

func boundsOf(places []Place) bounds {
	b := bounds{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for _, p := range places {
		b.west, b.east = min(b.west, p.Town.Lon), max(b.east, p.Town.Lon)
		b.south, b.north = min(b.south, p.Town.Lat), max(b.north, p.Town.Lat)
	}
	const least = 0.02 // degrees: a single town still needs an area
	b.west, b.east, b.south, b.north = b.west-least, b.east+least, b.south-least, b.north+least
	return b
}

// aspect is width by height as they lie on the ground.
func (b bounds) aspect() float64 {
	middle := (b.south + b.north) / 2 * math.Pi / 180
	return math.Round(1000*(b.east-b.west)*math.Cos(middle)/(b.north-b.south)) / 1000
}

func (a Atlas) tip(w writer, p Place) string {
	text := plain(p.Town.Name)
	if p.Town.Population > 0 {
		text += "\n" + w.count(p.Town.Population) + " " + w.word("inhabitants")
	}
	if p.Level < 0 {
		return text + "\n" + w.word("not_submitted")
	}
	text += "\n" + w.word("level") + " " + levelName(a.Checklist, p.Level, a.Lang)
	if s := finite(p.Score); s != nil {
		text += "\n" + w.word("score") + ": " + w.percent(*s)
	}
	return text
}

func (a Atlas) table(w writer) Table {
	t := Table{Head: head(w.word("town"), w.word("population"), w.word("score"), w.word("level"))}
	t.Head[3].Numeric = false
	for _, p := range a.Places {
		population := Cell{Text: w.word("unknown")}
		if n := float64(p.Town.Population); n > 0 {
			population = Cell{Text: w.count(p.Town.Population), Numeric: true, Value: &n}
		}
		level := w.word("not_submitted")
		if p.Level >= 0 {
			level = levelName(a.Checklist, p.Level, a.Lang)
		}
		t.Rows = append(t.Rows, []Cell{{Text: p.Town.Name}, population, w.own(p.Score), {Text: level}})
	}
	return t
}
