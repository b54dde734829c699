package web

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// world is the house with rounds in every state in both regions, and with people in every role.
// "own" is Arnsberg, "neighbour" Bestwig in the same region, "abroad" Bad Berleburg in the other one.
type world struct {
	*house
	rounds      map[stateOf]round.ID      // owner is "own" for the region here, "abroad" for the region there
	assessments map[stateOf]assessment.ID // by town and state
	evidence    map[assessment.ID][]assessment.EvidenceID
	actors      []*actor
	delegations map[assessment.ID]assessment.DelegationID
	token       string                    // of a link to a question of the own assessment in the open round
	people      map[string]account.UserID // by name, all throwaway
	truths      map[string]account.Object
}

type stateOf struct{ owner, state string }

// actor is somebody with a browser.
type actor struct {
	name   string
	who    account.Actor // zero: nobody has signed in
	b      *browser
	number int // which piece of evidence it may take away
	second account.SessionID
}

var (
	worldTowns  = map[string]region.AGS{"own": "05958004", "neighbour": "05958008", "abroad": "05970004"}
	roundStates = []string{"planned", "open", "handed", "closed", "published"} // in "handed" everybody has submitted
	onePNG      = []byte(
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89")
)

const (
	question1 = "steuerung-ansprechperson"
	question2 = "steuerung-ziel"
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{house: newHouse(t), rounds: map[stateOf]round.ID{}, assessments: map[stateOf]assessment.ID{},
		evidence: map[assessment.ID][]assessment.EvidenceID{}, delegations: map[assessment.ID]assessment.DelegationID{},
		people: map[string]account.UserID{}, truths: map[string]account.Object{}}
	for id, owners := range map[region.ID][]string{"here": {"own", "neighbour"}, "there": {"abroad"}} {
		for _, state := range roundStates {
			w.addRound(t, id, owners, state)
		}
		admin := account.Actor{User: 1, Role: account.AgencyAdmin, Region: id}
		must(t, w.territory.SaveOutlines(t.Context(), admin, id, []byte(`{"type":"FeatureCollection","features":[]}`)))
	}
	w.addPeople(t)
	w.addLink(t)
	return w
}

// addLink asks a colleague, who says who it is.
func (w *world) addLink(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	lead := account.Actor{User: 1, Name: "Leitung", Role: account.TownLead, Town: worldTowns["own"]}
	h, err := w.house.assessments.Head(ctx, lead, account.DelegateQuestions, w.assessments[stateOf{"own", "open"}])
	must(t, err)
	w.token, _, err = w.house.assessments.Delegate(ctx, lead, h,
		assessment.Request{Questions: []checklist.QuestionID{question1, question2}, For: "Petra"})
	must(t, err)
	_, d, err := w.house.assessments.Delegated(ctx, w.token)
	must(t, err)
	must(t, w.house.assessments.StateName(ctx, h, d, "Petra Klein"))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) addRound(t *testing.T, id region.ID, owners []string, state string) {
	t.Helper()
	ctx := t.Context()
	admin := account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: id}
	in := round.New{Title: "Runde " + state, Checklist: checklist.Ref{ID: "willkommen", Version: "1.0.0"},
		Opens: w.now.AddDate(0, 0, -10), Closes: w.now.AddDate(0, 0, 20)}
	for _, o := range owners {
		in.Towns = append(in.Towns, worldTowns[o])
	}
	r, err := w.house.rounds.Create(ctx, admin, in)
	must(t, err)
	w.rounds[stateOf{owners[0], state}] = r
	if state == "planned" {
		return
	}
	must(t, w.house.rounds.Open(ctx, admin, r))
	for _, o := range owners {
		w.assessments[stateOf{o, state}] = w.addAssessment(t, o, r, state == "handed" || state == "published")
	}
	if state == "closed" || state == "published" {
		must(t, w.house.rounds.Close(ctx, admin, r))
	}
	if state == "published" {
		must(t, w.house.rounds.Publish(ctx, admin, r))
	}
}

// addAssessment answers a question of the town's assessment in a round, with evidence, and submits it.
func (w *world) addAssessment(t *testing.T, owner string, r round.ID, submit bool) assessment.ID {
	t.Helper()
	ctx := t.Context()
	lead := account.Actor{User: 1, Name: "Leitung", Role: account.TownLead, Town: worldTowns[owner]}
	heads, err := w.house.assessments.OfTown(ctx, lead)
	must(t, err)
	for _, h := range heads {
		if h.Round != int64(r) {
			continue
		}
		comment := "Zimmer 12"
		_, err := w.house.assessments.Answer(ctx, assessment.ByAccount(lead), h, question1,
			assessment.Input{Values: []string{"ja"}, Comment: &comment})
		must(t, err)
		_, d, err := w.house.assessments.Delegate(ctx, lead, h,
			assessment.Request{Questions: []checklist.QuestionID{question1}, For: "Bürgerbüro"})
		must(t, err)
		w.delegations[h.ID] = d.ID
		for i := range 6 {
			e, err := w.house.assessments.AddFile(ctx, lead, h, question1, fmt.Sprintf("Plan %d.png", i), onePNG)
			must(t, err)
			w.evidence[h.ID] = append(w.evidence[h.ID], e)
		}
		if submit {
			now, err := w.house.assessments.Head(ctx, lead, account.ViewAssessment, h.ID)
			must(t, err)
			must(t, w.house.assessments.Submit(ctx, lead, h.ID, now.Change))
		}
		return h.ID
	}
	t.Fatalf("%s does not take part in round %d", owner, r)
	return 0
}

func (w *world) addPeople(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	for i, role := range account.Roles() {
		place := "here"
		if role.ForTown() {
			place = "05958004"
		}
		email := w.person(string(role), role, place)
		u, err := w.store.UserByEmail(ctx, email)
		must(t, err)
		a := &actor{name: string(role), who: account.ActorOf(u, 0), b: w.signedIn(email), number: i}
		w.signedIn(email) // a session at another computer, to be revoked
		sessions, err := w.house.accounts.Sessions(ctx, a.who)
		must(t, err)
		a.second = sessions[0].ID
		w.actors = append(w.actors, a)
	}
	w.actors = append(w.actors, &actor{name: "nobody", b: w.browser(), number: 5})
	for name, in := range map[string]account.Invitation{
		"own colleague": {Role: account.TownEditor, Town: "05958004"},
		"own lead":      {Role: account.TownLead, Town: "05958004"},
		"neighbour":     {Role: account.TownLead, Town: "05958008"}, "own agency": {Role: account.AgencyAnalyst,
			Region: "here"},
		"abroad": {Role: account.TownLead, Town: "05970004"}, "agency abroad": {Role: account.AgencyAdmin,
			Region: "there"},
	} {
		in.Email, in.Name = strings.ReplaceAll(name, " ", ".")+"@example.org", name
		_, err := w.house.accounts.Add(ctx, in)
		must(t, err)
		u, err := w.store.UserByEmail(ctx, in.Email)
		must(t, err)
		w.people[name] = u.ID
		w.truths[name] = account.Object{Town: u.Town, User: u.ID, Role: u.Role, Regions: w.regionsOf(name)}
	}
}

func (w *world) regionsOf(owner string) []region.ID {
	if strings.Contains(owner, "abroad") {
		return []region.ID{"there"}
	}
	return []region.ID{"here"}
}

// unwatched is what requests may change without being writes: when a session was last seen, whether
// the disk takes a write, that a file was exported, and that a link was opened.
const unwatched = `UPDATE sessions SET seen = 0; UPDATE readiness SET checks = 0; DELETE FROM events WHERE kind IN ('exported', 'delegation_opened'); DELETE FROM sqlite_sequence;
	UPDATE delegations SET uses = 0, last_use = 0`

// fingerprints returns a checksum of each table.
func (w *world) fingerprints(t *testing.T) map[string]string {
	t.Helper()
	db := w.copyOfDatabase(t)
	defer func() { must(t, db.Close()) }()
	_, err := db.ExecContext(t.Context(), unwatched)
	must(t, err)
	prints := map[string]string{}
	for _, table := range column(t, db, `SELECT name FROM sqlite_schema WHERE type = 'table'`) {
		sum := sha256.New()
		for _, row := range rowsOf(t, db, `SELECT * FROM "`+table+`"`) {
			sum.Write([]byte(strings.Join(row, "\x00") + "\n"))
		}
		prints[table] = fmt.Sprintf("%x", sum.Sum(nil)[:8])
	}
	return prints
}

func (w *world) copyOfDatabase(t *testing.T) *sql.DB {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copy.db")
	must(t, w.store.Backup(t.Context(), file))
	db, err := sql.Open("sqlite", file)
	must(t, err)
	return db
}

func column(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	var list []string
	for _, row := range rowsOf(t, db, query) {
		list = append(list, row[0])
	}
	return list
}

// rowsOf reads a query's rows as text.
func rowsOf(t *testing.T, db *sql.DB, query string) [][]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	must(t, err)
	defer func() { must(t, rows.Close()) }()
	names, err := rows.Columns()
	must(t, err)
	var list [][]string
	for rows.Next() {
		cells := make([]sql.RawBytes, len(names))
		into := make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		must(t, rows.Scan(into...))
		row := make([]string, len(names))
		for i, c := range cells {
			row[i] = string(bytes.Clone(c))
		}
		list = append(list, row)
	}
	must(t, rows.Err())
	return list
}

// sameTables reports which tables differ.
func sameTables(t *testing.T, what string, before, after map[string]string) {
	t.Helper()
	for table, sum := range after {
		if before[table] != sum {
			t.Errorf("%s changed the table %s", what, table)
		}
	}
}
