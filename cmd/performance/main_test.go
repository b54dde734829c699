package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test's own program be the children, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-child" {
		if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// setup is a meter that measures nothing yet.
func setup(t *testing.T) *meter {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b := &meter{ctx: t.Context(), binary: self, self: self, dir: t.TempDir(), people: smallCrowd, say: t.Logf}
	b.report.begin()
	return b
}

// program writes a shell script that stands for the built program.
func program(t *testing.T, script string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return name
}

func wants(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one that says %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q does not say %q", err, p)
		}
	}
}

func TestPatternThatNamesNoPart(t *testing.T) {
	var out, errs strings.Builder
	err := run(t.Context(), []string{"-only", "bokks"}, &out, &errs)
	wants(t, err, "nothing is measured", `"bokks"`, "served", "books")
	if out.Len() > 0 {
		t.Errorf("a table was printed: %s", out.String())
	}
	wants(t, run(t.Context(), []string{"-only", "("}, &out, &errs), "-only")
	for pattern, want := range map[string]string{
		"": "weight served crowd rounds dryrun books", "^d": "dryrun", "r": "served crowd rounds dryrun",
	} {
		parts, err := choose(setup(t).parts(), pattern)
		var names []string
		for _, p := range parts {
			names = append(names, p.name)
		}
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("-only %q: %s, %v, want %s", pattern, got, err, want)
		}
	}
}

func TestProgramThatDoesNotStart(t *testing.T) {
	for script, said := range map[string]string{
		"echo the disk is full >&2; exit 3": "the disk is full",
		"echo good morning":                 "invalid character",
		"echo '{}'":                         "it said",
	} {
		b := setup(t)
		b.binary = program(t, script)
		s, err := b.serve(t.TempDir())
		wants(t, err, "program did not start", said)
		if s != nil {
			t.Errorf("%s: a server is returned beside the error", script)
		}
	}
	_, _, err := setup(t).listeningWithin(50*time.Millisecond, program(t, "exec sleep 60"))
	wants(t, err, "program did not start", "nothing said within 50ms")

	var out, errs strings.Builder
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	err = run(t.Context(), []string{"-only", "served", "-dir", t.TempDir(), "-binary", nowhere}, &out, &errs)
	wants(t, err, "served:", "nowhere")
	if !strings.Contains(out.String(), "NOTHING WAS MEASURED") {
		t.Errorf("the table does not say that it is empty:\n%s", out.String())
	}
}

// A part without a row and a row without a figure are errors, and keep no other part from being measured.
func TestPartsWithoutFigures(t *testing.T) {
	b := setup(t)
	zero, none := 0.0, math.NaN()
	err := b.measure([]part{
		{"silent", func() error { return nil }},
		{"broken", func() error { return errors.New("the database is gone") }},
		{"hollow", func() error {
			b.report.add(row{Measure: "no sample", Unit: seconds, Program: median(nil), Target: "< 1 s"},
				row{Measure: "never", Unit: perSecond, Program: 0},
				row{Measure: "no limit", Unit: perSecond, Program: 5}.against("nothing", zero),
				row{Measure: "no ratio", Unit: perSecond, Program: 5}.against("something", 10, none).want("≥ 0", true))
			return nil
		}},
		{"sound", func() error {
			b.report.add(row{Measure: "pages", Unit: perSecond, Program: 50}.against("bare", 200).want("≥ 0.2", true),
				row{Measure: "growth", Unit: exponent, Program: 0})
			return nil
		}},
	})
	wants(t, err, "silent: measured nothing", "broken: the database is gone",
		`hollow: "no sample" was not measured: no sample`, `"never" was not measured`,
		`"no limit" was not measured: the limit has no sample`, `"no ratio" was not measured`)
	if strings.Contains(err.Error(), "sound") {
		t.Errorf("what was measured is called a failure: %v", err)
	}
	var table strings.Builder
	if err := b.report.table(&table); err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(table.String()) {
		judged := strings.Contains(l, "reached") || strings.Contains(l, "MISSED")
		if strings.HasPrefix(l, "no ") && (judged || !strings.Contains(l, "NOT MEASURED")) {
			t.Errorf("the table claims a figure: %s", l)
		}
		if strings.HasPrefix(l, "pages") && !strings.Contains(l, "50.0 /s") {
			t.Errorf("the table lacks a figure: %s", l)
		}
	}
	var text strings.Builder
	if err := b.report.json(&text); err != nil {
		t.Fatal(err)
	}
	var rows struct {
		Rows []struct {
			Program, Limit, Ratio *float64
			Met                   *bool
			Unmeasured            string
		}
	}
	if err := json.Unmarshal([]byte(text.String()), &rows); err != nil {
		t.Fatal(err)
	}
	for i, r := range rows.Rows {
		hollow, judged := i < 4, r.Limit != nil || r.Ratio != nil || r.Met != nil
		if hollow != (r.Program == nil) || hollow != (r.Unmeasured != "") || hollow && judged {
			t.Errorf("row %d: %+v", i, r)
		}
	}
	if *rows.Rows[4].Ratio != 0.25 || *rows.Rows[4].Program != 50 {
		t.Errorf("pages: %+v", rows.Rows[4])
	}
}

// A turn that yields nothing ends the comparison instead of becoming part of a ratio.
func TestTurnsWithoutSamples(t *testing.T) {
	good := func() (float64, error) { return 2, nil }
	for _, v := range []float64{0, math.NaN(), math.Inf(1), -1} {
		_, err := turns(2, good, func() (float64, error) { return v, nil })
		wants(t, err, "turn 1 of measure 2 of 2 has no sample")
	}
	figures, err := turns(3, good, good)
	if err != nil || !slices.Equal(ratios(figures[0], figures[1]), []float64{1, 1, 1}) {
		t.Errorf("%v, %v", figures, err)
	}
	_, err = rate([]*conn{nil}, 0, func(int, *conn) error { return nil })
	wants(t, err, "1 connections did nothing")
	_, err = rate([]*conn{nil, nil}, time.Minute, func(i int, _ *conn) error {
		return fmt.Errorf("connection %d is gone", i)
	})
	wants(t, err, "connection 0 is gone", "connection 1 is gone")
	if v := quantile([]*saver{{}}, 0.5); !math.IsNaN(v) {
		t.Errorf("the median of no save is %v", v)
	}
}

func TestMedianAndNumbers(t *testing.T) {
	for _, c := range []struct {
		list []float64
		want float64
	}{{[]float64{3, 1, 2}, 2}, {[]float64{4, 1, 2, 3}, 2.5}, {[]float64{7}, 7}} {
		if got := median(c.list); got != c.want {
			t.Errorf("median of %v: %v, want %v", c.list, got, c.want)
		}
	}
	if v := median([]float64{1, math.NaN(), 3}); !math.IsNaN(v) {
		t.Errorf("the median over a turn without a figure is %v", v)
	}
	for want, got := range map[string]string{
		"1 234 567 /s": figure(1234567, perSecond), "12.3 ms": figure(0.01234, seconds),
		"45.6 µs": figure(45.6e-6, seconds),
		"2.00 s":  figure(2, seconds), "unknown s": figure(math.NaN(), seconds), "0": number(0),
		"-1 234": number(-1234),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if e := growth([]float64{1, 0, float64(sizes[2]) / float64(sizes[0])}, 0, 2); math.Abs(e-1) > 1e-9 {
		t.Errorf("what grows as the towns do has the exponent %v", e)
	}
}

// The limit is a child that answers the very bytes that were recorded, and the client counts them.
func TestBareServerAnswersWhatWasRecorded(t *testing.T) {
	page := strings.Repeat("<p>Wie viele Orte?</p>", 5_000)
	program := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/page" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Vary", "Cookie")
		_, _ = w.Write([]byte(page)) // in chunks, because it is long
	}))
	defer program.Close()
	c, err := dial(strings.TrimPrefix(program.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	request := []byte("GET /page HTTP/1.1\r\nHost: here\r\n\r\n")
	kept, err := record(c, request)
	if err != nil || string(kept.Body) != page || kept.Header.Get("Vary") != "Cookie" {
		t.Fatalf("recorded %d bytes, %v, %v", len(kept.Body), kept.Header, err)
	}
	if body, err := c.fetch(request); err != nil || string(body) != page {
		t.Fatalf("the client reads %d bytes of chunks, %v", len(body), err)
	}
	_, err = record(c, []byte("GET /elsewhere HTTP/1.1\r\nHost: here\r\n\r\n"))
	wants(t, err, "GET /elsewhere HTTP/1.1 answered 404")

	limit, address, err := setup(t).bareServer(recording{Body: []byte("other")}, kept)
	if err != nil {
		t.Fatal(err)
	}
	copied, err := dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	again, err := record(copied, to(1, request))
	if err != nil || string(again.Body) != page || again.Header.Get("Vary") != "Cookie" {
		t.Errorf("the limit answers %d bytes, %v, %v", len(again.Body), again.Header, err)
	}
	if limit.peak() == 0 {
		t.Error("the limit has no memory")
	}
	if err := limit.stop(); err != nil {
		t.Errorf("the limit does not stop: %v", err)
	}
}

func TestChildThatFails(t *testing.T) {
	b := setup(t)
	var n float64
	_, err := b.result(&n, "nobody")
	wants(t, err, `there is no child "nobody"`)
	peak, err := b.result(&n, "statements", filepath.Join(b.dir, "raw.db"), "32")
	if err != nil || n <= 0 || peak <= 0 {
		t.Errorf("prepared statements: %v/s, %d bytes, %v", n, peak, err)
	}
}
