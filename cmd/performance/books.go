package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/workbook/reports"
)

const (
	bookTurns = 5
	rawTurns  = 2
	cellRows  = 60_000 // SetCellValue keeps every cell in memory: it gets fewer rows
)

// written is what a child tells about the workbooks it wrote, each in seconds.
type written struct {
	Took []float64 `json:"took"`
	Rows int       `json:"rows"` // of each, without the header
}

// books measures the workbooks.
func (b *meter) books() error {
	f, err := b.demo("books")
	if err != nil {
		return err
	}
	var small written
	peak, err := b.result(&small, "region", f.dir, strconv.FormatInt(int64(f.round), 10), string(f.region))
	if err != nil {
		return err
	}
	r := row{Measure: "region's workbook", Unit: seconds, Program: median(small.Took),
		N: fmt.Sprintf("38 towns, %d answers", small.Rows)}
	b.report.add(r.want("≤ 0.3 s", r.Program <= 0.3).peaks(peak, 0))
	if err := b.forms(f.dir, strconv.FormatInt(int64(f.round), 10), string(f.region)); err != nil {
		return err
	}
	return b.rawExport()
}

// rawExport measures the export of all answers of the largest round.
func (b *meter) rawExport() error {
	dir, ids, err := b.filled()
	if err != nil {
		return err
	}
	var peaks [3]int64
	rows := 0
	write := func(place int, name string, args ...string) func() (float64, error) {
		return func() (float64, error) {
			var w written
			peak, err := b.result(&w, name, args...)
			peaks[place] = max(peaks[place], peak)
			if place == 0 {
				rows = w.Rows
			}
			return float64(w.Rows) / median(w.Took), err
		}
	}
	const streamed = 550_000
	figures, err := turns(rawTurns, write(0, "raw", dir, strconv.FormatInt(int64(ids[len(ids)-1]), 10),
		filepath.Join(b.dir, "raw.xlsx")),
		write(1, "stream", strconv.Itoa(streamed)), write(2, "cells", strconv.Itoa(cellRows)))
	if err != nil {
		return err
	}
	r := row{Measure: "raw export, rows", Unit: perSecond, Program: median(figures[0]),
		N: number(float64(rows)) + " answers of 13 cells, read from the database"}
	cells := r.against(fmt.Sprintf("SetCellValue, %s rows", number(cellRows)), median(figures[2]),
		ratios(figures[0], figures[2])...).peaks(peaks[0], peaks[2])
	mb := float64(peaks[0]) / 1e6
	b.report.add(
		r.against(fmt.Sprintf("excelize's StreamWriter, %s rows without styles", number(streamed)), median(figures[1]),
			ratios(figures[0], figures[1])...).peaks(peaks[0], peaks[1]),
		cells.want("≥ 4", *cells.Ratio >= 4),
		row{Measure: "raw export, memory", Unit: megabytes, Program: mb, N: "1 process"}.want("< 150 MB", mb < 150))
	return b.analysis(dir, strconv.FormatInt(int64(ids[len(ids)-1]), 10))
}

// openRound opens a data folder for an agency: folder, round, region.
func openRound(ctx context.Context, args []string, id region.ID) (*folder, round.Round, error) {
	f, err := openFolder(ctx, args[0])
	if err != nil {
		return nil, round.Round{}, err
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return nil, round.Round{}, err
	}
	who := agency
	who.Region = id
	r, err := f.rounds.Round(ctx, who, account.ExportRound, round.ID(n))
	return f, r, err
}

// writeRegion writes the region's workbook again and again, from the database to the last byte.
func writeRegion(ctx context.Context, args []string) (w written, err error) {
	f, r, err := openRound(ctx, args, region.ID(args[2]))
	if err != nil {
		return w, err
	}
	defer f.store.Close()
	for range bookTurns {
		start := time.Now()
		live, err := f.rounds.Live(ctx, r)
		if err != nil {
			return w, err
		}
		towns, err := f.rounds.Participants(ctx, r)
		if err != nil {
			return w, err
		}
		w.Rows = 0
		err = reports.WriteRegion(io.Discard, report.RegionReport{Lang: "de", Program: "Ortsspiegel", AsOf: start,
			Region: region.Region{ID: r.Region, Name: "Messung"}, Round: r,
			Definition: live.Definition, Participants: towns, Records: live.Records, Report: live.Report,
			Each: f.counted(ctx, r, &w.Rows)})
		if err != nil {
			return w, err
		}
		w.Took = append(w.Took, time.Since(start).Seconds())
	}
	return w, nil
}

// counted reads a round's submissions and counts the rows that they become.
func (f *folder) counted(ctx context.Context, r round.Round, rows *int) report.Submissions {
	return func(each func(round.Submission) error) error {
		return f.rounds.Submissions(ctx, r, func(s round.Submission) error {
			*rows += len(s.Entries)
			return each(s)
		})
	}
}

// writeRaw writes the raw export to a file once, from the database to the last byte.
func writeRaw(ctx context.Context, args []string) (written, error) {
	return writeAnswers(ctx, args, reports.WriteRaw)
}

// writeAnswers writes a workbook of all answers to a file once and removes it.
func writeAnswers(ctx context.Context, args []string, write func(io.Writer, report.RawReport) error) (w written,
	err error) {
	f, r, err := openRound(ctx, args, everywhere)
	if err != nil {
		return w, err
	}
	defer f.store.Close()
	start := time.Now()
	d, err := f.versions.Definition(ctx, r.Hash)
	if err != nil {
		return w, err
	}
	out, err := os.Create(args[2])
	if err != nil {
		return w, err
	}
	err = write(out, report.RawReport{Lang: "de", Program: "Ortsspiegel", AsOf: start,
		Region: region.Region{ID: r.Region, Name: "Messung"}, Round: r, Definition: d,
		Each: f.counted(ctx, r, &w.Rows)})
	w.Took = []float64{time.Since(start).Seconds()}
	return w, errors.Join(err, out.Close(), os.Remove(args[2]))
}

// plainBook writes a workbook with excelize and nothing else.
func plainBook(args []string, write func(f *excelize.File, rows int) error) (w written, err error) {
	if w.Rows, err = strconv.Atoi(args[0]); err != nil {
		return w, err
	}
	start := time.Now()
	f := excelize.NewFile()
	defer f.Close()
	if err := write(f, w.Rows); err != nil {
		return w, err
	}
	err = f.Write(io.Discard)
	w.Took = []float64{time.Since(start).Seconds()}
	return w, err
}

// rawRow is a row as the raw export has it; nil is an empty cell.
func rawRow(i int) []any {
	return []any{"05958004", "Arnsberg", "Hochsauerlandkreis", "Internetauftritt", "1.1", "netz-neubuergerseite",
		"Gibt es eine eigene Seite für Menschen, die neu in die Stadt ziehen?",
		"beantwortet", "teilweise umgesetzt", 50, nil, nil, float64(46000 + i%300)}
}

func streamRows(f *excelize.File, rows int) error {
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for i := 1; i <= rows; i++ {
		cell, err := excelize.CoordinatesToCellName(1, i)
		if err != nil {
			return err
		}
		if err := w.SetRow(cell, rawRow(i)); err != nil {
			return err
		}
	}
	return w.Flush()
}

func setCells(f *excelize.File, rows int) error {
	for i := 1; i <= rows; i++ {
		for k, v := range rawRow(i) {
			if v == nil {
				continue
			}
			cell, err := excelize.CoordinatesToCellName(k+1, i)
			if err != nil {
				return err
			}
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				return err
			}
		}
	}
	return nil
}
