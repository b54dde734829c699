package disclosure

import (
	"fmt"
	"maps"
	"math"
	"math/rand"
	"slices"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// valueSet is a set of published values: towns with what tells their value apart from another of
// theirs.
type valueSet map[region.AGS]string

// combinations adds and subtracts published sets, each at most once, and returns the least
// number of towns, but not none, of which something is left. It shares nothing with the control.
func combinations(sets []valueSet) int {
	tokens := map[region.AGS]map[string]uint32{}
	for i, s := range sets {
		for ags, value := range s {
			if tokens[ags] == nil {
				tokens[ags] = map[string]uint32{}
			}
			tokens[ags][value] |= 1 << i
		}
	}
	kinds := map[string]int{} // towns in the same sets with their values
	masks := [][]uint32{}
	towns := []int{}
	for _, values := range tokens {
		list := slices.Sorted(maps.Values(values))
		key := fmt.Sprint(list)
		if _, ok := kinds[key]; !ok {
			kinds[key] = len(masks)
			masks, towns = append(masks, list), append(towns, 0)
		}
		towns[kinds[key]]++
	}
	var flat []uint32
	var owner []int
	for k, list := range masks {
		for _, m := range list {
			flat, owner = append(flat, m), append(owner, k)
		}
	}
	sum := make([]int8, len(flat))
	least := math.MaxInt
	var try func(at int, any bool)
	try = func(at int, any bool) {
		if at == len(sets) {
			left, last := 0, -1
			for i, f := range sum {
				if f != 0 && owner[i] != last {
					last = owner[i]
					if left += towns[last]; left >= least {
						return
					}
				}
			}
			if left > 0 {
				least = left
			}
			return
		}
		add := func(f int8) {
			for i, m := range flat {
				if m&(1<<at) != 0 {
					sum[i] += f
				}
			}
		}
		try(at+1, any)
		add(1)
		try(at+1, true)
		if any { // else it is the same with the signs turned
			add(-2)
			try(at+1, true)
			add(1)
		} else {
			add(-1)
		}
	}
	try(0, false)
	return least
}

// The published things the brute force looks at, and the gauge's questions they are made of by the
// ids of the first version. Two rounds have the same value where all of these are answered alike.
var gauged = map[bench.NodeID][]checklist.QuestionID{
	bench.Total: {"s0-q0", "s0-q1", "s1-q0", "s1-q1"}, "section:s0": {"s0-q0", "s0-q1"},
	"section:s1":     {"s1-q0", "s1-q1"},
	"question:s0-q0": {"s0-q0"}, "question:s1-q1": {"s1-q1"},
}

// value is what tells a town's value of a node from another of its values; empty if it has none.
func (c *roundSetup) value(ags region.AGS, node bench.NodeID) (text string) {
	for _, id := range gauged[node] {
		if c.d.Ordinal(id) < 0 {
			id = "neuer-name"
		}
		a := c.answers[ags][id]
		if a.Kind == checklist.AnswerNotApplicable && len(gauged[node]) == 1 {
			return ""
		}
		text += a.Number.String() + a.Text + " "
	}
	return text
}

// sets collects the towns behind a node's mean in every group of the newest release that shows it,
// and behind the trend.
func (c *roundSetup) sets(node bench.NodeID, before *roundSetup) (list []valueSet) {
	add := func(from *roundSetup, towns []region.AGS) {
		set := valueSet{}
		for _, ags := range towns {
			if v := from.value(ags, node); v != "" {
				set[ags] = v
			}
		}
		if !slices.ContainsFunc(list, func(k valueSet) bool { return maps.Equal(k, set) }) {
			list = append(list, set)
		}
	}
	r := &c.releases[len(c.releases)-1]
	shown := node
	if node == "question:s0-q0" && c.d.Ordinal("s0-q0") < 0 {
		shown = "question:neuer-name"
	}
	for _, group := range c.groups() {
		g, _ := r.Report.Group(group.ID)
		if n, ok := g.Node(shown); ok && n.Points.Mean != nil {
			add(c, group.Members)
		}
	}
	if r.showsTrend(node) {
		both := slices.DeleteFunc(c.participants(), func(ags region.AGS) bool { return before.answers[ags] == nil })
		add(c, both)
		add(before, both)
	}
	return list
}

func (r *Release) showsTrend(node bench.NodeID) bool {
	if r.Trend == nil || node == bench.Total {
		return r.Trend != nil && r.Trend.After != nil
	}
	return slices.ContainsFunc(r.Trend.Sections, func(s TrendSection) bool {
		return bench.SectionNode(s.ID) == node &&
			s.Comparable != nil
	})
}

// series plays some rounds of a region; what a later one is told of the others is up to informed.
func series(t testing.TB, rnd *rand.Rand, n, sizes, rounds int,
	informed func(others []OtherRound) []OtherRound) []*roundSetup {
	first := setup.Gauge()
	list := []*roundSetup{newRoundSetup(first, rnd, n, 2+rnd.Intn(2), sizes)}
	list[0].publish(t)
	versions := []*checklist.Definition{first}
	for range rounds - 1 {
		last := list[len(list)-1]
		path := setup.Path(t, last.d)
		if last.d.Version == "1.0.0" && rnd.Intn(2) == 0 {
			versions = append(versions, setup.GaugeNext())
			path = setup.Path(t, versions...)
		}
		few := []float64{0, 0.02, 0.1, 0.25}[rnd.Intn(4)]
		next := last.next(rnd, path, rnd.Intn(8)*rnd.Intn(2), rnd.Intn(10)*rnd.Intn(2), few)
		var others []OtherRound
		for i, c := range list {
			way := setup.Path(t, next.d)
			if c.d.Version != next.d.Version {
				way = setup.Path(t, versions...)
			}
			others = append(others, c.asOther(int64(i), way, next))
		}
		next.publish(t, informed(others)...)
		list = append(list, next)
	}
	return list
}

func tell(others []OtherRound) []OtherRound { return others }
func tellNothing([]OtherRound) []OtherRound { return nil }

// leastApart adds and subtracts everything that some rounds published of each node, and returns
// the fewest towns that something tells about, and how many sets are shown. More sets than can be
// tried are tried in part.
func leastApart(rnd *rand.Rand, rounds []*roundSetup, which ...int) (least, shown int) {
	const most = 11
	least = math.MaxInt
	for _, node := range slices.Sorted(maps.Keys(gauged)) {
		var sets []valueSet
		for _, i := range which {
			sets = append(sets, rounds[i].sets(node, rounds[max(i-1, 0)])...)
		}
		shown += len(sets)
		if len(sets) > most {
			rnd.Shuffle(len(sets), func(i, j int) { sets[i], sets[j] = sets[j], sets[i] })
		}
		least = min(least, combinations(sets[:min(len(sets), most)]))
	}
	return least, shown
}

// TestRoundsTellNoTownsApart: whoever knows who takes part, and even which towns changed an answer,
// subtracts whatever two rounds published, trends included, and never gets at fewer than five
// towns. Without the check he mostly does. Sums over three rounds are not ruled out, but rare.
func TestRoundsTellNoTownsApart(t *testing.T) {
	play := func(seeds int64, informed func([]OtherRound) []OtherRound) (pairs, triples, apart, apart3, shown int) {
		for seed := range seeds {
			rnd := rand.New(rand.NewSource(seed))
			rounds := series(t, rnd, 20+rnd.Intn(21), 1+int(seed)%2, 2+int(seed)%2, informed)
			for b := range rounds {
				for a := range b {
					least, n := leastApart(rnd, rounds, a, b)
					pairs, shown = pairs+1, shown+n
					if least < 5 {
						apart++
					}
				}
			}
			if len(rounds) == 3 {
				triples++
				if least, _ := leastApart(rnd, rounds, 0, 1, 2); least < 5 {
					apart3++
				}
			}
		}
		return pairs, triples, apart, apart3, shown
	}
	pairs, triples, apart, apart3, shown := play(60, tell)
	if apart > 0 || apart3*20 > triples {
		t.Errorf("%d of %d pairs and %d of %d triples of rounds tell about a few towns", apart, pairs, apart3, triples)
	}
	unchecked, _, apartUnchecked, _, all := play(20, tellNothing)
	if apartUnchecked*10 < unchecked*8 {
		t.Errorf("only %d of %d pairs tell anything without the check: the search finds too little", apartUnchecked,
			unchecked)
	}
	if 3*shown/pairs < all/unchecked {
		t.Errorf("%d sets are shown in %d pairs, unchecked %d in %d: a control that hides everything proves nothing",
			shown, pairs, all, unchecked)
	}
}
