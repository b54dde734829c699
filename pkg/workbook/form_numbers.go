package workbook

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
)

// numberOf reads a number, from a number or from text with a comma or a point.
func numberOf(q *checklist.Question, c formCell) (checklist.Answer, error) {
	switch c.kind {
	case cellNumber:
	case cellText:
		return q.Parse([]string{c.text})
	default:
		return q.Parse([]string{"?"}) // a truth value or a day
	}
	switch c.format {
	case showsDate: // 7.5 typed in a German program
		return checklist.Answer{}, wrongCell(q, "number_date", "the program has taken this number for a date: set the cell's format to General and write the number again", nil)
	case showsPercent: // shows 50 % and holds 0.5
		return checklist.Answer{}, wrongCell(q, "number_percent", "the cell is formatted as a percentage: set its format to General and write the number again", nil)
	}
	n, ok := cellDecimal(c.text)
	if !ok {
		return q.Parse([]string{c.text})
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
	if b.date1904 {
		days += days1904
	}
	if days < firstSerial || days > lastSerial {
		return time.Time{}, false
	}
	return time.Unix((days-25569)*86400, 0).UTC(), true
}

// dateOf reads a date, from a spreadsheet's day or from how people write it.
func (r *formReader) dateOf(q *checklist.Question, c formCell) (checklist.Answer, error) {
	wrong := func() (checklist.Answer, error) {
		return checklist.Answer{}, wrongCell(q, "date", "a date such as 31.03.2026 is expected", nil)
	}
	switch c.kind {
	case cellNumber:
		t, ok := r.book.serialDay(c.text)
		if !ok {
			return wrong()
		}
		return q.Parse([]string{t.Format(time.DateOnly)})
	case cellDay:
		return q.Parse([]string{c.text[:min(len(c.text), len(time.DateOnly))]})
	}
	day, ambiguous := isoDate(c.text)
	if ambiguous {
		return checklist.Answer{}, wrongCell(q, "date_ambiguous", "this date can be read in two ways: write it as 31.03.2026", nil)
	}
	if day == "" {
		return wrong()
	}
	return q.Parse([]string{day})
}

var (
	dateNumbers = regexp.MustCompile(`^(\d{1,4})([-./]) ?(\d{1,2})([-./]) ?(\d{1,4})$`)
	dateMonth   = regexp.MustCompile(`^(\d{1,2})[. ] ?(\pL+)\.? (\d{4})$`)
)

// months by their first three letters, in German and English.
var months = map[string]int{"jan": 1, "feb": 2, "mär": 3, "maer": 3, "mar": 3, "apr": 4, "mai": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8,
	"sep": 9, "okt": 10, "oct": 10, "nov": 11, "dez": 12, "dec": 12}

// isoDate reads a date as people write it; empty if it is none. With slashes the day may stand first or second.
func isoDate(s string) (day string, ambiguous bool) {
	s = checklist.Plain(s)
	if m := dateMonth.FindStringSubmatch(s); m != nil {
		name := []rune(m[2])
		return ymd(digitsOf(m[3]), months[string(name[:min(len(name), 3)])], digitsOf(m[1])), false
	}
	m := dateNumbers.FindStringSubmatch(s)
	if m == nil || m[2] != m[4] {
		return "", false
	}
	a, b, c := digitsOf(m[1]), digitsOf(m[3]), digitsOf(m[5])
	if len(m[1]) == 4 {
		return ymd(a, b, c), false
	}
	switch len(m[5]) {
	case 4:
	case 2:
		c += 2000
		if c >= 2070 {
			c -= 100
		}
	default:
		return "", false
	}
	if m[2] != "/" {
		return ymd(c, b, a), false
	}
	dayFirst, monthFirst := ymd(c, b, a), ymd(c, a, b)
	if dayFirst != "" && monthFirst != "" && dayFirst != monthFirst {
		return "", true
	}
	return dayFirst + strings.Repeat(monthFirst, ternary(dayFirst == "", 1, 0)), false
}

func digitsOf(digits string) int {
	n, _ := strconv.Atoi(digits) // the pattern has seen to it
	return n
}

// ymd writes a date that exists as YYYY-MM-DD; empty if there is none.
func ymd(year, month, day int) string {
	s := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if _, err := time.Parse(time.DateOnly, s); err != nil || len(s) != len(time.DateOnly) {
		return ""
	}
	return s
}

// textOf is what a cell shows, where a text is wanted.
func (r *formReader) textOf(c inputCell) string {
	switch c.kind {
	case cellTruth:
		return ternary(c.text == "0", phrase{"falsch", "false"}, phrase{"wahr", "true"}).in(r.id.lang)
	case cellNumber:
		if c.text == "" {
			return ""
		}
		if c.format == showsDate {
			if t, ok := r.book.serialDay(c.text); ok {
				return dateText(t, r.id.lang)
			}
		}
		n, ok := cellDecimal(c.text)
		if !ok {
			return c.text
		}
		if c.format == showsPercent {
			n = n.Shift(2)
		}
		s := n.String()
		if german(r.id.lang) {
			s = strings.Replace(s, ".", ",", 1)
		}
		return s + ternary(c.format == showsPercent, " %", "")
	}
	return c.text
}
