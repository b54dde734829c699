package store

import (
	"context"
	"database/sql"
	"errors"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
)

// Records implements round.Store.
func (s *Store) Records(ctx context.Context, id round.ID, f func(record []byte) error) error {
	var record sql.RawBytes
	err := s.each(ctx, func(row scanner) error {
		if err := row.Scan(&record); err != nil {
			return err
		}
		return f(record)
	}, `SELECT h.record FROM assessments a JOIN handovers h ON h.assessment_id = a.id AND h.withdrawn_at IS NULL
		WHERE a.round_id = ? AND a.removed_at IS NULL ORDER BY a.ags`, int64(id))
	return translate("load records", err)
}

// Submissions implements round.Store: one consistent reading in two statements, of which
// only the towns are held in memory.
func (s *Store) Submissions(ctx context.Context, id round.ID, f func(round.Submission) error) error {
	db, err := s.read.DB()
	if err != nil {
		return translate("read submissions", err)
	}
	isolation := sql.LevelDefault
	if s.postgres {
		isolation = sql.LevelRepeatableRead
	}
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: isolation, ReadOnly: true})
	if err != nil {
		return translate("read submissions", err)
	}
	err = s.submissions(ctx, tx, id, f)
	return translate("read submissions", errors.Join(err, tx.Rollback()))
}

func (s *Store) submissions(ctx context.Context, tx *sql.Tx, id round.ID, f func(round.Submission) error) error {
	waiting, err := s.submitted(ctx, tx, id)
	if err != nil {
		return err
	}
	// pass hands on the towns before an assessment: they have no (further) answers.
	pass := func(until assessment.ID) error {
		for len(waiting) > 0 && waiting[0].Assessment != until {
			if err := f(waiting[0]); err != nil {
				return err
			}
			waiting[0] = round.Submission{} // the list lives on; its answers must not
			waiting = waiting[1:]
		}
		return nil
	}
	var r answerRow
	var of assessment.ID
	fields := append([]any{&of}, r.fields()...)
	err = s.eachOn(ctx, tx, func(row scanner) error {
		if err := row.Scan(fields...); err != nil {
			return err
		}
		if err := pass(of); err != nil {
			return err
		}
		e, err := r.entry()
		if err != nil {
			return err
		}
		now := &waiting[0]
		if now.Entries == nil {
			now.Entries, now.Answers = make(map[checklist.QuestionID]assessment.Entry, 64), make(score.Answers, 64)
		}
		now.Entries[e.Question] = e
		if e.Given {
			now.Answers[e.Question] = e.Answer
		}
		return nil
	}, `SELECT a.id, `+answerColumns+`
		FROM assessments a JOIN answers w ON w.assessment_id = a.id
		WHERE a.round_id = ? AND a.status = 'submitted' AND a.removed_at IS NULL ORDER BY a.ags`, int64(id))
	if err != nil {
		return err
	}
	return pass(0)
}

func (s *Store) submitted(ctx context.Context, tx *sql.Tx, id round.ID) ([]round.Submission, error) {
	var list []round.Submission
	err := s.eachOn(ctx, tx, func(row scanner) error {
		var n round.Submission
		var at stamp
		if err := row.Scan(append(municipalityFields(&n.Town), &n.Assessment, &at)...); err != nil {
			return err
		}
		n.At = at.time()
		list = append(list, n)
		return nil
	}, `SELECT `+municipalityColumns+`, a.id, a.submitted_at FROM assessments a JOIN municipalities m ON m.ags = a.ags
		WHERE a.round_id = ? AND a.status = 'submitted' AND a.removed_at IS NULL ORDER BY a.ags`, int64(id))
	return list, err
}
