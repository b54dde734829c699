package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/store"
)

// stages are the options of the scale that most questions share, scaled those questions.
var (
	stages = []string{"keine", "geplant", "teilweise", "umgesetzt", "geprueft"}
	scaled = []string{"netz-neubuergerseite", "netz-anmeldung", "netz-barrierefrei", "netz-einblicke",
		"buero-begruessung",
		"buero-wartebereich", "paket-vorhanden", "begegnung-begleitung", "alltag-wohnen", "alltag-gesundheit"}
)

// saved is one answer that the server has acknowledged.
type saved struct {
	id       assessment.ID
	question string
	revision int
	value    string
}

// storm is people who save answers as fast as they can, each with a session.
type storm struct {
	people []*stormer
	acks   atomic.Int64
	wrong  atomic.Pointer[string] // the first answer that was neither 200 nor 409
}

type stormer struct {
	v        *visitor
	id       assessment.ID
	revision map[string]int
	acked    []saved
	turn     int
}

const stormers = 32

// newStorm signs 32 people in: the last four share the towns of the first four, so that they run into each other.
func newStorm(t testing.TB, s *server, f filled) *storm {
	t.Helper()
	drafts := f.drafts(t)
	leads := f.leads(drafts)
	st := &storm{}
	for i := range stormers {
		u := leads[i%(stormers-4)]
		st.people = append(st.people, &stormer{v: s.signIn(t, u.Email, f.password), id: drafts[u.AGS],
			revision: map[string]int{}, turn: i})
	}
	return st
}

// save sends one answer and remembers what was acknowledged.
func (p *stormer) save(ctx context.Context, st *storm) error {
	p.turn++
	q, value := scaled[p.turn%len(scaled)], stages[(p.turn*7/3)%len(stages)]
	r, err := p.v.try(ctx, "PUT", answerPath(p.id, q),
		url.Values{"value": {value}, "revision": {strconv.Itoa(p.revision[q])},
			"comment": {fmt.Sprintf("%s im %d. Anlauf", value, p.turn)}}, asProgram...)
	if err != nil {
		return err
	}
	switch r.status {
	case http.StatusOK:
		var a struct{ Revision int }
		if err := json.Unmarshal([]byte(r.body), &a); err != nil {
			return err
		}
		p.revision[q] = a.Revision
		p.acked = append(p.acked, saved{p.id, q, a.Revision, value})
		st.acks.Add(1)
	case http.StatusConflict:
		var c struct{ Stored struct{ Revision int } }
		if err := json.Unmarshal([]byte(r.body), &c); err != nil {
			return err
		}
		p.revision[q] = c.Stored.Revision
	default:
		text := fmt.Sprintf("status %d: %.300s", r.status, r.body)
		st.wrong.CompareAndSwap(nil, &text)
		return errors.New(text)
	}
	return nil
}

// rage lets all save until the server no longer answers, and calls enough once so many answers were acknowledged.
func (st *storm) rage(ctx context.Context, acks int64, enough func()) {
	goal := st.acks.Load() + acks
	var once sync.Once
	var all sync.WaitGroup
	for _, p := range st.people {
		all.Go(func() {
			for p.save(ctx, st) == nil {
				if st.acks.Load() >= goal {
					once.Do(enough)
				}
			}
		})
	}
	all.Wait()
}

// acked returns everything that was acknowledged to anybody.
func (st *storm) acked() []saved {
	var all []saved
	for _, p := range st.people {
		all = append(all, p.acked...)
	}
	return all
}

type question struct {
	id       assessment.ID
	question string
}

// checkStored compares what was acknowledged with answers and history of a database: every
// acknowledged revision is a line of the history with that value, the lines have no gaps, and the
// last one is the answer.
func checkStored(t testing.TB, dir string, acked []saved) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	last := map[question]int{}
	for _, a := range acked {
		k := question{a.id, a.question}
		last[k] = max(last[k], a.revision)
	}
	history := map[question][]assessment.Change{}
	for k := range last {
		history[k] = checkHistory(t, s, k, last[k])
	}
	lost := 0
	for _, a := range acked {
		lines := history[question{a.id, a.question}]
		at := len(lines) - a.revision // newest first
		if at < 0 || len(lines[at].To.Options) != 1 || string(lines[at].To.Options[0]) != a.value {
			lost++
			t.Errorf("acknowledged %+v is not in the history of %d lines", a, len(lines))
		}
		if lost > 5 {
			t.FailNow()
		}
	}
}

// checkHistory returns the lines of one question after comparing them with its answer.
func checkHistory(t testing.TB, s *store.Store, k question, acked int) []assessment.Change {
	t.Helper()
	q := checklist.QuestionID(k.question)
	lines, err := s.History(t.Context(), k.id, q)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := s.Entries(t.Context(), k.id)
	if err != nil {
		t.Fatal(err)
	}
	e := entries[q]
	if e.Revision < acked || len(lines) != e.Revision {
		t.Fatalf("%+v: revision %d acknowledged, %d stored, %d lines of history", k, acked, e.Revision, len(lines))
	}
	for i, line := range lines {
		if line.Revision != e.Revision-i {
			t.Fatalf("%+v: line %d of the history has revision %d of %d", k, i, line.Revision, e.Revision)
		}
	}
	if newest := lines[0]; !newest.To.Equal(e.Answer) || newest.Comment != e.Comment || newest.By != e.By ||
		!newest.At.Equal(e.At) {
		t.Fatalf("%+v: answer %+v, history %+v", k, e, newest)
	}
	return lines
}

// checkServed compares answers.json with the database.
func (st *storm) checkServed(t testing.TB, dir string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{DataDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, p := range st.people {
		r := p.v.get(t, fmt.Sprintf("/assessments/%d/answers.json", p.id))
		if r.status != http.StatusOK {
			t.Fatalf("answers.json with the session from before: status %d", r.status)
		}
		var got struct {
			Answers map[checklist.QuestionID]struct {
				Value    any
				Comment  string
				Revision int
			}
			Status string
		}
		if err := json.Unmarshal([]byte(r.body), &got); err != nil {
			t.Fatal(err)
		}
		entries, err := s.Entries(t.Context(), p.id)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Answers) != len(entries) || got.Status != "draft" {
			t.Errorf("assessment %d: %d answers served, %d stored, status %s", p.id, len(got.Answers), len(entries),
				got.Status)
		}
		for _, q := range scaled {
			e := entries[checklist.QuestionID(q)]
			if a := got.Answers[checklist.QuestionID(q)]; e.Revision > 0 &&
				(a.Revision != e.Revision || a.Value != string(e.Answer.Options[0]) || a.Comment != e.Comment) {
				t.Errorf("assessment %d, %s: served %+v, stored %+v", p.id, q, a, e)
			}
		}
	}
}

// killInStorm kills the server again and again while 32 people save, and looks for every
// acknowledged answer after each restart.
func killInStorm(t *testing.T, rounds int, acks int64) {
	f := fillDemo(t, 5)
	s := startServer(t, f.dir, "--saves-per-minute", "1000000")
	st := newStorm(t, s, f)
	for round := range rounds {
		st.rage(t.Context(), acks, s.kill)
		if wrong := st.wrong.Load(); wrong != nil {
			t.Fatal(*wrong)
		}
		s = startServer(t, f.dir, "--saves-per-minute", "1000000")
		for _, p := range st.people {
			p.v.base = s.url
		}
		all := st.acked()
		if int64(len(all)) < acks {
			t.Fatalf("only %d answers were acknowledged", len(all))
		}
		checkStored(t, f.dir, all)
		st.checkServed(t, f.dir)
		t.Logf("round %d: %d answers acknowledged so far, none lost", round+1, len(all))
	}
	// whoever was cut off goes on with the revision that is stored
	for _, p := range st.people {
		before := len(p.acked)
		for len(p.acked) == before {
			if err := p.save(t.Context(), st); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestKillInStorm(t *testing.T) {
	t.Parallel()
	killInStorm(t, 2, 400)
}

func TestSoakKillInStorm(t *testing.T) {
	if os.Getenv("SOAK") == "" {
		t.Skip("runs with SOAK=1, as `make soak` does")
	}
	killInStorm(t, 25, 4000)
}

// backupInStorm takes backups while 32 people save; each must restore to a consistent state that
// holds what had been acknowledged before it began.
func backupInStorm(t *testing.T, backups int) {
	f := fillDemo(t, 5)
	s := startServer(t, f.dir, "--saves-per-minute", "1000000")
	st := newStorm(t, s, f)
	ctx, stop := context.WithCancel(t.Context())
	var raging sync.WaitGroup
	raging.Go(func() { st.rage(ctx, 1, func() {}) })
	defer func() { stop(); raging.Wait() }()
	for i := range backups {
		goal := st.acks.Load() + 100
		eventually(t, "answers are being saved", func() bool { return st.acks.Load() >= goal })
		before := newestSaved(t, s, f, st)
		file := filepath.Join(t.TempDir(), "copy.db")
		command(t, "backup", "--data", f.dir, "--out", file).wants(t, 0, file)
		dir := filepath.Join(t.TempDir(), "restored")
		command(t, "restore", "--data", dir, "--in", file).wants(t, 0, file)
		command(t, "migrate", "--data", dir).wants(t, 0, "up to date")
		checkStored(t, dir, before)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("backup %d can be read by others: %v, %v", i, info, err)
		}
	}
	if wrong := st.wrong.Load(); wrong != nil {
		t.Fatal(*wrong)
	}
}

// newestSaved reads through the server what is stored just now: all of it was acknowledged to
// somebody or is about to be, and none of it may be missing in a later backup.
func newestSaved(t testing.TB, s *server, f filled, st *storm) []saved {
	t.Helper()
	var all []saved
	for _, p := range st.people[:stormers-4] {
		r := p.v.get(t, fmt.Sprintf("/assessments/%d/answers.json", p.id))
		var got struct {
			Answers map[string]struct {
				Value    any
				Revision int
			}
		}
		if err := json.Unmarshal([]byte(r.body), &got); err != nil {
			t.Fatal(err)
		}
		for _, q := range scaled {
			if a := got.Answers[q]; a.Revision > 0 {
				all = append(all, saved{p.id, q, a.Revision, a.Value.(string)})
			}
		}
	}
	if len(all) == 0 {
		t.Fatalf("nothing is stored in %s behind %s", f.dir, s.url)
	}
	return all
}

func TestBackupInStorm(t *testing.T) {
	t.Parallel()
	backupInStorm(t, 2)
}

func TestSoakBackupInStorm(t *testing.T) {
	if os.Getenv("SOAK") == "" {
		t.Skip("runs with SOAK=1, as `make soak` does")
	}
	backupInStorm(t, 40)
}
