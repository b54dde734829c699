package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// heldDraft selects drafts a of a round that hold anything.
const heldDraft = ` a.round_id = ? AND a.status = 'draft' AND (EXISTS (SELECT 1 FROM answers w WHERE w.assessment_id = a.id)
	OR EXISTS (SELECT 1 FROM evidence e WHERE e.assessment_id = a.id) OR EXISTS (SELECT 1 FROM delegations d WHERE d.assessment_id = a.id))`

// Drafts implements round.Store.
func (s *Store) Drafts(ctx context.Context, id round.ID) ([]region.Municipality, error) {
	list, err := s.towns(ctx, `SELECT `+municipalityColumns+
		` FROM assessments a JOIN municipalities m ON m.ags = a.ags WHERE`+heldDraft+` ORDER BY a.ags`, int64(id))
	byName(list, func(m region.Municipality) string { return m.Name })
	return list, err
}

// RemoveDrafts implements round.Store. Assessments stay, empty, as what they were: a town's part in the round.
func (s *Store) RemoveDrafts(ctx context.Context, id round.ID, e account.Event) (removed int, err error) {
	err = s.write(ctx, "remove drafts", func(tx *gorm.DB) error {
		removed = 0
		if err := s.changeRound(tx, id); err != nil {
			return err
		}
		n, err := s.exec(tx,
			`UPDATE rounds SET revision = revision + 1 WHERE id = ? AND status IN ('closed', 'published')`, int64(id))
		if err != nil {
			return err
		}
		if n == 0 {
			return s.wrongStatus(tx, id)
		}
		type draft struct {
			id   assessment.ID
			town region.AGS
		}
		var drafts []draft
		err = s.eachOn(tx.Statement.Context, tx.Statement.ConnPool, func(row scanner) error {
			var d draft
			err := row.Scan(&d.id, &d.town)
			drafts = append(drafts, d)
			return err
		}, `SELECT a.id, a.ags FROM assessments a WHERE`+heldDraft+` ORDER BY a.id`, int64(id))
		if err != nil || len(drafts) == 0 {
			return err
		}
		for _, d := range drafts {
			if err := s.emptyDraft(tx, d.id); err != nil {
				return err
			}
			own := e
			own.Region, own.Town, own.Notice = "", d.town, true
			if err := s.note(tx, own); err != nil {
				return err
			}
		}
		removed = len(drafts)
		e.Detail = strconv.Itoa(removed)
		return s.note(tx, e)
	})
	return removed, err
}

func (s *Store) emptyDraft(tx *gorm.DB, id assessment.ID) error {
	// Counted as a change, so that nothing that was kept of it is shown.
	if _, err := s.exec(tx, `UPDATE assessments SET change = change + 1 WHERE id = ?`, int64(id)); err != nil {
		return err
	}
	pieces, err := s.piecesIn(tx,
		`SELECT e.id, e.assessment_id FROM evidence e WHERE e.assessment_id = ? ORDER BY e.id`, int64(id))
	if err != nil {
		return err
	}
	for _, p := range pieces {
		if _, err := s.removeEvidence(tx, id, p.evidence); err != nil {
			return err
		}
	}
	for _, query := range []string{`DELETE FROM replaced_links WHERE delegation_id IN (SELECT id FROM delegations WHERE assessment_id = ?)`,
		`DELETE FROM delegations WHERE assessment_id = ?`, `DELETE FROM answers WHERE assessment_id = ?`,
		`DELETE FROM changes WHERE assessment_id = ?`} {
		if _, err := s.exec(tx, query, int64(id)); err != nil {
			return err
		}
	}
	return nil
}

// piece is a piece of evidence and whose it is.
type piece struct {
	evidence assessment.EvidenceID
	of       assessment.ID
}

func (s *Store) piecesIn(tx *gorm.DB, query string, args ...any) ([]piece, error) {
	var list []piece
	err := s.eachOn(tx.Statement.Context, tx.Statement.ConnPool, func(row scanner) error {
		var p piece
		err := row.Scan(&p.evidence, &p.of)
		list = append(list, p)
		return err
	}, query, args...)
	return list, err
}

// tidyEvidence is how many assessments one run empties of their evidence.
const tidyEvidence = 200

// RemoveEvidenceOf implements assessment.Store.
func (s *Store) RemoveEvidenceOf(ctx context.Context, closed time.Time, e account.Event) (removed int, err error) {
	type due struct {
		id    assessment.ID
		town  region.AGS
		title string
	}
	var list []due
	err = s.each(ctx, func(row scanner) error {
		var d due
		err := row.Scan(&d.id, &d.town, &d.title)
		list = append(list, d)
		return err
	}, `SELECT a.id, a.ags, r.title FROM assessments a JOIN rounds r ON r.id = a.round_id WHERE r.status IN ('closed', 'published') AND r.closes < ?
		AND EXISTS (SELECT 1 FROM evidence e WHERE e.assessment_id = a.id) ORDER BY a.id LIMIT ?`, int64(stampOf(closed)), tidyEvidence)
	if err != nil {
		return 0, translate("list old evidence", err)
	}
	for _, d := range list {
		var here int
		err := s.write(ctx, "remove old evidence", func(tx *gorm.DB) error {
			here = 0
			if err := s.keepRound(tx, d.id); err != nil {
				return err
			}
			// Locks the assessment; a round that was opened again meanwhile keeps its evidence.
			n, err := s.exec(tx,
				`UPDATE assessments SET change = change + 1 WHERE id = ? AND round_id IN (SELECT id FROM rounds WHERE status IN ('closed', 'published'))`, int64(d.id))
			if err != nil {
				return err
			}
			if n == 0 {
				return errUnchanged
			}
			pieces, err := s.piecesIn(tx,
				`SELECT e.id, e.assessment_id FROM evidence e WHERE e.assessment_id = ? ORDER BY e.id`, int64(d.id))
			if err != nil {
				return err
			}
			for _, p := range pieces {
				switch _, err := s.removeEvidence(tx, d.id, p.evidence); {
				case errors.Is(err, sql.ErrNoRows): // another node was first
				case err != nil:
					return err
				default:
					here++
				}
			}
			if here == 0 {
				return errUnchanged
			}
			told := e
			told.Town, told.Subject, told.Detail = d.town, d.title, strconv.Itoa(here)
			return s.note(tx, told)
		})
		if err != nil && !errors.Is(err, errUnchanged) {
			return removed, err
		}
		removed += here
	}
	return removed, nil
}
