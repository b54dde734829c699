package tour

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/round"
)

// TestTheWholeWay is the main job: a town answers and submits and reads its result, the agency
// watches, closes and publishes, the town compares, Excel comes out.
func TestTheWholeWay(t *testing.T) {
	s := startSite(t)
	lead, id := s.user(t, account.TownLead, assessment.Draft)
	base := fmt.Sprintf("/assessments/%d", id)
	var open round.ID
	for _, r := range s.Rounds {
		if r.Status == round.Open {
			open = r.ID
		}
	}
	roundPage := fmt.Sprintf("/rounds/%d", open)

	town := s.signedIn(t, lead)
	follow(t, town, "a[href='"+base+"']")
	follow(t, town, "a[href='"+base+"/sections/nachhalten']")

	// The first question of the section, by keyboard: Tab into the radio group, Space chooses.
	focusFirst(t, town)
	town.Run(t, chromedp.KeyEvent(" "))
	town.Until(t, "document.querySelector('[data-question]').dataset.state === 'saved'")
	const chosen = "[...document.querySelector('[data-question]').querySelectorAll('input[type=radio]')].findIndex(i " +
		"=> i.checked)"
	before := testkit.Ask[int](t, town, chosen)
	town.Run(t, chromedp.KeyEvent(kb.ArrowDown))
	town.Until(t, fmt.Sprintf("document.querySelector('[data-question]').dataset.state === 'saved' && %s !== %d",
		chosen, before))
	after := testkit.Ask[int](t, town, chosen)
	town.Run(t, town.Open(base+"/sections/nachhalten"))
	if kept := testkit.Ask[int](t, town, chosen); before < 0 || kept != after {
		t.Errorf("option %d was chosen, then %d, and %d is there after loading again", before, after, kept)
	}

	// Submitting needs the confirmation; without it the page says so and keeps everything.
	town.Run(t, town.Open(base+"/overview"))
	press(t, town, "form[action$='/submit'] button")
	town.Until(t, "document.title.startsWith('Fehler:')")
	town.Run(t, chromedp.Click(chromedp.CSS("#confirm")))
	press(t, town, "form[action$='/submit'] button")
	town.Until(t, "document.body.innerText.includes('eingereicht') || document.body.innerText.includes('abgegeben')")
	if n := testkit.Ask[int](t, town, "document.querySelectorAll('form[action$=\"/submit\"]').length"); n != 0 {
		t.Error("a submitted assessment offers to submit again")
	}
	town.Run(t, town.Open(base+"/sections/nachhalten"))
	if n := testkit.Ask[int](t, town,
		"document.querySelectorAll('[data-question] input:not([disabled]), [data-question] "+
			"textarea:not([disabled]):not([readonly])').length"); n != 0 {
		t.Errorf("%d fields of a submitted section can still be changed", n)
	}

	// The result, and the workbook that says the same number.
	town.Run(t, town.Open(base+"/result"))
	if !strings.Contains(testkit.Ask[string](t, town, "document.querySelector('main').innerText"), "%") {
		t.Error("the result shows no score")
	}
	for _, path := range []string{base + "/export.xlsx", base + "/export.csv"} {
		wantsFile(t, town, path)
	}

	// The agency sees it, closes the round and publishes.
	agency := s.signedIn(t, "agentur"+demoDomain)
	follow(t, agency, "a[href='"+roundPage+"']")
	agency.Run(t, agency.Open(base+"/result"))
	agency.Until(t, "document.querySelector('h1').innerText.includes('Ergebnis')")
	for _, step := range []string{"close", "publish"} {
		agency.Run(t, agency.Open(roundPage+"/"+step))
		press(t, agency, "main form[action$='/"+step+"'] button")
		agency.Until(t, "location.pathname === '"+roundPage+"'")
	}
	agency.Run(t, agency.Open(roundPage+"/benchmark"))
	if !testkit.Ask[bool](t, agency, "document.querySelectorAll('.os-heat tbody a, svg.os-map circle').length > 20") {
		t.Error("the region's table and map are not there at once")
	}
	testkit.Ask[int](t, agency, "[...document.querySelectorAll('#more details')].map(d => d.open = true).length")
	agency.Until(t, "document.querySelectorAll('figure svg').length >= 3")
	wantsFile(t, agency, roundPage+"/export.xlsx")
	wantsFile(t, agency, roundPage+"/export.csv")

	// The town compares itself with what was published, by groups.
	town.Run(t, town.Open(base+"/benchmark"))
	town.Until(t, "document.querySelectorAll('.os-sheet .os-c-own').length >= 10")
	testkit.Ask[int](t, town, "[...document.querySelectorAll('#diagramme details')].map(d => d.open = true).length")
	town.Until(t, "document.querySelectorAll('figure svg').length >= 2")
	if n := testkit.Ask[int](t, town, "document.querySelectorAll('main table').length"); n < 2 {
		t.Errorf("%d tables beside the charts", n)
	}
	answer := testkit.Ask[int](t, town, "fetch('"+roundPage+"/benchmark').then(r => r.status)")
	if answer != 404 {
		t.Errorf("the agency's benchmark answers a town with %d", answer)
	}
	for _, f := range append(town.Faults(), agency.Faults()...) {
		t.Error(f)
	}
}

// follow clicks a link and waits for its page.
func follow(t *testing.T, tab *testkit.Tab, link string) {
	t.Helper()
	path := testkit.Ask[string](t, tab, `document.querySelector("`+link+`")?.pathname || ''`)
	if path == "" {
		tab.Run(t, chromedp.WaitVisible(chromedp.CSS(link)))
	}
	tab.Run(t, chromedp.Click(chromedp.CSS(link)))
	tab.Until(t, "location.pathname === '"+path+"' && document.readyState === 'complete'")
}

// press clicks a button that loads a page.
func press(t *testing.T, tab *testkit.Tab, button string) {
	t.Helper()
	testkit.Ask[bool](t, tab, "window.before = true")
	tab.Run(t, chromedp.Click(chromedp.CSS(button)))
	tab.Until(t, "!window.before && document.readyState === 'complete'")
}

// focusFirst presses Tab until the first answer of the page has the focus.
func focusFirst(t *testing.T, tab *testkit.Tab) {
	t.Helper()
	for range 60 {
		if testkit.Ask[bool](t, tab,
			"!!document.activeElement.closest('[data-question]') && document.activeElement.type === 'radio'") {
			return
		}
		tab.Run(t, chromedp.KeyEvent(kb.Tab))
	}
	t.Fatal("the keyboard does not reach the first question")
}

// wantsFile downloads a file as the page would and looks at its first bytes and headers.
func wantsFile(t *testing.T, tab *testkit.Tab, path string) {
	t.Helper()
	got := testkit.Ask[string](t, tab,
		`fetch('`+path+
			`').then(async r => r.status + ' ' + r.headers.get('content-disposition') + ' ' + new TextDecoder('latin1').decode((await r.arrayBuffer()).slice(0, 3)))`)
	begin := "PK"
	if strings.HasSuffix(path, ".csv") {
		begin = "ï»¿"
	}
	if !strings.HasPrefix(got, "200 attachment") || !strings.Contains(got, begin) {
		t.Errorf("%s: %q", path, got)
	}
}
