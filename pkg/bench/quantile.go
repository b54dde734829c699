package bench

import (
	"math"
	"sort"

	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// Quantile returns the q-quantile, q in [0, 1], of values in ascending order: linear
// interpolation at h = (n-1)q (R type 7, Excel's QUARTILE.INC; Hyndman and Fan 1996). It is
// NaN for no values. The result never leaves the two values it lies between.
func Quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	h := float64(len(sorted)-1) * min(max(q, 0), 1)
	i := int(h)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	low, high := sorted[i], sorted[i+1]
	return min(max(low+(high-low)*(h-float64(i)), low), high)
}

// Mean returns the arithmetic mean of values in ascending order, NaN for no values. Because
// it adds in that order, it does not depend on the order in which assessments came in.
func Mean(sorted []float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, v := range sorted {
		sum += v
	}
	return min(max(sum/float64(len(sorted)), sorted[0]), sorted[len(sorted)-1])
}

// PercentileRank returns the share of values below v plus half of the ties, v itself being
// among the ties: (below + ties/2) / n, in [0, 1]. It is NaN for no values.
func PercentileRank(sorted []float64, v float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	below := sort.SearchFloat64s(sorted, v)
	ties := sort.Search(len(sorted)-below, func(i int) bool { return sorted[below+i] > v })
	return (float64(below) + float64(ties)/2) / float64(len(sorted))
}

// Rank returns the rank of v among values in ascending order, 1 for the highest; equal
// values share the better one. Only the agency sees it.
func Rank(sorted []float64, v float64) int {
	return 1 + len(sorted) - sort.Search(len(sorted), func(i int) bool { return sorted[i] > v })
}

// Side is where a value lies against the median.
type Side string

// The sides of a median.
const (
	AboveMedian Side = "above"
	AtMedian    Side = "at"
	BelowMedian Side = "below"
)

// Quarter is the quarter of a group a value lies in.
type Quarter string

// The quarters, from the lowest values to the highest.
const (
	BottomQuarter Quarter = "bottom"
	SecondQuarter Quarter = "second"
	ThirdQuarter  Quarter = "third"
	TopQuarter    Quarter = "top"
)

// Position is where a town stands in a group. An empty Side or Quarter is not to be told:
// too few towns, or the figure it needs is suppressed.
type Position struct {
	Side    Side
	Quarter Quarter
}

// Position places an own score in [0, 1] among a group by the figures the report shows and
// by nothing else, so it tells no more than the report: in a release the own score is
// compared as the whole percent that the figures are. Only a score beyond a quartile is in
// the outer quarter; on it, it counts to the inner one, and on the median to the third.
func (r *Report) Position(group region.GroupID, node NodeID, own float64) Position {
	n, ok := r.node(group, node)
	if !ok {
		return Position{}
	}
	return positionAmong(n.Points, r.onGrid(own, r.grid()))
}

// UnitPosition places an own value of a number question by the figures in its unit.
func (r *Report) UnitPosition(group region.GroupID, node NodeID, own float64) Position {
	n, ok := r.node(group, node)
	if !ok || n.Unit == nil {
		return Position{}
	}
	return positionAmong(*n.Unit, r.onGrid(own, n.UnitGrid))
}

func (r *Report) node(group region.GroupID, node NodeID) (*Node, bool) {
	g, ok := r.Group(group)
	if !ok {
		return nil, false
	}
	return g.Node(node)
}

// Shown returns a score in [0, 1] as the report gives its figures: in a release the whole
// percent, so that an own score and a figure are compared, and drawn, by one measure.
func (r *Report) Shown(own float64) float64 { return r.onGrid(own, r.grid()) }

// onGrid brings a value to the grid of figures, the way the report's own figures came to it.
func (r *Report) onGrid(v, grid float64) float64 {
	if r.Rounded {
		return RoundTo(v, grid)
	}
	return CutTo(v, grid)
}

// grid is what the scores of the report are cut to, 0 for not at all.
func (r *Report) grid() float64 {
	if r.Audience == Town {
		return WholePercent
	}
	return 0
}

// positionAmong compares an own value, on the grid of the figures, with them.
func positionAmong(f Figures, own float64) Position {
	var p Position
	if f.Median == nil || math.IsNaN(own) {
		return p
	}
	switch {
	case own > *f.Median:
		p.Side = AboveMedian
	case own < *f.Median:
		p.Side = BelowMedian
	default:
		p.Side = AtMedian
	}
	if f.Q1 == nil || f.Q3 == nil {
		return p
	}
	switch {
	case own > *f.Q3:
		p.Quarter = TopQuarter
	case own < *f.Q1:
		p.Quarter = BottomQuarter
	case own >= *f.Median:
		p.Quarter = ThirdQuarter
	default:
		p.Quarter = SecondQuarter
	}
	return p
}

// WholePercent is what scores are cut to in a release.
const WholePercent = 0.01

// CutTo returns the multiple of a grid at or below v; the grid is a power of ten, 0 leaves v as it
// is.
func CutTo(v, grid float64) float64 {
	switch {
	case grid <= 0:
		return v
	case grid < 1:
		// dividing by the whole number 1/grid gives the nearest decimal, multiplying by grid does
		// not
		steps := math.Round(1 / grid)
		return score.Cut(v, steps) / steps
	}
	return score.Cut(v, 1/grid) * grid
}

// RoundTo returns the multiple of a grid nearest to v, as releases of formats before 4 hold
// figures.
func RoundTo(v, grid float64) float64 {
	switch {
	case grid <= 0:
		return v
	case grid < 1:
		steps := math.Round(1 / grid)
		return math.Round(v*steps) / steps
	}
	return math.Round(v/grid) * grid
}
