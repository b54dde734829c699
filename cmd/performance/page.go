package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"
)

const (
	pageTurns  = 7
	pageDuring = 500 * time.Millisecond
	pageTowns  = 8 // whose leads look at all of their sections in turn
)

// sectionPage measures the pages of the draft with the most answers and of some others: all
// sections, one after the other.
func (b *meter) sectionPage(s *server, f *demoFolder) error {
	plain, packed := &pageSet{}, &pageSet{encoding: "gzip"}
	for _, draft := range f.drafts[:min(pageTowns, len(f.drafts))] {
		cookie, err := s.signIn(f.leads[draft.Town.AGS])
		if err != nil {
			return err
		}
		for i := range f.definition.Sections {
			path := fmt.Sprintf("/assessments/%d/sections/%s", draft.Assessment, f.definition.Sections[i].ID)
			plain.requests = append(plain.requests, s.get(path, cookie, plain.encoding))
			packed.requests = append(packed.requests, s.get(path, cookie, packed.encoding))
		}
	}
	if err := b.firstRender(s, plain.requests); err != nil {
		return err
	}
	c, err := dial(s.address)
	if err != nil {
		return err
	}
	defer c.Close()
	var recordings []recording
	for _, set := range []*pageSet{plain, packed} {
		list, err := set.record(c, len(recordings))
		if err != nil {
			return err
		}
		recordings = append(recordings, list...)
	}
	limit, address, err := b.bareServer(recordings...)
	if err != nil {
		return err
	}
	for _, v := range []struct {
		what  string
		set   *pageSet
		conns int
		least float64 // share of the bare handler's; 0: nothing is asked for
	}{{"section page", plain, 1, 0.35}, {"section page", plain, 8, 0.3}, {"section page, gzip", packed, 8, 0}} {
		figures, err := v.set.rates(s.address, address, v.conns)
		if err != nil {
			return errors.Join(err, limit.stop())
		}
		r := row{Measure: v.what, Unit: perSecond, Program: median(figures[0]),
			N: fmt.Sprintf("%d pages in turn, %d kB on average; %d connections", len(v.set.requests),
				v.set.bytes/len(v.set.requests)/1000, v.conns)}
		r = r.against("net/http writing the same bytes", median(figures[1]),
			ratios(figures[0], figures[1])...).peaks(s.peak(), limit.peak())
		if v.least > 0 {
			r = r.want(fmt.Sprintf("≥ %g", v.least), *r.Ratio >= v.least)
		}
		b.report.add(r)
	}
	return limit.stop()
}

// pageSet are pages that are asked for in turn, of the program and of the bare handler.
type pageSet struct {
	encoding         string
	requests, copied [][]byte
	bytes            int
}

// record keeps all pages; they are the bare handler's from the given place on.
func (p *pageSet) record(c *conn, place int) (list []recording, err error) {
	for i, request := range p.requests {
		r, err := record(c, request)
		if err != nil {
			return nil, err
		}
		list, p.bytes = append(list, r), p.bytes+len(r.Body)
		p.copied = append(p.copied, to(place+i, request))
	}
	return list, nil
}

func (p *pageSet) rates(program, limit string, n int) ([][]float64, error) {
	a, err := dials(program, n)
	if err != nil {
		return nil, err
	}
	z, err := dials(limit, n)
	defer hangUp(a, z)
	if err != nil {
		return nil, err
	}
	again := func(list []*conn, requests [][]byte) func() (float64, error) {
		next := make([]int, n)
		for i := range next {
			next[i] = i * len(requests) / n
		}
		return func() (float64, error) {
			return rate(list, pageDuring, func(i int, c *conn) error {
				status, err := c.do(requests[next[i]], nil)
				next[i] = (next[i] + 1) % len(requests)
				if err == nil && status != http.StatusOK {
					err = fmt.Errorf("a page answered %d", status)
				}
				return err
			})
		}
	}
	ours, theirs := again(a, p.requests), again(z, p.copied)
	if _, err := turns(1, ours, theirs); err != nil { // warm up
		return nil, err
	}
	return turns(pageTurns, ours, theirs)
}

// firstRender measures pages that nobody has asked for since the start.
func (b *meter) firstRender(s *server, pages [][]byte) error {
	c, err := dial(s.address)
	if err != nil {
		return err
	}
	defer c.Close()
	var took []float64
	for _, request := range pages {
		start := time.Now()
		if _, err := c.fetch(request); err != nil {
			return err
		}
		took = append(took, time.Since(start).Seconds())
	}
	b.report.add(
		row{Measure: "section page, the very first", Unit: seconds, Program: took[0],
			N: "nothing in memory yet, 1 connection"},
		row{Measure: "section page, each for the first time", Unit: seconds, Program: median(took[1:]),
			N: fmt.Sprintf("%d pages, 1 connection", len(took)-1)})
	return nil
}

var (
	linked = regexp.MustCompile(`(?:href|src)="(/[^"]+\.(?:css|js|svg|woff2|png|ico)[^"]*)"`)
	inCSS  = regexp.MustCompile(`url\(["']?((?:/|\./)?[^"')]+\.(?:woff2|svg|png))["']?\)`)
)

// firstPage adds up what a browser transfers for the start page: the page, what it links to, and
// every font and picture that the style sheets name, whether it is used or not.
func (b *meter) firstPage(s *server) error {
	c, err := dial(s.address)
	if err != nil {
		return err
	}
	defer c.Close()
	sizes := map[string]int64{}
	get := func(file, encoding string) ([]byte, error) {
		before := c.read
		body, err := c.fetch(s.get(file, "", encoding))
		if encoding != "" {
			sizes[file] = c.read - before
		}
		return bytes.Clone(body), err
	}
	todo := []string{"/"}
	for len(todo) > 0 {
		file := todo[0]
		todo = todo[1:]
		if _, known := sizes[file]; known {
			continue
		}
		if _, err := get(file, "gzip"); err != nil {
			return err
		}
		text, err := get(file, "")
		if err != nil {
			return err
		}
		switch {
		case file == "/":
			for _, m := range linked.FindAllSubmatch(text, -1) {
				todo = append(todo, string(m[1]))
			}
		case strings.Contains(file, ".css"):
			for _, m := range inCSS.FindAllSubmatch(text, -1) {
				todo = append(todo, beside(file, string(m[1])))
			}
		}
	}
	var sum int64
	for _, n := range sizes {
		sum += n
	}
	b.report.add(row{Measure: "first page without charts, transferred", Unit: kilobytes, Program: float64(sum) / 1000,
		N: fmt.Sprintf("%d files, gzip, with headers", len(sizes))}.
		want("< 150 kB", sum < 150_000))
	return nil
}

// beside resolves an address in a file against the file's own.
func beside(file, address string) string {
	if strings.HasPrefix(address, "/") {
		return address
	}
	return path.Join(path.Dir(file), address)
}
