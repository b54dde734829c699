package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
)

// The bounds of a run of housekeeping: a transaction is short, so that people who save do not wait
// for it, and what is left is for the next run.
const (
	tidyRows    = 500
	tidyBatches = 40 // of each kind
)

// Tidy implements account.Store.
func (s *Store) Tidy(ctx context.Context, due account.Due) (deleted int64, err error) {
	now, idle, begun, log := int64(stampOf(due.Now)), int64(stampOf(due.Idle)), int64(stampOf(due.Begun)),
		int64(stampOf(due.Log))
	work := []struct {
		query string
		args  []any
		on    bool
	}{
		{`DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE seen < ? OR created < ? LIMIT ?)`,
			[]any{idle, begun}, true},
		{`DELETE FROM links WHERE id IN (SELECT id FROM links WHERE used IS NOT NULL OR expires < ? LIMIT ?)`,
			[]any{now}, true},
		{`DELETE FROM devices WHERE hash IN (SELECT hash FROM devices WHERE seen < ? LIMIT ?)`,
			[]any{int64(stampOf(due.Device))}, !due.Device.IsZero()},
		{`DELETE FROM devices WHERE hash IN (SELECT hash FROM
			(SELECT hash, row_number() OVER (PARTITION BY user_id ORDER BY seen DESC, hash) AS place FROM devices) ranked
			WHERE place > ? LIMIT ?)`, []any{account.MostDevices}, true},
		{`DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < ? LIMIT ?)`, []any{log}, !due.Log.IsZero()},
		{`DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE at < ? LIMIT ?)`, []any{log},
			!due.Log.IsZero()},
		{
			`UPDATE delegations SET email = '' WHERE id IN (SELECT id FROM delegations WHERE email <> '' AND expires < ? LIMIT ?)`, []any{log}, !due.Log.IsZero(),
		},
	}
	for _, w := range work {
		if !w.on {
			continue
		}
		n, err := s.tidy(ctx, w.query, append(w.args, tidyRows)...)
		deleted += n
		if err != nil {
			return deleted, err
		}
	}
	return deleted, s.forgetLate(ctx, int64(stampOf(due.Renamed)))
}

// tidy repeats a statement until it finds less than a batch. Another node that does the same at the
// same time takes its share.
func (s *Store) tidy(ctx context.Context, query string, args ...any) (total int64, err error) {
	for range tidyBatches {
		var n int64
		err := s.write(ctx, "tidy up", func(tx *gorm.DB) error {
			var err error
			if n, err = s.exec(tx, query, args...); err == nil && n == 0 {
				err = errUnchanged
			}
			return err
		})
		switch {
		case errors.Is(err, errUnchanged):
			return total, nil
		case err != nil:
			return total, err
		}
		if total += n; n < tidyRows {
			break
		}
	}
	return total, nil
}

// forgetLate replaces the names that requests have written which were on their way when somebody was forgotten.
func (s *Store) forgetLate(ctx context.Context, since int64) error {
	var ids []account.UserID
	err := s.each(ctx, func(row scanner) error {
		var id account.UserID
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM users WHERE forgotten > ?`, since)
	if err != nil {
		return translate("list forgotten users", err)
	}
	for _, id := range ids {
		if err := s.write(ctx, "forget name", func(tx *gorm.DB) error { return s.forgetName(tx, id) }); err != nil {
			return err
		}
	}
	return nil
}
