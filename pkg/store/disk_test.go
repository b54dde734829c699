//go:build linux

package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

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

// smallDisk mounts a disk of a few megabytes. That takes root; without it the test is skipped,
// and TestFileLimit stands in for a full disk.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=6m"); err != nil {
		testkit.Need(t, fmt.Sprintf("root, to mount a small disk: %v", err))
	}
	t.Cleanup(func() { must(t, unix.Unmount(dir, unix.MNT_DETACH)) })
	return dir
}

// fill writes until the disk is full and returns how to make room again.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	name := filepath.Join(dir, "ballast")
	f, err := os.Create(name)
	must(t, err)
	block := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(block)
	}
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatal(err)
	}
	must(t, f.Close())
	return func() { must(t, os.Remove(name)) }
}

// saveUntilRefused saves long comments until a write fails and returns how many were acknowledged.
func saveUntilRefused(s *store.Store, id assessment.ID) (int, error) {
	for n := 0; n < 20000; n++ {
		w := write(id, checklist.QuestionID(fmt.Sprintf("q%d", n)), "one", 0)
		w.Comment = strings.Repeat("lang ", 300)
		if _, err := saveOne(context.Background(), s, w); err != nil {
			return n, err
		}
	}
	return 0, errors.New("the disk never filled up")
}

func TestFullDisk(t *testing.T) {
	dir := smallDisk(t)
	s, err := store.Open(t.Context(), store.Config{DataDir: dir, Serve: true})
	must(t, err)
	id := assessmentOf(t, s, openRound(t, s, 1), 0)
	free := fill(t, dir)
	saved, err := saveUntilRefused(s, id)
	wantFault(t, err, fault.Unavailable, "disk_full")
	wantFault(t, s.Ready(t.Context()), fault.Unavailable, "disk_full")
	must(t, s.Ping(t.Context()))
	if entries := checkHistory(t, s, id); len(entries) != saved {
		t.Errorf("%d answers acknowledged, %d stored", saved, len(entries))
	}
	free()
	must(t, s.Ready(t.Context()))
	_, err = saveOne(t.Context(), s, write(id, "afterwards", "one", 0))
	must(t, err)
	must(t, s.Close())

	// Started on a full disk, it still shows what there is.
	fill(t, dir)
	var log bytes.Buffer
	full := openStore(t, store.Config{DataDir: dir, Serve: true, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	wantReadOnly(t, full, id, saved+1)
	if !strings.Contains(log.String(), "reading only") {
		t.Errorf("the log does not say so: %s", log.String())
	}
}

func wantReadOnly(t *testing.T, s *store.Store, id assessment.ID, answers int) {
	t.Helper()
	if !s.ReadOnly() {
		t.Fatal("the database takes writes")
	}
	if entries := checkHistory(t, s, id); len(entries) != answers {
		t.Errorf("%d answers can be read, want %d", len(entries), answers)
	}
	if _, err := s.Town(t.Context(), town(0).AGS); err != nil {
		t.Error(err)
	}
	_, err := saveOne(t.Context(), s, write(id, "q", "one", 0))
	wantFault(t, err, fault.Unavailable, "database_unavailable")
	wantFault(t, s.Ready(t.Context()), fault.Unavailable, "database_unavailable")
	wantFault(t, s.Log(t.Context(), event(account.EventSignIn)), fault.Unavailable, "database_unavailable")
}

// freeze makes a folder read-only: root by remounting it, anybody else by its permissions.
func freeze(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() == 0 {
		must(t, unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
		return
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	for _, name := range names {
		must(t, os.Chmod(name, 0o400))
	}
	must(t, os.Chmod(dir, 0o500))
	t.Cleanup(func() { must(t, os.Chmod(dir, 0o700)) })
}

func TestReadOnlyFolder(t *testing.T) {
	for _, serve := range []bool{true, false} {
		for name, clean := range map[string]bool{"after a clean stop": true, "after a crash": false} {
			t.Run(fmt.Sprintf("%s, serve %v", name, serve), func(t *testing.T) {
				dir := t.TempDir()
				if os.Geteuid() == 0 {
					dir = smallDisk(t)
				}
				origin := t.TempDir()
				s, err := store.Open(t.Context(), store.Config{DataDir: origin})
				must(t, err)
				id := assessmentOf(t, s, openRound(t, s, 1), 0)
				_, err = saveOne(t.Context(), s, write(id, "q", "one", 0))
				must(t, err)
				names := []string{store.DatabaseFile}
				if clean {
					must(t, s.Close())
				} else {
					names = append(names, store.DatabaseFile+"-wal")
					defer s.Close()
				}
				for _, name := range names {
					data, err := os.ReadFile(filepath.Join(origin, name))
					must(t, err)
					must(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
				}
				freeze(t, dir)
				wantReadOnly(t, openStore(t, store.Config{DataDir: dir, Serve: serve}), id, 1)
			})
		}
	}
}

func TestReadOnlyFolderWithoutDatabase(t *testing.T) {
	dir := t.TempDir()
	if os.Geteuid() == 0 {
		dir = smallDisk(t)
	}
	freeze(t, dir)
	_, err := store.Open(t.Context(), store.Config{DataDir: dir, Serve: true})
	if err == nil || !strings.Contains(err.Error(), store.DatabaseFile) {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

// limitDir makes this test program run fileLimit; see TestMain.
const limitDir = "ORTSSPIEGEL_TEST_LIMIT"

func init() {
	asChild[limitDir] = func(dir string) int {
		if err := fileLimit(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
}

func TestFileLimit(t *testing.T) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), limitDir+"="+t.TempDir())
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// fileLimit works against a limit of file sizes, the full disk of those who cannot mount one.
func fileLimit(dir string) error {
	signal.Ignore(unix.SIGXFSZ)
	s, err := store.Open(context.Background(), store.Config{DataDir: dir})
	if err != nil {
		return err
	}
	defer s.Close()
	id, err := seed(s)
	if err != nil {
		return err
	}
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 1 << 20, Max: old.Max}); err != nil {
		return err
	}
	saved, err := saveUntilRefused(s, id)
	if !fault.Is(err, fault.Unavailable) {
		return fmt.Errorf("a write past the limit returned %w", err)
	}
	if entries, err := s.Entries(context.Background(), id); err != nil || len(entries) != saved {
		return fmt.Errorf("%d answers acknowledged, %d stored: %w", saved, len(entries), err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	return s.Ready(context.Background())
}

// seed makes one assessment that takes answers.
func seed(s *store.Store) (assessment.ID, error) {
	ctx := context.Background()
	planned := round.Round{Region: suedwestfalen, Title: "Probe",
		Checklist: checklist.Ref{ID: "probe", Version: "1.0.0"}, Hash: "x",
		Opens: noon, Closes: noon.AddDate(0, 0, 1), Status: round.Planned, Created: noon}
	if err := s.SaveRegion(ctx, region.Region{ID: suedwestfalen}, towns(1), account.Event{}); err != nil {
		return 0, err
	}
	pins := []lineage.Pinned{{Ref: planned.Checklist, Hash: planned.Hash, Raw: []byte("id: probe")}}
	id, err := s.Create(ctx, planned, pins, []region.AGS{town(0).AGS}, account.Event{})
	if err != nil {
		return 0, err
	}
	if err := s.SetStatus(ctx, id, round.Planned, round.Open, noon, nil, account.Event{}); err != nil {
		return 0, err
	}
	list, err := s.Participants(ctx, id)
	if err != nil {
		return 0, err
	}
	return list[0].Assessment, nil
}
