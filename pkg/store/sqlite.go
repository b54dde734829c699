package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	_ "modernc.org/sqlite"

	"ortsspiegel/pkg/fault"
)

// DatabaseFile is the name of the SQLite database in the data folder.
const DatabaseFile = "ortsspiegel.db"

// applicationID marks a SQLite file as ours ("Orts").
const applicationID = 0x4f727473

// readers is how many connections read at the same time.
const readers = 4

// Each connection remembers pages for itself, in kB at most; the system remembers them for all.
const cacheKB = 4000

// access is how a connection may use the file.
type access string

const (
	accessWrite     access = "_txlock=immediate"
	accessRead      access = "_txlock=deferred&_pragma=query_only(1)"
	accessReadOnly  access = "mode=ro&_txlock=deferred"
	accessImmutable access = "mode=ro&immutable=1&_txlock=deferred"
)

// dsn says everything per connection: a pool opens new ones at any time.
func dsn(file string, a access) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/... on Windows
	}
	u := url.URL{Scheme: "file", Path: path}
	s := fmt.Sprintf(
		"%s?%s&_time_format=sqlite&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=cache_size(-%d)",
		u.String(), a, cacheKB)
	if a == accessWrite {
		s += "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	}
	return s
}

func (s *Store) openSQLite(ctx context.Context, c Config) error {
	dir, err := filepath.Abs(c.DataDir)
	if err != nil {
		return err
	}
	s.dir = dir
	file := filepath.Join(dir, DatabaseFile)
	s.place = file
	if err := s.openForWriting(ctx, file, c.Serve); err == nil {
		return nil
	} else if !cannotWrite(err) || !existing(file) {
		return err
	} else {
		s.log.Error("the data folder cannot be written; the database is open for reading only", "folder", dir, "error",
			err)
	}
	if err := s.Close(); err != nil {
		return err
	}
	s.readOnly, s.read, s.lookups, s.writer = true, nil, nil, nil
	return s.openForReading(ctx, file)
}

// cannotWrite tells a folder that only takes no writes from one that is wrong or busy.
func cannotWrite(err error) bool {
	return errors.Is(err, os.ErrPermission) || readOnlyDisk(err) || diskFull(err) ||
		(fault.As(err) == nil && !damaged(err) && unavailable(err))
}

func existing(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Size() > 0
}

func (s *Store) openForWriting(ctx context.Context, file string, serve bool) error {
	if err := createFile(file); err != nil {
		return err
	}
	if serve {
		unlock, err := lockFolder(s.dir)
		if err != nil {
			return err
		}
		s.closers = append(s.closers, unlock)
	}
	if err := s.migrateSQLite(ctx, file, serve); err != nil {
		return err
	}
	db, err := s.sqlOpen(file, accessWrite, 1)
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	s.closers = append(s.closers, conn.Close)
	if _, err := conn.ExecContext(ctx, `UPDATE readiness SET checks = checks + 1 WHERE id = 1`); err != nil {
		return err
	}
	gdb, err := open(&gormsqlite.Dialector{Conn: conn})
	if err != nil {
		return err
	}
	w, err := newWriter(ctx, conn, gdb)
	if err != nil {
		return err
	}
	s.closers = append(s.closers, w.closeStatements)
	if s.read, err = s.readers(file, accessRead, readers); err != nil {
		return err
	}
	looking, err := s.readers(file, accessRead, lookers)
	if err != nil {
		return err
	}
	s.lookups = newLookups(looking)
	s.writer = w
	go w.run()
	return nil
}

func (s *Store) sqlOpen(file string, a access, connections int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(file, a))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s.closers = append(s.closers, db.Close)
	return db, nil
}

func (s *Store) readers(file string, a access, connections int) (*gorm.DB, error) {
	db, err := s.sqlOpen(file, a, connections)
	if err != nil {
		return nil, err
	}
	return open(&gormsqlite.Dialector{Conn: db})
}

// createFile makes an empty database that only its owner can read, and makes sure that its
// name survives a power cut.
func createFile(file string) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close(), syncDir(dir))
}

// openForReading opens an existing database whose folder takes no writes.
func (s *Store) openForReading(ctx context.Context, file string) error {
	err := s.tryReading(ctx, file, accessReadOnly)
	if err == nil {
		return nil
	}
	if info, e := os.Stat(file + "-wal"); errors.Is(e, os.ErrNotExist) || (e == nil && info.Size() == 0) {
		return s.tryReading(ctx, file, accessImmutable)
	}
	// There are finished writes in the -wal file that cannot be read in place.
	s.log.Warn("reading from a private copy: the folder holds an unfinished write-ahead log", "error", err)
	dir, err := os.MkdirTemp("", "ortsspiegel-")
	if err != nil {
		return err
	}
	s.closers = append(s.closers, func() error { return os.RemoveAll(dir) })
	copied := filepath.Join(dir, DatabaseFile)
	if err := errors.Join(copyFile(copied, file), copyFile(copied+"-wal", file+"-wal")); err != nil {
		return err
	}
	return s.tryReading(ctx, copied, accessRead)
}

func (s *Store) tryReading(ctx context.Context, file string, a access) error {
	before := len(s.closers)
	db, err := s.readers(file, a, readers)
	if err == nil {
		s.read = db
		var version int64
		if version, err = schemaVersion(ctx, s.read.Statement.ConnPool, false); err == nil &&
			version != newestSchema("sqlite") {
			return fault.New(fault.Unavailable, "database_unavailable",
				"the database has schema %d and needs %d, but its folder cannot be written", version,
				newestSchema("sqlite"))
		}
	}
	if err != nil {
		for len(s.closers) > before {
			last := len(s.closers) - 1
			err = errors.Join(err, s.closers[last]())
			s.closers = s.closers[:last]
		}
	}
	return err
}

// copyFile copies a file, flushed to the disk, readable by its owner only.
func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// vacuumInto writes a consistent copy of the database to a new file.
func vacuumInto(ctx context.Context, from, to string) error {
	db, err := sql.Open("sqlite", dsn(from, accessWrite))
	if err != nil {
		return err
	}
	defer db.Close()
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	if f, err = os.OpenFile(to, os.O_RDWR, 0); err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close(), syncDir(filepath.Dir(to)))
}

// freeName returns the first of base, base-2, base-3, ... that does not exist, before ext.
func freeName(base, ext string) (string, error) {
	for i := 1; i < 1000; i++ {
		name := base + ext
		if i > 1 {
			name = fmt.Sprintf("%s-%d%s", base, i, ext)
		}
		if _, err := os.Lstat(name); errors.Is(err, os.ErrNotExist) {
			return name, nil
		}
	}
	return "", fmt.Errorf("too many files named %s", base)
}
