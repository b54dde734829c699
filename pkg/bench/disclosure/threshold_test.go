package disclosure

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

func TestAllNotApplicable(t *testing.T) {
	d := setup.Flat()
	var records []bench.Record
	for i := range 14 {
		r := bench.NewRecord(d, region.AGS("059580"+string([]byte{'0' + byte(i/10), '0' + byte(i%10)})), 12_000,
			score.Answers{"q": {Kind: checklist.AnswerNotApplicable, Text: "gibt es hier nicht"}})
		records = append(records, r)
	}
	group := bench.Compute(d, records, setup.Groups(records)).Groups[0]
	if group.N != 14 {
		t.Errorf("n = %d", group.N)
	}
	for _, n := range group.Nodes {
		if n.N != 0 || n.Points != (bench.Figures{}) {
			t.Errorf("%s: n %d, %v", n.ID, n.N, n.Points)
		}
	}
	release := disclose(t, d, records)
	if !release.Report.Groups[0].Suppressed || release.Report.Groups[0].Reason != bench.TooFew {
		t.Errorf("a group without any score is shown: %+v", release.Report.Groups[0])
	}
}

// TestNoShownFigureReachesAThreshold: whatever towns answer, a figure of a release, a name or a
// trend shows no percent that the figure behind it does not reach, and loses less than one.
func TestNoShownFigureReachesAThreshold(t *testing.T) {
	d := setup.Checklist(2)
	rapid.Check(t, func(t *rapid.T) {
		records := drawTowns(t, d, rapid.IntRange(5, 34).Draw(t, "n"))
		groups := setup.Groups(records)
		consents := map[region.AGS]Consent{records[0].AGS: {Total: true, Sections: true}}
		r, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules(),
			Consents: consents})
		if err != nil {
			t.Fatal(err)
		}
		full := bench.Compute(d, records, groups)
		cut := func(where string, shown *float64, behind *float64, grid float64) {
			if shown == nil {
				return
			}
			lost := *behind - *shown
			if lost < -1e-9 || lost >= grid {
				t.Fatalf("%s: %v is shown for %v", where, *shown, *behind)
			}
		}
		for g := range r.Report.Groups {
			for k, n := range r.Report.Groups[g].Nodes {
				f := &full.Groups[g].Nodes[k]
				where := string(full.Groups[g].ID) + " " + string(n.ID)
				cut(where, n.Points.Q1, f.Points.Q1, 0.01)
				cut(where, n.Points.Median, f.Points.Median, 0.01)
				cut(where, n.Points.Q3, f.Points.Q3, 0.01)
				cut(where, n.Points.Mean, f.Points.Mean, 0.01)
				if n.Unit != nil {
					cut(where, n.Unit.Median, f.Unit.Median, n.UnitGrid)
					cut(where, n.Unit.Mean, f.Unit.Mean, n.UnitGrid)
				}
				for o := range n.Options {
					cut(where, &n.Options[o].Share, &f.Options[o].Share, 0.01)
				}
				for i := range records {
					own := records[i].Values[0]
					p := r.Report.Position(full.Groups[g].ID, bench.Total, own)
					total, _ := r.Report.Groups[g].Node(bench.Total)
					if total.Points.Median != nil && !math.IsNaN(own) &&
						(p.Side == bench.AtMedian) != (bench.CutTo(own, 0.01) == *total.Points.Median) {
						t.Fatalf("%s: %v is %q of the median %v", where, own, p.Side, *total.Points.Median)
					}
				}
			}
		}
		for _, n := range r.Named {
			i := slices.IndexFunc(records, func(x bench.Record) bool { return x.AGS == n.AGS })
			cut("name", n.Total, &records[i].Values[0], 0.01)
		}
	})
}
