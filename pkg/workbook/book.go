package workbook

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

// book is a workbook in the making. The first error sticks; write returns it.
type book struct {
	f      *excelize.File
	lang   checklist.Lang
	styles styles
	header string // left part of each page's header
	footer string
	sheets []*sheet
	charts int             // drawn so far
	drawn  map[string]bool // parts of sheets with charts
	parts  map[string]*part
	looks  map[int]look // of the cell formats
	err    error
}

// newBook begins a workbook whose pages carry a title and, at the foot, the program and the day on which it was made.
func newBook(lang checklist.Lang, title, program string, asOf time.Time) *book {
	footer := program + " · " + wordAsOf.in(lang) + " " + wording.Cell(lang).ShortDate(asOf)
	b := &book{f: excelize.NewFile(), lang: lang, header: title, footer: footer, parts: map[string]*part{}, drawn: map[string]bool{}, looks: map[int]look{}}
	language := "en-GB"
	if wording.German(lang) {
		language = "de-DE"
	}
	at := asOf.UTC().Format(time.RFC3339)
	b.keep(b.f.SetDocProps(&excelize.DocProperties{Title: clean(title), Creator: "Ortsspiegel", Created: at, Modified: at, Language: language}))
	b.keep(ownFont(b.f))
	b.keep(b.f.SetAppProps(&excelize.AppProperties{Application: "Microsoft Excel"}))
	b.keep(b.f.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: ptr(true)}))
	b.styles = b.newStyles()
	return b
}

func ptr[T any](v T) *T { return &v }

func (b *book) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *book) say(p phrase, args ...string) string { return p.in(b.lang, args...) }

// write finishes the sheets and writes the file, straight to w and not by way of a copy in memory.
func (b *book) write(w io.Writer) error {
	defer func() {
		_ = b.f.Close()
		for _, p := range b.parts {
			p.remove()
		}
	}()
	b.f.SetActiveSheet(0) // before the rows: it would read and parse every sheet that is streamed already
	for _, s := range b.sheets {
		s.finish()
	}
	if b.err == nil {
		b.f.SetZipWriter(func(io.Writer) excelize.ZipWriter { return newArchive(w, b.parts, b.drawn) })
		_, b.err = b.f.WriteToBuffer()
	}
	if b.err != nil {
		return fmt.Errorf("workbook: %w", b.err)
	}
	return nil
}

// sheet is a worksheet in the making. Rows are kept and streamed when the book is written.
type sheet struct {
	b        *book
	name     string
	rows     []row
	merged   []merged
	widths   []float64 // of the columns, in characters
	printed  int       // how many of the first columns are printed; 0: all
	streamed bool      // its rows were written elsewhere
}

// merged are cells of a row that are one.
type merged struct{ row, from, to int }

type row struct {
	number int
	cells  []any
	height float64
	hidden bool
}

// sheet adds a worksheet with columns of the given widths (characters).
func (b *book) sheet(name string, widths ...float64) *sheet {
	if len(b.sheets) == 0 {
		b.keep(b.f.SetSheetName("Sheet1", name))
	} else {
		_, err := b.f.NewSheet(name)
		b.keep(err)
	}
	s := &sheet{b: b, name: name, widths: widths}
	// excelize puts each new column before the others, and the format wants them ascending
	for i := len(widths); i > 0; i-- {
		b.keep(b.f.SetColWidth(name, column(i), column(i), widths[i-1]))
	}
	b.sheets = append(b.sheets, s)
	s.layout()
	return s
}

// pageChars is how many characters of columns can stand beside each other on A4, landscape, with text of 10 points in print at
// 7 points: the page is 1026 pixels wide between its margins.
const pageChars = 1026.0 / digitPixels * bodyPoints / 7

// across is how many pages a sheet needs beside each other to be readable in print.
func (s *sheet) across() int {
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
func (s *sheet) layout() {
	b := s.b
	b.keep(b.f.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: ptr(true)}))
	b.keep(b.f.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: ptr(9), Orientation: ptr("landscape"), FitToWidth: ptr(s.across()), FitToHeight: ptr(0)}))
	b.keep(b.f.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: ptr(0.5), Right: ptr(0.5), Top: ptr(0.75), Bottom: ptr(0.65), Header: ptr(0.3), Footer: ptr(0.3)}))
	b.keep(b.f.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddHeader: s.pageHeader(), OddFooter: s.pageFooter()}))
	b.keep(b.f.SetSheetView(s.name, 0, &excelize.ViewOptions{ShowGridLines: ptr(false)}))
}

// The height of a page between its margins and how small a sheet may become before it takes another page, in points of print.
const (
	pagePoints     = 494
	smallestPoints = 7
)

// paginate prints a sheet of one page's width on as few pages as can be read, none of them nearly empty: on one if the text
// is no smaller for it than smallestPoints, else on pages of about the same height. Each page begins with the rows up to head, or
// with that row alone from the second on, and with one of starts: what stands between two of them stays together.
func (s *sheet) paginate(head int, starts []int) {
	if s.fits() {
		s.onePage()
		return
	}
	scale := min(1, pageChars*smallestPoints/bodyPoints/total(s.widths))
	page := pagePoints / scale // in points of the sheet
	top, repeated, heights := 0.0, 0.0, make([]float64, len(starts))
	for _, r := range s.rows {
		h := s.points(r)
		if r.number == head {
			repeated = h
		}
		if i, _ := slices.BinarySearch(starts, r.number+1); i == 0 {
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
			s.pageBreak(starts[i])
			used = repeated
		}
		used += h
	}
}

// fits reports whether all rows can be printed on one page and read.
func (s *sheet) fits() bool {
	high := 0.0
	for _, r := range s.rows {
		high += s.points(r)
	}
	return high <= pagePoints*bodyPoints/smallestPoints
}

// points is the height that a row will have.
func (s *sheet) points(r row) float64 {
	if r.height > 0 {
		return r.height
	}
	return max(s.height(r), usualHeight)
}

// usualHeight is the height of a row that nobody gives another, in points.
const usualHeight = 15

// onePage prints a sheet on one page, however long.
func (s *sheet) onePage() {
	s.b.keep(s.b.f.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: ptr(9), Orientation: ptr("landscape"), FitToWidth: ptr(1), FitToHeight: ptr(1)}))
}

func (s *sheet) pageHeader() string { return "&L" + headerText(s.b.header) + "&R" + headerText(s.name) }

func (s *sheet) pageFooter() string { return "&L" + headerText(s.b.footer) + "&R" + s.b.say(wordPage) }

// headerText is a text without the codes that page headers know, at most 100 characters long.
func headerText(t string) string {
	t = strings.Join(strings.Fields(clean(t)), " ")
	if r := []rune(t); len(r) > 100 {
		t = string(r[:99]) + "…"
	}
	return strings.ReplaceAll(t, "&", "&&")
}

// add writes the next row and returns its number.
func (s *sheet) add(cells ...any) int {
	n := s.next()
	s.rows = append(s.rows, row{number: n, cells: cells})
	return n
}

// addHigh writes the next row with a height in points.
func (s *sheet) addHigh(height float64, cells ...any) int {
	n := s.add(cells...)
	s.rows[len(s.rows)-1].height = height
	return n
}

// more puts another cell into the row that was written last, in a column behind its others.
func (s *sheet) more(column int, c excelize.Cell) {
	r := &s.rows[len(s.rows)-1]
	for len(r.cells) < column-1 {
		r.cells = append(r.cells, nil)
	}
	r.cells = append(r.cells, c)
}

// hide hides the rows from one on to the last: charts are drawn from them, people need not see or print them.
func (s *sheet) hide(from int) {
	for i := len(s.rows) - 1; i >= 0 && s.rows[i].number >= from; i-- {
		s.rows[i].hidden = true
	}
}

// next is the number of the row that add writes.
func (s *sheet) next() int {
	if len(s.rows) == 0 {
		return 1
	}
	return s.rows[len(s.rows)-1].number + 1
}

// skip leaves n rows empty.
func (s *sheet) skip(n int) {
	for range n {
		s.add()
	}
}

// merge joins cells of a row into one.
func (s *sheet) merge(row, from, to int) {
	s.merged = append(s.merged, merged{row, from, to})
}

// columnTitles writes a table's header.
func (s *sheet) columnTitles(titles ...string) int {
	cells := make([]any, len(titles))
	for i, t := range titles {
		cells[i] = value(s.b.styles.head, t)
	}
	return s.add(cells...)
}

// head writes a table's header, freezes everything above its end and the first columns,
// repeats it on every printed page.
func (s *sheet) head(frozen int, titles ...string) int {
	n := s.columnTitles(titles...)
	s.freeze(n, frozen)
	s.repeatBoth(n, frozen)
	return n
}

// repeat prints a row on every page that comes after it.
func (s *sheet) repeat(row int) { s.repeatBoth(row, 0) }

// repeatBoth prints a row on every page that comes after it, and the first columns on every page that stands beside the first.
func (s *sheet) repeatBoth(row, columns int) {
	titles := fmt.Sprintf("%s!$%d:$%d", quoted(s.name), row, row)
	if columns > 0 && s.across() > 1 {
		titles = fmt.Sprintf("%s!$A:$%s,", quoted(s.name), column(columns)) + titles
	}
	s.b.keep(s.b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: titles}))
}

func (s *sheet) freeze(rows, columns int) {
	pane := "bottomLeft"
	if columns > 0 {
		pane = "bottomRight"
	}
	s.b.keep(s.b.f.SetPanes(s.name, &excelize.Panes{Freeze: true, XSplit: columns, YSplit: rows, TopLeftCell: cell(columns+1, rows+1), ActivePane: pane}))
}

// filter puts an auto filter on a table whose header stands in a row.
func (s *sheet) filter(header, columns, last int) {
	if last > header {
		s.b.keep(s.b.f.AutoFilter(s.name, cell(1, header)+":"+cell(columns, last), nil))
		// excelize forgets the fit to the page's width with it
		s.b.keep(s.b.f.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: ptr(true)}))
	}
}

// finish streams the rows.
func (s *sheet) finish() {
	b := s.b
	if b.err != nil || s.streamed {
		return
	}
	width := 1
	for _, r := range s.rows {
		width = max(width, len(r.cells))
	}
	if s.printed > 0 {
		b.keep(b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: s.name,
			RefersTo: fmt.Sprintf("%s!$A$1:$%s$%d", quoted(s.name), column(s.printed), max(s.next()-1, 1))}))
	}
	b.keep(b.f.SetSheetDimension(s.name, "A1:"+cell(width, max(s.next()-1, 1))))
	w, err := b.f.NewStreamWriter(s.name)
	if err != nil {
		b.keep(err)
		return
	}
	for _, r := range s.rows {
		if len(r.cells) == 0 && r.height == 0 {
			continue
		}
		if r.height == 0 {
			r.height = s.height(r)
		}
		b.keep(w.SetRow(cell(1, r.number), r.cells, excelize.RowOpts{Height: r.height, Hidden: r.hidden}))
	}
	for _, m := range s.merged {
		b.keep(w.MergeCell(cell(m.from, m.row), cell(m.to, m.row)))
	}
	b.keep(w.Flush())
}

// maxHeight is what Excel allows for a row, in points.
const maxHeight = 409

// height is how high a row must be for its wrapped texts, in points; 0 for the usual height.
// Programs do not agree on whether a row without a height fits its text when a file is opened.
func (s *sheet) height(r row) float64 {
	height := 0.0
	for i, c := range r.cells {
		cell, ok := c.(excelize.Cell)
		text, isText := cell.Value.(string)
		look := s.b.looks[cell.StyleID]
		if !ok || !isText || !look.wraps || i >= len(s.widths) {
			continue
		}
		width := s.widths[i]
		for _, m := range s.merged {
			if m.row == r.number && m.from == i+1 {
				for j := m.from; j < m.to; j++ {
					width += s.widths[j]
				}
			}
		}
		if lines := wrapped(text, width, look); lines > 1 {
			height = max(height, float64(lines)*look.lineHeight()+3)
		}
	}
	return min(height, maxHeight)
}

// printOnly limits printing to the first columns of a table; it is called before the table's header is written.
func (s *sheet) printOnly(columns int) {
	s.printed = columns
	s.b.keep(s.b.f.SetPageLayout(s.name, &excelize.PageLayoutOptions{FitToWidth: ptr(s.across())}))
}

// pageBreak starts a new printed page at a row.
func (s *sheet) pageBreak(row int) { s.b.keep(s.b.f.InsertPageBreak(s.name, cell(1, row))) }

// column is a column's name, 1 for A.
func column(n int) string {
	name, err := excelize.ColumnNumberToName(n)
	if err != nil {
		panic(err) // columns are counted here, never read
	}
	return name
}

func cell(col, row int) string { return fmt.Sprintf("%s%d", column(col), row) }

// at is a cell with fixed column and row, for formulas.
func at(col string, row int) string { return fmt.Sprintf("$%s$%d", col, row) }

func quoted(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }
