package sheet

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/internal/zipguard"
)

// Book is a workbook whose texts, formats and names are read; the cells of a sheet are read by Rows.
type Book struct {
	Sheets   []zipguard.Sheet // in the order of the workbook
	Names    []Name
	Hidden   []string // names of the sheets that nobody sees
	Date1904 bool     // days are counted from 1904, as on old Macs

	ctx     context.Context
	limit   int64 // bytes of a part
	parts   map[string]*zip.File
	shared  []string
	formats []Format // by style
}

// Name is a defined name of the whole workbook or of one sheet.
type Name struct {
	Name   string // in lower case
	Local  bool   // of a sheet: copying a sheet copies its names so
	Target string
}

// Open checks a workbook of size bytes by zipguard and reads what all sheets share. The caller has entered
// zipguard's slot. Errors are those of zipguard.Check, and Invalid workbook_damaged.
func Open(ctx context.Context, r io.ReaderAt, size int64, l zipguard.Limits) (*Book, error) {
	report, err := zipguard.Check(r, size, l)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged(err)
	}
	b := &Book{Sheets: report.Sheets, ctx: ctx, limit: l.Entry, parts: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		b.parts[f.Name] = f
	}
	for _, part := range []struct {
		name string
		read func(*xml.Decoder) error
	}{{report.Book, b.readBook}, {report.Styles, b.readFormats}, {report.Strings, b.readStrings}} {
		if err := b.read(part.name, part.read); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func damaged(err error) error {
	return fault.New(fault.Invalid, "workbook_damaged",
		"the workbook cannot be read: save it again in Excel as .xlsx and send it once more").Because(err)
}

// read hands a part to parse; one that is missing has nothing in it.
func (b *Book) read(name string, parse func(*xml.Decoder) error) error {
	f := b.parts[name]
	if f == nil {
		return nil
	}
	part, err := f.Open()
	if err != nil {
		return damaged(err)
	}
	defer part.Close()
	err = parse(xml.NewDecoder(bufio.NewReaderSize(io.LimitReader(part, b.limit), 32<<10)))
	if err == nil || fault.As(err) != nil || errors.Is(err, context.Canceled) ||
		errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return damaged(err)
}

// each calls f at each start of an element that f has not read itself, until the document ends. zipguard has seen to it
// that elements are nested rightly.
func each(d *xml.Decoder, f func(xml.StartElement) error) error {
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

func attribute(e xml.StartElement, name string) (value string, ok bool) {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value, true
		}
	}
	return "", false
}

func attributeOf(e xml.StartElement, name string) string {
	value, _ := attribute(e, name)
	return value
}

// yes reads a truth value.
func yes(value string) bool { return value == "1" || strings.EqualFold(value, "true") }

func (b *Book) readBook(d *xml.Decoder) error {
	return each(d, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.Date1904 = yes(attributeOf(e, "date1904"))
		case "sheet":
			if state := attributeOf(e, "state"); state == "hidden" || state == "veryHidden" {
				b.Hidden = append(b.Hidden, attributeOf(e, "name"))
			}
		case "definedName":
			target, err := charData(d)
			if err != nil {
				return err
			}
			b.Names = append(b.Names, Name{strings.ToLower(attributeOf(e, "name")),
				attributeOf(e, "localSheetId") != "", target})
		}
		return nil
	})
}

func (b *Book) readStrings(d *xml.Decoder) error {
	return each(d, func(e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := richText(d)
		b.shared = append(b.shared, text)
		return err
	})
}

// readFormats learns what the styles make of a number.
func (b *Book) readFormats(d *xml.Decoder) error {
	own := map[int]Format{}
	cells := false
	return each(d, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attributeOf(e, "numFmtId")); err == nil {
				own[id] = formatOf(attributeOf(e, "formatCode"))
			}
		case "cellStyleXfs", "dxfs", "cellStyles":
			cells = false
		case "cellXfs":
			cells = true
		case "xf":
			if !cells {
				return nil
			}
			id, err := strconv.Atoi(attributeOf(e, "numFmtId"))
			format, mine := own[id]
			if err == nil && !mine {
				format = builtIn(id)
			}
			b.formats = append(b.formats, format)
		}
		return nil
	})
}

// builtIn is what the formats mean that every workbook has (ECMA-376, 18.8.30).
func builtIn(id int) Format {
	switch {
	case id == 9 || id == 10:
		return Percent
	case id >= 18 && id <= 21, id >= 45 && id <= 47:
		return Time
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return Date
	}
	return General
}

// formatOf reads a format code: letters outside of quotes and brackets say what it shows.
func formatOf(code string) Format {
	first, _, _ := strings.Cut(code, ";")
	format := General
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
			return Percent
		case r == 'd' || r == 'y':
			return Date
		case r == 'h' || r == 's':
			format = Time
		case r == 'm' && format == General:
			format = Date // months, unless hours or seconds stand beside
		}
	}
	return format
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
	return textOf(text.String()), nil
}

// textOf is a text as it is kept.
func textOf(s string) string { return plaintext.Text(unescape(s)) }

// unescape resolves the format's own escapes: _x000D_ is a carriage return, _x005F_ an underscore.
func unescape(s string) string {
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
