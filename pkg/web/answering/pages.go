package answering

import (
	"slices"

	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// Pages take answers: sections, proposals, forms that come back from Excel, and colleagues' links.
type Pages struct {
	*assessments.Pages
	services Services
	Memory   *memory
}

func New(a *assessments.Pages, services Services) *Pages {
	return &Pages{Pages: a, services: services, Memory: NewAnsweringMemory()}
}

func (s *Pages) Routes() []site.Route {
	return slices.Concat(s.sectionRoutes(), s.formRoutes(), s.delegationRoutes(), s.delegatedRoutes(),
		s.proposalRoutes(), s.searchRoutes())
}

// Views pairs each page with the view it is filled with.
func (s *Pages) Views() map[string]any {
	return map[string]any{
		"assessment_section":   &assessmentSectionView{},
		"assessment_proposals": &proposalsView{},
		"assessment_search":    &searchView{},
		"form":                 formView{},
		"form_plan":            &formPlanView{},
		"delegations":          &delegationsView{},
		"delegation_revoke":    delegationRevokeView{},
		"delegated":            &delegatedView{},
	}
}
