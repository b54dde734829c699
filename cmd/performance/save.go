package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/round"
)

const (
	savers     = 32
	saveTurns  = 5
	saveDuring = 1500 * time.Millisecond
)

// saver is one browser that saves answers, each time another one than is stored.
type saver struct {
	conn       *conn
	assessment assessment.ID
	cookie     string
	head       string // of every request, up to the question
	tail       string
	questions  []*checklist.Question
	revisions  []int
	options    []int // of each question, the one to save next: the first or the second
	next       int
	request    []byte
	body       bytes.Buffer
	took       []time.Duration
}

// autosave lets 32 clients save answers of different towns' drafts at the same time.
func (b *meter) autosave(s *server, f *demoFolder) error {
	towns := f.drafts[:min(len(f.drafts), savers/2)]
	list, err := s.savers(f, towns)
	if err != nil {
		return err
	}
	conns := make([]*conn, len(list))
	for i := range list {
		conns[i] = list[i].conn
	}
	defer hangUp(conns)
	answer, err := record(conns[0], list[0].build())
	if err != nil {
		return err
	}
	list[0].saved()
	limit, address, err := b.bareServer(answer)
	if err != nil {
		return err
	}
	idle, err := dials(address, savers)
	defer hangUp(idle)
	if err != nil {
		return errors.Join(err, limit.stop())
	}
	program := func() (float64, error) {
		return rate(conns, saveDuring, func(i int, _ *conn) error { return list[i].save() })
	}
	empty := func() (float64, error) {
		return rate(idle, saveDuring, func(i int, c *conn) error {
			_, err := c.do(to(0, list[i].build()), nil)
			return err
		})
	}
	var peaks [2]int64
	raw := func(group int) func() (float64, error) {
		return func() (float64, error) {
			var n float64
			file, err := os.CreateTemp(b.dir, "raw-*.db")
			if err != nil {
				return 0, err
			}
			if err := file.Close(); err != nil {
				return 0, err
			}
			peak, err := b.result(&n, "statements", file.Name(), strconv.Itoa(group))
			peaks[min(group, 2)-1] = max(peaks[min(group, 2)-1], peak)
			return n, err
		}
	}
	if _, err := turns(1, program, empty); err != nil { // warm up
		return errors.Join(err, limit.stop())
	}
	for _, c := range list {
		c.took = c.took[:0]
	}
	figures, err := turns(saveTurns, program, empty, raw(1), raw(savers))
	if err != nil {
		return errors.Join(err, limit.stop())
	}
	n := fmt.Sprintf("%d clients, %d towns; p50 %s, p99 %s", savers, len(towns), figure(quantile(list, 0.5), seconds),
		figure(quantile(list, 0.99), seconds))
	r := row{Measure: "autosave, durable", Unit: perSecond, Program: median(figures[0]), N: n}
	single := r.against("one prepared upsert and one COMMIT each", median(figures[2]),
		ratios(figures[0], figures[2])...).peaks(s.peak(), peaks[0])
	together := r.against(fmt.Sprintf("prepared upserts, %d in one COMMIT", savers), median(figures[3]),
		ratios(figures[0], figures[3])...).peaks(s.peak(), peaks[1])
	b.report.add(
		r.against("net/http answering the same bytes, saving nothing", median(figures[1]),
			ratios(figures[0], figures[1])...).
			want("≥ 1 500/s", r.Program >= 1500).peaks(s.peak(), limit.peak()),
		single.want("≥ 0.6", *single.Ratio >= 0.6),
		together.want("≥ 0.15", *together.Ratio >= 0.15))
	return errors.Join(s.check(list), b.pageAfterSave(s, f, list[0]), limit.stop())
}

// pageAfterSave measures a section's page when an answer in it was saved since it was last shown.
func (b *meter) pageAfterSave(s *server, f *demoFolder, c *saver) error {
	section := make(map[checklist.QuestionID]checklist.SectionID)
	for i := range f.definition.Sections {
		for j := range f.definition.Sections[i].Questions {
			section[f.definition.Sections[i].Questions[j].ID] = f.definition.Sections[i].ID
		}
	}
	const pages = 200
	var took []float64
	for range pages {
		request := s.get(fmt.Sprintf("/assessments/%d/sections/%s", c.assessment, section[c.questions[c.next].ID]),
			c.cookie, "")
		if err := c.save(); err != nil {
			return err
		}
		start := time.Now()
		if _, err := c.conn.fetch(request); err != nil {
			return err
		}
		took = append(took, time.Since(start).Seconds())
	}
	b.report.add(row{Measure: "section page, after an answer was saved", Unit: seconds, Program: median(took),
		N: fmt.Sprintf("%d pages, 1 connection", pages)})
	return nil
}

// savers signs the towns' leads in and gives each client questions of its own.
func (s *server) savers(f *demoFolder, towns []round.Participant) ([]*saver, error) {
	share := (savers + len(towns) - 1) / len(towns)
	var list []*saver
	for _, town := range towns {
		cookie, err := s.signIn(f.leads[town.Town.AGS])
		if err != nil {
			return nil, err
		}
		for k := 0; k < share && len(list) < savers; k++ {
			one, err := s.saver(f, town, cookie, k, share)
			if err != nil {
				return nil, err
			}
			list = append(list, one)
		}
	}
	return list, nil
}

// saver gives a client every so many of a draft's questions with options, from the k-th on.
func (s *server) saver(f *demoFolder, town round.Participant, cookie string, k, share int) (*saver, error) {
	var choices []*checklist.Question
	for _, q := range f.definition.Questions() {
		if q.Type.One() && len(q.Options) > 1 {
			choices = append(choices, q)
		}
	}
	c, err := dial(s.address)
	if err != nil {
		return nil, err
	}
	stored, err := c.answers(s, town.Assessment, cookie)
	if err != nil {
		return nil, err
	}
	one := &saver{conn: c, assessment: town.Assessment, cookie: cookie,
		head: fmt.Sprintf("PUT /assessments/%d/answers/", town.Assessment),
		tail: fmt.Sprintf(
			" HTTP/1.1\r\nHost: %s\r\nUser-Agent: Mozilla/5.0 (performance)\r\nAccept: "+
				"application/json\r\nSec-Fetch-Site: same-origin\r\nCookie: %s\r\nContent-Type: "+
				"application/x-www-form-urlencoded\r\nContent-Length: ", s.address, cookie)}
	for i := k; i < len(choices); i += share {
		one.questions = append(one.questions, choices[i])
		old := stored.Answers[choices[i].ID]
		one.revisions = append(one.revisions, old.Revision)
		one.options = append(one.options, 0)
		if string(old.Value) == strconv.Quote(string(choices[i].Options[0].ID)) {
			one.options[len(one.options)-1] = 1 // saving what is stored would leave no trace
		}
	}
	if len(one.questions) == 0 {
		return nil, fmt.Errorf("client %d of %d on assessment %d has no question to answer", k+1, share,
			town.Assessment)
	}
	return one, nil
}

func (c *conn) answers(s *server, id assessment.ID, cookie string) (answersJSON, error) {
	var stored answersJSON
	body, err := c.fetch(s.get(fmt.Sprintf("/assessments/%d/answers.json", id), cookie, ""))
	if err != nil {
		return stored, err
	}
	return stored, json.Unmarshal(body, &stored)
}

// build writes the request for the next save.
func (c *saver) build() []byte {
	q, revision := c.questions[c.next], c.revisions[c.next]
	form := make([]byte, 0, 64)
	form = append(append(form, "value="...), url.QueryEscape(string(q.Options[c.options[c.next]].ID))...)
	form = strconv.AppendInt(append(form, "&revision="...), int64(revision), 10)
	r := append(append(append(c.request[:0], c.head...), q.ID...), c.tail...)
	r = strconv.AppendInt(r, int64(len(form)), 10)
	c.request = append(append(r, "\r\n\r\n"...), form...)
	return c.request
}

// saved moves on to the next question.
func (c *saver) saved() {
	c.revisions[c.next]++
	c.options[c.next] = 1 - c.options[c.next]
	c.next = (c.next + 1) % len(c.questions)
}

func (c *saver) save() error {
	start := time.Now()
	status, err := c.conn.do(c.build(), &c.body)
	if err != nil {
		return err
	}
	c.took = append(c.took, time.Since(start))
	want := strconv.AppendInt([]byte(`"revision":`), int64(c.revisions[c.next]+1), 10)
	if status != http.StatusOK || !bytes.Contains(c.body.Bytes(), want) {
		return fmt.Errorf("saving %s: status %d: %.300s", c.questions[c.next].ID, status, c.body.Bytes())
	}
	c.saved()
	return nil
}

// check compares what was acknowledged with what is stored.
func (s *server) check(list []*saver) error {
	for _, c := range list {
		stored, err := c.conn.answers(s, c.assessment, c.cookie)
		if err != nil {
			return err
		}
		for i, q := range c.questions {
			if got := stored.Answers[q.ID].Revision; got != c.revisions[i] {
				return fmt.Errorf("assessment %d, %s: revision %d was acknowledged, %d is stored", c.assessment, q.ID,
					c.revisions[i], got)
			}
		}
	}
	return nil
}

// quantile returns a quantile of how long the saves took, in seconds; of none, no figure.
func quantile(list []*saver, q float64) float64 {
	var all []time.Duration
	for _, c := range list {
		all = append(all, c.took...)
	}
	if len(all) == 0 {
		return math.NaN()
	}
	slices.Sort(all)
	return all[int(q*float64(len(all)-1))].Seconds()
}

// statements saves answers with nothing but a prepared statement, as durable as the program's:
// file, how many share a COMMIT.
func statements(ctx context.Context, args []string) (perSecond float64, err error) {
	group, err := strconv.Atoi(args[1])
	if err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", "file:"+args[0]+
		"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx,
		`CREATE TABLE answers (assessment_id INTEGER, question TEXT, value TEXT, revision INTEGER, PRIMARY KEY (assessment_id, question)) WITHOUT ROWID`); err != nil {
		return 0, err
	}
	stmt, err := db.PrepareContext(ctx,
		`INSERT INTO answers VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, revision = excluded.revision`)
	if err != nil {
		return 0, err
	}
	if group > 1 {
		return grouped(ctx, db, stmt, group)
	}
	var done atomic.Int64
	errs := make([]error, savers)
	start := time.Now()
	var wg sync.WaitGroup
	for i := range savers {
		wg.Go(func() {
			for n := 0; time.Since(start) < saveDuring && errs[i] == nil; n++ {
				_, errs[i] = stmt.ExecContext(ctx, i, fmt.Sprintf("question-%d", n%50),
					fmt.Sprintf(`["option-%d"]`, n%2), n)
				done.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(done.Load()) / time.Since(start).Seconds(), errors.Join(errs...)
}

func grouped(ctx context.Context, db *sql.DB, stmt *sql.Stmt, group int) (float64, error) {
	done := 0
	start := time.Now()
	for time.Since(start) < saveDuring {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return 0, err
		}
		in := tx.StmtContext(ctx, stmt)
		for i := range group {
			if _, err := in.ExecContext(ctx, i, fmt.Sprintf("question-%d", done/group%50),
				fmt.Sprintf(`["option-%d"]`, done/group%2), done); err != nil {
				return 0, errors.Join(err, tx.Rollback())
			}
		}
		if err := tx.Commit(); err != nil {
			return 0, err
		}
		done += group
	}
	return float64(done) / time.Since(start).Seconds(), nil
}
