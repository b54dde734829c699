package workbook

import (
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/wording"
)

// shown is a score in [0, 1] as it is displayed, in percent with one decimal, cut: 0.362 for 36.2 %. Cells hold it as a
// fraction with a percent format, so that it can be combined with percentages of other sheets.
func shown(s float64) float64 { return fraction(wording.Tenths(s)) }

// fraction is a number of tenths of a percent as a cell holds it.
func fraction(tenths int) float64 { return float64(tenths) / 1000 }

func ternary[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}

// literal writes a text as a constant of a formula.
func literal(s string) string { return `"` + strings.ReplaceAll(clean(s), `"`, `""`) + `"` }

func definedName(name, refersTo string) *excelize.DefinedName {
	return &excelize.DefinedName{Name: name, RefersTo: refersTo}
}

func itoa(n int) string { return strconv.Itoa(n) }

// brief shortens a text to n characters.
func brief(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimRight(string(r[:n-1]), " ,") + "…"
	}
	return s
}
