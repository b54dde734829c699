package web

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/testkit"
)

// signIn signs a person in through the form of a real browser.
func signIn(t *testing.T, tab *testkit.Tab, email string) {
	t.Helper()
	tab.Run(t, tab.Open("/login"), chromedp.SendKeys("#email", email), chromedp.SendKeys("#password", goodPassword),
		chromedp.Submit("#password"))
	tab.Until(t, `location.pathname === "/"`)
}

// saved is true when a question says that it is saved and nothing is under way.
func saved(question string) string {
	return `(e => e.dataset.state === "saved" && e.querySelector("[data-status]").textContent.startsWith("gespeichert"))(document.querySelector('[data-question="` + question + `"]'))`
}

func noFaults(t *testing.T, tabs ...*testkit.Tab) {
	t.Helper()
	for _, tab := range tabs {
		if f := tab.Faults(); len(f) > 0 {
			t.Errorf("the page did what must never happen: %v", f)
		}
	}
}

// retype replaces what a field holds and leaves it.
func retype(t *testing.T, tab *testkit.Tab, field, text string) {
	t.Helper()
	testkit.Ask[bool](t, tab, `(e => { e.focus(); e.select(); return true })(document.querySelector("`+field+`"))`)
	tab.Run(t, chromedp.KeyEvent(text), chromedp.KeyEvent(kb.Tab))
}

func TestSectionByKeyboard(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	email := h.person("leitung", account.TownLead, "05958004")
	api := h.signedIn(email).sheet(id)
	home, _ := h.site()
	tab := testkit.StartBrowser(t).NewTab(t, home)
	signIn(t, tab, email)
	tab.Run(t, tab.Open(api.base+"/sections/steuerung"))

	// 1.1 by the keyboard alone: from the heading into the radio group, down to the second option.
	tab.Run(t, chromedp.Focus("#questions"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(" "))
	tab.Until(t, saved("steuerung-ansprechperson"))
	if hidden := testkit.Ask[bool](t, tab,
		`document.querySelector('[data-question="steuerung-stunden"]').checkVisibility()`); hidden {
		t.Error("1.2 is shown although 1.1 says no")
	}
	tab.Run(t, chromedp.KeyEvent(kb.ArrowDown))
	// The condition shows at once, before anything was saved.
	if !testkit.Ask[bool](t, tab, `document.querySelector('[data-question="steuerung-stunden"]').checkVisibility()`) {
		t.Error("1.2 is not shown at once")
	}
	if got := testkit.Ask[string](t, tab, `document.activeElement.id`); got != "a-steuerung-ansprechperson-2" {
		t.Errorf("saving moved the focus to %q", got)
	}
	// On to the number: help, comment, evidence, history, asking, deleting, the field of 1.2.
	for range 12 {
		tab.Run(t, chromedp.KeyEvent(kb.Tab))
		if testkit.Ask[string](t, tab, `document.activeElement.id`) == "a-steuerung-stunden" {
			break
		}
	}
	tab.Run(t, chromedp.KeyEvent("7,5"), chromedp.KeyEvent(kb.Tab))
	tab.Until(t, saved("steuerung-stunden"))
	tab.Until(t, saved("steuerung-ansprechperson"))
	got := api.answers()
	if got.Answers["steuerung-ansprechperson"].Value != "teilweise" || got.Answers["steuerung-stunden"].Value != 7.5 {
		t.Errorf("stored %+v", got.Answers)
	}
	if said := testkit.Ask[string](t, tab,
		`document.querySelector("[data-announce]").textContent`); !strings.Contains(said, "Frage 1.2: gespeichert") {
		t.Errorf("announced %q", said)
	}
	if text := testkit.Ask[string](t, tab,
		`document.querySelector("[data-progress]").textContent`); text != "2 von derzeit 6 Fragen bearbeitet" {
		t.Errorf("progress %q", text)
	}
	// Wrong input is kept and said; mended input is saved.
	retype(t, tab, "#a-steuerung-stunden", "9000")
	tab.Until(t, `document.querySelector("#error-steuerung-stunden").textContent.includes("400")`)
	retype(t, tab, "#a-steuerung-stunden", "9")
	tab.Until(t, saved("steuerung-stunden")+` && document.querySelector("#error-steuerung-stunden").hidden`)
	if got := api.answers().Answers["steuerung-stunden"]; got.Value != 9.0 || got.Revision != 2 {
		t.Errorf("stored %+v", got)
	}
	noFaults(t, tab)
}

func TestConflictInASecondTab(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	anna, bert := h.person("anna", account.TownLead, "05958004"), h.person("bert", account.TownEditor, "05958004")
	colleague := h.signedIn(bert).sheet(id)
	home, _ := h.site()
	tab := testkit.StartBrowser(t).NewTab(t, home)
	signIn(t, tab, anna)
	tab.Run(t, tab.Open(colleague.base+"/sections/steuerung"))

	// A colleague's answer to an untouched question appears by itself.
	colleague.answer("steuerung-ziel", 0, "value", "verwaltung", "comment", "so beschlossen")
	testkit.Ask[bool](t, tab, `window.dispatchEvent(new Event("focus"))`)
	tab.Until(t,
		`document.querySelector('[name="a.steuerung-ziel"][value="verwaltung"]').checked && document.querySelector("#comment-steuerung-ziel").value === "so beschlossen"`)

	// Both answer the same question; she has not seen his.
	colleague.answer("steuerung-ansprechperson", 0, "value", "nein")
	tab.Run(t, chromedp.Click("#a-steuerung-ansprechperson-3"))
	tab.Until(t,
		`document.querySelector(".os-conflict [data-sent]")?.textContent === "ja" && document.querySelector(".os-conflict [data-stored]").textContent === "nein"`)
	if label := testkit.Ask[string](t, tab,
		`document.querySelector(".os-conflict [data-stored-label]").textContent`); !strings.Contains(label, "bert") {
		t.Errorf("the conflict does not say who: %q", label)
	}
	if v := tab.Axe(t); len(v) > 0 {
		t.Errorf("axe: %+v", v)
	}
	if colleague.answers().Answers["steuerung-ansprechperson"].Value != "nein" {
		t.Error("the conflict overwrote the stored answer")
	}
	tab.Run(t, chromedp.Click(".os-conflict [data-take]"))
	tab.Until(t, saved("steuerung-ansprechperson")+` && !document.querySelector("fieldset .os-conflict")`)
	if got := colleague.answers().Answers["steuerung-ansprechperson"]; got.Value != "ja" || got.By != "anna" {
		t.Errorf("stored %+v", got)
	}
	colleague.answer("steuerung-ansprechperson", 2, "value", "teilweise")
	tab.Run(t, chromedp.Click("#a-steuerung-ansprechperson"))
	tab.Until(t, `document.querySelector(".os-conflict [data-keep]")`)
	tab.Run(t, chromedp.Click(".os-conflict [data-keep]"))
	tab.Until(t, saved("steuerung-ansprechperson")+
		` && document.querySelector("#a-steuerung-ansprechperson-2").checked`)
	noFaults(t, tab)
}

func TestNothingIsLostOffline(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	email := h.person("leitung", account.TownLead, "05958004")
	api := h.signedIn(email).sheet(id)
	home, down := h.site()
	tab := testkit.StartBrowser(t).NewTab(t, home)
	signIn(t, tab, email)
	tab.Run(t, tab.Open(api.base+"/sections/steuerung"))
	down.Store(true)
	tab.Run(t, chromedp.Click("#a-steuerung-ansprechperson-3"))
	tab.Until(t,
		`document.querySelector("#status-steuerung-ansprechperson").textContent.startsWith("nicht gespeichert")`)
	down.Store(false)
	tab.Until(t, saved("steuerung-ansprechperson"))
	if got := api.answers().Answers["steuerung-ansprechperson"].Value; got != "ja" {
		t.Errorf("stored %v", got)
	}

	// Signed out meanwhile: the input stays, and is saved after signing in somewhere else.
	h.later(account.IdleTimeout + time.Hour)
	tab.Run(t, chromedp.Click("#a-steuerung-ansprechperson-2"))
	tab.Until(t, `!document.querySelector("[data-signed-out]").hidden`)
	if !testkit.Ask[bool](t, tab, `document.querySelector("#a-steuerung-ansprechperson-2").checked`) {
		t.Error("the input was thrown away")
	}
	other := tab.SameSession(t)
	signIn(t, other, email)
	testkit.Ask[bool](t, tab, `window.dispatchEvent(new Event("focus"))`)
	tab.Until(t, saved("steuerung-ansprechperson")+` && document.querySelector("[data-signed-out]").hidden`)
	if got := h.signedIn(email).sheet(id).answers().Answers["steuerung-ansprechperson"].Value; got != "teilweise" {
		t.Errorf("stored %v", got)
	}
	noFaults(t, tab, other)
}

// TestPagesForEverybody runs axe over all pages of an assessment at two widths in both schemes.
func TestPagesForEverybody(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	email := h.person("leitung", account.TownLead, "05958004")
	api := h.signedIn(email).sheet(id)
	view, err := h.view(account.Actor{User: 1, Role: account.TownLead, Town: "05958004"}, account.ViewAssessment, id)
	if err != nil {
		t.Fatal(err)
	}
	api.fill(view.Definition, 30)
	home, _ := h.site()
	tab := testkit.StartBrowser(t).NewTab(t, home)
	signIn(t, tab, email)
	paths := []string{"", "/sections/steuerung", "/sections/begegnung", "/overview", "/result", "/result/print",
		"/questions/steuerung-ansprechperson/history", "/questions/steuerung-ansprechperson/evidence"}
	for _, path := range paths {
		for _, width := range []int64{1280, 360} {
			for _, scheme := range []string{"light", "dark"} {
				tab.Run(t, testkit.Screen(width, scheme), tab.Open(api.base+path))
				for _, v := range tab.Axe(t) {
					t.Errorf("%q at %d, %s: %s: %s %v", path, width, scheme, v.ID, v.Help, v.Nodes)
				}
				if wide := testkit.Ask[bool](t, tab, `document.documentElement.scrollWidth > window.innerWidth`); wide {
					t.Errorf("%q at %d has to be scrolled sideways", path, width)
				}
			}
		}
	}
	noFaults(t, tab)
}
