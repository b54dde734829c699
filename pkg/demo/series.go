package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// Wave is one round of a series.
type Wave struct {
	Definition   *checklist.Definition
	Participants int // submitted assessments, at most as many as there are towns
}

// Series makes up rounds that follow one another, the oldest first, each with one entry per
// town in the order of towns. Each version must lead to the next one's; else the fault of
// carry.NewPath.
//
// Of those who submit in a round, seven of ten do so in the next, and others join them. Of the
// other towns up to six have begun, one has opened its assessment and answered nothing, the
// rest has not appeared; among the begun and the absent ones are towns that submitted before,
// if there are any. What a town answered last is taken over as far as the versions allow; most
// of it stays, some is a step better, a little is worse. In the last round one newcomer has most
// of what it says "not applicable", if the checklist and 12 participants allow it.
func Series(waves []Wave, towns []region.Municipality, seed int64) ([][]Assessment, error) {
	s := series{waves: waves, towns: towns, seed: seed}
	for i := range waves {
		for j := range i {
			p, err := path(waves[j : i+1])
			if err != nil {
				return nil, err
			}
			s.paths = append(s.paths, p)
		}
	}
	var all [][]Assessment
	for range waves {
		all = append(all, s.next(all))
	}
	return all, nil
}

func path(waves []Wave) (*carry.Path, error) {
	versions := make([]*checklist.Definition, len(waves))
	for i, w := range waves {
		versions[i] = w.Definition
	}
	return carry.NewPath(versions...)
}

// series is what all rounds of a series are made from.
type series struct {
	waves []Wave
	towns []region.Municipality
	seed  int64
	paths []*carry.Path // from every wave to every later one: 0-1, 0-2, 1-2, 0-3, ...
}

// path leads from one wave to a later one.
func (s *series) path(from, to int) *carry.Path { return s.paths[to*(to-1)/2+from] }

// next makes up the round after the given ones.
func (s *series) next(before [][]Assessment) []Assessment {
	k := len(before)
	plan := make([]Assessment, len(s.towns))
	for i, t := range s.towns {
		plan[i] = Assessment{Town: t, Answers: score.Answers{}, Comments: map[checklist.QuestionID]string{}}
		for j := range before {
			if before[j][i].State == Submitted {
				plan[i].From = j + 1
			}
		}
	}
	submitted, rest := s.turnout(plan, k)
	spared := -1
	if k == len(s.waves)-1 && len(submitted) >= 12 {
		spared = newcomer(plan, submitted)
	}
	for _, i := range submitted {
		plan[i].State = Submitted
		s.fill(&plan[i], k, i, before, i == spared)
	}
	d := s.waves[k].Definition
	for n, i := range rest[:min(len(rest), 1+min(len(drafts), len(rest)/2))] {
		a := &plan[i]
		a.State = Draft
		a.Offset = 0.1 + 0.8*s.generator("offset", k, a.Town.AGS).Float64()
		if n > 0 {
			s.fill(a, k, i, before, false)
			a.shorten(d, drafts[n-1])
		}
	}
	if len(submitted) > 0 {
		spreadHostile(d, plan, submitted)
	}
	return plan
}

// generator is one for a town in a wave. The first wave's are those of a round that stands alone.
func (s *series) generator(purpose string, wave int, ags region.AGS) *rand.Rand {
	if wave == 0 {
		return generator(s.seed, purpose, string(ags))
	}
	return generator(s.seed, purpose, string(ags), fmt.Sprint(wave))
}

// newcomer returns the second of the towns that have never submitted, or the only one.
func newcomer(plan []Assessment, submitted []int) int {
	found := -1
	for _, i := range submitted {
		if plan[i].From != 0 {
			continue
		}
		if found >= 0 {
			return i
		}
		found = i
	}
	return found
}

// faithful is the share of a round's participants that submit in the next one too: with many
// more, so few would have left that a release could not show how the others have changed.
const faithful = 0.7

// turnout draws who submits, and in which order the others come.
func (s *series) turnout(plan []Assessment, k int) (submitted, rest []int) {
	purpose := []string{"order"}
	if k > 0 {
		purpose = append(purpose, fmt.Sprint(k))
	}
	order := generator(s.seed, purpose...).Perm(len(plan))
	n := min(max(s.waves[k].Participants, 0), len(plan))
	last := func(i int) bool { return k > 0 && plan[i].From == k }
	regulars := slices.DeleteFunc(slices.Clone(order), func(i int) bool { return !last(i) })
	others := slices.DeleteFunc(order, last)
	stay := min(max(int(math.Round(faithful*float64(len(regulars)))), n-len(others)), len(regulars), n)
	submitted = append(slices.Clone(others[:n-stay]), regulars[:stay]...)
	known := slices.Clone(regulars[stay:])
	var strangers []int
	for _, i := range others[n-stay:] {
		if plan[i].From > 0 {
			known = append(known, i)
		} else {
			strangers = append(strangers, i)
		}
	}
	return submitted, queue(strangers, known)
}

// queue takes turns between towns that have never submitted and those that have, but leaves
// one of the latter for the end, so that there is one that has not begun.
func queue(strangers, known []int) []int {
	var last []int
	if n := len(known); n > 1 {
		known, last = known[:n-1], known[n-1:]
	}
	var list []int
	for i := range max(len(strangers), len(known)) {
		if i < len(strangers) {
			list = append(list, strangers[i])
		}
		if i < len(known) {
			list = append(list, known[i])
		}
	}
	return append(list, last...)
}

// fill answers what a town is asked in a wave, with all that stands around the answers.
func (s *series) fill(a *Assessment, wave, town int, before [][]Assessment, spared bool) {
	d := s.waves[wave].Definition
	profile := ProfileOf(a.Town, s.seed)
	profile.NotApplicable = spared
	a.Answers = draw(d, s.seed, a.Town.AGS, profile)
	if a.From > 0 {
		a.follow(s.path(a.From-1, wave), &before[a.From-1][town], s.generator("follow", wave, a.Town.AGS))
	}
	dropInactive(d, a.Answers)
	for id := range a.Carried {
		if _, ok := a.Answers[id]; !ok {
			delete(a.Carried, id)
		}
	}
	a.around(d, s.generator("around", wave, a.Town.AGS))
	if a.From > 0 {
		a.bring(d, &before[a.From-1][town])
	}
}
