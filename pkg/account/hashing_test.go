package account

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"ortsspiegel/pkg/fault"
)

// Passwords are hashed a few at a time; a bounded number waits, and who comes later is told so.
func TestHashingIsBounded(t *testing.T) {
	h := newHashing(2)
	var running, most, refused atomic.Int64
	release := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 * hashesWaiting {
		wg.Go(func() {
			leave, err := h.enter(t.Context())
			if err != nil {
				if !fault.Is(err, fault.Unavailable) {
					t.Errorf("refused with %v", err)
				}
				if refused.Add(1) == 2*hashesWaiting-2 {
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
	if most.Load() != 2 || refused.Load() != 2*hashesWaiting-2 {
		t.Errorf("%d at once, %d refused", most.Load(), refused.Load())
	}
	leave, err := h.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	second, err := h.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer second()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.enter(ctx); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a request that has ended still waits: %v", err)
	}
	if len(h.waiting) != 2 {
		t.Errorf("%d places are taken", len(h.waiting))
	}
}
