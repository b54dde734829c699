package main

import (
	"path/filepath"
	"strings"
	"testing"
)

type lintLine struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Message  string `json:"message"`
}

func TestLintOfOurChecklists(t *testing.T) {
	if o := command(t, "lint", "--json", welcome, services).wants(t, 0); o.out != "[]\n" || o.err != "" {
		t.Errorf("stdout %q, stderr %q", o.out, o.err)
	}
	if o := command(t, "lint", welcome, services).wants(t, 0); o.out != "" {
		t.Errorf("stdout %q", o.out)
	}
}

const smallSheet = `id: klein
version: 1.0.0
kind: assessment
languages: [de]
title: {de: Klein}
levels: [{id: alle, from: 0, label: {de: alle}}]
sections:
  - id: a
    title: {de: A}
    weight: 1
    questions:
      - {id: a1, text: {de: Frage}, type: choice, options: [{id: nein, points: 0, label: {de: nein}}, {id: ja, points: 100, label: {de: ja}}]}
`

func TestLintTellsAllProblems(t *testing.T) {
	dir := t.TempDir()
	bad := strings.Replace(smallSheet, "weight: 1", "weight: 0\n    wieght: 1", 1)
	bad = strings.Replace(bad, "points: 100", "points: 101", 1)
	file := write(t, bad, dir, "checklists", "klein", "1.0.0.yaml")
	gone := filepath.Join(dir, "gone.yaml")

	o := command(t, "lint", "--json", file, gone).wants(t, 1)
	var problems []lintLine
	decode(t, o.out, &problems)
	if len(problems) < 4 || o.err != "" {
		t.Fatalf("problems %+v, stderr %q", problems, o.err)
	}
	codes := map[string]lintLine{}
	for i, p := range problems {
		if p.File == "" || p.Line < 1 || p.Column < 1 || p.Code == "" || p.Message == "" ||
			(p.Severity != "error" && p.Severity != "warning") {
			t.Errorf("incomplete: %+v", p)
		}
		if i > 0 && p.File == problems[i-1].File && p.Line < problems[i-1].Line {
			t.Errorf("not in the order of the lines: %+v", problems)
		}
		codes[p.Code] = p
	}
	if p := codes["unknown_key"]; p.Line != 11 || p.Column != 5 || p.File != file ||
		!strings.Contains(p.Message, "wieght") {
		t.Errorf("unknown key: %+v", p)
	}
	if p := codes["unreadable"]; p.File != gone || p.Line != 1 {
		t.Errorf("missing file: %+v", p)
	}
	command(t, "lint", file, gone).wants(t, 1, file+":11:5: error: ", gone+":1:1: error: ")
}

// Warnings alone are no failure; a file name that does not fit is an error only among checklists.
func TestLintWarningsAreZero(t *testing.T) {
	file := write(t, "\ufeff"+smallSheet, t.TempDir(), "anders.yaml")
	o := command(t, "lint", "--json", file).wants(t, 0)
	var problems []lintLine
	decode(t, o.out, &problems)
	if len(problems) < 2 {
		t.Errorf("problems %+v", problems)
	}
	for _, p := range problems {
		if p.Severity != "warning" {
			t.Errorf("%+v", p)
		}
	}
	among := write(t, smallSheet, t.TempDir(), "checklists", "anders", "1.0.0.yaml")
	command(t, "lint", among).wants(t, 1, "klein", "anders")
}
