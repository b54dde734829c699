package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// watched is a linter that watches, in this process.
type watched struct {
	out, err journal
	stop     context.CancelFunc
	code     chan int
}

func startWatching(t *testing.T, args ...string) *watched {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	w := &watched{stop: stop, code: make(chan int, 1)}
	var ended sync.WaitGroup
	ended.Go(func() {
		w.code <- run(ctx, append([]string{"lint", "--watch"}, args...), nil, &bytes.Buffer{}, &w.out, &w.err)
	})
	t.Cleanup(func() {
		stop()
		ended.Wait()
	})
	return w
}

// ends interrupts the linter and returns its exit code.
func (w *watched) ends(t *testing.T) int {
	t.Helper()
	w.stop()
	return <-w.code
}

// says waits until the last check has ended with a line and returns what it printed.
func (w *watched) says(t *testing.T, last string, also ...string) {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("wanted last: %s %q; all of it:\n%s%s", last, also, w.out.String(), w.err.String())
		}
	})
	eventually(t, last, func() bool {
		text := w.out.String()
		check := text[strings.LastIndex(text, " checking ")+1:]
		for _, s := range also {
			if !strings.Contains(check, s) {
				return false
			}
		}
		return strings.HasSuffix(text, " "+last+"\n")
	})
}

// putInPlace puts a new file in the place of the old one, as editors do.
func putInPlace(t *testing.T, content, file string) {
	t.Helper()
	next := write(t, content, filepath.Dir(file), "."+filepath.Base(file)+".swp")
	if err := os.Rename(next, file); err != nil {
		t.Fatal(err)
	}
}

func TestLintWatch(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "checklists")
	file := write(t, smallSheet, dir, "klein", "1.0.0.yaml")
	fixed := strings.Replace(smallSheet, "id: klein", "id: fest", 1)
	write(t, fixed, dir, "fest", "1.0.0.yaml")
	write(t, sumOf(fixed, "fest/1.0.0.yaml"), dir, "published.sum")
	w := startWatching(t, dir)
	w.says(t, "no problems", "checking 2 files\n")
	putInPlace(t, strings.Replace(smallSheet, "weight: 1", "wieght: 1", 1), file)
	w.says(t, "2 problems", file+":10:5: error: there is no key wieght here")
	putInPlace(t, smallSheet, file)
	w.says(t, "no problems")
	// in place, as other editors do
	write(t, strings.Replace(smallSheet, "points: 100", "points: 101", 1), file)
	w.says(t, "1 problem", "101")
	write(t, smallSheet, file)
	w.says(t, "no problems")
	// a new version beside it
	next := strings.Replace(smallSheet, "1.0.0", "1.0.1", 1)
	write(t, next, dir, "klein", "1.0.1.yaml")
	w.says(t, "1 problem", "checking 3 files", "1.0.1.yaml:1:1: error: the block changes is missing")
	putInPlace(t, next+"changes: {from: 1.0.0, note: {de: Nichts}}\n", filepath.Join(dir, "klein", "1.0.1.yaml"))
	w.says(t, "no problems", "checking 3 files")
	// a new folder, and a file in it
	if err := os.Mkdir(filepath.Join(dir, "neu"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, strings.Replace(smallSheet, "id: klein", "id: alt", 1), dir, "neu", "1.0.0.yaml")
	w.says(t, "1 problem", "checking 4 files", "the id is alt and the folder's name is neu")
	putInPlace(t, strings.Replace(smallSheet, "id: klein", "id: neu", 1), filepath.Join(dir, "neu", "1.0.0.yaml"))
	w.says(t, "no problems", "checking 4 files")
	// what happens to the list counts too
	write(t, "x\n", dir, "published.sum")
	w.says(t, "1 problem", "published.sum:1:1")
	if err := os.Remove(filepath.Join(dir, "published.sum")); err != nil {
		t.Fatal(err)
	}
	w.says(t, "1 problem", "no checklist of this folder is published")
	write(t, sumOf(fixed, "fest/1.0.0.yaml"), dir, "published.sum")
	w.says(t, "no problems")
	// the folder goes and comes back
	if err := os.Rename(filepath.Join(dir, "klein"), filepath.Join(dir, "..", "weg")); err != nil {
		t.Fatal(err)
	}
	w.says(t, "no problems", "checking 2 files\n")
	if err := os.Rename(filepath.Join(dir, "..", "weg"), filepath.Join(dir, "klein")); err != nil {
		t.Fatal(err)
	}
	w.says(t, "no problems", "checking 4 files")
	putInPlace(t, "id: [", file)
	w.says(t, "2 problems", "1.0.0.yaml:", "error: ")
	if code := w.ends(t); code != exitWrong || w.err.String() != "" {
		t.Errorf("exit code %d, stderr %q", code, w.err.String())
	}
}

func TestLintWatchOfOneFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "klein", "1.0.0.yaml")
	w := startWatching(t, file) // not even the folder is there
	w.says(t, "1 problem", "cannot be read")
	write(t, smallSheet, file)
	w.says(t, "no problems")
	if err := os.RemoveAll(filepath.Join(dir, "klein")); err != nil {
		t.Fatal(err)
	}
	w.says(t, "1 problem", "cannot be read")
	write(t, smallSheet, file)
	w.says(t, "no problems")
	if code := w.ends(t); code != exitDone || w.err.String() != "" {
		t.Errorf("exit code %d, stderr %q", code, w.err.String())
	}
}

func TestLintWatchAsJSON(t *testing.T) {
	file := write(t, smallSheet, t.TempDir(), "klein", "1.0.0.yaml")
	w := startWatching(t, "--json", file)
	eventually(t, "the first check", func() bool { return w.out.String() == "[]\n" })
	putInPlace(t, strings.Replace(smallSheet, "points: 100", "points: 101", 1), file)
	eventually(t, "the second check", func() bool { return strings.Count(w.out.String(), "\n") == 2 })
	var problems []lintLine
	decode(t, strings.TrimPrefix(w.out.String(), "[]\n"), &problems)
	if len(problems) != 1 || problems[0].Code != "points_range" {
		t.Errorf("%+v", problems)
	}
	if code := w.ends(t); code != exitWrong {
		t.Errorf("exit code %d", code)
	}
}
