package disclosure

import (
	"math/rand"
	"testing"

	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

func benchmarkDisclose(b *testing.B, n, corrections int) {
	d := setup.Checklist(9)
	records := setup.Towns(d, n, 27, 1)
	groups := setup.Groups(records)
	var previous []Release
	for range corrections {
		r, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules(),
			Own: previous})
		if err != nil {
			b.Fatal(err)
		}
		previous = append(previous, *r)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		if _, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules(),
			Own: previous}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDisclose60(b *testing.B)         { benchmarkDisclose(b, 60, 0) }
func BenchmarkDisclose1100(b *testing.B)       { benchmarkDisclose(b, 1_100, 0) }
func BenchmarkDisclose11000(b *testing.B)      { benchmarkDisclose(b, 11_000, 0) }
func BenchmarkDiscloseAgain11000(b *testing.B) { benchmarkDisclose(b, 11_000, 2) }

// benchmarkRounds discloses the third round of a region in which towns change a tenth of their
// answers.
func benchmarkRounds(b *testing.B, n int) {
	rnd := rand.New(rand.NewSource(1))
	d := setup.Checklist(9)
	path := setup.Path(b, d)
	var rounds []*roundSetup
	var others []OtherRound
	for k := range 3 {
		c := &roundSetup{d: d, sizes: map[region.AGS]int{}, answers: map[region.AGS]score.Answers{}}
		for i, r := range setup.Towns(d, n, 27, 1) {
			c.sizes[r.AGS], c.answers[r.AGS] = r.Population, setup.Answers(d, rnd, rnd.Float64())
			for q, a := range c.answers[r.AGS] {
				if k > 0 && rnd.Intn(10) > 0 && i%50 != k {
					if old, ok := rounds[k-1].answers[r.AGS][q]; ok {
						a = old
					}
				}
				c.answers[r.AGS][q] = a
			}
		}
		others = nil
		for i := range rounds {
			others = append(others, rounds[i].asOther(int64(i), path, c))
		}
		rounds = append(rounds, c)
		if k < 2 {
			c.publish(b, others...)
		}
	}
	last := rounds[2]
	records, groups := last.records(), last.groups()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules(),
			Others: others}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDiscloseThirdRound60(b *testing.B)    { benchmarkRounds(b, 60) }
func BenchmarkDiscloseThirdRound1100(b *testing.B)  { benchmarkRounds(b, 1_100) }
func BenchmarkDiscloseThirdRound11000(b *testing.B) { benchmarkRounds(b, 11_000) }
