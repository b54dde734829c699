package web

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/web/site"
)

// TestColleagueByKeyboard: the lead makes a link in a browser, a colleague answers two questions by
// the keyboard alone and says ready, the lead sees it; then the link is revoked under the
// colleague's open page.
func TestColleagueByKeyboard(t *testing.T) {
	e := newErrand(t)
	home, _ := e.site()
	b := testkit.StartBrowser(t)
	lead, colleague := b.NewTab(t, home), b.NewTab(t, home)
	shots := func(tab *testkit.Tab, name string) {
		t.Helper()
		if dir := os.Getenv("SCREENSHOTS_ALL"); dir != "" {
			shootAll(t, tab, filepath.Join(dir, name))
		}
	}
	signIn(t, lead, "Anna@example.org")
	lead.Run(t, lead.Open(e.lead.base), chromedp.Click(`a[href$="/delegations"]`, chromedp.NodeVisible))
	lead.Until(t, `location.pathname.endsWith("/delegations") && document.readyState === "complete"`)
	lead.Run(t, chromedp.Click(`details:has(#ask-`+question1+`) summary`),
		chromedp.Click(`label[for="ask-`+question1+`"]`), chromedp.Click(`label[for="ask-`+question2+`"]`),
		chromedp.SendKeys("#for", "Petra Klein, Bürgerbüro"), chromedp.SendKeys("#note", "Liebe Petra, danke dir."))
	shots(lead, "delegations-form")
	lead.Run(t, chromedp.Click(`form[action$="/delegations"] button`))
	lead.Until(t, `document.querySelector("#link") !== null`)
	_, secret, _ := strings.Cut(testkit.Ask[string](t, lead, `document.querySelector("#link").value`), "/d/")
	link := "/d/" + secret
	text := testkit.Ask[string](t, lead, `document.querySelector("#mail-text").value`)
	for _, want := range []string{"Guten Tag Petra Klein,\n\nLiebe Petra, danke dir.\n\nFür die",
		"zwei Fragen zu beantworten", link, "Liebe Petra, danke dir.", "12. Dezember 2026", "\nAnna\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text has no %q:\n%s", want, text)
		}
	}
	shots(lead, "delegations-link")

	colleague.Run(t, colleague.Open(link), chromedp.Focus("#name"))
	shots(colleague, "delegated-name")
	colleague.Run(t, chromedp.KeyEvent("Petra Klein"), chromedp.KeyEvent(kb.Enter))
	colleague.Until(t,
		`document.querySelectorAll("[data-question]").length === 2 && document.readyState === "complete"`)
	to := func(question string) {
		t.Helper()
		for range 12 {
			colleague.Run(t, chromedp.KeyEvent(kb.Tab))
			if testkit.Ask[string](t, colleague, `document.activeElement.name ?? ""`) == "a."+question {
				return
			}
		}
		t.Fatalf("the keyboard does not get to %s", question)
	}
	colleague.Run(t, chromedp.Focus("#main"))
	to(question1)
	colleague.Run(t, chromedp.KeyEvent(" "))
	colleague.Until(t, saved(question1))
	colleague.Run(t, chromedp.KeyEvent(kb.ArrowDown))
	colleague.Until(t, saved(question1)+` && document.querySelector('[data-question="`+question1+
		`"] [data-field="revision"]').value === "2"`)
	to(question2)
	colleague.Run(t, chromedp.KeyEvent(" "))
	colleague.Until(t, saved(question2)+
		` && document.querySelector("[data-progress]").textContent.startsWith("2 von 2")`)
	shots(colleague, "delegated")
	for _, v := range colleague.Axe(t) {
		t.Errorf("axe %s: %s %s", v.ID, v.Help, strings.Join(v.Nodes, "; "))
	}
	colleague.Run(t, chromedp.Focus(`button[name="then"][value="done"]`), chromedp.KeyEvent(kb.Enter))
	colleague.Until(t,
		`document.querySelector(".os-note--success") !== null && location.search === "?done=delegation_done"`)
	shots(colleague, "delegated-done")
	lead.Run(t, lead.Open(e.lead.base+"/delegations"))
	if page := testkit.Ask[string](t, lead, `document.querySelector(".os-asked").innerText`); !strings.Contains(page,
		"fertig, 2 von 2 beantwortet") || !strings.Contains(page, "antwortet als Petra Klein") {
		t.Errorf("the lead sees %s", page)
	}
	shots(lead, "delegations")
	for _, v := range lead.Axe(t) {
		t.Errorf("axe %s: %s %s", v.ID, v.Help, strings.Join(v.Nodes, "; "))
	}
	if got := e.lead.answers().Answers; got[question1].Revision != 2 || got[question2].By != byPetra {
		t.Errorf("stored %+v", got)
	}

	lead.Run(t, chromedp.Click(`a[href$="/revoke"]`))
	lead.Until(t, `location.pathname.endsWith("/revoke") && document.readyState === "complete"`)
	shots(lead, "delegation-revoke")
	lead.Run(t, chromedp.Click(`form[action$="/revoke"] button`))
	lead.Until(t, `location.search === "?done=delegation_revoked"`)
	colleague.Run(t, chromedp.Click(`details:has([data-question]) > summary`),
		chromedp.Click(`[data-question="`+question2+`"] .os-scale label:last-child`))
	colleague.Until(t, `document.querySelector("[data-locked]").checkVisibility()`)
	colleague.Run(t, colleague.Open(link))
	if page := testkit.Ask[string](t, colleague, `document.querySelector("main").innerText`); !strings.Contains(page,
		"Dieser Link wurde gesperrt") || !strings.Contains(page, "Anna") {
		t.Errorf("a revoked link shows %s", page)
	}
	shots(colleague, "delegated-gone")
}

// TestColleagueWithoutScripts: the page is a plain form.
func TestColleagueWithoutScripts(t *testing.T) {
	e := newErrand(t)
	home, _ := e.site()
	tab := testkit.StartBrowser(t).NewTab(t, home)
	link := e.ask(question1, question2)
	tab.Run(t, testkit.Scripts(false), tab.Open(link), chromedp.SendKeys("#name", "Petra Klein\r"))
	tab.Until(t, `document.querySelectorAll("[data-question]").length === 2 && document.readyState === "complete"`)
	tab.Run(t, chromedp.Click(`[data-question="`+question1+`"] .os-scale label`),
		chromedp.Click(`button[name="then"][value="done"]`))
	tab.Until(t, `location.search === "?done=delegation_done"`)
	if got := e.lead.answers().Answers; len(got) != 1 || got[question1].By != byPetra ||
		e.delegations()[0].Done.IsZero() {
		t.Errorf("stored %+v", got)
	}
	noFaults(t, tab)
	if w := e.lead.post(e.lead.base+"/delegations/"+site.OfNumber(int64(e.delegations()[0].ID))+"/revoke",
		url.Values{}); w.Code != http.StatusSeeOther {
		t.Fatalf("revoking: status %d", w.Code)
	}
	tab.Run(t, chromedp.Click(`details:has([data-question]) > summary`),
		chromedp.Click(`button[name="then"][value="stay"]:not(.os-visually-hidden)`))
	tab.Until(t, `document.querySelector("h1").textContent === "Dieser Link wurde gesperrt"`)
}

// shootAll takes a page's picture at two widths in light and dark.
func shootAll(t *testing.T, tab *testkit.Tab, name string) {
	t.Helper()
	for _, look := range []struct {
		width  int64
		scheme string
	}{{1280, "light"}, {1280, "dark"}, {360, "light"}, {360, "dark"}} {
		tab.Run(t, testkit.Screen(look.width, look.scheme))
		if wide := testkit.Ask[int](t, tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
			t.Errorf("%s: the page is %d px wider than %d px", name, wide, look.width)
		}
		picture, err := chromedp.Run(tab.Context, chromedp.FullScreenshot(90))
		must(t, err)
		must(t, os.MkdirAll(filepath.Dir(name), 0o755))
		must(t, os.WriteFile(name+"-"+look.scheme+"-"+site.OfNumber(look.width)+".png", picture, 0o600))
	}
	tab.Run(t, testkit.Screen(1280, "light"))
}
