package catalog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"ortsspiegel/pkg/checklist"
)

// Lint checks files and returns the problems of all of them, file by file, in the order of the
// lines. A file that cannot be read is a problem too. Open opens a file by its path; os.Open
// wrapped to return an fs.File serves.
func Lint(paths []string, open func(path string) (fs.File, error)) []Problem {
	problems := []Problem{}
	for _, p := range paths {
		problems = append(problems, lintFile(p, open)...)
	}
	return problems
}

func lintFile(path string, open func(path string) (fs.File, error)) []Problem {
	raw, err := read(path, open)
	if err != nil {
		l := &list{file: path}
		l.add(1, 1, codeUnreadable, "the file cannot be read: %v", err)
		return l.problems
	}
	d, problems := Parse(path, raw)
	if d == nil {
		return problems
	}
	// Only inside a folder of checklists does the server look for a file by its name.
	severity := checklist.SeverityWarning
	if abs, err := filepath.Abs(path); err == nil && filepath.Base(filepath.Dir(filepath.Dir(abs))) == "checklists" {
		severity = checklist.SeverityError
	}
	return append(problems, nameProblems(path, d.Ref(), severity)...)
}

// read reads one byte more than is possible, so that Parse sees that the file is too large.
func read(path string, open func(path string) (fs.File, error)) ([]byte, error) {
	f, err := open(path)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err // the path stands before the message anyway
		}
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	return raw, errors.Join(err, f.Close())
}

// nameProblems compares the names of folder and file with what the file says.
func nameProblems(path string, ref checklist.Ref, severity checklist.Severity) []Problem {
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
			fmt.Sprintf("the version is %s and the file's name is %s: %s.yaml is expected", ref.Version, short(filepath.Base(path)), ref.Version)})
	}
	return problems
}
