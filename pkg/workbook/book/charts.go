package book

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Chart texts are dark and large enough to read in print; excelize's own default is a pale grey.
func ChartFont(size float64, bold bool) excelize.Font {
	return excelize.Font{Family: FontFamily, Size: size, Color: Ink, Bold: bold}
}

func chartTitle(text string) excelize.ChartTitle {
	font := ChartFont(13, true)
	return excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Font: &font, Text: text}}}
}

// PercentAxis runs from 0 to 100 per cent.
func PercentAxis() excelize.ChartAxis { return PercentAxisOf(0, 1) }

// PercentAxisOf runs from one fraction to another, with a line for every fifth or tenth of 100 per cent.
func PercentAxisOf(from, to float64) excelize.ChartAxis {
	unit := 0.2
	if to-from <= 0.5 {
		unit = 0.05
	}
	return excelize.ChartAxis{Minimum: Ptr(from), Maximum: Ptr(to), MajorUnit: unit, MajorGridLines: true,
		Font:   ChartFont(10, false),
		NumFmt: excelize.ChartNumFmt{CustomNumFmt: formatShare}}
}

func Solid(color string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
}

func Line(color string, width float64, dash excelize.LineDashType) excelize.LineOptions {
	return excelize.LineOptions{Type: excelize.LineSolid, Width: width, Dash: dash, Fill: Solid(color)}
}

// Bars is a row of bars. Own values are dark, the region's pale. Name and values are cells, the
// only form in which a series keeps its name everywhere.
func (b *Book) Bars(name, categories, values, color string) excelize.ChartSeries {
	return excelize.ChartSeries{Name: name, Categories: categories, Values: values, Fill: Solid(color),
		DataLabel:         excelize.ChartDataLabel{Font: ChartFont(9, false)},
		DataLabelPosition: excelize.ChartDataLabelsPositionOutsideEnd}
}

// Outline is a line of a radar chart; its marker and dashes tell it apart without colour.
func (b *Book) Outline(name, categories, values, color, symbol string,
	dash excelize.LineDashType) excelize.ChartSeries {
	return excelize.ChartSeries{Name: name, Categories: categories, Values: values, Line: Line(color, 2.25, dash),
		Fill: Solid(color),
		Marker: excelize.ChartMarker{Symbol: symbol, Size: 7, Fill: Solid(color),
			Border: Line(color, 1, excelize.LineDashSolid)}}
}

// Chart is what the book's charts have in common.
func (b *Book) Chart(kind excelize.ChartType, title, alt string, width, height uint,
	series ...excelize.ChartSeries) *excelize.Chart {
	legend := ChartFont(10, false)
	c := &excelize.Chart{Type: kind, Series: series, Title: chartTitle(Clean(title)),
		Dimension: excelize.ChartDimension{Width: width, Height: height},
		Format:    excelize.GraphicOptions{AltText: Clean(alt), Name: Clean(title), Positioning: "oneCell"},
		Legend:    excelize.ChartLegend{Position: "bottom", Font: &legend}, ShowBlanksAs: "gap", VaryColors: Ptr(false),
		Border: excelize.LineOptions{Type: excelize.LineSolid, Width: 0.75, Fill: Solid(GridInk)}}
	switch kind {
	case excelize.BarStacked:
		c.XAxis = excelize.ChartAxis{ReverseOrder: true, Font: ChartFont(10, false)}
		c.YAxis = PercentAxis()
		c.YAxis.TickLabelPosition = excelize.ChartTickLabelHigh
		c.Overlap = Ptr(100)
	case excelize.Bar:
		c.XAxis = excelize.ChartAxis{ReverseOrder: true, Font: ChartFont(10, false)}
		c.YAxis = PercentAxis()
		// the categories run downwards, so that "high" is at the bottom
		c.YAxis.TickLabelPosition = excelize.ChartTickLabelHigh
		c.PlotArea = excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: formatPercent}}
		c.GapWidth = Ptr(uint(60))
		c.Overlap = Ptr(-5)
	case excelize.Radar:
		c.XAxis = excelize.ChartAxis{Font: ChartFont(9, false), MajorGridLines: true}
		c.YAxis = PercentAxis()
		c.YAxis.MajorUnit = 0.5 // what is written on a ring stands on the lines
	}
	return c
}

// Draw puts a chart on the sheet; more that are given are drawn over it, on the same axes.
func (s *Sheet) Draw(where string, c *excelize.Chart, over ...*excelize.Chart) {
	b := s.B
	b.Keep(b.F.AddChart(s.Name, where, c, over...))
	b.charts++
	for i := range b.Sheets {
		if b.Sheets[i] == s {
			b.drawn[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = true
		}
	}
	if c.Type == excelize.Radar {
		b.strokeLines(fmt.Sprintf("xl/charts/chart%d.xml", b.charts), c.Series)
	}
}

// LeaveOut keeps the first series of a sheet's newest chart out of the legend: it is there to carry
// others and shows nothing.
func (b *Book) LeaveOut() {
	part := fmt.Sprintf("xl/charts/chart%d.xml", b.charts)
	data, ok := b.F.Pkg.Load(part)
	if !ok {
		return
	}
	const before = "<legendPos val=\"b\"></legendPos>"
	xml := strings.Replace(string(data.([]byte)), before,
		before+"<legendEntry><idx val=\"0\"></idx><delete val=\"1\"></delete></legendEntry>", 1)
	b.F.Pkg.Store(part, []byte(xml))
}

// strokeLines gives the lines of a radar chart their colour, width and dashes: excelize only
// fills the area of such a series, which nothing shows.
func (b *Book) strokeLines(part string, series []excelize.ChartSeries) {
	data, ok := b.F.Pkg.Load(part)
	if !ok {
		return
	}
	xml := string(data.([]byte))
	for _, s := range series {
		fill := fmt.Sprintf(`<a:solidFill><a:srgbClr val="%s"></a:srgbClr></a:solidFill>`, s.Fill.Color[0])
		dash := Ternary(s.Line.Dash == excelize.LineDashDash, "dash", "solid")
		stroke := fmt.Sprintf(`<a:ln w="%d" cap="rnd">%s<a:prstDash val="%s"></a:prstDash></a:ln>`,
			int(s.Line.Width*12700), fill, dash)
		xml = strings.Replace(xml, "</tx><spPr>"+fill+"</spPr>", "</tx><spPr>"+stroke+"</spPr>", 1)
	}
	b.F.Pkg.Store(part, []byte(xml))
}
