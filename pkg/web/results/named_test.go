package results

import (
	"fmt"
	"strings"
	"testing"

	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
)

// TestAskAbout: at a lever stand towns that agreed and show more in its section; what a town did not
// show moves it nowhere.
func TestAskAbout(t *testing.T) {
	shows := func(ags region.AGS, score float64, examples bool) NamedLine {
		return NamedLine{Name: string(ags), Examples: examples, town: disclosure.NamedTown{AGS: ags,
			Sections: map[checklist.SectionID]float64{"netz": score}}}
	}
	hides := func(ags region.AGS, contact *personToAsk) NamedLine {
		return NamedLine{Name: string(ags), Examples: true, Contact: contact, town: disclosure.NamedTown{AGS: ags}}
	}
	petra := &personToAsk{Name: "Petra Klein"}
	all := []NamedLine{shows("a", 0.6, true), hides("b", nil), shows("c", 0.9, true), shows("d", 0.95, false),
		shows("e", 0.7, true), hides("f", petra), shows("g", 0.7, true), shows("own", 1, true)}
	for _, c := range []struct {
		section checklist.SectionID
		points  float64
		want    string
	}{
		{"netz", 0.5, "[c 90 % e 70 % g 70 %]"}, // the furthest first, then by name
		{"netz", 0.7, "[c 90 %]"},               // not those that are level
		{"netz", 0.9, "[f b]"},                  // nobody shows more
		{"paket", 0.5, "[f a b]"},
	} {
		var got []string
		for _, l := range askAbout(all, "own", c.section, c.points, wording.Page("de")) {
			if l.Score != "" {
				l.Name += " " + strings.ReplaceAll(l.Score, "\u00a0", " ")
			}
			got = append(got, l.Name)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s at %v: %v, want %s", c.section, c.points, got, c.want)
		}
	}
}
