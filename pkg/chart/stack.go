package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"

	"ortsspiegel/pkg/checklist"
)

// Stack is how many of several things there are of up to three kinds, one bar for each thing.
type Stack struct {
	ID, Title string
	Lang      checklist.Lang
	Head      string   // what the rows are: "Abschnitt"
	Parts     []string // names of the kinds, at most three
	Sum       string   // what all kinds together are called
	Rows      []StackRow
}

// StackRow is one bar; N counts by the kinds.
type StackRow struct {
	Name string
	N    []int
}

func (r StackRow) sum() int {
	n := 0
	for _, k := range r.N {
		n += k
	}
	return n
}

// stackStyles tell the kinds apart without colours too: full, hatched, empty.
var stackStyles = []object{
	{"color": colourOwn},
	{"color": colourOwnLight, "decal": object{"symbol": "rect", "color": colourText, "dashArrayX": []any{1, 0},
		"dashArrayY": []any{1, 7}, "rotation": -0.785, "symbolSize": 1}},
	{"color": colourBackground, "borderColor": colourText, "borderWidth": 1.5},
}

// stackLabels are the colours that can be read on the styles; on hatching none can.
var stackLabels = []string{colourBackground, "", colourText}

// Stacked draws the bars; a number stands in a part that has the room for it, all of them in the table.
func Stacked(s Stack) Chart {
	w := writer{lang: s.Lang}
	out := Chart{ID: s.ID, Title: s.Title, Table: s.table(w)}
	most := 0
	for _, r := range s.Rows {
		most = max(most, r.sum())
	}
	if most == 0 {
		out.Empty = w.word("nothing")
		return out
	}
	out.Finding = s.finding(w)
	out.Height = rowsHeight(len(s.Rows), 44)
	names := make([]string, len(s.Rows))
	bars := make([][]any, len(s.Parts))
	for i, r := range s.Rows {
		names[i] = short(r.Name, 60)
		for k, part := range s.Parts {
			if r.N[k] == 0 {
				bars[k] = append(bars[k], point{Value: nil}) // of an empty part its border would be seen
				continue
			}
			p := point{Value: r.N[k], Tip: plain(r.Name) + "\n" + plain(part) + ": " + w.count(r.N[k])}
			if stackLabels[k] != "" && 14*r.N[k] >= most {
				p.Text = w.count(r.N[k])
			}
			bars[k] = append(bars[k], p)
		}
	}
	b := newBars(names)
	var series []object
	legend := []any{}
	for k, part := range s.Parts {
		name := short(part, 40)
		b.MultiSeries = append(b.MultiSeries, charts.SingleSeries{Name: name, Type: "bar", Stack: "all", Data: bars[k],
			BarMaxWidth: "22"})
		label := object{"show": false}
		if stackLabels[k] != "" {
			label = object{"show": true, "formatter": formatText, "color": stackLabels[k], "fontWeight": 600}
		}
		series = append(series, object{"itemStyle": stackStyles[k], "label": label})
		legend = append(legend, object{"name": name, "icon": "rect"})
	}
	out.Option = option(b, object{
		"os":     rowsOf(44),
		"xAxis":  []object{{"max": nil, "minInterval": 1, "axisLabel": object{"formatter": formatNumber}}},
		"legend": object{"selectedMode": false, "data": legend, "itemGap": 18, "itemWidth": 16},
		"series": series, "media": besideOrAbove(true)})
	return out
}

func (s Stack) table(w writer) Table {
	t := Table{Head: []Cell{{Text: s.Head}}}
	for _, part := range s.Parts {
		t.Head = append(t.Head, Cell{Text: part, Numeric: true})
	}
	t.Head = append(t.Head, Cell{Text: s.Sum, Numeric: true})
	for _, r := range s.Rows {
		row := []Cell{{Text: r.Name}}
		for _, n := range r.N {
			row = append(row, countCell(w, n))
		}
		t.Rows = append(t.Rows, append(row, countCell(w, r.sum())))
	}
	return t
}

func countCell(w writer, n int) Cell {
	v := float64(n)
	return Cell{Text: w.count(n), Numeric: true, Value: &v}
}
