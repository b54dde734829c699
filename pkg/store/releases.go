package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/round"
)

const releaseQuery = `SELECT number, at, data FROM releases WHERE round_id = ? `

func scanRelease(row scanner) (round.StoredRelease, error) {
	var r round.StoredRelease
	var at stamp
	err := row.Scan(&r.Number, &at, &r.Data)
	r.At = at.time()
	return r, err
}

// Releases implements round.Store.
func (s *Store) Releases(ctx context.Context, id round.ID) ([]round.StoredRelease, error) {
	var list []round.StoredRelease
	err := s.each(ctx, func(row scanner) error {
		r, err := scanRelease(row)
		list = append(list, r)
		return err
	}, releaseQuery+`ORDER BY number`, int64(id))
	return list, translate("list releases", err)
}

// ReleaseDays implements round.Store.
func (s *Store) ReleaseDays(ctx context.Context, id round.ID) ([]round.ReleaseDay, error) {
	var list []round.ReleaseDay
	err := s.each(ctx, func(row scanner) error {
		var day round.ReleaseDay
		var at stamp
		err := row.Scan(&day.Number, &at)
		day.At = at.time()
		list = append(list, day)
		return err
	}, `SELECT number, at FROM releases WHERE round_id = ? ORDER BY number`, int64(id))
	return list, translate("list days of releases", err)
}

// Release implements round.Store.
func (s *Store) Release(ctx context.Context, id round.ID) (round.StoredRelease, error) {
	r, err := scanRelease(s.row(ctx, releaseQuery+`ORDER BY number DESC LIMIT 1`, int64(id)))
	return r, translate("load release", err)
}

// Publish implements round.Store. A round that is neither closed nor published is a Conflict.
func (s *Store) Publish(ctx context.Context, id round.ID, data []byte, at time.Time, e account.Event) error {
	return s.write(ctx, "publish round", func(tx *gorm.DB) error {
		if err := s.changeRound(tx, id); err != nil {
			return err
		}
		n, err := s.exec(tx, `UPDATE rounds SET status = ?, revision = revision + 1 WHERE id = ? AND status IN (?, ?)`,
			string(round.Published), int64(id), string(round.Closed), string(round.Published))
		if err != nil {
			return err
		}
		if n == 0 {
			return s.wrongStatus(tx, id)
		}
		// The UPDATE has locked the round: nobody else counts at the same time.
		_, err = s.exec(tx, `INSERT INTO releases (round_id, number, at, data)
			SELECT r.id, (SELECT coalesce(max(number), 0) + 1 FROM releases WHERE round_id = r.id), CAST(? AS BIGINT), ? FROM rounds r WHERE r.id = ?`,
			int64(stampOf(at)), data, int64(id))
		if err != nil {
			return err
		}
		return s.note(tx, e)
	})
}
