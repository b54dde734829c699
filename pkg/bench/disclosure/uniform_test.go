package disclosure

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// threeSections is a checklist of choice questions: three in the first section, two in the second,
// one in the third.
func threeSections() *checklist.Definition {
	d := &checklist.Definition{ID: "drei", Version: "1.0.0", Languages: []checklist.Lang{"de"},
		Levels: []checklist.Level{{ID: "basis"}}}
	for s, n := range []int{3, 2, 1} {
		section := checklist.Section{ID: checklist.SectionID(fmt.Sprintf("s%d", s)), Weight: 1}
		for q := range n {
			section.Questions = append(section.Questions,
				checklist.Question{ID: checklist.QuestionID(fmt.Sprintf("s%d-q%d", s, q)), Type: checklist.TypeChoice,
					Weight: float64(1 + q), Options: setup.Options([]string{"k", "m", "g"}, 0, 50, 100)})
		}
		d.Sections = append(d.Sections, section)
	}
	return d.Index()
}

// chosen makes records of a checklist of choice questions: pick says which option a town chose.
func chosen(d *checklist.Definition, districts map[string]int,
	pick func(town int, q checklist.QuestionID) int) []bench.Record {
	var out []bench.Record
	town := 0
	for _, key := range []string{"05954", "05958", "05962", "05966"} {
		for i := range districts[key] {
			out = append(out, optionRecord(d, fmt.Sprintf("%s%03d", key, i),
				func(q checklist.QuestionID) int { return pick(town, q) }))
			town++
		}
	}
	return out
}

func optionRecord(d *checklist.Definition, ags string, pick func(checklist.QuestionID) int) bench.Record {
	answers := map[checklist.QuestionID]checklist.Answer{}
	for _, q := range d.Questions() {
		answers[q.ID] = checklist.Answer{Kind: checklist.AnswerOptions,
			Options: []checklist.OptionID{q.Options[pick(q.ID)].ID}}
	}
	return bench.NewRecord(d, region.AGS(ags), 15_000, answers)
}

// reasonIn is why a node's mean is missing in a group; empty: it is shown.
func reasonIn(t *testing.T, r *Release, group region.GroupID, node bench.NodeID) bench.Reason {
	t.Helper()
	g, _ := r.Report.Group(group)
	n, ok := g.Node(node)
	if !ok || (n.Points.Mean == nil) != (n.Reasons["mean"] != "") ||
		(n.Points.Median == nil) != (n.Points.Mean == nil) {
		t.Fatalf("%s %s: %+v", group, node, n)
	}
	return n.Reasons["mean"]
}

// TestNoFigureSaysThatAllAreAlike: everybody chose the same, or everybody but one nothing or
// everything.
func TestNoFigureSaysThatAllAreAlike(t *testing.T) {
	d := threeSections()
	for name, c := range map[string]struct {
		odd    int // towns that choose otherwise
		option int
		want   bench.Reason
	}{"all nothing": {0, 0, bench.Distribution}, "all everything": {0, 2, bench.Distribution},
		"all half":            {0, 1, bench.Distribution},
		"all but one nothing": {1, 0, bench.Distribution}, "all but one everything": {1, 2, bench.Distribution},
		"all but one half": {1, 1, ""}, "all but two": {2, 0, ""}} {
		records := chosen(d, map[string]int{"05954": 14}, func(town int, q checklist.QuestionID) int {
			if q == "s0-q1" {
				if town < c.odd {
					return (c.option + 1) % 3
				}
				return c.option
			}
			return town % 3
		})
		r := disclose(t, d, records)
		if got := reasonIn(t, r, region.All, "question:s0-q1"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		g, _ := r.Report.Group(region.All)
		n, _ := g.Node("question:s0-q1")
		if c.want != "" && (n.Options != nil || n.Reasons["options"] != bench.Distribution || n.Points.Q1 != nil) {
			t.Errorf("%s: a quartile or the distribution says it: %+v", name, n)
		}
		full, _ := bench.Compute(d, records, setup.Groups(records)).Group(region.All)
		if n, _ := full.Node("question:s0-q1"); n.Points.Mean == nil {
			t.Errorf("%s: the agency does not see it", name)
		}
	}
}

// TestAlikeFollowsFromNothingElse: what is hidden because all are alike follows neither from its
// section, nor from the whole and the other groups, nor from the release before.
func TestAlikeFollowsFromNothingElse(t *testing.T) {
	d := threeSections()
	varied := func(town int, _ checklist.QuestionID) int { return town % 3 }
	t.Run("section", func(t *testing.T) {
		r := disclose(t, d, chosen(d, map[string]int{"05954": 14}, func(town int, q checklist.QuestionID) int {
			if q == "s0-q1" || q == "s1-q0" {
				return 0
			}
			return varied(town, q)
		}))
		for node, want := range map[bench.NodeID]bench.Reason{"question:s0-q1": bench.Distribution,
			"question:s0-q0": bench.Complement, "question:s0-q2": "", "section:s0": "",
			"question:s1-q0": bench.Distribution, "question:s1-q1": bench.Complement, "section:s1": "",
			"section:s2": "", bench.Total: ""} {
			if got := reasonIn(t, r, region.All, node); got != want {
				t.Errorf("%s: %q, want %q", node, got, want)
			}
		}
	})
	t.Run("section of one question", func(t *testing.T) {
		r := disclose(t, d, chosen(d, map[string]int{"05954": 14}, func(town int, q checklist.QuestionID) int {
			if q == "s2-q0" {
				return 1
			}
			return varied(town, q)
		}))
		shown := 0
		for _, section := range []bench.NodeID{"section:s0", "section:s1"} {
			if reasonIn(t, r, region.All, section) == "" {
				shown++
			}
		}
		if got := reasonIn(t, r, region.All, "section:s2"); got != bench.Distribution || shown != 1 ||
			reasonIn(t, r, region.All, bench.Total) != "" {
			t.Errorf("section of one question %q, %d of two others beside the total", got, shown)
		}
	})
	t.Run("groups", func(t *testing.T) {
		r := disclose(t, d, chosen(d, map[string]int{"05954": 7, "05958": 8, "05962": 9},
			func(town int, q checklist.QuestionID) int {
				if q == "s0-q1" && town < 7 {
					return 2
				}
				return varied(town, q)
			}))
		for group, want := range map[region.GroupID]bench.Reason{"all": "", "district:05954": bench.Distribution,
			"district:05958": bench.Distribution, "district:05962": ""} {
			if got := reasonIn(t, r, group, "question:s0-q1"); got != want {
				t.Errorf("%s: %q, want %q", group, got, want)
			}
		}
	})
	t.Run("releases", func(t *testing.T) {
		pick := func(town int, q checklist.QuestionID) int {
			if q == "s0-q1" && town >= 14 {
				return 0
			}
			return varied(town, q)
		}
		first := disclose(t, d, chosen(d, map[string]int{"05954": 14}, pick))
		second := disclose(t, d, chosen(d, map[string]int{"05954": 20}, pick), *first)
		if got := reasonIn(t, second, region.All, "question:s0-q1"); got != bench.Distribution ||
			reasonIn(t, second, region.All, "question:s1-q1") != "" {
			t.Errorf("six newcomers who all say no: %q", got)
		}
	})
}

// TestNoMeanTellsEverybody draws regions whose towns often answer alike and looks at the releases
// as a reader does: no mean of 0 or 100 %, no question whose towns are alike, and no such rest of a
// whole without its published parts.
func TestNoMeanTellsEverybody(t *testing.T) {
	d := setup.Checklist(2)
	hidden := 0
	rapid.Check(t, func(t *rapid.T) {
		records := drawTowns(t, d, rapid.IntRange(5, 34).Draw(t, "n"))
		rnd := rand.New(rand.NewSource(rapid.Int64().Draw(t, "alike")))
		for v := 3; v < len(records[0].Values); v++ {
			if rnd.Intn(2) == 0 {
				continue
			}
			value, odd := float64(rnd.Intn(3))/2, rnd.Intn(4)
			for i := range records {
				if !math.IsNaN(records[i].Values[v]) && (i >= odd || rnd.Intn(2) == 0) {
					records[i].Values[v] = value
				}
			}
		}
		groups := setup.Groups(records)
		r, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules()})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range r.Report.Groups {
			for _, n := range g.Nodes {
				if n.Reasons["mean"] == bench.Distribution {
					hidden++
				}
				if m := n.Points.Mean; m != nil && (*m == 0 || *m == 1) {
					t.Fatalf("%s %s: the mean is %v", g.ID, n.ID, *m)
				}
			}
		}
		at := 3
		for _, q := range d.Questions() {
			checkAlike(t, r, records, bench.NodeID("question:"+string(q.ID)), at)
			at++
		}
	})
	if hidden < 100 {
		t.Errorf("only %d figures were hidden: the towns were not alike", hidden)
	}
}

func checkAlike(t fataler, r *Release, records []bench.Record, node bench.NodeID, at int) {
	published := map[region.GroupID]map[region.AGS]bool{}
	for _, g := range r.Report.Groups {
		if n, ok := g.Node(node); ok && n.Points.Mean != nil {
			towns, _ := r.Basis.Set(g.ID, node.PointsColumn())
			published[g.ID] = map[region.AGS]bool{}
			for _, ags := range towns {
				published[g.ID][ags] = true
			}
		}
	}
	alike := func(in func(region.AGS) bool) bool {
		n, counts := 0, map[float64]int{}
		for i := range records {
			if v := records[i].Values[at]; in(records[i].AGS) && !math.IsNaN(v) {
				n++
				counts[v]++
			}
		}
		return n > 0 && (len(counts) == 1 || counts[0] == n-1 || counts[1] == n-1)
	}
	for id, set := range published {
		if alike(func(ags region.AGS) bool { return set[ags] }) {
			t.Fatalf("%s %s: all are alike", id, node)
		}
	}
	all, ok := published[region.All]
	if !ok {
		return
	}
	for _, kind := range []string{"district:", "size:"} {
		if alike(func(ags region.AGS) bool {
			for id, set := range published {
				if len(id) > len(kind) && string(id[:len(kind)]) == kind && set[ags] {
					return false
				}
			}
			return all[ags]
		}) {
			t.Fatalf("the rest of the whole without every published %s %s: all are alike", kind, node)
		}
	}
}

// TestTrendTellsNobodyEither: all had everything in a section the year before, which that year's
// release did not show either.
func TestTrendTellsNobodyEither(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	first := newRoundSetup(setup.Gauge(), rnd, 30, 1, 1)
	for _, ags := range first.participants() {
		first.answers[ags]["s1-q0"], first.answers[ags]["s1-q1"] = setup.Percent(100), setup.Percent(100)
	}
	if r := first.publish(t); reasonIn(t, r, region.All, "section:s1") != bench.Distribution {
		t.Error("100 % of a section is shown")
	}
	path := setup.Path(t, first.d)
	second := first.next(rnd, path, 0, 0, 0)
	for i, ags := range second.participants() {
		second.answers[ags]["s1-q0"], second.answers[ags]["s1-q1"] = setup.Percent(float64(i)),
			setup.Percent(float64(2*i))
	}
	r := second.publish(t, first.asOther(1, path, second))
	if r.Trend.Suppressed || r.Trend.Sections[0].Suppressed || r.Trend.Sections[1].Reason != bench.Distribution ||
		r.Trend.Sections[1].Rebased != nil {
		t.Errorf("the trend tells what each had before: %+v", r.Trend)
	}
	if got := reasonIn(t, r, region.All, "section:s1"); got != "" {
		t.Errorf("the present section is hidden: %q", got)
	}
}
