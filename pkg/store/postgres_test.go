package store_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/store"
)

// A server that crashes, stops and starts again while people read and save costs them no more than
// "unavailable", and no answer that was acknowledged.
func TestLostConnectionsAreUnavailable(t *testing.T) {
	server := testkit.OwnPostgres(t)
	s := openStore(t, store.Config{DatabaseURL: server.Address("postgres"), Connections: 6})
	const people = 8
	id := openRound(t, s, people)
	var stopped atomic.Bool
	var saved, refused, read, unread atomic.Int64
	var all sync.WaitGroup
	defer all.Wait()
	defer stopped.Store(true)
	acknowledged := make([]int, people)
	for i := range people {
		sheet := assessmentOf(t, s, id, i)
		all.Go(func() {
			revision := 0
			for n := 0; !stopped.Load(); n++ {
				option := checklist.OptionID(fmt.Sprintf("o%d", n))
				e, err := saveOne(t.Context(), s, write(sheet, "q1", option, revision))
				switch {
				case err == nil:
					revision, acknowledged[i] = e.Revision, e.Revision
					saved.Add(1)
				case fault.Is(err, fault.Unavailable):
					refused.Add(1)
				case fault.Is(err, fault.Conflict):
					// The COMMIT before had reached the disk although its answer was lost.
					entries, err := s.Entries(t.Context(), sheet)
					if err == nil {
						revision = entries["q1"].Revision
					}
				default:
					t.Errorf("saving: %v", err)
				}
			}
		})
		all.Go(func() {
			for !stopped.Load() {
				_, err := s.Entries(t.Context(), sheet)
				if _, again := s.Participants(t.Context(), id); err == nil {
					err = again
				}
				switch {
				case err == nil:
					read.Add(1)
				case fault.Is(err, fault.Unavailable):
					unread.Add(1)
				default:
					t.Errorf("reading: %v", err)
				}
			}
		})
	}
	more := func(what string, counters ...*atomic.Int64) {
		t.Helper()
		before := make([]int64, len(counters))
		for i, c := range counters {
			before[i] = c.Load()
		}
		deadline := time.Now().Add(time.Minute)
		for i := 0; i < len(counters); {
			if counters[i].Load() >= before[i]+20 {
				i++
				continue
			}
			if time.Now().After(deadline) {
				t.Fatalf("no more of what is %s", what)
			}
			time.Sleep(time.Millisecond)
		}
	}
	for _, how := range []os.Signal{syscall.SIGQUIT, os.Interrupt, syscall.SIGQUIT, syscall.SIGKILL} {
		more("saved and read", &saved, &read)
		server.Stop(how)
		more("refused", &refused, &unread)
		must(t, server.Start())
	}
	more("saved and read again", &saved, &read)
	stopped.Store(true)
	all.Wait()
	for i := range people {
		entry := checkHistory(t, s, assessmentOf(t, s, id, i))["q1"]
		if entry.Revision < acknowledged[i] {
			t.Errorf("person %d: revision %d was acknowledged, %d is stored", i, acknowledged[i], entry.Revision)
		}
	}
	t.Logf("%d saved, %d refused, %d read, %d not read", saved.Load(), refused.Load(), read.Load(), unread.Load())
}

// What the server says when it takes no connection or no writes is unavailable too.
func TestRefusalsOfPostgresAreUnavailable(t *testing.T) {
	server := testkit.OwnPostgres(t, "max_connections=6", "superuser_reserved_connections=0")
	address := server.Address("postgres")
	s := openStore(t, store.Config{DatabaseURL: address, Connections: 2})
	id := openRound(t, s, 1)
	sheet := assessmentOf(t, s, id, 0)

	readOnly := openStore(t, store.Config{DatabaseURL: address + "&default_transaction_read_only=on", Connections: 1})
	_, err := saveOne(t.Context(), readOnly, write(sheet, "q1", "a", 0))
	wantFault(t, err, fault.Unavailable, "database_unavailable")
	must(t, readOnly.Close())

	// Sessions ended by an administrator, while a statement waits, and between two.
	for range 3 {
		_, err = saveOne(t.Context(), s, write(sheet, "q1", "a", 0))
		if err != nil && !fault.Is(err, fault.Unavailable) && !fault.Is(err, fault.Conflict) {
			t.Errorf("after its session was ended: %v", err)
		}
		must(t, server.Execute(t.Context(),
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ortsspiegel'"))
	}
	must(t, s.Ping(t.Context()))

	server.Stop(os.Interrupt)
	_, err = store.Open(t.Context(), store.Config{DatabaseURL: address})
	wantFault(t, err, fault.Unavailable, "database_unavailable")
}

// With one connection for everything, nothing waits for a second one: every statement of a
// transaction goes over the transaction's own.
func TestNodesShareFewConnections(t *testing.T) {
	server := testkit.OwnPostgres(t, "max_connections=10")
	address := server.Address("postgres")
	first := openStore(t, store.Config{DatabaseURL: address})
	second := openStore(t, store.Config{DatabaseURL: address})
	id := openRound(t, first, 12)
	nodes := []*store.Store{first, second}
	errs := together(48, func(i int) error {
		s := nodes[i%2]
		sheet := assessmentOf(t, s, id, i%12)
		for n := range 5 {
			q := checklist.QuestionID(fmt.Sprintf("q%d-%d", i, n))
			if _, err := saveOne(t.Context(), s, write(sheet, q, "a", 0)); err != nil {
				return err
			}
			if _, err := s.Entries(t.Context(), sheet); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(errs...); err != nil {
		t.Errorf("two nodes on a server of ten connections: %v", err)
	}
}

// Open waits for a database that is starting, and says so, but not for one that refuses.
func TestOpenWaitsForPostgres(t *testing.T) {
	server := testkit.OwnPostgres(t)
	address := server.Address("postgres")
	server.Stop(os.Interrupt)
	log, started := newJournal(), make(chan error, 1)
	go func() {
		for !strings.Contains(log.String(), "waiting for the database") {
			time.Sleep(time.Millisecond)
		}
		started <- server.Start()
	}()
	s := openStore(t, store.Config{DatabaseURL: address, Wait: time.Minute, Logger: log.logger()})
	must(t, <-started)
	must(t, s.Ready(t.Context()))

	begin := time.Now()
	_, err := store.Open(t.Context(), store.Config{DatabaseURL: server.Address("mistyped"), Wait: time.Minute,
		Logger: log.logger()})
	wantFault(t, err, fault.Unavailable, "database_unavailable")
	if took := time.Since(begin); took > 30*time.Second {
		t.Errorf("a database that does not exist was waited for %s", took)
	}
}

// journal is a log that tests read while it is written.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func newJournal() *journal { return new(journal) }

func (j *journal) logger() *slog.Logger { return slog.New(slog.NewTextHandler(j, nil)) }

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
