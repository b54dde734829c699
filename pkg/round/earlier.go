package round

import (
	"context"

	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// otherRounds returns the other rounds of a round's region and checklist whose releases towns have
// seen, the oldest first: what is published must not tell, together with them, what one town said.
func (s *Service) otherRounds(ctx context.Context, r Round) ([]disclosure.OtherRound, error) {
	all, err := s.store.RoundsOfRegion(ctx, r.Region)
	if err != nil {
		return nil, err
	}
	var list []disclosure.OtherRound
	ids := []ID{r.ID}
	for i := len(all) - 1; i >= 0; i-- {
		o := all[i]
		if o.ID == r.ID || o.Checklist.ID != r.Checklist.ID || o.Status != Published {
			continue
		}
		e, err := s.released(ctx, o)
		if err != nil {
			return nil, err
		}
		e.Later = ByOpening(o, r) > 0
		from, to := o, r
		if e.Later {
			from, to = r, o
		}
		e.Path, err = s.versions.Path(ctx, from.Hash, to.Hash)
		if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Invalid) {
			return nil, err
		}
		if e.Path != nil {
			ids = append(ids, o.ID)
		}
		list = append(list, e)
	}
	return list, s.compare(ctx, r, ids, list)
}

// released returns what a published round has shown and what it holds.
func (s *Service) released(ctx context.Context, r Round) (disclosure.OtherRound, error) {
	e := disclosure.OtherRound{Round: int64(r.ID), Shifts: map[region.AGS]shift.Shift{},
		Unchanged: map[region.AGS]shift.Unchanged{}}
	stored, err := s.store.Releases(ctx, r.ID)
	if err != nil {
		return e, err
	}
	if e.Releases, err = releasesOf(stored); err != nil {
		return e, err
	}
	e.Records, err = s.Records(ctx, r)
	return e, err
}

func releasesOf(stored []StoredRelease) ([]disclosure.Release, error) {
	list := make([]disclosure.Release, len(stored))
	for i, st := range stored {
		release, err := disclosure.UnmarshalRelease(st.Data)
		if err != nil {
			return nil, err
		}
		list[i] = *release
	}
	return list, nil
}

// compared is one town of a round beside the one that is published.
type compared struct {
	at        int // in the list of rounds
	town      region.AGS
	shift     shift.Shift
	unchanged shift.Unchanged
}

// compare fills in the towns that submitted in a round and in the other one.
func (s *Service) compare(ctx context.Context, r Round, ids []ID, list []disclosure.OtherRound) error {
	ways := make([]*shift.Way, len(list)) // nil: there is none
	for i := range list {
		if list[i].Path != nil {
			ways[i] = shift.NewWay(list[i].Path)
		}
	}
	found := make([][]compared, Workers)
	err := EachTown(ctx, s.store, ids, func(worker int, town []Answered) {
		answers := map[ID]score.Answers{}
		for _, a := range town {
			answers[a.Round] = a.Answers
		}
		present, ok := answers[r.ID]
		for i := range list {
			other, both := answers[ID(list[i].Round)]
			if !ok || !both || ways[i] == nil {
				continue
			}
			before, after := other, present
			if list[i].Later {
				before, after = present, other
			}
			c := compared{at: i, town: town[0].Town}
			c.shift, c.unchanged = ways[i].Between(before, after)
			found[worker] = append(found[worker], c)
		}
	})
	for _, part := range found {
		for _, c := range part {
			list[c.at].Shifts[c.town], list[c.at].Unchanged[c.town] = c.shift, c.unchanged
		}
	}
	return err
}
