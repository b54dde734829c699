package store

import (
	"context"
	"database/sql"

	"gorm.io/gorm"
)

// lookers is how many connections look up at the same time. Each takes some tens of microseconds,
// so that two do for more than a machine can serve.
const lookers = 2

// lookups are the reads that begin every request: who has signed in, and what the address is about.
// They have connections of their own, and so never wait for a workbook that reads a whole round.
//
// A statement that can be interrupted costs two goroutines, as much as such a read itself. So
// only waiting for a turn ends with its context, and a statement that has begun goes on to its end.
type lookups struct {
	pool  gorm.ConnPool
	turns chan struct{}
}

func newLookups(db *gorm.DB) *lookups {
	return &lookups{pool: db.Statement.ConnPool, turns: make(chan struct{}, lookers)}
}

// lookup reads one row that is found by a key. It must be scanned, for the turn ends with that.
func (s *Store) lookup(ctx context.Context, query string, args ...any) scanner {
	if s.lookups == nil { // PostgreSQL, or an SQLite that can only be read
		return s.row(ctx, query, args...)
	}
	if err := ctx.Err(); err != nil {
		return failed{err}
	}
	select {
	case s.lookups.turns <- struct{}{}:
	case <-ctx.Done():
		return failed{ctx.Err()}
	}
	count(ctx)
	return looked{s.lookups.pool.QueryRowContext(context.WithoutCancel(ctx), query, args...), s.lookups.turns}
}

// looked is a row whose turn ends when it is scanned.
type looked struct {
	row   *sql.Row
	turns chan struct{}
}

func (l looked) Scan(dest ...any) error {
	defer func() { <-l.turns }()
	return l.row.Scan(dest...)
}

// failed is a row that could not be read.
type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }
