package account

// audience is who may read an event that belongs to a town and to a region.
type audience uint8

const (
	townAndRegion audience = iota + 1
	townAlone              // it tells of a draft, or of whom the town asks in its own house
)

// audiences is the one table of what an event tells whom. A kind that is not in it is the town's alone.
var audiences = map[EventKind]audience{
	EventSignIn: townAndRegion, EventSignInFailed: townAndRegion, EventSignOut: townAndRegion,
	EventPassword:       townAndRegion,
	EventSessionRevoked: townAndRegion, EventInvited: townAndRegion, EventLinkMade: townAndRegion,
	EventRole:     townAndRegion,
	EventDisabled: townAndRegion, EventEnabled: townAndRegion, EventForgotten: townAndRegion,
	EventTownsChanged: townAndRegion, EventLookChanged: townAndRegion,
	EventRoundCreated: townAndRegion, EventRoundOpened: townAndRegion, EventRoundClosed: townAndRegion,
	EventPublished: townAndRegion, EventSubmitted: townAndRegion, EventReopened: townAndRegion,
	EventConsent:      townAndRegion,
	EventRoundChanged: townAndRegion, EventRoundReopened: townAndRegion, EventRoundDeleted: townAndRegion,
	EventTownAdded: townAndRegion, EventTownRemoved: townAndRegion,
	EventExported: townAndRegion, EventImported: townAndRegion,
	EventDraftsRemoved:   townAndRegion,
	EventEvidenceExpired: townAlone, // counts what a draft has too
	EventEvidenceRemoved: townAlone, // names the file
	EventDelegated:       townAlone, EventDelegationReminded: townAlone, EventDelegationRevoked: townAlone,
	EventDelegationNamed: townAlone, EventDelegationOpened: townAlone, EventDelegationDone: townAlone,
}

// EventKindsFor lists the kinds of events that an actor reads in the log.
func EventKindsFor(a Actor) []EventKind {
	if a.Role.ForAgency() {
		return forRegion()
	}
	return EventKinds()
}

// forRegion lists the kinds of a town's events that an agency reads.
func forRegion() []EventKind {
	var kinds []EventKind
	for _, kind := range EventKinds() {
		if audiences[kind] == townAndRegion {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}
