package bench_test

import (
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
)

func benchmarkCompute(b *testing.B, n int) {
	d := setup.Checklist(9)
	records := setup.Towns(d, n, 27, 1)
	groups := setup.Groups(records)
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

func BenchmarkDecode11000(b *testing.B) {
	d := setup.Checklist(9)
	var stored [][]byte
	bytes := 0
	for _, r := range setup.Towns(d, 11_000, 27, 1) {
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
		decoder := bench.NewDecoder(d)
		for _, data := range stored {
			if _, err := decoder.Decode(data); err != nil {
				b.Fatal(err)
			}
		}
	}
}
