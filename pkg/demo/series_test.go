package demo_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/demo"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

func welcome(t testing.TB, participants ...int) []demo.Wave {
	t.Helper()
	all := definitions(t)
	var waves []demo.Wave
	for i, v := range []string{"1.0.0", "1.1.0", "2.0.0"} {
		waves = append(waves, demo.Wave{Definition: all["willkommen@"+v], Participants: participants[i]})
	}
	return waves
}

func series(t testing.TB, waves []demo.Wave, list []region.Municipality, seed int64) [][]demo.Assessment {
	t.Helper()
	all, err := demo.Series(waves, list, seed)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// checkSeries looks at what holds for any series.
func checkSeries(t interface {
	Errorf(string, ...any)
}, waves []demo.Wave, all [][]demo.Assessment) {
	if len(all) != len(waves) {
		t.Errorf("%d rounds of %d waves", len(all), len(waves))
	}
	for k, plan := range all {
		checkPlan(t, waves[k].Definition, plan)
		if s, _, _, _ := count(plan); s != min(max(waves[k].Participants, 0), len(plan)) {
			t.Errorf("round %d: %d submitted", k, s)
		}
		for i := range plan {
			checkOrigin(t, waves, all, k, &plan[i], i)
		}
	}
}

func checkOrigin(t interface {
	Errorf(string, ...any)
}, waves []demo.Wave, all [][]demo.Assessment, k int, a *demo.Assessment, town int) {
	from := 0
	for j := range k {
		if all[j][town].State == demo.Submitted {
			from = j + 1
		}
	}
	if a.From != from || from == 0 && len(a.Carried) > 0 {
		t.Errorf("round %d, %s: from %d with %d, want %d", k, a.Town.Name, a.From, len(a.Carried), from)
		return
	}
	if from == 0 {
		return
	}
	var versions []*checklist.Definition
	for _, w := range waves[from-1 : k+1] {
		versions = append(versions, w.Definition)
	}
	path, err := carry.NewPath(versions...)
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	over := path.Carry(all[from-1][town].Answers)
	for id, sources := range a.Carried {
		p, ok := over.Proposal(id)
		if !ok || p.Reason != "" || !p.Answer.Equal(a.Answers[id]) || !slices.Equal(p.Sources, sources) {
			t.Errorf("round %d, %s: %s was not carried over", k, a.Town.Name, id)
		}
	}
	for _, l := range a.Evidence {
		if l.Carried && a.Carried[l.Question] == nil {
			t.Errorf("round %d, %s: a link came along without an answer", k, a.Town.Name)
		}
	}
}

func TestSeriesOfTheDemo(t *testing.T) {
	list := towns(t)
	waves := welcome(t, 24, 31, 38)
	for _, seed := range []int64{1, 2, 3, 4, -7} {
		all := series(t, waves, list, seed)
		checkSeries(t, waves, all)
		if again := series(t, waves, list, seed); !reflect.DeepEqual(all, again) {
			t.Errorf("seed %d gives two series", seed)
		}
		if other := series(t, waves, list, seed+1); reflect.DeepEqual(all, other) {
			t.Errorf("seed %d gives the series of the next", seed)
		}
		plausible(t, waves[2].Definition, all[2])
		comesAndGoes(t, all)
		t.Logf("seed %d: medians %.3f %.3f %.3f", seed, median(waves, all, 0), median(waves, all, 1),
			median(waves, all, 2))
	}
}

// comesAndGoes looks for what the pages about versions need: newcomers and leavers, a town
// that has confirmed a part, one that has not begun.
func comesAndGoes(t *testing.T, all [][]demo.Assessment) {
	t.Helper()
	for k := 1; k < len(all); k++ {
		stayed, left, came := 0, 0, 0
		for i := range all[k] {
			was, is := all[k-1][i].State == demo.Submitted, all[k][i].State == demo.Submitted
			switch {
			case was && is:
				stayed++
			case was:
				left++
			case is:
				came++
			}
		}
		if stayed < 15 || left < 5 || came < 5 {
			t.Errorf("round %d: %d stayed, %d left, %d came", k, stayed, left, came)
		}
	}
	begun, waiting, carried, moved := 0, 0, 0, 0
	for _, a := range all[len(all)-1] {
		switch {
		case a.From == 0:
		case a.State == demo.Draft && len(a.Carried) > 5:
			begun++
		case a.State == demo.Untouched:
			waiting++
		case a.State == demo.Submitted:
			carried += len(a.Carried)
			moved += len(a.Answers) - len(a.Carried)
		}
	}
	if begun < 1 || waiting < 1 || carried < moved || moved == 0 {
		t.Errorf("%d have confirmed a part, %d have not begun; %d answers taken over and %d not", begun, waiting,
			carried, moved)
	}
}

func median(waves []demo.Wave, all [][]demo.Assessment, k int) float64 {
	var scores []float64
	for _, a := range all[k] {
		if a.State == demo.Submitted {
			scores = append(scores, *score.Score(waves[k].Definition, a.Answers).Score)
		}
	}
	slices.Sort(scores)
	return scores[len(scores)/2]
}

// Same questions, new answers: towns that take part twice are further on at the second time.
func TestTownsImprove(t *testing.T) {
	waves := welcome(t, 24, 31, 38)
	all := series(t, waves, towns(t), 1)
	for k := 1; k < len(all); k++ {
		path, err := carry.NewPath(waves[k-1].Definition, waves[k].Definition)
		if err != nil {
			t.Fatal(err)
		}
		var gains []float64
		for i, a := range all[k] {
			before := all[k-1][i]
			if a.State != demo.Submitted || before.State != demo.Submitted {
				continue
			}
			old := score.Answers{}
			for _, p := range path.Carry(before.Answers).Proposals {
				if p.Reason == "" {
					old[p.Question] = p.Answer
				}
			}
			common := path.Common()
			then, now := score.Among(waves[k].Definition, old, common), score.Among(waves[k].Definition, a.Answers,
				common)
			if then.Score != nil && now.Score != nil {
				gains = append(gains, *now.Score-*then.Score)
			}
		}
		if m := mean(gains); len(gains) < 15 || m < 0.01 || m > 0.15 || slices.Min(gains) > 0 {
			t.Errorf("round %d: %d towns gain %.3f on average, at least %.3f", k, len(gains), m, slices.Min(gains))
		}
	}
}

// Most of what was answered once is still of use, and some is not: else the demo shows nothing.
func TestShareThatCarriesOver(t *testing.T) {
	waves := welcome(t, 24, 31, 38)
	all := series(t, waves, towns(t), 1)
	for _, c := range []struct {
		from      int
		low, high float64
	}{{0, 0.70, 0.85}, {1, 0.72, 0.90}} {
		var versions []*checklist.Definition
		for _, w := range waves[c.from:] {
			versions = append(versions, w.Definition)
		}
		path, err := carry.NewPath(versions...)
		if err != nil {
			t.Fatal(err)
		}
		outcomes, reasons, n := map[carry.Outcome]int{}, map[carry.Reason]int{}, 0
		for _, a := range all[c.from] {
			if a.State != demo.Submitted {
				continue
			}
			over := path.Carry(a.Answers)
			for _, o := range over.Outcomes {
				outcomes[o]++
				n++
			}
			for _, p := range over.Proposals {
				reasons[p.Reason]++
			}
		}
		share := float64(outcomes[carry.Carried]) / float64(n)
		t.Logf("from %s: %.1f %% of %d carried over, %v, %v", versions[0].Version, share*100, n, outcomes, reasons)
		for _, r := range []carry.Reason{carry.ReasonMeaning, carry.ReasonMerge, carry.ReasonNumber,
			carry.ReasonNotApplicable} {
			if reasons[r] == 0 {
				t.Errorf("from %s: nobody is asked anew for %s", versions[0].Version, r)
			}
		}
		if share < c.low || share > c.high || outcomes[carry.Asked] == 0 || outcomes[carry.Retired] == 0 {
			t.Errorf("from %s: %.3f, %v", versions[0].Version, share, outcomes)
		}
	}
}

func TestSeriesAtItsEdges(t *testing.T) {
	list := towns(t)
	for _, n := range [][]int{{0, 0, 0}, {59, 59, 59}, {59, 0, 59}, {2, 2, 3}, {0, 1, 59}, {40, 12, 12}, {-3, 70, 58}} {
		waves := welcome(t, n...)
		checkSeries(t, waves, series(t, waves, list, 1))
		checkSeries(t, waves, series(t, waves, list[:3], 1))
		checkSeries(t, waves, series(t, waves, nil, 1))
	}
	waves := welcome(t, 3, 3, 3)
	if _, err := demo.Series([]demo.Wave{waves[0], waves[2]}, list, 1); err == nil {
		t.Error("2.0.0 is taken for the successor of 1.0.0")
	}
	if all := series(t, nil, list, 1); len(all) != 0 {
		t.Errorf("%d rounds of nothing", len(all))
	}
	alone := series(t, waves[:1], list, 5)
	if !reflect.DeepEqual(alone[0], demo.Plan(waves[0].Definition, list, 3, 5)) {
		t.Error("a series of one round is another than the round")
	}
}

// Any checklist that is asked again and again gets valid answers every time.
func TestSeriesOfAnyChecklist(t *testing.T) {
	list := towns(t)
	rapid.Check(t, func(t *rapid.T) {
		d := drawDefinition(t)
		var waves []demo.Wave
		for range rapid.IntRange(1, 4).Draw(t, "rounds") {
			waves = append(waves, demo.Wave{Definition: d, Participants: rapid.IntRange(0, 20).Draw(t, "participants")})
		}
		all, err := demo.Series(waves, list[:rapid.IntRange(0, 20).Draw(t, "towns")], rapid.Int64().Draw(t, "seed"))
		if err != nil {
			t.Fatal(err)
		}
		checkSeries(t, waves, all)
	})
}
