package bench

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var worked = []float64{12, 30, 41, 55, 58, 60, 77}

func TestQuantileWorkedExample(t *testing.T) {
	for q, want := range map[float64]float64{0: 12, 0.25: 35.5, 0.5: 55, 0.75: 59, 1: 77} {
		if got := Quantile(worked, q); got != want {
			t.Errorf("Quantile(%v) = %v, want %v", q, got, want)
		}
	}
	if got := PercentileRank(worked, 58); math.Abs(got-0.642857142857) > 1e-9 {
		t.Errorf("PercentileRank(58) = %v, want 64.2857 %%", got)
	}
	if got := Rank(worked, 58); got != 3 {
		t.Errorf("Rank(58) = %d, want 3", got)
	}
	if got := Quantile([]float64{1, 2, 3, 4}, 0.5); got != 2.5 {
		t.Errorf("the median of 1, 2, 3, 4 is %v, want 2.5 as in Excel", got)
	}
}

func TestNoValues(t *testing.T) {
	for name, got := range map[string]float64{"quantile": Quantile(nil, 0.5), "mean": Mean(nil), "rank": PercentileRank(nil, 1)} {
		if !math.IsNaN(got) {
			t.Errorf("%s of no values is %v, want NaN", name, got)
		}
	}
	if got := Quantile([]float64{0.4}, 0.75); got != 0.4 {
		t.Errorf("the quartile of one value is %v", got)
	}
}

func TestTiesShareTheirRank(t *testing.T) {
	tied := []float64{1, 5, 5, 5, 9}
	if got := PercentileRank(tied, 5); got != 0.5 {
		t.Errorf("percentile rank of the tie is %v, want (1 + 1.5)/5", got)
	}
	if got := Rank(tied, 5); got != 2 {
		t.Errorf("rank of the tie is %d, want 2", got)
	}
}

func TestQuantileProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 60).Draw(t, "values")
		slices.Sort(values)
		a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, 1).Draw(t, "b")
		low, high := Quantile(values, min(a, b)), Quantile(values, max(a, b))
		if low > high || low < values[0] || high > values[len(values)-1] {
			t.Fatalf("quantiles %v and %v of %v", low, high, values)
		}
		v := rapid.SampledFrom(values).Draw(t, "v")
		rank := PercentileRank(values, v)
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

func TestPositionUsesOnlyWhatIsShown(t *testing.T) {
	q1, median, q3 := 0.36, 0.55, 0.59
	f := Figures{Q1: &q1, Median: &median, Q3: &q3}
	for _, c := range []struct {
		own     float64
		side    Side
		quarter Quarter
	}{
		{0.80, AboveMedian, TopQuarter}, {0.599, AboveMedian, ThirdQuarter}, {0.56, AboveMedian, ThirdQuarter}, {0.5599, AtMedian, ThirdQuarter},
		{0.40, BelowMedian, SecondQuarter}, {0.36, BelowMedian, SecondQuarter}, {0.3599, BelowMedian, BottomQuarter},
	} {
		r := Report{Audience: Town, Groups: []Group{{ID: "all", Nodes: []Node{{ID: Total, Points: f}}}}}
		if got := r.Position("all", Total, c.own); got != (Position{c.side, c.quarter}) {
			t.Errorf("own %v: %v, want %v %v", c.own, got, c.side, c.quarter)
		}
	}
	if got := place(Figures{Median: &median}, 0.9); got != (Position{Side: AboveMedian}) {
		t.Errorf("without quartiles: %v", got)
	}
	if got := place(Figures{}, 0.9); got != (Position{}) {
		t.Errorf("without figures: %v", got)
	}
	if got := place(f, math.NaN()); got != (Position{}) {
		t.Errorf("without an own score: %v", got)
	}
}

func TestFiguresAreCut(t *testing.T) {
	for _, c := range []struct{ v, grid, want float64 }{{0.5249, 0.01, 0.52}, {0.597, 0.01, 0.59}, {0.575, 0.01, 0.57}, {0.58, 0.01, 0.58}, {0.9999, 0.01, 0.99},
		{1, 0.01, 1}, {0.1 + 0.2 + 0.3, 0.01, 0.6}, {12.39, 0.1, 12.3}, {1299, 100, 1200}, {70, 10, 70}, {-0.5, 1, -1}, {0.123456, 0, 0.123456}} {
		if got := CutTo(c.v, c.grid); got != c.want {
			t.Errorf("cutTo(%v, %v) = %v, want %v", c.v, c.grid, got, c.want)
		}
	}
}

// TestEqualTownsAreOnTheMedian: 14 towns with 22,5 %, of a release made now and of one stored when
// whole percent were rounded.
func TestEqualTownsAreOnTheMedian(t *testing.T) {
	now, before := 0.22, 0.23
	for _, r := range []Report{{Audience: Town, Groups: []Group{{ID: "all", Nodes: []Node{{ID: Total, Points: Figures{Median: &now}}}}}},
		{Audience: Town, Rounded: true, Groups: []Group{{ID: "all", Nodes: []Node{{ID: Total, Points: Figures{Median: &before}}}}}}} {
		if p := r.Position("all", Total, 0.225); p.Side != AtMedian || r.Shown(0.225) != *r.Groups[0].Nodes[0].Points.Median {
			t.Errorf("rounded %v: %+v", r.Rounded, p)
		}
	}
}
