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
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// cluster is the one PostgreSQL of a test process. It stops when nobody uses it any more, and
// starts again for the next test.
var cluster struct {
	mu     sync.Mutex
	users  int
	server *PostgresServer
	count  int
}

// PostgresServer is a PostgreSQL that only the test's user can reach.
type PostgresServer struct {
	dir      string
	owner    *syscall.SysProcAttr
	bin      string
	settings []string // name=value
	command  *exec.Cmd
}

// keeping says that what tests share stays until all of them have run.
var keeping bool

// RunKeeping runs the tests of a package and starts PostgreSQL and the browser at most once for them:
// func TestMain(m *testing.M) { os.Exit(testkit.RunKeeping(m)) }
func RunKeeping(m *testing.M) int {
	keeping = true
	code := m.Run()
	if cluster.server != nil {
		stopPostgres()
	}
	stopBrowser()
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
	if cluster.server == nil {
		server, err := newPostgres(bin)
		if err != nil {
			t.Fatalf("start PostgreSQL: %v", err)
		}
		cluster.server = server
	}
	cluster.users++
	t.Cleanup(releasePostgres)
	cluster.count++
	name := fmt.Sprintf("test%d", cluster.count)
	if err := cluster.server.execute(t.Context(), "postgres", "CREATE DATABASE "+name); err != nil {
		t.Fatalf("create database: %v", err)
	}
	return cluster.server.Address(name)
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

// OwnPostgres starts a server for one test, which may stop it; settings are such as
// max_connections=10. It has the database "postgres".
func OwnPostgres(t testing.TB, settings ...string) *PostgresServer {
	t.Helper()
	bin := postgresPrograms()
	if bin == "" {
		Need(t, "PostgreSQL: apt-get install postgresql")
	}
	server, err := newPostgres(bin, settings...)
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		server.Stop(os.Interrupt)
		if err := os.RemoveAll(server.dir); err != nil {
			t.Error(err)
		}
	})
	return server
}

// newPostgres makes a server that talks on a socket in its own folder and, since everything
// is thrown away, does not wait for the disk.
func newPostgres(bin string, settings ...string) (*PostgresServer, error) {
	// Socket paths are limited to about 100 characters: not below t.TempDir.
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	owner, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "--pgdata="+filepath.Join(dir, "data"), "--username=test",
		"--auth=trust",
		"--encoding=UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = owner, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	settings = append([]string{"listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=100",
		"shared_buffers=32MB"}, settings...)
	s := &PostgresServer{dir: dir, owner: owner, bin: bin, settings: settings}
	return s, s.Start()
}

// Start runs a server that does not run, and returns when it answers.
func (s *PostgresServer) Start() error {
	args := []string{"-D", filepath.Join(s.dir, "data"), "-k", s.dir}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	server := exec.Command(filepath.Join(s.bin, "postgres"), args...)
	var log strings.Builder
	server.SysProcAttr, server.Dir, server.Stderr = s.owner, s.dir, &log
	if err := server.Start(); err != nil {
		return err
	}
	s.command = server
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := s.execute(ctx, "postgres", "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			_ = server.Process.Kill()
			_ = server.Wait()
			s.command = nil
			return fmt.Errorf("%w\n%s", err, log.String())
		case <-tick.C:
		}
	}
}

// Stop ends a server as pg_ctl does by signals: os.Interrupt is a fast shutdown, which ends
// sessions, syscall.SIGQUIT an immediate one, as after a crash.
func (s *PostgresServer) Stop(how os.Signal) {
	if s.command == nil {
		return
	}
	_ = s.command.Process.Signal(how) // it may have ended
	_ = s.command.Wait()
	s.command = nil
}

// releasePostgres ends the server after its last user.
func releasePostgres() {
	cluster.mu.Lock()
	defer cluster.mu.Unlock()
	if cluster.users--; cluster.users == 0 && !keeping {
		stopPostgres()
	}
}

func stopPostgres() {
	cluster.server.Stop(os.Interrupt)
	_ = os.RemoveAll(cluster.server.dir)
	cluster.server = nil
}

// Address is that of one of the server's databases.
func (s *PostgresServer) Address(database string) string {
	return "postgres:///" + database + "?host=" + url.QueryEscape(s.dir) + "&user=test&sslmode=disable"
}

// Execute runs a statement in the database "postgres".
func (s *PostgresServer) Execute(ctx context.Context, query string) error {
	return s.execute(ctx, "postgres", query)
}

func (s *PostgresServer) execute(ctx context.Context, database, query string) error {
	conn, err := pgx.Connect(ctx, s.Address(database))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, query)
	return err
}
