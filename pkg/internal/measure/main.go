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
	"syscall"
	"time"

	"ortsspiegel/pkg/round"
)

// atMost bounds the whole run.
const atMost = 8 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		cancel()
		os.Exit(1)
	}
}

// meter is one run: what it measures with, and the rows it has so far.
type meter struct {
	ctx    context.Context
	binary string // the built program
	self   string // this program, for the children
	dir    string // removed at the end
	only   *regexp.Regexp
	say    func(format string, args ...any)
	report report

	filledRounds []round.ID // see filled
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("measure", flag.ContinueOnError)
	flags.SetOutput(stderr)
	binary := flags.String("binary", "bin/ortsspiegel", "the built program")
	asJSON := flags.Bool("json", false, "print JSON instead of a table")
	only := flags.String("only", "", "a pattern: the parts to measure (served, crowd, rounds, dryrun, books)")
	child := flags.String("child", "", "for internal use: be a limit or a part of the program")
	where := flags.String("dir", "", "where to put the databases; saves are only as durable as this disk (default: the system's temporary folder)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *child != "" {
		return beChild(ctx, *child, flags.Args(), stdout)
	}
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	b := &meter{ctx: ctx, only: pattern, say: func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }}
	if b.binary, err = filepath.Abs(*binary); err != nil {
		return err
	}
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp(*where, "ortsspiegel-measure-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	b.report.begin()
	failed := b.all()
	b.report.end()
	if *asJSON {
		err = b.report.json(stdout)
	} else {
		err = b.report.table(stdout)
	}
	return errors.Join(failed, err)
}

// all measures part after part; one that fails does not keep the others from being measured.
func (b *meter) all() error {
	var errs []error
	for _, part := range []struct {
		name string
		run  func() error
	}{{"served", b.served}, {"crowd", b.crowd}, {"rounds", b.rounds}, {"dryrun", b.dryRun}, {"books", b.books}} {
		if !b.only.MatchString(part.name) {
			continue
		}
		b.say("measuring %s ...", part.name)
		if err := part.run(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", part.name, err))
		}
	}
	return errors.Join(errs...)
}
