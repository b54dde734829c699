package web

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/testkit"
)

// enter signs a person in through the form of a real browser.
func enter(t *testing.T, tab *testkit.Tab, email string) {
	t.Helper()
	tab.Run(t, tab.Open("/login"), chromedp.SendKeys("#email", email), chromedp.SendKeys("#password", goodPassword),
		chromedp.Submit("#password"), chromedp.WaitReady(".os-nav a[aria-current]"))
}

const (
	opened         = `[...document.querySelectorAll("details:has(figure)")].every(d => d.open = true)`
	wholeDistricts = `(boxes => boxes.length && boxes.every(b => b.checked) ? "all" : boxes.map(b => b.checked).join())([...document.querySelectorAll("[data-pick-tri] input")])`
	allDrawn       = `[...document.querySelectorAll(".os-chart__canvas")].filter(c => c.checkVisibility()).every(c => c.querySelector("svg path, svg text"))`
	tablesShut     = `[...document.querySelectorAll("details[data-chart-table]")].filter(d => d.checkVisibility() && d.closest("figure").querySelector(".os-chart__canvas")).every(d => !d.open)`
)

func TestRoundPagesInABrowser(t *testing.T) {
	testkit.Long(t, "needs a browser")
	v := newValley(t)
	admin, lead := v.person("amt", account.AgencyAdmin, "valley"),
		v.person("anna", account.TownLead, string(v.towns[16].AGS))
	site, _ := v.site()
	browser := testkit.StartBrowser(t)
	agency := browser.NewTab(t, site)
	enter(t, agency, admin)
	looksGood(t, agency, "/", v.address(""), v.address("?show=submitted"), v.address("/talks"),
		v.address("/selection?all=1&show=missing"), v.address("/benchmark"), v.address("/benchmark?by=level&sort=name"),
		v.address("/close"), "/rounds/new")
	workByKeyboard(t, agency, v.address(""))
	agency.Run(t, agency.Open("/rounds/new"))
	if got := testkit.Ask[string](t, agency, wholeDistricts); got != "all" {
		t.Errorf("the boxes of districts all of whose towns are chosen: %s", got)
	}
	v.publish()
	town := browser.NewTab(t, site)
	enter(t, town, lead)
	looksGood(t, town, v.sheetOf(16, "/benchmark"), v.sheetOf(16, "/consent"),
		v.sheetOf(16, "/benchmark?group=district:05902"))

	town.Until(t, opened+" && "+allDrawn)
	for _, kind := range []string{"png", "svg"} {
		got := testkit.Ask[string](t, town, savedAs(kind))
		if !strings.HasPrefix(got, "abschnitte-talort-16-und-der-median-kreis-05902-20") ||
			!strings.HasSuffix(got, "."+kind+" blob:") {
			t.Errorf("the %s is saved as %q", kind, got)
		}
	}
	if f := town.Faults(); len(f) > 0 {
		t.Errorf("downloads: %v", f)
	}

	town.Run(t, testkit.Scripts(false), town.Open(v.sheetOf(16, "/benchmark")))
	town.Until(t, opened)
	if !testkit.Ask[bool](t, town,
		`[...document.querySelectorAll("figure table")].filter(x => x.checkVisibility()).length >= 3 && ![...document.querySelectorAll("figure button")].some(b => b.checkVisibility())`) {
		t.Error("without scripts the tables are not open, or buttons that do nothing are shown")
	}
}

// savedAs presses the first download button of a kind and returns the name and the kind of address it would save.
func savedAs(kind string) string {
	return `new Promise(done => {
		HTMLAnchorElement.prototype.click = function () { done(this.download + " " + this.href.slice(0, 5)) }
		document.querySelector('button[data-download="` + kind + `"]').click()
	})`
}

// looksGood opens pages wide and light, and narrow and dark: pictures drawn, nothing for axe to
// find, nothing wider than the screen, no fault.
func looksGood(t *testing.T, tab *testkit.Tab, paths ...string) {
	t.Helper()
	for _, path := range paths {
		for width, scheme := range map[int64]string{1280: "light", 360: "dark"} {
			tab.Run(t, testkit.Screen(width, scheme), tab.Open(path))
			tab.Until(t, allDrawn+" && "+tablesShut)
			for _, found := range tab.Axe(t) {
				t.Errorf("%s at %d %s: %s: %s %q", path, width, scheme, found.ID, found.Help, found.Nodes)
			}
			if wide := testkit.Ask[int](t, tab,
				`document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
				t.Errorf("%s at %d: %d pixels wider than the screen", path, width, wide)
			}
			for _, fault := range tab.Faults() {
				t.Errorf("%s at %d %s: %s", path, width, scheme, fault)
			}
		}
	}
}

// workByKeyboard ticks towns of the work list without a mouse: the bar comes, counts, goes with its own button, and
// leads to the addresses. Without scripts each box and the bar are there as well.
func workByKeyboard(t *testing.T, tab *testkit.Tab, address string) {
	t.Helper()
	const (
		bar   = `document.querySelector(".os-selected").checkVisibility()`
		count = `document.querySelector("[data-selected-count]").textContent.trim()`
	)
	tab.Run(t, testkit.Screen(1280, "light"), tab.Open(address))
	if testkit.Ask[bool](t, tab, bar) {
		t.Error("the bar of the selection is there without a selection")
	}
	tab.Run(t, chromedp.Focus("[data-pick-page]"), chromedp.KeyEvent(" "))
	tab.Until(t, bar)
	if got := testkit.Ask[string](t, tab, count); got != "2 ausgewählt, davon 0 mit Adresse" {
		t.Errorf("all of the page: %q", got)
	}
	tab.Run(t, chromedp.Focus(".os-selected [type=reset]"), chromedp.KeyEvent("\r"))
	tab.Until(t, "!("+bar+")")
	tab.Run(t, chromedp.Focus("tbody tr:nth-child(2) input"), chromedp.KeyEvent(" "),
		chromedp.Focus(".os-selected [name=as]"), chromedp.KeyEvent("\r"))
	tab.Until(t, `location.pathname.endsWith("/selection") && document.body.innerText.includes("Talort 24")`)
	tab.Run(t, testkit.Scripts(false), tab.Open(address))
	if !testkit.Ask[bool](t, tab, `document.querySelector("[data-pick-page]").hidden && !(`+bar+`)`) {
		t.Error("without scripts there is a box that does nothing")
	}
	tab.Run(t, chromedp.Focus("tbody tr:nth-child(1) input"), chromedp.KeyEvent(" "))
	tab.Until(t, bar)
	tab.Run(t, testkit.Scripts(true))
}
