package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// wholeDatabase is every value of every table as text.
func wholeDatabase(t testing.TB, db *sql.DB, tables string) string {
	t.Helper()
	var all strings.Builder
	rows, err := db.QueryContext(t.Context(), tables)
	must(t, err)
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		names = append(names, name)
	}
	must(t, rows.Err())
	for _, name := range names {
		values, err := db.QueryContext(t.Context(), `SELECT * FROM "`+name+`"`)
		must(t, err)
		columns, err := values.Columns()
		must(t, err)
		for values.Next() {
			fields := make([]any, len(columns))
			for i := range fields {
				fields[i] = new(any)
			}
			must(t, values.Scan(fields...))
			for i, f := range fields {
				value := *(f.(*any))
				if b, ok := value.([]byte); ok {
					value = string(b)
				}
				fmt.Fprintf(&all, "%s.%s = %v\n", name, columns[i], value)
			}
		}
		must(t, values.Err())
		must(t, values.Close())
	}
	return all.String()
}

// readAll opens the database of a test a second time, beside the store, and reads all of it.
func readAll(t testing.TB, driver, source string) string {
	t.Helper()
	db, err := sql.Open(driver, source)
	must(t, err)
	defer db.Close()
	if driver == "sqlite" {
		return wholeDatabase(t, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	}
	return wholeDatabase(t, db, `SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()`)
}

// onEachRead runs a test on every database with a way to read all that stands in it.
func onEachRead(t *testing.T, f func(t *testing.T, s *store.Store, all func() string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		s := openStore(t, store.Config{DataDir: dir})
		f(t, s, func() string {
			return readAll(t, "sqlite", "file:"+filepath.Join(dir, store.DatabaseFile)+"?mode=ro")
		})
	})
	t.Run("postgres", func(t *testing.T) {
		url := testkit.Postgres(t)
		s := openStore(t, store.Config{DatabaseURL: url})
		f(t, s, func() string { return readAll(t, "pgx", url) })
	})
}

// TestForgettingLeavesNothing does with a person whatever leaves a name or an address behind,
// forgets it and reads the whole database: nothing of the two is left, everything else is.
func TestForgettingLeavesNothing(t *testing.T) {
	onEachRead(t, func(t *testing.T, s *store.Store, all func() string) {
		const name, email = "Wilhelmine Seltsam", "wilhelmine@seltsam.example"
		ctx := t.Context()
		r := openRound(t, s, 2)
		one, two := assessmentOf(t, s, r, 0), assessmentOf(t, s, r, 1)
		u := account.User{Email: email, Name: name, Role: account.TownLead, Town: town(0).AGS, Language: "de",
			PasswordHash: "phc-of-her", Created: noon}
		told := func(kind account.EventKind, subject string) account.Event {
			return account.Event{At: noon, Actor: u.ID, Name: name, Kind: kind, Town: town(0).AGS,
				Region: suedwestfalen, Subject: subject}
		}
		by := account.Event{At: noon, Actor: 99, Name: "Andere", Kind: account.EventInvited, Town: town(0).AGS,
			Region: suedwestfalen, Subject: email, Notice: true}
		id, err := s.CreateUser(ctx, u, by)
		must(t, err)
		u.ID = id
		other := somebody(t, s, "bleibt")
		failed := told(account.EventSignInFailed, email)
		failed.Actor = 0
		must(t, s.Log(ctx, failed))
		// as it was logged before there was one form
		must(t, s.Log(ctx, told(account.EventSignIn, "Wilhelmine@SELTSAM.example")))
		notice := told(account.EventDisabled, "jemand@example.org")
		notice.Notice = true
		must(t, s.Log(ctx, notice))
		_, err = s.CreateSession(ctx, account.Session{User: id, Created: noon, Seen: noon, Agent: "Edge",
			Device: account.Hash{7}}, account.Hash{1}, "phc-of-her", account.Event{})
		must(t, err)
		_, err = s.CreateLink(ctx, account.Link{Kind: account.LinkReset, User: id, Created: noon,
			Expires: noon.Add(time.Hour)}, account.Hash{2}, account.Event{})
		must(t, err)

		w := write(one, "q1", "ja", 0)
		w.By, w.ByName, w.Comment = id, name, "Der Kommentar bleibt."
		_, err = saveOne(ctx, s, w)
		must(t, err)
		d := assessment.Delegation{Assessment: one, Questions: []checklist.QuestionID{"q2"}, For: "Bürgerbüro",
			Created: noon, By: id, ByName: name, Expires: noon.Add(time.Hour)}
		_, err = s.CreateDelegation(ctx, d, account.Hash{3}, 9, account.Event{})
		must(t, err)
		answered := write(one, "q2", "ja", 0)
		answered.By, answered.ByName, answered.Origin = 0, "Paula Groß", assessment.Origin{Kind: assessment.OriginLink,
			Subject: name}
		_, err = s.Save(ctx, one, noon, &account.Hash{3}, answered)
		must(t, err)
		asked := assessment.Delegation{Assessment: two, Questions: []checklist.QuestionID{"q2"}, For: name,
			Email: email, Created: noon, By: other, ByName: "bleibt", Expires: noon.Add(time.Hour)}
		_, err = s.CreateDelegation(ctx, asked, account.Hash{4}, 9, account.Event{})
		must(t, err)
		_, err = s.AddEvidence(ctx, one, assessment.Evidence{Question: "q1", Title: "plan.txt", Type: "text/plain",
			Size: 4, SHA256: "x", By: name, At: noon}, []byte("Plan"), id)
		must(t, err)
		h, err := s.Head(ctx, one)
		must(t, err)
		must(t, s.Submit(ctx, assessment.Handover{ID: one, Change: h.Change, By: id, ByName: name, At: noon,
			Record: []byte("{}"), Event: told(account.EventSubmitted, "Probe 2026")}))
		h, err = s.Head(ctx, one)
		must(t, err)

		if before := all(); strings.Count(before, name) < 10 || !strings.Contains(before, email) {
			t.Fatalf("the test plants too little: %d", strings.Count(before, name))
		}
		gone := account.Event{At: noon.Add(time.Minute), Actor: 99, Name: "Andere", Kind: account.EventForgotten,
			Town: town(0).AGS, Region: suedwestfalen,
			Subject: account.ForgottenName(id), Notice: true}
		if !strings.Contains(all(), "devices.user_id") {
			t.Error("the device is not known before")
		}
		must(t, s.Forget(ctx, u, gone))
		text := all()
		if strings.Contains(text, "devices.user_id") {
			t.Error("a device is left")
		}
		for _, trace := range []string{name, "eltsam", "ELTSAM", "phc-of-her"} {
			for line := range strings.SplitSeq(text, "\n") {
				if strings.Contains(line, trace) {
					t.Errorf("left: %s", line)
				}
			}
		}
		for _, kept := range []string{"Der Kommentar bleibt.", "Paula Groß", "bleibt@example.org",
			account.ForgottenName(id), "plan.txt"} {
			if !strings.Contains(text, kept) {
				t.Errorf("%q is gone", kept)
			}
		}
		now, err := s.Head(ctx, one)
		must(t, err)
		if now.Change == h.Change || now.SubmittedBy != account.ForgottenName(id) ||
			now.Status != assessment.Submitted {
			t.Errorf("the assessment afterwards: %+v", now)
		}
		entries, err := s.Entries(ctx, one)
		must(t, err)
		if entries["q1"].By != account.ForgottenName(id) ||
			entries["q2"].Origin.Subject != account.ForgottenName(id) || entries["q2"].By != "Paula Groß" {
			t.Errorf("entries %+v", entries)
		}
		_, _, err = s.SessionByHash(ctx, account.Hash{1})
		wantFault(t, err, fault.NotFound, "")
		_, err = s.CreateSession(ctx, account.Session{User: id, Created: noon, Seen: noon}, account.Hash{5}, "",
			account.Event{})
		wantFault(t, err, fault.Conflict, "person_changed")
		wantFault(t, s.Forget(ctx, u, gone), fault.Conflict, "person_changed")
		wantFault(t, s.SetDisabled(ctx, id, false, account.Event{}), fault.NotFound, "")
		wantFault(t, s.SetRole(ctx, id, account.TownLead, account.TownViewer, account.Event{}), fault.Conflict,
			"person_changed")
		for _, p := range valueOf(s.PeopleOfTown(ctx, town(0).AGS))(t) {
			if p.ID == id {
				t.Error("still among the people of the town")
			}
		}

		// A request that was on its way has written the name once more: housekeeping finds it.
		late := write(two, "q1", "ja", 0)
		late.By, late.ByName = id, name
		_, err = saveOne(ctx, s, late)
		must(t, err)
		_, err = s.Tidy(ctx, account.Due{Now: noon.Add(time.Hour), Idle: noon.Add(-time.Hour),
			Begun: noon.Add(-time.Hour), Renamed: noon})
		must(t, err)
		if strings.Contains(all(), name) {
			t.Error("a name that came late stays")
		}
	})
}

func valueOf[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// TestTidyingDeletesWhatIsDue fills every kind with what is due and what is not, by more than a
// batch, and tidies on two nodes at once.
func TestTidyingDeletesWhatIsDue(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		oneTown(t, s)
		id := somebody(t, s, "jemand")
		for i := range 600 {
			must(t, s.Log(ctx, account.Event{At: noon.AddDate(0, 0, -40), Kind: account.EventExported,
				Town: town(0).AGS, Notice: i == 0}))
		}
		must(t, s.Log(ctx, account.Event{At: noon.AddDate(0, 0, -20), Kind: account.EventExported, Town: town(0).AGS,
			Notice: true}))
		for i, n := range []account.Session{
			{Created: noon.Add(-time.Hour), Seen: noon}, // stays
			{Created: noon.Add(-24 * time.Hour), Seen: noon.Add(-account.IdleTimeout - time.Second)},
			{Created: noon.Add(-account.AbsoluteTimeout - time.Second), Seen: noon},
		} {
			n.User = id
			_, err := s.CreateSession(ctx, n, account.Hash{1, byte(i)}, "before", account.Event{})
			must(t, err)
		}
		for i, expires := range []time.Time{noon.Add(time.Hour), noon.Add(-time.Second), noon.Add(time.Hour)} {
			link, err := s.CreateLink(ctx, account.Link{Kind: account.LinkSignIn, User: id,
				Created: noon.Add(-time.Hour), Expires: expires}, account.Hash{2, byte(i)}, account.Event{})
			must(t, err)
			if i == 2 {
				must(t, s.UseLink(ctx, account.LinkUse{ID: link, User: id, Session: sessionOf(id),
					Secret: account.Hash{3}}))
			}
		}
		due := account.Due{Now: noon, Idle: noon.Add(-account.IdleTimeout), Begun: noon.Add(-account.AbsoluteTimeout)}
		deleted := make([]int64, 2)
		for n, err := range together(2, func(n int) (err error) {
			deleted[n], err = s.Tidy(ctx, due)
			return err
		}) {
			if err != nil {
				t.Errorf("node %d: %v", n, err)
			}
		}
		if deleted[0]+deleted[1] != 4 {
			t.Errorf("deleted %v, want two sessions and two links", deleted)
		}
		for i, want := range []fault.Kind{fault.Internal, fault.NotFound, fault.NotFound} {
			if _, _, err := s.SessionByHash(ctx, account.Hash{1, byte(i)}); (err == nil) != (want == fault.Internal) {
				t.Errorf("session %d: %v", i, err)
			}
			if _, _, err := s.LinkByHash(ctx, account.Hash{2, byte(i)}); (err == nil) != (want == fault.Internal) {
				t.Errorf("link %d: %v", i, err)
			}
		}
		count := func() int { return len(valueOf(s.EventsOfTown(ctx, town(0).AGS, 0, 10000))(t)) }
		if n := count(); n != 601 {
			t.Errorf("without a limit %d lines of the log are left of 601", n)
		}
		due.Log = noon.AddDate(0, 0, -30)
		valueOf(s.Tidy(ctx, due))(t)
		if n := count(); n != 1 {
			t.Errorf("%d lines of the log are left", n)
		}
		if list := valueOf(s.Notices(ctx, account.User{ID: id, Town: town(0).AGS, Created: noon.AddDate(-1, 0, 0)}))(
			t); len(list) != 1 {
			t.Errorf("notices: %+v", list)
		}
	})
}

// TestDraftsOfARoundAreRemoved empties what was never submitted, with what hangs on it, and nothing else.
func TestDraftsOfARoundAreRemoved(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		r := openRound(t, s, 3)
		handed, draft, untouched := assessmentOf(t, s, r, 0), assessmentOf(t, s, r, 1), assessmentOf(t, s, r, 2)
		for _, id := range []assessment.ID{handed, draft} {
			valueOf(saveOne(ctx, s, write(id, "q1", "ja", 0)))(t)
			valueOf(s.AddEvidence(ctx, id, assessment.Evidence{Question: "q1", Title: "plan.txt", Size: 4, SHA256: "x",
				By: "Erika", At: noon}, []byte("Plan"), 7))(t)
		}
		d := assessment.Delegation{Assessment: draft, Questions: []checklist.QuestionID{"q2"}, For: "Amt",
			Created: noon, By: 7, ByName: "Erika", Expires: noon.Add(time.Hour)}
		link := valueOf(s.CreateDelegation(ctx, d, account.Hash{1}, 9, account.Event{}))(t)
		must(t, s.RenewDelegation(ctx, draft, link, account.Hash{2}, noon, noon.Add(time.Hour), account.Event{}))
		h := valueOf(s.Head(ctx, handed))(t)
		must(t, s.Submit(ctx, assessment.Handover{ID: handed, Change: h.Change, By: 7, ByName: "Erika", At: noon,
			Record: []byte("{}")}))
		e := account.Event{At: noon.Add(time.Hour), Actor: 9, Name: "Agentur", Kind: account.EventDraftsRemoved,
			Region: suedwestfalen, Subject: "Probe 2026"}
		_, err := s.RemoveDrafts(ctx, r, e)
		wantFault(t, err, fault.Conflict, "round_status")
		must(t, s.SetStatus(ctx, r, round.Open, round.Closed, noon, nil, account.Event{}))
		if list := valueOf(s.Drafts(ctx, r))(t); len(list) != 1 || list[0].AGS != town(1).AGS {
			t.Fatalf("drafts: %+v", list)
		}
		if n := valueOf(s.RemoveDrafts(ctx, r, e))(t); n != 1 {
			t.Errorf("%d drafts removed", n)
		}
		for id, want := range map[assessment.ID]int{handed: 1, draft: 0, untouched: 0} {
			if got := valueOf(s.Entries(ctx, id))(t); len(got) != want {
				t.Errorf("assessment %d: %d answers, want %d", id, len(got), want)
			}
			if got := valueOf(s.History(ctx, id, "q1"))(t); len(got) != want {
				t.Errorf("assessment %d: %d changes, want %d", id, len(got), want)
			}
			if got := valueOf(s.Evidence(ctx, id))(t); len(got) != want {
				t.Errorf("assessment %d: %d pieces of evidence, want %d", id, len(got), want)
			}
		}
		_, err = s.DelegationByHash(ctx, account.Hash{2})
		wantFault(t, err, fault.NotFound, "")
		if list := valueOf(s.Notices(ctx, account.User{ID: 1, Town: town(1).AGS, Created: noon}))(t); len(list) != 1 ||
			list[0].Kind != account.EventDraftsRemoved {
			t.Errorf("the town is not told: %+v", list)
		}
		if list := valueOf(s.Notices(ctx, account.User{ID: 1, Town: town(0).AGS, Created: noon}))(t); len(list) != 0 {
			t.Errorf("a town that submitted is told: %+v", list)
		}
		if n := valueOf(s.RemoveDrafts(ctx, r, e))(t); n != 0 {
			t.Errorf("%d drafts removed the second time", n)
		}
	})
}

// TestEvidenceGoesAfterItsTime deletes the evidence of rounds that are over long enough, and of no other.
func TestEvidenceGoesAfterItsTime(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		r := openRound(t, s, 1)
		id := assessmentOf(t, s, r, 0)
		valueOf(s.AddEvidence(ctx, id, assessment.Evidence{Question: "q1", Title: "plan.txt", Size: 4, SHA256: "x",
			By: "Erika", At: noon}, []byte("Plan"), 7))(t)
		e := account.Event{At: noon.AddDate(1, 0, 0), Name: account.OperatorName, Kind: account.EventEvidenceExpired}
		remove := func(closed time.Time) int { return valueOf(s.RemoveEvidenceOf(ctx, closed, e))(t) }
		if n := remove(noon.AddDate(1, 0, 0)); n != 0 {
			t.Error("an open round lost its evidence")
		}
		must(t, s.SetStatus(ctx, r, round.Open, round.Closed, noon, nil, account.Event{}))
		if n := remove(noon); n != 0 { // its last day is 20 days later
			t.Error("evidence went before its time")
		}
		if n := remove(noon.AddDate(0, 0, 21)); n != 1 {
			t.Error("evidence stays after its time")
		}
		if list := valueOf(s.Evidence(ctx, id))(t); len(list) != 0 {
			t.Errorf("left: %+v", list)
		}
		if log := valueOf(s.EventsOfTown(ctx, town(0).AGS, 0, 1))(t); len(log) != 1 ||
			log[0].Kind != account.EventEvidenceExpired || log[0].Detail != "1" {
			t.Errorf("log: %+v", log)
		}
		if n := remove(noon.AddDate(0, 0, 21)); n != 0 {
			t.Error("removed twice")
		}
	})
}
