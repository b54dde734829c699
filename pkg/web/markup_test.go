package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/web/site"
)

// markup is a page read strictly: what browsers would mend is a fault.
type markup struct {
	faults   []string
	stack    []element
	ids      map[string]string // to the element's name
	needs    []reference
	labelled map[string]bool // ids that a label names
	fields   []reference     // fields that need a label
	h1, last int
}

type element struct {
	name  string
	attrs map[string]string
	text  bool // some text stands in it
	table bool // a table stands in it
	chart bool
}

// reference is an id that something names.
type reference struct{ id, from string }

var (
	voids       = strings.Fields("area base br col embed hr img input link meta param source track wbr")
	interactive = strings.Fields("a button input select textarea label details summary")
	blocks      = strings.Fields(
		"address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr " +
			"main nav ol p pre section table ul")
	idLists = strings.Fields(
		"aria-labelledby aria-describedby aria-controls aria-owns aria-details aria-errormessage " +
			"aria-activedescendant aria-flowto for headers list form")
	shapes = strings.Fields("path rect circle line use g")
)

// textID is what stands in a page where a text has no words.
var textID = regexp.MustCompile(`^[a-z]+(\.[a-z_0-9]+)+$`)

// readMarkup returns what is wrong with a page.
func readMarkup(page string) []string {
	m := &markup{ids: map[string]string{}, labelled: map[string]bool{}}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			m.finish(page)
			return m.faults
		case html.StartTagToken, html.SelfClosingTagToken:
			m.start(z.Token())
		case html.EndTagToken:
			m.end(z.Token().Data)
		case html.TextToken:
			if text := strings.TrimSpace(z.Token().Data); text != "" {
				if textID.MatchString(text) {
					m.fault("%q looks like the name of a text that is missing", text)
				}
				for i := range m.stack {
					m.stack[i].text = true
				}
			}
		}
	}
}

func (m *markup) fault(format string, args ...any) {
	m.faults = append(m.faults, fmt.Sprintf(format, args...))
}

func (m *markup) within(names ...string) string {
	for i := len(m.stack) - 1; i >= 0; i-- {
		if slices.Contains(names, m.stack[i].name) {
			return m.stack[i].name
		}
	}
	return ""
}

func (m *markup) parent() element {
	if len(m.stack) == 0 {
		return element{}
	}
	return m.stack[len(m.stack)-1]
}

func (m *markup) start(t html.Token) {
	e := element{name: t.Data, attrs: map[string]string{}}
	for _, a := range t.Attr {
		e.attrs[a.Key] = a.Val
	}
	m.place(e)
	m.attributes(e)
	m.names(e)
	if t.Type == html.SelfClosingTagToken && slices.Contains(shapes, e.name) || slices.Contains(voids, e.name) {
		return
	}
	if t.Type == html.SelfClosingTagToken {
		m.fault("<%s/> closes itself", e.name)
	}
	_, e.chart = e.attrs["data-chart"]
	m.stack = append(m.stack, e)
}

// place checks what stands in what.
func (m *markup) place(e element) {
	parent := m.parent().name
	if e.name == "form" && m.within("form") != "" {
		m.fault("a form in a form")
	}
	if outer := m.within("a", "button"); outer != "" && slices.Contains(interactive, e.name) {
		m.fault("<%s> in <%s>", e.name, outer)
	}
	if e.name == "label" && m.within("label") != "" {
		m.fault("a label in a label")
	}
	if outer := m.within("p", "h1", "h2", "h3", "h4", "span"); outer != "" && slices.Contains(blocks, e.name) {
		m.fault("<%s> in <%s>", e.name, outer)
	}
	for child, parents := range map[string]string{"li": "ul ol", "dt": "dl div", "dd": "dl div",
		"tr": "thead tbody tfoot", "td": "tr", "th": "tr", "option": "select optgroup", "legend": "fieldset",
		"summary": "details", "figcaption": "figure", "caption": "table"} {
		if e.name == child && !slices.Contains(strings.Fields(parents), parent) {
			m.fault("<%s> in <%s>", e.name, parent)
		}
	}
	if (parent == "ul" || parent == "ol") && e.name != "li" || parent == "tr" && e.name != "td" && e.name != "th" {
		m.fault("<%s> in <%s>", e.name, parent)
	}
	if len(e.name) == 2 && e.name[0] == 'h' && e.name[1] >= '1' && e.name[1] <= '6' {
		level := int(e.name[1] - '0')
		if level > m.last+1 && m.last > 0 { // the summary of a refused form comes first of all
			m.fault("<%s> after a heading of level %d", e.name, m.last)
		}
		if m.last = level; level == 1 {
			m.h1++
		}
	}
	if e.name == "table" {
		for i := range m.stack {
			m.stack[i].table = true
		}
	}
}

func (m *markup) attributes(e element) {
	for name, v := range e.attrs {
		if strings.HasPrefix(name, "on") || name == "style" {
			m.fault("<%s> has %s", e.name, name)
		}
		if (name == "href" || name == "src" || name == "action") &&
			(strings.HasPrefix(strings.ToLower(strings.TrimSpace(v)), "javascript:") || v == "") {
			m.fault("<%s> has %s=%q", e.name, name, v)
		}
	}
	switch e.name {
	case "html":
		if e.attrs["lang"] == "" {
			m.fault("no language")
		}
	case "style":
		m.fault("a style element")
	case "script":
		if e.attrs["src"] == "" && e.attrs["type"] != "application/json" {
			m.fault("a script in the page")
		}
	case "img":
		if _, ok := e.attrs["alt"]; !ok {
			m.fault("a picture without a text")
		}
	case "th":
		if e.attrs["scope"] == "" {
			m.fault("<th> without scope")
		}
	}
	if _, ok := e.attrs["tabindex"]; ok && e.attrs["tabindex"] != "0" && e.attrs["tabindex"] != "-1" {
		m.fault("tabindex %s", e.attrs["tabindex"])
	}
}

// names gathers ids and who names them.
func (m *markup) names(e element) {
	if id, ok := e.attrs["id"]; ok {
		if _, twice := m.ids[id]; twice || id == "" || strings.ContainsAny(id, " \t\n") {
			m.fault("the id %q twice or wrong", id)
		}
		m.ids[id] = e.name
	}
	for _, name := range idLists {
		if name == "form" && e.name == "form" {
			continue
		}
		for _, id := range strings.Fields(e.attrs[name]) {
			m.needs = append(m.needs, reference{id, e.name + " " + name})
		}
	}
	if href := e.attrs["href"]; strings.HasPrefix(href, "#") {
		m.needs = append(m.needs, reference{strings.TrimPrefix(href, "#"), e.name + " href"})
	}
	if e.name == "label" {
		m.labelled[e.attrs["for"]] = true
	}
	hidden := slices.Contains([]string{"hidden", "submit", "button"}, e.attrs["type"])
	if (e.name == "input" || e.name == "select" || e.name == "textarea") && !hidden && m.within("label") == "" &&
		e.attrs["aria-label"] == "" && e.attrs["aria-labelledby"] == "" {
		m.fields = append(m.fields, reference{e.attrs["id"], e.name + " " + e.attrs["name"]})
	}
	if _, ok := e.attrs["data-chart"]; ok && e.name != "figure" {
		m.fault("a chart outside of a figure")
	}
}

func (m *markup) end(name string) {
	if len(m.stack) == 0 || m.parent().name != name {
		m.fault("</%s> where <%s> is open", name, m.parent().name)
		return
	}
	e := m.parent()
	m.stack = m.stack[:len(m.stack)-1]
	named := e.text || e.attrs["aria-label"] != "" || e.attrs["aria-labelledby"] != ""
	if slices.Contains([]string{"a", "button", "h1", "h2", "h3", "h4", "label", "title", "legend", "summary",
		"caption", "th", "option"}, name) && !named {
		m.fault("an empty <%s>", name)
	}
	if e.chart && !e.table {
		m.fault("a chart without its table")
	}
}

func (m *markup) finish(page string) {
	if len(m.stack) > 0 {
		m.fault("<%s> is never closed", m.parent().name)
	}
	if m.h1 != 1 {
		m.fault("%d headings of the first level", m.h1)
	}
	for _, r := range m.needs {
		if m.ids[r.id] == "" {
			m.fault("%s names %q, which is not there", r.from, r.id)
		} else if r.from == "label for" &&
			!slices.Contains([]string{"input", "select", "textarea", "output", "progress", "meter"}, m.ids[r.id]) {
			m.fault("a label names a <%s>", m.ids[r.id])
		}
	}
	for _, f := range m.fields {
		if f.id == "" || !m.labelled[f.id] {
			m.fault("%s has no label", f.from)
		}
	}
	if !strings.HasPrefix(page, "<!DOCTYPE html>") {
		m.fault("no doctype")
	}
	for _, leftover := range []string{"<no value>", "ZgotmplZ", "%!", "{{", "&amp;lt;", "&amp;amp;"} {
		if strings.Contains(page, leftover) {
			m.fault("%q is in the page", leftover)
		}
	}
}

func TestReadMarkupIsStrict(t *testing.T) {
	const head, foot = `<!DOCTYPE html><html lang="de"><head><title>T</title></head><body><h1>T</h1>`, `</body></html>`
	if faults := readMarkup(head + `<p>gut <a href="#x" id="x">x</a><br></p>` + foot); len(faults) > 0 {
		t.Errorf("a good page: %v", faults)
	}
	for _, bad := range []string{`<p id="a"></p><p id="a"></p>`, `<label for="x">x</label>`, `<input name="x">`,
		`<form><form></form></form>`, `<a href="/"><button type="button">x</button></a>`, `<p><div></div></p>`,
		`<b><i></b></i>`, `<p aria-describedby="x"></p>`, `<h1>zwei</h1>`, `<h3>Sprung</h3>`,
		`<p style="color:red"></p>`, `<p onclick="x()"></p>`, `<script>x()</script>`, `<a href="javascript:x()">x</a>`,
		`<figure data-chart="x"></figure>`, `<ul><p></p></ul>`, `<td>x</td>`, `<div>`, `<a href="/"></a>`,
		`<img src="/x">`, `<b>result.none</b>`} {
		if len(readMarkup(head+bad+foot)) == 0 {
			t.Errorf("%s is no fault", bad)
		}
	}
}

// TestEveryPageIsValid reads every page of the router in both languages, as every role, with every refused form.
func TestEveryPageIsValid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	told := map[string]bool{}
	pages := 0
	check := func(what, status string, answer string) {
		pages++
		for _, f := range readMarkup(answer) {
			if key := strings.SplitN(what, " by ", 2)[0] + f; !told[key] {
				told[key] = true
				t.Errorf("%s (%s): %s", what, status, f)
			}
		}
	}
	list := registeredRoutes(t)
	for _, a := range w.actors {
		for _, lang := range site.Languages {
			a.b.cookies[site.CookieLang] = lang
			for _, x := range list {
				if x.name == "logout" {
					continue
				}
				for i, target := range w.targets(a, x.name, x.path, rightsOfRoutes[x.name].kind) {
					if target.owner == "missing" && i > 0 || x.method != http.MethodGet && target.owner != "own" {
						continue
					}
					w.rest(x.name)
					path, form := target.path, url.Values(nil)
					if x.method != http.MethodGet {
						path, form = harmless(x.name, target, url.Values{"title": {"x"}, "email": {"kein"},
							"name": {"x"}, "reason": {"kurz"}, "link": {"nichts"}, "password": {"kurz"},
							"rev." + question2: {"0"}, "a." + question2: {"falsch"}})
					}
					answer := a.b.do(x.method, path, form)
					if strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
						check(fmt.Sprintf("%s %s in %s by %s", x.method, x.path, lang, a.name),
							fmt.Sprintf("%s, %d", target.state, answer.Code), answer.Body.String())
					}
				}
			}
		}
	}
	if pages < 500 {
		t.Errorf("only %d pages were read", pages)
	}
	t.Logf("%d pages", pages)
}

// TestChartsHaveTables reads the pages that have pictures only when many towns take part.
func TestChartsHaveTables(t *testing.T) {
	t.Parallel()
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	lead := v.signedIn(v.person("anna", account.TownLead, string(v.towns[0].AGS)))
	v.publish()
	for path, b := range map[string]*browser{v.address(""): admin, v.address("/benchmark"): admin,
		v.sheetOf(1, "/result"): admin, v.sheetOf(0, "/benchmark"): lead, v.sheetOf(0, "/result"): lead,
		v.sheetOf(0, "/result/print"): lead, v.sheetOf(0, "/sections/netz"): lead, v.sheetOf(0, "/overview"): lead} {
		for _, lang := range site.Languages {
			b.cookies[site.CookieLang] = lang
			body := b.get(path).Body.String()
			for _, f := range readMarkup(body) {
				t.Errorf("%s in %s: %s", path, lang, f)
			}
			if (strings.HasSuffix(path, "/benchmark") || strings.HasSuffix(path, "/result")) &&
				!strings.Contains(body, "data-chart=") {
				t.Errorf("%s has no chart", path)
			}
		}
	}
}
