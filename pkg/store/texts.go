package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"ortsspiegel/pkg/internal/plaintext"
)

// textColumns are what people wrote, by table: lines, and texts of several lines. What was stored after every door knew
// one notion of text is not among them, nor is what something else is compared with: addresses, keys, bytes of files.
var textColumns = []struct{ table, lines, texts string }{
	{"municipalities", "name official_name district_name", ""},
	{"regions", "name agency source", ""},
	{"users", "name", ""},
	{"rounds", "title", ""},
	{"assessments", "submitted_name", "reopen_reason removed_reason"},
	{"answers", "by_name origin_subject", "comment"},
	{"changes", "by_name origin_subject", "comment"},
	{"handovers", "by_name", "reason"},
	{"evidence", "title by_name origin_subject", ""},
	{"delegations", "recipient name by_name", "note"},
	{"events", "name subject", "detail"},
	{"notices", "name subject", "detail"},
}

// normalTexts brings what was stored before there was one notion of text into the form in which it would be stored
// today, so that it is found, compared and shown like the rest: an answer and its line in the history alike.
func normalTexts(ctx context.Context, tx *sql.Tx, bind func(string) string) (notes []string, err error) {
	for _, t := range textColumns {
		for column := range strings.FieldsSeq(t.lines) {
			if err := normalColumn(ctx, tx, bind, t.table, column, "", plaintext.Line); err != nil {
				return nil, err
			}
		}
		for column := range strings.FieldsSeq(t.texts) {
			if err := normalColumn(ctx, tx, bind, t.table, column, "", plaintext.Text); err != nil {
				return nil, err
			}
		}
	}
	// Of answers only those that are texts; one of which nothing would remain stays, since it was counted as given.
	for _, table := range []string{"answers", "changes"} {
		given := func(s string) string {
			if clean := plaintext.Text(s); clean != "" {
				return clean
			}
			return s
		}
		err := normalColumn(ctx, tx, bind, table, "value", ` AND kind IN ('text', 'not_applicable')`, given)
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// valuesAtOnce is how many values one pass over a table changes; a pass reads all of it, since no index helps.
const valuesAtOnce = 1000

// normalColumn changes the values of a column that are not as normal would have them, each wherever it stands.
func normalColumn(ctx context.Context, tx *sql.Tx, bind func(string) string, table, column, where string,
	normal func(string) string) error {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT `+column+` FROM `+table+` WHERE `+column+` <> ''`+where)
	if err != nil {
		return err
	}
	defer rows.Close()
	var pairs []any // as stored and as it would be, by turns; few: most of what people write is in its form
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		if clean := normal(s); clean != s {
			pairs = append(pairs, s, clean)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := rows.Close(); err != nil {
		return err
	}
	for some := range slices.Chunk(pairs, 2*valuesAtOnce) {
		values := strings.TrimSuffix(strings.Repeat(`(?, ?), `, len(some)/2), `, `)
		update := bind(`UPDATE ` + table + ` SET ` + column + ` = found.column2 FROM (VALUES ` + values +
			`) AS found WHERE ` + table + `.` + column + ` = found.column1` + where)
		if _, err := tx.ExecContext(ctx, update, some...); err != nil {
			return err
		}
	}
	return nil
}
