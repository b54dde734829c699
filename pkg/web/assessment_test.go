package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
)

func TestAnswerWithoutScripts(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)

	if page := lead.ok(""); !strings.Contains(page, "nicht begonnen") ||
		!strings.Contains(page, "zwischen 0,0\u00a0% und 100,0\u00a0%") {
		t.Error("a fresh task list does not say that nothing was begun")
	}
	page := lead.ok("/sections/steuerung")
	form := formOf(t, page)
	if strings.Contains(page, " checked") || len(form["a.steuerung-ansprechperson"]) > 0 {
		t.Error("something is chosen on a fresh page")
	}
	form.Set("a.steuerung-ansprechperson", "ja")
	form.Set("a.steuerung-stunden", "7,5")
	form.Set("comment.steuerung-ansprechperson", "Zimmer 12\r\nErdgeschoss")
	form.Set("then", "next")
	w := lead.post(lead.base+"/sections/steuerung", form)
	if w.Code != http.StatusSeeOther ||
		w.Header().Get("Location") != lead.base+"/sections/netz?of=steuerung&saved=2#heading" {
		t.Fatalf("status %d to %q: %.500s", w.Code, w.Header().Get("Location"), w.Body)
	}
	if next := lead.ok("/sections/netz?of=steuerung&saved=2"); !strings.Contains(next, "Alle Antworten in „Steuerung") {
		t.Error("the next section does not say what was saved")
	}
	got := lead.answers()
	if a := got.Answers["steuerung-ansprechperson"]; a.Value != "ja" || a.Revision != 1 ||
		a.Comment != "Zimmer 12\nErdgeschoss" {
		t.Errorf("stored %+v", a)
	}
	if a := got.Answers["steuerung-stunden"]; a.Value != 7.5 {
		t.Errorf("stored %+v", a)
	}
	page = lead.ok("/sections/steuerung")
	for _, want := range []string{`value="7,5"`, "gespeichert um 13:00 Uhr von leitung", "Zimmer 12"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	// Saving again without a change writes nothing.
	w = lead.post(lead.base+"/sections/steuerung", formOf(t, page))
	if w.Header().Get("Location") != lead.base+"/sections/steuerung?saved=0" ||
		lead.answers().Answers["steuerung-stunden"].Revision != 1 {
		t.Errorf("an unchanged form was saved: %q", w.Header().Get("Location"))
	}
	form = formOf(t, page)
	form.Set("clear", "steuerung-stunden")
	lead.post(lead.base+"/sections/steuerung", form)
	if a := lead.answers().Answers["steuerung-stunden"]; a.Value != nil || a.Revision != 2 {
		t.Errorf("taken back, but stored is %+v", a)
	}
}

func TestRefusedInputIsKept(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	form := formOf(t, lead.ok("/sections/steuerung"))
	form.Set("a.steuerung-ansprechperson", "teilweise")
	form.Set("a.steuerung-stunden", "900")
	form.Set("comment.steuerung-stunden", "geschätzt")
	w := lead.post(lead.base+"/sections/steuerung", form)
	page := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", w.Code)
	}
	for _, want := range []string{"<title>Fehler:", `href="#a-steuerung-stunden"`, `value="900"`, "höchstens 400",
		"geschätzt", "Eine andere Antwort wurde gespeichert"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if a := lead.answers().Answers["steuerung-ansprechperson"]; a.Value != "teilweise" {
		t.Errorf("the valid answer was not saved: %+v", a)
	}
	// The form as it came back can be mended and sent.
	form = formOf(t, page)
	form.Set("a.steuerung-stunden", "9")
	if w := lead.post(lead.base+"/sections/steuerung", form); w.Code != http.StatusSeeOther {
		t.Errorf("mended: status %d", w.Code)
	}
	if a := lead.answers().Answers["steuerung-stunden"]; a.Value != 9.0 || a.Comment != "geschätzt" {
		t.Errorf("mended, but stored is %+v", a)
	}
}

func TestConflictWithoutScripts(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	anna := h.signedIn(h.person("anna", account.TownLead, "05958004")).sheet(id)
	bert := h.signedIn(h.person("bert", account.TownEditor, "05958004")).sheet(id)
	seen := formOf(t, anna.ok("/sections/steuerung"))
	bert.answer("steuerung-ansprechperson", 0, "value", "nein")
	bert.answer("steuerung-ziel", 0, "value", "verwaltung")

	// A question she has not touched is no conflict, though somebody else answered it.
	seen.Set("a.steuerung-stunden", "3")
	if w := anna.post(anna.base+"/sections/steuerung", seen); w.Code != http.StatusSeeOther {
		t.Fatalf("untouched questions: status %d", w.Code)
	}
	seen.Set("a.steuerung-ansprechperson", "ja")
	w := anna.post(anna.base+"/sections/steuerung", seen)
	page := w.Body.String()
	if w.Code != http.StatusConflict || !strings.Contains(page, "inzwischen gespeichert um 13:00 Uhr von bert") ||
		!strings.Contains(page, "Antwort von bert behalten</span>") {
		t.Fatalf("conflict: status %d", w.Code)
	}
	for _, c := range []struct{ choice, want string }{{"keep", "nein"}, {"take", "ja"}} {
		form := formOf(t, page)
		form.Set(c.choice, "steuerung-ansprechperson")
		if w := anna.post(anna.base+"/sections/steuerung", form); w.Code != http.StatusSeeOther {
			t.Errorf("%s: status %d", c.choice, w.Code)
		}
		if a := anna.answers().Answers["steuerung-ansprechperson"]; a.Value != c.want {
			t.Errorf("%s: stored is %+v", c.choice, a)
		}
	}
}

func TestAutosave(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	for _, c := range []struct {
		name, question string
		revision       int
		fields         []string
		status         int
		body           string
	}{
		{"first", "steuerung-ansprechperson", 0, []string{"value", "nein"}, 200, `"revision":1`},
		{"second", "steuerung-ansprechperson", 1, []string{"value", "ja"}, 200, `"revision":2`},
		{"stale", "steuerung-ansprechperson", 1, []string{"value", "nein"}, 409, `"stored":{"value":"ja"`},
		{"unknown question", "gibt-es-nicht", 0, []string{"value", "ja"}, 404, `"error":"question_unknown"`},
		{"unknown option", "steuerung-ansprechperson", 2, []string{"value", "vielleicht"}, 422,
			`steht bei der Frage nicht zur Wahl`},
		{"two values", "steuerung-ansprechperson", 2, []string{"value", "ja", "value", "nein"}, 422, `genau eine`},
		{"too large", "steuerung-stunden", 0, []string{"value", "401"}, 422, `höchstens 400`},
		{"no number", "steuerung-stunden", 0, []string{"value", "viele"}, 422, `eine Zahl`},
		{"wrong step", "steuerung-stunden", 0, []string{"value", "1,3"}, 422, `Schritte`},
		{"comma", "steuerung-stunden", 0, []string{"value", "1,5"}, 200, `"revision":1`},
		{"negative revision", "steuerung-stunden", -1, []string{"value", "2"}, 422, `Revisionsnummer`},
		{"not applicable refused", "steuerung-ansprechperson", 2, []string{"not_applicable", "gibt es bei uns nicht"},
			422, `nicht möglich`},
		{"taken back", "steuerung-ansprechperson", 2, nil, 200, `"given":false`},
		{"comment too long", "steuerung-ansprechperson", 3, []string{"comment", strings.Repeat("x", 2001)}, 422,
			`2000`},
	} {
		w := lead.put(c.question, c.revision, c.fields...)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("%s: status %d, body %s; want %d with %s", c.name, w.Code, w.Body, c.status, c.body)
		}
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: not JSON: %s", c.name, w.Body)
		}
	}
}
