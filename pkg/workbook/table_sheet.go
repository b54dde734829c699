package workbook

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/round"
)

// sheetReader reads the cells of one sheet as a stream. The library would tell neither formulas nor kinds of
// cells without searching the sheet for each, and it takes broken XML for the end.
type sheetReader struct {
	ctx     context.Context
	parts   map[string]*zip.File // by name in lower case
	strings []string
	styles  []cellStyle
	from    int // days to add to a date: workbooks from old Macs count from 1904
}

// cellStyle is what a number format makes of a number.
type cellStyle uint8

const (
	styleNumber cellStyle = iota
	styleDate
	styleTime
	stylePercent
)

func (x *sheetReader) read(part string) ([]round.TableRow, error) {
	if err := x.readStrings(); err != nil {
		return nil, err
	}
	if err := x.readStyles(); err != nil {
		return nil, err
	}
	if err := x.readEpoch(); err != nil {
		return nil, err
	}
	var rows []round.TableRow
	last := 0
	err := x.each(part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			number := last + 1
			if n, err := strconv.Atoi(attribute(e, "r")); err == nil && n > last {
				number = n
			}
			last = number
			if n := len(rows); n > 0 && len(rows[n-1].Cells) == 0 {
				rows = rows[:n-1]
			}
			rows = append(rows, round.TableRow{Number: number})
			return x.ctx.Err()
		case "c":
			if len(rows) == 0 {
				return errors.New("a cell outside of rows")
			}
			return x.cell(d, e, &rows[len(rows)-1])
		}
		return nil
	})
	if n := len(rows); n > 0 && len(rows[n-1].Cells) == 0 {
		rows = rows[:n-1]
	}
	return rows, err
}

// each calls f for the elements of a part; a part that is missing has none.
func (x *sheetReader) each(part string, f func(*xml.Decoder, xml.StartElement) error) error {
	entry := x.parts[part]
	if entry == nil {
		return nil
	}
	r, err := entry.Open()
	if err != nil {
		return errTableDamaged.Because(err)
	}
	defer r.Close()
	d := xml.NewDecoder(r)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errTableDamaged.Because(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := f(d, e); err != nil {
				if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
					return err
				}
				return errTableDamaged.Because(err)
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// textIn gathers the text of an element; how Japanese names are read is left out.
func textIn(d *xml.Decoder, into *strings.Builder) error {
	depth, silent := 1, 0
	for depth > 0 {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; t.Name.Local == "rPh" && silent == 0 {
				silent = depth
			}
		case xml.EndElement:
			if silent == depth {
				silent = 0
			}
			depth--
		case xml.CharData:
			if silent == 0 {
				into.Write(t)
			}
		}
	}
	return nil
}

func (x *sheetReader) readStrings() error {
	return x.each("xl/sharedstrings.xml", func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		var s strings.Builder
		if err := textIn(d, &s); err != nil {
			return err
		}
		x.strings = append(x.strings, tableText(s.String()))
		return nil
	})
}

func (x *sheetReader) readStyles() error {
	own := map[int]cellStyle{}
	cells := false
	return x.each("xl/styles.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attribute(e, "numFmtId")); err == nil {
				own[id] = styleOf(attribute(e, "formatCode"))
			}
		case "cellStyleXfs", "dxfs", "cellStyles":
			cells = false
		case "cellXfs":
			cells = true
		case "xf":
			if !cells {
				return nil
			}
			id, err := strconv.Atoi(attribute(e, "numFmtId"))
			style, mine := own[id]
			if err == nil && !mine {
				style = builtIn(id)
			}
			x.styles = append(x.styles, style)
		}
		return nil
	})
}

// builtIn is what the formats mean that every workbook has (ECMA-376, 18.8.30).
func builtIn(id int) cellStyle {
	switch {
	case id == 9 || id == 10:
		return stylePercent
	case id >= 18 && id <= 21, id >= 45 && id <= 47:
		return styleTime
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return styleDate
	}
	return styleNumber
}

// styleOf reads a format code: letters outside of quotes and brackets say what it shows.
func styleOf(code string) cellStyle {
	first, _, _ := strings.Cut(code, ";")
	style := styleNumber
	quoted, bracket, escaped := false, false, false
	for _, r := range strings.ToLower(first) {
		switch {
		case escaped:
			escaped = false
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\\' || r == '_' || r == '*':
			escaped = true
		case r == '[':
			bracket = true
		case r == ']':
			bracket = false
		case bracket:
		case r == '%':
			return stylePercent
		case r == 'd' || r == 'y':
			return styleDate
		case r == 'h' || r == 's':
			style = styleTime
		case r == 'm' && style == styleNumber:
			style = styleDate // months, unless hours or seconds stand beside
		}
	}
	return style
}

func (x *sheetReader) readEpoch() error {
	return x.each("xl/workbook.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		if date := attribute(e, "date1904"); e.Name.Local == "workbookPr" && (date == "1" || date == "true") {
			x.from = 1462
		}
		return nil
	})
}

// cell reads one cell into its row.
func (x *sheetReader) cell(d *xml.Decoder, e xml.StartElement, row *round.TableRow) error {
	column := 1
	if n := len(row.Cells); n > 0 {
		column = row.Cells[n-1].Column + 1
	}
	if at := attribute(e, "r"); at != "" {
		c, _, err := excelize.CellNameToCoordinates(at)
		if err != nil || c < column {
			return fmt.Errorf("the cell %.20q", at)
		}
		column = c
	}
	var value, inline strings.Builder
	formula := false
	for done := false; !done; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			done = true
		case xml.StartElement:
			into := &strings.Builder{}
			switch t.Name.Local {
			case "f":
				formula = true
			case "v":
				into = &value
			case "is":
				into = &inline
			}
			if err := textIn(d, into); err != nil {
				return err
			}
		}
	}
	c := round.TableCell{Column: column, Kind: round.CellFormula}
	if !formula {
		style := styleNumber
		if s, err := strconv.Atoi(attribute(e, "s")); err == nil && s >= 0 && s < len(x.styles) {
			style = x.styles[s]
		}
		c.Kind, c.Text = x.meaning(attribute(e, "t"), value.String(), inline.String(), style)
		if c.Text == "" {
			return nil
		}
	}
	row.Cells = append(row.Cells, c)
	return nil
}

// meaning reads a value by the type the cell has.
func (x *sheetReader) meaning(kind, value, inline string, style cellStyle) (round.CellKind, string) {
	switch kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && i >= 0 && i < len(x.strings) {
			return round.CellText, x.strings[i]
		}
		return round.CellError, "#" + value
	case "inlineStr":
		return round.CellText, tableText(inline)
	case "str":
		return round.CellText, tableText(value)
	case "b":
		return round.CellBool, strconv.FormatBool(strings.TrimSpace(value) == "1" || strings.TrimSpace(value) == "true")
	case "e":
		return round.CellError, tableText(value)
	case "d":
		if t, err := time.Parse(time.DateOnly, value[:min(len(value), 10)]); err == nil {
			return round.CellDate, t.Format(time.DateOnly)
		}
		return round.CellText, tableText(value)
	}
	return x.number(strings.TrimSpace(value), style)
}

// number reads a number as its format shows it. Spreadsheets keep 15 digits; what lies behind is noise.
func (x *sheetReader) number(value string, style cellStyle) (round.CellKind, string) {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return round.CellText, tableText(value)
	}
	switch style {
	case styleDate:
		if days := math.Floor(n) + float64(x.from); days >= 1 && days < 3_000_000 {
			return round.CellDate, time.Unix(int64(days-25569)*86400, 0).UTC().Format(time.DateOnly)
		}
	case styleTime:
		if n >= 0 && n < 1 {
			return round.CellText, time.Unix(int64(math.Round(n*86400)), 0).UTC().Format("15:04")
		}
	case stylePercent:
		return round.CellPercent, plainDecimal(n * 100)
	}
	return round.CellNumber, plainDecimal(n)
}

func plainDecimal(n float64) string {
	n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64) // what was just written can be read
	return strconv.FormatFloat(n, 'f', -1, 64)
}
