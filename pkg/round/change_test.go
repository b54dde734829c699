package round_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit/setup"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// planned makes a round that has not opened, with the first n towns; its window includes noon.
func planned(s *setup.Rounds, title string, n int) round.Round {
	s.T.Helper()
	in := round.New{Title: title, Checklist: checklist.Ref{ID: "willkommen", Version: "1.0.0"},
		Opens: noon.AddDate(0, 0, -5), Closes: noon.AddDate(0, 0, 20)}
	for _, m := range s.Towns[:n] {
		in.Towns = append(in.Towns, m.AGS)
	}
	id, err := s.Create(s.T.Context(), s.Admin, in)
	must(s.T, err)
	return s.Load(s.Admin, id)
}

func agsOf(s *setup.Rounds, list ...int) []region.AGS {
	var out []region.AGS
	for _, i := range list {
		out = append(out, s.Towns[i].AGS)
	}
	return out
}

func takingPart(s *setup.Rounds, r round.Round) []region.AGS {
	s.T.Helper()
	list, err := s.Standing(s.T.Context(), r)
	must(s.T, err)
	var out []region.AGS
	for _, p := range list {
		out = append(out, p.Town.AGS)
	}
	slices.Sort(out)
	return out
}

func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	e := fault.As(err)
	if e == nil || e.Kind != kind || e.Code != code && !slices.ContainsFunc(e.Fields, func(f fault.Field) bool {
		return f.Code == code
	}) {
		t.Errorf("got %v, want %s", err, code)
	}
}

// TestChangeOfARound changes everything of a planned round, and of an open one what does no harm.
func TestChangeOfARound(t *testing.T) {
	setup.OnEach(t, checklists.FS, 6, func(t *testing.T, s *setup.Rounds) {
		ctx := t.Context()
		r := planned(s, "Willkommen", 3)
		opens, closes := noon.AddDate(0, 0, -2), noon.AddDate(0, 1, 0)
		_, err := s.Change(ctx, s.Admin, r.ID, round.Change{Seen: r.Revision, Title: " Willkommen  2026 ",
			Opens: opens, Closes: closes, Towns: agsOf(s, 0, 1, 4)})
		must(t, err)
		now := s.Load(s.Admin, r.ID)
		if now.Title != "Willkommen 2026" || !now.Opens.Equal(opens) || !now.Closes.Equal(closes) ||
			!slices.Equal(takingPart(s, now), agsOf(s, 0, 1, 4)) {
			t.Errorf("the changed round is %+v with %v", now, takingPart(s, now))
		}
		_, err = s.Change(ctx, s.Admin, r.ID, round.Change{Seen: r.Revision, Title: "Willkommen 2027"})
		wantCode(t, err, fault.Conflict, "round_changed")
		for code, in := range map[string]round.Change{
			"title":  {Title: "ab"},
			"closes": {Title: "Gut genug", Closes: opens.AddDate(0, 0, -1)},
			"towns":  {Title: "Gut genug", Towns: []region.AGS{"01001000"}},
		} {
			in.Seen = now.Revision
			_, err := s.Change(ctx, s.Admin, r.ID, in)
			wantCode(t, err, fault.Invalid, code)
		}
		_, err = s.Change(ctx, s.Admin, r.ID, round.Change{Seen: now.Revision, Title: "Gut genug",
			Towns: []region.AGS{}})
		wantCode(t, err, fault.Invalid, "towns")

		must(t, s.Open(ctx, s.Admin, r.ID))
		now = s.Load(s.Admin, r.ID)
		_, err = s.Change(ctx, s.Admin, r.ID, round.Change{Seen: now.Revision, Title: now.Title,
			Opens: noon.AddDate(0, 0, -9)})
		wantCode(t, err, fault.Invalid, "round_begun")
		_, err = s.Change(ctx, s.Admin, r.ID, round.Change{Seen: now.Revision, Title: now.Title,
			Closes: noon.AddDate(0, 0, -1)})
		wantCode(t, err, fault.Invalid, "round_past")
		_, err = s.Change(ctx, s.Admin, r.ID, round.Change{Seen: now.Revision, Title: now.Title,
			Towns: agsOf(s, 0, 1, 2, 4, 5)})
		must(t, err)
		now = s.Load(s.Admin, r.ID)
		if !slices.Equal(takingPart(s, now), agsOf(s, 0, 1, 2, 4, 5)) || len(now.Groups[0].Members) != 5 {
			t.Errorf("towns %v, groups %v", takingPart(s, now), now.Groups)
		}
		if h := s.Heads(5); len(h) != 1 || !h[0].TakesAnswers(noon) {
			t.Errorf("the town that came later has %+v", h)
		}
		s.PublishRound(now)
		now = s.Load(s.Admin, r.ID)
		for code, in := range map[string]round.Change{
			"round_over":       {Title: now.Title, Closes: noon.AddDate(0, 3, 0)},
			"round_over_towns": {Title: now.Title, Towns: agsOf(s, 0)},
		} {
			in.Seen = now.Revision
			_, err := s.Change(ctx, s.Admin, r.ID, in)
			wantCode(t, err, fault.Invalid, code)
		}
		wantCode(t, s.Reopen(ctx, s.Admin, r.ID, noon.AddDate(0, 4, 0)), fault.Conflict, "round_status")
		_, err = s.Change(ctx, s.Admin, r.ID, round.Change{Seen: now.Revision, Title: "Rückblick",
			Towns: agsOf(s, 0, 1, 2, 4, 5)})
		must(t, err)
		if got := s.Load(s.Admin, r.ID); got.Title != "Rückblick" || got.Status != round.Published {
			t.Errorf("a published round is called %q, %s", got.Title, got.Status)
		}
	})
}

// TestTakingATownOut keeps its answers, counts them nowhere and lets it come back with them.
func TestTakingATownOut(t *testing.T) {
	setup.OnEach(t, checklists.FS, 14, func(t *testing.T, s *setup.Rounds) {
		ctx := t.Context()
		s.Opened = 9 // its window includes noon
		r := s.NewRound("hier", "1.0.0", s.MadeUp(5))
		all := takingPart(s, r)
		without := slices.DeleteFunc(slices.Clone(all), func(ags region.AGS) bool { return ags == s.Towns[0].AGS })
		before, err := s.Records(ctx, r)
		must(t, err)
		mark, err := s.Store.SubmissionMark(ctx, []round.ID{r.ID})
		must(t, err)
		answers := len(s.Lines(ctx, "answers"))

		in := round.Change{Seen: r.Revision, Title: r.Title, Towns: without}
		_, err = s.Change(ctx, s.Admin, r.ID, in)
		wantCode(t, err, fault.Invalid, "reason_short")
		effect, err := s.Effect(ctx, s.Admin, r.ID, in)
		must(t, err)
		if len(effect.Removed) != 1 || effect.Removed[0].Status != assessment.Submitted {
			t.Errorf("the effect names %+v", effect.Removed)
		}
		in.Reason = "Die Kommune hat abgesagt."
		_, err = s.Change(ctx, s.Admin, r.ID, in)
		must(t, err)
		now := s.Load(s.Admin, r.ID)
		if after, err := s.Records(ctx, now); err != nil || len(after) != len(before)-1 {
			t.Errorf("%d records of %d, %v", len(after), len(before), err)
		}
		if got := len(s.Lines(ctx, "answers")); got != answers {
			t.Errorf("%d answers of %d are left", got, answers)
		}
		must(t, s.Submissions(ctx, now, func(sub round.Submission) error {
			if sub.Town.AGS == s.Towns[0].AGS {
				t.Error("the town stands in the export")
			}
			return nil
		}))
		must(t, s.Store.SubmittedAnswers(ctx, []round.ID{r.ID}, func(a round.Answered) error {
			if a.Town == s.Towns[0].AGS {
				t.Error("the town counts in trends and dry runs")
			}
			return nil
		}))
		towns, err := s.Store.TownsOf(ctx, []round.ID{r.ID})
		must(t, err)
		if len(towns) != len(all)-1 || slices.Contains(takingPart(s, now), s.Towns[0].AGS) ||
			slices.Contains(now.Groups[0].Members, s.Towns[0].AGS) {
			t.Error("the town still takes part")
		}
		other, err := s.Store.SubmissionMark(ctx, []round.ID{r.ID})
		must(t, err)
		if other == mark {
			t.Error("caches would not notice")
		}
		h := s.Heads(0)[0]
		if h.Removed.IsZero() || h.RemovedReason != in.Reason || h.TakesAnswers(noon) || h.Object().Submitted {
			t.Errorf("the town's head is %+v", h)
		}
		wantCode(t, s.Store.Reopen(ctx, h.ID, noon, "bitte noch einmal", account.Event{}), fault.Conflict,
			"assessment_removed")
		gone, err := s.Removed(ctx, now)
		must(t, err)
		if len(gone) != 1 || gone[0].Town.AGS != s.Towns[0].AGS || gone[0].Reason != in.Reason || gone[0].Change == 0 {
			t.Errorf("taken out: %+v", gone)
		}
		own, err := s.Store.EventsOfTown(ctx, s.Towns[0].AGS, 0, 10)
		must(t, err)
		if len(own) == 0 || own[0].Kind != account.EventTownRemoved || own[0].Detail != in.Reason {
			t.Errorf("the town's log: %+v", own)
		}

		effect, err = s.Change(ctx, s.Admin, r.ID, round.Change{Seen: now.Revision, Title: r.Title, Towns: all})
		must(t, err)
		if len(effect.Back) != 1 || len(effect.Added) != 0 {
			t.Errorf("coming back: %+v", effect)
		}
		now = s.Load(s.Admin, r.ID)
		after, err := s.Records(ctx, now)
		must(t, err)
		if len(after) != len(before) || len(now.Groups[0].Members) != len(all) || !s.Heads(0)[0].Removed.IsZero() {
			t.Error("the town did not come back as it was")
		}
		log, err := s.Store.EventsOfRegion(ctx, "hier", account.EventKinds(), 0, 10)
		must(t, err)
		if !strings.Contains(log[0].Detail, "added "+s.Towns[0].Name) ||
			!strings.Contains(log[1].Detail, "removed "+s.Towns[0].Name+"\nreason Die Kommune hat abgesagt.") {
			t.Errorf("the agency's log: %+v", log[:2])
		}
	})
}

// TestTwoChangesAtOnce lets two administrators change a round at the same time: one wins, the other is told.
func TestTwoChangesAtOnce(t *testing.T) {
	setup.OnEach(t, checklists.FS, 4, func(t *testing.T, s *setup.Rounds) {
		r := planned(s, "Willkommen", 2)
		var errs [2]error
		var wait sync.WaitGroup
		for i, towns := range [][]region.AGS{agsOf(s, 0, 1, 2), agsOf(s, 0, 3)} {
			wait.Go(func() {
				_, errs[i] = s.Change(t.Context(), s.Admin, r.ID, round.Change{Seen: r.Revision, Title: "Willkommen",
					Towns: towns})
			})
		}
		wait.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("both: %v and %v", errs[0], errs[1])
		}
		lost, want := 0, agsOf(s, 0, 3)
		if errs[0] == nil {
			lost, want = 1, agsOf(s, 0, 1, 2)
		}
		wantCode(t, errs[lost], fault.Conflict, "round_changed")
		if got := takingPart(s, s.Load(s.Admin, r.ID)); !slices.Equal(got, want) {
			t.Errorf("towns %v, want %v", got, want)
		}
	})
}

func TestReopenAndDelete(t *testing.T) {
	setup.OnEach(t, checklists.FS, 4, func(t *testing.T, s *setup.Rounds) {
		ctx := t.Context()
		r := planned(s, "Willkommen", 2)
		must(t, s.Delete(ctx, s.Admin, r.ID))
		if _, err := s.Round(ctx, s.Admin, account.ViewRound, r.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a deleted round: %v", err)
		}
		r = planned(s, "Versehen", 3)
		must(t, s.Open(ctx, s.Admin, r.ID))
		must(t, s.Close(ctx, s.Admin, r.ID))
		wantCode(t, s.Reopen(ctx, s.Admin, r.ID, noon.Add(-time.Hour)), fault.Invalid, "round_past")
		until := noon.AddDate(0, 2, 0)
		must(t, s.Reopen(ctx, s.Admin, r.ID, until))
		wantCode(t, s.Reopen(ctx, s.Admin, r.ID, until), fault.Conflict, "round_status")
		if now := s.Load(s.Admin, r.ID); now.Status != round.Open || !now.Closes.Equal(until) ||
			!s.Heads(0)[0].TakesAnswers(noon) {
			t.Errorf("reopened: %+v", now)
		}
		must(t, s.Delete(ctx, s.Admin, r.ID))
		for _, table := range []string{"rounds", "participants", "assessments"} {
			if got := s.Lines(ctx, table); len(got) > 0 {
				t.Errorf("%s still holds %v", table, got)
			}
		}
		s.Opened = 9
		r = s.NewRound("hier", "1.0.0", s.MadeUp(5))
		wantCode(t, s.Delete(ctx, s.Admin, r.ID), fault.Conflict, "round_not_empty")
		stranger := account.Actor{User: 9, Role: account.AgencyAdmin, Region: "anderswo"}
		for what, err := range map[string]error{"delete": s.Delete(ctx, stranger, r.ID),
			"reopen": s.Reopen(ctx, stranger, r.ID, until)} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("another agency may %s: %v", what, err)
			}
		}
		if _, err := s.Change(ctx, stranger, r.ID, round.Change{Seen: r.Revision, Title: "Fremd"}); !fault.Is(err,
			fault.NotFound) {
			t.Errorf("another agency changes: %v", err)
		}
	})
}

// TestPreviewIsWhatIsPublished compares the bytes, and refuses what nobody has seen.
func TestPreviewIsWhatIsPublished(t *testing.T) {
	setup.OnEach(t, checklists.FS, 14, func(t *testing.T, s *setup.Rounds) {
		ctx := t.Context()
		s.Opened = 9
		r := s.NewRound("hier", "1.0.0", s.MadeUp(5))
		_, err := s.Preview(ctx, s.Admin, r.ID)
		wantCode(t, err, fault.Conflict, "round_not_closed")
		must(t, s.Close(ctx, s.Admin, r.ID))
		seen, err := s.Preview(ctx, s.Admin, r.ID)
		must(t, err)
		h := s.Heads(1)[0]
		must(t, s.SetConsent(ctx, account.Actor{User: 3, Role: account.TownLead, Town: h.Town}, h, consentToAll, nil))
		wantCode(t, s.PublishSeen(ctx, s.Admin, r.ID, seen.Mark), fault.Conflict, "preview_changed")
		if list, err := s.Releases(ctx, r); err != nil || len(list) > 0 {
			t.Fatalf("released: %v, %v", list, err)
		}
		seen, err = s.Preview(ctx, s.Admin, r.ID)
		must(t, err)
		must(t, s.PublishSeen(ctx, s.Admin, r.ID, seen.Mark))
		want, err := seen.Release.MarshalBinary()
		must(t, err)
		list, err := s.Store.Releases(ctx, r.ID)
		must(t, err)
		if days, err := s.Releases(ctx, r); err != nil || len(days) != 1 || days[0].Number != 1 ||
			!days[0].At.Equal(noon) {
			t.Errorf("released on %v, %v", days, err)
		}
		if len(list) != 1 || string(list[0].Data) != string(want) {
			t.Error("what was published is not what was shown")
		}
	})
}

// consentToAll names a town with everything.
var consentToAll = disclosure.Consent{Total: true, Sections: true, Examples: true}

func TestWithoutLead(t *testing.T) {
	setup.OnEach(t, checklists.FS, 3, func(t *testing.T, s *setup.Rounds) {
		ctx := t.Context()
		r := planned(s, "Willkommen", 3)
		for i, u := range []account.User{{Role: account.TownLead, Town: s.Towns[0].AGS},
			{Role: account.TownEditor, Town: s.Towns[1].AGS},
			{Role: account.TownLead, Town: s.Towns[2].AGS, Disabled: true}} {
			u.Email, u.Created = string(rune('a'+i))+"@example.org", noon
			_, err := s.Store.CreateUser(ctx, u, account.Event{})
			must(t, err)
		}
		list, err := s.WithoutLead(ctx, r)
		must(t, err)
		var got []region.AGS
		for _, m := range list {
			got = append(got, m.AGS)
		}
		slices.Sort(got)
		if !slices.Equal(got, agsOf(s, 1, 2)) {
			t.Errorf("without a lead: %v", got)
		}
	})
}
