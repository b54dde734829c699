package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"ortsspiegel/pkg/checklist"
)

// Parse reads a checklist file. It returns all problems in the order of the file, at most a
// thousand; the name only stands in them. The definition is nil if one of them is an error.
func Parse(name string, data []byte) (*checklist.Definition, []Problem) {
	l := &list{file: name}
	if !l.admissible(data) {
		return nil, l.sorted()
	}
	root := l.load(data)
	if root == nil {
		return nil, l.sorted()
	}
	l.shortcuts(root)
	d := &decoder{list: l}
	var file fileYAML
	d.value(root, reflect.ValueOf(&file).Elem(), nil)
	definition := d.build(root, &file)
	if l.more {
		return nil, l.sorted()
	}
	for _, issue := range checklist.Validate(definition) {
		if d.concluded(issue.Path) {
			continue
		}
		line, column := position(root, issue.Path)
		before := len(l.problems)
		l.add(line, column, issue.Code, "%s", issue.Message)
		for i := before; i < len(l.problems); i++ {
			l.problems[i].Severity = issue.Severity
		}
	}
	problems := l.sorted()
	if HasErrors(problems) {
		return nil, problems
	}
	definition.Hash = Hash(data)
	return definition.Index(), problems
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
