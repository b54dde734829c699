package web

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
	"ortsspiegel/pkg/web/site"
)

const (
	secretComment = "KANARIENVOGEL-KOMMENTAR"
	draftComment  = "KANARIENVOGEL-ENTWURF"
	hostileName   = `Bad <script>alert(1)</script>{b}`
)

// valley is a region of 26 towns in two districts: 24 have submitted, one is at work, one has not begun.
type valley struct {
	*house
	round round.ID
	admin account.Actor
	towns []region.Municipality
}

func newValley(t *testing.T) valley {
	t.Helper()
	v := valley{house: newHouse(t), admin: account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin,
		Region: "valley"}}
	for i := range 26 {
		key := region.DistrictKey("05901")
		if i >= 15 {
			key = "05902"
		}
		m := town(region.AGS(fmt.Sprintf("%s%03d", key, i)), fmt.Sprintf("Talort %02d", i), 5000+2500*i)
		m.Lat, m.Lon = 51+float64(i%5)/20, 7.5+float64(i)/20
		v.towns = append(v.towns, m)
	}
	v.towns[3].Name = hostileName
	v.settle("valley", "Tal", v.towns...)
	var all []region.AGS
	for _, m := range v.towns {
		all = append(all, m.AGS)
	}
	var err error
	v.round, err = v.rounds.Create(t.Context(), v.admin,
		round.New{Title: "Willkommen 2026", Checklist: checklist.Ref{ID: "willkommen", Version: "1.0.0"},
			Opens: v.now.AddDate(0, 0, -10), Closes: v.now.AddDate(0, 0, 20), Towns: all})
	if err != nil {
		t.Fatal(err)
	}
	if err := v.rounds.Open(t.Context(), v.admin, v.round); err != nil {
		t.Fatal(err)
	}
	v.fill(t)
	return v
}

// fill lets the towns answer: a town's number decides how good its answers are.
func (v valley) fill(t *testing.T) {
	t.Helper()
	x, err := v.rounds.Round(t.Context(), v.admin, account.ViewRound, v.round)
	if err != nil {
		t.Fatal(err)
	}
	d, err := v.versions.Definition(t.Context(), x.Hash)
	if err != nil {
		t.Fatal(err)
	}
	var list []assessment.Import
	for i, m := range v.towns[:25] {
		b := assessment.Import{Town: m.AGS, By: 1}
		for k, q := range d.Questions() {
			if len(q.Options) == 0 && q.Type != checklist.TypeNumber || i == 24 && k > 10 {
				continue
			}
			a := checklist.Answer{Kind: checklist.AnswerNumber, Number: decimal.NewFromInt(int64(i))}
			if len(q.Options) > 0 {
				a = checklist.Answer{Kind: checklist.AnswerOptions,
					Options: []checklist.OptionID{q.Options[(i*(k+3)/7)%len(q.Options)].ID}}
			}
			e := assessment.Entry{Question: q.ID, Given: true, Answer: a, Comment: secretComment + string(m.AGS),
				By: "Anna", At: v.now}
			if i == 24 {
				e.Comment = draftComment
			}
			b.Entries = append(b.Entries, e)
		}
		if i < 24 {
			if err := b.Submit(d, m.Population, v.now, "Anna"); err != nil {
				t.Fatal(err)
			}
		}
		list = append(list, b)
	}
	if err := v.store.ImportAssessments(t.Context(), v.round, list); err != nil {
		t.Fatal(err)
	}
}

func (v valley) publish() {
	v.t.Helper()
	if err := v.rounds.Close(v.t.Context(), v.admin, v.round); err != nil {
		v.t.Fatal(err)
	}
	if err := v.rounds.Publish(v.t.Context(), v.admin, v.round); err != nil {
		v.t.Fatal(err)
	}
}

func (v valley) address(rest string) string { return site.RoundAddress(int64(v.round)) + rest }

func (v valley) sheetOf(i int, rest string) string {
	return "/assessments/" + site.OfNumber(int64(v.assessmentOf(v.towns[i].AGS))) + rest
}

// statements loads a page as a browser would and returns it with the number of its SQL statements.
func (b *browser) statements(path string) (*httptest.ResponseRecorder, int64) {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.Host = hostFor(path, req.Host)
	for name, value := range b.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	ctx, n := store.CountStatements(req.Context())
	w := httptest.NewRecorder()
	b.house.handler.ServeHTTP(w, req.WithContext(ctx))
	return w, n.Load()
}

func TestRoundPagesOfAnAgency(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	for path, want := range map[string][]string{
		"": {"Willkommen 2026", "26 Kommunen: 24 eingereicht, 1 in Bearbeitung, 1 nicht begonnen",
			"Wer noch fehlt (2)",
			"Talort 24", "Talort 25", "Eingereicht (24)", "nicht begonnen", "Runde beenden",
			"ohne Koordination (2)", "noch 20 Tage"},
		"?show=submitted":               {"Talort 05", "eingereicht", "#reopen"},
		"?show=all&sort=name":           {"Talort 05", "Talort 24", "Talort 25", `aria-sort="ascending"`},
		"?show=all&district=05902":      {"Talort 16", "Wer noch fehlt (2)"},
		"?show=not_begun":               {"Talort 25"},
		"/selection?town=05902024":      {"Talort 24", "eine Kommune", "davon 0 mit Adresse"},
		"/selection?all=1&show=missing": {"Talort 24", "Talort 25", "2 Kommunen"},
		"/talks":                        {"Noch hat keine Kommune"},
		"/benchmark": {"Talort 05", "data-chart=\"feld\"", "data-chart=\"bereiche\"",
			"data-chart=\"karte\"", "Alle Kommunen (24)", "Reihenfolge"},
		"/benchmark?group=district:05902":   {"Kreis 05902 (9)", "Talort 16"},
		"/benchmark?group=size:10000-19999": {"10.000 bis unter 20.000"},
		"/close":                            {"2 Kommunen haben noch nicht eingereicht"},
	} {
		admin.get(v.address(path)) // warms what is read once per process
		w, n := admin.statements(v.address(path))
		body := w.Body.String()
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d: %.300s", path, w.Code, body)
			continue
		}
		for _, s := range want {
			if !strings.Contains(body, s) {
				t.Errorf("%s: %q is missing", path, s)
			}
		}
		if n > 8 {
			t.Errorf("%s: %d SQL statements", path, n)
		}
		for _, bad := range []string{draftComment, secretComment, "<script>alert", " style=", "ZgotmplZ"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s: %q is in the page", path, bad)
			}
		}
	}
	if body := admin.get(v.address("?show=not_begun")).Body.String(); strings.Contains(body, "Talort 05") {
		t.Error("the selection shows other towns")
	}
	if body := admin.get(v.address("/benchmark?group=district:05902")).Body.String(); strings.Contains(body,
		"Talort 05") {
		t.Error("a district's comparison names a town of another")
	}
	if w := admin.get(v.address("/map.json")); w.Code != http.StatusNotFound {
		t.Errorf("outlines that were never imported: status %d", w.Code)
	}
}

func TestRoundPagesAreTheAgencys(t *testing.T) {
	v := newValley(t)
	lead := v.signedIn(v.person("anna", account.TownLead, string(v.towns[0].AGS)))
	stranger := v.signedIn(v.person("fremd", account.AgencyAdmin, "here"))
	analyst := v.signedIn(v.person("analyse", account.AgencyAnalyst, "valley"))
	for _, path := range []string{"", "/benchmark", "/map.json", "/open", "/close", "/publish"} {
		for who, b := range map[string]*browser{"a town": lead, "another agency": stranger} {
			if w := b.get(v.address(path)); w.Code != http.StatusNotFound {
				t.Errorf("%s sees %q: status %d", who, path, w.Code)
			}
		}
	}
	for _, step := range []string{"/open", "/close", "/publish"} {
		if w := lead.post(v.address(step), nil); w.Code != http.StatusNotFound {
			t.Errorf("a town posts %s: status %d", step, w.Code)
		}
		if w := stranger.post(v.address(step), nil); w.Code != http.StatusNotFound {
			t.Errorf("another agency posts %s: status %d", step, w.Code)
		}
		if w := analyst.post(v.address(step), nil); w.Code != http.StatusForbidden {
			t.Errorf("an analyst posts %s: status %d", step, w.Code)
		}
	}
	if w := analyst.get(v.address("/benchmark")); w.Code != http.StatusOK {
		t.Errorf("an analyst cannot read the comparison: %d", w.Code)
	}
	if body := analyst.get(v.address("")).Body.String(); strings.Contains(body, "/close") ||
		strings.Contains(body, "#reopen") {
		t.Error("an analyst is offered what only the admin may do")
	}
	if w := lead.get("/rounds/new"); w.Code != http.StatusForbidden && w.Code != http.StatusNotFound {
		t.Errorf("a town creates rounds: status %d", w.Code)
	}
}

func TestRoundExports(t *testing.T) {
	v := newValley(t)
	analyst := v.signedIn(v.person("analyse", account.AgencyAnalyst, "valley"))
	lead := v.signedIn(v.person("anna", account.TownLead, string(v.towns[0].AGS)))
	w := analyst.get(v.address("/export.xlsx"))
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "PK") ||
		!strings.Contains(w.Header().Get("Content-Disposition"), "Willkommen 2026 _ Ergebnisse 2026-11-22.xlsx") {
		t.Errorf("workbook: status %d, %v", w.Code, w.Header())
	}
	w = analyst.get(v.address("/export.csv"))
	body := w.Body.String()
	if w.Code != http.StatusOK || !strings.HasPrefix(body, "\ufeff") || !strings.Contains(body, secretComment) ||
		strings.Contains(body, draftComment) {
		t.Errorf("csv: status %d, %.200q", w.Code, body)
	}
	for _, path := range []string{"/export.xlsx", "/export.csv"} {
		if w := lead.get(v.address(path)); w.Code != http.StatusNotFound ||
			strings.Contains(w.Body.String(), secretComment) {
			t.Errorf("a town exports the region: status %d", w.Code)
		}
	}
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	if got := strings.Count(admin.get("/audit").Body.String(), `">Daten exportiert</th>`); got != 2 {
		t.Errorf("%d exports in the log, want 2", got)
	}
}

func TestRoundLife(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn(h.person("amt", account.AgencyAdmin, "here"))
	if w := admin.get("/rounds/new"); w.Code != http.StatusOK ||
		!strings.Contains(w.Body.String(), `name="selection" value="05958*"`) {
		t.Fatalf("the form: status %d", w.Code)
	}
	form := url.Values{"title": {"Wi"}, "checklist": {"willkommen@1.0.0"}, "opens": {"2026-11-01"},
		"closes": {"2026-10-01"}, "towns": {"05970004"}}
	w := admin.post("/rounds", form)
	body := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "<title>Fehler:") ||
		!strings.Contains(body, `href="#closes"`) || !strings.Contains(body, `href="#towns"`) ||
		!strings.Contains(body, `value="2026-10-01"`) {
		t.Fatalf("a wrong form: status %d, %.400s", w.Code, body)
	}
	form = url.Values{"title": {"Willkommen <b>2026"}, "checklist": {"willkommen@1.0.0"}, "opens": {"2026-11-01"},
		"closes": {"2026-12-31"}, "districts": {"05958"}}
	w = admin.post("/rounds", form)
	address, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(address, "/rounds/") {
		t.Fatalf("create: status %d to %q: %.300s", w.Code, address, w.Body)
	}
	page := admin.get(address).Body.String()
	if !strings.Contains(page, "Willkommen &lt;b&gt;2026") || !strings.Contains(page, "31. Dezember 2026") ||
		!strings.Contains(page, "Bestwig") {
		t.Errorf("the page of the new round: %.600s", page)
	}
	for _, step := range []struct {
		path string
		want int
	}{{"/publish", http.StatusConflict}, {"/close", http.StatusConflict}, {"/open", http.StatusSeeOther},
		{"/open", http.StatusConflict}, {"/close", http.StatusSeeOther}, {"/nothing", http.StatusNotFound}} {
		if w := admin.post(address+step.path, nil); w.Code != step.want {
			t.Errorf("%s: status %d, want %d: %.200s", step.path, w.Code, step.want, w.Body)
		}
	}
	if w := admin.get(address + "/open"); w.Code != http.StatusSeeOther {
		t.Errorf("asking to open a closed round: status %d", w.Code)
	}
	if w := admin.get(address + "/benchmark"); w.Code != http.StatusOK ||
		!strings.Contains(w.Body.String(), "Noch hat keine Kommune eingereicht") {
		t.Errorf("the comparison of nobody: status %d", w.Code)
	}
}

func TestComparisonOfATown(t *testing.T) {
	v := newValley(t)
	lead := v.signedIn(v.person("anna", account.TownLead, string(v.towns[0].AGS)))
	viewer := v.signedIn(v.person("vera", account.TownViewer, string(v.towns[0].AGS)))
	path := v.sheetOf(0, "/benchmark")
	if body := lead.get(path).Body.String(); !strings.Contains(body, "noch kein Vergleich veröffentlicht") ||
		strings.Contains(body, "data-chart") {
		t.Error("without a release there is something to see")
	}
	v.publish()
	lead.get(path)
	w, n := lead.statements(path)
	body := w.Body.String()
	for _, s := range []string{"Veröffentlichung 1", "Alle Kommunen (24)", "Kreis 05901 (15)", "oberes Viertel",
		`data-chart="netz"`, `data-chart="balken"`, `data-chart="viertel"`, `data-chart="verteilung-`, "Nach Fragen",
		"20&#43;"} {
		if !strings.Contains(body, s) {
			t.Errorf("%q is missing", s)
		}
	}
	if n > 8 {
		t.Errorf("%d SQL statements", n)
	}
	for _, bad := range []string{"Talort 05", "Talort 24", secretComment, draftComment, "Kreis 05902", "<script>alert",
		" style=", "ZgotmplZ", "Minimum"} {
		if strings.Contains(body, bad) {
			t.Errorf("the town's page holds %q", bad)
		}
	}
	few := v.signedIn(v.person("emil", account.TownEditor, string(v.towns[16].AGS)))
	if got := few.get(v.sheetOf(16, "/benchmark?group=district:05902")).Body.String(); !strings.Contains(got,
		">•¹</td>") || !strings.Contains(got, "•¹ nicht gezeigt: zu wenige Kommunen") ||
		!strings.Contains(got, "dem Median") {
		t.Error("nine towns show quartiles, or the dots have no footnote")
	}
	foreign := v.sheetOf(1, "/benchmark")
	if w := lead.get(foreign); w.Code != http.StatusNotFound {
		t.Errorf("a foreign comparison: status %d", w.Code)
	}
	if got := lead.get(path + "?group=district:05902").Body.String(); !strings.Contains(got,
		`group=all" aria-current="true"`) {
		t.Error("a foreign group does not fall back to all")
	}
	small := lead.get(path + "?group=size:0-9999").Body.String()
	if !strings.Contains(small, "zeigen wir keine Zahlen, weil zu wenige Kommunen eingereicht haben.") ||
		strings.Contains(small, "data-chart") {
		t.Errorf("a group of two towns is shown")
	}
	if w := viewer.get(v.sheetOf(0, "/consent")); w.Code != http.StatusForbidden {
		t.Errorf("a viewer decides about names: status %d", w.Code)
	}
}

func TestConsentTakesEffectInTheNextRelease(t *testing.T) {
	v := newValley(t)
	first := v.signedIn(v.person("anna", account.TownLead, string(v.towns[5].AGS)))
	other := v.signedIn(v.person("otto", account.TownLead, string(v.towns[7].AGS)))
	if w := first.post(v.sheetOf(5, "/consent"),
		url.Values{"naming": {"anonymous"}, "total": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if body := first.get(v.sheetOf(5, "/consent")).Body.String(); !strings.Contains(body, `value="anonymous" checked`) {
		t.Error("anonymous with a tick left over counts as named")
	}
	if w := first.post(v.sheetOf(5, "/consent"), url.Values{"naming": {"named"}, "total": {"1"},
		"examples": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if w := other.post(v.sheetOf(5, "/consent"), url.Values{"naming": {"anonymous"}}); w.Code != http.StatusNotFound {
		t.Errorf("another town decides: status %d", w.Code)
	}
	v.publish()
	if body := other.get(v.sheetOf(7, "/benchmark")).Body.String(); !strings.Contains(body, "Talort 05") ||
		!strings.Contains(body, "Kommunen, die Sie fragen können") || strings.Contains(body, "Talort 06") {
		t.Error("the named town is not named, or another is")
	}
	if w := first.post(v.sheetOf(5, "/consent"), url.Values{"naming": {"anonymous"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if body := other.get(v.sheetOf(7, "/benchmark")).Body.String(); !strings.Contains(body, "Talort 05") {
		t.Error("a frozen release changed")
	}
}

// TestContactIsShownWhileItIsAgreedTo: other towns of the round see whom they may ask, as long as the town agrees.
func TestContactIsShownWhileItIsAgreedTo(t *testing.T) {
	v := newValley(t)
	first := v.signedIn(v.person("anna", account.TownLead, string(v.towns[5].AGS)))
	other := v.signedIn(v.person("otto", account.TownViewer, string(v.towns[7].AGS)))
	form := func(more ...string) url.Values {
		f := url.Values{"naming": {"named"}, "total": {"1"}, "examples": {"1"}, "contact_name.shown": {""},
			"contact_email.shown": {""}, "contact_phone.shown": {""}}
		for i := 0; i < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		return f
	}
	at := v.sheetOf(5, "/consent")
	for _, bad := range [][]string{
		{"contact_name", "\u200b", "contact_phone", "02931 805-0"}, {"contact_name", "Petra Klein"},
		{"contact_name", "Petra Klein", "contact_email", "klein@"},
		{"contact_name", "Petra Klein", "contact_phone", "javascript:alert(1)"},
		{"contact_name", strings.Repeat("a", 101), "contact_phone", "12345"},
	} {
		w := first.post(at, form(bad...))
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `aria-invalid="true"`) ||
			!strings.Contains(w.Body.String(), bad[1]) {
			t.Errorf("%q: status %d", bad, w.Code)
		}
	}
	if page := first.get(at).Body.String(); !strings.Contains(page, `value="anonymous" checked`) {
		t.Error("a refused contact stored the choice")
	}
	good := []string{"contact_name", "Petra Klein", "contact_email", " Klein@Müsterstadt.de ", "contact_phone",
		"+49 (0)2931 805-0"}
	if w := first.post(at, form(good...)); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	log := html.UnescapeString(first.get("/audit").Body.String())
	for _, want := range []string{"gesamte Punktzahl, für gute Beispiele ansprechbar<", ">Ansprechperson<"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q: %s", want, log)
		}
	}
	if strings.Contains(log, "Ansprechperson für gute Beispiele") || strings.Contains(log, "Klein") {
		t.Error("the log says a form's legend, or who the contact is")
	}
	// somebody whose page still showed no contact
	if w := first.post(at, form("contact_name", "Otto", "contact_phone", "112233")); w.Code != http.StatusConflict ||
		!strings.Contains(html.UnescapeString(w.Body.String()),
			"Petra Klein, klein@müsterstadt.de, +49 (0)2931 805-0") {
		t.Errorf("a contact that was not seen is overwritten: status %d", w.Code)
	}
	const shown = `Talort 05: Petra Klein, <a href="mailto:klein@xn--msterstadt-9db.de">klein@müsterstadt.de</a>, <a href="tel:+4929318050">+49 (0)2931 805-0</a>`
	benchmark := func() string { return html.UnescapeString(other.get(v.sheetOf(7, "/benchmark")).Body.String()) }
	v.publish()
	if body := benchmark(); !strings.Contains(body, shown) {
		t.Errorf("another town does not see the contact: %.300s", body[strings.Index(body, "id=\"examples\""):])
	}
	result := func(b *browser, page string) string {
		return html.UnescapeString(b.get(v.sheetOf(7, page)).Body.String())
	}
	if body := result(other, "/result"); strings.Count(body, "Wen Sie dazu fragen können:") != 3 ||
		strings.Count(body, shown) != 3 {
		t.Error("the levers do not say whom to ask")
	}
	if body := result(other, "/result/print?questions=1"); strings.Contains(body, "Petra Klein") {
		t.Error("the contact stands on a paper for the council")
	}
	if body := result(first, "/result"); strings.Contains(body, "Talort 07") {
		t.Error("a town that is not named is to be asked")
	}
	agency := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	for _, path := range []string{v.sheetOf(7, "/benchmark"), v.sheetOf(5, "/benchmark"), v.sheetOf(7, "/result"),
		"/audit", "/rounds/" + site.OfNumber(int64(v.round))} {
		if body := agency.get(path).Body.String(); strings.Contains(body, "Petra Klein") ||
			strings.Contains(body, "805-0") {
			t.Errorf("the agency reads the contact on %s", path)
		}
	}
	// without examples it is gone at once, although the release still names the town, and it does
	// not come back by itself
	if w := first.post(at, url.Values{"naming": {"named"}, "total": {"1"}, "contact_name": {"Petra Klein"},
		"contact_phone": {"112233"}, "contact_name.shown": {"Petra Klein"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if body := benchmark() + result(other, "/result"); strings.Contains(body, "Petra Klein") ||
		!strings.Contains(body, "Talort 05") {
		t.Error("the contact of a town that may not be asked any more is shown, or the release changed")
	}
	if w := first.post(at, url.Values{"naming": {"named"}, "total": {"1"},
		"examples": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if body := benchmark() + first.get(at).Body.String(); strings.Contains(body, "Petra Klein") {
		t.Error("a contact that was taken back came back")
	}
}

// TestThePageSaysHowATownIsNamed: what stands beside a town's comparison is what the release shows,
// and what was chosen since.
func TestThePageSaysHowATownIsNamed(t *testing.T) {
	v := newValley(t)
	lead := v.signedIn(v.person("anna", account.TownLead, string(v.towns[5].AGS)))
	viewer := v.signedIn(v.person("vera", account.TownViewer, string(v.towns[5].AGS)))
	page := func(b *browser) string { return readable(b.get(v.sheetOf(5, "/benchmark")).Body.String()) }
	choose := func(choice url.Values) {
		if w := lead.post(v.sheetOf(5, "/consent"), choice); w.Code != http.StatusSeeOther {
			t.Fatalf("status %d", w.Code)
		}
	}
	if got := page(lead); !strings.Contains(got, "Gewählt ist für die nächste Veröffentlichung: ohne Namen.") {
		t.Error("before the first release the page does not say what is chosen")
	}
	choose(url.Values{"naming": {"named"}, "total": {"1"}, "examples": {"1"}})
	v.publish()
	const named = "Talort 05 wird in dieser Veröffentlichung mit Namen gezeigt: gesamte Punktzahl, für gute " +
		"Beispiele ansprechbar."
	if got := page(lead); !strings.Contains(got, named) || strings.Contains(got, "Gewählt ist") ||
		strings.Contains(got, "ohne Namen, solange") {
		t.Error("the page does not say that the town is named, or denies it")
	}
	if got := page(viewer); !strings.Contains(got, named) || strings.Contains(got, "Ändern") {
		t.Error("a viewer does not see how the town appears, or may change it")
	}
	choose(url.Values{"naming": {"anonymous"}, "shown": {"total examples"}})
	if got := page(lead); !strings.Contains(got, named) ||
		!strings.Contains(got, "Gewählt ist für die nächste Veröffentlichung: ohne Namen.") {
		t.Error("the page does not tell this release from the next")
	}
	other := v.signedIn(v.person("otto", account.TownLead, string(v.towns[7].AGS)))
	got := other.get(v.sheetOf(7, "/benchmark")).Body.String()
	if !strings.Contains(readable(got), "Talort 07 wird in dieser Veröffentlichung nicht mit Namen gezeigt.") {
		t.Error("a town that is not named does not read so")
	}
	if !strings.Contains(got, ">zeigt nur die gesamte Punktzahl</td>") ||
		strings.Contains(got, "<td class=\"os-num\">–</td>") {
		t.Error("a row of the named towns is made of dashes")
	}
	if w := lead.post(v.sheetOf(5, "/consent"),
		url.Values{"naming": {"anonymous"}, "shown": {""}}); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	events := strings.Count(v.signedIn(v.person("amt", account.AgencyAdmin, "valley")).get("/audit").Body.String(),
		"Talort 05 · Willkommen 2026")
	if events != 2 {
		t.Errorf("%d entries in the log, want the two choices and not the form that changed nothing", events)
	}
}

func TestOutlinesReachTheMap(t *testing.T) {
	v := newValley(t)
	outlines := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"ags":"05901000"},"geometry":{"type":"Polygon","coordinates":[[[7,51],[8,51],[8,52],[7,51]]]}}]}`
	if err := v.territory.SaveOutlines(t.Context(), v.admin, "valley", []byte(outlines)); err != nil {
		t.Fatal(err)
	}
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	if w := admin.get(v.address("/map.json")); w.Code != http.StatusOK || w.Body.String() != outlines ||
		w.Header().Get("Content-Type") != "application/geo+json" {
		t.Errorf("status %d, type %s", w.Code, w.Header().Get("Content-Type"))
	}
	if body := admin.get(v.address("/benchmark")).Body.String(); !strings.Contains(body,
		`data-map="`+v.address("/map.json")+`"`) || !strings.Contains(body, `"nameProperty":"ags"`) {
		t.Error("the map of outlines is not drawn")
	}
}
