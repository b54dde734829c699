package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// link runs a subcommand of user and returns what it prints on both outputs.
func printedLink(t *testing.T, dir string, more ...string) outcome {
	t.Helper()
	return command(t, append([]string{"user", "link", "--data", dir, "--email", "agentur@demo.example"},
		more...)...).wants(t, 0)
}

// Links printed on the command line begin with the address of the server that ran last.
func TestLinksRememberThePublicAddress(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	if o := printedLink(t, f.dir); !strings.HasPrefix(o.out, "http://127.0.0.1:8080/link/") ||
		!strings.Contains(o.err, "--public-url") {
		t.Errorf("before any server ran: %q, %q", o.out, o.err)
	}
	s := startServer(t, f.dir)
	if o := printedLink(t, f.dir); !strings.HasPrefix(o.out, s.url+"/link/") || o.err != "" {
		t.Errorf("beside a server without --public-url at %s: %q, %q", s.url, o.out, o.err)
	}
	s.kill()
	s = startServer(t, f.dir, "--public-url", "https://Ortsspiegel.example.org/")
	o := command(t, "user", "add", "--data", f.dir, "--email", "new@example.org", "--role", "town-lead", "--ags",
		"05958004").wants(t, 0)
	if !strings.HasPrefix(o.out, "https://ortsspiegel.example.org/link/") || o.err != "" {
		t.Errorf("user add: %q, %q", o.out, o.err)
	}
	s.kill()
	if o := printedLink(t, f.dir, "--public-url", "https://other.example/"); !strings.HasPrefix(o.out,
		"https://other.example/link/") {
		t.Errorf("the flag does not count: %q", o.out)
	}
	if o := printedLink(t, f.dir); !strings.HasPrefix(o.out, "https://ortsspiegel.example.org/link/") {
		t.Errorf("the flag of one command is remembered, or the server's address is not: %q", o.out)
	}
	for _, wrong := range []string{"https://example.org/path/", "example.org", "ftp://example.org"} {
		command(t, "user", "link", "--data", f.dir, "--email", "agentur@demo.example", "--public-url", wrong).wants(t,
			exitUsage, "--public-url")
	}
}

// A folder that does not exist is a mistyped one; an empty one is a new beginning.
func TestServeMakesNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mistyped")
	command(t, "serve", "--addr", "127.0.0.1:0", "--data", dir).wants(t, exitWrong, dir, "no such folder")
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
	empty := t.TempDir()
	s := startServer(t, empty)
	if r := s.visitor(t).get(t, "/readyz"); r.status != 200 {
		t.Errorf("in an empty folder: %d %s", r.status, r.body)
	}
	eventually(t, "the log says that the database is new", func() bool {
		return strings.Contains(s.log.String(), "new, empty database")
	})
}

// The log begins with how the server runs, and warns of what is seldom meant.
func TestServeSaysHowItRuns(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	s := startServer(t, f.dir, "--public-url", "https://ortsspiegel.example.org", "--trusted-proxies",
		"127.0.0.1,0.0.0.0/0",
		"--smtp-url", "smtp://user:secret-canary@127.0.0.1", "--mail-from", "post@example.org")
	eventually(t, "the log says all of it", func() bool {
		return strings.Contains(s.log.String(), "network=0.0.0.0/0")
	})
	log := s.log.String()
	for _, part := range []string{"msg=serving", "version=", "database=" + filepath.Join(f.dir, "ortsspiegel.db"),
		"public_address=https://ortsspiegel.example.org",
		"trusted_proxies=127.0.0.1/32,0.0.0.0/0", "mail=post@example.org", "demo=true", "network=0.0.0.0/0"} {
		if !strings.Contains(log, part) {
			t.Errorf("%q is missing in the log:\n%s", part, log)
		}
	}
	if strings.Contains(log, "canary") || strings.Contains(log, "travel readable") ||
		strings.Contains(log, "empty database") {
		t.Errorf("the log tells too much:\n%s", log)
	}
}

// Without --seed every demo has its own password, which --list still knows.
func TestDemoPasswordsDiffer(t *testing.T) {
	t.Parallel()
	passwords := map[string]bool{}
	for _, seed := range []string{"", "", "7", "7"} {
		dir := t.TempDir()
		args := []string{"demo", "--data", dir, "--participants", "0", "--json"}
		if seed != "" {
			args = append(args, "--seed", seed)
		}
		var made, listed demoOutput
		decode(t, command(t, args...).wants(t, 0).out, &made)
		decode(t, command(t, "demo", "--data", dir, "--list", "--json").wants(t, 0).out, &listed)
		if made.Users[0].Password != listed.Users[0].Password || len(made.Users[0].Password) < 12 {
			t.Errorf("--list says %q, the demo was made with %q", listed.Users[0].Password, made.Users[0].Password)
		}
		passwords[made.Users[0].Password] = true
	}
	if len(passwords) != 3 {
		t.Errorf("four demos, two of one seed, have %d passwords", len(passwords))
	}
}
