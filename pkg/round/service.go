package round

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// Towns knows the municipalities of a region.
type Towns interface {
	Towns(ctx context.Context, id region.ID) ([]region.Municipality, error)
}

// Service is what an agency does with rounds, and what towns read of them.
type Service struct {
	store    Store
	versions *lineage.Versions
	towns    Towns
	rules    disclosure.Rules
	now      func() time.Time

	mu       sync.Mutex
	progress map[assessment.ID]progress

	lives sync.Mutex
	live  []keptLive // the newest last
}

type progress struct {
	change   int64
	complete float64
}

// NewService returns a Service. Rules that would not protect anybody are an error: it fails closed.
func NewService(store Store, versions *lineage.Versions, towns Towns, rules disclosure.Rules,
	now func() time.Time) (*Service, error) {
	if err := rules.Validate(); err != nil {
		return nil, err
	}
	return &Service{store: store, versions: versions, towns: towns, rules: rules, now: now,
		progress: map[assessment.ID]progress{}}, nil
}

// Round returns a round if the actor may do the action to it; any other is NotFound. What the
// actor may see but not do is Forbidden.
func (s *Service) Round(ctx context.Context, a account.Actor, action account.Action, id ID) (Round, error) {
	r, err := s.store.Round(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Round{}, ErrUnknown
	}
	if err != nil {
		return Round{}, err
	}
	if account.Can(a, action, r.Object()) {
		return r, nil
	}
	if account.Can(a, account.ViewRound, r.Object()) {
		return Round{}, account.ErrNotAllowed
	}
	return Round{}, ErrUnknown
}

// OfRegion lists the rounds of the actor's region, the newest first.
func (s *Service) OfRegion(ctx context.Context, a account.Actor) ([]Round, error) {
	if !a.Role.ForAgency() {
		return nil, ErrUnknown
	}
	return s.store.RoundsOfRegion(ctx, a.Region)
}

// Create plans a round. Errors are Invalid with the fields title, checklist, opens, closes, towns.
func (s *Service) Create(ctx context.Context, a account.Actor, in New) (ID, error) {
	if !account.Can(a, account.ManageRound, account.Object{Regions: []region.ID{a.Region}}) {
		return 0, ErrUnknown
	}
	return s.create(ctx, a, a.Region, in)
}

func (s *Service) create(ctx context.Context, a account.Actor, of region.ID, in New) (ID, error) {
	p, _, err := s.planned(ctx, a, of, in)
	if err != nil {
		return 0, err
	}
	return s.store.Create(ctx, p.Round, p.Pins, p.Towns, p.Before[0])
}

// planned checks a new round and returns what is stored of it, and the towns of its region.
func (s *Service) planned(ctx context.Context, a account.Actor, of region.ID, in New) (Intake, []region.Municipality,
	error) {
	var wrong []fault.Field
	var ok bool
	if in.Title, ok = CleanTitle(in.Title); !ok {
		wrong = append(wrong, wrongTitle)
	}
	d, pins, problem, err := s.chosen(ctx, in.Checklist)
	if err != nil {
		return Intake{}, nil, err
	}
	wrong = append(wrong, problem...)
	wrong = append(wrong, windowFaults(in.Opens, in.Closes)...)
	own, err := s.towns.Towns(ctx, of)
	if err != nil {
		return Intake{}, nil, err
	}
	towns, ok := participants(own, in.Towns)
	if !ok {
		wrong = append(wrong, wrongTowns)
	}
	if err := fault.Fields(wrong); err != nil {
		return Intake{}, nil, err
	}
	now := s.now().UTC()
	r := Round{Region: of, Title: in.Title, Checklist: d.Ref(), Hash: d.Hash, Opens: in.Opens.UTC(),
		Closes: in.Closes.UTC(), Status: Planned, Created: now}
	return Intake{Round: r, Pins: pins, Towns: towns,
		Before: []account.Event{s.event(a, r, account.EventRoundCreated, d.Ref().String())}}, own, nil
}

// chosen returns the checklist of a new round and what the round keeps; wrong says why it cannot be chosen.
func (s *Service) chosen(ctx context.Context, ref checklist.Ref) (d *checklist.Definition, pins []lineage.Pinned,
	wrong []fault.Field, err error) {
	d, pins, missing, err := s.versions.Pins(ctx, ref)
	if fault.Is(err, fault.NotFound) {
		return nil, nil, []fault.Field{{Name: "checklist", Code: "checklist_unknown",
			Message: "there is no such checklist"}}, nil
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if missing != "" {
		wrong = []fault.Field{{Name: "checklist", Code: "checklist_gap",
			Args: map[string]any{"Version": string(missing)},
			Message: fmt.Sprintf(
				"%s builds on version %s, whose file is gone and which no round keeps: no earlier answer would carry "+
					"over; put the file back", ref, missing)}}
	}
	return d, pins, wrong, nil
}

var (
	wrongTitle = fault.Field{Name: "title", Code: "title", Message: "a title of 3 to 120 characters is expected"}
	wrongTowns = fault.Field{Name: "towns", Code: "towns",
		Message: "at least one town of the region is expected, and none of another region"}
)

// windowFaults says what is wrong with a round's days. Of a day that is missing nothing else is said.
func windowFaults(opens, closes time.Time) []fault.Field {
	var wrong []fault.Field
	for _, day := range []struct {
		name string
		at   time.Time
	}{{"opens", opens}, {"closes", closes}} {
		if day.at.IsZero() {
			wrong = append(wrong, fault.Field{Name: day.name, Code: "round_day",
				Message: "a day such as 2026-12-31 is expected"})
		}
	}
	if wrong == nil && !closes.After(opens) {
		wrong = append(wrong, fault.Field{Name: "closes", Code: "closes",
			Message: "the end must lie after the beginning"})
	}
	return wrong
}

// CleanTitle returns a round's title as it is kept; ok is false if it has not 3 to 120 characters.
func CleanTitle(s string) (title string, ok bool) {
	s = plaintext.Line(s)
	return s, plaintext.Length(s) >= 3 && utf8.RuneCountInString(s) <= 120 && utf8.ValidString(s)
}

func participants(own []region.Municipality, chosen []region.AGS) ([]region.AGS, bool) {
	known := make(map[region.AGS]bool, len(own))
	for _, m := range own {
		known[m.AGS] = true
	}
	list := slices.Clone(chosen)
	slices.Sort(list)
	list = slices.Compact(list)
	for _, t := range list {
		if !known[t] {
			return nil, false
		}
	}
	return list, len(list) > 0
}

// Open starts a planned round: assessments come into being, peer groups are fixed.
func (s *Service) Open(ctx context.Context, a account.Actor, id ID) error {
	r, err := s.Round(ctx, a, account.ManageRound, id)
	if err != nil {
		return err
	}
	return s.open(ctx, a, r)
}

func (s *Service) open(ctx context.Context, a account.Actor, r Round) error {
	members, err := s.members(ctx, r.ID)
	if err != nil {
		return err
	}
	return s.store.SetStatus(ctx, r.ID, Planned, Open, s.now().UTC(), region.Groups(members),
		s.event(a, r, account.EventRoundOpened, ""))
}

// members are a round's towns as its peer groups need them.
func (s *Service) members(ctx context.Context, id ID) ([]region.Member, error) {
	list, err := s.store.Participants(ctx, id)
	members := make([]region.Member, len(list))
	for i, p := range list {
		members[i] = region.Member{AGS: p.Town.AGS, Population: p.Town.Population}
	}
	return members, err
}

// Close ends an open round: no answer is taken any more.
func (s *Service) Close(ctx context.Context, a account.Actor, id ID) error {
	r, err := s.Round(ctx, a, account.ManageRound, id)
	if err != nil {
		return err
	}
	return s.close(ctx, a, r)
}

func (s *Service) close(ctx context.Context, a account.Actor, r Round) error {
	return s.store.SetStatus(ctx, r.ID, Open, Closed, s.now().UTC(), nil, s.event(a, r, account.EventRoundClosed, ""))
}

// Standing lists a round's towns with their states alone, in one statement: Progress is 0 throughout.
func (s *Service) Standing(ctx context.Context, r Round) ([]Participant, error) {
	return s.store.Participants(ctx, r.ID)
}

// Participants lists a round's towns with how far they have got. What drafts say stays theirs.
func (s *Service) Participants(ctx context.Context, r Round) ([]Participant, error) {
	list, err := s.store.Participants(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	var stale []assessment.ID
	s.mu.Lock()
	for _, p := range list {
		if p.Assessment != 0 && p.Status == assessment.Draft && p.Change > 0 &&
			s.progress[p.Assessment].change != p.Change {
			stale = append(stale, p.Assessment)
		}
	}
	s.mu.Unlock()
	fresh, err := s.completeness(ctx, r, stale)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range list {
		p := &list[i]
		switch {
		case p.Status == assessment.Submitted:
			p.Progress = 1
		case p.Assessment == 0 || p.Change == 0:
		default:
			if complete, ok := fresh[p.Assessment]; ok {
				s.progress[p.Assessment] = progress{p.Change, complete}
			}
			p.Progress = s.progress[p.Assessment].complete
		}
	}
	return list, nil
}

// completeness computes how far drafts have got. It holds no lock: scoring a country's drafts takes a while.
func (s *Service) completeness(ctx context.Context, r Round, drafts []assessment.ID) (map[assessment.ID]float64,
	error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	answers, err := s.store.AnswersOf(ctx, drafts)
	if err != nil {
		return nil, err
	}
	d, err := s.versions.Definition(ctx, r.Hash)
	if err != nil {
		return nil, err
	}
	complete := make(map[assessment.ID]float64, len(drafts))
	for _, id := range drafts {
		complete[id] = score.Score(d, answers[id]).Completeness
	}
	return complete, nil
}

// Records returns what the benchmark is computed from: the submitted assessments' stored records.
func (s *Service) Records(ctx context.Context, r Round) ([]bench.Record, error) {
	d, err := s.versions.Definition(ctx, r.Hash)
	if err != nil {
		return nil, err
	}
	towns := 0
	for _, g := range r.Groups {
		towns = max(towns, len(g.Members))
	}
	records := make([]bench.Record, 0, towns)
	decoder := bench.NewDecoder(d)
	err = s.store.Records(ctx, r.ID, func(stored []byte) error {
		record, err := decoder.Decode(stored)
		records = append(records, record)
		return err
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// Live is a round's benchmark as the agency sees it.
type Live struct {
	Definition *checklist.Definition
	Records    []bench.Record
	Report     *bench.Report
}

// Live computes the agency's benchmark from the submitted assessments.
// It is kept until something is submitted or withdrawn; what is in it must not be changed.
func (s *Service) Live(ctx context.Context, r Round) (Live, error) {
	mark, err := s.store.SubmissionMark(ctx, []ID{r.ID})
	if err != nil {
		return Live{}, err
	}
	if live, ok := s.keptLive(r.ID, mark); ok {
		return live, nil
	}
	d, err := s.versions.Definition(ctx, r.Hash)
	if err != nil {
		return Live{}, err
	}
	records, err := s.Records(ctx, r)
	if err != nil {
		return Live{}, err
	}
	live := Live{d, records, bench.Compute(d, records, r.Groups)}
	s.lives.Lock()
	defer s.lives.Unlock()
	s.live = slices.DeleteFunc(s.live, func(k keptLive) bool { return k.round == r.ID })
	s.live = append(s.live[max(0, len(s.live)-mostLives+1):], keptLive{r.ID, mark, live})
	return live, nil
}

// keptLive is a benchmark with what it was computed from; mark tells whether that is still so.
type keptLive struct {
	round ID
	mark  string
	live  Live
}

// mostLives is how many benchmarks are kept: a country's takes some megabytes.
const mostLives = 2

func (s *Service) keptLive(id ID, mark string) (Live, bool) {
	s.lives.Lock()
	defer s.lives.Unlock()
	for _, k := range s.live {
		if k.round == id && k.mark == mark {
			return k.live, true
		}
	}
	return Live{}, false
}

// Submissions calls f for each submitted assessment by AGS.
func (s *Service) Submissions(ctx context.Context, r Round, f func(Submission) error) error {
	return s.store.Submissions(ctx, r.ID, f)
}

// Released is what towns see of a round: the frozen release and nothing else.
type Released struct {
	Number  int
	At      time.Time
	Release *disclosure.Release
	Before  string // title of the round its trend leads from; empty: there is no trend
}

// Release returns the newest release of a round; NotFound if none was published.
func (s *Service) Release(ctx context.Context, id ID) (Released, error) {
	st, err := s.store.Release(ctx, id)
	if err != nil {
		return Released{}, err
	}
	release, err := disclosure.UnmarshalRelease(st.Data)
	if err != nil {
		return Released{}, err
	}
	before, err := s.before(ctx, release)
	return Released{st.Number, st.At, release, before}, err
}

// before returns the title of the round that a release's trend leads from; empty: it has none.
func (s *Service) before(ctx context.Context, release *disclosure.Release) (string, error) {
	if release.Trend == nil {
		return "", nil
	}
	r, err := s.store.Round(ctx, ID(release.Trend.Round))
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return r.Title, err
}

// Releases lists when a round's releases were published, the oldest first.
func (s *Service) Releases(ctx context.Context, r Round) ([]ReleaseDay, error) {
	return s.store.ReleaseDays(ctx, r.ID)
}

func (s *Service) event(a account.Actor, r Round, kind account.EventKind, detail string) account.Event {
	return account.Event{At: s.now().UTC(), Actor: a.User, Name: a.Name, Kind: kind, Region: r.Region,
		Subject: r.Title, Detail: detail}
}
