package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestServePreview(t *testing.T) {
	dir, file := sheetFolder(t)
	s := startServer(t, t.TempDir(), "--preview", dir)
	if log := s.log.String(); !strings.Contains(log, "preview") || !strings.Contains(log, "level=WARN") {
		t.Errorf("the log does not warn: %s", log)
	}
	v := s.visitor(t)
	has := func(path string, texts ...string) {
		t.Helper()
		r := v.get(t, path)
		if r.status != 200 {
			t.Fatalf("%s: status %d", path, r.status)
		}
		for _, text := range texts {
			if !strings.Contains(r.body, text) {
				t.Errorf("%s: %q is missing in %s", path, text, r.body)
			}
		}
	}
	has("/preview", "klein/1.0.0.yaml", `href="/preview/klein/1.0.0"`)
	has("/preview/klein/1.0.0", file, "Vorschau, nicht veröffentlicht", "Frage", "keine Meldung")
	write(t, strings.Replace(smallSheet, "points: 100", "points: 101", 1), file)
	has("/preview/klein/1.0.0", "12:", "101", "mit Fehlern", "Frage")
	write(t, smallSheet, file)
	write(t, "x\n", dir, "published.sum")
	has("/preview/klein/1.0.0", filepath.Join(dir, "published.sum")+":1:1", "Frage")

	// the preview adds pages and takes nothing away: the published checklists are those of the program
	has("/checklists/willkommen/1.0.0", "Willkommen vor Ort")
	for _, path := range []string{"/checklists/klein/1.0.0", "/preview/klein/9.0.0", "/preview/willkommen/1.0.0"} {
		if r := v.get(t, path); r.status != 404 {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
}
