package account

import (
	"context"
	"strconv"
	"time"
)

// ForgottenName is what stands where the name of a person stood who was made unknown: the same in every language, and
// still telling two such people apart.
func ForgottenName(id UserID) string { return "Person " + strconv.FormatInt(int64(id), 10) }

// Forget makes a person unknown whom the actor may manage: see Store.Forget. It cannot be undone.
func (s *Service) Forget(ctx context.Context, a Actor, id UserID) error {
	u, err := s.Person(ctx, a, id)
	if err != nil {
		return err
	}
	if id == a.User {
		return ErrNotYourself
	}
	return s.forget(ctx, a, u)
}

// ForgetAny makes anybody unknown, from the command line.
func (s *Service) ForgetAny(ctx context.Context, u User) error {
	if !u.Forgotten.IsZero() {
		return ErrNoPerson
	}
	return s.forget(ctx, operatorFor(u), u)
}

func (s *Service) forget(ctx context.Context, a Actor, u User) error {
	e := s.done(a, EventForgotten, u)
	e.Subject = ForgottenName(u.ID)
	return s.store.Forget(ctx, u, e)
}

// Due says what housekeeping deletes.
type Due struct {
	Now     time.Time
	Idle    time.Time // sessions that nobody has used since
	Begun   time.Time // sessions begun before
	Log     time.Time // lines of the log, notices and addresses of links to colleagues from before; zero: all are kept
	Device  time.Time // known devices that nobody has signed in by since; more than MostDevices of a person go too
	Renamed time.Time // who was forgotten since then is looked for once more: a request may have been on its way
}

// Tidy deletes what nobody needs any more: sessions that have ended, links that were used or have
// expired, devices not used for long, and what the log holds from before keepLog (0: the whole log
// is kept). It returns how many rows it deleted; it can run on several nodes at once.
func (s *Service) Tidy(ctx context.Context, keepLog time.Duration) (int64, error) {
	now := s.now().UTC()
	due := Due{Now: now, Idle: now.Add(-IdleTimeout), Begun: now.Add(-AbsoluteTimeout), Device: now.Add(-DeviceLife),
		Renamed: now.Add(-48 * time.Hour)}
	if keepLog > 0 {
		due.Log = now.Add(-keepLog)
	}
	return s.store.Tidy(ctx, due)
}
