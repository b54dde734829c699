package testkit

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// cluster is the one PostgreSQL of a test process. It stops when nobody uses it any more, and
// starts again for the next test.
var cluster struct {
	mu      sync.Mutex
	users   int
	keep    bool
	dir     string
	command *exec.Cmd
	count   int
}

// RunKeepingPostgres runs the tests of a package and starts PostgreSQL at most once for them:
// func TestMain(m *testing.M) { os.Exit(testkit.RunKeepingPostgres(m)) }
func RunKeepingPostgres(m *testing.M) int {
	cluster.keep = true
	code := m.Run()
	if cluster.command != nil {
		stopPostgres()
	}
	return code
}

// Postgres returns the address of a new, empty PostgreSQL database on a private server that
// only the test's user can reach. Without PostgreSQL on the machine the test is skipped, but
// fails in CI: nothing may stay untested there.
func Postgres(t testing.TB) string {
	t.Helper()
	bin := postgresPrograms()
	if bin == "" {
		Need(t, "PostgreSQL: apt-get install postgresql")
	}
	cluster.mu.Lock()
	defer cluster.mu.Unlock()
	if cluster.command == nil {
		if err := startPostgres(bin); err != nil {
			t.Fatalf("start PostgreSQL: %v", err)
		}
	}
	cluster.users++
	t.Cleanup(releasePostgres)
	cluster.count++
	name := fmt.Sprintf("test%d", cluster.count)
	if err := execute(t.Context(), "postgres", "CREATE DATABASE "+name); err != nil {
		t.Fatalf("create database: %v", err)
	}
	return address(name)
}

// postgresPrograms returns the folder of the newest installed server, empty if there is none.
func postgresPrograms() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		if path, err := exec.LookPath("initdb"); err == nil {
			return filepath.Dir(path)
		}
		return ""
	}
	sort.Slice(found, func(i, j int) bool {
		return len(found[i]) < len(found[j]) || (len(found[i]) == len(found[j]) && found[i] < found[j])
	})
	return filepath.Dir(found[len(found)-1])
}

// startPostgres makes a server that talks on a socket in its own folder and, since everything
// is thrown away, does not wait for the disk.
func startPostgres(bin string) error {
	// Socket paths are limited to about 100 characters: not below t.TempDir.
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return err
	}
	owner, err := unprivileged(dir)
	if err != nil {
		return err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "--pgdata="+filepath.Join(dir, "data"), "--username=test", "--auth=trust",
		"--encoding=UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = owner, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	server := exec.Command(filepath.Join(bin, "postgres"), "-D", filepath.Join(dir, "data"), "-k", dir, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=100", "-c", "shared_buffers=32MB")
	var log strings.Builder
	server.SysProcAttr, server.Dir, server.Stderr = owner, dir, &log
	if err := server.Start(); err != nil {
		return err
	}
	cluster.dir, cluster.command = dir, server
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := execute(ctx, "postgres", "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			_ = server.Process.Kill()
			_ = server.Wait()
			return fmt.Errorf("%w\n%s", err, log.String())
		case <-tick.C:
		}
	}
}

// releasePostgres ends the server after its last user.
func releasePostgres() {
	cluster.mu.Lock()
	defer cluster.mu.Unlock()
	if cluster.users--; cluster.users == 0 && !cluster.keep {
		stopPostgres()
	}
}

func stopPostgres() {
	_ = cluster.command.Process.Signal(os.Interrupt) // fast shutdown: sessions are ended
	_ = cluster.command.Wait()
	_ = os.RemoveAll(cluster.dir)
	cluster.command = nil
}

func address(database string) string {
	return "postgres:///" + database + "?host=" + url.QueryEscape(cluster.dir) + "&user=test&sslmode=disable"
}

func execute(ctx context.Context, database, query string) error {
	conn, err := pgx.Connect(ctx, address(database))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, query)
	return err
}
