package account

import (
	"time"

	"ortsspiegel/pkg/region"
)

// UserID and SessionID identify rows; a session's secret is never one of them.
type (
	UserID    int64
	SessionID int64
	LinkID    int64
)

// User is a person with exactly one role.
type User struct {
	ID           UserID
	Email        string // in its normal form
	Name         string
	Phone        string // as people write it; may be empty; shown to whom the person is named as a contact
	Role         Role
	Town         region.AGS // of a town role
	Region       region.ID  // of an agency role
	Language     string     // "de", "en" or empty
	PasswordHash string     // PHC string (argon2id); empty: signs in by link only
	Disabled     bool
	Created      time.Time
	LastSignIn   time.Time // zero: never
	Forgotten    time.Time // when it was made unknown; zero: it was not
}

// Session is a signed-in browser.
type Session struct {
	ID      SessionID
	User    UserID
	Created time.Time
	Seen    time.Time // last use by a person; automatic requests do not move it
	Agent   string    // what the browser calls itself, shortened
	Network string    // where it came from, the last part removed
	Device  Hash      // of the browser's secret, as the session begins; zero: there is none, and none is read back
}

// LinkKind says what a link is good for.
type LinkKind string

// The kinds of links.
const (
	LinkInvitation LinkKind = "invitation" // sets name and password of a new user
	LinkSignIn     LinkKind = "signin"     // signs in once
	LinkReset      LinkKind = "reset"      // sets a new password
)

// Link is a random single-use address. Its secret is stored only as a hash.
type Link struct {
	ID      LinkID
	Kind    LinkKind
	User    UserID
	Created time.Time
	Expires time.Time
	Used    time.Time // zero: unused
	By      UserID    // who made it; 0: the command line
}

// Event is a line of the audit log. It belongs to a town, a region or both; that decides who reads it.
type Event struct {
	ID      int64
	At      time.Time
	Actor   UserID // 0: nobody signed in, or the command line
	Name    string // the actor's name at that time
	Kind    EventKind
	Town    region.AGS
	Region  region.ID
	Subject string // what it is about: a round's title, a person's name
	Detail  string // for instance the reason of a reopening

	// Instructions to whoever stores it, kept nowhere: Notice shows it to the town's people until each has seen it,
	// Unled refuses the whole act with ErrLed if somebody else who can sign in leads the town, First with ErrEntered if
	// somebody else of the town has ever accepted an invitation.
	Notice, Unled, First bool
}

// Notice is what somebody from outside did to a town's people, shown to each of them until seen.
type Notice struct {
	ID      int64
	At      time.Time
	Kind    EventKind
	By      string // who did it
	Subject string // the address of whom it was done to
	Detail  string // a role, or a kind of link
}

// EventKind names what happened.
type EventKind string

// What is logged.
const (
	EventSignIn          EventKind = "signin"
	EventSignInFailed    EventKind = "signin_failed"
	EventSignOut         EventKind = "signout"
	EventPassword        EventKind = "password"
	EventSessionRevoked  EventKind = "session_revoked"
	EventInvited         EventKind = "invited"
	EventLinkMade        EventKind = "link_made"
	EventRole            EventKind = "role"
	EventDisabled        EventKind = "disabled"
	EventEnabled         EventKind = "enabled"
	EventForgotten       EventKind = "forgotten" // a person was made unknown
	EventTownsChanged    EventKind = "towns_changed"
	EventLookChanged     EventKind = "look_changed" // a region's name, colour or legal texts
	EventRoundCreated    EventKind = "round_created"
	EventRoundOpened     EventKind = "round_opened"
	EventRoundClosed     EventKind = "round_closed"
	EventRoundChanged    EventKind = "round_changed"  // its detail has a line for each thing: what, a space, and how
	EventRoundReopened   EventKind = "round_reopened" // open again after it was closed
	EventRoundDeleted    EventKind = "round_deleted"
	EventTownAdded       EventKind = "round_town_added"   // to a round that had opened; told to the town
	EventTownRemoved     EventKind = "round_town_removed" // from one; its detail is the reason
	EventPublished       EventKind = "published"
	EventSubmitted       EventKind = "submitted"
	EventReopened        EventKind = "reopened"
	EventConsent         EventKind = "consent"
	EventExported        EventKind = "exported"
	EventImported        EventKind = "imported" // a foreign table became a round's answers
	EventEvidenceRemoved EventKind = "evidence_removed"
	EventEvidenceExpired EventKind = "evidence_expired" // by housekeeping; its detail is how many pieces
	EventDraftsRemoved   EventKind = "drafts_removed"   // of a round that is over; told to the towns

	EventDelegated          EventKind = "delegated"           // a colleague was asked by a link
	EventDelegationReminded EventKind = "delegation_reminded" // and got a new link
	EventDelegationRevoked  EventKind = "delegation_revoked"
	EventDelegationNamed    EventKind = "delegation_named"  // said who is there
	EventDelegationOpened   EventKind = "delegation_opened" // used the link; at most once an hour
	EventDelegationDone     EventKind = "delegation_done"
)

// EventKinds lists all kinds, for filters and translations.
func EventKinds() []EventKind {
	return []EventKind{EventSignIn, EventSignInFailed, EventSignOut, EventPassword, EventSessionRevoked, EventInvited,
		EventLinkMade,
		EventRole, EventDisabled, EventEnabled, EventForgotten, EventTownsChanged, EventLookChanged, EventRoundCreated,
		EventRoundOpened,
		EventRoundClosed,
		EventRoundChanged, EventRoundReopened, EventRoundDeleted, EventTownAdded, EventTownRemoved,
		EventPublished, EventSubmitted, EventReopened, EventConsent, EventExported, EventImported,
		EventEvidenceRemoved, EventEvidenceExpired, EventDraftsRemoved,
		EventDelegated, EventDelegationReminded, EventDelegationRevoked, EventDelegationNamed, EventDelegationOpened,
		EventDelegationDone}
}
