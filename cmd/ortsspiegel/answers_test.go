package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// refusal is what programs get for an error.
type refusal struct {
	Error     string            `json:"error"`
	Message   string            `json:"message"`
	Fields    map[string]string `json:"fields"`
	Reference string            `json:"reference"`
}

// wantsRefusal checks status and code, and that there is a message a person can read.
func (r reply) wantsRefusal(t testing.TB, status int, code string) {
	t.Helper()
	var got refusal
	if r.status != status {
		t.Errorf("status %d, want %d: %.300s", r.status, status, r.body)
		return
	}
	decode(t, r.body, &got)
	if got.Error != code || len(got.Message) < 10 || !strings.HasPrefix(r.header.Get("Content-Type"),
		"application/json") {
		t.Errorf("got %s, want the code %s", r.body, code)
	}
}

// revision reads the answer to a save that went well.
func (r reply) revision(t testing.TB) int {
	t.Helper()
	var got struct{ Revision int }
	if err := json.Unmarshal([]byte(r.body), &got); err != nil || r.status != http.StatusOK {
		t.Fatalf("status %d: %.300s", r.status, r.body)
	}
	return got.Revision
}

// TestAnswers goes through everything that can be wrong with one answer, as outside scripts see it.
func TestAnswers(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 5)
	s := startServer(t, f.dir)
	drafts := f.drafts(t)
	lead := untouched(t, f, drafts)
	id := drafts[lead.AGS]
	v := s.signIn(t, lead.Email, f.password)
	put := func(question string, form url.Values, header ...string) reply {
		return v.do(t, "PUT", answerPath(id, question), form, append(header, asProgram...)...)
	}

	if r := put("netz-neubuergerseite", url.Values{"value": {"geplant"}, "revision": {"0"},
		"comment": {"erster"}}); r.revision(t) != 1 {
		t.Errorf("the first revision: %s", r.body)
	}
	if r := put("netz-neubuergerseite", url.Values{"value": {"teilweise"}, "revision": {"1"}}); r.revision(t) != 2 {
		t.Errorf("the second revision: %s", r.body)
	}
	put("netz-dienste", url.Values{"value": {"hund", "kita"}, "revision": {"0"}}).revision(t)
	put("buero-terminfrist", url.Values{"value": {"7"}, "revision": {"0"}}).revision(t)
	put("steuerung-stunden", url.Values{"value": {"12,5"}, "revision": {"0"}}).revision(t)
	put("steuerung-haushalt", url.Values{"not_applicable": {"Der Kreis trägt alle Kosten."},
		"revision": {"0"}}).revision(t)

	t.Run("stale", func(t *testing.T) {
		r := put("netz-neubuergerseite", url.Values{"value": {"geprueft"}, "revision": {"1"}, "comment": {"meins"}})
		var both struct {
			Error        string
			Sent, Stored struct {
				Value    any
				Comment  string
				Revision int
				By       string
			}
		}
		if err := json.Unmarshal([]byte(r.body), &both); err != nil || r.status != http.StatusConflict {
			t.Fatalf("status %d: %s", r.status, r.body)
		}
		if both.Error != "stale" || both.Sent.Value != "geprueft" || both.Sent.Comment != "meins" ||
			both.Stored.Value != "teilweise" || both.Stored.Comment != "erster" || both.Stored.Revision != 2 ||
			both.Stored.By == "" {
			t.Errorf("got %s", r.body)
		}
		for _, revision := range []string{"0", "3", "2147483647"} {
			if r := put("netz-neubuergerseite",
				url.Values{"value": {"geprueft"}, "revision": {revision}}); r.status != http.StatusConflict {
				t.Errorf("revision %s: status %d", revision, r.status)
			}
		}
	})
	t.Run("refused", func(t *testing.T) {
		for _, c := range []struct {
			question string
			form     url.Values
			status   int
			code     string
		}{
			{"gibt-es-nicht", url.Values{"value": {"ja"}}, 404, "question_unknown"},
			{"netz-neubuergerseite", url.Values{"value": {"unerhört"}, "revision": {"2"}}, 422, "invalid"},
			{"netz-neubuergerseite", url.Values{"value": {"keine", "geplant"}, "revision": {"2"}}, 422, "invalid"},
			{"netz-neubuergerseite", url.Values{"not_applicable": {"hier ist das nicht vorgesehen"},
				"revision": {"2"}}, 422, "invalid"},
			{"netz-dienste", url.Values{"value": {"nichts", "hund"}, "revision": {"1"}}, 422, "invalid"},
			{"netz-dienste", url.Values{"value": {"hund", "hundertwasser"}, "revision": {"1"}}, 422, "invalid"},
			{"buero-terminfrist", url.Values{"value": {"121"}, "revision": {"1"}}, 422, "invalid"},
			{"buero-terminfrist", url.Values{"value": {"-1"}, "revision": {"1"}}, 422, "invalid"},
			{"buero-terminfrist", url.Values{"value": {"7,5"}, "revision": {"1"}}, 422, "invalid"},
			{"buero-terminfrist", url.Values{"value": {"1e999999"}, "revision": {"1"}}, 422, "invalid"},
			{"buero-terminfrist", url.Values{"value": {strings.Repeat("9", 60_000)}, "revision": {"1"}}, 422,
				"invalid"},
			{"buero-terminfrist", url.Values{"value": {"NaN"}, "revision": {"1"}}, 422, "invalid"},
			{"steuerung-haushalt", url.Values{"not_applicable": {"zu kurz"}, "revision": {"1"}}, 422, "invalid"},
			{"steuerung-beschlussdatum", url.Values{"value": {"31.02.2026"}, "revision": {"0"}}, 422, "invalid"},
			{"netz-neubuergerseite", url.Values{"value": {"keine"}, "revision": {"-1"}}, 422, "invalid"},
			{"netz-neubuergerseite", url.Values{"value": {"keine"}, "revision": {"zwei"}}, 422, "invalid"},
			{"netz-neubuergerseite", url.Values{"value": {"keine"}, "revision": {"99999999999999999999"}}, 422,
				"invalid"},
			{"netz-neubuergerseite", url.Values{"value": {"keine"}, "revision": {"2"},
				"comment": {strings.Repeat("ä", 2001)}}, 422, "invalid"},
			{"netz-neubuergerseite", url.Values{"value": {"keine"}, "revision": {"2"}, "comment": {"kaputt \xff\xfe"}},
				422, "invalid"},
			{"netz-neubuergerseite", url.Values{"value": {"keine"}, "revision": {"2"}, "comment": {"null \x00 byte"}},
				422, "invalid"},
			{"steuerung-haushalt", url.Values{"not_applicable": {"null \x00 byte im Grund"}, "revision": {"1"}}, 422,
				"invalid"},
			{"partner-beispiel", url.Values{"value": {"null \x00 byte"}, "revision": {"0"}}, 422, "invalid"},
			{"netz-neubuergerseite", url.Values{"value": {"keine"}, "comment": {strings.Repeat("x", 70_000)}}, 413,
				"body_large"},
		} {
			t.Run(c.question, func(t *testing.T) { put(c.question, c.form).wantsRefusal(t, c.status, c.code) })
		}
		put("netz-neubuergerseite", url.Values{"value": {"keine"}, "revision": {"2"}}, "Sec-Fetch-Site",
			"cross-site").wantsRefusal(t, 403, "cross_site")
		put("netz-neubuergerseite", url.Values{"value": {"keine"}, "revision": {"2"}}, "Origin",
			"https://evil.example").wantsRefusal(t, 403, "cross_site")
		s.visitor(t).do(t, "PUT", answerPath(id, "netz-neubuergerseite"), url.Values{"value": {"keine"}},
			asProgram...).wantsRefusal(t, 401, "signed_out")
	})
	got := v.get(t, fmt.Sprintf("/assessments/%d/answers.json", id))
	var all struct {
		Answers map[string]struct {
			Value         any
			NotApplicable *string `json:"not_applicable"`
			Revision      int
		}
		Status string
	}
	if err := json.Unmarshal([]byte(got.body), &all); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(all.Answers["netz-dienste"].Value, all.Answers["buero-terminfrist"].Value,
		all.Answers["steuerung-stunden"].Value, all.Answers["netz-neubuergerseite"],
		*all.Answers["steuerung-haushalt"].NotApplicable) !=
		"[kita hund] 7 12.5 {teilweise <nil> 2}Der Kreis trägt alle Kosten." || len(all.Answers) != 5 ||
		all.Status != "draft" {
		t.Errorf("after everything that was refused: %s", got.body)
	}
}

// untouched returns the lead of a draft in which nothing was answered.
func untouched(t testing.TB, f filled, drafts map[region.AGS]assessment.ID) demoUser {
	t.Helper()
	s := f.open(t)
	defer s.Close()
	for _, u := range f.leads(drafts) {
		if h, err := s.Head(t.Context(), drafts[u.AGS]); err != nil {
			t.Fatal(err)
		} else if h.Change == 0 {
			return u
		}
	}
	t.Fatal("every draft is begun")
	return demoUser{}
}

// TestSubmitAndClose follows an assessment past the points after which nothing may change.
func TestSubmitAndClose(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 5)
	s := startServer(t, f.dir)
	drafts := f.drafts(t)
	lead := untouched(t, f, drafts)
	id := drafts[lead.AGS]
	v := s.signIn(t, lead.Email, f.password)
	page := func(path string) string { return fmt.Sprintf("/assessments/%d%s", id, path) }
	answer := func(revision string) reply {
		return v.do(t, "PUT", answerPath(id, "netz-neubuergerseite"),
			url.Values{"value": {"umgesetzt"}, "revision": {revision}}, asProgram...)
	}
	answer("0").revision(t)

	if r := v.do(t, "POST", page("/submit"), url.Values{"change": {"1"}}); r.status != http.StatusUnprocessableEntity {
		t.Errorf("without confirmation: status %d", r.status)
	}
	if r := v.do(t, "POST", page("/submit"),
		url.Values{"change": {"0"}, "confirm": {"yes"}}); r.status != http.StatusConflict {
		t.Errorf("as it was before the answer: status %d", r.status)
	}
	if r := v.do(t, "POST", page("/submit"),
		url.Values{"change": {"1"}, "confirm": {"yes"}}); r.status != http.StatusSeeOther {
		t.Fatalf("submit: status %d", r.status)
	}
	v.do(t, "POST", page("/submit"), url.Values{"change": {"1"}, "confirm": {"yes"}}, asProgram...).wantsRefusal(t,
		409, "assessment_locked")
	v.do(t, "POST", page("/submit"), url.Values{"change": {"2"}, "confirm": {"yes"}}, asProgram...).wantsRefusal(t,
		409, "assessment_locked")
	answer("1").wantsRefusal(t, 409, "assessment_locked")
	if r := v.get(t, page("/answers.json")); !strings.Contains(r.body, `"status":"submitted"`) {
		t.Errorf("answers.json: %s", r.body)
	}

	other := untouched(t, f, drafts)
	if other.AGS == lead.AGS {
		t.Fatal("the submitted assessment counts as untouched")
	}
	id = drafts[other.AGS]
	v = s.signIn(t, other.Email, f.password)
	answer("0").revision(t)
	closeRound(t, f)
	answer("1").wantsRefusal(t, 409, "round_closed")
	v.do(t, "POST", page("/submit"), url.Values{"change": {"1"}, "confirm": {"yes"}}, asProgram...).wantsRefusal(t,
		409, "round_closed")
	if r := v.get(t, page("")); r.status != http.StatusOK {
		t.Errorf("a closed round can be read: status %d", r.status)
	}
}

// closeRound ends the demo's open round while the server runs, as the agency would.
func closeRound(t testing.TB, f filled) {
	t.Helper()
	s := f.open(t)
	defer s.Close()
	if err := s.SetStatus(t.Context(), f.Rounds[0].ID, round.Open, round.Closed, time.Now().UTC(), nil,
		account.Event{At: time.Now().UTC(), Kind: account.EventRoundClosed, Region: demoRegion}); err != nil {
		t.Fatal(err)
	}
}

// TestStrangersLearnNothing compares a foreign town's addresses with ones that do not exist, byte for byte.
func TestStrangersLearnNothing(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 5)
	s := startServer(t, f.dir)
	drafts := f.drafts(t)
	leads := f.leads(drafts)
	own, foreign := leads[0], leads[len(leads)-1]
	v := s.signIn(t, own.Email, f.password)
	const missing = 999 // as long as the foreign one, so that the page's own address takes as many bytes
	for _, c := range []struct {
		method, path string
		form         url.Values
	}{
		{"GET", "/assessments/%d", nil}, {"GET", "/assessments/%d/sections/netz", nil},
		{"GET", "/assessments/%d/overview", nil},
		{"GET", "/assessments/%d/result", nil}, {"GET", "/assessments/%d/benchmark", nil},
		{"GET", "/assessments/%d/export.xlsx", nil},
		{"GET", "/assessments/%d/answers.json", nil}, {"GET", "/assessments/%d/questions/netz-neubuergerseite/history",
			nil},
		{"GET", "/assessments/%d/questions/netz-neubuergerseite/evidence", nil},
		{"GET", "/assessments/%d/evidence/1", nil},
		{"PUT", "/assessments/%d/answers/netz-neubuergerseite", url.Values{"value": {"keine"}, "revision": {"0"}}},
		{"PUT", "/assessments/%d/answers/gibt-es-nicht", url.Values{"value": {"keine"}, "revision": {"0"}}},
		{"POST", "/assessments/%d/sections/netz", url.Values{"rev.netz-neubuergerseite": {"0"}}},
		{"POST", "/assessments/%d/submit", url.Values{"change": {"0"}, "confirm": {"yes"}}},
		{"POST", "/assessments/%d/reopen", url.Values{"reason": {"weil ich es gern so hätte"}}},
	} {
		for _, header := range [][]string{nil, asProgram} {
			a := v.do(t, c.method, fmt.Sprintf(c.path, drafts[foreign.AGS]), c.form, header...)
			b := v.do(t, c.method, fmt.Sprintf(c.path, missing), c.form, header...)
			for _, r := range []*reply{&a, &b} {
				r.header.Del("X-Request-Id")
				r.header.Del("Date")
				for _, id := range []int64{int64(drafts[foreign.AGS]), missing} {
					r.body = strings.ReplaceAll(r.body, fmt.Sprintf("/assessments/%d", id), "/assessments/ID")
				}
			}
			if a.status != http.StatusNotFound || a.status != b.status || a.body != b.body ||
				fmt.Sprint(a.header) != fmt.Sprint(b.header) {
				t.Errorf("%s %s: foreign %d, missing %d, or not the same bytes", c.method, c.path, a.status, b.status)
			}
		}
	}
	if r := v.get(t, fmt.Sprintf("/rounds/%d", f.Rounds[0].ID)); r.status != http.StatusNotFound &&
		r.status != http.StatusForbidden {
		t.Errorf("the agency's page of a round: status %d", r.status)
	}
}

func TestSignInTellsNothing(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	s := startServer(t, f.dir)
	email := f.Users[0].Email
	try := func(email, password string, header ...string) reply {
		r := s.visitor(t).do(t, "POST", "/login", url.Values{"email": {email}, "password": {password}}, header...)
		r.body = strings.ReplaceAll(r.body, email, "EMAIL") // the form keeps what was typed
		return r
	}
	wrong, unknown := try(email, "ganz falsch geraten"), try("niemand@demo.example", f.password)
	empty := try(email, "")
	if wrong.status != 422 || wrong.body != unknown.body || wrong.body != empty.body ||
		wrong.header.Get("Set-Cookie") != "" {
		t.Errorf("status %d, %d, %d, or not the same page", wrong.status, unknown.status, empty.status)
	}
	if !strings.Contains(wrong.body, "<title>Fehler:") || !strings.Contains(wrong.body, `action="/login"`) {
		t.Error("a wrong pair shows another page")
	}
	try(email, "falsch", asProgram...).wantsRefusal(t, 422, "wrong_pair")
	try(email, f.password, append([]string{"Origin", "https://evil.example"}, asProgram...)...).wantsRefusal(t, 403,
		"cross_site")
	status := 0
	for range 12 {
		status = try(email, "ganz falsch geraten").status
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("guessing goes on: status %d", status)
	}
}
