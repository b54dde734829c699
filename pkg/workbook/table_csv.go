package workbook

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/round"
)

// readTableCSV reads a CSV file in UTF-8 or Windows-1252, separated by semicolons, commas or tabs. Rows are
// numbered as the file's lines.
func readTableCSV(r io.ReaderAt, size int64) (*round.Table, error) {
	if size > maxTableCSV {
		return nil, fault.New(fault.TooLarge, "csv_bytes", "the file is larger than %d MB", maxTableCSV>>20)
	}
	raw := make([]byte, size)
	if _, err := r.ReadAt(raw, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("workbook: read csv: %w", err)
	}
	text, _, err := plaintext.Decode(raw)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, fault.New(fault.Invalid, "csv_empty", "the file is empty: a row with the columns' names and a row per town are expected")
	}
	separator, skipped := separatorOf(text)
	_, text, _ = cutLines(text, skipped)
	c := csv.NewReader(strings.NewReader(asQuoted(text)))
	c.Comma, c.FieldsPerRecord, c.ReuseRecord = separator, -1, true
	t := &round.Table{}
	cells := 0
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, csvFault(err, skipped)
		}
		line, _ := c.FieldPos(0)
		if len(record) > maxTableColumns {
			return nil, fault.New(fault.TooLarge, "csv_columns", "line %d has more than %d columns", line+skipped, maxTableColumns)
		}
		row := round.TableRow{Number: line + skipped}
		for i, field := range record {
			if s := tableText(field); s != "" {
				row.Cells = append(row.Cells, round.TableCell{Column: i + 1, Text: strings.Clone(s)})
			}
		}
		if len(row.Cells) == 0 {
			continue
		}
		t.Rows = append(t.Rows, row)
		if cells += len(row.Cells); len(t.Rows) > maxTableRows || cells > maxTableCells {
			return nil, fault.New(fault.TooLarge, "csv_rows", "the file has more than %d rows or %d cells", maxTableRows, maxTableCells)
		}
	}
}

// asQuoted makes "05958004" of ="05958004" where a field begins: people write so to keep Excel from making a
// number of it.
func asQuoted(text string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, `="`)
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		end := strings.IndexAny(text[i+2:], "\"\n")
		begins := i == 0 || strings.IndexByte(";,\t\n", text[i-1]) >= 0
		if !begins || end <= 0 || text[i+2+end] != '"' {
			b.WriteString(text[:i+1])
		} else {
			b.WriteString(text[:i])
		}
		text = text[i+1:]
	}
}

func csvFault(err error, skipped int) error {
	var e *csv.ParseError
	if !errors.As(err, &e) {
		return fault.New(fault.Invalid, "csv_unreadable", "the file cannot be read as CSV").Because(err)
	}
	return fault.New(fault.Invalid, "csv_quotes", "line %d: the quotation marks are not in pairs: a quotation mark inside of a text is written twice", e.Line+skipped)
}

// cutLines splits a text after n lines.
func cutLines(text string, n int) (before, after string, ok bool) {
	at := 0
	for range n {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return text, "", false
		}
		at += i + 1
	}
	return text[:at], text[at:], true
}

// separatorOf finds what stands between the fields: what Excel's own first line says (sep=;), which is
// then to be skipped; else that of the three by which most of the first records have equally many fields.
func separatorOf(text string) (separator rune, skipped int) {
	first, _, _ := strings.Cut(text, "\n")
	if given, ok := strings.CutPrefix(strings.TrimRight(first, "\r"), "sep="); ok && len(given) == 1 && strings.Contains(";,\t", given) {
		return rune(given[0]), 1
	}
	best, bestScore := ';', 0
	for _, candidate := range []rune{';', '\t', ','} {
		// how often each number of separators occurs
		counts := map[int]int{}
		for _, n := range separators(text, candidate) {
			counts[n]++
		}
		score := 0
		for n, lines := range counts {
			if n > 0 {
				score = max(score, lines*1000+min(n, 999))
			}
		}
		if score > bestScore {
			best, bestScore = candidate, score
		}
	}
	return best, 0
}

// separators counts a character outside of quotation marks in each of the first records.
func separators(text string, c rune) []int {
	const records, bytes = 50, 256 << 10
	var list []int
	n, quoted, any := 0, false, false
	for _, r := range text[:min(len(text), bytes)] {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\n':
			if list = append(list, n); len(list) == records {
				return list
			}
			n, any = 0, false
		case r == c:
			n++
			any = true
		default:
			any = true
		}
	}
	if any {
		list = append(list, n)
	}
	return list
}
