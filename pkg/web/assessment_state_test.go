package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
	"ortsspiegel/pkg/wording"
)

// changeOf reads the change the overview was shown with.
func (s sheet) changeOf() string {
	return formOf(s.house.t, s.ok("/overview")).Get("change")
}

func (s sheet) submit(change string) int {
	return s.post(s.base+"/submit", url.Values{"confirm": {"yes"}, "change": {change}}).Code
}

func TestSubmitAndReopen(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	editor := h.signedIn(h.person("kollegin", account.TownEditor, "05958004")).sheet(id)
	agency := h.signedIn(h.person("agentur", account.AgencyAdmin, "here")).sheet(id)
	lead.answer("steuerung-ansprechperson", 0, "value", "ja", "comment", "Zimmer 12")

	if page := editor.ok("/overview"); strings.Contains(page, "/submit") ||
		!strings.Contains(page, "Einreichen kann: leitung") {
		t.Error("an editor is not told who can submit")
	}
	if code := editor.submit("1"); code != http.StatusForbidden {
		t.Errorf("an editor submits: status %d", code)
	}
	if w := agency.get(agency.base); w.Code != http.StatusNotFound {
		t.Errorf("the agency reads a draft: status %d", w.Code)
	}
	w := lead.post(lead.base+"/submit", url.Values{"change": {lead.changeOf()}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "<title>Fehler:") ||
		!strings.Contains(w.Body.String(), `href="#confirm"`) {
		t.Errorf("without the tick: status %d", w.Code)
	}
	seen := lead.changeOf()
	editor.answer("steuerung-ansprechperson", 1, "value", "nein")
	w = lead.post(lead.base+"/submit", url.Values{"confirm": {"yes"}, "change": {seen}})
	if w.Code != http.StatusConflict ||
		!strings.Contains(w.Body.String(), "Inzwischen hat jemand eine Antwort geändert") {
		t.Errorf("changed meanwhile: status %d", w.Code)
	}
	if code := lead.submit(formOf(t, w.Body.String()).Get("change")); code != http.StatusSeeOther {
		t.Errorf("the page that came back cannot be submitted: status %d", code)
	}
	if code := lead.submit(seen); code != http.StatusConflict {
		t.Errorf("submitting twice: status %d", code)
	}
	if w := editor.put("steuerung-ansprechperson", 2, "value", "ja"); w.Code != http.StatusConflict ||
		!strings.Contains(w.Body.String(), `"error":"assessment_locked"`) {
		t.Errorf("answer after submission: status %d, %s", w.Code, w.Body)
	}
	if w := editor.post(editor.base+"/sections/steuerung", url.Values{"a.steuerung-ansprechperson": {"ja"},
		"rev.steuerung-ansprechperson": {"2"}}); w.Code != http.StatusConflict {
		t.Errorf("section after submission: status %d", w.Code)
	}
	if page := editor.ok("/sections/steuerung"); strings.Contains(page, "<fieldset") ||
		!strings.Contains(page, "Die Antworten sind gesperrt") || !strings.Contains(page, "Zimmer 12") {
		t.Error("a submitted section is not shown for reading")
	}
	if lead.answers().Status != "submitted" {
		t.Error("answers.json does not say that it is submitted")
	}
	reopen(t, agency, lead)
}

func reopen(t *testing.T, agency, lead sheet) {
	t.Helper()
	if page := agency.ok(""); !strings.Contains(page, "Zur Überarbeitung zurückgeben") {
		t.Error("the agency is not offered to return it")
	}
	if w := agency.post(agency.base+"/reopen",
		url.Values{"reason": {"kurz"}}); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), ">kurz</textarea>") {
		t.Errorf("short reason: status %d", w.Code)
	}
	if w := lead.post(lead.base+"/reopen",
		url.Values{"reason": {"wir wollen noch etwas ändern"}}); w.Code != http.StatusForbidden {
		t.Errorf("a town reopens: status %d", w.Code)
	}
	reason := "Bitte Frage 1.1 <b>prüfen</b>"
	if w := agency.post(agency.base+"/reopen", url.Values{"reason": {reason}}); w.Code != http.StatusSeeOther {
		t.Fatalf("reopen: status %d", w.Code)
	}
	page := lead.ok("")
	if !strings.Contains(page, "Bitte Frage 1.1 &lt;b&gt;prüfen&lt;/b&gt;") ||
		!strings.Contains(page, "zurückgegeben") {
		t.Error("the town is not told why it was returned")
	}
	for where, page := range map[string]string{"task list": page, "start": lead.get("/").Body.String()} {
		contains(t, where, page, []string{"Zurückgegeben am " + wording.Page("de").DateTime(lead.house.now) +
			" von agentur."})
	}
	lead.answer("steuerung-ansprechperson", 2, "value", "ja")
}

// TestWhomToAsk: a lead is told the agency's administrators of this region, colleagues their leads,
// nobody anything else.
func TestWhomToAsk(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	leadMail := h.person("leitung", account.TownLead, "05958004")
	colleagues := map[string]string{"an editor": h.person("kollegin", account.TownEditor, "05958004"),
		"a viewer": h.person("leserin", account.TownViewer, "05958004")}
	admin := h.person("agentur", account.AgencyAdmin, "here")
	never := []string{h.person("analyse", account.AgencyAnalyst, "here"),
		h.person("fremd", account.AgencyAdmin, "there"), h.person("nachbar", account.TownLead, "05958008")}
	to := func(email string) string { return `href="mailto:` + email + `"` }
	for _, path := range []string{"", "/overview"} {
		for who, email := range colleagues {
			contains(t, who+" on "+path, h.signedIn(email).sheet(id).ok(path), []string{"leitung", to(leadMail)},
				append(never, admin)...)
		}
	}
	lead := h.signedIn(leadMail).sheet(id)
	contains(t, "the lead", lead.ok(""), []string{"agentur<br>", to(admin)}, append(never, to(leadMail))...)
	contains(t, "the lead", lead.ok("/overview"), nil, append(never, admin, "mailto:")...)

	// a telephone number that cannot be one is refused; one that can stands where the person is named
	boss1 := h.signedIn(admin)
	profile := func(phone string) url.Values { return url.Values{"name": {"agentur"}, "phone": {phone}} }
	w := boss1.post("/account/profile", profile("javascript:alert(1)"))
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="javascript:alert(1)"`) {
		t.Errorf("a number that is none: status %d", w.Code)
	}
	if w := boss1.post("/account/profile", profile(" +49 (0)2931 805-0 ")); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	contains(t, "the account", boss1.get("/account").Body.String(), []string{`value="&#43;49 (0)2931 805-0"`})
	contains(t, "the lead", lead.ok(""), []string{`<a href="tel:&#43;4929318050">&#43;49 (0)2931 805-0</a>`})
	for who, email := range colleagues {
		contains(t, who, h.signedIn(email).sheet(id).ok(""), nil, "805-0")
	}

	boss := account.Actor{User: 1 << 40, Name: "Betrieb", Role: account.AgencyAdmin, Region: "here"}
	u, err := h.store.UserByEmail(t.Context(), admin)
	must(t, err)
	must(t, h.accounts.SetDisabled(t.Context(), boss, u.ID, true))
	contains(t, "without an agency", lead.ok(""), nil, append(never, admin, to(leadMail))...)
}

func TestNothingAfterTheRoundHasClosed(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	lead.answer("steuerung-ansprechperson", 0, "value", "ja")
	change := lead.changeOf()
	if err := h.rounds.Close(t.Context(), account.Actor{User: 1, Role: account.AgencyAdmin, Region: "here"},
		round.ID(1)); err != nil {
		t.Fatal(err)
	}
	if w := lead.put("steuerung-ansprechperson", 1, "value", "nein"); w.Code != http.StatusConflict ||
		!strings.Contains(w.Body.String(), "round_closed") {
		t.Errorf("answer: status %d, %s", w.Code, w.Body)
	}
	if code := lead.submit(change); code != http.StatusConflict {
		t.Errorf("submit: status %d", code)
	}
	if w := lead.post(lead.base+"/questions/steuerung-ansprechperson/evidence",
		url.Values{"link": {"https://example.org"}}); w.Code != http.StatusConflict {
		t.Errorf("evidence: status %d", w.Code)
	}
	if page := lead.ok("/sections/steuerung"); strings.Contains(page, "<fieldset") ||
		!strings.Contains(page, "Die Runde ist beendet") {
		t.Error("the section can still be answered")
	}
}

// TestForeignAddresses: whatever does not exist and whatever is foreign answer alike, in every route of an assessment.
func TestForeignAddresses(t *testing.T) {
	h := newHouse(t)
	arnsberg, bestwig := h.openRound()
	own := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(arnsberg)
	other := h.signedIn(h.person("fremd", account.TownLead, "05958008")).sheet(bestwig)
	abroad := h.signedIn(h.person("weitweg", account.AgencyAdmin, "there"))
	own.answer("steuerung-ansprechperson", 0, "value", "ja", "comment", "Kanarienvogel")
	own.post(own.base+"/questions/steuerung-ansprechperson/evidence",
		url.Values{"link": {"https://kanarienvogel.example"}})

	for _, x := range routesOf(nil) {
		if !strings.HasPrefix(x.Name, "assessment.") && !strings.HasPrefix(x.Name, "evidence") {
			continue
		}
		path := strings.NewReplacer(":section", "steuerung", ":question", "steuerung-ansprechperson", ":evidence",
			"1").Replace(x.Path)
		for who, b := range map[string]*browser{"town": other.browser, "agency": abroad} {
			foreign := b.do(x.Method, strings.Replace(path, ":assessment", strconv.Itoa(int(arnsberg)), 1),
				url.Values{"confirm": {"yes"}, "reason": {"weil ich es will"}})
			missing := b.do(x.Method, strings.Replace(path, ":assessment", "4711", 1), url.Values{"confirm": {"yes"}})
			if foreign.Code != http.StatusNotFound || missing.Code != http.StatusNotFound {
				t.Errorf("%s %s by a foreign %s: status %d, a missing one %d", x.Method, path, who, foreign.Code,
					missing.Code)
			}
			if strings.Contains(foreign.Body.String(), "Kanarienvogel") ||
				strings.Contains(foreign.Body.String(), "kanarienvogel") {
				t.Errorf("%s %s tells a foreign %s something", x.Method, path, who)
			}
		}
	}
	// Another assessment's evidence through the own address.
	for _, path := range []string{"/evidence/1", "/evidence/1/remove"} {
		if w := other.get(other.base + path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
	for _, path := range []string{"/sections/none", "/questions/none/history", "/questions/none/evidence",
		"/evidence/99"} {
		if w := own.get(own.base + path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

// upload sends a file as a browser does.
func (s sheet) upload(question, name string, data []byte) *httptest.ResponseRecorder {
	s.house.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		s.house.t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, s.base+"/questions/"+question+"/evidence", &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	for name, value := range s.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	s.house.handler.ServeHTTP(w, req)
	return w
}

func TestEvidence(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	const q = "steuerung-ansprechperson"
	pdf := []byte("%PDF-1.7\nein Plan")
	if w := lead.upload(q, "../Plan \"2026\"; ü.pdf", pdf); w.Code != http.StatusSeeOther {
		t.Fatalf("upload: status %d: %s", w.Code, w.Body)
	}
	w := lead.get(lead.base + "/evidence/1")
	if w.Code != http.StatusOK || w.Body.String() != string(pdf) {
		t.Errorf("download: status %d, %q", w.Code, w.Body)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'",
		"Content-Disposition":     `attachment; filename="Plan 2026 _.pdf"; filename*=UTF-8''Plan%202026%20%C3%BC.pdf`,
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("download: %s is %q, want %q", name, got, want)
		}
	}
	for name, c := range map[string]struct {
		data   []byte
		status int
		text   string
	}{
		"script":   {[]byte("<script>alert(1)</script>"), 422, "Diese Datei wird nicht angenommen"},
		"empty":    {nil, 422, "Die Datei ist leer"},
		"too.pdf":  {append([]byte("%PDF-"), make([]byte, assessment.MaxFile)...), 413, "größer als 10 MB"},
		"much.pdf": {append([]byte("%PDF-"), make([]byte, assessment.MaxFile+1<<20)...), 413, "größer als 10 MB"},
	} {
		w := lead.upload(q, name, c.data)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.text) ||
			!strings.Contains(w.Body.String(), `href="#file"`) {
			t.Errorf("%s: status %d: %.200s", name, w.Code, w.Body)
		}
	}
	for _, link := range []string{"javascript:alert(1)", "https://user:pw@example.org", "nur Text",
		"ftp://example.org"} {
		w := lead.post(lead.base+"/questions/"+q+"/evidence", url.Values{"link": {link}})
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `href="#link"`) {
			t.Errorf("link %q: status %d", link, w.Code)
		}
	}
	if w := lead.post(lead.base+"/questions/"+q+"/evidence", url.Values{"link": {"https://example.org/plan"},
		"title": {"<i>Plan</i>"}}); w.Code != http.StatusSeeOther {
		t.Errorf("link: status %d", w.Code)
	}
	if page := lead.ok("/sections/steuerung"); strings.Count(page, "data-evidence> (2)</span>") != 1 {
		t.Error("the section does not say how much evidence there is")
	}
	page := lead.ok("/questions/" + q + "/evidence")
	if !strings.Contains(page, "&lt;i&gt;Plan&lt;/i&gt;") || !strings.Contains(page, "Plan 2026 ü.pdf") ||
		!strings.Contains(page, `evidence/1"`) {
		t.Error("the page of the evidence does not list it")
	}
	if page := lead.ok("/evidence/1/remove"); !strings.Contains(page, "Plan 2026 ü.pdf") ||
		!strings.Contains(page, `method="post"`) {
		t.Error("removal is not asked for")
	}
	if w := lead.post(lead.base+"/evidence/1/remove", nil); w.Code != http.StatusSeeOther {
		t.Errorf("remove: status %d", w.Code)
	}
	if page := lead.ok("/sections/steuerung"); strings.Contains(page, "Plan 2026 ü.pdf") {
		t.Error("removed evidence is still listed")
	}
}

func TestHistory(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	hostile := `"><script>alert(1)</script>{{.}}`
	lead.answer("steuerung-haushalt", 0, "not_applicable", hostile+" lang genug")
	lead.answer("steuerung-haushalt", 1, "value", "ja", "comment", hostile)
	page := lead.ok("/questions/steuerung-haushalt/history")
	if strings.Contains(page, "<script>alert") ||
		strings.Count(page, "&lt;script&gt;alert(1)&lt;/script&gt;{{.}}") != 3 {
		t.Errorf("the history does not show the hostile text as text: %s", page)
	}
	for _, path := range []string{"/sections/steuerung", "/overview", "/result", "/result/print"} {
		if page := lead.ok(path); strings.Contains(page, "<script>alert") {
			t.Errorf("%s: hostile text got through", path)
		}
	}
	if !strings.Contains(lead.ok("/sections/steuerung"), "&lt;script&gt;alert(1)&lt;/script&gt;{{.}}</textarea>") {
		t.Error("the comment is not in the form")
	}
}

func TestAnswersForOthers(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	anna := h.signedIn(h.person("anna", account.TownLead, "05958004")).sheet(id)
	bert := h.signedIn(h.person("bert", account.TownEditor, "05958004")).sheet(id)
	anna.answer("steuerung-ansprechperson", 0, "value", "ja")
	anna.answer("steuerung-stunden", 0, "value", "12,5")
	anna.answer("steuerung-haushalt", 0, "not_applicable", "dafür gibt es keinen Titel")
	w := bert.get(bert.base+"/answers.json", "Accept", "application/json")
	tag := w.Header().Get("ETag")
	got := bert.answers()
	if got.Status != "draft" || len(got.Answers) != 3 || got.Answers["steuerung-stunden"].Value != 12.5 ||
		got.Answers["steuerung-haushalt"].NotApplicable != "dafür gibt es keinen Titel" ||
		got.Answers["steuerung-ansprechperson"].By != "anna" {
		t.Errorf("answers.json: %s", w.Body)
	}
	w = bert.get(bert.base+"/answers.json", "If-None-Match", tag)
	if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("unchanged: status %d", w.Code)
	}
	anna.answer("steuerung-ansprechperson", 1)
	w = bert.get(bert.base+"/answers.json", "If-None-Match", tag)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"steuerung-ansprechperson":{"revision":2`) {
		t.Errorf("changed: status %d, %s", w.Code, w.Body)
	}
	// Looking on its own does not keep a session alive: after the idle time it is gone.
	for range 30 {
		h.later(account.IdleTimeout / 20)
		w = bert.get(bert.base+"/answers.json", "Accept", "application/json")
	}
	if w.Code != http.StatusUnauthorized {
		t.Errorf("polling kept the session alive: status %d", w.Code)
	}
}

// TestConsentIsAskedBeforeTheFirstRelease: the overview asks it when a town hands in, without a
// name unless it chooses one.
func TestConsentIsAskedBeforeTheFirstRelease(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	editor := h.signedIn(h.person("kollegin", account.TownEditor, "05958004")).sheet(id)
	page := lead.ok("/overview")
	if !strings.Contains(page, `value="anonymous" checked`) ||
		!strings.Contains(page, "Wie soll Ihre Kommune erscheinen?") {
		t.Error("the overview does not ask, or proposes a name")
	}
	if strings.Contains(editor.ok("/overview"), "naming") || strings.Contains(editor.ok(""), "/consent") ||
		!strings.Contains(lead.ok(""), "/consent") {
		t.Error("the tasks page does not lead to the choice, or it is asked of somebody who cannot make it")
	}
	named := url.Values{"naming": {"named"}, "sections": {"1"}, "shown": {""}, "change": {lead.changeOf()}}
	w := lead.post(lead.base+"/submit", named)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="named" checked`) ||
		!strings.Contains(w.Body.String(), `name="sections" value="1" checked`) {
		t.Errorf("a refused submission forgets the choice: status %d", w.Code)
	}
	if !strings.Contains(lead.ok("/consent"), `value="anonymous" checked`) {
		t.Error("a refused submission stored the choice")
	}
	named.Set("confirm", "yes")
	if w := lead.post(lead.base+"/submit", named); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if page := lead.ok("/consent"); !strings.Contains(page, `value="named" checked`) ||
		!strings.Contains(page, `name="sections" value="1" checked`) ||
		strings.Contains(page, `name="total" value="1" checked`) {
		t.Error("the choice is not stored")
	}
}

// TestContactIsAskedBeforeTheFirstRelease: a town that may be asked names whom to ask when it hands in, and nothing is
// handed in with a contact that nobody could reach.
func TestContactIsAskedBeforeTheFirstRelease(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	if !strings.Contains(lead.ok("/overview"), `name="contact_phone"`) {
		t.Error("the overview does not ask whom others may ask")
	}
	form := url.Values{"naming": {"named"}, "examples": {"1"}, "shown": {""}, "change": {lead.changeOf()},
		"confirm":      {"yes"},
		"contact_name": {"Petra Klein"}, "contact_email": {"klein@"}, "contact_phone": {""},
		"contact_name.shown": {""}, "contact_email.shown": {""}, "contact_phone.shown": {""}}
	w := lead.post(lead.base+"/submit", form)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="klein@"`) ||
		!strings.Contains(w.Body.String(), `aria-invalid="true"`) ||
		!strings.Contains(w.Body.String(), `href="#contact_email"`) {
		t.Errorf("an address that is none: status %d", w.Code)
	}
	if page := lead.ok("/consent"); !strings.Contains(page, `value="anonymous" checked`) ||
		!strings.Contains(lead.ok("/overview"), `name="confirm"`) {
		t.Error("a refused contact stored the choice, or handed in")
	}
	form.Set("contact_email", "klein@arnsberg.example")
	if w := lead.post(lead.base+"/submit", form); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if page := lead.ok("/consent"); !strings.Contains(page, `value="klein@arnsberg.example"`) {
		t.Error("the contact is not stored")
	}
}

// TestStatements holds the number of SQL statements of every page, with caches empty and filled.
func TestStatements(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	head, err := h.view(account.Actor{User: 1, Role: account.TownLead, Town: "05958004"}, account.ViewAssessment, id)
	if err != nil {
		t.Fatal(err)
	}
	lead.fill(head.Definition, 40)
	lead.ok("") // the name of the town is read once in ten minutes
	for path, most := range map[string]int64{"": 5, "/sections/netz": 4, "/overview": 6, "/result": 4,
		"/result/print": 4, "/answers.json": 4,
		"/questions/steuerung-ansprechperson/history": 4, "/questions/steuerung-ansprechperson/evidence": 4,
		"/export.xlsx": 8, "/export.csv": 8} {
		// what was in memory is out of date
		lead.answer("steuerung-ziel", lead.answers().Answers["steuerung-ziel"].Revision, "comment", "vor "+path)
		for _, state := range []string{"fresh", "again"} {
			ctx, n := store.CountStatements(t.Context())
			req := httptest.NewRequest(http.MethodGet, lead.base+path, nil).WithContext(ctx)
			for name, value := range lead.cookies {
				req.AddCookie(&http.Cookie{Name: name, Value: value})
			}
			w := httptest.NewRecorder()
			h.handler.ServeHTTP(w, req)
			if w.Code != http.StatusOK || n.Load() > most || n.Load() == 0 {
				t.Errorf("%s, %s: status %d, %d statements, at most %d", path, state, w.Code, n.Load(), most)
			}
		}
	}
}

// TestEveryQuestionCanBeAnswered saves every section of every shipped kind of question in both languages.
func TestEveryQuestionCanBeAnswered(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	view, err := h.view(account.Actor{User: 1, Role: account.TownLead, Town: "05958004"}, account.ViewAssessment, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range view.Definition.Sections {
		path := lead.base + "/sections/" + string(section.ID)
		form := formOf(t, lead.get(path, "Accept-Language", "en").Body.String())
		for _, q := range section.Questions {
			if !form.Has("rev." + string(q.ID)) {
				t.Errorf("%s is not in the form", q.ID)
			}
			form["a."+string(q.ID)] = []string{sampleValue(&q)}
		}
		if w := lead.post(path, form); w.Code != http.StatusSeeOther || !strings.HasSuffix(w.Header().Get("Location"),
			"saved="+strconv.Itoa(len(section.Questions))) {
			t.Errorf("%s: status %d to %s", section.ID, w.Code, w.Header().Get("Location"))
		}
	}
	if page := lead.ok("/overview"); !strings.Contains(page, "Alle Fragen sind bearbeitet") {
		t.Error("everything was answered, but something is open")
	}
}

func sampleValue(q *checklist.Question) string {
	switch q.Type {
	case checklist.TypeChoice, checklist.TypeMulti:
		return string(q.Options[len(q.Options)-1].ID)
	case checklist.TypeNumber:
		return q.Max.String()
	case checklist.TypeDate:
		return "2026-01-31"
	}
	return "Ein Satz."
}
