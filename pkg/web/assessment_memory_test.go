package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
)

// TestPageFromMemory asks for a section three times: filled, from memory, and from memory after a change.
func TestPageFromMemory(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	page := func(encoding string) string {
		return unpacked(t, lead.get(lead.base+"/sections/steuerung", "Accept-Encoding", encoding))
	}
	first := page("identity")
	for _, encoding := range []string{"identity", "gzip", "gzip;q=0", "gzip"} {
		if again := page(encoding); again != first {
			t.Errorf("%s: the page from memory has %d bytes, the first had %d", encoding, len(again), len(first))
		}
	}
	lead.answer("steuerung-ansprechperson", 0, "value", "ja")
	for _, how := range []string{"filled anew", "from memory"} {
		if page("gzip") == first {
			t.Errorf("the page %s is out of date", how)
		}
	}
}

// TestPageFromMemoryIsTheOneOfNow changes, one after the other, everything that a section's page
// shows, and compares the page with that of a server which remembers nothing: a source that lacks
// one of them would show yesterday's page.
func TestPageFromMemoryIsTheOneOfNow(t *testing.T) {
	x := newReception(t)
	x.now = time.Date(2026, 11, 22, 21, 30, 0, 0, time.UTC) // half past ten in the evening
	mine, editor := x.signedIn(x.lead).sheet(x.fresh),
		x.signedIn(x.person("redaktion", account.TownEditor, "05958004")).sheet(x.fresh)
	actor := account.Actor{User: 1, Name: "leitung", Role: account.TownLead, Town: "05958004"}
	head := func() assessment.Head {
		h, err := x.assessments.Head(t.Context(), actor, account.ViewAssessment, x.fresh)
		must(t, err)
		return h
	}
	change := func(f func(round.Round, *round.Change)) func() {
		return func() {
			r, err := x.rounds.Round(t.Context(), receptionAdmin, account.ManageRound, round.ID(head().Round))
			must(t, err)
			c := round.Change{Seen: r.Revision, Title: r.Title}
			f(r, &c)
			_, err = x.rounds.Change(t.Context(), receptionAdmin, r.ID, c)
			must(t, err)
		}
	}
	path := "/sections/ankommen"
	remembering := x.handler
	var anew *shell
	testServer(t, x.configure, func(c *Config) {
		var err error
		anew, err = newShell(*c)
		must(t, err)
	})
	forgetful, err := anew.handler(anew.echo())
	must(t, err)
	page := func() string { return unpacked(t, mine.get(mine.base+path, "Accept-Encoding", "identity")) }

	shown := page()
	for _, step := range []struct {
		what string
		same bool // the page does not tell
		do   func()
	}{
		{"nothing", true, func() {}},
		{"the language", false, func() { mine.cookies[site.CookieLang] = "en" }},
		{"the theme", false, func() { mine.cookies[site.CookieTheme] = "dark" }},
		{"what was just saved", false, func() { path += "?saved=1" }},
		{"what the query says", false, func() { path = "/sections/ankommen?saved=0&confirmed=2" }},
		{"an answer of the reader's", false, func() { mine.answer("seite", 0, "value", "ja") }},
		{"an answer of a colleague's", false, func() { editor.answer("sprachen", 0, "value", "deutsch") }},
		{"an answer in another section", false, func() { editor.answer("bericht", 0, "value", "Ein Fest.") }},
		{"a comment", false, func() { editor.answer("seite", 1, "value", "ja", "comment", "seit 2019") }},
		{"evidence", false, func() {
			_, err := x.assessments.AddLink(t.Context(), actor, head(), "seite", "https://example.org/neu", "Neu")
			must(t, err)
		}},
		{"what was answered before", false, func() { x.changeBefore("frueh", "value", "nein") }},
		{"another browser of the same person", true, func() {
			mine.cookies[site.CookieSession] = x.signedIn(x.lead).cookies[site.CookieSession]
		}},
		{"the round's title", false, change(func(_ round.Round, c *round.Change) { c.Title = "Empfang 2026/27" })},
		{"midnight", false, func() { x.now = x.now.Add(2 * time.Hour) }},
		{"the round's last day", true, change(func(r round.Round, c *round.Change) {
			c.Closes = x.now.Add(24 * time.Hour)
		})},
		{"the end of the round", false, func() {
			x.now = x.now.Add(25 * time.Hour)
			mine.cookies[site.CookieSession] = x.signedIn(x.lead).cookies[site.CookieSession]
		}},
	} {
		step.do()
		x.handler = remembering
		first, second := page(), page()
		x.handler = forgetful
		forget(anew)
		if now := page(); first != now || second != now {
			t.Errorf("%s: the page from memory is not the one of now", step.what)
		}
		x.handler = remembering
		if (first == shown) != step.same {
			t.Errorf("%s: that the page stays the same is %v", step.what, first == shown)
		}
		shown = first
	}
}

func unpacked(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var body io.Reader = w.Body
	if w.Header().Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		body = z
	}
	b, err := io.ReadAll(body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("status %d, %v", w.Code, err)
	}
	return string(b)
}
