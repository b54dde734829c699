package store

import (
	"context"
	"math"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/region"
)

// Log implements account.Store.
func (s *Store) Log(ctx context.Context, e account.Event) error {
	return s.write(ctx, "log event", func(tx *gorm.DB) error { return s.note(tx, e) })
}

// note writes a line of the audit log in the transaction of what it tells of. An event
// without a kind is none.
func (s *Store) note(tx *gorm.DB, e account.Event) error {
	if e.Kind == "" {
		return nil
	}
	_, err := s.exec(tx, `INSERT INTO events (at, actor, name, kind, town, region, subject, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(stampOf(e.At)), e.Actor, e.Name, e.Kind, e.Town, e.Region, e.Subject, e.Detail)
	return err
}

const eventColumns = `id, at, actor, name, kind, town, region, subject, detail`

// EventsOfTown implements account.Store.
func (s *Store) EventsOfTown(ctx context.Context, town region.AGS, before int64, limit int) ([]account.Event, error) {
	return s.events(ctx, `SELECT `+eventColumns+` FROM events WHERE town = ? AND id < ? ORDER BY id DESC LIMIT ?`, string(town), before, limit)
}

// EventsOfRegion implements account.Store.
func (s *Store) EventsOfRegion(ctx context.Context, id region.ID, before int64, limit int) ([]account.Event, error) {
	return s.events(ctx, `SELECT `+eventColumns+` FROM events WHERE region = ? AND id < ? ORDER BY id DESC LIMIT ?`, string(id), before, limit)
}

func (s *Store) events(ctx context.Context, query, owner string, before int64, limit int) ([]account.Event, error) {
	if owner == "" {
		return nil, nil // events of nobody are for the operator
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	var list []account.Event
	err := s.each(ctx, func(row scanner) error {
		var r eventRow
		if err := row.Scan(&r.ID, &r.At, &r.Actor, &r.Name, &r.Kind, &r.Town, &r.Region, &r.Subject, &r.Detail); err != nil {
			return err
		}
		list = append(list, r.event())
		return nil
	}, query, owner, before, max(limit, 0))
	return list, translate("list events", err)
}
