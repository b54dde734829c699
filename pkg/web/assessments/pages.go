package assessments

import (
	"ortsspiegel/pkg/web/site"
)

// Pages are the pages of a town's self-assessment, but for those that take answers.
type Pages struct {
	*site.Server
	services Services
	Memory   *memory
}

func New(s *site.Server, services Services) *Pages {
	return &Pages{Server: s, services: services, Memory: NewAssessmentMemory()}
}

func (s *Pages) Routes() []site.Route { return s.assessmentRoutes() }

// Views pairs each page with the view it is filled with.
func (s *Pages) Views() map[string]any {
	return map[string]any{
		"assessment_tasks":    assessmentTasksView{},
		"assessment_overview": assessmentOverviewView{},
		"assessment_history":  assessmentHistoryView{},
		"evidence_list":       evidenceListView{},
		"evidence_remove":     evidenceRemoveView{},
		"assessment_consent":  &consentView{},
	}
}
