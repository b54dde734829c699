package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// Removed implements round.Store.
func (s *Store) Removed(ctx context.Context, id round.ID) ([]round.RemovedTown, error) {
	var list []round.RemovedTown
	err := s.each(ctx, func(row scanner) error {
		var t round.RemovedTown
		var at stamp
		err := row.Scan(append(municipalityFields(&t.Town), &t.Population, &t.Assessment, &t.Status, &t.Change, &at,
			&t.Reason)...)
		t.At = at.time()
		list = append(list, t)
		return err
	}, `SELECT `+municipalityColumns+`, coalesce(p.population, m.population), a.id, a.status, a.change, a.removed_at, a.removed_reason
		FROM assessments a JOIN participants p ON p.round_id = a.round_id AND p.ags = a.ags JOIN municipalities m ON m.ags = a.ags
		WHERE a.round_id = ? AND a.removed_at IS NOT NULL ORDER BY a.ags`, int64(id))
	byName(list, func(t round.RemovedTown) string { return t.Town.Name })
	return list, translate("list removed towns of a round", err)
}

// Counts implements round.Store.
func (s *Store) Counts(ctx context.Context, id round.ID) (round.Counts, error) {
	var n round.Counts
	err := s.row(ctx, `SELECT count(*), coalesce(sum(CASE WHEN a.status = 'submitted' THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN a.status = 'draft' AND a.change > 0 THEN 1 ELSE 0 END), 0)
		FROM participants p LEFT JOIN assessments a ON a.round_id = p.round_id AND a.ags = p.ags
		WHERE p.round_id = ? AND a.removed_at IS NULL`, int64(id)).Scan(&n.Towns, &n.Submitted, &n.Drafts)
	return n, translate("count towns of a round", err)
}

// WithoutLead implements round.Store.
func (s *Store) WithoutLead(ctx context.Context, id round.ID) ([]region.Municipality, error) {
	list, err := s.towns(ctx, `SELECT `+municipalityColumns+` FROM participants p JOIN municipalities m ON m.ags = p.ags
		LEFT JOIN assessments a ON a.round_id = p.round_id AND a.ags = p.ags
		WHERE p.round_id = ? AND a.removed_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM users u WHERE u.town = p.ags AND u.role = '`+string(account.TownLead)+`' AND u.disabled = ?) ORDER BY p.ags`,
		int64(id), false)
	byName(list, func(m region.Municipality) string { return m.Name })
	return list, err
}

// ChangeRound implements round.Store.
func (s *Store) ChangeRound(ctx context.Context, r round.Round, c round.StoredChange) error {
	groups, err := encodeGroups(r.Groups)
	if err != nil {
		return err
	}
	return s.write(ctx, "change round", func(tx *gorm.DB) error {
		if err := s.changeRound(tx, r.ID); err != nil {
			return err
		}
		n, err := s.exec(tx, `UPDATE rounds SET title = ?, opens = ?, closes = ?, peer_groups = ?, revision = revision + 1
			WHERE id = ? AND revision = ? AND status = ?`,
			r.Title, int64(stampOf(r.Opens)), int64(stampOf(r.Closes)), groups, int64(r.ID), c.Seen, string(r.Status))
		if err != nil {
			return err
		}
		if n == 0 {
			var there int64
			if err := s.rowIn(tx, `SELECT id FROM rounds WHERE id = ?`, int64(r.ID)).Scan(&there); err != nil {
				return err
			}
			return round.ErrChanged
		}
		if err := s.changeTowns(tx, r, c); err != nil {
			return err
		}
		return s.notes(tx, c.Events)
	})
}

// changeTowns adds and removes participants; those of a round that has opened keep their assessments.
func (s *Store) changeTowns(tx *gorm.DB, r round.Round, c round.StoredChange) error {
	begun := r.Status != round.Planned
	statements := []struct {
		when  bool
		towns []region.AGS
		query string
		args  []any
	}{
		{!begun, c.Removed, `DELETE FROM participants WHERE round_id = ? AND ags IN `, []any{int64(r.ID)}},
		{begun, c.Removed, `UPDATE assessments SET removed_at = ?, removed_reason = ? WHERE round_id = ? AND ags IN `,
			[]any{int64(stampOf(c.At)), c.Reason, int64(r.ID)}},
		{begun, c.Back, `UPDATE assessments SET removed_at = NULL, removed_reason = '' WHERE round_id = ? AND ags IN `,
			[]any{int64(r.ID)}},
		{!begun, c.Added, `INSERT INTO participants (round_id, ags, consent_total, consent_sections, consent_examples)
			SELECT CAST(? AS BIGINT), m.ags, ` + s.no() + `, ` + s.no() + `, ` + s.no() + ` FROM municipalities m WHERE m.ags IN `, []any{int64(r.ID)}},
		{begun, c.Added, `INSERT INTO participants (round_id, ags, population, consent_total, consent_sections, consent_examples)
			SELECT CAST(? AS BIGINT), m.ags, m.population, ` + s.no() + `, ` + s.no() + `, ` + s.no() + ` FROM municipalities m WHERE m.ags IN `,
			[]any{int64(r.ID)}},
		{begun, c.Added, insertDrafts + ` WHERE round_id = ? AND ags IN `, []any{int64(r.ID)}},
	}
	for _, x := range statements {
		if !x.when || len(x.towns) == 0 {
			continue
		}
		keys, err := json.Marshal(x.towns)
		if err != nil {
			return err
		}
		n, err := s.exec(tx, x.query+s.anyText(), append(x.args, string(keys))...)
		if err != nil {
			return err
		}
		if n != int64(len(x.towns)) {
			return round.ErrChanged
		}
	}
	return nil
}

// no is false as a literal.
func (s *Store) no() string {
	if s.postgres {
		return `FALSE`
	}
	return `0`
}

// ReopenRound implements round.Store.
func (s *Store) ReopenRound(ctx context.Context, id round.ID, closes time.Time, e account.Event) error {
	return s.write(ctx, "reopen round", func(tx *gorm.DB) error {
		if err := s.changeRound(tx, id); err != nil {
			return err
		}
		n, err := s.exec(tx, `UPDATE rounds SET status = 'open', closes = ?, revision = revision + 1 WHERE id = ? AND status = 'closed'
			AND NOT EXISTS (SELECT 1 FROM releases WHERE releases.round_id = rounds.id)`, int64(stampOf(closes)), int64(id))
		if err != nil {
			return err
		}
		if n == 0 {
			return s.wrongStatus(tx, id)
		}
		return s.note(tx, e)
	})
}

// DeleteRound implements round.Store.
func (s *Store) DeleteRound(ctx context.Context, id round.ID, e account.Event) error {
	return s.write(ctx, "delete round", func(tx *gorm.DB) error {
		if err := s.changeRound(tx, id); err != nil {
			return err
		}
		var begun bool
		err := s.rowIn(tx, `SELECT EXISTS (SELECT 1 FROM assessments a WHERE a.round_id = r.id AND (a.change > 0 OR a.status <> 'draft'
			OR EXISTS (SELECT 1 FROM delegations d WHERE d.assessment_id = a.id)))
			OR EXISTS (SELECT 1 FROM releases WHERE releases.round_id = r.id) FROM rounds r WHERE r.id = ?`, int64(id)).Scan(&begun)
		if err != nil {
			return err
		}
		if begun {
			return errNotEmpty
		}
		for _, query := range []string{`DELETE FROM assessments WHERE round_id = ?`,
			`DELETE FROM participants WHERE round_id = ?`,
			`DELETE FROM rounds WHERE id = ?`} {
			if _, err := s.exec(tx, query, int64(id)); dangling(err) {
				return errNotEmpty.Because(err)
			} else if err != nil {
				return err
			}
		}
		return s.note(tx, e)
	})
}

var errNotEmpty = fault.New(fault.Conflict, "round_not_empty", "towns have begun in this round: it cannot be deleted")

// notes writes lines of the log as note does, many in a statement.
func (s *Store) notes(tx *gorm.DB, events []account.Event) error {
	for len(events) > 0 {
		n := min(len(events), rowsPerInsert)
		args := make([]any, 0, 8*n)
		for _, e := range events[:n] {
			args = append(args, int64(stampOf(e.At)), e.Actor, e.Name, e.Kind, e.Town, e.Region, e.Subject, e.Detail)
		}
		_, err := s.exec(tx,
			`INSERT INTO events (at, actor, name, kind, town, region, subject, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`+
				strings.Repeat(`, (?, ?, ?, ?, ?, ?, ?, ?)`, n-1), args...)
		if err != nil {
			return err
		}
		events = events[n:]
	}
	return nil
}
