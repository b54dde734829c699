package store

import (
	"context"
	"errors"
	"sync/atomic"

	"gorm.io/gorm"
)

type counterKey struct{}

// CountStatements returns a context under which every SQL statement is counted, those of
// writes included. BEGIN, SAVEPOINT and COMMIT do not count: they are the store's own.
func CountStatements(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, counterKey{}, n), n
}

func count(ctx context.Context) {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

// countCallbacks makes GORM's own statements count as well.
func countCallbacks(db *gorm.DB) error {
	const name = "ortsspiegel:count"
	f := func(tx *gorm.DB) { count(tx.Statement.Context) }
	c := db.Callback()
	return errors.Join(
		c.Create().Before("gorm:create").Register(name, f),
		c.Query().Before("gorm:query").Register(name, f),
		c.Update().Before("gorm:update").Register(name, f),
		c.Delete().Before("gorm:delete").Register(name, f),
		c.Row().Before("gorm:row").Register(name, f),
		c.Raw().Before("gorm:raw").Register(name, f),
	)
}
