package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// standingOf says of each town of a round all that the list says, in its order.
func standingOf(t *testing.T, s *store.Store, id round.ID) string {
	t.Helper()
	list, err := s.Participants(t.Context(), id)
	must(t, err)
	var lines []string
	for _, p := range list {
		lines = append(lines, fmt.Sprintf("%s %d %s %d %v %s", p.Town.Name, p.Population, p.Status, p.Change,
			p.Consent, p.Submitted.Format("0102")))
	}
	slices.Reverse(list)
	for i := range list {
		list[i].Town.Name, list[i].Change = "the caller's own", -1
	}
	return strings.Join(lines, "; ")
}

// TestParticipantsAreKeptNoLongerThanTheyHold reads the list after each kind of change.
func TestParticipantsAreKeptNoLongerThanTheyHold(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		id, other := openRound(t, s, 2), openRound(t, s, 2)
		first := assessmentOf(t, s, id, 0)
		population := town(0).Population
		want := func(what, town0, name string) {
			t.Helper()
			want := []string{fmt.Sprintf("%s %d %s", name, population, town0),
				fmt.Sprintf("Ort 00001 %d draft 0 {false false false} 0101", town(1).Population)}
			if name == "Örtel" {
				slices.Reverse(want)
			}
			for range 2 {
				if got := standingOf(t, s, id); got != strings.Join(want, "; ") {
					t.Errorf("%s: %s, want %s", what, got, strings.Join(want, "; "))
				}
			}
		}
		want("at first", "draft 0 {false false false} 0101", "Ort 00000")
		_, err := saveOne(ctx, s, write(first, "one", "yes", 0))
		must(t, err)
		want("answered", "draft 1 {false false false} 0101", "Ort 00000")
		must(t, s.SetConsent(ctx, id, town(0).AGS, disclosure.Consent{Total: true}, nil, event(account.EventConsent)))
		want("named", "draft 1 {true false false} 0101", "Ort 00000")
		must(t, s.SetConsent(ctx, id, town(0).AGS, disclosure.Consent{Sections: true}, nil,
			event(account.EventConsent)))
		want("named otherwise", "draft 1 {false true false} 0101", "Ort 00000")
		renamed := town(0)
		renamed.Name = "Örtel"
		must(t, s.SaveRegion(ctx, region.Region{ID: "elsewhere", Name: "Elsewhere"}, []region.Municipality{renamed},
			event(account.EventTownsChanged)))
		want("renamed", "draft 1 {false true false} 0101", "Örtel")
		if got := standingOf(t, s, other); !strings.Contains(got, "Örtel") || strings.Contains(got, "true") {
			t.Errorf("another round: %s", got)
		}
		if got := standingOf(t, s, other+7); got != "" {
			t.Errorf("a round that does not exist: %s", got)
		}
	})
}

// TestGroupsOfARoundAreItsOwn changes nothing of what other rounds of the same towns share.
func TestGroupsOfARoundAreItsOwn(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		few, many := openRound(t, s, 3), openRound(t, s, 20)
		for range 2 {
			for id, want := range map[round.ID]int{few: 3, many: 20} {
				r, err := s.Round(t.Context(), id)
				must(t, err)
				if len(r.Groups) == 0 || len(r.Groups[0].Members) != want {
					t.Errorf("round %d has the groups %v", id, r.Groups)
				}
			}
		}
	})
}
