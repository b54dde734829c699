package assessments

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/web/site"
)

// memory is what the pages of assessments keep in memory. Nothing in it can be out of date: the keys name the
// change or the version it was made from.
type memory struct {
	views    site.Lru[assessment.ID, assessment.View]
	evidence site.Lru[assessment.ID, evidenceOf]
	texts    site.Lru[site.TextKey, *ChecklistText]
}

type evidenceOf struct {
	change     int64
	byQuestion map[checklist.QuestionID][]assessment.Evidence
}

// The bounds: a view holds some 50 answers.
func NewAssessmentMemory() *memory {
	m := &memory{}
	m.views.Max, m.evidence.Max, m.texts.Max = 256, 256, 16
	return m
}

// LinkKey names everything a line of the sections' list depends on.
type LinkKey struct {
	site.TextKey
	State SectionState
}
