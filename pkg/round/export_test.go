package round

import (
	"context"

	"ortsspiegel/pkg/bench"
)

// Earlier lets tests see what Publish hands to a release.
func (s *Service) Earlier(ctx context.Context, r Round) ([]bench.Earlier, error) {
	return s.earlier(ctx, r)
}
