package disclosure

import (
	"math/rand"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

func benchmarkCompute(b *testing.B, n int) {
	d := sample(9)
	records := towns(d, n, 27, 1)
	groups := groupsOf(records)
	b.ReportAllocs()
	for b.Loop() {
		if got := bench.Compute(d, records, groups); got.Groups[0].N != n {
			b.Fatal(got.Groups[0].N)
		}
	}
}

func BenchmarkCompute60(b *testing.B)    { benchmarkCompute(b, 60) }
func BenchmarkCompute1100(b *testing.B)  { benchmarkCompute(b, 1_100) }
func BenchmarkCompute11000(b *testing.B) { benchmarkCompute(b, 11_000) }

func benchmarkDisclose(b *testing.B, n, corrections int) {
	d := sample(9)
	records := towns(d, n, 27, 1)
	groups := groupsOf(records)
	var previous []Release
	for range corrections {
		r, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules(), Own: previous})
		if err != nil {
			b.Fatal(err)
		}
		previous = append(previous, *r)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		if _, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules(), Own: previous}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDisclose60(b *testing.B)         { benchmarkDisclose(b, 60, 0) }
func BenchmarkDisclose1100(b *testing.B)       { benchmarkDisclose(b, 1_100, 0) }
func BenchmarkDisclose11000(b *testing.B)      { benchmarkDisclose(b, 11_000, 0) }
func BenchmarkDiscloseAgain11000(b *testing.B) { benchmarkDisclose(b, 11_000, 2) }

func BenchmarkUnmarshalRecord11000(b *testing.B) {
	d := sample(9)
	var stored [][]byte
	bytes := 0
	for _, r := range towns(d, 11_000, 27, 1) {
		data, err := r.MarshalBinary()
		if err != nil {
			b.Fatal(err)
		}
		stored = append(stored, data)
		bytes += len(data)
	}
	b.ReportAllocs()
	b.ReportMetric(float64(bytes)/11_000, "bytes/record")
	for b.Loop() {
		for _, data := range stored {
			if _, err := bench.UnmarshalRecord(d, data); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkBetween11000 compares two rounds of a country's towns across a change of the checklist.
func BenchmarkBetween11000(b *testing.B) {
	d := sample(9)
	path := pathOf(b, d, sampleNext(9))
	rnd := rand.New(rand.NewSource(1))
	before, after := make([]score.Answers, 11_000), make([]score.Answers, 11_000)
	for i := range before {
		before[i], after[i] = answersOf(d, rnd, 0.5), answersOf(path.To(), rnd, 0.6)
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

// benchmarkRounds discloses the third round of a region in which towns change a tenth of their answers.
func benchmarkRounds(b *testing.B, n int) {
	rnd := rand.New(rand.NewSource(1))
	d := sample(9)
	path := pathOf(b, d)
	var rounds []*campaign
	var earlier []OtherRound
	for k := range 3 {
		c := &campaign{d: d, sizes: map[region.AGS]int{}, answers: map[region.AGS]score.Answers{}}
		for i, r := range towns(d, n, 27, 1) {
			c.sizes[r.AGS], c.answers[r.AGS] = r.Population, answersOf(d, rnd, rnd.Float64())
			for q, a := range c.answers[r.AGS] {
				if k > 0 && rnd.Intn(10) > 0 && i%50 != k {
					if old, ok := rounds[k-1].answers[r.AGS][q]; ok {
						a = old
					}
				}
				c.answers[r.AGS][q] = a
			}
		}
		earlier = nil
		for i := range rounds {
			earlier = append(earlier, rounds[i].seen(int64(i), path, c))
		}
		rounds = append(rounds, c)
		if k < 2 {
			c.publish(b, earlier...)
		}
	}
	last := rounds[2]
	records, groups := last.records(), last.groups()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules(), Others: earlier}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDiscloseThirdRound60(b *testing.B)    { benchmarkRounds(b, 60) }
func BenchmarkDiscloseThirdRound1100(b *testing.B)  { benchmarkRounds(b, 1_100) }
func BenchmarkDiscloseThirdRound11000(b *testing.B) { benchmarkRounds(b, 11_000) }
