package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"ortsspiegel/pkg/fault"
)

// Migrations are SQL files; those in with_go are completed by a step in Go, in the same transaction.
//
//go:embed migrations/*/*.sql migrations/*/with_go/*.sql
var migrations embed.FS

// goSteps complete the migrations of the same numbers.
var goSteps = map[int64]func(ctx context.Context, tx *sql.Tx, bind func(string) string) (notes []string,
	err error){5: normalAddresses, 9: normalTexts}

// newestSchema returns the number of the last migration this program knows.
func newestSchema(database string) int64 {
	newest := int64(0)
	for _, folder := range []string{"/*.sql", "/with_go/*.sql"} {
		names, _ := fs.Glob(migrations, "migrations/"+database+folder)
		for _, name := range names {
			newest = max(newest, schemaNumber(name))
		}
	}
	return newest
}

// schemaNumber reads the number of a migration from the name of its file; 0: it has none.
func schemaNumber(name string) int64 {
	number, _, _ := strings.Cut(path.Base(name), "_")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

type rowQuerier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// schemaVersion returns the number of the last migration of a database, 0 for an empty one.
func schemaVersion(ctx context.Context, db rowQuerier, postgres bool) (int64, error) {
	exists := `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'goose_db_version'`
	if postgres {
		exists = `SELECT count(*) FROM pg_catalog.pg_tables WHERE tablename = 'goose_db_version' AND schemaname = current_schema()`
	}
	var n, version int64
	if err := db.QueryRowContext(ctx, exists).Scan(&n); err != nil || n == 0 {
		return 0, err
	}
	err := db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&version)
	return version, err
}

func errNewer(version, newest int64) error {
	return fault.New(fault.Invalid, "database_newer",
		"the database was written by a newer version of the program (schema %d, this program knows %d): please "+
			"update the program", version, newest)
}

func (s *Store) up(ctx context.Context, dialect goose.Dialect, db *sql.DB, database string,
	options ...goose.ProviderOption) (notes []string, err error) {
	files, err := fs.Sub(migrations, "migrations/"+database)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "with_go/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		statements, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		n := schemaNumber(name)
		options = append(options, goose.WithGoMigrations(goose.NewGoMigration(n,
			&goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
				if _, err := tx.ExecContext(ctx, string(statements)); err != nil {
					return err
				}
				more, err := goSteps[n](ctx, tx, s.bind)
				notes = append(notes, more...)
				return err
			}}, nil)))
	}
	p, err := goose.NewProvider(dialect, db, files, append(options, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return nil, err
	}
	_, err = p.Up(ctx)
	return notes, err
}

// Migration is what opening a database did to its schema.
type Migration struct {
	From, To int64    // the numbers of the last migrations; equal: nothing was to be done
	Copy     string   // SQLite: the file that keeps the database as it was; empty: it was new
	Notes    []string // what somebody should look at, for the operator's eyes: it names people
}

func (s *Store) migratePostgres(ctx context.Context, db *sql.DB) error {
	newest := newestSchema("postgres")
	version, err := schemaVersion(ctx, db, true)
	switch {
	case err != nil:
		return err
	case version > newest:
		return errNewer(version, newest)
	case version == newest:
		return nil
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	notes, err := s.up(ctx, goose.DialectPostgres, db, "postgres", goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("migrate from schema %d to %d: %w", version, newest, err)
	}
	s.migrated(version, newest, "", notes)
	return nil
}

func (s *Store) migrated(from, to int64, kept string, notes []string) {
	s.log.Info("database migrated", "from", from, "to", to)
	if len(notes) > 0 {
		// Without the notes themselves: no address of mail is ever logged.
		s.log.Warn("several accounts have the same e-mail address: \"ortsspiegel user list --doubtful\" names them",
			"accounts", len(notes))
	}
	s.migration = Migration{From: from, To: to, Copy: kept, Notes: notes}
}

// migrateSQLite brings a file to the newest schema. A database that has one already is copied
// first, and never while a server of an older version is using it.
func (s *Store) migrateSQLite(ctx context.Context, file string, locked bool) (err error) {
	db, err := sql.Open("sqlite", dsn(file, accessWrite))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := checkOurs(ctx, db, file); err != nil {
		return err
	}
	newest := newestSchema("sqlite")
	version, err := schemaVersion(ctx, db, false)
	switch {
	case err != nil:
		return err
	case version > newest:
		return errNewer(version, newest)
	case version == newest:
		return nil
	}
	if !locked {
		unlock, err := lockFolder(s.dir)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, unlock()) }()
	}
	kept := ""
	if version > 0 {
		kept, err = freeName(filepath.Join(s.dir, fmt.Sprintf("ortsspiegel.before-schema-%d", newest)), ".db")
		if err != nil {
			return err
		}
		if err := vacuumInto(ctx, file, kept); err != nil {
			return fmt.Errorf("copy before migrating: %w", err)
		}
		s.log.Info("database copied before migrating", "file", kept)
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
		return err
	}
	notes, err := s.up(ctx, goose.DialectSQLite3, db, "sqlite")
	if err != nil {
		return fmt.Errorf("migrate from schema %d to %d: %w", version, newest, err)
	}
	s.migrated(version, newest, kept, notes)
	return nil
}

// checkOurs refuses a file that another program has made.
func checkOurs(ctx context.Context, db rowQuerier, file string) error {
	var id, tables int64
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	if id == applicationID {
		return nil
	}
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	if id != 0 || tables > 0 {
		return fault.New(fault.Invalid, "database_foreign", "%s is not a database of Ortsspiegel", filepath.Base(file))
	}
	return nil
}
