package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"ortsspiegel/pkg/store"
)

// A disk that fills up is told of once, again from time to time, and once more when there is room.
func TestDiskThatFillsUp(t *testing.T) {
	s, err := store.Open(t.Context(), store.Config{DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var log bytes.Buffer
	d := &diskWatch{store: s, least: 1 << 62, log: slog.New(slog.NewTextHandler(&log, nil))}
	const low, room = "level=WARN msg=\"the disk of the database is almost full",
		"level=INFO msg=\"the disk of the database has room again\""
	for _, step := range []struct {
		what  string
		least int64
		again bool
		says  string
	}{
		{"full", 1 << 62, false, low},
		{"still full", 1 << 62, false, ""},
		{"still full after an hour", 1 << 62, true, low},
		{"with room", 1, false, room},
		{"with room after an hour", 1, true, ""},
		{"full again", 1 << 62, false, low},
		{"not watched", 0, true, room},
	} {
		log.Reset()
		d.least = step.least
		d.look(step.again)
		if got := log.String(); (step.says == "") != (got == "") || !strings.Contains(got, step.says) {
			t.Errorf("%s: the log says %q", step.what, got)
		}
		if got := d.warning(); (got != "") != (step.least > 1) {
			t.Errorf("%s: readiness is warned with %q", step.what, got)
		}
	}
}

// Readiness stays, with a warning behind it.
func TestReadinessTellsOfAFullDisk(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	v := startServer(t, f.dir, "--disk-warning", "1000000000").visitor(t)
	eventually(t, "readiness warns", func() bool {
		r := v.get(t, "/readyz")
		return r.status == 200 && strings.Contains(r.body, "warning: the disk of the database is almost full")
	})
}
