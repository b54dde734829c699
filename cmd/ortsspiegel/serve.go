package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/mail"
	"ortsspiegel/pkg/store"
	"ortsspiegel/pkg/web"
	"ortsspiegel/pkg/web/checklists"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/static"
	"ortsspiegel/templates"
)

type serveCommand struct {
	dataFlags
	poolFlags
	checklistFlags
	disclosureFlags
	Addr           string   `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen; port 0 picks a free one."`
	PublicURL      string   `placeholder:"URL" help:"How people reach the server: all links are built from it, and https switches on secure cookies. If not given, links lead to where it listens."`
	TrustedProxies []string `placeholder:"CIDR,..." help:"Whose X-Forwarded-For is believed."`
	OperatorDir    string   `placeholder:"DIR" help:"The operator's texts: name.txt, contact.txt, imprint.txt, privacy.txt, accessibility.txt."`

	SMTPURL  string `name:"smtp-url" placeholder:"URL" help:"Sends links to colleagues by mail: smtp://user:password@host:587 or smtps://user:password@host:465; better in the environment, where other users do not see it."`
	MailFrom string `placeholder:"ADDRESS" help:"Whose mail it is: Ortsspiegel <post@example.org>."`

	Preview string `placeholder:"DIR" help:"For those who write checklists: pages at /preview for the files of a folder, published or not; on this machine alone."`

	Dev bool `help:"For those who change pages: reads templates, texts and built assets from the checkout it runs in, at every request; on this machine alone."`

	SavesPerMinute int   `default:"600" placeholder:"N" help:"How often one account may save, once five minutes' worth of it is used up."`
	DiskWarning    int64 `default:"1000" placeholder:"MB" help:"Free megabytes below which the log and /readyz warn; 0: never."`

	KeepLog      int `default:"0" placeholder:"DAYS" help:"After how many days the log forgets, at least 30; 0: never."`
	KeepEvidence int `default:"0" placeholder:"DAYS" help:"How many days after the end of its round evidence is deleted, at least 30; 0: never."`

	ReadTimeout time.Duration `default:"1m" placeholder:"TIME" help:"How long a request may take to arrive, from 1s to 10m; 10 MB of evidence come over slow lines."`
}

// Limits of a connection; how long its body may take is the operator's to say.
const (
	headerTimeout = 10 * time.Second
	writeTimeout  = 2 * time.Minute
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 25 * time.Second
)

func (c *serveCommand) Run(a *app) error {
	log := slog.New(slog.NewTextHandler(a.stderr, nil))
	if c.ReadTimeout < time.Second || c.ReadTimeout > 10*time.Minute {
		return fmt.Errorf("%w: --read-timeout: 1s to 10m is expected", errUsage)
	}
	if c.SavesPerMinute < 1 || c.SavesPerMinute > 1_000_000 {
		return fmt.Errorf("%w: --saves-per-minute: 1 to 1000000 is expected", errUsage)
	}
	if c.DiskWarning < 0 || c.DiskWarning > 1<<30 {
		return fmt.Errorf("%w: --disk-warning: megabytes from 0 are expected", errUsage)
	}
	for _, keep := range []struct {
		flag string
		days int
	}{{"--keep-log", c.KeepLog}, {"--keep-evidence", c.KeepEvidence}} {
		if keep.days != 0 && keep.days < leastKept || keep.days > mostKept {
			return fmt.Errorf("%w: %s: %d to %d days are expected, or 0 to keep everything", errUsage, keep.flag,
				leastKept, mostKept)
		}
	}
	if err := c.poolFlags.check(); err != nil {
		return err
	}
	proxies, err := parseProxies(c.TrustedProxies)
	if err != nil {
		return err
	}
	var public site.PublicURL
	if c.PublicURL != "" {
		if public, err = publicURL(c.PublicURL); err != nil {
			return err
		}
	}
	words, err := readOperator(c.OperatorDir)
	if err != nil {
		return err
	}
	words.KeepLog, words.KeepEvidence = c.KeepLog, c.KeepEvidence
	var mailer site.Mailer
	if c.SMTPURL != "" || c.MailFrom != "" {
		if mailer, err = c.mailer(a); err != nil {
			return err
		}
	}
	var shown checklists.Drafts
	if c.Preview != "" {
		if err := c.mayPreview(); err != nil {
			return err
		}
		shown = drafts{filepath.Clean(c.Preview)}
		log.Warn("preview mode: everybody at this machine sees checklists that are not published, at /preview",
			"folder", c.Preview)
	}
	if c.Dev {
		if err := c.mayDevelop(); err != nil {
			return err
		}
		log.Warn("development mode: pages are read from this checkout at every request, and limits of requests forget",
			"folder", checkout)
	}
	p, err := a.openWith(store.Config{DataDir: c.Data, DatabaseURL: c.DatabaseURL, Logger: log, Serve: true,
		Connections: c.DatabaseConnections, Idle: c.DatabaseIdle, Wait: c.DatabaseWait}, c.Checklists, c.rules())
	if err != nil {
		return err
	}
	defer p.store.Close()
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp", c.Addr)
	if err != nil {
		return fault.New(fault.Invalid, "addr", "cannot listen on %s: %v", c.Addr, err)
	}
	defer listener.Close()
	if c.PublicURL == "" {
		if public, err = listeningURL(listener.Addr()); err != nil {
			return err
		}
	}
	if err := remember(a.ctx, p, public); err != nil {
		log.Warn("links printed on the command line need --public-url", "error", err)
	}
	disk := &diskWatch{store: p.store, least: c.DiskWarning << 20, log: log}
	shared := site.Config{
		Mail: mailer, Templates: templates.Files, Assets: static.Files(),
		Now: a.now, Logger: log, Ready: p.store.Ready, Warning: disk.warning,
		Limits:   site.Limits{SavesPerMinute: c.SavesPerMinute},
		Operator: words, Program: program(), Released: releaseDay(), PublicURL: public, TrustedProxies: proxies,
	}
	config := web.Config{Config: shared, Accounts: p.accounts, Territory: p.territory, Assessments: p.assessments,
		Rounds: p.rounds, Versions: p.versions, Trends: p.trends, DryRuns: p.dryRuns, Checklists: p.catalog,
		Drafts: shown}
	var handler http.Handler
	if c.Dev {
		handler = readAnew(config, log)
	} else if handler, err = web.New(config); err != nil {
		return err
	}
	defer (&housekeeping{p, keepFor(c.KeepLog), keepFor(c.KeepEvidence), log}).start(a.ctx)()
	go disk.run(a.ctx)
	c.sayHow(a.ctx, p, public, proxies, listener.Addr(), log)
	calm := newCalmed(handler, a.now)
	go calm.run(a.ctx)
	return a.serve(listener, calm, c.ReadTimeout, log)
}

// folderThere refuses a data folder to serve that does not exist: it is a mistyped one. An empty one
// becomes a new database.
func folderThere(c store.Config) error {
	if !c.Serve || c.DatabaseURL != "" {
		return nil
	}
	if _, err := os.Stat(c.DataDir); errors.Is(err, os.ErrNotExist) {
		return fault.New(fault.Invalid, "data",
			"%s: there is no such folder; make it first if a new, empty database is wanted there", c.DataDir)
	}
	return nil
}

// serve answers requests until the context ends, then finishes those that run.
func (a *app) serve(listener net.Listener, handler http.Handler, readTimeout time.Duration, log *slog.Logger) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: min(headerTimeout, readTimeout),
		ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	line, err := json.Marshal(map[string]string{"listening": "http://" + listener.Addr().String()})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(a.stdout, "%s\n", line); err != nil {
		return err
	}
	stopped := make(chan error, 1)
	go func() {
		<-a.ctx.Done()
		log.Info("stopping: running requests are finished first")
		ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), stopTimeout)
		defer cancel()
		err := server.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = errors.Join(fault.New(fault.Unavailable, "stop",
				"some requests had not ended %s after the signal and were broken off", stopTimeout), server.Close())
		}
		stopped <- err
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// mailer returns what sends mails.
func (c *serveCommand) mailer(a *app) (*mail.Mailer, error) {
	if c.SMTPURL == "" || c.MailFrom == "" {
		return nil, fmt.Errorf("%w: --smtp-url and --mail-from belong together", errUsage)
	}
	m, err := mail.New(mail.Config{URL: c.SMTPURL, From: c.MailFrom, Now: a.now})
	if err != nil {
		err = fmt.Errorf("%w: %w", errUsage, err)
	}
	return m, err
}

func parseProxies(list []string) ([]netip.Prefix, error) {
	var proxies []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			addr, addrErr := netip.ParseAddr(s)
			if addrErr != nil {
				return nil, fmt.Errorf("%w: --trusted-proxies: %q is no network such as 10.0.0.0/8", errUsage, s)
			}
			p = netip.PrefixFrom(addr, addr.BitLen())
		}
		proxies = append(proxies, p)
	}
	return proxies, nil
}

// readOperator reads the operator's texts; files that are missing leave their text empty.
func readOperator(dir string) (site.Operator, error) {
	var o site.Operator
	if dir == "" {
		return o, nil
	}
	if err := isFolder(dir); err != nil {
		return o, err
	}
	for name, text := range map[string]*string{"name": &o.Name, "contact": &o.Contact, "imprint": &o.Imprint,
		"privacy": &o.Privacy, "accessibility": &o.Accessibility} {
		data, err := os.ReadFile(filepath.Join(dir, name+".txt"))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return o, fileFault(err)
		}
		*text = strings.TrimSpace(strings.ToValidUTF8(string(data), "�"))
	}
	return o, nil
}
