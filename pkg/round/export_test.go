package round

import (
	"context"

	"ortsspiegel/pkg/bench/disclosure"
)

// Earlier lets tests see what Publish hands to a release.
func (s *Service) Earlier(ctx context.Context, r Round) ([]disclosure.Earlier, error) {
	return s.earlier(ctx, r)
}
