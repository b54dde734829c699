package disclosure

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// randomRegion is a made-up region whose rounds are drawn by lot: definitions, towns, groups,
// thresholds, names, corrections, other rounds.
type randomRegion struct {
	rnd      *rand.Rand
	versions []*checklist.Definition // one, or two that follow each other
	rules    Rules
	sizes    map[region.AGS]int
	all      []region.AGS
	answer   func(q *checklist.Question) (checklist.Answer, bool)
	rounds   []*randomRound
	out      []string // the stored releases and the errors
}

type randomRound struct {
	version  int
	answers  map[region.AGS]score.Answers // of those that submitted
	groups   []region.Group               // fixed when it opened
	consents map[region.AGS]Consent
	releases []Release
}

// randomReleases plays a region and returns every release, as it is stored, or the error.
func randomReleases(t testing.TB, seed int64) []string {
	g := newRandomRegion(rand.New(rand.NewSource(seed)))
	for range 1 + g.rnd.Intn(3) {
		r := g.open()
		g.rounds = append(g.rounds, r)
		for range 1 + g.rnd.Intn(3) {
			g.publish(t, len(g.rounds)-1)
			g.correct(r)
		}
	}
	if len(g.rounds) > 1 && g.rnd.Intn(2) == 0 {
		old := g.rnd.Intn(len(g.rounds) - 1)
		g.correct(g.rounds[old])
		g.publish(t, old)
	}
	return g.out
}

// longSeries plays long series of rounds, whose publications are more than can be paired, with
// sections that are renamed.
func longSeries(t testing.TB, seed int64) []string {
	rnd := rand.New(rand.NewSource(seed))
	g := newRandomRegion(rnd)
	if rnd.Intn(2) == 0 {
		next := setup.Next(3)
		next.Sections[rnd.Intn(3)].ID = "umbenannt"
		g.versions = []*checklist.Definition{setup.Checklist(3), next.Index()}
	}
	for range 4 + rnd.Intn(3) {
		r := g.open()
		if rnd.Intn(3) == 0 {
			r.groups = r.groups[:min(len(r.groups), 1)]
		}
		g.rounds = append(g.rounds, r)
		for range 1 + rnd.Intn(4) {
			g.publish(t, len(g.rounds)-1)
			if rnd.Intn(2) == 0 {
				g.correct(r)
			}
		}
	}
	for range 3 {
		old := rnd.Intn(len(g.rounds))
		g.correct(g.rounds[old])
		g.publish(t, old)
	}
	return g.out
}

func newRandomRegion(rnd *rand.Rand) *randomRegion {
	g := &randomRegion{rnd: rnd, rules: DefaultRules(), sizes: map[region.AGS]int{}}
	sections := 1 + rnd.Intn(3)
	switch rnd.Intn(4) {
	case 0:
		g.versions = []*checklist.Definition{setup.Gauge(), setup.GaugeNext()}
	case 1:
		g.versions = []*checklist.Definition{setup.Checklist(sections)}
	default:
		g.versions = []*checklist.Definition{setup.Checklist(sections), setup.Next(sections)}
	}
	if rnd.Intn(3) == 0 {
		threshold := 3 + rnd.Intn(4)
		g.rules = Rules{Threshold: threshold, Quartiles: threshold + rnd.Intn(8), MinOption: 3 + rnd.Intn(2)}
	}
	districts, sizes, skew := 1+rnd.Intn(4), 1+rnd.Intn(4), rnd.Intn(3)
	for i := range 4 + rnd.Intn(44) {
		district, size := min(rnd.Intn(districts+1), districts-1), rnd.Intn(sizes)
		if rnd.Intn(3) < skew {
			size = district % sizes
		}
		ags := region.AGS(fmt.Sprintf("%05d%03d", 5000+district, i))
		g.all = append(g.all, ags)
		g.sizes[ags] = []int{5000, 15_000, 30_000, 80_000}[size]
	}
	notApplicable, uniform := rnd.Intn(30), rnd.Intn(3) == 0
	usual := map[checklist.QuestionID]float64{}
	g.answer = func(q *checklist.Question) (checklist.Answer, bool) {
		at := rnd.Float64()
		if u, ok := usual[q.ID]; ok {
			if rnd.Intn(12) > 0 {
				at = u
			}
		} else if uniform && rnd.Intn(2) == 0 {
			usual[q.ID] = []float64{0, 0.5, 0.99}[rnd.Intn(3)]
		}
		switch {
		case q.NotApplicable && rnd.Intn(100) < notApplicable:
			return checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "gibt es hier nicht"}, true
		case rnd.Intn(60) == 0:
			return checklist.Answer{}, false
		case q.Type == checklist.TypeNumber:
			return setup.Percent(100 * at), true
		}
		o := q.Options[int(at*float64(len(q.Options)))].ID
		return checklist.Answer{Kind: checklist.AnswerOptions, Options: []checklist.OptionID{o}}, true
	}
	return g
}

func (g *randomRegion) answerAll(d *checklist.Definition) score.Answers {
	answers := score.Answers{}
	for _, q := range d.Questions() {
		if a, ok := g.answer(q); ok {
			answers[q.ID] = a
		}
	}
	return answers
}

// open begins a round in which most towns take part and carry most answers over.
func (g *randomRegion) open() *randomRound {
	r := &randomRound{answers: map[region.AGS]score.Answers{}, consents: map[region.AGS]Consent{}}
	var last *randomRound
	if n := len(g.rounds); n > 0 {
		last = g.rounds[n-1]
		r.version = last.version
	}
	if r.version+1 < len(g.versions) && g.rnd.Intn(3) == 0 {
		r.version++
	}
	var members []region.Member
	for _, ags := range g.all {
		if g.rnd.Intn(12) > 0 {
			members = append(members, region.Member{AGS: ags, Population: g.sizes[ags]})
		}
	}
	r.groups = region.Groups(members)
	switch g.rnd.Intn(24) {
	case 0:
		r.groups = r.groups[:1]
	case 1:
		r.groups = slices.Delete(r.groups, len(r.groups)-1, len(r.groups))
	case 2:
		r.groups = nil
	}
	late := []int{0, 0, 4, 2}[g.rnd.Intn(4)]
	changed := []float64{0, 0.02, 0.1, 0.3, 1}[g.rnd.Intn(5)]
	for _, m := range members {
		if late > 0 && g.rnd.Intn(late) == 0 {
			continue
		}
		r.answers[m.AGS] = g.carry(last, r, m.AGS, changed)
	}
	if g.rnd.Intn(3) == 0 {
		for _, m := range members {
			if g.rnd.Intn(3) > 0 {
				r.consents[m.AGS] = Consent{Total: g.rnd.Intn(2) == 0, Sections: g.rnd.Intn(3) == 0,
					Examples: g.rnd.Intn(2) == 0}
			}
		}
	}
	return r
}

func (g *randomRegion) carry(last, r *randomRound, ags region.AGS, changed float64) score.Answers {
	fresh := g.answerAll(g.versions[r.version])
	if last == nil || last.answers[ags] == nil {
		return fresh
	}
	path, err := carry.NewPath(g.versions[last.version : r.version+1]...)
	if err != nil {
		panic(err)
	}
	for _, p := range path.Carry(last.answers[ags]).Proposals {
		if p.Reason == "" && g.rnd.Float64() >= changed {
			fresh[p.Question] = p.Answer
		}
	}
	return fresh
}

// correct lets towns come late, change their answers or withdraw.
func (g *randomRegion) correct(r *randomRound) {
	d := g.versions[r.version]
	for range []int{0, 0, 2, 6, 9}[g.rnd.Intn(5)] {
		ags := g.all[g.rnd.Intn(len(g.all))]
		if r.answers[ags] == nil {
			r.answers[ags] = g.answerAll(d)
		}
	}
	submitted := slices.Sorted(maps.Keys(r.answers))
	for range []int{0, 0, 0, 0, 0, 2, 7, 9}[g.rnd.Intn(8)] {
		if len(submitted) > 0 {
			r.answers[submitted[g.rnd.Intn(len(submitted))]] = g.answerAll(d)
		}
	}
	for range []int{0, 0, 0, 0, 0, 0, 0, 1, 6}[g.rnd.Intn(9)] {
		if len(submitted) > 0 {
			delete(r.answers, submitted[g.rnd.Intn(len(submitted))])
		}
	}
}

func (g *randomRegion) records(r *randomRound) (list []bench.Record) {
	for _, ags := range slices.Sorted(maps.Keys(r.answers)) {
		list = append(list, bench.NewRecord(g.versions[r.version], ags, g.sizes[ags], r.answers[ags]))
	}
	return list
}

// others is what is told of the other rounds: mostly all of it.
func (g *randomRegion) others(t testing.TB, at int) (list []OtherRound) {
	r := g.rounds[at]
	for i, o := range g.rounds {
		if i == at || g.rnd.Intn(20) == 0 {
			continue
		}
		from, to := o, r
		if i > at {
			from, to = r, o
		}
		path := setup.Path(t, g.versions[from.version:to.version+1]...)
		e := OtherRound{Round: int64(100 + i), Path: path, Later: i > at, Releases: o.releases, Records: g.records(o),
			Shifts: map[region.AGS]shift.Shift{}, Unchanged: map[region.AGS]shift.Unchanged{}}
		for _, ags := range slices.Sorted(maps.Keys(from.answers)) {
			if after, ok := to.answers[ags]; ok {
				e.Shifts[ags], e.Unchanged[ags] = shift.NewWay(path).Between(from.answers[ags], after)
			}
		}
		switch g.rnd.Intn(24) {
		case 0:
			e.Path = nil
		case 1:
			e.Unchanged = nil
		case 2:
			e.Records = nil
		case 3:
			for _, ags := range slices.Sorted(maps.Keys(e.Unchanged)) {
				if g.rnd.Intn(2) == 0 {
					delete(e.Unchanged, ags)
				}
			}
		}
		list = append(list, e)
	}
	return list
}

func (g *randomRegion) publish(t testing.TB, at int) {
	r := g.rounds[at]
	release, err := Disclose(Request{Definition: g.versions[r.version], Records: g.records(r), Groups: r.groups,
		Rules: g.rules, Own: r.releases,
		Others: g.others(t, at), Consents: r.consents})
	if err != nil {
		g.out = append(g.out, "error: "+err.Error())
		return
	}
	data, err := release.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	g.out = append(g.out, string(data))
	r.releases = append(r.releases, *release)
}

func digestOf(list []string) string {
	sum := sha256.Sum256([]byte(strings.Join(list, "\n")))
	return hex.EncodeToString(sum[:8])
}

// TestReleasesStayAsTheyAre compares the releases of made-up regions, byte by byte as they are
// stored, with those of the day the golden file was written. Whoever changes a rule on purpose
// writes it anew and says in how many regions which figures come or go.
func TestReleasesStayAsTheyAre(t *testing.T) {
	var digests strings.Builder
	for seed := range int64(150) {
		list := randomReleases(t, seed)
		fmt.Fprintf(&digests, "region %d: %d releases %s\n", seed, len(list), digestOf(list))
	}
	for seed := range int64(8) {
		list := longSeries(t, 9000+seed)
		fmt.Fprintf(&digests, "series %d: %d releases %s\n", seed, len(list), digestOf(list))
	}
	testkit.Golden(t, "testdata/random-releases.txt", []byte(digests.String()))
}
