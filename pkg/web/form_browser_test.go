package web

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/web/site"
)

// TestFormInBrowser brings a form with a conflict and a problem back in a browser: both pages are
// accessible, and what was decided is stored.
func TestFormInBrowser(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	email := h.person("leitung", account.TownLead, "05958004")
	lead := h.signedIn(email).sheet(id)
	lead.answer(question1, 0, "value", "nein")
	p := lead.takeHome("")
	p.set("value", question1, "ja")
	p.set("value", question2, "beschlossen")
	p.set("comment", question2, "Beschluss vom März, siehe Ratsinformationssystem")
	p.set("reason", "steuerung-haushalt", "Die Stadtmarketing GmbH trägt alle Kosten.")
	p.set("value", "buero-terminfrist", "1.500")
	lead.answer(question1, 1, "value", "teilweise", "comment", "seit Mai")
	file := filepath.Join(t.TempDir(), "Antworten Bürgerbüro.xlsx")
	must(t, os.WriteFile(file, p.bytes(), 0o644))

	home, _ := h.site()
	tab := testkit.StartBrowser(t).NewTab(t, home)
	signIn(t, tab, email)
	shots := os.Getenv("SCREENSHOTS_ALL")
	look := func(name string) {
		t.Helper()
		for _, width := range []int64{1280, 360} {
			for _, scheme := range []string{"light", "dark"} {
				tab.Run(t, testkit.Screen(width, scheme))
				for _, v := range tab.Axe(t) {
					t.Errorf("%s at %d px, %s: axe %s: %s\n  %v", name, width, scheme, v.ID, v.Help, v.Nodes)
				}
				if wide := testkit.Ask[int](t, tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
					t.Errorf("%s is %d px wider than the screen of %d px", name, wide, width)
				}
				if shots != "" {
					picture, err := chromedp.Run(tab.Context, chromedp.FullScreenshot(100))
					must(t, err)
					must(t, os.WriteFile(filepath.Join(shots,
						name+"-"+scheme+"-"+map[int64]string{1280: "wide", 360: "narrow"}[width]+".png"), picture,
						0o644))
				}
			}
		}
		tab.Run(t, testkit.Screen(1280, "light"))
	}
	tab.Run(t, tab.Open(lead.base+"/form"))
	look("form")
	h.later(site.UploadEvery)
	tab.Run(t, chromedp.SetUploadFiles("#file", []string{file}), chromedp.Submit("#file"))
	tab.Until(t, `document.title.startsWith("Änderungen aus Excel")`)
	look("plan")
	tab.Run(t, chromedp.Click(`[for="file-`+question1+`"]`), chromedp.Click("form[action$='/form/save'] button"))
	tab.Until(t, `location.search.startsWith("?done=form_saved&taken=")`)
	got := lead.answers().Answers
	if got[question1].Value != "ja" || got[question1].Comment != "seit Mai" || got[question2].Value != "beschlossen" ||
		got["steuerung-haushalt"].NotApplicable == "" || len(got) != 3 {
		t.Errorf("stored: %+v", got)
	}
	noFaults(t, tab)
}
