package book

import (
	"strings"
	"time"
	"unicode/utf8"

	"ortsspiegel/pkg/wording"
)

// Clean makes a text fit for XML and for a cell: line breaks are LF, characters that XML 1.0
// does not know are left out.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\t', r == '\n':
			return r
		case r < ' ', r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF, r >= 0x7F && r < 0xA0:
			return -1
		}
		return r
	}, s)
}

// plain reports whether there is nothing to clean: printable ASCII and line feeds, or letters of one rune.
func plain(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\n' || r >= 0x7F && r < 0xA0 || r >= 0xFFFD {
			return false
		}
	}
	return true
}

// Serial is a time as spreadsheets count it: days since 1899-12-30 on Berlin's clock.
func Serial(t time.Time) float64 {
	_, offset := t.In(wording.Berlin).Zone()
	return float64(t.Unix()+int64(offset))/86400 + 25569
}

// Day returns a date written as YYYY-MM-DD as a spreadsheet counts it; ok is false for what is
// no date or lies before the first one Excel knows.
func Day(s string) (float64, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1901 {
		return 0, false
	}
	return float64(t.Unix())/86400 + 25569, true
}
