package bench

import (
	"math"
	"testing"

	"ortsspiegel/pkg/checklist"
)

// threeQuestions has questions whose points the tests set by hand.
func threeQuestions() *checklist.Definition {
	d := &checklist.Definition{ID: "drei", Version: "1.0.0", Languages: []checklist.Lang{"de"},
		Levels:   []checklist.Level{{ID: "einstieg"}, {ID: "basis", From: 40}, {ID: "vorbild", From: 75}},
		Sections: []checklist.Section{{ID: "a", Weight: 1}}}
	for _, id := range []checklist.QuestionID{"even", "split", "high", "also-high"} {
		d.Sections[0].Questions = append(d.Sections[0].Questions, checklist.Question{ID: id, Type: checklist.TypeMulti, Weight: 1, Options: withPoints([]string{"x"}, 100)})
	}
	return d.Index()
}

func TestStandings(t *testing.T) {
	d := threeQuestions()
	var records []Record
	for i, v := range [][]float64{{0.5, 0, 0.9, 0.9}, {0.5, 0, 0.9, 0.9}, {0.5, 1, 0.9, 0.9}, {0.4, 1, 0.8, 0.9}} {
		records = append(records, Record{AGS: ofDistrict("05958", 4)[i].AGS, Values: append([]float64{0.5, 0.5}, v...)})
	}
	g := &Compute(d, records, groupsOf(records)).Groups[0]
	first := func(list []Standing) []NodeID {
		var ids []NodeID
		for _, s := range list {
			ids = append(ids, s.Node)
		}
		return ids
	}
	for name, c := range map[string]struct {
		got  []Standing
		want []NodeID
	}{
		"widest":    {WidestSpread(g, 2), []NodeID{"question:split", "question:even"}},
		"strongest": {Strongest(g, 2), []NodeID{"question:also-high", "question:high"}},
		"weakest":   {Weakest(g, 2), []NodeID{"question:even", "question:split"}},
		"all":       {Weakest(g, 99), []NodeID{"question:even", "question:split", "question:high", "question:also-high"}},
		"none":      {Weakest(g, -1), nil},
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

func TestMatrix(t *testing.T) {
	records := []Record{scored("05958003", 1, 40, 0), scored("05958001", 1, 80, 0), scored("05958002", 1, 40, 0), scored("05958004", 1, 0, 0)}
	records[3].Values = []float64{nan, nan, nan}
	m := MatrixOf(flat(), records)
	if len(m.Sections) != 1 || m.Sections[0] != "a" {
		t.Errorf("sections %v", m.Sections)
	}
	for i, want := range []struct {
		ags  string
		rank int
		pr   float64
	}{{"05958001", 1, 2.5 / 3}, {"05958002", 2, 1.0 / 3}, {"05958003", 2, 1.0 / 3}, {"05958004", 0, nan}} {
		row := m.Rows[i]
		if string(row.AGS) != want.ags || row.Rank != want.rank || row.PercentileRank != want.pr && !math.IsNaN(want.pr) || math.IsNaN(want.pr) != math.IsNaN(row.PercentileRank) {
			t.Errorf("row %d: %+v, want %+v", i, row, want)
		}
	}
}

func TestLevelsAndBins(t *testing.T) {
	d := threeQuestions()
	var records []Record
	for _, v := range []float64{0, 0.1, 0.3, 0.75, 1, 0.2999999999999, nan} {
		r := Record{Values: []float64{v, v, v, v, v, v}, Level: "basis"}
		if v == 0 {
			r.Level = "einstieg"
		}
		if math.IsNaN(v) {
			r.Level = ""
		}
		records = append(records, r)
	}
	levels := LevelsOf(d, records)
	if levels[0] != (LevelCount{"einstieg", 1}) || levels[1] != (LevelCount{"basis", 5}) || levels[2] != (LevelCount{"vorbild", 0}) {
		t.Errorf("%v", levels)
	}
	bins := Histogram(records, 10)
	for i, want := range []int{1, 1, 0, 2, 0, 0, 0, 1, 0, 1} {
		if bins[i].N != want {
			t.Errorf("bin %d: %+v, want %d", i, bins[i], want)
		}
	}
	if bins[9].To != 1 || bins[3].From != 0.3 {
		t.Errorf("%v", bins)
	}
}
