package round

import (
	"context"
	"sync"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
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
