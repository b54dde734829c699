package disclosure_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/demo"
	"ortsspiegel/pkg/region"
)

// country is a request of n towns in districts of 27 that answer the program's largest checklist.
func country(t testing.TB, n int) disclosure.Request {
	t.Helper()
	ref := checklist.Ref{ID: "willkommen", Version: "2.0.0"}
	d, _, err := catalog.New(checklists.FS).Get(ref)
	if err != nil {
		t.Fatal(err)
	}
	r := disclosure.Request{Definition: d, Rules: disclosure.DefaultRules()}
	for i := range n {
		town := region.Municipality{AGS: region.AGS(fmt.Sprintf("%05d%03d", 5000+i/27, i%27)),
			Population: []int{4000, 14_000, 30_000, 80_000}[(i*7/3)%4]}
		answers := demo.Answers(d, 1, town.AGS, demo.ProfileOf(town, 1))
		r.Records = append(r.Records, bench.NewRecord(d, town.AGS, town.Population, answers))
	}
	r.Groups = region.Groups(bench.Members(r.Records))
	return r
}

// work is what a release costs: allocated bytes, which are the same on every machine, and time.
func work(t testing.TB, r disclosure.Request) (bytes uint64, took time.Duration) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	if _, err := disclosure.Disclose(r); err != nil {
		t.Fatal(err)
	}
	took = time.Since(start)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, took
}

// exponent is e in: work grows with the towns to the power of e.
func exponent(small, large, factor float64) float64 { return math.Log(large/small) / math.Log(factor) }

// TestWorkGrowsWithTheTowns: each district is taken off the whole, so that a rule which looks at
// all towns for each pair of groups grows with their square. The bytes it sorts in tell.
func TestWorkGrowsWithTheTowns(t *testing.T) {
	small, _ := work(t, country(t, 600))
	large, _ := work(t, country(t, 2400))
	if e := exponent(float64(small), float64(large), 4); e > 1.2 {
		t.Errorf("%d bytes for 600 towns, %d for 2400: they grow by the power of %.2f", small, large, e)
	}
}

// BenchmarkCountry discloses 11 000 towns and reports by which power the time grows from a tenth of
// them.
func BenchmarkCountry(b *testing.B) {
	small, large := country(b, 1_100), country(b, 11_000)
	best := func(r disclosure.Request) float64 {
		least := math.Inf(1)
		for range 3 {
			_, took := work(b, r)
			least = min(least, took.Seconds())
		}
		return least
	}
	b.ResetTimer()
	for b.Loop() {
		tenth, all := best(small), best(large)
		b.ReportMetric(all, "s/release")
		b.ReportMetric(exponent(tenth, all, 10), "exponent")
	}
}
