package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/checklist/validate"
)

// neighbours are what a file is compared with.
type neighbours struct {
	ref       checklist.Ref // by the names of folder and file; zero if they name no version
	raw       []byte
	published Published
	siblings  []checklist.Version // in the same folder, the oldest first
	open      func(checklist.Version) (d *checklist.Definition, file string)
}

// neighbours finds what a file is compared with; others are problems of files beside it, told once.
func (l *linter) neighbours(path string, raw []byte) (n neighbours, others []Problem) {
	folder := filepath.Dir(path)
	n = neighbours{ref: placed(path), raw: raw, siblings: l.siblings(folder)}
	n.open = func(v checklist.Version) (*checklist.Definition, string) {
		name := string(v) + ".yaml"
		return l.neighbour(filepath.Join(folder, name)), name
	}
	if n.ref != (checklist.Ref{}) {
		n.published, others = l.listed(filepath.Join(folder, "..", PublishedFile))
	}
	return n, others
}

// placed tells a version by the names of file and folder; zero if they are no version's.
func placed(path string) checklist.Ref {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	name, ok := strings.CutSuffix(filepath.Base(abs), ".yaml")
	ref := checklist.Ref{ID: checklist.ID(filepath.Base(filepath.Dir(abs))), Version: checklist.Version(name)}
	if !ok || !ref.ID.Valid() || !ref.Version.Valid() {
		return checklist.Ref{}
	}
	return ref
}

// listed reads the list of published versions; without one nothing is published.
func (l *linter) listed(path string) (Published, []Problem) {
	if p, ok := l.published[path]; ok {
		return p, nil
	}
	raw, err := readLimited(path, maxPublished, l.open)
	var p Published
	var problems []Problem
	switch {
	case err == nil:
		p, problems = ParsePublished(path, raw)
	case !errors.Is(err, fs.ErrNotExist):
		problems = []Problem{{path, 1, 1, validate.SeverityError, codeUnreadable,
			fmt.Sprintf("the file cannot be read: %v", err)}}
	}
	l.published[path] = p
	return p, problems
}

// siblings lists the versions in a folder; one that cannot be listed has none.
func (l *linter) siblings(folder string) []checklist.Version { return versionsIn(l.entries(folder)) }

func (l *linter) entries(folder string) []fs.DirEntry {
	f, err := l.open(folder)
	if err != nil {
		return nil
	}
	defer f.Close()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil
	}
	entries, err := dir.ReadDir(-1)
	if err != nil {
		return nil
	}
	return entries
}

// neighbour builds the checklist of another file; nil if that is not possible.
func (l *linter) neighbour(path string) *checklist.Definition {
	if d, ok := l.built[path]; ok {
		return d
	}
	var d *checklist.Definition
	if raw, err := readLimited(path, MaxBytes, l.open); err == nil {
		d, _ = ParseStored(path, raw)
	}
	l.built[path] = d
	return d
}

// judge adds what the neighbours have to say about a file.
func (n *neighbours) judge(s *sheet) {
	expected, listed := n.published[n.ref]
	switch {
	case listed && expected == Hash(n.raw):
		defer s.excuse() // whatever is wrong with it cannot be changed any more
	case listed:
		s.add(1, 1, codePublishedEdited, "%s", editedMessage(n.ref, expected, n.raw))
	}
	if s.root == nil || s.more {
		return
	}
	if newest := n.published.newest(n.ref.ID); !listed && newest != "" && n.ref.Version.Compare(newest) < 0 {
		s.at("version", codePublishedLate,
			"%s is published already, and versions are published in ascending order: this one needs a higher number",
			newest)
	}
	n.step(s, listed)
}

// excuse makes warnings of the errors that rules found which did not stand in the way of publishing.
func (s *sheet) excuse() {
	for i := range s.problems {
		if !unbuildable(s.problems[i]) || fileCodes[s.problems[i].Code] == "" {
			s.problems[i].Severity = validate.SeverityWarning
		}
	}
}

// at adds a problem at the place of a path.
func (s *sheet) at(path string, code validate.Code, format string, args ...any) {
	line, column := position(s.root, path)
	s.add(line, column, code, format, args...)
}

// before is the version that stands directly before the file's own in its folder; empty if there
// is none. A stray draft that was never published does not come before one that was: it is the
// draft that is late.
func (n *neighbours) before(v checklist.Version, listed bool) checklist.Version {
	var before checklist.Version
	for _, other := range n.siblings {
		_, published := n.published[checklist.Ref{ID: n.ref.ID, Version: other}]
		if other.Compare(v) < 0 && (published || !listed) {
			before = other
		}
	}
	return before
}

// step compares a file with the version before it.
func (n *neighbours) step(s *sheet, listed bool) {
	d := s.definition
	if !d.Version.Valid() {
		return // that is said, and what comes before such a version nobody can tell
	}
	name := n.before(d.Version, listed)
	if name == "" {
		n.lonely(s)
		return
	}
	before, file := n.open(name)
	if before == nil || before.Ref() != (checklist.Ref{ID: d.ID, Version: name}) {
		s.at("changes", codeVersionBefore,
			"the version before, %s, cannot be read: what carries over from it was not checked; correct that file "+
				"first", file)
		return
	}
	s.report(validate.ValidateChanges(before, d))
	if HasErrors(s.problems) {
		return
	}
	path, err := carry.NewPath(before, d)
	if err != nil {
		return // said above
	}
	s.step = compare.Compare(path)
	if class := s.step.Class(); !listed && !class.Allows(before.Version, d.Version) {
		s.at("version", codeVersionStep,
			"the changes since %s make this a %s version (%s): %s is the smallest number for it",
			before.Version, class, strings.Join(reasons(s.step, plainWord, 3), "; "), class.Next(before.Version))
	}
}

// lonely says that nothing is known about what carries over.
func (n *neighbours) lonely(s *sheet) {
	if c := s.definition.Changes; c != nil && c.From.Valid() {
		s.at("changes.from", codeVersionBefore,
			"there is no file of version %s beside this one: what carries over from it was not checked", c.From)
	}
}

func plainWord(a compare.Aspect) string { return strings.ReplaceAll(string(a), "_", " ") }
