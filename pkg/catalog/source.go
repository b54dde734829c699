package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Limits of a checklist file. The largest sensible checklist, 2 000 questions, stays below them.
const (
	MaxBytes  = 1 << 20
	maxDepth  = 40      // lists and mappings inside each other
	maxCommas = 100_000 // each can make a value, and a value costs some hundred bytes
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// admissible checks the bytes before the YAML parser sees them.
func (l *list) admissible(data []byte) bool {
	before := len(l.problems)
	switch {
	case len(data) > MaxBytes:
		l.add(1, 1, codeTooLarge, "the file has %d bytes: at most %d (1 MiB) are possible", len(data), MaxBytes)
		return false
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		l.add(1, 1, codeEncoding, "the file is UTF-16: save it as UTF-8")
		return false
	}
	l.characters(bytes.TrimPrefix(data, byteOrderMark))
	if n := bytes.Count(data, []byte(",")); n > maxCommas {
		l.add(1, 1, codeTooManyValues, "the file has %d commas: at most %d are possible", n, maxCommas)
	}
	if len(l.problems) > before {
		return false
	}
	if bytes.HasPrefix(data, byteOrderMark) {
		l.add(1, 1, codeByteOrderMark, "the file begins with a byte order mark: save it as UTF-8 without one")
	}
	return true
}

// characters reports the first byte that is no text.
func (l *list) characters(data []byte) {
	line, start := 1, 0
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		column := func() int { return utf8.RuneCount(data[start:i]) + 1 }
		switch {
		case r == utf8.RuneError && size == 1:
			l.add(line, column(), codeEncoding, "the byte 0x%02X is not valid UTF-8: save the file as UTF-8", data[i])
			return
		case r == '\n':
			line, start = line+1, i+1
		case (r < ' ' && r != '\t' && r != '\r') || (r >= 0x7f && r < 0xa0 && r != 0x85):
			l.add(line, column(), codeControl, "the character U+%04X is no text: remove it", r)
			return
		}
		i += size
	}
}

// limits refuses deep nesting while the parser reads. The library checks aliases only where
// they are expanded, which never happens here.
type limits struct{}

var errTooDeep = errors.New("too deep")

func (limits) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > maxDepth {
		return errTooDeep
	}
	return nil
}

func (limits) CheckAlias(int, int) error { return nil }

// load parses the one document of a file; nil if that is not possible.
func (l *list) load(data []byte) *yaml.Node {
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(limits{}))
	if err != nil {
		l.add(1, 1, codeSyntax, "the file cannot be read: %v", err)
		return nil
	}
	var doc, more yaml.Node
	if err := loader.Load(&doc); err != nil {
		l.refused(data, err)
		return nil
	}
	if err := loader.Load(&more); err == nil {
		l.add(more.Line, more.Column, codeDocuments, "a second document begins here: a file holds exactly one %s",
			l.noun())
	} else if !errors.Is(err, io.EOF) {
		l.refused(data, err)
		return nil
	}
	if len(doc.Content) == 0 {
		l.add(1, 1, codeEmptyFile, "the file is empty: a %s", l.beginning())
		return nil
	}
	return doc.Content[0]
}

// refused words the parser's error.
func (l *list) refused(data []byte, err error) {
	var at *yaml.LoadError
	switch {
	case errors.Is(err, io.EOF):
		l.add(1, 1, codeEmptyFile, "the file is empty: a %s", l.beginning())
	case !errors.As(err, &at):
		l.add(1, 1, codeSyntax, "the file is not YAML: %v", err)
	case strings.Contains(err.Error(), errTooDeep.Error()):
		l.add(at.Mark.Line, at.Mark.Column, codeTooDeep,
			"lists and mappings stand more than %d deep inside each other: no part of a checklist needs that", maxDepth)
	case strings.Contains(at.Message, "unknown anchor"):
		l.add(at.Mark.Line, at.Mark.Column, codeAlias, "%s", aliasMessage)
	case strings.HasPrefix(strings.TrimLeft(lineOf(data, at.Mark.Line), " "), "\t"):
		l.add(at.Mark.Line, at.Mark.Column, codeTab, "the line is indented with a tab: indent with spaces")
	default:
		what := at.Message
		if at.ContextMsg != "" {
			what = at.ContextMsg + ": " + what
		}
		if at.ContextMark.Line > 0 && at.ContextMark.Line != at.Mark.Line {
			what += fmt.Sprintf(" (it began at line %d, column %d)", at.ContextMark.Line, at.ContextMark.Column)
		}
		l.add(at.Mark.Line, at.Mark.Column, codeSyntax, "this is not YAML: %s; check indentation, quotes and brackets",
			what)
	}
}

func lineOf(data []byte, line int) string {
	for ; line > 1; line-- {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			return ""
		}
		data = data[i+1:]
	}
	first, _, _ := bytes.Cut(data, []byte("\n"))
	return string(first)
}

const aliasMessage = "aliases are refused, because a small file could expand without end: repeat the value, or use a " +
	"scale"

// shortcuts reports anchors, aliases and tags everywhere in the file.
func (l *list) shortcuts(n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		l.add(n.Line, n.Column, codeAlias, "%s", aliasMessage)
		return
	}
	if n.Anchor != "" {
		l.add(n.Line, n.Column, codeAnchor, "anchors are refused, as are aliases: remove the & and its name")
	}
	if n.Style&yaml.TaggedStyle != 0 {
		l.add(n.Line, n.Column, codeTag, "explicit types are refused: remove the ! and its name")
	}
	for _, c := range n.Content {
		l.shortcuts(c)
	}
}
