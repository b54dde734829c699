package web

import "slices"

// roundPages are the agency's: who takes part, how far they are, what is published.
type roundPages struct{ *resultPages }

func newRoundPages(r *resultPages) *roundPages { return &roundPages{r} }

func (s *roundPages) routes() []route {
	return slices.Concat(s.roundRoutes(), s.analysisRoutes(), s.trendRoutes())
}

// views pairs each page with the view it is filled with.
func (s *roundPages) views() map[string]any {
	return map[string]any{
		"round_new":       roundNewView{},
		"round_edit":      roundEditView{},
		"round":           roundView{},
		"round_confirm":   roundConfirmView{},
		"round_benchmark": roundBenchmarkView{},
		"round_version":   roundVersionView{},
		"round_trend":     roundTrendView{},
	}
}
