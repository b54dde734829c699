package account

import (
	"context"
	"errors"
	"time"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/internal/turns"
	"ortsspiegel/pkg/region"
)

// Hash is the SHA-256 of a token: what is stored and looked up.
type Hash [32]byte

// Store keeps users, sessions, links and the log. Missing rows are fault.NotFound, a second
// user with the same address is fault.Conflict, a database that does not answer is fault.Unavailable.
type Store interface {
	User(ctx context.Context, id UserID) (User, error)
	UserByEmail(ctx context.Context, email string) (User, error)
	// UserAtDevice reads a user, and whether a device is among those of its MostDevices last used
	// that were used since a time, in one statement.
	UserAtDevice(ctx context.Context, email string, device Hash, since time.Time) (u User, known bool, err error)
	// People lists the users of a town, or of a region and all its towns, by name.
	PeopleOfTown(ctx context.Context, town region.AGS) ([]User, error)
	// InvitationsOf lists the newest unused invitation of each of some people, in one statement.
	InvitationsOf(ctx context.Context, people []UserID) ([]Link, error)
	// UnledTowns lists a region's towns that no active lead belongs to, in one statement.
	UnledTowns(ctx context.Context, id region.ID) ([]region.AGS, error)
	// LeadsOfTowns lists the active leads of some towns of a region, by name, in one statement.
	LeadsOfTowns(ctx context.Context, id region.ID, towns []region.AGS) ([]User, error)
	PeopleOfRegion(ctx context.Context, id region.ID) ([]User, error)
	// AdminsOfRegion lists the active administrators of a region's agency, by name, in one statement.
	AdminsOfRegion(ctx context.Context, id region.ID) ([]User, error)
	// Everybody lists all users of all regions, by name, those who were forgotten too.
	Everybody(ctx context.Context) ([]User, error)
	CreateUser(ctx context.Context, u User, e Event) (UserID, error)

	// Every change of a user names what it changes and the state it expects, so that it cannot undo
	// what another has changed meanwhile. Changes of rights and of the password end sessions and
	// unused links in the same transaction, locking out and a new password make all devices unknown
	// again too.

	// SetRole replaces a role; if the user has another one by now, it is ErrChanged.
	SetRole(ctx context.Context, id UserID, from, to Role, e Event) error
	// SetDisabled locks a user out, or in again.
	SetDisabled(ctx context.Context, id UserID, disabled bool, e Event) error
	// SetPassword replaces a password hash, of a user who is not disabled and still has the one before, else it is
	// ErrChanged; the session keep goes on.
	SetPassword(ctx context.Context, id UserID, from, to string, keep SessionID, e Event) error
	// SetProfile changes name, phone and language of a user who is not disabled, else it is ErrChanged.
	SetProfile(ctx context.Context, id UserID, name, phone, language string) error

	// Forget makes a user unknown who still has the address that was looked at and is not forgotten yet, else it is
	// ErrChanged: a name that says nothing (ForgottenName) takes the place of name and address wherever they stand, and
	// password, sessions, links and known devices go. Answers, their history and the log stay.
	Forget(ctx context.Context, u User, e Event) error
	// Tidy deletes what is due, a few rows at a time, and returns how many they were.
	Tidy(ctx context.Context, due Due) (int64, error)

	// CreateSession starts a session of a user who is not disabled and whose password hash is still the one that was
	// checked, else it is ErrChanged. Its device becomes a known one, or has been used again.
	CreateSession(ctx context.Context, s Session, h Hash, checked string, e Event) (SessionID, error)
	// SessionByHash reads a session and its user in one statement.
	SessionByHash(ctx context.Context, h Hash) (Session, User, error)
	TouchSession(ctx context.Context, id SessionID, seen time.Time) error
	Sessions(ctx context.Context, user UserID) ([]Session, error)
	// EndSession removes a session of this user; another user's is NotFound.
	EndSession(ctx context.Context, user UserID, id SessionID, e Event) error

	// CreateLink keeps a link for a user who is not disabled, else it is ErrChanged; one with this hash is ErrLinkMade.
	CreateLink(ctx context.Context, l Link, h Hash, e Event) (LinkID, error)
	LinkByHash(ctx context.Context, h Hash) (Link, User, error)
	// UseLink does everything that using a link does in one transaction. A link that is used, expired or of somebody
	// disabled is NotFound, and then nothing was done.
	UseLink(ctx context.Context, use LinkUse) error

	Log(ctx context.Context, e Event) error
	// Led reports whether somebody who is not locked out leads the town.
	Led(ctx context.Context, town region.AGS) (bool, error)
	// Entered reports whether somebody of a town has ever accepted an invitation, locked out by now or not.
	Entered(ctx context.Context, town region.AGS) (bool, error)
	// Notices lists what the user of a town has not seen, of what happened since it was created; at
	// most 20, the oldest first.
	Notices(ctx context.Context, u User) ([]Notice, error)
	// SeeNotices marks those up to an id as seen by the user.
	SeeNotices(ctx context.Context, u User, until int64) error
	// EventsOfTown and EventsOfRegion read the log, newest first, before an id (0: from the newest).
	EventsOfTown(ctx context.Context, town region.AGS, before int64, limit int) ([]Event, error)
	// Of events that belong to a town too, EventsOfRegion reads the kinds ofTowns alone.
	EventsOfRegion(ctx context.Context, id region.ID, ofTowns []EventKind, before int64, limit int) ([]Event, error)
	// NewestOfTown and NewestOfRegion read the newest events of a span of time, newest first.
	NewestOfTown(ctx context.Context, town region.AGS, in Span, limit int) ([]Event, error)
	NewestOfRegion(ctx context.Context, id region.ID, ofTowns []EventKind, in Span, limit int) ([]Event, error)

	// RegionsOf lists the regions a town belongs to.
	RegionsOf(ctx context.Context, town region.AGS) ([]region.ID, error)

	// Setting reads what is remembered; empty: nothing.
	Setting(ctx context.Context, name Setting) (string, error)
	// Remember keeps a setting, and writes nothing if it is kept already.
	Remember(ctx context.Context, name Setting, value string) error
}

// LinkUse is everything that using a link does.
type LinkUse struct {
	ID       LinkID
	User     UserID
	Name     string // the new one; empty: it stays
	Password string // the new hash, with which other sessions and unused links end; empty: it stays
	Session  Session
	Secret   Hash // of the session
	Events   []Event
}

// ErrChanged refuses a change of a person who has been changed, or locked out, since it was looked at.
var ErrChanged = fault.New(fault.Conflict, "person_changed",
	"somebody else has changed this person meanwhile: please look again")

// ErrLinkMade says that the link with this secret exists.
var ErrLinkMade = fault.New(fault.Conflict, "link_made", "this link has been made already")

// ErrLed refuses the agency what is the lead's to do.
var ErrLed = fault.New(fault.Conflict, "town_led", "this town has somebody who leads it: only they invite others")

// ErrEntered refuses the agency a new person in a town whose drafts somebody has already been able to read.
var ErrEntered = fault.New(fault.Conflict, "town_entered",
	"somebody of this town has had access already: make one of them the lead, or let them in again; else whoever "+
		"runs the server adds a lead with \"ortsspiegel user add\"")

// ErrNoMail refuses the agency a link that it would have to hand over itself.
var ErrNoMail = fault.New(fault.Conflict, "no_mail",
	"without mail the agency cannot reset the password of a town's lead: whoever runs the server makes a link with "+
		"\"ortsspiegel user link --password\" and hands it to the person")

// Timeouts of sessions and links.
const (
	IdleTimeout     = 12 * time.Hour      // without a person's request
	AbsoluteTimeout = 14 * 24 * time.Hour // since sign-in
	touchEvery      = time.Minute         // how exact Seen is kept
	SignInLinkLife  = 24 * time.Hour
	InvitationLife  = 14 * 24 * time.Hour
)

// The bounds of known devices: how long one is known since its last sign-in, and how many of a
// person are; the one that was not used for longest goes first.
const (
	DeviceLife  = 365 * 24 * time.Hour
	MostDevices = 10
)

// Service is what people do with accounts.
type Service struct {
	store   Store
	now     func() time.Time
	hashing *turns.Turns
	cost    Cost
	decoy   func() string
}

// NewService returns a Service on a store with a clock.
func NewService(store Store, now func() time.Time) *Service {
	s := &Service{store: store, now: now, hashing: turns.New(hashesAtOnce, hashesWaiting, 0)}
	s.HashAt(FullCost)
	return s
}

var errOldPassword = fault.Fields([]fault.Field{{Name: "old", Code: "password_wrong",
	Message: "the present password is not right"}})

// ActorOf returns the actor a user acts as.
func ActorOf(u User, s SessionID) Actor {
	name := u.Name
	if name == "" {
		name = ShownEmail(u.Email)
	}
	return Actor{User: u.ID, Session: s, Name: name, Role: u.Role, Town: u.Town, Region: u.Region}
}

func (s *Service) event(a Actor, kind EventKind, subject string) Event {
	return Event{At: s.now().UTC(), Actor: a.User, Name: a.Name, Kind: kind, Town: a.Town, Region: a.Region,
		Subject: subject}
}

// Client is where a request came from, as far as it is kept. Device is the secret of the browser's
// cookie, which becomes known by signing in; empty: none does.
type Client struct{ Agent, Network, Device string }

// Try is a sign-in that somebody is about to try.
type Try struct {
	Known  bool   // by a device in which this account has signed in before, with the password it has now
	Device string // the device's secret: of a device that is not known a new one, so that none is planted or taken over

	user User // zero: there is none with this address
}

// Try looks at whom an address belongs to and whether the account knows the device (the secret of
// its cookie, or empty), so that the caller can say how many tries there may be. It is no secret of
// the account that is told: what is known to another account, and what is known to nobody, are the
// same.
func (s *Service) Try(ctx context.Context, email, device string) (Try, error) {
	var h Hash
	valid := ValidFormKey(device)
	if valid {
		h = HashToken(device)
	}
	u, known, err := s.store.UserAtDevice(ctx, NormalEmail(email), h, s.now().Add(-DeviceLife))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Try{}, err
	}
	t := Try{Known: valid && known, Device: device, user: u}
	if !t.Known {
		t.Device, _ = NewToken()
	}
	return t, nil
}

// SignIn checks the password of a try and starts a session; its device is known from then on. A
// wrong pair is Invalid and does not say which of the two was wrong; it takes as long as a right
// one.
func (s *Service) SignIn(ctx context.Context, try Try, password string, c Client) (token string, u User, err error) {
	u = try.user
	if u.ID == 0 {
		if _, err := s.verify(ctx, "", password); err != nil {
			return "", User{}, err
		}
		return "", User{}, ErrWrongPair
	}
	c.Device = try.Device
	hash := u.PasswordHash
	if u.Disabled {
		hash = ""
	}
	right, err := s.verify(ctx, hash, password)
	if err != nil {
		return "", User{}, err
	}
	if !right || u.Disabled || u.PasswordHash == "" {
		e := s.event(ActorOf(u, 0), EventSignInFailed, u.Email)
		e.Actor = 0
		if err := s.store.Log(ctx, e); err != nil {
			return "", User{}, err
		}
		return "", User{}, ErrWrongPair
	}
	token, h := NewToken()
	_, err = s.store.CreateSession(ctx, s.session(u.ID, c), h, u.PasswordHash,
		s.event(ActorOf(u, 0), EventSignIn, u.Email))
	if errors.Is(err, ErrChanged) {
		err = ErrWrongPair.Because(err)
	}
	if err != nil {
		return "", User{}, err
	}
	return token, u, nil
}

func (s *Service) session(id UserID, c Client) Session {
	now := s.now().UTC()
	n := Session{User: id, Created: now, Seen: now, Agent: cut(c.Agent, 120), Network: cut(c.Network, 60)}
	if c.Device != "" {
		n.Device = HashToken(c.Device)
	}
	return n
}

// Actor returns who a session token belongs to. An unknown or timed-out session is
// Unauthenticated; a store that does not answer is Unavailable, never "signed out".
// Only a person's request (byPerson) extends the session.
func (s *Service) Actor(ctx context.Context, token string, byPerson bool) (Actor, User, error) {
	gone := fault.New(fault.Unauthenticated, "signed_out", "please sign in")
	if token == "" || len(token) > 100 {
		return Actor{}, User{}, gone
	}
	session, u, err := s.store.SessionByHash(ctx, HashToken(token))
	if fault.Is(err, fault.NotFound) {
		return Actor{}, User{}, gone
	}
	if err != nil {
		return Actor{}, User{}, err
	}
	now := s.now().UTC()
	if u.Disabled || now.Sub(session.Seen) > IdleTimeout || now.Sub(session.Created) > AbsoluteTimeout {
		return Actor{}, User{}, gone
	}
	if byPerson && now.Sub(session.Seen) >= touchEvery {
		// A failing touch must not cost the page: the disk may be full while reading still works.
		_ = s.store.TouchSession(ctx, session.ID, now)
	}
	return ActorOf(u, session.ID), u, nil
}

// SignOut ends the actor's session.
func (s *Service) SignOut(ctx context.Context, a Actor) error {
	return s.store.EndSession(ctx, a.User, a.Session, s.event(a, EventSignOut, ""))
}

// Sessions lists the actor's sessions, the newest first.
func (s *Service) Sessions(ctx context.Context, a Actor) ([]Session, error) {
	return s.store.Sessions(ctx, a.User)
}

// RevokeSession ends one of the actor's sessions.
func (s *Service) RevokeSession(ctx context.Context, a Actor, id SessionID) error {
	return s.store.EndSession(ctx, a.User, id, s.event(a, EventSessionRevoked, ""))
}

// ChangePassword sets a new password after checking the old one; all other sessions end.
func (s *Service) ChangePassword(ctx context.Context, a Actor, old, password string) error {
	u, err := s.store.User(ctx, a.User)
	if err != nil {
		return err
	}
	if u.PasswordHash != "" {
		right, err := s.verify(ctx, u.PasswordHash, old)
		if err != nil {
			return err
		}
		if !right {
			return errOldPassword
		}
	}
	if err := checkPassword("password", password, u.Email); err != nil {
		return err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.store.SetPassword(ctx, u.ID, u.PasswordHash, hash, a.Session, s.event(a, EventPassword, ""))
}

// Profile changes what a person may change about itself.
func (s *Service) Profile(ctx context.Context, a Actor, name, phone, language string) error {
	u, err := s.store.User(ctx, a.User)
	if err != nil {
		return err
	}
	if name, err = CheckName(name); err != nil {
		return err
	}
	if phone = plaintext.Line(phone); phone != "" && !PlausiblePhone(phone) {
		return fault.Fields([]fault.Field{{Name: "phone", Code: "contact_phone",
			Message: "this is no phone number: digits, blanks, and + ( ) / - are possible"}})
	}
	if language != "de" && language != "en" {
		language = u.Language
	}
	return s.store.SetProfile(ctx, u.ID, name, phone, language)
}
