package web

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

// pages are the parsed templates: one set per page and language, parsed once at start.
type pages struct {
	sets map[string]*template.Template // "de/login"
}

// defines finds the names of the templates that a file defines.
var defines = regexp.MustCompile(`{{-?\s*(?:define|block)\s+"([^"]+)"`)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func loadPages(files fs.FS, texts map[string]*messages, a *assets) (*pages, error) {
	p := &pages{sets: map[string]*template.Template{}}
	all, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("web: list pages: %w", err)
	}
	if err := ownNames(files, all); err != nil {
		return nil, fmt.Errorf("web: names of templates: %w", err)
	}
	for _, lang := range languages {
		shared, err := template.New("").Funcs(templateFuncs(texts[lang], a)).ParseFS(files, "layouts/*.html", "partials/*.html")
		if err != nil {
			return nil, fmt.Errorf("web: parse layout: %w", err)
		}
		for _, file := range all {
			name, only, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".html"), ".")
			if only != "" && only != lang {
				continue
			}
			set, err := shared.Clone()
			if err != nil {
				return nil, fmt.Errorf("web: parse page %s: %w", name, err)
			}
			if _, err := set.ParseFS(files, file); err != nil {
				return nil, fmt.Errorf("web: parse page %s: %w", name, err)
			}
			fix(set, texts[lang], a)
			p.sets[lang+"/"+name] = set
		}
	}
	return p, nil
}

// ownNames refuses a page that defines the name of a partial: it would take the partial's place, in other partials too. The
// layout's names are there to be defined.
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

// templateFuncs are the functions of every template. Values are escaped by html/template, texts included.
func templateFuncs(m *messages, a *assets) template.FuncMap {
	f := formatter{m.lang}
	return template.FuncMap{
		"t":            m.text,
		"asset":        a.url,
		"num":          f.number,
		"decimal":      f.decimal,
		"percent":      f.percent,
		"wholePercent": f.wholePercent,
		"percentRange": f.percentRange,
		"date":         f.date,
		"clock":        f.clock,
		"dateTime":     f.dateTime,
		"isoTime":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	}
}

// execute fills the named template of a page ("base" for the whole page, another name for a fragment) and hands the bytes
// to use; they are gone afterwards.
func (p *pages) execute(lang, page, part string, view any, use func([]byte) error) error {
	set := p.sets[lang+"/"+page]
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
