package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"ortsspiegel/pkg/fault"
)

// batchOf runs writes in one transaction: the first one of all holds the writer until they are queued.
func batchOf(t *testing.T, s *Store, jobs ...func(tx *gorm.DB) error) []error {
	t.Helper()
	release, held := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		err := s.write(t.Context(), "hold", func(*gorm.DB) error {
			close(held)
			<-release
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	errs := make([]error, len(jobs))
	for i, f := range jobs {
		all.Go(func() { errs[i] = s.write(t.Context(), fmt.Sprintf("job %d", i), f) })
	}
	deadline := time.Now().Add(10 * time.Second)
	for len(s.writer.queue) < len(jobs) {
		if time.Now().After(deadline) {
			t.Fatal("the writes are not queued")
		}
		time.Sleep(time.Millisecond)
	}
	close(release)
	all.Wait()
	return errs
}

func openAlone(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.write(t.Context(), "table", func(tx *gorm.DB) error {
		return tx.Exec(`CREATE TABLE kept (name TEXT PRIMARY KEY)`).Error
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

func keep(name string) func(tx *gorm.DB) error {
	return func(tx *gorm.DB) error { return tx.Exec(`INSERT INTO kept (name) VALUES (?)`, name).Error }
}

func keptNames(t *testing.T, s *Store) string {
	t.Helper()
	var names []string
	err := s.each(t.Context(), func(row scanner) error {
		var name string
		err := row.Scan(&name)
		names = append(names, name)
		return err
	}, `SELECT name FROM kept ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

// A write that loses the transaction it shares, so that ROLLBACK TO fails, keeps its error to itself.
func TestALostTransactionIsOneWritesOwn(t *testing.T) {
	secret := errors.New("the answer of another town")
	for name, lose := range map[string]func(tx *gorm.DB) error{
		"fails": func(tx *gorm.DB) error { return errors.Join(tx.Exec(`ROLLBACK`).Error, secret) },
		"panics": func(tx *gorm.DB) error {
			if err := tx.Exec(`ROLLBACK`).Error; err != nil {
				return err
			}
			panic(secret)
		},
		"conceals it": func(tx *gorm.DB) error { return tx.Exec(`ROLLBACK`).Error },
		"database": func(tx *gorm.DB) error {
			return tx.Exec(`INSERT OR ROLLBACK INTO kept (name) VALUES ('twice'), ('twice')`).Error
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openAlone(t)
			errs := batchOf(t, s, keep("a"), keep("b"), lose, keep("c"), keep("a"))
			refused := 0
			for i, err := range errs {
				switch {
				case i == 2:
					if err == nil {
						t.Error("the write that lost its transaction is told that it was kept")
					}
				case i == 0 || i == 4: // one of the two comes second
					if err != nil && !duplicate(err) {
						t.Errorf("job %d: %v", i, err)
					}
					if err != nil {
						refused++
					}
				case err != nil:
					t.Errorf("job %d is told %v", i, err)
				}
				if i != 2 && err != nil && strings.Contains(err.Error(), secret.Error()) {
					t.Errorf("job %d is told the error of another: %v", i, err)
				}
			}
			if refused != 1 {
				t.Errorf("%d of two equal rows were refused", refused)
			}
			if got := keptNames(t, s); got != "a b c" {
				t.Errorf("kept: %s", got)
			}
			if err := s.Ready(t.Context()); err != nil {
				t.Errorf("the writer does not go on: %v", err)
			}
		})
	}
}

// On a full disk SQLite gives the transaction up by itself: every write is told that the disk is full.
func TestAFullDiskIsToldToEachWrite(t *testing.T) {
	s := openAlone(t)
	err := s.write(t.Context(), "limit", func(tx *gorm.DB) error {
		var pages int
		if err := tx.Raw(`PRAGMA page_count`).Scan(&pages).Error; err != nil {
			return err
		}
		return tx.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	large := func(i int) func(tx *gorm.DB) error { return keep(fmt.Sprint(i, strings.Repeat("x", 100_000))) }
	full := func(err error) bool { f := fault.As(err); return f != nil && f.Code == "disk_full" }
	for i, err := range batchOf(t, s, large(0), large(1), large(2)) {
		if !full(err) {
			t.Errorf("job %d of several is told %v", i, err)
		}
	}
	if err := s.write(context.Background(), "alone", large(3)); !full(err) {
		t.Errorf("a write alone is told %v", err)
	}
	if errs := batchOf(t, s, large(4), keep("small")); !full(errs[0]) || errs[1] != nil {
		t.Errorf("a large write beside a small one: %v", errs)
	}
}
