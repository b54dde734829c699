package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"ortsspiegel/pkg/fault"
)

// Config says which database to open.
type Config struct {
	// DataDir is the folder of the SQLite database. It is created if missing.
	DataDir string
	// DatabaseURL is a PostgreSQL address (postgres://...); empty: SQLite in DataDir.
	DatabaseURL string
	// Connections is the most connections to PostgreSQL at a time; 0: a third of what the server
	// has for ordinary users, at most 16.
	Connections int
	// Idle is after how long an unused connection to PostgreSQL is closed; 0: a minute.
	Idle time.Duration
	// Wait is how long Open waits for a PostgreSQL that does not answer yet; 0: not at all.
	Wait time.Duration
	// Logger gets what an operator should know; nil: nothing is logged.
	Logger *slog.Logger
	// Serve marks the one process that serves: it holds a lock on DataDir until Close, so
	// that no second server and no restore can touch the database. Other processes may
	// read, write and back up meanwhile.
	Serve bool
}

// Store is an open database. Its methods may be called at the same time.
type Store struct {
	read     *gorm.DB // SQLite: a pool of readers; PostgreSQL: the pool
	lookups  *lookups // SQLite that can be written only
	writer   *writer  // SQLite only; nil: read-only
	postgres bool
	readOnly bool
	dir      string // SQLite: DataDir
	place    string // see Place
	log      *slog.Logger
	closers  []func() error // in the order of opening

	migration Migration

	register  register
	standings standings
	groups    groupTexts

	rebound sync.Map // SQL text with ? -> the same with $1
}

// Open opens the database, creates it if there is none and migrates it. A database newer than
// the program is Invalid (code database_newer), a folder that another server uses Conflict
// (code data_dir_in_use), a database that does not answer Unavailable.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{log: c.Logger, dir: c.DataDir}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if c.DatabaseURL != "" {
		err = s.openPostgres(ctx, c)
	} else {
		err = s.openSQLite(ctx, c)
	}
	if err != nil {
		if damaged(err) {
			err = errDamaged(s.place).Because(err)
		}
		return nil, errors.Join(translate("open", err), s.Close())
	}
	return s, nil
}

// Close finishes the writes that are queued and closes the database. Calling it again does nothing.
func (s *Store) Close() error {
	var errs []error
	if s.writer != nil {
		s.writer.close()
	}
	for i := len(s.closers) - 1; i >= 0; i-- {
		errs = append(errs, s.closers[i]())
	}
	s.closers = nil
	return errors.Join(errs...)
}

// Migration tells what opening the database did to its schema.
func (s *Store) Migration() Migration { return s.migration }

// New reports whether opening made the database.
func (s *Store) New() bool { return s.migration.From == 0 && s.migration.To > 0 }

// Place says where the database is, for an operator: a file, or server and name, never a password.
func (s *Store) Place() string { return s.place }

// ReadOnly reports whether the database could only be opened for reading.
func (s *Store) ReadOnly() bool { return s.readOnly }

// Free returns how many bytes the disk of an SQLite database still takes; -1: PostgreSQL, which
// keeps an eye on its own.
func (s *Store) Free() (int64, error) {
	if s.postgres {
		return -1, nil
	}
	free, err := freeBytes(s.dir)
	return free, translate("look at the disk", err)
}

// Ping reads from the database.
func (s *Store) Ping(ctx context.Context) error {
	var n int
	return translate("ping", s.row(ctx, `SELECT checks FROM readiness WHERE id = 1`).Scan(&n))
}

// Ready writes to the database: a dead or full disk still answers what it has cached.
func (s *Store) Ready(ctx context.Context) error {
	return s.write(ctx, "check readiness", func(tx *gorm.DB) error {
		_, err := s.exec(tx, `UPDATE readiness SET checks = checks + 1 WHERE id = 1`)
		return err
	})
}

// open starts GORM on a connection or pool of either database.
func open(d gorm.Dialector) (*gorm.DB, error) {
	db, err := gorm.Open(d, &gorm.Config{
		PrepareStmt: true,
		// GORM's default closes statements that may be in use after a day
		PrepareStmtTTL:         100 * 365 * 24 * time.Hour,
		SkipDefaultTransaction: true,
		TranslateError:         true,
		DisableAutomaticPing:   true,           // a single connection has no Ping that GORM finds
		Logger:                 logger.Discard, // every error is returned and logged by whoever handles it
	})
	if err != nil {
		return nil, err
	}
	return db, countCallbacks(db)
}

var errReadOnly = fault.New(fault.Unavailable, "database_unavailable",
	"the data folder cannot be written: the database is open for reading only")

// write runs f in one transaction and returns after it has reached the disk. f may run more
// than once and must not keep anything of a run that failed.
func (s *Store) write(ctx context.Context, op string, f func(tx *gorm.DB) error) error {
	switch {
	case s.postgres:
		return translate(op, s.writePostgres(ctx, f))
	case s.writer == nil:
		return errReadOnly
	}
	return translate(op, s.writer.do(ctx, f))
}

// exec runs one statement of a write and returns how many rows it concerned.
func (s *Store) exec(tx *gorm.DB, query string, args ...any) (int64, error) {
	ctx := tx.Statement.Context
	count(ctx)
	r, err := tx.Statement.ConnPool.ExecContext(ctx, s.bind(query), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// rowIn reads one row inside a write.
func (s *Store) rowIn(tx *gorm.DB, query string, args ...any) *sql.Row {
	ctx := tx.Statement.Context
	count(ctx)
	return tx.Statement.ConnPool.QueryRowContext(ctx, s.bind(query), args...)
}

// row reads one row.
func (s *Store) row(ctx context.Context, query string, args ...any) *sql.Row {
	count(ctx)
	return s.read.Statement.ConnPool.QueryRowContext(ctx, s.bind(query), args...)
}

// scanner is a row that can be scanned: *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// each calls f for every row of a query. The context of a reader that went away stops it.
func (s *Store) each(ctx context.Context, f func(scanner) error, query string, args ...any) error {
	return s.eachOn(ctx, s.read.Statement.ConnPool, f, query, args...)
}

func (s *Store) eachOn(ctx context.Context, pool querier, f func(scanner) error, query string, args ...any) error {
	count(ctx)
	rows, err := pool.QueryContext(ctx, s.bind(query), args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := f(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// querier is what both GORM's pools and *sql.Tx have.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// bind gives a statement the placeholders of the database. No statement of this package
// holds a question mark that is not one.
func (s *Store) bind(query string) string {
	if !s.postgres {
		return query
	}
	if bound, ok := s.rebound.Load(query); ok {
		return bound.(string)
	}
	bound := numbered(query)
	s.rebound.Store(query, bound)
	return bound
}

func numbered(query string) string {
	var b strings.Builder
	n := 0
	for {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}
