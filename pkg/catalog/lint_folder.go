package catalog

import (
	"fmt"
	"io/fs"
	"path/filepath"

	"ortsspiegel/pkg/checklist"
)

// LintFolders warns of what makes a folder of checklists of no or of less use to a server than
// its files let expect: nothing in it is published, or the file of a published version is gone.
// A folder without versions is none of checklists; a list that cannot be read is told by Lint
// beside the files.
func LintFolders(folders []string, opening func(path string) (fs.File, error)) []Problem {
	l := newLinter(opening)
	problems := []Problem{}
	for _, f := range folders {
		problems = append(problems, l.folder(f)...)
	}
	return problems
}

func (l *linter) folder(folder string) []Problem {
	present := l.versions(folder)
	name := filepath.Join(folder, PublishedFile)
	published, broken := l.listed(name)
	if len(present) == 0 || len(broken) > 0 {
		return nil
	}
	if len(published) == 0 {
		return []Problem{{name, 1, 1, fileCodes[codeUnpublished], codeUnpublished,
			"no checklist of this folder is published, and a server refuses to start on it: freeze versions with: " +
				"ortsspiegel publish FILE"}}
	}
	var problems []Problem
	for i, ref := range published.refs() { // in the order of the list, which is the only valid one
		if !present[ref] {
			problems = append(problems, Problem{name, i + 1, len(published[ref]) + 3, fileCodes[codePublishedGone],
				codePublishedGone,
				fmt.Sprintf(
					"%s is published and its file is gone: rounds that keep it go on, but none can be created from "+
						"it; put the file back", ref)})
		}
	}
	return problems
}

// versions finds the files of all versions in a folder of checklists.
func (l *linter) versions(folder string) map[checklist.Ref]bool {
	present := map[checklist.Ref]bool{}
	for _, e := range l.entries(folder) {
		id := checklist.ID(e.Name())
		if !e.IsDir() || !id.Valid() {
			continue
		}
		for _, v := range l.siblings(filepath.Join(folder, e.Name())) {
			present[checklist.Ref{ID: id, Version: v}] = true
		}
	}
	return present
}
