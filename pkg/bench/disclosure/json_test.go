package disclosure

import (
	"fmt"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
)

func TestTownJSON(t *testing.T) {
	_, out := setup.JSON(t, disclose(t, setup.Flat(), setup.Join(setup.OfDistrict("05954", 4),
		setup.OfDistrict("05958", 5))))
	report := out["report"].(map[string]any)
	total, question := setup.NodeOf(t, report, "all", "total"), setup.NodeOf(t, report, "all", "question:q")
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

func TestNumberQuestionsShowTheirUnit(t *testing.T) {
	d := setup.Checklist(1)
	records := setup.Towns(d, 30, 30, 1)
	_, out := setup.JSON(t, bench.Compute(d, records, setup.Groups(records)))
	scoredNumber, unscored := setup.NodeOf(t, out, "all", "question:s0-q3"),
		setup.NodeOf(t, out, "all", "question:s0-q4")
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
