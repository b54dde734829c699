package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ortsspiegel/pkg/web/site"
)

// forged are fields that no form has: what somebody would send who wants to be more than they are.
var forged = url.Values{
	"role": {"agency-admin"}, "town": {"05970004"}, "ags": {"05970004"}, "region": {"there"},
	"email": {"boss@example.org"}, "disabled": {"0"},
	"user": {"1"}, "user_id": {"1"}, "by": {"boss"}, "by_user": {"1"}, "by_name": {"boss"}, "actor": {"1"},
	"id": {"1"}, "session": {"1"}, "password_hash": {"x"},
	"assessment": {"1"}, "assessment_id": {"1"}, "round": {"1"}, "round_id": {"1"}, "question": {"netz-anmeldung"},
	"status": {"submitted"}, "submitted": {"1"},
	"submitted_at": {"1"}, "at": {"1"}, "score": {"1"}, "points": {"100"}, "level": {"vorbildlich"},
	"population": {"1"}, "consent": {"named"}, "consent_total": {"1"},
	"total": {"1"}, "sections": {"1"}, "examples": {"1"}, "type": {"text/html"}, "size": {"1"}, "sha256": {"x"},
	"change": {"999"}, "_method": {"DELETE"},
}

// withForged adds the forged fields that a form does not have itself.
func withForged(form url.Values, own ...string) url.Values {
	all := url.Values{}
	for name, v := range forged {
		all[name] = v
	}
	for _, name := range own {
		all.Del(name)
	}
	for name, v := range form {
		all[name] = v
	}
	return all
}

// TestForgedFieldsAreIgnored sends every form that succeeds with fields it does not have, in the
// body and in the address.
func TestForgedFieldsAreIgnored(t *testing.T) {
	w := newWorld(t)
	lead, viewer := w.actors[2], w.actors[4]
	open := "/assessments/" + site.OfNumber(int64(w.assessments[stateOf{"own", "open"}]))
	query := "?" + forged.Encode()
	for _, c := range []struct {
		a            *actor
		method, path string
		form         url.Values
		status       int
	}{
		{viewer, http.MethodPost, "/account/profile", withForged(url.Values{"name": {"Vera"}, "language": {"de"}}),
			http.StatusSeeOther},
		{viewer, http.MethodPost, "/account/password",
			withForged(url.Values{"old": {goodPassword}, "password": {"vier Esel im Regen"}}), http.StatusSeeOther},
		{viewer, http.MethodPut, open + "/answers/" + question2, withForged(url.Values{"value": {"verwaltung"}}),
			http.StatusForbidden},
		{lead, http.MethodPut, open + "/answers/" + question2,
			withForged(url.Values{"value": {"verwaltung"}, "revision": {"0"}}), http.StatusOK},
		{lead, http.MethodPost, open + "/sections/steuerung",
			withForged(url.Values{"a.steuerung-austausch": {"nie"}, "rev.steuerung-austausch": {"0"},
				"a.netz-anmeldung": {"ja"}, "rev.netz-anmeldung": {"0"}}), http.StatusSeeOther},
		{lead, http.MethodPost, open + "/questions/" + question2 + "/evidence",
			withForged(url.Values{"link": {"https://example.org"}, "title": {"Plan"}}), http.StatusSeeOther},
		{lead, http.MethodPost, open + "/consent", withForged(url.Values{"naming": {"anonymous"}}),
			http.StatusSeeOther},
		{lead, http.MethodPost, open + "/submit", withForged(url.Values{}, "change"), http.StatusUnprocessableEntity},
		{lead, http.MethodPost, "/people",
			withForged(url.Values{"email": {"neu@example.org"}, "role": {"town-viewer"}}), http.StatusOK},
		{lead, http.MethodPost, "/people",
			withForged(url.Values{"email": {"neu2@example.org"}, "role": {"agency-admin"}}),
			http.StatusUnprocessableEntity},
		{lead, http.MethodPost, "/people/" + site.OfNumber(int64(w.people["own colleague"])) + "/role",
			withForged(url.Values{"role": {"agency-admin"}}), http.StatusUnprocessableEntity},
		{lead, http.MethodPost, "/people/" + site.OfNumber(int64(w.people["own colleague"])) + "/link",
			withForged(url.Values{}), http.StatusOK},
		{lead, http.MethodPost, "/people/" + site.OfNumber(int64(w.people["own colleague"])) + "/disable",
			withForged(url.Values{}), http.StatusSeeOther},
		{w.actors[0], http.MethodPost, "/rounds",
			withForged(url.Values{"title": {"Neue Runde"}, "checklist": {"willkommen@1.0.0"}, "opens": {"2026-12-01"},
				"closes": {"2026-12-31"}, "towns": {"05958004"}}), http.StatusSeeOther},
	} {
		if answer := c.a.b.do(c.method, c.path+query, c.form); answer.Code != c.status {
			t.Errorf("%s %s by %s: status %d, want %d: %.300s", c.method, c.path, c.a.name, answer.Code, c.status,
				answer.Body)
		}
	}
	db := w.copyOfDatabase(t)
	defer func() { must(t, db.Close()) }()
	number := site.OfNumber(int64(w.assessments[stateOf{"own", "open"}]))
	leadID := site.OfNumber(int64(lead.who.User))
	for query, want := range map[string]string{
		`SELECT role || ' ' || town || ' ' || email FROM users WHERE name = 'Vera'`: "town-viewer 05958004 " +
			"town-viewer@example.org",
		`SELECT role || ' ' || town || ' ' || disabled FROM users WHERE name = 'own colleague'`: "town-editor 05958004 1",
		`SELECT role || ' ' || town FROM users WHERE email = 'neu@example.org'`:                 "town-viewer 05958004",
		`SELECT count(*) FROM users WHERE email IN ('boss@example.org', 'neu2@example.org')`:    "0",
		`SELECT status || ' ' || ags FROM assessments WHERE id = ` +
			number: "draft 05958004",
		`SELECT group_concat(question || ' ' || by_user) FROM (SELECT * FROM answers WHERE assessment_id = ` + number +
			` AND by_user <> 1 ORDER BY question)`: "steuerung-austausch " + leadID + ",steuerung-ziel " + leadID,
		`SELECT by_user || ' ' || by_name || ' ' || type || ' ' || question FROM evidence WHERE title = 'Plan'`:          leadID + " town-lead  " + question2,
		`SELECT sum(consent_total + consent_sections + consent_examples) FROM participants`:                              "0",
		`SELECT region_id || ' ' || status FROM rounds WHERE title = 'Neue Runde'`:                                       "here planned",
		`SELECT group_concat(p.ags) FROM participants p JOIN rounds r ON r.id = p.round_id WHERE r.title = 'Neue Runde'`: "05958004",
	} {
		if got := strings.Join(column(t, db, query), ";"); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

// TestForgedConfirmationsAreIgnored sends the forms that confirm proposals with fields they do not
// have: a proposal is confirmed as it is, where it belongs, by who is signed in.
func TestForgedConfirmationsAreIgnored(t *testing.T) {
	x := newReception(t)
	seen := x.seen()
	more := url.Values{"value": {"nein"}, "comment": {"erfunden"}, "revision": {"7"}, "source": {"1"},
		"was.seite": {"nein"}, "answer": {"nein"}, "origin": {"amtlich"}, "origin_at": {"1"},
		"question": {"lotsen", "bericht", "stichtag", "seite", "frist", "gibtesnicht"}}
	for _, path := range []string{"/proposals/seite", "/sections/begegnung/proposals"} {
		form := withForged(url.Values{"seen": {seen}})
		for name, v := range more {
			form[name] = v
		}
		if w := x.sheet.post(x.sheet.base+path+"?"+form.Encode(), form); w.Code != http.StatusSeeOther {
			t.Errorf("%s: status %d: %.300s", path, w.Code, w.Body)
		}
	}
	// What the address says is not what the form says.
	if w := x.sheet.post(x.sheet.base+"/proposals/frist?seen="+seen, url.Values{}); w.Code != http.StatusConflict {
		t.Errorf("seen in the address: status %d", w.Code)
	}
	db := (&world{house: x.house}).copyOfDatabase(t)
	defer func() { must(t, db.Close()) }()
	fresh, old := site.OfNumber(int64(x.fresh)), site.OfNumber(int64(x.old))
	lead, err := x.store.UserByEmail(t.Context(), x.lead)
	must(t, err)
	for query, want := range map[string]string{
		`SELECT group_concat(question) FROM (SELECT question FROM answers WHERE assessment_id = ` + fresh +
			` ORDER BY question)`: "bericht,lotsen,seite,stichtag",
		`SELECT DISTINCT by_user || ' ' || by_name || ' ' || revision FROM answers WHERE assessment_id = ` +
			fresh: site.OfNumber(int64(lead.ID)) + " leitung 1",
		`SELECT value || ' ' || comment || ' ' || origin FROM answers WHERE assessment_id = ` + fresh +
			` AND question = 'seite'`: "[\"ja\"] seit 2019 carried",
		`SELECT DISTINCT origin_subject FROM answers WHERE assessment_id = ` +
			fresh: oldRound,
		`SELECT status || ' ' || ags FROM assessments WHERE id = ` +
			fresh: "draft 05958004",
		`SELECT status || ' ' || ags FROM assessments WHERE id = ` +
			old: "submitted 05958004",
		`SELECT count(*) FROM answers WHERE assessment_id NOT IN (` + fresh + `, ` + old +
			`)`: "0",
	} {
		if got := strings.Join(column(t, db, query), ";"); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}
