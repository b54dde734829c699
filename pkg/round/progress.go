package round

import (
	"context"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/score"
)

type progress struct {
	change   int64
	complete float64
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
