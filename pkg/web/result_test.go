package web

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

var (
	linePart  = regexp.MustCompile(`data-line>(-?\d+),(\d)<`)
	rowPart   = regexp.MustCompile(`data-part>(-?\d+),(\d)<`)
	totalPart = regexp.MustCompile(`data-total>(\d+),(\d)<`)
)

// tenths adds up figures such as 36,2 as the page shows them.
func tenths(t *testing.T, matches [][]string) int {
	t.Helper()
	sum := 0
	for _, m := range matches {
		n, err := strconv.Atoi(m[1] + m[2])
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return sum
}

// TestDerivationAddsUp reads the page as a council member would, with a pencil.
func TestDerivationAddsUp(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	actor := account.Actor{User: 1, Role: account.TownLead, Town: "05958004"}
	for _, answered := range []int{0, 7, 20, 59} {
		view, err := h.view(actor, account.ViewAssessment, id)
		if err != nil {
			t.Fatal(err)
		}
		lead.fillFrom(view, answered)
		if view, err = h.view(actor, account.ViewAssessment, id); err != nil {
			t.Fatal(err)
		}
		page := lead.ok("/result")
		want := score.Tenths(*view.Result.Score)
		lines, rows, total := tenths(t, linePart.FindAllStringSubmatch(page, -1)),
			tenths(t, rowPart.FindAllStringSubmatch(page, -1)), tenths(t, totalPart.FindAllStringSubmatch(page, -1))
		if lines != want || rows != want || total != want {
			t.Errorf("after %d answers: questions %d, sections %d, total %d, score %d tenths of a percent", answered,
				lines, rows, total, want)
		}
		shown := score.DisplayTenths(want, "de") + "\u00a0%"
		if !strings.Contains(page, `<small data-score>`+shown+"</small>") {
			t.Errorf("after %d answers the page does not show %s", answered, shown)
		}
		checkResult(t, page, view)
	}
}

// checkResult compares what the page says in words with the result.
func checkResult(t *testing.T, page string, view assessment.View) {
	t.Helper()
	res := view.Result
	level, _, _ := view.Definition.Level(res.Level)
	if !strings.Contains(page, `id="result-level">`+level.Label.In("de")+"<") {
		t.Errorf("the page does not say the level %s", res.Level)
	}
	if res.Provisional != strings.Contains(page,
		"Möglich sind noch "+score.Display(*res.Low, "de")+"\u00a0% bis "+score.Display(*res.High, "de")+"\u00a0%") {
		t.Error("the range is not shown exactly while questions are open")
	}
	for _, c := range res.Caps {
		q, _, _ := view.Definition.Question(c.Question)
		if !strings.Contains(page, q.Text.In("de")+"</a>") {
			t.Errorf("the cap by %s is not explained", c.Question)
		}
	}
	for _, l := range res.Levers()[:min(3, len(res.Levers()))] {
		if !strings.Contains(page, "<b>+"+score.Display(l.Gain, "de")+"</b>") {
			t.Errorf("the lever %s with %s is missing", l.Question, score.Display(l.Gain, "de"))
		}
	}
}

// fillFrom answers the first questions that are still open.
func (s sheet) fillFrom(view assessment.View, questions int) {
	s.house.t.Helper()
	for i, q := range view.Definition.Questions() {
		if i >= questions {
			return
		}
		if view.Entries[q.ID].Revision == 0 {
			s.answer(string(q.ID), 0, "value", sampleValue(q))
		}
	}
}

func TestExport(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	lead.answer("steuerung-ansprechperson", 0, "value", "ja", "comment", "=1+1")
	for path, start := range map[string]string{"/export.xlsx": "PK\x03\x04", "/export.csv": "\ufeff"} {
		w := lead.get(lead.base + path)
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), start) ||
			!strings.HasPrefix(w.Header().Get("Content-Disposition"),
				`attachment; filename="Arnsberg _ Willkommen 2026 _ `) {
			t.Errorf("%s: status %d, %q", path, w.Code, w.Header().Get("Content-Disposition"))
		}
	}
	events, err := h.accounts.Events(t.Context(), account.Actor{User: 1, Role: account.TownLead, Town: "05958004"}, 0,
		10)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if e.Kind == account.EventExported {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d exports in the log, want 2", n)
	}
	for range site.ExportBurst {
		lead.get(lead.base + "/export.csv")
	}
	if w := lead.get(lead.base + "/export.csv"); w.Code != http.StatusTooManyRequests {
		t.Errorf("exports without end: status %d", w.Code)
	}
}

// TestResultBesideTheRelease compares the medians on the page with the release, and nothing else of
// the region is there.
func TestResultBesideTheRelease(t *testing.T) {
	v := newValley(t)
	b := v.signedIn(v.person("leitung", account.TownLead, string(v.towns[5].AGS)))
	before := b.get(v.sheetOf(5, "/result")).Body.String()
	if !strings.Contains(before, "noch kein Vergleich veröffentlicht") || strings.Contains(before, "os-c-tick") {
		t.Error("figures of the region are shown before a release")
	}
	v.publish()
	released, err := v.rounds.Release(t.Context(), v.round)
	if err != nil {
		t.Fatal(err)
	}
	group, ok := released.Release.Report.Group(region.All)
	if !ok {
		t.Fatal("the release has no figures of all towns")
	}
	page := b.get(v.sheetOf(5, "/result")).Body.String()
	view, err := v.view(account.Actor{User: 1, Role: account.TownLead, Town: v.towns[5].AGS}, account.ViewResult,
		v.assessmentOf(v.towns[5].AGS))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range view.Definition.Sections {
		node, ok := group.Node(bench.SectionNode(s.ID))
		if !ok || node.Points.Median == nil {
			t.Errorf("section %s has no published median", s.ID)
			continue
		}
		if want := `data-label="Median">` + wording.Page("de").WholePercent(*node.Points.Median); !strings.Contains(page,
			want) {
			t.Errorf("section %s: the page lacks %q", s.ID, want)
		}
	}
	for _, chart := range []string{`data-chart="profil"`, `data-chart="lage"`} {
		if !strings.Contains(page, chart) {
			t.Errorf("the page lacks the picture %s", chart)
		}
	}
	for _, m := range v.towns {
		if m.AGS != v.towns[5].AGS && strings.Contains(page, m.Name) {
			t.Errorf("the page names %s", m.Name)
		}
	}
	agency := v.signedIn(v.person("agentur", account.AgencyAnalyst, "valley"))
	if w := agency.get(v.sheetOf(5, "/result")); w.Code != http.StatusOK ||
		strings.Contains(w.Body.String(), "/benchmark") {
		t.Errorf("the agency reads a submitted result: status %d", w.Code)
	}
	if w := agency.get(v.sheetOf(24, "/result")); w.Code != http.StatusNotFound {
		t.Errorf("the agency reads a draft's result: status %d", w.Code)
	}
}
