package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"gorm.io/gorm"

	"ortsspiegel/pkg/fault"
)

// maxBatch bounds how many writes share one COMMIT, so that the first of them does not wait
// for an endless queue.
const maxBatch = 256

// writer owns SQLite's only writing connection. Its goroutine commits everything that has
// queued up while the COMMIT before was waiting for the disk.
type writer struct {
	db                             *gorm.DB // on one *sql.Conn
	begin, commit, rollback        *sql.Stmt
	savepoint, release, rollbackTo *sql.Stmt
	mu                             sync.RWMutex // closed against queue
	closed                         bool
	queue                          chan *job
	done                           chan struct{}
}

// job is one write on its way.
type job struct {
	ctx   context.Context
	f     func(tx *gorm.DB) error
	taken atomic.Bool // by the writer, or by a caller who has given up
	err   error
	done  chan struct{}
}

// newWriter prepares a writer; run starts it.
func newWriter(ctx context.Context, conn *sql.Conn, db *gorm.DB) (*writer, error) {
	w := &writer{db: db, queue: make(chan *job, maxBatch), done: make(chan struct{})}
	for _, p := range []struct {
		to  **sql.Stmt
		sql string
	}{
		{&w.begin, "BEGIN IMMEDIATE"}, {&w.commit, "COMMIT"}, {&w.rollback, "ROLLBACK"},
		{&w.savepoint, "SAVEPOINT one"}, {&w.release, "RELEASE one"}, {&w.rollbackTo, "ROLLBACK TO one"},
	} {
		var err error
		if *p.to, err = conn.PrepareContext(ctx, p.sql); err != nil {
			return nil, errors.Join(err, w.closeStatements())
		}
	}
	return w, nil
}

var errClosed = fault.New(fault.Unavailable, "database_unavailable", "the program is stopping")

// do runs f in a transaction and returns after its COMMIT. A caller whose context ends while
// the write waits in the queue withdraws it; one whose write has begun waits for its outcome.
func (w *writer) do(ctx context.Context, f func(tx *gorm.DB) error) error {
	j := &job{ctx: ctx, f: f, done: make(chan struct{})}
	if err := w.enqueue(j); err != nil {
		return err
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-j.done
	}
	return j.err
}

func (w *writer) enqueue(j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errClosed
	}
	select {
	case w.queue <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

// close refuses new writes, finishes the queued ones and returns.
func (w *writer) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.done
}

// closeStatements closes the statements: those of a single connection are not closed with it, and
// SQLite neither checkpoints nor lets go of its files while there are any.
func (w *writer) closeStatements() error {
	var errs []error
	for _, stmt := range []*sql.Stmt{w.begin, w.commit, w.rollback, w.savepoint, w.release, w.rollbackTo} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	if cache, ok := w.db.ConnPool.(*gorm.PreparedStmtDB); ok {
		for _, key := range cache.Stmts.Keys() {
			// GORM's own Close works in the background.
			if cached, ok := cache.Stmts.Get(key); ok && cached.Stmt != nil {
				errs = append(errs, cached.Stmt.Close())
			}
		}
	}
	return errors.Join(errs...)
}

func (w *writer) run() {
	defer close(w.done)
	batch := make([]*job, 0, maxBatch)
	for first := range w.queue {
		batch = append(batch[:0], first)
	more:
		for len(batch) < maxBatch {
			select {
			case j, ok := <-w.queue:
				if !ok {
					break more
				}
				batch = append(batch, j)
			default:
				break more
			}
		}
		w.perform(batch)
	}
}

// perform runs a batch in one transaction and tells every caller after the COMMIT. Who gives
// up before the transaction has begun is left out.
func (w *writer) perform(batch []*job) {
	err := w.start(context.Background()) // may take long: others hold the file
	mine := batch[:0]
	for _, j := range batch {
		if j.taken.CompareAndSwap(false, true) {
			mine = append(mine, j)
		}
	}
	if !w.transact(mine, err) {
		for _, j := range mine {
			w.transact([]*job{j}, w.start(context.Background()))
		}
	}
	for _, j := range mine {
		close(j.done)
	}
}

// transact runs the jobs in the transaction that was begun, unless that failed, and gives each its
// own error. It returns false if the database gave up the transaction while a job ran that shares
// it, as it does on a full disk: then nothing was kept, and what each job is told is found out by
// running it alone.
func (w *writer) transact(batch []*job, begun error) bool {
	ctx := context.Background()
	if begun != nil {
		for _, j := range batch {
			j.err = begun
		}
		return true
	}
	kept := 0
	for _, j := range batch {
		if err := w.one(ctx, j, len(batch) == 1); err != nil {
			_, _ = w.rollback.ExecContext(ctx) // there may be nothing left to roll back
			return false
		}
		if j.err == nil {
			kept++
		}
	}
	if kept == 0 {
		_, _ = w.rollback.ExecContext(ctx) // every job has its error; start mends what is left
		return true
	}
	if _, err := w.commit.ExecContext(ctx); err != nil {
		_, _ = w.rollback.ExecContext(ctx)
		for _, j := range batch {
			if j.err == nil {
				j.err = err
			}
		}
	}
	return true
}

// start begins a transaction, also where the one before could not be ended.
func (w *writer) start(ctx context.Context) error {
	_, err := w.begin.ExecContext(ctx)
	if err == nil {
		return nil
	}
	if _, e := w.rollback.ExecContext(ctx); e != nil {
		return err // nothing was open: BEGIN failed for another reason
	}
	_, err = w.begin.ExecContext(ctx)
	return err
}

// one runs a job inside the transaction, and returns an error if that is lost. A job that is alone
// needs no savepoint: the whole transaction is its own.
func (w *writer) one(ctx context.Context, j *job, alone bool) error {
	if !alone {
		if _, err := w.savepoint.ExecContext(ctx); err != nil {
			return err
		}
	}
	// A client that goes away must not interrupt a transaction that others share.
	j.err = guarded(j.f, w.db.WithContext(context.WithoutCancel(j.ctx)))
	if alone {
		return nil
	}
	if j.err != nil {
		if _, err := w.rollbackTo.ExecContext(ctx); err != nil {
			return err
		}
	}
	_, err := w.release.ExecContext(ctx)
	return err
}

// guarded turns a panic of one write into its error: the queue must go on.
func guarded(f func(tx *gorm.DB) error, tx *gorm.DB) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in a write: %v\n%s", r, debug.Stack())
		}
	}()
	return f(tx)
}
