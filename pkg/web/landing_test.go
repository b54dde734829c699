package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestLandingShowsTheProduct: whoever comes by sees a result and a comparison as towns see them, and nothing is
// fetched from elsewhere.
func TestLandingShowsTheProduct(t *testing.T) {
	h := testServer(t)
	for lang, want := range map[string][]string{
		"de": {"Musterstadt", "In 4 von 5 Abschnitten über dem Median",
			"am weitesten zurück: Begegnung und Vereine, −9",
			"Auf dem Weg", "62,7", "in 4 von 5 Abschnitten über dem Median der 24 Kommunen",
			"EUPL-1.2", "ortsspiegel demo --data"},
		"en": {"Sampleton", "Above the median in 4 of 5 sections", "On the way", "62.7%", "EUPL-1.2"},
	} {
		w := get(h, "/", "Accept-Language", lang, "Accept-Encoding", "gzip")
		if w.Code != http.StatusOK || w.Body.Len() > 15_000 {
			t.Errorf("in %s: status %d, %d bytes by gzip", lang, w.Code, w.Body.Len())
		}
		page := get(h, "/", "Accept-Language", lang).Body.String()
		contains(t, "landing page in "+lang, page, append(want, `class="os-sheet"`,
			`class="os-ladder"`, `class="os-c-was"`, `href="/easy"`))
		for _, address := range regexp.MustCompile(`(?:src|href|action)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if !strings.HasPrefix(address[1], "/") && !strings.HasPrefix(address[1], "#") {
				t.Errorf("in %s the page leads to %s", lang, address[1])
			}
		}
	}
}

// TestEasyLanguage: one statement a sentence, and sentences are short.
func TestEasyLanguage(t *testing.T) {
	h := testServer(t)
	statement := regexp.MustCompile(`(?s)<(?:p|li|h1|h2)>(.*?)</(?:p|li|h1|h2)>`)
	for _, lang := range []string{"de", "en"} {
		page := get(h, "/easy", "Accept-Language", lang).Body.String()
		_, page, _ = strings.Cut(page, `<div class="os-text os-easy">`)
		page, _, _ = strings.Cut(page, "</main>")
		found := statement.FindAllStringSubmatch(page, -1)
		if len(found) < 50 {
			t.Fatalf("only %d statements in %s", len(found), lang)
		}
		for _, m := range found {
			for _, sentence := range regexp.MustCompile(`<br>|[.?] `).Split(m[1], -1) {
				if n := len(strings.Fields(sentence)); n > 10 {
					t.Errorf("in %s %d words in one sentence: %s", lang, n, sentence)
				}
				if strings.Contains(sentence, ", ") {
					t.Errorf("in %s more than one statement: %s", lang, sentence)
				}
			}
		}
	}
}
