package workbook

import (
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
)

// shown is a score in [0, 1] as the number of percent that is displayed: one decimal, cut.
func shown(s float64) float64 { return float64(score.Tenths(s)) / 10 }

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

// percentText writes a score in [0, 1] for a text: "36,2 %".
func percentText(s float64, lang checklist.Lang) string { return score.Display(s, lang) + " %" }

// brief shortens a text to n characters.
func brief(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimRight(string(r[:n-1]), " ,") + "…"
	}
	return s
}
