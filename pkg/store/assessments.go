package store

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

var _ assessment.Store = (*Store)(nil)

// returnedAt is when the assessment a was given back last.
const returnedAt = `(SELECT max(w.withdrawn_at) FROM handovers w WHERE w.assessment_id = a.id)`

const headQuery = `SELECT a.id, a.ags, m.name, a.status, a.change, a.submitted_at, a.submitted_name, a.reopen_reason, a.removed_at, a.removed_reason,
		r.id, r.title, r.region_id, c.id, c.version, r.checklist_hash, r.status = 'open', r.opens, r.closes,
		EXISTS (SELECT 1 FROM releases WHERE releases.round_id = r.id),
		COALESCE((SELECT count(*) || '-' || sum(o.change) || '-' || max(o.submitted_at) FROM assessments o
			WHERE o.ags = a.ags AND o.status = 'submitted' AND o.id <> a.id), ''),
		CASE WHEN a.reopen_reason <> '' THEN ` + returnedAt + ` END,
		CASE WHEN a.reopen_reason <> '' THEN (SELECT e.name FROM events e WHERE e.town = a.ags AND e.region = r.region_id
			AND e.kind = 'reopened' AND e.detail = a.reopen_reason ORDER BY abs(e.at - ` + returnedAt + `) LIMIT 1) END
	FROM assessments a JOIN rounds r ON r.id = a.round_id JOIN checklists c ON c.hash = r.checklist_hash
	JOIN municipalities m ON m.ags = a.ags `

func scanHead(row scanner) (assessment.Head, error) {
	var h assessment.Head
	var submitted, removed, opens, closes, reopened stamp
	var by sql.NullString
	err := row.Scan(&h.ID, &h.Town, &h.TownName, &h.Status, &h.Change, &submitted, &h.SubmittedBy, &h.ReopenReason,
		&removed, &h.RemovedReason,
		&h.Round, &h.RoundTitle, &h.Region, &h.Checklist.ID, &h.Checklist.Version, &h.Hash, &h.RoundOpen, &opens,
		&closes, &h.Released, &h.Others,
		&reopened, &by)
	h.Reopened, h.ReopenedBy = reopened.time(), by.String
	h.Submitted, h.Removed, h.Opens, h.Closes = submitted.time(), removed.time(), opens.time(), closes.time()
	return h, err
}

// Head implements assessment.Store.
func (s *Store) Head(ctx context.Context, id assessment.ID) (assessment.Head, error) {
	h, err := scanHead(s.lookup(ctx, headQuery+`WHERE a.id = ?`, int64(id)))
	return h, translate("load assessment", err)
}

// HeadsOfTown implements assessment.Store.
func (s *Store) HeadsOfTown(ctx context.Context, town region.AGS) ([]assessment.Head, error) {
	var list []assessment.Head
	err := s.each(ctx, func(row scanner) error {
		h, err := scanHead(row)
		list = append(list, h)
		return err
	}, headQuery+`WHERE a.ags = ? ORDER BY r.opens DESC, r.id DESC`, string(town))
	return list, translate("list assessments of a town", err)
}

// inOpenRound begins an UPDATE of one assessment that needs its round to be open: the
// placeholders are its id and twice the time.
const inOpenRound = `WITH open_round AS (SELECT r.id FROM rounds r WHERE r.id = (SELECT round_id FROM assessments WHERE id = ?)
	AND r.status = 'open' AND r.opens <= ? AND r.closes > ?) UPDATE assessments SET change = change + 1`

const draftOfOpenRound = ` WHERE id = ? AND status = 'draft' AND removed_at IS NULL AND round_id IN (SELECT id FROM open_round)`

// keepRound keeps an assessment's round in its state until the write is done. On SQLite there
// is only one writer anyway. On PostgreSQL it shares a lock that changeRound takes alone: locks
// of this kind queue, whereas sharers of the row itself would overtake whoever wants to close
// the round for as long as answers come in.
func (s *Store) keepRound(tx *gorm.DB, id assessment.ID) error {
	if !s.postgres {
		return nil
	}
	_, err := s.exec(tx, `SELECT pg_advisory_xact_lock_shared(`+roundLocks+
		`, round_id::int) FROM assessments WHERE id = ?`, int64(id))
	return err
}

// changeRound waits for the writes to a round's assessments and holds new ones up.
func (s *Store) changeRound(tx *gorm.DB, id round.ID) error {
	if !s.postgres {
		return nil
	}
	_, err := s.exec(tx, `SELECT pg_advisory_xact_lock(`+roundLocks+`, ?::int)`, int64(id))
	return err
}

// roundLocks keeps our advisory locks apart from others' in the same database ("Orts").
const roundLocks = `1332900979`

// touch counts a write to a draft of an open round, or says why there cannot be one. On
// PostgreSQL it locks the assessment: whoever writes to it after this waits.
func (s *Store) touch(tx *gorm.DB, id assessment.ID, at time.Time) error {
	if err := s.keepRound(tx, id); err != nil {
		return err
	}
	when := int64(stampOf(at))
	n, err := s.exec(tx, inOpenRound+draftOfOpenRound, int64(id), when, when, int64(id))
	if err != nil || n > 0 {
		return err
	}
	return s.refusal(tx, id, at)
}

// refusal says why an assessment takes no write at a time.
func (s *Store) refusal(tx *gorm.DB, id assessment.ID, at time.Time) error {
	h, err := scanHead(s.rowIn(tx, headQuery+`WHERE a.id = ?`, int64(id)))
	switch {
	case err != nil:
		return err
	case !h.Removed.IsZero():
		return assessment.ErrRemoved
	case h.Status == assessment.Submitted:
		return assessment.ErrLocked
	case !h.TakesAnswers(at):
		return assessment.ErrRoundClosed
	}
	return assessment.ErrMeanwhile
}

// Submit implements assessment.Store.
func (s *Store) Submit(ctx context.Context, h assessment.Handover) error {
	when := int64(stampOf(h.At))
	return s.write(ctx, "submit assessment", func(tx *gorm.DB) error {
		if err := s.keepRound(tx, h.ID); err != nil {
			return err
		}
		n, err := s.exec(tx, inOpenRound+
			`, status = 'submitted', submitted_at = ?, submitted_name = ?, reopen_reason = '' `+draftOfOpenRound+
			` AND change = ?`,
			int64(h.ID), when, when, when, h.ByName, int64(h.ID), h.Change)
		if err != nil {
			return err
		}
		if n == 0 {
			return s.refusal(tx, h.ID, h.At)
		}
		_, err = s.exec(tx,
			`INSERT INTO handovers (assessment_id, change, by_user, by_name, at, record, reason) VALUES (?, ?, ?, ?, ?, ?, '')`,
			int64(h.ID), h.Change, int64(h.By), h.ByName, when, h.Record)
		if err != nil {
			return err
		}
		return s.note(tx, h.Event)
	})
}

// Reopen implements assessment.Store. An assessment that is no longer submitted, or whose
// round is closed, is a Conflict.
func (s *Store) Reopen(ctx context.Context, id assessment.ID, at time.Time, reason string, e account.Event) error {
	return s.write(ctx, "reopen assessment", func(tx *gorm.DB) error {
		n, err := s.exec(tx, `UPDATE assessments SET change = change + 1, status = 'draft', submitted_at = NULL, submitted_name = '', reopen_reason = ?
			WHERE id = ? AND status = 'submitted' AND removed_at IS NULL AND EXISTS (SELECT 1 FROM rounds r WHERE r.id = assessments.round_id AND r.status = 'open')`, reason, int64(id))
		if err != nil {
			return err
		}
		if n == 0 {
			return s.cannotReopen(tx, id)
		}
		_, err = s.exec(tx,
			`UPDATE handovers SET withdrawn_at = ?, reason = ? WHERE assessment_id = ? AND withdrawn_at IS NULL`,
			int64(stampOf(at)), reason, int64(id))
		if err != nil {
			return err
		}
		return s.note(tx, e)
	})
}

func (s *Store) cannotReopen(tx *gorm.DB, id assessment.ID) error {
	h, err := scanHead(s.rowIn(tx, headQuery+`WHERE a.id = ?`, int64(id)))
	switch {
	case err != nil:
		return err
	case !h.Removed.IsZero():
		return assessment.ErrRemoved
	case h.Status != assessment.Submitted:
		return assessment.ErrNotSubmitted
	}
	return assessment.ErrRoundClosed
}
