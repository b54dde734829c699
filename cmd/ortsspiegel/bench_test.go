package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

type benchOutput struct {
	Checklist, Version string
	Groups             []benchGroup
}

type benchGroup struct {
	ID         string
	N          int
	Suppressed bool
	Reason     string
	Nodes      []map[string]any
}

func (b benchOutput) group(t testing.TB, id string) benchGroup {
	t.Helper()
	for _, g := range b.Groups {
		if g.ID == id {
			return g
		}
	}
	t.Fatalf("no group %s", id)
	return benchGroup{}
}

func (g benchGroup) node(t testing.TB, id string) map[string]any {
	t.Helper()
	for _, n := range g.Nodes {
		if n["id"] == id {
			return n
		}
	}
	t.Fatalf("group %s has no node %s", g.ID, id)
	return nil
}

// made returns lines of towns in three districts: 14 in 05958, 6 in 05962, 4 in 05966.
func made(change func(i int, town map[string]any)) string {
	stages := []string{"keine", "geplant", "teilweise", "umgesetzt", "geprueft"}
	populations := []int{8_000, 12_000, 19_999, 20_000, 74_879}
	var lines strings.Builder
	for i := range 24 {
		district := "05958"
		if i >= 20 {
			district = "05966"
		} else if i >= 14 {
			district = "05962"
		}
		town := map[string]any{"ags": fmt.Sprintf("%s%03d", district, 4*i+4), "population": populations[i%5],
			"answers": map[string]any{
				"netz-neubuergerseite": map[string]any{"value": stages[i%5]},
				"buero-terminfrist":    map[string]any{"value": i % 16},
				"netz-dienste":         map[string]any{"value": []string{"hund", "kita"}},
				"paket-gutscheine":     map[string]any{"not_applicable": "gibt es im ganzen Kreis nicht"},
			}}
		if change != nil {
			change(i, town)
		}
		line, err := json.Marshal(town)
		if err != nil {
			panic(err)
		}
		lines.Write(line)
		lines.WriteByte('\n')
	}
	return lines.String()
}

func benchmark(t testing.TB, lines string, args ...string) benchOutput {
	t.Helper()
	o := commandWith(t, lines, nil, append([]string{"bench", "--checklist", welcome, "--json"}, args...)...).wants(t, 0)
	var got benchOutput
	if err := json.Unmarshal([]byte(o.out), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestBenchForTheAgency(t *testing.T) {
	got := benchmark(t, made(nil))
	var ids []string
	n := map[string]int{}
	for _, g := range got.Groups {
		ids = append(ids, g.ID)
		n[g.ID] = g.N
	}
	want := []string{"all", "district:05958", "district:05962", "district:05966", "size:0-9999", "size:10000-19999",
		"size:20000-49999", "size:50000-"}
	if !slices.Equal(ids, want) || got.Checklist != "willkommen" || got.Version != "1.0.0" {
		t.Errorf("groups %v of %s %s", ids, got.Checklist, got.Version)
	}
	if fmt.Sprint(n["all"], n["district:05958"], n["district:05962"], n["district:05966"], n["size:0-9999"],
		n["size:10000-19999"], n["size:20000-49999"], n["size:50000-"]) != "24 14 6 4 5 10 5 4" {
		t.Errorf("n: %v", n)
	}
	all := got.group(t, "all")
	total := all.node(t, "total")
	if k := keysOf(total); k != "id max mean median min n q1 q3" || total["n"] != 24.0 {
		t.Errorf("total %v", total)
	}
	for _, g := range got.Groups {
		if g.Suppressed || len(g.Nodes) != len(all.Nodes) {
			t.Errorf("group %s: suppressed %v, %d nodes", g.ID, g.Suppressed, len(g.Nodes))
		}
	}
	section := all.node(t, "section:netz")
	if section["min"].(float64) > section["q1"].(float64) || section["q1"].(float64) > section["median"].(float64) ||
		section["q3"].(float64) > section["max"].(float64) {
		t.Errorf("section %v", section)
	}
	question := all.node(t, "question:netz-neubuergerseite")
	if fmt.Sprint(question["options"]) != "map[geplant:5 geprueft:4 keine:5 teilweise:5 umgesetzt:5]" ||
		question["n"] != 24.0 {
		t.Errorf("question %v", question)
	}
	if na := all.node(t, "question:paket-gutscheine"); na["n"] != 0.0 || na["median"] != nil {
		t.Errorf("not applicable everywhere: %v", na)
	}
	// 0..15 and 0..7: the same figures as Excel's QUARTILE.INC
	figures := all.node(t, "question:buero-terminfrist")["figures"].(map[string]any)
	for name, value := range map[string]float64{"min": 0, "q1": 2.75, "median": 5.5, "q3": 9.25, "max": 15,
		"mean": 148.0 / 24} {
		if got := figures[name].(float64); math.Abs(got-value) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, got, value)
		}
	}
	commandWith(t, made(nil), nil, "bench", "--checklist", welcome).wants(t, 0, "agency audience", "district:05966",
		"size:50000-")
}

func TestBenchForTowns(t *testing.T) {
	got := benchmark(t, made(nil), "--audience", "town")
	reasons := map[string]bool{}
	for _, g := range got.Groups {
		if g.Suppressed && (len(g.Nodes) != 0 || g.Reason == "") {
			t.Errorf("suppressed group %s has %d nodes, reason %q", g.ID, len(g.Nodes), g.Reason)
		}
		if g.Reason != "" {
			reasons[g.Reason] = true
		}
		for _, n := range g.Nodes {
			townNode(t, g, n, reasons)
		}
	}
	if small := got.group(t, "district:05966"); !small.Suppressed || small.N != 4 {
		t.Errorf("four towns are shown: %+v", small)
	}
	all := got.group(t, "all")
	if n := all.node(t, "total"); n["n"] != 24.0 || n["median"] == nil || n["q1"] == nil {
		t.Errorf("total %v", n)
	}
	if n := all.node(t, "question:netz-neubuergerseite"); n["n_band"] != "20+" || n["n"] != nil {
		t.Errorf("question %v", n)
	}
	for _, r := range []string{"too_few", "extremes"} {
		if !reasons[r] {
			t.Errorf("the reason %s never occurs: %v", r, reasons)
		}
	}
	commandWith(t, made(nil), nil, "bench", "--checklist", welcome, "--audience", "town").wants(t, 0, "town audience")
}

// townNode checks what holds for every node that towns see.
func townNode(t testing.TB, g benchGroup, n map[string]any, reasons map[string]bool) {
	t.Helper()
	id := n["id"].(string)
	for _, key := range []string{"min", "max"} {
		if v, ok := n[key]; !ok || v != nil {
			t.Errorf("%s %s shows its %s: %v", g.ID, id, key, v)
		}
	}
	why, _ := n["reasons"].(map[string]any)
	for _, key := range []string{"q1", "median", "q3", "mean"} {
		v, shown := n[key].(float64)
		if shown && math.Abs(v*100-math.Round(v*100)) > 1e-9 {
			t.Errorf("%s %s: %s is %v and no whole percent", g.ID, id, key, v)
		}
	}
	for _, r := range why {
		switch r {
		case "too_few", "complement", "extremes", "distribution":
			reasons[r.(string)] = true
		default:
			t.Errorf("%s %s: reason %v", g.ID, id, r)
		}
	}
	if strings.HasPrefix(id, "question:") {
		if _, exact := n["n"]; exact {
			t.Errorf("%s %s tells its exact n", g.ID, id)
		}
		if band, ok := n["n_band"]; !ok || (band != nil && band != "5-9" && band != "10-19" && band != "20+") {
			t.Errorf("%s %s: n_band %v", g.ID, id, band)
		}
	}
}

func TestBenchReadsFilesAndNothing(t *testing.T) {
	file := write(t, "\ufeff"+strings.ReplaceAll(made(nil), "\n", "\r\n\r\n"), t.TempDir(), "lines.jsonl")
	fromFile := command(t, "bench", "--checklist", welcome, "--assessments", file, "--json").wants(t, 0)
	fromStdin := commandWith(t, made(nil), nil, "bench", "--checklist", welcome, "--assessments", "-",
		"--json").wants(t, 0)
	if fromFile.out != fromStdin.out {
		t.Error("file and standard input differ")
	}
	for _, audience := range []string{"agency", "town"} {
		none := benchmark(t, "", "--audience", audience)
		if g := none.group(t, "all"); g.N != 0 || len(none.Groups) != 1 {
			t.Errorf("%s: nobody took part: %+v", audience, none)
		}
	}
	// order must not matter
	lines := strings.Split(strings.TrimSpace(made(nil)), "\n")
	slices.Reverse(lines)
	if turned := commandWith(t, strings.Join(lines, "\n"), nil, "bench", "--checklist", welcome, "--json").wants(t,
		0); turned.out != fromStdin.out {
		t.Error("another order of the lines gives other figures")
	}
}

func TestBenchRefuses(t *testing.T) {
	good := strings.SplitAfter(made(nil), "\n")[0]
	for _, c := range []struct{ in, says string }{
		{good + "{}", `line 2: the key "ags" is missing`},
		{good + good, "line 2: the AGS 05958004 stands in line 1"},
		{`{"ags":"5958004","population":1,"answers":{}}`, "line 1"},
		{`{"ags":5958004,"population":1,"answers":{}}`, "line 1"},
		{`{"ags":"05958004","population":"74879","answers":{}}`, "population"},
		{`{"ags":"05958004","population":-1,"answers":{}}`, "population"},
		{`{"ags":"05958004","population":1e99,"answers":{}}`, "population"},
		{`{"ags":"05958004","population":1,"answers":{},"name":"Arnsberg"}`, `"name"`},
		{`{"ags":"05958004","population":1,"answers":{"x":{"value":1}}}`, `"x"`},
		{`{"ags":"05958004","population":1,"answers":null}`, `"answers"`},
		{"\n\n" + `{"ags":`, "line 3"},
		{strings.Repeat(" ", 5<<20) + good, "4 MiB"},
	} {
		o := commandWith(t, c.in, nil, "bench", "--checklist", welcome, "--json")
		if o.code != exitWrong || !strings.Contains(o.err, c.says) || o.out != "" {
			t.Errorf("%.80s: exit code %d, stderr %.300q; want 1 and %q", c.in, o.code, o.err, c.says)
		}
	}
	file := write(t, "{}", t.TempDir(), "eins.jsonl")
	command(t, "bench", "--checklist", welcome, "--assessments", file).wants(t, 1, file+": line 1")
}
