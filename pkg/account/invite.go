package account

import (
	"context"
	"errors"
	"strconv"
	"time"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

// Invitation is what an inviter says about a new person.
type Invitation struct {
	Email  string
	Name   string
	Role   Role
	Town   region.AGS // of a town role
	Region region.ID  // of an agency role
	Key    string     // NewFormKey of the form: sent again, it makes no second link; empty: none
}

// Invite creates a user without a password and returns the secret of the invitation link, once; to the same form sent
// again the same one, as long as the link can be used.
func (s *Service) Invite(ctx context.Context, a Actor, in Invitation) (token string, repeated bool, err error) {
	u, err := s.newUser(in)
	if err != nil {
		return "", false, err
	}
	token, h := TokenOf(in.Key, "invite", u.Email, a.number())
	repeated, err = s.made(ctx, a, in.Key, h)
	if repeated || err != nil && !errors.Is(err, ErrNoLink) {
		return token, repeated, err
	}
	if err := s.mayManage(ctx, a, u); err != nil {
		return "", false, err
	}
	e := s.done(a, EventInvited, u)
	e.Detail = string(u.Role)
	// The first lead is the agency's to appoint, all others are the lead's. Where the only lead was
	// locked out, a new person would come to the town's drafts by the agency's hand.
	e.Unled, e.First = outside(a, u), outside(a, u)
	if u.ID, err = s.store.CreateUser(ctx, u, e); err != nil {
		return "", false, err
	}
	return token, false, s.keepLink(ctx, a, u, LinkInvitation, h)
}

// number is the actor as TokenOf takes it.
func (a Actor) number() string { return strconv.FormatInt(int64(a.User), 10) }

// made reports whether the same form has made the link with a hash before. One that opens nothing any more is NotFound.
func (s *Service) made(ctx context.Context, a Actor, key string, h Hash) (bool, error) {
	if !ValidFormKey(key) {
		return false, nil
	}
	l, u, err := s.store.LinkByHash(ctx, h)
	switch {
	case fault.Is(err, fault.NotFound):
		return false, nil
	case err != nil:
		return false, err
	case !l.open(u, s.now()):
		return false, ErrNoLink
	}
	return true, s.mayManage(ctx, a, u)
}

// open reports whether a link of a user can be used at a time.
func (l Link) open(u User, at time.Time) bool {
	return l.Used.IsZero() && !at.After(l.Expires) && !u.Disabled
}

// Add creates a user from the command line and returns the secret of a sign-in link.
func (s *Service) Add(ctx context.Context, in Invitation) (token string, err error) {
	u, err := s.newUser(in)
	if err != nil {
		return "", err
	}
	operator := operatorFor(u)
	e := s.done(operator, EventInvited, u)
	e.Detail = string(u.Role)
	if u.ID, err = s.store.CreateUser(ctx, u, e); err != nil {
		return "", err
	}
	return s.link(ctx, operator, u, LinkInvitation)
}

func (s *Service) newUser(in Invitation) (User, error) {
	var wrong []fault.Field
	email := NormalEmail(in.Email)
	if !PlausibleEmail(email) {
		wrong = append(wrong, fault.Field{Name: "email", Code: "email",
			Message: "an e-mail address such as name@example.org is expected"})
	}
	name := plaintext.Line(in.Name)
	if name != "" {
		var err error
		if name, err = CheckName(name); err != nil {
			wrong = append(wrong, fault.As(err).Fields...)
		}
	}
	u := User{Email: email, Name: name, Role: in.Role, Created: s.now().UTC()}
	switch {
	case in.Role.ForTown():
		if _, err := region.ParseAGS(string(in.Town)); err != nil {
			wrong = append(wrong, fault.Field{Name: "town", Code: "town_missing",
				Message: "a town role needs a municipality (AGS)"})
		}
		u.Town = in.Town
	case in.Role.ForAgency():
		if in.Region == "" {
			wrong = append(wrong, fault.Field{Name: "region", Code: "region_missing",
				Message: "an agency role needs a region"})
		}
		u.Region = in.Region
	default:
		wrong = append(wrong, fault.Field{Name: "role", Code: "role",
			Message: "one of agency-admin, agency-analyst, town-lead, town-editor, town-viewer is expected"})
	}
	return u, fault.Fields(wrong)
}

// Courier brings a link to the person's own address.
type Courier func(ctx context.Context, to User, token string, kind LinkKind) error

// NewLink makes a link for a person the actor may manage: an invitation while it has no password
// yet, else one that sets a new password. The secret is returned once. A link by which an agency
// would get into a town is not returned, but brought to the person by the courier; without one
// (nil) it is ErrNoMail. The invitation to a town that nobody has entered yet is the agency's to
// hand over. key is the form's, as in Invitation.
func (s *Service) NewLink(ctx context.Context, a Actor, id UserID, key string, courier Courier) (
	token string, kind LinkKind, repeated bool, err error) {
	u, err := s.Person(ctx, a, id)
	if err != nil {
		return "", "", false, err
	}
	kind = u.passwordLink()
	away := outside(a, u)
	if away && u.Pending() {
		if away, err = s.store.Entered(ctx, u.Town); err != nil {
			return "", "", false, err
		}
	}
	if away && courier == nil {
		return "", "", false, ErrNoMail
	}
	token, h := TokenOf(key, "link", strconv.FormatInt(int64(id), 10), a.number())
	repeated, err = s.made(ctx, a, key, h)
	if err == nil && !repeated {
		err = s.keepLink(ctx, a, u, kind, h)
	}
	switch {
	case err != nil:
		return "", kind, false, err
	case !away:
		return token, kind, repeated, nil
	case repeated: // it was mailed then
		return "", kind, true, nil
	}
	return "", kind, false, courier(ctx, u, token, kind)
}

// SignInLink makes a one-time sign-in link from the command line.
func (s *Service) SignInLink(ctx context.Context, id UserID) (token string, err error) {
	return s.operatorLink(ctx, id, func(User) LinkKind { return LinkSignIn })
}

// PasswordLink does what NewLink does from the command line, where nobody has signed in: else an agency whose only
// administrator forgot the password would be locked out.
func (s *Service) PasswordLink(ctx context.Context, id UserID) (token string, err error) {
	return s.operatorLink(ctx, id, User.passwordLink)
}

func (s *Service) operatorLink(ctx context.Context, id UserID, kind func(User) LinkKind) (string, error) {
	u, err := s.store.User(ctx, id)
	if err != nil {
		return "", err
	}
	return s.link(ctx, operatorFor(u), u, kind(u))
}

// passwordLink is the kind of link by which the person sets a password.
func (u User) passwordLink() LinkKind {
	if u.PasswordHash == "" {
		return LinkInvitation
	}
	return LinkReset
}

// link makes a link and returns its secret.
func (s *Service) link(ctx context.Context, a Actor, u User, kind LinkKind) (string, error) {
	token, h := NewToken()
	return token, s.keepLink(ctx, a, u, kind, h)
}

// keepLink makes the link whose secret has a hash.
func (s *Service) keepLink(ctx context.Context, a Actor, u User, kind LinkKind, h Hash) error {
	if u.Disabled {
		return ErrDisabled
	}
	life := SignInLinkLife
	if kind == LinkInvitation {
		life = InvitationLife
	}
	now := s.now().UTC()
	e := s.done(a, EventLinkMade, u)
	e.Detail = string(kind)
	if kind == LinkInvitation {
		e.Notice = false // the invitation itself was one
	}
	_, err := s.store.CreateLink(ctx, Link{Kind: kind, User: u.ID, Created: now, Expires: now.Add(life), By: a.User},
		h, e)
	if errors.Is(err, ErrLinkMade) {
		return nil // by the same form, sent twice at once
	}
	return err
}

// Link looks at a link without using it. An unknown, used or expired one is NotFound.
func (s *Service) Link(ctx context.Context, token string) (Link, User, error) {
	if len(token) > 100 {
		return Link{}, User{}, ErrNoLink
	}
	l, u, err := s.store.LinkByHash(ctx, HashToken(token))
	if fault.Is(err, fault.NotFound) {
		return Link{}, User{}, ErrNoLink
	}
	if err != nil {
		return Link{}, User{}, err
	}
	if !l.open(u, s.now()) {
		return Link{}, User{}, ErrNoLink
	}
	return l, u, nil
}

// UseLink consumes a link and starts a session. For an invitation or a reset, name and password
// are checked first and set with it; whatever is refused leaves the link usable.
func (s *Service) UseLink(ctx context.Context, token, name, password string, c Client) (session string, u User,
	err error) {
	l, u, err := s.Link(ctx, token)
	if err != nil {
		return "", User{}, err
	}
	use := LinkUse{ID: l.ID, User: u.ID, Session: s.session(u.ID, c)}
	if l.Kind == LinkInvitation {
		if use.Name, err = CheckName(name); err != nil {
			return "", User{}, err
		}
		u.Name = use.Name
	}
	if l.Kind != LinkSignIn {
		if err := checkPassword("password", password, u.Email); err != nil {
			return "", User{}, err
		}
		if use.Password, err = s.hash(ctx, password); err != nil {
			return "", User{}, err
		}
		use.Events = append(use.Events, s.event(ActorOf(u, 0), EventPassword, ""))
	}
	use.Events = append(use.Events, s.event(ActorOf(u, 0), EventSignIn, u.Email))
	session, use.Secret = NewToken()
	switch err := s.store.UseLink(ctx, use); {
	case fault.Is(err, fault.NotFound):
		return "", User{}, ErrNoLink.Because(err)
	case err != nil:
		return "", User{}, err // the link can still be used
	}
	return session, u, nil
}

// Invitations returns the newest invitation that was not used of some people, by person; of those
// who have none, nothing.
func (s *Service) Invitations(ctx context.Context, people []User) (map[UserID]Link, error) {
	ids := make([]UserID, len(people))
	for i, u := range people {
		ids[i] = u.ID
	}
	list, err := s.store.InvitationsOf(ctx, ids)
	links := make(map[UserID]Link, len(list))
	for _, l := range list {
		links[l.User] = l
	}
	return links, err
}
