package bench_test

import (
	"math"
	"slices"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// talking are eight towns with two sections of unequal weight and a question in each. A town's number decides how good
// it is in the first and how bad in the second; the last has no score in the first.
func talking() (*checklist.Definition, []bench.Record, *bench.Group) {
	d := &checklist.Definition{ID: "zwei", Version: "1.0.0", Languages: []checklist.Lang{"de"}}
	for i, id := range []checklist.SectionID{"a", "b"} {
		d.Sections = append(d.Sections, checklist.Section{ID: id, Weight: float64(3 - 2*i),
			Questions: []checklist.Question{{ID: checklist.QuestionID("q" + string(id)), Type: checklist.TypeMulti,
				Weight: 1, Options: setup.Options([]string{"x"}, 100)}}})
	}
	d = d.Index()
	var records []bench.Record
	for i, town := range setup.OfDistrict("05958", 8) {
		up, down := float64(i)/10, 1-float64(i)/10
		if i == 7 {
			up = math.NaN()
		}
		records = append(records, bench.Record{AGS: town.AGS, Values: []float64{0.5, up, down, up, down}})
	}
	return d, records, &bench.Compute(d, records, setup.Groups(records)).Groups[0]
}

func keys(list []bench.Voice) (out []region.AGS) {
	for _, v := range list {
		out = append(out, v.AGS)
	}
	return out
}

func TestTalksNameOnlyThoseWhoAgreed(t *testing.T) {
	d, records, g := talking()
	ags := func(i int) region.AGS { return records[i].AGS }
	told := map[region.AGS]bool{ags(6): true, ags(0): true, ags(1): true, ags(3): true}
	nodes := []bench.NodeID{bench.QuestionNode("qa"), bench.SectionNode("b"), bench.Total}
	talks := bench.Talks(d, g, records, nodes, told)
	if len(talks) != 2 || talks[0].Node != nodes[0] || talks[1].Node != nodes[1] {
		t.Fatalf("talks about %v: where all are alike there is nothing to talk about", talks)
	}
	// The upper quarter of the first begins at 0.45: 5 did not agree, 3 is below.
	if got := keys(talks[0].Tell); !slices.Equal(got, []region.AGS{ags(6)}) {
		t.Errorf("about the first can tell %v", got)
	}
	if got := keys(talks[0].Need); !slices.Equal(got, []region.AGS{ags(0), ags(1)}) || talks[0].Needy != 2 {
		t.Errorf("the first would help %v of %d", got, talks[0].Needy)
	}
	if got := keys(talks[1].Tell); !slices.Equal(got, []region.AGS{ags(0), ags(1)}) {
		t.Errorf("about the second can tell %v", got)
	}
	if got := bench.Talks(d, g, records, nodes, nil); len(got) != 0 {
		t.Errorf("nobody agreed, and there are %v", got)
	}
}

func TestPairsTakeEachTownOnce(t *testing.T) {
	d, records, g := talking()
	all := map[region.AGS]bool{}
	for _, r := range records {
		all[r.AGS] = true
	}
	ags := func(i int) region.AGS { return records[i].AGS }
	// 5 is nearer to everybody than 6.
	pairs := bench.Pairs(d, g, records, all, func(a, _ region.AGS) float64 {
		if a == ags(6) {
			return 50
		}
		return 10
	})
	if len(pairs) != 2 {
		t.Fatalf("%d pairs: %+v", len(pairs), pairs)
	}
	seen := map[region.AGS]bool{}
	for _, p := range pairs {
		if seen[p.Tell.AGS] || seen[p.Gain.AGS] || p.Rise <= 0 || p.Tell.Value <= p.Gain.Value {
			t.Errorf("%+v among %+v", p, pairs)
		}
		seen[p.Tell.AGS], seen[p.Gain.AGS] = true, true
	}
	// The second section differs more and chooses first: 7 is the worst there, and has no other section that
	// counts, so it would gain all of the difference.
	if p := pairs[0]; p.Section != "b" || p.Gain.AGS != ags(7) || math.Abs(p.Rise-0.7) > 1e-9 {
		t.Errorf("first %+v", p)
	}
	if p := pairs[1]; p.Section != "a" || p.Tell.AGS != ags(5) || p.Km != 10 {
		t.Errorf("second %+v: of the two best the nearer one tells", p)
	}
	for _, p := range bench.Pairs(d, g, records, all, func(_, _ region.AGS) float64 { return math.NaN() }) {
		if !math.IsNaN(p.Km) || p.Tell.AGS == "" {
			t.Errorf("%+v without coordinates", p)
		}
	}
}
