package round

import (
	"context"
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
)

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
