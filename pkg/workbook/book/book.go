package book

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

// Book is a workbook in the making. The first error sticks; write returns it.
type Book struct {
	F      *excelize.File
	Lang   checklist.Lang
	Styles styles
	header string // left part of each page's header
	footer string
	Sheets []*Sheet
	charts int             // drawn so far
	drawn  map[string]bool // parts of sheets with charts
	parts  map[string]*part
	looks  map[int]look // of the cell formats
	Err    error
}

// NewBook begins a workbook whose pages carry a title and, at the foot, the program and the day on which it was made.
func NewBook(lang checklist.Lang, title, program string, asOf time.Time) *Book {
	footer := program + " · " + WordAsOf.In(lang) + " " + wording.Cell(lang).ShortDate(asOf)
	b := &Book{F: excelize.NewFile(), Lang: lang, header: title, footer: footer, parts: map[string]*part{},
		drawn: map[string]bool{}, looks: map[int]look{}}
	language := "en-GB"
	if wording.German(lang) {
		language = "de-DE"
	}
	at := asOf.UTC().Format(time.RFC3339)
	b.Keep(b.F.SetDocProps(&excelize.DocProperties{Title: Clean(title), Creator: "Ortsspiegel", Created: at,
		Modified: at, Language: language}))
	b.Keep(ownFont(b.F))
	b.Keep(b.F.SetAppProps(&excelize.AppProperties{Application: "Microsoft Excel"}))
	b.Keep(b.F.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: Ptr(true)}))
	b.Styles = b.newStyles()
	return b
}

func Ptr[T any](v T) *T { return &v }

func (b *Book) Keep(err error) {
	if b.Err == nil {
		b.Err = err
	}
}

func (b *Book) Say(p wording.Phrase, args ...string) string { return p.In(b.Lang, args...) }

// Write finishes the sheets and writes the file, straight to w and not by way of a copy in memory.
func (b *Book) Write(w io.Writer) error {
	defer func() {
		_ = b.F.Close()
		for _, p := range b.parts {
			p.remove()
		}
	}()
	b.F.SetActiveSheet(0) // before the rows: it would read and parse every sheet that is streamed already
	for _, s := range b.Sheets {
		s.finish()
	}
	if b.Err == nil {
		b.F.SetZipWriter(func(io.Writer) excelize.ZipWriter { return newArchive(w, b.parts, b.drawn) })
		_, b.Err = b.F.WriteToBuffer()
	}
	if b.Err != nil {
		return fmt.Errorf("workbook: %w", b.Err)
	}
	return nil
}

// Sheet is a worksheet in the making. Rows are kept and streamed when the book is written.
type Sheet struct {
	B        *Book
	Name     string
	rows     []Row
	merged   []merged
	widths   []float64 // of the columns, in characters
	printed  int       // how many of the first columns are printed; 0: all
	streamed bool      // its rows were written elsewhere
}

// merged are cells of a row that are one.
type merged struct{ row, from, to int }

type Row struct {
	Number int
	Cells  []any
	height float64
	hidden bool
}

// Sheet adds a worksheet with columns of the given widths (characters).
func (b *Book) Sheet(name string, widths ...float64) *Sheet {
	if len(b.Sheets) == 0 {
		b.Keep(b.F.SetSheetName("Sheet1", name))
	} else {
		_, err := b.F.NewSheet(name)
		b.Keep(err)
	}
	s := &Sheet{B: b, Name: name, widths: widths}
	// excelize puts each new column before the others, and the format wants them ascending
	for i := len(widths); i > 0; i-- {
		b.Keep(b.F.SetColWidth(name, Column(i), Column(i), widths[i-1]))
	}
	b.Sheets = append(b.Sheets, s)
	s.layout()
	return s
}

// Points is the height that a row will have.
func (s *Sheet) Points(r Row) float64 {
	if r.height > 0 {
		return r.height
	}
	return max(s.Height(r), usualHeight)
}

// usualHeight is the height of a row that nobody gives another, in points.
const usualHeight = 15

// Add writes the next row and returns its number.
func (s *Sheet) Add(cells ...any) int {
	n := s.Next()
	s.rows = append(s.rows, Row{Number: n, Cells: cells})
	return n
}

// AddHigh writes the next row with a height in points.
func (s *Sheet) AddHigh(height float64, cells ...any) int {
	n := s.Add(cells...)
	s.rows[len(s.rows)-1].height = height
	return n
}

// More puts another cell into the row that was written last, in a column behind its others.
func (s *Sheet) More(column int, c excelize.Cell) {
	r := &s.rows[len(s.rows)-1]
	for len(r.Cells) < column-1 {
		r.Cells = append(r.Cells, nil)
	}
	r.Cells = append(r.Cells, c)
}

// Hide hides the rows from one on to the last: charts are drawn from them, people need not see or print them.
func (s *Sheet) Hide(from int) {
	for i := len(s.rows) - 1; i >= 0 && s.rows[i].Number >= from; i-- {
		s.rows[i].hidden = true
	}
}

// Next is the number of the row that add writes.
func (s *Sheet) Next() int {
	if len(s.rows) == 0 {
		return 1
	}
	return s.rows[len(s.rows)-1].Number + 1
}

// Skip leaves n rows empty.
func (s *Sheet) Skip(n int) {
	for range n {
		s.Add()
	}
}

// Merge joins cells of a row into one.
func (s *Sheet) Merge(row, from, to int) {
	s.merged = append(s.merged, merged{row, from, to})
}

// ColumnTitles writes a table's header.
func (s *Sheet) ColumnTitles(titles ...string) int {
	cells := make([]any, len(titles))
	for i, t := range titles {
		cells[i] = Value(s.B.Styles.Head, t)
	}
	return s.Add(cells...)
}

// Head writes a table's header, freezes everything above its end and the first columns,
// repeats it on every printed page.
func (s *Sheet) Head(frozen int, titles ...string) int {
	n := s.ColumnTitles(titles...)
	s.freeze(n, frozen)
	s.RepeatBoth(n, frozen)
	return n
}

// Filter puts an auto filter on a table whose header stands in a row.
func (s *Sheet) Filter(header, columns, last int) {
	if last > header {
		s.B.Keep(s.B.F.AutoFilter(s.Name, Cell(1, header)+":"+Cell(columns, last), nil))
		// excelize forgets the fit to the page's width with it
		s.B.Keep(s.B.F.SetSheetProps(s.Name, &excelize.SheetPropsOptions{FitToPage: Ptr(true)}))
	}
}

// finish streams the rows.
func (s *Sheet) finish() {
	b := s.B
	if b.Err != nil || s.streamed {
		return
	}
	width := 1
	for _, r := range s.rows {
		width = max(width, len(r.Cells))
	}
	if s.printed > 0 {
		b.Keep(b.F.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: s.Name,
			RefersTo: fmt.Sprintf("%s!$A$1:$%s$%d", Quoted(s.Name), Column(s.printed), max(s.Next()-1, 1))}))
	}
	b.Keep(b.F.SetSheetDimension(s.Name, "A1:"+Cell(width, max(s.Next()-1, 1))))
	w, err := b.F.NewStreamWriter(s.Name)
	if err != nil {
		b.Keep(err)
		return
	}
	for _, r := range s.rows {
		if len(r.Cells) == 0 && r.height == 0 {
			continue
		}
		if r.height == 0 {
			r.height = s.Height(r)
		}
		b.Keep(w.SetRow(Cell(1, r.Number), r.Cells, excelize.RowOpts{Height: r.height, Hidden: r.hidden}))
	}
	for _, m := range s.merged {
		b.Keep(w.MergeCell(Cell(m.from, m.row), Cell(m.to, m.row)))
	}
	b.Keep(w.Flush())
}

// maxHeight is what Excel allows for a row, in points.
const maxHeight = 409

// Height is how high a row must be for its wrapped texts, in points; 0 for the usual height.
// Programs do not agree on whether a row without a height fits its text when a file is opened.
func (s *Sheet) Height(r Row) float64 {
	height := 0.0
	for i, c := range r.Cells {
		cell, ok := c.(excelize.Cell)
		text, isText := cell.Value.(string)
		look := s.B.looks[cell.StyleID]
		if !ok || !isText || !look.wraps || i >= len(s.widths) {
			continue
		}
		width := s.widths[i]
		for _, m := range s.merged {
			if m.row == r.Number && m.from == i+1 {
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

// Column is a column's name, 1 for A.
func Column(n int) string {
	name, err := excelize.ColumnNumberToName(n)
	if err != nil {
		panic(err) // columns are counted here, never read
	}
	return name
}

func Cell(col, row int) string { return fmt.Sprintf("%s%d", Column(col), row) }

// At is a cell with fixed column and row, for formulas.
func At(col string, row int) string { return fmt.Sprintf("$%s$%d", col, row) }

func Quoted(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }
