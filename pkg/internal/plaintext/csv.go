package plaintext

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"ortsspiegel/pkg/fault"
)

// CSVLimits bounds what a CSV file may cost; each is inclusive and above 0.
type CSVLimits struct {
	Bytes   int // of the file
	Rows    int // that hold something, with the header
	Columns int
	Cells   int // that hold something
}

// CSV is a CSV file as it was read.
type CSV struct {
	Comments  []string // lines before the header that begin with "#", without that
	Converted string   // the encoding, if it was not UTF-8
	Separator rune
	Rows      []CSVRow // those that hold something
}

// CSVRow is a record that holds something.
type CSVRow struct {
	Line   int      // where it begins in the file, from 1
	Fields []string // each by Text
}

// ReadCSV reads a CSV file as programs write it: UTF-8, Windows-1252 or MacRoman; lines that end with LF, CRLF
// or CR; separated by what its first line says (sep=;), else by the semicolon, tab, comma or bar that most lines
// have equally often; with ="05958004" for a text. Errors are faults that name the line.
func ReadCSV(raw []byte, l CSVLimits) (*CSV, error) {
	if len(raw) > l.Bytes {
		return nil, fault.New(fault.TooLarge, "csv_bytes", "the file is larger than %d MB", l.Bytes>>20).With("Limit",
			l.Bytes)
	}
	text, converted, err := Decode(raw)
	if err != nil {
		return nil, err
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	out := &CSV{Converted: converted}
	text, skipped := out.comments(text)
	var given bool
	if out.Separator, given = separatorOf(text); given {
		_, text, _ = strings.Cut(text, "\n")
		skipped++
		var more int
		text, more = out.comments(text)
		skipped += more
	}
	if IsBlank(text) {
		return nil, fault.New(fault.Invalid, "csv_empty",
			"the file is empty: a row with the columns' names and a row per town are expected")
	}
	return out, out.read(text, skipped, l)
}

// comments takes the lines before the header that begin with "#" or are empty and returns what follows.
func (c *CSV) comments(text string) (rest string, lines int) {
	for strings.HasPrefix(text, "#") || strings.HasPrefix(text, "\n") {
		line, after, _ := strings.Cut(text, "\n")
		text = after
		lines++
		if comment, ok := strings.CutPrefix(line, "#"); ok {
			c.Comments = append(c.Comments, Line(strings.TrimRight(comment, ";,\t")))
		}
	}
	return text, lines
}

func (c *CSV) read(text string, skipped int, l CSVLimits) error {
	r := csv.NewReader(strings.NewReader(asQuoted(text)))
	r.Comma, r.FieldsPerRecord = c.Separator, -1
	cells := 0
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreadable(err, skipped)
		}
		line, _ := r.FieldPos(0)
		if len(record) > l.Columns {
			return fault.New(fault.TooLarge, "csv_columns", "line %d has more than %d columns", line+skipped,
				l.Columns).With("Limit", l.Columns)
		}
		filled := 0
		for i := range record {
			if record[i] = unquoted(Text(record[i])); record[i] != "" {
				filled++
			}
		}
		if filled == 0 {
			continue
		}
		c.Rows = append(c.Rows, CSVRow{line + skipped, record})
		if cells += filled; len(c.Rows) > l.Rows || cells > l.Cells {
			return fault.New(fault.TooLarge, "csv_rows", "the file has more than %d rows or %d cells", l.Rows,
				l.Cells).With("Limit", l.Rows)
		}
	}
}

func unreadable(err error, skipped int) error {
	var e *csv.ParseError
	if !errors.As(err, &e) {
		return fault.New(fault.Invalid, "csv_unreadable", "the file cannot be read as CSV").Because(err)
	}
	return fault.New(fault.Invalid, "csv_quotes",
		"line %d: the quotation marks are not in pairs: a quotation mark inside of a text is written twice",
		e.StartLine+skipped).With("Line", e.StartLine+skipped)
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
		begins := i == 0 || strings.IndexByte(";,\t|\n", text[i-1]) >= 0
		if !begins || end <= 0 || text[i+2+end] != '"' {
			b.WriteString(text[:i+1])
		} else {
			b.WriteString(text[:i])
		}
		text = text[i+1:]
	}
}

// unquoted does the same for a field that a program has quoted once more: "=""05958004""" holds ="05958004".
func unquoted(field string) string {
	inner, begins := strings.CutPrefix(field, `="`)
	inner, ends := strings.CutSuffix(inner, `"`)
	if !begins || !ends || strings.Contains(inner, `"`) {
		return field
	}
	return Text(inner)
}

// separatorOf finds what stands between the fields. given is true if the first line says so (sep=;), which is then
// to be skipped.
func separatorOf(text string) (separator rune, given bool) {
	first, _, _ := strings.Cut(text, "\n")
	first = strings.Trim(strings.TrimRight(first, " "), `"`)
	if len(first) >= 5 && strings.EqualFold(first[:4], "sep=") && strings.IndexByte(";,\t|", first[4]) >= 0 {
		return rune(first[4]), true
	}
	best, bestScore := ';', 0
	for _, candidate := range []rune{';', '\t', ',', '|'} {
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
	return best, false
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
