package store_test

import (
	"slices"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// namesOf lists what a region and a round say of their towns.
func namesOf(t *testing.T, s *store.Store, id region.ID, of round.ID) (towns, participants []string) {
	t.Helper()
	list, err := s.Towns(t.Context(), id)
	must(t, err)
	for _, m := range list {
		towns = append(towns, m.Name)
	}
	taking, err := s.Participants(t.Context(), of)
	must(t, err)
	for _, p := range taking {
		participants = append(participants, p.Town.Name)
	}
	return towns, participants
}

// changeTowns changes towns in every way there is, on one store, and looks for it on another.
func changeTowns(t *testing.T, by, reader *store.Store) {
	t.Helper()
	id := openRound(t, by, 3)
	var of region.ID
	regions, err := by.Regions(t.Context())
	must(t, err)
	of = regions[0].ID
	want := func(what string, towns, participants []string) {
		t.Helper()
		gotTowns, gotParticipants := namesOf(t, reader, of, id)
		if !slices.Equal(gotTowns, towns) || !slices.Equal(gotParticipants, participants) {
			t.Errorf("%s: towns %q, participants %q", what, gotTowns, gotParticipants)
		}
	}
	want("at first", []string{"Ort 00000", "Ort 00001", "Ort 00002"}, []string{"Ort 00000", "Ort 00001", "Ort 00002"})

	list, err := reader.Towns(t.Context(), of)
	must(t, err)
	list[0].Name = "the caller's own" // what is handed out is no part of what is kept
	slices.Reverse(list)
	want("after a caller has changed its list", []string{"Ort 00000", "Ort 00001", "Ort 00002"},
		[]string{"Ort 00000", "Ort 00001", "Ort 00002"})

	renamed := town(0)
	renamed.Name = "Örtel"
	must(t, by.SaveRegion(t.Context(), region.Region{ID: "elsewhere", Name: "Elsewhere"},
		[]region.Municipality{renamed}, event(account.EventTownsChanged)))
	want("renamed by another region", []string{"Örtel", "Ort 00001", "Ort 00002"},
		[]string{"Ort 00001", "Ort 00002", "Örtel"})

	must(t, by.SaveRegion(t.Context(), regions[0], []region.Municipality{town(3)}, event(account.EventTownsChanged)))
	want("one joined", []string{"Örtel", "Ort 00001", "Ort 00002", "Ort 00003"},
		[]string{"Ort 00001", "Ort 00002", "Örtel"})

	must(t, by.RemoveTown(t.Context(), of, town(1).AGS, event(account.EventTownsChanged)))
	want("one left", []string{"Örtel", "Ort 00002", "Ort 00003"}, []string{"Ort 00001", "Ort 00002", "Örtel"})
}

func TestChangedTownsAreSeenAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) { changeTowns(t, s, s) })
}

func TestTownsChangedByAnotherNodeAreSeenAtOnce(t *testing.T) {
	address := testkit.Postgres(t)
	changeTowns(t, openStore(t, store.Config{DatabaseURL: address}), openStore(t, store.Config{DatabaseURL: address}))
}
