package trend

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
)

// Store reads what was submitted in other rounds.
type Store interface {
	round.Submitted
	// HeadsOfTown lists a town's assessments of all rounds, the newest round first.
	HeadsOfTown(ctx context.Context, town region.AGS) ([]assessment.Head, error)
	// AnswersOf reads the answers of some assessments in one statement.
	AnswersOf(ctx context.Context, list []assessment.ID) (map[assessment.ID]score.Answers, error)
	RoundsOfRegion(ctx context.Context, id region.ID) ([]round.Round, error)
	// SubmissionMark returns a text that changes with whatever is submitted or withdrawn in some rounds.
	SubmissionMark(ctx context.Context, rounds []round.ID) (string, error)
	// TownsOf lists the towns that take part in any of some rounds, by name, in one statement.
	TownsOf(ctx context.Context, rounds []round.ID) ([]region.Municipality, error)
}

// Service follows towns and regions through their rounds.
type Service struct {
	store    Store
	versions *lineage.Versions

	mu   sync.Mutex
	kept []keptTrend // the newest last
}

// NewService returns a Service on a store and the ways between versions.
func NewService(store Store, versions *lineage.Versions) *Service {
	return &Service{store: store, versions: versions}
}

// waysBetween finds the ways between checklists, the oldest first. It begins with the newest and goes
// back; what cannot be reached is left out. Kept are the places that stay; the i-th way leads
// from kept[i] to kept[i+1].
func (s *Service) waysBetween(ctx context.Context, hashes []string) (kept []int, ways []*shift.Way, err error) {
	for i := len(hashes) - 1; i >= 0; i-- {
		if len(kept) > 0 {
			path, err := s.versions.Path(ctx, hashes[i], hashes[kept[len(kept)-1]])
			if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
				continue
			}
			if err != nil {
				return nil, nil, err
			}
			ways = append(ways, shift.NewWay(path))
		}
		kept = append(kept, i)
	}
	slices.Reverse(kept)
	slices.Reverse(ways)
	return kept, ways, nil
}

// Town follows a town through its submitted assessments of the checklist of an
// assessment, as far as the actor may see them: an agency sees those of its own rounds, the
// town all of its own.
func (s *Service) Town(ctx context.Context, a account.Actor, h assessment.Head) (Town, error) {
	all, err := s.store.HeadsOfTown(ctx, h.Town)
	if err != nil {
		return Town{}, err
	}
	return s.Over(ctx, a, h, all)
}

// Over is Town for a caller who has read all heads of the town already.
func (s *Service) Over(ctx context.Context, a account.Actor, h assessment.Head,
	all []assessment.Head) (Town, error) {
	heads := slices.DeleteFunc(slices.Clone(all), func(o assessment.Head) bool {
		return o.Checklist.ID != h.Checklist.ID || o.Status != assessment.Submitted ||
			!account.Can(a, account.ViewResult, o.Object())
	})
	slices.SortFunc(heads, func(a, b assessment.Head) int {
		return cmp.Or(a.Opens.Compare(b.Opens), cmp.Compare(a.Round, b.Round))
	})
	ids, hashes := make([]assessment.ID, len(heads)), make([]string, len(heads))
	for i, o := range heads {
		ids[i], hashes[i] = o.ID, o.Hash
	}
	kept, ways, err := s.waysBetween(ctx, hashes)
	if err != nil || len(kept) == 0 {
		return Town{}, err
	}
	answers, err := s.store.AnswersOf(ctx, ids)
	if err != nil {
		return Town{}, err
	}
	var t Town
	for i, o := range heads {
		if !slices.Contains(kept, i) {
			t.Apart = append(t.Apart, o)
			continue
		}
		d, err := s.versions.Definition(ctx, o.Hash)
		if err != nil {
			return Town{}, err
		}
		t.add(d, o, answers[o.ID])
	}
	for i, way := range ways {
		shift, _ := way.Between(answers[t.Points[i].Head.ID], answers[t.Points[i+1].Head.ID])
		t.Shifts = append(t.Shifts, shift)
	}
	return t, nil
}

func (t *Town) add(d *checklist.Definition, h assessment.Head, answers score.Answers) {
	result := score.Score(d, answers)
	p := Point{Head: h, Score: result.Score, Result: result, Answers: answers, Titles: d.Sections}
	if level, _, ok := d.Level(result.Level); ok {
		p.Level = *level
	}
	t.Points = append(t.Points, p)
}

// Region follows a region through its rounds of a round's checklist that had begun when
// the round did, for the agency.
func (s *Service) Region(ctx context.Context, r round.Round) (Region, error) {
	all, err := s.store.RoundsOfRegion(ctx, r.Region)
	if err != nil {
		return Region{}, err
	}
	rounds := slices.DeleteFunc(all, func(o round.Round) bool {
		return o.Checklist.ID != r.Checklist.ID || o.Status == round.Planned || round.ByOpening(o, r) > 0
	})
	slices.SortFunc(rounds, round.ByOpening)
	hashes := make([]string, len(rounds))
	for i, o := range rounds {
		hashes[i] = o.Hash
	}
	kept, ways, err := s.waysBetween(ctx, hashes)
	if err != nil || len(kept) == 0 {
		return Region{}, err
	}
	var t Region
	var definitions []*checklist.Definition
	for i, o := range rounds {
		if !slices.Contains(kept, i) {
			t.Apart = append(t.Apart, o)
			continue
		}
		d, err := s.versions.Definition(ctx, o.Hash)
		if err != nil {
			return Region{}, err
		}
		definitions = append(definitions, d)
		t.Rounds = append(t.Rounds, Round{Round: o, Titles: d.Sections})
	}
	return t, s.summary(ctx, &t, definitions, ways)
}

func (t *Region) ids() []round.ID {
	list := make([]round.ID, len(t.Rounds))
	for i := range t.Rounds {
		list[i] = t.Rounds[i].Round.ID
	}
	return list
}

// followed is what the trend needs of a town: by round, whether it submitted and its score, and
// by step the shift, nil if it did not submit in both.
type followed struct {
	submitted []bool
	scores    []*float64
	shifts    []*shift.Shift
}

// keptTrend is what was computed for some rounds; it is never changed.
type keptTrend struct {
	rounds []round.ID
	hashes []string // of their checklists
	mark   string   // of their submissions
	sums   []Round
	steps  []Step
}

// mostTrends is how many regions' trends are kept: a thousand towns are about 3 MB.
const mostTrends = 4

// summary fills in what a trend says of its rounds and steps. Computing it reads every answer, so
// it is kept until somebody submits or withdraws, or a town is called otherwise.
func (s *Service) summary(ctx context.Context, t *Region, definitions []*checklist.Definition,
	ways []*shift.Way) error {
	now := keptTrend{rounds: t.ids()}
	for i := range t.Rounds {
		now.hashes = append(now.hashes, t.Rounds[i].Round.Hash)
	}
	var err error
	if now.mark, err = s.store.SubmissionMark(ctx, now.rounds); err != nil {
		return err
	}
	same := func(k keptTrend) bool {
		return slices.Equal(k.rounds, now.rounds) && slices.Equal(k.hashes, now.hashes)
	}
	s.mu.Lock()
	i := slices.IndexFunc(s.kept, same)
	if i >= 0 && s.kept[i].mark == now.mark {
		now = s.kept[i]
	}
	s.mu.Unlock()
	if now.sums == nil {
		found, err := s.follow(ctx, now.rounds, definitions, ways)
		if err != nil {
			return err
		}
		towns, err := s.store.TownsOf(ctx, now.rounds)
		if err != nil {
			return err
		}
		now.summarise(definitions, towns, found)
		s.mu.Lock()
		s.kept = append(slices.DeleteFunc(s.kept, same), now)
		s.kept = s.kept[max(0, len(s.kept)-mostTrends):]
		s.mu.Unlock()
	}
	for i := range t.Rounds {
		t.Rounds[i].N, t.Rounds[i].Score = now.sums[i].N, now.sums[i].Score
	}
	t.Steps = slices.Clone(now.steps)
	return nil
}

// follow computes all towns' scores and shifts.
func (s *Service) follow(ctx context.Context, rounds []round.ID, definitions []*checklist.Definition,
	ways []*shift.Way) (map[region.AGS]followed, error) {
	place := map[round.ID]int{}
	for i, id := range rounds {
		place[id] = i
	}
	parts := make([]map[region.AGS]followed, round.Workers)
	for i := range parts {
		parts[i] = map[region.AGS]followed{}
	}
	err := round.EachTown(ctx, s.store, rounds, func(worker int, list []round.Answered) {
		f := followed{make([]bool, len(rounds)), make([]*float64, len(rounds)), make([]*shift.Shift, len(ways))}
		answers := make([]score.Answers, len(rounds))
		for _, a := range list {
			at := place[a.Round]
			answers[at], f.submitted[at] = a.Answers, true
		}
		for i, way := range ways {
			if f.submitted[i] && f.submitted[i+1] {
				shift, _ := way.Between(answers[i], answers[i+1])
				f.shifts[i], f.scores[i], f.scores[i+1] = &shift, shift.Before, shift.After
			}
		}
		for i, d := range definitions {
			if f.submitted[i] && f.scores[i] == nil {
				f.scores[i] = score.Score(d, answers[i]).Score
			}
		}
		parts[worker][list[0].Town] = f
	})
	all := parts[0]
	for _, part := range parts[1:] {
		for ags, f := range part {
			all[ags] = f
		}
	}
	return all, err
}

// summarise makes of what the towns did what the trend says, once for all who read it.
func (k *keptTrend) summarise(definitions []*checklist.Definition, towns []region.Municipality,
	found map[region.AGS]followed) {
	k.sums = make([]Round, len(k.rounds))
	for i := range k.sums {
		var scores []float64
		for _, m := range towns {
			f, ok := found[m.AGS]
			if !ok || !f.submitted[i] {
				continue
			}
			k.sums[i].N++
			if f.scores[i] != nil {
				scores = append(scores, *f.scores[i])
			}
		}
		k.sums[i].Score = shift.AverageOf(scores)
	}
	for i := range len(k.rounds) - 1 {
		var step Step
		var shifts []shift.Shift
		for _, m := range towns {
			if f, ok := found[m.AGS]; ok && f.shifts[i] != nil {
				step.Towns = append(step.Towns, TownShift{m, *f.shifts[i]})
				shifts = append(shifts, *f.shifts[i])
			}
		}
		step.Panel = shift.NewPanel(definitions[i+1], shifts)
		k.steps = append(k.steps, step)
	}
}
