package chart

import (
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
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
	Bridge bench.Bridge
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

// Bridges draws scores as bars and, hanging between them, what new answers and what a changed
// checklist added or took away. The rows run downwards, so that many rounds fit on a telephone.
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
	out.Notes = append(out.Notes, w.word("bridge_note"))
	out.Height = rowsHeight(len(spans), 46)
	if t.Median != "" {
		out.Height += 40 // the key
	}
	names := make([]string, len(spans))
	base, bars := make([]any, len(spans)), map[string][]any{}
	for _, kind := range []string{"score", "more", "less"} {
		bars[kind] = make([]any, len(spans))
	}
	var texts, medians []point
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
			bars[s.kind][i] = point{Value: s.to, Tip: tip, Text: s.text, Label: labelOf(s.to)}
		case "more", "less":
			bars[s.kind][i] = point{Value: high - low, Tip: tip}
			texts = append(texts, beside(low, high, i, s.text, tip))
		default:
			texts = append(texts, beside(0, 0, i, s.text, tip))
		}
		if s.median != nil {
			medians = append(medians, point{Value: []any{*s.median, i}, Tip: plain(t.Median) + ": " + w.percent(*s.median/100)})
		}
	}
	out.Option = t.draw(names, base, bars, texts, medians)
	return out
}

func (t Trend) draw(names []string, base []any, bars map[string][]any, texts, medians []point) []byte {
	b := newBars(names)
	stacked := func(name string, data []any) charts.SingleSeries {
		return charts.SingleSeries{Name: name, Type: "bar", Stack: "bridge", Data: data, BarMaxWidth: "22"}
	}
	b.MultiSeries = append(b.MultiSeries, stacked("base", base), stacked("score", bars["score"]), stacked("more", bars["more"]), stacked("less", bars["less"]),
		charts.SingleSeries{Name: "texts", Type: "scatter", Data: texts, SymbolSize: 1})
	series := []object{
		{"itemStyle": object{"color": "transparent"}, "silent": true},
		{"itemStyle": object{"color": colourOwn}, "label": object{"show": true, "formatter": formatText, "fontWeight": 600}},
		{"itemStyle": object{"color": colourOwn, "decal": ownDecal}},
		{"itemStyle": object{"color": colourBackground, "borderColor": colourText, "borderWidth": 1.5, "borderType": "dashed"}},
		{"itemStyle": object{"color": "transparent"}, "silent": true, "z": 6,
			"label": object{"show": true, "formatter": formatText, "color": colourText, "fontWeight": 600}},
	}
	legend := object{"show": false}
	if t.Median != "" {
		name := short(t.Median, 60)
		b.MultiSeries = append(b.MultiSeries, charts.SingleSeries{Name: name, Type: "scatter", Data: medians, Symbol: "rect", SymbolSize: []int{4, 28}})
		series = append(series, object{"itemStyle": object{"color": colourText, "opacity": 1}, "z": 5})
		legend = object{"selectedMode": false, "data": []any{object{"name": name, "icon": "rect"}}, "itemWidth": 6}
	}
	return option(b, object{"xAxis": percentAxis, "legend": legend, "series": series, "media": besideOrAbove(t.Median != "")})
}

// beside writes a text where there is room: behind its bar, before it, else across it.
func beside(low, high float64, row int, text, tip string) point {
	at, position := high, "right"
	switch {
	case high <= 66:
	case low >= 34:
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
		s := span{name: p.Name, kind: "none", text: dash + " " + w.word("no_score")}
		switch v := finite(p.Score); {
		case v != nil:
			s.kind, s.to, s.text = "score", points(*v), w.group(*v)
		case p.Reason != "":
			s.text = f.mark(p.Reason)
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
		text := dash + " " + w.word("not_comparable")
		if step.Reason != "" {
			text = f.mark(step.Reason)
		}
		answers.text, rules.text = text, text
		return []span{answers, rules}
	}
	axis := func(tenths int) float64 { return min(max(float64(tenths)/10, 0), 100) }
	fill := func(s *span, from, change int) {
		s.from, s.to, s.kind = axis(from), axis(from+change), "more"
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
		return Cell{Text: dash, Numeric: true}
	}
	step := t.Steps[i-1]
	switch {
	case step.Reason != "":
		return Cell{Text: f.mark(step.Reason), Numeric: true}
	case !step.Known:
		return Cell{Text: dash, Numeric: true}
	}
	tenths := []int{step.Bridge.Total(), step.Bridge.Answers, step.Bridge.Rules}[part]
	v := float64(tenths) / 1000
	return Cell{Text: f.change(tenths), Numeric: true, Value: &v}
}

// change writes a difference in tenths of a percentage point with its sign: "+4,2", "−1,4", "0,0".
func (w writer) change(tenths int) string {
	sign, size := "", tenths
	switch {
	case tenths > 0:
		sign = "+"
	case tenths < 0:
		sign, size = "−", -tenths
	}
	if w.whole {
		return sign + strconv.Itoa(size/10)
	}
	return sign + score.DisplayTenths(size, w.lang)
}
