package bench

import (
	"math"
	"slices"
)

// valueOf is a record's value.
type valueOf struct {
	value  float64
	record int32
}

// sorter brings the values of thousands of records in order. Scores lie all over their range, so
// it first parts the range into as many equal pieces as there are values: few fall into one.
type sorter struct {
	found  []valueOf
	parted []valueOf
	ends   []int // of the pieces, in parted
}

// sorted returns the values but NaN in ascending order; they live until the next call.
func (s *sorter) sorted(values []float64) []valueOf {
	s.found = slices.Grow(s.found[:0], len(values))
	low, high := math.Inf(1), math.Inf(-1)
	for i, v := range values {
		if !math.IsNaN(v) {
			s.found = append(s.found, valueOf{v, int32(i)})
			low, high = min(low, v), max(high, v)
		}
	}
	n := len(s.found)
	scale := float64(n-1) / (high - low)
	if n < 2 || !(scale > 0) || math.IsInf(scale, 1) { // all the same, or beyond what can be parted
		slices.SortFunc(s.found, ascending)
		return s.found
	}
	s.ends = slices.Grow(s.ends[:0], n)[:n]
	clear(s.ends)
	for _, v := range s.found {
		s.ends[int((v.value-low)*scale)]++
	}
	at := 0
	for piece, length := range s.ends {
		s.ends[piece] = at // its beginning, which moves to its end as it fills
		at += length
	}
	s.parted = slices.Grow(s.parted[:0], n)[:n]
	for _, v := range s.found {
		piece := int((v.value - low) * scale)
		s.parted[s.ends[piece]] = v
		s.ends[piece]++
	}
	from := 0
	for _, to := range s.ends {
		if to-from > 1 {
			slices.SortFunc(s.parted[from:to], ascending)
		}
		from = to
	}
	return s.parted
}

func ascending(a, b valueOf) int {
	switch { // cmp.Compare would ask for NaN too
	case a.value < b.value:
		return -1
	case a.value > b.value:
		return 1
	}
	return 0
}
