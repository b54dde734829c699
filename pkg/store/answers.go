package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
)

// answerColumns are what answerRow.fields reads, of the table w.
const answerColumns = `w.question, w.kind, w.value, w.comment, w.revision, w.by_name, w.at, w.origin, w.origin_subject, w.origin_at`

type answerRow struct {
	Question checklist.QuestionID
	Kind     string
	Value    string
	Comment  string
	Revision int
	ByName   string
	At       stamp
	Origin   originRow
}

func (r *answerRow) fields() []any {
	return []any{&r.Question, &r.Kind, &r.Value, &r.Comment, &r.Revision, &r.ByName, &r.At, &r.Origin.Kind,
		&r.Origin.Subject, &r.Origin.At}
}

func (r *answerRow) entry() (assessment.Entry, error) {
	given, answer, err := decodeAnswer(r.Kind, r.Value)
	return assessment.Entry{Question: r.Question, Given: given, Answer: answer, Comment: r.Comment,
		Revision: r.Revision,
		By:       r.ByName, At: r.At.time(), Origin: r.Origin.origin()}, err
}

// saysLike reports whether two rows answer alike, whatever their comments.
func (r *answerRow) saysLike(other answerRow) bool {
	return r.Kind == other.Kind && r.Value == other.Value
}

// Entries implements assessment.Store.
func (s *Store) Entries(ctx context.Context, id assessment.ID) (map[checklist.QuestionID]assessment.Entry, error) {
	entries := make(map[checklist.QuestionID]assessment.Entry, 64)
	var r answerRow
	fields := r.fields()
	err := s.each(ctx, func(row scanner) error {
		if err := row.Scan(fields...); err != nil {
			return err
		}
		e, err := r.entry()
		entries[r.Question] = e
		return err
	}, `SELECT `+answerColumns+` FROM answers w WHERE w.assessment_id = ?`, int64(id))
	return entries, translate("load answers", err)
}

// errUnchanged undoes a write that says what is stored already.
var errUnchanged = errors.New("unchanged")

// Save implements assessment.Store. Writes that say what is stored leave no trace.
func (s *Store) Save(ctx context.Context, id assessment.ID, at time.Time, link *account.Hash,
	list ...assessment.Write) ([]assessment.Entry, error) {
	var entries []assessment.Entry
	err := s.write(ctx, "save answers", func(tx *gorm.DB) error {
		entries = make([]assessment.Entry, len(list))
		if err := s.touch(tx, id, at); err != nil {
			return err
		}
		if link != nil {
			if err := s.useLink(tx, *link, id, at); err != nil {
				return err
			}
		}
		evidence, err := s.carriedIn(tx, id, list)
		if err != nil {
			return err
		}
		changed := false
		for i, w := range list {
			entry, wrote, err := s.saveOne(tx, id, w)
			if err != nil {
				return err
			}
			if wrote && w.Carried != nil {
				if err := s.carryEvidence(tx, confirmationOf(id, w), w.Question, w.Origin, w.Carried.Evidence,
					evidence[w.Question]); err != nil {
					return err
				}
			}
			entries[i] = entry
			changed = changed || wrote
		}
		if !changed {
			return errUnchanged
		}
		return nil
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		return nil, err
	}
	return entries, nil
}

// saveOne writes one answer inside a write; wrote is false if it says what is stored.
func (s *Store) saveOne(tx *gorm.DB, id assessment.ID, w assessment.Write) (entry assessment.Entry, wrote bool,
	err error) {
	next := answerRow{Question: w.Question, Comment: w.Comment, Revision: w.Revision + 1, ByName: w.ByName,
		At: stampOf(w.At), Origin: originRowOf(w.Origin)}
	if next.Kind, next.Value, err = encodeAnswer(w.Given, w.Answer); err != nil {
		return entry, false, err
	}
	old, err := s.answerIn(tx, id, w.Question)
	if err != nil {
		return entry, false, err
	}
	if w.KeepComment {
		next.Comment = old.Comment
	}
	if w.KeepAnswer {
		next.Kind, next.Value = old.Kind, old.Value
	}
	if w.Carried != nil && next.Comment == "" {
		next.Comment = w.Carried.Comment
	}
	before, err := old.entry()
	if err != nil {
		return entry, false, err
	}
	switch same := next.saysLike(old) && next.Comment == old.Comment; {
	case same && w.Revision <= old.Revision:
		return before, false, nil
	case w.Revision != old.Revision, w.Shown != "" && w.Shown != before.Digest():
		return entry, false, stale(before)
	}
	if next.saysLike(old) {
		next.Origin = old.Origin
	}
	if err := s.put(tx, id, w.By, next); err != nil {
		return entry, false, err
	}
	entry, err = next.entry()
	return entry, true, err
}

// carriedIn makes sure that the proposals among some writes are what was submitted, and returns
// what evidence there is already; nothing if there are no proposals.
func (s *Store) carriedIn(tx *gorm.DB, id assessment.ID,
	list []assessment.Write) (map[checklist.QuestionID][]assessment.Evidence, error) {
	for _, w := range list {
		if w.Carried == nil {
			continue
		}
		// all of them come from one assessment: the town's last
		if err := s.sourceUnchanged(tx, confirmationOf(id, w)); err != nil {
			return nil, err
		}
		return s.evidenceIn(tx, id)
	}
	return nil, nil
}

// confirmationOf is the confirmation that a write of a carried answer is.
func confirmationOf(id assessment.ID, w assessment.Write) assessment.Confirmation {
	return assessment.Confirmation{ID: id, Source: w.Carried.Source, SourceChange: w.Carried.SourceChange, By: w.By,
		ByName: w.ByName, At: w.At}
}

// answerIn reads what is stored for a question, an open answer of revision 0 if nothing is.
func (s *Store) answerIn(tx *gorm.DB, id assessment.ID, q checklist.QuestionID) (answerRow, error) {
	r := answerRow{Question: q, Kind: kindOpen}
	err := s.rowIn(tx, `SELECT `+answerColumns+` FROM answers w WHERE w.assessment_id = ? AND w.question = ?`,
		int64(id), string(q)).Scan(r.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return r, err
}

func stale(stored assessment.Entry) error {
	return assessment.ErrStale.Saying("somebody has changed this answer meanwhile (revision %d)",
		stored.Revision).About(stored)
}

// put writes an answer after its revision before, and its line in the history. The assessment
// is locked by touch; the revision is checked once more where it is written.
func (s *Store) put(tx *gorm.DB, id assessment.ID, by account.UserID, next answerRow) error {
	origin := next.Origin
	var n int64
	var err error
	if next.Revision == 1 {
		n, err = s.exec(tx, `INSERT INTO answers (`+writtenColumns+`)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (assessment_id, question) DO NOTHING`, next.written(id, by)...)
	} else {
		n, err = s.exec(tx, `UPDATE answers SET kind = ?, value = ?, comment = ?, revision = ?, by_user = ?, by_name = ?, at = ?,
			origin = ?, origin_subject = ?, origin_at = ? WHERE assessment_id = ? AND question = ? AND revision = ?`,
			next.Kind, next.Value, next.Comment, next.Revision, int64(by), next.ByName, int64(next.At),
			origin.Kind, origin.Subject, origin.At, int64(id), string(next.Question), next.Revision-1)
	}
	if err != nil {
		return err
	}
	if n == 0 {
		stored, err := s.answerIn(tx, id, next.Question)
		if err != nil {
			return err
		}
		now, err := stored.entry()
		if err != nil {
			return err
		}
		return stale(now)
	}
	_, err = s.exec(tx, `INSERT INTO changes (`+writtenColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		next.written(id, by)...)
	return err
}

// writtenColumns are what answerRow.written gives, of answers and of changes.
const writtenColumns = `assessment_id, question, kind, value, comment, revision, by_user, by_name, at, origin, origin_subject, origin_at`

func (r *answerRow) written(id assessment.ID, by account.UserID) []any {
	return []any{int64(id), string(r.Question), r.Kind, r.Value, r.Comment, r.Revision, int64(by), r.ByName,
		int64(r.At), r.Origin.Kind, r.Origin.Subject, r.Origin.At}
}

// AtRevisions implements assessment.Store.
func (s *Store) AtRevisions(ctx context.Context, id assessment.ID,
	revisions map[checklist.QuestionID]int) (map[checklist.QuestionID]assessment.Entry, error) {
	found := make(map[checklist.QuestionID]assessment.Entry, len(revisions))
	err := s.each(ctx, func(row scanner) error {
		var r answerRow
		if err := row.Scan(r.fields()...); err != nil || revisions[r.Question] != r.Revision {
			return err
		}
		e, err := r.entry()
		found[r.Question] = e
		return err
	}, `SELECT `+answerColumns+` FROM changes w WHERE w.assessment_id = ?`, int64(id))
	return found, translate("load revisions", err)
}

// History implements assessment.Store: each line holds what it changed from, the line before.
// A line that changes only the comment brings no origin.
func (s *Store) History(ctx context.Context, id assessment.ID, q checklist.QuestionID) ([]assessment.Change, error) {
	var list []assessment.Change
	var before assessment.Entry
	var last answerRow
	err := s.each(ctx, func(row scanner) error {
		var r answerRow
		if err := row.Scan(r.fields()...); err != nil {
			return err
		}
		e, err := r.entry()
		c := assessment.Change{Revision: e.Revision, By: e.By, At: e.At, FromGiven: before.Given, From: before.Answer,
			ToGiven: e.Given, To: e.Answer, Comment: e.Comment, Before: before.Comment}
		if !r.saysLike(last) {
			c.Origin = e.Origin
		}
		list = append(list, c)
		before, last = e, r
		return err
	}, `SELECT `+answerColumns+` FROM changes w WHERE w.assessment_id = ? AND w.question = ? ORDER BY w.revision`,
		int64(id), string(q))
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list, translate("load history", err)
}
