package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// pinned is a version of the checklist "reihe"; its bytes hold a NUL and no newline at the end.
func pinned(version, from checklist.Version, edition string) lineage.Pinned {
	return lineage.Pinned{Ref: checklist.Ref{ID: "reihe", Version: version}, Hash: string(version) + edition,
		From: from, Raw: []byte("version: " + string(version) + "\r\n\x00" + edition)}
}

// pin creates a round on the last of some versions.
func pin(t *testing.T, s *store.Store, pins ...lineage.Pinned) {
	t.Helper()
	last := pins[len(pins)-1]
	r := round.Round{Region: suedwestfalen, Title: "Reihe", Checklist: last.Ref, Hash: last.Hash, Opens: noon,
		Closes: noon.AddDate(0, 0, 1), Status: round.Planned, Created: noon}
	_, err := s.Create(t.Context(), r, pins, []region.AGS{town(0).AGS}, account.Event{})
	must(t, err)
}

func wantLineage(t *testing.T, s *store.Store, want ...lineage.Pinned) {
	t.Helper()
	got, err := s.Lineage(t.Context(), want[0].Hash)
	must(t, err)
	if !slices.EqualFunc(got, want, func(a, b lineage.Pinned) bool {
		return a.Ref == b.Ref && a.Hash == b.Hash && bytes.Equal(a.Raw, b.Raw)
	}) {
		t.Errorf("lineage of %s: %q, want %q", want[0].Hash, got, want)
	}
	for i := range got[1:] {
		if got[i].From != got[i+1].Ref.Version {
			t.Errorf("%s comes from %s", got[i].Ref, got[i].From)
		}
	}
}

func TestLineage(t *testing.T) {
	one, two, three := pinned("1.0.0", "", ""), pinned("1.1.0", "1.0.0", ""), pinned("2.0.0", "1.1.0", "")
	onEach(t, func(t *testing.T, s *store.Store) {
		must(t, s.SaveRegion(t.Context(), region.Region{ID: suedwestfalen}, towns(1), account.Event{}))
		_, err := s.Lineage(t.Context(), three.Hash)
		wantFault(t, err, fault.NotFound, "")
		pin(t, s, one, two, three)
		pin(t, s, one, two, three)
		wantLineage(t, s, three, two, one)
		wantLineage(t, s, two, one)
		wantLineage(t, s, one)
		raw, err := s.Checklist(t.Context(), two.Hash)
		must(t, err)
		if !bytes.Equal(raw, two.Raw) {
			t.Errorf("stored %q", raw)
		}
	})
}

// The files before may be gone: what was pinned for an earlier round stands in, and a version that
// was pinned without knowing its ancestors learns of them, but never changes its bytes.
func TestLineageOfWhatWasPinnedBefore(t *testing.T) {
	one, two, three := pinned("1.0.0", "", ""), pinned("1.1.0", "1.0.0", ""), pinned("2.0.0", "1.1.0", "")
	onEach(t, func(t *testing.T, s *store.Store) {
		must(t, s.SaveRegion(t.Context(), region.Region{ID: suedwestfalen}, towns(1), account.Event{}))
		pin(t, s, two) // 1.0.0 is nowhere
		wantLineage(t, s, two)
		pin(t, s, three)
		wantLineage(t, s, three, two)
		altered := two
		altered.Raw = []byte("altered")
		pin(t, s, one, altered)
		wantLineage(t, s, three, two, one)
		pin(t, s, pinned("1.0.0", "", "b"), two)
		wantLineage(t, s, three, two, one)
	})
}

// Of several editions of a version that of the newest round counts, also where it is not the round's own checklist.
func TestNewestPinnedEdition(t *testing.T) {
	one, edited, two := pinned("1.0.0", "", ""), pinned("1.0.0", "", "b"), pinned("1.1.0", "1.0.0", "")
	other := lineage.Pinned{Ref: checklist.Ref{ID: "andere", Version: "1.0.0"}, Hash: "andere", Raw: []byte("andere")}
	onEach(t, func(t *testing.T, s *store.Store) {
		must(t, s.SaveRegion(t.Context(), region.Region{ID: suedwestfalen}, towns(1), account.Event{}))
		_, err := s.PinnedHash(t.Context(), one.Ref)
		wantFault(t, err, fault.NotFound, "")
		want := func(hash string) {
			t.Helper()
			got, err := s.PinnedHash(t.Context(), one.Ref)
			must(t, err)
			if got != hash {
				t.Errorf("the newest edition is %q, want %q", got, hash)
			}
		}
		pin(t, s, edited)
		pin(t, s, other)
		want(edited.Hash)
		pin(t, s, one, two)
		want(one.Hash)
		pin(t, s, edited)
		want(edited.Hash)
		pin(t, s, two)
		want(one.Hash)
		_, err = s.PinnedHash(t.Context(), checklist.Ref{ID: "reihe", Version: "3.0.0"})
		wantFault(t, err, fault.NotFound, "")
	})
}

// Bulk loading says where answers come from, as people's confirmations do.
func TestImportedOrigins(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		id := openRound(t, s, 1)
		var entries []assessment.Entry
		for i := range 150 { // more than fit one statement
			e := assessment.Entry{Question: checklist.QuestionID(fmt.Sprintf("q%03d", i)), Given: true,
				Answer: options("x"), Comment: "c", By: "Erika", At: noon}
			if i%2 == 0 {
				e.Origin = carriedFrom
			}
			entries = append(entries, e)
		}
		evidence := []assessment.Evidence{{Question: "q000", Link: "https://example.org/", Title: "Seite", By: "Erika",
			At: noon, Origin: carriedFrom}}
		must(t, s.ImportAssessments(ctx, id,
			[]assessment.Import{{Town: town(0).AGS, Entries: entries, Evidence: evidence, By: 7}}))
		a := assessmentOf(t, s, id, 0)
		stored := checkHistory(t, s, a)
		for _, e := range entries {
			history, err := s.History(ctx, a, e.Question)
			must(t, err)
			if got := stored[e.Question]; got.Origin != e.Origin || got.Comment != "c" || got.By != "Erika" ||
				!got.At.Equal(noon) || history[0].Origin != e.Origin {
				t.Errorf("%s: %+v, history %+v", e.Question, got, history)
			}
		}
		list, err := s.Evidence(ctx, a)
		must(t, err)
		if len(list) != 1 || list[0].Origin != carriedFrom {
			t.Errorf("evidence: %+v", list)
		}
	})
}

// second are rows of every table as the second version of the schema has them.
var second = []string{
	`INSERT INTO municipalities (ags, name, official_name, kind, district_key, district_name, population, population_date, area_km2, lat, lon) VALUES
		('05000000', 'Ort 00000', 'Ort', 'Stadt', '05000', 'Kreis', 5000, '2024-12-31', 12.5, 51.25, 8.125), ('05000001', 'Ort 00001', 'Ort', 'Stadt', '05000', 'Kreis', 5100, '2024-12-31', 12.5, 51.25, 8.125)`,
	`INSERT INTO regions (id, name, agency, source) VALUES ('suedwestfalen', 'Südwestfalen', 'Agentur', 'Quelle')`,
	`INSERT INTO region_towns (region_id, ags) VALUES ('suedwestfalen', '05000000'), ('suedwestfalen', '05000001')`,
	`INSERT INTO users (email, name, role, town, language, password_hash, disabled, created) VALUES ('old@example.org', 'Alt', 'town-lead', '05000000', 'de', 'phc', FALSE, 1700000000000000)`,
	`INSERT INTO checklists (hash, id, version, raw) VALUES ('h1', 'reihe', '1.0.0', 'bytes')`,
	`INSERT INTO rounds (id, region_id, title, checklist_hash, opens, closes, status, created, peer_groups) VALUES
		(1, 'suedwestfalen', 'Alte Runde', 'h1', 1700000000000000, 1900000000000000, 'open', 1700000000000000, '[]'), (2, 'suedwestfalen', 'Neue Runde', 'h1', 1700000000000000, 1900000000000000, 'open', 1700000000000000, '[]')`,
	`INSERT INTO participants (round_id, ags, population, consent_total, consent_sections, consent_examples) VALUES (1, '05000000', 5000, TRUE, FALSE, FALSE), (2, '05000000', NULL, FALSE, FALSE, TRUE)`,
	`INSERT INTO assessments (id, round_id, ags, status, change, submitted_at, submitted_name, reopen_reason) VALUES
		(1, 1, '05000000', 'submitted', 7, 1700000001000000, 'Alt', ''), (2, 2, '05000000', 'draft', 2, NULL, '', 'bitte prüfen')`,
	`INSERT INTO answers (assessment_id, question, kind, value, comment, revision, by_user, by_name, at) VALUES
		(1, 'choice', 'options', '["ja"]', 'Ä', 2, 1, 'Alt', 1700000000000001), (1, 'number', 'number', '0', '', 1, 1, 'Alt', 1700000000000002), (1, 'na', 'not_applicable', 'gibt es nicht', '', 1, 1, 'Alt', 1700000000000003),
		(1, 'text', 'text', 'Zeile', '', 1, 1, 'Alt', 1700000000000004), (1, 'date', 'date', '2023-01-31', '', 1, 1, 'Alt', 1700000000000005), (2, 'open', 'open', '', 'nur ein Kommentar', 2, 1, 'Alt', 1700000000000006)`,
	`INSERT INTO changes (assessment_id, question, revision, kind, value, comment, by_user, by_name, at) VALUES
		(1, 'choice', 1, 'options', '["nein"]', '', 1, 'Alt', 1700000000000000), (1, 'choice', 2, 'options', '["ja"]', 'Ä', 1, 'Alt', 1700000000000001), (1, 'number', 1, 'number', '0', '', 1, 'Alt', 1700000000000002)`,
	`INSERT INTO handovers (assessment_id, change, by_user, by_name, at, record, withdrawn_at, reason) VALUES
		(1, 3, 1, 'Alt', 1700000000000010, 'r1', 1700000000000011, 'bitte prüfen'), (1, 6, 1, 'Alt', 1700000001000000, 'r2', NULL, '')`,
	`INSERT INTO releases (round_id, number, at, data) VALUES (1, 1, 1700000002000000, 'release')`,
	`INSERT INTO evidence (assessment_id, question, link, title, type, size, sha256, by_user, by_name, at) VALUES
		(1, 'choice', 'https://example.org/', 'Seite', '', 0, '', 1, 'Alt', 1700000000000020), (1, 'choice', '', 'Plan.pdf', 'application/pdf', 4, 'ab', 1, 'Alt', 1700000000000021)`,
	`INSERT INTO evidence_files (evidence_id, data) VALUES (2, '%PDF')`,
}

// allRows returns the rows of all tables, with the columns that columns names, or all where it is
// silent, which it fills in.
func allRows(t *testing.T, db *sql.DB, postgres bool, columns map[string]string) map[string][]string {
	t.Helper()
	if len(columns) == 0 {
		query := `SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid`
		if postgres {
			query = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position`
		}
		for _, row := range textRows(t, db, query) {
			table, column, _ := strings.Cut(row, "|")
			if table != "goose_db_version" && table != "readiness" && !strings.HasPrefix(table, "sqlite_") {
				columns[table] = strings.TrimPrefix(columns[table]+", "+strings.TrimSuffix(column, "|"), ", ")
			}
		}
	}
	rows := map[string][]string{}
	for table, list := range columns {
		rows[table] = textRows(t, db, `SELECT `+list+` FROM `+table+` ORDER BY 1, 2`)
	}
	return rows
}

func textRows(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	must(t, err)
	names, err := rows.Columns()
	must(t, err)
	var list []string
	for rows.Next() {
		values, fields := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			fields[i] = &values[i]
		}
		must(t, rows.Scan(fields...))
		line := ""
		for _, v := range values {
			line += fmt.Sprintf("%v|", v)
		}
		list = append(list, line)
	}
	must(t, rows.Err())
	return list
}

// A database of the second version, with answers in every form, becomes one of today: not one
// stored value is another, and what is new works on it.
func TestMigrationFromTheSecondVersion(t *testing.T) {
	dir, address := t.TempDir(), testkit.Postgres(t)
	for name, c := range map[string]store.Config{"sqlite": {DataDir: dir}, "postgres": {DatabaseURL: address}} {
		t.Run(name, func(t *testing.T) {
			postgres := name == "postgres"
			db, dialect := rawSQLite(t, dir), goose.DialectSQLite3
			if postgres {
				db, dialect = rawPostgres(t, address), goose.DialectPostgres
			} else {
				_, err := db.Exec(`PRAGMA application_id = 1332900979`)
				must(t, err)
			}
			p, err := goose.NewProvider(dialect, db, os.DirFS(filepath.Join("migrations", name)),
				goose.WithDisableGlobalRegistry(true))
			must(t, err)
			_, err = p.UpTo(t.Context(), 2)
			must(t, err)
			for _, insert := range second {
				if !postgres { // SQLite's strict tables tell text from bytes
					for _, text := range []string{"'bytes'", "'r1'", "'r2'", "'release'", "'%PDF'"} {
						insert = strings.ReplaceAll(insert, text, fmt.Sprintf("x'%x'", strings.Trim(text, "'")))
					}
				} else {
					insert = strings.ReplaceAll(strings.ReplaceAll(insert, "'bytes'", "'bytes'::bytea"), "'%PDF'",
						"'%PDF'::bytea")
				}
				_, err = db.Exec(insert)
				must(t, err)
			}
			if postgres { // explicit ids do not move the counters
				_, err = db.Exec(
					`SELECT setval(pg_get_serial_sequence('rounds', 'id'), 2), setval(pg_get_serial_sequence('assessments', 'id'), 2)`)
				must(t, err)
			}
			columns := map[string]string{}
			before := allRows(t, db, postgres, columns)
			for _, table := range []string{"answers", "changes", "evidence", "evidence_files", "handovers", "releases",
				"checklists"} {
				if len(before[table]) == 0 {
					t.Errorf("no rows in %s: this compares nothing", table)
				}
			}
			s := openStore(t, c)
			if m := s.Migration(); m.From != 2 || m.To < 4 || (m.Copy == "") != postgres {
				t.Errorf("opening says it did %+v", m)
			}
			after := allRows(t, db, postgres, columns)
			for table, rows := range before {
				if !slices.Equal(rows, after[table]) {
					t.Errorf("%s was\n%s\nand is\n%s", table, strings.Join(rows, "\n"),
						strings.Join(after[table], "\n"))
				}
			}
			useMigrated(t, s)
		})
	}
}

func useMigrated(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := context.Background()
	at := time.UnixMicro(1800000000000000).UTC()
	entries, err := s.Entries(ctx, 1)
	must(t, err)
	evidence, err := s.Evidence(ctx, 1)
	must(t, err)
	if e := entries["choice"]; len(entries) != 5 || e.Origin != (assessment.Origin{}) || e.Comment != "Ä" ||
		len(evidence) != 2 || evidence[1].Origin != (assessment.Origin{}) {
		t.Errorf("entries %+v, evidence %+v", entries, evidence)
	}
	wantLineage(t, s, lineage.Pinned{Ref: checklist.Ref{ID: "reihe", Version: "1.0.0"}, Hash: "h1",
		Raw: []byte("bytes")})
	done, err := s.Confirm(ctx, assessment.Confirmation{ID: 2, Source: 1, SourceChange: 7, By: 1, ByName: "Alt",
		At: at, Answers: []assessment.CarriedAnswer{
			{Question: "choice", Answer: options("ja"), Comment: "Ä", Origin: carriedFrom, Evidence: evidence},
			{Question: "open", Answer: options("ja"), Origin: carriedFrom}}})
	must(t, err)
	if len(done.Saved) != 2 || done.Saved[1].Revision != 3 || done.Saved[1].Comment != "nur ein Kommentar" {
		t.Errorf("confirmed: %+v", done)
	}
	copied, err := s.Evidence(ctx, 2)
	must(t, err)
	if len(copied) != 2 || copied[1].ID == evidence[1].ID {
		t.Fatalf("copied: %+v", copied)
	}
	_, data, err := s.EvidenceFile(ctx, 2, copied[1].ID)
	must(t, err)
	if string(data) != "%PDF" {
		t.Errorf("the copied file holds %q", data)
	}
	must(t, s.Submit(ctx, assessment.Handover{ID: 2, Change: 3, By: 1, ByName: "Alt", At: at, Record: []byte{1}}))
}
