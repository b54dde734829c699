package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/web/site"
)

// Every address answers a method it does not have with 405 and says which it has.
func TestUnknownMethods(t *testing.T) {
	h := newHouse(t)
	all := registeredRoutes(t)
	methods := map[string][]string{}
	for _, x := range all {
		if !strings.HasPrefix(x.path, "/preview") { // there is none without --preview
			methods[x.path] = append(methods[x.path], x.method)
		}
	}
	matches := func(pattern, path string) bool {
		a, b := strings.Split(pattern, "/"), strings.Split(path, "/")
		if last := len(a) - 1; strings.HasPrefix(a[last], ":") && len(b) > len(a) {
			// the router gives the rest to a last parameter
			b = append(slices.Clone(b[:last]), strings.Join(b[last:], "/"))
		}
		return len(a) == len(b) && !slices.ContainsFunc(a, func(part string) bool {
			i := slices.Index(a, part)
			return !strings.HasPrefix(part, ":") && part != "*" && part != b[i]
		})
	}
	for pattern := range methods {
		var parts []string
		for _, part := range strings.Split(pattern, "/") {
			if strings.HasPrefix(part, ":") || part == "*" {
				part = "1"
			}
			parts = append(parts, part)
		}
		path := strings.Join(parts, "/")
		has := map[string]bool{}
		for other, list := range methods {
			for _, m := range list {
				if matches(other, path) {
					has[m] = true
				}
			}
		}
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
			"PROPFIND", "NONSENSE"} {
			if has[method] || method == http.MethodHead && has[http.MethodGet] {
				continue
			}
			w := send(h.handler, method, path, "")
			allow := strings.Split(w.Header().Get("Allow"), ", ")
			if w.Code != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: status %d", method, path, w.Code)
				continue
			}
			for _, m := range methods[pattern] {
				if !slices.Contains(allow, m) {
					t.Errorf("%s %s: Allow is %q without %s", method, path, allow, m)
				}
			}
			for _, m := range allow {
				if !has[m] && !(m == http.MethodHead && has[http.MethodGet]) {
					t.Errorf("%s %s: Allow is %q with %s", method, path, allow, m)
				}
			}
		}
	}
	for _, method := range []string{"GET", "POST", "OPTIONS", "TRACE", "NONSENSE"} {
		for _, path := range []string{"/nothing", "/people/1/nothing", "/preview"} {
			if w := send(h.handler, method, path, "", "Host", "evil.example"); w.Code != http.StatusNotFound ||
				w.Header().Get("Allow") != "" {
				t.Errorf("%s %s: status %d, Allow %q", method, path, w.Code, w.Header().Get("Allow"))
			}
		}
	}
}

// What is not the fields of a form is refused: read as a form it would say nothing, and nothing is
// an answer taken back.
func TestBodiesThatAreNoForm(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004")).sheet(id)
	if w := lead.put(question1, 0); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "am ") {
		t.Errorf("nothing over nothing: status %d %s", w.Code, w.Body)
	}
	lead.answer(question1, 0, "value", "ja")
	for _, kind := range []string{"application/json", "application/json; charset=utf-8", "text/plain", "no kind"} {
		for _, c := range []struct{ method, path string }{{"PUT", "/answers/" + question1}, {"POST", "/consent"}} {
			w := lead.do(c.method, lead.base+c.path, url.Values{"revision": {"1"}}, "Accept", "application/json",
				"Content-Type", kind)
			if w.Code != http.StatusUnprocessableEntity ||
				!strings.Contains(w.Body.String(), "application/x-www-form-urlencoded") {
				t.Errorf("%s %s as %s: status %d %.200s", c.method, c.path, kind, w.Code, w.Body)
			}
		}
	}
	if said := lead.ok("/answers.json"); !strings.Contains(said, `"value":"ja"`) {
		t.Errorf("stored now: %s", said)
	}
}

// One account cannot save without end, by whatever address; others are not slowed down.
func TestSavesAreLimited(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	h.handler = limitedSaves(t, h, 6)
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004")).sheet(id)
	other := h.signedIn(h.person("other", account.TownEditor, "05958004")).sheet(id)
	revision := 0
	for i := range site.SaveBurst * 6 {
		w := lead.browser.do(http.MethodPut, lead.base+"/answers/"+question1,
			url.Values{"value": {[]string{"ja", "nein"}[i%2]}, "revision": {fmt.Sprint(revision)}})
		if w.Code != http.StatusOK {
			t.Fatalf("save %d: status %d %.200s", i, w.Code, w.Body)
		}
		revision++
	}
	for _, c := range []struct{ method, path string }{{"PUT", lead.base + "/answers/" + question1},
		{"POST", "/account/profile"}, {"POST", lead.base + "/submit"}} {
		w := lead.browser.do(c.method, c.path, url.Values{"name": {"Neu"}, "value": {"ja"},
			"revision": {fmt.Sprint(revision)}}, "Accept-Language", "de")
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" ||
			!strings.Contains(w.Body.String(), "warten Sie eine Minute") {
			t.Errorf("%s %s: status %d, %.300s", c.method, c.path, w.Code, w.Body)
		}
	}
	if w := lead.get(lead.base); w.Code != http.StatusOK {
		t.Errorf("reading: status %d", w.Code)
	}
	if w := other.browser.do(http.MethodPut, other.base+"/answers/"+question1,
		url.Values{"value": {"ja"}, "revision": {fmt.Sprint(revision)}}); w.Code != http.StatusOK {
		t.Errorf("somebody else: status %d", w.Code)
	}
	h.later(11 * time.Second)
	if w := lead.browser.do(http.MethodPut, lead.base+"/answers/"+question1,
		url.Values{"value": {"nein"}, "revision": {fmt.Sprint(revision + 1)}}); w.Code == http.StatusTooManyRequests {
		t.Error("it does not end")
	}
}

func limitedSaves(t *testing.T, h *house, perMinute int) http.Handler {
	t.Helper()
	return testServer(t, func(c *Config) {
		c.Accounts, c.Territory, c.Assessments, c.Rounds, c.Checklists = h.accounts, h.territory, h.assessments,
			h.rounds, catalog.New(checklists.FS)
		c.Versions, c.Trends, c.DryRuns = h.versions, h.trends, h.dryRuns
		c.Now, c.Ready, c.Limits.SavesPerMinute = func() time.Time { return h.now }, h.store.Ready, perMinute
	})
}
