package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/web/answering"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// seen is what a confirmation sends back of a section's page.
func (x *reception) seen() string {
	x.t.Helper()
	return formOf(x.t, x.sheet.ok("/sections/ankommen")).Get("seen")
}

// confirm confirms as a program does; in sections all that was proposed at first.
func (x *reception) confirm(path, seen string, questions ...string) *httptest.ResponseRecorder {
	x.t.Helper()
	if len(questions) == 0 {
		questions = []string{"seite", "sprachen", "frist", "zeiten", "lotsen", "bericht", "stichtag"}
	}
	return x.sheet.post(x.sheet.base+path, url.Values{"seen": {seen}, "question": questions}, "Accept",
		"application/json")
}

func decoded[T any](t *testing.T, w *httptest.ResponseRecorder, status int) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil || w.Code != status {
		t.Fatalf("status %d, want %d, %v: %s", w.Code, status, err, w.Body)
	}
	return v
}

// contains reports what of a page is missing, or there although it must not be.
func contains(t *testing.T, where, page string, yes []string, no ...string) {
	t.Helper()
	for _, s := range yes {
		if !strings.Contains(page, s) {
			t.Errorf("%s: %q is missing", where, s)
		}
	}
	for _, s := range no {
		if strings.Contains(page, s) {
			t.Errorf("%s: %q must not be there", where, s)
		}
	}
}

func TestProposalsAreShown(t *testing.T) {
	x := newReception(t)
	page := x.sheet.ok("/sections/ankommen")
	contains(t, "section", page, []string{
		"In diesem Abschnitt sind noch 4 Vorschläge zu bestätigen, davon einer zu einer Folgefrage, insgesamt 7.",
		"Alle 4 bestätigen", "Das sind Ihre Antworten aus „Empfang &#34;2024&#34; &amp; &lt;mehr&gt;“.",
		"<span>2024: <strong", `class="is-was"`, "<small>Antwort 2024</small>", "zu bestätigen</p>",
		`<strong class="os-offer__answer">ja</strong>`, `<strong class="os-offer__answer">Deutsch · Leichte Sprache</strong>`,
		`<strong class="os-offer__answer">7,5 Werktage</strong>`,
		"seit 2019", "Unsere Seite", "Wie lange wartet man auf einen Termin?",
		`<strong class="os-offer__answer">teilweise</strong>`, "2 Fragen von damals", "Kann man nach 18 Uhr kommen?",
		"nur donnerstags",
		"Die Frage meint heute etwas anderes als damals.", "Gibt es ein Ziel für das Ankommen?",
	}, " checked", "<mehr>", "gespeichert 12")
	if n := strings.Count(page, "data-confirm>"); n != 4 {
		t.Errorf("%d buttons to confirm one question", n)
	}
	form := formOf(t, page)
	for name, values := range form {
		if strings.HasPrefix(name, "a.") && strings.Join(values, "") != "" {
			t.Errorf("%s is preselected: %q", name, values)
		}
	}
	contains(t, "other section", x.sheet.ok("/sections/begegnung"), []string{
		"In diesem Abschnitt sind noch 3 Vorschläge zu bestätigen, insgesamt 7.",
		`<strong class="os-offer__answer">wird erprobt</strong>`, "Gibt es Paten für Neue?", "Plan.png",
		"Mehrere Fragen sind zu einer geworden. Bitte entscheiden Sie, welche Antwort gilt.",
		"Gibt es ein Fest für Neue?", "Gibt es einen Treff für Neue?",
		`<strong class="os-offer__answer">1. Mai 2021</strong>`,
	})
	contains(t, "task list", x.sheet.ok(""),
		[]string{"7 Vorschläge aus „Empfang", "4 Vorschläge zu bestätigen, davon einer zu einer Folgefrage</span>",
			"3 Vorschläge zu bestätigen</span>", `href="/assessments/` + site.OfNumber(int64(x.old)) + `"`,
			"0 von derzeit 9 Fragen bearbeitet"})
	contains(t, "start", x.sheet.get("/").Body.String(), []string{"7 Vorschläge aus „Empfang"})
	overview := x.sheet.ok("/overview")
	contains(t, "overview", overview, []string{"warten auf Ihre Bestätigung, davon einer zu einer Folgefrage.",
		"Nicht mehr gefragt (1)", "Unter welcher Faxnummer ist das Amt erreichbar?", "02931 12-0", "im Keller"})
	if n := strings.Count(overview, "Vorschlag, nicht bestätigt"); n != 6 {
		t.Errorf("%d open questions are named as proposals", n)
	}
	// Reading is all a viewer does; nothing to press, nothing counted for a foreign town.
	viewer := x.signedIn(x.person("leserin", account.TownViewer, "05958004")).sheet(x.fresh)
	contains(t, "viewer", viewer.ok("/sections/ankommen"), []string{"Vorschlag, noch nicht bestätigt", "7,5 Werktage"},
		"data-confirm", `name="seen"`)
	other := x.signedIn(x.person("nachbar", account.TownLead, "05958008"))
	contains(t, "neighbour", other.sheet(x.assessmentOf("05958008")).ok("/sections/ankommen"), nil, "os-offer",
		"data-proposals")
	contains(t, "the earlier one", x.signedIn(x.lead).sheet(x.old).ok("/sections/ankommen"), nil, "os-offer",
		"data-proposals")
}

func TestConfirmForPrograms(t *testing.T) {
	x := newReception(t)
	seen := x.seen()
	one := decoded[answering.ConfirmedAnswer](t, x.confirm("/proposals/seite", seen), http.StatusOK)
	if one.Revision != 1 || !one.Given || one.Comment != "seit 2019" || !slices.Equal(one.Input, []string{"ja"}) ||
		one.By != "leitung" || one.Time != "um 13:00 Uhr" {
		t.Errorf("confirmed %+v", one)
	}
	if !strings.HasPrefix(one.Origin, "übernommen aus „Empfang") ||
		!strings.HasSuffix(one.Origin, "vom 12. März 2024") {
		t.Errorf("origin %q", one.Origin)
	}
	if len(one.Evidence) != 1 || one.Evidence[0].URL != "https://example.org/willkommen" ||
		one.Evidence[0].Origin != "aus „"+oldRound+"“" {
		t.Errorf("evidence %+v", one.Evidence)
	}
	if p := one.Proposals; p.Left != 6 || p.All != 7 || p.Here != 3 ||
		p.Text != "In diesem Abschnitt sind noch 3 Vorschläge zu bestätigen, insgesamt 6." {
		t.Errorf("left %+v", p)
	}
	if left := decoded[assessments.ProposalProgress](t, x.sheet.get(x.sheet.base+"/sections/begegnung/proposals",
		"Accept", "application/json"), http.StatusOK); left.Here != 3 || left.Left != 6 {
		t.Errorf("left %+v", left)
	}
	section := decoded[answering.ConfirmedSection](t, x.confirm("/sections/ankommen/proposals", seen), http.StatusOK)
	if len(section.Saved) != 3 || len(section.Kept) != 0 || section.Proposals.Here != 0 ||
		section.Proposals.Button != "" ||
		section.Proposals.Text != "In diesem Abschnitt ist kein Vorschlag mehr zu bestätigen, in den anderen noch 3." {
		t.Errorf("confirmed %+v", section)
	}
	got := x.sheet.answers()
	if got.Answers["frist"].Value != 7.5 || got.Answers["zeiten"].Value != "teilweise" ||
		got.Answers["zeiten"].Comment != "nur donnerstags" || len(got.Answers) != 4 {
		t.Errorf("stored %+v", got.Answers)
	}
	// Once more changes nothing; without a proposal there is nothing to confirm.
	if again := decoded[answering.ConfirmedSection](t, x.confirm("/sections/ankommen/proposals", seen),
		http.StatusOK); len(again.Saved) != 0 {
		t.Errorf("confirmed again: %+v", again)
	}
	for path, status := range map[string]int{"/proposals/ziel": 422, "/proposals/willkommen": 422,
		"/proposals/gibtesnicht": 404, "/sections/gibtesnicht/proposals": 404, "/proposals/bericht": 200} {
		if w := x.confirm(path, seen); w.Code != status {
			t.Errorf("%s: status %d, want %d: %s", path, w.Code, status, w.Body)
		}
	}
	if w := x.confirm("/proposals/stichtag", "etwas anderes"); w.Code != http.StatusConflict ||
		!strings.Contains(w.Body.String(), `"error":"proposal_changed"`) {
		t.Errorf("unseen: status %d: %s", w.Code, w.Body)
	}
	if w := x.sheet.post(x.sheet.base+"/proposals/stichtag",
		url.Values{"seen": {seen}}); w.Code != http.StatusSeeOther ||
		w.Header().Get("Location") != x.sheet.base+"/sections/begegnung?confirmed=1#q-stichtag" {
		t.Errorf("as a form: status %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestConfirmedAnswersSayWhereTheyComeFrom(t *testing.T) {
	x := newReception(t)
	seen := x.seen()
	x.confirm("/proposals/seite", seen)
	const origin = "übernommen aus „Empfang &#34;2024&#34; &amp; &lt;mehr&gt;“ vom 12. März 2024"
	page := x.sheet.ok("/sections/ankommen")
	contains(t, "section", page, []string{`data-origin>` + origin, "Nachweise<span data-evidence> (1)</span>",
		"data-given data-carried", `value="ja" checked`,
		"gespeichert um 13:00 Uhr"})
	contains(t, "history", x.sheet.ok("/questions/seite/history"), []string{origin})
	contains(t, "evidence", x.sheet.ok("/questions/seite/evidence"), []string{origin})
	// A new comment leaves the answer where it came from; a new answer does not.
	w := x.sheet.put("seite", 1, "value", "ja", "comment", "seit 2018")
	if saved := decoded[answering.SavedAnswer](t, w, http.StatusOK); saved.Origin == "" {
		t.Error("a comment took the origin away")
	}
	if saved := decoded[answering.SavedAnswer](t, x.sheet.put("seite", 2, "value", "nein"),
		http.StatusOK); saved.Origin != "" {
		t.Errorf("a new answer comes from %q", saved.Origin)
	}
	contains(t, "changed", x.sheet.ok("/sections/ankommen"), []string{`value="nein" checked`}, `data-origin>`+origin)
}

func TestConfirmWithoutScripts(t *testing.T) {
	x := newReception(t)
	// What was typed elsewhere in the form is saved with it.
	status, location, _ := x.sheet.press("ankommen", "confirm", "seite", "a.willkommen", "teilweise", "comment.zeiten",
		"auch samstags")
	if status != http.StatusSeeOther || location != x.sheet.base+"/sections/ankommen?saved=2&confirmed=1#q-seite" {
		t.Fatalf("status %d to %q", status, location)
	}
	path, _, _ := strings.Cut(strings.TrimPrefix(location, x.sheet.base), "#")
	contains(t, "notice", x.sheet.ok(path),
		[]string{"Ein Vorschlag bestätigt. Alle Antworten in „Ankommen“ sind gespeichert."})
	got := x.sheet.answers()
	if got.Answers["willkommen"].Value != "teilweise" || got.Answers["seite"].Value != "ja" ||
		got.Answers["zeiten"].Comment != "auch samstags" {
		t.Errorf("stored %+v", got.Answers)
	}
	// What is chosen in the form counts more than what is proposed, and the comment that is there
	// more than the old one.
	status, location, _ = x.sheet.press("ankommen", "confirm", answering.EveryProposal, "a.frist", "3")
	if status != http.StatusSeeOther || !strings.HasSuffix(location, "?saved=1&confirmed=2") {
		t.Fatalf("status %d to %q", status, location)
	}
	got = x.sheet.answers()
	if got.Answers["frist"].Value != 3.0 || got.Answers["zeiten"].Value != "teilweise" ||
		got.Answers["zeiten"].Comment != "auch samstags" || got.Answers["sprachen"].Value == nil {
		t.Errorf("stored %+v", got.Answers)
	}
	// Wrong input is shown again; the proposals are confirmed all the same, but not where something was typed.
	status, _, page := x.sheet.press("begegnung", "confirm", answering.EveryProposal, "a.stichtag", "gestern")
	if status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", status)
	}
	contains(t, "refused", page, []string{"2 Vorschläge bestätigt.",
		"Frage 2.4: Bitte geben Sie ein Datum an, zum Beispiel 31.03.2026.", "Stimmt noch"})
	if _, answered := x.sheet.answers().Answers["stichtag"]; answered {
		t.Error("a proposal was confirmed over what was typed")
	}
	if status, _, _ = x.sheet.press("begegnung", "confirm", "stichtag"); status != http.StatusSeeOther {
		t.Fatalf("status %d", status)
	}
	contains(t, "all done", x.sheet.ok("/sections/begegnung"), []string{`data-proposals hidden`})
	contains(t, "task list", x.sheet.ok(""), nil, "Vorschläge aus")
}

func TestSomebodyWasFaster(t *testing.T) {
	x := newReception(t)
	seen := x.seen()
	form := formOf(t, x.sheet.ok("/sections/ankommen"))
	bert := x.signedIn(x.person("bert", account.TownEditor, "05958004")).sheet(x.fresh)
	bert.answer("seite", 0, "value", "nein")

	conflict := decoded[answering.ConflictAnswer](t, x.confirm("/proposals/seite", seen), http.StatusConflict)
	if conflict.Error != "answered_meanwhile" || conflict.Sent.Text != "ja" || conflict.Stored.Text != "nein" ||
		conflict.Stored.By != "bert" {
		t.Errorf("conflict %+v", conflict)
	}
	const says = "Inzwischen hat bert geantwortet: nein. Der Vorschlag wurde nicht übernommen: ja."
	if conflict.Message != says {
		t.Errorf("message %q", conflict.Message)
	}
	w := x.sheet.post(x.sheet.base+"/proposals/seite", url.Values{"seen": {seen}})
	contains(t, "as a form", w.Body.String(), []string{says})
	form.Set("confirm", "seite")
	w = x.sheet.post(x.sheet.base+"/sections/ankommen", form)
	if w.Code != http.StatusConflict {
		t.Errorf("status %d", w.Code)
	}
	contains(t, "without scripts", w.Body.String(), []string{"<title>Fehler:", "Frage 1.1: " + says, `href="#q-seite"`,
		`value="nein" checked`})
	if got := x.sheet.answers().Answers["seite"]; got.Value != "nein" || got.Revision != 1 {
		t.Errorf("stored %+v", got)
	}
	// The rest of the section is confirmed; the question that depends on the other answer is not asked any more.
	form.Set("confirm", answering.EveryProposal)
	if w = x.sheet.post(x.sheet.base+"/sections/ankommen", form); w.Code != http.StatusSeeOther ||
		!strings.HasSuffix(w.Header().Get("Location"), "confirmed=2") {
		t.Errorf("status %d to %q", w.Code, w.Header().Get("Location"))
	}
	if got := x.sheet.answers().Answers; got["sprachen"].Value != nil || got["frist"].Value != 7.5 {
		t.Errorf("stored %+v", got)
	}
}

func TestProposalsChangedMeanwhile(t *testing.T) {
	x := newReception(t)
	seen, page := x.seen(), x.sheet.ok("/sections/ankommen")
	x.changeBefore("wartezeit", "value", "12")
	for _, path := range []string{"/proposals/frist", "/sections/ankommen/proposals"} {
		if w := x.confirm(path, seen); w.Code != http.StatusConflict ||
			!strings.Contains(w.Body.String(), "Die frühere Selbsteinschätzung wurde inzwischen geändert") {
			t.Errorf("%s: status %d: %s", path, w.Code, w.Body)
		}
	}
	form := formOf(t, page)
	form.Set("confirm", "frist")
	w := x.sheet.post(x.sheet.base+"/sections/ankommen", form)
	if w.Code != http.StatusConflict {
		t.Fatalf("status %d", w.Code)
	}
	contains(t, "changed", w.Body.String(), []string{"<title>Fehler:", "Bestätigt wurde nichts.",
		"Bisher stand hier als Vorschlag: 7,5 Werktage", `<strong class="os-offer__answer">12 Werktage</strong>`})
	if n := strings.Count(w.Body.String(), "Bisher stand hier"); n != 1 {
		t.Errorf("%d proposals are said to have changed", n)
	}
	if got := x.sheet.answers().Answers; len(got) != 0 {
		t.Errorf("stored %+v", got)
	}
	// The page that was shown can be confirmed.
	again := formOf(t, w.Body.String())
	again.Set("confirm", "frist")
	if w := x.sheet.post(x.sheet.base+"/sections/ankommen", again); w.Code != http.StatusSeeOther ||
		x.sheet.answers().Answers["frist"].Value != 12.0 {
		t.Errorf("status %d, stored %+v", w.Code, x.sheet.answers().Answers)
	}

	// Given back and not submitted again, the earlier assessment offers nothing.
	must(t, x.assessments.Reopen(t.Context(), receptionAdmin, x.old, "Bitte noch einmal ansehen."))
	form.Set("confirm", answering.EveryProposal)
	form.Set("was.seite", "ja")
	w = x.sheet.post(x.sheet.base+"/sections/ankommen", form)
	contains(t, "gone", w.Body.String(), []string{"Hier stand als Vorschlag: ja. Er gilt nicht mehr",
		"<title>Fehler:"}, "data-confirm>")
	if w.Code != http.StatusConflict {
		t.Errorf("status %d", w.Code)
	}
}

func TestProposalsOfNotApplicableAndInEnglish(t *testing.T) {
	x := newReception(t, map[string]url.Values{"paten": {"not_applicable": {"Das machen die Vereine."}},
		"seite": {"value": {"nein"}}})
	page := x.sheet.ok("/sections/begegnung")
	contains(t, "section", page, []string{`<strong class="os-offer__answer">trifft nicht zu</strong>`, "Das machen die Vereine.",
		`name="was.lotsen" value="!"`})
	// The proposal "no" leaves the question below inactive: it is not counted.
	contains(t, "count", x.sheet.ok("/sections/ankommen"), []string{"In diesem Abschnitt sind noch 3 Vorschläge"})
	if status, _, _ := x.sheet.press("begegnung", "confirm", "lotsen"); status != http.StatusSeeOther ||
		x.sheet.answers().Answers["lotsen"].NotApplicable != "Das machen die Vereine." {
		t.Errorf("status %d, stored %+v", status, x.sheet.answers().Answers)
	}
	x.sheet.post("/language", url.Values{"language": {"en"}, "return": {"/"}})
	contains(t, "English", x.sheet.ok("/sections/ankommen"), []string{"answers from “Empfang", "Still right",
		"proposals are still to be confirmed in this section", "Question as it was",
		"How long is the wait for an appointment?"})
}

// TestConfirmOnlyWhatIsNamed: a program says which questions it shows; what an answer hid is not
// confirmed when it is taken back.
func TestConfirmOnlyWhatIsNamed(t *testing.T) {
	x := newReception(t)
	seen := x.seen()
	x.sheet.answer("frist", 0, "value", "3")
	x.sheet.answer("frist", 1)
	section := decoded[answering.ConfirmedSection](t, x.confirm("/sections/ankommen/proposals", seen, "seite",
		"sprachen", "zeiten", "lotsen"), http.StatusOK)
	if len(section.Saved) != 3 || section.Proposals.Here != 1 {
		t.Errorf("confirmed %+v", section)
	}
	if got := x.sheet.answers().Answers; got["frist"].Value != nil || got["lotsen"].Value != nil {
		t.Errorf("stored %+v", got)
	}
	for name, accept := range map[string]string{"a program": "application/json", "a form": "text/html"} {
		w := x.sheet.post(x.sheet.base+"/sections/ankommen/proposals", url.Values{"seen": {seen}}, "Accept", accept)
		if w.Code != http.StatusUnprocessableEntity ||
			!strings.Contains(w.Body.String(), "Bitte nennen Sie die Fragen") {
			t.Errorf("%s names nothing: status %d: %.300s", name, w.Code, w.Body)
		}
	}
	if got := x.sheet.answers().Answers["frist"]; got.Value != nil {
		t.Errorf("stored %+v", got)
	}
}

// TestConfirmWithoutScriptsLeavesWhatIsTakenBack: all options unticked and "confirm all" pressed
// says that the question is open.
func TestConfirmWithoutScriptsLeavesWhatIsTakenBack(t *testing.T) {
	x := newReception(t)
	x.sheet.answer("seite", 0, "value", "ja")
	x.sheet.answer("sprachen", 0, "value", "deutsch")
	form := formOf(t, x.sheet.ok("/sections/ankommen"))
	if form.Has("was.sprachen") || !form.Has("was.frist") {
		t.Errorf("a form says it showed %+v", form)
	}
	form.Del("a.sprachen")
	form.Set("confirm", answering.EveryProposal)
	for _, c := range [][2]string{{"honest", ""}, {"forged", "deutsch"}} {
		name, more := c[0], c[1]
		if more != "" {
			x.sheet.answer("sprachen", 2, "value", "deutsch")
			form.Set("rev.sprachen", "3")
			form.Set("was.sprachen", more)
		}
		w := x.sheet.post(x.sheet.base+"/sections/ankommen", form)
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%s: status %d: %.300s", name, w.Code, w.Body)
		}
		if got := x.sheet.answers().Answers; got["sprachen"].Value != nil || got["frist"].Value != 7.5 {
			t.Errorf("%s: stored %+v", name, got)
		}
	}
	contains(t, "offered again", x.sheet.ok("/sections/ankommen"),
		[]string{"In diesem Abschnitt ist noch ein Vorschlag zu bestätigen",
			`<strong class="os-offer__answer">Deutsch · Leichte Sprache</strong>`})
}

// TestConfirmAfterAColleagueTookBack: what the page showed as answered is not confirmed because a
// colleague has opened it.
func TestConfirmAfterAColleagueTookBack(t *testing.T) {
	x := newReception(t)
	bert := x.signedIn(x.person("bert", account.TownEditor, "05958004")).sheet(x.fresh)
	bert.answer("frist", 0, "value", "3")
	form := formOf(t, x.sheet.ok("/sections/ankommen"))
	bert.answer("frist", 1)
	form.Set("confirm", answering.EveryProposal)
	w := x.sheet.post(x.sheet.base+"/sections/ankommen", form)
	if w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"), "confirmed=3") {
		t.Errorf("status %d to %q", w.Code, w.Header().Get("Location"))
	}
	if got := x.sheet.answers().Answers; got["frist"].Value != nil || got["seite"].Value != "ja" {
		t.Errorf("stored %+v", got)
	}
	contains(t, "left", x.sheet.ok("/sections/ankommen"),
		[]string{"In diesem Abschnitt ist noch ein Vorschlag zu bestätigen"})
}

// TestOldAnswersStayAtHand: beside another answer the old one, its comment and its evidence can be
// read; beside a confirmed one they came along.
func TestOldAnswersStayAtHand(t *testing.T) {
	x := newReception(t)
	x.sheet.answer("seite", 0, "value", "nein")
	x.sheet.answer("zeiten", 0, "value", "ja")
	x.confirm("/proposals/frist", x.seen())
	page := x.sheet.ok("/sections/ankommen")
	part := func(id string) string {
		_, after, _ := strings.Cut(page, `id="q-`+id+`"`)
		question, _, _ := strings.Cut(after, "</fieldset>")
		return question
	}
	contains(t, "answered otherwise", part("seite"), []string{"data-offer hidden>", "data-history>"}, "data-carried")
	contains(t, "confirmed", part("frist"), []string{"data-offer hidden>", "data-carried"})
	old := func(id string) string { return x.sheet.ok("/questions/" + id + "/history") }
	contains(t, "answered otherwise", old("seite"), []string{"data-old>", "Ihre Antwort von damals",
		`<strong class="os-said">ja</strong>`, "seit 2019", `<a href="https://example.org/willkommen"`})
	contains(t, "merged", old("zeiten"), []string{"data-old>", "Kann man nach 18 Uhr kommen?", "nur donnerstags"})
	contains(t, "nothing then", old("willkommen"), nil, "data-old")
	if list := decoded[struct {
		Answers map[string]answering.StoredAnswer
	}](t, x.sheet.get(x.sheet.base+"/answers.json"), http.StatusOK); !list.Answers["frist"].Carried ||
		list.Answers["seite"].Carried {
		t.Errorf("answers.json does not say what was carried over: %+v", list)
	}
	viewer := x.signedIn(x.person("leserin", account.TownViewer, "05958004")).sheet(x.fresh)
	contains(t, "viewer", viewer.ok("/sections/ankommen"), nil, `name="was.`)
	contains(t, "viewer", viewer.ok("/questions/seite/history"), nil, "data-old")
}

// TestProposalsEndWithTheAssessment: nothing is offered once it is submitted.
func TestProposalsEndWithTheAssessment(t *testing.T) {
	x := newReception(t)
	seen := x.seen()
	x.submit(account.Actor{User: 1, Name: "leitung", Role: account.TownLead, Town: "05958004"}, x.fresh)
	contains(t, "submitted", x.sheet.ok("/sections/ankommen"), nil, "os-offer", "data-proposals")
	contains(t, "overview", x.sheet.ok("/overview"), nil, "Vorschlag", "Nicht mehr gefragt")
	for _, path := range []string{"/proposals/seite", "/sections/ankommen/proposals"} {
		if w := x.confirm(path, seen); w.Code != http.StatusConflict ||
			!strings.Contains(w.Body.String(), "assessment_locked") {
			t.Errorf("%s: status %d: %s", path, w.Code, w.Body)
		}
	}
	if left := decoded[assessments.ProposalProgress](t, x.sheet.get(x.sheet.base+"/sections/ankommen/proposals",
		"Accept", "application/json"), http.StatusOK); left.Left != 0 {
		t.Errorf("left %+v", left)
	}
}

// TestProposalsCostNoStatement: a page that was shown before costs the same with proposals as without.
func TestProposalsCostNoStatement(t *testing.T) {
	x := newReception(t)
	other := x.signedIn(x.person("nachbar", account.TownLead, "05958008")).sheet(x.assessmentOf("05958008"))
	for _, path := range []string{"", "/sections/ankommen", "/overview"} {
		var counted []int64
		for _, s := range []sheet{x.sheet, other} {
			s.ok(path)
			w, n := s.statements(s.base + path)
			if offered := strings.Contains(w.Body.String(), "orschl"); offered != (s == x.sheet) {
				t.Errorf("%s: proposals are there: %v", s.base+path, offered)
			}
			counted = append(counted, n)
		}
		if counted[0] != counted[1] {
			t.Errorf("%q: %d statements with proposals, %d without", path, counted[0], counted[1])
		}
	}
}
