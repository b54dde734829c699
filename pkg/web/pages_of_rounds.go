package web

import "slices"

// roundPages are the agency's: who takes part, how far they are, what is published.
type roundPages struct{ *resultPages }

func newRoundPages(r *resultPages) *roundPages { return &roundPages{r} }

func (s *roundPages) routes() []route {
	return slices.Concat(s.roundRoutes(), s.analysisRoutes(), s.trendRoutes())
}
