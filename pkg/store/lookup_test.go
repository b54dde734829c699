package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
)

// TestLookupsWaitForTheirTurn takes all turns: who waits may give up, and who is late is not let
// in; every turn comes back, found or not, also where a reader goes away in the middle.
func TestLookupsWaitForTheirTurn(t *testing.T) {
	s, err := Open(t.Context(), Config{DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	const checks = `SELECT checks FROM readiness WHERE id = 1`
	var n int
	gone, goAway := context.WithCancel(t.Context())
	held := []scanner{s.lookup(gone, checks), s.lookup(gone, checks)}
	goAway()
	late, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, _, err := s.SessionByHash(late, account.Hash{1}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without a turn: %v", err)
	}
	if _, err := s.Head(gone, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("of a reader who is gone: %v", err)
	}
	waiting := make(chan error)
	go func() { waiting <- s.lookup(t.Context(), checks).Scan(new(int)) }()
	for _, row := range held {
		if err := row.Scan(&n); err != nil {
			t.Errorf("what has begun is finished: %v", err)
		}
	}
	if err := <-waiting; err != nil {
		t.Errorf("after a turn became free: %v", err)
	}
	var all sync.WaitGroup
	for range 4 * lookers {
		all.Go(func() {
			if _, err := s.Head(t.Context(), 4711); !fault.Is(err, fault.NotFound) {
				t.Errorf("what is not there: %v", err)
			}
		})
	}
	all.Wait()
	if len(s.lookups.turns) > 0 {
		t.Errorf("%d turns did not come back", len(s.lookups.turns))
	}
}
