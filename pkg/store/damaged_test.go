package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/store"
)

// A damaged database is called that: it is neither opened for reading only nor taken for a full disk.
func TestDamagedDatabaseIsCalledThat(t *testing.T) {
	for name, damage := range map[string]func(data []byte) []byte{
		"beginning": func(data []byte) []byte { copy(data, "no database at all"); return data },
		"schema":    func(data []byte) []byte { copy(data[100:], bytes.Repeat([]byte{0xff}, 3000)); return data },
		"all pages": func(data []byte) []byte {
			copy(data[4096:], bytes.Repeat([]byte{0xa5}, len(data)-4096))
			return data
		},
		"cut in half":  func(data []byte) []byte { return data[:len(data)/2/4096*4096] },
		"another file": func(data []byte) []byte { return bytes.Repeat([]byte("text "), 2000) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, err := store.Open(t.Context(), store.Config{DataDir: dir})
			must(t, err)
			openRound(t, s, 60)
			must(t, s.Close())
			file := filepath.Join(dir, store.DatabaseFile)
			data, err := os.ReadFile(file)
			must(t, err)
			must(t, os.WriteFile(file, damage(data), 0o600))
			s, err = store.Open(t.Context(), store.Config{DataDir: dir, Serve: true})
			refused := err != nil
			if !refused {
				if s.ReadOnly() {
					t.Error("it is opened for reading only")
				}
				_, err = s.Towns(t.Context(), suedwestfalen)
				must(t, s.Close())
			}
			wantFault(t, err, fault.Unavailable, "database_damaged")
			if refused && !strings.Contains(err.Error(), file) {
				t.Errorf("the message does not name the file: %v", err)
			}
		})
	}
}
