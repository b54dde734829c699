package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTestsAloneHashCheaply keeps the cost of passwords that tests choose out of the program.
func TestTestsAloneHashCheaply(t *testing.T) {
	root, read := filepath.Join("..", "..", ".."), 0
	for _, top := range []string{"cmd", "pkg"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") ||
				strings.Contains(filepath.ToSlash(file), "/testkit/") {
				return err
			}
			b, err := os.ReadFile(file)
			read++
			own := filepath.ToSlash(filepath.Dir(file)) == "../../../pkg/account"
			if calls := strings.Count(string(b), ".HashAt("); calls > 1 || calls == 1 && !own {
				t.Errorf("%s: only tests choose what hashing a password costs", file)
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
