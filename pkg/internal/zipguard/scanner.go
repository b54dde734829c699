package zipguard

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"
)

// scanner reads an XML part as it is inflated: well-formed nesting, no document type, UTF-8,
// and for worksheets the rows and cells. It keeps one tag and the names of the open elements,
// nothing else.
type scanner struct {
	part   string
	title  string // of a sheet
	sheet  bool
	limits Limits

	state    state
	quote    byte   // open quotation mark in a tag
	tag      []byte // the tag, comment, or instruction being read, without its "<"
	rest     []byte // the beginning of a character whose end is in the next chunk
	names    []byte // the open elements' names, one after the other
	ends     []int  // where each of them ends in names
	seen     bool   // there was a root element
	elements int

	rows, last int // rows that hold something; highest number of one
	written    int // all rows that are written down
	row, col   int // where the scanner is, from 1
	filled     int // the last row of which a cell was found to hold something
	cells      int
}

type state uint8

const (
	inText state = iota
	inTag
	inComment
	inCharacters // CDATA
	inInstruction
)

// maxTag bounds a single tag with its attributes, in bytes.
const maxTag = 64 << 10

// maxDeclaration is more than any XML declaration has, in bytes.
const maxDeclaration = 512

func newScanner(part, title string, sheet bool, l Limits) *scanner {
	return &scanner{part: part, title: title, sheet: sheet, limits: l}
}

// maxWritten is how many rows a sheet may have, those among them that only have a format.
const maxWritten = 1 << 19

// Write scans a chunk. The errors are faults.
func (s *scanner) Write(p []byte) (int, error) {
	if err := s.characters(p); err != nil {
		return 0, err
	}
	for i := 0; i < len(p); {
		if s.state == inText {
			next := bytes.IndexByte(p[i:], '<')
			if next < 0 {
				break
			}
			i += next + 1
			s.state, s.tag = inTag, s.tag[:0]
			continue
		}
		if err := s.step(p[i]); err != nil {
			return 0, err
		}
		i++
	}
	return len(p), nil
}

// characters checks that the bytes are UTF-8 without NUL, which rules out every other
// encoding a document type could hide in.
func (s *scanner) characters(p []byte) error {
	if len(s.rest) > 0 {
		need := min(utf8.UTFMax-len(s.rest), len(p))
		joined := append(s.rest[:len(s.rest):len(s.rest)], p[:need]...)
		if !utf8.FullRune(joined) {
			s.rest = joined
			return nil
		}
		r, size := utf8.DecodeRune(joined)
		if r == utf8.RuneError && size == 1 {
			return s.notUTF8()
		}
		p, s.rest = p[size-len(s.rest):], nil
	}
	for back := 1; back < utf8.UTFMax && back <= len(p); back++ {
		if utf8.RuneStart(p[len(p)-back]) {
			if !utf8.FullRune(p[len(p)-back:]) {
				s.rest = bytes.Clone(p[len(p)-back:])
				p = p[:len(p)-back]
			}
			break
		}
	}
	if !utf8.Valid(p) || bytes.IndexByte(p, 0) >= 0 {
		return s.notUTF8()
	}
	return nil
}

// step takes one byte inside of markup.
func (s *scanner) step(c byte) error {
	if len(s.tag) >= maxTag && s.state == inTag {
		return tooLarge("workbook_xml", "a tag in "+s.what(), int64(len(s.tag)), maxTag, "bytes")
	}
	switch s.state {
	case inTag:
		return s.stepTag(c)
	case inComment:
		s.until(c, "-->")
	case inCharacters:
		s.until(c, "]]>")
	case inInstruction:
		// the declaration is kept whole, of longer instructions only the end
		if len(s.tag) == maxDeclaration {
			s.tag = append(s.tag[:0], s.tag[maxDeclaration-1])
		}
		s.tag = append(s.tag, c)
		if bytes.HasSuffix(s.tag, []byte("?>")) {
			s.state = inText
			return s.declaration()
		}
	}
	return nil
}

// until stays in the state until its end mark was read; only as much as the mark is kept.
func (s *scanner) until(c byte, end string) {
	s.tag = append(s.tag, c)
	if k := len(s.tag) - len(end); k > 0 {
		s.tag = append(s.tag[:0], s.tag[k:]...)
	}
	if string(s.tag) == end {
		s.state = inText
	}
}

func (s *scanner) stepTag(c byte) error {
	switch {
	case s.quote != 0:
		if c == s.quote {
			s.quote = 0
		}
	case c == '>' && (len(s.tag) == 0 || s.tag[0] != '!'):
		s.state = inText
		return s.element()
	case c == '<':
		return s.broken("a tag begins inside of a tag")
	case (c == '"' || c == '\'') && len(s.tag) > 0 && s.tag[0] != '!':
		s.quote = c
	}
	s.tag = append(s.tag, c)
	switch {
	case s.tag[0] == '?':
		s.state = inInstruction
	case s.tag[0] != '!':
	case string(s.tag) == "!--":
		s.state, s.tag = inComment, s.tag[:0]
	case string(s.tag) == "![CDATA[":
		s.state, s.tag = inCharacters, s.tag[:0]
	case !strings.HasPrefix("!--", string(s.tag)) && !strings.HasPrefix("![CDATA[", string(s.tag)):
		return invalid("workbook_doctype",
			"the file declares a document type or entities, which no spreadsheet program writes: it is refused").With(
			"Entry", short(s.part))
	}
	return nil
}

// declaration refuses encodings that would make a reader see another text than the scanner.
func (s *scanner) declaration() error {
	text := strings.ToLower(string(s.tag))
	if !strings.HasPrefix(text, "?xml ") {
		return nil
	}
	_, after, ok := strings.Cut(text, "encoding")
	if !ok {
		return nil
	}
	encoding := strings.Trim(after, " \t\r\n=\"'?>")
	encoding, _, _ = strings.Cut(encoding, "\"")
	encoding, _, _ = strings.Cut(encoding, "'")
	switch encoding {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return nil
	}
	return s.notUTF8()
}

// element handles a complete start, end or empty tag.
func (s *scanner) element() error {
	tag := s.tag
	if len(tag) > 0 && tag[0] == '/' {
		return s.close(bytes.TrimRight(tag[1:], " \t\r\n"))
	}
	empty := len(tag) > 0 && tag[len(tag)-1] == '/'
	if empty {
		tag = tag[:len(tag)-1]
	}
	name := tag
	if i := bytes.IndexAny(tag, " \t\r\n"); i >= 0 {
		name = tag[:i]
	}
	if len(name) == 0 {
		return s.broken("a tag has no name")
	}
	if len(s.ends) == 0 && s.seen {
		return s.broken("there is more than one root element")
	}
	s.seen = true
	if len(s.ends) >= s.limits.Depth {
		return tooLarge("workbook_depth", s.what(), int64(len(s.ends)+1), int64(s.limits.Depth), "nested elements")
	}
	if err := s.count(local(name), tag[len(name):]); err != nil {
		return err
	}
	if !empty {
		s.names = append(s.names, name...)
		s.ends = append(s.ends, len(s.names))
	}
	return nil
}

func (s *scanner) close(name []byte) error {
	depth := len(s.ends)
	if depth == 0 {
		return s.broken("an element ends that never began")
	}
	begin := 0
	if depth > 1 {
		begin = s.ends[depth-2]
	}
	if !bytes.Equal(s.names[begin:], name) {
		return s.broken("an element ends that is not the open one")
	}
	s.names, s.ends = s.names[:begin], s.ends[:depth-1]
	return nil
}

// count adds an element to the figures; attributes is the rest of its tag.
func (s *scanner) count(name, attributes []byte) error {
	s.elements++
	limit := s.limits.Elements
	if s.sheet {
		limit += 4 * s.limits.Cells // a cell holds at most its value, formula or inline text
	}
	if s.elements > limit {
		return tooLarge("workbook_elements", s.what(), int64(s.elements), int64(limit), "elements")
	}
	if !s.sheet {
		return nil
	}
	switch string(name) {
	case "row":
		s.written++
		s.row, s.col = s.row+1, 0
		if n, ok := number(attribute(attributes, "r")); ok {
			s.row = n
		}
		if s.written > maxWritten {
			return s.exceeds("workbook_rows", s.written, maxWritten, "rows (delete the empty ones at its end)")
		}
	case "c":
		s.cells++
		s.col++
		if n, ok := column(attribute(attributes, "r")); ok {
			s.col = n
		}
		if s.cells > s.limits.Cells {
			return s.exceeds("workbook_cells", s.cells, s.limits.Cells, "cells")
		}
	case "v", "f", "is":
		return s.holds()
	}
	return nil
}

// holds counts a cell that holds something; rows and columns that only have a format are no content, wherever
// they stand.
func (s *scanner) holds() error {
	if s.filled != s.written {
		s.filled = s.written
		s.rows++
	}
	s.last = max(s.last, s.row)
	if s.rows > s.limits.Rows || s.last > s.limits.Rows {
		return s.exceeds("workbook_rows", max(s.rows, s.last), s.limits.Rows, "rows")
	}
	if s.col > s.limits.Columns {
		return s.exceeds("workbook_columns", s.col, s.limits.Columns, "columns")
	}
	return nil
}

// what names what is scanned as a person knows it.
func (s *scanner) what() string {
	if s.title != "" {
		return "the sheet " + short(s.title)
	}
	return "a part of the file"
}

// exceeds says what of a sheet is too much.
func (s *scanner) exceeds(code string, n, limit int, unit string) error {
	return tooLarge(code, "the sheet "+short(s.title), int64(n), int64(limit), unit).With("Sheet", s.title)
}

// finish says whether the part ended where it may.
func (s *scanner) finish() error {
	switch {
	case len(s.rest) > 0:
		return s.notUTF8()
	case !s.seen:
		return s.broken("it is empty")
	case s.state != inText || len(s.ends) > 0:
		return s.broken("it ends in the middle")
	}
	return nil
}

func (s *scanner) broken(why string) error {
	return invalid("workbook_xml", "%s is broken (%s): save the workbook again in Excel and send it once more",
		s.what(), why).
		With("Entry", short(s.part)).Because(errors.New(why))
}

func (s *scanner) notUTF8() error {
	return invalid("workbook_utf8",
		"%s is not written in UTF-8: save the workbook again in Excel and send it once more", s.what()).With("Entry",
		short(s.part))
}

// local is a name without its namespace prefix.
func local(name []byte) []byte {
	return name[bytes.LastIndexByte(name, ':')+1:]
}

// attribute returns the value of an attribute without prefix, nil if there is none.
func attribute(attributes []byte, name string) []byte {
	for {
		attributes = bytes.TrimLeft(attributes, " \t\r\n")
		i := bytes.IndexByte(attributes, '=')
		if i < 0 {
			return nil
		}
		key := bytes.TrimRight(attributes[:i], " \t\r\n")
		attributes = bytes.TrimLeft(attributes[i+1:], " \t\r\n")
		if len(attributes) == 0 {
			return nil
		}
		end := bytes.IndexByte(attributes[1:], attributes[0])
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return attributes[1 : end+1]
		}
		attributes = attributes[end+2:]
	}
}

// number reads a row number; longer ones than any sheet has are cut to a large value.
func number(digits []byte) (n int, ok bool) {
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = min(n*10+int(c-'0'), 1<<30)
	}
	return n, len(digits) > 0
}

// column reads the letters of a cell reference such as "AB12".
func column(reference []byte) (n int, ok bool) {
	for _, c := range reference {
		if c |= 0x20; c < 'a' || c > 'z' {
			break
		}
		n = min(n*26+int(c-'a')+1, 1<<30)
	}
	return n, n > 0
}
