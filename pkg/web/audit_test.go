package web

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
)

// told logs events of the region "here", of the towns Arnsberg and Bestwig.
func (h *house) told(at time.Time, kind account.EventKind, town region.AGS, name, subject string) {
	h.t.Helper()
	must(h.t, h.store.Log(h.t.Context(), account.Event{At: at, Kind: kind, Town: town, Region: "here", Name: name,
		Subject: subject}))
}

// TestLogIsSearched: by kind, day, person, town and what a line is about; each within what the reader may read.
func TestLogIsSearched(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn(h.person("amt", account.AgencyAdmin, "here"))
	lead := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	day := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, wording.Berlin)
		must(t, err)
		return at
	}
	h.told(day("2026-03-01 23:59"), account.EventSubmitted, "05958004", "Jörg Müller", "line-one")
	h.told(day("2026-03-02 00:00"), account.EventSubmitted, "05958008", "Ada", "line-two")
	h.told(day("2026-03-02 23:59"), account.EventExported, "", "Ada", "line-three")
	h.told(day("2026-03-03 00:00"), account.EventEvidenceRemoved, "05958004", "Ada", "line-draft.pdf")
	h.told(day("2026-03-04 12:00"), account.EventInvited, "05958004", "Ada", "line.mail@example.org")
	lines := []string{"line-one", "line-two", "line-three", "line-draft.pdf", "line.mail@example.org"}
	for _, c := range []struct {
		who   string
		by    *browser
		query string
		want  string // numbers of the lines
	}{
		{"agency", admin, "", "0124"},
		{"agency", admin, "q=muller", "0"},
		{"agency", admin, "q=bestwig", "1"},
		{"agency", admin, "q=ARNSBERG", "04"},
		{"agency", admin, "q=line-", "012"},
		{"agency", admin, "q=line.mail", ""},
		{"agency", admin, "kind=submitted", "01"},
		{"agency", admin, "kind=evidence_removed", "0124"},
		{"agency", admin, "kind=submitted&q=ada", "1"},
		{"agency", admin, "from=2026-03-02&until=2026-03-02", "12"},
		{"agency", admin, "until=1.3.2026", "0"},
		{"agency", admin, "from=2026-03-03&until=2026-03-31", "4"},
		{"town", lead, "q=line-", "03"},
		{"town", lead, "from=2026-03-03&until=2026-03-31", "34"},
	} {
		page := c.by.get("/audit?" + c.query).Body.String()
		got := ""
		for i, line := range lines {
			if strings.Contains(page, `">`+line) {
				got += fmt.Sprint(i)
			}
		}
		if got != c.want {
			t.Errorf("%s %q: lines %s, not %s", c.who, c.query, got, c.want)
		}
	}
	for query, says := range map[string]string{"until=31.2.2026": "zum Beispiel 31.12.2026",
		"q=nirgends": "0 Einträge gefunden"} {
		if page := admin.get("/audit?" + query).Body.String(); !strings.Contains(page, says) {
			t.Errorf("%q does not say %q", query, says)
		}
	}
	if w := admin.get("/audit?from=morgen"); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), `href="#from"`) || !strings.Contains(w.Body.String(), `value="morgen"`) {
		t.Errorf("a day that cannot be read: status %d", w.Code)
	}
}

// TestSearchOfALongLogIsBounded: it goes back so far alone and says so; an earlier last day reaches the rest.
func TestSearchOfALongLogIsBounded(t *testing.T) {
	h := newHouse(t)
	admin := h.signedIn(h.person("amt", account.AgencyAdmin, "here"))
	h.told(h.now.AddDate(0, -2, 0), account.EventExported, "", "Ada", "the oldest")
	db, err := sql.Open("sqlite", h.store.Place())
	must(t, err)
	_, err = db.ExecContext(t.Context(), `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i < ?)
		INSERT INTO events (at, actor, name, kind, town, region, subject, detail) SELECT ? + i, 0, 'Ben', 'exported', '', 'here', 'many', '' FROM n`,
		account.MostSearched+100, h.now.UnixMicro())
	must(t, errors.Join(err, db.Close()))
	w := admin.get("/audit?kind=exported&page=3")
	page := w.Body.String()
	for _, want := range []string{"20.000 Einträge gefunden", "zurück bis 22.11.2026", "201 bis 300 von 20.000",
		`kind=exported&amp;page=4#events`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if w.Body.Len() > 100_000 {
		t.Errorf("the page weighs %d bytes", w.Body.Len())
	}
	if strings.Contains(page, "the oldest") || strings.Contains(admin.get("/audit?q=oldest").Body.String(),
		">the oldest") {
		t.Error("the search goes back further than it says")
	}
	if page := admin.get("/audit?q=oldest&until=2026-10-31").Body.String(); !strings.Contains(page, ">the oldest") ||
		strings.Contains(page, "zurück bis") {
		t.Error("an earlier last day does not reach the rest")
	}
}
