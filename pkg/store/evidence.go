package store

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/fault"
)

const evidenceColumns = `e.id, e.question, e.link, e.title, e.type, e.size, e.sha256, e.by_name, e.at, e.origin, e.origin_subject, e.origin_at`

// scanEvidence reads evidenceColumns and what comes after them.
func scanEvidence(row scanner, more ...any) (assessment.Evidence, error) {
	var e assessment.Evidence
	var at stamp
	var origin originRow
	err := row.Scan(append([]any{&e.ID, &e.Question, &e.Link, &e.Title, &e.Type, &e.Size, &e.SHA256, &e.By, &at,
		&origin.Kind, &origin.Subject, &origin.At}, more...)...)
	e.At, e.Origin = at.time(), origin.origin()
	return e, err
}

// Evidence implements assessment.Store.
func (s *Store) Evidence(ctx context.Context, id assessment.ID) ([]assessment.Evidence, error) {
	var list []assessment.Evidence
	err := s.each(ctx, func(row scanner) error {
		e, err := scanEvidence(row)
		list = append(list, e)
		return err
	}, `SELECT `+evidenceColumns+` FROM evidence e WHERE e.assessment_id = ? ORDER BY e.question, e.id`, int64(id))
	return list, translate("list evidence", err)
}

// EvidenceFile implements assessment.Store.
func (s *Store) EvidenceFile(ctx context.Context, id assessment.ID,
	evidence assessment.EvidenceID) (assessment.Evidence, []byte, error) {
	var data []byte
	e, err := scanEvidence(s.row(ctx, `SELECT `+evidenceColumns+`, f.data FROM evidence e JOIN evidence_files f ON f.evidence_id = coalesce(e.file_of, e.id)
		WHERE e.id = ? AND e.assessment_id = ?`, int64(evidence), int64(id)), &data)
	if err != nil {
		return assessment.Evidence{}, nil, translate("load evidence", err)
	}
	return e, data, nil
}

type evidenceRow struct {
	ID           int64 `gorm:"primaryKey"`
	AssessmentID int64
	Question     string
	Link         string
	Title        string
	Type         string
	Size         int64
	SHA256       string `gorm:"column:sha256"`
	ByUser       int64
	ByName       string
	At           stamp
	Origin       originRow `gorm:"embedded"`
	FileOf       sql.NullInt64
}

func (evidenceRow) TableName() string { return "evidence" }

func evidenceRowOf(id assessment.ID, e assessment.Evidence, by account.UserID) evidenceRow {
	return evidenceRow{AssessmentID: int64(id), Question: string(e.Question), Link: e.Link, Title: e.Title,
		Type: e.Type, Size: e.Size,
		SHA256: e.SHA256, ByUser: int64(by), ByName: e.By, At: stampOf(e.At), Origin: originRowOf(e.Origin)}
}

// AddEvidence implements assessment.Store. The state is checked at e.At; more than
// assessment.MaxEvidence of one question is Invalid.
func (s *Store) AddEvidence(ctx context.Context, id assessment.ID, e assessment.Evidence, data []byte,
	by account.UserID) (assessment.EvidenceID, error) {
	row := evidenceRowOf(id, e, by)
	err := s.write(ctx, "add evidence", func(tx *gorm.DB) error {
		if err := s.touch(tx, id, e.At); err != nil {
			return err
		}
		var n int
		if err := s.rowIn(tx, `SELECT count(*) FROM evidence WHERE assessment_id = ? AND question = ?`, int64(id),
			string(e.Question)).Scan(&n); err != nil {
			return err
		}
		if n >= assessment.MaxEvidence {
			return fault.Fields([]fault.Field{{Name: "file", Code: "evidence_many",
				Message: "a question can have at most 20 pieces of evidence",
				Args:    map[string]any{"Max": assessment.MaxEvidence}}})
		}
		if e.Link == "" {
			if err := s.roomForFile(tx, id, e.Size); err != nil {
				return err
			}
		}
		row.ID = 0
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		if e.Link != "" {
			return nil
		}
		_, err := s.exec(tx, `INSERT INTO evidence_files (evidence_id, data) VALUES (?, ?)`, row.ID, data)
		return err
	})
	return assessment.EvidenceID(row.ID), err
}

// roomForFile refuses a file with which those of the town would be larger than assessment.MaxTownFiles.
// Files that several rounds show count once.
func (s *Store) roomForFile(tx *gorm.DB, id assessment.ID, size int64) error {
	var used int64
	err := s.rowIn(tx, `SELECT CAST(coalesce(sum(e.size), 0) AS BIGINT) FROM evidence e JOIN assessments a ON a.id = e.assessment_id
		WHERE a.ags = (SELECT ags FROM assessments WHERE id = ?) AND e.link = '' AND e.file_of IS NULL`, int64(id)).Scan(&used)
	if err == nil && used+size > assessment.MaxTownFiles {
		err = fault.Fields([]fault.Field{{Name: "file", Code: "evidence_full",
			Message: "the files of this town would be larger than 500 MB together",
			Args:    map[string]any{"Max": assessment.MaxTownFiles >> 20}}})
	}
	return err
}

// RemoveEvidence implements assessment.Store. An event without a detail gets what the
// evidence was called. A file that other rounds show too stays for them.
func (s *Store) RemoveEvidence(ctx context.Context, id assessment.ID, evidence assessment.EvidenceID, at time.Time,
	e account.Event) error {
	return s.write(ctx, "remove evidence", func(tx *gorm.DB) error {
		if err := s.touch(tx, id, at); err != nil {
			return err
		}
		title, err := s.removeEvidence(tx, id, evidence)
		if err != nil {
			return err
		}
		told := e
		if told.Detail == "" {
			told.Detail = title
		}
		return s.note(tx, told)
	})
}

// removeEvidence deletes a piece of evidence and returns what it was called.
func (s *Store) removeEvidence(tx *gorm.DB, id assessment.ID, evidence assessment.EvidenceID) (title string,
	err error) {
	query := `SELECT title FROM evidence WHERE id = ? AND assessment_id = ?`
	if s.postgres {
		query += ` FOR UPDATE` // waits for whoever is just about to share the file
	}
	if err := s.rowIn(tx, query, int64(evidence), int64(id)).Scan(&title); err != nil {
		return "", err
	}
	if err := s.passOnFile(tx, evidence); err != nil {
		return "", err
	}
	_, err = s.exec(tx, `DELETE FROM evidence WHERE id = ?`, int64(evidence))
	return title, err
}

// passOnFile gives the file of a piece of evidence that is to go to the oldest of those that share it.
func (s *Store) passOnFile(tx *gorm.DB, id assessment.EvidenceID) error {
	query := `SELECT id FROM evidence WHERE file_of = ? ORDER BY id`
	if s.postgres {
		query += ` FOR UPDATE` // an heir must not be removed at the same time
	}
	var heirs []int64
	err := s.eachOn(tx.Statement.Context, tx.Statement.ConnPool, func(row scanner) error {
		var heir int64
		err := row.Scan(&heir)
		heirs = append(heirs, heir)
		return err
	}, query, int64(id))
	if err != nil || len(heirs) == 0 {
		return err
	}
	if _, err := s.exec(tx, `UPDATE evidence SET file_of = NULLIF(CAST(? AS BIGINT), id) WHERE file_of = ?`, heirs[0],
		int64(id)); err != nil {
		return err
	}
	_, err = s.exec(tx, `UPDATE evidence_files SET evidence_id = ? WHERE evidence_id = ?`, heirs[0], int64(id))
	return err
}
