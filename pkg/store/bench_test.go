package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	_ "modernc.org/sqlite"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
)

const writers = 32

// share runs b.N calls of f on 32 goroutines.
func share(b *testing.B, f func(worker, i int) error) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	var wg sync.WaitGroup
	b.ResetTimer()
	for worker := range writers {
		wg.Go(func() {
			for i := 0; left.Add(-1) >= 0; i++ {
				if err := f(worker, i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "saves/s")
}

// BenchmarkSaveAnswer32 saves durable answers for 32 writers at the same time.
func BenchmarkSaveAnswer32(b *testing.B) {
	s, _ := onSQLite(b)
	r := openRound(b, s, writers)
	ids := make([]assessment.ID, writers)
	for i := range ids {
		ids[i] = assessmentOf(b, s, r, i)
	}
	ctx := context.Background()
	share(b, func(worker, i int) error {
		q := checklist.QuestionID(fmt.Sprintf("q%d", i%54))
		_, err := saveOne(ctx, s, write(ids[worker], q, checklist.OptionID(fmt.Sprint("o", i/54)), i/54))
		return err
	})
}

// rawAnswers opens the plainest table for answers, as durable as the store's.
func rawAnswers(b *testing.B) (*sql.DB, *sql.Stmt) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "raw.db")+
		"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	db.SetMaxOpenConns(1)
	_, err = db.Exec(
		`CREATE TABLE answers (assessment_id INTEGER, question TEXT, value TEXT, revision INTEGER, PRIMARY KEY (assessment_id, question)) WITHOUT ROWID`)
	must(b, err)
	stmt, err := db.Prepare(
		`INSERT INTO answers VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, revision = excluded.revision`)
	must(b, err)
	return db, stmt
}

// BenchmarkRawStatement32 is the limit without group commit: one prepared statement, each
// committed by itself.
func BenchmarkRawStatement32(b *testing.B) {
	_, stmt := rawAnswers(b)
	share(b, func(worker, i int) error {
		_, err := stmt.Exec(worker, fmt.Sprintf("q%d", i%54), fmt.Sprintf(`["o%d"]`, i/54), i/54+1)
		return err
	})
}

// BenchmarkRawStatementInTransactions is the limit with group commit: 32 saves share a COMMIT.
func BenchmarkRawStatementInTransactions(b *testing.B) {
	db, stmt := rawAnswers(b)
	b.ResetTimer()
	for done := 0; done < b.N; done += writers {
		tx, err := db.Begin()
		must(b, err)
		in := tx.Stmt(stmt)
		for worker := range writers {
			i := done / writers
			_, err := in.Exec(worker, fmt.Sprintf("q%d", i%54), fmt.Sprintf(`["o%d"]`, i/54), i/54+1)
			must(b, err)
		}
		must(b, tx.Commit())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "saves/s")
}
