package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/form"
	"ortsspiegel/pkg/workbook/reports"
)

// formTurns is how often one form is written and read.
const formTurns = 15

// carried is what a child tells about a form, each in seconds.
type carried struct {
	Written   []float64 `json:"written"`
	Read      []float64 `json:"read"`
	Questions int       `json:"questions"`
	Bytes     int       `json:"bytes"`
}

// forms measures the workbook made for filling in, both ways.
func (b *meter) forms(args ...string) error {
	var c carried
	peak, err := b.result(&c, "form", args...)
	if err != nil {
		return err
	}
	n := fmt.Sprintf("%d questions, %d kB", c.Questions, c.Bytes/1000)
	there, back := row{Measure: "form to fill in, written", Unit: seconds, Program: median(c.Written), N: n},
		row{Measure: "form to fill in, read back", Unit: seconds, Program: median(c.Read), N: n}
	b.report.add(there.want("< 0.05 s", there.Program < 0.05).peaks(peak, 0),
		back.want("< 0.05 s", back.Program < 0.05).peaks(peak, 0))
	return nil
}

// analysis measures the analysts' workbook of the largest round.
func (b *meter) analysis(dir, of string) error {
	var w written
	peak, err := b.result(&w, "analysis", dir, of, filepath.Join(b.dir, "analysis.xlsx"))
	if err != nil {
		return err
	}
	mb := float64(peak) / 1e6
	b.report.add(row{Measure: "analysts' workbook, memory", Unit: megabytes, Program: mb,
		N: fmt.Sprintf("%s answers in %.1f s", number(float64(w.Rows)), median(w.Took))}.want("< 150 MB", mb < 150))
	return nil
}

// errFirst ends the reading of submissions after the first.
var errFirst = errors.New("one is enough")

// formThereAndBack writes and reads the form of one town's assessment again and again.
func formThereAndBack(ctx context.Context, args []string) (c carried, err error) {
	f, r, err := openRound(ctx, args, region.ID(args[2]))
	if err != nil {
		return c, err
	}
	defer f.store.Close()
	d, err := f.versions.Definition(ctx, r.Hash)
	if err != nil {
		return c, err
	}
	view := assessment.View{Definition: d, Head: assessment.Head{ID: 1, TownName: "Messung", RoundTitle: r.Title,
		Checklist: d.Ref(), Hash: d.Hash}}
	err = f.rounds.Submissions(ctx, r, func(s round.Submission) error {
		view.Entries = s.Entries
		return errFirst
	})
	if !errors.Is(err, errFirst) {
		return c, errors.Join(errors.New("the round has no submission"), err)
	}
	view.Result = score.Score(d, assessment.Answers(view.Entries))
	for range formTurns {
		var out bytes.Buffer
		start := time.Now()
		if err := form.WriteForm(&out, assessment.Form{View: view, At: start}, "de", "Ortsspiegel"); err != nil {
			return c, err
		}
		c.Written = append(c.Written, time.Since(start).Seconds())
		start = time.Now()
		returned, err := form.ReadForm(ctx, bytes.NewReader(out.Bytes()), int64(out.Len()),
			func(string) (*checklist.Definition, error) { return d, nil })
		if err != nil {
			return c, err
		}
		c.Read = append(c.Read, time.Since(start).Seconds())
		c.Questions, c.Bytes = len(returned.Filled), out.Len()
	}
	return c, nil
}

// writeAnalysis writes the analysts' workbook to a file once, from the database to the last byte.
func writeAnalysis(ctx context.Context, args []string) (written, error) {
	return writeAnswers(ctx, args, func(w io.Writer, r report.RawReport) error {
		return reports.WriteAnalysis(w, report.AnalysisReport{RawReport: r})
	})
}
