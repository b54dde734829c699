package workbook

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// maxCell is how many UTF-16 units a cell holds.
const maxCell = 32767

// rowWriter writes a sheet's XML row by row and packs it at once. It is for tables of hundreds
// of thousands of rows, for which excelize's stream takes several times as long; the workbook
// around them is excelize's.
type rowWriter struct {
	s       *sheet
	out     *part
	err     error
	row     int
	col     int
	buf     []byte
	columns []string // names: A, B, ...
	table   bool     // the rows are a named table, which has the filter
}

// stream begins the rows of a sheet with a header in row 1 and some first columns that stay in
// sight. What excelize knows of the sheet itself is replaced; its defined names remain.
func (s *sheet) stream(frozen int) *rowWriter {
	w := &rowWriter{s: s}
	w.out, w.err = newPart()
	s.b.parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", len(s.b.sheets))] = w.out
	s.streamed = true
	w.write(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
	w.write(fmt.Sprintf(`<sheetViews><sheetView showGridLines="0" workbookViewId="0"><pane xSplit="%d" ySplit="1" topLeftCell="%s" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>`,
		frozen, cell(frozen+1, 2)))
	w.write(`<sheetFormatPr defaultRowHeight="15"/><cols>`)
	for i, width := range s.widths {
		w.columns = append(w.columns, column(i+1))
		w.write(fmt.Sprintf(`<col min="%[1]d" max="%[1]d" width="%[2]g" customWidth="1"/>`, i+1, width))
	}
	w.write(`</cols><sheetData>`)
	return w
}

// close ends the sheet: an auto filter over the columns, and the page.
func (w *rowWriter) close(columns int) error {
	w.write(`</sheetData>`)
	if !w.table {
		w.write(fmt.Sprintf(`<autoFilter ref="A1:%s%d"/>`, column(columns), max(w.row, 1)))
	}
	w.write(`<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.65" header="0.3" footer="0.3"/>` +
		fmt.Sprintf(`<pageSetup paperSize="9" orientation="landscape" fitToWidth="%d" fitToHeight="0"/><headerFooter><oddHeader>`, w.s.across()))
	w.buf = appendText(w.buf, w.s.pageHeader())
	w.write(`</oddHeader><oddFooter>`)
	w.buf = appendText(w.buf, w.s.pageFooter())
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

func (w *rowWriter) write(s string) { w.buf = append(w.buf, s...) }

// flush packs what was written once it is more than some bytes.
func (w *rowWriter) flush(atLeast int) {
	if len(w.buf) < atLeast {
		return
	}
	if w.err == nil {
		_, w.err = w.out.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

func (w *rowWriter) begin() {
	w.row++
	w.col = 0
	w.buf = append(w.buf, `<row r="`...)
	w.buf = strconv.AppendInt(w.buf, int64(w.row), 10)
	w.buf = append(w.buf, `">`...)
}

func (w *rowWriter) end() error {
	w.buf = append(w.buf, `</row>`...)
	w.flush(64 << 10)
	return w.err
}

// cell begins the next cell.
func (w *rowWriter) cell(style int) {
	w.buf = append(w.buf, `<c r="`...)
	w.buf = append(w.buf, w.columns[w.col]...)
	w.buf = strconv.AppendInt(w.buf, int64(w.row), 10)
	w.buf = append(w.buf, `" s="`...)
	w.buf = strconv.AppendInt(w.buf, int64(style), 10)
	w.col++
}

func (w *rowWriter) number(style int, x float64) {
	w.cell(style)
	w.buf = append(w.buf, `"><v>`...)
	w.buf = strconv.AppendFloat(w.buf, x, 'f', -1, 64)
	w.buf = append(w.buf, `</v></c>`...)
}

// text writes a text, which no program takes for a formula; an empty one leaves a formatted cell.
func (w *rowWriter) text(style int, s string) {
	w.cell(style)
	if s == "" {
		w.buf = append(w.buf, `"/>`...)
		return
	}
	w.buf = append(w.buf, `" t="inlineStr"><is><t xml:space="preserve">`...)
	w.buf = appendText(w.buf, limited(clean(s)))
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

// appendText appends cleaned text as XML. What looks like the format's own escape for a
// character (_x0041_) is escaped itself.
func appendText(dst []byte, s string) []byte {
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
			if len(s) < i+7 || s[i+1] != 'x' || s[i+6] != '_' || strings.Trim(s[i+2:i+6], "0123456789abcdefABCDEF") != "" {
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

// titles writes a table's header.
func (w *rowWriter) titles(style int, titles []string) error {
	w.begin()
	for _, t := range titles {
		w.text(style, t)
	}
	return w.end()
}

// figure writes a number that may be missing: an empty cell, never a zero.
func (w *rowWriter) figure(style int, x *float64) {
	if x == nil {
		w.text(style, "")
		return
	}
	w.number(style, *x)
}

// percent writes a score in [0, 1] as it is displayed.
func (w *rowWriter) percent(style int, x *float64) {
	if x == nil {
		w.text(style, "")
		return
	}
	w.number(style, shown(*x))
}

// closeTable ends the sheet as a named table, for pivot tables and references by name.
func (w *rowWriter) closeTable(name string, titles []string) error {
	b := w.s.b
	name = strings.Map(func(r rune) rune {
		return ternary(r == ' ' || r == '-', '_', r)
	}, name)
	rows := max(w.row, 2)                            // a table has at least one row, be it empty
	b.keep(b.f.SetSheetRow(w.s.name, "A1", &titles)) // excelize takes the columns' names from its own sheet, which is not the one that is written
	b.keep(b.f.AddTable(w.s.name, &excelize.Table{Range: "A1:" + cell(len(titles), rows), Name: name, StyleName: "TableStyleLight1", ShowHeaderRow: ptr(true), ShowRowStripes: ptr(false)}))
	w.table = true
	if err := w.close(len(titles)); err != nil {
		return err
	}
	return b.err
}
