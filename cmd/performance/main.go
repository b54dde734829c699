package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"ortsspiegel/pkg/round"
)

// atMost bounds the whole run; wholeAtMost one with the whole crowd.
const (
	atMost      = 8 * time.Minute
	wholeAtMost = 25 * time.Minute
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "performance:", err)
		os.Exit(1)
	}
}

// meter is one run: what it measures with, and the rows it has so far.
type meter struct {
	ctx    context.Context
	binary string // the built program
	self   string // this program, for the children
	dir    string // removed at the end
	people crowd

	environment []string // more of it for the next children
	say         func(format string, args ...any)
	report      results

	filledRounds []round.ID // see filled
}

// part is what can be measured alone.
type part struct {
	name string
	run  func() error
}

func (b *meter) parts() []part {
	return []part{
		{"weight", b.weight},
		{"served", b.served}, {"crowd", b.crowd}, {"rounds", b.rounds}, {"dryrun", b.dryRun}, {"books", b.books},
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("performance", flag.ContinueOnError)
	flags.SetOutput(stderr)
	binary := flags.String("binary", "bin/ortsspiegel", "the built program")
	asJSON := flags.Bool("json", false, "print JSON instead of a table")
	only := flags.String("only", "", "a pattern: the parts to measure (weight, served, crowd, rounds, dryrun, books)")
	whole := flags.Bool("whole", false, "let 1 000 people ask 68 000 times instead of the smaller crowd")
	child := flags.String("child", "", "for internal use: be a limit or a part of the program")
	where := flags.String("dir", "", "where to put the databases; saves are only as durable as this disk "+
		"(default: the system's temporary folder)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *child != "" {
		return beChild(ctx, *child, flags.Args(), stdout)
	}
	b := &meter{people: smallCrowd, say: func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }}
	within := atMost
	if *whole {
		b.people, within = wholeCrowd, wholeAtMost
	}
	parts, err := choose(b.parts(), *only)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	b.ctx = ctx
	if b.binary, err = filepath.Abs(*binary); err != nil {
		return err
	}
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp(*where, "ortsspiegel-performance-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	b.report.begin()
	failed := b.measure(parts)
	b.report.end()
	if *asJSON {
		err = b.report.json(stdout)
	} else {
		err = b.report.table(stdout)
	}
	return errors.Join(failed, err)
}

// choose returns the parts that a pattern names; one that names none is an error, so that
// nobody takes an empty table for a run without a fault.
func choose(parts []part, pattern string) (chosen []part, err error) {
	only, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("-only: %w", err)
	}
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
		if only.MatchString(p.name) {
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("nothing is measured: -only %q names none of %s", pattern, strings.Join(names, ", "))
	}
	return chosen, nil
}

// measure measures part after part; one that fails does not keep the others from being measured.
// The error names every part that failed or gave no row, and every row without a figure.
func (b *meter) measure(parts []part) error {
	var errs []error
	for _, p := range parts {
		b.say("measuring %s ...", p.name)
		before, start := len(b.report.Rows), time.Now()
		err := p.run()
		if err == nil && len(b.report.Rows) == before {
			err = errors.New("measured nothing")
		}
		b.say("  %s took %s", p.name, figure(time.Since(start).Seconds(), seconds))
		for _, r := range b.report.Rows[before:] {
			if r.Unmeasured != "" {
				err = errors.Join(err, fmt.Errorf("%q was not measured: %s", r.Measure, r.Unmeasured))
			}
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", p.name, err))
		}
	}
	return errors.Join(errs...)
}
