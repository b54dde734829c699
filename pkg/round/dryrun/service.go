package dryrun

import (
	"context"
	"slices"
	"strings"
	"sync"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
)

// Store reads what was submitted.
type Store interface {
	round.Submitted
	// SubmissionMark returns a text that changes with whatever is submitted or withdrawn in some rounds.
	SubmissionMark(ctx context.Context, rounds []round.ID) (string, error)
	// TownsOf lists the towns that take part in any of some rounds, by name, in one statement.
	TownsOf(ctx context.Context, rounds []round.ID) ([]region.Municipality, error)
}

// Service says what a version would do to answers that were submitted by another. It writes nothing.
type Service struct {
	store Store

	mu   sync.Mutex
	kept []keptRun // the newest last
}

// NewService returns a Service on a store.
func NewService(store Store) *Service { return &Service{store: store} }

// keptRun is what a version would do to a round's answers, as long as they are the same.
type keptRun struct {
	round round.ID
	path  string // hashes of its versions
	mark  string
	run   Result
}

// mostRuns is how many dry runs are kept: a country's names its towns whose level would change, some megabytes.
const mostRuns = 4

// Run says what the version that a path leads to would do to the answers that were
// submitted in a round: the path begins at the round's checklist. It writes nothing. What is in
// it must not be changed: it is kept until something is submitted or withdrawn.
func (s *Service) Run(ctx context.Context, r round.Round, path *carry.Path) (Result, error) {
	now := keptRun{round: r.ID}
	for _, d := range path.Versions() {
		now.path += d.Hash + " "
	}
	var err error
	if now.mark, err = s.store.SubmissionMark(ctx, []round.ID{r.ID}); err != nil {
		return Result{}, err
	}
	same := func(k keptRun) bool { return k.round == now.round && k.path == now.path }
	s.mu.Lock()
	i := slices.IndexFunc(s.kept, same)
	if i >= 0 && s.kept[i].mark == now.mark {
		defer s.mu.Unlock()
		return s.kept[i].run, nil
	}
	s.mu.Unlock()
	if now.run, err = s.run(ctx, r, path); err != nil {
		return Result{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(slices.DeleteFunc(s.kept, same), now)
	s.kept = s.kept[max(0, len(s.kept)-mostRuns):]
	return now.run, nil
}

func (s *Service) run(ctx context.Context, r round.Round, path *carry.Path) (Result, error) {
	tallies := make([]*tally, round.Workers)
	for i := range tallies {
		tallies[i] = newTally(path)
	}
	err := round.EachTown(ctx, s.store, []round.ID{r.ID}, func(worker int, list []round.Answered) {
		tallies[worker].add(list[0])
	})
	if err != nil {
		return Result{}, err
	}
	for _, t := range tallies[1:] {
		tallies[0].merge(t)
	}
	run := tallies[0].run()
	if run.Levels, err = s.moves(ctx, r, path, tallies[0].moved); err != nil {
		return Result{}, err
	}
	return run, nil
}

// tally counts what becomes of the answers of some towns.
type tally struct {
	path     *carry.Path
	origins  []carry.Origin
	both     map[checklist.QuestionID]bool // the common questions; changed and put back for each town
	carried  score.Answers                 // of one town, by the new version; filled again for each
	towns    int
	old      []AnswerRun            // by the old ordinal
	proposed []int                  // by the new ordinal
	anew     []map[carry.Reason]int // by the new ordinal; never nil
	moved    []moved
}

// moved is a town whose level would change.
type moved struct {
	town          region.AGS
	before, after checklist.LevelID
	was, is       float64
}

func newTally(path *carry.Path) *tally {
	n := len(path.To().Questions())
	t := &tally{path: path, origins: path.Origins(), both: path.Common(), carried: score.Answers{},
		old:      make([]AnswerRun, len(path.From().Questions())),
		proposed: make([]int, n), anew: make([]map[carry.Reason]int, n)}
	for i := range t.anew {
		t.anew[i] = map[carry.Reason]int{}
	}
	return t
}

func (t *tally) add(a round.Answered) {
	t.towns++
	carried := t.path.Carry(a.Answers)
	for id, outcome := range carried.Outcomes {
		switch n := &t.old[t.path.From().Ordinal(id)]; outcome {
		case carry.Carried:
			n.Carried++
		case carry.Asked:
			n.Asked++
		case carry.Retired:
			n.Retired++
		}
	}
	clear(t.carried)
	for i := range carried.Proposals {
		p := &carried.Proposals[i]
		at := t.path.To().Ordinal(p.Question)
		if p.Reason == "" {
			t.proposed[at]++
			t.carried[p.Question] = p.Answer
		} else {
			t.anew[at][p.Reason]++
		}
	}
	t.level(a, carried.Proposals)
}

// level compares the level that was submitted with the one of the same answers by the new
// rules. What the town could not have answered yet does not count: neither a question it must
// answer anew, nor one that its old version did not put to it.
func (t *tally) level(a round.Answered, proposals []carry.Proposal) {
	from, to := t.path.From(), t.path.To()
	old := score.Score(from, a.Answers)
	var without []checklist.QuestionID
	for i := range proposals {
		if p := &proposals[i]; p.Reason != "" && t.both[p.Question] {
			without = append(without, p.Question)
		}
	}
	var states []score.State // of the old questions, once they are needed
	for i, q := range to.Questions() {
		if _, given := t.carried[q.ID]; given || !t.both[q.ID] {
			continue
		}
		if states == nil {
			states = score.States(from, a.Answers)
		}
		if !slices.ContainsFunc(t.origins[i].Sources, func(id checklist.QuestionID) bool {
			return states[from.Ordinal(id)] != score.Inactive
		}) {
			without = append(without, q.ID)
		}
	}
	for _, id := range without {
		t.both[id] = false
	}
	now := score.Among(to, t.carried, t.both)
	for _, id := range without {
		t.both[id] = true
	}
	if old.Level != "" && now.Level != "" && old.Level != now.Level {
		t.moved = append(t.moved, moved{a.Town, old.Level, now.Level, *old.Score, *now.Score})
	}
}

func (t *tally) merge(o *tally) {
	t.towns += o.towns
	for i, n := range o.old {
		t.old[i].add(n)
	}
	for i, n := range o.proposed {
		t.proposed[i] += n
		for reason, k := range o.anew[i] {
			t.anew[i][reason] += k
		}
	}
	t.moved = append(t.moved, o.moved...)
}

func (r *AnswerRun) add(o AnswerRun) {
	r.Carried += o.Carried
	r.Asked += o.Asked
	r.Retired += o.Retired
}

func (t *tally) run() Result {
	run := Result{Path: t.path, Towns: t.towns}
	continued := map[checklist.QuestionID]bool{}
	for i, q := range t.path.To().Questions() {
		n := QuestionRun{Question: q, New: len(t.origins[i].Sources) == 0, Proposed: t.proposed[i], Anew: t.anew[i]}
		n.Without = t.towns - n.Proposed - n.Asked()
		run.Questions = append(run.Questions, n)
		for _, id := range t.origins[i].Sources {
			continued[id] = true
		}
	}
	for i, q := range t.path.From().Questions() {
		run.Old = append(run.Old, OldRun{Question: q, Gone: !continued[q.ID], Answers: t.old[i]})
		run.Answers.add(t.old[i])
	}
	return run
}

// moves gives the towns whose level would change their names.
func (s *Service) moves(ctx context.Context, r round.Round, path *carry.Path, list []moved) ([]LevelMove, error) {
	if len(list) == 0 {
		return nil, nil
	}
	towns, err := s.store.TownsOf(ctx, []round.ID{r.ID})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b moved) int { return strings.Compare(string(a.town), string(b.town)) })
	var moves []LevelMove
	for _, town := range towns {
		i, ok := slices.BinarySearchFunc(list, town.AGS, func(m moved, ags region.AGS) int {
			return strings.Compare(string(m.town), string(ags))
		})
		if !ok {
			continue
		}
		before, _, _ := path.From().Level(list[i].before)
		after, _, _ := path.To().Level(list[i].after)
		moves = append(moves, LevelMove{Town: town, Before: *before, After: *after, Was: list[i].was, Is: list[i].is})
	}
	return moves, nil
}
