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
		{0.80, AboveMedian, TopQuarter}, {0.594, AboveMedian, ThirdQuarter}, {0.56, AboveMedian, ThirdQuarter}, {0.5504, AtMedian, ThirdQuarter},
		{0.40, BelowMedian, SecondQuarter}, {0.355, BelowMedian, SecondQuarter}, {0.354, BelowMedian, BottomQuarter},
	} {
		if got := place(f, c.own, wholePercent); got != (Position{c.side, c.quarter}) {
			t.Errorf("own %v: %v, want %v %v", c.own, got, c.side, c.quarter)
		}
	}
	if got := place(Figures{Median: &median}, 0.9, wholePercent); got != (Position{Side: AboveMedian}) {
		t.Errorf("without quartiles: %v", got)
	}
	if got := place(Figures{}, 0.9, wholePercent); got != (Position{}) {
		t.Errorf("without figures: %v", got)
	}
	if got := place(f, math.NaN(), wholePercent); got != (Position{}) {
		t.Errorf("without an own score: %v", got)
	}
}

func TestRoundTo(t *testing.T) {
	for _, c := range []struct{ v, grid, want float64 }{{0.5249, 0.01, 0.52}, {0.575, 0.01, 0.57}, {12.34, 0.1, 12.3}, {1234, 100, 1200}, {0.123456, 0, 0.123456}} {
		// 0.575*100 is 57.49999999999999 in binary, so it goes down
		if got := roundTo(c.v, c.grid); got != c.want {
			t.Errorf("roundTo(%v, %v) = %v, want %v", c.v, c.grid, got, c.want)
		}
	}
}
