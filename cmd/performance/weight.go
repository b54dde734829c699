package main

import (
	"errors"
	"fmt"
	"regexp"
)

// What pages may weigh over the line, in bytes.
const (
	mostFirstVisit = 110_000
	mostResult     = 60_000
)

// loaded are the files that a page asks for by itself; the scripts of charts come later, where there are some.
var loaded = regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`)

// fonts are what the style sheet asks for.
var fonts = regexp.MustCompile(`url\(["']?([^"')]+\.woff2)`)

// weight measures what comes over the line: a first visit with all that its page asks for, and a town's result without
// any script.
func (b *meter) weight() error {
	f, err := b.demo("weight")
	if err != nil {
		return err
	}
	s, err := b.serve(f.dir)
	if err != nil {
		return err
	}
	defer s.stop()
	first, page, err := s.weigh("/", "")
	if err != nil {
		return err
	}
	files := map[string]bool{}
	for _, m := range loaded.FindAllStringSubmatch(page, -1) {
		files[m[1]] = true
	}
	if len(files) < 3 {
		return fmt.Errorf("the start page asks for %d files only", len(files))
	}
	n := 1
	for file := range files {
		size, text, err := s.weigh(file, "")
		if err != nil {
			return err
		}
		first, n = first+size, n+1
		for _, m := range fonts.FindAllStringSubmatch(text, -1) {
			font := "/static/" + m[1]
			if files[font] {
				continue // it is preloaded
			}
			if size, _, err = s.weigh(font, ""); err != nil {
				return err
			}
			first, n = first+size, n+1
		}
	}
	b.report.add(row{Measure: "first visit, without charts", Unit: kilobytes, Program: float64(first) / 1000,
		N: fmt.Sprintf("%d files", n)}.want("<= 110 kB", first <= mostFirstVisit))
	draft := f.drafts[0]
	cookie, err := s.signIn(f.leads[draft.Town.AGS])
	if err != nil {
		return err
	}
	size, _, err := s.weigh(fmt.Sprintf("/assessments/%d/result", draft.Assessment), cookie)
	if err != nil {
		return err
	}
	b.report.add(row{Measure: "result page by gzip, no script", Unit: kilobytes, Program: float64(size) / 1000,
		N: "the fullest draft"}.want("<= 60 kB", size <= mostResult))
	return nil
}

// weigh returns how many bytes a body has by gzip, and the body as it is.
func (s *server) weigh(path, cookie string) (size int, text string, err error) {
	c, err := dial(s.address)
	if err != nil {
		return 0, "", err
	}
	defer c.Close()
	packed, packErr := c.fetch(s.get(path, cookie, "gzip"))
	plain, plainErr := c.fetch(s.get(path, cookie, ""))
	return len(packed), string(plain), errors.Join(packErr, plainErr)
}
