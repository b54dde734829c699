package web

import (
	"net/http"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
)

// contentRoutes are the readable pages for everybody.
func (s *shell) contentRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/help", name: "help.start", action: account.Public, handler: s.helpStart},
		{method: http.MethodGet, path: "/help/:role", name: "help", action: account.Public, handler: s.help},
		{method: http.MethodGet, path: "/method", name: "method", action: account.Public, handler: s.method},
		{method: http.MethodGet, path: "/privacy", name: "privacy", action: account.Public, handler: s.privacy},
		{method: http.MethodGet, path: "/accessibility", name: "accessibility", action: account.Public, handler: s.accessibility},
		{method: http.MethodGet, path: "/imprint", name: "imprint", action: account.Public, handler: s.imprint},
		{method: http.MethodGet, path: "/licences", name: "licences", action: account.Public, handler: s.licences},
	}
}

// listRoutes are the published checklists.
func (s *checklistPages) listRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/checklists", name: "checklists", action: account.Public, handler: s.checklists},
		{method: http.MethodGet, path: "/checklists/:checklist/:version", name: "checklist", action: account.Public, handler: s.checklist},
	}
}

type checklistsView struct {
	pageView
	Checklists []checklistLine
}

type checklistLine struct {
	Title, Summary string
	ID, Version    string
	Sections       int
	Questions      int
	Older          []string // versions
}

func (s *checklistPages) checklists(r *request) error {
	refs, err := s.Checklists.Refs()
	if err != nil {
		return err
	}
	v := checklistsView{pageView: r.page(r.text.text("checklists.title"))}
	lang := checklist.Lang(r.text.lang)
	for _, ref := range refs {
		if n := len(v.Checklists); n > 0 && v.Checklists[n-1].ID == string(ref.ID) {
			v.Checklists[n-1].Older = append(v.Checklists[n-1].Older, string(ref.Version))
			continue
		}
		d, _, err := s.Checklists.Get(ref)
		if err != nil {
			return err
		}
		v.Checklists = append(v.Checklists, checklistLine{Title: d.Title.In(lang), Summary: d.Summary.In(lang), ID: string(ref.ID), Version: string(ref.Version),
			Sections: len(d.Sections), Questions: len(d.Questions())})
	}
	return r.render(http.StatusOK, "checklists", v)
}

type checklistView struct {
	pageView
	ID, Version, Hash string
	Summary           string
	Source            *sourceView
	Origin            string // language of the texts where a translation is missing; empty: none is missing
	Questions         int
	Levels            []levelView
	Sections          []sectionView
	Before            string // the version before; empty: there is none
	ChangesURL        string // what changed since
}

type levelView struct {
	Label string
	From  float64 // percent
}

type sectionView struct {
	ID, Title, Summary string
	Weight, Share      float64 // share of all weights, 0..1
	Questions          []questionView
}

type questionView struct {
	ID, Number, Text string
	Help, Evidence   *proseView
	Source           *sourceView
	Type             string
	Weight           float64
	Scored           bool
	NotApplicable    bool
	Options          []optionLine
	Limits           string // limits and unit of a number, in words
	Targets          []targetView
	Knockout         string
	When             string
}

type optionLine struct {
	Label     string
	Points    float64
	Scored    bool
	Exclusive bool
}

type targetView struct {
	At     string
	Points float64
}

// shownChecklist returns a version for its pages, whose addresses stay: where the file is gone, what rounds keep of it.
func (s *checklistPages) shownChecklist(r *request, ref checklist.Ref) (*checklist.Definition, error) {
	d, _, err := s.Checklists.Get(ref)
	if fault.Is(err, fault.NotFound) && ref.ID.Valid() && ref.Version.Valid() {
		return s.Versions.Pinned(r.ctx(), ref)
	}
	return d, err
}

func (s *checklistPages) checklist(r *request) error {
	ref := checklist.Ref{ID: checklist.ID(r.Param("checklist")), Version: checklist.Version(r.Param("version"))}
	d, err := s.shownChecklist(r, ref)
	if err != nil {
		return err
	}
	v := s.checklistView(r, d)
	before, address, err := s.changesSince(r, d)
	if err != nil {
		return err
	}
	v.Before, v.ChangesURL = string(before), address
	v.crumbs(crumb{r.text.text("checklists.title"), "/checklists"}, crumb{v.Title, ""})
	return r.render(http.StatusOK, "checklist", v)
}

// helpRoles are the readers the help is written for.
var helpRoles = map[string]bool{"town": true, "colleague": true, "agency": true}

// helpAddress is the help page for an actor.
func helpAddress(a account.Actor) string {
	switch {
	case a.Role.ForAgency():
		return "/help/agency"
	case a.Role == account.TownEditor || a.Role == account.TownViewer:
		return "/help/colleague"
	}
	return "/help/town"
}

// helpStart leads to the help for the reader.
func (s *shell) helpStart(r *request) error { return r.redirect(helpAddress(r.actor)) }

type helpView struct {
	pageView
	Role string
}

func (s *shell) help(r *request) error {
	role := r.Param("role")
	if !helpRoles[role] {
		return errNoPage
	}
	return r.render(http.StatusOK, "help_"+role, helpView{pageView: r.page(r.text.text("help.title_" + role)), Role: role})
}

type methodView struct{ pageView }

func (s *shell) method(r *request) error {
	return r.render(http.StatusOK, "method", methodView{r.page(r.text.text("method.title"))})
}

// legalView is a page the operator can add to.
type legalView struct {
	pageView
	OperatorName string
	Contact      string
	Added        []string // the operator's paragraphs

	KeepLog, KeepEvidence int // days; 0: for ever
	MostDevices           int
}

func (s *shell) legal(r *request, page, added string) error {
	v := legalView{pageView: r.page(r.text.text(page + ".title")), OperatorName: s.Operator.Name, Contact: s.Operator.Contact,
		KeepLog: s.Operator.KeepLog, KeepEvidence: s.Operator.KeepEvidence, MostDevices: account.MostDevices}
	for _, p := range strings.Split(plaintext.Text(added), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			v.Added = append(v.Added, p)
		}
	}
	return r.render(http.StatusOK, page, v)
}

func (s *shell) privacy(r *request) error { return s.legal(r, "privacy", s.Operator.Privacy) }

func (s *shell) accessibility(r *request) error {
	return s.legal(r, "accessibility", s.Operator.Accessibility)
}

func (s *shell) imprint(r *request) error { return s.legal(r, "imprint", s.Operator.Imprint) }
