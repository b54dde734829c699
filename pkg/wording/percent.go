package wording

import (
	"strconv"

	"ortsspiegel/pkg/score"
)

// Tenths returns a score in [0, 1] as tenths of a percent, cut: 597 for 0.59799, and 1000 always means
// complete.
func Tenths(fraction float64) int { return score.Tenths(fraction) }

// Whole returns a score in [0, 1] as whole percent, cut: 59 for 0.597.
func Whole(fraction float64) int { return score.Whole(fraction) }

// Percent writes a fraction 0..1 with one decimal, cut and not rounded, so that 100,0 % always means
// complete and a shown number never contradicts a threshold (scoring.md section 2).
func (w Writer) Percent(fraction float64) string { return w.Unit(w.PercentNumber(fraction)) }

// WholePercent writes a fraction 0..1 without decimals, cut.
func (w Writer) WholePercent(fraction float64) string { return w.Unit(strconv.Itoa(Whole(fraction))) }

// PercentRange writes two fractions as one range in whole percent: "35–71 %".
func (w Writer) PercentRange(from, to float64) string {
	return strconv.Itoa(Whole(from)) + "–" + w.WholePercent(to)
}

// PercentNumber writes a fraction 0..1 as Percent does, without the sign.
func (w Writer) PercentNumber(fraction float64) string { return w.PerMille(Tenths(fraction)) }

// PerMille writes tenths of a percent as percent with one decimal, without the sign.
func (w Writer) PerMille(tenths int) string { return w.Decimal(float64(tenths)/10, 1) }

// Unit writes the sign of per cent behind a number.
func (w Writer) Unit(number string) string { return number + w.gap + "%" }

// Change writes a difference in tenths of a percentage point with its sign: "+4,2", "−1,4", "0,0".
func (w Writer) Change(tenths int) string { return plus(tenths) + w.PerMille(tenths) }

// WholeChange writes a difference of whole percents, given in tenths, with its sign.
func (w Writer) WholeChange(tenths int) string {
	return plus(tenths) + w.Decimal(float64(tenths/10), 0)
}

func plus(n int) string {
	if n > 0 {
		return "+"
	}
	return ""
}
