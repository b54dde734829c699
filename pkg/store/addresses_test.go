package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/store"
)

// TestAddressesAreMigrated: what was stored as it was typed comes into one form; where accounts turn out to be the same
// person's, the one in use keeps the address and the others lose nothing but the way in.
func TestAddressesAreMigrated(t *testing.T) {
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
			s := openStore(t, c)
			for email, want := range map[string]int64{"amt@xn--kln-sna.example": 3,
				"erika@xn--hringen-amt-qfb.example": 2, "plain@example.org": 5} {
				if u, err := s.UserByEmail(t.Context(), email); err != nil || int64(u.ID) != want {
					t.Errorf("%s is account %d (%v), want %d", email, u.ID, err, want)
				}
			}
			all, err := s.Everybody(t.Context())
			must(t, err)
			if len(all) != 5 {
				t.Errorf("%d of 5 accounts are left", len(all))
			}
			notes := s.Migration().Notes
			if len(notes) != 2 || !strings.Contains(notes[0], "account 1 ") ||
				!strings.Contains(notes[1], "account 4 ") || !strings.Contains(notes[1], "erika@öhringen-amt.example") {
				t.Errorf("notes: %q", notes)
			}
			var email string
			must(t, db.QueryRow(`SELECT email FROM delegations`).Scan(&email))
			if email != "kollegin@xn--kln-sna.example" {
				t.Errorf("a colleague's address is %s", email)
			}
			_, err = s.CreateUser(t.Context(), account.User{Email: "erika@xn--hringen-amt-qfb.example",
				Role: account.AgencyAdmin, Region: suedwestfalen, Created: noon}, account.Event{})
			wantFaultText(t, err, "erika@öhringen-amt.example", "UNIQUE", "constraint")
		})
	}
}

// asOfSchema4 makes a database of the fourth version: three ways to write one address, two of them with a password.
func asOfSchema4(t *testing.T, db *sql.DB, dialect goose.Dialect, name string) {
	t.Helper()
	p, err := goose.NewProvider(dialect, db, os.DirFS(filepath.Join("migrations", name)),
		goose.WithDisableGlobalRegistry(true))
	must(t, err)
	_, err = p.UpTo(t.Context(), 4)
	must(t, err)
	for _, insert := range second {
		if strings.Contains(insert, "INTO users") {
			continue
		}
		for _, text := range []string{"'bytes'", "'r1'", "'r2'", "'release'", "'%PDF'"} {
			if name == "sqlite" { // its strict tables tell text from bytes
				insert = strings.ReplaceAll(insert, text, fmt.Sprintf("x'%x'", strings.Trim(text, "'")))
			} else {
				insert = strings.ReplaceAll(insert, text, text+"::bytea")
			}
		}
		_, err = db.Exec(insert)
		must(t, err)
	}
	for i, u := range []struct{ email, hash, seen string }{
		{"erika@xn--hringen-amt-qfb.example", "", "NULL"}, {"erika@öhringen-amt.example", "phc", "1700000000000000"},
		{"amt@köln.example", "phc", "NULL"},
		{"erika@o\u0308hringen-amt.example", "phc", "NULL"}, {"plain@example.org", "", "NULL"},
	} {
		_, err = db.Exec(fmt.Sprintf(`INSERT INTO users (id, email, name, role, region, language, password_hash, disabled, created, last_sign_in)
			VALUES (%d, '%s', 'Name', 'agency-admin', 'suedwestfalen', 'de', '%s', FALSE, 1700000000000000, %s)`, i+1, u.email, u.hash, u.seen))
		must(t, err)
	}
	hash := "x'" + strings.Repeat("ab", 32) + "'"
	if name == "postgres" {
		hash = `'\x` + strings.Repeat("ab", 32) + `'`
	}
	if name == "postgres" { // explicit ids do not move the counter
		_, err = db.Exec(`SELECT setval(pg_get_serial_sequence('users', 'id'), 5)`)
		must(t, err)
	}
	_, err = db.Exec(`INSERT INTO delegations (assessment_id, hash, questions, recipient, email, note, created, by_user, by_name, expires, uses, name, reminders)
		VALUES (1, ` + hash + `, '[]', 'Amt', 'Kollegin@köln.example', '', 1, 1, 'Alt', 2, 0, '', 0)`)
	must(t, err)
}

// wantFaultText wants a message that says one thing and none of the others.
func wantFaultText(t *testing.T, err error, says string, not ...string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), says) {
		t.Fatalf("%v does not say %q", err, says)
	}
	for _, word := range not {
		if strings.Contains(err.Error(), word) {
			t.Errorf("%v says %q", err, word)
		}
	}
}
