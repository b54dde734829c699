package store_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/store"
)

// delegate stores a delegation of the questions q and r and returns it with its secret's hash.
func delegate(t testing.TB, s *store.Store, id assessment.ID) assessment.Delegation {
	t.Helper()
	d := assessment.Delegation{Assessment: id, Questions: []checklist.QuestionID{"q", "r"}, For: "Petra Ämter",
		Email: "petra@example.org", Note: "Zeile\nnoch eine",
		Created: noon, By: 7, ByName: "Erika Muster", Expires: noon.Add(assessment.DelegationLife)}
	_, d.Secret = account.NewToken()
	var err error
	d.ID, err = s.CreateDelegation(t.Context(), d, d.Secret, 50, event(account.EventDelegated))
	must(t, err)
	return d
}

func TestDelegationIsKept(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		id := assessmentOf(t, s, openRound(t, s, 2), 0)
		d := delegate(t, s, id)
		same := func(got, want assessment.Delegation) {
			t.Helper()
			got.Secret, want.Secret = account.Hash{}, account.Hash{}
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		}
		d.Created, d.Expires = d.Created.UTC(), d.Expires.UTC()
		got, err := s.DelegationByHash(ctx, d.Secret)
		must(t, err)
		same(got, d)
		later := noon.Add(2 * time.Hour)
		must(t, s.UseDelegation(ctx, assessment.Use{Secret: d.Secret, At: noon, Name: "Petra Klein",
			Event: event(account.EventDelegationNamed)}))
		must(t, s.UseDelegation(ctx, assessment.Use{Secret: d.Secret, At: noon.Add(time.Minute),
			Since: noon.Add(-time.Hour), Event: event(account.EventDelegationOpened)}))
		must(t, s.UseDelegation(ctx, assessment.Use{Secret: d.Secret, At: later, Done: true,
			Event: event(account.EventDelegationDone)}))
		d.Name, d.LastUse, d.Uses, d.Done = "Petra Klein", later, 2, later
		list, err := s.Delegations(ctx, id)
		must(t, err)
		if len(list) != 1 {
			t.Fatalf("%d delegations", len(list))
		}
		same(list[0], d)
		events, err := s.EventsOfTown(ctx, town(0).AGS, 0, 10)
		must(t, err)
		var kinds []account.EventKind
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		// The opening a minute after the last use leaves no line.
		want := []account.EventKind{account.EventDelegationDone, account.EventDelegationNamed, account.EventDelegated}
		if len(kinds) < 3 || !slices.Equal(kinds[:3], want) {
			t.Errorf("events %v, want %v first", kinds, want)
		}
		_, unknown := account.NewToken()
		_, err = s.DelegationByHash(ctx, unknown)
		wantFault(t, err, fault.NotFound, "")
		wantFault(t, s.UseDelegation(ctx, assessment.Use{Secret: unknown, At: noon}), fault.NotFound, "")
		wantFault(t, s.RevokeDelegation(ctx, id+1, d.ID, noon, account.Event{}), fault.NotFound, "")
		wantFault(t, s.RenewDelegation(ctx, id+1, d.ID, unknown, noon, noon, account.Event{}), fault.NotFound, "")
	})
}

func TestReminderReplacesTheLink(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		id := assessmentOf(t, s, openRound(t, s, 1), 0)
		d := delegate(t, s, id)
		secrets := []account.Hash{d.Secret}
		for range 2 {
			_, next := account.NewToken()
			must(t, s.RenewDelegation(ctx, id, d.ID, next, noon, noon.Add(time.Hour),
				event(account.EventDelegationReminded)))
			secrets = append(secrets, next)
		}
		for i, secret := range secrets {
			got, err := s.DelegationByHash(ctx, secret)
			must(t, err)
			if got.ID != d.ID || got.Replaced != (i < 2) || got.Reminders != 2 ||
				!got.Expires.Equal(noon.Add(time.Hour)) {
				t.Errorf("link %d: %+v", i, got)
			}
			_, err = s.Save(ctx, id, noon, &secret, write(id, "q", "ja", 0))
			if i < 2 {
				wantFault(t, err, fault.Conflict, "delegation_replaced")
			} else {
				must(t, err)
			}
		}
	})
}

func TestClosedLinksSaveNothing(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		r := openRound(t, s, 2)
		id, other := assessmentOf(t, s, r, 0), assessmentOf(t, s, r, 1)
		save := func(d assessment.Delegation, id assessment.ID, at time.Time) error {
			_, err := s.Save(ctx, id, at, &d.Secret, write(id, "q", "ja", 0), write(id, "r", "ja", 0))
			return err
		}
		expired := delegate(t, s, id)
		_, short := account.NewToken()
		must(t, s.RenewDelegation(ctx, id, expired.ID, short, noon, noon.Add(time.Minute), account.Event{}))
		expired.Secret = short
		wantFault(t, save(expired, id, noon.Add(time.Minute)), fault.Conflict, "delegation_expired")
		wantFault(t, save(expired, id, noon.AddDate(0, 0, 25)), fault.Conflict, "round_closed")
		revoked := delegate(t, s, id)
		must(t, s.RevokeDelegation(ctx, id, revoked.ID, noon, event(account.EventDelegationRevoked)))
		wantFault(t, save(revoked, id, noon), fault.Conflict, "delegation_revoked")
		wantFault(t, s.UseDelegation(ctx, assessment.Use{Secret: revoked.Secret, At: noon, Done: true}),
			fault.Conflict, "delegation_revoked")
		wantFault(t, s.RevokeDelegation(ctx, id, revoked.ID, noon, account.Event{}), fault.NotFound, "")
		if entries := checkHistory(t, s, id); len(entries) != 0 {
			t.Errorf("stored %+v", entries)
		}
		foreign := delegate(t, s, id)
		wantFault(t, save(foreign, other, noon), fault.NotFound, "delegation_unknown")
		must(t, save(foreign, id, noon))
		if entries := checkHistory(t, s, id); len(entries) != 2 {
			t.Errorf("stored %+v", entries)
		}
		h, err := s.Head(ctx, id)
		must(t, err)
		must(t, s.Submit(ctx, handover(id, h.Change, "x")))
		wantFault(t, save(foreign, id, noon), fault.Conflict, "assessment_locked")
	})
}

func TestDelegationsAreBounded(t *testing.T) {
	const most = 5
	onEach(t, func(t *testing.T, s *store.Store) {
		r := openRound(t, s, 2)
		id := assessmentOf(t, s, r, 0)
		create := func(expires time.Time) error {
			_, secret := account.NewToken()
			d := assessment.Delegation{Assessment: id, Questions: []checklist.QuestionID{"q"}, For: "x", Created: noon,
				Expires: expires}
			_, err := s.CreateDelegation(t.Context(), d, secret, most, account.Event{})
			return err
		}
		must(t, create(noon)) // expired: does not count
		made := 0
		for _, err := range together(20, func(int) error { return create(noon.Add(time.Hour)) }) {
			if err == nil {
				made++
				continue
			}
			wantFault(t, err, fault.Conflict, "delegation_many")
		}
		if made != most {
			t.Errorf("%d delegations, want %d", made, most)
		}
	})
}

// TestRevocationAgainstAnswers: once a revocation or a reminder is acknowledged, nothing more is written by the link.
func TestRevocationAgainstAnswers(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		id, total := assessmentOf(t, s, openRound(t, s, 1), 0), 0
		for name, end := range map[string]func(d assessment.Delegation) error{
			"revoke": func(d assessment.Delegation) error {
				return s.RevokeDelegation(ctx, id, d.ID, noon, account.Event{})
			},
			"renew": func(d assessment.Delegation) error {
				_, next := account.NewToken()
				return s.RenewDelegation(ctx, id, d.ID, next, noon, d.Expires, account.Event{})
			},
		} {
			for try := range 5 {
				d := delegate(t, s, id)
				var ended atomic.Bool
				var saved, late, refused atomic.Int64
				errs := together(9, func(i int) error {
					if i == 0 {
						defer ended.Store(true)
						return end(d)
					}
					for n := range 20 {
						q := checklist.QuestionID(fmt.Sprintf("%s-%d-%d-%d", name, try, i, n))
						began := ended.Load()
						_, err := s.Save(ctx, id, noon, &d.Secret, write(id, q, "ja", 0))
						switch f := fault.As(err); {
						case err == nil && began:
							late.Add(1)
						case err == nil:
							saved.Add(1)
						case f != nil && f.Kind == fault.Conflict &&
							(f.Code == "delegation_revoked" || f.Code == "delegation_replaced"):
							refused.Add(1)
						default:
							return err
						}
					}
					return nil
				})
				for _, err := range errs {
					must(t, err)
				}
				if late.Load() > 0 || saved.Load()+refused.Load() != 160 {
					t.Fatalf("%s: %d answers came after it, %d before, %d refused", name, late.Load(), saved.Load(),
						refused.Load())
				}
				_, err := s.Save(ctx, id, noon, &d.Secret, write(id, "late", "ja", 0))
				wantFault(t, err, fault.Conflict, "")
				entries, err := s.Entries(ctx, id)
				must(t, err)
				if total += int(saved.Load()); len(entries) != total {
					t.Fatalf("%d answers are stored, %d were acknowledged", len(entries), total)
				}
			}
		}
	})
}
