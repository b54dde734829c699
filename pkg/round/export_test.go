package round

import (
	"context"

	"ortsspiegel/pkg/bench/disclosure"
)

// OtherRounds lets tests see what Publish hands to a release.
func (s *Service) OtherRounds(ctx context.Context, r Round) ([]disclosure.OtherRound, error) {
	return s.otherRounds(ctx, r)
}
