package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
	"ortsspiegel/pkg/internal/turns"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/territory"
)

// Checklists are the versions this installation knows.
type Checklists interface {
	// Get returns a version and its file's bytes; an unknown one is fault.NotFound.
	Get(ref checklist.Ref) (*checklist.Definition, []byte, error)
	// Refs lists all versions, the newest of each checklist first.
	Refs() ([]checklist.Ref, error)
}

// Mailer sends a mail of plain text. Its errors name neither addresses nor passwords.
type Mailer interface {
	Send(ctx context.Context, to, subject, body string) error
}

// Operator is who runs this installation, as the legal pages name it.
type Operator struct {
	Name          string // shown in the footer; empty: nothing is shown
	Imprint       string // plain text, paragraphs parted by empty lines; empty: a placeholder that says what is missing
	Privacy       string // plain text, added to the privacy page
	Accessibility string // plain text, added to the declaration of accessibility
	Contact       string // mail address or telephone number for questions

	KeepLog, KeepEvidence int // days until the log forgets, and until evidence goes after its round; 0: never
}

// Limits are the rates of costly or guessable requests. Zero values take the defaults.
type Limits struct {
	SignInsPerAccount int // tries in a row from one network before one every ten seconds; default 10
	SignInsPerNetwork int // tries in a row before one a second; default 60
	SavesPerMinute    int // of one account, of any kind, once saveBurst minutes of them are used up; default 600
}

// Config is everything the application needs; all fields without a stated default are required.
type Config struct {
	Accounts    *account.Service
	Territory   *territory.Service
	Assessments *assessment.Service
	Rounds      *round.Service
	Versions    *lineage.Versions
	Trends      *trend.Service
	DryRuns     *dryrun.Service
	Checklists  Checklists
	Mail        Mailer // nil: no mail is sent, pages show the texts to be copied
	Drafts      Drafts // pages for those who write checklists; nil, as in normal operation: there are none

	Templates fs.FS   // layouts/, partials/, pages/
	Locales   fs.FS   // locales/, and those of each feature in its folder; nil: the texts that are built in
	Assets    fs.FS   // the built files with manifest.json
	Loaded    *Loaded // what Load made of these three, where several servers share it; nil: NewServer loads them

	Now            func() time.Time
	Logger         *slog.Logger
	Ready          func(context.Context) error // whether the database takes a write
	Warning        func() string               // what readiness should warn of; nil or empty: nothing
	Operator       Operator
	Program        string    // name and version, in reports and the footer
	Released       time.Time // the day of this version, in the footer; zero: unknown
	Limits         Limits
	Work           *turns.Turns   // whose turn costly routes wait for; nil: as many at a time as there are cores
	PublicURL      PublicURL      // how people reach it; https: __Host- cookies, HSTS
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed; none: nobody's
}

// Server holds what the handlers share. Only its caches and limits change after New.
type Server struct {
	Config
	assets    *Assets
	Texts     map[string]*Messages
	Rendering *Pages
	SignIns   *signInLimits
	saves     *keyedLimit
	crossing  *http.CrossOriginProtection
	Names     NameCache
	Looks     LookCache
	Rates     *rates
	Prose     Lru[TextKey, []questionProse]
}

// Loaded is what is read and parsed before pages can be filled. It never changes, so servers may share it.
type Loaded struct {
	assets *Assets
	texts  map[string]*Messages
	pages  *Pages
}

// Load reads assets, texts and templates. It fails if any is missing or broken.
func Load(templates, locales, assets fs.FS) (*Loaded, error) {
	a, err := LoadAssets(assets)
	if err != nil {
		return nil, err
	}
	texts, err := LoadMessages(locales)
	if err != nil {
		return nil, err
	}
	p, err := LoadPages(templates, texts, a)
	if err != nil {
		return nil, err
	}
	return &Loaded{assets: a, texts: texts, pages: p}, nil
}

// NewServer loads assets, texts and templates. It fails if any is missing or broken.
func NewServer(config Config) (*Server, error) {
	if config.Now == nil || config.Logger == nil || config.Templates == nil || config.Assets == nil {
		return nil, errors.New("web: clock, logger, templates and assets are needed")
	}
	if config.PublicURL == (PublicURL{}) {
		return nil, errors.New("web: the public address is needed")
	}
	// Safari before 16.4 says by Origin alone where a request comes from; behind a proxy the Host
	// need not be the one it saw.
	crossing := http.NewCrossOriginProtection()
	if err := crossing.AddTrustedOrigin(config.PublicURL.String()); err != nil {
		return nil, fmt.Errorf("web: public address: %w", err)
	}
	l := config.Loaded
	if l == nil {
		var err error
		if l, err = Load(config.Templates, config.Locales, config.Assets); err != nil {
			return nil, err
		}
	}
	if config.Work == nil {
		config.Work = NewWork()
	}
	s := &Server{Config: config, assets: l.assets, Texts: l.texts, Rendering: l.pages,
		SignIns: NewSignInLimits(config.Limits),
		saves:   newSaveLimit(config.Limits), Rates: newRates(), crossing: crossing}
	s.Prose.Max = 16
	return s, nil
}

// Views pairs the pages of the site itself with the views they are filled with.
func (s *Server) Views() map[string]any { return map[string]any{"error": errorView{}} }

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

// PreviewAtHome answers only those who call this machine by its own name: a page elsewhere whose
// name was made to lead here must not read what is not published. To anybody else the addresses are
// unknown ones.
func PreviewAtHome(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if (strings.HasPrefix(c.Path(), "/preview") || strings.HasPrefix(c.Request().URL.Path, "/preview")) &&
			!isLoopback(c.Request().Host) {
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
