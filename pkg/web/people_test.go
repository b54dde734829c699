package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/web/site"
)

func TestAdminInvitesATownLead(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn(h.person("admin", account.AgencyAdmin, "here"))
	w := admin.post("/people", url.Values{"email": {"new@example.org"}, "role": {"town-lead"}, "town": {"05958008"}})
	link := regexp.MustCompile(`value="http://[^"/]+(/link/[^"]+)"`).FindStringSubmatch(w.Body.String())
	if w.Code != http.StatusOK || link == nil {
		t.Fatalf("status %d, no link on the page", w.Code)
	}
	if strings.Contains(admin.get("/people").Body.String(), link[1]) {
		t.Error("the link is shown again")
	}
	invited := h.browser()
	if w := invited.post(link[1], url.Values{"name": {"Neu"},
		"password": {goodPassword}}); w.Code != http.StatusSeeOther {
		t.Fatalf("accepting: status %d", w.Code)
	}
	if page := invited.get("/").Body.String(); !strings.Contains(page, "Bestwig") {
		t.Error("the new lead does not see the own town")
	}
	again := admin.post("/people", url.Values{"email": {"new@example.org"}, "role": {"town-lead"},
		"town": {"05958008"}})
	if again.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(again.Body.String(), `value="new@example.org"`) {
		t.Errorf("inviting twice: status %d", again.Code)
	}
	log := admin.get("/audit").Body.String()
	if !strings.Contains(log, "Person eingeladen") || !strings.Contains(log, "new@example.org") {
		t.Error("the invitation is not in the log")
	}
}

func TestNobodyReachesBeyondTheOwnArea(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn(h.person("admin", account.AgencyAdmin, "here"))
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	editor := h.signedIn(h.person("editor", account.TownEditor, "05958004"))
	viewer := h.signedIn(h.person("viewer", account.TownViewer, "05958004"))
	analyst := h.signedIn(h.person("analyst", account.AgencyAnalyst, "here"))
	h.person("foreigncanary", account.TownLead, "05970004")
	h.person("neighbour", account.TownLead, "05958008")
	id := func(email string) account.UserID {
		u, err := h.store.UserByEmail(t.Context(), email)
		if err != nil {
			t.Fatal(err)
		}
		return u.ID
	}
	for _, c := range []struct {
		name  string
		b     *browser
		email string
		want  int
	}{
		{"the admin on a foreign person", admin, "foreigncanary@example.org", http.StatusNotFound},
		{"a lead on a neighbour", lead, "neighbour@example.org", http.StatusNotFound},
		{"a lead on the agency", lead, "admin@example.org", http.StatusNotFound},
		{"an editor on a colleague", editor, "lead@example.org", http.StatusNotFound},
		{"an analyst on a town's lead", analyst, "lead@example.org", http.StatusNotFound},
		{"the admin on the own rights", admin, "admin@example.org", http.StatusForbidden},
		{"a lead on the own editor", lead, "editor@example.org", http.StatusSeeOther},
	} {
		if w := c.b.post(fmt.Sprintf("/people/%d/disable", id(c.email)), nil); w.Code != c.want {
			t.Errorf("%s: status %d, want %d", c.name, w.Code, c.want)
		}
	}
	missing := admin.post("/people/999999/disable", nil)
	foreign := admin.post(fmt.Sprintf("/people/%d/disable", id("foreigncanary@example.org")), nil)
	if missing.Code != foreign.Code || missing.Body.String() != foreign.Body.String() {
		t.Error("a foreign person answers otherwise than one that does not exist")
	}
	for path, b := range map[string]*browser{"/people": viewer, "/towns": lead, "/audit": analyst} {
		if w := b.get(path); w.Code != http.StatusForbidden {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
	for _, path := range []string{"/people", "/audit", "/towns", "/"} {
		if page := admin.get(path).Body.String(); strings.Contains(page, "foreigncanary") ||
			strings.Contains(page, "Berleburg") {
			t.Errorf("%s shows something foreign", path)
		}
	}
	if w := editor.get("/account"); w.Code != http.StatusSeeOther {
		t.Errorf("the disabled editor is still signed in: status %d", w.Code)
	}
}

func TestRoleAndTownOfFormsAreNotTrusted(t *testing.T) {
	h := newHouse(t)
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	if w := lead.post("/people", url.Values{"email": {"x@example.org"}, "role": {"agency-admin"},
		"town": {"05958004"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a lead makes an agency admin: status %d", w.Code)
	}
	if w := lead.post("/people", url.Values{"email": {"y@example.org"}, "role": {"town-editor"},
		"town": {"05958008"}}); w.Code != http.StatusOK {
		t.Fatalf("inviting: status %d", w.Code)
	}
	u, err := h.store.UserByEmail(t.Context(), "y@example.org")
	if err != nil || u.Town != "05958004" {
		t.Errorf("the form's town was taken: %s, %v", u.Town, err)
	}
	admin := h.signedIn(h.person("admin", account.AgencyAdmin, "here"))
	if w := admin.post("/people", url.Values{"email": {"z@example.org"}, "role": {"town-lead"},
		"town": {"05970004"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a foreign town: status %d", w.Code)
	}
}

func TestRoleChangeAndLog(t *testing.T) {
	h := newHouse(t)
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	editor := h.signedIn(h.person("editor", account.TownEditor, "05958004"))
	u, err := h.store.UserByEmail(t.Context(), "editor@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if w := lead.post(fmt.Sprintf("/people/%d/role", u.ID),
		url.Values{"role": {"town-viewer"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d", w.Code)
	}
	if w := editor.get("/account"); w.Code != http.StatusSeeOther {
		t.Errorf("the session keeps the old role: status %d", w.Code)
	}
	if log := lead.get("/audit").Body.String(); !strings.Contains(log, "Ausfüllen (Kommune) → Nur lesen (Kommune)") {
		t.Error("the change is not in the log")
	}
}

func TestTownsPage(t *testing.T) {
	h := newHouse(t)
	page := h.signedIn(h.person("analyst", account.AgencyAnalyst, "here")).get("/towns").Body.String()
	for _, want := range []string{"Hierland umfasst 2 Städte und Gemeinden", "84.500", "Kreis 05958", "Bestwig"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestSearchesFoldLetters finds names however they are written, in every list.
func TestSearchesFoldLetters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.settle("here", "Hierland", town("05958012", "Straßenhöfen", 9000))
	_, err := h.accounts.Add(t.Context(), account.Invitation{Email: "jw@example.org", Name: "Jörg Weiß",
		Role: account.TownLead, Town: "05958012"})
	must(t, err)
	admin := h.signedIn(h.person("amt", account.AgencyAdmin, "here"))
	for path, finds := range map[string][]string{
		"/towns?q=":           {"straße", "STRASSE", "Strasse", "STRAẞE", "hofen", "Ho\u0308fen"},
		"/people?q=":          {"weiss", "WEISS", "weiß", "JÖRG", "jorg", "Jo\u0308rg", "strassenhofen"},
		"/towns?q=nirgendwo&": {""},
	} {
		for _, find := range finds {
			page := admin.get(path + url.QueryEscape(find)).Body.String()
			if found := strings.Contains(page, "<th scope=\"row\">Straßenhöfen") ||
				strings.Contains(page, "Jörg Weiß"); found != (find != "") {
				t.Errorf("%s%q: found is %v", path, find, found)
			}
		}
	}
	towns := []region.Municipality{town("05958012", "Straßenhöfen", 9000), town("05958004", "Arnsberg", 9000)}
	if list := site.Matching(towns, "STRASSENHÖFEN"); len(list) != 1 || list[0].Name != "Straßenhöfen" {
		t.Errorf("the choice of a round's towns finds %v", list)
	}
}

func TestTownIsTakenOutOfTheOwnRegionOnly(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn(h.person("admin", account.AgencyAdmin, "here"))
	if w := admin.post("/towns/remove", url.Values{"town": {"05970004"}}); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), `href="#town"`) {
		t.Errorf("a foreign town: status %d", w.Code)
	}
	if w := admin.post("/towns/remove",
		url.Values{"town": {"05958008"}}); w.Header().Get("Location") != "/towns?done=town_removed" {
		t.Errorf("the own town: status %d", w.Code)
	}
	if page := admin.get("/towns").Body.String(); strings.Contains(page, "Bestwig") ||
		!strings.Contains(page, "Arnsberg") {
		t.Error("the wrong town is gone")
	}
	analyst := h.signedIn(h.person("analyst", account.AgencyAnalyst, "here"))
	if w := analyst.post("/towns/remove", url.Values{"town": {"05958004"}}); w.Code != http.StatusForbidden {
		t.Errorf("an analyst: status %d", w.Code)
	}
}

func TestPeopleOfOneTown(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn(h.person("agentur", account.AgencyAdmin, "here"))
	one, other := h.person("eine", account.TownLead, "05958004"), h.person("andere", account.TownLead, "05958008")
	page := admin.get("/people?of=05958004").Body.String()
	if !strings.Contains(page, one) || strings.Contains(page, other) || !strings.Contains(page, "1 Person<") {
		t.Error("the list does not hold the town's people and nobody else")
	}
	if page := admin.get("/people").Body.String(); !strings.Contains(page, one) || !strings.Contains(page, other) {
		t.Error("without a choice somebody is missing")
	}
}

// TestInvitationsComeWithTheirMail: without a server for mails the page shows the text and opens it
// in the reader's own program.
func TestInvitationsComeWithTheirMail(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn(h.person("admin", account.AgencyAdmin, "here"))
	page := admin.post("/people", url.Values{"email": {"neu+rat@bücher.example"}, "name": {"Jo & Söhne"},
		"role": {"agency-analyst"}}).Body.String()
	link := regexp.MustCompile(`value="(http://[^"]+/link/[^"]+)"`).FindStringSubmatch(page)
	href := regexp.MustCompile(`href="(mailto:[^"]+)"`).FindStringSubmatch(page)
	if link == nil || href == nil {
		t.Fatalf("no link, or no mail to write: %s", page)
	}
	mail, err := url.Parse(html.UnescapeString(href[1]))
	must(t, err)
	to, err := url.PathUnescape(mail.Opaque)
	must(t, err)
	subject, body := mail.Query().Get("subject"), mail.Query().Get("body")
	if to != "neu+rat@xn--bcher-kva.example" || subject != "Ihr Zugang zu Ortsspiegel" {
		t.Errorf("mail to %q about %q", to, subject)
	}
	for _, want := range []string{"Guten Tag Jo & Söhne,\r\n", link[1] + "\r\n", "Hierland", "neu+rat@bücher.example"} {
		if !strings.Contains(body, want) {
			t.Errorf("the mail lacks %q: %q", want, body)
		}
	}
	if text := html.UnescapeString(page); !strings.Contains(text, strings.ReplaceAll(body, "\r\n", "\n")) ||
		!strings.Contains(text, subject) {
		t.Error("the page does not show the mail's subject and text")
	}
	if page := admin.post("/people", url.Values{"email": {"wer@example.org"},
		"role": {"agency-analyst"}}).Body.String(); !strings.Contains(page, "Guten Tag,\n") {
		t.Error("somebody without a name is greeted otherwise")
	}
}

// TestInvitationsGoByMail: where there is a server for mails it brings the link; one that refuses costs nothing.
func TestInvitationsGoByMail(t *testing.T) {
	e := newErrand(t)
	office := &postOffice{}
	log := e.posting(office)
	invite := func(email string) string {
		w := e.lead.post("/people", url.Values{"email": {email}, "name": {"Kim"}, "role": {"town-editor"}})
		if w.Code != http.StatusOK {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		return w.Body.String()
	}
	page := invite("kim@example.org")
	link := linkIn(t, page)
	if len(office.took) != 1 || !strings.Contains(page, "an kim@example.org unterwegs") ||
		strings.Contains(page, "mailto:") {
		t.Fatalf("%d mails, page: %s", len(office.took), page)
	}
	if mail := office.took[0]; !strings.Contains(mail, link[strings.LastIndex(link, "/"):]) ||
		!strings.Contains(mail, "To: <kim@example.org>") {
		t.Errorf("the mail: %s", mail)
	}
	office.refuse = true
	page = invite("lou@example.org")
	if linkIn(t, page) == "" || !strings.Contains(page, "an lou@example.org konnte nicht verschickt werden") ||
		!strings.Contains(page, "Guten Tag Kim,") {
		t.Errorf("a refused mail: %s", page)
	}
	if strings.Contains(log.String(), "lou@") || strings.Contains(log.String(), "/link/") {
		t.Errorf("the log tells an address or a link: %s", log)
	}
}

// TestAPersonIsForgottenAfterAQuestion: the lead is asked first, and afterwards neither page nor
// log shows name or address.
func TestAPersonIsForgottenAfterAQuestion(t *testing.T) {
	h := newHouse(t)
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	h.person("seltsam", account.TownEditor, "05958004")
	gone := h.signedIn("seltsam@example.org")
	u, err := h.store.UserByEmail(t.Context(), "seltsam@example.org")
	must(t, err)
	address := fmt.Sprintf("/people/%d/forget", u.ID)
	page := lead.get(address)
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "seltsam@example.org") ||
		!strings.Contains(page.Body.String(), account.ForgottenName(u.ID)) {
		t.Fatalf("the question: status %d", page.Code)
	}
	if w := lead.post(address, nil); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without the word that confirms: status %d", w.Code)
	}
	if w := gone.get("/account"); w.Code != http.StatusOK {
		t.Fatalf("asking has done it: status %d", w.Code)
	}
	if w := lead.post(address, url.Values{"confirm": {"yes"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	for _, path := range []string{"/people", "/audit", "/"} {
		if body := lead.get(path).Body.String(); strings.Contains(body, "eltsam") {
			t.Errorf("%s shows who was forgotten", path)
		}
	}
	if log := lead.get("/audit").Body.String(); !strings.Contains(log, "Person unkenntlich gemacht") ||
		!strings.Contains(log, account.ForgottenName(u.ID)) {
		t.Error("the log does not tell of it")
	}
	if w := gone.get("/account"); w.Code != http.StatusSeeOther {
		t.Errorf("the session goes on: status %d", w.Code)
	}
	for _, path := range []string{address, strings.Replace(address, "forget", "enable", 1)} {
		if w := lead.post(path, url.Values{"confirm": {"yes"}}); w.Code != http.StatusNotFound {
			t.Errorf("%s afterwards: status %d", path, w.Code)
		}
	}
	own, err := h.store.UserByEmail(t.Context(), "lead@example.org")
	must(t, err)
	self := lead.post(fmt.Sprintf("/people/%d/forget", own.ID), url.Values{"confirm": {"yes"}})
	if self.Code != http.StatusForbidden {
		t.Errorf("the own account: status %d", self.Code)
	}
}

// TestATownIsToldWhoTheAgencyForgot: the agency may forget a town's lead, and the town's people read that it did.
func TestATownIsToldWhoTheAgencyForgot(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn(h.person("admin", account.AgencyAdmin, "here"))
	h.person("lead", account.TownLead, "05958004")
	editor := h.signedIn(h.person("editor", account.TownEditor, "05958004"))
	h.later(time.Second)
	u, err := h.store.UserByEmail(t.Context(), "lead@example.org")
	must(t, err)
	if w := admin.post(fmt.Sprintf("/people/%d/forget", u.ID),
		url.Values{"confirm": {"yes"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if page := editor.get("/").Body.String(); !strings.Contains(page, "unkenntlich gemacht") ||
		strings.Contains(page, "lead@example.org") {
		t.Error("the town is not told, or told who it was")
	}
}
