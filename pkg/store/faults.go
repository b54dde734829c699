package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"ortsspiegel/pkg/fault"
)

// translate turns an error of the database into a fault, once. Faults pass as they are, and
// what nobody can do anything about stays internal, with the operation in front.
func translate(op string, err error) error {
	if err == nil {
		return nil
	}
	if f := fault.As(err); f != nil {
		return err
	}
	err = fmt.Errorf("store: %s: %w", op, err)
	switch {
	case errors.Is(err, sql.ErrNoRows), errors.Is(err, gorm.ErrRecordNotFound):
		return fault.New(fault.NotFound, "not_found", "there is no such thing").Because(err)
	case diskFull(err):
		return fault.New(fault.Unavailable, "disk_full", "the disk of the database is full").Because(err)
	case unavailable(err):
		return fault.New(fault.Unavailable, "database_unavailable", "the database does not answer").Because(err)
	}
	return err
}

func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return sqlite3.SQLITE_OK
}

// pgState returns the SQLSTATE of an error, five characters.
func pgState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func diskFull(err error) bool {
	code := sqliteCode(err)
	return code&0xff == sqlite3.SQLITE_FULL || code == sqlite3.SQLITE_IOERR_SHMSIZE || pgState(err) == "53100"
}

func unavailable(err error) bool {
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM:
		return true
	}
	// 08 connection, 53 resources, 57 shut down, 58 the system, 25006 read-only, 55P03 lock wait, 28 and 3D sign-in.
	if state := pgState(err); state != "" {
		for _, class := range []string{"08", "53", "57", "58", "28", "3D", "25006", "55P03"} {
			if strings.HasPrefix(state, class) {
				return true
			}
		}
		return false
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, sql.ErrConnDone) || strings.Contains(err.Error(), "sql: database is closed") || // it has no variable
		errors.Is(err, context.DeadlineExceeded) || pgconn.Timeout(err)
}

// duplicate reports whether a row with this key exists already.
func duplicate(err error) bool {
	code := sqliteCode(err)
	return errors.Is(err, gorm.ErrDuplicatedKey) || code == sqlite3.SQLITE_CONSTRAINT_UNIQUE ||
		code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || pgState(err) == "23505"
}

// dangling reports whether a row refers to one that does not exist.
func dangling(err error) bool {
	return errors.Is(err, gorm.ErrForeignKeyViolated) || sqliteCode(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY || pgState(err) == "23503"
}

// oneRow makes "nothing was concerned" a NotFound.
func oneRow(n int64, err error) error {
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}
