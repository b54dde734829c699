package web

import (
	"net/http"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/web/site"
)

// TestSelectedTownsAreReached: whom an agency can write to, what it would write, and that nobody else is told.
func TestSelectedTownsAreReached(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	v.person("paula", account.TownLead, string(v.towns[24].AGS))
	v.person("anna", account.TownLead, string(v.towns[0].AGS))
	page := admin.get(v.address("")).Body.String()
	if !strings.Contains(page, "paula@") || !strings.Contains(page, "ohne Koordination (1)") ||
		!strings.Contains(page, "/people?invite="+string(v.towns[25].AGS)) {
		t.Errorf("the work list: %s", page[strings.Index(page, "<main"):])
	}
	if strings.Index(page, "Talort 25") > strings.Index(page, "Talort 24") {
		t.Error("who has done less does not come first")
	}
	query := "/selection?town=" + string(v.towns[24].AGS) + "&town=" + string(v.towns[25].AGS) + "&town=" +
		string(v.towns[0].AGS) + "&town=99999999"
	page = admin.get(v.address(query)).Body.String()
	for _, want := range []string{"3 Kommunen", "davon 2 mit Adresse", "anna@",
		"Ohne Koordination, also ohne Adresse", "Talort 25",
		"Diese Nachricht geht an eine Person", "Eine der ausgewählten Kommunen hat schon eingereicht",
		"mailto:?subject=Willkommen%202026", "noch 20 Tage", "&amp;bcc=paula@"} {
		if !strings.Contains(page, want) {
			t.Errorf("the selection lacks %q", want)
		}
	}
	invite := admin.get("/people?invite=" + string(v.towns[25].AGS)).Body.String()
	if !strings.Contains(invite, `id="invite" open`) ||
		!strings.Contains(invite, `<option value="`+string(v.towns[25].AGS)+`" selected>`) {
		t.Error("the invitation is not filled in for the town")
	}
	v.later(site.ExportEvery)
	if w := admin.get(v.address("/towns-export.xlsx?town=" + string(v.towns[24].AGS))); w.Code != http.StatusOK ||
		!strings.HasPrefix(w.Body.String(), "PK") ||
		!strings.Contains(w.Header().Get("Content-Disposition"), "Kommunen") {
		t.Errorf("the workbook: status %d, %v", w.Code, w.Header())
	}
	analyst := v.signedIn(v.person("analyse", account.AgencyAnalyst, "valley"))
	if body := analyst.get(v.address("")).Body.String(); strings.Contains(body, "paula@") ||
		strings.Contains(body, "/people?invite") || strings.Contains(body, `value="addresses"`) {
		t.Error("an analyst sees people")
	}
	if w := analyst.get(v.address(query)); w.Code != http.StatusForbidden {
		t.Errorf("an analyst reads addresses: %d", w.Code)
	}
}

// TestTalksNameWhoAgreed: for the agency with those who could gain, to lay out without them.
func TestTalksNameWhoAgreed(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	for _, i := range []int{3, 6, 12, 18, 20, 23} {
		h, err := v.assessments.Head(t.Context(), account.Actor{User: 1, Role: account.TownLead, Town: v.towns[i].AGS},
			account.ViewAssessment, v.assessmentOf(v.towns[i].AGS))
		must(t, err)
		must(t, v.rounds.SetConsent(t.Context(), account.Actor{User: 1, Name: "A"}, h,
			disclosure.Consent{Examples: true}, nil))
	}
	own := admin.get(v.address("/talks")).Body.String()
	shared := admin.get(v.address("/talks?for=table")).Body.String()
	if !strings.Contains(own, "nur für die Agentur") || !strings.Contains(own, "könnte gewinnen") {
		t.Errorf("the agency's page: %.800s", own)
	}
	if strings.Contains(shared, "könnte gewinnen") || strings.Contains(shared, `id="pairs"`) {
		t.Error("the page to lay out names who could gain")
	}
	agreed := map[int]bool{3: true, 6: true, 12: true, 18: true, 20: true, 23: true}
	named := 0
	for i, m := range v.towns {
		switch in := strings.Contains(shared, escaped(m.Name)+"</a>"); {
		case in && !agreed[i]:
			t.Errorf("%s did not agree and is laid out", m.Name)
		case in:
			named++
		}
	}
	if named == 0 {
		t.Error("nobody is named")
	}
}
