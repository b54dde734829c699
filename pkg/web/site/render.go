package site

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Pages are the parsed templates: one set per page and language, parsed once at start.
type Pages struct {
	Sets map[string]*template.Template // "de/login"
}

// defines finds the names of the templates that a file defines.
var defines = regexp.MustCompile(`{{-?\s*(?:define|block)\s+"([^"]+)"`)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func LoadPages(files fs.FS, texts map[string]*Messages, a *Assets) (*Pages, error) {
	p := &Pages{Sets: map[string]*template.Template{}}
	all, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("web: list pages: %w", err)
	}
	if err := ownNames(files, all); err != nil {
		return nil, fmt.Errorf("web: names of templates: %w", err)
	}
	for _, lang := range Languages {
		funcs := TemplateFuncs(texts[lang], a)
		shared, err := template.New("").Funcs(funcs).ParseFS(files, "layouts/*.html", "partials/*.html")
		if err != nil {
			return nil, fmt.Errorf("web: parse layout: %w", err)
		}
		Fix(shared, texts[lang], a)
		for _, file := range all {
			name, only, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".html"), ".")
			if only != "" && only != lang {
				continue
			}
			set, err := template.New("").Funcs(funcs).ParseFS(files, file)
			if err != nil {
				return nil, fmt.Errorf("web: parse page %s: %w", name, err)
			}
			Fix(set, texts[lang], a)
			if err := borrow(set, shared, append([]string{"base"}, fragments[name]...)); err != nil {
				return nil, fmt.Errorf("web: parse page %s: %w", name, err)
			}
			p.Sets[lang+"/"+name] = set
		}
	}
	return p, nil
}

// ownNames refuses a page that defines the name of a partial: it would take the partial's place, in
// other partials too. The layout's names are there to be defined.
func ownNames(files fs.FS, all []string) error {
	partials, err := fs.Glob(files, "partials/*.html")
	if err != nil {
		return err
	}
	owners := map[string]string{}
	for _, file := range append(partials, all...) {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return err
		}
		for _, m := range defines.FindAllSubmatch(text, -1) {
			name := string(m[1])
			if owner := owners[name]; owner != "" {
				return fmt.Errorf("%s defines %q as %s does", file, name, owner)
			}
			if slices.Contains(partials, file) {
				owners[name] = file
			}
		}
	}
	return nil
}

// fragments are the templates of partials that are filled by themselves with a page's set.
var fragments = map[string][]string{
	"assessment_section": {"question", "question-head", "question-help", "question-read", "section-link",
		"section-program"},
}

// borrow copies into a page's set what it calls of the shared templates, and what these call. All
// of them in every set would be two thirds of the program's memory.
func borrow(set, shared *template.Template, called []string) error {
	for _, t := range set.Templates() {
		if t.Tree != nil {
			called = append(called, calls(t.Tree.Root)...)
		}
	}
	for len(called) > 0 {
		name := called[0]
		called = called[1:]
		if set.Lookup(name) != nil {
			continue
		}
		t := shared.Lookup(name)
		if t == nil {
			return fmt.Errorf("there is no template %q", name)
		}
		if _, err := set.AddParseTree(name, t.Tree.Copy()); err != nil {
			return err
		}
		called = append(called, calls(t.Tree.Root)...)
	}
	return nil
}

// TemplateFuncs are the functions of every template. Values are escaped by html/template, texts included.
func TemplateFuncs(m *Messages, a *Assets) template.FuncMap {
	f := m.Words()
	return template.FuncMap{
		"t":            m.Text,
		"asset":        a.url,
		"num":          f.Number,
		"decimal":      f.Decimal,
		"percent":      f.Percent,
		"wholePercent": f.WholePercent,
		"percentRange": f.PercentRange,
		"date":         f.Date,
		"clock":        f.Clock,
		"dateTime":     f.DateTime,
		"isoTime":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	}
}

// Execute fills the named template of a page ("base" for the whole page, another name for a
// fragment) and hands the bytes to use; they are gone afterwards.
func (p *Pages) Execute(lang, page, part string, view any, use func([]byte) error) error {
	set := p.Sets[lang+"/"+page]
	if set == nil {
		return fmt.Errorf("web: there is no page %q", page)
	}
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() < 1<<20 { // one huge page must not stay in memory for ever
			buffers.Put(b)
		}
	}()
	if err := set.ExecuteTemplate(b, part, view); err != nil {
		return fmt.Errorf("web: fill page %s: %w", page, err)
	}
	return use(b.Bytes())
}
