package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

func TestAnswersComeBackAsTheyWere(t *testing.T) {
	answers := map[checklist.QuestionID]checklist.Answer{
		"one":    options("teilweise"),
		"many":   options("a", "b", "c"),
		"quoted": options(`a"b`, `c\d`, `","`),
		"zero":   {Kind: checklist.AnswerNumber},
		"number": {Kind: checklist.AnswerNumber, Number: decimal.RequireFromString("123456789012.000001")},
		"tenth":  {Kind: checklist.AnswerNumber, Number: decimal.RequireFromString("-0.1")},
		"text": {Kind: checklist.AnswerText, Text: "Grüße 🌻\n'; DROP TABLE answers; -- ? $1 " +
			strings.Repeat("ß", 1900)},
		"date": {Kind: checklist.AnswerDate, Text: "2026-02-28"},
		"na":   {Kind: checklist.AnswerNotApplicable, Text: "gibt es bei uns nicht"},
	}
	onEach(t, func(t *testing.T, s *store.Store) {
		id := assessmentOf(t, s, openRound(t, s, 2), 1)
		for q, a := range answers {
			w := assessment.Write{ID: id, Question: q, Given: true, Answer: a, Comment: "Anmerkung zu " + string(q),
				By: 7, ByName: "Erika", At: noon}
			saved, err := saveOne(t.Context(), s, w)
			must(t, err)
			if saved.Revision != 1 || !saved.Answer.Equal(a) || !saved.At.Equal(noon) || saved.By != "Erika" {
				t.Errorf("%s: saved %+v", q, saved)
			}
		}
		open, err := saveOne(t.Context(), s, assessment.Write{ID: id, Question: "open", Comment: "nur ein Kommentar",
			At: noon})
		must(t, err)
		if open.Given || open.Revision != 1 {
			t.Errorf("open: saved %+v", open)
		}
		entries, err := s.Entries(t.Context(), id)
		must(t, err)
		if len(entries) != len(answers)+1 {
			t.Errorf("%d entries, want %d", len(entries), len(answers)+1)
		}
		for q, a := range answers {
			if e := entries[q]; !e.Given || !e.Answer.Equal(a) || e.Comment != "Anmerkung zu "+string(q) ||
				e.Question != q {
				t.Errorf("%s: got %+v, want %+v", q, e, a)
			}
		}
		if e := entries["open"]; e.Given || e.Comment != "nur ein Kommentar" {
			t.Errorf("open: got %+v", e)
		}
		drafts, err := s.AnswersOf(t.Context(), []assessment.ID{id, id + 1})
		must(t, err)
		if len(drafts) != 1 || len(drafts[id]) != len(answers) {
			t.Errorf("draft answers: %d of %d", len(drafts[id]), len(answers))
		}
	})
}

func TestStaleRevisionChangesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		id := assessmentOf(t, s, openRound(t, s, 1), 0)
		_, err := saveOne(ctx, s, write(id, "q", "one", 0))
		must(t, err)
		_, err = saveOne(ctx, s, write(id, "q", "two", 1))
		must(t, err)
		before, err := s.Head(ctx, id)
		must(t, err)
		for _, revision := range []int{0, 1, 3} {
			_, err := saveOne(ctx, s, write(id, "q", "three", revision))
			wantFault(t, err, fault.Conflict, "stale")
			if e, ok := fault.As(err).Detail.(assessment.Entry); !ok || e.Revision != 2 ||
				e.Answer.Options[0] != "two" {
				t.Errorf("detail of revision %d: %+v", revision, fault.As(err).Detail)
			}
		}
		_, err = saveOne(ctx, s, write(id, "untouched", "one", 4))
		wantFault(t, err, fault.Conflict, "stale")
		after, err := s.Head(ctx, id)
		must(t, err)
		if before.Change != 2 || after != before {
			t.Errorf("head changed from %+v to %+v", before, after)
		}
	})
}

func TestHistoryAndUnchangedWrites(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		id := assessmentOf(t, s, openRound(t, s, 1), 0)
		nothing, err := saveOne(ctx, s, assessment.Write{ID: id, Question: "q", At: noon})
		must(t, err)
		if nothing.Revision != 0 {
			t.Errorf("an open answer to an untouched question got revision %d", nothing.Revision)
		}
		w := write(id, "q", "one", 0)
		w.Comment = "warum"
		_, err = saveOne(ctx, s, w)
		must(t, err)
		same := write(id, "q", "one", 1)
		same.KeepComment, same.Comment, same.ByName = true, "übersehen", "Wer anders"
		e, err := saveOne(ctx, s, same)
		must(t, err)
		if e.Revision != 1 || e.Comment != "warum" || e.By != "Erika Muster" {
			t.Errorf("unchanged write: %+v", e)
		}
		back := assessment.Write{ID: id, Question: "q", KeepComment: true, Revision: 1, ByName: "Kollegin",
			At: noon.Add(time.Hour)}
		e, err = saveOne(ctx, s, back)
		must(t, err)
		if e.Given || e.Comment != "warum" || e.Revision != 2 {
			t.Errorf("taken back: %+v", e)
		}
		history, err := s.History(ctx, id, "q")
		must(t, err)
		if len(history) != 2 {
			t.Fatalf("%d lines: %+v", len(history), history)
		}
		newest, oldest := history[0], history[1]
		if newest.Revision != 2 || !newest.FromGiven || !newest.From.Equal(options("one")) || newest.ToGiven ||
			newest.By != "Kollegin" || newest.Before != "warum" || newest.Comment != "warum" {
			t.Errorf("newest: %+v", newest)
		}
		if oldest.Revision != 1 || oldest.FromGiven || !oldest.ToGiven || oldest.Before != "" ||
			oldest.Comment != "warum" || !oldest.At.Equal(noon) {
			t.Errorf("oldest: %+v", oldest)
		}
		head, err := s.Head(ctx, id)
		must(t, err)
		if head.Change != 2 {
			t.Errorf("change %d, want 2", head.Change)
		}
	})
}

func TestStatesRefuseAnswers(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		r := openRound(t, s, 2)
		id, other := assessmentOf(t, s, r, 0), assessmentOf(t, s, r, 1)
		early, late := write(id, "q", "one", 0), write(id, "q", "one", 0)
		early.At, late.At = noon.AddDate(0, 0, -11), noon.AddDate(0, 0, 20)
		for _, w := range []assessment.Write{early, late} {
			_, err := saveOne(ctx, s, w)
			wantFault(t, err, fault.Conflict, "round_closed")
		}
		_, err := saveOne(ctx, s, write(999999, "q", "one", 0))
		wantFault(t, err, fault.NotFound, "")
		_, err = saveOne(ctx, s, write(id, "q", "one", 0))
		must(t, err)
		must(t, s.Submit(ctx, assessment.Handover{ID: id, Change: 1, By: 7, ByName: "Erika", At: noon,
			Record: []byte{1}, Event: event(account.EventSubmitted)}))
		_, err = saveOne(ctx, s, write(id, "q", "two", 1))
		wantFault(t, err, fault.Conflict, "assessment_locked")
		_, err = s.AddEvidence(ctx, id, assessment.Evidence{Question: "q", Link: "https://example.org/", Title: "x",
			At: noon}, nil, 7)
		wantFault(t, err, fault.Conflict, "assessment_locked")
		must(t, s.SetStatus(ctx, r, round.Open, round.Closed, noon, nil, event(account.EventRoundClosed)))
		_, err = saveOne(ctx, s, write(other, "q", "one", 0))
		wantFault(t, err, fault.Conflict, "round_closed")
		if entries, err := s.Entries(ctx, other); err != nil || len(entries) != 0 {
			t.Errorf("entries after a refused write: %v %v", entries, err)
		}
	})
}
