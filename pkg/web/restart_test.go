package web

import (
	"encoding/json"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/store"
)

// typist answers one question again and again while its database goes down and comes back.
type typist struct {
	sheet
	question     *checklist.Question
	revision     int
	acknowledged map[int]string // by revision
}

// next saves once and reads once. It returns whether the save was stored, and whether it was refused for now.
func (p *typist) next(n int) (saved, refused bool) {
	t := p.house.t
	value := string(p.question.Options[n%len(p.question.Options)].ID)
	w := p.put(string(p.question.ID), p.revision, "value", value)
	switch w.Code {
	case http.StatusOK:
		var got struct{ Revision int }
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Revision < p.revision {
			t.Errorf("saved on revision %d: %s, %v", p.revision, w.Body, err)
		}
		p.revision, saved = got.Revision, true // the same one if this is what is stored already
		p.acknowledged[p.revision] = value
	case http.StatusServiceUnavailable:
		refused = true
		if w.Header().Get("Retry-After") == "" {
			t.Errorf("refused without Retry-After: %s", w.Body)
		}
	case http.StatusConflict: // what was saved before is stored although its answer was lost
		p.look()
	default:
		t.Errorf("saving: status %d, to %q: %.300s", w.Code, w.Header().Get("Location"), w.Body)
	}
	if w := p.get(p.base + "/sections/steuerung"); w.Code != http.StatusOK && w.Code != http.StatusServiceUnavailable {
		t.Errorf("reading: status %d, to %q: %.300s", w.Code, w.Header().Get("Location"), w.Body)
	}
	return saved, refused
}

// look learns which revision is stored, if anybody can tell.
func (p *typist) look() {
	w := p.get(p.base + "/answers.json")
	if w.Code == http.StatusServiceUnavailable {
		return
	}
	var got struct {
		Answers map[checklist.QuestionID]struct{ Revision int }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); w.Code != http.StatusOK || err != nil {
		p.house.t.Errorf("answers: status %d, %v: %.300s", w.Code, err, w.Body)
	}
	p.revision = got.Answers[p.question.ID].Revision
}

// A database that crashes and comes back while people save and read answers 503 to some of them. Nobody is
// signed out, nobody is told of a fault of the program, and what was acknowledged is there.
func TestPeopleOutliveADatabase(t *testing.T) {
	server := testkit.OwnPostgres(t)
	h := newHouseIn(t, checklists.FS, store.Config{DatabaseURL: server.Address("postgres"), Connections: 4})
	id, _ := h.openRound()
	d, _, err := h.sheets.Get(checklist.Ref{ID: "willkommen", Version: "1.0.0"})
	must(t, err)
	var people []*typist
	for _, q := range d.Questions() {
		if q.Type == checklist.TypeChoice && q.When == nil && len(people) < 4 {
			who := h.signedIn(h.person("person-"+string(q.ID), account.TownEditor, "05958004"))
			people = append(people, &typist{who.sheet(id), q, 0, map[int]string{}})
		}
	}
	var stopped atomic.Bool
	var saves, refusals atomic.Int64
	var all sync.WaitGroup
	for _, p := range people {
		all.Go(func() {
			for n := 0; !stopped.Load(); n++ {
				saved, refused := p.next(n)
				if saved {
					saves.Add(1)
				}
				if refused {
					refusals.Add(1)
				}
			}
		})
	}
	end := func() { stopped.Store(true); all.Wait() }
	defer end()
	more := func(what string, counter *atomic.Int64) {
		t.Helper()
		want, deadline := counter.Load()+12, time.Now().Add(time.Minute)
		for tick := time.NewTicker(time.Millisecond); counter.Load() < want; <-tick.C {
			if time.Now().After(deadline) {
				t.Fatalf("no more saves are %s", what)
			}
		}
	}
	for _, how := range []os.Signal{syscall.SIGQUIT, os.Interrupt, syscall.SIGQUIT} {
		more("stored", &saves)
		server.Stop(how)
		more("refused", &refusals)
		must(t, server.Start())
	}
	more("stored again", &saves)
	end()
	for _, p := range people {
		history, err := h.store.History(t.Context(), id, p.question.ID)
		must(t, err)
		stored := map[int]string{}
		for _, c := range history {
			if len(c.To.Options) == 1 {
				stored[c.Revision] = string(c.To.Options[0])
			}
		}
		for revision, value := range p.acknowledged {
			if stored[revision] != value {
				t.Errorf("%s: revision %d was acknowledged as %q, stored is %q", p.question.ID, revision, value,
					stored[revision])
			}
		}
	}
	t.Logf("%d saved, %d refused", saves.Load(), refusals.Load())
}
