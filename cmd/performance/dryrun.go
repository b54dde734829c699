package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"ortsspiegel/pkg/store"
)

// dryRunTo is the version that the answers are mapped to, two steps from the rounds'.
const dryRunTo = "2.0.0"

const dryRunTurns = 5

// dryRunResult is what a child tells about the answers of one round; times in seconds.
type dryRunResult struct {
	Took     []float64 `json:"took"`
	Towns    int       `json:"towns"`
	Answers  int       `json:"answers"`
	Versions int       `json:"versions"`
}

// dryRun measures what a version would do to the answers of the largest round: reading, mapping
// and scoring all of them twice. The limit only reads them.
func (b *meter) dryRun() error {
	dir, ids, err := b.filled()
	if err != nil {
		return err
	}
	id := strconv.FormatInt(int64(ids[len(ids)-1]), 10)
	var run, rows dryRunResult
	var peaks [2]int64
	child := func(place int, name string, into *dryRunResult) func() (float64, error) {
		return func() (float64, error) {
			peak, err := b.result(into, name, dir, id)
			peaks[place] = max(peaks[place], peak)
			return median(into.Took), err
		}
	}
	figures, err := turns(dryRunTurns, child(0, "dryrun", &run), child(1, "answers", &rows))
	if err != nil {
		return err
	}
	if run.Answers != rows.Answers || run.Towns != sizes[len(sizes)-1] || run.Versions != 3 {
		return fmt.Errorf("the dry run saw %d answers of %d towns over %d versions, there are %d", run.Answers,
			run.Towns, run.Versions, rows.Answers)
	}
	r := row{Measure: "dry run through two versions", Unit: seconds, Program: median(figures[0]),
		N: fmt.Sprintf("%s assessments, %s answers", number(float64(run.Towns)), number(float64(run.Answers)))}
	r = r.against("reading the same answers by database/sql", median(figures[1]), ratios(figures[1], figures[0])...)
	mb := float64(peaks[0]) / 1e6
	b.report.add(
		r.want("≥ 0.5", *r.Ratio >= 0.5).peaks(peaks[0], peaks[1]),
		row{Measure: "dry run, memory", Unit: megabytes, Program: mb, N: "1 process"}.want("< 200 MB", mb < 200))
	return nil
}

// dryRunOnce is a program that has just started and runs dry: data folder, round.
func dryRunOnce(ctx context.Context, args []string) (result dryRunResult, err error) {
	f, r, err := openRound(ctx, args, everywhere)
	if err != nil {
		return result, err
	}
	defer f.store.Close()
	start := time.Now()
	to, err := f.versions.Version(r.Checklist.ID, dryRunTo)
	if err != nil {
		return result, err
	}
	path, err := f.versions.PathTo(ctx, r.Hash, to)
	if err != nil {
		return result, err
	}
	run, err := f.dryRuns.Run(ctx, r, path)
	return dryRunResult{Took: []float64{time.Since(start).Seconds()}, Towns: run.Towns, Answers: run.Answers.Total(),
		Versions: len(path.Versions())}, err
}

// plainAnswers reads what a dry run reads and makes nothing of it.
func plainAnswers(ctx context.Context, args []string) (result dryRunResult, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(args[0], store.DatabaseFile)+"?mode=ro")
	if err != nil {
		return result, err
	}
	defer db.Close()
	id, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return result, err
	}
	start := time.Now()
	rows, err := db.QueryContext(ctx, `SELECT a.ags, w.question, w.kind, w.value FROM assessments a JOIN answers w ON w.assessment_id = a.id
		WHERE a.round_id = ? AND a.status = 'submitted' AND w.kind <> 'open' ORDER BY a.ags`, id)
	if err != nil {
		return result, err
	}
	defer rows.Close()
	var town, question, kind, value sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&town, &question, &kind, &value); err != nil {
			return result, err
		}
		result.Answers++
	}
	result.Took = []float64{time.Since(start).Seconds()}
	return result, rows.Err()
}
