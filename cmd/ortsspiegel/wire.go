package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/store"
	"ortsspiegel/pkg/territory"
)

// dataFlags say where the database is.
type dataFlags struct {
	Data        string `placeholder:"DIR" help:"The data folder; not needed with PostgreSQL."`
	DatabaseURL string `placeholder:"URL" help:"PostgreSQL instead of the SQLite file: postgres://user:password@host/name"`
}

// Validate is called by kong before a command runs.
func (d dataFlags) Validate() error {
	if d.Data == "" && d.DatabaseURL == "" {
		return errors.New("missing flags: --data=DIR")
	}
	return nil
}

// place names the database in messages.
func (d dataFlags) place() string {
	if d.DatabaseURL != "" {
		return "the PostgreSQL database"
	}
	return d.Data
}

// poolFlags say how a server uses PostgreSQL.
type poolFlags struct {
	DatabaseConnections int           `placeholder:"N" help:"The most connections to PostgreSQL at a time; if not given, a third of what it has for ordinary users, at most 16."`
	DatabaseIdle        time.Duration `default:"1m" placeholder:"TIME" help:"After how long an unused connection to PostgreSQL is closed."`
	DatabaseWait        time.Duration `default:"1m" placeholder:"TIME" help:"How long the start waits for a PostgreSQL that does not answer."`
}

func (f poolFlags) check() error {
	switch {
	case f.DatabaseConnections < 0 || f.DatabaseConnections > 1000:
		return fmt.Errorf("%w: --database-connections: 1 to 1000 is expected", errUsage)
	case f.DatabaseIdle < time.Second || f.DatabaseIdle > 24*time.Hour:
		return fmt.Errorf("%w: --database-idle: 1s to 24h is expected", errUsage)
	case f.DatabaseWait < 0 || f.DatabaseWait > time.Hour:
		return fmt.Errorf("%w: --database-wait: 0s to 1h is expected", errUsage)
	}
	return nil
}

// checklistFlags say which checklists rounds can be created from.
type checklistFlags struct {
	Checklists string `placeholder:"DIR" help:"A folder of checklists instead of the built-in ones."`
}

// disclosureFlags are the thresholds of disclosure control, in towns.
type disclosureFlags struct {
	DisclosureThreshold int `default:"5" placeholder:"N" help:"Towns from which median and mean are published."`
	DisclosureQuartiles int `default:"12" placeholder:"N" help:"Towns from which quartiles are published."`
	DisclosureOptions   int `default:"3" placeholder:"N" help:"Towns two options must hold for a distribution to be published."`
}

func (d disclosureFlags) rules() disclosure.Rules {
	return disclosure.Rules{Threshold: d.DisclosureThreshold, Quartiles: d.DisclosureQuartiles,
		MinOption: d.DisclosureOptions}
}

// parts are the services on an open database.
type parts struct {
	store       *store.Store
	catalog     *catalog.Catalog
	accounts    *account.Service
	territory   *territory.Service
	assessments *assessment.Service
	rounds      *round.Service
	versions    *lineage.Versions
	trends      *trend.Service
	dryRuns     *dryrun.Service
}

// open puts the parts together. Only serve holds the data folder for itself.
func (a *app) open(d dataFlags, checklistDir string, rules disclosure.Rules, log *slog.Logger, serving bool) (*parts,
	error) {
	return a.openWith(store.Config{DataDir: d.Data, DatabaseURL: d.DatabaseURL, Logger: log, Serve: serving},
		checklistDir, rules)
}

func (a *app) openWith(c store.Config, checklistDir string, rules disclosure.Rules) (*parts, error) {
	log := c.Logger
	if log == nil {
		log = slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	c.Logger = log
	published, err := openChecklists(checklistDir, log, c.Serve)
	if err != nil {
		return nil, err
	}
	if err := rules.Validate(); err != nil {
		return nil, err
	}
	if err := folderThere(c); err != nil {
		return nil, err
	}
	s, err := store.Open(a.ctx, c)
	if err != nil {
		return nil, err
	}
	p := &parts{store: s, catalog: published}
	p.accounts = account.NewService(s, a.now)
	p.accounts.HashAtOnce(runtime.GOMAXPROCS(0))
	p.territory = territory.NewService(s, a.now)
	p.versions = lineage.New(s, p.catalog)
	if p.rounds, err = round.NewService(s, p.versions, s, rules, a.now); err != nil {
		return nil, err
	}
	p.trends, p.dryRuns = trend.NewService(s, p.versions), dryrun.NewService(s)
	population := func(ctx context.Context, town region.AGS) (int, error) {
		m, err := p.territory.Town(ctx, town)
		return m.Population, err
	}
	p.assessments = assessment.NewService(s, p.versions, population, a.now)
	return p, nil
}

// openChecklists opens the published checklists of a folder, or those that come with the
// program. A server builds them at once, so that one that it cannot read stops the start.
func openChecklists(dir string, log *slog.Logger, build bool) (*catalog.Catalog, error) {
	var files fs.FS = checklists.FS
	if dir != "" {
		if err := isFolder(dir); err != nil {
			return nil, err
		}
		files = os.DirFS(dir)
	}
	c, err := catalog.Open(files)
	if err == nil && build {
		err = c.Build()
	}
	if err != nil {
		return nil, inFolder(dir, err)
	}
	for _, ref := range c.Gone() {
		log.Warn(goneMessage, "checklist", ref.String(), "folder", dir)
	}
	return c, nil
}

// goneMessage says what follows from a file that is gone.
const goneMessage = "the file of a published checklist is gone: rounds that keep it go on, but none can be created " +
	"from it, nor from a later version if no round keeps it; put the file back"

// inFolder names the folder of checklists before what is wrong with it.
func inFolder(dir string, err error) error {
	if dir == "" {
		dir = "the checklists of the program"
	}
	if fault.Is(err, fault.Invalid) {
		return named(dir, err)
	}
	return fmt.Errorf("%s: %w", dir, err)
}

// existing opens the database of a command that expects one: a mistyped folder must not become an empty database.
func (a *app) existing(d dataFlags) (*parts, error) { return a.existingWith(d, checklistFlags{}) }

// existingWith also takes the checklists that rounds were created from: the files stand in where
// rounds of older programs have not kept what led to their checklist.
func (a *app) existingWith(d dataFlags, c checklistFlags) (*parts, error) {
	if !d.hasDatabase() {
		return nil, errNoDatabase(d.Data)
	}
	return a.open(d, c.Checklists, disclosure.DefaultRules(), nil, false)
}

func errNoDatabase(dir string) error {
	return fault.New(fault.Invalid, "data", "%s: there is no database in this folder", dir)
}

// noRound says which round a flag names that there is none of.
func noRound(flag string, id int64) error {
	return fault.New(fault.NotFound, "round_unknown", "%s: there is no round %d", flag, id)
}

// hasDatabase reports whether there is a database already, or a server that may hold one.
func (d dataFlags) hasDatabase() bool {
	if d.DatabaseURL != "" {
		return true
	}
	_, err := os.Stat(filepath.Join(d.Data, store.DatabaseFile))
	return err == nil
}

// isFolder refuses a path that is no folder: read as an empty one it would be silently without effect.
func isFolder(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fileFault(err)
	}
	if !info.IsDir() {
		return fault.New(fault.Invalid, "file", "%s: a folder is expected", path)
	}
	return nil
}

// operator is who acts on the command line.
var operator = account.Actor{Name: "ortsspiegel"}
