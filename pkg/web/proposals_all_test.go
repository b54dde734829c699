package web

import (
	"net/http"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
)

// TestConfirmAllSections: what waits in all sections is listed on one page and confirmed from there,
// and nothing that was not shown or was unticked.
func TestConfirmAllSections(t *testing.T) {
	x := newReception(t)
	contains(t, "task list", x.sheet.ok(""), []string{`href="` + x.sheet.base + `/proposals"`})
	contains(t, "start page", x.sheet.get("/").Body.String(), []string{`href="` + x.sheet.base + `/proposals"`})
	page := x.sheet.ok("/proposals")
	contains(t, "list", page, []string{"1 Ankommen", "2 Begegnung", `<strong class="os-said">7,5 Werktage</strong>`,
		"Damals gefragt: Wie lange wartet man auf einen Termin?", "Kommentar von damals: seit 2019",
		"Nachweise von damals: Plan.png", "Wird nur gefragt, wenn ein anderer Vorschlag gilt."},
		"Gibt es ein Ziel für das Ankommen?")
	form := formOf(t, page)
	if n := len(form["question"]); n != 7 {
		t.Fatalf("%d of 7 are ticked", n)
	}
	post := func() (int, string, string) {
		w := x.sheet.post(x.sheet.base+"/proposals", form)
		return w.Code, w.Header().Get("Location"), w.Body.String()
	}
	// Nothing ticked, or other things proposed than were shown: nothing is confirmed.
	all := form["question"]
	delete(form, "question")
	if status, _, page := post(); status != http.StatusUnprocessableEntity || strings.Contains(page, " checked") {
		t.Errorf("nothing ticked: status %d", status)
	}
	form["question"] = all
	seen := form.Get("seen")
	form.Set("seen", "something else")
	status, _, page := post()
	if status != http.StatusConflict || len(x.sheet.answers().Answers) != 0 {
		t.Errorf("other proposals: status %d, stored %+v", status, x.sheet.answers().Answers)
	}
	contains(t, "other proposals", page, []string{"Bestätigt wurde nichts", `value="` + seen + `"`})
	form.Set("seen", seen)
	// A colleague is faster with one, and one is unticked.
	bert := x.signedIn(x.person("bert", account.TownEditor, "05958004")).sheet(x.fresh)
	bert.answer("frist", 0, "value", "3")
	for i, q := range form["question"] {
		if q == "stichtag" {
			form["question"] = append(form["question"][:i:i], form["question"][i+1:]...)
		}
	}
	status, to, _ := post()
	if status != http.StatusSeeOther || !strings.HasPrefix(to, x.sheet.base+"?confirmed=5&kept=") {
		t.Errorf("status %d to %q", status, to)
	}
	contains(t, "task list", x.sheet.get(to).Body.String(), []string{"5 Vorschläge bestätigt."})
	got := x.sheet.answers().Answers
	if _, answered := got["stichtag"]; answered || got["frist"].Value != 3.0 || got["seite"].Value != "ja" {
		t.Errorf("stored %+v", got)
	}
	viewer := x.signedIn(x.person("leserin", account.TownViewer, "05958004")).sheet(x.fresh)
	contains(t, "viewer", viewer.ok(""), nil, "/proposals")
	contains(t, "viewer's start", viewer.get("/").Body.String(), nil, "/proposals")
}
