package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/web/site"
)

// TestAskFromAQuestion: a question leads to asking somebody about it, more are taken along by the address alone, and
// whom the town asked before needs no typing.
func TestAskFromAQuestion(t *testing.T) {
	e := newErrand(t)
	e.ask(question2)
	form := formOf(t, e.lead.ok("/sections/steuerung"))
	form.Set("a."+question1, "ja")
	form.Set("ask", question1)
	press := func() string {
		t.Helper()
		w := e.lead.post(e.lead.base+"/sections/steuerung", form)
		if w.Code != http.StatusSeeOther {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		return w.Header().Get("Location")
	}
	to := press()
	if want := e.lead.base + "/delegations?question=" + question1 + "#ask"; to != want {
		t.Fatalf("asking leads to %q, not %q", to, want)
	}
	if got := e.lead.answers().Answers[question1]; got.Value != "ja" {
		t.Errorf("what was entered is lost: %+v", got)
	}
	page := e.lead.get(strings.TrimSuffix(to, "#ask")).Body.String()
	more := e.lead.base + "/sections/steuerung?ask=" + question1
	contains(t, "asking", page, []string{`value="` + question1 + `" checked`, `href="` + more + `"`,
		"Schon einmal gefragt", "Petra aus dem Bürgerbüro</label>"}, `value="`+question2+`" checked`)

	// The basket goes along: to other sections, through saving, and back to asking.
	page = e.lead.get(more).Body.String()
	contains(t, "basket", page, []string{"Eine Frage ist ausgewählt", `href="netz?ask=` + question1 + `"`})
	form = formOf(t, page)
	form.Set("then", "next")
	if to := press(); !strings.Contains(to, "&ask="+question1+"#heading") {
		t.Errorf("going on leads to %q", to)
	}
	form.Del("then")
	form.Set("ask", question2)
	if to := press(); !strings.Contains(to, "question="+question1+"&question="+question2) {
		t.Errorf("asking about two leads to %q", to)
	}
	contains(t, "unknown", e.lead.get(e.lead.base+"/sections/steuerung?ask=nirgends").Body.String(), nil, "ausgewählt")

	// Whom the town asked is chosen by one press; somebody of another town is nobody.
	last := e.delegations()[0]
	send := func(person string) (int, string) {
		w := e.lead.post(e.lead.base+"/delegations", url.Values{"question": {question1}, "person": {person},
			"until": {"2026-12-05"}})
		return w.Code, w.Body.String()
	}
	if status, page := send(site.OfNumber(int64(last.ID))); status != http.StatusOK ||
		!strings.Contains(page, "Link für Petra aus dem Bürgerbüro") {
		t.Errorf("status %d", status)
	}
	if status, _ := send("4711"); status != http.StatusUnprocessableEntity {
		t.Errorf("nobody: status %d", status)
	}
	other := e.signedIn(e.person("Bert", account.TownLead, "05958008"))
	contains(t, "another town", other.sheet(e.assessmentOf("05958008")).ok("/delegations"), nil, "Schon einmal gefragt",
		"Petra aus")
	editor := e.signedIn(e.person("Cem", account.TownEditor, "05958004")).sheet(e.id)
	contains(t, "editor", editor.ok("/sections/steuerung?ask="+question1), nil, `name="ask"`, "ausgewählt")
}
