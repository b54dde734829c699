package static_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"

	"ortsspiegel/pkg/licence"
	"ortsspiegel/static"
)

// Packages that npm does not count among those for development alone are in the bundles.
func TestLicencesNameEveryBundledPackage(t *testing.T) {
	names := manifest(t)
	packed, err := fs.ReadFile(static.Files(), licence.File)
	if err != nil {
		t.Fatal(err)
	}
	works, err := licence.Unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]licence.Work{}
	for _, w := range works {
		known[w.Name] = w
	}
	data, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Version string
			Dev     bool
		}
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	n := 0
	for folder, p := range lock.Packages {
		name, ok := strings.CutPrefix(folder, "node_modules/")
		if !ok || p.Dev {
			continue
		}
		n++
		if w := known[name]; w.Version != p.Version || len(w.Text) < 200 || w.Licence == "" {
			t.Errorf("%s %s is bundled, the licences have version %q with %d letters", name, p.Version, w.Version,
				len(w.Text))
		}
	}
	if n < 4 {
		t.Errorf("only %d packages are bundled", n)
	}
	if w := known["Fira Sans"]; names["fira-sans-400.woff2"] == "" || w.Licence != "OFL-1.1" ||
		!strings.Contains(w.Text, "Mozilla Foundation") {
		t.Errorf("the font's licence: %q, %.80q", w.Licence, w.Text)
	}
}
