package web

import "slices"

// resultPages show what a town reached, beside others and over the years.
type resultPages struct{ *assessmentPages }

func newResultPages(a *assessmentPages) *resultPages { return &resultPages{a} }

func (s *resultPages) routes() []route {
	return slices.Concat(s.resultRoutes(), s.benchmarkRoutes(), s.townTrendRoutes())
}

// views pairs each page with the view it is filled with.
func (s *resultPages) views() map[string]any {
	return map[string]any{
		"assessment_result":    assessmentResultView{},
		"assessment_benchmark": &assessmentBenchmarkView{},
		"assessment_trend":     &assessmentTrendView{},
	}
}
