package people

import (
	"context"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/territory"
)

// Services are what the pages of people ask. Each is what they need of it, no more; what a method does is said
// where it is.
type Services struct {
	Accounts  Accounts
	Territory Territory
}

// Accounts is what the pages of people ask of accounts.
type Accounts interface {
	ChangePassword(ctx context.Context, a account.Actor, old, password string) error
	Events(ctx context.Context, a account.Actor, before int64, limit int) ([]account.Event, error)
	FindEvents(ctx context.Context, a account.Actor, in account.Span,
		wanted func(account.Event) bool) (found []account.Event, until time.Time, err error)
	Forget(ctx context.Context, a account.Actor, id account.UserID) error
	Invitations(ctx context.Context, people []account.User) (map[account.UserID]account.Link, error)
	Invite(ctx context.Context, a account.Actor, in account.Invitation) (token string, repeated bool, err error)
	Link(ctx context.Context, token string) (account.Link, account.User, error)
	NewLink(ctx context.Context, a account.Actor, id account.UserID, key string,
		courier account.Courier) (token string, kind account.LinkKind, repeated bool, err error)
	Notices(ctx context.Context, u account.User) ([]account.Notice, error)
	ObjectOf(ctx context.Context, u account.User) (account.Object, error)
	People(ctx context.Context, a account.Actor) ([]account.User, error)
	Person(ctx context.Context, a account.Actor, id account.UserID) (account.User, error)
	Profile(ctx context.Context, a account.Actor, name, phone, language string) error
	RevokeSession(ctx context.Context, a account.Actor, id account.SessionID) error
	SeeNotices(ctx context.Context, u account.User, until int64) error
	Sessions(ctx context.Context, a account.Actor) ([]account.Session, error)
	SetDisabled(ctx context.Context, a account.Actor, id account.UserID, disabled bool) error
	SetRole(ctx context.Context, a account.Actor, id account.UserID, role account.Role) error
	SignIn(ctx context.Context, try account.Try, password string, c account.Client) (token string,
		u account.User, err error)
	SignOut(ctx context.Context, a account.Actor) error
	Try(ctx context.Context, email, device string) (account.Try, error)
	UseLink(ctx context.Context, token, name, password string, c account.Client) (session string,
		u account.User, err error)
}

// Territory is what the pages of people ask of regions and towns.
type Territory interface {
	Look(ctx context.Context, id region.ID) (territory.Look, error)
	SaveLook(ctx context.Context, by account.Actor, l territory.Look) error
	Region(ctx context.Context, id region.ID) (region.Region, error)
	RemoveTown(ctx context.Context, by account.Actor, id region.ID, ags region.AGS) error
	Towns(ctx context.Context, id region.ID) ([]region.Municipality, error)
}
