package web

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/shopspring/decimal"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
)

// TestChecklistChanges reads the page of the step that uses every rule of the mapping.
func TestChecklistChanges(t *testing.T) {
	b := newHouse(t).browser()
	w := b.get("/checklists/willkommen/2.0.0/changes/1.1.0")
	if w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	page := w.Body.String()
	for _, text := range []string{
		"<h1>Was sich von Version 1.1.0 zu 2.0.0 ändert</h1>", "Große Änderung",
		"4 Fragen haben eine andere Bedeutung", "Fragen sind durch Teilung entstanden",
		"Überarbeitet nach zwei Runden", `href="#q-buero-weiterleitung"`, `id="q-buero-weiterleitung"`,
		"Die Frage meint jetzt etwas anderes.",
		"<del><span class=\"os-visually-hidden\">[entfernt: </span>",
		"<ins><span class=\"os-visually-hidden\">[neu: </span>",
		"Vorgeschlagen wird die niedrigste Ihrer bisherigen Antworten.", "Vorgeschlagen wird die höchste",
		"Bitte beantworten Sie diese Frage neu.",
		`id="gone-netz-verweise"`, "Bisher gefragt:", "Außerdem wird daraus:", "Stufe „Gut aufgestellt“",
		"Diese Skala gilt für",
		`href="/checklists/willkommen/1.1.0"`, `href="/checklists/willkommen/2.0.0"`, "Kennung in Dateien",
	} {
		if !strings.Contains(page, text) {
			t.Errorf("%q is missing", text)
		}
	}
	if strings.Contains(page, "&lt;no value") || strings.Contains(page, "changes.") {
		t.Error("a text is missing")
	}
	anchors := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if anchors[m[1]] {
			t.Errorf("the id %s stands twice", m[1])
		}
		anchors[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !anchors[m[1]] {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
	b.post("/language", url.Values{"language": {"en"}, "return": {"/"}})
	if page := b.get("/checklists/willkommen/2.0.0/changes/1.0.0").Body.String(); !strings.Contains(page,
		"What changes from version 1.0.0 to 2.0.0") || !strings.Contains(page, "Note on version 1.1.0") {
		t.Error("the English page of the whole chain is not right")
	}
	if page := b.get("/checklists/willkommen/1.1.0/changes/1.0.0").Body.String(); !strings.Contains(page,
		"Medium change") {
		t.Error("the English page of a minor step is not right")
	}
}

func TestChecklistChangesRefused(t *testing.T) {
	b := newHouse(t).browser()
	for _, path := range []string{
		"/checklists/willkommen/1.0.0/changes/2.0.0", "/checklists/willkommen/2.0.0/changes/2.0.0",
		"/checklists/willkommen/2.0.0/changes/0.9.0",
		"/checklists/willkommen/2.0.0/changes/1.0.1", "/checklists/willkommen/9.0.0/changes/1.0.0",
		"/checklists/nirgends/2.0.0/changes/1.0.0",
		"/checklists/willkommen/2.0.0/changes/x", "/checklists/willkommen/2.0.0/changes/..%2F1.0.0",
		"/checklists/barrierefreie-dienste/2.0.0/changes/1.0.0",
		"/checklists/willkommen/2.0.0/changes/1.0.0?older=x&newer=2.0.0",
		"/checklists/willkommen/2.0.0/changes/1.0.0?newer=2.0.0",
		"/checklists/%2F%2Fevil/2.0.0/changes/1.0.0?older=1.0.0&newer=2.0.0",
	} {
		if w := b.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, to %q", path, w.Code, w.Header().Get("Location"))
		}
	}
}

// TestChecklistChangesChoice sends a form's pair to its address.
func TestChecklistChangesChoice(t *testing.T) {
	b := newHouse(t).browser()
	const from = "/checklists/willkommen/2.0.0/changes/1.1.0"
	for pair, want := range map[string]string{
		"older=1.0.0&newer=2.0.0": "/checklists/willkommen/2.0.0/changes/1.0.0",
		"older=1.0.0&newer=1.1.0": "/checklists/willkommen/1.1.0/changes/1.0.0",
		"older=2.0.0&newer=1.0.0": "/checklists/willkommen/2.0.0/changes/1.0.0",
	} {
		if w := b.get(from + "?" + pair); w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("%s: status %d, to %q", pair, w.Code, w.Header().Get("Location"))
		}
	}
	w := b.get(from + "?older=1.1.0&newer=1.1.0")
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "<title>Fehler:") ||
		!strings.Contains(w.Body.String(), "Bitte wählen Sie zwei verschiedene Versionen.") {
		t.Errorf("twice the same: status %d", w.Code)
	}
}

// TestChecklistLinksToChanges: a version tells where to read what it changed, if that can be read.
func TestChecklistLinksToChanges(t *testing.T) {
	const link = "/checklists/willkommen/1.1.0/changes/1.0.0"
	b := newHouse(t).browser()
	if page := b.get("/checklists/willkommen/1.1.0").Body.String(); !strings.Contains(page, link) {
		t.Error("the link is missing")
	}
	if page := b.get("/checklists/willkommen/1.0.0").Body.String(); strings.Contains(page, "/changes/") {
		t.Error("a first version changed nothing")
	}
	raw, err := fs.ReadFile(checklists.FS, "willkommen/1.1.0.yaml")
	if err != nil {
		t.Fatal(err)
	}
	alone := newHouseOn(t, fstest.MapFS{"willkommen/1.1.0.yaml": {Data: raw}}).browser()
	if page := alone.get("/checklists/willkommen/1.1.0").Body.String(); strings.Contains(page, "/changes/") {
		t.Error("the version before is gone, and its link is still there")
	}
	if w := alone.get(link); w.Code != http.StatusNotFound {
		t.Errorf("status %d", w.Code)
	}
}

// TestChecklistsWithoutFiles: the addresses of versions that rounds keep stay when a newer program
// has no file of them any more; the list shows what there are files of.
func TestChecklistsWithoutFiles(t *testing.T) {
	h := newReception(t).house
	raw, err := fs.ReadFile(checklists.FS, "barrierefreie-dienste/1.0.0.yaml")
	must(t, err)
	newer := catalog.New(fstest.MapFS{"barrierefreie-dienste/1.0.0.yaml": {Data: raw}})
	clock := func() time.Time { return h.now }
	versions := lineage.New(h.store, newer)
	rounds, err := round.NewService(h.store, versions, h.store, disclosure.DefaultRules(), clock)
	must(t, err)
	handler := testServer(t, func(c *Config) {
		c.Accounts, c.Territory, c.Assessments, c.Rounds, c.Checklists, c.Now = h.accounts, h.territory, h.assessments,
			rounds, newer, clock
		c.Versions = versions
	})
	for path, wants := range map[string][]string{
		"/checklists/empfang/2.0.0": {`href="/checklists/empfang/2.0.0/changes/1.0.0"`,
			"Hat der Rat ein Ziel für das Ankommen beschlossen?"},
		"/checklists/empfang/1.0.0":               {"Wie lange wartet man auf einen Termin?"},
		"/checklists/empfang/2.0.0/changes/1.0.0": {"<h1>Was sich von Version 1.0.0 zu 2.0.0 ändert</h1>"},
	} {
		w := get(handler, path)
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d", path, w.Code)
		}
		contains(t, path, w.Body.String(), wants)
	}
	for _, path := range []string{"/checklists/empfang/1.1.0", "/checklists/empfang/2.0.0/changes/1.1.0",
		"/checklists/nirgends/1.0.0", "/checklists/empfang/x"} {
		if w := get(handler, path); w.Code != http.StatusNotFound ||
			!strings.Contains(w.Body.String(), "Diese Seite gibt es nicht") {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
	contains(t, "list", get(handler, "/checklists").Body.String(), []string{"/checklists/barrierefreie-dienste/1.0.0"},
		"empfang")
}

// TestChangesHaveWords: whatever the comparison finds has a text, in any number.
func TestChangesHaveWords(t *testing.T) {
	texts, err := site.LoadMessages(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range compare.Aspects() {
		if !texts["de"].Has("changes.reason." + string(a)) {
			t.Errorf("no reason for %s", a)
		}
	}
	for _, topic := range compare.Topics() {
		if !texts["de"].Has("changes.topic."+string(topic)) || !texts["de"].Has("changes.tag."+string(topic)) {
			t.Errorf("no words for %s", topic)
		}
	}
	for _, kind := range checklist.Types() {
		if !texts["de"].Has("changes.type_" + string(kind)) {
			t.Errorf("no words for %s", kind)
		}
	}
}

// severalChecklists are versions, the newest first.
type severalChecklists []*checklist.Definition

func (s severalChecklists) Get(ref checklist.Ref) (*checklist.Definition, []byte, error) {
	for _, d := range s {
		if d.Ref() == ref {
			return d, nil, nil
		}
	}
	return nil, nil, fault.New(fault.NotFound, "checklist_unknown", "there is no such checklist")
}

func (s severalChecklists) Refs() ([]checklist.Ref, error) {
	refs := make([]checklist.Ref, len(s))
	for i, d := range s {
		refs[i] = d.Ref()
	}
	return refs, nil
}

// pageOf returns the page about the step between two made-up versions.
func pageOf(t *testing.T, before, after *checklist.Definition) string {
	t.Helper()
	after.Version = "2.0.0"
	if after.Changes == nil {
		after.Changes = &checklist.Changes{From: "1.0.0", Note: text("Hinweis")}
	}
	handler := testServer(t, func(c *Config) { c.Checklists = severalChecklists{after.Index(), before.Index()} })
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/checklists/probe/2.0.0/changes/1.0.0", nil))
	if w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	return regexp.MustCompile(`<span class="os-visually-hidden">[^<]*</span>`).ReplaceAllString(w.Body.String(), "")
}

// TestRareChangesInWords shows what the checklists of the program do not have.
func TestRareChangesInWords(t *testing.T) {
	both := func(de, en string) checklist.Text {
		return checklist.NewText("de", map[checklist.Lang]string{"de": de, "en": en})
	}
	number := func(d *checklist.Definition, high, step string) *checklist.Question {
		q := &d.Sections[0].Questions[1]
		least, most, by := decimal.Zero, decimal.RequireFromString(high), decimal.RequireFromString(step)
		q.Type, q.Min, q.Max, q.Step, q.Unit, q.When = checklist.TypeNumber, &least, &most, &by, text("Tage"), nil
		return q
	}
	for name, c := range map[string]struct {
		change func(before, after *checklist.Definition)
		wants  []string
	}{
		"nothing": {func(_, _ *checklist.Definition) {}, []string{"keine Unterschiede"}},
		"kind": {func(_, d *checklist.Definition) {
			d.Kind = checklist.KindSurvey
		}, []string{"Die Checkliste ist von anderer Art", "<dt>Art</dt>", "Umfrage ohne Punkte"}},
		"language": {func(_, d *checklist.Definition) {
			d.Languages = []checklist.Lang{"de", "en"}
		}, []string{"<dt>Sprachen</dt>", "<del>Deutsch</del> <ins>Deutsch, Englisch</ins>", "Kleine Änderung"}},
		"translation": {func(before, d *checklist.Definition) {
			before.Languages, d.Languages = []checklist.Lang{"de", "en"}, []checklist.Lang{"de", "en"}
			before.Sections[0].Questions[1].Text, d.Sections[0].Questions[1].Text = both("Wie viele?", "How much?"),
				both("Wie viele?", "How many?")
		}, []string{"Geändert wurde nur die Übersetzung:", "<ins>Englisch</ins>", "1 Frage umformuliert"}},
		"level": {func(_, d *checklist.Definition) {
			d.Levels = append(d.Levels, checklist.Level{ID: "top", From: 90, Label: text("Spitze")})
		}, []string{"Stufe „Spitze“", "<ins>ab 90 %</ins>", "Mittlere Änderung"}},
		"section": {func(_, d *checklist.Definition) {
			d.Sections = append(d.Sections, checklist.Section{ID: "b", Title: text("Anhang"), Weight: 10,
				Questions: []checklist.Question{{ID: "q3", Text: text("Was noch?"), Help: text("Alles."),
					Type: checklist.TypeText}}})
		}, []string{`id="s-b">Anhang <span class="os-tag os-tag--success">neu</span>`, "Diese Frage ist neu.",
			"Was zählt:", "1 neue Frage"}},
		"section gone": {func(d, _ *checklist.Definition) {
			d.Sections = append(d.Sections, checklist.Section{ID: "b", Title: text("Anhang"), Weight: 10,
				Questions: []checklist.Question{{ID: "q3", Text: text("Was noch?"), Type: checklist.TypeText}}})
		}, []string{`id="s-b">Anhang <span class="os-tag">entfallen</span>`, `id="gone-q3"`, "1 Frage entfällt"}},
		"type": {func(_, d *checklist.Definition) {
			d.Sections[0].Questions[1].Type = checklist.TypeDate
		}, []string{"<del>ein kurzer Text</del> <ins>ein Datum</ins>", "Die Antwort hat eine andere Form."}},
		"limits": {func(before, d *checklist.Definition) {
			number(before, "10", "1")
			number(d, "8", "0.5")
		}, []string{
			"<del>Zahl von 0 bis 10 Tage in Schritten von 1</del> <ins>Zahl von 0 bis 8 Tage in Schritten von " +
				"0,5</ins>", "geben Sie bitte neu ein",
		}},
		"unit": {func(before, d *checklist.Definition) {
			number(before, "10", "1")
			number(d, "10", "1").Unit = text("Wochen")
		}, []string{"<dt>Einheit</dt>\n<dd><del>Tage</del><ins>Wochen</ins>", "Die Einheit heißt jetzt anders."}},
		"targets": {func(before, d *checklist.Definition) {
			number(before, "10", "1")
			number(d, "10", "1").Targets = []checklist.Target{{At: decimal.Zero},
				{At: decimal.NewFromInt(10), Points: 100}}
		}, []string{"<del>keine</del> <ins>bei 0 Tage: 0, bei 10 Tage: 100</ins>"}},
		"condition": {func(_, d *checklist.Definition) {
			d.Sections[0].Questions[1].When = nil
		}, []string{"<dt>Wird gefragt</dt>", "<ins>immer</ins>"}},
		"knockout": {func(_, d *checklist.Definition) {
			d.Sections[0].Questions[0].Knockout = nil
		}, []string{"<dt>Mindestanforderung</dt>", "<ins>keine</ins>"}},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := sample(), sample()
			c.change(before, after)
			page := pageOf(t, before, after)
			for _, want := range c.wants {
				if !strings.Contains(page, want) {
					t.Errorf("%q is missing", want)
				}
			}
			if t.Failed() {
				_, page, _ = strings.Cut(page, "<h1>")
				t.Log(page)
			}
		})
	}
}

// TestHostileChangesStayText: words of a checklist cannot break out of their marks.
func TestHostileChangesStayText(t *testing.T) {
	before, after := sample(), sample()
	after.Changes = &checklist.Changes{From: "1.0.0", Note: text("<script>alert(1)</script>")}
	after.Sections[0].Questions[0].Text = text(`Gibt es <script>alert(1)</script> "eine" Seite?`)
	page := pageOf(t, before, after)
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "<b>eine") ||
		!strings.Contains(page, "umformuliert") {
		t.Error("hostile text got through")
	}
}
