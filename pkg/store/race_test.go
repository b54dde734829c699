package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// together runs f n times at once and returns the errors.
func together(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// checkHistory compares every answer with its history: revisions without a gap, the last line
// saying what is stored.
func checkHistory(t *testing.T, s *store.Store, id assessment.ID) map[checklist.QuestionID]assessment.Entry {
	t.Helper()
	entries, err := s.Entries(t.Context(), id)
	must(t, err)
	for q, e := range entries {
		history, err := s.History(t.Context(), id, q)
		must(t, err)
		if len(history) != e.Revision {
			t.Fatalf("%s: %d lines of history for revision %d", q, len(history), e.Revision)
		}
		for i, c := range history {
			if c.Revision != e.Revision-i {
				t.Fatalf("%s: line %d is revision %d", q, i, c.Revision)
			}
		}
		if last := history[0]; !last.To.Equal(e.Answer) || last.Comment != e.Comment || last.ToGiven != e.Given {
			t.Fatalf("%s: stored %+v, history %+v", q, e, last)
		}
	}
	return entries
}

func TestRacingAnswersLoseNothing(t *testing.T) {
	const n = 100
	onEach(t, func(t *testing.T, s *store.Store) {
		id := assessmentOf(t, s, openRound(t, s, 1), 0)
		var conflicts atomic.Int64
		errs := together(n, func(i int) error {
			for revision := 0; ; {
				_, err := saveOne(t.Context(), s, write(id, "q", checklist.OptionID(fmt.Sprintf("o%d", i)), revision))
				f := fault.As(err)
				if f == nil || f.Code != "stale" {
					return err
				}
				conflicts.Add(1)
				revision = f.Detail.(assessment.Entry).Revision
			}
		})
		must(t, errors.Join(errs...))
		if e := checkHistory(t, s, id)["q"]; e.Revision != n {
			t.Errorf("revision %d after %d answers", e.Revision, n)
		}
		history, err := s.History(t.Context(), id, "q")
		must(t, err)
		said := map[checklist.OptionID]bool{}
		for _, c := range history {
			said[c.To.Options[0]] = true
		}
		if len(said) != n || conflicts.Load() == 0 {
			t.Errorf("%d of %d answers in the history, %d conflicts", len(said), n, conflicts.Load())
		}
		if h, err := s.Head(t.Context(), id); err != nil || h.Change != n {
			t.Errorf("change %d, want %d (%v)", h.Change, n, err)
		}
	})
}

func TestRacingFirstAnswersHaveOneWinner(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		id := assessmentOf(t, s, openRound(t, s, 1), 0)
		won := 0
		for _, err := range together(20, func(i int) error {
			_, err := saveOne(t.Context(), s, write(id, "q", checklist.OptionID(fmt.Sprintf("o%d", i)), 0))
			return err
		}) {
			if err == nil {
				won++
				continue
			}
			wantFault(t, err, fault.Conflict, "stale")
		}
		if won != 1 {
			t.Errorf("%d writers believe they were first", won)
		}
	})
}

func TestRacingSubmissionsHaveOneWinner(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		r := openRound(t, s, 1)
		id := assessmentOf(t, s, r, 0)
		won := 0
		for _, err := range together(10, func(i int) error { return s.Submit(t.Context(), handover(id, 0, "x")) }) {
			if err == nil {
				won++
				continue
			}
			wantFault(t, err, fault.Conflict, "assessment_locked")
		}
		if won != 1 {
			t.Errorf("%d submissions succeeded", won)
		}
		wantRecords(t, s, r, "x")
	})
}

// What was acknowledged before the round closed or the assessment was submitted is there,
// and nothing comes after it.
func TestNothingSlipsInAfterSubmissionOrClosing(t *testing.T) {
	ends := map[string]func(s *store.Store, r round.ID, id assessment.ID) error{
		"submit": func(s *store.Store, _ round.ID, id assessment.ID) error {
			for {
				h, err := s.Head(context.Background(), id)
				if err != nil {
					return err
				}
				if err := s.Submit(context.Background(), handover(id, h.Change, "x")); err == nil ||
					fault.As(err).Code != "changed_meanwhile" {
					return err
				}
			}
		},
		"close": func(s *store.Store, r round.ID, _ assessment.ID) error {
			return s.SetStatus(context.Background(), r, round.Open, round.Closed, noon, nil, account.Event{})
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, s *store.Store) {
				r := openRound(t, s, 1)
				id := assessmentOf(t, s, r, 0)
				var saved atomic.Int64
				var atEnd int64
				errs := together(9, func(i int) error {
					if i == 8 {
						for saved.Load() < 20 {
							if _, err := s.Head(context.Background(), id); err != nil {
								return err
							}
						}
						if err := end(s, r, id); err != nil {
							return err
						}
						h, err := s.Head(context.Background(), id)
						atEnd = h.Change
						return err
					}
					for n := 0; n < 10000; n++ {
						q := checklist.QuestionID(fmt.Sprintf("q%d-%d", i, n))
						_, err := saveOne(context.Background(), s, write(id, q, "one", 0))
						if fault.Is(err, fault.Conflict) {
							return nil
						}
						if err != nil {
							return err
						}
						saved.Add(1)
					}
					return nil
				})
				must(t, errors.Join(errs...))
				h, err := s.Head(t.Context(), id)
				must(t, err)
				entries := checkHistory(t, s, id)
				if h.Change != atEnd || int64(len(entries)) != saved.Load() {
					t.Errorf("change %d at the end, %d later; %d answers acknowledged, %d stored", atEnd, h.Change,
						saved.Load(), len(entries))
				}
			})
		})
	}
}

func TestOneFailingWriteDoesNotSpoilTheOthers(t *testing.T) {
	s, _ := onSQLite(t)
	r := openRound(t, s, 1)
	id := assessmentOf(t, s, r, 0)
	errs := together(60, func(i int) error {
		if i%3 == 0 {
			_, err := s.CreateUser(t.Context(), account.User{Email: "same@example.org", Role: account.TownLead,
				Town: town(0).AGS, Created: noon}, account.Event{})
			return err
		}
		_, err := saveOne(t.Context(), s, write(id, checklist.QuestionID(fmt.Sprintf("q%d", i)), "one", 0))
		return err
	})
	created := 0
	for i, err := range errs {
		switch {
		case i%3 != 0:
			must(t, err)
		case err == nil:
			created++
		default:
			wantFault(t, err, fault.Conflict, "email_taken")
		}
	}
	if entries := checkHistory(t, s, id); created != 1 || len(entries) != 40 {
		t.Errorf("%d users created, %d answers saved", created, len(entries))
	}
}

func TestAWaitingWriteCanBeWithdrawn(t *testing.T) {
	s, dir := onSQLite(t)
	r := openRound(t, s, 1)
	id := assessmentOf(t, s, r, 0)
	other := holdWriteLock(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	first := make(chan error, 1)
	go func() {
		_, err := saveOne(t.Context(), s, write(id, "first", "one", 0))
		first <- err
	}()
	_, err := saveOne(ctx, s, write(id, "late", "one", 0))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a withdrawn write returned %v", err)
	}
	other()
	must(t, <-first)
	if entries := checkHistory(t, s, id); len(entries) != 1 {
		t.Errorf("stored: %v", entries)
	}
}

func TestCloseFinishesWhatIsQueued(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Config{DataDir: dir})
	must(t, err)
	id := assessmentOf(t, s, openRound(t, s, 1), 0)
	var saved atomic.Int64
	errs := together(33, func(i int) error {
		if i == 32 {
			for saved.Load() < 50 {
				if _, err := s.Head(context.Background(), id); err != nil {
					return err
				}
			}
			return s.Close()
		}
		for n := 0; ; n++ {
			_, err := saveOne(context.Background(), s, write(id, checklist.QuestionID(fmt.Sprintf("q%d-%d", i, n)),
				"one", 0))
			if fault.Is(err, fault.Unavailable) {
				return nil
			}
			if err != nil {
				return err
			}
			saved.Add(1)
		}
	})
	must(t, errors.Join(errs...))
	again := openStore(t, store.Config{DataDir: dir})
	if entries := checkHistory(t, again, id); int64(len(entries)) != saved.Load() {
		t.Errorf("%d answers acknowledged, %d stored", saved.Load(), len(entries))
	}
}
