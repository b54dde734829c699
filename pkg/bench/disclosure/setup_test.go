package disclosure

import (
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// roundSetup is one round of a region: its towns, what they answer, its releases.
type roundSetup struct {
	d        *checklist.Definition
	sizes    map[region.AGS]int
	answers  map[region.AGS]score.Answers
	releases []Release
}

func (c *roundSetup) participants() []region.AGS { return slices.Sorted(maps.Keys(c.answers)) }

func (c *roundSetup) records() (list []bench.Record) {
	for _, ags := range c.participants() {
		list = append(list, bench.NewRecord(c.d, ags, c.sizes[ags], c.answers[ags]))
	}
	return list
}

func (c *roundSetup) groups() []region.Group { return setup.Groups(c.records()) }

// asOther returns the roundSetup as a later one is told of it.
func (c *roundSetup) asOther(round int64, path *carry.Path, next *roundSetup) OtherRound {
	e := OtherRound{Round: round, Path: path, Releases: c.releases, Records: c.records(),
		Shifts: map[region.AGS]shift.Shift{}, Unchanged: map[region.AGS]shift.Unchanged{}}
	for ags, before := range c.answers {
		if after, ok := next.answers[ags]; ok {
			e.Shifts[ags], e.Unchanged[ags] = shift.NewWay(path).Between(before, after)
		}
	}
	return e
}

// publish adds a release.
func (c *roundSetup) publish(t testing.TB, others ...OtherRound) *Release {
	t.Helper()
	r, err := Disclose(Request{Definition: c.d, Records: c.records(), Groups: c.groups(), Rules: DefaultRules(),
		Own: c.releases, Others: others})
	if err != nil {
		t.Fatal(err)
	}
	c.releases = append(c.releases, *r)
	return r
}

// newRoundSetup lets n towns of some districts and size classes answer at random.
func newRoundSetup(d *checklist.Definition, rnd *rand.Rand, n, districts, sizes int) *roundSetup {
	c := &roundSetup{d: d, sizes: map[region.AGS]int{}, answers: map[region.AGS]score.Answers{}}
	for i := range n {
		c.join(rnd, region.AGS(fmt.Sprintf("%05d%03d", 5000+min(rnd.Intn(districts+1), districts-1), i)),
			[]int{8000, 15_000, 30_000}[rnd.Intn(sizes)])
	}
	return c
}

func (c *roundSetup) join(rnd *rand.Rand, ags region.AGS, size int) {
	c.sizes[ags], c.answers[ags] = size, score.Answers{}
	for _, q := range c.d.Questions() {
		c.answers[ags][q.ID] = answer(q, rnd)
	}
}

func answer(q *checklist.Question, rnd *rand.Rand) checklist.Answer {
	if q.NotApplicable && rnd.Intn(20) == 0 {
		return checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "gibt es hier nicht"}
	}
	return setup.Percent(min(max(100*(0.55+0.2*rnd.NormFloat64()), 0), 100))
}

// next carries every answer over along a path, but for the towns that leave and the share of
// answers that change; newcomers join.
func (c *roundSetup) next(rnd *rand.Rand, path *carry.Path, leavers, newcomers int, changed float64) *roundSetup {
	n := &roundSetup{d: path.To(), sizes: maps.Clone(c.sizes), answers: map[region.AGS]score.Answers{}}
	for _, ags := range c.participants() {
		if rnd.Intn(len(c.answers)) < leavers {
			continue
		}
		old := path.Carry(c.answers[ags])
		answers := score.Answers{}
		for _, q := range path.To().Questions() {
			p, ok := old.Proposal(q.ID)
			if ok && p.Reason == "" && rnd.Float64() >= changed {
				answers[q.ID] = p.Answer
			} else {
				answers[q.ID] = answer(q, rnd)
			}
		}
		n.answers[ags] = answers
	}
	for i := range newcomers {
		n.join(rnd, region.AGS(fmt.Sprintf("%05d%03d", 5000+rnd.Intn(3), 900+len(c.sizes)+i)), 15_000)
	}
	return n
}
