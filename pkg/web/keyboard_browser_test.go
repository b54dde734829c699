package web

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/testkit"
)

// TestKeysWhileAnswering: the way through a scale is one change, Enter saves and stays, a reason is
// asked for kindly and where it can be typed, and who goes on stands at the next heading.
func TestKeysWhileAnswering(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	email := h.person("leitung", account.TownLead, "05958004")
	api := h.signedIn(email).sheet(id)
	home, _ := h.site()
	tab := testkit.StartBrowser(t).NewTab(t, home)
	signIn(t, tab, email)
	tab.Run(t, tab.Open(api.base+"/sections/steuerung"))
	tab.Run(t, chromedp.Focus(`[data-question="`+question2+`"] input`), chromedp.KeyEvent(" "))
	tab.Until(t, saved(question2))
	for range 4 {
		tab.Run(t, chromedp.KeyEvent(kb.ArrowDown))
	}
	tab.Until(t, `document.querySelector('[data-question="`+question2+`"] [data-field="revision"]').value !== "1"`)
	tab.Until(t, saved(question2))
	if got := api.answers().Answers[question2]; got.Revision != 2 ||
		!testkit.Ask[bool](t, tab, `document.activeElement.checked && document.activeElement.value === "`+
			got.Value.(string)+`"`) {
		t.Errorf("four arrow keys: stored %+v", got)
	}
	// There and back again: nothing is to be saved, and the page says how things were.
	before := testkit.Ask[string](t, tab, `document.querySelector("#status-`+question2+`").textContent`)
	tab.Run(t, chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent(kb.ArrowDown))
	tab.Until(t, saved(question2))
	after := testkit.Ask[string](t, tab, `document.querySelector("#status-`+question2+`").textContent`)
	if after != before {
		t.Errorf("back at what is saved the page says %q instead of %q", after, before)
	}
	if got := api.answers().Answers[question2]; got.Revision != 2 {
		t.Errorf("there and back again: stored %+v", got)
	}

	tab.Run(t, chromedp.Click("#a-"+question1+"-3"))
	tab.Until(t, saved(question1))
	tab.Run(t, chromedp.Focus("#a-steuerung-stunden"), chromedp.KeyEvent("7,5"), chromedp.KeyEvent(kb.Enter))
	tab.Until(t, saved("steuerung-stunden"))
	if at := testkit.Ask[string](t, tab, `document.activeElement.id + location.search`); at != "a-steuerung-stunden" {
		t.Errorf("Enter led to %s", at)
	}

	na := `[data-question]:has([data-reason]) [data-field="na"]`
	status := `document.querySelector('` + na + `').closest("[data-question]")`
	tab.Run(t, chromedp.Click(na))
	tab.Until(t, status+`.querySelector("[data-status]").textContent.startsWith("Sobald Sie das begründet haben")`)
	if !testkit.Ask[bool](t, tab, `document.activeElement.dataset.field === "reason" && `+status+
		`.dataset.state === "open"`) {
		t.Error("a reason that nobody had time to type is an error")
	}
	tab.Run(t, chromedp.KeyEvent(kb.Tab), chromedp.Focus("#a-steuerung-stunden"))
	tab.Until(t, status+`.dataset.state === "error"`)
	tab.Run(t, chromedp.SendKeys(`[data-question]:has([data-field="na"]:checked) [data-field="reason"]`,
		"Das macht der Kreis."), chromedp.KeyEvent(kb.Tab))
	tab.Until(t, status+`.dataset.state === "saved"`)

	tab.Run(t, tab.Open(api.base+"/sections/steuerung"))
	tab.Run(t, chromedp.Click(`button[name="then"][value="next"]`))
	tab.Until(t,
		`location.pathname.endsWith("/sections/netz") && document.readyState === "complete" && document.activeElement.tagName === "H1"`)
	if !testkit.Ask[bool](t, tab,
		`(n => n.textContent.includes("Alle Antworten in „Steuerung") && n.getBoundingClientRect().top >= 0)(document.querySelector(".os-note--success"))`) {
		t.Error("what was saved is not to be seen")
	}
	noFaults(t, tab)
}
