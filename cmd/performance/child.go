package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	startWithin = 30 * time.Second // a child that serves may take to say where
	stopWithin  = 20 * time.Second // a child may take to finish after it was asked to
)

// child is a process that is measured.
type child struct {
	cmd    *exec.Cmd
	out    *bufio.Reader
	errors string // the file that takes its stderr
}

// start runs a program, with more in its environment if b says so. What it writes to stderr goes to a file, as a
// server's log does.
func (b *meter) start(program string, args ...string) (*child, error) {
	log, err := os.CreateTemp(b.dir, "stderr-")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	c := &child{cmd: exec.CommandContext(b.ctx, program, args...), errors: log.Name()}
	c.cmd.Stderr = log
	c.cmd.Env = append(os.Environ(), b.environment...)
	c.cmd.Cancel = func() error { return c.cmd.Process.Signal(syscall.SIGTERM) }
	c.cmd.WaitDelay = stopWithin
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	return c, nil
}

// listening starts something that serves and returns its address, from the first line of its output.
// What says none in time is ended, and an error with the last lines of its stderr.
func (b *meter) listening(program string, args ...string) (*child, string, error) {
	return b.listeningWithin(startWithin, program, args...)
}

func (b *meter) listeningWithin(within time.Duration, program string, args ...string) (*child, string, error) {
	c, err := b.start(program, args...)
	if err != nil {
		return nil, "", err
	}
	var first struct {
		Listening string `json:"listening"`
	}
	var late atomic.Bool
	kill := time.AfterFunc(within, func() { late.Store(true); _ = c.cmd.Process.Kill() })
	line, err := c.out.ReadBytes('\n')
	kill.Stop()
	if late.Load() {
		err = fmt.Errorf("nothing said within %s", within)
	}
	if err == nil {
		err = json.Unmarshal(line, &first)
	}
	if err == nil && first.Listening == "" {
		err = fmt.Errorf("it said %q", bytes.TrimSpace(line))
	}
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("%s did not start: %w", filepath.Base(program), err), c.stop())
	}
	return c, strings.TrimPrefix(first.Listening, "http://"), nil
}

// told is what a child of this program prints.
type told struct {
	Answer json.RawMessage `json:"answer"`
	Peak   int64           `json:"peak"` // its resident memory at most, in bytes
}

// result runs a child of this program to its end and reads what it tells.
func (b *meter) result(into any, name string, args ...string) (peak int64, err error) {
	var t told
	if err := b.output(&t, b.self, append([]string{"-child", name}, args...)...); err != nil {
		return 0, err
	}
	return t.Peak, json.Unmarshal(t.Answer, into)
}

// output runs a program to its end and reads the JSON it prints, if into is not nil.
func (b *meter) output(into any, program string, args ...string) error {
	c, err := b.start(program, args...)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(c.out)
	if err := errors.Join(err, c.wait()); err != nil || into == nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(c.cmd.Args, " "), err)
	}
	return nil
}

// stop asks the child to finish, as an operator would, and waits for it.
func (c *child) stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	kill := time.AfterFunc(stopWithin, func() { _ = c.cmd.Process.Kill() })
	defer kill.Stop()
	return c.wait()
}

func (c *child) wait() error {
	err := c.cmd.Wait()
	if exit := new(exec.ExitError); errors.As(err, &exit) && exit.ExitCode() == -1 &&
		c.cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() == syscall.SIGTERM {
		err = nil // the limits do not catch the signal
	}
	if err == nil {
		return nil
	}
	text, _ := os.ReadFile(c.errors)
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return fmt.Errorf("%s: %w: %s", strings.Join(c.cmd.Args, " "), err, bytes.Join(lines[max(0, len(lines)-3):],
		[]byte(" | ")))
}

// peak returns the most resident memory in bytes that a running child has had.
func (c *child) peak() int64 { return peakOf(c.cmd.Process.Pid) }

// residentOf returns the resident memory in bytes that a process has now; 0 where the system does not tell.
func residentOf(pid int) int64 { return memoryOf(pid, "VmRSS:") }

// peakOf is 0 where the system does not tell. A process's own usage would do, if it did not
// begin with that of the process that started it.
func peakOf(pid int) int64 { return memoryOf(pid, "VmHWM:") }

func memoryOf(pid int, line string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(l, line); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err != nil {
				return 0
			}
			return kb << 10
		}
	}
	return 0
}

// beChild is what this program does as a child of itself.
func beChild(ctx context.Context, name string, args []string, stdout io.Writer) error {
	var answer any
	var err error
	switch name {
	case "bare":
		return bare(ctx, args, stdout)
	case "statements":
		answer, err = statements(ctx, args)
	case "live":
		answer, err = live(ctx, args)
	case "dryrun":
		answer, err = dryRunOnce(ctx, args)
	case "answers":
		answer, err = plainAnswers(ctx, args)
	case "region":
		answer, err = writeRegion(ctx, args)
	case "raw":
		answer, err = writeRaw(ctx, args)
	case "analysis":
		answer, err = writeAnalysis(ctx, args)
	case "form":
		answer, err = formThereAndBack(ctx, args)
	case "stream":
		answer, err = plainBook(args, streamRows)
	case "cells":
		answer, err = plainBook(args, setCells)
	default:
		return fmt.Errorf("there is no child %q", name)
	}
	if err != nil {
		return err
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(told{text, peakOf(os.Getpid())})
}
