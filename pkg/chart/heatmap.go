package chart

import (
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

// Field is towns against sections.
type Field struct {
	ID, Title string
	Lang      checklist.Lang
	Columns   []string // names of the sections
	Rows      []FieldRow
}

// FieldRow is a town's scores. Values has as many entries as the field has columns.
type FieldRow struct {
	Name   string
	Total  *float64
	Note   string     // in the tooltip of the total: the level
	Values []*float64 // [0, 1]; nil: undefined
}

// HeatMap draws towns against sections in five steps; every field carries its number.
func HeatMap(f Field) Chart {
	w := writer{lang: f.Lang}
	out := Chart{ID: f.ID, Title: f.Title, Table: f.table(w)}
	if len(f.Rows) == 0 || len(f.Columns) == 0 {
		out.Empty = w.word("nothing")
		return out
	}
	out.Finding = f.finding(w)
	out.Height = 226 + 26*len(f.Rows)
	columns := []string{w.word("total")}
	out.Notes = append(out.Notes, wording.Dash+" "+w.word("undefined"))
	numbers := []string{w.word("total_short")}
	for i, name := range f.Columns {
		columns, numbers = append(columns, wording.SectionTitle(i, name)), append(numbers, strconv.Itoa(i+1))
		out.Key = append(out.Key, KeyEntry{i + 1, name})
	}
	var cells []point
	names := make([]string, len(f.Rows))
	for y, row := range f.Rows {
		names[y] = short(row.Name, 34)
		for x, v := range append([]*float64{row.Total}, row.Values...) {
			cell := f.cell(w, x, y, columns[x], row.Name, finite(v))
			if x == 0 && row.Note != "" {
				cell.Tip += "\n" + plain(row.Note)
			}
			cells = append(cells, cell)
		}
	}
	for i := range columns {
		columns[i] = short(columns[i], 42)
	}
	h := charts.NewHeatMap()
	h.SetGlobalOptions(
		charts.WithXAxisOpts(opts.XAxis{Type: "category", Data: columns, Position: "top",
			AxisLabel: &opts.AxisLabel{Rotate: 60, Interval: "0", Color: colourText, FontSize: 13, Width: 150,
				Overflow: "truncate", ShowMinLabel: opts.Bool(true), ShowMaxLabel: opts.Bool(true)}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Data: names, Inverse: opts.Bool(true),
			AxisLabel: &opts.AxisLabel{Interval: "0", Color: colourText, FontSize: 13, ShowMinLabel: opts.Bool(true),
				ShowMaxLabel: opts.Bool(true), Overflow: "truncate"}}))
	h.MultiSeries = append(h.MultiSeries, charts.SingleSeries{Name: short(f.Title, 80), Type: "heatmap", Data: cells})
	out.Option = option(h, object{
		"os":        object{"each": 26, "keyBelow": 601},
		"legend":    object{"show": false},
		"visualMap": steps(w),
		"series": []object{{"label": object{"show": true, "formatter": formatText, "fontSize": 12},
			"itemStyle": object{"borderColor": colourBackground, "borderWidth": 1}}},
		"xAxis": []object{{"axisTick": object{"show": false}, "axisLine": object{"show": false}}},
		"yAxis": []object{{"axisTick": object{"show": false}, "axisLine": object{"show": false}}},
		"media": []any{
			object{"query": object{"maxWidth": 600},
				"option": object{"grid": object{"left": 96, "right": 8, "top": 60, "bottom": 46},
					"yAxis":     object{"axisLabel": object{"width": 90, "fontSize": 12}},
					"xAxis":     object{"data": numbers, "axisLabel": object{"rotate": 0, "width": 50, "fontSize": 12}},
					"visualMap": object{"itemWidth": 10, "itemGap": 6, "textStyle": object{"fontSize": 11}},
					"series":    []any{object{"label": object{"fontSize": 10}}}}},
			object{"option": object{"grid": object{"left": 200, "right": 150, "top": 176, "bottom": 46},
				"yAxis":     object{"axisLabel": object{"width": 200, "fontSize": 13}},
				"xAxis":     object{"data": columns, "axisLabel": object{"rotate": -40, "width": 240, "fontSize": 13}},
				"visualMap": object{"itemWidth": 16, "itemGap": 14, "textStyle": object{"fontSize": 13}},
				"series":    []any{object{"label": object{"fontSize": 12}}}}},
		},
	})
	return out
}

func (f Field) cell(w writer, x, y int, column, town string, v *float64) point {
	tip := plain(town) + "\n" + plain(column) + ": "
	if v == nil {
		return point{Value: []any{x, y, -1}, Tip: tip + w.word("undefined"), Text: wording.Dash,
			Label: object{"color": colourMuted}}
	}
	percent := points(*v)
	return point{Value: []any{x, y, percent}, Tip: tip + w.percent(*v), Text: strconv.Itoa(wording.Whole(*v)),
		Label: object{"color": scaleText[step(percent)]}}
}

// step returns the fifth a percentage lies in.
func step(percent float64) int { return min(max(int(percent/20), 0), len(scale)-1) }

// steps is the key of the five steps.
func steps(w writer) object {
	pieces := []any{object{"value": -1, "label": wording.Dash, "color": colourMissing}}
	for i, colour := range scale {
		// The fields show whole percent, cut: 19.9 reads 19 and lies in the first step.
		from, to := i*20, (i+1)*20
		piece := object{"gte": from, "lt": to, "color": colour, "label": strconv.Itoa(from) + "–" + strconv.Itoa(to-1)}
		if i == len(scale)-1 {
			piece = object{"gte": from, "lte": to, "color": colour,
				"label": strconv.Itoa(from) + "–" + w.whole100(float64(to))}
		}
		pieces = append(pieces, piece)
	}
	return object{"type": "piecewise", "orient": "horizontal", "left": "center", "bottom": 0, "hoverLink": false,
		"selectedMode": false, "itemGap": 14, "itemWidth": 16, "itemHeight": 14, "dimension": 2,
		"textStyle": object{"color": colourText, "fontSize": 13}, "pieces": pieces,
		"outOfRange": object{"color": []any{colourMissing}}}
}

func (f Field) table(w writer) Table {
	titles := []string{w.word("town"), w.word("total")}
	for i, name := range f.Columns {
		titles = append(titles, wording.SectionTitle(i, name))
	}
	t := Table{Head: head(titles...)}
	for _, row := range f.Rows {
		cells := []Cell{{Text: row.Name}, w.own(row.Total)}
		for _, v := range row.Values {
			cells = append(cells, w.own(v))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// levelStep returns the colour step of a level among n, so that the lowest is the palest and the highest the strongest.
func levelStep(level, n int) int {
	if n <= 1 {
		return len(scale) - 1
	}
	return level * (len(scale) - 1) / (n - 1)
}

// levelName numbers a level: "2 Basis". The digit stands in the map's circles and areas.
func levelName(d *checklist.Definition, i int, lang checklist.Lang) string {
	return strconv.Itoa(i+1) + " " + short(d.Levels[i].Label.In(lang), 30)
}

// LevelIndex returns the place of a level in a checklist, -1 if it has none of this id.
func LevelIndex(d *checklist.Definition, id checklist.LevelID) int {
	if _, i, ok := d.Level(id); ok {
		return i
	}
	return -1
}
