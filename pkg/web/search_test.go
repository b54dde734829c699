package web

import (
	"testing"

	"ortsspiegel/pkg/account"
)

// TestSearchOverQuestions: all words have to occur, in whatever case and marks; the list leads to the question.
func TestSearchOverQuestions(t *testing.T) {
	x := newReception(t)
	contains(t, "task list", x.sheet.ok(""), []string{`action="` + x.sheet.base + `/search"`})
	contains(t, "section", x.sheet.ok("/sections/ankommen"), []string{`action="` + x.sheet.base + `/search"`})
	x.sheet.answer("frist", 0, "value", "7,5")
	page := x.sheet.ok("/search?q=" + "TERMIN+burgerburo")
	contains(t, "found", page, []string{"Eine Frage gefunden", `href="` + x.sheet.base + `/sections/ankommen#q-frist"`,
		"7,5 Werktage", `value="TERMIN burgerburo"`}, "#q-seite")
	contains(t, "nothing", x.sheet.ok("/search?q=Zeppelin"), []string{"0 Fragen gefunden"}, "#q-")
	contains(t, "empty", x.sheet.ok("/search?q="), nil, "#q-", "gefunden")
	contains(t, "hostile", x.sheet.ok("/search?q=%3Cscript%3E"), nil, "<script>alert", `value="<script>`)
	other := x.signedIn(x.person("andere", account.TownLead, "05958008"))
	if w := other.get(x.sheet.base + "/search?q=Termin"); w.Code == 200 {
		t.Error("another town searches here")
	}
}
