package turns

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A few are inside at a time; a bounded number waits, and who comes later is told so.
func TestTurnsAreBounded(t *testing.T) {
	const waiting = 64
	h := New(2, waiting, 0)
	var running, most, refused atomic.Int64
	release := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 * waiting {
		wg.Go(func() {
			leave, err := h.Enter(t.Context())
			if err != nil {
				if !errors.Is(err, ErrBusy) {
					t.Errorf("refused with %v", err)
				}
				if refused.Add(1) == 2*waiting-2 {
					close(release)
				}
				return
			}
			n := running.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			<-release
			running.Add(-1)
			leave()
		})
	}
	wg.Wait()
	if most.Load() != 2 || refused.Load() != 2*waiting-2 {
		t.Errorf("%d at once, %d refused", most.Load(), refused.Load())
	}
	leave, err := h.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	second, err := h.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer second()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Enter(ctx); !errors.Is(err, ErrBusy) {
		t.Errorf("a request that has ended still waits: %v", err)
	}
	if h.Taken() != 2 {
		t.Errorf("%d places are taken", h.Taken())
	}
	brief := New(1, 1, time.Millisecond)
	inside, err := brief.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer inside()
	if _, err := brief.Enter(t.Context()); !errors.Is(err, ErrBusy) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waits for ever: %v", err)
	}
}
