package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/testkit"
)

const (
	leftText    = `document.querySelector("[data-proposals-left]").textContent`
	focusedID   = `(document.activeElement.closest("[data-question]")?.dataset.question ?? "") + " " + (document.activeElement.matches("[data-confirm]") ? "confirm" : document.activeElement.matches("[data-proposals-left]") ? "left" : document.activeElement.tagName)`
	confirmable = `[...document.querySelectorAll("[data-confirm]")].filter(b => b.checkVisibility()).length`
)

// browse opens a section of the fresh assessment in a browser, signed in as the lead.
func (x *reception) browse(t *testing.T, section string) *testkit.Tab {
	t.Helper()
	home, _ := x.site()
	tab := testkit.StartBrowser(t).NewTab(t, home)
	signIn(t, tab, x.lead)
	tab.Run(t, tab.Open(x.sheet.base+"/sections/"+section))
	return tab
}

// TestConfirmByKeyboard tabs to the first proposal and presses Enter until none is left, section after section.
func TestConfirmByKeyboard(t *testing.T) {
	x := newReception(t)
	tab := x.browse(t, "ankommen")
	for _, section := range []struct {
		name      string
		questions []string // in the order the focus comes to them; the second depends on the first
		left      []string
	}{
		{"ankommen", []string{"seite", "sprachen", "frist", "zeiten"}, []string{
			"In diesem Abschnitt sind noch 3 Vorschläge zu bestätigen, insgesamt 6.",
			"In diesem Abschnitt sind noch 2 Vorschläge zu bestätigen, insgesamt 5.",
			"In diesem Abschnitt ist noch ein Vorschlag zu bestätigen, insgesamt 4.",
			"In diesem Abschnitt ist kein Vorschlag mehr zu bestätigen, in den anderen noch 3."}},
		{"begegnung", []string{"lotsen", "bericht", "stichtag"}, []string{
			"In diesem Abschnitt sind noch 2 Vorschläge zu bestätigen, insgesamt 2.",
			"In diesem Abschnitt ist noch ein Vorschlag zu bestätigen, insgesamt 1.",
			"Alle Vorschläge sind bearbeitet."}},
	} {
		tab.Run(t, tab.Open(x.sheet.base+"/sections/"+section.name), chromedp.Focus("main"))
		for range 40 {
			if strings.HasSuffix(testkit.Ask[string](t, tab, focusedID), " confirm") {
				break
			}
			tab.Run(t, chromedp.KeyEvent(kb.Tab))
		}
		for i, q := range section.questions {
			if got := testkit.Ask[string](t, tab, focusedID); got != q+" confirm" {
				t.Fatalf("the focus is on %q instead of the proposal of %s", got, q)
			}
			tab.Run(t, chromedp.KeyEvent(kb.Enter))
			tab.Until(t, saved(q)+` && `+leftText+` === "`+section.left[i]+`"`)
			tab.Until(t, focusedID+` !== "`+q+` confirm"`)
			if said := testkit.Ask[string](t, tab,
				`document.querySelector("[data-announce]").textContent`); !strings.Contains(said, "gespeichert") {
				t.Errorf("announced %q", said)
			}
		}
		if got := testkit.Ask[string](t, tab, focusedID); got != " left" {
			t.Errorf("after the last proposal the focus is on %q", got)
		}
		tab.Run(t, chromedp.Reload())
		for _, q := range section.questions {
			tab.Until(t, `document.querySelector('[data-question="`+q+`"]').hasAttribute("data-given")`)
		}
	}
	if got := x.sheet.answers().Answers; len(got) != 7 || got["bericht"].Value != "Der Tag der Neuen.\nSehr schön." ||
		got["seite"].Comment != "seit 2019" {
		t.Errorf("stored %+v", got)
	}
	noFaults(t, tab)
}

// TestConfirmAsItAppears: a confirmed proposal shows as the saved answer it is, with what came
// along, before any reload.
func TestConfirmAsItAppears(t *testing.T) {
	x := newReception(t)
	tab := x.browse(t, "begegnung")
	// A comment that is being typed is saved with it and stays.
	tab.Run(t, chromedp.Click(`[data-question="lotsen"] details:has([data-field=comment]) summary`),
		chromedp.SendKeys("#comment-lotsen", "neu"),
		chromedp.Click(`[data-question="lotsen"] [data-confirm]`))
	tab.Until(t, saved("lotsen"))
	const shown = `JSON.stringify([document.querySelector('[name="a.lotsen"]:checked').value, document.querySelector("#comment-lotsen").value, document.querySelector('[data-question="lotsen"] [data-offer]').checkVisibility(),
		document.querySelector('[data-question="lotsen"] [data-evidence]').textContent, document.querySelector('[data-question="lotsen"] [data-origin]').textContent.slice(0, 21), document.querySelector('[data-question="lotsen"] [data-history]').checkVisibility()])`
	if got := testkit.Ask[string](t, tab,
		shown); got != `["erprobt","neu",false," (1)","übernommen aus „Empfa",true]` {
		t.Errorf("shown %s", got)
	}
	// Another answer takes the mark away, and a comment does not.
	retype(t, tab, "#comment-lotsen", "ganz neu")
	tab.Until(t,
		saved("lotsen")+` && document.querySelector('[data-question="lotsen"] [data-field=revision]').value === "3"`)
	if !testkit.Ask[bool](t, tab,
		`document.querySelector('[data-question="lotsen"] [data-origin]').checkVisibility()`) {
		t.Error("a comment took the mark away")
	}
	tab.Run(t, chromedp.Click("#a-lotsen-3"))
	tab.Until(t, `!document.querySelector('[data-question="lotsen"] [data-origin]').checkVisibility()`)

	// Choosing another answer is enough; the proposal goes, and comes back when the answer is taken back.
	const next = `document.querySelector('[data-question="bericht"] details:has([data-field=comment]) summary').getBoundingClientRect().top`
	tab.Run(t, chromedp.SendKeys("#a-bericht", "Etwas anderes."))
	before := testkit.Ask[float64](t, tab, next)
	tab.Run(t, chromedp.KeyEvent(kb.Tab))
	tab.Until(t, saved("bericht")+` && `+leftText+`.endsWith("insgesamt 5.")`)
	if after := testkit.Ask[float64](t, tab, next); after < before-1 || after > before+1 {
		t.Errorf("what has the focus moved from %v to %v on the screen", before, after)
	}
	if testkit.Ask[bool](t, tab, `document.querySelector('[data-question="bericht"] [data-offer]').checkVisibility()`) {
		t.Error("the proposal stays although something else was answered")
	}
	tab.Run(t, chromedp.Click(`[data-question="bericht"] [data-clear]`))
	tab.Until(t, `document.querySelector('[data-question="bericht"] [data-offer]').checkVisibility() && `+leftText+
		`.endsWith("insgesamt 6.")`)
	noFaults(t, tab)
}

func TestConfirmSectionAtOnce(t *testing.T) {
	x := newReception(t)
	tab := x.browse(t, "ankommen")
	if n := testkit.Ask[int](t, tab, confirmable); n != 3 {
		t.Errorf("%d proposals can be seen: the question that depends on another is not asked yet", n)
	}
	if n := testkit.Ask[int](t, tab, `document.querySelectorAll("[data-confirm-all]").length`); n != 2 {
		t.Errorf("%d buttons confirm the section", n)
	}
	if taken := testkit.Ask[bool](t, tab,
		`document.querySelector("[data-confirm-all]").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", repeat: true, bubbles: true, cancelable: true}))`); taken {
		t.Error("a key that is held down confirms")
	}
	tab.Run(t, chromedp.Click("[data-proposals] [data-confirm-all]"))
	tab.Until(t, leftText+`.startsWith("In diesem Abschnitt ist kein Vorschlag mehr")`)
	for _, q := range []string{"seite", "sprachen", "frist", "zeiten"} {
		tab.Until(t, saved(q))
	}
	if text := testkit.Ask[string](t, tab,
		`document.querySelector("[data-progress]").textContent`); text != "4 von derzeit 6 Fragen bearbeitet" {
		t.Errorf("progress %q", text)
	}
	if testkit.Ask[bool](t, tab, `document.querySelector("[data-confirm-all]").checkVisibility()`) {
		t.Error("the button stays although nothing is left")
	}
	if got := x.sheet.answers().Answers; len(got) != 4 {
		t.Errorf("stored %+v", got)
	}
	tab.Run(t, chromedp.Click("[data-proposals-next]"))
	tab.Until(t, `location.pathname.endsWith("/sections/begegnung")`)
	noFaults(t, tab)
}

// TestConfirmAgainstOthers: a colleague answers, confirms, and changes the earlier assessment while the page is open.
func TestConfirmAgainstOthers(t *testing.T) {
	x := newReception(t)
	bert := x.signedIn(x.person("bert", account.TownEditor, "05958004")).sheet(x.fresh)
	seen := x.seen()
	tab := x.browse(t, "ankommen")
	bert.answer("seite", 0, "value", "nein")
	tab.Run(t, chromedp.Click(`[data-question="seite"] [data-confirm]`))
	tab.Until(t,
		`document.querySelector("#error-seite").textContent === "Inzwischen hat bert geantwortet: nein. Der Vorschlag wurde nicht übernommen: ja."`)
	if !testkit.Ask[bool](t, tab, `document.querySelector('[name="a.seite"][value="nein"]').checked`) {
		t.Error("the colleague's answer is not shown")
	}
	if got := x.sheet.answers().Answers["seite"]; got.Value != "nein" || got.Revision != 1 {
		t.Errorf("stored %+v", got)
	}
	// What a colleague confirms appears by itself, and is no longer counted. Whoever was about to
	// confirm it comes to the answer.
	testkit.Ask[bool](t, tab, `document.querySelector('[data-question="zeiten"] [data-confirm]').focus() ?? true`)
	bert.post(bert.base+"/proposals/zeiten", map[string][]string{"seen": {seen}}, "Accept", "application/json")
	testkit.Ask[bool](t, tab, `window.dispatchEvent(new Event("focus"))`)
	tab.Until(t,
		saved("zeiten")+` && !document.querySelector('[data-question="zeiten"] [data-offer]').checkVisibility() && `+
			leftText+` === "In diesem Abschnitt ist noch ein Vorschlag zu bestätigen, insgesamt 4."`)
	if got := testkit.Ask[string](t, tab, `document.activeElement.id`); got != "a-zeiten-2" {
		t.Errorf("the focus is on %q", got)
	}
	noFaults(t, tab)

	x.changeBefore("wartezeit", "value", "12")
	tab.Run(t, chromedp.Click(`[data-question="frist"] [data-confirm]`))
	tab.Until(t,
		`document.querySelector(".os-offer__was")?.textContent === "Bisher stand hier als Vorschlag: 7,5 Werktage"`)
	if text := testkit.Ask[string](t, tab,
		`document.querySelector('[data-question="frist"] .os-offer__answer').textContent`); text != "12 Werktage" {
		t.Errorf("proposed %q", text)
	}
	if _, answered := x.sheet.answers().Answers["frist"]; answered {
		t.Error("something was confirmed that nobody had seen")
	}
	if v := tab.Axe(t); len(v) > 0 {
		t.Errorf("axe: %+v", v)
	}
	tab.Run(t, chromedp.Click(`[data-question="frist"] [data-confirm]`))
	tab.Until(t, saved("frist"))
	noFaults(t, tab)
}

// TestConfirmAllWithAnAnswerTakenBack: what is open again because its answer was taken back is
// offered before it is confirmed.
func TestConfirmAllWithAnAnswerTakenBack(t *testing.T) {
	x := newReception(t)
	bert := x.signedIn(x.person("bert", account.TownEditor, "05958004")).sheet(x.fresh)
	bert.answer("frist", 0, "value", "3")
	bert.answer("zeiten", 0, "value", "nein")
	tab := x.browse(t, "ankommen")
	const offer = `document.querySelector('[data-question="%s"] [data-offer]').checkVisibility()`
	if testkit.Ask[bool](t, tab, fmt.Sprintf(offer, "frist")) {
		t.Error("beside an answer there is the proposal")
	}
	// The page does not know yet that a colleague has taken this answer back, and does not confirm
	// what it does not show.
	bert.answer("zeiten", 1)
	tab.Run(t, chromedp.Click("[data-proposals] [data-confirm-all]"))
	tab.Until(t, saved("seite")+` && `+leftText+`.endsWith("insgesamt 4.")`)
	if got := x.sheet.answers().Answers["zeiten"]; got.Value != nil {
		t.Errorf("stored %+v", got)
	}
	testkit.Ask[bool](t, tab, `window.dispatchEvent(new Event("focus"))`)
	tab.Until(t, fmt.Sprintf(offer, "zeiten"))
	tab.Run(t, chromedp.Click(`[data-question="frist"] [data-clear]`))
	tab.Until(t, fmt.Sprintf(offer, "frist")+` && `+leftText+`.endsWith("insgesamt 5.")`)
	if testkit.Ask[bool](t, tab, `document.querySelector('[name="was.frist"]').disabled`) {
		t.Error("the form does not say that it shows the proposal")
	}
	tab.Run(t, chromedp.Click("[data-proposals] [data-confirm-all]"))
	tab.Until(t, saved("frist")+` && `+saved("zeiten"))
	if !testkit.Ask[bool](t, tab, `document.querySelector('[name="was.frist"]').disabled`) {
		t.Error("a confirmed proposal is still offered")
	}
	noFaults(t, tab)
}

func TestConfirmWhileAway(t *testing.T) {
	x := newReception(t)
	home, down := x.site()
	tab := testkit.StartBrowser(t).NewTab(t, home)
	signIn(t, tab, x.lead)
	tab.Run(t, tab.Open(x.sheet.base+"/sections/ankommen"))
	down.Store(true)
	tab.Run(t, chromedp.Click(`[data-question="frist"] [data-confirm]`))
	tab.Until(t,
		`document.querySelector("#status-frist").textContent === "nicht bestätigt, bitte noch einmal versuchen"`)
	down.Store(false)
	tab.Run(t, chromedp.Click(`[data-question="frist"] [data-confirm]`))
	tab.Until(t, saved("frist"))
	x.later(account.IdleTimeout * 2)
	tab.Run(t, chromedp.Click(`[data-question="zeiten"] [data-confirm]`))
	tab.Until(t, `!document.querySelector("[data-signed-out]").hidden`)
	noFaults(t, tab)
}

func TestConfirmInABrowserWithoutScripts(t *testing.T) {
	x := newReception(t)
	tab := x.browse(t, "ankommen")
	tab.Run(t, testkit.Scripts(false), tab.Open(x.sheet.base+"/sections/ankommen"), chromedp.Click("#a-willkommen-2"),
		chromedp.Click(`[data-question="seite"] [data-confirm]`))
	tab.Until(t,
		`location.hash === "#q-seite" && document.querySelector(".os-note--success").textContent.includes("Ein Vorschlag bestätigt. Alle Antworten in „Ankommen“ sind gespeichert.")`)
	tab.Run(t, chromedp.Click(".os-actions [data-confirm-all]"))
	tab.Until(t, `document.querySelector(".os-note--success").textContent.includes("3 Vorschläge bestätigt.")`)
	if got := x.sheet.answers().Answers; len(got) != 5 || got["willkommen"].Value != "teilweise" {
		t.Errorf("stored %+v", got)
	}
	noFaults(t, tab)
}

// TestProposalPagesForEverybody runs axe over the pages with proposals at two widths in both schemes.
func TestProposalPagesForEverybody(t *testing.T) {
	x := newReception(t)
	tab := x.browse(t, "ankommen")
	x.confirm("/proposals/lotsen", x.seen())
	for _, path := range []string{"", "/sections/ankommen", "/sections/begegnung", "/overview",
		"/questions/lotsen/history", "/questions/lotsen/evidence"} {
		for _, width := range []int64{1280, 360} {
			for _, scheme := range []string{"light", "dark"} {
				tab.Run(t, testkit.Screen(width, scheme), tab.Open(x.sheet.base+path))
				testkit.Ask[bool](t, tab,
					`document.querySelectorAll("main details").forEach(d => { d.open = true }) ?? true`)
				for _, v := range tab.Axe(t) {
					t.Errorf("%q at %d, %s: %s: %s %v", path, width, scheme, v.ID, v.Help, v.Nodes)
				}
				if wide := testkit.Ask[bool](t, tab, `document.documentElement.scrollWidth > window.innerWidth`); wide {
					t.Errorf("%q at %d has to be scrolled sideways", path, width)
				}
				// A line that is broken after every letter is not too wide, but cannot be read.
				const tag = `Math.max(0, ...[...document.querySelectorAll("main .os-tag, .os-open td")].map(e => e.offsetHeight))`
				if high := testkit.Ask[int](t, tab, tag); high > 200 {
					t.Errorf("%q at %d has a tag or a cell %d pixels high", path, width, high)
				}
			}
		}
	}
	noFaults(t, tab)
}
