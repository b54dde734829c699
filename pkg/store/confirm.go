package store

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
)

// Confirm implements assessment.Store. If everything was kept, nothing is written.
func (s *Store) Confirm(ctx context.Context, c assessment.Confirmation) (assessment.Confirmed, error) {
	var done assessment.Confirmed
	err := s.write(ctx, "confirm proposals", func(tx *gorm.DB) error {
		done = assessment.Confirmed{}
		if err := s.touch(tx, c.ID, c.At); err != nil {
			return err
		}
		if err := s.sourceUnchanged(tx, c); err != nil {
			return err
		}
		stored, err := s.answersIn(tx, c.ID)
		if err != nil {
			return err
		}
		evidence, err := s.evidenceIn(tx, c.ID)
		if err != nil {
			return err
		}
		for _, a := range c.Answers {
			old, ok := stored[a.Question]
			if ok && old.Kind != kindOpen {
				done.Kept = append(done.Kept, a.Question)
				continue
			}
			e, err := s.carry(tx, c, a, old, evidence[a.Question])
			if err != nil {
				return err
			}
			done.Saved = append(done.Saved, e)
		}
		if len(done.Saved) == 0 {
			return errUnchanged
		}
		return nil
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return assessment.Confirmed{}, err
	}
	return done, nil
}

// sourceUnchanged makes sure that what is confirmed is what was submitted, until the write is
// done, and that it is the same town's.
func (s *Store) sourceUnchanged(tx *gorm.DB, c assessment.Confirmation) error {
	query := `SELECT change FROM assessments WHERE id = ? AND status = 'submitted' AND ags = (SELECT a.ags FROM assessments a WHERE a.id = ?)`
	if s.postgres {
		query += ` FOR SHARE`
	}
	var change int64
	err := s.rowIn(tx, query, int64(c.Source), int64(c.ID)).Scan(&change)
	if errors.Is(err, sql.ErrNoRows) || err == nil && change != c.SourceChange {
		return assessment.ErrProposals
	}
	return err
}

// answersIn reads what is stored for an assessment inside a write.
func (s *Store) answersIn(tx *gorm.DB, id assessment.ID) (map[checklist.QuestionID]answerRow, error) {
	rows := map[checklist.QuestionID]answerRow{}
	err := s.eachOn(tx.Statement.Context, tx.Statement.ConnPool, func(row scanner) error {
		var r answerRow
		err := row.Scan(r.fields()...)
		rows[r.Question] = r
		return err
	}, `SELECT `+answerColumns+` FROM answers w WHERE w.assessment_id = ?`, int64(id))
	return rows, err
}

// evidenceIn reads what evidence an assessment has inside a write.
func (s *Store) evidenceIn(tx *gorm.DB, id assessment.ID) (map[checklist.QuestionID][]assessment.Evidence, error) {
	by := map[checklist.QuestionID][]assessment.Evidence{}
	err := s.eachOn(tx.Statement.Context, tx.Statement.ConnPool, func(row scanner) error {
		e, err := scanEvidence(row)
		by[e.Question] = append(by[e.Question], e)
		return err
	}, `SELECT `+evidenceColumns+` FROM evidence e WHERE e.assessment_id = ?`, int64(id))
	return by, err
}

// carry writes one confirmed proposal where old, an open answer or none, is stored.
func (s *Store) carry(tx *gorm.DB, c assessment.Confirmation, a assessment.CarriedAnswer, old answerRow,
	has []assessment.Evidence) (assessment.Entry, error) {
	kind, value, err := encodeAnswer(true, a.Answer)
	if err != nil {
		return assessment.Entry{}, err
	}
	next := answerRow{Question: a.Question, Kind: kind, Value: value, Comment: old.Comment, Revision: old.Revision + 1,
		ByName: c.ByName, At: stampOf(c.At), Origin: originRowOf(a.Origin)}
	if next.Comment == "" {
		next.Comment = a.Comment
	}
	if err := s.put(tx, c.ID, c.By, next); err != nil {
		return assessment.Entry{}, err
	}
	if err := s.carryEvidence(tx, c, a.Question, a.Origin, a.Evidence, has); err != nil {
		return assessment.Entry{}, err
	}
	return next.entry()
}

// carryEvidence lets a question show the source's evidence as its own, as far as it has room for more.
func (s *Store) carryEvidence(tx *gorm.DB, c assessment.Confirmation, q checklist.QuestionID, from assessment.Origin,
	list, has []assessment.Evidence) error {
	for _, e := range list {
		if len(has) >= assessment.MaxEvidence {
			break
		}
		if holds(has, e) {
			continue
		}
		if err := s.copyEvidence(tx, c, q, from, e); err != nil {
			return err
		}
		has = append(has, e)
	}
	return nil
}

// holds reports whether the same link or the same file is there already.
func holds(has []assessment.Evidence, e assessment.Evidence) bool {
	for _, h := range has {
		if h.Link == e.Link && h.SHA256 == e.SHA256 {
			return true
		}
	}
	return false
}

// copyEvidence lets the question show a piece of the source's evidence as its own. A file is not
// copied: 200 MB of them would hold up every other write for seconds, each round anew.
func (s *Store) copyEvidence(tx *gorm.DB, c assessment.Confirmation, q checklist.QuestionID, from assessment.Origin,
	e assessment.Evidence) error {
	var owner int64
	err := s.rowIn(tx, `SELECT coalesce(file_of, id) FROM evidence WHERE id = ? AND assessment_id = ?`, int64(e.ID),
		int64(c.Source)).Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		return assessment.ErrProposals
	}
	if err != nil {
		return err
	}
	e.Question, e.Origin, e.By, e.At = q, assessment.Origin{Kind: from.Kind, Subject: from.Subject, At: e.At},
		c.ByName, c.At
	row := evidenceRowOf(c.ID, e, c.By)
	row.FileOf = sql.NullInt64{Int64: owner, Valid: e.Link == ""}
	if err := tx.Create(&row).Error; dangling(err) {
		return assessment.ErrProposals // the owner was removed meanwhile, from a third assessment
	} else if err != nil {
		return err
	}
	return nil
}
