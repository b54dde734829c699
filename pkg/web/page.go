package web

import (
	"strconv"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
)

// pageView is what the layout needs; the view of every page embeds it.
type pageView struct {
	Title    string
	Within   string // what the page belongs to, for the title of the window
	Lang     string
	Theme    string // "light", "dark" or "" for the system's
	Path     string // of this page, for the switches to return to
	User     *userView
	Nav      []navItem
	Crumbs   []crumb
	Notice   *noticeView
	Errors   []errorLine // of a refused form: the title then begins "Fehler:"
	Charts   bool        // load charts.js
	HelpURL  string
	Operator string
	Software string // with its version for those who have signed in, for nobody else
}

type userView struct{ Name, Role, Place string }

type navItem struct {
	Label, URL     string
	Current, Exact bool
}

// crumb is a step of the way to this page; the last one has no address.
type crumb struct{ Label, URL string }

// noticeView says that something was done: Kind is success, warning or danger.
type noticeView struct{ Kind, Text string }

// errorLine is a line of the error summary; Field is the id of the field it leads to.
type errorLine struct{ Field, Text string }

// navigation is the main menu; an entry is shown to whom the policy allows its page.
var navigation = []struct {
	text, url string
	action    account.Action
}{
	{"nav.start", "/", account.ViewDashboard},
	{"nav.towns", "/towns", account.ViewTowns},
	{"nav.people", "/people", account.ViewPeople},
	{"nav.audit", "/audit", account.ViewAudit},
	{"nav.checklists", "/checklists", account.Public},
	{"nav.help", "/help", account.Public},
}

// page returns the frame of a page with a title that is already in the reader's language.
func (r *request) page(title string) pageView {
	req := r.Request()
	v := pageView{Title: title, Lang: r.text.lang, Theme: theme(req), Path: req.URL.RequestURI(), HelpURL: helpAddress(r.actor), Operator: r.srv.Operator.Name, Software: "Ortsspiegel"}
	if r.route != nil && r.route.method != "GET" || strings.HasPrefix(req.URL.Path, "/link/") {
		v.Path = "/" // a form's target cannot be returned to, and a link's secret stays out of the page
	}
	for _, n := range navigation {
		if !account.Can(r.actor, n.action, ownScope(r.actor)) {
			continue
		}
		address := n.url
		if address == "/help" {
			address = helpAddress(r.actor)
		}
		exact := req.URL.Path == address
		within := n.url != "/" && strings.HasPrefix(req.URL.Path, n.url+"/") || n.url == "/" && fromStart(req.URL.Path)
		v.Nav = append(v.Nav, navItem{Label: r.text.text(n.text), URL: address, Current: exact || within, Exact: exact})
	}
	if r.actor.SignedIn() {
		v.Software = r.srv.Program
		if day := r.srv.Released; !day.IsZero() {
			v.Software = r.text.text("layout.released", "Program", r.srv.Program, "Date", r.text.words().Date(day))
		}
		v.User = &userView{Name: r.actor.Name, Role: r.text.text("role." + string(r.actor.Role)), Place: r.place()}
	}
	if done := r.QueryParam("done"); done != "" && r.text.has("done."+done) {
		v.Notice = &noticeView{Kind: "success", Text: r.text.text("done."+done, "Taken", r.count("taken"), "Left", r.count("left"))}
	}
	return v
}

// fromStart reports whether the start page leads to an address: rounds and assessments have no entry of their own.
func fromStart(path string) bool {
	return strings.HasPrefix(path, "/rounds/") || strings.HasPrefix(path, "/assessments/")
}

// count is a number of things that an address says of what was just done; 0 if it says none.
func (r *request) count(name string) int {
	n, err := strconv.Atoi(r.QueryParam(name))
	if err != nil || n < 0 || n > 99_999 {
		return 0
	}
	return n
}

// crumbs sets the way to a page: pairs of label and address, the last without an address.
func (v *pageView) crumbs(steps ...crumb) { v.Crumbs = steps }

// refused fills the error summary from an error about fields and reports whether it was one; other errors are the caller's.
func (v *pageView) refused(m *messages, err error) bool {
	e := fault.As(err)
	if e == nil || e.Kind != fault.Invalid {
		return false
	}
	for _, f := range e.Fields {
		v.Errors = append(v.Errors, errorLine{Field: f.Name, Text: m.field(f)})
	}
	if len(e.Fields) == 0 {
		v.Errors = append(v.Errors, errorLine{Text: m.fault(e)})
	}
	return true
}

// errorFor returns the text of the first error of a field.
func (v *pageView) errorFor(field string) string {
	for _, e := range v.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// render answers with a page.
func (r *request) render(status int, page string, view any) error {
	return r.srv.pages.execute(r.text.lang, page, "base", view, func(b []byte) error {
		return r.HTMLBlob(status, b)
	})
}

// inputView is a labelled input; its Name is also its id.
type inputView struct {
	Name, Label, Hint, Error string
	Type                     string // text, email, password, date, number, url
	Value                    string
	Autocomplete             string
	Required                 bool
	Rows                     int // above 0: a text area
}

// selectView is a labelled choice from a list.
type selectView struct {
	Name, Label, Hint, Error string
	Options                  []optionView
}

type optionView struct {
	Value, Label string
	Selected     bool
}

// chartView is a picture with its data table. Option is nil when there is nothing to draw: then Empty says why.
type chartView struct {
	ID      string // also the file name of the download
	Title   string
	Finding string // what is to be seen, in a sentence
	Source  string // round, number of towns, date and source, for the saved picture
	Option  chartOption
	Size    string // "", flat, tall, map
	Height  int    // in pixels; 0: the one of the size
	Notes   []string
	MapURL  string // where the outlines come from; empty: no map
	MapName string
	Empty   string
	Key     []keyView // whose the numbers in the picture are
	Table   *chartTable
}

type keyView struct {
	Number int
	Text   string
}

// chartOption is the option as JSON, made by the chart package: html/template writes it into the script element as it is,
// with <, > and & escaped.
type chartOption []byte

// MarshalJSON returns the option itself.
func (o chartOption) MarshalJSON() ([]byte, error) { return o, nil }

type chartTable struct {
	Head  []cellView
	Rows  [][]cellView
	Notes []string
}

type cellView struct {
	Text   string
	Number bool // right-aligned
}
