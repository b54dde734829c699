package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"ortsspiegel/pkg/internal/testkit"
)

// TestAnswerPutBack: what was just taken back can be put back at its question, without scripts too.
func TestAnswerPutBack(t *testing.T) {
	x := newReception(t)
	x.sheet.answer("seite", 0, "value", "teilweise", "comment", "seit 2018")
	status, to, _ := x.sheet.press("ankommen", "clear", "seite")
	if status != http.StatusSeeOther || !strings.HasSuffix(to, "&cleared=seite#q-seite") {
		t.Fatalf("status %d to %q", status, to)
	}
	at, _, _ := strings.Cut(to, "#")
	const offered = `Antwort zurückgenommen – <button name="undo" value="seite">rückgängig</button>`
	page := x.sheet.get(at).Body.String()
	contains(t, "taken back", page, []string{offered})
	contains(t, "without the address", x.sheet.ok("/sections/ankommen"), nil, offered)
	form := formOf(t, page)
	form.Set("undo", "seite")
	if w := x.sheet.post(x.sheet.base+"/sections/ankommen", form); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if got := x.sheet.answers().Answers["seite"]; got.Value != "teilweise" || got.Comment != "seit 2018" ||
		got.Revision != 3 {
		t.Errorf("stored %+v", got)
	}
	// There is nothing to put back where something stands, was never said, or is said in the same form.
	for _, q := range []string{"seite", "willkommen", "nirgends"} {
		form := formOf(t, x.sheet.ok("/sections/ankommen"))
		form.Set("undo", q)
		x.sheet.post(x.sheet.base+"/sections/ankommen", form)
	}
	x.sheet.answer("seite", 3)
	form = formOf(t, x.sheet.ok("/sections/ankommen"))
	form.Set("undo", "seite")
	form.Set("a.seite", "nein")
	x.sheet.post(x.sheet.base+"/sections/ankommen", form)
	if got := x.sheet.answers().Answers; got["seite"].Value != "nein" || got["willkommen"].Revision != 0 {
		t.Errorf("stored %+v", got)
	}
}

// TestColleaguePutsBack: the same by a link.
func TestColleaguePutsBack(t *testing.T) {
	e := newErrand(t)
	at := e.ask(question1)
	e.come(at)
	form := formOf(t, e.colleague.get(at).Body.String())
	form.Set("a."+question1, "ja")
	e.colleague.post(at, form)
	form = formOf(t, e.colleague.get(at).Body.String())
	form.Set("clear", question1)
	to, _, _ := strings.Cut(e.colleague.post(at, form).Header().Get("Location"), "#")
	form = formOf(t, e.colleague.get(to).Body.String())
	form.Set("undo", question1)
	if w := e.colleague.post(at, form); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if got := e.lead.answers().Answers[question1]; got.Value != "ja" {
		t.Errorf("stored %+v", got)
	}
}

func TestAnswerPutBackByScript(t *testing.T) {
	x := newReception(t)
	x.sheet.answer("zeiten", 0, "value", "teilweise")
	tab := x.browse(t, "ankommen")
	tab.Run(t, chromedp.Click(`[data-question="zeiten"] [data-clear]`))
	const status = `document.querySelector('[data-question="zeiten"] [data-status]')`
	tab.Until(t, status+`.textContent === "Antwort zurückgenommen – rückgängig"`)
	if got := x.sheet.answers().Answers["zeiten"]; got.Value != nil {
		t.Errorf("stored %+v", got)
	}
	tab.Run(t, chromedp.Click(`[data-question="zeiten"] [data-status] button`))
	tab.Until(t, saved("zeiten"))
	if got := x.sheet.answers().Answers["zeiten"]; got.Value != "teilweise" {
		t.Errorf("stored %+v", got)
	}
	if !testkit.Ask[bool](t, tab, `document.activeElement.name === "a.zeiten" && document.activeElement.checked`) {
		t.Error("the focus is not at the answer that was put back")
	}
	// What is chosen instead is not followed by an offer to go back.
	tab.Run(t, chromedp.Click(`[data-question="zeiten"] [data-clear]`))
	tab.Until(t, status+`.querySelector("button")`)
	tab.Run(t, chromedp.Click("#a-zeiten"))
	tab.Until(t, saved("zeiten")+` && !`+status+`.querySelector("button")`)
	noFaults(t, tab)
}
