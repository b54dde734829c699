package disclosure

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// newcomerRound is a round of 26 towns in two districts and one in which nobody answers differently
// and one town of the smaller district joins.
func newcomerRound(t testing.TB) (first, second *roundSetup, path *carry.Path, newcomer region.AGS) {
	rnd := rand.New(rand.NewSource(7))
	first = &roundSetup{d: setup.Gauge(), sizes: map[region.AGS]int{}, answers: map[region.AGS]score.Answers{}}
	for i := range 26 {
		first.join(rnd, region.AGS(fmt.Sprintf("%05d%03d", 5954+4*min(i/7, 1), i)), 15_000)
	}
	first.publish(t)
	path, newcomer = setup.Path(t, first.d), "05954900"
	second = first.next(rnd, path, 0, 0, 0)
	second.join(rnd, newcomer, 15_000)
	return first, second, path, newcomer
}

// differenceOf bounds what a group's two means and numbers of towns tell about the towns by which
// they differ.
func differenceOf(first, second *roundSetup, id region.GroupID) (low, high float64, ok bool) {
	a, _ := first.releases[0].Report.Group(id)
	b, _ := second.releases[0].Report.Group(id)
	x, ok1 := a.Node(bench.Total)
	y, ok2 := b.Node(bench.Total)
	if !ok1 || !ok2 || x.Points.Mean == nil || y.Points.Mean == nil {
		return 0, 1, false
	}
	sum, vague := float64(y.N)**y.Points.Mean-float64(x.N)**x.Points.Mean, 0.005*float64(x.N+y.N)
	return max(sum-vague, 0), min(sum+vague, 1), true
}

// TestNewcomerIsNotIsolated: everybody else confirms the answers of last time, so the new mean less
// the old one is the newcomer's score. It is if the release is not checked against the round
// before.
func TestNewcomerIsNotIsolated(t *testing.T) {
	first, second, path, newcomer := newcomerRound(t)
	second.publish(t)
	truth := bench.NewRecord(second.d, newcomer, 0, second.answers[newcomer]).Values[0]
	low, high, ok := differenceOf(first, second, "district:05954")
	if !ok || high-low > 0.2 || truth < low || truth > high {
		t.Fatalf("the attack does not work: %v to %v, the truth is %v", low, high, truth)
	}
	second.releases = nil
	r := second.publish(t, first.asOther(1, path, second))
	for _, id := range []region.GroupID{region.All, "district:05954"} {
		if low, high, ok := differenceOf(first, second, id); ok {
			t.Errorf("%s: the newcomer lies between %v and %v", id, low, high)
		}
		if g, _ := r.Report.Group(id); g.Reason != bench.Complement {
			t.Errorf("%s: reason %q", id, g.Reason)
		}
	}
	if got := shown(r); got != "district:05958" {
		t.Errorf("shown: %s; nothing changed in the other district", got)
	}
	if r.Trend == nil || !r.Trend.Suppressed || r.Trend.Reason != bench.Complement || r.Trend.After != nil ||
		r.Basis.Panel != nil {
		t.Errorf("the trend is the mean without the newcomer: %+v", r.Trend)
	}
}

// TestLeaverIsNotIsolated is the same the other way round.
func TestLeaverIsNotIsolated(t *testing.T) {
	first, second, path, _ := newcomerRound(t)
	second, first = first, second // the round with one more came before
	second.releases, first.releases = nil, nil
	first.publish(t)
	r := second.publish(t, first.asOther(1, path, second))
	if got := shown(r); got != "district:05958" || !r.Trend.Suppressed {
		t.Errorf("shown: %s, trend %+v", got, r.Trend)
	}
}

// TestOnlyWhatChangedInAFewTownsIsHidden: all answer s1-q0 anew, six s0-q0, three s0-q1.
func TestOnlyWhatChangedInAFewTownsIsHidden(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	first := newRoundSetup(setup.Gauge(), rnd, 30, 1, 1)
	for i, ags := range first.participants() {
		first.answers[ags]["s0-q1"], first.answers[ags]["s1-q1"] = setup.Percent(float64(40+i%3)),
			setup.Percent(float64(50+i%3))
	}
	first.publish(t)
	path := setup.Path(t, first.d)
	second := first.next(rnd, path, 0, 0, 0)
	for i, ags := range second.participants() {
		second.answers[ags]["s1-q0"] = setup.Percent(float64(i))
		if i < 6 {
			second.answers[ags]["s0-q0"] = setup.Percent(float64(i))
		}
		if i < 3 {
			second.answers[ags]["s0-q1"] = setup.Percent(60)
		}
	}
	r := second.publish(t, first.asOther(1, path, second))
	all, _ := r.Report.Group(region.All)
	for node, want := range map[bench.NodeID]bench.Reason{bench.Total: "", "section:s0": "", "section:s1": "",
		"question:s0-q0": "", "question:s0-q1": bench.Complement,
		"question:s1-q0": "", "question:s1-q1": ""} {
		n, _ := all.Node(node)
		if n.Reasons["mean"] != want || (n.Points.Mean == nil) != (want != "") {
			t.Errorf("%s: %v, want %q", node, n.Reasons, want)
		}
	}
	if r.Trend.Suppressed || r.Trend.N != 30 || r.Trend.Sections[0].Suppressed ||
		math.Abs(*r.Trend.After-*all.Nodes[0].Points.Mean) > 1e-12 {
		t.Errorf("trend %+v", r.Trend)
	}
}

// TestTheLastPartIsNotWhatIsLeft: in a district of eight, a section of two questions, of which one
// changed in three towns, would tell it by its mean and the other's.
func TestTheLastPartIsNotWhatIsLeft(t *testing.T) {
	for n, want := range map[int]bench.Reason{8: bench.Complement, 40: ""} { // 40 rounded towns tell nothing any more
		rnd := rand.New(rand.NewSource(3))
		first := newRoundSetup(setup.Gauge(), rnd, n, 1, 1)
		for i, ags := range first.participants() {
			first.answers[ags]["s0-q1"] = setup.Percent(float64(50 + i%3))
		}
		first.publish(t)
		path := setup.Path(t, first.d)
		second := first.next(rnd, path, 0, 0, 0)
		for i, ags := range second.participants() {
			second.answers[ags]["s1-q0"], second.answers[ags]["s1-q1"] = setup.Percent(float64(i)),
				setup.Percent(float64(i))
			if i < 3 {
				second.answers[ags]["s0-q1"] = setup.Percent(60)
			}
			if i > 2 {
				second.answers[ags]["s0-q0"] = setup.Percent(float64(i))
			}
		}
		r := second.publish(t, first.asOther(1, path, second))
		all, _ := r.Report.Group(region.All)
		for node, want := range map[bench.NodeID]bench.Reason{"section:s0": "", "question:s0-q0": want,
			"question:s0-q1": bench.Complement} {
			if got, _ := all.Node(node); got.Reasons["mean"] != want || (got.Points.Mean == nil) != (want != "") {
				t.Errorf("%d towns, %s: %v, want %q", n, node, got.Reasons, want)
			}
		}
	}
}

// TestDistributionOfTheNewRound: six join and all choose "g", the others confirm: the two
// distributions would tell.
func TestDistributionOfTheNewRound(t *testing.T) {
	for option, want := range map[int16]bench.Reason{2: bench.Distribution, 1: ""} {
		records := setup.OfDistrict("05954", 26)
		for i := 20; i < 26; i++ {
			records[i].Chosen = []int16{2}
			if i > 22 {
				records[i].Chosen[0] = option
			}
		}
		first := disclose(t, setup.Flat(), records[:20])
		e := OtherRound{Round: 1, Path: setup.Path(t, setup.Flat()), Releases: []Release{*first}, Records: records[:20]}
		r, err := Disclose(Request{Definition: setup.Flat(), Records: records, Groups: setup.Groups(records),
			Rules: DefaultRules(), Others: []OtherRound{e}})
		if err != nil {
			t.Fatal(err)
		}
		n, _ := r.Report.Groups[0].Node("question:q")
		if n.Points.Median == nil || (n.Options == nil) != (want != "") || n.Reasons["options"] != want {
			t.Errorf("option %d: options %v, reasons %v", option, n.Options, n.Reasons)
		}
	}
}
