// Package turns lets a few do at a time what costs memory or a core, and others wait for their turn: one mechanism for
// hashing passwords, reading and writing workbooks, and trying versions.
package turns

import (
	"context"
	"errors"
	"time"
)

// Turns bound how many are inside at a time, and how many wait.
type Turns struct {
	running, places chan struct{}
	wait            time.Duration
}

// New returns Turns for atOnce (at least one) inside and waiting others before it, who wait at most
// for a time (0: as long as their context lasts).
func New(atOnce, waiting int, wait time.Duration) *Turns {
	atOnce = max(atOnce, 1)
	return &Turns{running: make(chan struct{}, atOnce), places: make(chan struct{}, atOnce+max(waiting, 0)), wait: wait}
}

// ErrBusy: the queue is full, or it took too long.
var ErrBusy = errors.New("too many at once")

// Enter waits for a turn; the caller leaves it when the work is done, once. Whoever finds the queue
// full or waits too long gets an error that is ErrBusy.
func (t *Turns) Enter(ctx context.Context) (leave func(), err error) {
	select {
	case t.places <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	if t.wait > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t.wait)
		defer cancel()
	}
	if err := ctx.Err(); err != nil { // a free turn is of no use any more
		<-t.places
		return nil, errors.Join(ErrBusy, err)
	}
	select {
	case t.running <- struct{}{}:
		return func() { <-t.running; <-t.places }, nil
	case <-ctx.Done():
		<-t.places
		return nil, errors.Join(ErrBusy, ctx.Err())
	}
}

// Taken counts who is inside or waits.
func (t *Turns) Taken() int { return len(t.places) }
