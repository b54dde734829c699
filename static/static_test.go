package static_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"testing"

	"ortsspiegel/static"
)

// manifest reads the built names; without a build there is nothing to test.
func manifest(t *testing.T) map[string]string {
	t.Helper()
	data, err := fs.ReadFile(static.Files(), "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		if os.Getenv("CI") != "" {
			t.Fatal("the assets are not built: run `make assets`")
		}
		t.Skip("the assets are not built: run `make assets`")
	}
	if err != nil {
		t.Fatal(err)
	}
	var names map[string]string
	if err := json.Unmarshal(data, &names); err != nil {
		t.Fatal(err)
	}
	return names
}

// The first page without charts has 150 kB; 15 of them are left for the page itself.
func TestFirstPageFitsItsBudget(t *testing.T) {
	names := manifest(t)
	total := 0
	for _, name := range []string{"app.css", "app.js", "favicon.svg", "fira-sans-400.woff2", "fira-sans-600.woff2"} {
		data, err := fs.ReadFile(static.Files(), names[name]+".gz")
		if errors.Is(err, fs.ErrNotExist) {
			data, err = fs.ReadFile(static.Files(), names[name])
		}
		if err != nil {
			t.Fatal(err)
		}
		total += len(data)
	}
	if total > 135_000 {
		t.Errorf("style sheet, script and fonts are %d bytes, more than 135000", total)
	}
}

var foreignAddress = regexp.MustCompile(`(?:url\(["']?|@import ["']?)(?:https?:)?//[^)]*`)

func TestStyleSheetLoadsNothingFromElsewhere(t *testing.T) {
	css, err := fs.ReadFile(static.Files(), manifest(t)["app.css"])
	if err != nil {
		t.Fatal(err)
	}
	if found := foreignAddress.Find(css); found != nil {
		t.Errorf("the style sheet asks for %s", found)
	}
}
