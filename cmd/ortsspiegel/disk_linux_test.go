package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"ortsspiegel/pkg/assessment"
)

// disk mounts a small file system of its own, so that it can be filled and locked.
func disk(t *testing.T, megabytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("ortsspiegel-test", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("cannot mount a file system of its own, which needs root: %v", err)
		}
		t.Skipf("cannot mount a file system of its own, which needs root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fillUp writes a file until the disk is full.
func fillUp(t testing.TB, dir string) (ballast string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{1 << 20, 4096, 1} {
		for err == nil {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
		err = nil
	}
	return f.Name()
}

// demoOn is the demo region on a disk, with a lead who has a draft and is signed in.
type demoOn struct {
	filled
	s    *server
	v    *visitor
	id   assessment.ID
	lead demoUser
}

func serveOn(t *testing.T, root string) *demoOn {
	t.Helper()
	d := &demoOn{filled: filled{dir: filepath.Join(root, "data")}}
	decode(t, command(t, "demo", "--data", d.dir, "--participants", "5", "--json").wants(t, 0).out, &d.demoOutput)
	d.password = d.Users[0].Password
	drafts := d.drafts(t)
	d.lead = untouched(t, d.filled, drafts)
	d.id = drafts[d.lead.AGS]
	d.s = startServer(t, d.dir)
	d.v = d.s.signIn(t, d.lead.Email, d.password)
	return d
}

func (d *demoOn) put(t testing.TB, question, value string, revision int, comment string) reply {
	t.Helper()
	return d.v.do(t, "PUT", answerPath(d.id, question),
		url.Values{"value": {value}, "revision": {strconv.Itoa(revision)}, "comment": {comment}}, asProgram...)
}

// reads checks that everything that only reads goes on, and that nobody is told to be signed out.
func (d *demoOn) reads(t testing.TB) {
	t.Helper()
	for _, path := range []string{"/", "/healthz", "/checklists", "/account", fmt.Sprintf("/assessments/%d", d.id),
		fmt.Sprintf("/assessments/%d/sections/netz", d.id),
		fmt.Sprintf("/assessments/%d/overview", d.id), fmt.Sprintf("/assessments/%d/answers.json", d.id)} {
		if r := d.v.get(t, path); r.status != http.StatusOK {
			t.Errorf("%s: status %d: %.200s", path, r.status, r.body)
		}
	}
	if r := d.v.get(t, "/readyz"); r.status != http.StatusServiceUnavailable ||
		!strings.Contains(r.body, "does not take writes") {
		t.Errorf("readyz: %d %s", r.status, r.body)
	}
	if r := d.s.visitor(t).do(t, "POST", "/login",
		url.Values{"email": {d.lead.Email}, "password": {d.password}}); r.status != http.StatusServiceUnavailable {
		t.Errorf("sign-in: status %d", r.status)
	}
	if r := d.v.do(t, "PUT", answerPath(d.id, "netz-anmeldung"),
		url.Values{"value": {"keine"}, "revision": {"0"}}); r.status != http.StatusServiceUnavailable ||
		!strings.Contains(r.body, "<h1") {
		t.Errorf("saving by form: status %d: %.200s", r.status, r.body)
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	root := disk(t, 16)
	d := serveOn(t, root)
	ballast := fillUp(t, root)
	revision, full := 0, reply{}
	for full.status == 0 {
		r := d.put(t, "netz-neubuergerseite", stages[revision%5], revision,
			strings.Repeat("ü", 1900)+strconv.Itoa(revision))
		switch {
		case r.status == http.StatusOK:
			revision = r.revision(t)
		case r.status == http.StatusServiceUnavailable:
			full = r
		default:
			t.Fatalf("status %d: %s", r.status, r.body)
		}
		if revision > 20_000 {
			t.Fatal("the disk does not get full")
		}
	}
	full.wantsUnavailable(t, "disk_full")
	d.reads(t)
	d.put(t, "netz-anmeldung", "keine", 0, strings.Repeat("ü", 1900)).wantsUnavailable(t, "disk_full")
	command(t, "backup", "--data", d.dir, "--out", filepath.Join(root, "copy.db")).wants(t, 1)
	if left, err := filepath.Glob(filepath.Join(root, "copy.db*")); err != nil || len(left) > 0 {
		t.Errorf("a backup that failed has left %v, %v", left, err)
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the database takes writes again", func() bool {
		return d.v.get(t, "/readyz").status == http.StatusOK
	})
	if r := d.put(t, "netz-neubuergerseite", stages[revision%5], revision, "wieder Platz"); r.revision(t) != revision+
		1 {
		t.Errorf("after there is room: %s", r.body)
	}
	select {
	case <-d.s.exited:
		t.Fatal("the server has ended")
	default:
	}
	s := d.open(t)
	defer s.Close()
	if lines := checkHistory(t, s, question{d.id, "netz-neubuergerseite"}, revision+1); len(lines) != revision+1 {
		t.Errorf("%d lines of history for %d revisions", len(lines), revision+1)
	}
}

// wantsUnavailable is wantsRefusal for 503: with a reference number and when to try again.
func (r reply) wantsUnavailable(t testing.TB, code string) {
	t.Helper()
	r.wantsRefusal(t, http.StatusServiceUnavailable, code)
	var got refusal
	decode(t, r.body, &got)
	if got.Reference == "" || r.header.Get("Retry-After") == "" {
		t.Errorf("no reference or Retry-After: %s", r.body)
	}
}

// TestReadOnlyFolder starts a server on a data folder that cannot be written, after an orderly end
// and after a crash that has left a write-ahead log.
func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	for _, crash := range []bool{false, true} {
		t.Run(fmt.Sprintf("crash=%v", crash), func(t *testing.T) {
			t.Parallel()
			root := disk(t, 32)
			d := serveOn(t, root)
			d.put(t, "netz-neubuergerseite", "umgesetzt", 0, "vorher").revision(t)
			if crash {
				d.s.kill()
			} else if err := d.s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			d.s.ended(t)
			if err := syscall.Mount("", root, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
				t.Fatal(err)
			}
			d.s = startServer(t, d.dir)
			d.v.base = d.s.url
			d.reads(t)
			d.put(t, "netz-neubuergerseite", "geprueft", 1, "").wantsUnavailable(t, "database_unavailable")
			if r := d.v.get(t, fmt.Sprintf("/assessments/%d/answers.json", d.id)); !strings.Contains(r.body,
				`"value":"umgesetzt"`) {
				t.Errorf("what was saved before: %s", r.body)
			}
			if !strings.Contains(d.s.log.String(), "cannot be written") {
				t.Errorf("the log does not tell the operator: %s", d.s.log)
			}
			command(t, "backup", "--data", d.dir, "--out", filepath.Join(t.TempDir(), "copy.db")).wants(t, 1,
				"cannot be written")
			command(t, "user", "add", "--data", d.dir, "--email", "a@example.org", "--role", "agency-admin",
				"--region", "suedwestfalen").wants(t, 1, "cannot be written")
			if err := d.s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if code := d.s.ended(t); code != 0 {
				t.Errorf("exit code %d\n%s", code, d.s.log)
			}
		})
	}
}

// The memory of the machine may be short of a place for temporary files; evidence is held in memory.
func TestEvidenceOnFullDisk(t *testing.T) {
	t.Parallel()
	root := disk(t, 24)
	d := serveOn(t, root)
	fillUp(t, root)
	body := "--grenze\r\nContent-Disposition: form-data; name=\"file\"; filename=\"bild.png\"\r\nContent-Type: " +
		"image/png\r\n\r\n" +
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
		strings.Repeat("\x00", 6<<20) + "\r\n--grenze--\r\n"
	req, err := http.NewRequestWithContext(t.Context(), "POST",
		fmt.Sprintf("%s/assessments/%d/questions/netz-neubuergerseite/evidence", d.v.base, d.id),
		strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "multipart/form-data; boundary=grenze")
	req.Header.Set("Accept", "application/json")
	res, err := d.v.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	reply{res.StatusCode, res.Header, string(text)}.wantsUnavailable(t, "disk_full")
	if r := d.v.get(t, "/healthz"); r.status != http.StatusOK {
		t.Errorf("status %d", r.status)
	}
}
