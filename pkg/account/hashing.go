package account

import (
	"context"

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

// hash and verify do the costly work in turn.
func (s *Service) hash(ctx context.Context, password string) (string, error) {
	leave, err := s.hashing.Enter(ctx)
	if err != nil {
		return "", ErrBusy.Because(err)
	}
	defer leave()
	return hashPassword(password), nil
}

func (s *Service) verify(ctx context.Context, phc, password string) (bool, error) {
	leave, err := s.hashing.Enter(ctx)
	if err != nil {
		return false, ErrBusy.Because(err)
	}
	defer leave()
	if phc == "" {
		phc = decoyHash()
	}
	return verifyPassword(phc, password), nil
}
