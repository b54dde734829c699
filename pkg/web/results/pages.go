package results

import (
	"slices"

	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// Pages show what a town reached, beside others and over the years.
type Pages struct {
	*assessments.Pages
	services Services
}

func New(a *assessments.Pages, services Services) *Pages { return &Pages{a, services} }

func (s *Pages) Routes() []site.Route {
	return slices.Concat(s.resultRoutes(), s.benchmarkRoutes(), s.townTrendRoutes())
}

// Views pairs each page with the view it is filled with.
func (s *Pages) Views() map[string]any {
	return map[string]any{
		"assessment_result":    assessmentResultView{},
		"assessment_benchmark": &AssessmentBenchmarkView{},
		"assessment_trend":     &assessmentTrendView{},
	}
}
