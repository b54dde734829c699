package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// traced lets a Go program write a line on stderr after every collection.
const traced = "GODEBUG=gctrace=1"

// holds is what the resident memory of a Go program is made of, in bytes.
type holds struct {
	live  int64 // objects that the last collection found in use
	heap  int64 // all of the Go heap, with what is free or not collected yet
	files int64 // pages of files: the program itself, the database's shared memory
	other int64 // outside of the heap: SQLite's own memory, stacks' and the runtime's books
}

// holds looks at a running child that was started with traced.
func (c *child) holds() (h holds, err error) {
	pid := c.cmd.Process.Pid
	maps, err := os.Open(fmt.Sprintf("/proc/%d/smaps", pid))
	if err != nil {
		return h, err
	}
	if h, err = readMaps(maps); err != nil {
		return h, errors.Join(err, maps.Close())
	}
	log, err := os.Open(c.errors)
	if err != nil {
		return h, errors.Join(err, maps.Close())
	}
	h.live, err = lastLive(log)
	return h, errors.Join(err, log.Close(), maps.Close())
}

// The Go runtime places its heap by chance, but always above what a program is loaded to and below
// where the system puts what is asked for without an address, on 64 bit systems.
const (
	heapBegins = 1 << 32
	heapEnds   = 0x7e << 40
)

var mapping = regexp.MustCompile(`^([0-9a-f]+)-[0-9a-f]+ \S+ \S+ \S+ (\d+)`)

// readMaps adds up the resident pages of smaps by what they are.
func readMaps(in io.Reader) (h holds, err error) {
	lines := bufio.NewScanner(in)
	to := &h.other
	for lines.Scan() {
		if m := mapping.FindStringSubmatch(lines.Text()); m != nil {
			begins, err := strconv.ParseInt(m[1], 16, 64)
			switch {
			case err != nil: // above what a program can have: the system's
				to = &h.other
			case m[2] != "0": // an inode
				to = &h.files
			case begins >= heapBegins && begins < heapEnds:
				to = &h.heap
			default:
				to = &h.other
			}
			continue
		}
		rest, ok := strings.CutPrefix(lines.Text(), "Rss:")
		if !ok {
			continue
		}
		kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
		if err != nil {
			return holds{}, fmt.Errorf("resident memory: %w", err)
		}
		*to += kb << 10
	}
	if h.heap == 0 && lines.Err() == nil {
		return holds{}, errors.New("resident memory: no Go heap is among the mappings")
	}
	return h, lines.Err()
}

var collection = regexp.MustCompile(`^gc \d+ @.* (\d+)->(\d+)->(\d+) MB`)

// lastLive returns what the last collection in a log left, in bytes.
func lastLive(log io.Reader) (int64, error) {
	live := int64(-1)
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if m := collection.FindStringSubmatch(lines.Text()); m != nil {
			mb, err := strconv.ParseInt(m[3], 10, 64)
			if err != nil {
				return 0, err
			}
			live = mb << 20
		}
	}
	if live < 0 && lines.Err() == nil {
		return 0, errors.New("the log has no collection")
	}
	return max(live, 0), lines.Err()
}

// rows say what holds the memory.
func (h holds) rows(when string) []row {
	mb := func(what string, bytes int64, n string) row {
		return row{Measure: when + ": " + what, Unit: megabytes, Program: float64(bytes) / 1e6, N: n}
	}
	return []row{
		mb("objects in use", h.live, "after the last collection: caches, templates, texts, checklists"),
		mb("rest of the Go heap", max(h.heap-h.live, 1), "free, or not collected yet"),
		mb("outside of the heap", h.other, "SQLite's pages and statements, stacks, the runtime's books"),
		mb("pages of files", h.files, "the program itself, the database's shared memory"),
	}
}
