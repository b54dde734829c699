package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/store"
)

// somebody creates a lead of the first town with a password hash.
func somebody(t testing.TB, s *store.Store, name string) account.UserID {
	t.Helper()
	id, err := s.CreateUser(t.Context(), account.User{Email: name + "@example.org", Name: name, Role: account.TownLead,
		Town:         town(0).AGS,
		PasswordHash: "before", Created: noon}, account.Event{})
	must(t, err)
	return id
}

func oneTown(t testing.TB, s *store.Store) {
	t.Helper()
	must(t, s.SaveRegion(t.Context(), region.Region{ID: suedwestfalen, Name: "Südwestfalen"}, towns(1),
		account.Event{}))
}

func sessionOf(id account.UserID) account.Session {
	return account.Session{User: id, Created: noon, Seen: noon}
}

// TestADisablingHolds races the disabling of somebody with everything that person can do to its own
// row: whatever comes first, it stays disabled, and when it is let in again neither a session nor a
// link from before opens anything.
func TestADisablingHolds(t *testing.T) {
	const people = 40
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		oneTown(t, s)
		refused := 0
		for i := range people {
			id := somebody(t, s, fmt.Sprintf("person%d", i))
			hash := func(n int) account.Hash { return account.Hash{byte(i), byte(n)} }
			reset, err := s.CreateLink(ctx, account.Link{Kind: account.LinkReset, User: id, Created: noon,
				Expires: noon.Add(time.Hour)}, hash(1), account.Event{})
			must(t, err)
			_, err = s.CreateSession(ctx, sessionOf(id), hash(2), "before", account.Event{})
			must(t, err)
			for n, err := range together(7, func(n int) error {
				switch n {
				case 0:
					return s.SetDisabled(ctx, id, true, event(account.EventDisabled))
				case 1:
					return s.SetPassword(ctx, id, "before", "after", 0, account.Event{})
				case 2:
					return s.SetProfile(ctx, id, "Neu", "02931 805-0", "en")
				case 3:
					_, err := s.CreateSession(ctx, sessionOf(id), hash(3), "before", account.Event{})
					return err
				case 4:
					_, err := s.CreateLink(ctx, account.Link{Kind: account.LinkReset, User: id, Created: noon,
						Expires: noon.Add(time.Hour)}, hash(4), account.Event{})
					return err
				case 5:
					return s.UseLink(ctx, account.LinkUse{ID: reset, User: id, Password: "linked",
						Session: sessionOf(id), Secret: hash(5)})
				}
				return s.SetRole(ctx, id, account.TownLead, account.TownViewer, event(account.EventRole))
			}) {
				if f := fault.As(err); err != nil &&
					(n == 0 || f == nil || f.Kind != fault.Conflict && f.Kind != fault.NotFound) {
					t.Fatalf("%d: %v", n, err)
				}
				if err != nil {
					refused++
				}
			}
			u, err := s.User(ctx, id)
			must(t, err)
			if !u.Disabled || u.Role != account.TownViewer {
				t.Fatalf("disabled and a viewer became %+v", u)
			}
			must(t, s.SetDisabled(ctx, id, false, event(account.EventEnabled)))
			for n := range 6 {
				if _, _, err := s.SessionByHash(ctx, hash(n)); !fault.Is(err, fault.NotFound) {
					t.Fatalf("session %d outlived the disabling: %v", n, err)
				}
				if l, _, err := s.LinkByHash(ctx, hash(n)); !fault.Is(err, fault.NotFound) &&
					(err != nil || l.Used.IsZero()) {
					t.Fatalf("link %d outlived the disabling: %+v %v", n, l, err)
				}
			}
		}
		if refused == 0 {
			t.Error("nobody was ever refused: nothing was raced")
		}
	})
}

// raw opens a connection of its own to the database of a store, for what no caller could do.
func raw(t *testing.T, c store.Config) *sql.DB {
	t.Helper()
	driver, address := "sqlite", "file:"+filepath.Join(c.DataDir, store.DatabaseFile)+"?_pragma=busy_timeout(5000)"
	if c.DatabaseURL != "" {
		driver, address = "pgx", c.DatabaseURL
	}
	db, err := sql.Open(driver, address)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

// TestUsingALinkIsWholeOrNothing makes every statement of it fail in turn.
func TestUsingALinkIsWholeOrNothing(t *testing.T) {
	for _, name := range databases {
		t.Run(name, func(t *testing.T) {
			c := store.Config{DataDir: t.TempDir()}
			if name == "postgres" {
				c = store.Config{DatabaseURL: testkit.Postgres(t)}
			}
			s := openStore(t, c)
			db, ctx := raw(t, c), t.Context()
			oneTown(t, s)
			id := somebody(t, s, "lead")
			_, err := s.CreateSession(ctx, sessionOf(id), account.Hash{1}, "before", account.Event{})
			must(t, err)
			link := func(h byte) account.LinkID {
				l, err := s.CreateLink(ctx, account.Link{Kind: account.LinkReset, User: id, Created: noon,
					Expires: noon.Add(time.Hour)}, account.Hash{h}, account.Event{})
				must(t, err)
				return l
			}
			use := account.LinkUse{ID: link(2), User: id, Password: "linked", Session: sessionOf(id),
				Secret: account.Hash{4}, Events: []account.Event{event(account.EventPassword)}}
			link(3)
			for _, step := range []string{"UPDATE ON users", "UPDATE ON links", "DELETE ON sessions",
				"DELETE ON links", "INSERT ON sessions", "INSERT ON events"} {
				create := `CREATE TRIGGER broken BEFORE ` + step + ` BEGIN SELECT RAISE(ABORT, 'broken'); END`
				drop := `DROP TRIGGER broken`
				if name == "postgres" {
					_, err := db.ExecContext(ctx,
						`CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$`)
					must(t, err)
					create = `CREATE TRIGGER broken BEFORE ` + step + ` FOR EACH ROW EXECUTE FUNCTION broken()`
					_, table, _ := strings.Cut(step, " ON ")
					drop += ` ON ` + table
				}
				_, err := db.ExecContext(ctx, create)
				must(t, err)
				if err := s.UseLink(ctx, use); err == nil || !strings.Contains(err.Error(), "broken") {
					t.Fatalf("%s: %v", step, err)
				}
				_, err = db.ExecContext(ctx, drop)
				must(t, err)
				l, u, err := s.LinkByHash(ctx, account.Hash{2})
				must(t, err)
				if !l.Used.IsZero() || u.PasswordHash != "before" {
					t.Errorf("%s failed: the link is used %v, the password %q", step, l.Used, u.PasswordHash)
				}
				if list, err := s.Sessions(ctx, id); err != nil || len(list) != 1 {
					t.Errorf("%s failed: sessions %+v %v", step, list, err)
				}
				if _, _, err := s.LinkByHash(ctx, account.Hash{3}); err != nil {
					t.Errorf("%s failed: the other link: %v", step, err)
				}
			}
			must(t, s.UseLink(ctx, use))
			if u, err := s.User(ctx, id); err != nil || u.PasswordHash != "linked" {
				t.Errorf("after all of it: %+v %v", u, err)
			}
		})
	}
}

// linksDir makes this test program one that uses links until it is killed; see TestMain.
const linksDir = "ORTSSPIEGEL_TEST_LINKS"

const linksToUse = 400

func useLinks(dir string) int {
	s, err := store.Open(context.Background(), store.Config{DataDir: dir, Serve: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := errors.Join(together(8, func(k int) error {
		for i := k; i < linksToUse; i += 8 {
			h := account.Hash{byte(i), byte(i >> 8)}
			l, u, err := s.LinkByHash(context.Background(), h)
			if err != nil {
				return err
			}
			if !l.Used.IsZero() {
				continue
			}
			h[2] = 1
			if err := s.UseLink(context.Background(), account.LinkUse{ID: l.ID, User: u.ID, Password: "linked",
				Session: sessionOf(u.ID), Secret: h}); err != nil {
				return err
			}
			if _, err := fmt.Println(i); err != nil {
				return err
			}
		}
		return nil
	})...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// TestKilledWhileLinksAreUsed: a link is used up if and only if its password is set and its session is there.
func TestKilledWhileLinksAreUsed(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Config{DataDir: dir})
	must(t, err)
	oneTown(t, s)
	for _, err := range together(linksToUse, func(i int) error {
		id, err := s.CreateUser(t.Context(), account.User{Email: fmt.Sprintf("p%d@example.org", i),
			Role: account.TownLead, Town: town(0).AGS, Created: noon}, account.Event{})
		if err != nil {
			return err
		}
		_, err = s.CreateLink(t.Context(), account.Link{Kind: account.LinkReset, User: id, Created: noon,
			Expires: noon.Add(time.Hour)}, account.Hash{byte(i), byte(i >> 8)}, account.Event{})
		return err
	}) {
		must(t, err)
	}
	must(t, s.Close())
	acknowledged := map[int]bool{}
	for range 3 {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), linksDir+"="+dir)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		must(t, err)
		must(t, child.Start())
		since := 0
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var i int
			if _, err := fmt.Sscan(lines.Text(), &i); err != nil {
				break
			}
			acknowledged[i] = true
			if since++; since == 40 {
				must(t, child.Process.Kill())
			}
		}
		if err := child.Wait(); err == nil {
			t.Fatal("it used all links before it was killed")
		}
		s, err := store.Open(t.Context(), store.Config{DataDir: dir})
		must(t, err)
		used := 0
		for i := range linksToUse {
			h := account.Hash{byte(i), byte(i >> 8)}
			l, u, err := s.LinkByHash(t.Context(), h)
			must(t, err)
			h[2] = 1
			_, _, err = s.SessionByHash(t.Context(), h)
			if done := !l.Used.IsZero(); done != (u.PasswordHash == "linked") || done != (err == nil) ||
				acknowledged[i] && !done {
				t.Errorf("link %d: used %v, password %q, session %v, acknowledged %v", i, done, u.PasswordHash, err,
					acknowledged[i])
			} else if done {
				used++
			}
		}
		must(t, s.Close())
		t.Logf("%d used, %d acknowledged", used, len(acknowledged))
	}
}
