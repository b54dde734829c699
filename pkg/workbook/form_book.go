package workbook

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/zipguard"
)

// formBook is what the reader of forms knows of a workbook: cells, names and how numbers are shown.
// It is read here and not by the library that writes workbooks, because that one also reads what a form
// does not need (merged cells, formats, drawings), at a cost that whoever sends a file decides.
type formBook struct {
	sheets   []*formSheet
	byName   map[string]*formSheet
	kept     int // cells of all sheets
	names    []formDefined
	date1904 bool
	formats  []cellFormat // by style
}

// formDefined is a defined name of the whole workbook or of one sheet.
type formDefined struct {
	name   string
	local  bool // of a sheet: copying a sheet copies its names so
	target string
}

type formSheet struct {
	name  string
	cells map[spot]formCell
	order []spot // as they are written down
}

// spot is a cell of a sheet, both from 1.
type spot struct{ col, row int }

type formCell struct {
	text    string // a number as it is stored
	kind    cellKind
	format  cellFormat // of a number
	formula bool
}

type cellKind uint8

const (
	cellText cellKind = iota
	cellNumber
	cellTruth
	cellDay // as ISO 8601
	cellError
)

// cellFormat is what a number format makes of a number.
type cellFormat uint8

const (
	showsNumber cellFormat = iota
	showsPercent
	showsDate
)

// openForm reads the parts of a workbook that zipguard has let pass, each bounded by what that counted.
func openForm(r io.ReaderAt, size int64, report *zipguard.Report, limits zipguard.Limits) (*formBook, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, formUnreadable(err)
	}
	parts := map[string]*zip.File{}
	for _, f := range z.File {
		parts[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	b := &formBook{byName: map[string]*formSheet{}}
	var shared []string
	read := func(name string, parse func(*xml.Decoder) error) {
		f := parts[strings.ToLower(name)]
		if f == nil || err != nil {
			return
		}
		var part io.ReadCloser
		if part, err = f.Open(); err != nil {
			return
		}
		defer part.Close()
		err = parse(xml.NewDecoder(bufio.NewReaderSize(io.LimitReader(part, limits.Entry), 32<<10)))
	}
	read("xl/workbook.xml", b.readNames)
	read("xl/styles.xml", b.readFormats)
	read("xl/sharedStrings.xml", func(d *xml.Decoder) error {
		return eachElement(d, func(e xml.StartElement) error {
			if e.Name.Local != "si" {
				return nil
			}
			text, err := richText(d)
			shared = append(shared, text)
			return err
		})
	})
	for _, s := range report.Sheets {
		sheet := &formSheet{name: s.Name, cells: map[spot]formCell{}}
		b.sheets, b.byName[s.Name] = append(b.sheets, sheet), sheet
		read(strings.ReplaceAll(s.Part, `\`, "/"), func(d *xml.Decoder) error { return b.readSheet(d, sheet, shared) })
	}
	if fault.As(err) != nil {
		return nil, err
	}
	if err != nil {
		return nil, formUnreadable(err)
	}
	return b, nil
}

// maxFormCells bounds the cells of all sheets that hold something: ten times those of the largest checklist's form.
const maxFormCells = 200_000

var errFormCells = fault.New(fault.TooLarge, "workbook_cells", "the workbook has more than %d filled cells: remove what does not belong to the form", maxFormCells).
	With("What", "the workbook").With("Limit", int64(maxFormCells))

func formUnreadable(err error) error {
	return fault.New(fault.Invalid, "workbook_damaged", "the workbook cannot be read: save it again in Excel and send it once more").Because(err)
}

// sheet finds a sheet by its name; nil if there is none.
func (b *formBook) sheet(name string) *formSheet { return b.byName[name] }

// rows are the texts of a sheet's cells, for tables that were written from A1 on.
func (s *formSheet) rows() [][]string {
	var rows [][]string
	for _, at := range s.order {
		for len(rows) < at.row {
			rows = append(rows, nil)
		}
		row := rows[at.row-1]
		for len(row) < at.col {
			row = append(row, "")
		}
		row[at.col-1] = s.cells[at].text
		rows[at.row-1] = row
	}
	return rows
}

// eachElement calls f at each start of an element that f has not read itself, until the document ends.
func eachElement(d *xml.Decoder, f func(xml.StartElement) error) error {
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			if err := f(start); err != nil {
				return err
			}
		}
	}
}

func attributeOf(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func (b *formBook) readNames(d *xml.Decoder) error {
	return eachElement(d, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			v := attributeOf(e, "date1904")
			b.date1904 = v == "1" || v == "true"
		case "definedName":
			target, err := charData(d)
			if err != nil {
				return err
			}
			b.names = append(b.names, formDefined{strings.ToLower(attributeOf(e, "name")), attributeOf(e, "localSheetId") != "", target})
		}
		return nil
	})
}

// readFormats learns which styles show a number as a date or in percent.
func (b *formBook) readFormats(d *xml.Decoder) error {
	custom := map[string]string{}
	inCells := false
	return eachElement(d, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			custom[attributeOf(e, "numFmtId")] = attributeOf(e, "formatCode")
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells {
				id := attributeOf(e, "numFmtId")
				b.formats = append(b.formats, formatOf(id, custom[id]))
			}
		}
		return nil
	})
}

// formatOf knows the numbers of formats that every program has built in.
func formatOf(id, code string) cellFormat {
	n, _ := strconv.Atoi(id)
	switch {
	case n == 9 || n == 10:
		return showsPercent
	case n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58:
		return showsDate
	}
	// What stands in quotes or brackets or behind a backslash is shown as it is.
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case c == '%':
			return showsPercent
		case strings.IndexByte("dDmMyYhH", c) >= 0:
			return showsDate
		}
	}
	return showsNumber
}

// readSheet reads the cells and nothing that comes after them.
func (b *formBook) readSheet(d *xml.Decoder, s *formSheet, shared []string) error {
	var at spot
	err := eachElement(d, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			at = spot{0, at.row + 1}
			if n, err := strconv.Atoi(attributeOf(e, "r")); err == nil {
				at.row = n
			}
		case "c":
			at.col++
			if col, _, err := excelize.CellNameToCoordinates(attributeOf(e, "r")); err == nil {
				at.col = col // the row is that of its element, whose number was checked
			}
			c, err := b.readCell(d, e, shared)
			if err != nil {
				return err
			}
			if c.text != "" || c.formula || c.kind == cellError {
				if b.kept++; b.kept > maxFormCells {
					return errFormCells
				}
				s.cells[at] = c
				s.order = append(s.order, at)
			}
		case "sheetProtection", "mergeCells", "conditionalFormatting", "dataValidations", "pageMargins":
			return errSheetRead
		}
		return nil
	})
	if errors.Is(err, errSheetRead) {
		err = nil
	}
	return err
}

// errSheetRead ends the reading of a sheet.
var errSheetRead = errors.New("the cells are read")

// readCell reads a cell that has just begun.
func (b *formBook) readCell(d *xml.Decoder, e xml.StartElement, shared []string) (formCell, error) {
	var c formCell
	kind := attributeOf(e, "t")
	for depth := 1; depth > 0; {
		token, err := d.RawToken()
		if err != nil {
			return c, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "f":
				c.formula = true
				_, err = charData(d)
			case "v":
				c.text, err = charData(d)
			case "is":
				c.text, err = richText(d)
			default:
				depth++
			}
			if err != nil {
				return c, err
			}
		case xml.EndElement:
			depth--
		}
	}
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(c.text))
		if c.text == "" {
			break
		}
		if err != nil || i < 0 || i >= len(shared) {
			return c, errors.New("a cell refers to a text that is not there")
		}
		c.text = shared[i]
	case "inlineStr":
	case "str":
		c.text = unescapeCell(c.text)
	case "b":
		c.kind = cellTruth
	case "d":
		c.kind = cellDay
	case "e":
		c.kind = cellError
	default:
		c.kind = cellNumber
		if i, err := strconv.Atoi(attributeOf(e, "s")); err == nil && i >= 0 && i < len(b.formats) {
			c.format = b.formats[i]
		}
	}
	return c, nil
}

// charData reads the text up to the end of the element that has just begun.
func charData(d *xml.Decoder) (string, error) {
	var text []byte
	for depth := 1; depth > 0; {
		token, err := d.RawToken()
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			text = append(text, token...)
		}
	}
	return string(text), nil
}

// richText reads the text of an item that has just begun, in one piece or in several formats; what
// only says how to pronounce it is left out.
func richText(d *xml.Decoder) (string, error) {
	var text strings.Builder
	for depth := 1; depth > 0; {
		token, err := d.RawToken()
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "t":
				piece, err := charData(d)
				if err != nil {
					return "", err
				}
				text.WriteString(piece)
			case "rPh":
				if _, err := charData(d); err != nil {
					return "", err
				}
			default:
				depth++
			}
		case xml.EndElement:
			depth--
		}
	}
	return unescapeCell(text.String()), nil
}

// unescapeCell resolves the format's own escapes: _x000D_ is a carriage return, _x005F_ an underscore.
func unescapeCell(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && len(s) >= i+7 && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				out.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}
