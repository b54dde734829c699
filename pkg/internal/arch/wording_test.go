package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// cutting are the ways from a figure to the number that is shown of it, and the zone of what is shown.
var cutting = regexp.MustCompile(`\bscore\.(Cut|Tenths|Whole|Display|DisplayTenths)\b|LoadLocation\(`)

// TestWordingAloneCuts: a number that is shown comes from pkg/wording, so that two rooms never show two numbers of one
// figure. Knowledge below it computes with what is cut.
func TestWordingAloneCuts(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	read := 0
	for name, r := range law {
		if r.layer == knowledge || r.layer == workshop || r.layer == asset {
			continue
		}
		err := filepath.WalkDir(filepath.Join(root, filepath.FromSlash(name)),
			func(file string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
					return err
				}
				b, err := os.ReadFile(file)
				read++
				for i, line := range strings.Split(string(b), "\n") {
					if what := cutting.FindString(line); what != "" {
						t.Errorf("%s:%d: %s: what is shown is written by pkg/wording", file, i+1, what)
					}
				}
				return err
			})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 100 {
		t.Errorf("only %d files were read", read)
	}
}
