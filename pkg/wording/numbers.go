package wording

import (
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
)

// Writer writes in one language and one hand.
type Writer struct {
	lang  checklist.Lang
	gap   string // between a number and its unit
	minus string
}

// Page returns the hand of running text: in German a number never parts from its unit at the end of
// a line, in English the sign stands close.
func Page(lang checklist.Lang) Writer { return Writer{lang, Phrase{"\u00a0", ""}.In(lang), "−"} }

// Picture returns the hand of charts, which break no lines.
func Picture(lang checklist.Lang) Writer { return Writer{lang, Phrase{" ", ""}.In(lang), "−"} }

// Cell returns the hand of cells, text files and terminals: what a keyboard has.
func Cell(lang checklist.Lang) Writer { return Writer{lang, " ", "-"} }

// Lang returns the writer's language.
func (w Writer) Lang() checklist.Lang { return w.lang }

// Decimal writes x with a fixed number of decimals: 1.234,5 in German.
func (w Writer) Decimal(x float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, frac, _ := strings.Cut(s, ".")
	group, point := ".", ","
	if !German(w.lang) {
		group, point = ",", "."
	}
	var b strings.Builder
	if x < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString(w.minus)
	}
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(r)
	}
	if frac != "" {
		b.WriteString(point + frac)
	}
	return b.String()
}

// Number writes an int or a float64; a float with as many decimals as it needs, at most two.
func (w Writer) Number(v any) string {
	switch x := v.(type) {
	case int:
		return w.Decimal(float64(x), 0)
	case int64:
		return w.Decimal(float64(x), 0)
	case float64:
		decimals := 0
		for decimals < 2 && math.Abs(x*math.Pow10(decimals)-math.Round(x*math.Pow10(decimals))) > 1e-9 {
			decimals++
		}
		return w.Decimal(x, decimals)
	}
	return ""
}

// Exact writes a number with the decimals it was given with.
func (w Writer) Exact(d decimal.Decimal) string {
	return w.Decimal(d.InexactFloat64(), max(0, -int(d.Exponent())))
}

// OnGrid writes x with the decimals of the grid it was cut to; grid 0 is none.
func (w Writer) OnGrid(x, grid float64) string {
	if grid <= 0 {
		return w.Number(x)
	}
	return w.Decimal(x, max(0, int(math.Ceil(-math.Log10(grid)-1e-9))))
}

// Marked writes a number that is already text, "1234.50", with the decimal mark of the language and
// without groups, as inputs take it back.
func (w Writer) Marked(number string) string {
	if German(w.lang) {
		return strings.Replace(number, ".", ",", 1)
	}
	return number
}

// Measured is Marked with a unit behind it, if there is one.
func (w Writer) Measured(number, unit string) string {
	return strings.TrimSpace(w.Marked(number) + " " + unit)
}

var countWords = [...]Phrase{{"null", "no"}, {"eine", "one"}, {"zwei", "two"}, {"drei", "three"}, {"vier", "four"},
	{"fünf", "five"},
	{"sechs", "six"}, {"sieben", "seven"}, {"acht", "eight"}, {"neun", "nine"}, {"zehn", "ten"}, {"elf", "eleven"},
	{"zwölf", "twelve"}}

// Count writes how many there are in a sentence: up to twelve as a word. n is at least 0.
func (w Writer) Count(n int) string {
	if n < len(countWords) {
		return countWords[n].In(w.lang)
	}
	return strconv.Itoa(n)
}
