package store_test

import (
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/store"
)

func TestPeopleSessionsAndLinks(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		must(t, s.SaveRegion(ctx, region.Region{ID: suedwestfalen, Name: "Südwestfalen"}, towns(2), account.Event{}))
		lead := account.User{Email: "lead@example.org", Name: "Özdemir", Role: account.TownLead, Town: town(0).AGS,
			Language: "de", Created: noon}
		id, err := s.CreateUser(ctx, lead, event(account.EventInvited))
		must(t, err)
		lead.ID = id
		admin := account.User{Email: "admin@example.org", Name: "Zander", Role: account.AgencyAdmin,
			Region: suedwestfalen, Created: noon}
		_, err = s.CreateUser(ctx, admin, account.Event{})
		must(t, err)

		_, err = s.CreateUser(ctx, lead, account.Event{})
		wantFault(t, err, fault.Conflict, "email_taken")
		_, err = s.CreateUser(ctx, account.User{Email: "x@example.org", Role: account.TownLead, Town: "99999999",
			Created: noon}, account.Event{})
		wantFault(t, err, fault.Invalid, "invalid")
		_, err = s.User(ctx, 4711)
		wantFault(t, err, fault.NotFound, "")
		_, err = s.UserByEmail(ctx, "nobody@example.org")
		wantFault(t, err, fault.NotFound, "")
		if got, err := s.UserByEmail(ctx, "lead@example.org"); err != nil || got != lead {
			t.Errorf("user %+v (%v), want %+v", got, err, lead)
		}
		people, err := s.PeopleOfRegion(ctx, suedwestfalen)
		must(t, err)
		if len(people) != 2 || people[0].Name != "Özdemir" {
			t.Errorf("people of the region: %+v", people)
		}
		if people, err := s.PeopleOfTown(ctx, town(1).AGS); err != nil || len(people) != 0 {
			t.Errorf("people of an empty town: %+v %v", people, err)
		}

		session, err := s.CreateSession(ctx, account.Session{User: id, Created: noon, Seen: noon, Agent: "Edge",
			Network: "192.0.2."}, account.Hash{1}, "", event(account.EventSignIn))
		must(t, err)
		second, err := s.CreateSession(ctx, account.Session{User: id, Created: noon.Add(time.Second), Seen: noon},
			account.Hash{2}, "", account.Event{})
		must(t, err)
		must(t, s.TouchSession(ctx, session, noon.Add(time.Minute)))
		n, u, err := s.SessionByHash(ctx, account.Hash{1})
		must(t, err)
		if n.ID != session || !n.Seen.Equal(noon.Add(time.Minute)) || n.Agent != "Edge" || u.Email != lead.Email ||
			!u.LastSignIn.Equal(noon.Add(time.Second)) {
			t.Errorf("session %+v of %+v", n, u)
		}
		list, err := s.Sessions(ctx, id)
		must(t, err)
		if len(list) != 2 || list[0].ID != second {
			t.Errorf("sessions %+v", list)
		}
		wantFault(t, s.EndSession(ctx, id+1, session, account.Event{}), fault.NotFound, "")

		link, err := s.CreateLink(ctx, account.Link{Kind: account.LinkSignIn, User: id, Created: noon,
			Expires: noon.Add(time.Hour), By: id}, account.Hash{3}, account.Event{})
		must(t, err)
		_, err = s.CreateLink(ctx, account.Link{Kind: account.LinkReset, User: id, Created: noon,
			Expires: noon.Add(time.Hour)}, account.Hash{4}, account.Event{})
		must(t, err)
		use := func(link account.LinkID, after time.Duration, secret byte) account.LinkUse {
			return account.LinkUse{ID: link, User: id, Session: account.Session{User: id, Created: noon.Add(after),
				Seen: noon.Add(after)}, Secret: account.Hash{secret}}
		}
		wantFault(t, s.UseLink(ctx, use(link, 2*time.Hour, 5)), fault.NotFound, "")
		must(t, s.UseLink(ctx, use(link, time.Minute, 6)))
		wantFault(t, s.UseLink(ctx, use(link, time.Minute, 7)), fault.NotFound, "")
		if l, _, err := s.LinkByHash(ctx, account.Hash{3}); err != nil || !l.Used.Equal(noon.Add(time.Minute)) ||
			l.Kind != account.LinkSignIn {
			t.Errorf("link %+v %v", l, err)
		}

		must(t, s.SetProfile(ctx, id, "Neu", "02931 805-0", "en"))
		wantFault(t, s.SetPassword(ctx, id, "another", "phc", second, account.Event{}), fault.Conflict,
			"person_changed")
		must(t, s.SetPassword(ctx, id, "", "phc", second, event(account.EventPassword)))
		_, _, err = s.LinkByHash(ctx, account.Hash{4})
		wantFault(t, err, fault.NotFound, "") // unused, so that it went
		if list, err := s.Sessions(ctx, id); err != nil || len(list) != 1 || list[0].ID != second {
			t.Errorf("sessions after a new password: %+v %v", list, err)
		}
		wantFault(t, s.SetRole(ctx, id, account.TownViewer, account.TownEditor, account.Event{}), fault.Conflict,
			"person_changed")
		must(t, s.SetRole(ctx, id, account.TownLead, account.TownEditor, event(account.EventRole)))
		must(t, s.SetDisabled(ctx, id, true, event(account.EventDisabled)))
		if u, err := s.User(ctx, id); err != nil || u.Name != "Neu" || u.Language != "en" || !u.Disabled ||
			u.PasswordHash != "phc" || u.Role != account.TownEditor {
			t.Errorf("updated %+v %v", u, err)
		}
		if list, err := s.Sessions(ctx, id); err != nil || len(list) != 0 {
			t.Errorf("sessions of somebody disabled: %+v %v", list, err)
		}
		wantFault(t, s.SetProfile(ctx, 4711, "Neu", "", ""), fault.NotFound, "")
		wantFault(t, s.SetDisabled(ctx, 4711, true, account.Event{}), fault.NotFound, "")
		wantFault(t, s.SetRole(ctx, 4711, account.TownLead, account.TownViewer, account.Event{}), fault.NotFound, "")
		wantFault(t, s.SetPassword(ctx, 4711, "", "phc", 0, account.Event{}), fault.NotFound, "")
	})
}

func TestEventsBelongToTownOrRegion(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		for i := range 5 {
			e := event(account.EventExported)
			e.Subject = string(rune('a' + i))
			if i == 4 {
				e.Region = "" // only the town's
			}
			must(t, s.Log(ctx, e))
		}
		must(t, s.Log(ctx, account.Event{At: noon, Kind: account.EventSignInFailed}))
		all, err := s.EventsOfTown(ctx, town(0).AGS, 0, 10)
		must(t, err)
		if len(all) != 5 || all[0].Subject != "e" || !all[0].At.Equal(noon) || all[0].Kind != account.EventExported {
			t.Fatalf("events of the town: %+v", all)
		}
		page, err := s.EventsOfRegion(ctx, suedwestfalen, []account.EventKind{account.EventExported}, all[2].ID, 2)
		must(t, err)
		if len(page) != 2 || page[0].Subject != "b" || page[1].Subject != "a" {
			t.Errorf("second page of the region: %+v", page)
		}
		if list, err := s.EventsOfRegion(ctx, suedwestfalen, []account.EventKind{account.EventRole}, 0,
			10); err != nil || len(list) != 0 {
			t.Errorf("a kind that is the town's alone is read by the region: %+v %v", list, err)
		}
		spans := map[string]account.Span{"until": {Until: noon.Add(time.Second)}, "": {Until: noon},
			"both": {From: noon, Until: noon.Add(time.Second)}, "open": {}}
		for want, in := range spans {
			n := 4
			if want == "" {
				n = 0
			}
			list, err := s.NewestOfRegion(ctx, suedwestfalen, []account.EventKind{account.EventExported}, in, 10)
			if err != nil || len(list) != n {
				t.Errorf("%+v: %d events of the region, not %d: %v", in, len(list), n, err)
			}
			if list, err := s.NewestOfRegion(ctx, suedwestfalen, nil, in, 10); err != nil || len(list) != 0 {
				t.Errorf("%+v: kinds that are the town's alone: %+v %v", in, list, err)
			}
			if list, err := s.NewestOfTown(ctx, town(0).AGS, in, 2); err != nil || len(list) != min(n, 2) ||
				n > 0 && list[0].Subject != "e" {
				t.Errorf("%+v: the town's newest: %+v %v", in, list, err)
			}
		}
		for _, none := range []func() ([]account.Event, error){
			func() ([]account.Event, error) { return s.EventsOfTown(ctx, "", 0, 10) },
			func() ([]account.Event, error) { return s.EventsOfRegion(ctx, "", nil, 0, 10) },
		} {
			if list, err := none(); err != nil || len(list) != 0 {
				t.Errorf("events of nobody: %+v %v", list, err)
			}
		}
	})
}

func TestRegions(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		r := region.Region{ID: suedwestfalen, Name: "Südwestfalen", Agency: "Agentur", Source: "Quelle"}
		must(t, s.SaveRegion(ctx, r, towns(1200), event(account.EventTownsChanged)))
		other := town(3)
		other.Population, other.Name, other.Lat = 4711, "Umbenannt", -1.0/3
		must(t, s.SaveRegion(ctx, region.Region{ID: "andere", Name: "Andere"}, []region.Municipality{other},
			account.Event{}))
		r.Agency = ""
		must(t, s.SaveRegion(ctx, r, nil, account.Event{}))
		if got, err := s.Region(ctx, suedwestfalen); err != nil || got != r {
			t.Errorf("region %+v %v", got, err)
		}
		if list, err := s.Regions(ctx); err != nil || len(list) != 2 || list[0].ID != "andere" {
			t.Errorf("regions %+v %v", list, err)
		}
		list, err := s.Towns(ctx, suedwestfalen)
		must(t, err)
		if len(list) != 1200 || list[0] != town(0) || list[3] != other {
			t.Errorf("%d towns, the fourth %+v", len(list), list[3])
		}
		if ids, err := s.RegionsOf(ctx, other.AGS); err != nil || len(ids) != 2 || ids[0] != "andere" {
			t.Errorf("regions of a town: %v %v", ids, err)
		}
		found, err := s.TownsByAGS(ctx, []region.AGS{town(0).AGS, `"]`, "99999999"})
		must(t, err)
		if len(found) != 1 || found[town(0).AGS] != town(0) {
			t.Errorf("found %+v", found)
		}
		must(t, s.RemoveTown(ctx, suedwestfalen, other.AGS, event(account.EventTownsChanged)))
		wantFault(t, s.RemoveTown(ctx, suedwestfalen, other.AGS, account.Event{}), fault.NotFound, "")
		if _, err := s.Town(ctx, other.AGS); err != nil {
			t.Errorf("the municipality itself is gone: %v", err)
		}
		_, err = s.Outlines(ctx, suedwestfalen)
		wantFault(t, err, fault.NotFound, "")
		if got, has, err := s.OutlinesUpTo(ctx, suedwestfalen, 9); has || got != nil || err != nil {
			t.Errorf("outlines before there were any: %v %v", has, err)
		}
		must(t, s.SaveOutlines(ctx, suedwestfalen, []byte("{}"), account.Event{}))
		if got, has, err := s.OutlinesUpTo(ctx, suedwestfalen, 2); !has || string(got) != "{}" || err != nil {
			t.Errorf("outlines %q: %v %v", got, has, err)
		}
		if got, has, err := s.OutlinesUpTo(ctx, suedwestfalen, 1); !has || got != nil || err != nil {
			t.Errorf("outlines that are too large: %q, %v %v", got, has, err)
		}
		must(t, s.SaveOutlines(ctx, suedwestfalen, []byte("[]"), account.Event{}))
		if got, err := s.Outlines(ctx, suedwestfalen); err != nil || string(got) != "[]" {
			t.Errorf("outlines %q %v", got, err)
		}
		wantFault(t, s.SaveOutlines(ctx, "nirgends", []byte("{}"), account.Event{}), fault.NotFound, "")
		_, err = s.Region(ctx, "nirgends")
		wantFault(t, err, fault.NotFound, "")
		_, err = s.Town(ctx, "99999999")
		wantFault(t, err, fault.NotFound, "")
	})
}
