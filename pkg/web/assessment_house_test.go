package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/static"
)

// openRound opens a round of the region "here" on the checklist willkommen, from ten days ago to in
// twenty, and returns the assessments of Arnsberg and Bestwig.
func (h *house) openRound() (arnsberg, bestwig assessment.ID) {
	h.t.Helper()
	admin := account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "here"}
	id, err := h.rounds.Create(h.t.Context(), admin,
		round.New{Title: "Willkommen 2026", Checklist: checklist.Ref{ID: "willkommen", Version: "1.0.0"},
			Opens: h.now.AddDate(0, 0, -10), Closes: h.now.AddDate(0, 0, 20),
			Towns: []region.AGS{"05958004", "05958008"}})
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.rounds.Open(h.t.Context(), admin, id); err != nil {
		h.t.Fatal(err)
	}
	return h.assessmentOf("05958004"), h.assessmentOf("05958008")
}

func (h *house) assessmentOf(ags region.AGS) assessment.ID {
	h.t.Helper()
	heads, err := h.assessments.OfTown(h.t.Context(), account.Actor{User: 1, Role: account.TownLead, Town: ags})
	if err != nil || len(heads) == 0 {
		h.t.Fatalf("assessments of %s: %v, %v", ags, heads, err)
	}
	return heads[0].ID
}

// sheet is an assessment in the browser of somebody who answers it.
type sheet struct {
	*browser
	base string
}

// view reads an assessment past the pages, for what they are compared with.
func (h *house) view(actor account.Actor, action account.Action, id assessment.ID) (assessment.View, error) {
	head, err := h.assessments.Head(h.t.Context(), actor, action, id)
	if err != nil {
		return assessment.View{}, err
	}
	return h.assessments.View(h.t.Context(), head)
}

func (b *browser) sheet(id assessment.ID) sheet {
	return sheet{b, "/assessments/" + strconv.FormatInt(int64(id), 10)}
}

// put answers a question as a script does: pairs of field and value.
func (s sheet) put(question string, revision int, fields ...string) *httptest.ResponseRecorder {
	s.house.t.Helper()
	form := url.Values{"revision": {strconv.Itoa(revision)}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return s.do(http.MethodPut, s.base+"/answers/"+question, form, "Accept", "application/json")
}

// answer answers a question and fails the test if that is refused.
func (s sheet) answer(question string, revision int, fields ...string) {
	s.house.t.Helper()
	if w := s.put(question, revision, fields...); w.Code != http.StatusOK {
		s.house.t.Fatalf("answer %s: status %d: %s", question, w.Code, w.Body)
	}
}

// ok loads a page below the assessment and fails the test if it does not come.
func (s sheet) ok(path string) string {
	s.house.t.Helper()
	w := s.get(s.base + path)
	if w.Code != http.StatusOK {
		s.house.t.Fatalf("%s: status %d: %.300s", s.base+path, w.Code, w.Body)
	}
	return w.Body.String()
}

// formOf reads what a browser would send of the first post form of a section page, as it was shown.
func formOf(t testing.TB, page string) url.Values {
	t.Helper()
	form := url.Values{}
	for _, tag := range tags(page, "<input ") {
		name, kind := attribute(tag, "name"), attribute(tag, "type")
		if name == "" || name == "return" || strings.HasSuffix(tag, " disabled") ||
			(kind == "radio" || kind == "checkbox") && !strings.Contains(tag, " checked") {
			continue
		}
		form.Add(name, attribute(tag, "value"))
	}
	rest := page
	for {
		_, after, found := strings.Cut(rest, "<textarea ")
		if !found {
			return form
		}
		tag, content, _ := strings.Cut(after, ">")
		text, _, _ := strings.Cut(content, "</textarea>")
		form.Add(attribute(" "+tag, "name"), unescape(text))
		rest = content
	}
}

func tags(page, start string) []string {
	var list []string
	for _, part := range strings.Split(page, start)[1:] {
		tag, _, _ := strings.Cut(part, ">")
		list = append(list, " "+tag)
	}
	return list
}

func attribute(tag, name string) string {
	_, after, found := strings.Cut(tag, " "+name+`="`)
	if !found {
		return ""
	}
	value, _, _ := strings.Cut(after, `"`)
	return unescape(value)
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&#43;", "+", "&amp;",
		"&").Replace(s)
}

// answersJSON is answers.json as an outside script reads it.
type answersJSON struct {
	Answers map[string]struct {
		Value         any    `json:"value"`
		NotApplicable string `json:"not_applicable"`
		Comment       string `json:"comment"`
		Revision      int    `json:"revision"`
		By            string `json:"by"`
	} `json:"answers"`
	Status string `json:"status"`
}

func (s sheet) answers() answersJSON {
	s.house.t.Helper()
	w := s.get(s.base+"/answers.json", "Accept", "application/json")
	var a answersJSON
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
		s.house.t.Fatalf("answers.json: status %d, %v: %s", w.Code, err, w.Body)
	}
	return a
}

// later moves the house's clock.
func (h *house) later(d time.Duration) { h.now = h.now.Add(d) }

// site serves the house over HTTP with the built scripts and styles, for a real browser. While down
// is set, connections break off.
func (h *house) site() (home string, down *atomic.Bool) {
	h.t.Helper()
	if _, err := site.LoadAssets(static.Files()); err != nil {
		testkit.Need(h.t, "the built assets: make assets")
	}
	handler := testServer(h.t, func(c *Config) {
		c.Accounts, c.Territory, c.Assessments, c.Rounds, c.Checklists = h.accounts, h.territory, h.assessments,
			h.rounds, h.sheets
		c.Versions, c.Trends, c.DryRuns = h.versions, h.trends, h.dryRuns
		c.Assets, c.Now = static.Files(), func() time.Time { return h.now }
	})
	down = new(atomic.Bool)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(w, r)
	}))
	h.t.Cleanup(server.Close)
	return server.URL, down
}

// fill answers the first questions of the checklist, every option in turn; what may not apply does not at every fifth.
func (s sheet) fill(d *checklist.Definition, questions int) {
	s.house.t.Helper()
	for i, q := range d.Questions() {
		if i == questions {
			return
		}
		switch {
		case q.NotApplicable && i%5 == 0:
			s.answer(string(q.ID), 0, "not_applicable", "Das gibt es in unserer Kommune nicht.")
		case q.Type == checklist.TypeNumber:
			s.answer(string(q.ID), 0, "value", q.Min.String())
		case q.Type == checklist.TypeDate:
			s.answer(string(q.ID), 0, "value", "2025-06-30")
		case q.Type == checklist.TypeText:
			s.answer(string(q.ID), 0, "value", "Ein Satz dazu.", "comment", "Stand Oktober")
		default:
			s.answer(string(q.ID), 0, "value", string(q.Options[len(q.Options)-1-i%len(q.Options)].ID))
		}
	}
}
