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

	"ortsspiegel/pkg/web/answering"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/checklists"
	"ortsspiegel/pkg/web/people"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/rounds"
	"ortsspiegel/pkg/web/site"
)

//go:embed locales/*.json */locales/*.json
var localeFiles embed.FS

// shell joins the features and has the pages that belong to none.
type shell struct {
	*site.Server
	people      *people.Pages
	checklists  *checklists.Pages
	assessments *assessments.Pages
	answering   *answering.Pages
	results     *results.Pages
	rounds      *rounds.Pages
	begun       begun
	own         own
	unled       unled

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
	s, err := site.NewServer(config.Config, config.Accounts, config.Territory)
	if err != nil {
		return nil, err
	}
	return join(s, config), nil
}

// join makes the features' pages over what they share.
func join(s *site.Server, c Config) *shell {
	a := assessments.New(s, c.assessments())
	r := results.New(a, c.results())
	return &shell{
		Server: s, people: people.New(s, c.people()), checklists: checklists.New(s, c.checklists()),
		assessments: a, answering: answering.New(a, c.answering()),
		results: r, rounds: rounds.New(r, c.rounds()), begun: c.Rounds, own: c.Assessments, unled: c.Accounts,
		licenceGroups: sync.OnceValues(func() ([]licenceGroup, error) { return readLicences(s.Config.Assets) }),
	}
}

// table returns the one table of addresses: what is not in it does not exist. Each feature keeps its lines beside its
// handlers.
func (s *shell) table() []site.Route {
	return slices.Concat(s.shellRoutes(), s.contentRoutes(), s.people.Routes(), s.checklists.Routes(),
		s.assessments.Routes(),
		s.answering.Routes(), s.results.Routes(), s.rounds.Routes())
}

// views pairs each page with the view it is filled with.
func (s *shell) views() map[string]any {
	all := map[string]any{
		"start":          startView{},
		"landing":        landingView{},
		"easy":           easyView{},
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
		s.Server.Views(), s.people.Views(), s.checklists.Views(), s.assessments.Views(),
		s.answering.Views(), s.results.Views(), s.rounds.Views(),
	} {
		maps.Copy(all, views)
	}
	return all
}

// echo returns the router with every route of the table and nothing else.
func (s *shell) echo() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = site.NewForwarded(s.TrustedProxies, s.Logger, s.Now).Extract
	e.HTTPErrorHandler = s.EchoError
	e.Use(s.Measure, s.Recover, previewAtHome, site.RefuseOptions)
	table := s.table()
	for i := range table {
		r := &table[i]
		e.Add(r.Method, r.Path, s.Guard(r)).Name = r.Name
	}
	return e
}

// handler puts around the router what must hold even where it finds no route.
func (s *shell) handler(router http.Handler) (http.Handler, error) {
	compress, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(1), gzhttp.MinSize(1024))
	if err != nil {
		return nil, fmt.Errorf("web: set up compression: %w", err)
	}
	return s.SecureHeaders(site.HeadAsGet(compress(router))), nil
}
