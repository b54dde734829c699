package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/checklist/validate"
)

// Parse reads a checklist file. It returns all problems in the order of the file, at most a
// thousand; the name only stands in them. The definition is nil if one of them is an error.
func Parse(name string, data []byte) (*checklist.Definition, []Problem) {
	s := read(name, data)
	s.validate()
	problems := s.sorted()
	if HasErrors(problems) {
		return nil, problems
	}
	return s.definition, problems
}

// ParseStored reads bytes that were a valid checklist when they were kept. What the rules for
// checklists say today is not asked, and neither are keys that the format has or lacks today:
// only what cannot be built is refused.
func ParseStored(name string, data []byte) (*checklist.Definition, []Problem) {
	s := read(name, data)
	d := s.definition
	if d == nil || !d.ID.Valid() || !d.Version.Valid() || len(d.Questions()) == 0 ||
		slices.ContainsFunc(s.problems, unbuildable) {
		s.validate() // says why
		return nil, s.sorted()
	}
	return d, nil
}

func unbuildable(p Problem) bool {
	switch p.Code {
	case codeUnknownKey, codeMissingKey, codeDuplicateKey, codeMeaningUnknown, codeScaleAndOptions:
		return false
	}
	return p.Severity == validate.SeverityError
}

// sheet is a file on its way to a definition.
type sheet struct {
	*decoder
	data       []byte
	root       *yaml.Node            // nil: the bytes are no YAML
	definition *checklist.Definition // as far as it goes; nil without root
	step       *compare.Difference   // from the version before; nil if there is none or something is wrong
}

// read goes as far as the file alone leads: what the rules for checklists say is not asked.
func read(name string, data []byte) *sheet {
	l := &list{file: name}
	s := &sheet{decoder: &decoder{list: l}, data: data}
	if !l.admissible(data) {
		return s
	}
	if s.root = l.load(data); s.root == nil {
		return s
	}
	l.shortcuts(s.root)
	var file fileYAML
	s.value(s.root, reflect.ValueOf(&file).Elem(), nil)
	s.definition = s.build(s.root, &file)
	s.definition.Hash = Hash(data)
	s.definition.Index()
	return s
}

// validate adds what the rules for checklists say.
func (s *sheet) validate() {
	if s.definition != nil && !s.more {
		s.report(validate.Validate(s.definition))
	}
}

// report adds issues at their places, but for those that follow from something else.
func (s *sheet) report(issues []validate.Issue) {
	for _, issue := range issues {
		if s.concluded(issue.Path) {
			continue
		}
		line, column := position(s.root, issue.Path)
		if issue.Line > 0 {
			line, column = s.inText(issue, line, column)
		}
		before := len(s.problems)
		s.add(line, column, issue.Code, "%s", issue.Message)
		for i := before; i < len(s.problems); i++ {
			s.problems[i].Severity = issue.Severity
		}
	}
}

// inText finds the line and column of a place inside a text that begins at line and column. Where the file writes the
// text otherwise than it is, with escapes or folded lines, that is the beginning of the text.
func (s *sheet) inText(issue validate.Issue, line, column int) (int, int) {
	n := valueAt(s.root, issue.Path)
	if n == nil {
		return line, column
	}
	lines := strings.Split(n.Value, "\n")
	first := line
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		first++ // the text begins below its mark
	} else if len(lines) > 1 {
		return line, column // several lines in quotes or without: the file breaks them elsewhere
	}
	written, want := lineOf(s.data, first+issue.Line-1), lines[min(issue.Line, len(lines))-1]
	from := 0
	if first == line {
		from = len(string([]rune(written)[:min(column-1, utf8.RuneCountInString(written))]))
	}
	at := strings.Index(written[from:], want)
	if at < 0 {
		return line, column
	}
	return first + issue.Line - 1, utf8.RuneCountInString(written[:from+at]) + issue.Column
}

// valueAt returns the node at a path; nil if there is none.
func valueAt(n *yaml.Node, path string) *yaml.Node {
	for path != "" && n != nil {
		var key string
		key, path = cutStep(path)
		n, _ = step(n, key)
	}
	return n
}

// Hash returns the SHA-256 of a checklist file's bytes in hexadecimal, as rounds keep it.
func Hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// position finds the line and column of a path, or of the nearest part of it that exists. For
// a list or a mapping that is the place of its key.
func position(root *yaml.Node, path string) (line, column int) {
	n, at := root, root
	for path != "" {
		var key string
		key, path = cutStep(path)
		next, name := step(n, key)
		if next == nil {
			// the rest of the path can be one key with points in it
			next, name = step(n, key+path)
			path = ""
		}
		if next == nil {
			break
		}
		n, at = next, next
		empty := n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0
		if name != nil && (n.Kind != yaml.ScalarNode || empty) {
			at = name
		}
	}
	return at.Line, at.Column
}

// cutStep takes the first key, or the first [index], off a path.
func cutStep(path string) (step, rest string) {
	path = strings.TrimPrefix(path, ".")
	if strings.HasPrefix(path, "[") {
		if end := strings.IndexByte(path, ']'); end > 0 {
			return path[:end+1], path[end+1:]
		}
	}
	if end := strings.IndexAny(path, ".["); end > 0 {
		return path[:end], path[end:]
	}
	return path, ""
}

// step returns a child of a node and, in a mapping, its key.
func step(n *yaml.Node, step string) (child, key *yaml.Node) {
	switch n.Kind {
	case yaml.SequenceNode:
		i, err := strconv.Atoi(strings.Trim(step, "[]"))
		if err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], nil
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i+1], n.Content[i]
			}
		}
	}
	return nil, nil
}
