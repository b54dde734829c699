package round_test

import (
	"reflect"
	"testing"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/internal/testkit/setup"
	"ortsspiegel/pkg/round"
)

// TestPublishingLooksAtOtherRounds asks what a release is told before it is computed.
func TestPublishingLooksAtOtherRounds(t *testing.T) {
	setup.OnEach(t, checklists.FS, 30, func(t *testing.T, s *setup.Rounds) {
		rounds := s.ThreeRounds()
		if list, err := s.OtherRounds(t.Context(), rounds[1]); err != nil || len(list) != 0 {
			t.Fatalf("nothing is published, and there are %d rounds, %v", len(list), err)
		}
		rounds[0], rounds[2] = s.PublishRound(rounds[0]), s.PublishRound(rounds[2])
		list, err := s.OtherRounds(t.Context(), rounds[1])
		must(t, err)
		if len(list) != 2 || list[0].Round != int64(rounds[0].ID) || list[0].Later ||
			list[1].Round != int64(rounds[2].ID) || !list[1].Later {
			t.Fatalf("%d rounds", len(list))
		}
		now := s.Submitted(rounds[1])
		for i, other := range []round.Round{rounds[0], rounds[2]} {
			e := list[i]
			from, to := other, rounds[1]
			if e.Later {
				from, to = to, from
			}
			if len(e.Releases) != 1 || e.Path.From().Hash != from.Hash || e.Path.To().Hash != to.Hash ||
				len(e.Records) != len(s.Submitted(other)) {
				t.Errorf("round %d: %d releases, from %s to %s", i, len(e.Releases), e.Path.From().Version,
					e.Path.To().Version)
			}
			both := 0
			for ags, answers := range s.Submitted(other) {
				if now[ags] == nil {
					continue
				}
				both++
				before, after := answers, now[ags]
				if e.Later {
					before, after = after, before
				}
				want, unchanged := shift.NewWay(e.Path).Between(before, after)
				if got := e.Shifts[ags]; !setup.Near(*got.After, *want.After) ||
					!setup.Near(*got.Rebased, *want.Rebased) || !reflect.DeepEqual(e.Unchanged[ags], unchanged) {
					t.Errorf("round %d, %s: %v, want %v", i, ags, got, want)
				}
			}
			if both == 0 || len(e.Shifts) != both || len(e.Unchanged) != both {
				t.Errorf("round %d: %d towns, want %d", i, len(e.Shifts), both)
			}
		}
		rounds[1] = s.PublishRound(rounds[1])
		released, err := s.Release(t.Context(), rounds[1].ID)
		must(t, err)
		if released.Number != 1 {
			t.Errorf("release %d", released.Number)
		}
	})
}

// TestPublishingWithoutAWay leaves the other round without shifts, but not without its releases.
func TestPublishingWithoutAWay(t *testing.T) {
	setup.OnEach(t, checklists.FS, 30, func(t *testing.T, s *setup.Rounds) {
		newer := s.PublishRound(s.NewRound("hier", "2.0.0", s.MadeUp(1)))
		older := s.NewRound("hier", "1.1.0", s.MadeUp(2))
		list, err := s.OtherRounds(t.Context(), older)
		must(t, err)
		if len(list) != 1 || list[0].Path != nil || len(list[0].Shifts) != 0 || len(list[0].Releases) != 1 ||
			list[0].Round != int64(newer.ID) {
			t.Errorf("%+v", list)
		}
		if older = s.PublishRound(older); older.Status != round.Published {
			t.Errorf("the round is %s", older.Status)
		}
	})
}
