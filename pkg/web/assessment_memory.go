package web

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
)

// assessmentMemory is what the pages of assessments keep in memory. Nothing in it can be out of date: the keys name the
// change or the version it was made from.
type assessmentMemory struct {
	views    lru[assessment.ID, assessment.View]
	evidence lru[assessment.ID, evidenceOf]
	texts    lru[textKey, *checklistText]
}

type evidenceOf struct {
	change     int64
	byQuestion map[checklist.QuestionID][]assessment.Evidence
}

// The bounds: a view holds some 50 answers.
func newAssessmentMemory() *assessmentMemory {
	m := &assessmentMemory{}
	m.views.max, m.evidence.max, m.texts.max = 256, 256, 16
	return m
}
