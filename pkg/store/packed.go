package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
)

// packedAnswers is a column with all answers of the assessment a: of each the question, the
// kind and the value's length in bytes, each with a space behind, then the value. One row for
// an assessment is read twice as fast as one for each answer, and a length, unlike a
// separator, can stand before any text.
const packedAnswers = `(SELECT string_agg(w.question || ' ' || w.kind || ' ' || octet_length(w.value) || ' ' || w.value, '')
		FROM answers w WHERE w.assessment_id = a.id AND w.kind <> '` + kindOpen + `')`

// SubmittedAnswers implements round.Store: one statement is one consistent reading.
func (s *Store) SubmittedAnswers(ctx context.Context, rounds []round.ID, f func(round.Answered) error) error {
	in, args := listed(rounds)
	u := newUnpacker()
	var packed sql.RawBytes
	err := s.each(ctx, func(row scanner) error {
		var n round.Answered
		if err := row.Scan(&n.Round, &n.Town, &packed); err != nil {
			return err
		}
		var err error
		if n.Answers, err = u.unpack(packed); err != nil {
			return err
		}
		return f(n)
	}, `SELECT a.round_id, a.ags, `+packedAnswers+` FROM assessments a WHERE a.round_id IN `+in+` AND a.status = 'submitted' AND a.removed_at IS NULL
		ORDER BY a.ags`, args...)
	return translate("read submitted answers", err)
}

// SubmissionMark implements round.Store. Submissions are numbered and never deleted: among those
// that stand, their number and the highest one are the same again only if all of them are. The
// changes are there for PostgreSQL, which may number two in another order than it commits them;
// without them SQLite reads indexes alone, in half the time. The round's revision is there for
// towns that were taken out or back in, and the towns' own for their names.
func (s *Store) SubmissionMark(ctx context.Context, rounds []round.ID) (string, error) {
	in, args := listed(rounds)
	changes := `0`
	if s.postgres {
		changes = `CAST(sum(a.change) AS BIGINT)`
	}
	var mark strings.Builder
	err := s.each(ctx, func(row scanner) error {
		var id, n, newest, changes, revision int64
		var towns string
		if err := row.Scan(&id, &n, &newest, &changes, &revision, &towns); err != nil {
			return err
		}
		fmt.Fprintf(&mark, "%d:%d:%d:%d:%d:%s ", id, n, newest, changes, revision, towns)
		return nil
	}, `SELECT r.id, m.n, m.newest, m.changes, r.revision, coalesce((SELECT value FROM settings WHERE name = ?), '') FROM
		(SELECT a.round_id, count(*) AS n, max(h.id) AS newest, `+changes+` AS changes FROM assessments a
			JOIN handovers h ON h.assessment_id = a.id AND h.withdrawn_at IS NULL
			WHERE a.round_id IN `+in+` GROUP BY a.round_id) m
		JOIN rounds r ON r.id = m.round_id ORDER BY r.id`, append([]any{townsRevision}, args...)...)
	return mark.String(), translate("mark submissions", err)
}

// AnswersOf implements round.Store.
func (s *Store) AnswersOf(ctx context.Context, list []assessment.ID) (map[assessment.ID]score.Answers, error) {
	keys, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	in := `(SELECT value FROM json_each(?))`
	if s.postgres {
		in = `(SELECT value::bigint FROM json_array_elements_text(?::json))`
	}
	u := newUnpacker()
	var packed sql.RawBytes
	found := make(map[assessment.ID]score.Answers, len(list))
	err = s.each(ctx, func(row scanner) error {
		var id assessment.ID
		if err := row.Scan(&id, &packed); err != nil {
			return err
		}
		var err error
		found[id], err = u.unpack(packed)
		return err
	}, `SELECT a.id, `+packedAnswers+` FROM assessments a WHERE a.id IN `+in, string(keys))
	return found, translate("load answers of assessments", err)
}

// TownsOf implements round.Store.
func (s *Store) TownsOf(ctx context.Context, rounds []round.ID) ([]region.Municipality, error) {
	var revision string // of the towns: the statement brings it along
	var keys []region.AGS
	in, args := listed(rounds)
	err := s.each(ctx, func(row scanner) error {
		var value string
		var isTown bool
		err := row.Scan(&value, &isTown)
		if isTown {
			keys = append(keys, region.AGS(value))
		} else {
			revision = value
		}
		return err
	}, `SELECT DISTINCT p.ags, TRUE FROM participants p WHERE p.round_id IN `+in+` AND NOT EXISTS (SELECT 1 FROM assessments a
		WHERE a.round_id = p.round_id AND a.ags = p.ags AND a.removed_at IS NOT NULL)
		UNION ALL SELECT value, FALSE FROM settings WHERE name = ?`, append(args, townsRevision)...)
	if err != nil {
		return nil, translate("list towns of rounds", err)
	}
	s.register.at(revision)
	known, err := s.registered(ctx, revision, keys)
	if err != nil {
		return nil, err
	}
	byKey(keys, func(ags region.AGS) string { return known[ags].key })
	list := make([]region.Municipality, len(keys))
	for i, ags := range keys {
		list[i] = known[ags].Municipality
	}
	return list, nil
}

// listed returns the right side of IN for some rounds, none included.
func listed(rounds []round.ID) (in string, args []any) {
	if len(rounds) == 0 {
		return `(NULL)`, nil
	}
	for _, id := range rounds {
		args = append(args, int64(id))
	}
	return `(?` + strings.Repeat(`, ?`, len(rounds)-1) + `)`, args
}

// unpacker reads packedAnswers. Thousands of assessments say the same few things, so each is
// decoded once and shared.
type unpacker struct {
	known map[string]saying // by the packed text
	last  int               // how many answers the assessment before had
}

// saying is one answer to one question.
type saying struct {
	question checklist.QuestionID
	answer   checklist.Answer
}

func newUnpacker() *unpacker { return &unpacker{known: map[string]saying{}} }

// mostKnown bounds how many answers are kept; free texts are not among them.
const mostKnown = 1 << 14

func (u *unpacker) unpack(packed []byte) (score.Answers, error) {
	answers := make(score.Answers, u.last)
	for len(packed) > 0 {
		question, rest, _ := bytes.Cut(packed, space)
		kind, rest, _ := bytes.Cut(rest, space)
		length, value, ok := bytes.Cut(rest, space)
		n, err := strconv.Atoi(string(length))
		if !ok || err != nil || n < 0 || n > len(value) {
			return nil, fmt.Errorf("packed answers are broken at %q", packed[:min(len(packed), 40)])
		}
		text := packed[:len(packed)-len(value)+n]
		s, known := u.known[string(text)]
		if !known {
			s.question = checklist.QuestionID(question)
			if _, s.answer, err = decodeAnswer(string(kind), string(value[:n])); err != nil {
				return nil, err
			}
			if s.answer.Kind != checklist.AnswerText && s.answer.Kind != checklist.AnswerNotApplicable &&
				len(u.known) < mostKnown {
				u.known[string(text)] = s
			}
		}
		answers[s.question] = s.answer
		packed = value[n:]
	}
	u.last = len(answers)
	return answers, nil
}

var space = []byte(" ")
