package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// golden compares with a file in testdata; UPDATE_GOLDEN=1 writes it.
func golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		write(t, got, path)
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s", name, got)
	}
}

func indented(t testing.TB, text string) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", " "); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// keysOf returns an object's keys in their order.
func keysOf(object map[string]any) string {
	return strings.Join(slices.Sorted(maps.Keys(object)), " ")
}

func TestScoreJSON(t *testing.T) {
	answers := filepath.Join("testdata", "answers.json")
	o := command(t, "score", "--checklist", welcome, "--answers", answers, "--json").wants(t, 0)
	golden(t, "score.golden.json", indented(t, o.out))
	if o.err != "" || strings.Count(o.out, "\n") != 1 {
		t.Errorf("one line of JSON is expected; stderr %q", o.err)
	}
	raw, err := os.ReadFile(answers)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--answers", "-"}, {}} {
		in := commandWith(t, string(raw), nil, append([]string{"score", "--checklist", welcome, "--json"},
			args...)...).wants(t, 0)
		if in.out != o.out {
			t.Errorf("standard input %v gives another result", args)
		}
	}
	sheet, err := os.ReadFile(welcome)
	if err != nil {
		t.Fatal(err)
	}
	if in := commandWith(t, string(sheet), nil, "score", "--checklist", "-", "--answers", answers, "--json").wants(t,
		0); in.out != o.out {
		t.Error("the checklist from standard input gives another result")
	}
	command(t, "score", "--checklist", welcome, "--answers", answers).wants(t, 0, "Welcoming newcomers 1.0.0", "8.0 %",
		"provisional", "capped", "steuerung-ansprechperson")
}

// TestScoreShape holds the promise to scripts: these keys, these types, full precision.
func TestScoreShape(t *testing.T) {
	o := command(t, "score", "--checklist", welcome, "--answers", filepath.Join("testdata", "answers.json"),
		"--json").wants(t, 0)
	var got map[string]any
	decode(t, o.out, &got)
	if k := keysOf(
		got); k != "caps checklist completeness display high level low not_applicable_share provisional score "+
		"sections version" {
		t.Errorf("keys %s", k)
	}
	states := map[string]int{}
	var total, weights, gains float64
	for _, s := range got["sections"].([]any) {
		section := s.(map[string]any)
		if k := keysOf(section); k != "high id low questions score weight" {
			t.Fatalf("keys of a section: %s", k)
		}
		weights += section["weight"].(float64)
		total += section["weight"].(float64) * section["score"].(float64)
		for _, q := range section["questions"].([]any) {
			question := q.(map[string]any)
			if k := keysOf(question); k != "gain id points state weight" {
				t.Fatalf("keys of a question: %s", k)
			}
			states[question["state"].(string)]++
			if (question["points"] == nil) != (question["gain"] == nil) {
				t.Errorf("%v: points and gain are both null or both numbers", question)
			}
			if gain, ok := question["gain"].(float64); ok {
				gains += gain
			}
			if n := question["state"]; (n == "inactive" || n == "not_applicable") && question["points"] != nil {
				t.Errorf("%v has points", question)
			}
		}
	}
	if keys := strings.Join(slices.Sorted(maps.Keys(states)), " "); keys != "answered inactive not_applicable open" {
		t.Errorf("states %s", keys)
	}
	score := got["score"].(float64)
	if math.Abs(total/weights-score) > 1e-12 || math.Abs(score+gains-1) > 1e-9 {
		t.Errorf("score %v, from its sections %v, with its levers %v", score, total/weights, score+gains)
	}
	if got["display"] != "8,0" || got["provisional"] != true || got["level"] != "einstieg" {
		t.Errorf("display %v, provisional %v, level %v", got["display"], got["provisional"], got["level"])
	}
}

// An undefined score is null, in a section and in the total.
func TestScoreUndefinedIsNull(t *testing.T) {
	sheet := write(t, `id: leer
version: 1.0.0
kind: assessment
languages: [de]
title: {de: Nur was entfallen kann}
levels: [{id: alle, from: 0, label: {de: alle}}]
sections:
  - id: a
    title: {de: A}
    weight: 1
    questions:
      - {id: a1, text: {de: Frage}, type: choice, not_applicable: true, options: [{id: nein, points: 0, label: {de: nein}}, {id: ja, points: 100, label: {de: ja}}]}
`, t.TempDir(), "leer.yaml")
	na := `{"answers":{"a1":{"not_applicable":"das gibt es hier nicht"}}}`
	o := commandWith(t, na, nil, "score", "--checklist", sheet, "--json").wants(t, 0)
	var got map[string]any
	decode(t, o.out, &got)
	for _, key := range []string{"score", "low", "high", "display"} {
		if v, ok := got[key]; !ok || v != nil {
			t.Errorf("%s is %v, not null", key, v)
		}
	}
	section := got["sections"].([]any)[0].(map[string]any)
	if section["score"] != nil || section["low"] != nil || section["high"] != nil || got["completeness"] != 1.0 ||
		got["not_applicable_share"] != 1.0 {
		t.Errorf("got %s", o.out)
	}
	if caps, ok := got["caps"].([]any); !ok || len(caps) != 0 {
		t.Errorf("caps is %v, not []", got["caps"])
	}
	commandWith(t, na, nil, "score", "--checklist", sheet).wants(t, 0, "score    .")
	commandWith(t, `{"answers":{}}`, nil, "score", "--checklist", sheet, "--json").wants(t, 0,
		`"score":0,"low":0,"high":1,"display":"0,0"`)
}

func TestScoreRefuses(t *testing.T) {
	for _, c := range []struct{ in, says string }{
		{``, "ends too early"},
		{`[]`, "array"},
		{`{}`, `"answers" is missing`},
		{`{"answers":null}`, "answers"},
		{`{"answers":{}, "answer":{}}`, `"answer"`},
		{`{"answers":{}} {"answers":{}}`, "after the end"},
		{`{"answers":{},"answers":{}}`, "twice"},
		{`{"answers":{"gibt-es-nicht":{"value":"ja"}}}`, "gibt-es-nicht"},
		{`{"answers":{"netz-neubuergerseite":{"value":"teilweise","valeu":1}}}`, `valeu`},
		{`{"answers":{"netz-neubuergerseite":{"value":"unerhört"}}}`, "netz-neubuergerseite"},
		{`{"answers":{"netz-neubuergerseite":{"value":["teilweise"]}}}`, "one option's id"},
		{`{"answers":{"netz-neubuergerseite":{"value":null}}}`, "netz-neubuergerseite"},
		{`{"answers":{"netz-neubuergerseite":{}}}`, "left out"},
		{`{"answers":{"netz-neubuergerseite":{"not_applicable":"das gibt es hier nicht"}}}`, "netz-neubuergerseite"},
		{`{"answers":{"steuerung-haushalt":{"not_applicable":"kurz"}}}`, "10 characters"},
		{`{"answers":{"netz-dienste":{"value":["nichts","hund"]}}}`, "netz-dienste"},
		{`{"answers":{"netz-dienste":{"value":["hund","hund"]}}}`, "hund"},
		{`{"answers":{"netz-dienste":{"value":[]}}}`, "netz-dienste"},
		{`{"answers":{"buero-terminfrist":{"value":121}}}`, "120"},
		{`{"answers":{"buero-terminfrist":{"value":-1}}}`, "buero-terminfrist"},
		{`{"answers":{"buero-terminfrist":{"value":1.5}}}`, "buero-terminfrist"},
		{`{"answers":{"buero-terminfrist":{"value":"7"}}}`, "a number is expected"},
		{`{"answers":{"buero-terminfrist":{"value":NaN}}}`, "not valid JSON"},
		{`{"answers":{"buero-terminfrist":{"value":1e999999}}}`, "buero-terminfrist"},
		{`{"answers":{"buero-terminfrist":{"value":1e-999999999999999999999}}}`, "buero-terminfrist"},
		{`{"answers":{"steuerung-beschlussdatum":{"value":"31.02.2026"}}}`, "steuerung-beschlussdatum"},
	} {
		o := commandWith(t, c.in, nil, "score", "--checklist", welcome, "--json")
		if o.code != exitWrong || !strings.Contains(o.err, c.says) || o.out != "" ||
			strings.Contains(o.err, "goroutine ") {
			t.Errorf("%s: exit code %d, stderr %q; want 1 and %q", c.in, o.code, o.err, c.says)
		}
	}
	// every wrong question is named at once, after the file
	file := write(t,
		`{"answers":{"netz-neubuergerseite":{"value":"x"},"unbekannt":{"value":1},"buero-terminfrist":{"value":999}}}`,
		t.TempDir(), "drei.json")
	command(t, "score", "--checklist", welcome, "--answers", file).wants(t, 1, file, "netz-neubuergerseite",
		"unbekannt", "buero-terminfrist")
	// a checklist with errors is told as the linter tells it
	broken := write(t, "id: kaputt\nversion: 1.0\n", t.TempDir(), "kaputt.yaml")
	command(t, "score", "--checklist", broken).wants(t, 1, broken+":2:")
}
