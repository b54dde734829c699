package checklists

import (
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

// listRoutes are the published checklists.
func (s *Pages) listRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/checklists", Name: "checklists", Action: account.Public,
			Handler: s.checklists},
		{Method: http.MethodGet, Path: "/checklists/:checklist/:version", Name: "checklist", Action: account.Public,
			Handler: s.checklist},
	}
}

type checklistsView struct {
	site.PageView
	Checklists []checklistLine
}

type checklistLine struct {
	Title, Summary string
	ID, Version    string
	Sections       int
	Questions      int
	Older          []string // versions
}

func (s *Pages) checklists(r *site.Request) error {
	refs, err := s.services.Checklists.Refs()
	if err != nil {
		return err
	}
	v := checklistsView{PageView: r.Page(r.Text.Text("checklists.title"))}
	lang := checklist.Lang(r.Text.Lang)
	for _, ref := range refs {
		if n := len(v.Checklists); n > 0 && v.Checklists[n-1].ID == string(ref.ID) {
			v.Checklists[n-1].Older = append(v.Checklists[n-1].Older, string(ref.Version))
			continue
		}
		d, _, err := s.services.Checklists.Get(ref)
		if err != nil {
			return err
		}
		v.Checklists = append(v.Checklists, checklistLine{Title: d.Title.In(lang), Summary: d.Summary.In(lang),
			ID: string(ref.ID), Version: string(ref.Version),
			Sections: len(d.Sections), Questions: len(d.Questions())})
	}
	return r.Render(http.StatusOK, "checklists", v)
}

type checklistView struct {
	site.PageView
	ID, Version, Hash string
	Summary           string
	Source            *site.SourceView
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
	Help, Evidence   *site.ProseView
	Source           *site.SourceView
	Shape            string // in which it is asked: "choice", "number"
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
func (s *Pages) shownChecklist(r *site.Request, ref checklist.Ref) (*checklist.Definition, error) {
	d, _, err := s.services.Checklists.Get(ref)
	if fault.Is(err, fault.NotFound) && ref.ID.Valid() && ref.Version.Valid() {
		return s.services.Versions.Pinned(r.Ctx(), ref)
	}
	return d, err
}

func (s *Pages) checklist(r *site.Request) error {
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
	v.SetCrumbs(site.Crumb{Label: r.Text.Text("checklists.title"), URL: "/checklists"},
		site.Crumb{Label: v.Title, URL: ""})
	return r.Render(http.StatusOK, "checklist", v)
}
