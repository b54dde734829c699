package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/web/site"
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
	return &errand{house: h, id: id, lead: h.signedIn(h.person("Anna", account.TownLead, "05958004")).sheet(id),
		colleague: h.browser()}
}

// ask makes a link through the form and returns its path.
func (e *errand) ask(questions ...string) string {
	e.t.Helper()
	w := e.lead.post(e.lead.base+"/delegations", url.Values{"for": {"Petra aus dem Bürgerbüro"}, "note": {"Danke dir"},
		"until": {"2026-12-05"}, "question": questions})
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
	if w := e.colleague.post(link+"/name", url.Values{"name": {"Petra Klein"}}); w.Code != http.StatusSeeOther ||
		w.Header().Get("Location") != link {
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
		if !strings.Contains(page, "2 Fragen an Sie") || !strings.Contains(page, "Danke dir") ||
			strings.Contains(page, "data-question") {
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
	if status, stale := e.put(link, question1,
		url.Values{"value": {"nein"}, "revision": {"0"}}); status != http.StatusConflict || stale["stored"] == nil {
		t.Errorf("stale: %d %v", status, stale)
	}
	if status, _ := e.put(link, "steuerung-austausch",
		url.Values{"value": {"nie"}, "revision": {"0"}}); status != http.StatusNotFound {
		t.Errorf("another question: %d", status)
	}
	if got := e.lead.answers().Answers; len(got) != 1 || got[question1].By != byPetra ||
		got[question1].Comment != "Zimmer 3" {
		t.Errorf("stored %+v", got)
	}
	if history := e.lead.ok("/questions/" + question1 + "/history"); !strings.Contains(history,
		"Petra Klein (über Link von Anna)") {
		t.Errorf("history: %s", history)
	}
	if list := e.lead.ok("/delegations"); !strings.Contains(list, "1 von 2 beantwortet") ||
		!strings.Contains(list, "antwortet als Petra Klein") {
		t.Errorf("the lead's list: %s", list)
	}
	other := newErrand(t)
	empty := other.ask(question1)
	other.come(empty)
	form := formOf(t, other.colleague.get(empty).Body.String())
	form.Set("then", "done")
	other.colleague.post(empty, form)
	if page := other.colleague.get(empty).Body.String(); !strings.Contains(page, "Beantwortet ist keine Frage.") ||
		strings.Contains(page, "Ihre Antworten sind") ||
		strings.Contains(page, "Antworten noch einmal") {
		t.Errorf("ready without an answer: %s", page)
	}
	form = formOf(t, e.colleague.get(link).Body.String())
	form.Set("a."+question2, "keines")
	form.Set("then", "done")
	if w := e.colleague.post(link, form); w.Code != http.StatusSeeOther ||
		w.Header().Get("Location") != link+"?done=delegation_done" {
		t.Fatalf("ready: status %d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	if page := e.colleague.get(link).Body.String(); !strings.Contains(page,
		"Ihre Antworten sind bei Anna angekommen.") {
		t.Errorf("ready: %s", page)
	}
	if list := e.lead.ok("/delegations"); !strings.Contains(list, "fertig, 2 von 2 beantwortet") {
		t.Errorf("the lead's list: %s", list)
	}
	entries, err := e.store.Entries(t.Context(), e.id)
	must(t, err)
	if got := entries[question2]; got.Origin != (assessment.Origin{Kind: assessment.OriginLink, Subject: "Anna"}) ||
		got.By != byPetra {
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
			if x.Region != "" || (x.Kind != account.EventDelegated && x.Kind != account.EventDelegationReminded &&
				x.Kind != account.EventDelegationRevoked) && x.Name != byPetra {
				e.t.Errorf("event %+v", x)
			}
		}
	}
	if !slices.Equal(kinds, want) {
		e.t.Errorf("events %v, want %v", kinds, want)
	}
}

// TestEndedLinksSayWhomToAsk: each way a link ends has its page and its status, for people and for
// the script; an unknown one is any address.
func TestEndedLinksSayWhomToAsk(t *testing.T) {
	t.Parallel()
	e := newErrand(t)
	admin := account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "here"}
	revoked, replaced, open := e.ask(question1), e.ask(question1), e.ask(question1)
	list := e.delegations()
	at := func(i int) string { return e.lead.base + "/delegations/" + site.OfNumber(int64(list[i].ID)) }
	e.come(open)
	if page := e.lead.get(at(2) + "/revoke").Body.String(); !strings.Contains(page, "Petra aus dem Bürgerbüro") {
		t.Errorf("confirmation: %s", page)
	}
	if w := e.lead.post(at(2)+"/revoke", nil); w.Code != http.StatusSeeOther {
		t.Errorf("revoking: status %d", w.Code)
	}
	w := e.lead.post(at(1)+"/remind", nil)
	renewed := linkIn(t, w.Body.String())
	if w.Code != http.StatusOK || renewed == replaced ||
		!strings.Contains(w.Body.String(), "Erinnerung: Selbsteinschätzung „Willkommen 2026“") {
		t.Fatalf("reminding: status %d: %s", w.Code, w.Body)
	}
	says := func(link string, status int, title string) {
		t.Helper()
		for _, path := range []string{"", "/answers.json", "/form.xlsx"} {
			w := e.colleague.get(link + path)
			if body := w.Body.String(); w.Code != status || !strings.Contains(body, "<h1>"+title+"</h1>") ||
				!strings.Contains(body, "wenden Sie sich bitte an Anna") || strings.Contains(body, "data-question") {
				t.Errorf("%s%s: status %d: %s", title, path, w.Code, body)
			}
			if got := w.Header().Get("Referrer-Policy") +
				w.Header().Get("Cache-Control"); got != "strict-originno-store" {
				t.Errorf("%s: headers %q", title, got)
			}
		}
		if code, answer := e.put(link, question1, url.Values{"value": {"ja"}, "revision": {"0"}}); code != status ||
			answer["message"] == "" {
			t.Errorf("%s, by the script: %d %v", title, code, answer)
		}
		for _, path := range []string{"", "/name", "/form", "/form/save"} {
			if w := e.colleague.post(link+path, url.Values{"name": {"Petra Klein"}, "a." + question1: {"ja"},
				"rev." + question1: {"0"}}); w.Code != status {
				t.Errorf("%s, by POST to %q: status %d", title, path, w.Code)
			}
		}
	}
	says(revoked, http.StatusGone, "Dieser Link wurde gesperrt")
	says(replaced, http.StatusGone, "Es gibt einen neueren Link")
	if w := e.colleague.get(renewed); w.Code != http.StatusOK {
		t.Errorf("the new link: status %d", w.Code)
	}
	unknown, nowhere := e.colleague.get("/d/"+strings.Repeat("x", 43)), e.colleague.get("/nowhere")
	unknown.Header().Del("X-Request-Id")
	nowhere.Header().Del("X-Request-Id")
	if unknown.Code != http.StatusNotFound ||
		ownPath.ReplaceAllString(unknown.Body.String(), "") != ownPath.ReplaceAllString(nowhere.Body.String(), "") ||
		len(unknown.Header()) != len(nowhere.Header()) {
		t.Errorf("an unknown link answers %d with %v: %s", unknown.Code, unknown.Header(), unknown.Body)
	}
	h, err := e.assessments.Head(t.Context(), admin, account.ViewAssessment, e.id)
	if err == nil {
		t.Fatalf("the agency sees a draft: %+v", h)
	}
	lead := account.Actor{User: 1, Name: "Anna", Role: account.TownLead, Town: "05958004"}
	h, err = e.assessments.Head(t.Context(), lead, account.ViewAssessment, e.id)
	must(t, err)
	must(t, e.assessments.Submit(t.Context(), lead, e.id, h.Change))
	says(open, http.StatusConflict, "Das geht gerade nicht")
	must(t, e.assessments.Reopen(t.Context(), admin, e.id, "Bitte noch einmal ansehen."))
	if w := e.colleague.get(open); w.Code != http.StatusOK {
		t.Errorf("given back: status %d", w.Code)
	}
	e.later(14 * 24 * time.Hour)
	says(open, http.StatusGone, "Dieser Link ist abgelaufen")
	if entries, err := e.store.Entries(t.Context(), e.id); err != nil || len(entries) != 0 {
		t.Errorf("stored %v, %v", entries, err)
	}
	e.lead = e.signedIn("Anna@example.org").sheet(e.id)
	if page := e.lead.ok("/delegations"); !strings.Contains(page, "abgelaufen am") ||
		!strings.Contains(page, "gesperrt am") {
		t.Errorf("the lead's list: %s", page)
	}
}

// TestAskingIsChecked: what a lead must not ask is refused at its field, with what was typed.
func TestAskingIsChecked(t *testing.T) {
	t.Parallel()
	e := newErrand(t)
	good := url.Values{"for": {"Petra"}, "email": {"petra@example.org"}, "note": {"Danke"}, "until": {"2026-12-05"},
		"question": {question1}}
	for name, c := range map[string]struct{ field, value, want string }{
		"nobody": {"for", " ", "Namen"}, "a name of turning marks alone": {"for", "\u202e\u2066", "Namen"},
		"no address": {"email", "petra", "E-Mail"}, "a header": {"email", "p@example.org\r\nBcc: x@example.org",
			"E-Mail"},
		"a long note": {"note", strings.Repeat("ä", 1001), "1000"}, "yesterday": {"until", "2026-11-21", "90"},
		"too long": {"until", "2027-02-22", "90"}, "no day": {"until", "bald", "90"},
		"another question": {"question", "nicht-da", "mindestens eine Frage"},
		"no question":      {"question", "", "mindestens eine Frage"},
	} {
		form := url.Values{}
		for k, v := range good {
			form[k] = v
		}
		form.Set(c.field, c.value)
		w := e.lead.post(e.lead.base+"/delegations", form)
		if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, c.want) ||
			!strings.Contains(body, "<title>Fehler:") || !strings.Contains(body, `value="Petra"`) && c.field != "for" {
			t.Errorf("%s: status %d: %s", name, w.Code, body)
		}
	}
	if list := e.delegations(); len(list) != 0 {
		t.Errorf("made %+v", list)
	}
	good.Set("until", "2026-12-12")
	for i := range assessment.MaxDelegations + 1 {
		w := e.lead.post(e.lead.base+"/delegations", good)
		if want := map[bool]int{true: http.StatusOK,
			false: http.StatusConflict}[i < assessment.MaxDelegations]; w.Code != want {
			t.Fatalf("link %d: status %d: %s", i, w.Code, w.Body)
		}
	}
	// No longer than the round, which ends in the middle of that day.
	if got := e.delegations()[0].Expires; !got.Equal(e.now.AddDate(0, 0, 20)) {
		t.Errorf("expires %s", got)
	}
}
