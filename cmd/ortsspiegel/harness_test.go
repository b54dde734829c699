package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/store"
)

// workshop is where the program under test is built; it goes with the last test.
var workshop string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "ortsspiegel-test-")
	if err != nil {
		panic(err)
	}
	workshop = dir
	code := m.Run()
	if err := os.RemoveAll(dir); err != nil {
		panic(err)
	}
	os.Exit(code)
}

// patience bounds every wait for a condition; nothing here comes near it unless something is wrong.
const patience = 30 * time.Second

// outcome is what a command left behind.
type outcome struct {
	code     int
	out, err string
}

// command runs the program in this process.
func command(t testing.TB, args ...string) outcome { return commandWith(t, "", nil, args...) }

// commandWith also hands in standard input and an environment.
func commandWith(t testing.TB, stdin string, env []string, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), args, env, strings.NewReader(stdin), &out, &err)
	return outcome{code, out.String(), err.String()}
}

// wants checks exit code and, for each text, that one of the outputs holds it.
func (o outcome) wants(t testing.TB, code int, texts ...string) outcome {
	t.Helper()
	if o.code != code {
		t.Fatalf("exit code %d, want %d\nstdout: %.600s\nstderr: %.600s", o.code, code, o.out, o.err)
	}
	for _, text := range texts {
		if !strings.Contains(o.out+o.err, text) {
			t.Errorf("%q is missing\nstdout: %.600s\nstderr: %.600s", text, o.out, o.err)
		}
	}
	return o
}

// decode reads JSON strictly into v.
func decode(t testing.TB, text string, v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%v in %.400s", err, text)
	}
}

func write(t testing.TB, content string, path ...string) string {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// welcome and services are the checklists that come with the program.
var (
	welcome  = filepath.Join("..", "..", "checklists", "willkommen", "1.0.0.yaml")
	services = filepath.Join("..", "..", "checklists", "barrierefreie-dienste", "1.0.0.yaml")
)

// filled is a data folder with the demo region in it.
type filled struct {
	demoOutput
	dir      string
	password string
}

func fillDemo(t testing.TB, participants int) filled {
	t.Helper()
	f := filled{dir: filepath.Join(t.TempDir(), "data")}
	o := command(t, "demo", "--data", f.dir, "--participants", fmt.Sprint(participants), "--json").wants(t, 0)
	decode(t, o.out, &f.demoOutput)
	f.password = f.Users[0].Password
	return f
}

// drafts returns the assessments of the open round that take answers, by town.
func (f filled) drafts(t testing.TB) map[region.AGS]assessment.ID {
	t.Helper()
	s := f.open(t)
	defer s.Close()
	drafts := map[region.AGS]assessment.ID{}
	for _, u := range f.Users {
		if u.AGS == "" || drafts[u.AGS] != 0 {
			continue
		}
		heads, err := s.HeadsOfTown(t.Context(), u.AGS)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range heads {
			if h.TakesAnswers(time.Now()) {
				drafts[u.AGS] = h.ID
			}
		}
	}
	return drafts
}

// towns returns the keys of drafts with the leads' addresses, in the order of the demo.
func (f filled) leads(drafts map[region.AGS]assessment.ID) []demoUser {
	var leads []demoUser
	for _, u := range f.Users {
		if u.Role == "town-lead" && drafts[u.AGS] != 0 {
			leads = append(leads, u)
		}
	}
	return leads
}

func (f filled) open(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{DataDir: f.dir})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var built = sync.OnceValues(func() (string, error) {
	file := filepath.Join(workshop, "ortsspiegel.exe")
	build := exec.Command("go", "build", "-o", file, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, nil
})

// binary returns the program as its users run it.
func binary(t testing.TB) string {
	t.Helper()
	file, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// server is a running program.
type server struct {
	url    string
	cmd    *exec.Cmd
	log    *journal
	exited chan struct{} // closed after the process has ended
	lines  *bufio.Reader
}

// journal gathers what a process writes to standard error.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// startServer starts the program on a free port and waits until it listens.
func startServer(t testing.TB, dir string, args ...string) *server {
	t.Helper()
	return startServerWith(t, func(*exec.Cmd) {}, dir, args...)
}

func startServerWith(t testing.TB, prepare func(*exec.Cmd), dir string, args ...string) *server {
	t.Helper()
	s := &server{cmd: exec.Command(binary(t), append([]string{"serve", "--addr", "127.0.0.1:0", "--data", dir},
		args...)...),
		log: &journal{}, exited: make(chan struct{})}
	s.cmd.Stderr = s.log
	s.cmd.Env = []string{"TMPDIR=" + t.TempDir()}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	prepare(s.cmd)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	s.lines = bufio.NewReader(out)
	line, err := s.lines.ReadString('\n')
	go func() {
		_, _ = io.Copy(io.Discard, s.lines) // a full pipe would stop the server
		_ = s.cmd.Wait()                    // the state says how it ended
		close(s.exited)
	}()
	if err != nil {
		<-s.exited
		t.Fatalf("the server did not start: %v\n%s", err, s.log)
	}
	var first struct {
		Listening string `json:"listening"`
	}
	decode(t, line, &first)
	if !strings.HasPrefix(first.Listening, "http://127.0.0.1:") || strings.HasSuffix(first.Listening, ":0") {
		t.Fatalf("first line %q", line)
	}
	s.url = first.Listening
	return s
}

// kill ends the process at once, as a crash would.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.exited
}

// ended waits for the process and returns its exit code.
func (s *server) ended(t testing.TB) int {
	t.Helper()
	select {
	case <-s.exited:
	case <-time.After(patience):
		t.Fatalf("the server does not end\n%s", s.log)
	}
	return s.cmd.ProcessState.ExitCode()
}

// visitor is a person with a browser.
type visitor struct {
	base   string
	client *http.Client
}

func (s *server) visitor(t testing.TB) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{s.url, &http.Client{Jar: jar, Transport: transport, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// signIn returns somebody who has come through the sign-in form.
func (s *server) signIn(t testing.TB, email, password string) *visitor {
	t.Helper()
	v := s.visitor(t)
	r := v.do(t, "POST", "/login", url.Values{"email": {email}, "password": {password}})
	if r.status != http.StatusSeeOther {
		t.Fatalf("sign-in of %s: status %d", email, r.status)
	}
	return v
}

// reply is an answer of the server.
type reply struct {
	status int
	header http.Header
	body   string
}

// try sends a form; header holds names and values in turn.
func (v *visitor) try(ctx context.Context, method, path string, form url.Values, header ...string) (reply, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, v.base+path, body)
	if err != nil {
		return reply{}, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := v.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	text, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, string(text)}, errors.Join(err, res.Body.Close())
}

func (v *visitor) do(t testing.TB, method, path string, form url.Values, header ...string) reply {
	t.Helper()
	r, err := v.try(t.Context(), method, path, form, header...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (v *visitor) get(t testing.TB, path string) reply {
	t.Helper()
	return v.do(t, "GET", path, nil)
}

// asProgram is the header of outside scripts.
var asProgram = []string{"Accept", "application/json"}

// answerPath is where an answer is stored.
func answerPath(id assessment.ID, question string) string {
	return fmt.Sprintf("/assessments/%d/answers/%s", id, question)
}

// eventually waits for a condition that another process brings about.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited too long: %s", what)
		}
	}
}
