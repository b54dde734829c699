package web

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/answering"
)

var (
	progressSaid  = regexp.MustCompile(`(\d+) von (derzeit )?(\d+) Fragen bearbeitet`)
	proposalsSaid = regexp.MustCompile(`(Ein|\d+) Vorschl[äage]+ aus „[^“]*“ warte[nt]{1,2} auf Ihre Bestätigung` +
		`(?:, davon (einer|\d+) zu (?:einer Folgefrage|Folgefragen))?\.`)
	sectionSaid = regexp.MustCompile(`data-proposals-left>([^<]*)<`)
	hintSaid    = regexp.MustCompile(
		`os-tasks__hint">(ein|\d+) Vorschl[äage]+ zu bestätigen(?:, davon (einer|\d+) zu)?`)
	hereSaid = regexp.MustCompile(`noch (?:ein Vorschlag|(\d+) Vorschläge) zu bestätigen` +
		`(?:, davon (einer|\d+) zu [^,]*)?, insgesamt (\d+)\.`)
	elsewhereSaid = regexp.MustCompile(`kein Vorschlag mehr zu bestätigen, in den anderen noch (einer|\d+)\.`)
)

// figure reads a number that may be a word; nothing is 0.
func figure(s string) int {
	switch s {
	case "":
		return 0
	case "Ein", "ein", "einer":
		return 1
	}
	n, _ := strconv.Atoi(s)
	return n
}

// saidProgress is what pages say about how far an assessment is.
type saidProgress struct{ done, all, proposals, follow int }

// figures reads what a page says about a whole assessment.
func figures(t testing.TB, where, page string) saidProgress {
	t.Helper()
	p := progressSaid.FindStringSubmatch(page)
	if p == nil {
		t.Fatalf("%s does not say how far it is", where)
	}
	f := saidProgress{done: figure(p[1]), all: figure(p[3])}
	if m := proposalsSaid.FindStringSubmatch(html.UnescapeString(page)); m != nil {
		f.proposals, f.follow = figure(m[1]), figure(m[2])
	}
	return f
}

// counts checks that all pages of an assessment say the same about how far it is, and that this is so.
func (s sheet) counts(d *checklist.Definition, agency *browser) saidProgress {
	t := s.house.t
	t.Helper()
	tasks, overview := s.ok(""), s.ok("/overview")
	want := figures(t, "task list", tasks)
	for where, page := range map[string]string{"start": s.get("/").Body.String(), "overview": overview} {
		if got := figures(t, where, page); got != want {
			t.Errorf("the task list says %+v, %s %+v", want, where, got)
		}
	}
	if n := strings.Count(overview, "<tr>\n<td><a href="); n != want.all-want.done {
		t.Errorf("%d open questions are listed, %d are counted", n, want.all-want.done)
	}
	if n := strings.Count(overview, "Vorschlag, nicht bestätigt"); n != want.proposals-want.follow {
		t.Errorf("%d proposals are marked, %+v is said", n, want)
	}
	sum := saidProgress{}
	for _, m := range hintSaid.FindAllStringSubmatch(tasks, -1) {
		sum.proposals, sum.follow = sum.proposals+figure(m[1]), sum.follow+figure(m[2])
	}
	for _, section := range d.Sections {
		page := s.ok("/sections/" + string(section.ID))
		own := progressSaid.FindStringSubmatch(page)
		sum.done, sum.all = sum.done+figure(own[1]), sum.all+figure(own[3])
		s.sectionCounts(string(section.ID), page, figure(own[3]), want)
	}
	if sum != want {
		t.Errorf("the sections together say %+v, the task list %+v", sum, want)
	}
	cell := strconv.Itoa(want.done*100/want.all) + "\u00a0%"
	if page := html.UnescapeString(agency.get("/rounds/2").Body.String()); want.done > 0 &&
		!strings.Contains(page, cell) {
		t.Errorf("the round does not say %s", cell)
	}
	return want
}

// sectionCounts checks what a section says of itself: no more proposals than it shows, and the rest of the whole.
func (s sheet) sectionCounts(id, page string, asked int, whole saidProgress) {
	t := s.house.t
	t.Helper()
	said := sectionSaid.FindStringSubmatch(page)
	if said == nil {
		t.Fatalf("%s: nothing is said about proposals", id)
	}
	here, follow, total := 0, 0, whole.proposals
	if m := hereSaid.FindStringSubmatch(said[1]); m != nil {
		here, follow, total = max(1, figure(m[1])), figure(m[2]), figure(m[3])
	} else if m := elsewhereSaid.FindStringSubmatch(said[1]); m != nil {
		total = figure(m[1])
	} else if whole.proposals > 0 {
		t.Errorf("%s: %q although %d wait", id, said[1], whole.proposals)
	}
	if total != whole.proposals || here-follow > asked {
		t.Errorf("%s: %q; the task list counts %d, the section asks %d questions", id, said[1], whole.proposals, asked)
	}
}

// TestPagesCountAlike confirms what a town answered before, section by section, and takes back what others hang on: all
// pages say the same figures throughout.
func TestPagesCountAlike(t *testing.T) {
	for _, town := range []region.AGS{"05958004", "05958008"} {
		h := newHouse(t)
		h.submittedRound("1.0.0", town)
		admin := account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "here"}
		id, err := h.rounds.Create(t.Context(), admin, round.New{Title: "Willkommen heute",
			Checklist: checklist.Ref{ID: "willkommen", Version: "2.0.0"},
			Opens:     h.now.AddDate(0, 0, -5), Closes: h.now.AddDate(0, 0, 20), Towns: []region.AGS{town}})
		must(t, err)
		must(t, h.rounds.Open(t.Context(), admin, id))
		x, err := h.rounds.Round(t.Context(), admin, account.ViewRound, id)
		must(t, err)
		d, err := h.versions.Definition(t.Context(), x.Hash)
		must(t, err)
		s := h.signedIn(h.person("leitung", account.TownLead, string(town))).sheet(h.assessmentOf(town))
		agency := h.signedIn(h.person("agentur", account.AgencyAdmin, "here"))

		before := s.counts(d, agency)
		if before.done != 0 || before.proposals < 10 || before.follow == 0 {
			t.Errorf("%s begins with %+v", town, before)
		}
		for _, section := range d.Sections {
			form := formOf(t, s.ok("/sections/"+string(section.ID)))
			form.Set("confirm", answering.EveryProposal)
			s.post(s.base+"/sections/"+string(section.ID), form)
			now := s.counts(d, agency)
			if now.done < before.done {
				t.Errorf("%s: after %s %+v, before %+v", town, section.ID, now, before)
			}
			before = now
		}
		if before.proposals != 0 {
			t.Errorf("%s: %+v is left", town, before)
		}
		for q, e := range s.answers().Answers { // what follow-up questions hang on goes, and they with it
			if strings.HasSuffix(string(q), "-vorhanden") || strings.HasSuffix(string(q), "-ansprechperson") {
				s.put(string(q), e.Revision)
				s.counts(d, agency)
			}
		}
	}
}
