package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

func handover(id assessment.ID, change int64, record string) assessment.Handover {
	return assessment.Handover{ID: id, Change: change, By: 7, ByName: "Erika Muster", At: noon, Record: []byte(record),
		Event: event(account.EventSubmitted)}
}

func TestRoundFromPlanToRelease(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		id := openRound(t, s, 3)
		r, err := s.Round(ctx, id)
		must(t, err)
		if r.Status != round.Open || r.Checklist.String() != "probe@1.0.0" ||
			len(r.Groups) != len(region.Groups([]region.Member{
				{AGS: town(0).AGS, Population: 5000}, {AGS: town(1).AGS, Population: 5100},
				{AGS: town(2).AGS, Population: 5200}})) || len(r.Groups[0].Members) != 3 {
			t.Errorf("round %+v", r)
		}
		if raw, err := s.Checklist(ctx, r.Hash); err != nil || string(raw) != "id: probe\n" {
			t.Errorf("checklist %q %v", raw, err)
		}
		wantFault(t, s.SetStatus(ctx, id, round.Planned, round.Open, noon, nil, account.Event{}), fault.Conflict,
			"round_status")
		wantFault(t, s.SetStatus(ctx, 4711, round.Planned, round.Open, noon, nil, account.Event{}), fault.NotFound, "")
		wantFault(t, s.Publish(ctx, id, []byte("zu früh"), noon, account.Event{}), fault.Conflict, "round_status")

		grown := town(1)
		grown.Population = 99999
		must(t, s.SaveRegion(ctx, region.Region{ID: suedwestfalen}, []region.Municipality{grown}, account.Event{}))
		must(t, s.SetConsent(ctx, id, grown.AGS, disclosure.Consent{Total: true, Examples: true}, nil,
			event(account.EventConsent)))
		if c, err := s.Consent(ctx, id, grown.AGS); err != nil ||
			c != (disclosure.Consent{Total: true, Examples: true}) {
			t.Errorf("consent %+v, %v", c, err)
		}
		contact := round.Contact{Name: "Petra Klein", Email: "klein@example.org", Phone: "02931 805-0"}
		must(t, s.SetContact(ctx, id, grown.AGS, contact, round.Contact{}, event(account.EventConsent)))
		must(t, s.SetContact(ctx, id, grown.AGS, contact, round.Contact{}, event(account.EventConsent))) // once more
		wantFault(t, s.SetContact(ctx, id, grown.AGS, round.Contact{Name: "Otto"}, round.Contact{},
			event(account.EventConsent)), fault.Conflict, "consent_meanwhile")
		wantFault(t, s.SetContact(ctx, id, town(0).AGS, contact, round.Contact{}, event(account.EventConsent)),
			fault.Conflict, "consent_meanwhile")
		if c, err := s.Contact(ctx, id, grown.AGS); err != nil || c != contact {
			t.Errorf("contact %+v, %v", c, err)
		}
		contacts, err := s.Contacts(ctx, id)
		if err != nil || len(contacts) != 1 || contacts[grown.AGS] != contact {
			t.Errorf("contacts %+v, %v", contacts, err)
		}
		must(t, s.SetConsent(ctx, id, grown.AGS, disclosure.Consent{Total: true}, nil, event(account.EventConsent)))
		must(t, s.SetConsent(ctx, id, grown.AGS, disclosure.Consent{Total: true, Examples: true}, nil,
			event(account.EventConsent)))
		if contacts, err := s.Contacts(ctx, id); err != nil || len(contacts) != 0 {
			t.Errorf("contacts after the consent was taken back: %+v, %v", contacts, err)
		}
		_, err = s.Contact(ctx, id, "99999999")
		wantFault(t, err, fault.NotFound, "")
		_, err = s.Consent(ctx, id, "99999999")
		wantFault(t, err, fault.NotFound, "")
		wantFault(t, s.SetConsent(ctx, id, "99999999", disclosure.Consent{}, nil, account.Event{}), fault.NotFound, "")
		list, err := s.Participants(ctx, id)
		must(t, err)
		if p := list[1]; len(list) != 3 || p.Population != 5100 || p.Town.Population != 99999 ||
			p.Consent != (disclosure.Consent{Total: true, Examples: true}) || p.Status != assessment.Draft ||
			p.Change != 0 {
			t.Errorf("participants %+v", list)
		}

		must(t, s.SetStatus(ctx, id, round.Open, round.Closed, noon, nil, event(account.EventRoundClosed)))
		_, err = s.Release(ctx, id)
		wantFault(t, err, fault.NotFound, "")
		for i := range 2 {
			must(t, s.Publish(ctx, id, fmt.Appendf(nil, "release %d", i+1), noon.Add(time.Duration(i)*time.Hour),
				event(account.EventPublished)))
		}
		newest, err := s.Release(ctx, id)
		must(t, err)
		releases, err := s.Releases(ctx, id)
		must(t, err)
		if newest.Number != 2 || string(newest.Data) != "release 2" || !newest.At.Equal(noon.Add(time.Hour)) ||
			len(releases) != 2 || releases[0].Number != 1 {
			t.Errorf("releases %+v, newest %+v", releases, newest)
		}
		head, err := s.Head(ctx, list[0].Assessment)
		must(t, err)
		if !head.Released || head.RoundOpen || head.Region != suedwestfalen || head.TownName != "Ort 00000" ||
			head.RoundTitle != "Probe 2026" {
			t.Errorf("head %+v", head)
		}
		rounds, err := s.RoundsOfRegion(ctx, suedwestfalen)
		must(t, err)
		if len(rounds) != 1 || rounds[0].Status != round.Published {
			t.Errorf("rounds %+v", rounds)
		}
		if heads, err := s.HeadsOfTown(ctx, town(0).AGS); err != nil || len(heads) != 1 || heads[0] != head {
			t.Errorf("heads %+v %v", heads, err)
		}
	})
}

func TestSubmitAndReopen(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		r := openRound(t, s, 2)
		id := assessmentOf(t, s, r, 0)
		_, err := saveOne(ctx, s, write(id, "q", "one", 0))
		must(t, err)
		wantFault(t, s.Submit(ctx, handover(id, 0, "alt")), fault.Conflict, "changed_meanwhile")
		must(t, s.Submit(ctx, handover(id, 1, "erste")))
		wantFault(t, s.Submit(ctx, handover(id, 2, "doppelt")), fault.Conflict, "assessment_locked")
		h, err := s.Head(ctx, id)
		must(t, err)
		if h.Status != assessment.Submitted || !h.Submitted.Equal(noon) || h.SubmittedBy != "Erika Muster" ||
			h.Change != 2 {
			t.Errorf("submitted head %+v", h)
		}
		wantRecords(t, s, r, "erste")

		reopened := event(account.EventReopened)
		reopened.Detail = "bitte prüfen"
		must(t, s.Reopen(ctx, id, noon, "bitte prüfen", reopened))
		wantFault(t, s.Reopen(ctx, id, noon, "bitte prüfen", reopened), fault.Conflict, "not_submitted")
		wantRecords(t, s, r)
		if h, err = s.Head(ctx, id); err != nil || h.Status != assessment.Draft || h.ReopenReason != "bitte prüfen" ||
			!h.Submitted.IsZero() || h.Change != 3 {
			t.Errorf("reopened head %+v %v", h, err)
		}
		if !h.Reopened.Equal(noon) || h.ReopenedBy != reopened.Name {
			t.Errorf("reopened at %v by %q", h.Reopened, h.ReopenedBy)
		}
		must(t, s.Submit(ctx, handover(id, 3, "zweite")))
		wantRecords(t, s, r, "zweite")
		if h, err = s.Head(ctx, id); err != nil || h.ReopenReason != "" || !h.Reopened.IsZero() || h.ReopenedBy != "" {
			t.Errorf("head after the second submission %+v %v", h, err)
		}
		// Once more for the same reason, by somebody else: the last one counts.
		again := reopened
		again.At, again.Name = noon.Add(time.Hour), "Ben Beispiel"
		must(t, s.Reopen(ctx, id, again.At, again.Detail, again))
		if h, err = s.Head(ctx, id); err != nil || !h.Reopened.Equal(again.At) || h.ReopenedBy != again.Name {
			t.Errorf("head after the second return %+v %v", h, err)
		}
		must(t, s.Submit(ctx, handover(id, 5, "dritte")))
		must(t, s.SetStatus(ctx, r, round.Open, round.Closed, noon, nil, account.Event{}))
		wantFault(t, s.Reopen(ctx, id, noon, "zu spät", reopened), fault.Conflict, "round_closed")
		wantFault(t, s.Submit(ctx, handover(assessmentOf(t, s, r, 1), 0, "x")), fault.Conflict, "round_closed")

		log, err := s.EventsOfTown(ctx, town(0).AGS, 0, 100)
		must(t, err)
		count := map[account.EventKind]int{}
		for _, e := range log {
			count[e.Kind]++
		}
		if count[account.EventSubmitted] != 3 || count[account.EventReopened] != 2 {
			t.Errorf("the log tells of %v", count)
		}
	})
}

func records(t testing.TB, s *store.Store, id round.ID) (list []string) {
	t.Helper()
	must(t, s.Records(t.Context(), id, func(record []byte) error {
		list = append(list, string(record))
		return nil
	}))
	return list
}

func wantRecords(t *testing.T, s *store.Store, id round.ID, want ...string) {
	t.Helper()
	if got := records(t, s, id); !slices.Equal(got, want) {
		t.Errorf("the records are %q, want %q", got, want)
	}
}

func TestEvidence(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		r := openRound(t, s, 2)
		id, foreign := assessmentOf(t, s, r, 0), assessmentOf(t, s, r, 1)
		link := assessment.Evidence{Question: "b", Link: "https://example.org/", Title: "Seite", By: "Erika", At: noon}
		file := assessment.Evidence{Question: "a", Title: "plan.pdf", Type: "application/pdf", Size: 5, SHA256: "abc",
			By: "Erika", At: noon}
		content := []byte("%PDF\x00")
		var err error
		link.ID, err = s.AddEvidence(ctx, id, link, nil, 7)
		must(t, err)
		file.ID, err = s.AddEvidence(ctx, id, file, content, 7)
		must(t, err)
		list, err := s.Evidence(ctx, id)
		must(t, err)
		if len(list) != 2 || list[0] != file || list[1] != link {
			t.Errorf("evidence %+v", list)
		}
		got, data, err := s.EvidenceFile(ctx, id, file.ID)
		must(t, err)
		if got != file || !bytes.Equal(data, content) {
			t.Errorf("file %+v %q", got, data)
		}
		_, _, err = s.EvidenceFile(ctx, foreign, file.ID)
		wantFault(t, err, fault.NotFound, "")
		_, _, err = s.EvidenceFile(ctx, id, link.ID)
		wantFault(t, err, fault.NotFound, "")
		wantFault(t, s.RemoveEvidence(ctx, foreign, file.ID, noon, account.Event{}), fault.NotFound, "")
		must(t, s.RemoveEvidence(ctx, id, file.ID, noon, event(account.EventEvidenceRemoved)))
		_, _, err = s.EvidenceFile(ctx, id, file.ID)
		wantFault(t, err, fault.NotFound, "")
		log, err := s.EventsOfTown(ctx, town(0).AGS, 0, 1)
		must(t, err)
		if log[0].Detail != "plan.pdf" {
			t.Errorf("the log does not keep what was removed: %+v", log[0])
		}
		if h, err := s.Head(ctx, id); err != nil || h.Change != 3 {
			t.Errorf("change %d, want 3 (%v)", h.Change, err)
		}
		for range assessment.MaxEvidence - 1 {
			_, err = s.AddEvidence(ctx, id, link, nil, 7)
			must(t, err)
		}
		_, err = s.AddEvidence(ctx, id, link, nil, 7)
		wantFault(t, err, fault.Invalid, "invalid")
	})
}

// bulk makes n submitted assessments with q answers each; every tenth has none.
func bulk(n, q int) []assessment.Import {
	list := make([]assessment.Import, n)
	for i := range list {
		b := assessment.Import{Town: town(i).AGS, By: 7, Record: fmt.Appendf(nil, "record %d", i), Submitted: noon,
			SubmittedBy: "Erika"}
		for j := range q {
			if i%10 != 9 {
				e := assessment.Entry{Question: checklist.QuestionID(fmt.Sprintf("frage-%02d", j)), Given: j != 0,
					By: "Erika", At: noon}
				if e.Given {
					e.Answer = options("teilweise")
				} else {
					e.Comment = "offen"
				}
				b.Entries = append(b.Entries, e)
			}
		}
		list[i] = b
	}
	return list
}

// TestImportTable stores everything or nothing, beyond the pieces of ImportAssessments, with one line in the log.
func TestImportTable(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		const n = 130
		id := openRound(t, s, n)
		imported := func() (submitted, events int) {
			log, err := s.EventsOfRegion(ctx, suedwestfalen, account.EventKinds(), math.MaxInt64, 100)
			must(t, err)
			for _, e := range log {
				if e.Kind == account.EventImported {
					events++
				}
			}
			return len(records(t, s, id)), events
		}
		must(t, s.ImportAssessments(ctx, id, bulk(n, 3)[n-1:]))
		before, _ := imported()
		intake := round.Intake{Round: round.Round{ID: id, Region: suedwestfalen, Status: round.Open},
			Before: []account.Event{event(account.EventImported)}}
		_, err := s.ImportTable(ctx, intake, bulk(n, 3))
		wantFault(t, err, fault.Conflict, "assessment_touched")
		if records, events := imported(); records != before || events != 0 {
			t.Errorf("an import that was refused left %d of %d records and %d events", records, before, events)
		}
		_, err = s.ImportTable(ctx, intake, bulk(n-1, 3))
		must(t, err)
		if records, events := imported(); records <= before+100 || events != 1 {
			t.Errorf("%d records, %d events", records, events)
		}
	})
}

func TestImportAndSubmissions(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		const n, q = 250, 12
		id := openRound(t, s, n+2)
		draft := assessment.Import{Town: town(n).AGS,
			Entries: []assessment.Entry{{Question: "frage-01", Given: true, Answer: options("geplant"), By: "Erika",
				At: noon}},
			Evidence: []assessment.Evidence{{Question: "frage-01", Link: "https://example.org/", Title: "Seite",
				By: "Erika", At: noon}}}
		must(t, s.ImportAssessments(ctx, id, append(bulk(n, q), draft)))
		wantFault(t, s.ImportAssessments(ctx, id, []assessment.Import{{Town: town(n + 1).AGS}, draft}), fault.Conflict,
			"assessment_touched")

		seen := 0
		must(t, s.Submissions(ctx, id, func(sub round.Submission) error {
			want := q
			if seen%10 == 9 {
				want = 0
			}
			if sub.Town != town(seen) || len(sub.Entries) != want || len(sub.Answers) != max(want-1, 0) ||
				!sub.At.Equal(noon) {
				t.Fatalf("submission %d: %s with %d entries and %d answers", seen, sub.Town.Name, len(sub.Entries),
					len(sub.Answers))
			}
			seen++
			return nil
		}))
		if seen != n {
			t.Errorf("%d submissions, want %d", seen, n)
		}
		stop := errors.New("stop")
		if err := s.Submissions(ctx, id, func(round.Submission) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("a stopped reading returned %v", err)
		}
		if list := records(t, s, id); len(list) != n || list[17] != "record 17" {
			t.Errorf("the records are %q", list)
		}
		a := assessmentOf(t, s, id, n)
		h, err := s.Head(ctx, a)
		must(t, err)
		evidence, err := s.Evidence(ctx, a)
		must(t, err)
		if h.Status != assessment.Draft || h.Change != 2 || len(evidence) != 1 {
			t.Errorf("draft %+v with %+v", h, evidence)
		}
		_, err = saveOne(ctx, s, write(a, "frage-01", "umgesetzt", 1))
		must(t, err)
		if history, err := s.History(ctx, a, "frage-01"); err != nil || len(history) != 2 ||
			!history[0].From.Equal(options("geplant")) {
			t.Errorf("history after an import: %+v %v", history, err)
		}
	})
}

func TestStatementsAreCounted(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		id := openRound(t, s, 30)
		a := assessmentOf(t, s, id, 0)
		ctx, n := store.CountStatements(t.Context())
		_, err := s.Head(ctx, a)
		must(t, err)
		_, err = s.Participants(ctx, id)
		must(t, err)
		_, err = s.Region(ctx, suedwestfalen)
		must(t, err)
		if n.Load() != 3 {
			t.Errorf("three readings counted as %d statements", n.Load())
		}
		_, err = saveOne(ctx, s, write(a, "q", "one", 0))
		must(t, err)
		if took := n.Load() - 3; took < 4 || took > 5 {
			t.Errorf("a first answer took %d statements, want 4, or 5 with a lock", took)
		}
	})
}
