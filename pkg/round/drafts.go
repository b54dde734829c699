package round

import (
	"context"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/region"
)

// Drafts lists the towns whose drafts of a round hold anything: what RemoveDrafts would delete.
func (s *Service) Drafts(ctx context.Context, r Round) ([]region.Municipality, error) {
	return s.store.Drafts(ctx, r.ID)
}

// RemoveDrafts deletes what was never submitted of a round that is over: answers, comments,
// evidence, history and links to colleagues. The towns are told. Submitted assessments and releases
// stay as they are.
func (s *Service) RemoveDrafts(ctx context.Context, a account.Actor, id ID) (int, error) {
	r, err := s.Round(ctx, a, account.ManageRound, id)
	if err != nil {
		return 0, err
	}
	if r.Status != Closed && r.Status != Published {
		return 0, ErrNotOver
	}
	return s.store.RemoveDrafts(ctx, id, s.event(a, r, account.EventDraftsRemoved, ""))
}
