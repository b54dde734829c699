package testkit

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Need ends a test that lacks something on this machine: what is missing and, where it can be had,
// how. In CI that is a failure; elsewhere the test is skipped and named at the end of `make test`.
func Need(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("this test needs %s", what)
	}
	skip(t, "needs "+what)
}

// Shared returns the path of a file of the project's data folder. It lies beside the checkout and not
// in it, so it is absent for most people, and the test is skipped for them, in their CI too.
func Shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(Root(), "..", "shared", "data", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		skip(t, "needs the data folder beside the checkout, which is only there where the project is developed: "+name)
	}
	return path
}

// Only leaves a test to a target of the Makefile that sets a variable of the environment, and
// returns the variable's value. That the test does not run otherwise is no gap.
func Only(t testing.TB, variable, target string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Skipf("runs with %s set, as `make %s` does", variable, target)
	}
	return value
}

// Long leaves a test out of `go test -short`.
func Long(t testing.TB, why string) {
	t.Helper()
	if testing.Short() {
		t.Skip(why)
	}
}

// skip notes a skipped test in the file that SKIPPED_LIST names, which `make test` prints.
func skip(t testing.TB, why string) {
	t.Helper()
	if list := os.Getenv("SKIPPED_LIST"); list != "" {
		f, err := os.OpenFile(list, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		_, err = fmt.Fprintf(f, "%s: %s\n", t.Name(), why)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	t.Skip(why)
}

var update = flag.Bool("update", false, "write the golden files anew")

// Golden compares what a test got with a golden file of its package; `go test -update` writes the file.
func Golden(t testing.TB, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (make golden writes it anew; look at the difference before committing); got\n%s", name,
			got)
	}
}

// GoldenPart compares what a test got with the part of a file between two marks, lines of their own;
// `go test -update` writes it.
func GoldenPart(t testing.TB, name, begin, end, got string) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, begun := strings.Cut(string(raw), begin)
	_, tail, ended := strings.Cut(rest, end)
	if !begun || !ended {
		t.Fatalf("%s has no part between %q and %q", name, begin, end)
	}
	Golden(t, name, []byte(head+begin+got+end+tail))
}
