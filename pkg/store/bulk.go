package store

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"gorm.io/gorm"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// bulkAssessments is how many assessments one transaction takes: others can write in between.
const bulkAssessments = 100

// ImportAssessments implements round.Store.
func (s *Store) ImportAssessments(ctx context.Context, id round.ID, list []assessment.Import) error {
	for len(list) > 0 {
		n := min(len(list), bulkAssessments)
		part := list[:n]
		list = list[n:]
		err := s.write(ctx, "import assessments", func(tx *gorm.DB) error { return s.importPart(tx, id, part) })
		if err != nil {
			return err
		}
	}
	return nil
}

// ImportTable implements round.Store.
func (s *Store) ImportTable(ctx context.Context, in round.Intake, list []assessment.Import) (id round.ID, err error) {
	err = s.write(ctx, "import table", func(tx *gorm.DB) error {
		var err error
		if id, err = s.roundIn(tx, in); err != nil {
			return err
		}
		for part := range slices.Chunk(list, bulkAssessments) {
			if err := s.importPart(tx, id, part); err != nil {
				return err
			}
		}
		if in.Round.ID == 0 {
			if err := s.statusIn(tx, id, round.Open, round.Closed, nil); err != nil {
				return err
			}
		}
		for _, e := range slices.Concat(in.Before, in.After) {
			if err := s.note(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	return id, err
}

// roundIn makes the round of an intake an open one.
func (s *Store) roundIn(tx *gorm.DB, in round.Intake) (id round.ID, err error) {
	if id = in.Round.ID; id == 0 {
		var there int64
		err := s.rowIn(tx, `SELECT count(*) FROM rounds WHERE region_id = ? AND title = ? AND opens = ?`,
			string(in.Round.Region), in.Round.Title, int64(stampOf(in.Round.Opens))).Scan(&there)
		if err != nil {
			return 0, err
		}
		if there > 0 {
			return 0, round.ErrExists.Saying("the region already has a round %q that began then", in.Round.Title)
		}
		if id, err = s.createIn(tx, in.Round, in.Pins, in.Towns); err != nil {
			return 0, err
		}
	}
	if in.Round.Status == round.Planned {
		return id, s.statusIn(tx, id, round.Planned, round.Open, in.Groups)
	}
	if err := s.changeRound(tx, id); err != nil {
		return 0, err
	}
	var status string
	if err := s.rowIn(tx, `SELECT status FROM rounds WHERE id = ?`, int64(id)).Scan(&status); err != nil {
		return 0, err
	}
	if status != string(round.Open) {
		return 0, s.wrongStatus(tx, id)
	}
	return id, nil
}

func (s *Store) importPart(tx *gorm.DB, id round.ID, part []assessment.Import) error {
	ids, err := s.untouched(tx, id, part)
	if err != nil {
		return err
	}
	answers := inserter{s: s, tx: tx, into: `answers (` + writtenColumns + `)`}
	changes := inserter{s: s, tx: tx, into: `changes (` + writtenColumns + `)`}
	for _, b := range part {
		a, ok := ids[b.Town]
		if !ok {
			return assessment.ErrTouched.Saying("municipality %s has no untouched assessment in this round", b.Town)
		}
		if err := s.importHead(tx, a, b); err != nil {
			return err
		}
		for _, e := range b.Entries {
			kind, value, err := encodeAnswer(e.Given, e.Answer)
			if err != nil {
				return err
			}
			row := answerRow{Question: e.Question, Kind: kind, Value: value, Comment: e.Comment,
				Revision: max(e.Revision, 1), ByName: e.By,
				At: stampOf(e.At), Origin: originRowOf(e.Origin)}
			if err := answers.add(row.written(assessment.ID(a), b.By)...); err != nil {
				return err
			}
			if err := changes.add(row.written(assessment.ID(a), b.By)...); err != nil {
				return err
			}
		}
		for _, e := range b.Evidence {
			row := evidenceRowOf(assessment.ID(a), e, b.By)
			if err := tx.Create(&row).Error; err != nil {
				return err
			}
		}
	}
	if err := answers.flush(); err != nil {
		return err
	}
	return changes.flush()
}

func (s *Store) importHead(tx *gorm.DB, a int64, b assessment.Import) error {
	change := len(b.Entries) + len(b.Evidence)
	if b.Record == nil {
		_, err := s.exec(tx, `UPDATE assessments SET change = ? WHERE id = ?`, change, a)
		return err
	}
	when := int64(stampOf(b.Submitted))
	_, err := s.exec(tx,
		`UPDATE assessments SET change = ?, status = 'submitted', submitted_at = ?, submitted_name = ? WHERE id = ?`,
		change+1, when, b.SubmittedBy, a)
	if err != nil {
		return err
	}
	_, err = s.exec(tx,
		`INSERT INTO handovers (assessment_id, change, by_user, by_name, at, record, reason) VALUES (?, ?, ?, ?, ?, ?, '')`,
		a, change, int64(b.By), b.SubmittedBy, when, b.Record)
	return err
}

// untouched returns those assessments of an open round in which nothing was ever entered.
func (s *Store) untouched(tx *gorm.DB, id round.ID, part []assessment.Import) (map[region.AGS]int64, error) {
	towns := make([]region.AGS, len(part))
	for i, b := range part {
		towns[i] = b.Town
	}
	keys, err := json.Marshal(towns)
	if err != nil {
		return nil, err
	}
	ids := map[region.AGS]int64{}
	err = s.eachOn(tx.Statement.Context, tx.Statement.ConnPool, func(row scanner) error {
		var ags region.AGS
		var a int64
		err := row.Scan(&ags, &a)
		ids[ags] = a
		return err
	}, `SELECT a.ags, a.id FROM assessments a JOIN rounds r ON r.id = a.round_id
		WHERE a.round_id = ? AND a.status = 'draft' AND a.change = 0 AND r.status = 'open' AND a.ags IN `+s.anyText(), int64(id), string(keys))
	return ids, err
}

// inserter gathers rows of writtenColumns for statements of many rows.
type inserter struct {
	s    *Store
	tx   *gorm.DB
	into string
	args []any
}

const (
	insertColumns = 12
	insertRows    = 100
	insertRow     = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

func (i *inserter) add(row ...any) error {
	i.args = append(i.args, row...)
	if len(i.args) < insertColumns*insertRows {
		return nil
	}
	return i.flush()
}

func (i *inserter) flush() error {
	n := len(i.args) / insertColumns
	if n == 0 {
		return nil
	}
	query := `INSERT INTO ` + i.into + ` VALUES ` + strings.Repeat(insertRow+`, `, n-1) + insertRow
	_, err := i.s.exec(i.tx, query, i.args...)
	i.args = i.args[:0]
	return err
}
