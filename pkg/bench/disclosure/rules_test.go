package disclosure

import (
	"fmt"
	"math/rand"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// The tests of this file are the worked examples of RULES.md, one a rule.

func TestEveryRuleHasItsExample(t *testing.T) {
	list := func(file, pattern string) (found []string) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(b), -1) {
			found = append(found, m[1])
		}
		return found
	}
	rules, tests := list("RULES.md", `(?m)^## Rule (\d+):`), list("rules_test.go", `(?m)^func TestRule(\d+)`)
	if !slices.Equal(rules, tests) || len(rules) == 0 {
		t.Errorf("RULES.md has the rules %v, the examples are of %v", rules, tests)
	}
}

// nodeIn returns what a release shows of a node in a group.
func nodeIn(t *testing.T, r *Release, group region.GroupID, node bench.NodeID) *bench.Node {
	t.Helper()
	g, _ := r.Report.Group(group)
	n, ok := g.Node(node)
	if !ok {
		t.Fatalf("%s shows no %s", group, node)
	}
	return n
}

func TestRule1Thresholds(t *testing.T) {
	records := setup.OfDistrict("05958", 12)
	eleven, twelve := disclose(t, setup.Flat(), records[:11]), disclose(t, setup.Flat(), records)
	full := bench.Compute(setup.Flat(), records, setup.Groups(records)).Groups[0].Nodes[0].Points
	n := nodeIn(t, eleven, region.All, bench.Total)
	if n.Points.Median == nil || n.Points.Mean == nil || n.Points.Q1 != nil || n.Reasons["q1"] != bench.TooFew {
		t.Errorf("eleven towns: %+v", n)
	}
	n = nodeIn(t, twelve, region.All, bench.Total)
	if n.Points.Q1 == nil || n.Points.Min != nil || n.Reasons["min"] != bench.Extremes {
		t.Errorf("twelve towns: %+v", n)
	}
	if got := fmt.Sprintf("%.4f %.2f", *full.Mean, *n.Points.Mean); got != "0.4667 0.46" {
		t.Errorf("the mean and what is shown of it: %s", got)
	}
	if n := nodeIn(t, twelve, region.All, "question:q"); n.N != 0 || n.Band != "10-19" {
		t.Errorf("the question's n: %d %q", n.N, n.Band)
	}
}

func TestRule2NamesHideNobody(t *testing.T) {
	records := setup.Join(setup.OfDistrict("05954", 8), setup.OfDistrict("05958", 12))
	named := func(n int) *Release {
		consents := map[region.AGS]Consent{}
		for _, r := range records[:n] {
			consents[r.AGS] = Consent{Total: true}
		}
		return discloseNamed(t, setup.Flat(), records, consents)
	}
	if got := shown(named(5)); got != "all size:10000-19999" {
		t.Errorf("five of eight are named: %s", got)
	}
	if r := named(18); len(r.Named) != 15 || !strings.HasPrefix(shown(r), "all") {
		t.Errorf("18 of 20 consent: %d names, %s", len(r.Named), shown(r))
	}
}

func TestRule3Differences(t *testing.T) {
	first := setup.Join(setup.OfDistrict("05954", 10), setup.OfDistrict("05958", 12), setup.OfDistrict("05962", 12))
	second := change(first, 8)                                                        // of 05954
	second[10], second[11] = change(second[10:11], 1)[0], change(second[11:12], 1)[0] // of 05958
	r := disclose(t, setup.Flat(), second, *disclose(t, setup.Flat(), first))
	if got := shown(r); got != "all district:05962 size:10000-19999" {
		t.Errorf("shown: %s", got)
	}
}

func TestRule4Complement(t *testing.T) {
	records := setup.Join(setup.OfDistrict("05954", 4), setup.OfDistrict("05958", 9), setup.OfDistrict("05962", 12))
	r := disclose(t, setup.Flat(), records)
	if got := shown(r); got != "all district:05962 size:10000-19999" {
		t.Errorf("shown: %s", got)
	}
	small, _ := r.Report.Group("district:05954")
	next, _ := r.Report.Group("district:05958")
	if small.Reason != bench.TooFew || next.Reason != bench.Complement {
		t.Errorf("%s and %s", small.Reason, next.Reason)
	}
}

func TestRule5Unions(t *testing.T) {
	records := setup.Join(setup.OfDistrict("05954", 10), setup.OfDistrict("05958", 10))
	for i := range records {
		if i < 12 {
			records[i].Population = 8000
		}
	}
	if got := shown(disclose(t, setup.Flat(), records)); got != "all size:0-9999 size:10000-19999" {
		t.Errorf("ten and ten towns, the smallest twelve in one size class: %s", got)
	}
	for i := range records {
		if i < 15 {
			records[i].Population = 8000
		}
	}
	everything := "all district:05954 district:05958 size:0-9999 size:10000-19999"
	if got := shown(disclose(t, setup.Flat(), records)); got != everything {
		t.Errorf("the smallest fifteen: %s", got)
	}
}

func TestRule6EqualValues(t *testing.T) {
	d := threeSections()
	for yes, want := range map[int]bench.Reason{0: bench.Distribution, 1: bench.Distribution, 2: ""} {
		r := disclose(t, d, chosen(d, map[string]int{"05954": 14}, func(town int, q checklist.QuestionID) int {
			if q != "s0-q1" {
				return town % 3
			}
			if town < yes {
				return 2
			}
			return 0
		}))
		if got := reasonIn(t, r, region.All, "question:s0-q1"); got != want {
			t.Errorf("%d of 14 have points: %q", yes, got)
		}
	}
}

func TestRule7Distributions(t *testing.T) {
	first, second := setup.OfDistrict("05954", 9), setup.OfDistrict("05958", 9)
	alone := nodeIn(t, disclose(t, setup.Flat(), first), region.All, "question:q")
	if got := fmt.Sprint(alone.Options); got != "[{k 0 0.33} {m 0 0.33} {g 0 0.33}]" {
		t.Errorf("three, three and three: %s", got)
	}
	for i := range second {
		second[i].Chosen = []int16{2}
	}
	r := disclose(t, setup.Flat(), setup.Join(first, second))
	for group, want := range map[region.GroupID]string{region.All: "[{k 0 0.16} {m 0 0.16} {g 0 0.66}]",
		"district:05954": "[]", "district:05958": "[]"} {
		if got := fmt.Sprint(nodeIn(t, r, group, "question:q").Options); got != want {
			t.Errorf("%s: %s", group, got)
		}
	}
}

func TestRule8PartsOfScores(t *testing.T) {
	d := threeSections() // s0 has questions of weights 1, 2 and 3
	r := disclose(t, d, chosen(d, map[string]int{"05954": 14}, func(town int, q checklist.QuestionID) int {
		if q == "s0-q1" {
			return 0
		}
		return town % 3
	}))
	for node, want := range map[bench.NodeID]bench.Reason{"section:s0": "", "question:s0-q0": bench.Complement,
		"question:s0-q1": bench.Distribution, "question:s0-q2": ""} {
		if got := reasonIn(t, r, region.All, node); got != want {
			t.Errorf("%s: %q, want %q", node, got, want)
		}
	}
}

func TestRule9Corrections(t *testing.T) {
	records := setup.Join(setup.OfDistrict("05954", 10), setup.OfDistrict("05958", 12))
	first := disclose(t, setup.Flat(), records[:18])
	for late, want := range map[int]int{1: 18, 4: 18} {
		r := disclose(t, setup.Flat(), records[:18+late], *first)
		if r.Report.Groups[0].N != want || len(r.Basis.Waiting) != late {
			t.Errorf("%d late towns: %d are shown, %d wait", late, r.Report.Groups[0].N, len(r.Basis.Waiting))
		}
	}
	for changed, refused := range map[int]bool{1: true, 4: true, 5: false} {
		_, err := Disclose(Request{Definition: setup.Flat(), Records: change(records[:18], changed),
			Groups: setup.Groups(records), Rules: DefaultRules(), Own: []Release{*first}})
		if fault.Is(err, fault.Conflict) != refused || err != nil && !refused {
			t.Errorf("%d changed: %v", changed, err)
		}
	}
}

func TestRule10OtherRounds(t *testing.T) {
	first, second, path, _ := newcomerRound(t)
	r := second.publish(t, first.asOther(1, path, second))
	for id, want := range map[region.GroupID]bench.Reason{region.All: bench.Complement,
		"district:05954": bench.Complement, "district:05958": ""} {
		if g, _ := r.Report.Group(id); g.Reason != want {
			t.Errorf("%s: %q, want %q", id, g.Reason, want)
		}
	}
}

func TestRule11Trend(t *testing.T) {
	for newcomers, want := range map[int]bench.Reason{0: "", 4: bench.Complement, 6: ""} {
		rnd := rand.New(rand.NewSource(4))
		first := newRoundSetup(setup.Gauge(), rnd, 20, 1, 1)
		first.publish(t)
		path := setup.Path(t, first.d)
		second := first.next(rnd, path, 0, newcomers, 1) // everybody answers anew
		r := second.publish(t, first.asOther(1, path, second))
		if r.Trend.N != 20 || r.Trend.Reason != want || !strings.HasPrefix(shown(r), "all") {
			t.Errorf("%d newcomers: trend of %d towns, %q; shown %s", newcomers, r.Trend.N, r.Trend.Reason, shown(r))
		}
	}
}
