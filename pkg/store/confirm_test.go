package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
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

var carriedFrom = assessment.Origin{Kind: assessment.OriginCarried, Subject: "Probe 2024", At: noon.AddDate(-2, 0, 0)}

// twoYears makes an old round in which the i-th of n towns has submitted two pieces of evidence,
// and a new one; it returns both assessments of that town.
func twoYears(t *testing.T, s *store.Store, n, i int) (source, draft assessment.ID, of round.ID) {
	t.Helper()
	ctx := t.Context()
	source = assessmentOf(t, s, openRound(t, s, n), i)
	_, err := s.AddEvidence(ctx, source, assessment.Evidence{Question: "q0", Link: "https://example.org/",
		Title: "Seite", By: "Alt", At: noon}, nil, 3)
	must(t, err)
	_, err = s.AddEvidence(ctx, source, assessment.Evidence{Question: "q0", Title: "Plan.pdf", Type: "application/pdf",
		Size: 4, SHA256: "ab", By: "Alt", At: noon}, []byte("%PDF"), 3)
	must(t, err)
	must(t, s.Submit(ctx, handover(source, 2, "old")))
	of = openRound(t, s, n)
	return source, assessmentOf(t, s, of, i), of
}

// confirmation proposes n answers, the evidence of the source with the first.
func confirmation(t *testing.T, s *store.Store, source, draft assessment.ID, n int) assessment.Confirmation {
	t.Helper()
	h, err := s.Head(t.Context(), source)
	must(t, err)
	c := assessment.Confirmation{ID: draft, Source: source, SourceChange: h.Change, By: 7, ByName: "Erika Muster",
		At: noon}
	for i := range n {
		c.Answers = append(c.Answers, assessment.CarriedAnswer{Question: checklist.QuestionID(fmt.Sprintf("q%d", i)),
			Answer: options("alt"), Comment: "von damals", Origin: carriedFrom})
	}
	c.Answers[0].Evidence, err = s.Evidence(t.Context(), source)
	must(t, err)
	return c
}

func TestConfirmWritesAnswersWithTheirOrigin(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		source, draft, _ := twoYears(t, s, 2, 1)
		commented := write(draft, "q1", "x", 0)
		commented.Given, commented.Comment = false, "schon da"
		_, err := saveOne(ctx, s, commented)
		must(t, err)
		_, err = saveOne(ctx, s, write(draft, "q2", "neu", 0))
		must(t, err)
		_, err = s.AddEvidence(ctx, draft, assessment.Evidence{Question: "q0", Link: "https://example.org/",
			Title: "dieselbe Seite", At: noon}, nil, 7)
		must(t, err)
		done, err := s.Confirm(ctx, confirmation(t, s, source, draft, 3))
		must(t, err)
		if len(done.Saved) != 2 || !slices.Equal(done.Kept, []checklist.QuestionID{"q2"}) {
			t.Fatalf("confirmed: %+v", done)
		}
		entries := checkHistory(t, s, draft)
		for q, want := range map[checklist.QuestionID]assessment.Entry{
			"q0": {Question: "q0", Given: true, Answer: options("alt"), Comment: "von damals", Revision: 1,
				By: "Erika Muster", At: noon, Origin: carriedFrom},
			"q1": {Question: "q1", Given: true, Answer: options("alt"), Comment: "schon da", Revision: 2,
				By: "Erika Muster", At: noon, Origin: carriedFrom},
			"q2": {Question: "q2", Given: true, Answer: options("neu"), Revision: 1, By: "Erika Muster", At: noon},
		} {
			if got := fmt.Sprintf("%+v", entries[q]); got != fmt.Sprintf("%+v", want) {
				t.Errorf("%s: %s", q, got)
			}
		}
		if fmt.Sprintf("%+v", done.Saved) != fmt.Sprintf("%+v", []assessment.Entry{entries["q0"], entries["q1"]}) {
			t.Errorf("returned %+v", done.Saved)
		}
		history, err := s.History(ctx, draft, "q0")
		must(t, err)
		if history[0].Origin != carriedFrom {
			t.Errorf("history: %+v", history)
		}
		list, err := s.Evidence(ctx, draft)
		must(t, err)
		if len(list) != 2 || list[0].Title != "dieselbe Seite" {
			t.Fatalf("evidence: %+v", list)
		}
		e, data, err := s.EvidenceFile(ctx, draft, list[1].ID)
		must(t, err)
		wantOrigin := assessment.Origin{Kind: assessment.OriginCarried, Subject: "Probe 2024", At: noon}
		if !bytes.Equal(data, []byte("%PDF")) || e.Origin != wantOrigin || e.By != "Erika Muster" ||
			e.SHA256 != "ab" || e != list[1] {
			t.Errorf("the copied file: %+v %q", e, data)
		}
		if h, err := s.Head(ctx, draft); err != nil || h.Change != 4 {
			t.Errorf("change %d, %v: a confirmation counts once", h.Change, err)
		}

		// Once more changes nothing at all.
		again, err := s.Confirm(ctx, confirmation(t, s, source, draft, 3))
		must(t, err)
		if h, err := s.Head(ctx, draft); err != nil || h.Change != 4 || len(again.Saved) != 0 || len(again.Kept) != 3 {
			t.Errorf("again: %+v, change %d, %v", again, h.Change, err)
		}
	})
}

func TestCommentsLeaveTheOriginAndAnswersEndIt(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		source, draft, _ := twoYears(t, s, 1, 0)
		_, err := s.Confirm(ctx, confirmation(t, s, source, draft, 1))
		must(t, err)
		w := write(draft, "q0", "alt", 1)
		w.Comment = "genauer"
		e, err := saveOne(ctx, s, w)
		must(t, err)
		if e.Origin != carriedFrom {
			t.Errorf("after a new comment: %+v", e)
		}
		e, err = saveOne(ctx, s, write(draft, "q0", "neu", 2))
		must(t, err)
		if e.Origin != (assessment.Origin{}) {
			t.Errorf("after a new answer: %+v", e)
		}
		history, err := s.History(ctx, draft, "q0")
		must(t, err)
		if history[0].Origin.Kind != "" || history[1].Origin.Kind != "" || history[2].Origin != carriedFrom {
			t.Errorf("history: %+v", history)
		}
	})
}

func TestConfirmIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		source, draft, of := twoYears(t, s, 2, 1)
		c := confirmation(t, s, source, draft, 2)
		stale, foreign, early := c, c, c
		stale.SourceChange--
		foreign.ID = assessmentOf(t, s, of, 0)
		early.At = noon.AddDate(0, 0, -11)
		for _, wrong := range []assessment.Confirmation{stale, foreign} {
			_, err := s.Confirm(ctx, wrong)
			wantFault(t, err, fault.Conflict, "proposal_changed")
		}
		_, err := s.Confirm(ctx, early)
		wantFault(t, err, fault.Conflict, "round_closed")
		must(t, s.Reopen(ctx, source, noon, "bitte prüfen", account.Event{}))
		_, err = s.Confirm(ctx, c)
		wantFault(t, err, fault.Conflict, "proposal_changed")
		if h, err := s.Head(ctx, draft); err != nil || h.Change != 0 {
			t.Errorf("change %d after refused confirmations, %v", h.Change, err)
		}
		must(t, s.Submit(ctx, handover(source, c.SourceChange+1, "again")))
		c = confirmation(t, s, source, draft, 2)
		must(t, s.Submit(ctx, handover(draft, 0, "new")))
		_, err = s.Confirm(ctx, c)
		wantFault(t, err, fault.Conflict, "assessment_locked")
		must(t, s.Reopen(ctx, draft, noon, "bitte prüfen", account.Event{}))
		must(t, s.SetStatus(ctx, of, round.Open, round.Closed, noon, nil, account.Event{}))
		_, err = s.Confirm(ctx, c)
		wantFault(t, err, fault.Conflict, "round_closed")
		if entries, err := s.Entries(ctx, draft); err != nil || len(entries) != 0 {
			t.Errorf("entries: %v %v", entries, err)
		}
		if list, err := s.Evidence(ctx, draft); err != nil || len(list) != 0 {
			t.Errorf("evidence: %v %v", list, err)
		}
	})
}

func TestConfirmIsAllOrNothing(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		source, draft, _ := twoYears(t, s, 1, 0)
		c := confirmation(t, s, source, draft, 3)
		c.Answers[2].Answer = checklist.Answer{}
		if _, err := s.Confirm(t.Context(), c); fault.KindOf(err) != fault.Internal || err == nil {
			t.Errorf("an answer of no kind: %v", err)
		}
		entries, err := s.Entries(t.Context(), draft)
		must(t, err)
		list, err := s.Evidence(t.Context(), draft)
		must(t, err)
		if h, err := s.Head(t.Context(), draft); err != nil || len(entries)+len(list) != 0 || h.Change != 0 {
			t.Errorf("%d answers, %d pieces of evidence, change %d, %v", len(entries), len(list), h.Change, err)
		}
	})
}

func TestEvidenceComesAlongUpToTheLimit(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		source, draft, _ := twoYears(t, s, 1, 0)
		for i := range assessment.MaxEvidence - 1 {
			_, err := s.AddEvidence(ctx, draft,
				assessment.Evidence{Question: "q0", Link: fmt.Sprintf("https://example.org/%d", i), At: noon}, nil, 7)
			must(t, err)
		}
		_, err := s.Confirm(ctx, confirmation(t, s, source, draft, 1))
		must(t, err)
		list, err := s.Evidence(ctx, draft)
		must(t, err)
		if len(list) != assessment.MaxEvidence || list[len(list)-1].Link != "https://example.org/" {
			t.Errorf("%d pieces, the last %+v", len(list), list[len(list)-1])
		}
	})
}

// A file is stored once however many rounds show it, and stays until the last of them removes it.
func TestSharedFiles(t *testing.T) {
	dir, address := t.TempDir(), testkit.Postgres(t)
	for name, config := range map[string]store.Config{"sqlite": {DataDir: dir}, "postgres": {DatabaseURL: address}} {
		t.Run(name, func(t *testing.T) {
			ctx, s := t.Context(), openStore(t, config)
			source, draft, _ := twoYears(t, s, 1, 0)
			c := confirmation(t, s, source, draft, 2)
			c.Answers[1].Evidence = c.Answers[0].Evidence
			_, err := s.Confirm(ctx, c)
			must(t, err)
			must(t, s.Submit(ctx, handover(draft, 1, "x")))
			third := assessmentOf(t, s, openRound(t, s, 1), 0)
			_, err = s.Confirm(ctx, confirmation(t, s, draft, third, 1))
			must(t, err)
			for _, a := range []assessment.ID{source, draft} {
				must(t, s.Reopen(ctx, a, noon, "bitte prüfen", account.Event{}))
			}
			var db *sql.DB
			if db = rawSQLite(t, dir); name == "postgres" {
				db = rawPostgres(t, address)
			}
			shown := filesOf(t, s, source, draft, third)
			if len(shown) != 4 {
				t.Fatalf("%d pieces of evidence show the file", len(shown))
			}
			for len(shown) > 0 {
				if got := textRows(t, db, `SELECT count(*) FROM evidence_files`); got[0] != "1|" {
					t.Errorf("the file is stored %s times", got[0])
				}
				must(t, s.RemoveEvidence(ctx, shown[0].of, shown[0].id, noon, account.Event{}))
				_, _, err := s.EvidenceFile(ctx, shown[0].of, shown[0].id)
				wantFault(t, err, fault.NotFound, "")
				shown = shown[1:]
				if left := filesOf(t, s, source, draft, third); !slices.Equal(left, shown) {
					t.Fatalf("left: %v, want %v", left, shown)
				}
			}
			if got := textRows(t, db, `SELECT count(*) FROM evidence_files`); got[0] != "0|" {
				t.Errorf("%s files are left behind", got[0])
			}
		})
	}
}

type shownFile struct {
	of assessment.ID
	id assessment.EvidenceID
}

// filesOf returns the files of some assessments after reading them.
func filesOf(t *testing.T, s *store.Store, assessments ...assessment.ID) []shownFile {
	t.Helper()
	var shown []shownFile
	for _, a := range assessments {
		list, err := s.Evidence(t.Context(), a)
		must(t, err)
		for _, e := range list {
			if e.Link != "" {
				continue
			}
			_, data, err := s.EvidenceFile(t.Context(), a, e.ID)
			must(t, err)
			if string(data) != "%PDF" {
				t.Errorf("the file of assessment %d holds %q", a, data)
			}
			shown = append(shown, shownFile{a, e.ID})
		}
	}
	return shown
}

// Everybody removes their own at the same time: whoever goes, the file stays for the others.
func TestRacingRemovalsOfASharedFile(t *testing.T) {
	const questions = 8
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		source, draft, _ := twoYears(t, s, 1, 0)
		c := confirmation(t, s, source, draft, questions)
		for i := range c.Answers {
			c.Answers[i].Evidence = c.Answers[0].Evidence
		}
		_, err := s.Confirm(ctx, c)
		must(t, err)
		must(t, s.Reopen(ctx, source, noon, "bitte prüfen", account.Event{}))
		shown := filesOf(t, s, source, draft)
		must(t, errors.Join(together(questions, func(i int) error {
			return s.RemoveEvidence(ctx, shown[i].of, shown[i].id, noon, account.Event{})
		})...))
		if left := filesOf(t, s, source, draft); !slices.Equal(left, shown[questions:]) {
			t.Errorf("left: %v of %v", left, shown)
		}
	})
}

func TestRacingConfirmationsWriteEachAnswerOnce(t *testing.T) {
	const people, questions = 8, 20
	onEach(t, func(t *testing.T, s *store.Store) {
		source, draft, _ := twoYears(t, s, 1, 0)
		c := confirmation(t, s, source, draft, questions)
		var done [people]assessment.Confirmed
		must(t, errors.Join(together(people, func(i int) (err error) {
			mine := c
			if i%2 == 1 {
				mine.Answers = slices.Clone(c.Answers)
				slices.Reverse(mine.Answers)
			}
			done[i], err = s.Confirm(t.Context(), mine)
			return err
		})...))
		saved := 0
		for _, d := range done {
			saved += len(d.Saved)
			if len(d.Saved)+len(d.Kept) != questions {
				t.Errorf("%d saved and %d kept of %d", len(d.Saved), len(d.Kept), questions)
			}
		}
		entries := checkHistory(t, s, draft)
		for q, e := range entries {
			if e.Revision != 1 || e.Origin != carriedFrom {
				t.Errorf("%s: %+v", q, e)
			}
		}
		list, err := s.Evidence(t.Context(), draft)
		must(t, err)
		if saved != questions || len(entries) != questions || len(list) != 2 {
			t.Errorf("%d saved, %d stored, %d pieces of evidence", saved, len(entries), len(list))
		}
		if h, err := s.Head(t.Context(), draft); err != nil || h.Change != 1 {
			t.Errorf("change %d, %v", h.Change, err)
		}
	})
}

// Whoever comes first has answered: a confirmation never replaces what was typed, and what was typed
// on top of a confirmation that nobody saw is a conflict like any other.
func TestConfirmingAgainstAnswers(t *testing.T) {
	const questions = 40
	onEach(t, func(t *testing.T, s *store.Store) {
		source, draft, _ := twoYears(t, s, 1, 0)
		c := confirmation(t, s, source, draft, questions)
		var done assessment.Confirmed
		errs := together(questions+1, func(i int) (err error) {
			if i == questions/2 {
				done, err = s.Confirm(t.Context(), c)
				return err
			}
			_, err = saveOne(t.Context(), s, write(draft, checklist.QuestionID(fmt.Sprintf("q%d", i%questions)),
				"getippt", 0))
			return err
		})
		must(t, errs[questions/2])
		entries := checkHistory(t, s, draft)
		for i, err := range errs {
			q := checklist.QuestionID(fmt.Sprintf("q%d", i%questions))
			if i == questions/2 || i%questions == 0 { // q0 was typed by two
				continue
			}
			typed := entries[q].Answer.Equal(options("getippt"))
			if typed != (err == nil) || typed != slices.Contains(done.Kept, q) ||
				typed == (entries[q].Origin == carriedFrom) || entries[q].Revision != 1 {
				t.Errorf("%s: answering returned %v, stored is %+v, kept %v", q, err, entries[q], done.Kept)
			}
		}
		if len(done.Saved)+len(done.Kept) != questions || len(entries) != questions {
			t.Errorf("%d saved and %d kept, %d stored", len(done.Saved), len(done.Kept), len(entries))
		}
	})
}

func TestConfirmingAgainstSubmission(t *testing.T) {
	const n = 15
	onEach(t, func(t *testing.T, s *store.Store) {
		for range n {
			source, draft, _ := twoYears(t, s, 1, 0)
			c := confirmation(t, s, source, draft, 5)
			errs := together(2, func(i int) error {
				if i == 0 {
					return s.Submit(t.Context(), handover(draft, 0, "x"))
				}
				_, err := s.Confirm(t.Context(), c)
				return err
			})
			entries := checkHistory(t, s, draft)
			if errs[0] == nil {
				wantFault(t, errs[1], fault.Conflict, "assessment_locked")
				if len(entries) != 0 {
					t.Fatalf("%d answers after the submission", len(entries))
				}
				continue
			}
			wantFault(t, errs[0], fault.Conflict, "changed_meanwhile")
			must(t, errs[1])
			if len(entries) != 5 {
				t.Fatalf("%d answers", len(entries))
			}
		}
	})
}

// What is confirmed is what was submitted, also if the agency gives it back and it is changed at the same time.
func TestConfirmingAgainstReopening(t *testing.T) {
	const n = 15
	onEach(t, func(t *testing.T, s *store.Store) {
		for range n {
			source, draft, _ := twoYears(t, s, 1, 0)
			c := confirmation(t, s, source, draft, 5)
			errs := together(2, func(i int) error {
				if i == 0 {
					return s.Reopen(t.Context(), source, noon.Add(time.Minute), "bitte prüfen", account.Event{})
				}
				_, err := s.Confirm(t.Context(), c)
				return err
			})
			must(t, errs[0])
			entries := checkHistory(t, s, draft)
			if errs[1] != nil {
				wantFault(t, errs[1], fault.Conflict, "proposal_changed")
			}
			if want := map[bool]int{true: 5, false: 0}[errs[1] == nil]; len(entries) != want {
				t.Fatalf("%d answers, want %d", len(entries), want)
			}
		}
	})
}

// On PostgreSQL somebody else can be writing to the source at the very moment: the confirmation waits and then sees it.
func TestConfirmWaitsForTheSource(t *testing.T) {
	address := testkit.Postgres(t)
	s := openStore(t, store.Config{DatabaseURL: address})
	source, draft, _ := twoYears(t, s, 1, 0)
	c := confirmation(t, s, source, draft, 2)
	db := rawPostgres(t, address)
	tx, err := db.Begin()
	must(t, err)
	_, err = tx.Exec(`UPDATE assessments SET change = change + 1 WHERE id = $1`, int64(source))
	must(t, err)
	confirmed := make(chan error, 1)
	go func() {
		_, err := s.Confirm(context.Background(), c)
		confirmed <- err
	}()
	for waiting := 0; waiting == 0 && len(confirmed) == 0; {
		must(t, db.QueryRow(`SELECT count(*) FROM pg_locks WHERE NOT granted`).Scan(&waiting))
	}
	must(t, tx.Commit())
	wantFault(t, <-confirmed, fault.Conflict, "proposal_changed")
}
