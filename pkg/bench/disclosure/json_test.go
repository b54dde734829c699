package disclosure

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
)

func decode(t *testing.T, v any) (string, map[string]any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return string(b), out
}

func nodeOf(t *testing.T, report map[string]any, group, node string) map[string]any {
	t.Helper()
	for _, g := range report["groups"].([]any) {
		if g := g.(map[string]any); g["id"] == group {
			for _, n := range g["nodes"].([]any) {
				if n := n.(map[string]any); n["id"] == node {
					return n
				}
			}
		}
	}
	t.Fatalf("no %s in %s", node, group)
	return nil
}

func TestAgencyJSON(t *testing.T) {
	records := []bench.Record{setup.Scored("05966001", 4000, 12, 0), setup.Scored("05966002", 4000, 30, 2),
		setup.Scored("05966003", 4000, 41, 2), setup.Scored("05966004", 15_000, 55, 2),
		setup.Scored("05966005", 15_000, 58, 0), setup.Scored("05966006", 15_000, 60, 2),
		setup.Scored("05966007", 15_000, 77, 2)}
	raw, out := decode(t, bench.Compute(setup.Flat(), records, setup.Groups(records)))
	if out["checklist"] != "flach" || out["version"] != "1.0.0" || out["audience"] != "agency" {
		t.Errorf("%v", out)
	}
	total := nodeOf(t, out, "all", "total")
	for figure, want := range map[string]float64{"n": 7, "min": 0.12, "q1": 0.355, "median": 0.55, "q3": 0.59,
		"max": 0.77} {
		if got := total[figure].(float64); got-want > 1e-12 || want-got > 1e-12 {
			t.Errorf("%s = %v, want %v", figure, got, want)
		}
	}
	if !strings.Contains(raw, `"options":{"k":2,"m":0,"g":5}`) {
		t.Errorf("the options are missing or out of order: %s", raw)
	}
	if strings.Contains(raw, "reason") || strings.Contains(raw, "n_band") {
		t.Errorf("the agency's report is suppressed: %s", raw)
	}
	for _, id := range []string{`"district:05966"`, `"size:0-9999"`, `"size:10000-19999"`} {
		if !strings.Contains(raw, `{"id":`+id+`,"n":`) {
			t.Errorf("group %s is missing", id)
		}
	}
}

func TestTownJSON(t *testing.T) {
	_, out := decode(t, disclose(t, setup.Flat(), setup.Join(setup.OfDistrict("05954", 4),
		setup.OfDistrict("05958", 5))))
	report := out["report"].(map[string]any)
	total, question := nodeOf(t, report, "all", "total"), nodeOf(t, report, "all", "question:q")
	if total["n"] != 9.0 || total["min"] != nil || total["q1"] != nil || total["median"] == nil ||
		total["reason"] != "too_few" {
		t.Errorf("total %v", total)
	}
	// 4, 3 and 2 of 9 towns: no count, nothing finer than whole percent
	if got := fmt.Sprint(question["options"]); got != "map[g:0.22 k:0.44 m:0.33]" {
		t.Errorf("options %s", got)
	}
	reasons := total["reasons"].(map[string]any)
	if reasons["min"] != "extremes" || reasons["q1"] != "too_few" || reasons["median"] != nil {
		t.Errorf("reasons %v", reasons)
	}
	if _, hasN := question["n"]; hasN || question["n_band"] != "5-9" {
		t.Errorf("question %v", question)
	}
	for _, g := range report["groups"].([]any) {
		g := g.(map[string]any)
		if g["id"] == "district:05954" && (g["n"] != 4.0 || g["suppressed"] != true || g["reason"] != "too_few" ||
			len(g["nodes"].([]any)) != 0) {
			t.Errorf("suppressed group %v", g)
		}
	}
}

func TestUndefinedIsNullWithoutReasonForTheAgency(t *testing.T) {
	d := setup.Checklist(2)
	records := setup.Towns(d, 1, 1, 1)
	for i := range records[0].Values {
		records[0].Values[i] = nan
	}
	_, out := decode(t, bench.Compute(d, records, setup.Groups(records)))
	if total := nodeOf(t, out, "all", "total"); total["n"] != 0.0 || total["median"] != nil || total["reason"] != nil {
		t.Errorf("%v", total)
	}
}

func TestNumberQuestionsShowTheirUnit(t *testing.T) {
	d := setup.Checklist(1)
	records := setup.Towns(d, 30, 30, 1)
	_, out := decode(t, bench.Compute(d, records, setup.Groups(records)))
	scoredNumber, unscored := nodeOf(t, out, "all", "question:s0-q3"), nodeOf(t, out, "all", "question:s0-q4")
	if scoredNumber["unit"] != "Tage" || scoredNumber["figures"].(map[string]any)["median"] == nil ||
		scoredNumber["median"] == nil {
		t.Errorf("%v", scoredNumber)
	}
	if unscored["median"] != nil || unscored["figures"].(map[string]any)["q1"] == nil || unscored["n"].(float64) < 25 {
		t.Errorf("%v", unscored)
	}
	town := disclose(t, d, records).Report
	n, _ := town.Groups[0].Node("question:s0-q3")
	if n.UnitGrid != 1 || n.Unit.Min != nil || n.Unit.Median == nil ||
		*n.Unit.Median != bench.RoundTo(*n.Unit.Median, 1) || n.Reasons["unit.min"] != bench.Extremes {
		t.Errorf("%+v %+v", n, n.Unit)
	}
}
