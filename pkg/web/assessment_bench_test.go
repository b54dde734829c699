package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
)

// benchSheet is a half-answered assessment served over HTTP.
func benchSheet(b *testing.B) (home, cookie string, id assessment.ID, page []byte) {
	b.Helper()
	h := newHouse(b)
	id, _ = h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	view, err := h.view(account.Actor{User: 1, Role: account.TownLead, Town: "05958004"}, account.ViewAssessment, id)
	if err != nil {
		b.Fatal(err)
	}
	lead.fill(view.Definition, 40)
	server := httptest.NewServer(h.handler)
	b.Cleanup(server.Close)
	for name, value := range lead.cookies {
		cookie = name + "=" + value
	}
	return server.URL, cookie, id, []byte(lead.ok("/sections/netz"))
}

func fetch(b *testing.B, req *http.Request) {
	b.Helper()
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		b.Fatalf("status %d, %v", answer.StatusCode, err)
	}
}

// BenchmarkSectionPage measures the section page over HTTP, signed in, with its database reads;
// "bare" writes the same bytes.
func BenchmarkSectionPage(b *testing.B) {
	home, cookie, id, page := benchSheet(b)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page)
	}))
	defer bare.Close()
	for name, address := range map[string]string{"page": home + "/assessments/" + strconv.FormatInt(int64(id), 10) +
		"/sections/netz", "bare": bare.URL} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
				if err != nil {
					b.Fatal(err)
				}
				req.Header.Set("Cookie", cookie)
				req.Header.Set("Accept-Encoding", "identity") // the bare handler does not compress either
				fetch(b, req)
			}
		})
	}
}

// BenchmarkAutosave measures one answer after another over HTTP, each durable before it is acknowledged.
func BenchmarkAutosave(b *testing.B) {
	home, cookie, id, _ := benchSheet(b)
	address := home + "/assessments/" + strconv.FormatInt(int64(id), 10) + "/answers/steuerung-stunden"
	revision := 1
	b.ReportAllocs()
	for b.Loop() {
		form := url.Values{"value": {strconv.Itoa(revision % 400)}, "revision": {strconv.Itoa(revision)}}
		req, err := http.NewRequestWithContext(b.Context(), http.MethodPut, address, strings.NewReader(form.Encode()))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", "application/json")
		req.Header.Set("Cookie", cookie)
		fetch(b, req)
		revision++
	}
}

// BenchmarkSectionPageWithProposals measures the section page of a town with earlier answers
// against that of one without.
func BenchmarkSectionPageWithProposals(b *testing.B) {
	x := newReception(b)
	other := x.signedIn(x.person("nachbar", account.TownLead, "05958008")).sheet(x.assessmentOf("05958008"))
	for name, s := range map[string]sheet{"with": x.sheet, "without": other} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.ok("/sections/ankommen")
			}
		})
	}
}
