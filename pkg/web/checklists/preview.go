package checklists

import (
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
	"ortsspiegel/pkg/web/site"
)

// previewRoutes exist only where drafts were configured.
func (s *Pages) previewRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/preview", Name: "preview", Action: account.Public, Handler: s.preview},
		{Method: http.MethodGet, Path: "/preview/:checklist/:version", Name: "preview.checklist",
			Action: account.Public, Handler: s.previewChecklist},
	}
}

type previewView struct {
	site.PageView
	Files []draftLine
}

type draftLine struct {
	// the title is empty where the file cannot be built, the address where it is not named as a
	// version
	Name, Title, URL string
	Published        bool
	Errors, Warnings int
}

func (s *Pages) preview(r *site.Request) error {
	drafts, err := s.services.Drafts.Drafts()
	if err != nil {
		return err
	}
	v := previewView{PageView: r.Page(r.Text.Text("preview.title"))}
	lang := checklist.Lang(r.Text.Lang)
	for _, d := range drafts {
		line := draftLine{Name: d.Name, Published: d.Published}
		if d.Ref != (checklist.Ref{}) {
			line.URL = "/preview/" + string(d.Ref.ID) + "/" + string(d.Ref.Version)
		}
		if d.Definition != nil {
			line.Title = d.Definition.Title.In(lang)
		}
		for _, p := range d.Problems {
			if p.Severity == validate.SeverityError {
				line.Errors++
			} else {
				line.Warnings++
			}
		}
		v.Files = append(v.Files, line)
	}
	return r.Render(http.StatusOK, "preview", v)
}

type previewChecklistView struct {
	site.PageView
	File      string
	Published bool
	Problems  []problemLine
	Faulty    bool           // there are errors
	Sheet     *checklistView // nil: the file cannot be built
}

type problemLine struct {
	Place, Message string
	Error          bool
}

func (s *Pages) previewChecklist(r *site.Request) error {
	ref := checklist.Ref{ID: checklist.ID(r.Param("checklist")), Version: checklist.Version(r.Param("version"))}
	d, err := s.services.Drafts.Draft(ref)
	if err != nil {
		return err
	}
	v := previewChecklistView{PageView: r.Page(r.Text.Text("preview.of", "Name", ref.String())), File: d.File,
		Published: d.Published}
	for _, p := range d.Problems {
		v.Problems = append(v.Problems, problemLine{Place: p.Place, Message: p.Message,
			Error: p.Severity == validate.SeverityError})
		v.Faulty = v.Faulty || p.Severity == validate.SeverityError
	}
	if d.Definition != nil {
		sheet := s.checklistView(r, d.Definition)
		v.Sheet = &sheet
	}
	v.SetCrumbs(site.Crumb{Label: r.Text.Text("preview.title"), URL: "/preview"},
		site.Crumb{Label: ref.String(), URL: ""})
	return r.Render(http.StatusOK, "preview_checklist", v)
}
