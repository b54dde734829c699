package chart

import (
	"fmt"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

// Trend is a score over rounds of a checklist.
type Trend struct {
	ID, Title string
	Lang      checklist.Lang
	Points    []TrendPoint
	Steps     []TrendStep // Steps[i] leads from Points[i] to Points[i+1]
	Median    string      // what the points' medians are of; empty: they have none
	Whole     bool        // whole percent, as a release gives them
}

// TrendPoint is the score in one round.
type TrendPoint struct {
	Name   string
	Score  *float64 // [0, 1]; nil: undefined
	Median *float64 // [0, 1]
	Reason bench.Reason
}

// TrendStep is what happened between two rounds.
type TrendStep struct {
	Bridge shift.Bridge
	Known  bool // false: the rounds cannot be compared
	Reason bench.Reason
}

// span is one row of the picture.
type span struct {
	name     string
	from, to float64 // percent, within the axis
	text     string
	kind     string // score, more, less, none
	median   *float64
}

// Bridges draws scores as diamonds and, hanging between them, what new answers and what a changed
// checklist added or took away. The axis holds what changed and no more, so that a change of one
// point can be seen; no bar stands for a score, so none is cut. The rows run downwards, so that
// many rounds fit on a telephone.
func Bridges(t Trend) Chart {
	f := &footnotes{writer: writer{lang: t.Lang, whole: t.Whole}}
	w := f.writer
	out := Chart{ID: t.ID, Title: t.Title, Table: t.table(f)}
	spans := t.spans(f)
	out.Notes = f.notes()
	if len(t.Points) < 2 || !t.anything() {
		out.Empty = w.word("nothing")
		return out
	}
	out.Finding = t.finding(w)
	out.Notes = append(out.Notes, w.word("bridge_note"))
	a := axisOf(spans)
	if a.from > 0 || a.to < 100 {
		out.Notes = append(out.Notes, fmt.Sprintf(w.word("bridge_axis"), w.whole100(a.from), w.whole100(a.to)))
	}
	out.Height = rowsHeight(len(spans), 46)
	if t.Median != "" {
		out.Height += 40 // the key
	}
	names := make([]string, len(spans))
	base, bars := make([]any, len(spans)), map[string][]any{}
	for _, kind := range []string{"more", "less"} {
		bars[kind] = make([]any, len(spans))
	}
	texts, medians, scores := []point{}, []point{}, []point{}
	for i, s := range spans {
		names[i] = short(s.name, 60)
		tip := plain(s.name) + "\n" + s.text
		for _, list := range bars {
			list[i] = point{Value: nil}
		}
		low, high := min(s.from, s.to), max(s.from, s.to)
		base[i] = point{Value: low}
		switch s.kind {
		case "score":
			p := a.beside(s.to, s.to, i, s.text, tip)
			p.Value, p.Label["distance"] = []any{s.to, i}, 12
			scores = append(scores, p)
		case "more", "less":
			bars[s.kind][i] = point{Value: high - low, Tip: tip}
			texts = append(texts, a.beside(low, high, i, s.text, tip))
		default:
			texts = append(texts, a.beside(a.from, a.from, i, s.text, tip))
		}
		if s.median != nil {
			medians = append(medians, point{Value: []any{*s.median, i},
				Tip: plain(t.Median) + ": " + w.percent(*s.median/100)})
		}
	}
	out.Option = t.draw(a, names, base, bars, texts, scores, medians)
	return out
}

func (t Trend) draw(a axis, names []string, base []any, bars map[string][]any, texts, scores, medians []point) []byte {
	b := newBars(names)
	stacked := func(name string, data []any) charts.SingleSeries {
		return charts.SingleSeries{Name: name, Type: "bar", Stack: "bridge", Data: data, BarMaxWidth: "22"}
	}
	b.MultiSeries = append(b.MultiSeries, stacked("base", base), stacked("more", bars["more"]),
		stacked("less", bars["less"]),
		charts.SingleSeries{Name: "texts", Type: "scatter", Data: texts, SymbolSize: 1},
		charts.SingleSeries{Name: "score", Type: "scatter", Data: scores, Symbol: "diamond", SymbolSize: 18})
	series := []object{
		{"itemStyle": object{"color": "transparent"}, "silent": true},
		{"itemStyle": object{"color": colourOwn, "decal": ownDecal}},
		{"itemStyle": object{"color": colourBackground, "borderColor": colourText, "borderWidth": 1.5,
			"borderType": "dashed"}},
		{"itemStyle": object{"color": "transparent"}, "silent": true, "z": 6,
			"label": object{"show": true, "formatter": formatText, "color": colourText, "fontWeight": 600}},
		{"itemStyle": object{"color": colourOwn, "borderColor": colourBackground, "borderWidth": 1.5, "opacity": 1},
			"z":     7,
			"label": object{"show": true, "formatter": formatText, "color": colourText, "fontWeight": 600}},
	}
	legend := object{"show": false}
	if t.Median != "" {
		name := short(t.Median, 60)
		b.MultiSeries = append(b.MultiSeries, charts.SingleSeries{Name: name, Type: "scatter", Data: medians,
			Symbol: "rect", SymbolSize: []int{6, 30}})
		series = append(series, object{"itemStyle": medianStyle, "z": 5})
		legend = object{"selectedMode": false, "data": []any{object{"name": name, "icon": medianIcon}}, "itemWidth": 16}
	}
	return option(b, object{"os": rowsOf(46), "xAxis": []object{{"min": a.from, "max": a.to, "interval": a.step}},
		"legend": legend, "series": series, "media": besideOrAbove(t.Median != "")})
}

// axis is the part of 0 to 100 % that is drawn.
type axis struct{ from, to, step float64 }

// axisOf holds all rows with room beside them, in at most six steps and never less than 20 percentage points.
func axisOf(spans []span) axis {
	low, high := 100.0, 0.0
	for _, s := range spans {
		switch {
		case s.kind == "score":
			low, high = min(low, s.to), max(high, s.to)
		case s.kind != "none":
			low, high = min(low, s.from, s.to), max(high, s.from, s.to)
		}
		if s.median != nil {
			low, high = min(low, *s.median), max(high, *s.median)
		}
	}
	const room = 2
	for _, step := range []float64{5, 10} {
		a := axis{max(0, step*math.Floor((low-room)/step)), min(100, step*math.Ceil((high+room)/step)), step}
		for a.to-a.from < 4*step {
			if a.to < 100 {
				a.to += step
			} else {
				a.from -= step
			}
		}
		if a.to-a.from <= 6*step {
			return a
		}
	}
	return axis{0, 100, 25}
}

// beside writes a text where there is room: behind its bar, before it, else across it.
func (a axis) beside(low, high float64, row int, text, tip string) point {
	at, position := high, "right"
	third := (a.to - a.from) / 3
	switch {
	case high <= a.to-third:
	case low >= a.from+third:
		at, position = low, "left"
	default:
		at, position = (low+high)/2, "inside"
	}
	label := object{"position": position, "distance": 5}
	if position == "inside" {
		lay(label, object{"backgroundColor": colourBackground, "padding": []int{1, 4}})
	}
	return point{Value: []any{at, row}, Tip: tip, Text: text, Label: label}
}

// spans lists the rows from top to bottom.
func (t Trend) spans(f *footnotes) []span {
	w := f.writer
	var list []span
	for i, p := range t.Points {
		if i > 0 {
			list = append(list, t.between(f, t.Steps[i-1])...)
		}
		s := span{name: p.Name, kind: "none", text: wording.Dash + " " + w.word("no_score")}
		switch v := finite(p.Score); {
		case v != nil:
			s.kind, s.to, s.text = "score", points(*v), w.group(*v)
		case p.Reason != "":
			s.text = f.Mark(p.Reason)
		}
		if m := finite(p.Median); m != nil {
			at := points(*m)
			s.median = &at
		}
		list = append(list, s)
	}
	return list
}

// between are the two rows of a step. A part that leaves the axis is cut there; its text is not.
func (t Trend) between(f *footnotes, step TrendStep) []span {
	w := f.writer
	answers, rules := span{name: w.word("answers"), kind: "none"}, span{name: w.word("rules"), kind: "none"}
	if !step.Known {
		text := wording.Dash + " " + w.word("not_comparable")
		if step.Reason != "" {
			text = f.Mark(step.Reason)
		}
		answers.text, rules.text = text, text
		return []span{answers, rules}
	}
	onAxis := func(tenths int) float64 { return min(max(float64(tenths)/10, 0), 100) }
	fill := func(s *span, from, change int) {
		s.from, s.to, s.kind = onAxis(from), onAxis(from+change), "more"
		if change < 0 {
			s.kind = "less"
		}
		s.text = w.change(change) + " " + w.word("points_unit")
	}
	b := step.Bridge
	fill(&answers, b.Before, b.Answers)
	fill(&rules, b.Before+b.Answers, b.Rules)
	return []span{answers, rules}
}

func (t Trend) anything() bool {
	for _, p := range t.Points {
		if finite(p.Score) != nil {
			return true
		}
	}
	return false
}

func (t Trend) table(f *footnotes) Table {
	w := f.writer
	titles := []string{w.word("round"), w.word("score"), w.word("change"), w.word("answers"), w.word("rules")}
	if t.Median != "" {
		titles = append(titles, t.Median)
	}
	out := Table{Head: head(titles...)}
	for i, p := range t.Points {
		row := []Cell{{Text: p.Name}, f.cell(p.Score, p.Reason)}
		for k := range 3 {
			row = append(row, t.changeCell(f, i, k))
		}
		if t.Median != "" {
			row = append(row, f.cell(p.Median, ""))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// changeCell is the whole change that led to a point, or the part of it that answers or rules made.
func (t Trend) changeCell(f *footnotes, i, part int) Cell {
	if i == 0 {
		return Cell{Text: wording.Dash, Numeric: true}
	}
	step := t.Steps[i-1]
	switch {
	case step.Reason != "":
		return Cell{Text: f.Mark(step.Reason), Numeric: true}
	case !step.Known:
		return Cell{Text: wording.Dash, Numeric: true}
	}
	tenths := []int{step.Bridge.Total(), step.Bridge.Answers, step.Bridge.Rules}[part]
	v := float64(tenths) / 1000
	return Cell{Text: f.change(tenths), Numeric: true, Value: &v}
}
