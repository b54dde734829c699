package disclosure

import (
	"fmt"
	"math"
	"math/rand"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// The checker below shares no code with the control. It looks at what a release shows and
// at who stands behind it, and tries every sum and difference of the published sets.

type townSet map[region.AGS]bool

// behind returns the towns of a group that count in a column, straight from the records.
func behind(d *checklist.Definition, records []bench.Record, members []region.AGS, column string) townSet {
	in := townSet{}
	for _, ags := range members {
		in[ags] = true
	}
	set := townSet{}
	for i := range records {
		r := &records[i]
		if in[r.AGS] && hasValue(d, r, column) {
			set[r.AGS] = true
		}
	}
	return set
}

func hasValue(d *checklist.Definition, r *bench.Record, column string) bool {
	values, figures, chosen := 0, 0, 0
	if column == string(bench.Total) {
		return !math.IsNaN(r.Values[0])
	}
	for i, s := range d.Sections {
		if column == "section:"+string(s.ID) {
			return !math.IsNaN(r.Values[1+i])
		}
	}
	for _, q := range d.Questions() {
		switch column {
		case "question:" + string(q.ID):
			return !math.IsNaN(r.Values[1+len(d.Sections)+values])
		case "question:" + string(q.ID) + "#unit":
			return !math.IsNaN(r.Figures[figures])
		case "question:" + string(q.ID) + "#options":
			return r.Chosen[chosen] >= 0
		}
		values++
		switch q.Type {
		case checklist.TypeNumber:
			figures++
		case checklist.TypeChoice:
			chosen++
		}
	}
	panic("no column " + column)
}

type publishedSet struct {
	group  region.GroupID
	towns  townSet
	counts []int // distributions: towns by option, straight from the records; nil: none is shown
}

// chosenBy counts the towns by option in a column of a choice question.
func chosenBy(d *checklist.Definition, records []bench.Record, set townSet, column string) []int {
	chosen := 0
	for _, q := range d.Questions() {
		if q.Type != checklist.TypeChoice {
			continue
		}
		if column == "question:"+string(q.ID)+"#options" {
			counts := make([]int, len(q.Options))
			for i := range records {
				if set[records[i].AGS] {
					counts[records[i].Chosen[chosen]]++
				}
			}
			return counts
		}
		chosen++
	}
	panic("no distribution " + column)
}

// published collects, by column, the sets whose figures a release shows, and checks each
// node against the thresholds.
func published(t fataler, d *checklist.Definition, r *Release, records []bench.Record,
	groups []region.Group) map[string][]publishedSet {
	members := map[region.GroupID][]region.AGS{}
	for _, g := range groups {
		members[g.ID] = g.Members
	}
	out := map[string][]publishedSet{}
	for _, g := range r.Report.Groups {
		if g.Suppressed && (len(g.Nodes) > 0 || g.Reason == "") {
			t.Fatalf("%s: suppressed with %d nodes and reason %q", g.ID, len(g.Nodes), g.Reason)
		}
		for _, n := range g.Nodes {
			add := func(column string, f bench.Figures, grid float64) {
				if f == (bench.Figures{}) {
					return
				}
				set := behind(d, records, members[g.ID], column)
				checkNode(t, g.ID, column, f, grid, len(set))
				out[column] = append(out[column], publishedSet{g.ID, set, nil})
			}
			add(string(n.ID), n.Points, 0.01)
			if n.Unit != nil {
				add(string(n.ID)+"#unit", *n.Unit, n.UnitGrid)
			}
			if n.Options != nil {
				column := string(n.ID) + "#options"
				set := behind(d, records, members[g.ID], column)
				counts := chosenBy(d, records, set, column)
				checkShares(t, fmt.Sprintf("%s %s", g.ID, column), n.Options, counts, len(set))
				out[column] = append(out[column], publishedSet{g.ID, set, counts})
			}
		}
	}
	return out
}

type fataler interface{ Fatalf(string, ...any) }

func checkNode(t fataler, group region.GroupID, column string, f bench.Figures, grid float64, n int) {
	if f.Min != nil || f.Max != nil || n < 5 || (f.Q1 != nil || f.Q3 != nil) && n < 12 {
		t.Fatalf("%s %s: n %d shows %+v", group, column, n, f)
	}
	for _, v := range []*float64{f.Q1, f.Median, f.Q3, f.Mean} {
		if v != nil && math.Abs(*v/grid-math.Round(*v/grid)) > 1e-6 {
			t.Fatalf("%s %s: %v is not rounded to %v", group, column, *v, grid)
		}
	}
}

// checkShares wants whole percents of the true counts, cut, and no count.
func checkShares(t fataler, where string, shown []bench.OptionCount, counts []int, n int) {
	checkDistribution(t, where, counts, n)
	for i, o := range shown {
		if o.N != 0 || math.Abs(100*o.Share-math.Round(100*o.Share)) > 1e-9 ||
			o.Share > float64(counts[i])/float64(n)+1e-9 || o.Share <= float64(counts[i])/float64(n)-0.01 {
			t.Fatalf("%s: %+v is shown for %d of %d", where, o, counts[i], n)
		}
	}
}

func checkDistribution(t fataler, where string, counts []int, n int) {
	total, large := 0, 0
	for option, c := range counts {
		total += c
		if c >= 3 {
			large++
		}
		if c == n {
			t.Fatalf("%s: option %d holds all %d", where, option, n)
		}
	}
	if large < 2 || total != n {
		t.Fatalf("%s: %v of %d must not be shown", where, counts, n)
	}
}

// checkRelease tries every combination of published sets with factors -1, 0 and 1: towns
// that remain with a factor other than 0 are those the attacker learns about.
func checkRelease(t fataler, d *checklist.Definition, r *Release, records []bench.Record, groups []region.Group) {
	for column, sets := range published(t, d, r, records, groups) {
		combine(t, column, sets, map[region.AGS]int{}, 0)
		for _, a := range sets {
			for _, b := range sets {
				checkNested(t, column, a, b)
			}
		}
	}
}

func combine(t fataler, column string, sets []publishedSet, factors map[region.AGS]int, at int) {
	if at == len(sets) {
		left := 0
		for _, f := range factors {
			if f != 0 {
				left++
			}
		}
		if left > 0 && left < 5 {
			t.Fatalf("%s: published sets combine to %d towns", column, left)
		}
		return
	}
	for _, f := range []int{0, 1, -1} {
		for ags := range sets[at].towns {
			factors[ags] += f
		}
		combine(t, column, sets, factors, at+1)
		for ags := range sets[at].towns {
			factors[ags] -= f
		}
	}
}

// checkNested subtracts distributions of sets inside each other.
func checkNested(t fataler, column string, outer, inner publishedSet) {
	if outer.counts == nil || inner.counts == nil || len(inner.towns) >= len(outer.towns) {
		return
	}
	for ags := range inner.towns {
		if !outer.towns[ags] {
			return
		}
	}
	rest := make([]int, len(outer.counts))
	for i := range rest {
		rest[i] = outer.counts[i] - inner.counts[i]
	}
	checkDistribution(t, fmt.Sprintf("%s: %s without %s", column, outer.group, inner.group), rest,
		len(outer.towns)-len(inner.towns))
}

// region3 draws towns in up to four districts and three size classes, with a checklist in
// which much is not applicable.
func drawTowns(t *rapid.T, d *checklist.Definition, n int) []bench.Record {
	rnd := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
	districts, sizes := rapid.IntRange(1, 3).Draw(t, "districts"), rapid.IntRange(1, 3).Draw(t, "sizes")
	skew := rapid.IntRange(0, 2).Draw(t, "skew") // how much the size class follows the district
	nested := rapid.IntRange(0, 30).Draw(t, "not applicable")
	out := make([]bench.Record, n)
	for i := range out {
		district := min(rnd.Intn(districts+1), districts-1)
		size := rnd.Intn(sizes)
		if rnd.Intn(3) < skew {
			size = district % sizes
		}
		r := bench.NewRecord(d, region.AGS(fmt.Sprintf("%05d%03d", 5000+district, i)),
			[]int{5000, 15_000, 30_000}[size], setup.Answers(d, rnd, rnd.Float64()))
		for v := 1 + len(d.Sections); v < len(r.Values); v++ {
			if rnd.Intn(100) < nested {
				r.Values[v] = nan
			}
		}
		out[i] = r
	}
	return out
}

var nan = math.NaN()

func TestNoReleaseShowsWhatItMustNot(t *testing.T) {
	d := setup.Checklist(2)
	shown, runs := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		records := drawTowns(t, d, rapid.IntRange(0, 34).Draw(t, "n"))
		groups := setup.Groups(records)
		r, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules()})
		if err != nil {
			t.Fatal(err)
		}
		checkRelease(t, d, r, records, groups)
		for column, sets := range published(t, d, r, records, groups) {
			shown += len(sets)
			for _, s := range sets {
				if towns, ok := r.Basis.Set(s.group, bench.ColumnKey(column)); !ok || len(towns) != len(s.towns) {
					t.Fatalf("%s %s: the basis notes %d towns, %d are behind it", s.group, column, len(towns),
						len(s.towns))
				}
			}
		}
	})
	if shown < 10*runs {
		t.Errorf("only %d figures were shown in %d runs: a control that hides everything proves nothing", shown, runs)
	}
}

// TestTheCheckerFinds makes sure that the checker above can fail: it must object to the full
// report.
func TestTheCheckerFinds(t *testing.T) {
	d := setup.Flat()
	records := setup.Join(setup.OfDistrict("05954", 4), setup.OfDistrict("05958", 12))
	groups := setup.Groups(records)
	r := disclose(t, d, records)
	full := bench.Compute(d, records, groups)
	for i := range full.Groups {
		for k := range full.Groups[i].Nodes {
			p := &full.Groups[i].Nodes[k].Points
			p.Min, p.Max, p.Q1, p.Q3 = nil, nil, nil, nil
		}
	}
	part, _ := full.Group("district:05958")
	for i := range r.Report.Groups {
		if r.Report.Groups[i].ID == part.ID {
			nodes := []bench.Node{{ID: bench.Total, Points: bench.Figures{Median: new(float64)}}}
			r.Report.Groups[i] = bench.Group{ID: part.ID, N: part.N, Nodes: nodes}
		}
	}
	var objection recorder
	func() {
		defer func() { _ = recover() }()
		checkRelease(&objection, d, r, records, groups)
	}()
	if objection.message == "" {
		t.Error("the checker accepts a district of 12 beside a whole of 16")
	}
}

type recorder struct{ message string }

func (r *recorder) Fatalf(format string, args ...any) {
	r.message = fmt.Sprintf(format, args...)
	panic(r.message)
}
