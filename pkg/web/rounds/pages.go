package rounds

import (
	"slices"

	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
)

// Pages are the agency's: who takes part, how far they are, what is published.
type Pages struct {
	*results.Pages
	services Services
}

func New(r *results.Pages, services Services) *Pages { return &Pages{r, services} }

func (s *Pages) Routes() []site.Route {
	return slices.Concat(s.roundRoutes(), s.analysisRoutes(), s.trendRoutes())
}

// Views pairs each page with the view it is filled with.
func (s *Pages) Views() map[string]any {
	return map[string]any{
		"round_new":       roundNewView{},
		"round_edit":      roundEditView{},
		"round":           roundView{},
		"round_confirm":   roundConfirmView{},
		"round_benchmark": RoundBenchmarkView{},
		"round_selection": selectionView{},
		"round_talks":     talksView{},
		"round_version":   roundVersionView{},
		"round_trend":     roundTrendView{},
	}
}
