package chart

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Chart is a picture, its table and what must be said about it.
type Chart struct {
	ID    string // names the figure in a page and its download: ^[a-z0-9-]+$
	Title string // plain text; whoever writes it into HTML escapes it
	// Finding says in a sentence what is to be seen, for those too who cannot see it; empty: nothing can be said.
	Finding string
	Option  json.RawMessage // for ECharts, with <, > and & escaped; nil: nothing can be drawn, Empty says why
	Empty   string
	Height  int    // pixels
	Map     string // name under which the option expects the outlines to be registered; empty: none
	Key     []KeyEntry
	Table   Table
	Notes   []string // footnotes of the picture and its table
}

// KeyEntry says whose a number is that stands in a picture in a name's place. charts.js shows the key where the picture
// is narrower than the option's os.keyBelow, in pixels.
type KeyEntry struct {
	Number int
	Text   string
}

// always is a keyBelow that no screen reaches: the numbers stand in the picture at any width.
const always = 100000

// Table says what the picture shows. Every row has as many cells as the head.
type Table struct {
	Head []Cell
	Rows [][]Cell
}

// Cell is a field of a table: the text to show and, for figures, the number behind it.
type Cell struct {
	Text    string
	Numeric bool     // right-aligned
	Value   *float64 // nil: no number, suppressed or undefined
}

// Colours of the style sheet; charts.js resolves them for the theme.
const (
	colourOwn        = "var(--os-chart-own)"
	colourOwnLight   = "var(--os-chart-own-light)"
	colourRegion     = "var(--os-chart-region)"
	colourBand       = "var(--os-chart-band)"
	colourGrid       = "var(--os-chart-grid)"
	colourText       = "var(--os-chart-text)"
	colourMuted      = "var(--os-chart-muted)"
	colourBackground = "var(--os-chart-background)"
	colourMissing    = "var(--os-chart-missing)"
)

// scale are the five steps from little to much.
var scale = [...]string{"var(--os-chart-seq-1)", "var(--os-chart-seq-2)", "var(--os-chart-seq-3)",
	"var(--os-chart-seq-4)", "var(--os-chart-seq-5)"}

// scaleText is what can be read on a step: the darker half needs the background's colour.
var scaleText = [...]string{colourText, colourText, colourText, colourBackground, colourBackground}

// Formatters of charts.js.
const (
	formatPoints = "fn:points" // 0..100 with the unit %
	formatNumber = "fn:number"
	formatTip    = "fn:tip"  // the point's tip
	formatText   = "fn:text" // the point's text
)

// point is one datum. ECharts hands it whole to formatters, which read Tip and Text.
type point struct {
	Name      string         `json:"name,omitempty"`
	Value     any            `json:"value"`
	Tip       string         `json:"tip,omitempty"`
	Text      string         `json:"text,omitempty"`
	Size      any            `json:"symbolSize,omitempty"`
	ItemStyle map[string]any `json:"itemStyle,omitempty"`
	Label     map[string]any `json:"label,omitempty"`
}

// object is what go-echarts has no field for; it is laid over the option.
type object = map[string]any

// drawing is a chart of go-echarts.
type drawing interface {
	Validate()
	JSON() map[string]any
}

// option returns the JSON of a chart with extra laid over it, "series" by position. Scripts find no "</script>" in it.
// The data, by far the most of it, are encoded once and not taken apart.
func option(c drawing, extra object) json.RawMessage {
	c.Validate()
	whole := c.JSON()
	series := slices.Clone(whole["series"].(charts.MultiSeries))
	data := make([]any, len(series))
	for i := range series {
		data[i], series[i].Data = series[i].Data, nil
	}
	whole["series"] = series
	var base object
	if err := json.Unmarshal(encode(whole), &base); err != nil {
		panic(err) // what encode wrote can be read
	}
	for i, s := range base["series"].([]any) {
		s.(object)["data"] = data[i]
	}
	for _, unused := range []string{"title", "toolbox", "color"} {
		delete(base, unused)
	}
	lay(base, object{"aria": patterns, "tooltip": object{"trigger": "item", "formatter": formatTip}})
	lay(base, extra)
	return encode(base)
}

// encode escapes <, > and &, as encoding/json does unless told otherwise.
func encode(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // only NaN and infinity get here, and the constructors keep them out
	}
	return data
}

// patterns switches on patterns for those items that name one; without it ECharts ignores them, with its own list it
// would hatch everything. The description is the page's, not generated English.
var patterns = object{"enabled": true, "label": object{"enabled": false},
	"decal": object{"show": true, "decals": []any{object{"symbol": "none"}}}}

// lay puts over on base: objects are merged, everything else is replaced, series are merged by position.
func lay(base, over object) {
	for key, v := range over {
		below, isObject := base[key].(object)
		if above, ok := v.(object); ok && isObject {
			lay(below, above)
			continue
		}
		list, isList := base[key].([]any)
		if above, ok := v.([]object); ok && isList {
			for i := range min(len(list), len(above)) {
				lay(list[i].(object), above[i])
			}
			continue
		}
		base[key] = v
	}
}

// newBars returns the frame of most pictures: categories downwards, a value axis from 0 to 100 %.
func newBars(categories []string) *charts.Bar {
	c := charts.NewBar()
	c.SetGlobalOptions(
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Min: 0, Max: 100, SplitNumber: 4,
			AxisLabel: &opts.AxisLabel{Formatter: formatPoints, Color: colourMuted, HideOverlap: opts.Bool(true),
				ShowMinLabel: opts.Bool(true), ShowMaxLabel: opts.Bool(true)},
			SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: colourGrid}}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Data: categories, Inverse: opts.Bool(true),
			AxisLabel: &opts.AxisLabel{Color: colourText, Width: labelWidth, Overflow: "break",
				ShowMinLabel: opts.Bool(true), ShowMaxLabel: opts.Bool(true)},
			AxisLine: &opts.AxisLine{LineStyle: &opts.LineStyle{Color: colourRegion}}}),
		charts.WithLegendOpts(opts.Legend{Top: "0", Left: "0", Padding: 0,
			TextStyle: &opts.TextStyle{Color: colourText, FontSize: 14}}),
	)
	return c
}

// rowsOf tells charts.js the height of a row in pixels, so that on paper a long picture is parted between rows.
func rowsOf(each int) object { return object{"each": each} }

// medianIcon is the key's mark of a median: upright, as it crosses the bars.
const medianIcon = "path://M0 0h5v18h-5z"

// medianStyle is a mark that is told from a bar of any colour and from the page by its edge.
var medianStyle = object{"color": colourText, "borderColor": colourBackground, "borderWidth": 2, "opacity": 1}

// labelWidth is the room for a category's name beside its bar, in pixels. Narrow pictures write it above the bar.
const labelWidth = 220

// besideOrAbove places the names of categories: beside their row, and above it where the picture is narrow.
func besideOrAbove(legend bool) []any {
	top := 8
	if legend {
		top = 40
	}
	narrowTop := top + 16
	if legend {
		narrowTop += 24
	}
	return []any{
		object{"query": object{"maxWidth": 600}, "option": object{
			"grid": object{"left": 8, "right": 24, "top": narrowTop, "bottom": 32},
			"yAxis": object{"axisTick": object{"show": false},
				"axisLabel": object{"inside": true, "verticalAlign": "bottom", "padding": []int{0, 0, 17, -6},
					"width": 290, "overflow": "truncate", "fontSize": 13}},
		}},
		object{"query": object{"maxWidth": 320}, "option": object{"yAxis": object{"axisLabel": object{"width": 244}}}},
		object{"option": object{
			"grid": object{"left": labelWidth + 16, "right": 40, "top": top, "bottom": 32},
			"yAxis": object{"axisTick": object{"show": false},
				"axisLabel": object{"inside": false, "verticalAlign": "middle", "padding": 0,
					"width": labelWidth, "overflow": "break", "fontSize": 14, "lineHeight": 17}},
		}},
	}
}

// rowsHeight is the height of a picture with n rows, in pixels.
func rowsHeight(n, each int) int { return 90 + n*each }

// finite returns f if it points to a number.
func finite(f *float64) *float64 {
	if f == nil || math.IsNaN(*f) || math.IsInf(*f, 0) {
		return nil
	}
	return f
}
