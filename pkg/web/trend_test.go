package web

import (
	"fmt"
	"html"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// trendRows reads the first table behind a mark: each row's cells as a reader sees them, the name first.
func trendRows(t *testing.T, page, mark string) [][]string {
	t.Helper()
	_, rest, found := strings.Cut(page, mark)
	if !found {
		t.Fatalf("the page lacks %q", mark)
	}
	table, _, _ := strings.Cut(rest, "</table>")
	var rows [][]string
	for _, m := range tableRow.FindAllStringSubmatch(table, -1) {
		row := []string{readable(m[1])}
		for _, c := range tableCell.FindAllStringSubmatch(m[2], -1) {
			row = append(row, readable(c[1]))
		}
		rows = append(rows, row)
	}
	return rows
}

// inTenths reads a number as a page or a workbook writes it.
func inTenths(t *testing.T, s string) int {
	t.Helper()
	s = strings.NewReplacer(" %", "", "%", "", ",", ".", "−", "-", "+", "").Replace(s)
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatalf("%q is no number", s)
	}
	return int(math.Round(10 * f))
}

// sheetRows reads the trend's sheet of a workbook. A fraction that its format shows as per cent is read as per cent.
func sheetRows(t *testing.T, raw string) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(raw))
	must(t, err)
	defer f.Close()
	rows, err := f.GetRows("Entwicklung", excelize.Options{RawCellValue: true})
	must(t, err)
	for y, row := range rows {
		for x := range row {
			cell, err := excelize.CoordinatesToCellName(x+1, y+1)
			must(t, err)
			id, err := f.GetCellStyle("Entwicklung", cell)
			must(t, err)
			style, err := f.GetStyle(id)
			must(t, err)
			if v, err := strconv.ParseFloat(row[x], 64); err == nil && style.CustomNumFmt != nil &&
				strings.HasSuffix(*style.CustomNumFmt, "%") {
				row[x] = strconv.FormatFloat(100*v, 'f', 1, 64)
			}
		}
	}
	return rows
}

func rowOf(t *testing.T, rows [][]string, name string) []string {
	t.Helper()
	for _, row := range rows {
		if len(row) > 0 && row[0] == name {
			return row
		}
	}
	t.Fatalf("no row %q", name)
	return nil
}

func sameBridge(t *testing.T, where string, cells []string, want shift.Bridge) {
	t.Helper()
	for i, v := range []int{want.After, want.Total(), want.Answers, want.Rules} {
		if got := inTenths(t, cells[i]); got != v {
			t.Errorf("%s: figure %d is %d tenths, the service says %d", where, i, got, v)
		}
	}
}

// TestTownTrendOnPageAndInWorkbook: what the service computes stands on the page, in the picture's
// table, in the workbook and on the result page, and it adds up.
func TestTownTrendOnPageAndInWorkbook(t *testing.T) {
	y := newYears(t)
	lead := y.signedIn(y.person("anna", account.TownLead, string(y.towns[4].AGS)))
	base, head := y.sheetOf(t, 4, 2)
	trend, err := y.house.trends.Town(t.Context(), y.lead(4), head)
	must(t, err)
	if len(trend.Shifts) != 2 {
		t.Fatalf("%d steps, want 2", len(trend.Shifts))
	}
	page := lead.get(base + "/trend").Body.String()
	result := lead.get(base + "/result").Body.String()
	rows, picture, book := trendRows(t, page, `id="rounds"`), chartRows(t, page, "entwicklung"),
		sheetRows(t, lead.get(base+"/export.xlsx").Body.String())
	for i := range trend.Shifts {
		b, ok := trend.Shifts[i].Bridge()
		if !ok {
			t.Fatal("a step cannot be compared")
		}
		row, name := rows[i+1], trend.Points[i+1].Head.RoundTitle
		sameBridge(t, "page "+name, []string{row[2], row[4], row[5], row[6]}, b)
		sameBridge(t, "picture "+name, picture[name], b)
		sheet := rowOf(t, book, name)
		sameBridge(t, "workbook "+name, sheet[3:7], b)
		if common := strconv.Itoa(trend.Shifts[i].Common); row[7] != common || sheet[8] != common {
			t.Errorf("%s: %s common questions on the page, %s in the workbook, %s in fact", name, row[7], sheet[8],
				common)
		}
		if inTenths(t, rows[i][2])+inTenths(t, row[5])+inTenths(t, row[6]) != inTenths(t, row[2]) {
			t.Errorf("%s: %q does not lead to %q", name, rows[i], row)
		}
		f := wording.Page("de")
		said := fmt.Sprintf(
			"von %s auf %s gestiegen. Neue Antworten: %s Prozentpunkte. Geänderte Checkliste: %s Prozentpunkte.",
			f.Percent(float64(b.Before)/1000), f.Percent(float64(b.After)/1000), f.Change(b.Answers), f.Change(b.Rules))
		if !strings.Contains(words(page), said) {
			t.Errorf("the page does not say %q", said)
		}
		if strings.Contains(words(result), said) != (i == 1) {
			t.Errorf("the result page speaks of the wrong step: %q", said)
		}
		from, to := trend.Points[i].Head.Checklist, trend.Points[i+1].Head.Checklist
		if link := fmt.Sprintf("/checklists/willkommen/%s/changes/%s", to.Version,
			from.Version); !strings.Contains(page, `href="`+link+`"`) {
			t.Errorf("the page does not lead to %s", link)
		}
		checkSections(t, page, book, trend.Points[i+1], &trend.Points[i], &trend.Shifts[i])
	}
	lead.post("/language", url.Values{"language": {"en"}, "return": {"/"}})
	b, _ := trend.Shifts[1].Bridge()
	f := wording.Page("en")
	said := fmt.Sprintf("from %s to %s. New answers: %s percentage points. Changed checklist: %s percentage points.",
		f.Percent(float64(b.Before)/1000), f.Percent(float64(b.After)/1000), f.Change(b.Answers), f.Change(b.Rules))
	if english := lead.get(base + "/trend").Body.String(); !strings.Contains(words(english), said) {
		t.Errorf("the English page does not say %q", said)
	}
}

// words is a page's text without tags, with plain blanks.
func words(page string) string {
	return regexp.MustCompile(`\s+`).ReplaceAllString(html.UnescapeString(anyTag.ReplaceAllString(page, "")), " ")
}

// checkSections compares the sections of a step on the page and in the workbook with the shift.
func checkSections(t *testing.T, page string, book [][]string, to trend.Point, from *trend.Point, shift *shift.Shift) {
	t.Helper()
	label := html.EscapeString(from.Head.RoundTitle + "“ zu „" + to.Head.RoundTitle)
	rows := trendRows(t, page, "Fragen: Von „"+label)
	_, sheet := from, book
	for i, row := range book {
		if len(row) > 0 && row[0] == from.Head.RoundTitle+" → "+to.Head.RoundTitle {
			sheet = book[i+1:]
		}
	}
	f := wording.Page("de")
	for k, section := range shift.Sections {
		row := rows[k]
		if row[0] != results.TitleOf(to.Titles, section.ID, "de") || sheet[k][0] != row[0] {
			t.Fatalf("section %d is %q on the page, %q in the workbook", k, row[0], sheet[k][0])
		}
		if section.Rebased == nil || section.Comparable == nil {
			if row[1] != "keine gemeinsame Frage" {
				t.Errorf("%s: %q", row[0], row)
			}
			continue
		}
		want := []string{f.Percent(*section.Rebased), f.Percent(*section.Comparable)}
		for i, w := range want {
			if got := row[1+i]; got != strings.ReplaceAll(w, "\u00a0", " ") ||
				inTenths(t, sheet[k][2+i]) != inTenths(t, got) {
				t.Errorf("%s: %q on the page, %q in the workbook, want %q", row[0], got, sheet[k][2+i], w)
			}
		}
		if inTenths(t, row[2])-inTenths(t, row[1]) != inTenths(t, row[3]) ||
			inTenths(t, sheet[k][4]) != inTenths(t, row[3]) {
			t.Errorf("%s does not add up: %q on the page, %q in the workbook", row[0], row, sheet[k])
		}
	}
}

// TestRegionTrendOnPageAndInWorkbook compares the agency's page and workbook with the service.
func TestRegionTrendOnPageAndInWorkbook(t *testing.T) {
	y := newYears(t)
	admin := y.signedIn(y.person("amt", account.AgencyAdmin, "years"))
	x, err := y.house.rounds.Round(t.Context(), y.admin, account.ViewBenchmark, y.rounds[2])
	must(t, err)
	trend, err := y.house.trends.Region(t.Context(), x)
	must(t, err)
	page := admin.get(y.addressOf(2) + "/trend").Body.String()
	book := sheetRows(t, admin.get(y.addressOf(2)+"/export.xlsx").Body.String())
	if len(trend.Steps) != 2 || trend.Steps[0].Panel.N != lateTown || trend.Steps[1].Panel.N != newTown-1 {
		t.Fatalf("%d steps, panels of %d and %d", len(trend.Steps), trend.Steps[0].Panel.N, trend.Steps[1].Panel.N)
	}
	for i := range trend.Steps {
		b, _ := trend.Steps[i].Panel.Bridge()
		from, to := trend.Rounds[i].Round.Title, trend.Rounds[i+1].Round.Title
		sameBridge(t, "picture "+to, chartRows(t, page, fmt.Sprintf("entwicklung-%d", i+1))[to], b)
		if said := fmt.Sprintf("%d Kommunen haben in beiden Runden eingereicht.",
			trend.Steps[i].Panel.N); !strings.Contains(words(page), said) {
			t.Errorf("the page does not say %q", said)
		}
		rows := trendRows(t, page, `aria-label="Von „`+from+`“ zu „`+to+`“"`)
		if len(rows) != len(trend.Steps[i].Towns) {
			t.Fatalf("%d towns on the page, %d in fact", len(rows), len(trend.Steps[i].Towns))
		}
		for k := range trend.Steps[i].Towns {
			town := &trend.Steps[i].Towns[k]
			shown, _ := town.Shift.Bridge()
			sameBridge(t, "page "+town.Town.Name, []string{rows[k][2], rows[k][3], rows[k][4], rows[k][5]}, shown)
			found := false
			for _, row := range book {
				if len(row) > 8 && row[1] == string(town.Town.AGS) && row[8] == to {
					found = true
					sameBridge(t, "workbook "+town.Town.Name, []string{row[3], row[4], row[5], row[6]}, shown)
				}
			}
			if !found {
				t.Errorf("the workbook lacks %s in %s", town.Town.Name, to)
			}
		}
	}
	for sort, column := range map[string]int{"change": 3, "answers": 4} {
		rows := trendRows(t, admin.get(y.addressOf(2)+"/trend?sort="+sort).Body.String(),
			`aria-label="Von „Willkommen 2025“ zu „Willkommen 2026“"`)
		if !slices.IsSortedFunc(rows, func(a, b []string) int {
			return inTenths(t, b[column]) - inTenths(t, a[column])
		}) {
			t.Errorf("sorted by %s: %q", sort, rows)
		}
	}
	if strings.Contains(page, "<script>alert") {
		t.Error("a town's name became a script")
	}
	if body := admin.get(y.addressOf(0) + "/trend").Body.String(); !strings.Contains(body,
		"Nach der nächsten Runde steht hier") || strings.Contains(body, "data-chart=") {
		t.Error("the first round has a trend")
	}
}

// TestTownsSeeTheRegionFromTheRelease compares the region's part of a town's pages with the release.
func TestTownsSeeTheRegionFromTheRelease(t *testing.T) {
	y := newYears(t)
	out, err := y.house.rounds.Release(t.Context(), y.rounds[1])
	must(t, err)
	released := out.Release.Trend
	if released == nil {
		t.Fatal("the release has no trend")
	}
	b, ok := released.Bridge()
	if !ok {
		t.Fatalf("the release's trend shows nothing: %+v", released)
	}
	lead := y.signedIn(y.person("anna", account.TownLead, string(y.towns[4].AGS)))
	base, _ := y.sheetOf(t, 4, 1)
	book := rowOf(t, sheetRows(t, lead.get(base+"/export.xlsx").Body.String()), "Seit Version 1.0.0")
	sameBridge(t, "workbook", book[3:7], b)
	for _, path := range []string{base + "/trend", base + "/benchmark"} {
		page := lead.get(path).Body.String()
		sameBridge(t, path, chartRows(t, page, "entwicklung-region")["Willkommen 2025"], b)
		rows := trendRows(t, page, `aria-label="Die Region nach Abschnitten"`)
		if len(rows) != len(released.Sections) {
			t.Errorf("%s: %d sections, %d in the release", path, len(rows), len(released.Sections))
		}
		for _, m := range y.towns {
			if m.AGS != y.towns[4].AGS && strings.Contains(page, html.EscapeString(m.Name)) {
				t.Errorf("%s names %s", path, m.Name)
			}
		}
	}
	if page := lead.get(mustSheet(t, y, 4, 0) + "/benchmark").Body.String(); strings.Contains(page,
		"entwicklung-region") {
		t.Error("the first round's release has a trend")
	}
}

func mustSheet(t *testing.T, y years, i, year int) string {
	base, _ := y.sheetOf(t, i, year)
	return base
}

// TestTrendTellsNothingOfOthers: not a byte of what a town reads of its trend depends on what another town hands in.
func TestTrendTellsNothingOfOthers(t *testing.T) {
	y := newYears(t)
	lead := y.signedIn(y.person("anna", account.TownLead, string(y.towns[4].AGS)))
	admin := y.signedIn(y.person("amt", account.AgencyAdmin, "years"))
	base, _ := y.sheetOf(t, 4, 2)
	read := func(b *browser, path string) string {
		y.later(site.ExportEvery)
		w := b.get(path)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: status %d", path, w.Code)
		}
		return string(bytesOf(t, http.Header{}, w.Body.Bytes()))
	}
	before, agency := read(lead, base+"/trend"), read(admin, y.addressOf(2)+"/trend")
	_, h := y.sheetOf(t, draftTown, 2)
	must(t, y.assessments.Submit(t.Context(), y.lead(draftTown), h.ID, h.Change))
	if after := read(lead, base+"/trend"); after != before {
		t.Errorf("the town's trend tells of another's submission: %s", difference([]byte(before), []byte(after)))
	}
	if read(admin, y.addressOf(2)+"/trend") == agency {
		t.Error("the agency's trend does not change when a town submits")
	}
	sheet := fmt.Sprint(sheetRows(t, lead.get(base+"/export.xlsx").Body.String()))
	for i, m := range y.towns {
		if i != 4 && (strings.Contains(sheet, m.Name) || strings.Contains(sheet, string(m.AGS))) {
			t.Errorf("the town's workbook names %s", m.Name)
		}
	}
}

// TestTrendBeforeTheSecondRound says what will stand here, and what is missing.
// TestTrendNamesRoundsApart: a round on an older version than the one before it does not fit in,
// whichever of the two stands apart.
func TestTrendNamesRoundsApart(t *testing.T) {
	x := newReception(t)
	x.later(48 * time.Hour)
	x.newRound("Noch einmal wie früher", "1.0.0")
	rounds, err := x.rounds.OfRegion(t.Context(), receptionAdmin)
	must(t, err)
	newest := slices.MaxFunc(rounds, func(a, b round.Round) int { return a.Opens.Compare(b.Opens) })
	agency := x.signedIn(x.person("amt", account.AgencyAdmin, "here"))
	page := words(agency.get(site.RoundAddress(int64(newest.ID)) + "/trend").Body.String())
	contains(t, "trend", page, []string{
		"Verglichen wird nur von einer Version zur selben oder zu einer, die auf sie folgt.",
	}, "führt kein Weg")
}

func TestTrendBeforeTheSecondRound(t *testing.T) {
	y := newYears(t)
	fresh := y.signedIn(y.person("neu", account.TownLead, string(y.towns[newTown].AGS)))
	if page := fresh.get(mustSheet(t, y, newTown, 2) + "/trend").Body.String(); !strings.Contains(page,
		"Nach der nächsten Runde steht hier") || strings.Contains(page, "<table") {
		t.Error("one submission has a trend")
	}
	if page := fresh.get("/").Body.String(); strings.Contains(page, "/trend") {
		t.Error("the start page leads to a trend that is none")
	}
	at := y.signedIn(y.person("werk", account.TownLead, string(y.towns[draftTown].AGS)))
	base, _ := y.sheetOf(t, draftTown, 2)
	if page := at.get(base + "/trend").Body.String(); !strings.Contains(page,
		"„Willkommen 2026“ ist noch nicht eingereicht") || len(trendRows(t, page, `id="rounds"`)) != 2 {
		t.Error("a draft is part of the trend")
	}
	if page := at.get(base + "/result").Body.String(); strings.Contains(page, "result-trend") {
		t.Error("a draft's result has a trend")
	}
	if page := at.get("/").Body.String(); strings.Count(page, "/trend") != 1 ||
		!strings.Contains(page, "Entwicklung seit „Willkommen 2024“") {
		t.Error("the start page does not lead to the trend")
	}
}

// TestTrendWithoutAScore takes everything out in one round: words, no zeros.
func TestTrendWithoutAScore(t *testing.T) {
	before := 0.4
	r := &site.Request{Text: testMessages(t, "de")}
	var step results.TrendStep
	step.Shift(r, "own", &shift.Shift{Before: &before}, false)
	if step.Sentence != "" || !strings.Contains(step.Parts, "keine Punktzahl") {
		t.Errorf("%+v", step)
	}
	step = results.TrendStep{}
	after := 0.5
	step.Shift(r, "own", &shift.Shift{Before: &before, After: &after}, false)
	if !strings.Contains(step.Sentence, "von 40,0\u00a0% auf 50,0\u00a0% gestiegen") ||
		!strings.Contains(step.Parts, "keine gemeinsamen Fragen") {
		t.Errorf("%+v", step)
	}
	for name, c := range map[string]struct {
		b    shift.Bridge
		same bool
		want string
	}{
		"same version": {shift.Bridge{Before: 400, Answers: 50, After: 450}, true,
			"dieselbe; was sich verändert hat, kommt aus neuen Antworten: +5,0"},
		"even": {shift.Bridge{Before: 400, Answers: 12, Rules: -12, After: 400}, false,
			"brachten +1,2 Prozentpunkte, die geänderte Checkliste −1,2"},
		"nothing": {shift.Bridge{Before: 400, After: 400}, false, "Weder neue Antworten"},
	} {
		if got := results.PartsOf(r, c.b, c.same, false); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := results.NewTrendSection(r, "x", nil, nil, 0); !got.None {
		t.Errorf("%+v", got)
	}
}

func testMessages(t *testing.T, lang string) *site.Messages {
	t.Helper()
	all, err := site.LoadMessages(localeFiles)
	must(t, err)
	return all[lang]
}

func TestTrendInABrowser(t *testing.T) {
	testkit.Long(t, "needs a browser")
	y := newYears(t)
	admin, lead := y.person("amt", account.AgencyAdmin, "years"),
		y.person("anna", account.TownLead, string(y.towns[4].AGS))
	site, _ := y.site()
	browser := testkit.StartBrowser(t)
	town := browser.NewTab(t, site)
	enter(t, town, lead)
	looksGood(t, town, mustSheet(t, y, 4, 2)+"/trend", mustSheet(t, y, 4, 1)+"/benchmark",
		mustSheet(t, y, 4, 2)+"/result/print")
	agency := browser.NewTab(t, site)
	enter(t, agency, admin)
	looksGood(t, agency, y.addressOf(2)+"/trend?sort=change", mustSheet(t, y, 4, 2)+"/trend")
}
