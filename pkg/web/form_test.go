package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/web/site"
)

// paper is the workbook a lead has taken home.
type paper struct {
	t testing.TB
	f *excelize.File
}

func (s sheet) takeHome(query string) *paper {
	s.house.t.Helper()
	s.house.later(site.ExportEvery)
	w := s.get(s.base + "/form.xlsx" + query)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != site.TypeXLSX ||
		!strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment; ") {
		s.house.t.Fatalf("form.xlsx%s: status %d, %v", query, w.Code, w.Header())
	}
	f, err := excelize.OpenReader(w.Body)
	must(s.house.t, err)
	s.house.t.Cleanup(func() { f.Close() })
	return &paper{s.house.t, f}
}

// set writes into the input of a question; part is value, reason or comment.
func (p *paper) set(part, question string, v any) {
	p.t.Helper()
	name := "form." + part + "." + strings.ReplaceAll(question, "-", ".")
	for _, n := range p.f.GetDefinedName() {
		if n.Name == name {
			sheet, cell, _ := strings.Cut(n.RefersTo, "!")
			must(p.t, p.f.SetCellValue(strings.Trim(sheet, "'"), strings.ReplaceAll(cell, "$", ""), v))
			return
		}
	}
	p.t.Fatalf("the form has no input %s", name)
}

func (p *paper) bytes() []byte {
	p.t.Helper()
	var b bytes.Buffer
	_, err := p.f.WriteTo(&b)
	must(p.t, err)
	return b.Bytes()
}

// bring uploads a file to the page that takes forms back.
func (s sheet) bring(name string, data []byte) *httptest.ResponseRecorder {
	s.house.t.Helper()
	s.house.later(site.UploadEvery)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	must(s.house.t, err)
	_, err = part.Write(data)
	must(s.house.t, err)
	must(s.house.t, form.Close())
	req := httptest.NewRequest(http.MethodPost, s.base+"/form", &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	for name, value := range s.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	s.house.handler.ServeHTTP(w, req)
	return w
}

// plan uploads a form and returns the preview and what its form would send.
func (s sheet) plan(p *paper) (page string, form url.Values) {
	s.house.t.Helper()
	w := s.bring("Antworten.xlsx", p.bytes())
	if w.Code != http.StatusOK {
		s.house.t.Fatalf("the preview: status %d: %.600s", w.Code, w.Body)
	}
	page = w.Body.String()
	for _, f := range readMarkup(page) {
		s.house.t.Errorf("the preview: %s", f)
	}
	_, form1, _ := strings.Cut(page, `action="`+s.base+`/form/save"`)
	return page, formOf(s.house.t, form1)
}

func newFormHouse(t *testing.T) (*house, sheet, sheet) {
	t.Helper()
	h := newHouse(t)
	id, other := h.openRound()
	return h, h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id),
		h.signedIn(h.person("andere", account.TownLead, "05958008")).sheet(other)
}

func TestFormThereAndBack(t *testing.T) {
	h, lead, _ := newFormHouse(t)
	lead.answer(question1, 0, "value", "nein", "comment", "so war es")
	lead.answer(question2, 0, "value", "keines")
	p := lead.takeHome("")
	p.set("value", question1, "ja ")
	p.set("value", "partner-beispiel", `=HYPERLINK("x") <script>`)
	p.set("comment", question1, "löschen")
	p.set("value", "buero-terminfrist", "121")

	page, form := lead.plan(p)
	if lead.answers().Answers[question1].Value != "nein" {
		t.Error("the preview has stored an answer")
	}
	for _, want := range []string{"Noch ist nichts gespeichert", "Antworten.xlsx", "Der Kommentar wird gelöscht.",
		"=HYPERLINK(&#34;x&#34;) &lt;script&gt;", "Die Zahl darf höchstens 120 sein."} {
		if !strings.Contains(page, want) {
			t.Errorf("the preview does not say %q", want)
		}
	}
	if w := lead.post(lead.base+"/form/save", form); w.Code != http.StatusSeeOther ||
		w.Header().Get("Location") != lead.base+"?done=form_saved&taken=2&left=1" {
		t.Fatalf("saving: status %d, %s: %.300s", w.Code, w.Header().Get("Location"), w.Body)
	}
	if page := lead.ok("?done=form_saved&taken=2&left=1"); !strings.Contains(page,
		"Aus der Datei übernommen: 2. Nicht übernommen: 1.") {
		t.Error("nothing says that the answers were stored")
	}
	got := lead.answers().Answers
	if a := got[question1]; a.Value != "ja" || a.Comment != "" || a.Revision != 2 {
		t.Errorf("%s: %+v", question1, a)
	}
	if a := got["partner-beispiel"]; a.Value != `=HYPERLINK("x") <script>` {
		t.Errorf("the text: %+v", a)
	}
	if len(got) != 3 {
		t.Errorf("%d answers are stored, want 3", len(got))
	}
	if page := lead.ok("/questions/" + question1 + "/history"); !strings.Contains(page,
		"aus der Datei „Antworten.xlsx“") {
		t.Error("the history does not name the file")
	}
	// The same file once more changes nothing.
	page, form = lead.plan(p)
	if !strings.Contains(page, "Die Datei bringt nichts Neues.") || form.Has("q") {
		t.Error("the same file brings something new")
	}
	if lead.answers().Answers[question1].Revision != 2 || h.now.IsZero() {
		t.Error("the same file was stored again")
	}
}

// A day with a slip in its year is taken, but not without a word.
func TestFormNamesDaysFarFromTheRound(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	year := h.now.Year()
	for _, c := range []struct {
		year int
		far  bool
	}{{1206, true}, {year - 100, true}, {year - 18, false}, {year, false}, {year + 2, false}, {year + 40, true},
		{9999, true}} {
		p := lead.takeHome("")
		p.set("value", "steuerung-beschlussdatum", fmt.Sprintf("17.03.%04d", c.year))
		page, form := lead.plan(p)
		said := fmt.Sprintf("(17. März %d)", c.year)
		if got := strings.Contains(page, "Bitte prüfen Sie, ob das Jahr stimmt:") &&
			strings.Contains(page, said); got != c.far {
			t.Errorf("%d: the preview says that the day is far from the round: %v", c.year, got)
		}
		if form.Get("value."+"steuerung-beschlussdatum") != fmt.Sprintf("%04d-03-17", c.year) {
			t.Errorf("%d: the day would not be taken: %v", c.year, form)
		}
	}
}

func TestFormConflicts(t *testing.T) {
	h, lead, _ := newFormHouse(t)
	editor := h.signedIn(h.person("petra", account.TownEditor, "05958004")).sheet(h.assessmentOf("05958004"))
	lead.answer(question1, 0, "value", "nein")
	p := lead.takeHome("?section=steuerung")
	p.set("value", question1, "ja")
	p.set("value", question2, "nein")
	editor.answer(question1, 1, "value", "teilweise")

	page, form := lead.plan(p)
	for _, want := range []string{"Bitte entscheiden", "Gespeichertes behalten: ", "petra",
		"Aus der Datei übernehmen: ", "Als die Datei heruntergeladen wurde: "} {
		if !strings.Contains(page, want) {
			t.Errorf("the preview does not say %q", want)
		}
	}
	if strings.Contains(page, " checked") {
		t.Error("a conflict is decided beforehand")
	}
	// Undecided: shown again, with nothing stored.
	w := lead.post(lead.base+"/form/save", form)
	if w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), "Bitte wählen Sie, was gelten soll.") {
		t.Errorf("undecided: status %d", w.Code)
	}
	if got := lead.answers().Answers; got[question1].Value != "teilweise" || len(got) != 1 {
		t.Errorf("undecided, and stored: %+v", got)
	}
	// Changed meanwhile: again a preview, with the decision kept.
	form.Set("decide."+question1, "file")
	editor.answer(question2, 0, "value", "keines", "comment", "von mir")
	w = lead.post(lead.base+"/form/save", form)
	if w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), "Es ist noch nichts gespeichert") ||
		!strings.Contains(w.Body.String(), `value="file" required checked`) {
		t.Errorf("changed meanwhile: status %d: %.900s", w.Code, w.Body)
	}
	if got := lead.answers().Answers; got[question1].Value != "teilweise" || got[question2].Revision != 1 {
		t.Errorf("changed meanwhile, and stored: %+v", got)
	}
	_, again, _ := strings.Cut(w.Body.String(), `action="`+lead.base+`/form/save"`)
	form = formOf(t, again)
	form.Set("decide."+question1, "file")
	if w := lead.post(lead.base+"/form/save", form); w.Code != http.StatusSeeOther {
		t.Fatalf("decided: status %d: %.300s", w.Code, w.Body)
	}
	if got := lead.answers().Answers; got[question1].Value != "ja" || got[question1].By != "leitung" ||
		got[question2].Comment != "von mir" || got[question2].By != "petra" {
		t.Errorf("decided: %+v", got)
	}
	// Deciding for the server stores nothing of that question.
	p.set("value", question1, "nein")
	editor.answer(question1, 3, "value", "teilweise")
	_, form = lead.plan(p)
	if form.Has("q") {
		t.Error("the file says what it said when it was taken, and would be stored")
	}
}

func TestFormRefusedPolitely(t *testing.T) {
	h, lead, other := newFormHouse(t)
	theirs := other.takeHome("")
	own := lead.takeHome("?question=" + question1)
	if n := own.f.SheetCount; n != 4 {
		t.Errorf("a form of one question has %d sheets", n)
	}
	for _, c := range []struct {
		name   string
		data   []byte
		status int
		want   string
	}{
		{"another town's", theirs.bytes(), 422, "gehört zu einer anderen Selbsteinschätzung"},
		{"text", []byte("<script>alert(1)</script>"), 422, "keine Excel-Datei"},
		{"nothing", nil, 422, "ist leer"},
		{"too large", append([]byte("PK\x03\x04"), make([]byte, 5<<20)...), 413, "höchstens 5 MB"},
		{"far too large", append([]byte("PK\x03\x04"), make([]byte, 7<<20)...), 413, "höchstens 5 MB"},
		{"a report", []byte(lead.ok("/export.xlsx")), 422, "kein Formular von Ortsspiegel"},
	} {
		w := lead.bring("<b>datei</b>.xlsx", c.data)
		if page := w.Body.String(); w.Code != c.status || !strings.Contains(page, c.want) ||
			strings.Contains(page, "alert(1)") || !strings.Contains(page, `<title>Fehler:`) ||
			!strings.Contains(page, `href="#file"`) {
			t.Errorf("%s: status %d, want %d and %q: %.1200s", c.name, w.Code, c.status, c.want,
				page[max(strings.Index(page, "os-summary"), 0):])
		}
	}
	for _, query := range []string{"?section=gibt-es-nicht", "?question=gibt-es-nicht"} {
		h.later(site.ExportEvery)
		if w := lead.get(lead.base + "/form.xlsx" + query); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", query, w.Code)
		}
	}
	// Hidden fields are checked like anything a person sends.
	for _, form := range []url.Values{
		{"q": {"gibt-es-nicht"}, "revision.gibt-es-nicht": {"0"}, "seen.gibt-es-nicht": {"0"}},
		{"q": {question1, question1}, "revision." + question1: {"0"}, "seen." + question1: {"0"},
			"blank." + question1: {"1"}},
		{"q": {question1}, "revision." + question1: {"-1"}, "seen." + question1: {"0"}},
		{"q": {question1}, "revision." + question1: {"0"}, "seen." + question1: {"0"},
			"value." + question1: {"zauberei"}},
		{"q": {question1}, "revision." + question1: {"0"}, "seen." + question1: {"0"}, "blank." + question1: {"1"},
			"comment." + question1: {strings.Repeat("x", 2001)}},
	} {
		if w := lead.post(lead.base+"/form/save", form); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%v: status %d", form, w.Code)
		}
	}
	if got := lead.answers().Answers; len(got) != 0 {
		t.Errorf("stored: %+v", got)
	}
	// Whoever may only read neither gets nor brings a form.
	reader := h.signedIn(h.person("lesend", account.TownViewer, "05958004")).sheet(h.assessmentOf("05958004"))
	if w := reader.get(reader.base + "/form"); w.Code != http.StatusForbidden {
		t.Errorf("a reader's form: status %d", w.Code)
	}
	// Handed over: the file is refused with what to do.
	lead.answer(question1, 0, "value", "nein")
	own.set("value", question1, "ja")
	if status := lead.submit(lead.changeOf()); status != http.StatusSeeOther {
		t.Fatalf("submit: status %d", status)
	}
	if w := lead.bring("spät.xlsx", own.bytes()); w.Code != http.StatusConflict {
		t.Errorf("after handing over: status %d: %.300s", w.Code, w.Body)
	}
	if page := lead.ok("/form"); !strings.Contains(page, "nimmt im Moment keine Antworten an") {
		t.Error("the page does not say that nothing is taken")
	}
}

// TestFormKeepsWhatItHasSaid saves without a decision: the second preview says all that the first has said.
func TestFormKeepsWhatItHasSaid(t *testing.T) {
	_, lead, _ := newFormHouse(t)
	lead.answer(question1, 0, "value", "nein")
	lead.answer(question2, 0, "value", "keines")
	p := lead.takeHome("")
	p.set("value", question1, "ja")
	p.set("value", "buero-terminfrist", "ab und zu")
	lead.answer(question1, 1, "value", "teilweise")
	_, form := lead.plan(p)
	w := lead.post(lead.base+"/form/save", form)
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("without a decision: status %d", w.Code)
	}
	again := w.Body.String()
	for _, want := range []string{"Bitte korrigieren", "eingetragen ist „ab und zu“",
		lead.base + "/sections/buergerbuero#q-buero-terminfrist",
		"unterschiedlich geändert"} {
		if !strings.Contains(again, want) {
			t.Errorf("the second preview does not say %q", want)
		}
	}
	counts := regexp.MustCompile(`<dt>([^<]*)</dt><dd>([^<]*)</dd>`)
	first, _ := lead.plan(p)
	if a, b := counts.FindAllStringSubmatch(first, -1), counts.FindAllStringSubmatch(again, -1); len(a) == 0 ||
		!reflect.DeepEqual(a, b) {
		t.Errorf("the first preview counts %v, the second %v", a, b)
	}
	_, form1, _ := strings.Cut(again, `action="`+lead.base+`/form/save"`)
	form = formOf(t, form1)
	form.Set("decide."+question1, "server")
	if w := lead.post(lead.base+"/form/save", form); w.Header().Get("Location") != lead.base+
		"?done=form_saved&taken=0&left=2" {
		t.Errorf("saving: status %d, %s", w.Code, w.Header().Get("Location"))
	}
}

// TestFormConfirmsWhatWasAnsweredLastTime ticks proposals in the workbook: they are stored as a
// confirmation in the program stores them.
func TestFormConfirmsWhatWasAnsweredLastTime(t *testing.T) {
	x := newReception(t)
	p := x.sheet.takeHome("")
	p.set("take", "seite", "x")
	p.set("take", "bericht", "X")
	p.set("value", "bericht", "anders") // says two things
	x.sheet.answer("sprachen", 0, "value", "deutsch")
	page, form := x.sheet.plan(p)
	contains(t, "the preview", page,
		[]string{"wie beim letzten Mal", "ein x, das die Antwort vom letzten Mal übernimmt"})
	if w := x.sheet.post(x.sheet.base+"/form/save", form); w.Code != http.StatusSeeOther {
		t.Fatalf("saving: status %d: %.300s", w.Code, w.Body)
	}
	stored, err := x.store.Entries(t.Context(), x.fresh)
	must(t, err)
	got := stored["seite"]
	if !got.Given || got.Comment != "seit 2019" || got.Origin.Kind != assessment.OriginCarried ||
		got.Origin.Subject != oldRound {
		t.Errorf("stored: %+v", got)
	}
	if page := x.sheet.ok("/questions/seite/evidence"); !strings.Contains(page, "https://example.org/willkommen") {
		t.Error("the evidence did not come along")
	}
	if _, ok := stored["bericht"]; ok {
		t.Error("what says two things was stored")
	}
	// somebody was faster, and last year's answer changes: nobody confirms what was not seen
	p = x.sheet.takeHome("")
	p.set("take", "bericht", "x")
	x.changeBefore("bericht", "value", "ja")
	page, form = x.sheet.plan(p)
	contains(t, "the preview", page, []string{"hat sich seit dem Herunterladen geändert"})
	if form.Get("confirm.bericht") != "" || form.Has("revision.bericht") {
		t.Error("the lapsed proposal is sent along")
	}
}
