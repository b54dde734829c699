package web

import (
	"testing"

	"github.com/chromedp/chromedp"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/testkit"
)

// TestQuestionsAreLow: on a page of 1280 px all questions of the checklist together are lower than 20 000 px, and where
// choices stand side by side no card is wider than its column.
func TestQuestionsAreLow(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	email := h.person("leitung", account.TownLead, "05958004")
	base := h.signedIn(email).sheet(id).base
	home, _ := h.site()
	tab := testkit.StartBrowser(t).NewTab(t, home)
	signIn(t, tab, email)
	tab.Run(t, chromedp.EmulateViewport(1280, 900))
	tab.Run(t, tab.Open(base+"/sections/steuerung"))
	sections := testkit.Ask[[]string](t, tab, `[...document.querySelectorAll(".os-sections__list a")].map(a => a.pathname)`)
	all, questions := 0, 0
	for _, path := range sections {
		tab.Run(t, tab.Open(path))
		// What other answers hide counts too.
		all += testkit.Ask[int](t, tab, `(f => {
			for (const q of f.querySelectorAll("[data-inactive]")) { q.hidden = false; q.removeAttribute("data-inactive") }
			return f.offsetHeight
		})(document.querySelector("form[data-answers]"))`)
		questions += testkit.Ask[int](t, tab, `document.querySelectorAll("[data-question]").length`)
		if wide := testkit.Ask[bool](t, tab,
			`[...document.querySelectorAll(".os-scale")].some(s => s.scrollWidth > s.clientWidth)`); wide {
			t.Errorf("%s: choices are cut off", path)
		}
	}
	if questions < 59 || all >= 20000 {
		t.Errorf("%d questions are %d px high", questions, all)
	}
	t.Logf("%d questions are %d px high", questions, all)
}
