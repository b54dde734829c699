package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/store"
)

// sheetFolder is a folder of checklists with one that is not published yet.
func sheetFolder(t testing.TB) (dir, file string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "checklists")
	return dir, write(t, smallSheet, dir, "klein", "1.0.0.yaml")
}

// numbered is smallSheet as a later version.
func numbered(version, from string, change ...string) string {
	sheet := strings.NewReplacer(change...).Replace(strings.Replace(smallSheet, "version: 1.0.0", "version: "+version,
		1))
	return sheet + "changes: {from: " + from + ", note: {de: Anders}}\n"
}

func read(t testing.TB, path ...string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func sumOf(content, name string) string {
	hash := sha256.Sum256([]byte(content))
	return hex.EncodeToString(hash[:]) + "  " + name + "\n"
}

// oneMore adds a question, which makes a step minor; otherPoints makes it major.
var (
	oneMore     = []string{"questions:\n", "questions:\n      - {id: a0, text: {de: Noch eine}, type: text}\n"}
	otherPoints = []string{"points: 0,", "points: 10,"}
)

func TestPublish(t *testing.T) {
	dir, file := sheetFolder(t)
	command(t, "lint", dir).wants(t, 0,
		filepath.Join(dir, "published.sum")+":1:1: warning: no checklist of this folder is published")
	command(t, "publish", file).wants(t, 0, "klein@1.0.0 is published as a first version",
		filepath.Join(dir, "published.sum"))
	first := sumOf(smallSheet, "klein/1.0.0.yaml")
	if got := read(t, dir, "published.sum"); got != first {
		t.Fatalf("published.sum:\n%s", got)
	}
	if info, err := os.Stat(filepath.Join(dir, "published.sum")); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	command(t, "publish", file).wants(t, 0, "klein@1.0.0 is published already")

	// several at once, in whatever order; in the other form
	minor := numbered("1.1.0", "1.0.0", oneMore...)
	major := numbered("2.0.0", "1.1.0", append(otherPoints[:2:2], oneMore...)...)
	write(t, minor, dir, "klein", "1.1.0.yaml")
	write(t, major, dir, "klein", "2.0.0.yaml")
	command(t, "publish", "--checklists", dir, "klein@2.0.0", "klein@1.0.0", "klein@1.1.0").wants(t, 0,
		"klein@1.0.0 is published already",
		"klein@1.1.0 is published, a minor step from 1.0.0", "new: a0",
		"klein@2.0.0 is published, a major step from 1.1.0", "other points: a1")
	if got, want := read(t, dir, "published.sum"),
		first+sumOf(minor, "klein/1.1.0.yaml")+sumOf(major, "klein/2.0.0.yaml"); got != want {
		t.Errorf("published.sum:\n%s", got)
	}
	if o := command(t, "lint", dir).wants(t, 0); o.out != "" {
		t.Errorf("after publishing the linter says: %s", o.out)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// From inside the folder there are no names of folders in the argument.
func TestPublishFromInside(t *testing.T) {
	dir, _ := sheetFolder(t)
	t.Chdir(filepath.Join(dir, "klein"))
	command(t, "publish", "1.0.0.yaml").wants(t, 0, "klein@1.0.0 is published")
	t.Chdir(dir)
	command(t, "publish", filepath.Join("klein", "1.0.0.yaml")).wants(t, 0, "published already")
	t.Chdir(filepath.Dir(dir))
	command(t, "publish", "klein@1.0.0").wants(t, 0, "published already")
	if got := read(t, dir, "published.sum"); got != sumOf(smallSheet, "klein/1.0.0.yaml") {
		t.Errorf("published.sum:\n%s", got)
	}
}

func TestPublishRefuses(t *testing.T) {
	published := func(t *testing.T, dir string) {
		command(t, "publish", "--checklists", dir, "klein@1.0.0").wants(t, 0)
	}
	for _, tt := range []struct {
		name    string
		prepare func(t *testing.T, dir string)
		version string
		says    []string
	}{
		{"a file with errors", func(t *testing.T, dir string) {
			write(t, strings.Replace(smallSheet, "points: 100", "points: 101", 1), dir, "klein", "1.0.0.yaml")
		}, "klein@1.0.0", []string{"1.0.0.yaml:12:", "101"}},
		{"a file under a wrong name", func(t *testing.T, dir string) {
			write(t, smallSheet, dir, "klein", "1.1.0.yaml")
		}, "klein@1.1.0", []string{"1.1.0.yaml", "version is 1.0.0"}},
		{"a file in a wrong folder", func(t *testing.T, dir string) {
			write(t, smallSheet, dir, "gross", "1.0.0.yaml")
		}, "gross@1.0.0", []string{"klein", "gross"}},
		{"no file", func(*testing.T, string) {}, "klein@9.0.0", []string{"9.0.0.yaml", "cannot be read"}},
		{"an edited published file", func(t *testing.T, dir string) {
			published(t, dir)
			write(t, smallSheet+"\n", dir, "klein", "1.0.0.yaml")
		}, "klein@1.0.0", []string{"klein/1.0.0.yaml", "was edited", strings.Fields(sumOf(smallSheet, ""))[0],
			strings.Fields(sumOf(smallSheet+"\n", ""))[0], "new version"}},
		{"another edited published file", func(t *testing.T, dir string) {
			published(t, dir)
			write(t, smallSheet+"\n", dir, "klein", "1.0.0.yaml")
			write(t, strings.Replace(smallSheet, "id: klein", "id: gross", 1), dir, "gross", "1.0.0.yaml")
		}, "gross@1.0.0", []string{"klein/1.0.0.yaml", "was edited"}},
		{"a version below a published one", func(t *testing.T, dir string) {
			published(t, dir)
			write(t, strings.Replace(smallSheet, "version: 1.0.0", "version: 0.9.0", 1), dir, "klein", "0.9.0.yaml")
		}, "klein@0.9.0", []string{"0.9.0.yaml:2:10", "1.0.0 is published already", "ascending"}},
		{"an unpublished version before it", func(t *testing.T, dir string) {
			published(t, dir)
			write(t, numbered("1.1.0", "1.0.0", oneMore...), dir, "klein", "1.1.0.yaml")
			write(t, numbered("1.2.0", "1.1.0", oneMore...), dir, "klein", "1.2.0.yaml")
		}, "klein@1.2.0", []string{"1.1.0 lies before it and is not published"}},
		{"an unpublished first version before it", func(t *testing.T, dir string) {
			write(t, numbered("1.1.0", "1.0.0", oneMore...), dir, "klein", "1.1.0.yaml")
		}, "klein@1.1.0", []string{"1.0.0 lies before it and is not published"}},
		{"a patch that is minor", func(t *testing.T, dir string) {
			published(t, dir)
			write(t, numbered("1.0.1", "1.0.0", oneMore...), dir, "klein", "1.0.1.yaml")
		}, "klein@1.0.1", []string{"1.0.1.yaml:2:10", "from 1.0.0 to 1.0.1 is too small", "a minor version",
			"1.1.0 is the smallest", "minor: new: a0"}},
		{"a minor version that is major", func(t *testing.T, dir string) {
			published(t, dir)
			write(t, numbered("1.1.0", "1.0.0", append(otherPoints[:2:2], oneMore...)...), dir, "klein", "1.1.0.yaml")
		}, "klein@1.1.0", []string{"a major version", "2.0.0 is the smallest", "major: other points: a1"}},
		{"a version without changes", func(t *testing.T, dir string) {
			published(t, dir)
			write(t, strings.Replace(smallSheet, "version: 1.0.0", "version: 1.0.1", 1), dir, "klein", "1.0.1.yaml")
		}, "klein@1.0.1", []string{"changes is missing"}},
		{"a file before it that is gone", func(t *testing.T, dir string) {
			published(t, dir)
			if err := os.Remove(filepath.Join(dir, "klein", "1.0.0.yaml")); err != nil {
				t.Fatal(err)
			}
			write(t, numbered("1.1.0", "1.0.0", oneMore...), dir, "klein", "1.1.0.yaml")
		}, "klein@1.1.0", []string{"the version before, 1.0.0, is gone"}},
		{"a broken list", func(t *testing.T, dir string) {
			write(t, "x\n", dir, "published.sum")
		}, "klein@1.0.0", []string{"published.sum:1:1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, _ := sheetFolder(t)
			tt.prepare(t, dir)
			list := filepath.Join(dir, "published.sum")
			before, beforeErr := os.ReadFile(list)
			o := command(t, "publish", "--checklists", dir, tt.version).wants(t, 1, tt.says...)
			if o.out != "" {
				t.Errorf("stdout: %s", o.out)
			}
			after, afterErr := os.ReadFile(list)
			if string(before) != string(after) || (beforeErr == nil) != (afterErr == nil) {
				t.Errorf("the list was written:\n%s", after)
			}
		})
	}
}

// Nothing is published in part, and the reasons of all are told.
func TestPublishAllOrNothing(t *testing.T) {
	dir, _ := sheetFolder(t)
	write(t, strings.Replace(smallSheet, "id: klein", "id: gross", 1), dir, "gross", "1.0.0.yaml")
	write(t, "id: [", dir, "krumm", "1.0.0.yaml")
	write(t, "id: {", dir, "schief", "1.0.0.yaml")
	command(t, "publish", "--checklists", dir, "klein@1.0.0", "krumm@1.0.0", "schief@1.0.0", "gross@1.0.0").wants(t, 1,
		"nothing was published",
		filepath.Join("krumm", "1.0.0.yaml"), filepath.Join("schief", "1.0.0.yaml"))
	if _, err := os.Stat(filepath.Join(dir, "published.sum")); err == nil {
		t.Error("something was published")
	}
}

// However many publish at the same time, each in a process of its own, all of their versions are in the list.
func TestPublishAtTheSameTime(t *testing.T) {
	dir, _ := sheetFolder(t)
	const many = 12
	program := binary(t)
	var all errgroup.Group
	for i := range many {
		id := fmt.Sprintf("klein%02d", i)
		write(t, strings.Replace(smallSheet, "id: klein", "id: "+id, 1), dir, id, "1.0.0.yaml")
	}
	for i := range many {
		publish := exec.Command(program, "publish", "--checklists", dir, fmt.Sprintf("klein%02d@1.0.0", i))
		all.Go(func() error {
			if out, err := publish.CombinedOutput(); err != nil {
				return fmt.Errorf("%w: %s", err, out)
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
	if got := strings.Count(read(t, dir, "published.sum"), "\n"); got != many {
		t.Errorf("%d of %d versions are published", got, many)
	}
}

// A list that changed under the command's hands is not written over.
func TestReplaceFileComparesFirst(t *testing.T) {
	dir := t.TempDir()
	file := write(t, "theirs", dir, "published.sum")
	if err := replaceFile(file, []byte("ours"), []byte("new")); !fault.Is(err, fault.Conflict) ||
		read(t, file) != "theirs" {
		t.Errorf("%v, and the file says %s", err, read(t, file))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A folder that cannot be written leaves the list as it was.
func TestPublishWithoutRights(t *testing.T) {
	dir, file := sheetFolder(t)
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	withoutRoot(t)
	command(t, "publish", file).wants(t, 1, "permission denied")
}

// What a round uses: the server lists published versions only and does not start on edited ones.
func TestServeUsesPublishedChecklists(t *testing.T) {
	dir, file := sheetFolder(t)
	data := t.TempDir
	refused := data()
	command(t, "serve", "--data", refused, "--addr", "127.0.0.1:0", "--checklists", dir).wants(t, 1, dir,
		"ortsspiegel publish")
	command(t, "publish", file).wants(t, 0)
	write(t, numbered("1.1.0", "1.0.0", oneMore...), dir, "klein", "1.1.0.yaml")
	s := startServer(t, data(), "--checklists", dir)
	v := s.visitor(t)
	if r := v.get(t, "/checklists"); r.status != 200 || !strings.Contains(r.body, "/checklists/klein/1.0.0") ||
		strings.Contains(r.body, "1.1.0") {
		t.Errorf("status %d, or another list than the published one", r.status)
	}
	if r := v.get(t, "/checklists/klein/1.0.0"); r.status != 200 ||
		!strings.Contains(r.body, strings.Fields(sumOf(smallSheet, ""))[0]) {
		t.Errorf("published: status %d", r.status)
	}
	for _, path := range []string{"/checklists/klein/1.1.0", "/preview", "/preview/klein/1.1.0"} {
		if r := v.get(t, path); r.status != 404 {
			t.Errorf("%s: status %d", path, r.status)
		}
	}
	// edited while it runs: nothing changes until the next start, which is refused
	write(t, strings.Replace(smallSheet, "Frage", "Anders", 1), file)
	if r := v.get(t, "/checklists/klein/1.0.0"); r.status != 200 || strings.Contains(r.body, "Anders") {
		t.Errorf("edited under a running server: status %d", r.status)
	}
	command(t, "serve", "--data", refused, "--addr", "127.0.0.1:0", "--checklists", dir).wants(t, 1, dir,
		"klein/1.0.0.yaml", "was edited",
		strings.Fields(sumOf(smallSheet, ""))[0], "new version")
	if _, err := os.Stat(filepath.Join(refused, store.DatabaseFile)); err == nil {
		t.Error("a refused start has created a database")
	}
	// gone: a warning
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	gone := startServer(t, data(), "--checklists", dir)
	if r := gone.visitor(t).get(t, "/checklists/klein/1.0.0"); r.status != 404 {
		t.Errorf("gone: status %d", r.status)
	}
	if log := gone.log.String(); !strings.Contains(log, "klein@1.0.0") ||
		!strings.Contains(log, "none can be created from it") {
		t.Errorf("the log does not warn: %s", log)
	}
	// a list somebody wrote by hand, of a file that this program cannot read
	bad := write(t, "id: krumm\n", dir, "krumm", "1.0.0.yaml")
	write(t, sumOf("id: krumm\n", "krumm/1.0.0.yaml"), dir, "published.sum")
	command(t, "serve", "--data", refused, "--addr", "127.0.0.1:0", "--checklists", dir).wants(t, 1,
		"krumm/1.0.0.yaml", "missing")
	if err := os.Remove(bad); err != nil {
		t.Fatal(err)
	}
}
