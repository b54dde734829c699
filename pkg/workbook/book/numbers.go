package book

import (
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/wording"
)

// Shown is a score in [0, 1] as it is displayed, in percent with one decimal, cut: 0.362 for 36.2 %. Cells hold it as a
// fraction with a percent format, so that it can be combined with percentages of other sheets.
func Shown(s float64) float64 { return Fraction(wording.Tenths(s)) }

// Fraction is a number of tenths of a percent as a cell holds it.
func Fraction(tenths int) float64 { return float64(tenths) / 1000 }

func Ternary[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}

// Literal writes a text as a constant of a formula.
func Literal(s string) string { return `"` + strings.ReplaceAll(Clean(s), `"`, `""`) + `"` }

func DefinedName(name, refersTo string) *excelize.DefinedName {
	return &excelize.DefinedName{Name: name, RefersTo: refersTo}
}

func Itoa(n int) string { return strconv.Itoa(n) }

// Brief shortens a text to n characters.
func Brief(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimRight(string(r[:n-1]), " ,") + "…"
	}
	return s
}

var XmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
