package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"modernc.org/sqlite"
	"modernc.org/sqlite/lib"

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
	case damaged(err):
		return errDamaged("the database").Because(err)
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
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM:
		return true
	}
	// 08 connection, 53 resources, 57 shut down, 58 the system, 25006 read-only, 25P03 and 25P04
	// waited too long, 55P03 lock wait, 40 victims of a conflict, 28 and 3D sign-in.
	if state := pgState(err); state != "" {
		for _, class := range []string{"08", "53", "57", "58", "28", "3D", "25006", "25P03", "25P04", "40", "55P03"} {
			if strings.HasPrefix(state, class) {
				return true
			}
		}
		return false
	}
	return lostConnection(err) || errors.Is(err, context.DeadlineExceeded) || pgconn.Timeout(err) ||
		strings.Contains(err.Error(), "sql: database is closed") // it has no variable
}

// lostConnection reports whether a connection could not be made or ended in the middle of something.
func lostConnection(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	for _, known := range []error{driver.ErrBadConn, sql.ErrConnDone, net.ErrClosed, io.EOF, io.ErrUnexpectedEOF,
		io.ErrClosedPipe} {
		if errors.Is(err, known) {
			return true
		}
	}
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		// pgx: of a transaction whose connection has ended, without a variable
		strings.Contains(err.Error(), "conn closed")
}

func errDamaged(what string) *fault.Error {
	return fault.New(fault.Unavailable, "database_damaged", "%s is damaged, or no database of this program: "+
		"please stop the server, keep a copy of the file as it is, and restore a backup (ortsspiegel restore)", what)
}

// damaged reports whether the database is not what it was when it was written.
func damaged(err error) bool {
	code := sqliteCode(err) & 0xff
	state := pgState(err)
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB || state == "XX001" || state == "XX002"
}

// duplicate reports whether a row with this key exists already.
func duplicate(err error) bool {
	code := sqliteCode(err)
	return errors.Is(err, gorm.ErrDuplicatedKey) || code == sqlite3.SQLITE_CONSTRAINT_UNIQUE ||
		code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || pgState(err) == "23505"
}

// dangling reports whether a row refers to one that does not exist.
func dangling(err error) bool {
	return errors.Is(err, gorm.ErrForeignKeyViolated) || sqliteCode(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY ||
		pgState(err) == "23503"
}

// oneRow makes "nothing was concerned" a NotFound.
func oneRow(n int64, err error) error {
	if err == nil && n == 0 {
		return sql.ErrNoRows
	}
	return err
}
