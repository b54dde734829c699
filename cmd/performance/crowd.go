package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// A crowd is many people at once: each has a session and an open connection of its own, some of
// them ask at the same moment. Issues of memory show only with many.
type crowd struct{ people, requests int }

var (
	smallCrowd = crowd{people: 250, requests: 9_000}
	wholeCrowd = crowd{people: 1_000, requests: 68_000}
)

const (
	crowdAtOnce = 32
	crowdSheets = 150 // of these, one in so many is a workbook
	crowdSaves  = 3   // and one in so many saves an answer

	crowdQuiet = 20 * time.Second // within which the server settles

	mostAfterCrowd = 120e6 // bytes
	mostInCrowd    = 300e6
)

// crowd measures the memory of the server while many people work, and what it keeps afterwards.
func (b *meter) crowd() error {
	f, err := b.demo("crowd")
	if err != nil {
		return err
	}
	b.environment = []string{traced}
	s, err := b.serve(f.dir)
	b.environment = nil
	if err != nil {
		return err
	}
	empty := residentOf(s.cmd.Process.Pid)
	start := time.Now()
	err = b.beCrowd(s, f)
	took := time.Since(start)
	busy, peak := residentOf(s.cmd.Process.Pid), s.peak()
	after := busy
	// what is kept is seen when nobody asks any more
	for i := 0; err == nil && i < 40 && after >= mostAfterCrowd*3/4; i++ {
		time.Sleep(crowdQuiet / 40)
		after = residentOf(s.cmd.Process.Pid)
	}
	var held holds
	if err == nil {
		held, err = s.holds()
	}
	if err := errors.Join(err, s.stop()); err != nil {
		return err
	}
	n := fmt.Sprintf("%d people, %s requests in %s; %s before, %s at its end", b.people.people,
		number(float64(b.people.requests)),
		figure(took.Seconds(), seconds), figure(float64(empty)/1e6, megabytes), figure(float64(busy)/1e6, megabytes))
	b.report.add(
		row{Measure: "memory at the peak of a crowd", Unit: megabytes, Program: float64(peak) / 1e6,
			N: n}.want("< 300 MB", peak < mostInCrowd),
		row{Measure: "memory after the crowd", Unit: megabytes, Program: float64(after) / 1e6, N: n}.want("< 120 MB",
			after < mostAfterCrowd))
	b.report.add(held.rows("memory after the crowd")...)
	return nil
}

// beCrowd signs everybody in, a few at the same moment, and lets them work.
func (b *meter) beCrowd(s *server, f *demoFolder) error {
	people := make([]visitor, b.people.people)
	err := atOnce(len(people), func(i int) (err error) {
		people[i], err = b.visitor(s, f, i)
		return err
	})
	defer func() {
		for _, v := range people {
			if v.conn != nil {
				_ = v.conn.Close()
			}
		}
	}()
	if err != nil {
		return err
	}
	return atOnce(len(people), func(i int) error {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		for range b.people.requests / len(people) {
			if err := people[i].act(s, random); err != nil {
				return err
			}
		}
		return nil
	})
}

// atOnce does f for each of n, crowdAtOnce at the same moment, and returns all errors.
func atOnce(n int, f func(i int) error) error {
	errs := make([]error, n)
	turn := make(chan struct{}, crowdAtOnce)
	var all sync.WaitGroup
	for i := range n {
		turn <- struct{}{}
		all.Go(func() {
			errs[i] = f(i)
			<-turn
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// visitor is one of the crowd.
type visitor struct {
	conn   *conn
	cookie string
	pages  []string
	sheet  string // a workbook; another page where the account has had enough of them
	saver  *saver // nil: whose draft another one fills in
}

func (b *meter) visitor(s *server, f *demoFolder, i int) (v visitor, err error) {
	draft := f.drafts[i%len(f.drafts)]
	v.pages = []string{"/", fmt.Sprintf("/assessments/%d", draft.Assessment),
		fmt.Sprintf("/assessments/%d/overview", draft.Assessment),
		"/audit", "/account", "/help/town", fmt.Sprintf("/checklists/%s/%s", f.definition.ID, f.definition.Version)}
	for j := range f.definition.Sections {
		v.pages = append(v.pages, fmt.Sprintf("/assessments/%d/sections/%s", draft.Assessment,
			f.definition.Sections[j].ID))
	}
	if v.sheet = v.pages[1]; i < smallCrowd.people { // accounts are shared, and each may only have so many workbooks
		v.sheet += "/form.xlsx"
	}
	if v.cookie, err = s.signInFrom(fmt.Sprintf("10.%d.%d.1", i/250, i%250), f.leads[draft.Town.AGS]); err != nil {
		return v, err
	}
	if i < len(f.drafts) {
		if v.saver, err = s.saver(f, draft, v.cookie, 0, 1); err != nil {
			return v, err
		}
		return v, v.saver.conn.Close() // it may take long until everybody has signed in
	}
	return v, nil
}

// connect opens the connection, once: the server hangs up on who does not ask soon.
func (v *visitor) connect(s *server) (err error) {
	if v.conn != nil {
		return nil
	}
	if v.conn, err = dial(s.address); err == nil && v.saver != nil {
		v.saver.conn = v.conn
	}
	return err
}

// act asks for one thing, as the random numbers say.
func (v *visitor) act(s *server, random *rand.Rand) error {
	if err := v.connect(s); err != nil {
		return err
	}
	switch {
	case random.IntN(crowdSheets) == 0:
		return v.get(s, v.sheet)
	case v.saver != nil && random.IntN(crowdSaves) == 0:
		return v.saver.save()
	}
	return v.get(s, v.pages[random.IntN(len(v.pages))])
}

func (v *visitor) get(s *server, path string) error {
	status, err := v.conn.do(s.get(path, v.cookie, "gzip"), nil)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s answered %d", path, status)
	}
	return err
}
