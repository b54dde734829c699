package bench_test

import (
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/checklist"
)

// threeQuestions has questions whose points the tests set by hand.
func threeQuestions() *checklist.Definition {
	d := &checklist.Definition{ID: "drei", Version: "1.0.0", Languages: []checklist.Lang{"de"},
		Levels:   []checklist.Level{{ID: "einstieg"}, {ID: "basis", From: 40}, {ID: "vorbild", From: 75}},
		Sections: []checklist.Section{{ID: "a", Weight: 1}}}
	for _, id := range []checklist.QuestionID{"even", "split", "high", "also-high"} {
		d.Sections[0].Questions = append(d.Sections[0].Questions,
			checklist.Question{ID: id, Type: checklist.TypeMulti, Weight: 1,
				Options: setup.Options([]string{"x"}, 100)})
	}
	return d.Index()
}

func TestStandings(t *testing.T) {
	d := threeQuestions()
	var records []bench.Record
	for i, v := range [][]float64{{0.5, 0, 0.9, 0.9}, {0.5, 0, 0.9, 0.9}, {0.5, 1, 0.9, 0.9}, {0.4, 1, 0.8, 0.9}} {
		records = append(records, bench.Record{AGS: setup.OfDistrict("05958", 4)[i].AGS,
			Values: append([]float64{0.5, 0.5}, v...)})
	}
	g := &bench.Compute(d, records, setup.Groups(records)).Groups[0]
	first := func(list []bench.Standing) []bench.NodeID {
		var ids []bench.NodeID
		for _, s := range list {
			ids = append(ids, s.Node)
		}
		return ids
	}
	for name, c := range map[string]struct {
		got  []bench.Standing
		want []bench.NodeID
	}{
		"widest":    {bench.WidestSpread(g, 2), []bench.NodeID{"question:split", "question:even"}},
		"strongest": {bench.Strongest(g, 2), []bench.NodeID{"question:also-high", "question:high"}},
		"weakest":   {bench.Weakest(g, 2), []bench.NodeID{"question:even", "question:split"}},
		"all": {bench.Weakest(g, 99), []bench.NodeID{"question:even", "question:split", "question:high",
			"question:also-high"}},
		"none": {bench.Weakest(g, -1), nil},
	} {
		got := first(c.got)
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", name, got)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	}
}
