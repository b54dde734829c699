package region

import (
	"slices"
	"testing"

	"ortsspiegel/pkg/fault"
)

func TestParseAGS(t *testing.T) {
	a, err := ParseAGS("05958004")
	if err != nil || a.District() != "05958" {
		t.Errorf("%v %v", a, err)
	}
	for _, bad := range []string{"", "5958004", "059580041", "0595800a", "０５９５８００４"} {
		if _, err := ParseAGS(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is accepted", bad)
		}
	}
	if _, err := ParseDistrictKey("0595"); !fault.Is(err, fault.Invalid) {
		t.Error("four digits are no district")
	}
	if AGS("1").District() != "" {
		t.Error("a broken AGS has no district")
	}
}

func TestSizeClasses(t *testing.T) {
	for population, want := range map[int]SizeClass{0: "", 1: Under10000, 9999: Under10000, 10000: Under20000,
		19999: Under20000, 20000: Under50000, 49999: Under50000, 50000: Over50000, 9000000: Over50000} {
		if got := SizeClassOf(population); got != want {
			t.Errorf("%d: %s, want %s", population, got, want)
		}
	}
}

func TestGroups(t *testing.T) {
	groups := Groups([]Member{{"05966002", 24000}, {"05958004", 74879}, {"05958008", 10147}, {"05962004", 9000}})
	var ids []GroupID
	for _, g := range groups {
		ids = append(ids, g.ID)
	}
	want := []GroupID{All, "district:05958", "district:05962", "district:05966", "size:0-9999", "size:10000-19999",
		"size:20000-49999", "size:50000-"}
	if !slices.Equal(ids, want) {
		t.Errorf("groups = %v", ids)
	}
	if !slices.Equal(groups[0].Members, []AGS{"05958004", "05958008", "05962004", "05966002"}) {
		t.Errorf("all = %v", groups[0].Members)
	}
	// every partition has each member exactly once
	for _, partition := range [][]Group{groups[1:4], groups[4:]} {
		n := 0
		for _, g := range partition {
			n += len(g.Members)
		}
		if n != 4 {
			t.Errorf("a partition holds %d of 4", n)
		}
	}
}

// A town whose population is not known is in no size class.
func TestGroupsOfUnknownPopulation(t *testing.T) {
	for _, g := range Groups([]Member{{"05966002", 0}, {"05958004", 74879}}) {
		if want := map[GroupID]int{All: 2, "district:05966": 1, "district:05958": 1,
			"size:50000-": 1}[g.ID]; len(g.Members) != want {
			t.Errorf("%s has %v", g.ID, g.Members)
		}
	}
}

func TestAGSOf(t *testing.T) {
	for text, want := range map[string]AGS{"05958004": "05958004", "5958004": "05958004", "059580004004": "05958004",
		"59580004004": "05958004", "05 9 58 004": "05958004", "\u200b05958004\u00a0": "05958004",
		"595800": "", "059580041": "", "0595800x": "", "": ""} {
		if got, ok := AGSOf(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v", text, got, ok)
		}
	}
}
