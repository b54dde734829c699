package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// demoFolder is a data folder that "ortsspiegel demo" has filled.
type demoFolder struct {
	dir        string
	region     region.ID
	round      round.ID // the open one
	definition *checklist.Definition
	leads      map[region.AGS]signIn
	drafts     []round.Participant // of the open round, the one with the most answers first
}

type signIn struct {
	Email    string     `json:"email"`
	Password string     `json:"password"`
	Role     string     `json:"role"`
	AGS      region.AGS `json:"ags"`
}

// demo makes a data folder. The store is only asked who has not submitted; it is closed before anything is measured.
func (b *meter) demo(name string) (*demoFolder, error) {
	f := &demoFolder{dir: filepath.Join(b.dir, name), leads: map[region.AGS]signIn{}}
	var made struct {
		Users  []signIn `json:"users"`
		Rounds []struct {
			ID        round.ID          `json:"id"`
			Checklist checklist.ID      `json:"checklist"`
			Version   checklist.Version `json:"version"`
			Status    round.Status      `json:"status"`
		} `json:"rounds"`
	}
	if err := b.output(&made, b.binary, "demo", "--data", f.dir, "--json"); err != nil {
		return nil, err
	}
	for _, u := range made.Users {
		if u.Role == "town-lead" {
			f.leads[u.AGS] = u
		}
	}
	for _, r := range made.Rounds {
		if r.Status != round.Open {
			continue
		}
		d, _, err := catalog.New(checklists.FS).Get(checklist.Ref{ID: r.Checklist, Version: r.Version})
		if err != nil {
			return nil, err
		}
		f.round, f.definition = r.ID, d
		return f, b.draftsOf(f)
	}
	return nil, errors.New("the demo has no open round")
}

func (b *meter) draftsOf(f *demoFolder) error {
	s, err := store.Open(b.ctx, store.Config{DataDir: f.dir})
	if err != nil {
		return err
	}
	r, err := s.Round(b.ctx, f.round)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	f.region = r.Region
	list, err := s.Participants(b.ctx, f.round)
	for _, p := range list {
		if p.Status != assessment.Draft {
			continue
		}
		f.drafts = append(f.drafts, p)
		if last := len(f.drafts) - 1; p.Change > f.drafts[0].Change {
			f.drafts[0], f.drafts[last] = f.drafts[last], f.drafts[0]
		}
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	if len(f.drafts) == 0 {
		return errors.New("the demo has no draft")
	}
	return nil
}

// server is the program at work.
type server struct {
	*child
	address string
}

func (b *meter) serve(dir string) (*server, error) {
	c, address, err := b.listening(b.binary, "serve", "--addr", "127.0.0.1:0", "--data", dir, "--saves-per-minute",
		"1000000",
		"--trusted-proxies", "127.0.0.1")
	if err != nil {
		return nil, err
	}
	return &server{c, address}, nil
}

// signIn signs in by the form and returns the session's cookie.
func (s *server) signIn(u signIn) (string, error) { return s.signInFrom("127.0.0.1", u) }

// signInFrom signs in from another address, as a proxy tells: one network may only try so often.
func (s *server) signInFrom(from string, u signIn) (string, error) {
	client := &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	form := url.Values{"email": {u.Email}, "password": {u.Password}}.Encode()
	request, err := http.NewRequest(http.MethodPost, "http://"+s.address+"/login", strings.NewReader(form))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Forwarded-For", from)
	r, err := client.Do(request)
	if err != nil {
		return "", err
	}
	client.CloseIdleConnections()
	if err := r.Body.Close(); err != nil {
		return "", err
	}
	for _, c := range r.Cookies() {
		if strings.Contains(c.Name, "session") && r.StatusCode == http.StatusSeeOther {
			return c.Name + "=" + c.Value, nil
		}
	}
	return "", fmt.Errorf("sign-in as %s: %s", u.Email, r.Status)
}

// get is a request as a browser would send it; encoding is what it accepts.
func (s *server) get(path, cookie, encoding string) []byte {
	r := fmt.Appendf(nil,
		"GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: Mozilla/5.0 (performance)\r\nAccept: "+
			"text/html,application/xhtml+xml\r\nAccept-Language: de\r\nSec-Fetch-Site: same-origin\r\n", path,
		s.address)
	if encoding != "" {
		r = fmt.Appendf(r, "Accept-Encoding: %s\r\n", encoding)
	}
	if cookie != "" {
		r = fmt.Appendf(r, "Cookie: %s\r\n", cookie)
	}
	return append(r, "\r\n"...)
}

// fetch gets a page once and wants it to be there.
func (c *conn) fetch(request []byte) ([]byte, error) {
	var body bytes.Buffer
	status, err := c.do(request, &body)
	if err == nil && status != http.StatusOK {
		line, _, _ := bytes.Cut(request, []byte("\r\n"))
		err = fmt.Errorf("%s: status %d: %.200s", line, status, body.Bytes())
	}
	return body.Bytes(), err
}

// served measures the program as people meet it.
func (b *meter) served() error {
	f, err := b.demo("demo")
	if err != nil {
		return err
	}
	s, err := b.serve(f.dir)
	if err != nil {
		return err
	}
	err = errors.Join(b.firstPage(s), b.sectionPage(s, f), b.autosave(s, f))
	peak := s.peak()
	if err := errors.Join(err, s.stop()); err != nil {
		return err
	}
	b.report.add(row{Measure: "server's memory after all of this", Unit: megabytes, Program: float64(peak) / 1e6,
		N: "1 process"}.peaks(peak, 0))
	return nil
}

// answersJSON is what a program reads of an assessment.
type answersJSON struct {
	Answers map[checklist.QuestionID]struct {
		Value    json.RawMessage `json:"value"`
		Revision int             `json:"revision"`
	} `json:"answers"`
	Status assessment.Status `json:"status"`
}
