package web

// assessmentPages are the pages of a town's self-assessment, but for those that take answers.
type assessmentPages struct {
	*server
	memory *assessmentMemory
}

func newAssessmentPages(s *server) *assessmentPages {
	return &assessmentPages{server: s, memory: newAssessmentMemory()}
}

func (s *assessmentPages) routes() []route { return s.assessmentRoutes() }

// views pairs each page with the view it is filled with.
func (s *assessmentPages) views() map[string]any {
	return map[string]any{
		"assessment_tasks":    assessmentTasksView{},
		"assessment_overview": assessmentOverviewView{},
		"assessment_history":  assessmentHistoryView{},
		"evidence_list":       evidenceListView{},
		"evidence_remove":     evidenceRemoveView{},
		"assessment_consent":  &consentView{},
	}
}
