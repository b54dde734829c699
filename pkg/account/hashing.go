package account

import (
	"context"
	"sync"

	"ortsspiegel/pkg/internal/turns"
)

// The bounds of password hashing, which takes 19 MiB and some 25 ms of a core each time.
const (
	hashesAtOnce  = 2  // unless HashAtOnce says otherwise
	hashesWaiting = 64 // who comes later is told to come again
)

// HashAtOnce sets how many passwords are hashed at the same time: as many as there are cores. It is called before the
// service is used.
func (s *Service) HashAtOnce(n int) { s.hashing = turns.New(n, hashesWaiting, 0) }

// HashIn sets whose turns hashing takes instead. It is called before the service is used.
func (s *Service) HashIn(t *turns.Turns) { s.hashing = t }

// HashAt sets the cost of passwords that are hashed from now on; otherwise it is FullCost. Tests
// take a lower one, and a law keeps that to them. It is called before the service is used.
func (s *Service) HashAt(c Cost) {
	s.cost = c
	// It makes signing in take as long for an unknown address as for a known one.
	s.decoy = sync.OnceValue(func() string { return c.hash("nobody has this password") })
}

// hash and verify do the costly work in turn.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	leave, err := s.hashing.Enter(ctx)
	if err != nil {
		return "", ErrBusy.Because(err)
	}
	defer leave()
	return s.cost.hash(password), nil
}

func (s *Service) verify(ctx context.Context, phc, password string) (bool, error) {
	leave, err := s.hashing.Enter(ctx)
	if err != nil {
		return false, ErrBusy.Because(err)
	}
	defer leave()
	if phc == "" {
		phc = s.decoy()
	}
	return verifyPassword(phc, password), nil
}
