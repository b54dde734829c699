package reports

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// The CSV files are what German Excel opens by a double click: UTF-8 with a byte order mark,
// semicolons, decimal commas, CRLF; line breaks inside a field stay inside its quotes. A text
// that a spreadsheet would take for a formula gets an apostrophe in front: programs that read
// the file take away one leading apostrophe.

// WriteTownCSV writes a town's answers as CSV, one row per question.
func WriteTownCSV(w io.Writer, r report.TownReport) error {
	if err := checkTown(&r); err != nil {
		return err
	}
	c := newTable(w, rawTitles(r.Lang))
	x := newDescriber(r.View.Definition, r.Lang)
	if err := x.each(r.Town, r.View.Entries, r.View.Result, c.writer(r.Lang)); err != nil {
		return fmt.Errorf("workbook: write csv: %w", err)
	}
	return c.end()
}

// WriteRegionCSV streams all answers of a round as CSV, one row per town and question.
func WriteRegionCSV(w io.Writer, r report.RawReport) error {
	if r.Definition == nil || r.Each == nil {
		return fault.New(fault.Internal, "workbook_incomplete", "the export has no checklist or nothing to read from")
	}
	c := newTable(w, rawTitles(r.Lang))
	x := newDescriber(r.Definition, r.Lang)
	write := c.writer(r.Lang)
	err := r.Each(func(s round.Submission) error {
		return x.each(s.Town, s.Entries, score.Score(r.Definition, s.Answers), write)
	})
	if err != nil {
		return fmt.Errorf("workbook: write csv: %w", err)
	}
	return c.end()
}

// table writes rows of fields.
type table struct {
	w   *csv.Writer
	err error
}

func newTable(w io.Writer, titles []string) *table {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return &table{err: err}
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	return &table{w: c, err: c.Write(titles)}
}

func (t *table) end() error {
	if t.err == nil {
		t.w.Flush()
		t.err = t.w.Error()
	}
	if t.err != nil {
		return fmt.Errorf("workbook: write csv: %w", t.err)
	}
	return nil
}

// writer returns what writes a row of answers.
func (t *table) writer(lang checklist.Lang) func(*answerRow) error {
	fields := make([]string, 13)
	return func(r *answerRow) error {
		if t.err != nil {
			return t.err
		}
		answer, points, changed := "", "", ""
		switch v := r.answer.(type) {
		case float64:
			answer = decimalComma(v)
		case string:
			answer = guarded(v)
		}
		if r.points != nil {
			points = decimalComma(100 * *r.points)
		}
		if !r.changed.IsZero() {
			changed = wording.ISODay(r.changed)
		}
		fields = append(fields[:0], string(r.town.AGS), guarded(r.town.Name), guarded(r.town.District.Name),
			guarded(r.section), r.number, string(r.question),
			guarded(r.text), book.StatePhrases[r.state].In(lang), answer, points, guarded(r.reason),
			guarded(r.comment), changed)
		t.err = t.w.Write(fields)
		return t.err
	}
}

// decimalComma writes a number with a comma and at most six decimals.
func decimalComma(x float64) string {
	s := strconv.FormatFloat(x, 'f', 6, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	return strings.Replace(s, ".", ",", 1)
}

// guarded puts an apostrophe before a text that a spreadsheet would calculate, also where
// blanks or apostrophes stand before the sign.
func guarded(s string) string {
	s = book.Clean(s)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " '\u00a0"))
	if strings.HasPrefix(s, "\n") || first != utf8.RuneError && strings.ContainsRune("=+-@\t＝＋－＠", first) {
		return "'" + s
	}
	return s
}
