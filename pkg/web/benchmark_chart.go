package web

import (
	"time"

	"ortsspiegel/pkg/chart"
)

// from adds what a saved picture says about its figures.
func (v chartView) from(source string) chartView {
	v.Source = source
	return v
}

// chartSource says what the figures of a round's charts are: of how many towns, as of when.
func (r *request) chartSource(round string, towns int, at time.Time) string {
	return r.text.text("chart.source", "Round", round, "Count", towns, "Date", r.text.words().Date(at))
}

// chartViewOf turns a chart into what the partial "chart" shows.
func chartViewOf(c chart.Chart) chartView {
	v := chartView{ID: c.ID, Title: c.Title, Finding: c.Finding, Option: chartOption(c.Option), Height: c.Height, Notes: c.Notes, Empty: c.Empty, MapName: c.Map}
	for _, k := range c.Key {
		v.Key = append(v.Key, keyView(k))
	}
	if len(c.Table.Rows) > 0 {
		v.Table = &chartTable{Head: cellViews(c.Table.Head)}
		for _, row := range c.Table.Rows {
			v.Table.Rows = append(v.Table.Rows, cellViews(row))
		}
	}
	return v
}

func cellViews(cells []chart.Cell) []cellView {
	list := make([]cellView, len(cells))
	for i, c := range cells {
		list[i] = cellView{Text: c.Text, Number: c.Numeric}
	}
	return list
}
