package main

import (
	"context"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// quietFor is how long nobody asks for anything before memory is given back.
const quietFor = 10 * time.Second

// calmed gives memory back to the system once when nobody has asked for anything for a while: the
// runtime keeps what a busy hour took for minutes, and other programs may need it.
type calmed struct {
	handler http.Handler
	now     func() time.Time
	release func()
	running atomic.Int64 // requests
	last    atomic.Int64 // when one ended, in Unix nanoseconds; 0: memory was given back since
}

func newCalmed(handler http.Handler, now func() time.Time) *calmed {
	return &calmed{handler: handler, now: now, release: debug.FreeOSMemory}
}

func (q *calmed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q.running.Add(1)
	defer func() {
		q.last.Store(q.now().UnixNano())
		q.running.Add(-1)
	}()
	q.handler.ServeHTTP(w, r)
}

// run looks every few seconds until the context ends.
func (q *calmed) run(ctx context.Context) {
	tick := time.NewTicker(quietFor / 2)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			q.look()
		}
	}
}

// look gives memory back if it is time to.
func (q *calmed) look() {
	last := q.last.Load()
	if last == 0 || q.running.Load() > 0 || q.now().Sub(time.Unix(0, last)) < quietFor {
		return
	}
	if q.last.CompareAndSwap(last, 0) {
		q.release()
	}
}
