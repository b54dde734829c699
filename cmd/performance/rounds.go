package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// liveTurns is how often a benchmark is computed; the median counts.
const liveTurns = 9

// liveResult is what the child tells about one round; times in seconds.
type liveResult struct {
	Live     []float64 `json:"live"`     // from stored results to all figures
	Plain    []float64 `json:"plain"`    // reading the same rows
	Disclose []float64 `json:"disclose"` // what publishing computes, with the records at hand
	Records  int       `json:"records"`
}

// rounds measures what grows with the number of towns, and the start with a large database.
func (b *meter) rounds() error {
	dir, ids, err := b.filled()
	if err != nil {
		return err
	}
	var took, disclose []float64
	for i, id := range ids {
		var r liveResult
		peak, err := b.result(&r, "live", dir, strconv.FormatInt(int64(id), 10))
		if err != nil {
			return err
		}
		if r.Records != sizes[i] {
			return fmt.Errorf("a round of %d towns has %d records", sizes[i], r.Records)
		}
		l := row{Measure: "benchmark from stored results", Unit: seconds, Program: median(r.Live),
			N: number(float64(sizes[i])) + " towns"}
		l = l.against("reading the same rows by database/sql", median(r.Plain), ratios(r.Plain, r.Live)...).peaks(peak,
			0)
		if i == len(ids)-1 {
			l = l.want("≤ 3.5 times as long", *l.Ratio >= 1/3.5)
		}
		b.report.add(l)
		took, disclose = append(took, l.Program), append(disclose, median(r.Disclose))
	}
	last := len(sizes) - 1
	whole, upper := growth(took, 0, last), growth(took, last-1, last)
	b.report.add(
		row{Measure: "benchmark, growth exponent", Unit: exponent, Program: whole,
			N: fmt.Sprintf("%d to %d towns", sizes[0], sizes[last])}.want("≤ 1", whole <= 1),
		row{Measure: "benchmark, growth exponent", Unit: exponent, Program: upper,
			N: fmt.Sprintf("%d to %d towns", sizes[last-1], sizes[last])},
		row{Measure: "release with disclosure control", Unit: seconds, Program: disclose[last],
			N: number(float64(sizes[last])) + " towns"})
	return b.start11000(dir)
}

// growth is e in: time grows with towns to the power of e.
func growth(took []float64, from, to int) float64 {
	return math.Log(took[to]/took[from]) / math.Log(float64(sizes[to])/float64(sizes[from]))
}

// live computes a round's benchmark: data folder, round.
func live(ctx context.Context, args []string) (result liveResult, err error) {
	f, r, err := openRound(ctx, args, everywhere)
	if err != nil {
		return result, err
	}
	defer f.store.Close()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(args[0], store.DatabaseFile)+"?mode=ro")
	if err != nil {
		return result, err
	}
	defer db.Close()
	for range liveTurns {
		// The service keeps a benchmark until something is submitted; a new one computes it again.
		versions := lineage.New(f.store, catalog.New(checklists.FS))
		rounds, err := round.NewService(f.store, versions, f.store, disclosure.DefaultRules(), time.Now)
		if err != nil {
			return result, err
		}
		if _, err := versions.Definition(ctx, r.Hash); err != nil { // read once by a running program
			return result, err
		}
		start := time.Now()
		l, err := rounds.Live(ctx, r)
		if err != nil {
			return result, err
		}
		result.Live = append(result.Live, time.Since(start).Seconds())
		if len(l.Report.Groups) == 0 || l.Report.Groups[0].N != len(l.Records) {
			return result, errors.New("the report does not hold all records")
		}
		start = time.Now()
		if result.Records, err = plainRead(ctx, db, int64(r.ID)); err != nil {
			return result, err
		}
		result.Plain = append(result.Plain, time.Since(start).Seconds())
		if len(result.Disclose) > 0 {
			continue // a country's takes too long for every turn
		}
		start = time.Now()
		request := disclosure.Request{Definition: l.Definition, Records: l.Records, Groups: r.Groups,
			Rules: disclosure.DefaultRules()}
		if _, err := disclosure.Disclose(request); err != nil {
			return result, err
		}
		result.Disclose = append(result.Disclose, time.Since(start).Seconds())
	}
	return result, nil
}

// plainRead reads the rows that a benchmark is made from and makes nothing of them.
func plainRead(ctx context.Context, db *sql.DB, id int64) (n int, err error) {
	rows, err := db.QueryContext(ctx, `SELECT h.record FROM assessments a JOIN handovers h ON h.assessment_id = a.id AND h.withdrawn_at IS NULL
		WHERE a.round_id = ? ORDER BY a.ags`, id)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var record sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&record); err != nil {
			return 0, err
		}
		n++
	}
	return n, rows.Err()
}

const startTurns = 7

// start11000 measures the time from exec to the first answer, on a database that exists.
func (b *meter) start11000(dir string) error {
	var peak int64
	program := func() (float64, error) {
		begin := time.Now()
		s, err := b.serve(dir)
		if err != nil {
			return 0, err
		}
		r, err := http.Get("http://" + s.address + "/healthz")
		took := time.Since(begin).Seconds()
		if err == nil {
			err = r.Body.Close()
			if r.StatusCode != http.StatusOK {
				err = fmt.Errorf("/healthz answered %s", r.Status)
			}
		}
		http.DefaultClient.CloseIdleConnections()
		peak = max(peak, s.peak())
		return took, errors.Join(err, s.stop())
	}
	limit := func() (float64, error) {
		begin := time.Now()
		err := b.output(nil, b.binary, "version")
		return time.Since(begin).Seconds(), err
	}
	figures, err := turns(startTurns, program, limit)
	if err != nil {
		return err
	}
	r := row{Measure: "start until /healthz answers", Unit: seconds, Program: median(figures[0]),
		N: number(float64(sizes[len(sizes)-1])) + " towns in the database"}
	b.report.add(r.against("ortsspiegel version", median(figures[1]),
		ratios(figures[1], figures[0])...).want("< 0.5 s", r.Program < 0.5).peaks(peak, 0))
	return nil
}
