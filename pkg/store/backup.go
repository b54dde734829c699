package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"ortsspiegel/pkg/fault"
)

// Backup writes a consistent copy of the database to a new file, while everybody goes on
// working, from this or another process. The file appears complete or not at all; one that
// exists is a Conflict. PostgreSQL brings its own tool: Invalid says which.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.postgres {
		return fault.New(fault.Invalid, "backup_postgres",
			"this database is PostgreSQL: please back it up with pg_dump --format=custom, and restore with pg_restore")
	}
	if s.readOnly {
		return errReadOnly
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return translate("backup", err)
	}
	if _, err := os.Lstat(file); err == nil {
		return errExists(file)
	}
	temporary, err := freeName(file+".part", "")
	if err == nil {
		err = vacuumInto(ctx, filepath.Join(s.dir, DatabaseFile), temporary)
	}
	if err != nil {
		return translate("backup", err)
	}
	// The name is taken last: a program that is killed on its way must not leave an empty file under it.
	if err := reserve(file); err != nil {
		return translate("backup", errors.Join(err, os.Remove(temporary)))
	}
	if err := os.Rename(temporary, file); err != nil {
		return translate("backup", errors.Join(err, os.Remove(file), os.Remove(temporary)))
	}
	return translate("backup", syncDir(filepath.Dir(file)))
}

func errExists(file string) error {
	return fault.New(fault.Conflict, "file_exists", "%s exists already: please choose another name", file)
}

// reserve takes a file's name, so that two backups never write the same.
func reserve(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return errExists(file)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// Restore replaces the SQLite database of a data folder by a backup and returns the name the
// old one was kept under ("" if there was none). The backup is checked before anything is
// touched: a damaged, foreign or newer file is Invalid. A running server is a Conflict.
func Restore(ctx context.Context, dataDir, backup string) (kept string, err error) {
	dir, err := filepath.Abs(dataDir)
	if err != nil {
		return "", translate("restore", err)
	}
	if err := verify(ctx, backup); err != nil {
		return "", translate("restore", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", translate("restore", err)
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return "", translate("restore", err)
	}
	kept, err = replace(ctx, dir, backup)
	return kept, translate("restore", errors.Join(err, unlock()))
}

// verify reads a backup completely without changing it.
func verify(ctx context.Context, file string) error {
	damaged := fault.New(fault.Invalid, "backup_damaged", "%s is not a complete backup of Ortsspiegel",
		filepath.Base(file))
	if _, err := os.Stat(file); err != nil {
		return fault.New(fault.Invalid, "backup_missing", "the backup %s cannot be read", file).Because(err)
	}
	if info, err := os.Stat(file + "-wal"); err == nil && info.Size() > 0 {
		return fault.New(fault.Invalid, "backup_unfinished",
			"%s is a database in use, not a backup: its newest changes are in another file; please use the command "+
				"backup", filepath.Base(file))
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(absolute, accessImmutable))
	if err != nil {
		return err
	}
	defer db.Close()
	var result string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&result); err != nil {
		return damaged.Because(err)
	}
	if result != "ok" {
		return damaged.Because(errors.New(result))
	}
	if err := checkOurs(ctx, db, file); err != nil {
		return err
	}
	version, err := schemaVersion(ctx, db, false)
	switch newest := newestSchema("sqlite"); {
	case err != nil:
		return damaged.Because(err)
	case version == 0:
		return damaged
	case version > newest:
		return errNewer(version, newest)
	}
	return nil
}

// replace puts the backup where the database is. Until the last rename the old one can be
// found; its write-ahead log is folded into it first, since it would be applied to the new one.
func replace(ctx context.Context, dir, backup string) (kept string, err error) {
	file := filepath.Join(dir, DatabaseFile)
	incoming, err := freeName(filepath.Join(dir, "ortsspiegel.incoming"), ".db")
	if err != nil {
		return "", err
	}
	if err := copyFile(incoming, backup); err != nil {
		return "", errors.Join(err, os.Remove(incoming))
	}
	if _, err := os.Lstat(file); err == nil {
		if kept, err = freeName(filepath.Join(dir, "ortsspiegel.before-restore"), ".db"); err != nil {
			return "", err
		}
		if err := fold(ctx, file); err != nil {
			// Perhaps it is being restored because it is damaged: keep all its parts.
			for _, part := range []string{"-wal", "-shm"} {
				if err := os.Rename(file+part, kept+part); err != nil && !errors.Is(err, os.ErrNotExist) {
					return "", err
				}
			}
		}
		if err := os.Rename(file, kept); err != nil {
			return "", err
		}
	}
	if err := os.Rename(incoming, file); err != nil {
		return kept, fmt.Errorf("the old database is kept as %s: %w", kept, err)
	}
	return kept, syncDir(dir)
}

// fold writes everything of the write-ahead log into the database and removes it. Somebody
// who still has the database open is a Conflict.
func fold(ctx context.Context, file string) error {
	db, err := sql.Open("sqlite", dsn(file, accessWrite))
	if err != nil {
		return err
	}
	var busy, frames, done int
	err = db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &done)
	return errors.Join(err, db.Close())
}
