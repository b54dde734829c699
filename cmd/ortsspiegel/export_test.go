package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
)

// submitted returns the lead of a town that has submitted in the open round, and the assessment.
func submitted(t testing.TB, f filled) (demoUser, assessment.ID) {
	t.Helper()
	s := f.open(t)
	defer s.Close()
	for _, u := range f.Users {
		if u.Role != account.TownLead {
			continue
		}
		heads, err := s.HeadsOfTown(t.Context(), u.AGS)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range heads {
			if h.Round == int64(f.Rounds[0].ID) && h.Status == assessment.Submitted {
				return u, h.ID
			}
		}
	}
	t.Fatal("nobody has submitted")
	return demoUser{}, 0
}

func TestExport(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 38)
	lead, id := submitted(t, f)
	s := startServer(t, f.dir)
	agency, town := s.signIn(t, "agentur@demo.example", f.password), s.signIn(t, lead.Email, f.password)
	round := fmt.Sprint(f.Rounds[0].ID)
	for _, c := range []struct {
		name, ending, web string
		who               *visitor
		what              []string
	}{
		{"town", ".xlsx", fmt.Sprintf("/assessments/%d/export.xlsx", id), town, []string{"--ags", string(lead.AGS)}},
		{"town", ".csv", fmt.Sprintf("/assessments/%d/export.csv", id), town, []string{"--ags", string(lead.AGS)}},
		{"region", ".xlsx", "/rounds/" + round + "/export.xlsx", agency, []string{"--region"}},
		{"region", ".csv", "/rounds/" + round + "/export.csv", agency, []string{"--region"}},
	} {
		file := filepath.Join(t.TempDir(), c.name+c.ending)
		args := append([]string{"export", "--data", f.dir, "--round", round, "--out", file}, c.what...)
		command(t, args...).wants(t, 0, file)
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		command(t, args...).wants(t, 1, file, "exists already")
		r := c.who.get(t, c.web)
		if r.status != http.StatusOK || !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment") ||
			r.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: status %d, %v", c.web, r.status, r.header)
			continue
		}
		if c.ending == ".csv" {
			if r.body != string(raw) {
				t.Errorf("%s: page and command differ: %d and %d bytes", c.web, len(r.body), len(raw))
			}
			machineReadable(t, raw)
			continue
		}
		sameBook(t, c.web, []byte(r.body), raw)
	}
}

// machineReadable checks the form of our CSV: byte order mark, semicolons, CRLF, the same width,
// and no cell that is a formula.
func machineReadable(t testing.TB, raw []byte) {
	t.Helper()
	text, ok := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf"))
	if !ok || !bytes.HasSuffix(raw, []byte("\r\n")) {
		t.Error("no byte order mark, or no CRLF at the end")
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil || len(rows) < 10 || len(rows[0]) < 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
				t.Errorf("a formula: %.60q", cell)
			}
		}
	}
}

// clocks are the times at which reports were made.
var clocks = regexp.MustCompile(`\b\d\d:\d\d\b`)

// sameBook compares the cells of two workbooks; their times of making differ.
func sameBook(t testing.TB, name string, a, b []byte) {
	t.Helper()
	read := func(raw []byte) *excelize.File {
		f, err := excelize.OpenReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return f
	}
	one, other := read(a), read(b)
	defer one.Close()
	defer other.Close()
	if fmt.Sprint(one.GetSheetList()) != fmt.Sprint(other.GetSheetList()) {
		t.Errorf("%s: sheets %v and %v", name, one.GetSheetList(), other.GetSheetList())
	}
	for _, sheet := range one.GetSheetList() {
		rows, err := one.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		others, err := other.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != len(others) {
			t.Errorf("%s: the sheet %s has %d and %d rows", name, sheet, len(rows), len(others))
			continue
		}
		for i := range rows {
			a, b := clocks.ReplaceAllString(fmt.Sprint(rows[i]), "hh:mm"),
				clocks.ReplaceAllString(fmt.Sprint(others[i]), "hh:mm")
			if a != b {
				t.Errorf("%s: row %d of the sheet %s differs: %.300s and %.300s", name, i+1, sheet, a, b)
			}
		}
	}
}

func TestExportRefuses(t *testing.T) {
	f := fillDemo(t, 0)
	dir := t.TempDir()
	out := filepath.Join(dir, "bericht.xlsx")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--round", "2", "--out", out}, 2, "--ags or --region"},
		{[]string{"--round", "2", "--out", out, "--ags", "05958004", "--region"}, 2, "--region"},
		{[]string{"--round", "2", "--out", out, "--region", "--checklists", dir}, 1, "no checklist is published here"},
		{[]string{"--round", "99", "--out", out, "--region"}, 1, "--round: there is no round 99"},
		{[]string{"--round", "zwei", "--out", out, "--region"}, 2, "--round"},
		{[]string{"--round", "2", "--out", filepath.Join(dir, "bericht.pdf"), "--region"}, 2, ".xlsx or .csv"},
		{[]string{"--round", "2", "--out", out, "--region", "--lang", "fr"}, 2, "de"},
		{[]string{"--round", "99", "--out", out, "--region"}, 1, "99"},
		{[]string{"--round", "-1", "--out", out, "--region"}, 2, "-1"},
		{[]string{"--round", "2", "--out", out, "--ags", "09162000"}, 1, "09162000"},
		{[]string{"--round", "2", "--out", out, "--ags", "5958004"}, 1, "5958004"},
		{[]string{"--round", "2", "--out", filepath.Join(dir, "gone", "bericht.xlsx"), "--region"}, 1, "gone"},
	} {
		o := command(t, append([]string{"export", "--data", f.dir}, c.args...)...)
		if o.code != c.code || !strings.Contains(o.err, c.says) {
			t.Errorf("%v: exit code %d, stderr %q; want %d and %q", c.args, o.code, o.err, c.code, c.says)
		}
	}
	command(t, "export", "--data", filepath.Join(dir, "gone"), "--round", "2", "--region", "--out", out).wants(t, 1,
		"no database")
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("refused exports left %v, %v", left, err)
	}
}
