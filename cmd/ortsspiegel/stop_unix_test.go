//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"ortsspiegel/pkg/checklist"
)

// raw is a connection on which a test says exactly what it wants.
type raw struct {
	net.Conn
	in *bufio.Reader
}

func (s *server) dial(t testing.TB) *raw {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return &raw{c, bufio.NewReader(c)}
}

func (c *raw) send(t testing.TB, format string, args ...any) {
	t.Helper()
	if _, err := fmt.Fprintf(c, format, args...); err != nil {
		t.Fatal(err)
	}
}

// begun sends the head and the first half of a save and returns when the server is waiting for the rest.
func (c *raw) begun(t testing.TB, v *visitor, path, body string) (rest string) {
	t.Helper()
	address, err := url.Parse(v.base)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []string
	for _, cookie := range v.client.Jar.Cookies(address) {
		cookies = append(cookies, cookie.Name+"="+cookie.Value)
	}
	c.send(t, "PUT %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept: application/json\r\nExpect: 100-continue\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", path, address.Host,
		strings.Join(cookies, "; "), len(body))
	// the server sends this when the handler begins to read
	if line, err := c.in.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err := c.in.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	c.send(t, "%s", body[:len(body)/2])
	return body[len(body)/2:]
}

// A signal lets running requests finish, refuses new ones, and ends with 0.
func TestSignalFinishesRequests(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		f := fillDemo(t, 5)
		s := startServer(t, f.dir)
		drafts := f.drafts(t)
		lead := untouched(t, f, drafts)
		id := drafts[lead.AGS]
		v := s.signIn(t, lead.Email, f.password)
		body := url.Values{"value": {"umgesetzt"}, "revision": {"0"},
			"comment": {strings.Repeat("langsam ", 200)}}.Encode()
		c := s.dial(t)
		rest := c.begun(t, v, answerPath(id, "netz-neubuergerseite"), body)
		if err := s.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		eventually(t, "new connections are refused", func() bool {
			n, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err == nil {
				_ = n.Close()
			}
			return err != nil
		})
		select {
		case <-s.exited:
			t.Fatalf("ended in the middle of a request\n%s", s.log)
		default:
		}
		c.send(t, "%s", rest)
		res, err := http.ReadResponse(c.in, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(text), `"revision":1`) {
			t.Errorf("status %d, %s, %v", res.StatusCode, text, err)
		}
		if code := s.ended(t); code != 0 {
			t.Errorf("exit code %d\n%s", code, s.log)
		}
		stored := f.open(t)
		entries, err := stored.Entries(t.Context(), id)
		if e := entries["netz-neubuergerseite"]; err != nil || e.Revision != 1 ||
			fmt.Sprint(e.Answer.Options) != fmt.Sprint([]checklist.OptionID{"umgesetzt"}) {
			t.Errorf("stored: %+v, %v", e, err)
		}
		if err := stored.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Who signals again does not want to wait for the slowest visitor.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 5)
	s := startServer(t, f.dir)
	drafts := f.drafts(t)
	lead := untouched(t, f, drafts)
	v := s.signIn(t, lead.Email, f.password)
	s.dial(t).begun(t, v, answerPath(drafts[lead.AGS], "netz-neubuergerseite"), "value=umgesetzt&revision=0")
	eventually(t, "the server ends", func() bool {
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			return true // it has ended
		}
		select {
		case <-s.exited:
			return true
		default:
			return false
		}
	})
	s.ended(t)
	if status, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
		t.Errorf("it has waited for the request: %v", s.cmd.ProcessState)
	}
}

func TestSignalInStorm(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 5)
	s := startServer(t, f.dir)
	st := newStorm(t, s, f)
	st.rage(t.Context(), 400, func() {
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	})
	if code := s.ended(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, s.log)
	}
	if wrong := st.wrong.Load(); wrong != nil {
		t.Error(*wrong)
	}
	checkStored(t, f.dir, st.acked())
}

// closedAfter reads until the server closes and returns everything it said.
func (c *raw) untilClosed(t testing.TB) string {
	t.Helper()
	said, err := io.ReadAll(c.in)
	if e, ok := err.(net.Error); ok && e.Timeout() {
		t.Fatalf("the connection is still open after %v; said %q", patience, said)
	}
	return string(said)
}

// Whoever sends slowly, or too much, is cut off; others do not notice.
func TestSlowAndLargeRequests(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 5)
	s := startServer(t, f.dir, "--read-timeout", "2s")
	drafts := f.drafts(t)
	lead := untouched(t, f, drafts)
	path := answerPath(drafts[lead.AGS], "netz-neubuergerseite")
	v := s.signIn(t, lead.Email, f.password)
	body := url.Values{"value": {"umgesetzt"}, "revision": {"0"}, "comment": {strings.Repeat("x", 1000)}}.Encode()

	t.Run("all", func(t *testing.T) { offend(t, s, v, path, body) })
	if r := v.get(t, fmt.Sprintf("/assessments/%d/answers.json", drafts[lead.AGS])); r.status != http.StatusOK ||
		!strings.Contains(r.body, `"answers":{}`) {
		t.Errorf("afterwards: status %d, %s", r.status, r.body)
	}
}

// offend sends everything that is too slow or too large, at the same time.
func offend(t *testing.T, s *server, v *visitor, path, body string) {
	t.Run("headers that never end", func(t *testing.T) {
		t.Parallel()
		c := s.dial(t)
		c.send(t, "GET / HTTP/1.1\r\nHost: localhost\r\n")
		drip(c, "X-Slow: ja\r\n")
		if said := c.untilClosed(t); said != "" && !strings.Contains(said, " 408 ") {
			t.Errorf("said %q", said)
		}
	})
	t.Run("nothing at all", func(t *testing.T) {
		t.Parallel()
		if said := s.dial(t).untilClosed(t); said != "" {
			t.Errorf("said %q", said)
		}
	})
	t.Run("a body that never ends", func(t *testing.T) {
		t.Parallel()
		c := s.dial(t)
		c.begun(t, v, path, body)
		drip(c, "x")
		said := c.untilClosed(t)
		if strings.Contains(said, " 200 ") || strings.Contains(said, " 500 ") {
			t.Errorf("said %.300q", said)
		}
	})
	t.Run("many slow ones", func(t *testing.T) {
		t.Parallel()
		var slow []*raw
		for range 200 {
			c := s.dial(t)
			c.send(t, "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nemail=")
			slow = append(slow, c)
		}
		if r := v.get(t, "/healthz"); r.status != http.StatusOK {
			t.Errorf("status %d", r.status)
		}
		if r := v.get(t, "/readyz"); r.status != http.StatusOK {
			t.Errorf("status %d", r.status)
		}
		for _, c := range slow {
			c.untilClosed(t)
		}
	})
	t.Run("large", func(t *testing.T) {
		t.Parallel()
		if r := v.do(t, "POST", "/login",
			url.Values{"email": {strings.Repeat("x", 100_000)}}); r.status != http.StatusRequestEntityTooLarge {
			t.Errorf("a large form: status %d", r.status)
		}
		c := s.dial(t)
		c.send(t, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ")
		if _, err := io.WriteString(c, strings.Repeat("x", 60_000)); err == nil {
			if said := c.untilClosed(t); !strings.Contains(said, " 431 ") {
				t.Errorf("large headers: %q", said)
			}
		}
	})
	t.Run("a body without end", func(t *testing.T) {
		t.Parallel()
		c := s.dial(t)
		c.send(t,
			"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: "+
				"application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n")
		sent := 0
		for sent < 64<<20 {
			n, err := fmt.Fprintf(c, "1000\r\n%s\r\n", strings.Repeat("x", 0x1000))
			sent += n
			if err != nil {
				break
			}
		}
		if sent >= 64<<20 {
			t.Errorf("the server has taken %d bytes of a form", sent)
		}
	})
}

// drip sends a piece again and again, slowly, until the other side has had enough.
func drip(c *raw, piece string) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	deadline := time.Now().Add(patience)
	for now := range tick.C {
		if _, err := io.WriteString(c, piece); err != nil || now.After(deadline) {
			return
		}
	}
}
