package bench_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench"
)

var worked = []float64{12, 30, 41, 55, 58, 60, 77}

func TestQuantileWorkedExample(t *testing.T) {
	for q, want := range map[float64]float64{0: 12, 0.25: 35.5, 0.5: 55, 0.75: 59, 1: 77} {
		if got := bench.Quantile(worked, q); got != want {
			t.Errorf("Quantile(%v) = %v, want %v", q, got, want)
		}
	}
	if got := bench.PercentileRank(worked, 58); math.Abs(got-0.642857142857) > 1e-9 {
		t.Errorf("PercentileRank(58) = %v, want 64.2857 %%", got)
	}
	if got := bench.Rank(worked, 58); got != 3 {
		t.Errorf("Rank(58) = %d, want 3", got)
	}
	if got := bench.Quantile([]float64{1, 2, 3, 4}, 0.5); got != 2.5 {
		t.Errorf("the median of 1, 2, 3, 4 is %v, want 2.5 as in Excel", got)
	}
}

func TestNoValues(t *testing.T) {
	for name, got := range map[string]float64{"quantile": bench.Quantile(nil, 0.5), "mean": bench.Mean(nil),
		"rank": bench.PercentileRank(nil, 1)} {
		if !math.IsNaN(got) {
			t.Errorf("%s of no values is %v, want NaN", name, got)
		}
	}
	if got := bench.Quantile([]float64{0.4}, 0.75); got != 0.4 {
		t.Errorf("the quartile of one value is %v", got)
	}
}

func TestTiesShareTheirRank(t *testing.T) {
	tied := []float64{1, 5, 5, 5, 9}
	if got := bench.PercentileRank(tied, 5); got != 0.5 {
		t.Errorf("percentile rank of the tie is %v, want (1 + 1.5)/5", got)
	}
	if got := bench.Rank(tied, 5); got != 2 {
		t.Errorf("rank of the tie is %d, want 2", got)
	}
}

func TestQuantileProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 60).Draw(t, "values")
		slices.Sort(values)
		a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, 1).Draw(t, "b")
		low, high := bench.Quantile(values, min(a, b)), bench.Quantile(values, max(a, b))
		if low > high || low < values[0] || high > values[len(values)-1] {
			t.Fatalf("quantiles %v and %v of %v", low, high, values)
		}
		v := rapid.SampledFrom(values).Draw(t, "v")
		rank := bench.PercentileRank(values, v)
		below, ties := 0, 0
		for _, w := range values {
			if w < v {
				below++
			}
			if w == v {
				ties++
			}
		}
		if want := (float64(below) + float64(ties)/2) / float64(len(values)); rank != want {
			t.Fatalf("rank %v, want %v", rank, want)
		}
	})
}

// positionAmong places an own score by the figures of a release.
func positionAmong(f bench.Figures, own float64) bench.Position {
	nodes := []bench.Node{{ID: bench.Total, Points: f}}
	r := bench.Report{Audience: bench.Town, Groups: []bench.Group{{ID: "all", Nodes: nodes}}}
	return r.Position("all", bench.Total, own)
}

func TestPositionUsesOnlyWhatIsShown(t *testing.T) {
	q1, median, q3 := 0.36, 0.55, 0.59
	f := bench.Figures{Q1: &q1, Median: &median, Q3: &q3}
	for _, c := range []struct {
		own     float64
		side    bench.Side
		quarter bench.Quarter
	}{
		{0.80, bench.AboveMedian, bench.TopQuarter}, {0.599, bench.AboveMedian, bench.ThirdQuarter},
		{0.56, bench.AboveMedian, bench.ThirdQuarter}, {0.5599, bench.AtMedian, bench.ThirdQuarter},
		{0.40, bench.BelowMedian, bench.SecondQuarter}, {0.36, bench.BelowMedian, bench.SecondQuarter},
		{0.3599, bench.BelowMedian, bench.BottomQuarter},
	} {
		if got := positionAmong(f, c.own); got != (bench.Position{Side: c.side, Quarter: c.quarter}) {
			t.Errorf("own %v: %v, want %v %v", c.own, got, c.side, c.quarter)
		}
	}
	if got := positionAmong(bench.Figures{Median: &median}, 0.9); got != (bench.Position{Side: bench.AboveMedian}) {
		t.Errorf("without quartiles: %v", got)
	}
	if got := positionAmong(bench.Figures{}, 0.9); got != (bench.Position{}) {
		t.Errorf("without figures: %v", got)
	}
	if got := positionAmong(f, math.NaN()); got != (bench.Position{}) {
		t.Errorf("without an own score: %v", got)
	}
}

func TestFiguresAreCut(t *testing.T) {
	for _, c := range []struct{ v, grid, want float64 }{{0.5249, 0.01, 0.52}, {0.597, 0.01, 0.59}, {0.575, 0.01, 0.57},
		{0.58, 0.01, 0.58}, {0.9999, 0.01, 0.99},
		{1, 0.01, 1}, {0.1 + 0.2 + 0.3, 0.01, 0.6}, {12.39, 0.1, 12.3}, {1299, 100, 1200}, {70, 10, 70}, {-0.5, 1, -1},
		{0.123456, 0, 0.123456}} {
		if got := bench.CutTo(c.v, c.grid); got != c.want {
			t.Errorf("cutTo(%v, %v) = %v, want %v", c.v, c.grid, got, c.want)
		}
	}
}

// TestEqualTownsAreOnTheMedian: 14 towns with 22,5 %, of a release made now and of one stored when
// whole percent were rounded.
func TestEqualTownsAreOnTheMedian(t *testing.T) {
	now, before := 0.22, 0.23
	for _, r := range []bench.Report{{Audience: bench.Town,
		Groups: []bench.Group{{ID: "all", Nodes: []bench.Node{{ID: bench.Total,
			Points: bench.Figures{Median: &now}}}}}},
		{Audience: bench.Town, Rounded: true, Groups: []bench.Group{{ID: "all",
			Nodes: []bench.Node{{ID: bench.Total, Points: bench.Figures{Median: &before}}}}}}} {
		if p := r.Position("all", bench.Total, 0.225); p.Side != bench.AtMedian ||
			r.Shown(0.225) != *r.Groups[0].Nodes[0].Points.Median {
			t.Errorf("rounded %v: %+v", r.Rounded, p)
		}
	}
}
