package round

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
)

// Create plans a round. Errors are Invalid with the fields title, checklist, opens, closes, towns.
func (s *Service) Create(ctx context.Context, a account.Actor, in New) (ID, error) {
	if !account.Can(a, account.ManageRound, account.Object{Regions: []region.ID{a.Region}}) {
		return 0, ErrUnknown
	}
	return s.create(ctx, a, a.Region, in)
}

func (s *Service) create(ctx context.Context, a account.Actor, of region.ID, in New) (ID, error) {
	p, _, err := s.planned(ctx, a, of, in)
	if err != nil {
		return 0, err
	}
	return s.store.Create(ctx, p.Round, p.Pins, p.Towns, p.Before[0])
}

// planned checks a new round and returns what is stored of it, and the towns of its region.
func (s *Service) planned(ctx context.Context, a account.Actor, of region.ID, in New) (Intake, []region.Municipality,
	error) {
	var wrong []fault.Field
	var ok bool
	if in.Title, ok = CleanTitle(in.Title); !ok {
		wrong = append(wrong, wrongTitle)
	}
	d, pins, problem, err := s.chosen(ctx, in.Checklist)
	if err != nil {
		return Intake{}, nil, err
	}
	wrong = append(wrong, problem...)
	wrong = append(wrong, windowFaults(in.Opens, in.Closes)...)
	own, err := s.towns.Towns(ctx, of)
	if err != nil {
		return Intake{}, nil, err
	}
	towns, ok := participants(own, in.Towns)
	if !ok {
		wrong = append(wrong, wrongTowns)
	}
	if err := fault.Fields(wrong); err != nil {
		return Intake{}, nil, err
	}
	now := s.now().UTC()
	r := Round{Region: of, Title: in.Title, Checklist: d.Ref(), Hash: d.Hash, Opens: in.Opens.UTC(),
		Closes: in.Closes.UTC(), Status: Planned, Created: now}
	return Intake{Round: r, Pins: pins, Towns: towns,
		Before: []account.Event{s.event(a, r, account.EventRoundCreated, d.Ref().String())}}, own, nil
}

// chosen returns the checklist of a new round and what the round keeps; wrong says why it cannot be chosen.
func (s *Service) chosen(ctx context.Context, ref checklist.Ref) (d *checklist.Definition, pins []lineage.Pinned,
	wrong []fault.Field, err error) {
	d, pins, missing, err := s.versions.Pins(ctx, ref)
	if fault.Is(err, fault.NotFound) {
		return nil, nil, []fault.Field{{Name: "checklist", Code: "checklist_unknown",
			Message: "there is no such checklist"}}, nil
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if missing != "" {
		wrong = []fault.Field{{Name: "checklist", Code: "checklist_gap",
			Args: map[string]any{"Version": string(missing)},
			Message: fmt.Sprintf(
				"%s builds on version %s, whose file is gone and which no round keeps: no earlier answer would carry "+
					"over; put the file back", ref, missing)}}
	}
	return d, pins, wrong, nil
}

var (
	wrongTitle = fault.Field{Name: "title", Code: "title", Message: "a title of 3 to 120 characters is expected"}
	wrongTowns = fault.Field{Name: "towns", Code: "towns",
		Message: "at least one town of the region is expected, and none of another region"}
)

// windowFaults says what is wrong with a round's days. Of a day that is missing nothing else is said.
func windowFaults(opens, closes time.Time) []fault.Field {
	var wrong []fault.Field
	for _, day := range []struct {
		name string
		at   time.Time
	}{{"opens", opens}, {"closes", closes}} {
		if day.at.IsZero() {
			wrong = append(wrong, fault.Field{Name: day.name, Code: "round_day",
				Message: "a day such as 2026-12-31 is expected"})
		}
	}
	if wrong == nil && !closes.After(opens) {
		wrong = append(wrong, fault.Field{Name: "closes", Code: "closes",
			Message: "the end must lie after the beginning"})
	}
	return wrong
}

// CleanTitle returns a round's title as it is kept; ok is false if it has not 3 to 120 characters.
func CleanTitle(s string) (title string, ok bool) {
	s = plaintext.Line(s)
	return s, plaintext.Length(s) >= 3 && utf8.RuneCountInString(s) <= 120 && utf8.ValidString(s)
}

func participants(own []region.Municipality, chosen []region.AGS) ([]region.AGS, bool) {
	known := make(map[region.AGS]bool, len(own))
	for _, m := range own {
		known[m.AGS] = true
	}
	list := slices.Clone(chosen)
	slices.Sort(list)
	list = slices.Compact(list)
	for _, t := range list {
		if !known[t] {
			return nil, false
		}
	}
	return list, len(list) > 0
}
