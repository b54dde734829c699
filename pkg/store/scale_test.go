package store_test

import (
	"testing"
	"time"

	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// BenchmarkGermany loads 11 000 towns with 54 answers each, opens the database again and
// reads everything, once.
func BenchmarkGermany(b *testing.B) {
	const n, questions = 11000, 54
	load := bulk(n, questions)
	for b.Loop() {
		dir := b.TempDir()
		s, err := store.Open(b.Context(), store.Config{DataDir: dir})
		must(b, err)
		id := openRound(b, s, n)
		start := time.Now()
		lap := func(name string) {
			b.ReportMetric(time.Since(start).Seconds(), name+"-s")
			start = time.Now()
		}
		must(b, s.ImportAssessments(b.Context(), id, load))
		lap("import")
		must(b, s.Close())
		start = time.Now()
		s, err = store.Open(b.Context(), store.Config{DataDir: dir, Serve: true})
		must(b, err)
		lap("open")
		must(b, s.Records(b.Context(), id, func([]byte) error { return nil }))
		lap("records")
		_, err = s.Participants(b.Context(), id)
		must(b, err)
		lap("participants")
		answers := 0
		must(b, s.Submissions(b.Context(), id, func(sub round.Submission) error {
			answers += len(sub.Entries)
			return nil
		}))
		lap("submissions")
		if answers != n/10*9*questions {
			b.Fatalf("%d answers", answers)
		}
		must(b, s.Close())
	}
}

// BenchmarkDemo loads 38 of 59 towns.
func BenchmarkDemo(b *testing.B) {
	load := bulk(38, 59)
	for b.Loop() {
		s, err := store.Open(b.Context(), store.Config{DataDir: b.TempDir()})
		must(b, err)
		must(b, s.ImportAssessments(b.Context(), openRound(b, s, 59), load))
		must(b, s.Close())
	}
}
