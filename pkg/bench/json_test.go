package bench_test

import (
	"math"
	"strings"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
)

func TestAgencyJSON(t *testing.T) {
	records := []bench.Record{setup.Scored("05966001", 4000, 12, 0), setup.Scored("05966002", 4000, 30, 2),
		setup.Scored("05966003", 4000, 41, 2), setup.Scored("05966004", 15_000, 55, 2),
		setup.Scored("05966005", 15_000, 58, 0), setup.Scored("05966006", 15_000, 60, 2),
		setup.Scored("05966007", 15_000, 77, 2)}
	raw, out := setup.JSON(t, bench.Compute(setup.Flat(), records, setup.Groups(records)))
	if out["checklist"] != "flach" || out["version"] != "1.0.0" || out["audience"] != "agency" {
		t.Errorf("%v", out)
	}
	total := setup.NodeOf(t, out, "all", "total")
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

func TestUndefinedIsNullWithoutReasonForTheAgency(t *testing.T) {
	d := setup.Checklist(2)
	records := setup.Towns(d, 1, 1, 1)
	for i := range records[0].Values {
		records[0].Values[i] = math.NaN()
	}
	_, out := setup.JSON(t, bench.Compute(d, records, setup.Groups(records)))
	if total := setup.NodeOf(t, out, "all", "total"); total["n"] != 0.0 || total["median"] != nil ||
		total["reason"] != nil {
		t.Errorf("%v", total)
	}
}
