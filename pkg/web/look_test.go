package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
)

// TestLookOfARegion: the agency's lead gives its region name, colour and legal texts; its people see them, guests the
// operator's.
func TestLookOfARegion(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn(h.person("amt", account.AgencyAdmin, "here"))
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	guest := h.browser()
	form := func() url.Values {
		return url.Values{"revision": {"0"}, "name": {"Willkommen bei uns"}, "light": {"#8A1538"}, "dark": {"#f2a7bd"},
			"imprint":     {"**Agentur Hier**\n\n- Markt 1\n- [Post](mailto:post@example.org)"},
			"privacy":     {"Die Datenschutzbeauftragte heißt Ute."},
			"contact":     {"barriere@example.org"},
			"arbitration": {"Schlichtungsstelle des Landes"}}
	}
	if w := admin.post("/look", form()); w.Code != http.StatusSeeOther {
		t.Fatalf("saving: status %d\n%s", w.Code, words(w.Body.String()))
	}
	for path, want := range map[string][]string{
		"/":              {"<span>Willkommen bei uns</span>", `href="/brand/here.css?v=1"`},
		"/imprint":       {"<strong>Agentur Hier</strong>", "<li>Markt 1</li>", `href="mailto:post@example.org"`},
		"/privacy":       {"Ute"},
		"/accessibility": {"melden Sie sich bitte: barriere@example.org", "Schlichtungsstelle des Landes"},
	} {
		contains(t, path+" of a town", lead.get(path).Body.String(), want)
		contains(t, path+" of a guest", guest.get(path).Body.String(), nil, want...)
	}
	contains(t, "log", admin.get("/audit").Body.String(), []string{"Aussehen oder rechtliche Texte geändert"})

	w := guest.get("/brand/here.css?v=1")
	contains(t, "sheet", w.Body.String(), []string{":root { --os-brand: #8a1538; }", "--os-brand: #f2a7bd;"})
	tag := w.Header().Get("ETag")
	again := guest.get("/brand/here.css?v=1", "If-None-Match", tag)
	if tag == "" || again.Code != http.StatusNotModified {
		t.Errorf("asked again with ETag %s: status %d", tag, again.Code)
	}
	if w := guest.get("/brand/nowhere.css"); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("a region that is none: status %d, %s", w.Code, w.Body)
	}

	// made from what was there before the other saved
	late := form()
	late.Set("name", "Zu spät")
	w = admin.post("/look", late)
	contains(t, "conflict", w.Body.String(), []string{"Inzwischen hat jemand anders gespeichert", `value="Zu spät"`,
		`name="revision" value="1"`})
	if w.Code != http.StatusConflict {
		t.Errorf("conflict: status %d", w.Code)
	}
	late.Set("revision", "1")
	late.Set("light", "#f5c400")
	late.Set("imprint", "<b>Amt</b>")
	w = admin.post("/look", late)
	contains(t, "refused", w.Body.String(), []string{"Der Kontrast zu Weiß ist 1,6 : 1", "Es ginge zum Beispiel #",
		"Zeile 1: Möglich sind nur", `value="Zu spät"`, `value="#f5c400"`, "&lt;b&gt;Amt&lt;/b&gt;"})
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("refused: status %d", w.Code)
	}
	if w := lead.get("/look"); w.Code != http.StatusForbidden {
		t.Errorf("a town's lead asks for the form: status %d", w.Code)
	}
	// a browser takes what is served as a style sheet, and nothing else
	if kind := guest.get("/brand/here.css").Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/css") {
		t.Errorf("the sheet is %s", kind)
	}
}
