package book

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// maxCell is how many UTF-16 units a cell holds.
const maxCell = 32767

// RowWriter writes a sheet's XML row by row and packs it at once. It is for tables of hundreds
// of thousands of rows, for which excelize's stream takes several times as long; the workbook
// around them is excelize's.
type RowWriter struct {
	s       *Sheet
	out     *part
	err     error
	Row     int
	col     int
	buf     []byte
	columns []string // names: A, B, ...
	table   bool     // the rows are a named table, which has the filter
}

// Stream begins the rows of a sheet with a header in row 1 and some first columns that stay in
// sight, and are printed on every page. What excelize knows of the sheet itself is replaced; its defined names remain.
func (s *Sheet) Stream(frozen int) *RowWriter {
	w := &RowWriter{s: s}
	w.out, w.err = newPart()
	s.B.parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", len(s.B.Sheets))] = w.out
	s.streamed = true
	s.RepeatBoth(1, frozen)
	w.write(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
	w.write(
		fmt.Sprintf(
			`<sheetViews><sheetView showGridLines="0" workbookViewId="0"><pane xSplit="%d" ySplit="1" topLeftCell="%s" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>`,
			frozen, Cell(frozen+1, 2)))
	w.write(`<sheetFormatPr defaultRowHeight="15"/><cols>`)
	for i, width := range s.widths {
		w.columns = append(w.columns, Column(i+1))
		w.write(fmt.Sprintf(`<col min="%[1]d" max="%[1]d" width="%[2]g" customWidth="1"/>`, i+1, width))
	}
	w.write(`</cols><sheetData>`)
	return w
}

// Close ends the sheet: an auto filter over the columns, and the page.
func (w *RowWriter) Close(columns int) error {
	w.write(`</sheetData>`)
	if !w.table {
		w.write(fmt.Sprintf(`<autoFilter ref="A1:%s%d"/>`, Column(columns), max(w.Row, 1)))
	}
	w.write(`<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.65" header="0.3" footer="0.3"/>` +
		fmt.Sprintf(
			`<pageSetup paperSize="9" orientation="landscape" fitToWidth="%d" fitToHeight="0"/><headerFooter><oddHeader>`, w.s.across()))
	w.buf = AppendText(w.buf, w.s.pageHeader())
	w.write(`</oddHeader><oddFooter>`)
	w.buf = AppendText(w.buf, w.s.pageFooter())
	w.write(`</oddFooter></headerFooter>`)
	if w.table {
		w.write(`<tableParts count="1"><tablePart r:id="rId1"/></tableParts>`) // the sheet's only relationship
	}
	w.write(`</worksheet>`)
	w.flush(0)
	if w.err == nil {
		w.err = w.out.deflate.Close()
	}
	return w.err
}

func (w *RowWriter) write(s string) { w.buf = append(w.buf, s...) }

// flush packs what was written once it is more than some bytes.
func (w *RowWriter) flush(atLeast int) {
	if len(w.buf) < atLeast {
		return
	}
	if w.err == nil {
		_, w.err = w.out.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

func (w *RowWriter) Begin() { w.begin(0) }

// begin begins the next row with a height in points; 0 for the usual height.
func (w *RowWriter) begin(height float64) {
	w.Row++
	w.col = 0
	w.buf = append(w.buf, `<row r="`...)
	w.buf = strconv.AppendInt(w.buf, int64(w.Row), 10)
	if height > 0 {
		w.buf = append(w.buf, fmt.Sprintf(`" ht="%g" customHeight="1`, height)...)
	}
	w.buf = append(w.buf, `">`...)
}

func (w *RowWriter) End() error {
	w.buf = append(w.buf, `</row>`...)
	w.flush(64 << 10)
	return w.err
}

// cell begins the next cell.
func (w *RowWriter) cell(style int) {
	w.buf = append(w.buf, `<c r="`...)
	w.buf = append(w.buf, w.columns[w.col]...)
	w.buf = strconv.AppendInt(w.buf, int64(w.Row), 10)
	w.buf = append(w.buf, `" s="`...)
	w.buf = strconv.AppendInt(w.buf, int64(style), 10)
	w.col++
}

func (w *RowWriter) Number(style int, x float64) {
	w.cell(style)
	w.buf = append(w.buf, `"><v>`...)
	w.buf = strconv.AppendFloat(w.buf, x, 'f', -1, 64)
	w.buf = append(w.buf, `</v></c>`...)
}

// Text writes a text, which no program takes for a formula; an empty one leaves a formatted cell.
func (w *RowWriter) Text(style int, s string) {
	w.cell(style)
	if s == "" {
		w.buf = append(w.buf, `"/>`...)
		return
	}
	w.buf = append(w.buf, `" t="inlineStr"><is><t xml:space="preserve">`...)
	w.buf = AppendText(w.buf, limited(Clean(s)))
	w.buf = append(w.buf, `</t></is></c>`...)
}

// limited cuts a text to what a cell holds.
func limited(s string) string {
	if len(s) <= maxCell {
		return s
	}
	units := 0
	for i, r := range s {
		if units += 1 + (utf8.RuneLen(r) / 4); units > maxCell {
			return s[:i]
		}
	}
	return s
}

// AppendText appends cleaned text as XML. What looks like the format's own escape for a
// character (_x0041_) is escaped itself.
func AppendText(dst []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		escape := ""
		switch s[i] {
		case '&':
			escape = "&amp;"
		case '<':
			escape = "&lt;"
		case '>':
			escape = "&gt;"
		case '_':
			if len(s) < i+7 || s[i+1] != 'x' || s[i+6] != '_' ||
				strings.Trim(s[i+2:i+6], "0123456789abcdefABCDEF") != "" {
				continue
			}
			escape = "_x005F_"
		default:
			continue
		}
		dst = append(dst, s[from:i]...)
		dst = append(dst, escape...)
		from = i + 1
	}
	return append(dst, s[from:]...)
}

// Titles writes a table's header, as high as its titles need.
func (w *RowWriter) Titles(style int, titles []string) error {
	cells := make([]any, len(titles))
	for i, t := range titles {
		cells[i] = Value(style, t)
	}
	w.begin(w.s.Height(Row{Number: w.Row + 1, Cells: cells}))
	for _, t := range titles {
		w.Text(style, t)
	}
	return w.End()
}

// Figure writes a number that may be missing: an empty cell, never a zero.
func (w *RowWriter) Figure(style int, x *float64) {
	if x == nil {
		w.Text(style, "")
		return
	}
	w.Number(style, *x)
}

// Percent writes a score in [0, 1] as it is displayed.
func (w *RowWriter) Percent(style int, x *float64) {
	if x == nil {
		w.Text(style, "")
		return
	}
	w.Number(style, Shown(*x))
}

// CloseTable ends the sheet as a named table, for pivot tables and references by name.
func (w *RowWriter) CloseTable(name string, titles []string) error {
	b := w.s.B
	name = strings.Map(func(r rune) rune {
		return Ternary(r == ' ' || r == '-', '_', r)
	}, name)
	rows := max(w.Row, 2) // a table has at least one row, be it empty
	// excelize takes the columns' names from its own sheet, which is not the one that is written
	b.Keep(b.F.SetSheetRow(w.s.Name, "A1", &titles))
	b.Keep(b.F.AddTable(w.s.Name, &excelize.Table{Range: "A1:" + Cell(len(titles), rows), Name: name,
		StyleName: "TableStyleLight1", ShowHeaderRow: Ptr(true), ShowRowStripes: Ptr(false)}))
	w.table = true
	if err := w.Close(len(titles)); err != nil {
		return err
	}
	return b.Err
}
