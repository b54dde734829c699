package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/rounds"
)

var fieldOf = regexp.MustCompile(`<input[^>]*>`)

// fieldsOf reads the fields of a page as a browser would send them.
func fieldsOf(body string) url.Values {
	form := url.Values{}
	attr := func(tag, name string) (string, bool) {
		_, rest, ok := strings.Cut(tag, " "+name+`="`)
		v, _, _ := strings.Cut(rest, `"`)
		return html.UnescapeString(v), ok
	}
	_, main, _ := strings.Cut(body, "<main")
	for _, tag := range fieldOf.FindAllString(main, -1) {
		name, ok := attr(tag, "name")
		kind, _ := attr(tag, "type")
		if !ok || kind == "checkbox" && !strings.Contains(tag, " checked") {
			continue
		}
		v, _ := attr(tag, "value")
		form.Add(name, v)
	}
	return form
}

func (v valley) standing() (towns int, x round.Round) {
	v.t.Helper()
	x, err := v.rounds.Round(v.t.Context(), v.admin, account.ViewRound, v.round)
	must(v.t, err)
	list, err := v.rounds.Standing(v.t.Context(), x)
	must(v.t, err)
	return len(list), x
}

// TestARoundIsChangedByItsForm moves the last day, takes towns out and in again, and follows it on the towns' pages.
func TestARoundIsChangedByItsForm(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	lead := v.signedIn(v.person("anna", account.TownLead, string(v.towns[5].AGS)))
	page := admin.get(v.address("/edit")).Body.String()
	form := fieldsOf(page)
	if form.Get("title") != "Willkommen 2026" || len(form["towns"]) != 26 ||
		form.Get("selection") != "05901* 05902*" || strings.Contains(page, `name="opens"`) {
		t.Fatalf("the form of an open round: %v", form)
	}
	form.Set("closes", "31.12.2026")
	form.Set("title", "Willkommen <2026>")
	if w := admin.post(v.address("/edit"), form); w.Code != http.StatusSeeOther {
		t.Fatalf("a German day: status %d: %.300s", w.Code, w.Body)
	}
	if body := lead.get(v.sheetOf(5, "")).Body.String(); !strings.Contains(body, "31. Dezember 2026") ||
		!strings.Contains(body, "Willkommen &lt;2026&gt;") {
		t.Error("the town does not see title and last day")
	}

	stale := form // of before the change: another tab
	stale.Set("title", "Anders")
	stale["towns"] = without(stale["towns"], string(v.towns[0].AGS))
	w := admin.post(v.address("/edit"), stale)
	body := w.Body.String()
	if w.Code != http.StatusConflict || !strings.Contains(body, "Jetzt gespeichert") ||
		!strings.Contains(body, "<td>Willkommen &lt;2026&gt;</td><td>Anders</td>") ||
		!strings.Contains(body, "26 Kommunen (nur hier: Talort 00)") || !strings.Contains(body, `value="Anders"`) {
		t.Errorf("a stale form: status %d: %.1500s", w.Code, body)
	}
	if n, x := v.standing(); n != 26 || x.Title != "Willkommen <2026>" {
		t.Errorf("the stale form was stored: %d towns, %s", n, x.Title)
	}

	form = fieldsOf(admin.get(v.address("/edit")).Body.String())
	form["towns"] = without(form["towns"], string(v.towns[5].AGS), string(v.towns[24].AGS), string(v.towns[25].AGS))
	w = admin.post(v.address("/edit"), form)
	body = w.Body.String()
	if w.Code != http.StatusOK || !strings.Contains(body, "3 Kommunen aus der Runde nehmen?") ||
		!strings.Contains(body, "Eine davon hat schon eingereicht") ||
		!strings.Contains(body, "Keine Antwort wird gelöscht") {
		t.Fatalf("what becomes of the answers is not said: status %d", w.Code)
	}
	if n, _ := v.standing(); n != 26 {
		t.Fatal("taken out before it was confirmed")
	}
	form = fieldsOf(body)
	form.Set("reason", "kurz")
	if w := admin.post(v.address("/edit"), form); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), `href="#reason"`) {
		t.Errorf("a short reason: status %d", w.Code)
	}
	form.Set("reason", "Der Rat hat die Teilnahme <abgesagt>.")
	if w := admin.post(v.address("/edit"), form); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	for _, path := range []string{"/", v.sheetOf(5, "")} {
		if body := lead.get(path).Body.String(); !strings.Contains(body,
			"Der Rat hat die Teilnahme &lt;abgesagt&gt;.") {
			t.Errorf("%s does not say why the town was taken out", path)
		}
	}
	if w := lead.get(v.sheetOf(5, "/result")); w.Code != http.StatusOK {
		t.Errorf("the town's own result: status %d", w.Code)
	}
	if w := admin.get(v.sheetOf(5, "/result")); w.Code != http.StatusNotFound && w.Code != http.StatusForbidden {
		t.Errorf("the agency still reads it: status %d", w.Code)
	}
	if w := lead.do(http.MethodPut, v.sheetOf(5, "/answers/"+question1),
		url.Values{"value": {"ja"}, "revision": {"1"}}); w.Code != http.StatusConflict {
		t.Errorf("an answer of a town that was taken out: status %d", w.Code)
	}
	body = admin.get(v.address("")).Body.String()
	if !strings.Contains(body, "23 Kommunen: ") || !strings.Contains(body, "Aus der Runde genommen") {
		t.Error("the round's page does not tell")
	}
	if log := admin.get("/audit").Body.String(); !strings.Contains(log,
		"Herausgenommen: Talort 05, Talort 24, Talort 25") || !strings.Contains(log, "Letzter Tag: ") {
		t.Errorf("the log does not say it: %s", log)
	}

	form = fieldsOf(admin.get(v.address("/edit")).Body.String())
	form.Add("towns", string(v.towns[5].AGS))
	if w := admin.post(v.address("/edit"), form); w.Code != http.StatusSeeOther {
		t.Fatalf("coming back: status %d", w.Code)
	}
	if w := admin.get(v.sheetOf(5, "/result")); w.Code != http.StatusOK {
		t.Errorf("the town came back without its answers: status %d", w.Code)
	}
}

func without(list []string, gone ...string) []string {
	var out []string
	for _, x := range list {
		if !strings.Contains(strings.Join(gone, " "), x) {
			out = append(out, x)
		}
	}
	return out
}

// TestDaysOfARound: what cannot be read, what is missing and what lies in the past are three different messages.
func TestDaysOfARound(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	for closes, want := range map[string]string{"": "Bitte geben Sie einen Tag an",
		"bald": "Bitte geben Sie einen Tag an", "2026-02-30": "Bitte geben Sie einen Tag an",
		"2020-01-01": "liegt schon zurück"} {
		form := fieldsOf(admin.get(v.address("/edit")).Body.String())
		form.Set("closes", closes)
		w := admin.post(v.address("/edit"), form)
		body := w.Body.String()
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, want) ||
			strings.Contains(body, "darf nicht vor dem ersten") || !strings.Contains(body, `href="#closes"`) {
			t.Errorf("%q: status %d", closes, w.Code)
		}
		form = fieldsOf(admin.get("/rounds/new").Body.String())
		form.Set("title", "Neue Runde")
		form.Set("checklist", "willkommen@1.0.0")
		form.Set("opens", "2026-12-01")
		form.Set("closes", closes)
		body = admin.post("/rounds", form).Body.String()
		if missing := closes != "2020-01-01"; missing == strings.Contains(body, "darf nicht vor dem ersten") ||
			missing != strings.Contains(body, want) {
			t.Errorf("a new round with %q as its last day", closes)
		}
	}
}

// TestChoosingTowns presses the buttons of the choice as somebody without scripts does.
func TestChoosingTowns(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	page := admin.get("/rounds/new").Body.String()
	if !strings.Contains(page, "<strong data-pick-chosen>26</strong> von 26 Kommunen") ||
		!strings.Contains(page, `<option value="willkommen@2.0.1" selected>`) {
		t.Error("not all towns are chosen, or not the last checklist's newest version")
	}
	press := func(form url.Values, button string) (url.Values, string) {
		form.Set("pick", button)
		w := admin.post("/rounds", form)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: status %d", button, w.Code)
		}
		return fieldsOf(w.Body.String()), w.Body.String()
	}
	form := fieldsOf(page)
	form.Set("title", "Bleibt stehen")
	form, page = press(form, "none:05902")
	if !strings.Contains(page, "<strong data-pick-chosen>15</strong>") || form.Get("title") != "Bleibt stehen" ||
		form.Get("selection") != "05901*" {
		t.Errorf("without a district: %v", form)
	}
	form.Set("find", "talort 2")
	form.Set("checklist", "willkommen@1.0.0")
	form, page = press(form, "enter")
	if len(form["towns"]) != 0 || !strings.Contains(page, "6 Kommunen gefunden") ||
		strings.Contains(page, "Talort 03") {
		t.Errorf("a search: %v", form)
	}
	form.Add("towns", string(v.towns[21].AGS))
	form, _ = press(form, "unfind")
	if form.Get("selection") != "05901* 05902:021" || len(form["towns"]) != 16 {
		t.Errorf("after the search: %v", form)
	}
	form["towns"] = without(form["towns"], string(v.towns[0].AGS))
	form.Set("checklist", "willkommen@1.0.0")
	form.Set("pick", "enter")
	w := admin.post("/rounds", form)
	address, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("the Enter key: status %d", w.Code)
	}
	if body := admin.get(address).Body.String(); strings.Contains(body, "Talort 00") ||
		!strings.Contains(body, "Talort 21") || strings.Contains(body, "Talort 22") {
		t.Error("the round has other towns")
	}
	form = fieldsOf(admin.get("/rounds/new?from=" + strings.TrimPrefix(address, "/rounds/")).Body.String())
	if form.Get("title") != "Bleibt stehen" || len(form["towns"]) != 15 {
		t.Errorf("a copy: %v", form)
	}
	if w := admin.get("/rounds/new?from=999999"); w.Code != http.StatusNotFound {
		t.Errorf("a copy of nothing: status %d", w.Code)
	}
}

func TestTownSetsTravel(t *testing.T) {
	towns := []region.Municipality{town("05958004", "Arnsberg", 1), town("05958008", "Bestwig", 1),
		town("05962004", "Altena", 1)}
	for _, want := range []string{"", "05958*", "05958:008", "05958:004 05962*", "05958* 05962*"} {
		if got := rounds.DecodeTowns(want, towns).Encode(towns); got != want {
			t.Errorf("%q became %q", want, got)
		}
	}
}

// TestStepsOfARound: opening warns, closing names, publishing shows, and what was closed too early is opened again.
func TestStepsOfARound(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	v.person("anna", account.TownLead, string(v.towns[0].AGS))
	form := fieldsOf(admin.get("/rounds/new").Body.String())
	form.Set("title", "Noch eine")
	form.Set("checklist", "willkommen@1.0.0")
	other, _, _ := strings.Cut(admin.post("/rounds", form).Header().Get("Location"), "?")
	if body := admin.get(other + "/open").Body.String(); !strings.Contains(body,
		"In 25 von 26 Kommunen gibt es noch keine Koordination") || strings.Contains(body, "Talort 00") ||
		!strings.Contains(body, "Talort 01") {
		t.Error("opening does not warn of towns without a lead")
	}
	if w := admin.post(other+"/delete", nil); w.Header().Get("Location") != "/?done=round_delete" {
		t.Errorf("deleting a planned round: status %d", w.Code)
	}
	if w := admin.get(other); w.Code != http.StatusNotFound {
		t.Errorf("the deleted round: status %d", w.Code)
	}
	if w := admin.post(v.address("/delete"), nil); w.Code != http.StatusConflict {
		t.Errorf("deleting a round with answers: status %d", w.Code)
	}
	if body := admin.get(v.address("/close")).Body.String(); !strings.Contains(body, "Talort 24 <span") ||
		!strings.Contains(body, "Talort 25<") || strings.Contains(body, "Talort 23") {
		t.Error("closing does not name who is missing")
	}
	admin.post(v.address("/close"), nil)
	again := fieldsOf(admin.get(v.address("/reopen")).Body.String())
	again.Set("closes", "2020-01-01")
	if w := admin.post(v.address("/reopen"), again); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), `href="#closes"`) {
		t.Errorf("opening again until the past: status %d", w.Code)
	}
	again.Set("closes", "2099-01-01")
	if w := admin.post(v.address("/reopen"), again); w.Header().Get("Location") != v.address("?done=round_reopen") {
		t.Errorf("opening again: status %d", w.Code)
	}
	if _, x := v.standing(); x.Status != round.Open {
		t.Errorf("the round is %s", x.Status)
	}
	admin.post(v.address("/close"), nil)

	w := admin.get(v.address("/publish"))
	page := w.Body.String()
	for _, s := range []string{"Was die Kommunen sehen werden", "Alle Kommunen (24)", "Kreis 05901 (15)",
		"Keine Kommune wird mit Namen gezeigt", `name="seen"`} {
		if !strings.Contains(page, s) {
			t.Errorf("the preview lacks %q", s)
		}
	}
	for _, bad := range []string{"Talort 05", secretComment, "Minimum"} {
		if strings.Contains(page, bad) {
			t.Errorf("the preview holds %q", bad)
		}
	}
	seen := fieldsOf(page)
	lead := v.signedIn(v.person("emil", account.TownLead, string(v.towns[5].AGS)))
	lead.post(v.sheetOf(5, "/consent"), url.Values{"naming": {"named"}, "total": {"1"}})
	w = admin.post(v.address("/publish"), seen)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "Talort 05") ||
		!strings.Contains(w.Body.String(), "Seit der Vorschau hat sich etwas geändert") {
		t.Fatalf("what was not seen is published: status %d", w.Code)
	}
	if w := admin.post(v.address("/publish"), fieldsOf(w.Body.String())); w.Code != http.StatusSeeOther {
		t.Fatalf("publishing what was seen: status %d", w.Code)
	}
	shown := lead.get(v.sheetOf(5, "/benchmark")).Body.String()
	cells := regexp.MustCompile(`<td class="os-num" data-label="Median">([^<]*)</td>`)
	var before, after []string
	for _, m := range cells.FindAllStringSubmatch(page, -1) {
		before = append(before, m[1])
	}
	for _, m := range cells.FindAllStringSubmatch(shown, -1) {
		after = append(after, m[1])
	}
	// the preview's first line is the total, the town's page has it above
	if len(before) < 10 || strings.Join(before[1:], " ") != strings.Join(after, " ") {
		t.Errorf("the town sees %v, the preview showed %v", after, before)
	}
	if w := admin.get(v.address("/reopen")); w.Code != http.StatusSeeOther {
		t.Errorf("opening a published round again: status %d", w.Code)
	}
	if w := admin.post(v.address("/reopen"), url.Values{"closes": {"2099-01-01"}}); w.Code != http.StatusConflict {
		t.Errorf("opening a published round again: status %d", w.Code)
	}
}

// TestDraftsOfARoundAreDeletedAfterAQuestion: only once the round is over, after a page that names
// the towns, and the towns are told.
func TestDraftsOfARoundAreDeletedAfterAQuestion(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	if strings.Contains(admin.get(v.address("")).Body.String(), v.address("/clear")) {
		t.Error("offered while the round runs")
	}
	if w := admin.post(v.address("/clear"), nil); w.Code != http.StatusConflict {
		t.Errorf("while the round runs: status %d", w.Code)
	}
	_, x := v.standing()
	drafts, err := v.rounds.Drafts(t.Context(), x)
	must(t, err)
	if len(drafts) == 0 {
		t.Fatal("the valley has no draft")
	}
	lead := v.signedIn(v.person("entwurf", account.TownLead, string(drafts[0].AGS)))
	v.later(time.Second)
	must(t, v.rounds.Close(t.Context(), v.admin, v.round))
	if !strings.Contains(admin.get(v.address("")).Body.String(), v.address("/clear")) {
		t.Error("not offered after the round")
	}
	if w := admin.get(v.address("/clear")); w.Code != http.StatusOK ||
		!strings.Contains(w.Body.String(), drafts[0].Name) {
		t.Fatalf("the question: status %d: %s", w.Code, w.Body)
	}
	if w := admin.post(v.address("/clear"), nil); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if w := admin.get(v.address("/clear")); w.Code != http.StatusSeeOther {
		t.Errorf("asks with nothing left to delete: status %d", w.Code)
	}
	if page := lead.get("/").Body.String(); !strings.Contains(page, "nicht eingereicht hatte") {
		t.Error("the town is not told")
	}
	if log := lead.get("/audit").Body.String(); !strings.Contains(log, "Entwürfe gelöscht") {
		t.Error("the town's log does not tell")
	}
}
