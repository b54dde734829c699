package web

import (
	"net/http"
	"strings"
	"testing"

	"ortsspiegel/pkg/licence"
)

func TestLicencesShowEveryWorkWithItsText(t *testing.T) {
	h := testServer(t)
	w := get(h, "/licences")
	page := w.Body.String()
	for _, want := range []string{"example.org/one v1.2.3, example.org/three v6.0.0", "Two 4.5",
		"Do &lt;what&gt; you like.", "Other words.", "MIT", "ISC"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if n := strings.Count(page, "Do &lt;what&gt; you like."); n != 1 {
		t.Errorf("a text that two works share stands there %d times", n)
	}
	if !strings.Contains(get(h, "/").Body.String(), `<a href="/licences">Lizenzen</a>`) {
		t.Error("the foot of the page does not lead to the licences")
	}
}

func TestWithoutBuiltLicencesAllOtherPagesWork(t *testing.T) {
	h := testServer(t, func(c *Config) {
		bare := builtAssets()
		delete(bare, licence.File)
		c.Assets = bare
	})
	if code := get(h, "/imprint").Code; code != http.StatusOK {
		t.Errorf("/imprint answered %d", code)
	}
	if code := get(h, "/licences").Code; code != http.StatusInternalServerError {
		t.Errorf("/licences answered %d", code)
	}
}
