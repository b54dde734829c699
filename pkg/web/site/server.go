package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/turns"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/territory"
)

// Sessions know who is signed in.
type Sessions interface {
	// Actor returns who has a session, and keeps it alive if byPerson; an unknown or timed-out one is Unauthenticated.
	Actor(ctx context.Context, token string, byPerson bool) (account.Actor, account.User, error)
}

// Towns know the names that stand in the header of pages, and the towns of a region.
type Towns interface {
	Town(ctx context.Context, ags region.AGS) (region.Municipality, error)
	Region(ctx context.Context, id region.ID) (region.Region, error)
	Towns(ctx context.Context, id region.ID) ([]region.Municipality, error)
	Look(ctx context.Context, id region.ID) (territory.Look, error)
	LookFor(ctx context.Context, ags region.AGS) (territory.Look, error)
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

// Config is everything that all pages share; all fields without a stated default are required.
type Config struct {
	Mail Mailer // nil: no mail is sent, pages show the texts to be copied

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
	sessions  Sessions
	towns     Towns
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
func NewServer(config Config, sessions Sessions, towns Towns) (*Server, error) {
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
	s := &Server{Config: config, sessions: sessions, towns: towns, assets: l.assets, Texts: l.texts,
		Rendering: l.pages, SignIns: NewSignInLimits(config.Limits), saves: newSaveLimit(config.Limits),
		Rates: newRates(), crossing: crossing}
	s.Prose.Max = 16
	return s, nil
}

// Views pairs the pages of the site itself with the views they are filled with.
func (s *Server) Views() map[string]any { return map[string]any{"error": errorView{}} }
