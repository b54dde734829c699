package web

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ortsspiegel/templates"
)

// retired are the words of the glossary, locales/README.md, that no text may use any more, by language.
func retired(t *testing.T) map[string][]*regexp.Regexp {
	t.Helper()
	glossary, err := os.ReadFile("locales/README.md")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile("`([^`]+)`")
	words := map[string][]*regexp.Regexp{}
	for line := range strings.Lines(string(glossary)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "|") || len(cells) != 5 || strings.HasPrefix(cells[0], " thing ") {
			continue
		}
		for i, lang := range []string{"de", "en"} {
			for _, m := range quoted.FindAllStringSubmatch(cells[3+i], -1) {
				words[lang] = append(words[lang], regexp.MustCompile(m[1]))
			}
		}
	}
	if len(words["de"]) < 15 || len(words["en"]) < 8 {
		t.Fatalf("the glossary retires %d German and %d English words: is its table still read rightly?",
			len(words["de"]), len(words["en"]))
	}
	return words
}

// textOf is a text people read, with the place it stands in.
type textOf struct{ place, lang, text string }

// rightAllTheSame names the texts in which a retired word is right, and why.
var rightAllTheSame = map[string]string{
	"method.de.html: Quartil":  "the method says once how Excel calls it",
	"method.en.html: quartile": "the method says once how Excel calls it",
	"notes.go: Quartil":        "the notes of a workbook say once how Excel calls it",
	"notes.go: quartile":       "the notes of a workbook say once how Excel calls it",
	"analysis.go: municipalit": "a column's name, which scripts rely on",
}

func TestRetiredWords(t *testing.T) {
	words := retired(t)
	texts := append(localeTexts(t), templateTexts(t)...)
	for _, dir := range []string{"../workbook/book", "../workbook/reports", "../workbook/form", "../wording",
		"../chart"} {
		texts = append(texts, phraseTexts(t, dir)...)
	}
	perLang, excused := map[string]int{}, map[string]bool{}
	for _, x := range texts {
		perLang[x.lang]++
		for _, word := range words[x.lang] {
			found := word.FindString(x.text)
			key := strings.Split(filepath.Base(x.place), ":")[0] + ": " + found
			if found == "" {
				continue
			}
			if rightAllTheSame[key] != "" {
				excused[key] = true
				continue
			}
			t.Errorf("%s: %q is retired, locales/README.md says what is said instead: %.120q", x.place, found, x.text)
		}
	}
	for key := range rightAllTheSame {
		if !excused[key] {
			t.Errorf("%s is not there any more", key)
		}
	}
	if perLang["de"] < 900 || perLang["en"] < 900 {
		t.Errorf("only %v texts were read", perLang)
	}
}

func localeTexts(t *testing.T) (texts []textOf) {
	t.Helper()
	files, err := filepath.Glob("locales/*.json")
	if err != nil {
		t.Fatal(err)
	}
	features, err := filepath.Glob("*/locales/*.json")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, features...)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]any
		if err := json.Unmarshal(b, &all); err != nil {
			t.Fatal(err)
		}
		lang := strings.Split(filepath.Base(file), ".")[1]
		for id, value := range all {
			switch v := value.(type) {
			case string:
				texts = append(texts, textOf{id, lang, v})
			case map[string]any:
				for form, text := range v {
					texts = append(texts, textOf{id + "." + form, lang, text.(string)})
				}
			}
		}
	}
	return texts
}

// templateTexts reads the pages that are written in one language, without tags and actions.
func templateTexts(t *testing.T) (texts []textOf) {
	t.Helper()
	markup := regexp.MustCompile(`\{\{[^}]*\}\}|<[^>]*>`)
	err := fs.WalkDir(templates.Files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(templates.Files, p)
		if err != nil {
			return err
		}
		parts := strings.Split(filepath.Base(p), ".")
		if len(parts) != 3 {
			return nil
		}
		// A line that begins with blanks goes on with the sentence before it.
		text := regexp.MustCompile(`\n +`).ReplaceAllString(string(b), " ")
		for line := range strings.Lines(text) {
			texts = append(texts, textOf{filepath.Base(p), parts[1], markup.ReplaceAllString(line, "")})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// phraseTexts reads the texts that a package of this house holds in Go: phrase{German, English}, and maps by language.
func phraseTexts(t *testing.T, dir string) (texts []textOf) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		say := func(lang string, n ast.Node) {
			ast.Inspect(n, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					text, _ := strconv.Unquote(l.Value)
					texts = append(texts, textOf{set.Position(l.Pos()).String(), lang, text})
				}
				return true
			})
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if len(n.Elts) == 2 && isText(n.Elts[0]) && isText(n.Elts[1]) {
					say("de", n.Elts[0])
					say("en", n.Elts[1])
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.BasicLit); ok && (key.Value == `"de"` || key.Value == `"en"`) {
					say(strings.Trim(key.Value, `"`), n.Value)
				}
			}
			return true
		})
	}
	return texts
}

// isText reports whether an expression is a text, perhaps of several pieces.
func isText(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return x.Kind == token.STRING
	case *ast.BinaryExpr:
		return x.Op == token.ADD && isText(x.X) && isText(x.Y)
	}
	return false
}
