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
