package web

import (
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/web/site"
)

// TestTheAgencysStartSaysWhatIsDue through the life of a round, each with its one thing to do, and to an analyst
// without what only the administration may do.
func TestTheAgencysStartSaysWhatIsDue(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	analyst := v.signedIn(v.person("analyse", account.AgencyAnalyst, "valley"))
	v.person("paula", account.TownLead, string(v.towns[24].AGS))
	check := func(when string, b *browser, want, not []string) {
		t.Helper()
		page := b.get("/").Body.String()
		_, page, _ = strings.Cut(page, "<main")
		for _, s := range want {
			if !strings.Contains(page, s) {
				t.Errorf("%s: %q is missing in %s", when, s, page)
			}
		}
		for _, s := range not {
			if strings.Contains(page, s) {
				t.Errorf("%s: %q is there", when, s)
			}
		}
	}
	remind := v.address("/selection?town=")
	check("running", admin, []string{"2 Kommunen fehlen noch", v.address("?show=missing#towns"),
		"Tage bis zur Frist", "92", remind + string(v.towns[24].AGS), "Talort 25",
		"Eine Kommune hat keine Koordination", v.address("?show=unled#towns")},
		[]string{remind + string(v.towns[25].AGS), "Talort 05"})
	check("running, analyst", analyst, []string{"2 Kommunen fehlen noch", "Talort 24"},
		[]string{remind, "/rounds/new", "keine Koordination"})
	v.now = v.now.AddDate(0, 0, 30)
	admin, analyst = v.signedIn("amt@example.org"), v.signedIn("analyse@example.org")
	check("overdue", admin, []string{"os-state--late", "Der letzte Tag war der 12. Dezember 2026", v.address("/close")},
		[]string{"Tage bis zur Frist"})
	check("overdue, analyst", analyst, []string{"Der letzte Tag war"}, []string{v.address("/close")})
	must(t, v.rounds.Close(t.Context(), v.admin, v.round))
	check("closed", admin, []string{"noch nicht veröffentlicht", v.address("/publish")}, []string{"Talort"})
	must(t, v.rounds.Publish(t.Context(), v.admin, v.round))
	check("published", admin, []string{"os-state--done", `href="` + site.RoundAddress(int64(v.round)) + `"`},
		[]string{"Was ansteht"})
}
