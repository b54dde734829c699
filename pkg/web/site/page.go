package site

import (
	"strconv"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
)

// PageView is what the layout needs; the view of every page embeds it.
type PageView struct {
	Title    string
	Within   string // what the page belongs to, for the title of the window
	Lang     string
	Theme    string // "light", "dark" or "" for the system's
	Path     string // of this page, for the switches to return to
	User     *userView
	Nav      []navItem
	Aside    []navItem // of the menu behind the name: what is looked up, not worked in
	Crumbs   []Crumb
	JobSteps []StepView // of the job this page belongs to
	OnPage   []PartView // of a long page: its own navigation
	Notice   *NoticeView
	Errors   []ErrorLine // of a refused form: the title then begins "Fehler:"
	Charts   bool        // load charts.js
	HelpURL  string
	Operator string
	Brand    string // the region's initiative; empty: the program's name
	BrandURL string // of the style sheet with the region's colour; empty: there is none
	Software string // with its version for those who have signed in, for nobody else
}

type userView struct{ Name, Role, Place string }

type navItem struct {
	Label, URL     string
	Current, Exact bool
}

// Crumb is a step of the way to this page; the last one has no address.
type Crumb struct{ Label, URL string }

// StepView is a step of a job of several pages. Without an address it cannot be gone to yet.
type StepView struct {
	Number     int
	Label, URL string
	State      string // how far it is, in words; may be empty
	Done, Now  bool
}

// PartView is a part of a long page.
type PartView struct {
	URL, Label string // "#levers"
	Current    bool
}

// NoticeView says that something was done: Kind is success, warning or danger.
type NoticeView struct{ Kind, Text string }

// ErrorLine is a line of the error summary; Field is the id of the field it leads to.
type ErrorLine struct{ Field, Text string }

// navigation is the main menu; an entry is shown to whom the policy allows its page. Aside it stands
// in the menu behind the reader's name.
var navigation = []struct {
	text, url string
	action    account.Action
	aside     bool
}{
	{"nav.start", "/", account.ViewDashboard, false},
	{"nav.towns", "/towns", account.ViewTowns, false},
	{"nav.people", "/people", account.ViewPeople, false},
	{"nav.look", "/look", account.ManageLook, true},
	{"nav.audit", "/audit", account.ViewAudit, true},
	{"nav.checklists", "/checklists", account.Public, false},
	{"nav.help", "/help", account.Public, false},
}

// Page returns the frame of a page with a title that is already in the reader's language.
func (r *Request) Page(title string) PageView {
	req := r.Request()
	v := PageView{Title: title, Lang: r.Text.Lang, Theme: Theme(req), Path: req.URL.RequestURI(),
		HelpURL: HelpAddress(r.Actor), Operator: r.Srv.Operator.Name, Software: "Ortsspiegel"}
	if r.Route != nil && r.Route.Method != "GET" || strings.HasPrefix(req.URL.Path, "/link/") {
		v.Path = "/" // a form's target cannot be returned to, and a link's secret stays out of the page
	}
	for _, n := range navigation {
		if !account.Can(r.Actor, n.action, OwnScope(r.Actor)) {
			continue
		}
		address := n.url
		if address == "/help" {
			address = HelpAddress(r.Actor)
		}
		exact := req.URL.Path == address
		within := n.url != "/" && strings.HasPrefix(req.URL.Path, n.url+"/") || n.url == "/" && fromStart(req.URL.Path)
		item := navItem{Label: r.Text.Text(n.text), URL: address, Current: exact || within, Exact: exact}
		if n.aside {
			v.Aside = append(v.Aside, item)
			continue
		}
		v.Nav = append(v.Nav, item)
	}
	if r.Actor.SignedIn() {
		v.Software = r.Srv.Program
		if day := r.Srv.Released; !day.IsZero() {
			v.Software = r.Text.Text("layout.released", "Program", r.Srv.Program, "Date", r.Text.Words().Date(day))
		}
		look := r.Look()
		v.Brand, v.BrandURL = look.Name, BrandAddress(look)
		v.User = &userView{Name: r.Actor.Name, Role: r.Text.Text("role." + string(r.Actor.Role)), Place: r.Place()}
	}
	if done := r.QueryParam("done"); done != "" && r.Text.Has("done."+done) {
		v.Notice = &NoticeView{Kind: "success", Text: r.Text.Text("done."+done, "Taken", r.count("taken"), "Left",
			r.count("left"))}
	}
	return v
}

// fromStart reports whether the start page leads to an address: rounds and assessments have no entry of their own.
func fromStart(path string) bool {
	return strings.HasPrefix(path, "/rounds/") || strings.HasPrefix(path, "/assessments/")
}

// count is a number of things that an address says of what was just done; 0 if it says none.
func (r *Request) count(name string) int {
	n, err := strconv.Atoi(r.QueryParam(name))
	if err != nil || n < 0 || n > 99_999 {
		return 0
	}
	return n
}

// SetCrumbs sets the way to a page: pairs of label and address, the last without an address.
func (v *PageView) SetCrumbs(steps ...Crumb) { v.Crumbs = steps }

// Refused fills the error summary from an error about fields and reports whether it was one; other
// errors are the caller's.
func (v *PageView) Refused(m *Messages, err error) bool {
	e := fault.As(err)
	if e == nil || e.Kind != fault.Invalid {
		return false
	}
	for _, f := range e.Fields {
		v.Errors = append(v.Errors, ErrorLine{Field: f.Name, Text: m.Field(f)})
	}
	if len(e.Fields) == 0 {
		v.Errors = append(v.Errors, ErrorLine{Text: m.Fault(e)})
	}
	return true
}

// ErrorFor returns the text of the first error of a field.
func (v *PageView) ErrorFor(field string) string {
	for _, e := range v.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// Render answers with a page.
func (r *Request) Render(status int, page string, view any) error {
	return r.Srv.Rendering.Execute(r.Text.Lang, page, "base", view, func(b []byte) error {
		return r.HTMLBlob(status, b)
	})
}

// InputView is a labelled input; its Name is also its id.
type InputView struct {
	Name, Label, Hint, Error string
	Type                     string // text, email, password, date, number, url
	Value                    string
	Autocomplete             string
	Required                 bool
	Rows                     int // above 0: a text area
}

// SelectView is a labelled choice from a list.
type SelectView struct {
	Name, Label, Hint, Error string
	Options                  []OptionView
}

type OptionView struct {
	Value, Label string
	Selected     bool
}

type KeyView struct {
	Number int
	Text   string
}

// ChartOption is the option as JSON, made by the chart package: html/template writes it into the
// script element as it is, with <, > and & escaped.
type ChartOption []byte

// MarshalJSON returns the option itself.
func (o ChartOption) MarshalJSON() ([]byte, error) { return o, nil }

type ChartTable struct {
	Head  []CellView
	Rows  [][]CellView
	Notes []string
}

type CellView struct {
	Text   string
	Number bool // right-aligned
}

// HelpRoles are the readers the help is written for.
var HelpRoles = map[string]bool{"town": true, "colleague": true, "agency": true}

// HelpAddress is the help page for an actor.
func HelpAddress(a account.Actor) string {
	switch {
	case a.Role.ForAgency():
		return "/help/agency"
	case a.Role == account.TownEditor || a.Role == account.TownViewer:
		return "/help/colleague"
	}
	return "/help/town"
}

// TabView is one choice among several views of a page.
type TabView struct {
	URL, Label string
	Current    bool
}
