package web

import "slices"

// checklistPages show checklists, what changed between versions, and drafts.
type checklistPages struct{ *server }

func newChecklistPages(s *server) *checklistPages { return &checklistPages{s} }

// routes are those of drafts only where drafts were configured.
func (s *checklistPages) routes() []route {
	routes := slices.Concat(s.listRoutes(), s.changesRoutes())
	if s.Drafts != nil {
		routes = append(routes, s.previewRoutes()...)
	}
	return routes
}

// views pairs each page with the view it is filled with.
func (s *checklistPages) views() map[string]any {
	return map[string]any{
		"checklists":        checklistsView{},
		"checklist":         checklistView{},
		"checklist_changes": changesView{},
		"preview":           previewView{},
		"preview_checklist": previewChecklistView{},
	}
}
