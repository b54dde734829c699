package sheet

import (
	"encoding/xml"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/zipguard"
)

// Kind says what a cell holds.
type Kind uint8

// The kinds of cells.
const (
	Text   Kind = iota
	Number      // Text is the number as it is stored
	Truth       // Text is 1 or 0
	Day         // Text is a day by ISO 8601, perhaps with a time
	Error       // Text is what the program shows, such as #N/A
)

// Format is what a number format makes of a number.
type Format uint8

// The formats.
const (
	General Format = iota
	Date
	Time
	Percent
)

// Row is a row that holds something.
type Row struct {
	Number int // from 1, ascending
	Hidden bool
	Cells  []Cell // those that hold something, ascending by column
}

// Cell is a cell that holds something.
type Cell struct {
	Column  int // from 1
	Kind    Kind
	Format  Format // of a number
	Formula bool   // Text then is what the file says of its value, which may be anybody's
	Text    string // by plaintext.Text
	Hidden  bool   // with its column
}

// The limits of the format itself.
const (
	maxRow    = 1 << 20
	maxColumn = 1 << 14
)

// Rows calls f for each row of a sheet that holds something, until f fails. The row is used again
// for the next one. Errors besides those of f and of the context are faults: Invalid workbook_row,
// which names sheet and row, for a number that no row can have, or for cells out of order;
// workbook_damaged.
func (b *Book) Rows(s zipguard.Sheet, f func(*Row) error) error {
	r := &reader{b: b, sheet: s.Name, f: f}
	return b.read(s.Part, r.read)
}

type reader struct {
	b     *Book
	sheet string
	f     func(*Row) error
	row   Row
	last  int // number of the row that is read; 0: none yet
	col   int
	// hidden are the first and last columns of stretches that nobody sees.
	hidden [][2]int
}

func (r *reader) read(d *xml.Decoder) error {
	for {
		token, err := d.RawToken()
		if err != nil {
			return r.damaged(err) // zipguard has seen the end
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "col":
				r.column(t)
			case "row":
				err = r.begin(t)
			case "c":
				err = r.cell(d, t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "row":
				err = r.end()
			case "sheetData", "worksheet":
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
}

func (r *reader) damaged(err error) error {
	if fault.As(err) != nil {
		return err
	}
	return r.wrong(r.last, "the sheet %q is broken at row %d: save the workbook again in Excel and send it once more",
		short(r.sheet), r.last).Because(err)
}

func (r *reader) wrong(row int, format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "workbook_row", format, args...).With("Sheet", r.sheet).With("Line", row)
}

// column notes columns that nobody sees; what cannot be read of them hides nothing.
func (r *reader) column(e xml.StartElement) {
	width, sized := attribute(e, "width")
	narrow, err := strconv.ParseFloat(width, 64)
	first, noFirst := strconv.Atoi(attributeOf(e, "min"))
	last, noLast := strconv.Atoi(attributeOf(e, "max"))
	if r.last > 0 || noFirst != nil || noLast != nil || len(r.hidden) >= maxColumn {
		return
	}
	if yes(attributeOf(e, "hidden")) || sized && err == nil && narrow == 0 {
		r.hidden = append(r.hidden, [2]int{first, last})
	}
}

// begin starts a row. Its number is the next one if it does not say.
func (r *reader) begin(e xml.StartElement) error {
	number := r.last + 1
	if given, ok := attribute(e, "r"); ok {
		n, err := strconv.Atoi(strings.TrimSpace(given))
		if err != nil || n <= r.last || n > maxRow {
			return r.wrong(number,
				"the sheet %q has a row numbered %q behind row %d, which cannot be: save the workbook again in Excel "+
					"and send it once more",
				short(r.sheet), short(given), r.last)
		}
		number = n
	}
	if number > maxRow {
		return r.wrong(number, "the sheet %q has more rows than a sheet can have", short(r.sheet))
	}
	height, sized := attribute(e, "ht")
	flat, err := strconv.ParseFloat(height, 64)
	r.last, r.col = number, 0
	r.row = Row{Number: number, Cells: r.row.Cells[:0], Hidden: yes(attributeOf(e, "hidden")) ||
		sized && err == nil && flat == 0}
	return r.b.ctx.Err()
}

func (r *reader) end() error {
	if len(r.row.Cells) == 0 {
		return nil
	}
	return r.f(&r.row)
}

// cell reads a cell that has just begun.
func (r *reader) cell(d *xml.Decoder, e xml.StartElement) error {
	if r.last == 0 {
		return r.wrong(0,
			"the sheet %q has cells outside of its rows: save the workbook again in Excel and send it once more",
			short(r.sheet))
	}
	column := r.col + 1
	if at, ok := attribute(e, "r"); ok {
		c, row, ok := reference(at)
		if !ok || c <= r.col || row != r.last {
			return r.wrong(r.last,
				"the sheet %q has a cell %q in row %d where it cannot be: save the workbook again in Excel and send "+
					"it once more",
				short(r.sheet), short(at), r.last)
		}
		column = c
	}
	if r.col = column; column > maxColumn {
		return r.wrong(r.last, "row %d of the sheet %q has more columns than a sheet can have", r.last, short(r.sheet))
	}
	c := Cell{Column: column, Hidden: slices.ContainsFunc(r.hidden, func(s [2]int) bool {
		return s[0] <= column && column <= s[1]
	})}
	if err := c.content(d); err != nil {
		return r.damaged(err)
	}
	if err := r.meaning(&c, e); err != nil {
		return err
	}
	if c.Text != "" || c.Formula || c.Kind == Error {
		r.row.Cells = append(r.row.Cells, c)
	}
	return nil
}

// content reads what stands inside of a cell.
func (c *Cell) content(d *xml.Decoder) error {
	for depth := 1; depth > 0; {
		token, err := d.RawToken()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch token.Name.Local {
			case "f":
				c.Formula = true
				_, err = charData(d)
			case "v":
				c.Text, err = charData(d)
			case "is":
				c.Text, err = richText(d)
			default:
				depth++
			}
			if err != nil {
				return err
			}
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// meaning reads a value by the type the cell says it has.
func (r *reader) meaning(c *Cell, e xml.StartElement) error {
	switch attributeOf(e, "t") {
	case "s":
		if strings.TrimSpace(c.Text) == "" {
			c.Text = ""
			return nil
		}
		i, err := strconv.Atoi(strings.TrimSpace(c.Text))
		if err != nil || i < 0 || i >= len(r.b.shared) {
			return r.wrong(r.last,
				"the sheet %q has a cell in row %d whose text is not in the workbook: save it again in Excel and "+
					"send it once more", short(r.sheet), r.last)
		}
		c.Text = r.b.shared[i]
	case "inlineStr":
	case "str":
		c.Text = textOf(c.Text)
	case "b":
		c.Kind, c.Text = Truth, map[bool]string{true: "1", false: "0"}[yes(strings.TrimSpace(c.Text))]
	case "d":
		c.Kind, c.Text = Day, strings.TrimSpace(c.Text)
	case "e":
		c.Kind, c.Text = Error, textOf(c.Text)
	default:
		c.Text = strings.TrimSpace(c.Text)
		if _, ok := c.Float(); !ok {
			c.Text = textOf(c.Text) // a program that did not say that it is a text
			return nil
		}
		c.Kind = Number
		if i, err := strconv.Atoi(attributeOf(e, "s")); err == nil && i >= 0 && i < len(r.b.formats) {
			c.Format = r.b.formats[i]
		}
	}
	return nil
}

// Float is a stored number.
func (c *Cell) Float() (n float64, ok bool) {
	n, err := strconv.ParseFloat(c.Text, 64)
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

// Decimal writes a number as programs show it, plainly with a point: they keep 15 digits, what lies behind is noise.
func Decimal(n float64) string {
	n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64) // what was just written can be read
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// Serial is the day of a number that a format shows as one; ok is false for what no program shows.
func (b *Book) Serial(n float64) (day time.Time, ok bool) {
	days := math.Floor(n)
	if b.Date1904 {
		days += 1462
	}
	if days < 1 || days >= 2958466 {
		return time.Time{}, false
	}
	if days < 60 {
		days++ // Excel believes in 29 February 1900
	}
	return time.Unix(int64(days-25569)*86400, 0).UTC(), true
}

// reference reads a cell's name such as AB12.
func reference(s string) (column, row int, ok bool) {
	i := 0
	for ; i < len(s) && i < 4; i++ {
		c := s[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		column = column*26 + int(c-'a') + 1
	}
	row, err := strconv.Atoi(s[i:])
	return column, row, err == nil && i > 0 && i < 4 && row > 0 && s[i] != '+'
}

// short makes a foreign text fit for a message.
func short(s string) string {
	if r := []rune(strings.ToValidUTF8(s, "?")); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
