package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"ortsspiegel/pkg/account"
)

// TestPageFromMemory asks for a section three times: filled, from memory, and from memory after a change.
func TestPageFromMemory(t *testing.T) {
	h := newHouse(t)
	id, _ := h.openRound()
	lead := h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id)
	page := func(encoding string) string {
		return unpacked(t, lead.get(lead.base+"/sections/steuerung", "Accept-Encoding", encoding))
	}
	first := page("identity")
	for _, encoding := range []string{"identity", "gzip", "gzip;q=0", "gzip"} {
		if again := page(encoding); again != first {
			t.Errorf("%s: the page from memory has %d bytes, the first had %d", encoding, len(again), len(first))
		}
	}
	lead.answer("steuerung-ansprechperson", 0, "value", "ja")
	for _, time := range []string{"filled anew", "from memory"} {
		if page("gzip") == first {
			t.Errorf("the page %s is out of date", time)
		}
	}
}

func unpacked(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var body io.Reader = w.Body
	if w.Header().Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		body = z
	}
	b, err := io.ReadAll(body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatalf("status %d, %v", w.Code, err)
	}
	return string(b)
}
