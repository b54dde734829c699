package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/disclosure"
)

// TestShownTravelsWithEntered: whatever fields a form brings, an untouched question stores nothing,
// and one that was changed on a page that showed something else than what is stored is a conflict
// with both values.
func TestShownTravelsWithEntered(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(old, fresh url.Values) url.Values
		status int
		stored string
		by     string
	}{
		{"an old page, untouched", func(old, _ url.Values) url.Values {
			return old
		}, http.StatusSeeOther, "nein", "bert"},
		{"an old page, changed", func(old, _ url.Values) url.Values {
			old.Set("a."+question1, "teilweise")
			return old
		}, http.StatusConflict, "nein", "bert"},
		{"an old page, changed to what is stored", func(old, _ url.Values) url.Values {
			old.Set("a."+question1, "nein")
			return old
		}, http.StatusSeeOther, "nein", "bert"},
		{"the new revision beside what was shown before", func(old, fresh url.Values) url.Values {
			old.Set("rev."+question1, fresh.Get("rev."+question1))
			old.Set("a."+question1, "teilweise")
			return old
		}, http.StatusConflict, "nein", "bert"},
		{"the old revision beside what is stored", func(old, fresh url.Values) url.Values {
			fresh.Set("rev."+question1, old.Get("rev."+question1))
			fresh.Set("a."+question1, "teilweise")
			return fresh
		}, http.StatusConflict, "nein", "bert"},
		{"no word of what was shown, old revision", func(old, _ url.Values) url.Values {
			old.Del("seen." + question1)
			return old
		}, http.StatusConflict, "nein", "bert"},
		{"a made-up word of what was shown", func(_, fresh url.Values) url.Values {
			fresh.Set("seen."+question1, "forged")
			fresh.Set("a."+question1, "teilweise")
			return fresh
		}, http.StatusConflict, "nein", "bert"},
		{"a revision of the future", func(_, fresh url.Values) url.Values {
			fresh.Set("rev."+question1, "9")
			fresh.Set("a."+question1, "teilweise")
			return fresh
		}, http.StatusConflict, "nein", "bert"},
		{"the new page, changed", func(_, fresh url.Values) url.Values {
			fresh.Set("a."+question1, "teilweise")
			return fresh
		}, http.StatusSeeOther, "teilweise", "anna"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			id, _ := h.openRound()
			anna := h.signedIn(h.person("anna", account.TownLead, "05958004")).sheet(id)
			bert := h.signedIn(h.person("bert", account.TownEditor, "05958004")).sheet(id)
			anna.answer(question1, 0, "value", "ja")
			old := formOf(t, anna.ok("/sections/steuerung"))
			bert.answer(question1, 1, "value", "nein")
			w := anna.post(anna.base+"/sections/steuerung", c.change(old, formOf(t, anna.ok("/sections/steuerung"))))
			if w.Code != c.status {
				t.Fatalf("status %d", w.Code)
			}
			if page := w.Body.String(); c.status == http.StatusConflict &&
				(!strings.Contains(page, "inzwischen gespeichert um 13:00 Uhr von bert") ||
					!strings.Contains(page, "Ihre Eingabe")) {
				t.Error("the conflict does not show both values")
			}
			if got := anna.answers().Answers[question1]; got.Value != c.stored || got.By != c.by {
				t.Errorf("stored %+v", got)
			}
			if c.status != http.StatusConflict {
				return
			}
			// Who reads both and saves once more means it.
			again := formOf(t, w.Body.String())
			again.Set("take", question1)
			if w := anna.post(anna.base+"/sections/steuerung", again); w.Code != http.StatusSeeOther {
				t.Errorf("decided: status %d", w.Code)
			}
			if got := anna.answers().Answers[question1]; got.By != "anna" {
				t.Errorf("decided, and stored is %+v", got)
			}
		})
	}
}

// TestShownInAnotherLanguage: what was shown in one language is the same in another.
func TestShownInAnotherLanguage(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	lead.answer("steuerung-ansprechperson", 0, "value", "ja")
	lead.answer("steuerung-stunden", 0, "value", "7,5")
	form := formOf(t, lead.ok("/sections/steuerung"))
	form.Set("a.steuerung-stunden", "8")
	if w := lead.post(lead.base+"/sections/steuerung", form, "Accept-Language", "en"); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %.300s", w.Code, w.Body)
	}
	if got := lead.answers().Answers["steuerung-stunden"]; got.Value != 8.0 || got.Revision != 2 {
		t.Errorf("stored %+v", got)
	}
}

// TestSaveRepeated: a save whose answer was lost on the way is no conflict with oneself, and leaves
// no second trace: as the page's script sends it, as a form, by a link; what a colleague has stored
// meanwhile in the same words is none either.
func TestSaveRepeated(t *testing.T) {
	e := newErrand(t)
	bert := e.signedIn(e.person("bert", account.TownEditor, "05958004")).sheet(e.id)
	for range 2 {
		if w := e.lead.put(question1, 0, "value", "ja", "comment", "Zimmer 3"); w.Code != http.StatusOK ||
			!strings.Contains(w.Body.String(), `"revision":1,`) {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
	}
	if w := bert.put(question1, 0, "value", "ja", "comment", "Zimmer 3"); w.Code != http.StatusOK ||
		!strings.Contains(w.Body.String(), `"by":"Anna"`) {
		t.Errorf("the same by a colleague: status %d: %s", w.Code, w.Body)
	}
	if w := bert.put(question1, 0, "value", "ja", "comment", "Zimmer 4"); w.Code != http.StatusConflict {
		t.Errorf("another comment: status %d: %s", w.Code, w.Body)
	}
	if w := bert.put(question1, 7, "value", "ja", "comment", "Zimmer 3"); w.Code != http.StatusConflict {
		t.Errorf("a revision of the future: status %d: %s", w.Code, w.Body)
	}
	form := formOf(t, e.lead.ok("/sections/steuerung"))
	form.Set("a."+question2, "keines")
	for range 2 {
		if w := e.lead.post(e.lead.base+"/sections/steuerung", form); w.Code != http.StatusSeeOther {
			t.Errorf("form: status %d", w.Code)
		}
	}
	link := e.ask(question2)
	e.come(link)
	e.come(link)
	for range 2 {
		if status, got := e.put(link, question2,
			url.Values{"value": {"verwaltung"}, "revision": {"1"}}); status != http.StatusOK || got["revision"] != 2.0 {
			t.Errorf("link: status %d: %v", status, got)
		}
	}
	for range 2 {
		e.colleague.post(link, url.Values{"then": {"done"}})
	}
	if got := e.lead.answers().Answers; got[question1].Revision != 1 || got[question2].Revision != 2 {
		t.Errorf("stored %+v", got)
	}
	e.events("delegation_done", "delegation_named", "delegated")
}

// TestConsentMeanwhile: nobody's choice is undone by a page that showed another one.
func TestConsentMeanwhile(t *testing.T) {
	e := newErrand(t)
	carla := e.signedIn(e.person("Carla", account.TownLead, "05958004")).sheet(e.id)
	at := e.lead.base + "/consent"
	stored := func() disclosure.Consent {
		t.Helper()
		h, err := e.assessments.Head(t.Context(), account.Actor{User: 1, Role: account.TownLead, Town: "05958004"},
			account.ViewAssessment, e.id)
		must(t, err)
		c, err := e.rounds.Consent(t.Context(), h)
		must(t, err)
		return c
	}
	form := formOf(t, e.lead.ok("/consent"))
	form.Set("naming", "named")
	if w := e.lead.post(at, form); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), "Kreuzen Sie mindestens eines an") {
		t.Errorf("nothing to show with the name: status %d", w.Code)
	}
	form.Set("total", "1")
	for range 2 { // the second time says what is stored already
		if w := e.lead.post(at, form); w.Code != http.StatusSeeOther {
			t.Fatalf("status %d", w.Code)
		}
	}
	list, err := e.store.EventsOfTown(t.Context(), "05958004", 0, 50)
	must(t, err)
	if n := len(slices.DeleteFunc(list, func(x account.Event) bool { return x.Kind != account.EventConsent })); n != 1 {
		t.Errorf("%d lines in the log for one change", n)
	}
	untouched, changed := formOf(t, e.lead.ok("/consent")), formOf(t, e.lead.ok("/consent"))
	other := formOf(t, carla.ok("/consent"))
	other.Set("sections", "1")
	if w := carla.post(at, other); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if w := e.lead.post(at, untouched); w.Code != http.StatusSeeOther || w.Header().Get("Location") != at ||
		stored() != (disclosure.Consent{Total: true, Sections: true}) {
		t.Errorf("untouched: status %d to %s, %+v", w.Code, w.Header().Get("Location"), stored())
	}
	changed.Set("naming", "anonymous")
	w := e.lead.post(at, changed)
	if page := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(page, "<p>Ohne Namen</p>") ||
		!strings.Contains(page, "<p>Mit Namen: die gesamte Punktzahl, die Punktzahlen der Abschnitte</p>") {
		t.Errorf("changed meanwhile: status %d: %s", w.Code, page)
	}
	if stored() != (disclosure.Consent{Total: true, Sections: true}) {
		t.Errorf("stored %+v", stored())
	}
	if w := e.lead.post(at, formOf(t, w.Body.String())); w.Code != http.StatusSeeOther ||
		stored() != (disclosure.Consent{}) {
		t.Errorf("decided: status %d, %+v", w.Code, stored())
	}
}
