package book

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// pageChars is how many characters of columns can stand beside each other on A4, landscape, with
// text of 10 points in print at 7 points: the page is 1026 pixels wide between its margins.
const pageChars = 1026.0 / digitPixels * bodyPoints / 7

// across is how many pages a sheet needs beside each other to be readable in print.
func (s *Sheet) across() int {
	widths := s.widths
	if s.printed > 0 {
		widths = widths[:s.printed]
	}
	return max(1, int(math.Ceil(total(widths)/pageChars)))
}

func total(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum
}

// layout makes a sheet print on A4, landscape, as wide as the page, or as several where it could not be read otherwise.
func (s *Sheet) layout() {
	b := s.B
	b.Keep(b.F.SetSheetProps(s.Name, &excelize.SheetPropsOptions{FitToPage: Ptr(true)}))
	b.Keep(b.F.SetPageLayout(s.Name, &excelize.PageLayoutOptions{Size: Ptr(9), Orientation: Ptr("landscape"),
		FitToWidth: Ptr(s.across()), FitToHeight: Ptr(0)}))
	b.Keep(b.F.SetPageMargins(s.Name, &excelize.PageLayoutMarginsOptions{Left: Ptr(0.5), Right: Ptr(0.5),
		Top: Ptr(0.75), Bottom: Ptr(0.65), Header: Ptr(0.3), Footer: Ptr(0.3)}))
	b.Keep(b.F.SetHeaderFooter(s.Name, &excelize.HeaderFooterOptions{OddHeader: s.pageHeader(),
		OddFooter: s.pageFooter()}))
	b.Keep(b.F.SetSheetView(s.Name, 0, &excelize.ViewOptions{ShowGridLines: Ptr(false)}))
}

// The height of a page between its margins and how small a sheet may become before it takes another
// page, in points of print.
const (
	pagePoints     = 494
	smallestPoints = 7
)

// Paginate prints a sheet of one page's width on as few pages as can be read, none of them nearly
// empty: on one if the text is no smaller for it than smallestPoints, else on pages of about the
// same height. Each page begins with the rows up to head, or with that row alone from the second
// on, and with one of starts: what stands between two of them stays together.
func (s *Sheet) Paginate(head int, starts []int) {
	if s.Fits() {
		s.OnePage()
		return
	}
	scale := min(1, pageChars*smallestPoints/bodyPoints/total(s.widths))
	page := pagePoints / scale // in points of the sheet
	top, repeated, heights := 0.0, 0.0, make([]float64, len(starts))
	for _, r := range s.rows {
		h := s.Points(r)
		if r.Number == head {
			repeated = h
		}
		if i, _ := slices.BinarySearch(starts, r.Number+1); i == 0 {
			top += h
		} else {
			heights[i-1] += h
		}
	}
	rest := total(heights)
	pages := int(math.Ceil((top + rest) / (page - repeated)))
	share, used := (top+rest+repeated*float64(pages-1))/float64(pages), top
	for i, h := range heights {
		if i > 0 && (used+h > page || used+h/2 > share) {
			s.PageBreak(starts[i])
			used = repeated
		}
		used += h
	}
}

// Fits reports whether all rows can be printed on one page and read.
func (s *Sheet) Fits() bool {
	high := 0.0
	for _, r := range s.rows {
		high += s.Points(r)
	}
	return high <= pagePoints*bodyPoints/smallestPoints
}

// OnePage prints a sheet on one page, however long.
func (s *Sheet) OnePage() {
	s.B.Keep(s.B.F.SetPageLayout(s.Name, &excelize.PageLayoutOptions{Size: Ptr(9), Orientation: Ptr("landscape"),
		FitToWidth: Ptr(1), FitToHeight: Ptr(1)}))
}

func (s *Sheet) pageHeader() string { return "&L" + headerText(s.B.header) + "&R" + headerText(s.Name) }

func (s *Sheet) pageFooter() string { return "&L" + headerText(s.B.footer) + "&R" + s.B.Say(wordPage) }

// headerText is a text without the codes that page headers know, at most 100 characters long.
func headerText(t string) string {
	t = strings.Join(strings.Fields(Clean(t)), " ")
	if r := []rune(t); len(r) > 100 {
		t = string(r[:99]) + "…"
	}
	return strings.ReplaceAll(t, "&", "&&")
}

// Repeat prints a row on every page that comes after it.
func (s *Sheet) Repeat(row int) { s.RepeatBoth(row, 0) }

// RepeatBoth prints a row on every page that comes after it, and the first columns on every page
// that stands beside the first.
func (s *Sheet) RepeatBoth(row, columns int) {
	titles := fmt.Sprintf("%s!$%d:$%d", Quoted(s.Name), row, row)
	if columns > 0 && s.across() > 1 {
		titles = fmt.Sprintf("%s!$A:$%s,", Quoted(s.Name), Column(columns)) + titles
	}
	s.B.Keep(s.B.F.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.Name, RefersTo: titles}))
}

func (s *Sheet) freeze(rows, columns int) {
	pane := "bottomLeft"
	if columns > 0 {
		pane = "bottomRight"
	}
	s.B.Keep(s.B.F.SetPanes(s.Name, &excelize.Panes{Freeze: true, XSplit: columns, YSplit: rows,
		TopLeftCell: Cell(columns+1, rows+1), ActivePane: pane}))
}

// PrintOnly limits printing to the first columns of a table; it is called before the table's header is written.
func (s *Sheet) PrintOnly(columns int) {
	s.printed = columns
	s.B.Keep(s.B.F.SetPageLayout(s.Name, &excelize.PageLayoutOptions{FitToWidth: Ptr(s.across())}))
}

// PageBreak starts a new printed page at a row.
func (s *Sheet) PageBreak(row int) { s.B.Keep(s.B.F.InsertPageBreak(s.Name, Cell(1, row))) }
