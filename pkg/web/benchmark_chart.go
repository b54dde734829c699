package web

import "ortsspiegel/pkg/chart"

// chartViewOf turns a chart into what the partial "chart" shows.
func chartViewOf(c chart.Chart) chartView {
	v := chartView{ID: c.ID, Title: c.Title, Option: chartOption(c.Option), Height: c.Height, Notes: c.Notes, Empty: c.Empty, MapName: c.Map}
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
