package web

import "slices"

// resultPages show what a town reached, beside others and over the years.
type resultPages struct{ *assessmentPages }

func newResultPages(a *assessmentPages) *resultPages { return &resultPages{a} }

func (s *resultPages) routes() []route {
	return slices.Concat(s.resultRoutes(), s.benchmarkRoutes(), s.townTrendRoutes())
}
