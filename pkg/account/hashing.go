package account

import (
	"context"

	"ortsspiegel/pkg/fault"
)

// The bounds of password hashing, which takes 19 MiB and some 25 ms of a core each time.
const (
	hashesAtOnce  = 2  // unless HashAtOnce says otherwise
	hashesWaiting = 64 // who comes later is told to come again
)

// hashing lets in a few at a time; some others wait until their request ends.
type hashing struct{ running, waiting chan struct{} }

func newHashing(atOnce int) hashing {
	atOnce = max(atOnce, 1)
	return hashing{running: make(chan struct{}, atOnce), waiting: make(chan struct{}, atOnce+hashesWaiting)}
}

var errBusy = fault.New(fault.Unavailable, "sign_in_busy", "many people are signing in right now: please try again in a minute")

// enter waits for a turn; the caller leaves it when it has hashed. Whoever finds the queue full or waits too long is refused.
func (h hashing) enter(ctx context.Context) (leave func(), err error) {
	select {
	case h.waiting <- struct{}{}:
	default:
		return nil, errBusy
	}
	select {
	case h.running <- struct{}{}:
		return func() { <-h.running; <-h.waiting }, nil
	case <-ctx.Done():
		<-h.waiting
		return nil, errBusy.Because(ctx.Err())
	}
}

// HashAtOnce sets how many passwords are hashed at the same time: as many as there are cores. It is called before the
// service is used.
func (s *Service) HashAtOnce(n int) { s.hashing = newHashing(n) }

// hash and verify do the costly work in turn.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	leave, err := s.hashing.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return hashPassword(password), nil
}

func (s *Service) verify(ctx context.Context, phc, password string) (bool, error) {
	leave, err := s.hashing.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	if phc == "" {
		phc = decoyHash()
	}
	return verifyPassword(phc, password), nil
}
