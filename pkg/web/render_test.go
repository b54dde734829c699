package web

import (
	"html/template"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jba/templatecheck"

	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/templates"
)

func TestPagesFitTheirViews(t *testing.T) {
	texts, err := site.LoadMessages(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	a, err := site.LoadAssets(builtAssets())
	if err != nil {
		t.Fatal(err)
	}
	p, err := site.LoadPages(templates.Files, texts, a)
	if err != nil {
		t.Fatal(err)
	}
	views := join(&site.Server{}, Config{}).views()
	files, err := fs.Glob(templates.Files, "pages/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name, only, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".html"), ".")
		if _, ok := views[name]; !ok {
			t.Errorf("%s has no view among those of its feature", file)
			continue
		}
		for _, lang := range site.Languages {
			if only != "" && only != lang {
				continue
			}
			set := p.Sets[lang+"/"+name]
			if err := templatecheck.CheckHTML(set.Lookup("base"), views[name]); err != nil {
				t.Errorf("%s in %s: %v", file, lang, err)
			}
		}
	}
	for name := range views {
		for _, lang := range site.Languages {
			if p.Sets[lang+"/"+name] == nil {
				t.Errorf("there is no page %s in %s", name, lang)
			}
		}
	}
	checkChart(t, p)
}

// checkChart type-checks the shared pieces that a page may or may not use.
func checkChart(t *testing.T, p *site.Pages) {
	t.Helper()
	for _, c := range []struct {
		page, name string
		view       any
	}{{"round_benchmark", "chart", results.ChartView{}}, {"login", "input", site.InputView{}},
		{"people", "select", site.SelectView{}}} {
		set := p.Sets["de/"+c.page].Lookup(c.name)
		if set == nil {
			t.Fatalf("%s has no partial %s", c.page, c.name)
		}
		if err := templatecheck.CheckHTML(set, c.view); err != nil {
			t.Errorf("partial %s: %v", c.name, err)
		}
	}
}

func TestHostileTextStaysText(t *testing.T) {
	texts, err := site.LoadMessages(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	a, err := site.LoadAssets(builtAssets())
	if err != nil {
		t.Fatal(err)
	}
	set := template.Must(template.New("").Funcs(site.TemplateFuncs(texts["de"], a)).ParseFS(templates.Files,
		"partials/*.html"))
	var b strings.Builder
	hostile := `"></script><script>alert(1)</script>{{.}}`
	view := results.ChartView{ID: "x", Title: hostile,
		Option: site.ChartOption(`{"title":{"text":"</script><script>alert(1)</script>"}}`),
		Table: &site.ChartTable{Head: []site.CellView{{Text: hostile}},
			Rows: [][]site.CellView{{{Text: hostile}, {Text: "1", Number: true}}}}}
	if err := set.ExecuteTemplate(&b, "chart", view); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "<script>alert") {
		t.Errorf("hostile text got through: %s", b.String())
	}
	if !strings.Contains(b.String(), `\u003c/script\u003e`) {
		t.Errorf("the option is not in the page as JSON: %s", b.String())
	}
}

// TestPagesTakeNoSharedName refuses a page that defines a name of the shared templates: it would be
// filled with the views of other pages, which the check of types cannot see.
func TestPagesTakeNoSharedName(t *testing.T) {
	texts, err := site.LoadMessages(localeFiles)
	if err != nil {
		t.Fatal(err)
	}
	a, err := site.LoadAssets(builtAssets())
	if err != nil {
		t.Fatal(err)
	}
	for page, refused := range map[string]bool{
		`{{define "main"}}{{template "list" .}}{{end}}`:                            false,
		`{{define "main"}}{{template "mine" .}}{{end}}{{- define "mine"}}.{{end}}`: false,
		`{{define "main"}}{{end}}{{define "list"}}{{.State}}{{end}}`:               true,
		`{{define "main"}}{{block "list" .}}{{.State}}{{end}}{{end}}`:              true,
	} {
		files := fstest.MapFS{"layouts/base.html": {Data: []byte(`{{define "base"}}{{template "main" .}}{{end}}`)},
			"partials/list.html": {Data: []byte(`{{define "list"}}{{.Name}}{{end}}`)},
			"pages/one.html":     {Data: []byte(page)}}
		if _, err := site.LoadPages(files, texts, a); (err != nil) != refused {
			t.Errorf("%s: %v", page, err)
		}
	}
}
