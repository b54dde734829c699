package arch

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/checklist"
)

// mostFiles is how many Go files that ship may name one type of question, the table included.
const mostFiles = 3

// TestTypesStandInOneTable: whoever works with questions asks a type for its shape or a property of
// it and names none, so that a new type is a row in pkg/checklist/kind.go.
func TestTypesStandInOneTable(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	names := map[string][]string{}
	table, err := os.ReadFile(filepath.Join(root, "pkg", "checklist", "kind.go"))
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^\t\{name: (Type\w+),`).FindAllStringSubmatch(string(table), -1)
	if len(rows) != len(checklist.Types()) {
		t.Fatalf("%d rows were found of %d types", len(rows), len(checklist.Types()))
	}
	var all []string
	for _, row := range rows {
		all = append(all, row[1])
	}
	constant := regexp.MustCompile(`\b(` + strings.Join(all, "|") + `)\b`)
	for name, sources := range read(t, root) {
		if law[name].layer == workshop { // makes up checklists to test with, of all types
			continue
		}
		for _, s := range sources {
			file := path.Join(name, s.file)
			b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
			if err != nil {
				t.Fatal(err)
			}
			found := constant.FindAllString(string(b), -1)
			slices.Sort(found)
			for _, c := range slices.Compact(found) {
				if name == "pkg/checklist" || strings.Contains(string(b), "checklist."+c) {
					names[c] = append(names[c], file)
				}
			}
		}
	}
	for _, c := range all {
		switch files := names[c]; {
		case !slices.Contains(files, "pkg/checklist/kind.go"):
			t.Errorf("%s: the table was not read", c)
		case len(files) > mostFiles:
			t.Errorf("%s is named in %d files: %v", c, len(files), files)
		}
	}
}
