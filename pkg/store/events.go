package store

import (
	"context"
	"math"
	"strings"

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
	if e.Notice && e.Town != "" {
		_, err := s.exec(tx, `INSERT INTO notices (at, town, kind, name, subject, detail) VALUES (?, ?, ?, ?, ?, ?)`,
			int64(stampOf(e.At)), e.Town, e.Kind, e.Name, e.Subject, e.Detail)
		if err != nil {
			return err
		}
	}
	_, err := s.exec(tx,
		`INSERT INTO events (at, actor, name, kind, town, region, subject, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		int64(stampOf(e.At)), e.Actor, e.Name, e.Kind, e.Town, e.Region, e.Subject, e.Detail)
	return err
}

const eventColumns = `id, at, actor, name, kind, town, region, subject, detail`

// EventsOfTown implements account.Store.
func (s *Store) EventsOfTown(ctx context.Context, town region.AGS, before int64, limit int) ([]account.Event, error) {
	return s.events(ctx, `town = ?`, []any{string(town)}, before, limit)
}

// EventsOfRegion implements account.Store.
func (s *Store) EventsOfRegion(ctx context.Context, id region.ID, ofTowns []account.EventKind, before int64,
	limit int) ([]account.Event, error) {
	condition, args := ofRegion(id, ofTowns)
	return s.events(ctx, condition, args, before, limit)
}

// NewestOfTown implements account.Store.
func (s *Store) NewestOfTown(ctx context.Context, town region.AGS, in account.Span, limit int) ([]account.Event,
	error) {
	return s.newest(ctx, `town = ?`, []any{string(town)}, in, limit)
}

// NewestOfRegion implements account.Store.
func (s *Store) NewestOfRegion(ctx context.Context, id region.ID, ofTowns []account.EventKind, in account.Span,
	limit int) ([]account.Event, error) {
	condition, args := ofRegion(id, ofTowns)
	if in != (account.Span{}) {
		// by the index of time: what is newer is not walked through
		condition = strings.Replace(condition, `region = ?`, `region || '' = ?`, 1)
	}
	return s.newest(ctx, condition, args, in, limit)
}

// ofRegion selects a region's events; of those that belong to a town too, some kinds alone.
func ofRegion(id region.ID, ofTowns []account.EventKind) (condition string, args []any) {
	args = []any{string(id)}
	for _, kind := range ofTowns {
		args = append(args, string(kind))
	}
	return `region = ? AND (town = '' OR kind IN (''` + strings.Repeat(`, ?`, len(ofTowns)) + `))`, args
}

// newest reads the events of a span that a condition selects.
func (s *Store) newest(ctx context.Context, condition string, args []any, in account.Span, limit int) ([]account.Event,
	error) {
	order := `id DESC`
	if in != (account.Span{}) {
		order = `at DESC, id DESC`
	}
	if !in.From.IsZero() {
		condition, args = condition+` AND at >= ?`, append(args, int64(stampOf(in.From)))
	}
	if !in.Until.IsZero() {
		condition, args = condition+` AND at < ?`, append(args, int64(stampOf(in.Until)))
	}
	return s.eventsBy(ctx, condition+` ORDER BY `+order+` LIMIT ?`, append(args, max(limit, 0)))
}

// events reads those that a condition selects, before an id; the first of its arguments is whose they are.
func (s *Store) events(ctx context.Context, condition string, args []any, before int64, limit int) ([]account.Event,
	error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	return s.eventsBy(ctx, condition+` AND id < ? ORDER BY id DESC LIMIT ?`, append(args, before, max(limit, 0)))
}

func (s *Store) eventsBy(ctx context.Context, condition string, args []any) ([]account.Event, error) {
	if args[0] == "" {
		return nil, nil // events of nobody are for the operator
	}
	var list []account.Event
	var r eventRow // each row fills all of it
	fields := []any{&r.ID, &r.At, &r.Actor, &r.Name, &r.Kind, &r.Town, &r.Region, &r.Subject, &r.Detail}
	err := s.each(ctx, func(row scanner) error {
		if err := row.Scan(fields...); err != nil {
			return err
		}
		list = append(list, r.event())
		return nil
	}, `SELECT `+eventColumns+` FROM events WHERE `+condition, args...)
	return list, translate("list events", err)
}

// Led implements account.Store.
func (s *Store) Led(ctx context.Context, town region.AGS) (bool, error) {
	var n int
	err := s.row(ctx, `SELECT count(*) FROM users WHERE town = ? AND role = ? AND disabled = ?`, town,
		account.TownLead, false).Scan(&n)
	return n > 0, translate("look for a lead", err)
}

// Entered implements account.Store.
func (s *Store) Entered(ctx context.Context, town region.AGS) (bool, error) {
	var n int
	err := s.row(ctx, entered, town, 0).Scan(&n)
	return n > 0, translate("look for people", err)
}

// entered counts who of a town, but for one, has accepted an invitation.
const entered = `SELECT count(*) FROM users WHERE town = ? AND id <> ? AND (password_hash <> '' OR last_sign_in IS NOT NULL)`

// unled refuses with ErrLed what an event allows only in a town that nobody but the user leads, and
// with ErrEntered what it allows only where nobody but the user was ever let in. It locks the town:
// two agencies that appoint its first lead at the same time are one after the other.
func (s *Store) unled(tx *gorm.DB, id account.UserID, e account.Event) error {
	if !e.Unled && !e.First {
		return nil
	}
	if err := oneRow(s.exec(tx, `UPDATE municipalities SET name = name WHERE ags = ?`, e.Town)); err != nil {
		return err
	}
	var n int
	err := s.rowIn(tx, `SELECT count(*) FROM users WHERE town = ? AND role = ? AND disabled = ? AND id <> ?`, e.Town,
		account.TownLead, false, id).Scan(&n)
	if err == nil && n > 0 {
		err = account.ErrLed
	}
	if err != nil || !e.First {
		return err
	}
	if err = s.rowIn(tx, entered, e.Town, id).Scan(&n); err == nil && n > 0 {
		err = account.ErrEntered
	}
	return err
}

// mostNotices are shown at once.
const mostNotices = 20

// Notices implements account.Store.
func (s *Store) Notices(ctx context.Context, u account.User) ([]account.Notice, error) {
	var list []account.Notice
	err := s.each(ctx, func(row scanner) error {
		var n account.Notice
		var at stamp
		if err := row.Scan(&n.ID, &at, &n.Kind, &n.By, &n.Subject, &n.Detail); err != nil {
			return err
		}
		n.At = at.time()
		list = append(list, n)
		return nil
	}, `SELECT n.id, n.at, n.kind, n.name, n.subject, n.detail FROM notices n WHERE n.town = ? AND n.at > ?
		AND NOT EXISTS (SELECT 1 FROM notices_seen s WHERE s.notice_id = n.id AND s.user_id = ?) ORDER BY n.id LIMIT ?`,
		u.Town, int64(stampOf(u.Created)), u.ID, mostNotices)
	return list, translate("list notices", err)
}

// SeeNotices implements account.Store.
func (s *Store) SeeNotices(ctx context.Context, u account.User, until int64) error {
	return s.write(ctx, "see notices", func(tx *gorm.DB) error {
		_, err := s.exec(tx, `INSERT INTO notices_seen (notice_id, user_id) SELECT n.id, CAST(? AS BIGINT) FROM notices n
			WHERE n.town = ? AND n.at > ? AND n.id <= ? ON CONFLICT DO NOTHING`, u.ID, u.Town, int64(stampOf(u.Created)), until)
		return err
	})
}
