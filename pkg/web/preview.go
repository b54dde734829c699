package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
)

// Drafts are checklist files that somebody is writing, read anew each time they are asked for.
type Drafts interface {
	// Drafts lists all files, the newest version of each checklist first.
	Drafts() ([]Draft, error)
	// Draft reads one version; fault.NotFound if there is no such file.
	Draft(ref checklist.Ref) (Draft, error)
}

// Draft is a checklist file with what the linter says about it.
type Draft struct {
	Name       string                // folder and file, such as willkommen/2.0.0.yaml
	File       string                // the path, as an editor takes it
	Ref        checklist.Ref         // zero: the file is not named as a version and has no page
	Published  bool                  // frozen: these bytes are what rounds use
	Definition *checklist.Definition // nil: it cannot be built; beside errors it may break rules
	Problems   []DraftProblem
}

// DraftProblem is one thing the linter says.
type DraftProblem struct {
	Place    string // line:column, after the file's name if it is another file's
	Severity validate.Severity
	Message  string // English
}

// previewRoutes exist only where drafts were configured.
func (s *checklistPages) previewRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/preview", name: "preview", action: account.Public, handler: s.preview},
		{method: http.MethodGet, path: "/preview/:checklist/:version", name: "preview.checklist", action: account.Public, handler: s.previewChecklist},
	}
}

// previewAtHome answers only those who call this machine by its own name: a page elsewhere whose name was made to lead here must
// not read what is not published. To anybody else the addresses are unknown ones.
func previewAtHome(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if (strings.HasPrefix(c.Path(), "/preview") || strings.HasPrefix(c.Request().URL.Path, "/preview")) && !isLoopback(c.Request().Host) {
			return echo.ErrNotFound
		}
		return next(c)
	}
}

func isLoopback(host string) bool {
	name := (&url.URL{Host: host}).Hostname()
	addr, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

type previewView struct {
	pageView
	Files []draftLine
}

type draftLine struct {
	Name, Title, URL string // the title is empty where the file cannot be built, the address where it is not named as a version
	Published        bool
	Errors, Warnings int
}

func (s *checklistPages) preview(r *request) error {
	drafts, err := s.Drafts.Drafts()
	if err != nil {
		return err
	}
	v := previewView{pageView: r.page(r.text.text("preview.title"))}
	lang := checklist.Lang(r.text.lang)
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
	return r.render(http.StatusOK, "preview", v)
}

type previewChecklistView struct {
	pageView
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

func (s *checklistPages) previewChecklist(r *request) error {
	ref := checklist.Ref{ID: checklist.ID(r.Param("checklist")), Version: checklist.Version(r.Param("version"))}
	d, err := s.Drafts.Draft(ref)
	if err != nil {
		return err
	}
	v := previewChecklistView{pageView: r.page(r.text.text("preview.of", "Name", ref.String())), File: d.File, Published: d.Published}
	for _, p := range d.Problems {
		v.Problems = append(v.Problems, problemLine{Place: p.Place, Message: p.Message, Error: p.Severity == validate.SeverityError})
		v.Faulty = v.Faulty || p.Severity == validate.SeverityError
	}
	if d.Definition != nil {
		sheet := s.checklistView(r, d.Definition)
		v.Sheet = &sheet
	}
	v.crumbs(crumb{r.text.text("preview.title"), "/preview"}, crumb{ref.String(), ""})
	return r.render(http.StatusOK, "preview_checklist", v)
}
