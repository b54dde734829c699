package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const longEnough = "drei Pferde im Nebel"

// addUser creates a user and returns the path of the one-time link.
func addUser(t testing.TB, dir, email string, more ...string) string {
	t.Helper()
	return oneTimeLink(t, dir, "add", email, more...)
}

// oneTimeLink runs a subcommand of user and returns the path of the link it prints.
func oneTimeLink(t testing.TB, dir, what, email string, more ...string) string {
	t.Helper()
	o := command(t, append([]string{"user", what, "--data", dir, "--email", email, "--public-url",
		"https://ortsspiegel.example.org"}, more...)...).wants(t, 0)
	link, ok := strings.CutPrefix(strings.TrimSpace(o.out), "https://ortsspiegel.example.org")
	if !ok || !strings.HasPrefix(link, "/link/") || len(link) < 30 || strings.Contains(link, "\n") {
		t.Fatalf("no link: %q", o.out)
	}
	return link
}

// A link printed while the server runs signs in exactly once, for every role.
func TestUserAddLinkWorksOnce(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	s := startServer(t, f.dir)
	for _, c := range []struct{ role, flag, place string }{
		{"agency-admin", "--region", "suedwestfalen"}, {"agency-analyst", "--region", "suedwestfalen"},
		{"town-lead", "--ags", "05958004"}, {"town-editor", "--ags", "05958004"}, {"town-viewer", "--ags", "05958004"},
	} {
		email := c.role + "@example.org"
		link := addUser(t, f.dir, email, "--role", c.role, c.flag, c.place)
		v := s.visitor(t)
		if r := v.get(t, link); r.status != http.StatusOK || !strings.Contains(r.body, email) ||
			r.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: status %d", c.role, r.status)
		}
		weak := v.do(t, "POST", link, url.Values{"name": {"Erna"}, "password": {"kurz"}})
		if weak.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: a short password: status %d", c.role, weak.status)
		}
		used := v.do(t, "POST", link, url.Values{"name": {"Erna Erste"}, "password": {longEnough}})
		if used.status != http.StatusSeeOther {
			t.Fatalf("%s: status %d\n%s", c.role, used.status, used.body)
		}
		if r := v.get(t, "/account"); r.status != http.StatusOK || !strings.Contains(r.body, "Erna Erste") {
			t.Errorf("%s: not signed in: status %d", c.role, r.status)
		}
		second := s.visitor(t)
		if r := second.get(t, link); r.status != http.StatusNotFound {
			t.Errorf("%s: the used link shows a page: %d", c.role, r.status)
		}
		if r := second.do(t, "POST", link,
			url.Values{"name": {"Dieb"}, "password": {longEnough}}); r.status != http.StatusNotFound ||
			r.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: the link works twice: %d", c.role, r.status)
		}
		s.signIn(t, email, longEnough)
	}
	if strings.Contains(s.log.String(), "/link/") && !strings.Contains(s.log.String(), "/link/:token") {
		t.Error("the log holds links")
	}
}

func TestUserAddRefuses(t *testing.T) {
	f := fillDemo(t, 0)
	add := func(more ...string) outcome {
		return command(t, append([]string{"user", "add", "--data", f.dir}, more...)...)
	}
	add("--email", "neu@example.org", "--role", "town-lead", "--ags", "05958004").wants(t, 0, "/link/")
	add("--email", "neu@example.org", "--role", "town-lead", "--ags", "05958004").wants(t, 1, "already")
	add("--email", "NEU@example.ORG", "--role", "agency-admin", "--region", "suedwestfalen").wants(t, 1, "already")
	add("--email", "a@example.org", "--role", "town-lead", "--ags", "09162000").wants(t, 1, "09162000")
	add("--email", "a@example.org", "--role", "town-lead", "--ags", "5958004").wants(t, 1, "5958004")
	add("--email", "a@example.org", "--role", "agency-admin", "--region", "bayern").wants(t, 1, "bayern")
	for _, email := range []string{"", "keine", "a@", "a b@example.org", "a@example.org\r\nBcc: b@example.org",
		strings.Repeat("a", 300) + "@example.org"} {
		add("--email", email, "--role", "agency-admin", "--region", "suedwestfalen").wants(t, 1, "email")
	}
	add("--email", "b@example.org", "--name", strings.Repeat("ä", 5000), "--role", "agency-admin", "--region",
		"suedwestfalen").wants(t, 1, "name")
}

// Somebody without a way in gets one from the command line: once to sign in, once to set a new password.
func TestUserLink(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	s := startServer(t, f.dir)
	v := s.visitor(t)
	link := oneTimeLink(t, f.dir, "link", "Agentur@demo.example")
	if r := v.do(t, "POST", link, nil); r.status != http.StatusSeeOther {
		t.Fatalf("status %d", r.status)
	}
	if r := v.get(t, "/account"); r.status != http.StatusOK || !strings.Contains(r.body, "agentur@demo.example") {
		t.Errorf("not signed in: status %d", r.status)
	}
	if r := s.visitor(t).do(t, "POST", link, nil); r.status != http.StatusNotFound {
		t.Errorf("the link works twice: status %d", r.status)
	}
	if r := s.visitor(t).do(t, "POST", oneTimeLink(t, f.dir, "link", "agentur@demo.example", "--password"),
		url.Values{"password": {longEnough}}); r.status != http.StatusSeeOther {
		t.Fatalf("a new password: status %d\n%s", r.status, r.body)
	}
	if r := v.get(t, "/account"); r.status == http.StatusOK {
		t.Error("the new password left other sessions open")
	}
	s.signIn(t, "agentur@demo.example", longEnough)
	command(t, "user", "link", "--data", f.dir, "--email", "niemand@demo.example").wants(t, 1, "niemand@demo.example")
	command(t, "user", "link", "--data", f.dir).wants(t, 2, "--email")
}

// One account, whichever way its address is written; and no words of the database.
func TestUserHoweverTheAddressIsWritten(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	add := []string{"user", "add", "--data", f.dir, "--role", "town-lead", "--ags", "05958004", "--email"}
	command(t, append(add, " Erika@ÖHRINGEN-amt.example")...).wants(t, 0, "/link/")
	for _, way := range []string{"erika@öhringen-amt.example", "erika@xn--hringen-amt-qfb.example",
		"erika@o\u0308hringen-amt.example ", "\u200bErika@öhringen-\u00adamt.example"} {
		o := command(t, append(add, way)...).wants(t, 1, "already", "erika@öhringen-amt.example")
		if strings.Contains(o.err, "UNIQUE") || strings.Contains(o.err, "users.email") {
			t.Errorf("the database speaks: %s", o.err)
		}
		oneTimeLink(t, f.dir, "link", way)
	}
	command(t, "user", "list", "--data", f.dir).wants(t, 0, "erika@öhringen-amt.example", "invited")
	if o := command(t, "user", "list", "--data", f.dir, "--doubtful").wants(t, 0); strings.Contains(o.out, "@") {
		t.Errorf("nobody's address is doubtful: %s", o.out)
	}
	command(t, "user", "link", "--data", f.dir, "--id", "999999").wants(t, 1, "999999")
	command(t, "user", "link", "--data", f.dir, "--id", "1", "--email", "a@example.org").wants(t, 2, "--id")
}

// What migrate advises can be done: an account is made unknown by its number or its address, once, and cannot sign in.
func TestUserForget(t *testing.T) {
	f := fillDemo(t, 0)
	addUser(t, f.dir, "geht@example.org", "--role", "town-lead", "--ags", "05958004", "--name", "Geht Bald")
	forget := func(more ...string) outcome {
		return command(t, append([]string{"user", "forget", "--data", f.dir}, more...)...)
	}
	forget().wants(t, 2, "--email or --id")
	forget("--id", "99999").wants(t, 1, "no such user")
	forget("--email", "GEHT@example.org").wants(t, 0, "Person ")
	forget("--email", "geht@example.org").wants(t, 1, "nobody has this address")
	list := command(t, "user", "list", "--data", f.dir).wants(t, 0, "made unknown")
	if strings.Contains(list.out, "Geht Bald") || strings.Contains(list.out, "geht@") {
		t.Errorf("the list still names who was forgotten: %s", list.out)
	}
	if doubtful := command(t, "user", "list", "--data", f.dir, "--doubtful").wants(t,
		0); strings.Contains(doubtful.out, "Person ") {
		t.Errorf("an unknown account is called doubtful: %s", doubtful.out)
	}
	id, _, _ := strings.Cut(list.out[strings.LastIndex(list.out[:strings.Index(list.out, "made unknown")], "\n")+1:],
		" ")
	forget("--id", id).wants(t, 1, "no such user")
	command(t, "user", "link", "--data", f.dir, "--id", id, "--public-url", "https://ortsspiegel.example.org").wants(t,
		1, "no such user")
}

// A server deletes what is due when it starts.
func TestServeTidiesUp(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	link := addUser(t, f.dir, "neu@example.org", "--role", "town-lead", "--ags", "05958004")
	s := startServer(t, f.dir)
	v := s.visitor(t)
	if used := v.do(t, "POST", link,
		url.Values{"name": {"Neu"}, "password": {longEnough}}); used.status != http.StatusSeeOther {
		t.Fatalf("status %d", used.status)
	}
	s.kill()
	again := startServer(t, f.dir)
	eventually(t, "the used link is tidied up", func() bool {
		return strings.Contains(again.log.String(), "housekeeping deleted what is due")
	})
	for _, flag := range []string{"--keep-log", "--keep-evidence"} {
		command(t, "serve", "--data", f.dir, flag, "7").wants(t, 2, flag)
	}
}
