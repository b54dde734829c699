package setup

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/store"
)

// CheapHash is the least that argon2id takes, for tests with people whose passwords nobody attacks.
var CheapHash = account.Cost{Memory: 8, Passes: 1}

// migrated is the file of an empty SQLite database with its schema, made once per process.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "ortsspiegel-empty-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(context.Background(), store.Config{DataDir: dir})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.DatabaseFile))
})

// DataDir returns a new data folder with an empty database, which store.Open need not migrate. Tests of migrations
// themselves begin with t.TempDir instead.
func DataDir(t testing.TB) string {
	t.Helper()
	file, err := migrated()
	Must(t, err)
	dir := t.TempDir()
	Must(t, os.WriteFile(filepath.Join(dir, store.DatabaseFile), file, 0o600))
	return dir
}

var published = sync.OnceValue(func() *catalog.Catalog { return catalog.New(checklists.FS) })

// Catalog returns the catalog of these checklists; that of the published ones is read once per process.
func Catalog(files fs.FS) *catalog.Catalog {
	if files == fs.FS(checklists.FS) {
		return published()
	}
	return catalog.New(files)
}
