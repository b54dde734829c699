package bench_test

import (
	"bytes"
	"math"
	"reflect"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/fault"
)

func encode(t testing.TB, r bench.Record) []byte {
	t.Helper()
	b, err := r.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// same compares records; NaN equals NaN.
func same(a, b bench.Record) bool {
	bits := func(list []float64) []uint64 {
		out := make([]uint64, len(list))
		for i, v := range list {
			if out[i] = math.Float64bits(v); math.IsNaN(v) {
				out[i] = math.Float64bits(math.NaN())
			}
		}
		return out
	}
	return a.AGS == b.AGS && a.Population == b.Population && a.Level == b.Level &&
		reflect.DeepEqual(bits(a.Values), bits(b.Values)) &&
		reflect.DeepEqual(bits(a.Figures), bits(b.Figures)) && len(a.Chosen) == len(b.Chosen) &&
		(len(a.Chosen) == 0 || reflect.DeepEqual(a.Chosen, b.Chosen))
}

func TestRecordSurvivesStorage(t *testing.T) {
	d := setup.Checklist(9)
	size := 0
	for _, r := range setup.Towns(d, 200, 20, 5) {
		b := encode(t, r)
		size += len(b)
		got, err := bench.NewDecoder(d).Decode(b)
		if err != nil || !same(r, got) {
			t.Fatalf("%v: %+v\nwant %+v", err, got, r)
		}
	}
	if mean := size / 200; mean > 350 {
		t.Errorf("a record of 54 questions takes %d bytes", mean)
	}
}

func TestHostileRecords(t *testing.T) {
	d := setup.Checklist(2)
	good := encode(t, setup.Towns(d, 1, 1, 1)[0])
	for cut := range good {
		if _, err := bench.NewDecoder(d).Decode(good[:cut]); !fault.Is(err, fault.Invalid) {
			t.Fatalf("truncated to %d bytes: %v", cut, err)
		}
	}
	if _, err := bench.NewDecoder(d).Decode(append(bytes.Clone(good), 0)); !fault.Is(err, fault.Invalid) {
		t.Errorf("bytes behind the end: %v", err)
	}
	if _, err := bench.NewDecoder(setup.Checklist(3)).Decode(good); !fault.Is(err, fault.Invalid) {
		t.Errorf("another checklist: %v", err)
	}
	huge := append(bytes.Clone(good[:14]), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)
	if _, err := bench.NewDecoder(d).Decode(huge); !fault.Is(err, fault.Invalid) {
		t.Errorf("a huge length: %v", err)
	}
	for name, r := range map[string]bench.Record{
		"above 1":      {AGS: "05958004", Values: []float64{1.5, 0.1, 0.1}, Chosen: []int16{0}},
		"below 0":      {AGS: "05958004", Values: []float64{-0.1, 0.1, 0.1}, Chosen: []int16{0}},
		"infinite":     {AGS: "05958004", Values: []float64{math.Inf(1), 0.1, 0.1}, Chosen: []int16{0}},
		"option":       {AGS: "05958004", Values: []float64{0.1, 0.1, 0.1}, Chosen: []int16{3}},
		"level":        {AGS: "05958004", Values: []float64{0.1, 0.1, 0.1}, Chosen: []int16{0}, Level: "gold"},
		"more figures": {AGS: "05958004", Values: []float64{0.1, 0.1, 0.1}, Figures: []float64{1}, Chosen: []int16{0}},
	} {
		if _, err := bench.NewDecoder(setup.Flat()).Decode(encode(t, r)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (bench.Record{AGS: "x"}).MarshalBinary(); err == nil {
		t.Error("a record without an AGS was encoded")
	}
}

func FuzzDecode(f *testing.F) {
	d := setup.Checklist(2)
	for _, r := range setup.Towns(d, 8, 3, 2) {
		f.Add(encode(f, r))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := bench.NewDecoder(d).Decode(data)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
			return
		}
		again, err := bench.NewDecoder(d).Decode(encode(t, r))
		if err != nil || !same(r, again) {
			t.Fatalf("%v: decoded twice, two records", err)
		}
		bench.Compute(d, []bench.Record{r}, setup.Groups([]bench.Record{r}))
	})
}
