package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// everyCommand is what contract.md promises, word by word.
var everyCommand = [][]string{
	{"serve"}, {"demo"}, {"lint"}, {"publish"}, {"diff"}, {"score"}, {"bench"}, {"export"}, {"user"}, {"user", "add"},
	{"region"}, {"region", "import"},
	{"map"}, {"map", "import"}, {"backup"}, {"restore"}, {"migrate"}, {"version"},
}

func TestHelpEverywhere(t *testing.T) {
	command(t, "--help").wants(t, 0, "serve", "demo", "lint", "publish", "diff", "score", "bench", "export", "user",
		"backup", "restore", "migrate", "version")
	for _, words := range everyCommand {
		for _, flag := range []string{"--help", "-h"} {
			o := command(t, append(words[:len(words):len(words)], flag)...).wants(t, 0,
				"Usage: ortsspiegel "+strings.Join(words, " "))
			if o.err != "" {
				t.Errorf("%v: help on standard error: %s", words, o.err)
			}
		}
	}
}

func TestWrongUsageIsTwo(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "expected one of"},
		{[]string{"nonsense"}, "nonsense"},
		{[]string{"serve", "--nonsense"}, "--nonsense"},
		{[]string{"serve"}, "--data"},
		{[]string{"serve", "--data", dir, "extra"}, "extra"},
		{[]string{"serve", "--data", dir, "--public-url", "nowhere"}, "--public-url"},
		{[]string{"serve", "--data", dir, "--public-url", "ftp://x"}, "--public-url"},
		{[]string{"serve", "--data", dir, "--public-url", "https://example.org/ortsspiegel/"}, "has a path"},
		{[]string{"serve", "--data", dir, "--public-url", "ortsspiegel.example.org"}, "does not begin with https://"},
		{[]string{"serve", "--data", dir, "--smtp-url", "smtp://127.0.0.1"}, "--mail-from"},
		{[]string{"serve", "--data", dir, "--smtp-url", "imap://127.0.0.1", "--mail-from", "post@example.org"},
			"smtp://user:password@host:587"},
		{[]string{"serve", "--data", dir, "--smtp-url", "smtp://127.0.0.1", "--mail-from", "post"}, "post@example.org"},
		{[]string{"serve", "--data", dir, "--trusted-proxies", "proxy"}, "--trusted-proxies"},
		{[]string{"serve", "--data", dir, "--preview", dir, "--addr", ":8080"}, "this machine alone"},
		{[]string{"serve", "--data", dir, "--preview", dir, "--addr", "0.0.0.0:8080"}, "this machine alone"},
		{[]string{"serve", "--data", dir, "--preview", dir, "--addr", "[::]:8080"}, "this machine alone"},
		{[]string{"serve", "--data", dir, "--preview", dir, "--addr", "192.0.2.1:8080"}, "this machine alone"},
		{[]string{"serve", "--data", dir, "--preview", dir, "--addr", "localhost.example.org:8080"},
			"this machine alone"},
		{[]string{"serve", "--data", dir, "--preview", dir, "--addr", "nonsense"}, "this machine alone"},
		{[]string{"serve", "--data", dir, "--preview", dir, "--public-url", "https://ortsspiegel.example.org"},
			"--public-url"},
		{[]string{"serve", "--data", dir, "--preview", dir, "--trusted-proxies", "127.0.0.1"}, "--trusted-proxies"},
		{[]string{"serve", "--data", dir, "--read-timeout", "0s"}, "--read-timeout"},
		{[]string{"serve", "--data", dir, "--read-timeout", "soon"}, "--read-timeout"},
		{[]string{"serve", "--data", dir, "--disclosure-threshold", "five"}, "--disclosure-threshold"},
		{[]string{"serve", "--data", dir, "--disclosure-threshold", ""}, "--disclosure-threshold"},
		{[]string{"demo"}, "--data"},
		{[]string{"demo", "--data", dir, "--participants", "60"}, "0 to 59"},
		{[]string{"demo", "--data", dir, "--participants=-1"}, "0 to 59"},
		{[]string{"demo", "--data", dir, "--participants", "many"}, "--participants"},
		{[]string{"demo", "--data", dir, "--seed", "x"}, "--seed"},
		{[]string{"lint"}, "<file>"},
		{[]string{"lint", "--yaml", welcome}, "--yaml"},
		{[]string{"publish"}, "<version>"},
		{[]string{"publish", "willkommen"}, "willkommen@2.0.0 is expected"},
		{[]string{"publish", "willkommen@2.0"}, "willkommen@2.0.0 is expected"},
		{[]string{"publish", "Willkommen@2.0.0"}, "willkommen@2.0.0 is expected"},
		{[]string{"publish", "checklists"}, "willkommen@2.0.0 is expected"},
		{[]string{"publish", "--checklists", dir, welcome, "willkommen@2.0.0"}, "another folder"},
		{[]string{"diff"}, "two versions"},
		{[]string{"diff", "willkommen", "willkommen@2.0.0"}, "a version such as"},
		{[]string{"score"}, "--checklist"},
		{[]string{"score", "--checklist", "-"}, "standard input"},
		{[]string{"bench"}, "--checklist"},
		{[]string{"bench", "--checklist", "-"}, "standard input"},
		{[]string{"bench", "--checklist", welcome, "--audience", "press"}, "agency"},
		{[]string{"export"}, "--data"},
		{[]string{"user"}, "add"},
		{[]string{"user", "add", "--data", dir, "--email", "a@example.org"}, "--role"},
		{[]string{"user", "add", "--data", dir, "--email", "a@example.org", "--role", "mayor"}, "town-lead"},
		{[]string{"user", "add", "--data", dir, "--email", "a@example.org", "--role", "town-lead"}, "--ags"},
		{[]string{"user", "add", "--data", dir, "--email", "a@example.org", "--role", "town-lead", "--region", "x"},
			"--ags"},
		{[]string{"user", "add", "--data", dir, "--email", "a@example.org", "--role", "town-viewer", "--ags",
			"05958004", "--region", "x"}, "no --region"},
		{[]string{"user", "add", "--data", dir, "--email", "a@example.org", "--role", "agency-admin"}, "--region"},
		{[]string{"user", "add", "--data", dir, "--email", "a@example.org", "--role", "agency-analyst", "--ags",
			"05958004"}, "--region"},
		{[]string{"user", "add", "--data", dir, "--email", "a@example.org", "--role", "agency-admin", "--ags",
			"05958004", "--region", "x"}, "no --ags"},
		{[]string{"region", "import", "--data", dir}, "<file>"},
		{[]string{"map", "import", "--data", dir, "x.json"}, "--region"},
		{[]string{"backup", "--data", dir}, "--out"},
		{[]string{"restore", "--data", dir}, "--in"},
		{[]string{"migrate"}, "--data"},
		{[]string{"version", "extra"}, "extra"},
	} {
		o := command(t, c.args...)
		if o.code != exitUsage || !strings.Contains(o.err, c.says) || o.out != "" {
			t.Errorf("%q: exit code %d, stdout %q, stderr %q; want 2 and %q", c.args, o.code, o.out, o.err, c.says)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("wrong usage left %v (%v)", left, err)
	}
}

func TestWrongStateIsOne(t *testing.T) {
	dir := t.TempDir()
	gone := filepath.Join(dir, "gone")
	file := write(t, "no folder", dir, "file")
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"serve", "--data", t.TempDir(), "--addr", "127.0.0.1:99999"}, "127.0.0.1:99999"},
		{[]string{"serve", "--data", filepath.Join(dir, "b"), "--checklists", gone}, gone},
		{[]string{"serve", "--data", filepath.Join(dir, "b"), "--checklists", file}, "folder"},
		{[]string{"serve", "--data", filepath.Join(dir, "b"), "--preview", gone}, gone},
		{[]string{"serve", "--data", filepath.Join(dir, "b"), "--preview", file}, "folder"},
		{[]string{"serve", "--data", filepath.Join(dir, "c"), "--operator-dir", gone}, gone},
		{[]string{"serve", "--data", filepath.Join(dir, "d"), "--database-url", "mysql://x"}, "postgres://"},
		{[]string{"serve", "--data", file}, "file"},
		{[]string{"lint", gone}, gone},
		{[]string{"lint", dir}, dir},
		{[]string{"publish", "--checklists", gone, "willkommen@1.0.0"}, gone},
		{[]string{"publish", "--checklists", dir, "willkommen@1.0.0"}, "cannot be read"},
		{[]string{"publish", filepath.Join(gone, "willkommen", "1.0.0.yaml")}, gone},
		{[]string{"diff", "--checklists", gone, "willkommen@1.0.0", "willkommen@2.0.0"}, gone},
		{[]string{"diff", "willkommen@1.0.0", filepath.Join(gone, "2.0.0.yaml")}, gone},
		{[]string{"score", "--checklist", gone}, gone},
		{[]string{"score", "--checklist", welcome, "--answers", gone}, gone},
		{[]string{"score", "--checklist", welcome, "--answers", dir}, dir},
		{[]string{"bench", "--checklist", welcome, "--assessments", gone}, gone},
		{[]string{"demo", "--data", gone, "--list"}, "no demo"},
		{[]string{"user", "add", "--data", gone, "--email", "a@example.org", "--role", "agency-admin", "--region",
			"x"}, gone},
		{[]string{"user", "add", "--data", dir, "--email", "a@example.org", "--role", "agency-admin", "--region", "x"},
			"no database"},
		{[]string{"region", "import", "--data", gone, filepath.Join(dir, "gone.csv")}, "gone.csv"},
		{[]string{"region", "import", "--data", gone, "--districts", "0595", file}, "0595"},
		{[]string{"map", "import", "--data", gone, "--region", "x", filepath.Join(dir, "gone.json")}, "gone.json"},
		{[]string{"backup", "--data", gone, "--out", filepath.Join(dir, "out")}, gone},
		{[]string{"backup", "--data", dir, "--out", filepath.Join(dir, "out")}, "no database"},
		{[]string{"restore", "--data", gone, "--in", filepath.Join(dir, "gone.db")}, "gone.db"},
		{[]string{"restore", "--data", gone, "--in", file}, "not a complete backup"},
		{[]string{"migrate", "--data", gone}, gone},
	} {
		o := command(t, c.args...)
		if o.code != exitWrong || !strings.Contains(o.out+o.err, c.says) {
			t.Errorf("%q: exit code %d, stdout %q, stderr %q; want 1 and %q", c.args, o.code, o.out, o.err, c.says)
		}
		if strings.Contains(o.err, "goroutine ") {
			t.Errorf("%q panicked", c.args)
		}
	}
	if _, err := os.Stat(gone); err == nil {
		t.Errorf("a command that failed has created %s", gone)
	}
	if _, err := os.Stat(filepath.Join(dir, "ortsspiegel.db")); err == nil {
		t.Error("a command that expects a database has created one")
	}
}

func TestVersion(t *testing.T) {
	command(t, "version").wants(t, 0, "ortsspiegel ", "go1.")
	var v struct{ Version, Go string }
	decode(t, command(t, "version", "--json").wants(t, 0).out, &v)
	if v.Version == "" || !strings.HasPrefix(v.Go, "go1.") {
		t.Errorf("got %+v", v)
	}
	defer func(day string) { released = day }(released)
	released = "2026-11-30"
	if day := releaseDay(); day.Format("02.01.2006") != "30.11.2026" {
		t.Errorf("released on %s", day)
	}
	if released = "soon"; !releaseDay().IsZero() {
		t.Error("a day that is none")
	}
}

func TestEnvironment(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	env := []string{"ORTSSPIEGEL_DATA=" + dir, "ORTSSPIEGEL_PARTICIPANTS=5", "ORTSSPIEGEL_JSON=true", "PARTICIPANTS=7",
		"ORTSSPIEGEL_UNKNOWN=1", "nonsense"}
	var demo demoOutput
	decode(t, commandWith(t, "", env, "demo").wants(t, 0).out, &demo)
	if len(demo.Users) < 61 {
		t.Errorf("%d users", len(demo.Users))
	}
	// what is given on the command line counts more
	commandWith(t, "", []string{"ORTSSPIEGEL_DATA=" + filepath.Join(dir, "gone")}, "demo", "--data", dir,
		"--list").wants(t, 0, "agentur@demo.example")
	out := filepath.Join(t.TempDir(), "copy.db")
	commandWith(t, "", []string{"ORTSSPIEGEL_DATA=" + dir, "ORTSSPIEGEL_OUT=" + out}, "backup").wants(t, 0, out)
	commandWith(t, "", []string{"ORTSSPIEGEL_CHECKLIST=" + welcome}, "score").wants(t, 1, "standard input")
	commandWith(t, "", []string{"ORTSSPIEGEL_AUDIENCE=press"}, "bench", "--checklist", welcome).wants(t, 2, "press")
	commandWith(t, "", []string{"ORTSSPIEGEL_DATABASE_URL=nonsense://"}, "migrate", "--data", dir).wants(t, 1,
		"postgres://")
}

// A wrong threshold must stop the start, wherever it comes from.
func TestDisclosureFailsClosed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, c := range []struct {
		env  string
		args []string
		code int
		says string
	}{
		{args: []string{"--disclosure-threshold", "2"}, code: 1, says: "threshold"},
		{args: []string{"--disclosure-threshold", "0"}, code: 1, says: "threshold"},
		{args: []string{"--disclosure-threshold=-5"}, code: 1, says: "threshold"},
		{args: []string{"--disclosure-threshold", "5.5"}, code: 2, says: "--disclosure-threshold"},
		{args: []string{"--disclosure-quartiles", "2"}, code: 1, says: "quartiles"},
		{args: []string{"--disclosure-quartiles", "4"}, code: 1, says: "quartiles"},
		{args: []string{"--disclosure-options", "1"}, code: 1, says: "option"},
		{env: "ORTSSPIEGEL_DISCLOSURE_THRESHOLD=2", code: 1, says: "3 to 1000"},
		{env: "ORTSSPIEGEL_DISCLOSURE_THRESHOLD=", code: 2, says: "--disclosure-threshold"},
		{env: "ORTSSPIEGEL_DISCLOSURE_THRESHOLD=fünf", code: 2, says: "--disclosure-threshold"},
		{env: "ORTSSPIEGEL_DISCLOSURE_OPTIONS=99999999999999999999", code: 2, says: "--disclosure-options"},
	} {
		o := commandWith(t, "", []string{c.env}, append([]string{"serve", "--data", dir, "--addr", "127.0.0.1:0"},
			c.args...)...)
		if o.code != c.code || !strings.Contains(o.err, c.says) || o.out != "" {
			t.Errorf("%s %v: exit code %d, stdout %q, stderr %q; want %d and %q", c.env, c.args, o.code, o.out, o.err,
				c.code, c.says)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a refused start has created the data folder")
	}
}

func TestPoolFlags(t *testing.T) {
	for _, c := range [][]string{{"--database-connections=-1"}, {"--database-connections", "5000"},
		{"--database-idle", "0s"}, {"--database-wait", "2h"}} {
		command(t, append([]string{"serve", "--database-url", "postgres:///x?host=/nowhere"}, c...)...).wants(t,
			exitUsage, "--database-")
	}
	command(t, "serve", "--database-url", "postgres:///x?host=/nowhere", "--database-wait", "0s").wants(t, exitWrong,
		"does not answer")
	command(t, "migrate").wants(t, exitUsage, "--data=DIR")
}

// A mistyped variable of the environment is named, with the one that is meant.
func TestMistypedVariables(t *testing.T) {
	o := commandWith(t, "", []string{"ORTSSPIEGEL_PUBLIC_ULR=https://secret-canary.example", "ORTSSPIEGEL_DATA=/x",
		"ORTSSPIEGEL_SOMETHING_ELSE=1", "PATH=/bin"}, "version").wants(t, 0,
		"ORTSSPIEGEL_PUBLIC_ULR", "is ORTSSPIEGEL_PUBLIC_URL meant?",
		"ORTSSPIEGEL_SOMETHING_ELSE, which no command knows\n")
	if strings.Contains(o.err, "canary") || strings.Contains(o.err, "ORTSSPIEGEL_DATA") ||
		strings.Contains(o.err, "PATH=") {
		t.Errorf("it says too much: %s", o.err)
	}
}
