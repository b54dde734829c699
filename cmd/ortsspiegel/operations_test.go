package main

import (
	"database/sql"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"ortsspiegel/pkg/store"
)

func TestServe(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 5)
	s := startServer(t, f.dir)
	v := s.visitor(t)
	for _, path := range []string{"/healthz", "/readyz", "/", "/login", "/checklists", "/checklists/willkommen/1.0.0"} {
		if r := v.get(t, path); r.status != http.StatusOK {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	if r := v.get(t, "/gibt-es-nicht"); r.status != http.StatusNotFound ||
		r.header.Get("Content-Security-Policy") == "" {
		t.Errorf("an unknown address: status %d", r.status)
	}

	second := filepath.Join(t.TempDir(), "out")
	command(t, "serve", "--data", f.dir, "--addr", "127.0.0.1:0").wants(t, 1, "server is using this data folder")
	command(t, "restore", "--data", f.dir, "--in", f.backup(t)).wants(t, 1, "server is using this data folder")
	command(t, "backup", "--data", f.dir, "--out", second).wants(t, 0, second)
	command(t, "migrate", "--data", f.dir).wants(t, 0, "up to date")
	address := strings.TrimPrefix(s.url, "http://")
	command(t, "serve", "--data", t.TempDir(), "--addr", address).wants(t, 1, address, "in use")
	if r := v.get(t, "/readyz"); r.status != http.StatusOK {
		t.Errorf("after all that: status %d", r.status)
	}
}

func (f filled) backup(t testing.TB) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copy.db")
	command(t, "backup", "--data", f.dir, "--out", file).wants(t, 0, file)
	return file
}

func TestBackupAndRestore(t *testing.T) {
	f := fillDemo(t, 38)
	before := contents(t, f.dir)
	file := f.backup(t)
	command(t, "backup", "--data", f.dir, "--out", file).wants(t, 1, "exists already")
	command(t, "backup", "--data", f.dir, "--out", filepath.Join(t.TempDir(), "gone", "copy.db")).wants(t, 1, "gone")

	fresh := filepath.Join(t.TempDir(), "fresh")
	if o := command(t, "restore", "--data", fresh, "--in", file).wants(t, 0, file); strings.Contains(o.out, "kept") {
		t.Errorf("nothing was there: %s", o.out)
	}
	if !reflect.DeepEqual(before, contents(t, fresh)) {
		t.Error("the restored folder holds something else")
	}
	other := fillDemo(t, 0)
	o := command(t, "restore", "--data", other.dir, "--in", file).wants(t, 0, "is kept as")
	if !reflect.DeepEqual(before, contents(t, other.dir)) {
		t.Error("the restored folder holds something else")
	}
	_, kept, _ := strings.Cut(strings.TrimSpace(o.out), "is kept as ")
	if info, err := os.Stat(kept); err != nil || info.Size() == 0 {
		t.Errorf("kept as %q: %v", kept, err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"cut off": string(raw[:len(raw)/2]), "empty": "",
		"no database": "ags;name\n",
		"damaged":     string(raw[:8192]) + strings.Repeat("\xff", 8192) + string(raw[16384:])} {
		bad := write(t, text, t.TempDir(), "bad.db")
		if o := command(t, "restore", "--data", fresh, "--in", bad); o.code != exitWrong ||
			!strings.Contains(o.err, "bad.db") {
			t.Errorf("%s: exit code %d, %s", name, o.code, o.err)
		}
	}
	if !reflect.DeepEqual(before, contents(t, fresh)) {
		t.Error("a refused restore has changed something")
	}
}

// alter changes a database from the outside.
func alter(t testing.TB, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, store.DatabaseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestMigrateSaysWhatItDid(t *testing.T) {
	f := fillDemo(t, 0)
	alter(t, f.dir, `DROP TABLE looks; ALTER TABLE users DROP COLUMN phone; ALTER TABLE participants DROP COLUMN contact_name; ALTER TABLE participants DROP COLUMN contact_email;
		ALTER TABLE participants DROP COLUMN contact_phone; DELETE FROM goose_db_version WHERE version_id > 7`)
	o := command(t, "migrate", "--data", f.dir).wants(t, 0, "migrated from schema 7 to ", "is kept as ")
	_, kept, _ := strings.Cut(strings.TrimSpace(o.out), "is kept as ")
	if info, err := os.Stat(kept); err != nil || info.Size() == 0 || filepath.Dir(kept) != f.dir {
		t.Errorf("kept as %q: %v", kept, err)
	}
	if strings.Contains(o.out, "up to date") {
		t.Errorf("migrated, and it says: %s", o.out)
	}
	command(t, "migrate", "--data", f.dir).wants(t, 0, "up to date")
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	f := fillDemo(t, 0)
	file := f.backup(t)
	alter(t, f.dir, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	for _, args := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"migrate"}, {"demo"},
		{"backup", "--out", filepath.Join(t.TempDir(), "x")},
		{"user", "add", "--email", "a@example.org", "--role", "agency-admin", "--region", "suedwestfalen"}} {
		command(t, append(args, "--data", f.dir)...).wants(t, 1, "newer version of the program", "9999")
	}
	newer := filepath.Join(t.TempDir(), "newer.db")
	if err := os.Rename(filepath.Join(f.dir, store.DatabaseFile), newer); err != nil {
		t.Fatal(err)
	}
	other := fillDemo(t, 0)
	command(t, "restore", "--data", other.dir, "--in", newer).wants(t, 1, "newer")
	command(t, "restore", "--data", f.dir, "--in", file).wants(t, 0)
	command(t, "migrate", "--data", f.dir).wants(t, 0, "up to date")

	alter(t, f.dir, `PRAGMA application_id = 1234`)
	command(t, "serve", "--addr", "127.0.0.1:0", "--data", f.dir).wants(t, 1, "not a database of Ortsspiegel")
}
