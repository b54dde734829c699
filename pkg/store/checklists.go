package store

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/lineage"
)

// pin stores checklists, the oldest first, each with the one before it. Bytes that are stored
// already stay as they are; they only learn what came before, if nobody knew when they were pinned.
func (s *Store) pin(tx *gorm.DB, pins []lineage.Pinned) error {
	from := reference("")
	for _, p := range pins {
		if from == "" && p.From != "" {
			// Its file is gone, but an earlier round may have pinned it.
			err := s.rowIn(tx, `SELECT hash FROM checklists WHERE id = ? AND version = ? ORDER BY hash LIMIT 1`,
				string(p.Ref.ID), string(p.From)).Scan(&from)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		_, err := s.exec(tx, `INSERT INTO checklists (hash, id, version, raw, from_hash) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (hash) DO UPDATE SET from_hash = excluded.from_hash WHERE checklists.from_hash IS NULL`,
			p.Hash, string(p.Ref.ID), string(p.Ref.Version), p.Raw, from)
		if err != nil {
			return err
		}
		from = reference(p.Hash)
	}
	return nil
}

// Checklist implements round.Store.
func (s *Store) Checklist(ctx context.Context, hash string) ([]byte, error) {
	var raw []byte
	err := s.row(ctx, `SELECT raw FROM checklists WHERE hash = ?`, hash).Scan(&raw)
	return raw, translate("load checklist", err)
}

// PinnedHash implements round.Store. UNION and not UNION ALL: it ends also where somebody has
// tampered with what comes from what.
func (s *Store) PinnedHash(ctx context.Context, ref checklist.Ref) (string, error) {
	var hash string
	err := s.row(ctx, `WITH RECURSIVE kept (hash, round) AS (
			SELECT c.hash, max(r.id) FROM rounds r JOIN checklists c ON c.hash = r.checklist_hash WHERE c.id = ? GROUP BY c.hash
			UNION SELECT c.from_hash, kept.round FROM kept JOIN checklists c ON c.hash = kept.hash WHERE c.from_hash IS NOT NULL)
		SELECT c.hash FROM kept JOIN checklists c ON c.hash = kept.hash WHERE c.id = ? AND c.version = ?
		ORDER BY kept.round DESC, c.hash LIMIT 1`, string(ref.ID), string(ref.ID), string(ref.Version)).Scan(&hash)
	return hash, translate("find pinned checklist", err)
}

// Lineage implements round.Store. A lineage is never longer than a checklist has versions;
// the bound is for a database that somebody has tampered with.
func (s *Store) Lineage(ctx context.Context, hash string) ([]lineage.Pinned, error) {
	var list []lineage.Pinned
	err := s.each(ctx, func(row scanner) error {
		var p lineage.Pinned
		err := row.Scan(&p.Ref.ID, &p.Ref.Version, &p.Hash, &p.Raw)
		if n := len(list); n > 0 {
			list[n-1].From = p.Ref.Version
		}
		list = append(list, p)
		return err
	}, `WITH RECURSIVE line (hash, depth) AS (
			SELECT c.hash, 0 FROM checklists c WHERE c.hash = ?
			UNION ALL SELECT c.from_hash, line.depth + 1 FROM line JOIN checklists c ON c.hash = line.hash WHERE c.from_hash IS NOT NULL AND line.depth < 1000)
		SELECT c.id, c.version, c.hash, c.raw FROM line JOIN checklists c ON c.hash = line.hash ORDER BY line.depth`, hash)
	if err == nil && len(list) == 0 {
		err = sql.ErrNoRows
	}
	return list, translate("load checklist and its ancestors", err)
}
