package account

import (
	"slices"

	"ortsspiegel/pkg/region"
)

// Role says what a user is for.
type Role string

// The roles. A town role belongs to one municipality, an agency role to one region.
const (
	AgencyAdmin   Role = "agency-admin"
	AgencyAnalyst Role = "agency-analyst"
	TownLead      Role = "town-lead"
	TownEditor    Role = "town-editor"
	TownViewer    Role = "town-viewer"
)

// Roles lists all roles.
func Roles() []Role { return []Role{AgencyAdmin, AgencyAnalyst, TownLead, TownEditor, TownViewer} }

// ForTown reports whether the role belongs to a municipality.
func (r Role) ForTown() bool { return r == TownLead || r == TownEditor || r == TownViewer }

// ForAgency reports whether the role belongs to a region.
func (r Role) ForAgency() bool { return r == AgencyAdmin || r == AgencyAnalyst }

// Actor is who asks. The zero Actor is somebody who has not signed in.
type Actor struct {
	User    UserID
	Session SessionID
	Name    string
	Role    Role
	Town    region.AGS // of a town role
	Region  region.ID  // of an agency role
}

// SignedIn reports whether the actor is known.
func (a Actor) SignedIn() bool { return a.User != 0 }

// Object is what is asked about: whose it is and what state it is in.
type Object struct {
	Regions   []region.ID // the regions that have a claim on it: a round's region, a town's regions
	Town      region.AGS  // whose it is; empty for a region's own things
	Submitted bool        // assessments: handed in, so that the agency may read it
	User      UserID      // people and sessions: whom it is about
	Role      Role        // people: the role it has or is to get
	Unled     bool        // people of a town: nobody who can sign in leads it
}

// Action is something an actor may or may not do to an object.
type Action string

// The actions. Every route names exactly one.
const (
	Public           Action = "public"            // pages for everybody
	OwnAccount       Action = "account.own"       // own profile, password, sessions
	ViewDashboard    Action = "dashboard.view"    // the start page of somebody signed in
	ViewPeople       Action = "people.view"       // list people
	ManagePeople     Action = "people.manage"     // invite, change, disable one person
	ViewTowns        Action = "towns.view"        // list a region's towns
	ManageTowns      Action = "towns.manage"      // change a region's towns
	ManageLook       Action = "look.manage"       // change a region's look and legal texts
	ViewAudit        Action = "audit.view"        // read the own log
	ViewRound        Action = "round.view"        // progress, participants
	ManageRound      Action = "round.manage"      // create, change, open, close, reopen, publish, delete
	ViewBenchmark    Action = "benchmark.view"    // live and named
	ExportRound      Action = "round.export"      // the region's workbook and raw data
	ViewAssessment   Action = "assessment.view"   // task list, answers, history, evidence
	ViewHistory      Action = "history.view"      // what an answer was before: drafts, even after submission
	EditAssessment   Action = "assessment.edit"   // answer, comment, evidence
	SubmitAssessment Action = "assessment.submit" // hand in
	ReopenAssessment Action = "assessment.reopen" // give back, with a reason
	ViewResult       Action = "result.view"       // score and derivation
	ViewRelease      Action = "release.view"      // published benchmark with the own position
	ExportAssessment Action = "assessment.export" // the town's workbook
	ManageConsent    Action = "consent.manage"    // be named or stay anonymous in a round

	DelegateQuestions Action = "assessment.delegate" // ask colleagues without an account, by a link
)

// scope is how far a permission of a role reaches.
type scope uint8

const (
	none          scope = iota
	ownTown             // things of the actor's municipality
	ownTownPeople       // people with a town role of the actor's municipality
	ownRegion           // things of the actor's region
	// people with an agency role of the actor's region, and its towns' leads; all of a town that
	// nobody leads
	regionPeople
	submittedTown // submitted assessments in the actor's region
)

// policy is the one written table of rights: action x role -> scope. What is not in it is refused.
var policy = map[Action]map[Role]scope{
	ViewPeople:    {AgencyAdmin: ownRegion, TownLead: ownTown},
	ManagePeople:  {AgencyAdmin: regionPeople, TownLead: ownTownPeople},
	ViewTowns:     {AgencyAdmin: ownRegion, AgencyAnalyst: ownRegion},
	ManageTowns:   {AgencyAdmin: ownRegion},
	ManageLook:    {AgencyAdmin: ownRegion},
	ViewAudit:     {AgencyAdmin: ownRegion, TownLead: ownTown},
	ViewRound:     {AgencyAdmin: ownRegion, AgencyAnalyst: ownRegion},
	ManageRound:   {AgencyAdmin: ownRegion},
	ViewBenchmark: {AgencyAdmin: ownRegion, AgencyAnalyst: ownRegion},
	ExportRound:   {AgencyAdmin: ownRegion, AgencyAnalyst: ownRegion},
	ViewAssessment: {AgencyAdmin: submittedTown, AgencyAnalyst: submittedTown, TownLead: ownTown,
		TownEditor: ownTown, TownViewer: ownTown},
	ViewHistory:      {TownLead: ownTown, TownEditor: ownTown, TownViewer: ownTown},
	EditAssessment:   {TownLead: ownTown, TownEditor: ownTown},
	SubmitAssessment: {TownLead: ownTown},
	ReopenAssessment: {AgencyAdmin: submittedTown},
	ViewResult: {AgencyAdmin: submittedTown, AgencyAnalyst: submittedTown, TownLead: ownTown,
		TownEditor: ownTown, TownViewer: ownTown},
	ViewRelease: {TownLead: ownTown, TownEditor: ownTown, TownViewer: ownTown},
	ExportAssessment: {AgencyAdmin: submittedTown, AgencyAnalyst: submittedTown, TownLead: ownTown,
		TownEditor: ownTown, TownViewer: ownTown},
	ManageConsent: {TownLead: ownTown},

	DelegateQuestions: {TownLead: ownTown},
}

// Can decides whether the actor may do the action to the object. It is the only place that decides.
func Can(actor Actor, action Action, object Object) bool {
	switch action {
	case Public:
		return true
	case ViewDashboard:
		return actor.SignedIn()
	case OwnAccount:
		return actor.SignedIn() && (object.User == 0 || object.User == actor.User)
	}
	if !actor.SignedIn() {
		return false
	}
	return reaches(policy[action][actor.Role], actor, object)
}

func reaches(s scope, actor Actor, object Object) bool {
	inTown := actor.Role.ForTown() && actor.Town != "" && object.Town == actor.Town
	inRegion := actor.Role.ForAgency() && actor.Region != "" && slices.Contains(object.Regions, actor.Region)
	switch s {
	case ownTown:
		return inTown
	case ownTownPeople:
		return inTown && (object.Role == "" || object.Role.ForTown())
	case ownRegion:
		return inRegion
	case regionPeople:
		return inRegion && (object.Role == "" || object.Role.ForAgency() || object.Role == TownLead ||
			object.Unled && object.Role.ForTown())
	case submittedTown:
		return inRegion && object.Submitted
	}
	return false
}
