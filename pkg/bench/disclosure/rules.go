package disclosure

import (
	"fmt"

	"ortsspiegel/pkg/fault"
)

// Rules are the thresholds of disclosure control, in towns. The zero value is refused.
type Rules struct {
	Threshold int // median and mean from here on; also the least that published sets may differ by
	Quartiles int // quartiles and quarters from here on
	MinOption int // two options must hold as many each for a distribution to be shown
}

// DefaultRules returns the thresholds of the method.
func DefaultRules() Rules {
	return Rules{Threshold: 5, Quartiles: 12, MinOption: 3}
}

// Bounds of what a threshold may be: below 3 a figure is one town's or tells one town the other's;
// above 1000 somebody mistyped.
const (
	leastThreshold   = 3
	largestThreshold = 1000
)

// Validate fails closed: a threshold that is unset, below 3 or beyond sense is an Invalid
// error that names it, and so are quartiles shown earlier than the median.
func (r Rules) Validate() error {
	var wrong []fault.Field
	for _, t := range []struct {
		name  string
		value int
	}{{"threshold", r.Threshold}, {"quartiles", r.Quartiles}, {"min_option", r.MinOption}} {
		if t.value < leastThreshold || t.value > largestThreshold {
			wrong = append(wrong, fault.Field{Name: t.name, Code: "disclosure_threshold",
				Message: fmt.Sprintf("%d is no safe number of towns: %d to %d is expected",
					t.value, leastThreshold, largestThreshold),
				Args: map[string]any{"Value": t.value, "Min": leastThreshold, "Max": largestThreshold}})
		}
	}
	if len(wrong) == 0 && r.Quartiles < r.Threshold {
		wrong = append(wrong, fault.Field{Name: "quartiles", Code: "disclosure_order",
			Message: fmt.Sprintf("quartiles from %d towns on, but the median only from %d on: quartiles tell more",
				r.Quartiles, r.Threshold)})
	}
	return fault.Fields(wrong)
}

// few reports whether a number of towns is neither none nor enough to hide among.
func (r Rules) few(n int32) bool { return n > 0 && int(n) < r.Threshold }

// distribution reports whether the counts of options may be shown: at least two options hold
// enough towns, which also means that none holds all.
func (r Rules) distribution(counts []int) bool {
	large := 0 // options that enough towns chose
	for _, n := range counts {
		if n >= r.MinOption {
			large++
		}
	}
	return large >= 2
}

// band returns the n of a question as a release shows it, empty below the threshold.
func (r Rules) band(n int) string {
	switch {
	case n < r.Threshold || n < 5:
		return ""
	case n < 10:
		return "5-9"
	case n < 20:
		return "10-19"
	}
	return "20+"
}
