package web

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/templates"
)

// quotedID finds texts' ids in Go and templates: literal ones, and prefixes ending in a dot or an
// underscore that are completed at run time.
var quotedID = regexp.MustCompile(`"([a-z][a-z0-9]*\.[a-z0-9_.-]*)"`)

// sources returns all Go files of the pages (tests aside) and all templates.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	features, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, features...)
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	err = fs.WalkDir(templates.Files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(templates.Files, p)
		all.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestTextsExistInBothLanguages(t *testing.T) {
	texts, err := site.LoadMessages(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range texts["de"].Ids() {
		if !texts["en"].Has(id) {
			t.Errorf("%s has no English text", id)
		}
	}
	for _, id := range texts["en"].Ids() {
		if !texts["de"].Has(id) {
			t.Errorf("%s has no German text", id)
		}
	}
	for _, kind := range account.EventKinds() {
		if !texts["de"].Has("event." + string(kind)) {
			t.Errorf("event %s has no text", kind)
		}
	}
	for _, role := range account.Roles() {
		if !texts["de"].Has("role." + string(role)) {
			t.Errorf("role %s has no text", role)
		}
	}
	for kind := fault.Internal; kind <= fault.Unavailable; kind++ {
		if !texts["de"].Has("error." + strings.ReplaceAll(kind.String(), " ", "_")) {
			t.Errorf("fault %s has no text", kind)
		}
	}
}

// runtimePrefixes are the families of texts whose last part is only known at run time.
var runtimePrefixes = []string{"fault.", "event.", "role.", "done.", "error.", "language."}

func TestTextsAreUsed(t *testing.T) {
	texts, err := site.LoadMessages(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	source := sources(t)
	used := map[string]bool{}
	prefixes := append([]string{}, runtimePrefixes...)
	for _, m := range quotedID.FindAllStringSubmatch(source, -1) {
		used[m[1]] = true
		if strings.HasSuffix(m[1], ".") || strings.HasSuffix(m[1], "_") {
			prefixes = append(prefixes, m[1])
		}
	}
	for _, id := range texts["de"].Ids() {
		family := false
		for _, p := range prefixes {
			family = family || strings.HasPrefix(id, p)
		}
		if !used[id] && !family && !titleOfPage(id, source) {
			t.Errorf("text %s is not used", id)
		}
	}
}

// titleOfPage reports whether an id is made of a page's name and ".title".
func titleOfPage(id, source string) bool {
	name, isTitle := strings.CutSuffix(id, ".title")
	return isTitle && strings.Contains(source, `"`+name+`"`)
}

// TestTemplatesAskForKnownTexts finds typing errors: each literal id that a template translates has a text.
func TestTemplatesAskForKnownTexts(t *testing.T) {
	texts, err := site.LoadMessages(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`(?:\{\{-?\s*t|\(t|[^a-zA-Z.]t|\.text)[ (]"([a-z][a-z0-9_.-]*)"[ })]`)
	n := 0
	for _, m := range asked.FindAllStringSubmatch(sources(t), -1) {
		n++
		if id := m[1]; !texts["de"].Has(id) && !strings.HasSuffix(id, ".") && !strings.HasSuffix(id, "_") {
			t.Errorf("there is no text %s", id)
		}
	}
	if n < 100 {
		t.Errorf("only %d uses found: the pattern no longer fits", n)
	}
}

func TestPlurals(t *testing.T) {
	texts, err := site.LoadMessages(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	if got := texts["de"].Text("people.link_text", "Count", 14); !strings.Contains(got, "14 Tage und") {
		t.Error(got)
	}
	if got := texts["de"].Text("people.link_text", "Count", 1); !strings.Contains(got, "1 Tag und") {
		t.Error(got)
	}
	for lang, want := range map[string]string{"de": "11.000 Personen", "en": "11,000 people"} {
		if got := texts[lang].Text("people.found", "Count", 11000); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
