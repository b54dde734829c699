package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
)

// errand is the house with an open round, the lead of Arnsberg, and a browser of a colleague who has no account.
type errand struct {
	*house
	id        assessment.ID
	lead      sheet
	colleague *browser
}

func newErrand(t *testing.T) *errand {
	t.Helper()
	h := newHouse(t)
	id, _ := h.openRound()
	return &errand{house: h, id: id, lead: h.signedIn(h.person("Anna", account.TownLead, "05958004")).sheet(id), colleague: h.browser()}
}

// ask makes a link through the form and returns its path.
func (e *errand) ask(questions ...string) string {
	e.t.Helper()
	w := e.lead.post(e.lead.base+"/delegations", url.Values{"for": {"Petra aus dem Bürgerbüro"}, "note": {"Danke dir"}, "until": {"2026-12-05"}, "question": questions})
	if w.Code != http.StatusOK {
		e.t.Fatalf("asking: status %d: %s", w.Code, w.Body)
	}
	return linkIn(e.t, w.Body.String())
}

func linkIn(t testing.TB, page string) string {
	t.Helper()
	for _, tag := range tags(page, "<input ") {
		if attribute(tag, "id") == "link" {
			_, path, _ := strings.Cut(attribute(tag, "value"), "http://example.com")
			return path
		}
	}
	t.Fatalf("no link in %s", page)
	return ""
}

// come states the colleague's name.
func (e *errand) come(link string) {
	e.t.Helper()
	if w := e.colleague.post(link+"/name", url.Values{"name": {"Petra Klein"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != link {
		e.t.Fatalf("stating the name: status %d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
}

// put answers a question as the page's script does.
func (e *errand) put(link, question string, fields url.Values) (int, map[string]any) {
	e.t.Helper()
	w := e.colleague.do(http.MethodPut, link+"/answers/"+question, fields, "Accept", "application/json")
	var answer map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		e.t.Fatalf("%s: status %d, %v: %s", question, w.Code, err, w.Body)
	}
	return w.Code, answer
}

func (e *errand) delegations() []assessment.Delegation {
	e.t.Helper()
	list, err := e.store.Delegations(e.t.Context(), e.id)
	must(e.t, err)
	return list
}

const byPetra = "Petra Klein (über Link von Anna)"

// TestColleagueAnswersByLink: the way from the lead's form to the answer in the history.
func TestColleagueAnswersByLink(t *testing.T) {
	t.Parallel()
	e := newErrand(t)
	link := e.ask(question2, question1)
	for i := 0; i < 2; i++ {
		page := e.colleague.get(link).Body.String()
		if !strings.Contains(page, "2 Fragen an Sie") || !strings.Contains(page, "Danke dir") || strings.Contains(page, "data-question") {
			t.Fatalf("greeting: %s", page)
		}
	}
	if d := e.delegations()[0]; d.Uses != 0 || d.Name != "" {
		t.Errorf("a look at the greeting counts as a use: %+v", d)
	}
	e.come(link)
	page := e.colleague.get(link).Body.String()
	var asked []string
	for _, tag := range tags(page, "<fieldset ") {
		asked = append(asked, attribute(tag, "data-question"))
	}
	if !slices.Equal(asked, []string{question1, question2}) {
		t.Errorf("asked %v", asked)
	}
	status, saved := e.put(link, question1, url.Values{"value": {"ja"}, "comment": {"Zimmer 3"}, "revision": {"0"}})
	if status != http.StatusOK || saved["revision"] != 1.0 || saved["by"] != byPetra {
		t.Errorf("saved: %d %v", status, saved)
	}
	if status, stale := e.put(link, question1, url.Values{"value": {"nein"}, "revision": {"0"}}); status != http.StatusConflict || stale["stored"] == nil {
		t.Errorf("stale: %d %v", status, stale)
	}
	if status, _ := e.put(link, "steuerung-austausch", url.Values{"value": {"nie"}, "revision": {"0"}}); status != http.StatusNotFound {
		t.Errorf("another question: %d", status)
	}
	if got := e.lead.answers().Answers; len(got) != 1 || got[question1].By != byPetra || got[question1].Comment != "Zimmer 3" {
		t.Errorf("stored %+v", got)
	}
	if history := e.lead.ok("/questions/" + question1 + "/history"); !strings.Contains(history, "Petra Klein (über Link von Anna)") {
		t.Errorf("history: %s", history)
	}
	if list := e.lead.ok("/delegations"); !strings.Contains(list, "1 von 2 beantwortet") || !strings.Contains(list, "antwortet als Petra Klein") {
		t.Errorf("the lead's list: %s", list)
	}
	form := formOf(t, e.colleague.get(link).Body.String())
	form.Set("a."+question2, "keines")
	form.Set("then", "done")
	if w := e.colleague.post(link, form); w.Code != http.StatusSeeOther || w.Header().Get("Location") != link+"?done=delegation_done" {
		t.Fatalf("ready: status %d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	if list := e.lead.ok("/delegations"); !strings.Contains(list, "fertig, 2 von 2 beantwortet") {
		t.Errorf("the lead's list: %s", list)
	}
	entries, err := e.store.Entries(t.Context(), e.id)
	must(t, err)
	if got := entries[question2]; got.Origin != (assessment.Origin{Kind: assessment.OriginLink, Subject: "Anna"}) || got.By != byPetra {
		t.Errorf("stored %+v", got)
	}
	e.events("delegation_done", "delegation_named", "delegated")
}

// events checks the newest lines of the town's log, without signing in and out.
func (e *errand) events(want ...account.EventKind) {
	e.t.Helper()
	list, err := e.store.EventsOfTown(e.t.Context(), "05958004", 0, 50)
	must(e.t, err)
	var kinds []account.EventKind
	for _, x := range list {
		if strings.HasPrefix(string(x.Kind), "delegat") {
			kinds = append(kinds, x.Kind)
			if x.Region != "" || (x.Kind != account.EventDelegated && x.Kind != account.EventDelegationReminded && x.Kind != account.EventDelegationRevoked) && x.Name != byPetra {
				e.t.Errorf("event %+v", x)
			}
		}
	}
	if !slices.Equal(kinds, want) {
		e.t.Errorf("events %v, want %v", kinds, want)
	}
}
