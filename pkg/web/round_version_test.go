package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/demo"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// submittedRound opens a round of the region "here" on a version; the given towns have submitted made-up answers.
func (h *house) submittedRound(version checklist.Version, submitted ...region.AGS) round.Round {
	h.t.Helper()
	ctx, admin := h.t.Context(), account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "here"}
	towns := []region.AGS{"05958004", "05958008"}
	id, err := h.rounds.Create(ctx, admin,
		round.New{Title: "Willkommen früher", Checklist: checklist.Ref{ID: "willkommen", Version: version},
			Opens: h.now.AddDate(0, 0, -5), Closes: h.now.AddDate(0, 0, 20), Towns: towns})
	must(h.t, err)
	must(h.t, h.rounds.Open(ctx, admin, id))
	x, err := h.rounds.Round(ctx, admin, account.ViewRound, id)
	must(h.t, err)
	d, err := h.versions.Definition(ctx, x.Hash)
	must(h.t, err)
	var list []assessment.Import
	for _, ags := range submitted {
		m, err := h.store.Town(ctx, ags)
		must(h.t, err)
		given := demo.Answers(d, 4, ags, demo.ProfileOf(m, 4))
		b := assessment.Import{Town: ags, By: 1}
		for q, a := range given {
			b.Entries = append(b.Entries, assessment.Entry{Question: q, Given: true, Answer: a, By: "Anna", At: h.now})
		}
		must(h.t, b.Submit(d, m.Population, h.now, "Anna"))
		list = append(list, b)
	}
	must(h.t, h.store.ImportAssessments(ctx, id, list))
	return x
}

// TestRoundVersionSaysWhatTheDryRunSays compares the page with the service, in both languages.
func TestRoundVersionSaysWhatTheDryRunSays(t *testing.T) {
	h := newHouse(t)
	x := h.submittedRound("1.0.0", "05958004", "05958008")
	to, err := h.versions.Version(x.Checklist.ID, "2.0.1")
	must(t, err)
	path, err := h.versions.PathTo(t.Context(), x.Hash, to)
	must(t, err)
	run, err := h.dryRuns.Run(t.Context(), x, path)
	must(t, err)
	b := h.signedIn(h.person("admin", account.AgencyAdmin, "here"))
	address := fmt.Sprintf("/rounds/%d/versions/2.0.1", x.ID)
	progress := b.get(fmt.Sprintf("/rounds/%d", x.ID)).Body.String()
	if !strings.Contains(progress, `href="`+address+`"`) ||
		!strings.Contains(progress, "Was würde Version 2.0.1 ändern?") {
		t.Error("the round's page does not lead to the newer version")
	}
	w := b.get(address)
	page := w.Body.String()
	wants := []string{"Was würde Version 2.0.1 ändern?", `href="/checklists/willkommen/2.0.1/changes/1.0.0"`,
		"Der Weg führt über Version 1.1.0, 2.0.0.",
		fmt.Sprintf("Von %d Antworten würden %d übernommen, %d wären neu zu geben und %d entfielen.",
			run.Answers.Total(), run.Answers.Carried, run.Answers.Asked, run.Answers.Retired)}
	for i := range run.Questions {
		if q := &run.Questions[i]; q.New || q.Asked() > 0 {
			wants = append(wants, escaped(q.Question.Text.In("de")))
		}
	}
	for _, m := range run.Levels {
		wants = append(wants, m.Town.Name, m.After.Label.In("de"))
	}
	for _, text := range wants {
		if !strings.Contains(page, text) {
			t.Errorf("%q is missing", text)
		}
	}
	if w.Code != http.StatusOK || strings.Contains(page, "!(") {
		t.Errorf("status %d", w.Code)
	}
	if len(run.Levels) == 0 && !strings.Contains(page, "Bei keiner Kommune") {
		t.Error("the page does not say that no level changes")
	}
	b.post("/language", url.Values{"language": {"en"}, "return": {"/"}})
	if english := b.get(address).Body.String(); !strings.Contains(english,
		fmt.Sprintf("%d would carry over", run.Answers.Carried)) || strings.Contains(english, "übernommen") {
		t.Error("the page is not in English")
	}
}

// escaped writes a text as templates do.
func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", `"`, "&#34;", "'", "&#39;", "+", "&#43;").Replace(s)
}

// TestRoundVersionWithoutAnswers is for rounds in which nothing has been submitted yet.
func TestRoundVersionWithoutAnswers(t *testing.T) {
	h := newHouse(t)
	x := h.submittedRound("1.1.0")
	b := h.signedIn(h.person("analyst", account.AgencyAnalyst, "here"))
	w := b.get(fmt.Sprintf("/rounds/%d/versions/2.0.1", x.ID))
	page := w.Body.String()
	if w.Code != http.StatusOK || !strings.Contains(page, "noch nichts eingereicht") ||
		!strings.Contains(page, "Neue Fragen") || strings.Contains(page, "data-chart=") {
		t.Errorf("status %d: %s", w.Code, page)
	}
}

// TestRoundVersionsThatAreNone answer like any page that does not exist.
func TestRoundVersionsThatAreNone(t *testing.T) {
	h := newHouse(t)
	x := h.submittedRound("1.1.0", "05958004")
	newest := h.submittedRound("2.0.1", "05958004")
	b := h.signedIn(h.person("admin", account.AgencyAdmin, "here"))
	for _, path := range []string{fmt.Sprintf("/rounds/%d/versions/1.0.0", x.ID),
		fmt.Sprintf("/rounds/%d/versions/1.1.0", x.ID), fmt.Sprintf("/rounds/%d/versions/9.9.9", x.ID),
		fmt.Sprintf("/rounds/%d/versions/..%%2F..%%2Fgo", x.ID), fmt.Sprintf("/rounds/%d/versions/2.0.1", newest.ID),
		fmt.Sprintf("/rounds/%d/versions/2", x.ID)} {
		if w := b.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
	if page := b.get(fmt.Sprintf("/rounds/%d", newest.ID)).Body.String(); strings.Contains(page, "/versions/") {
		t.Error("a round on the newest version leads to another")
	}
}
