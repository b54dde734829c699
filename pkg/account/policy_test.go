package account

import (
	"fmt"
	"testing"

	"ortsspiegel/pkg/region"
)

// rights is the table of docs and help pages, written down a second time on purpose: who may do
// what to what is theirs (own) and to what is not. d: also to drafts; s: to submitted ones only.
var rights = map[Action]map[Role]string{
	ViewPeople:    {AgencyAdmin: "own", TownLead: "own"},
	ManagePeople:  {AgencyAdmin: "own", TownLead: "own"},
	ViewTowns:     {AgencyAdmin: "own", AgencyAnalyst: "own"},
	ManageTowns:   {AgencyAdmin: "own"},
	ManageLook:    {AgencyAdmin: "own"},
	ViewAudit:     {AgencyAdmin: "own", TownLead: "own"},
	ViewRound:     {AgencyAdmin: "own", AgencyAnalyst: "own"},
	ManageRound:   {AgencyAdmin: "own"},
	ViewBenchmark: {AgencyAdmin: "own", AgencyAnalyst: "own"},
	ExportRound:   {AgencyAdmin: "own", AgencyAnalyst: "own"},
	ViewAssessment: {AgencyAdmin: "submitted", AgencyAnalyst: "submitted", TownLead: "own", TownEditor: "own",
		TownViewer: "own"},
	ViewHistory:      {TownLead: "own", TownEditor: "own", TownViewer: "own"},
	EditAssessment:   {TownLead: "own", TownEditor: "own"},
	SubmitAssessment: {TownLead: "own"},
	ReopenAssessment: {AgencyAdmin: "submitted"},
	ViewResult: {AgencyAdmin: "submitted", AgencyAnalyst: "submitted", TownLead: "own", TownEditor: "own",
		TownViewer: "own"},
	ViewRelease: {TownLead: "own", TownEditor: "own", TownViewer: "own"},
	ExportAssessment: {AgencyAdmin: "submitted", AgencyAnalyst: "submitted", TownLead: "own", TownEditor: "own",
		TownViewer: "own"},
	ManageConsent: {TownLead: "own"},

	DelegateQuestions: {TownLead: "own"},
}

func TestRights(t *testing.T) {
	for action := range policy {
		if rights[action] == nil {
			t.Errorf("%s is in the policy, but not in the table of rights", action)
		}
	}
	for action, byRole := range rights {
		for _, role := range Roles() {
			for _, c := range []struct {
				owner     string
				submitted bool
			}{{"own", false}, {"own", true}, {"foreign", false}, {"foreign", true}, {"nobody", false}} {
				right := byRole[role]
				want := c.owner == "own" && (right == "own" || right == "submitted" && c.submitted)
				actor, object := actorAndObject(role, action, c.owner, c.submitted)
				t.Run(fmt.Sprintf("%s/%s/%s/submitted=%v", action, role, c.owner, c.submitted), func(t *testing.T) {
					if got := Can(actor, action, object); got != want {
						t.Errorf("Can = %v, want %v", got, want)
					}
				})
			}
		}
	}
}

func actorAndObject(role Role, action Action, owner string, submitted bool) (Actor, Object) {
	actor := Actor{User: 7, Role: role}
	if role.ForTown() {
		actor.Town = "05958004"
	} else {
		actor.Region = "suedwestfalen"
	}
	object := Object{Submitted: submitted}
	switch owner {
	case "own":
		object.Town, object.Regions = "05958004", []region.ID{"suedwestfalen"}
	case "foreign":
		object.Town, object.Regions = "05962024", []region.ID{"anderswo"}
	}
	return actor, object
}

func TestNobodyMayDoAnythingUnlessPublic(t *testing.T) {
	for action := range policy {
		if Can(Actor{}, action, Object{}) {
			t.Errorf("somebody who has not signed in may %s", action)
		}
	}
	if Can(Actor{}, ViewDashboard, Object{}) || Can(Actor{}, OwnAccount, Object{}) || !Can(Actor{}, Public, Object{}) {
		t.Error("public is all that is public")
	}
}

func TestOwnAccountIsOnesOwn(t *testing.T) {
	a := Actor{User: 7, Role: TownViewer, Town: "05958004"}
	if !Can(a, OwnAccount, Object{User: 7}) || Can(a, OwnAccount, Object{User: 8}) {
		t.Error("the own account is the own account")
	}
}

func TestLeadManagesOnlyTownRoles(t *testing.T) {
	lead := Actor{User: 7, Role: TownLead, Town: "05958004"}
	for _, role := range Roles() {
		o := Object{Town: "05958004", Role: role, User: 9}
		if got := Can(lead, ManagePeople, o); got != role.ForTown() {
			t.Errorf("%s: %v", role, got)
		}
	}
}

func TestUnknownActionIsRefused(t *testing.T) {
	admin := Actor{User: 1, Role: AgencyAdmin, Region: "suedwestfalen"}
	if Can(admin, "something.new", Object{Regions: []region.ID{"suedwestfalen"}}) {
		t.Error("what is not in the table is refused")
	}
}
