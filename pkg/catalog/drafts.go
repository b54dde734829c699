package catalog

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
)

// Draft is a file in a folder of checklists as it is at the moment, for those who write it.
type Draft struct {
	File       string                // below the folder, with slashes: willkommen/2.0.0.yaml
	Ref        checklist.Ref         // by the file's name; zero if that is no version's
	Published  bool                  // these bytes are
	Definition *checklist.Definition // nil: it cannot be built; beside errors it may break rules
	Problems   []Problem             // in this file and, named there, in the list of published versions
}

// Drafts reads all YAML files in the folders of a folder of checklists, those with wrong names
// too, by the folder's name, the newest version first. Nothing is kept from one call to the next.
func Drafts(folder string) ([]Draft, error) {
	files := os.DirFS(folder)
	var names []string
	for _, pattern := range []string{"*/*.yaml", "*/*.yml"} {
		found, err := fs.Glob(files, pattern)
		if err != nil {
			return nil, unavailable("list drafts", err)
		}
		names = append(names, found...)
	}
	if _, err := fs.ReadDir(files, "."); err != nil {
		return nil, unavailable("list drafts", err)
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
	})
	l := newLinter(onDisk)
	drafts := make([]Draft, len(names))
	for i, name := range names {
		drafts[i] = l.draft(folder, name)
	}
	slices.SortFunc(drafts, func(a, b Draft) int {
		return cmp.Or(cmp.Compare(path.Dir(a.File), path.Dir(b.File)), b.Ref.Version.Compare(a.Ref.Version),
			cmp.Compare(a.File, b.File))
	})
	return drafts, nil
}

// ReadDraft reads one version; NotFound if there is no such file.
func ReadDraft(folder string, ref checklist.Ref) (Draft, error) {
	if !ref.ID.Valid() || !ref.Version.Valid() {
		return Draft{}, notFound(ref.String())
	}
	if _, err := os.Stat(filepath.Join(folder, filepath.FromSlash(fileName(ref)))); errors.Is(err, fs.ErrNotExist) {
		return Draft{}, notFound(ref.String())
	}
	return newLinter(onDisk).draft(folder, fileName(ref)), nil
}

func (l *linter) draft(folder, name string) Draft {
	file := filepath.Join(folder, filepath.FromSlash(name))
	s, problems := l.file(file)
	d := Draft{File: name, Ref: placed(file), Problems: problems}
	if s == nil {
		return d
	}
	hash, listed := l.published[filepath.Join(folder, PublishedFile)][d.Ref]
	own := slices.ContainsFunc(problems, func(p Problem) bool {
		return p.File == file && p.Severity == validate.SeverityError
	})
	if !own {
		d.Definition = s.definition
		d.Published = listed && hash == d.Definition.Hash
		return d
	}
	// else it was changed just now: there is no more to say
	if raw, err := readLimited(file, MaxBytes, l.open); err == nil {
		d.Definition, _ = ParseStored(file, raw)
	}
	return d
}
