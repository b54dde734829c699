package results

import (
	"time"

	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/web/site"
)

// From adds what a saved picture says about its figures.
func (v ChartView) From(source string) ChartView {
	v.Source = source
	return v
}

// ChartSource says what the figures of a round's charts are: of how many towns, as of when.
func ChartSource(r *site.Request, round string, towns int, at time.Time) string {
	return r.Text.Text("chart.source", "Round", round, "Count", towns, "Date", r.Text.Words().Date(at))
}

// ChartViewOf turns a chart into what the partial "chart" shows.
func ChartViewOf(c chart.Chart) ChartView {
	v := ChartView{ID: c.ID, Title: c.Title, Finding: c.Finding, Option: site.ChartOption(c.Option), Height: c.Height,
		Notes: c.Notes, Empty: c.Empty, MapName: c.Map}
	for _, k := range c.Key {
		v.Key = append(v.Key, site.KeyView(k))
	}
	if len(c.Table.Rows) > 0 {
		v.Table = &site.ChartTable{Head: cellViews(c.Table.Head)}
		for _, row := range c.Table.Rows {
			v.Table.Rows = append(v.Table.Rows, cellViews(row))
		}
	}
	return v
}

func cellViews(cells []chart.Cell) []site.CellView {
	list := make([]site.CellView, len(cells))
	for i, c := range cells {
		list[i] = site.CellView{Text: c.Text, Number: c.Numeric}
	}
	return list
}

// ChartView is a picture with its data table. Option is nil when there is nothing to draw: then Empty says why.
type ChartView struct {
	ID      string // also the file name of the download
	Title   string
	Finding string // what is to be seen, in a sentence
	Source  string // round, number of towns, date and source, for the saved picture
	Option  site.ChartOption
	Size    string // "", flat, tall, map
	Height  int    // in pixels; 0: the one of the size
	Notes   []string
	MapURL  string // where the outlines come from; empty: no map
	MapName string
	Empty   string
	Key     []site.KeyView // whose the numbers in the picture are
	Table   *site.ChartTable
}
