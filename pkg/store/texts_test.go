package store_test

import (
	"fmt"
	"testing"

	"github.com/pressly/goose/v3"

	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/store"
)

// TestTextsAreMigrated: what was stored as programs sent it comes into the one form of texts, in an answer and in its
// history alike; what has it already, and what is no text, stays.
func TestTextsAreMigrated(t *testing.T) {
	dir, address := t.TempDir(), testkit.Postgres(t)
	for name, c := range map[string]store.Config{"sqlite": {DataDir: dir}, "postgres": {DatabaseURL: address}} {
		t.Run(name, func(t *testing.T) {
			db, dialect := rawPostgres(t, address), goose.DialectPostgres
			if name == "sqlite" {
				db, dialect = rawSQLite(t, dir), goose.DialectSQLite3
				_, err := db.Exec(`PRAGMA application_id = 1332900979`)
				must(t, err)
			}
			asOfSchema4(t, db, dialect, name)
			for _, of := range oldTexts {
				_, err := db.Exec(fmt.Sprintf(`UPDATE %s SET %s = '%s' WHERE %s`, of.table, of.column, of.before,
					of.row))
				must(t, err)
			}
			openStore(t, c)
			for _, of := range oldTexts {
				var got string
				must(t, db.QueryRow(fmt.Sprintf(`SELECT %s FROM %s WHERE %s`, of.column, of.table, of.row)).Scan(&got))
				if got != of.after {
					t.Errorf("%s.%s: %+q, want %+q", of.table, of.column, got, of.after)
				}
			}
		})
	}
}

var oldTexts = []struct{ table, column, row, before, after string }{
	{"municipalities", "name", "ags = '05000000'", "O\u0308lde", "Ölde"},
	{"regions", "agency", "id = 'suedwestfalen'", "Agentur\u00A0fu\u0308r alle", "Agentur für alle"},
	{"users", "name", "id = 1", "\u202AAyşe Du\u0308rr\u202C", "Ayşe Dürr"},
	{"rounds", "title", "id = 1", "Alte\u200B Runde", "Alte Runde"},
	{"assessments", "reopen_reason", "id = 2", "bitte\r\npru\u0308fen", "bitte\nprüfen"},
	{"answers", "comment", "question = 'choice'", "\u2066A\u0308mter\u2069", "Ämter"},
	{"changes", "comment", "question = 'choice' AND revision = 2", "\u2066A\u0308mter\u2069", "Ämter"},
	{"answers", "value", "question = 'text'", "Zeile 1\r\nBu\u0308ro", "Zeile 1\nBüro"},
	{"answers", "value", "question = 'na'", "\u200B\u200B", "\u200B\u200B"},
	{"answers", "value", "question = 'date'", "2023-01-31", "2023-01-31"},
	{"evidence", "title", "id = 2", "Gro\u0308\u00DFe.pdf", "Größe.pdf"},
	{"delegations", "note", "id = 1", "Gru\u0308\u00DFe\u00AD", "Grüße"},
}
