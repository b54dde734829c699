package account

import (
	"context"
	"slices"
	"time"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// ObjectOf returns what Can is asked about a user: its town with the town's regions, or its region.
func (s *Service) ObjectOf(ctx context.Context, u User) (Object, error) {
	o := Object{Town: u.Town, User: u.ID, Role: u.Role}
	if u.Role.ForAgency() {
		o.Regions = []region.ID{u.Region}
		return o, nil
	}
	regions, err := s.store.RegionsOf(ctx, u.Town)
	if err != nil {
		return o, err
	}
	o.Regions = regions
	led, err := s.store.Led(ctx, u.Town)
	o.Unled = !led
	return o, err
}

// Person returns a user the actor may manage; any other is NotFound.
func (s *Service) Person(ctx context.Context, a Actor, id UserID) (User, error) {
	u, err := s.store.User(ctx, id)
	if err != nil {
		return User{}, err
	}
	if !u.Forgotten.IsZero() {
		return User{}, ErrNoPerson
	}
	return u, s.mayManage(ctx, a, u)
}

func (s *Service) mayManage(ctx context.Context, a Actor, u User) error {
	o, err := s.ObjectOf(ctx, u)
	if err != nil {
		return err
	}
	if !Can(a, ManagePeople, o) {
		return ErrNoPerson
	}
	return nil
}

// People lists whom the actor may see: an agency admin the region and its towns, a lead the town.
func (s *Service) People(ctx context.Context, a Actor) ([]User, error) {
	if a.Role.ForAgency() {
		return s.store.PeopleOfRegion(ctx, a.Region)
	}
	return s.store.PeopleOfTown(ctx, a.Town)
}

// SetRole gives a person another role of the same kind; its sessions end.
func (s *Service) SetRole(ctx context.Context, a Actor, id UserID, role Role) error {
	u, err := s.Person(ctx, a, id)
	if err != nil {
		return err
	}
	if role.ForTown() != u.Role.ForTown() || role.ForAgency() != u.Role.ForAgency() ||
		!(role.ForTown() || role.ForAgency()) {
		return fault.Fields([]fault.Field{{Name: "role", Code: "role", Message: "this role does not fit the person"}})
	}
	if id == a.User {
		return ErrNotYourself
	}
	if outside(a, u) && role != TownLead {
		return ErrLed
	}
	e := s.done(a, EventRole, u)
	e.Detail, e.Unled = string(u.Role)+" → "+string(role), outside(a, u)
	return s.store.SetRole(ctx, id, u.Role, role, e)
}

// SetDisabled locks a person out, or in again; its sessions end.
func (s *Service) SetDisabled(ctx context.Context, a Actor, id UserID, disabled bool) error {
	u, err := s.Person(ctx, a, id)
	if err != nil {
		return err
	}
	if id == a.User {
		return ErrNotYourself
	}
	kind := EventEnabled
	if disabled {
		kind = EventDisabled
	}
	e := s.done(a, kind, u)
	e.Unled = outside(a, u) && !disabled
	return s.store.SetDisabled(ctx, id, disabled, e)
}

// Pending reports whether the person has not accepted the invitation.
func (u User) Pending() bool { return u.PasswordHash == "" && u.LastSignIn.IsZero() }

// outside reports whether somebody of an agency acts on a town's person.
func outside(a Actor, u User) bool { return a.Role.ForAgency() && u.Role.ForTown() }

// operatorFor is whoever runs the server, acting on a person from the command line.
func operatorFor(u User) Actor { return Actor{Name: OperatorName, Town: u.Town, Region: u.Region} }

// OperatorName is how the log names whoever runs the server.
const OperatorName = "ortsspiegel"

// done is an event about a person. What comes from outside of a town is shown to its people.
func (s *Service) done(a Actor, kind EventKind, u User) Event {
	e := s.event(a, kind, u.Email)
	e.Town, e.Notice = u.Town, u.Role.ForTown() && !a.Role.ForTown()
	return e
}

// Notices lists what was done to the people of the user's town from outside and the user has not seen.
func (s *Service) Notices(ctx context.Context, u User) ([]Notice, error) {
	if !u.Role.ForTown() {
		return nil, nil
	}
	return s.store.Notices(ctx, u)
}

// SeeNotices takes the notices up to an id from the user's start page.
func (s *Service) SeeNotices(ctx context.Context, u User, until int64) error {
	if !u.Role.ForTown() {
		return nil
	}
	return s.store.SeeNotices(ctx, u, until)
}

// Events reads the log the actor may read, newest first.
func (s *Service) Events(ctx context.Context, a Actor, before int64, limit int) ([]Event, error) {
	if a.Role.ForAgency() {
		return s.store.EventsOfRegion(ctx, a.Region, forRegion(), before, limit)
	}
	return s.store.EventsOfTown(ctx, a.Town, before, limit)
}

// Span is from a moment on until before another; a zero one is open.
type Span struct{ From, Until time.Time }

// MostSearched is how many events a search of the log looks through, the newest of its span: it
// bounds the time of one request.
const MostSearched = 20_000

// FindEvents searches the log the actor may read, newest first. Of more than MostSearched events in
// the span the older ones are left out; until is then the oldest that was looked at, else zero.
func (s *Service) FindEvents(ctx context.Context, a Actor, in Span, wanted func(Event) bool) (found []Event,
	until time.Time, err error) {
	var list []Event
	if a.Role.ForAgency() {
		list, err = s.store.NewestOfRegion(ctx, a.Region, forRegion(), in, MostSearched+1)
	} else {
		list, err = s.store.NewestOfTown(ctx, a.Town, in, MostSearched+1)
	}
	if len(list) > MostSearched {
		list = list[:MostSearched]
		until = list[MostSearched-1].At
	}
	return slices.DeleteFunc(list, func(e Event) bool { return !wanted(e) }), until, err
}

// Record logs something that another package did.
func (s *Service) Record(ctx context.Context, a Actor, kind EventKind, town region.AGS, id region.ID,
	subject string) error {
	e := s.event(a, kind, subject)
	e.Town, e.Region = town, id
	return s.store.Log(ctx, e)
}
