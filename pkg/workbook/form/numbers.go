package form

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
	xlsx "ortsspiegel/pkg/internal/sheet"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// numberOf reads a number, from a number or from text with a comma or a point.
func numberOf(q *checklist.Question, c xlsx.Cell) (checklist.Answer, error) {
	switch c.Kind {
	case xlsx.Number:
	case xlsx.Text:
		return q.Parse([]string{c.Text})
	default:
		return q.Parse([]string{"?"}) // a truth value or a day
	}
	switch c.Format {
	case xlsx.Date, xlsx.Time: // 7.5 typed in a German program
		return checklist.Answer{}, wrongCell(q, "number_date",
			"the program has taken this number for a date: set the cell's format to General and write the number "+
				"again", nil)
	case xlsx.Percent: // shows 50 % and holds 0.5
		return checklist.Answer{}, wrongCell(q, "number_percent",
			"the cell is formatted as a percentage: set its format to General and write the number again", nil)
	}
	n, ok := cellDecimal(c.Text)
	if !ok {
		return q.Parse([]string{c.Text})
	}
	return q.NumberAnswer(n)
}

// cellDecimal is a stored number to six digits: spreadsheets count in binary fractions.
func cellDecimal(s string) (decimal.Decimal, bool) {
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.Abs(x) > 1e15 || math.IsNaN(x) {
		return decimal.Zero, false
	}
	return decimal.NewFromFloat(x).Round(6), true
}

// The serial numbers that are taken for dates: what lies before is rather a year or a slip than a day before 1910.
const (
	firstSerial = 3654    // 1910-01-01
	lastSerial  = 2958465 // 9999-12-31
	days1904    = 1462    // what a workbook that counts from 1904 counts less
)

// serialDay is the day of a serial number.
func (b *formBook) serialDay(s string) (time.Time, bool) {
	n, ok := cellDecimal(s)
	if !ok {
		return time.Time{}, false
	}
	days := n.IntPart()
	if b.book.Date1904 {
		days += days1904
	}
	if days < firstSerial || days > lastSerial {
		return time.Time{}, false
	}
	return time.Unix((days-25569)*86400, 0).UTC(), true
}

// dateOf reads a date, from a spreadsheet's day or from how people write it.
func (r *formReader) dateOf(q *checklist.Question, c xlsx.Cell) (checklist.Answer, error) {
	wrong := func() (checklist.Answer, error) {
		return checklist.Answer{}, wrongCell(q, "date", "a date such as 31.03.2026 is expected", nil)
	}
	switch c.Kind {
	case xlsx.Number:
		t, ok := r.book.serialDay(c.Text)
		if !ok {
			return wrong()
		}
		return q.Parse([]string{t.Format(time.DateOnly)})
	}
	day, ambiguous := plaintext.Day(c.Text, plaintext.OrderOpen)
	if ambiguous {
		return checklist.Answer{}, wrongCell(q, "date_ambiguous",
			"this date can be read in two ways: write it as 31.03.2026", nil)
	}
	if day == "" {
		return wrong()
	}
	return q.Parse([]string{day})
}

// textOf is what a cell shows, where a text is wanted.
func (r *formReader) textOf(c inputCell) string {
	switch c.Kind {
	case xlsx.Truth:
		return book.Ternary(c.Text == "0", wording.Phrase{"falsch", "false"},
			wording.Phrase{"wahr", "true"}).In(r.id.lang)
	case xlsx.Number:
		if c.Text == "" {
			return ""
		}
		if c.Format == xlsx.Date || c.Format == xlsx.Time {
			if t, ok := r.book.serialDay(c.Text); ok {
				return wording.Cell(r.id.lang).ShortDate(t)
			}
		}
		n, ok := cellDecimal(c.Text)
		if !ok {
			return c.Text
		}
		if c.Format == xlsx.Percent {
			n = n.Shift(2)
		}
		s := wording.Cell(r.id.lang).Marked(n.String())
		return s + book.Ternary(c.Format == xlsx.Percent, " %", "")
	}
	return c.Text
}
