package gazetteer

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
)

// rewrite copies an archive and changes one of its entries, or adds it.
func rewrite(t *testing.T, raw []byte, entry string, edit func(string) string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	changed := false
	write := func(name string, content []byte) {
		w, err := to.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	found := false
	for _, f := range from.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == entry {
			found = true
			next := edit(string(content))
			changed = next != string(content)
			content = []byte(next)
		}
		write(f.Name, content)
	}
	if !found {
		write(entry, []byte(edit("")))
		changed = true
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if !changed {
		t.Fatalf("%s was not changed", entry)
	}
	return out.Bytes()
}
