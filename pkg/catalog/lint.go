package catalog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
)

// Lint checks files and returns the problems of all of them, file by file, in the order of the
// lines. A file that cannot be read is a problem too. A file named as a version is also compared
// with its neighbours: the version before it in its folder, and the list of published versions in
// the folder above. Opening opens a file or folder by its path; os.Open wrapped to return an
// fs.File serves.
func Lint(paths []string, opening func(path string) (fs.File, error)) []Problem {
	l := newLinter(opening)
	problems := []Problem{}
	for _, p := range paths {
		_, found := l.file(p)
		problems = append(problems, found...)
	}
	return problems
}

// linter remembers the neighbours that several files of one run share.
type linter struct {
	open      func(path string) (fs.File, error)
	built     map[string]*checklist.Definition // by path; nil: it cannot be built
	published map[string]Published             // by path of the list
}

func newLinter(open func(path string) (fs.File, error)) *linter {
	return &linter{open: open, built: map[string]*checklist.Definition{}, published: map[string]Published{}}
}

// onDisk opens a file or folder of the machine.
func onDisk(path string) (fs.File, error) { return os.Open(path) }

// file returns the problems of one file; the sheet is nil if the file cannot be read.
func (l *linter) file(path string) (*sheet, []Problem) {
	raw, err := readLimited(path, MaxBytes, l.open)
	if err != nil {
		found := &list{file: path}
		found.add(1, 1, codeUnreadable, "the file cannot be read: %v", err)
		return nil, found.problems
	}
	s := read(path, raw)
	s.validate()
	n, others := l.neighbours(path, raw)
	n.judge(s)
	problems := s.sorted()
	if !HasErrors(problems) {
		// Only inside a folder of checklists does the server look for a file by its name.
		severity := validate.SeverityWarning
		if abs, err := filepath.Abs(path); err == nil &&
			filepath.Base(filepath.Dir(filepath.Dir(abs))) == "checklists" {
			severity = validate.SeverityError
		}
		problems = append(problems, nameProblems(path, s.definition.Ref(), severity)...)
	}
	return s, append(problems, others...)
}

// readLimited reads one byte more than is possible, so that it shows when a file is too large.
func readLimited(path string, limit int64, open func(path string) (fs.File, error)) ([]byte, error) {
	f, err := open(path)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err // the path stands before the message anyway
		}
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(f, limit+1))
	return raw, errors.Join(err, f.Close())
}

// nameProblems compares the names of folder and file with what the file says.
func nameProblems(path string, ref checklist.Ref, severity validate.Severity) []Problem {
	var problems []Problem
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	folder := filepath.Base(filepath.Dir(abs))
	if folder != string(ref.ID) {
		problems = append(problems, Problem{path, 1, 1, severity, codeFolderName,
			fmt.Sprintf("the id is %s and the folder's name is %s: both must be the same", ref.ID, short(folder))})
	}
	file := strings.TrimSuffix(filepath.Base(path), ".yaml")
	if file != string(ref.Version) || filepath.Ext(path) != ".yaml" {
		problems = append(problems, Problem{path, 1, 1, severity, codeFileName,
			fmt.Sprintf("the version is %s and the file's name is %s: %s.yaml is expected", ref.Version,
				short(filepath.Base(path)), ref.Version)})
	}
	return problems
}
