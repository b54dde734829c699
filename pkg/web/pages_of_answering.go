package web

import "slices"

// answeringPages take answers: sections, proposals, forms that come back from Excel, and colleagues' links.
type answeringPages struct {
	*assessmentPages
	memory *answeringMemory
}

func newAnsweringPages(a *assessmentPages) *answeringPages {
	return &answeringPages{assessmentPages: a, memory: newAnsweringMemory()}
}

func (s *answeringPages) routes() []route {
	return slices.Concat(s.sectionRoutes(), s.formRoutes(), s.delegationRoutes(), s.delegatedRoutes(), s.proposalRoutes())
}

// views pairs each page with the view it is filled with.
func (s *answeringPages) views() map[string]any {
	return map[string]any{
		"assessment_section": &assessmentSectionView{},
		"form":               formView{},
		"form_plan":          &formPlanView{},
		"delegations":        &delegationsView{},
		"delegation_revoke":  delegationRevokeView{},
		"delegated":          &delegatedView{},
	}
}
