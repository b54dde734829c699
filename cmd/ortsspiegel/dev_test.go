package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestServeDev changes a text and a template under a running server, in a copy of what a checkout holds.
func TestServeDev(t *testing.T) {
	there, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	root, copied := filepath.Join(there, "..", ".."), t.TempDir()
	for _, folder := range []string{"templates", filepath.Join("pkg", "web", "locales"),
		filepath.Join("static", "dist")} {
		if err := os.CopyFS(filepath.Join(copied, folder), fs.FS(os.DirFS(filepath.Join(root, folder)))); err != nil {
			t.Fatal(err)
		}
	}
	binary(t) // is built where the sources are
	t.Chdir(t.TempDir())
	command(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--dev").wants(t, 2, "--dev", "templates")
	t.Chdir(copied)
	for _, more := range [][]string{{"--addr", "0.0.0.0:0"}, {"--addr", "127.0.0.1:0", "--public-url",
		"https://example.org"}} {
		command(t, append([]string{"serve", "--data", t.TempDir(), "--dev"}, more...)...).wants(t, 2, "--dev")
	}
	v := startServer(t, t.TempDir(), "--dev").visitor(t)
	if r := v.get(t, "/login"); r.status != 200 || strings.Contains(r.body, "Ein anderes Wort") {
		t.Fatalf("status %d", r.status)
	}
	file := filepath.Join(copied, "templates", "pages", "login.html")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, strings.Replace(string(b), "<form", "<p>Ein anderes Wort</p><form", 1), file)
	if r := v.get(t, "/login"); r.status != 200 || !strings.Contains(r.body, "Ein anderes Wort") {
		t.Errorf("status %d, and the page is not read anew", r.status)
	}
	write(t, "{{define", file)
	if r := v.get(t, "/login"); r.status != 500 || !strings.Contains(r.body, "login.html") {
		t.Errorf("a broken template: status %d, %.200s", r.status, r.body)
	}
}
