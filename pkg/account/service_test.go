package account_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/store"
)

const password, another = "drei Pferde im Nebel", "vier Esel im Regen"

// office is the service on a real database with two regions that must not know of each other, and a
// clock that tests move.
type office struct {
	*account.Service
	t     *testing.T
	store *store.Store
	now   time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{DataDir: t.TempDir()})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	o := &office{t: t, store: s, now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	o.Service = account.NewService(s, func() time.Time { return o.now })
	for id, list := range map[region.ID][]region.AGS{"here": {"05958004", "05958008"}, "there": {"05970004"}} {
		var towns []region.Municipality
		for _, ags := range list {
			towns = append(towns, region.Municipality{AGS: ags, Name: "Ort " + string(ags), OfficialName: "Ort",
				Kind: "Stadt", District: region.District{Key: ags.District(), Name: "Kreis"},
				Population: 10000, PopulationDate: "2025-12-31", AreaKm2: 10, Lat: 51, Lon: 8})
		}
		must(t, s.SaveRegion(t.Context(), region.Region{ID: id, Name: string(id), Agency: "Agentur", Source: "Test"},
			towns, account.Event{}))
	}
	return o
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s: got %v, want %v", what, err, kind)
	}
}

func (o *office) invitation(name string, role account.Role, place string) account.Invitation {
	in := account.Invitation{Email: name + "@example.org", Name: name, Role: role}
	if role.ForTown() {
		in.Town = region.AGS(place)
	} else {
		in.Region = region.ID(place)
	}
	return in
}

// person adds somebody with a password and returns whom they act as, with a session.
func (o *office) person(name string, role account.Role, place string) (account.Actor, string) {
	o.t.Helper()
	link, err := o.Add(o.t.Context(), o.invitation(name, role, place))
	must(o.t, err)
	token, _, err := o.UseLink(o.t.Context(), link, name, password,
		account.Client{Agent: "Browser", Network: "192.0.2.0/24"})
	must(o.t, err)
	a, _, err := o.Actor(o.t.Context(), token, true)
	must(o.t, err)
	return a, token
}

// mailed makes a link as an agency does, and returns what the person finds in the mail.
func (o *office) mailed(a account.Actor, id account.UserID) (token string, kind account.LinkKind, err error) {
	o.t.Helper()
	shown, kind, _, err := o.NewLink(o.t.Context(), a, id, "",
		func(_ context.Context, to account.User, secret string, _ account.LinkKind) error {
			if token = secret; to.ID != id {
				o.t.Errorf("the mail goes to %s", to.Email)
			}
			return nil
		})
	if shown != "" {
		o.t.Error("the agency sees the link")
	}
	return token, kind, err
}

func (o *office) signIn(name, password string) (string, error) {
	try, err := o.Try(o.t.Context(), name+"@example.org", "")
	must(o.t, err)
	token, _, err := o.SignIn(o.t.Context(), try, password, account.Client{})
	return token, err
}

func (o *office) alive(token string) bool {
	o.t.Helper()
	_, _, err := o.Actor(o.t.Context(), token, false)
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		o.t.Fatal(err)
	}
	return err == nil
}

func TestWrongPairsAreAlike(t *testing.T) {
	o := newOffice(t)
	lead, _ := o.person("lead", account.TownLead, "05958004")
	off, _ := o.person("off", account.TownEditor, "05958004")
	must(t, o.SetDisabled(t.Context(), lead, off.User, true))
	_, err := o.Add(t.Context(), o.invitation("invited", account.TownEditor, "05958004"))
	must(t, err)
	took := map[string]time.Duration{}
	texts := map[string]bool{}
	for _, c := range []struct{ name, password string }{{"lead", "nicht das Passwort"}, {"nobody", password},
		{"off", password}, {"invited", password}, {"invited", ""}, {"lead", ""}, {"lead", strings.Repeat("x", 60000)}} {
		best := time.Hour
		for range 5 {
			start := time.Now()
			_, err := o.signIn(c.name, c.password)
			best = min(best, time.Since(start))
			wantKind(t, c.name, err, fault.Invalid)
			texts[fmt.Sprint(err)] = true
		}
		took[c.name+"/"+c.password[:min(len(c.password), 5)]] = best
	}
	if len(texts) != 1 {
		t.Errorf("refusals say different things: %v", texts)
	}
	// Every one of them costs a password hash, some 20 ms; without it, signing in takes well under one.
	for name, d := range took {
		if known := took["lead/nicht"]; d < known/3 || d > known*3 {
			t.Errorf("%s takes %v, a known address %v", name, d, known)
		}
	}
	if _, err := o.signIn("lead", password); err != nil {
		t.Errorf("after many wrong ones the right password: %v", err)
	}
}

func TestLongPasswordsCountWhole(t *testing.T) {
	o := newOffice(t)
	a, _ := o.person("lead", account.TownLead, "05958004")
	long := strings.Repeat("abc ", 19)[:73]
	must(t, o.ChangePassword(t.Context(), a, password, long+"1"))
	if _, err := o.signIn("lead", long+"2"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a password that differs at its 74th byte: %v", err)
	}
	for _, bad := range []string{"kurz", "passwortpasswort"[:11], strings.Repeat("x", 40), strings.Repeat("ab", 150),
		"\xff\xfe\xfd345678901234", "lead@example.org"} {
		wantKind(t, bad, o.ChangePassword(t.Context(), a, long+"1", bad), fault.Invalid)
	}
	if _, err := o.signIn("LEAD ", long+"1"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a blank inside the address: %v", err)
	}
	try, err := o.Try(t.Context(), "  LEAD@Example.org ", "")
	must(t, err)
	if _, _, err := o.SignIn(t.Context(), try, long+"1", account.Client{}); err != nil {
		t.Errorf("the address in capitals: %v", err)
	}
}

func TestSessions(t *testing.T) {
	o := newOffice(t)
	a, first := o.person("lead", account.TownLead, "05958004")
	stranger, strange := o.person("stranger", account.TownLead, "05970004")
	o.now = o.now.Add(time.Minute)
	second, err := o.signIn("lead", password)
	must(t, err)
	list, err := o.Sessions(t.Context(), a)
	must(t, err)
	if len(list) != 2 || list[1].ID != a.Session || list[1].Network != "192.0.2.0/24" ||
		!list[0].Created.After(list[1].Created) {
		t.Fatalf("sessions %+v", list)
	}
	foreign, missing := o.RevokeSession(t.Context(), stranger, list[0].ID), o.RevokeSession(t.Context(), stranger, 4711)
	wantKind(t, "a stranger revokes", foreign, fault.NotFound)
	if fmt.Sprint(foreign) != fmt.Sprint(missing) {
		t.Errorf("a foreign session says %q, a missing one %q", foreign, missing)
	}
	must(t, o.RevokeSession(t.Context(), a, list[0].ID))
	if o.alive(second) || !o.alive(first) || !o.alive(strange) {
		t.Error("revoking ended the wrong session")
	}
	must(t, o.SignOut(t.Context(), a))
	if o.alive(first) {
		t.Error("the session outlives the sign-out")
	}
	for _, token := range []string{"", "x", first + "x", strings.Repeat("x", 1000), "' OR 1=1 --", "\x00"} {
		if o.alive(token) {
			t.Errorf("%.20q is a session", token)
		}
	}
}

func TestTokensAreLongAndNew(t *testing.T) {
	o := newOffice(t)
	_, first := o.person("lead", account.TownLead, "05958004")
	second, err := o.signIn("lead", password)
	must(t, err)
	if first == second || len(second) < 43 {
		t.Errorf("tokens %q and %q", first, second)
	}
}

func TestTimeOuts(t *testing.T) {
	for _, c := range []struct {
		name     string
		every    time.Duration // between requests
		byPerson bool
		lasts    time.Duration // at least this long, and over one step later
	}{
		{"nothing happens", account.IdleTimeout, false, account.IdleTimeout},
		{"only scripts ask", 5 * time.Second * 60, false, account.IdleTimeout},
		{"a person works", 6 * time.Hour, true, account.AbsoluteTimeout},
	} {
		o := newOffice(t)
		_, token := o.person("lead", account.TownLead, "05958004")
		start := o.now
		for o.now.Sub(start)+c.every <= c.lasts {
			o.now = o.now.Add(c.every)
			if _, _, err := o.Actor(t.Context(), token, c.byPerson); err != nil {
				t.Fatalf("%s: over after %v: %v", c.name, o.now.Sub(start), err)
			}
		}
		o.now = o.now.Add(c.every + time.Second)
		if o.alive(token) {
			t.Errorf("%s: still alive after %v", c.name, o.now.Sub(start))
		}
	}
}

func TestPasswordChangeEndsWhatIsOpen(t *testing.T) {
	o := newOffice(t)
	admin, _ := o.person("admin", account.AgencyAdmin, "here")
	a, here := o.person("lead", account.TownLead, "05958004")
	elsewhere, err := o.signIn("lead", password)
	must(t, err)
	reset, kind, err := o.mailed(admin, a.User)
	must(t, err)
	signin, err := o.SignInLink(t.Context(), a.User)
	must(t, err)
	if kind != account.LinkReset {
		t.Errorf("a link of kind %s", kind)
	}
	wantKind(t, "a wrong old password", o.ChangePassword(t.Context(), a, "falsches Passwort", another), fault.Invalid)
	if !o.alive(elsewhere) {
		t.Error("a refused change ended a session")
	}
	must(t, o.ChangePassword(t.Context(), a, password, another))
	if !o.alive(here) || o.alive(elsewhere) {
		t.Error("the change must end the other sessions, and only those")
	}
	for _, token := range []string{reset, signin} {
		_, _, err := o.Link(t.Context(), token)
		wantKind(t, "an unused link after the change", err, fault.NotFound)
	}
	_, err = o.signIn("lead", password)
	wantKind(t, "the old password", err, fault.Invalid)
}

func TestInvitationIsForOneUse(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	lead, _ := o.person("lead", account.TownLead, "05958004")
	token, _, err := o.Invite(ctx, lead, o.invitation("new", account.TownEditor, "05958004"))
	must(t, err)
	_, _, err = o.UseLink(ctx, token, "Neu", "kurz", account.Client{})
	wantKind(t, "a short password", err, fault.Invalid)
	_, _, err = o.UseLink(ctx, token, "\x00", another, account.Client{})
	wantKind(t, "a name of nothing", err, fault.Invalid)
	results := make(chan error)
	for range 8 {
		go func() {
			_, _, err := o.UseLink(ctx, token, "Neu", another, account.Client{})
			results <- err
		}()
	}
	won := 0
	for range 8 {
		if err := <-results; err == nil {
			won++
		} else if !fault.Is(err, fault.NotFound) {
			t.Errorf("a second use: %v", err)
		}
	}
	if won != 1 {
		t.Errorf("the invitation was accepted %d times", won)
	}
	used, never := o.linkError(ctx, token), o.linkError(ctx, "never-existed")
	if used != never || used == "" {
		t.Errorf("a used link says %q, one that never was %q", used, never)
	}
	_, _, err = o.Invite(ctx, lead, o.invitation("new", account.TownViewer, "05958004"))
	wantKind(t, "inviting again", err, fault.Conflict)
}

func (o *office) linkError(ctx context.Context, token string) string {
	_, _, err := o.Link(ctx, token)
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestLinksExpire(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	admin, _ := o.person("admin", account.AgencyAdmin, "here")
	lead, _ := o.person("lead", account.TownLead, "05958004")
	invitation, _, err := o.Invite(ctx, lead, o.invitation("new", account.TownEditor, "05958004"))
	must(t, err)
	reset, _, err := o.mailed(admin, lead.User)
	must(t, err)
	signin, err := o.SignInLink(ctx, lead.User)
	must(t, err)
	o.now = o.now.Add(account.SignInLinkLife)
	for name, token := range map[string]string{"reset": reset, "sign-in": signin, "invitation": invitation} {
		if got := o.linkError(ctx, token); got != "" {
			t.Errorf("%s in its last second: %s", name, got)
		}
	}
	o.now = o.now.Add(time.Second)
	for name, token := range map[string]string{"reset": reset, "sign-in": signin} {
		_, _, err := o.UseLink(ctx, token, "Name", another, account.Client{})
		wantKind(t, name+" after a day", err, fault.NotFound)
	}
	o.now = o.now.Add(account.InvitationLife)
	_, _, err = o.UseLink(ctx, invitation, "Name", another, account.Client{})
	wantKind(t, "an invitation after two weeks", err, fault.NotFound)

	lead2, old := o.person("lead2", account.TownLead, "05958004")
	reset, _, err = o.mailed(admin, lead2.User)
	must(t, err)
	fresh, _, err := o.UseLink(ctx, reset, "", another, account.Client{})
	must(t, err)
	if o.alive(old) || !o.alive(fresh) {
		t.Error("a reset must end the sessions there were")
	}
	if _, err := o.signIn("lead2", another); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestRightsEndAtOnce(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	lead, _ := o.person("lead", account.TownLead, "05958004")
	editor, session := o.person("editor", account.TownEditor, "05958004")
	must(t, o.SetRole(ctx, lead, editor.User, account.TownViewer))
	if o.alive(session) {
		t.Error("a session keeps the old role")
	}
	session, err := o.signIn("editor", password)
	must(t, err)
	if a, _, err := o.Actor(ctx, session, true); err != nil || a.Role != account.TownViewer {
		t.Errorf("acts as %v, %v", a.Role, err)
	}
	link, _, _, err := o.NewLink(ctx, lead, editor.User, "", nil)
	must(t, err)
	must(t, o.SetDisabled(ctx, lead, editor.User, true))
	if o.alive(session) || o.linkError(ctx, link) == "" {
		t.Error("somebody disabled still gets in")
	}
	_, err = o.signIn("editor", password)
	wantKind(t, "signing in while disabled", err, fault.Invalid)
	_, _, _, err = o.NewLink(ctx, lead, editor.User, "", nil)
	wantKind(t, "a link for somebody disabled", err, fault.Conflict)
	_, err = o.SignInLink(ctx, editor.User)
	wantKind(t, "a link from the command line for somebody disabled", err, fault.Conflict)
	must(t, o.SetDisabled(ctx, lead, editor.User, false))
	if _, err := o.signIn("editor", password); err != nil {
		t.Errorf("let in again: %v", err)
	}
}

func TestNobodyManagesBeyondTheOwnArea(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	actors, users := map[string]account.Actor{}, map[string]account.UserID{}
	for name, c := range map[string]struct {
		role  account.Role
		place string
	}{
		"admin": {account.AgencyAdmin, "here"}, "analyst": {account.AgencyAnalyst, "here"},
		"lead": {account.TownLead, "05958004"}, "editor": {account.TownEditor, "05958004"},
		"viewer": {account.TownViewer, "05958004"}, "neighbour": {account.TownLead, "05958008"},
		"stranger": {account.TownLead, "05970004"}, "foreign": {account.AgencyAdmin, "there"},
	} {
		actors[name], _ = o.person(name, c.role, c.place)
		users[name] = actors[name].User
	}
	manages := map[string][]string{
		"admin": {"admin", "analyst", "lead", "neighbour"}, "lead": {"lead", "editor", "viewer"},
		"neighbour": {"neighbour"}, "stranger": {"stranger"}, "foreign": {"foreign", "stranger"},
	}
	for who, a := range actors {
		for whom, id := range users {
			_, err := o.Person(ctx, a, id)
			if may := slices.Contains(manages[who], whom); may != (err == nil) {
				t.Errorf("%s manages %s: %v", who, whom, err)
			} else if !may {
				wantKind(t, who+" on "+whom, err, fault.NotFound)
				wantKind(t, who+" disables "+whom, o.SetDisabled(ctx, a, id, true), fault.NotFound)
				wantKind(t, who+" changes "+whom, o.SetRole(ctx, a, id, account.TownViewer), fault.NotFound)
				_, _, _, err := o.NewLink(ctx, a, id, "", nil)
				wantKind(t, who+" makes a link for "+whom, err, fault.NotFound)
			}
		}
		if len(manages[who]) > 0 {
			wantKind(t, who+" on the own rights", o.SetDisabled(ctx, a, a.User, true), fault.Forbidden)
		}
	}
	for i, c := range []struct {
		by    string
		role  account.Role
		place string
		may   bool
	}{
		{"admin", account.AgencyAdmin, "here", true}, {"admin", account.TownEditor, "05958008", false},
		{"admin", account.AgencyAnalyst, "there", false}, {"admin", account.TownLead, "05970004", false},
		{"lead", account.TownViewer, "05958004", true}, {"lead", account.TownLead, "05958004", true},
		{"lead", account.TownViewer, "05958008", false}, {"lead", account.AgencyAnalyst, "here", false},
		{"lead", account.AgencyAdmin, "here", false}, {"editor", account.TownViewer, "05958004", false},
		{"viewer", account.TownViewer, "05958004", false}, {"analyst", account.TownViewer, "05958004", false},
	} {
		in := o.invitation(fmt.Sprintf("invited%d", i), c.role, c.place)
		_, _, err := o.Invite(ctx, actors[c.by], in)
		if c.may != (err == nil) || !c.may && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s invites %s of %s: %v", c.by, c.role, c.place, err)
		}
		if _, err := o.store.UserByEmail(ctx, in.Email); !c.may && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s made a %s of %s: %v", c.by, c.role, c.place, err)
		}
	}
	wantKind(t, "a lead makes an editor an agency's admin", o.SetRole(ctx, actors["lead"], users["editor"],
		account.AgencyAdmin), fault.Invalid)
	wantKind(t, "an admin makes an analyst a lead", o.SetRole(ctx, actors["admin"], users["analyst"],
		account.TownLead), fault.Invalid)
	wantKind(t, "a role there is not", o.SetRole(ctx, actors["lead"], users["editor"], "root"), fault.Invalid)
}

// TestTheAgencyAppointsTheFirstLeadOnly: it gets into no town by itself, and every act of it is
// seen by the town's people.
func TestTheAgencyAppointsTheFirstLeadOnly(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	admin, _ := o.person("admin", account.AgencyAdmin, "here")
	later := func() { o.now = o.now.Add(time.Minute) }
	later()
	results := make(chan error, 4)
	for i := range cap(results) {
		go func() {
			_, _, err := o.Invite(ctx, admin, o.invitation(fmt.Sprintf("first%d", i), account.TownLead, "05958008"))
			results <- err
		}()
	}
	appointed := 0
	for range cap(results) {
		if err := <-results; err == nil {
			appointed++
		} else if !errors.Is(err, account.ErrLed) {
			t.Errorf("a second lead: %v", err)
		}
	}
	if appointed != 1 {
		t.Errorf("%d leads were appointed", appointed)
	}

	lead, _ := o.person("lead", account.TownLead, "05958004")
	editor, _ := o.person("editor", account.TownEditor, "05958004")
	user := func(a account.Actor) account.User {
		u, err := o.store.User(ctx, a.User)
		must(t, err)
		return u
	}
	var seen []string
	acts := func(a account.Actor) []string {
		list, err := o.Notices(ctx, user(a))
		must(t, err)
		seen = nil
		for _, n := range list {
			seen = append(seen, string(n.Kind)+" "+n.Subject+" by "+n.By)
		}
		return seen
	}
	later()
	_, _, err := o.Invite(ctx, admin, o.invitation("mine", account.TownLead, "05958004"))
	if !errors.Is(err, account.ErrLed) {
		t.Errorf("a lead beside the lead: %v", err)
	}
	for _, role := range []account.Role{account.TownEditor, account.TownViewer} {
		_, _, err = o.Invite(ctx, admin, o.invitation("mine", role, "05958004"))
		wantKind(t, "inviting a "+string(role), err, fault.NotFound)
	}
	if _, _, _, err := o.NewLink(ctx, admin, lead.User, "", nil); !errors.Is(err, account.ErrNoMail) {
		t.Errorf("a reset without mail: %v", err)
	}
	if list := acts(editor); len(list) > 0 {
		t.Errorf("what was refused is shown: %v", list)
	}
	_, _, err = o.Invite(ctx, lead, o.invitation("waiting", account.TownEditor, "05958004"))
	must(t, err)
	_, _, err = o.mailed(admin, lead.User)
	must(t, err)
	must(t, o.SetDisabled(ctx, admin, lead.User, true))
	if want := []string{"link_made lead@example.org by admin",
		"disabled lead@example.org by admin"}; !slices.Equal(acts(editor), want) {
		t.Errorf("the editor sees %v", seen)
	}
	// The only lead is locked out: the agency may appoint another one, or the editor, or let the
	// lead in again; each once.
	later()
	if _, _, err := o.Invite(ctx, admin, o.invitation("second", account.TownLead, "05958004")); !errors.Is(err,
		account.ErrEntered) {
		t.Errorf("somebody new in a town with drafts: %v", err)
	}
	waiting, err := o.store.UserByEmail(ctx, "waiting@example.org")
	must(t, err)
	if _, _, _, err := o.NewLink(ctx, admin, waiting.ID, "", nil); !errors.Is(err, account.ErrNoMail) {
		t.Errorf("the link of an invitation to a town with drafts is the agency's: %v", err)
	}
	must(t, o.SetRole(ctx, admin, editor.User, account.TownLead))
	editor.Role = account.TownLead
	_, _, err = o.Invite(ctx, admin, o.invitation("second", account.TownLead, "05958004"))
	if !errors.Is(err, account.ErrLed) || !errors.Is(o.SetDisabled(ctx, admin, lead.User, false), account.ErrLed) {
		t.Errorf("a second lead: %v", err)
	}
	must(t, o.SetDisabled(ctx, editor, lead.User, false))
	list, err := o.Notices(ctx, user(editor))
	must(t, err)
	if len(list) != 3 || list[2].Kind != account.EventRole {
		t.Fatalf("the new lead sees %v", list)
	}
	must(t, o.SeeNotices(ctx, user(editor), list[1].ID))
	must(t, o.SeeNotices(ctx, user(admin), list[2].ID))
	if len(acts(editor)) != 1 || len(acts(lead)) != 3 {
		t.Error("seen by one is seen by another, or not by the one")
	}
	// Whoever comes later is not told of what was before, and what the town's own people do is no news from outside.
	later()
	viewer, _ := o.person("viewer", account.TownViewer, "05958004")
	later()
	must(t, o.SetDisabled(ctx, editor, viewer.User, true))
	if list := acts(viewer); len(list) > 0 {
		t.Errorf("somebody new sees %v", list)
	}
	_, err = o.SignInLink(ctx, lead.User)
	must(t, err)
	if list := acts(editor); len(list) != 3 || list[1] != "invited viewer@example.org by "+account.OperatorName ||
		list[2] != "link_made lead@example.org by "+account.OperatorName {
		t.Errorf("the operator's acts: %v", list)
	}
}

func TestPeopleAndLogAreTheirOwn(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	admin, _ := o.person("admin", account.AgencyAdmin, "here")
	lead, _ := o.person("lead", account.TownLead, "05958004")
	neighbour, _ := o.person("neighbour", account.TownLead, "05958008")
	foreign, _ := o.person("foreign", account.AgencyAdmin, "there")
	stranger, _ := o.person("stranger", account.TownLead, "05970004")
	_, _, err := o.Invite(ctx, lead, o.invitation("new", account.TownEditor, "05958004"))
	must(t, err)
	_, _ = o.signIn("lead", "falsches Passwort")
	u, err := o.store.UserByEmail(ctx, "new@example.org")
	must(t, err)
	must(t, o.SetRole(ctx, lead, u.ID, account.TownViewer))
	must(t, o.SetDisabled(ctx, lead, u.ID, true))
	must(t, o.SetDisabled(ctx, lead, u.ID, false))
	must(t, o.ChangePassword(ctx, lead, password, another))
	must(t, o.SignOut(ctx, lead))
	must(t, o.Record(ctx, admin, account.EventExported, "", "here", "Runde"))

	kinds := func(a account.Actor) (list []account.EventKind, text string) {
		events, err := o.Events(ctx, a, 0, 1000)
		must(t, err)
		for _, e := range events {
			list = append(list, e.Kind)
			text += fmt.Sprintf("%+v\n", e)
		}
		return list, text
	}
	seen, text := kinds(lead)
	for _, k := range []account.EventKind{account.EventSignIn, account.EventSignInFailed, account.EventInvited,
		account.EventLinkMade, account.EventRole, account.EventDisabled, account.EventEnabled,
		account.EventPassword, account.EventSignOut} {
		if !slices.Contains(seen, k) {
			t.Errorf("the town's log lacks %s", k)
		}
	}
	for _, other := range []string{"neighbour", "stranger", "foreign"} {
		if strings.Contains(text, other) {
			t.Errorf("the town's log tells of %s", other)
		}
	}
	for _, secret := range []string{password, another, "falsches", "argon2"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if list, text := kinds(admin); !slices.Contains(list, account.EventExported) ||
		strings.Contains(text, "stranger") || strings.Contains(text, "foreign") {
		t.Errorf("the agency's log: %s", text)
	}
	for who, c := range map[string]struct {
		a    account.Actor
		want string
	}{
		"the admin": {admin, "admin lead neighbour new"}, "the lead": {lead, "lead new"},
		"the neighbour": {neighbour, "neighbour"}, "the foreign admin": {foreign, "foreign stranger"},
		"the stranger": {stranger, "stranger"}, "nobody": {account.Actor{}, ""},
	} {
		people, err := o.People(ctx, c.a)
		must(t, err)
		var names []string
		for _, p := range people {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s sees %q, want %q", who, got, c.want)
		}
	}
	for _, a := range []account.Actor{foreign, stranger, neighbour} {
		if _, text := kinds(a); strings.Contains(text, "new@example.org") ||
			strings.Contains(text, "lead@example.org") {
			t.Errorf("%s reads a foreign log", a.Name)
		}
	}
}

// TestADeviceCostsASignInOneStatement: it is read with the user, and written with the session.
func TestADeviceCostsASignInOneStatement(t *testing.T) {
	o := newOffice(t)
	o.person("lead", account.TownLead, "05958004")
	const without = 4 // the user, the last sign-in, the session, the log
	device, _ := account.NewToken()
	for i, known := range []bool{false, true, true} {
		ctx, n := store.CountStatements(t.Context())
		try, err := o.Try(ctx, "lead@example.org", device)
		must(t, err)
		if try.Known != known || known != (try.Device == device) || try.Device == "" {
			t.Fatalf("sign-in %d: known %v", i, try.Known)
		}
		_, _, err = o.SignIn(ctx, try, password, account.Client{})
		must(t, err)
		if n.Load() != without+1 {
			t.Errorf("sign-in %d: %d statements, want %d", i, n.Load(), without+1)
		}
		device = try.Device
	}
	o.now = o.now.Add(account.DeviceLife + time.Second)
	if try, err := o.Try(t.Context(), "lead@example.org", device); err != nil || try.Known || try.Device == device {
		t.Errorf("a device that was not used for a year is known: %v", err)
	}
}
