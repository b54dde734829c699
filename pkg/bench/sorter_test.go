package bench

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSorterBringsEverythingInOrder feeds one sorter again and again: crowded and extreme values,
// equal ones, none.
func TestSorterBringsEverythingInOrder(t *testing.T) {
	crowded := rapid.OneOf(rapid.Float64Range(0, 1), rapid.Float64Range(0.5, 0.500001), rapid.Just(0.25),
		rapid.SampledFrom([]float64{math.NaN(), -math.MaxFloat64, math.MaxFloat64, math.SmallestNonzeroFloat64, 0}))
	var s sorter
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(crowded).Draw(t, "values")
		var want, got []float64
		for _, v := range values {
			if !math.IsNaN(v) {
				want = append(want, v)
			}
		}
		slices.Sort(want)
		seen := map[int32]bool{}
		for _, v := range s.sorted(values) {
			got = append(got, v.value)
			if values[v.record] != v.value || seen[v.record] {
				t.Fatalf("record %d has %v, not %v", v.record, values[v.record], v.value)
			}
			seen[v.record] = true
		}
		if !slices.Equal(got, want) {
			t.Fatalf("sorted as %v, want %v", got, want)
		}
	})
}
