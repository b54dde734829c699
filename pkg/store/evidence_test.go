package store_test

import (
	"fmt"
	"testing"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/store"
)

// The files of a town are limited together, over its rounds; links and other towns are not concerned.
func TestFilesOfATownAreLimited(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		round := openRound(t, s, 2)
		sheet, other := assessmentOf(t, s, round, 0), assessmentOf(t, s, round, 1)
		add := func(id assessment.ID, n int, size int64) error {
			e := assessment.Evidence{Question: checklist.QuestionID(fmt.Sprintf("q%d", n)), Title: "Plan.pdf",
				Type: "application/pdf", Size: size, SHA256: "ab", At: noon}
			_, err := s.AddEvidence(t.Context(), id, e, []byte("%PDF-"), 7)
			return err
		}
		const files = assessment.MaxTownFiles / assessment.MaxFile
		for n := range files {
			must(t, add(sheet, n, assessment.MaxFile))
		}
		f := fault.As(add(sheet, files, 1))
		if f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Code != "evidence_full" {
			t.Errorf("one byte more: %v", f)
		}
		must(t, add(other, 0, assessment.MaxFile))
		_, err := s.AddEvidence(t.Context(), sheet, assessment.Evidence{Question: "q", Link: "https://example.org/",
			Title: "x", At: noon}, nil, 7)
		must(t, err)
		list, err := s.Evidence(t.Context(), sheet)
		must(t, err)
		must(t, s.RemoveEvidence(t.Context(), sheet, list[0].ID, noon, event("evidence_removed")))
		if list[0].Link == "" {
			must(t, add(sheet, files, 1))
		}
	})
}
