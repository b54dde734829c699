package lineage_test

import (
	"slices"
	"testing"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit/setup"
	"ortsspiegel/pkg/score"
)

func TestVersionsOfARound(t *testing.T) {
	setup.OnEach(t, checklists.FS, 1, func(t *testing.T, s *setup.Rounds) {
		nothing := func(*checklist.Definition, int) score.Answers { return nil }
		old, newest := s.NewRound("hier", "1.1.0", nothing), s.NewRound("hier", "2.0.1", nothing)
		versions, err := s.Versions.Newer(old.Checklist)
		setup.Must(t, err)
		if !slices.Equal(versions, []checklist.Version{"2.0.1", "2.0.0"}) {
			t.Errorf("newer than 1.1.0: %v", versions)
		}
		if versions, err = s.Versions.Newer(newest.Checklist); err != nil || len(versions) != 0 {
			t.Errorf("newer than 2.0.1: %v, %v", versions, err)
		}
		if _, err := s.Versions.Version(old.Checklist.ID, "9.0.0"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a version that does not exist: %v", err)
		}
		back, err := s.Versions.Version(newest.Checklist.ID, "1.1.0")
		setup.Must(t, err)
		if _, err := s.Versions.PathTo(t.Context(), newest.Hash, back); !fault.Is(err, fault.NotFound) {
			t.Errorf("a way back: %v", err)
		}
		run, err := s.DryRuns.Run(t.Context(), old, s.PathTo(old, "2.0.0"))
		setup.Must(t, err)
		if run.Towns != 0 || run.Answers.Total() != 0 || len(run.Questions) == 0 {
			t.Errorf("nobody has submitted, and the run says %+v", run.Answers)
		}
	})
}
