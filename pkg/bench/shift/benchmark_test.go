package shift_test

import (
	"math/rand"
	"testing"

	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/score"
)

// BenchmarkBetween11000 compares two rounds of a country's towns across a change of the checklist.
func BenchmarkBetween11000(b *testing.B) {
	d := setup.Checklist(9)
	path := setup.Path(b, d, setup.Next(9))
	rnd := rand.New(rand.NewSource(1))
	before, after := make([]score.Answers, 11_000), make([]score.Answers, 11_000)
	for i := range before {
		before[i], after[i] = setup.Answers(d, rnd, 0.5), setup.Answers(path.To(), rnd, 0.6)
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range before {
			if s, _ := shift.NewWay(path).Between(before[i], after[i]); s.Comparable == nil {
				b.Fatal("no comparison")
			}
		}
	}
}
