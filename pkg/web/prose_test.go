package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
)

// proseSheet is a checklist whose first question's help and evidence are given, as YAML.
func proseSheet(version, help, evidence, more string) []byte {
	return fmt.Appendf(nil, `id: texte
version: %s
kind: assessment
languages: [de]
title: {de: Texte}
source: {title: Der Bericht, url: "https://example.org/bericht"}
levels: [{id: alle, from: 0, label: {de: alle}}]
sections:
  - id: a
    title: {de: Abschnitt A}
    weight: 1
    questions:
      - id: a1
        text: {de: Gibt es das?}
        help: {de: %q}
        evidence: {de: %q}
        source: {title: {de: Die Studie}, url: "https://example.org/studie?a=1&b=2"}
        type: choice
        options: [{id: nein, points: 0, label: {de: nein}}, {id: ja, points: 100, label: {de: ja}}]
%s`, version, help, evidence, more)
}

const (
	richHelp = "Es zählt **viel** für Bürger*innen und Gäst*innen:\n\n- der " +
		"[Leitfaden](https://example.org/leitfaden)\n- ein Gespräch\n\n5 < 6 & mehr"
	richEvidence = "Ein *Protokoll*\n\noder <rat@example.org>"
)

// TestProse looks at every page that shows help or evidence.
func TestProse(t *testing.T) {
	h := newHouseOn(t, fstest.MapFS{
		"texte/1.0.0.yaml": {Data: proseSheet("1.0.0", "Es zählt viel.", "Ein Protokoll", "")},
		"texte/2.0.0.yaml": {Data: proseSheet("2.0.0", richHelp, richEvidence,
			"      - {id: a2, text: {de: Neu?}, help: {de: \"Ganz *neu*\"}, type: text}\nchanges: {from: 1.0.0, "+
				"note: {de: Neu.}}\n")},
	})
	admin := account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "here"}
	id, err := h.rounds.Create(t.Context(), admin,
		round.New{Title: "Texte", Checklist: checklist.Ref{ID: "texte", Version: "2.0.0"},
			Opens: h.now.AddDate(0, 0, -1), Closes: h.now.AddDate(0, 0, 20), Towns: []region.AGS{"05958004"}})
	must(t, err)
	must(t, h.rounds.Open(t.Context(), admin, id))
	b := h.signedIn(h.person("leitung", account.TownLead, "05958004"))
	own := h.assessmentOf("05958004")
	base := "/assessments/" + site.OfNumber(int64(own))
	lead := account.Actor{User: 1, Name: "Leitung", Role: account.TownLead, Town: "05958004"}
	head, err := h.assessments.Head(t.Context(), lead, account.DelegateQuestions, own)
	must(t, err)
	token, _, err := h.assessments.Delegate(t.Context(), lead, head,
		assessment.Request{Questions: []checklist.QuestionID{"a1"}, For: "Petra"})
	must(t, err)
	_, d, err := h.assessments.Delegated(t.Context(), token)
	must(t, err)
	must(t, h.assessments.StateName(t.Context(), head, d, "Petra Klein"))

	const (
		link = `<a href="https://example.org/leitfaden" rel="noreferrer noopener" target="_blank">Leitfaden<span class="os-address"> (https://example.org/leitfaden)</span>`
		help = `<p>Es zählt <strong>viel</strong> für Bürger*innen und Gäst*innen:</p><ul>`
		mail = `<p>oder <a href="mailto:rat@example.org">rat@example.org</a></p>`
		from = `href="https://example.org/studie?a=1&amp;b=2"`
	)
	for path, wants := range map[string][]string{
		"/checklists/texte/2.0.0": {help, link, "5 &lt; 6 &amp; mehr",
			"Ein <em>Protokoll</em></p>" + mail, from, `href="https://example.org/bericht"`},
		base + "/sections/a":                    {help, link, "Ein <em>Protokoll</em></p>" + mail, from},
		"/d/" + token:                           {help, link, mail, from},
		base + "/questions/a1/evidence":         {"Ein <em>Protokoll</em></p>" + mail},
		base + "/result":                        {help, link},
		"/checklists/texte/2.0.0/changes/1.0.0": {"Ganz <em>neu</em>", "Leitfaden (https://example.org/leitfaden)"},
	} {
		w := b.get(path)
		if w.Code == http.StatusSeeOther {
			w = b.get(w.Header().Get("Location"))
		}
		for _, want := range wants {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s (%d): no %s", path, w.Code, want)
			}
		}
		if strings.Contains(w.Body.String(), "**viel") {
			t.Errorf("%s shows the marks", path)
		}
	}
}

// TestProseIsMadeOnce holds a version's texts to being made for the first reader alone.
func TestProseIsMadeOnce(t *testing.T) {
	h := newHouse(t)
	d, _, err := h.sheets.Get(checklist.Ref{ID: "willkommen", Version: "2.0.0"})
	must(t, err)
	s := &site.Server{}
	s.Prose.Max = 2
	r := &site.Request{Srv: s, Text: testMessages(t, "de")}
	first, again := s.ProseOf(r, d), s.ProseOf(r, d)
	if &first[0] != &again[0] || len(first) != len(d.Questions()) || first[0].Help == nil {
		t.Error("made twice, or not at all")
	}
}

// TestPublishedTextsReadAsBefore opens a folder that was published before help was CommonMark and
// options had to differ.
func TestPublishedTextsReadAsBefore(t *testing.T) {
	raw := proseSheet("1.0.0", "# Nr. 1: <script>alert(1)</script> [x](javascript:alert(1)) für *alle*",
		"Bürger*innen, 2 * 3 * 4", "")
	raw = []byte(strings.Replace(string(raw), "label: {de: ja}", "label: {de: Nein}", 1))
	if _, problems := catalog.Parse("x", raw); !catalog.HasErrors(problems) {
		t.Fatal("today's rules have nothing against it")
	}
	files := fstest.MapFS{"texte/1.0.0.yaml": {Data: raw},
		catalog.PublishedFile: {Data: catalog.Published{{ID: "texte", Version: "1.0.0"}: catalog.Hash(raw)}.Bytes()}}
	published, err := catalog.Open(files)
	must(t, err)
	must(t, published.Build())
	h := newHouse(t)
	h.handler = testServer(t, func(c *Config) {
		c.Accounts, c.Territory, c.Assessments, c.Rounds, c.Checklists = h.accounts, h.territory, h.assessments,
			h.rounds, published
		c.Versions, c.Trends, c.DryRuns = h.versions, h.trends, h.dryRuns
	})
	w := h.browser().get("/checklists/texte/1.0.0")
	for _, want := range []string{
		`<p># Nr. 1: &lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert(1)) für *alle*</p>`,
		"</strong> Bürger*innen, 2 * 3 * 4</p>", ">nein<", ">Nein<",
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("status %d: no %s", w.Code, want)
		}
	}
}
