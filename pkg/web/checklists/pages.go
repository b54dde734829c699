package checklists

import (
	"slices"

	"ortsspiegel/pkg/web/site"
)

// Pages show checklists, what changed between versions, and drafts.
type Pages struct {
	*site.Server
	services Services
}

func New(s *site.Server, services Services) *Pages { return &Pages{s, services} }

// Routes are those of drafts only where drafts were configured.
func (s *Pages) Routes() []site.Route {
	routes := slices.Concat(s.listRoutes(), s.changesRoutes())
	if s.services.Drafts != nil {
		routes = append(routes, s.previewRoutes()...)
	}
	return routes
}

// Views pairs each page with the view it is filled with.
func (s *Pages) Views() map[string]any {
	return map[string]any{
		"checklists":        checklistsView{},
		"checklist":         checklistView{},
		"checklist_changes": changesView{},
		"preview":           previewView{},
		"preview_checklist": previewChecklistView{},
	}
}
