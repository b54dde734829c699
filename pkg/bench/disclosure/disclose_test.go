package disclosure

import (
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

func disclose(t testing.TB, d *checklist.Definition, records []bench.Record, previous ...Release) *Release {
	t.Helper()
	return discloseNamed(t, d, records, nil, previous...)
}

func discloseNamed(t testing.TB, d *checklist.Definition, records []bench.Record, consents map[region.AGS]Consent,
	previous ...Release) *Release {
	t.Helper()
	r, err := Disclose(Request{Definition: d, Records: records, Groups: setup.Groups(records), Rules: DefaultRules(),
		Own: previous, Consents: consents})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shown lists the groups that a report does not suppress.
func shown(r *Release) string {
	var ids []string
	for _, g := range r.Report.Groups {
		if !g.Suppressed {
			ids = append(ids, string(g.ID))
		}
	}
	return strings.Join(ids, " ")
}

func TestThresholds(t *testing.T) {
	for n, want := range map[int]struct{ median, quartiles, options bool }{
		0: {}, 1: {}, 2: {}, 4: {}, 5: {median: true}, 6: {median: true}, 8: {median: true, options: true},
		11: {median: true, options: true},
		12: {true, true, true}, 38: {true, true, true},
	} {
		release := disclose(t, setup.Flat(), setup.OfDistrict("05958", n))
		g := release.Report.Groups[0]
		if g.N != n || g.Suppressed == want.median {
			t.Errorf("n=%d: group n %d, suppressed %v", n, g.N, g.Suppressed)
		}
		if !want.median {
			if g.Reason != bench.TooFew || len(g.Nodes) != 0 {
				t.Errorf("n=%d: %s, %d nodes", n, g.Reason, len(g.Nodes))
			}
			continue
		}
		for _, node := range g.Nodes {
			p := node.Points
			if p.Median == nil || p.Mean == nil || (p.Q1 != nil) != want.quartiles ||
				(p.Q3 != nil) != want.quartiles || p.Min != nil || p.Max != nil {
				t.Errorf("n=%d %s: %+v", n, node.ID, p)
			}
			if node.Reasons["min"] != bench.Extremes || node.Reasons["max"] != bench.Extremes ||
				(node.Reasons["q1"] == bench.TooFew) == want.quartiles {
				t.Errorf("n=%d %s: reasons %v", n, node.ID, node.Reasons)
			}
		}
		question, _ := g.Node("question:q")
		if (question.Options != nil) != want.options ||
			(question.Reasons["options"] == bench.Distribution) == want.options {
			t.Errorf("n=%d: options %v %v", n, question.Options, question.Reasons)
		}
	}
}

func TestBands(t *testing.T) {
	for n, want := range map[int]string{0: "", 4: "", 5: "5-9", 9: "5-9", 10: "10-19", 19: "10-19", 20: "20+",
		900: "20+"} {
		if got := DefaultRules().band(n); got != want {
			t.Errorf("band(%d) = %q, want %q", n, got, want)
		}
	}
	node, _ := disclose(t, setup.Flat(), setup.OfDistrict("05958", 14)).Report.Groups[0].Node("question:q")
	if node.N != 0 || node.Band != "10-19" {
		t.Errorf("a question's n is shown: %d %q", node.N, node.Band)
	}
}

func TestRulesFailClosed(t *testing.T) {
	for _, r := range []Rules{{}, {5, 12, 0}, {2, 12, 3}, {5, 2, 3}, {5, 12, 2}, {-5, 12, 3}, {5, 4, 3},
		{5, 12, 5000}} {
		if err := r.Validate(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", r, err)
		}
		if release, err := Disclose(Request{Definition: setup.Flat(), Records: setup.OfDistrict("05958", 20),
			Rules: r}); err == nil || release != nil {
			t.Errorf("%+v: a release came out", r)
		}
	}
	if err := DefaultRules().Validate(); err != nil {
		t.Error(err)
	}
}

func TestGroupsFailClosed(t *testing.T) {
	records := setup.OfDistrict("05958", 6)
	all := setup.Groups(records)[0]
	for name, groups := range map[string][]region.Group{
		"unknown kind": {all, {ID: "mayor:x", Members: all.Members}},
		"twice":        {all, all},
		"overlap": {all, {ID: "district:05958", Members: all.Members},
			{ID: "district:05959", Members: all.Members[:1]}},
		"outside": {all, {ID: "district:05958", Members: []region.AGS{"09000000"}}},
	} {
		if _, err := Disclose(Request{Definition: setup.Flat(), Records: records, Groups: groups,
			Rules: DefaultRules()}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Disclose(Request{Definition: setup.Flat(), Records: append(records, records[0]),
		Groups: setup.Groups(records), Rules: DefaultRules()}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a town twice: %v", err)
	}
	if _, err := Disclose(Request{Definition: setup.Checklist(1), Records: records, Groups: setup.Groups(records),
		Rules: DefaultRules()}); !fault.Is(err, fault.Invalid) {
		t.Errorf("records of another checklist: %v", err)
	}
	other := disclose(t, setup.Checklist(1), setup.Towns(setup.Checklist(1), 6, 6, 1))
	if _, err := Disclose(Request{Definition: setup.Flat(), Records: records, Groups: setup.Groups(records),
		Rules: DefaultRules(), Own: []Release{*other}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an earlier release of another checklist: %v", err)
	}
}

func TestSmallDistrictTakesTheNextSmallestAlong(t *testing.T) {
	release := disclose(t, setup.Flat(), setup.Join(setup.OfDistrict("05954", 4), setup.OfDistrict("05958", 9),
		setup.OfDistrict("05962", 12)))
	if got := shown(release); got != "all district:05962 size:10000-19999" {
		t.Errorf("shown: %s", got)
	}
	small, _ := release.Report.Group("district:05954")
	next, _ := release.Report.Group("district:05958")
	if small.Reason != bench.TooFew || next.Reason != bench.Complement || next.N != 9 {
		t.Errorf("reasons %s and %s, n %d", small.Reason, next.Reason, next.N)
	}
}

func TestPartThatIsNearlyTheWhole(t *testing.T) {
	release := disclose(t, setup.Flat(), setup.Join(setup.OfDistrict("05954", 4), setup.OfDistrict("05958", 20)))
	if got := shown(release); got != "all size:10000-19999" {
		t.Errorf("shown: %s", got)
	}
	if big, _ := release.Report.Group("district:05958"); big.Reason != bench.Complement {
		t.Errorf("reason %s", big.Reason)
	}
}

func TestFiveSuppressedTownsAreEnough(t *testing.T) {
	release := disclose(t, setup.Flat(), setup.Join(setup.OfDistrict("05954", 3), setup.OfDistrict("05956", 2),
		setup.OfDistrict("05958", 9), setup.OfDistrict("05962", 12)))
	if got := shown(release); got != "all district:05958 district:05962 size:10000-19999" {
		t.Errorf("shown: %s", got)
	}
}

// TestQuestionsHaveSetsOfTheirOwn: three towns to which the question does not apply make one
// district's set of it nearly the whole's, while the totals are far apart.
func TestQuestionsHaveSetsOfTheirOwn(t *testing.T) {
	d := setup.Checklist(1)
	var records []bench.Record
	rnd := rand.New(rand.NewSource(4))
	for i, r := range setup.Join(setup.OfDistrict("05954", 7), setup.OfDistrict("05958", 12)) {
		r = bench.NewRecord(d, r.AGS, r.Population, setup.Answers(d, rnd, 0.6))
		if i < 4 {
			r.Values[3] = nan // question s0-q1
		}
		records = append(records, r)
	}
	release := disclose(t, d, records)
	for group, want := range map[region.GroupID]bench.Reason{"all": "", "district:05954": bench.TooFew,
		"district:05958": bench.Complement} {
		g, _ := release.Report.Group(group)
		total, _ := g.Node(bench.Total)
		question, _ := g.Node("question:s0-q1")
		if total.Points.Median == nil {
			t.Errorf("%s: the total is suppressed", group)
		}
		if question.Reasons["median"] != want || (question.Points.Median == nil) != (want != "") {
			t.Errorf("%s: question %v, want %q", group, question.Reasons, want)
		}
	}
}

func TestDistributionOfTheRest(t *testing.T) {
	// Every town of the second district chose "g": the first district's distribution and the
	// whole's would say so by subtraction.
	first, second := setup.OfDistrict("05954", 9), setup.OfDistrict("05958", 9)
	for i := range second {
		second[i].Chosen = []int16{2}
	}
	release := disclose(t, setup.Flat(), setup.Join(first, second))
	for group, want := range map[region.GroupID]bool{"all": true, "district:05954": false, "district:05958": false} {
		g, _ := release.Report.Group(group)
		n, _ := g.Node("question:q")
		if (n.Options != nil) != want || !want && n.Reasons["options"] != bench.Distribution {
			t.Errorf("%s: options %v, reasons %v", group, n.Options, n.Reasons)
		}
	}
}

// TestDistributionOfTheLastPart: two districts may each show theirs beside the whole, but not
// both, for what is left is the third, in which all chose "g".
func TestDistributionOfTheLastPart(t *testing.T) {
	third := setup.OfDistrict("05962", 6)
	for i := range third {
		third[i].Chosen = []int16{2}
	}
	release := disclose(t, setup.Flat(), setup.Join(setup.OfDistrict("05954", 9), setup.OfDistrict("05958", 10), third))
	for group, want := range map[region.GroupID]bool{"all": true, "district:05954": false, "district:05958": true,
		"district:05962": false} {
		g, _ := release.Report.Group(group)
		if n, _ := g.Node("question:q"); (n.Options != nil) != want || n.Points.Median == nil {
			t.Errorf("%s: options %v, reasons %v", group, n.Options, n.Reasons)
		}
	}
}

// TestDistributionOfNewcomers: six came late and all chose "g"; the two wholes would tell.
func TestDistributionOfNewcomers(t *testing.T) {
	records := setup.OfDistrict("05954", 26)
	for i := 20; i < 26; i++ {
		records[i].Chosen = []int16{2}
	}
	first := disclose(t, setup.Flat(), records[:20])
	second := disclose(t, setup.Flat(), records, *first)
	n, _ := second.Report.Groups[0].Node("question:q")
	if second.Report.Groups[0].N != 26 || n.Points.Median == nil || n.Options != nil ||
		n.Reasons["options"] != bench.Distribution {
		t.Errorf("n %d, options %v, reasons %v", second.Report.Groups[0].N, n.Options, n.Reasons)
	}
	if n, _ := first.Report.Groups[0].Node("question:q"); n.Options == nil {
		t.Error("the first release shows no distribution, so the second proves nothing")
	}
}

func TestConsent(t *testing.T) {
	d, records := setup.Flat(), setup.Join(setup.OfDistrict("05954", 8), setup.OfDistrict("05958", 12))
	release := discloseNamed(t, d, records, map[region.AGS]Consent{
		records[0].AGS: {Total: true}, records[10].AGS: {Sections: true, Examples: true}, "09999999": {Total: true}})
	if len(release.Named) != 2 {
		t.Fatalf("named: %+v", release.Named)
	}
	first, second := release.Named[0], release.Named[1]
	if first.AGS != records[0].AGS || *first.Total != bench.CutTo(records[0].Values[0], 0.01) ||
		first.Sections != nil || first.Examples {
		t.Errorf("%+v", first)
	}
	if second.Total != nil || second.Sections["a"] != bench.CutTo(records[10].Values[1], 0.01) || !second.Examples {
		t.Errorf("%+v", second)
	}
}

func TestNamedTownsHideNobody(t *testing.T) {
	d, records := setup.Flat(), setup.Join(setup.OfDistrict("05954", 8), setup.OfDistrict("05958", 12))
	consents := map[region.AGS]Consent{}
	for _, r := range records[:5] {
		consents[r.AGS] = Consent{Total: true}
	}
	release := discloseNamed(t, d, records, consents)
	if got := shown(release); got != "all size:10000-19999" {
		t.Errorf("five of eight are named, the figures tell about three: %s", got)
	}
	for _, r := range records[:18] {
		consents[r.AGS] = Consent{Total: true}
	}
	release = discloseNamed(t, d, records, consents)
	named := 0
	for _, n := range release.Named {
		if n.Total != nil {
			named++
		}
	}
	if named != 15 || !strings.HasPrefix(shown(release), "all") {
		t.Errorf("%d of 20 named, shown %s; want 15, so that five stay unknown", named, shown(release))
	}
}

func TestDiscloseIsDeterministic(t *testing.T) {
	d := setup.Checklist(3)
	records := setup.Towns(d, 60, 9, 11)
	groups := setup.Groups(records)
	first, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules()})
	if err != nil {
		t.Fatal(err)
	}
	rand.New(rand.NewSource(1)).Shuffle(len(records), func(i, j int) {
		records[i], records[j] = records[j],
			records[i]
	})
	second, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules()})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first, second) {
		t.Error("the order of records matters")
	}
}
