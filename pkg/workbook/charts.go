package workbook

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Chart texts are dark and large enough to read in print; excelize's own default is a pale grey.
func chartFont(size float64, bold bool) excelize.Font {
	return excelize.Font{Family: fontFamily, Size: size, Color: ink, Bold: bold}
}

func chartTitle(text string) excelize.ChartTitle {
	font := chartFont(13, true)
	return excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Font: &font, Text: text}}}
}

// percentAxis runs from 0 to 100 per cent.
func percentAxis() excelize.ChartAxis { return percentAxisOf(0, 1) }

// percentAxisOf runs from one fraction to another, with a line for every fifth or tenth of 100 per cent.
func percentAxisOf(from, to float64) excelize.ChartAxis {
	unit := 0.2
	if to-from <= 0.5 {
		unit = 0.05
	}
	return excelize.ChartAxis{Minimum: ptr(from), Maximum: ptr(to), MajorUnit: unit, MajorGridLines: true, Font: chartFont(10, false),
		NumFmt: excelize.ChartNumFmt{CustomNumFmt: formatShare}}
}

func solid(color string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
}

func line(color string, width float64, dash excelize.LineDashType) excelize.LineOptions {
	return excelize.LineOptions{Type: excelize.LineSolid, Width: width, Dash: dash, Fill: solid(color)}
}

// bars is a row of bars. Own values are dark, the region's pale. Name and values are cells, the
// only form in which a series keeps its name everywhere.
func (b *book) bars(name, categories, values, color string) excelize.ChartSeries {
	return excelize.ChartSeries{Name: name, Categories: categories, Values: values, Fill: solid(color),
		DataLabel: excelize.ChartDataLabel{Font: chartFont(9, false)}, DataLabelPosition: excelize.ChartDataLabelsPositionOutsideEnd}
}

// outline is a line of a radar chart; its marker and dashes tell it apart without colour.
func (b *book) outline(name, categories, values, color, symbol string, dash excelize.LineDashType) excelize.ChartSeries {
	return excelize.ChartSeries{Name: name, Categories: categories, Values: values, Line: line(color, 2.25, dash), Fill: solid(color),
		Marker: excelize.ChartMarker{Symbol: symbol, Size: 7, Fill: solid(color), Border: line(color, 1, excelize.LineDashSolid)}}
}

// chart is what the book's charts have in common.
func (b *book) chart(kind excelize.ChartType, title, alt string, width, height uint, series ...excelize.ChartSeries) *excelize.Chart {
	legend := chartFont(10, false)
	c := &excelize.Chart{Type: kind, Series: series, Title: chartTitle(clean(title)), Dimension: excelize.ChartDimension{Width: width, Height: height},
		Format: excelize.GraphicOptions{AltText: clean(alt), Name: clean(title), Positioning: "oneCell"},
		Legend: excelize.ChartLegend{Position: "bottom", Font: &legend}, ShowBlanksAs: "gap", VaryColors: ptr(false),
		Border: excelize.LineOptions{Type: excelize.LineSolid, Width: 0.75, Fill: solid(gridInk)}}
	switch kind {
	case excelize.BarStacked:
		c.XAxis = excelize.ChartAxis{ReverseOrder: true, Font: chartFont(10, false)}
		c.YAxis = percentAxis()
		c.YAxis.TickLabelPosition = excelize.ChartTickLabelHigh
		c.Overlap = ptr(100)
	case excelize.Bar:
		c.XAxis = excelize.ChartAxis{ReverseOrder: true, Font: chartFont(10, false)}
		c.YAxis = percentAxis()
		c.YAxis.TickLabelPosition = excelize.ChartTickLabelHigh // the categories run downwards, so that "high" is at the bottom
		c.PlotArea = excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: formatPercent}}
		c.GapWidth = ptr(uint(60))
		c.Overlap = ptr(-5)
	case excelize.Radar:
		c.XAxis = excelize.ChartAxis{Font: chartFont(9, false), MajorGridLines: true}
		c.YAxis = percentAxis()
		c.YAxis.MajorUnit = 0.5 // what is written on a ring stands on the lines
	}
	return c
}

// draw puts a chart on the sheet; more that are given are drawn over it, on the same axes.
func (s *sheet) draw(where string, c *excelize.Chart, over ...*excelize.Chart) {
	b := s.b
	b.keep(b.f.AddChart(s.name, where, c, over...))
	b.charts++
	for i := range b.sheets {
		if b.sheets[i] == s {
			b.drawn[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = true
		}
	}
	if c.Type == excelize.Radar {
		b.strokeLines(fmt.Sprintf("xl/charts/chart%d.xml", b.charts), c.Series)
	}
}

// leaveOut keeps the first series of a sheet's newest chart out of the legend: it is there to carry others and shows nothing.
func (b *book) leaveOut() {
	part := fmt.Sprintf("xl/charts/chart%d.xml", b.charts)
	data, ok := b.f.Pkg.Load(part)
	if !ok {
		return
	}
	const before = "<legendPos val=\"b\"></legendPos>"
	xml := strings.Replace(string(data.([]byte)), before, before+"<legendEntry><idx val=\"0\"></idx><delete val=\"1\"></delete></legendEntry>", 1)
	b.f.Pkg.Store(part, []byte(xml))
}

// strokeLines gives the lines of a radar chart their colour, width and dashes: excelize only
// fills the area of such a series, which nothing shows.
func (b *book) strokeLines(part string, series []excelize.ChartSeries) {
	data, ok := b.f.Pkg.Load(part)
	if !ok {
		return
	}
	xml := string(data.([]byte))
	for _, s := range series {
		fill := fmt.Sprintf(`<a:solidFill><a:srgbClr val="%s"></a:srgbClr></a:solidFill>`, s.Fill.Color[0])
		dash := ternary(s.Line.Dash == excelize.LineDashDash, "dash", "solid")
		stroke := fmt.Sprintf(`<a:ln w="%d" cap="rnd">%s<a:prstDash val="%s"></a:prstDash></a:ln>`, int(s.Line.Width*12700), fill, dash)
		xml = strings.Replace(xml, "</tx><spPr>"+fill+"</spPr>", "</tx><spPr>"+stroke+"</spPr>", 1)
	}
	b.f.Pkg.Store(part, []byte(xml))
}
