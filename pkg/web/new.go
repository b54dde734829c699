package web

import (
	"embed"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"
)

//go:embed locales/*.json
var localeFiles embed.FS

// shell joins the features and has the pages that belong to none.
type shell struct {
	*roundPages
	answering  *answeringPages
	people     *peoplePages
	checklists *checklistPages

	licenceGroups func() ([]licenceGroup, error) // read at the first asking
}

// New returns the whole application as a handler. It fails if assets, texts or templates are missing or broken.
func New(config Config) (http.Handler, error) {
	s, err := newShell(config)
	if err != nil {
		return nil, err
	}
	return s.handler(s.echo())
}

func newShell(config Config) (*shell, error) {
	if config.Locales == nil {
		config.Locales = localeFiles
	}
	s, err := newServer(config)
	if err != nil {
		return nil, err
	}
	return join(s), nil
}

// join makes the features' pages over what they share.
func join(s *server) *shell {
	a := newAssessmentPages(s)
	return &shell{
		roundPages: newRoundPages(newResultPages(a)), answering: newAnsweringPages(a), people: newPeoplePages(s), checklists: newChecklistPages(s),
		licenceGroups: sync.OnceValues(func() ([]licenceGroup, error) { return readLicences(s.Config.Assets) }),
	}
}

// table returns the one table of addresses: what is not in it does not exist. Each feature keeps its lines beside its
// handlers.
func (s *shell) table() []route {
	return slices.Concat(s.shellRoutes(), s.contentRoutes(), s.people.routes(), s.checklists.routes(), s.assessmentPages.routes(),
		s.answering.routes(), s.resultPages.routes(), s.roundPages.routes())
}

// views pairs each page with the view it is filled with.
func (s *shell) views() map[string]any {
	all := map[string]any{
		"start":          startView{},
		"help_town":      helpView{},
		"help_colleague": helpView{},
		"help_agency":    helpView{},
		"method":         methodView{},
		"privacy":        legalView{},
		"accessibility":  legalView{},
		"imprint":        legalView{},
		"licences":       licencesView{},
	}
	for _, views := range []map[string]any{
		s.server.views(), s.people.views(), s.checklists.views(), s.assessmentPages.views(), s.answering.views(), s.resultPages.views(),
		s.roundPages.views(),
	} {
		maps.Copy(all, views)
	}
	return all
}

// echo returns the router with every route of the table and nothing else.
func (s *shell) echo() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = newForwarded(s.TrustedProxies, s.Logger, s.Now).extract
	e.HTTPErrorHandler = s.echoError
	e.Use(s.measure, s.recover, previewAtHome, refuseOptions)
	table := s.table()
	for i := range table {
		r := &table[i]
		e.Add(r.method, r.path, s.guard(r)).Name = r.name
	}
	return e
}

// handler puts around the router what must hold even where it finds no route.
func (s *shell) handler(router http.Handler) (http.Handler, error) {
	compress, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(1), gzhttp.MinSize(1024))
	if err != nil {
		return nil, fmt.Errorf("web: set up compression: %w", err)
	}
	return s.secureHeaders(headAsGet(compress(router))), nil
}
