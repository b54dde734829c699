package account

import (
	"context"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// Setting is a name of what the program remembers for whoever runs it.
type Setting string

const (
	// PublicAddress is where people reached the server that ran last: links to accounts begin with it.
	PublicAddress Setting = "public_address"
	// DemoPassword is what the accounts of the demonstration sign in with; it protects made-up data.
	DemoPassword Setting = "demo_password"
)

// Setting returns what is remembered; empty: nothing.
func (s *Service) Setting(ctx context.Context, name Setting) (string, error) {
	return s.store.Setting(ctx, name)
}

// Remember keeps a setting. What is remembered already is not written again.
func (s *Service) Remember(ctx context.Context, name Setting, value string) error {
	return s.store.Remember(ctx, name, value)
}

// AnyByID finds anybody for the command line. Who was forgotten is NotFound like a number nobody has.
func (s *Service) AnyByID(ctx context.Context, id UserID) (User, error) {
	u, err := s.store.User(ctx, id)
	if err == nil && !u.Forgotten.IsZero() {
		return User{}, fault.New(fault.NotFound, "person_unknown", "there is no such user")
	}
	return u, err
}

// AnyByEmail finds anybody for the command line, by an address as it is typed.
func (s *Service) AnyByEmail(ctx context.Context, email string) (User, error) {
	return s.store.UserByEmail(ctx, NormalEmail(email))
}

// Everybody lists the people of all regions for the command line, those who were forgotten too.
func (s *Service) Everybody(ctx context.Context) ([]User, error) { return s.store.Everybody(ctx) }

// AllOfRegion lists the people of a region and its towns, by name, for the command line.
func (s *Service) AllOfRegion(ctx context.Context, id region.ID) ([]User, error) {
	return s.store.PeopleOfRegion(ctx, id)
}

// Enrol stores somebody as somebody stands, password and first sign-in included, for the demonstration: invited by
// whoever runs the server when the account was created. Errors as for Store.CreateUser.
func (s *Service) Enrol(ctx context.Context, u User) (UserID, error) {
	e := s.event(operatorFor(u), EventInvited, u.Email)
	e.At = u.Created
	return s.store.CreateUser(ctx, u, e)
}
