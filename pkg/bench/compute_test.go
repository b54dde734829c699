package bench_test

import (
	"math"
	"math/rand"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// TestComputeAgainstPlainCounting recomputes every figure of every group the slow way.
func TestComputeAgainstPlainCounting(t *testing.T) {
	d := setup.Checklist(3)
	records := setup.Towns(d, 80, 9, 3)
	groups := setup.Groups(records)
	report := bench.Compute(d, records, groups)
	byAGS := map[region.AGS]*bench.Record{}
	for i := range records {
		byAGS[records[i].AGS] = &records[i]
	}
	for g, group := range groups {
		for k, n := range bench.ComparedNodes(d) {
			var values, figures []float64
			counts := map[checklist.OptionID]int{}
			for _, ags := range group.Members {
				r := byAGS[ags]
				if v := r.Values[n.Value]; !math.IsNaN(v) {
					values = append(values, v)
				}
				if n.Figure >= 0 && !math.IsNaN(r.Figures[n.Figure]) {
					figures = append(figures, r.Figures[n.Figure])
				}
				if n.Chosen >= 0 && r.Chosen[n.Chosen] >= 0 {
					counts[n.Question.Options[r.Chosen[n.Chosen]].ID]++
				}
			}
			slices.Sort(values)
			slices.Sort(figures)
			node := report.Groups[g].Nodes[k]
			if n.Scored && (node.N != len(values) || !reflect.DeepEqual(node.Points, bench.FiguresOf(values))) {
				t.Fatalf("%s %s: points differ", group.ID, n.ID)
			}
			if n.Figure >= 0 && !reflect.DeepEqual(*node.Unit, bench.FiguresOf(figures)) {
				t.Fatalf("%s %s: figures differ", group.ID, n.ID)
			}
			if !n.Scored && n.Figure >= 0 && (node.N != len(figures) || node.Points != (bench.Figures{})) {
				t.Fatalf("%s %s: an unscored number has points", group.ID, n.ID)
			}
			for _, o := range node.Options {
				if o.N != counts[o.Option] {
					t.Fatalf("%s %s %s: %d, want %d", group.ID, n.ID, o.Option, o.N, counts[o.Option])
				}
			}
			if (n.Chosen >= 0) != (node.Options != nil) {
				t.Fatalf("%s %s: options where none belong", group.ID, n.ID)
			}
		}
	}
}

func TestRecordHoldsWhatScoreSays(t *testing.T) {
	d := setup.Checklist(2)
	rnd := rand.New(rand.NewSource(7))
	for range 50 {
		answers := setup.Answers(d, rnd, rnd.Float64())
		r, result := bench.NewRecord(d, "05958004", 74_879, answers), score.Score(d, answers)
		if r.Values[0] != *result.Score || r.Level != result.Level {
			t.Fatalf("total %v %s, want %v %s", r.Values[0], r.Level, *result.Score, result.Level)
		}
		for i, id := range bench.Nodes(d)[1+len(d.Sections):] {
			qr, _ := result.Question(d.Questions()[i].ID)
			v := r.Values[1+len(d.Sections)+i]
			if (qr.Points == nil) != math.IsNaN(v) || qr.Points != nil && *qr.Points != v {
				t.Fatalf("%s: %v, want %v", id, v, qr.Points)
			}
		}
	}
}

func TestInactiveAnswersLeaveTheBenchmark(t *testing.T) {
	d := setup.Checklist(1)
	answers := score.Answers{
		"s0-q0": {Kind: checklist.AnswerOptions, Options: []checklist.OptionID{"keine"}},
		"s0-q5": {Kind: checklist.AnswerOptions, Options: []checklist.OptionID{"ja"}}, // its condition is false
	}
	r := bench.NewRecord(d, "05958004", 1, answers)
	if v := r.Values[len(r.Values)-1]; !math.IsNaN(v) || r.Chosen[len(r.Chosen)-1] != -1 {
		t.Errorf("an inactive answer counts: %v, option %d", v, r.Chosen[len(r.Chosen)-1])
	}
}

func TestComputeProperties(t *testing.T) {
	d := setup.Checklist(2)
	rapid.Check(t, func(t *rapid.T) {
		records := setup.Towns(d, rapid.IntRange(0, 30).Draw(t, "n"), 7, rapid.Int64().Draw(t, "seed"))
		groups := setup.Groups(records)
		first := bench.Compute(d, records, groups)
		shuffled := rapid.Permutation(records).Draw(t, "order")
		if !reflect.DeepEqual(first, bench.Compute(d, shuffled, groups)) {
			t.Fatal("the order of records matters")
		}
		for _, g := range first.Groups {
			for _, n := range g.Nodes {
				ordered(t, n.Points, 0, 1)
				if n.Unit != nil {
					ordered(t, *n.Unit, 0, 250)
				}
			}
		}
	})
}

func ordered(t *rapid.T, f bench.Figures, low, high float64) {
	if f == (bench.Figures{}) {
		return
	}
	chain := []float64{low, *f.Min, *f.Q1, *f.Median, *f.Q3, *f.Max, high}
	if !slices.IsSorted(chain) || *f.Mean < *f.Min || *f.Mean > *f.Max {
		t.Fatalf("figures out of order: %v, mean %v", chain, *f.Mean)
	}
}

// TestRaisingOneTownNeverLowersAFigure: more points never make a group look worse.
func TestRaisingOneTownNeverLowersAFigure(t *testing.T) {
	d := setup.Flat()
	rapid.Check(t, func(t *rapid.T) {
		records := setup.OfDistrict("05958", rapid.IntRange(1, 30).Draw(t, "n"))
		before := bench.Compute(d, records, setup.Groups(records)).Groups[0].Nodes[0].Points
		i := rapid.IntRange(0, len(records)-1).Draw(t, "town")
		v := rapid.Float64Range(records[i].Values[0], 1).Draw(t, "raised")
		records[i].Values = []float64{v, v, v}
		after := bench.Compute(d, records, setup.Groups(records)).Groups[0].Nodes[0].Points
		for name, pair := range map[string][2]*float64{"min": {before.Min, after.Min}, "q1": {before.Q1, after.Q1},
			"median": {before.Median, after.Median},
			"q3":     {before.Q3, after.Q3}, "max": {before.Max, after.Max}, "mean": {before.Mean, after.Mean}} {
			if *pair[1] < *pair[0]-1e-12 {
				t.Fatalf("%s fell from %v to %v", name, *pair[0], *pair[1])
			}
		}
	})
}
