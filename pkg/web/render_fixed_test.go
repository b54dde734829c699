package web

import (
	"bytes"
	"html/template"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"ortsspiegel/pkg/web/site"
	"ortsspiegel/templates"
)

// What fix writes into a template comes out exactly as html/template would have written it.
func TestFixedTextsAreEscapedAlike(t *testing.T) {
	m := &site.Messages{Lang: "de", Plain: map[string]string{"evil": `<b>"Tom" & 'Jerry'</b>`, "kind": "ruhig"}}
	a := &site.Assets{Urls: map[string]string{"app.css": "/static/app.0123.css"}}
	const source = `<title>{{t "evil"}}</title><p title="{{t "evil"}}">{{t "evil"}}</p><link href="{{asset "app.css"}}">` +
		`{{if .}}{{t "kind"}}{{else}}{{t "evil"}}{{end}}{{range .}}<i>{{t "evil"}}</i>{{end}}{{with .}}{{t "evil"}}{{end}}{{$x := t "evil"}}{{$x}}{{t "evil" | printf "%s"}}`
	filled := func(fixed bool) string {
		set := template.Must(template.New("page").Funcs(site.TemplateFuncs(m, a)).Parse(source))
		if fixed {
			site.Fix(set, m, a)
			if n := strings.Count(set.Lookup("page").Tree.Root.String(), `t "evil"`); n != 2 {
				t.Errorf("%d texts are left, want the variable and the pipeline: %s", n, set.Lookup("page").Tree.Root)
			}
		}
		var b bytes.Buffer
		if err := set.Execute(&b, []int{1, 2}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if got, want := filled(true), filled(false); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Inside of scripts and styles other escaping would be needed than fix does.
func TestNoTextsInScripts(t *testing.T) {
	closed := regexp.MustCompile(`(?s)<(script|style)\b[^>]*>(.*?)</(?:script|style)>`)
	err := fs.WalkDir(templates.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".html") {
			return err
		}
		data, err := fs.ReadFile(templates.Files, name)
		for _, m := range closed.FindAllSubmatch(data, -1) {
			if bytes.Contains(m[2], []byte("{{t ")) || bytes.Contains(m[2], []byte("{{asset ")) {
				t.Errorf("%s: a text inside of <%s>", name, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
