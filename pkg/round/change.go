package round

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// Change is what an agency says about a round that is there already. What may be changed depends on how far the
// round has got: everything while it is planned, title, last day and towns while it is open, and afterwards the title.
type Change struct {
	Seen   int64        // Round.Revision as it was shown
	Title  string       // always
	Opens  time.Time    // zero: as it is
	Closes time.Time    // the moment after the last day; zero: as it is
	Towns  []region.AGS // nil: as they are
	Reason string       // what towns read that are taken out of an open round
}

// Effect is what a change does.
type Effect struct {
	Before, After Round
	Added         []region.Municipality
	Back          []RemovedTown // were taken out before: their answers are still there
	Removed       []Participant
}

// Nothing reports whether the change changes nothing.
func (e *Effect) Nothing() bool {
	return e.Before.Title == e.After.Title && e.Before.Opens.Equal(e.After.Opens) &&
		e.Before.Closes.Equal(e.After.Closes) &&
		len(e.Added)+len(e.Back)+len(e.Removed) == 0
}

// Takes reports whether a round in a state takes a change of its window's end and its towns.
func (s Status) Takes() bool { return s == Planned || s == Open }

// Effect says what a change would do, and stores nothing. Errors are Invalid with the fields title, opens, closes and
// towns, and Conflict "round_changed" if the round is no longer the one that was shown.
func (s *Service) Effect(ctx context.Context, a account.Actor, id ID, in Change) (Effect, error) {
	r, err := s.Round(ctx, a, account.ManageRound, id)
	if err != nil {
		return Effect{}, err
	}
	e := Effect{Before: r, After: r}
	if r.Revision != in.Seen {
		return e, ErrChanged
	}
	wrong := s.days(&e, in)
	var ok bool
	if e.After.Title, ok = CleanTitle(in.Title); !ok {
		wrong = append(wrong, wrongTitle)
	}
	if in.Towns != nil {
		field, err := s.townsOf(ctx, &e, in.Towns)
		if err != nil {
			return e, err
		}
		wrong = append(wrong, field...)
	}
	return e, fault.Fields(wrong)
}

// days takes over the window. A last day that passed is not made anew: closing is a step of its own.
func (s *Service) days(e *Effect, in Change) []fault.Field {
	if !in.Opens.IsZero() && !in.Opens.Equal(e.Before.Opens) {
		if e.Before.Status != Planned {
			return []fault.Field{{Name: "opens", Code: "round_begun",
				Message: "the first day cannot be changed once the round has opened"}}
		}
		e.After.Opens = in.Opens.UTC()
	}
	if !in.Closes.IsZero() && !in.Closes.Equal(e.Before.Closes) {
		switch {
		case !e.Before.Status.Takes():
			return []fault.Field{{Name: "closes", Code: "round_over",
				Message: "the last day can be changed once the round is open again"}}
		case e.Before.Status == Open && !in.Closes.After(s.now()):
			return []fault.Field{{Name: "closes", Code: "round_past", Message: "the last day cannot lie in the past"}}
		}
		e.After.Closes = in.Closes.UTC()
	}
	return windowFaults(e.After.Opens, e.After.Closes)
}

// townsOf compares the towns with those of the round, and gives the new ones their place in its groups.
func (s *Service) townsOf(ctx context.Context, e *Effect, towns []region.AGS) ([]fault.Field, error) {
	own, err := s.towns.Towns(ctx, e.Before.Region)
	if err != nil {
		return nil, err
	}
	now, err := s.store.Participants(ctx, e.Before.ID)
	if err != nil {
		return nil, err
	}
	var gone []RemovedTown
	if e.Before.Status != Planned {
		if gone, err = s.store.Removed(ctx, e.Before.ID); err != nil {
			return nil, err
		}
	}
	known := map[region.AGS]region.Municipality{}
	for _, m := range own {
		known[m.AGS] = m
	}
	for _, p := range now { // a town that has left the region meanwhile can stay
		known[p.Town.AGS] = p.Town
	}
	wanted := map[region.AGS]bool{}
	for _, ags := range towns {
		if _, ok := known[ags]; !ok {
			return []fault.Field{wrongTowns}, nil
		}
		wanted[ags] = true
	}
	if len(wanted) == 0 {
		return []fault.Field{wrongTowns}, nil
	}
	var members []region.Member
	for _, p := range now {
		if !wanted[p.Town.AGS] {
			e.Removed = append(e.Removed, p)
		} else {
			members = append(members, region.Member{AGS: p.Town.AGS, Population: p.Population})
		}
		delete(wanted, p.Town.AGS)
	}
	for _, t := range gone {
		if wanted[t.Town.AGS] {
			e.Back = append(e.Back, t)
			members = append(members, region.Member{AGS: t.Town.AGS, Population: t.Population})
		}
		delete(wanted, t.Town.AGS)
	}
	for _, m := range own {
		if wanted[m.AGS] {
			e.Added = append(e.Added, m)
			members = append(members, region.Member{AGS: m.AGS, Population: m.Population})
		}
	}
	changed := len(e.Added)+len(e.Back)+len(e.Removed) > 0
	if changed && !e.Before.Status.Takes() {
		return []fault.Field{{Name: "towns", Code: "round_over_towns",
			Message: "towns can be changed once the round is open again"}}, nil
	}
	if changed && e.Before.Status == Open {
		e.After.Groups = region.Groups(members)
	}
	return nil, nil
}

// Change changes a round; see Effect for what it refuses. Taking towns out of an open round needs a reason of at
// least 10 characters (field reason), which those towns read. No answer is deleted.
func (s *Service) Change(ctx context.Context, a account.Actor, id ID, in Change) (Effect, error) {
	e, err := s.Effect(ctx, a, id, in)
	if err != nil || e.Nothing() {
		return e, err
	}
	reason := strings.Join(strings.Fields(in.Reason), " ")
	if e.Before.Status == Open && len(e.Removed) > 0 {
		if n := utf8.RuneCountInString(reason); n < checklist.MinReason || n > checklist.MaxReason ||
			!utf8.ValidString(reason) {
			return e, fault.Fields([]fault.Field{{Name: "reason", Code: "reason_short",
				Message: "a reason of at least 10 characters is needed",
				Args:    map[string]any{"Min": checklist.MinReason}}})
		}
	} else {
		reason = ""
	}
	c := StoredChange{Seen: in.Seen, Reason: reason, At: s.now().UTC(), Events: s.told(a, &e, reason)}
	for _, m := range e.Added {
		c.Added = append(c.Added, m.AGS)
	}
	for _, t := range e.Back {
		c.Back = append(c.Back, t.Town.AGS)
	}
	for _, p := range e.Removed {
		c.Removed = append(c.Removed, p.Town.AGS)
	}
	return e, s.store.ChangeRound(ctx, e.After, c)
}

// told is what the log says: to the agency what changed, to each town of an open round that it came or went.
func (s *Service) told(a account.Actor, e *Effect, reason string) []account.Event {
	var lines []string
	day := func(name string, was, is time.Time) {
		if !was.Equal(is) {
			lines = append(lines, name+" "+was.Format(time.RFC3339)+" → "+is.Format(time.RFC3339))
		}
	}
	day("opens", e.Before.Opens, e.After.Opens)
	day("closes", e.Before.Closes, e.After.Closes)
	names := func(what string, list []string) {
		if len(list) > 0 {
			lines = append(lines, what+" "+someOf(list))
		}
	}
	var came, went []region.Municipality
	came = append(came, e.Added...)
	for _, t := range e.Back {
		came = append(came, t.Town)
	}
	for _, p := range e.Removed {
		went = append(went, p.Town)
	}
	names("added", namesOf(came))
	names("removed", namesOf(went))
	if reason != "" {
		lines = append(lines, "reason "+reason)
	}
	if e.Before.Title != e.After.Title {
		lines = append(lines, "title "+e.Before.Title+" → "+e.After.Title)
	}
	events := []account.Event{s.event(a, e.After, account.EventRoundChanged, strings.Join(lines, "\n"))}
	if e.Before.Status != Open {
		return events
	}
	tell := func(kind account.EventKind, list []region.Municipality, detail string) {
		for _, m := range list {
			own := s.event(a, e.After, kind, detail)
			own.Region, own.Town = "", m.AGS // the agency reads the line for all of them
			events = append(events, own)
		}
	}
	tell(account.EventTownAdded, came, "")
	tell(account.EventTownRemoved, went, reason)
	return events
}

func namesOf(list []region.Municipality) []string {
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = m.Name
	}
	return names
}

// mostNamed is how many towns a line of the log names.
const mostNamed = 20

func someOf(names []string) string {
	if len(names) <= mostNamed {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s (+%d)", strings.Join(names[:mostNamed], ", "), len(names)-mostNamed)
}

// Reopen opens a closed round again until its last day, or until another one that is given: the moment after it.
// A published round stays closed. Errors are Invalid with the field closes, and Conflict.
func (s *Service) Reopen(ctx context.Context, a account.Actor, id ID, closes time.Time) error {
	r, err := s.Round(ctx, a, account.ManageRound, id)
	if err != nil {
		return err
	}
	if closes.IsZero() {
		closes = r.Closes
	}
	if !closes.After(s.now()) {
		return fault.Fields([]fault.Field{{Name: "closes", Code: "round_past",
			Message: "the last day cannot lie in the past"}})
	}
	if wrong := windowFaults(r.Opens, closes); wrong != nil {
		return fault.Fields(wrong)
	}
	detail := ""
	if !closes.Equal(r.Closes) {
		detail = "closes " + r.Closes.Format(time.RFC3339) + " → " + closes.UTC().Format(time.RFC3339)
	}
	return s.store.ReopenRound(ctx, id, closes.UTC(), s.event(a, r, account.EventRoundReopened, detail))
}

// Delete removes a round that is planned, or in which nobody has entered or asked anything; any other is a Conflict.
func (s *Service) Delete(ctx context.Context, a account.Actor, id ID) error {
	r, err := s.Round(ctx, a, account.ManageRound, id)
	if err != nil {
		return err
	}
	return s.store.DeleteRound(ctx, id, s.event(a, r, account.EventRoundDeleted, r.Checklist.String()))
}

// Removed lists the towns that were taken out of a round after it had opened.
func (s *Service) Removed(ctx context.Context, r Round) ([]RemovedTown, error) {
	if r.Status == Planned {
		return nil, nil
	}
	return s.store.Removed(ctx, r.ID)
}

// Counts says how many towns have got how far, without reading each.
func (s *Service) Counts(ctx context.Context, r Round) (Counts, error) {
	return s.store.Counts(ctx, r.ID)
}

// WithoutLead lists the round's towns in which nobody can submit yet.
func (s *Service) WithoutLead(ctx context.Context, r Round) ([]region.Municipality, error) {
	return s.store.WithoutLead(ctx, r.ID)
}
