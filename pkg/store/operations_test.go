package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pressly/goose/v3"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/store"
)

// rawSQLite opens the file of a data folder past the store, as another program could.
func rawSQLite(t testing.TB, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.DatabaseFile)+
		"?_txlock=immediate&_pragma=busy_timeout(10000)")
	must(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

// holdWriteLock keeps every other process from writing until release is called.
func holdWriteLock(t testing.TB, dir string) (release func()) {
	t.Helper()
	tx, err := rawSQLite(t, dir).Begin()
	must(t, err)
	return func() { must(t, tx.Rollback()) }
}

func TestReadiness(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		must(t, s.Ping(t.Context()))
		must(t, s.Ready(t.Context()))
		must(t, s.Close())
		wantFault(t, s.Ready(t.Context()), fault.Unavailable, "database_unavailable")
	})
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	s, dir := onSQLite(t)
	openRound(t, s, 1)
	for _, name := range []string{store.DatabaseFile, store.DatabaseFile + "-wal"} {
		info, err := os.Stat(filepath.Join(dir, name))
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
}

// A stopped program leaves one file that can be copied.
func TestCloseFoldsTheLogIntoTheDatabase(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Config{DataDir: dir})
	must(t, err)
	openRound(t, s, 3)
	must(t, s.Close())
	must(t, s.Close())
	names, err := filepath.Glob(filepath.Join(dir, store.DatabaseFile+"*"))
	must(t, err)
	if len(names) != 1 {
		t.Errorf("left after closing: %v", names)
	}
}

func TestOneServerForAFolder(t *testing.T) {
	dir := t.TempDir()
	server := openStore(t, store.Config{DataDir: dir, Serve: true})
	openRound(t, server, 1)
	_, err := store.Open(t.Context(), store.Config{DataDir: dir, Serve: true})
	wantFault(t, err, fault.Conflict, "data_dir_in_use")
	_, err = store.Restore(t.Context(), t.TempDir(), filepath.Join(dir, store.DatabaseFile))
	wantFault(t, err, fault.Invalid, "backup_unfinished")
	backup := filepath.Join(t.TempDir(), "backup.db")
	must(t, server.Backup(t.Context(), backup))
	_, err = store.Restore(t.Context(), dir, backup)
	wantFault(t, err, fault.Conflict, "data_dir_in_use")

	// The command line works beside it.
	command := openStore(t, store.Config{DataDir: dir})
	_, err = command.CreateUser(t.Context(), account.User{Email: "a@example.org", Role: account.TownLead,
		Town: town(0).AGS, Created: noon}, account.Event{})
	must(t, err)
	if _, err := server.UserByEmail(t.Context(), "a@example.org"); err != nil {
		t.Errorf("the server does not see the new user: %v", err)
	}
}

func TestBackupUnderLoadRestores(t *testing.T) {
	s, dir := onSQLite(t)
	r := openRound(t, s, writers)
	ids := [writers]assessment.ID{}
	for i := range ids {
		ids[i] = assessmentOf(t, s, r, i)
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	other := openStore(t, store.Config{DataDir: dir}) // as another process would
	var done atomic.Bool
	var saved [writers]atomic.Int64
	var before [writers]int64
	errs := together(writers+1, func(i int) error {
		if i == writers {
			defer done.Store(true)
			for sum := int64(0); sum < 2000; {
				sum = 0
				for w := range saved {
					before[w] = saved[w].Load()
					sum += before[w]
				}
			}
			return other.Backup(context.Background(), file)
		}
		for n := 0; !done.Load(); n++ {
			q := checklist.QuestionID(fmt.Sprintf("q%d", n%54))
			if _, err := saveOne(context.Background(), s, write(ids[i], q, checklist.OptionID(fmt.Sprintf("o%d", n)),
				n/54)); err != nil {
				return err
			}
			saved[i].Add(1)
		}
		return nil
	})
	must(t, errors.Join(errs...))
	wantFault(t, s.Backup(t.Context(), file), fault.Conflict, "file_exists")

	fresh := filepath.Join(t.TempDir(), "fresh")
	kept, err := store.Restore(t.Context(), fresh, file)
	must(t, err)
	if kept != "" {
		t.Errorf("kept %q of an empty folder", kept)
	}
	restored := openStore(t, store.Config{DataDir: fresh, Serve: true})
	for i := range ids {
		sum := int64(0)
		for _, e := range checkHistory(t, restored, ids[i]) {
			sum += int64(e.Revision)
		}
		h, err := restored.Head(t.Context(), ids[i])
		must(t, err)
		if sum < before[i] || h.Change != sum {
			t.Errorf("assessment %d: %d answers, change %d; %d were acknowledged before the backup", i, sum, h.Change,
				before[i])
		}
	}
	left, err := filepath.Glob(file + ".part*")
	must(t, err)
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRestoreKeepsTheOldDatabase(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Config{DataDir: dir})
	must(t, err)
	openRound(t, s, 1)
	file := filepath.Join(t.TempDir(), "backup.db")
	must(t, s.Backup(t.Context(), file))
	_, err = saveOne(t.Context(), s, write(1, "q", "after the backup", 0))
	must(t, err)
	must(t, s.Close())
	kept, err := store.Restore(t.Context(), dir, file)
	must(t, err)
	restored := openStore(t, store.Config{DataDir: dir})
	if entries, err := restored.Entries(t.Context(), 1); err != nil || len(entries) != 0 {
		t.Errorf("restored: %v %v", entries, err)
	}
	old := t.TempDir()
	_, err = store.Restore(t.Context(), old, kept)
	must(t, err)
	if entries, err := openStore(t, store.Config{DataDir: old}).Entries(t.Context(), 1); err != nil ||
		len(entries) != 1 {
		t.Errorf("kept: %v %v", entries, err)
	}
}

func TestRestoreRefusesWhatIsNoBackup(t *testing.T) {
	s, dir := onSQLite(t)
	openRound(t, s, 40)
	good := filepath.Join(t.TempDir(), "good.db")
	must(t, s.Backup(t.Context(), good))
	must(t, s.Close())
	data, err := os.ReadFile(good)
	must(t, err)
	for name, content := range map[string][]byte{
		"empty":     {},
		"text":      []byte("this is not a database"),
		"truncated": data[:len(data)/2],
		"damaged": append(append(bytes.Clone(data[:8192]), bytes.Repeat([]byte{0x5a}, 40960)...),
			data[8192+40960:]...),
	} {
		file := filepath.Join(t.TempDir(), name)
		must(t, os.WriteFile(file, content, 0o600))
		_, err := store.Restore(t.Context(), dir, file)
		wantFault(t, err, fault.Invalid, "")
	}
	_, err = store.Restore(t.Context(), dir, filepath.Join(dir, "missing"))
	wantFault(t, err, fault.Invalid, "backup_missing")

	foreign := t.TempDir()
	_, err = rawSQLite(t, foreign).Exec(`CREATE TABLE somebody (x)`)
	must(t, err)
	_, err = store.Restore(t.Context(), dir, filepath.Join(foreign, store.DatabaseFile))
	wantFault(t, err, fault.Invalid, "database_foreign")
	_, err = store.Open(t.Context(), store.Config{DataDir: foreign})
	wantFault(t, err, fault.Invalid, "database_foreign")

	if again := openStore(t, store.Config{DataDir: dir}); again.Ping(t.Context()) != nil {
		t.Error("the database was touched by a refused restore")
	}
}

func TestPostgresBacksUpWithItsOwnTool(t *testing.T) {
	s := openStore(t, store.Config{DatabaseURL: testkit.Postgres(t)})
	err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "x"))
	wantFault(t, err, fault.Invalid, "backup_postgres")
	if !strings.Contains(err.Error(), "pg_dump") {
		t.Error(err)
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	address := testkit.Postgres(t)
	for name, c := range map[string]store.Config{"sqlite": {DataDir: dir}, "postgres": {DatabaseURL: address}} {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), c)
			must(t, err)
			must(t, s.Close())
			db := rawSQLite(t, dir)
			if name == "postgres" {
				db = rawPostgres(t, address)
			}
			_, err = db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`)
			must(t, err)
			_, err = store.Open(t.Context(), c)
			wantFault(t, err, fault.Invalid, "database_newer")
		})
	}
}

func rawPostgres(t testing.TB, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

// A database of the first version, with people in it, becomes one of today and is copied before.
func TestMigrationFromTheFirstVersion(t *testing.T) {
	dir := t.TempDir()
	address := testkit.Postgres(t)
	for name, c := range map[string]store.Config{"sqlite": {DataDir: dir}, "postgres": {DatabaseURL: address}} {
		t.Run(name, func(t *testing.T) {
			db, dialect := rawSQLite(t, dir), goose.DialectSQLite3
			if name == "postgres" {
				db, dialect = rawPostgres(t, address), goose.DialectPostgres
			} else {
				_, err := db.Exec(`PRAGMA application_id = 1332900979`)
				must(t, err)
			}
			p, err := goose.NewProvider(dialect, db, os.DirFS(filepath.Join("migrations", name)),
				goose.WithDisableGlobalRegistry(true))
			must(t, err)
			_, err = p.UpTo(t.Context(), 1)
			must(t, err)
			_, err = db.Exec(
				`INSERT INTO regions (id, name, agency, source) VALUES ('suedwestfalen', 'Südwestfalen', '', '')`)
			must(t, err)
			_, err = db.Exec(`INSERT INTO users (email, name, role, region, language, password_hash, disabled, created)
				VALUES ('old@example.org', 'Alt', 'agency-admin', 'suedwestfalen', 'de', 'phc', FALSE, 1700000000000000)`)
			must(t, err)

			s := openStore(t, c)
			u, err := s.UserByEmail(t.Context(), "old@example.org")
			must(t, err)
			if u.Created.Unix() != 1700000000 || u.Region != suedwestfalen {
				t.Errorf("user %+v", u)
			}
			openRound(t, s, 2)
			if name == "postgres" {
				return
			}
			copies, err := filepath.Glob(filepath.Join(dir, "ortsspiegel.before-schema-*.db"))
			must(t, err)
			if len(copies) != 1 {
				t.Fatalf("copies before migrating: %v", copies)
			}
			old, err := sql.Open("sqlite", copies[0])
			must(t, err)
			defer old.Close()
			var n int
			must(t, old.QueryRow(`SELECT count(*) FROM users`).Scan(&n))
			if n != 1 {
				t.Errorf("%d users in the copy", n)
			}
		})
	}
}

func TestUnreachablePostgresIsUnavailable(t *testing.T) {
	_, err := store.Open(t.Context(),
		store.Config{DatabaseURL: "postgres:///x?host=" + t.TempDir() + "&user=test&password=geheim"})
	wantFault(t, err, fault.Unavailable, "database_unavailable")
	_, err = store.Open(t.Context(), store.Config{DatabaseURL: "postgres://u:geheim@h:notaport/x"})
	wantFault(t, err, fault.Invalid, "database_url")
	if strings.Contains(err.Error(), "geheim") {
		t.Errorf("the password is in the error: %v", err)
	}
}
