package web

import (
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/templates"
)

// TestLinkMadeOnce: the form that made a link, or renewed one, makes no second one when its page is loaded again.
func TestLinkMadeOnce(t *testing.T) {
	t.Parallel()
	e := newErrand(t)
	at := e.lead.base + "/delegations"
	form := formOf(t, e.lead.ok("/delegations"))
	form.Set("for", "Bürgerbüro")
	form.Set("question", question1)
	first, second := e.lead.post(at, form), e.lead.post(at, form)
	link := linkIn(t, first.Body.String())
	if second.Code != http.StatusOK || linkIn(t, second.Body.String()) != link || len(e.delegations()) != 1 ||
		!strings.Contains(second.Body.String(), "Dieser Link ist schon erstellt") {
		t.Errorf("sent twice: status %d, %d links", second.Code, len(e.delegations()))
	}
	if text := first.Body.String(); !strings.Contains(text, "Guten Tag,\n\nfür die") ||
		!strings.Contains(text, "Eine Frage zur Selbsteinschätzung „Willkommen 2026“ (bis ") {
		t.Errorf("the mail to an office: %s", text)
	}
	other := formOf(t, e.lead.ok("/delegations"))
	remind := at + "/" + site.OfNumber(int64(e.delegations()[0].ID)) + "/remind"
	key := url.Values{"key": {other.Get("key")}}
	new1, new2 := e.lead.post(remind, key), e.lead.post(remind, key)
	if a, b := linkIn(t, new1.Body.String()), linkIn(t, new2.Body.String()); a != b || a == link ||
		e.delegations()[0].Reminders != 1 {
		t.Errorf("reminded twice: %q and %q, %d reminders", a, b, e.delegations()[0].Reminders)
	}
	if w := e.lead.post(at, form); w.Code != http.StatusSeeOther || len(e.delegations()) != 1 {
		t.Errorf("the first form once more, after its link was replaced: status %d, %d links", w.Code,
			len(e.delegations()))
	}
	// Another person's form with the same key, and one without a key that could be guessed, make links of their own.
	carla := e.signedIn(e.person("Carla", account.TownLead, "05958004")).sheet(e.id)
	for _, k := range []string{form.Get("key"), "short", ""} {
		form.Set("key", k)
		if got := linkIn(t, carla.post(at, form).Body.String()); got == link {
			t.Errorf("key %q: the same link", k)
		}
	}
	if len(e.delegations()) != 4 {
		t.Errorf("%d links", len(e.delegations()))
	}
	wrong := carla.post(at, url.Values{"until": {"2026-12-05"}}).Body.String()
	if i, j := strings.Index(wrong, `href="#question"`), strings.Index(wrong, `href="#for"`); i < 0 || j < i {
		t.Error("the summary of errors does not begin with the questions")
	}
}

// TestFormAfterSigningOut: a form that comes too late keeps what was entered, and leads to the
// sign-in; no password comes back.
func TestFormAfterSigningOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id, _ := h.openRound()
	email := h.person("leitung", account.TownLead, "05958004")
	lead := h.signedIn(email).sheet(id)
	form := formOf(t, lead.ok("/sections/steuerung"))
	form.Set("a."+question1, "ja")
	form.Set("comment."+question1, `viel "Text" & mehr`)
	h.later(account.IdleTimeout + time.Hour)
	w := lead.post(lead.base+"/sections/steuerung", form)
	page := w.Body.String()
	if w.Code != http.StatusUnauthorized || !strings.Contains(page, `href="/login" target="_blank"`) {
		t.Errorf("status %d: %s", w.Code, page)
	}
	kept := formOf(t, page)
	if kept.Get("comment."+question1) != `viel "Text" & mehr` ||
		!strings.Contains(page, `action="`+lead.base+`/sections/steuerung"`) {
		t.Errorf("kept %v", kept)
	}
	again := h.signedIn(email).sheet(id)
	if w := again.post(lead.base+"/sections/steuerung", kept); w.Code != http.StatusSeeOther {
		t.Errorf("once more: status %d", w.Code)
	}
	if got := again.answers().Answers[question1]; got.Value != "ja" || got.Comment != `viel "Text" & mehr` {
		t.Errorf("stored %+v", got)
	}
	if page := lead.post("/account/password",
		url.Values{"password": {"streng geheim und lang"}}).Body.String(); strings.Contains(page, "geheim") ||
		strings.Contains(page, "Noch einmal senden") {
		t.Errorf("a password comes back: %s", page)
	}
}

// TestEvidenceLinks: an address as people copy it is completed; what is no address of a page is
// refused with what is wrong.
func TestEvidenceLinks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	at := lead.base + "/questions/" + question1 + "/evidence"
	for given, want := range map[string]string{
		" www.bestwig.de ": "https://www.bestwig.de", "köln.de/neu?x=1": "https://k%C3%B6ln.de/neu?x=1",
		"www.olpe.de:8443/a#b": "https://www.olpe.de:8443/a#b", "http://www.olpe.de": "http://www.olpe.de",
	} {
		if w := lead.post(at, url.Values{"link": {given}, "title": {"Seite"}}); w.Code != http.StatusSeeOther {
			t.Errorf("%q: status %d", given, w.Code)
		} else if page := lead.ok("/questions/" + question1 + "/evidence"); !strings.Contains(page, `href="`+want+`"`) {
			t.Errorf("%q is not stored as %s", given, want)
		}
	}
	for given, want := range map[string]string{
		"https://www.olpe.de/" + strings.Repeat("x", 3000): "Die Adresse ist zu lang: höchstens 2000 Zeichen",
		"willkommen": "Adresse einer Seite", "javascript:alert(1)": "Adresse einer Seite",
		"name@olpe.de": "Adresse einer Seite", "ftp://olpe.de": "Adresse einer Seite",
		"https://a:b@olpe.de": "Adresse einer Seite",
	} {
		if w := lead.post(at, url.Values{"link": {given}}); w.Code != http.StatusUnprocessableEntity ||
			!strings.Contains(w.Body.String(), want) {
			t.Errorf("%.40q: status %d", given, w.Code)
		}
	}
	if w := h.browser().get("/help"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/help/town" {
		t.Errorf("/help: status %d to %q", w.Code, w.Header().Get("Location"))
	}
}

// TestAccessLinkMadeOnce: invitations and links to set a password are made, counted and mailed once however often their
// form is sent; once the link is used, the form makes none.
func TestAccessLinkMadeOnce(t *testing.T) {
	t.Parallel()
	e := newErrand(t)
	office := &postOffice{}
	e.posting(office)
	form := formOf(t, e.lead.get("/people").Body.String())
	form.Set("email", "kim@example.org")
	form.Set("role", "town-editor")
	first, second := e.lead.post("/people", form), e.lead.post("/people", form)
	link := linkIn(t, first.Body.String())
	if second.Code != http.StatusOK || linkIn(t, second.Body.String()) != link || len(office.took) != 1 ||
		!strings.Contains(second.Body.String(), "Dieser Link ist schon erstellt") {
		t.Errorf("invited twice: status %d, %d mails: %s", second.Code, len(office.took), second.Body)
	}
	if w := e.browser().post(link,
		url.Values{"name": {"Kim"}, "password": {goodPassword}}); w.Code != http.StatusSeeOther {
		t.Fatalf("accepting: status %d", w.Code)
	}
	if w := e.lead.post("/people", form); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), "href=\"#email\"") {
		t.Errorf("invited after it was accepted: status %d", w.Code)
	}
	kim, err := e.store.UserByEmail(t.Context(), "kim@example.org")
	must(t, err)
	at := "/people/" + site.OfNumber(int64(kim.ID)) + "/link"
	key := url.Values{"key": {formOf(t, e.lead.get("/people").Body.String()).Get("key")}}
	a, b := linkIn(t, e.lead.post(at, key).Body.String()), linkIn(t, e.lead.post(at, key).Body.String())
	if a != b || a == link || len(office.took) != 2 {
		t.Errorf("links %q and %q, %d mails", a, b, len(office.took))
	}
	// The agency's link goes by mail alone; another person with the same key makes another one.
	agency := e.signedIn(e.person("agentur", account.AgencyAdmin, "here"))
	lead, err := e.store.UserByEmail(t.Context(), "anna@example.org")
	must(t, err)
	for range 2 {
		w := agency.post("/people/"+site.OfNumber(int64(lead.ID))+"/link", key)
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/people?done=link_mailed" ||
			len(office.took) != 3 {
			t.Errorf("status %d to %q, %d mails", w.Code, w.Header().Get("Location"), len(office.took))
		}
	}
	// invited, its link, signed in, a link
	if page := e.lead.get("/audit").Body.String(); strings.Count(page, "kim@example.org") != 4 {
		t.Errorf("the log: %s", page)
	}
}

// TestFormsKeepNoBrowserState: whatever form has something to fill in shows what the server says,
// except where a browser is to remember: sign-in and passwords.
func TestFormsKeepNoBrowserState(t *testing.T) {
	t.Parallel()
	remembered := map[string]bool{"/login": true, "/link/{{.Token}}": true, "/account/password": true}
	filled := regexp.MustCompile(
		`<(?:select|textarea)|\{\{template|<input (?:[^>]* )?type="(?:text|search|date|number|checkbox|radio|file|email)"`)
	forms := regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	address := regexp.MustCompile(`action="([^"]*)"`)
	seen := 0
	must(t, fs.WalkDir(templates.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(templates.Files, path)
		for _, m := range forms.FindAllStringSubmatch(string(raw), -1) {
			to := append(address.FindStringSubmatch(m[1]), "", "")[1]
			seen++
			if filled.MatchString(m[2]) && !remembered[to] && !strings.Contains(m[1], `autocomplete="off"`) {
				t.Errorf("%s: the form to %q lets the browser fill it in", path, to)
			}
		}
		return err
	}))
	if seen < 20 {
		t.Errorf("only %d forms were found", seen)
	}
}
