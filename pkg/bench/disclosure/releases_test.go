package disclosure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// participants of the release tests: three districts, of which some submit late.
func roundOf() []bench.Record {
	return setup.Join(setup.OfDistrict("05954", 10), setup.OfDistrict("05958", 12), setup.OfDistrict("05962", 12))
}

// without leaves the last n towns of a district out.
func without(records []bench.Record, district string, n int) []bench.Record {
	var out []bench.Record
	size := len(ofMembers(records, district))
	last := 0
	for _, r := range records {
		if string(r.AGS.District()) == district {
			if last++; last > size-n {
				continue
			}
		}
		out = append(out, r)
	}
	return out
}

func ofMembers(records []bench.Record, district string) (out []bench.Record) {
	for _, r := range records {
		if string(r.AGS.District()) == district {
			out = append(out, r)
		}
	}
	return out
}

func again(t *testing.T, records []bench.Record, previous ...Release) (*Release, error) {
	t.Helper()
	return Disclose(Request{Definition: setup.Flat(), Records: records, Groups: setup.Groups(roundOf()),
		Rules: DefaultRules(), Own: previous})
}

func must(t *testing.T, r *Release, err error) *Release {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOneLateTownDoesNotAppear(t *testing.T) {
	early := without(roundOf(), "05958", 1)
	r, err := again(t, early)
	first := must(t, r, err)
	r, err = again(t, roundOf(), *first)
	second := must(t, r, err)
	if !reflect.DeepEqual(first.Report, second.Report) {
		t.Errorf("the table changed with one late town:\n%+v\n%+v", first.Report, second.Report)
	}
	if got := second.Basis.Waiting; len(got) != 1 || got[0] != "05958011" {
		t.Errorf("waiting: %v", got)
	}
}

func TestFiveLateTownsAppear(t *testing.T) {
	r, err := again(t, without(roundOf(), "05958", 5))
	first := must(t, r, err)
	r, err = again(t, roundOf(), *first)
	second := must(t, r, err)
	all, _ := second.Report.Group("all")
	late, _ := second.Report.Group("district:05958")
	if all.N != 34 || late.N != 12 || late.Suppressed || len(second.Basis.Waiting) != 0 {
		t.Errorf("all %d, district %d %v, waiting %v", all.N, late.N, late.Reason, second.Basis.Waiting)
	}
}

// TestLateTownsOfTwoDistricts: enough for the whole, too few for each district, which go on
// showing the towns they showed.
func TestLateTownsOfTwoDistricts(t *testing.T) {
	r, err := again(t, without(without(roundOf(), "05958", 2), "05962", 3))
	first := must(t, r, err)
	r, err = again(t, roundOf(), *first)
	second := must(t, r, err)
	for group, want := range map[region.GroupID]int{"all": 34, "district:05954": 10, "district:05958": 10,
		"district:05962": 9} {
		if g, _ := second.Report.Group(group); g.N != want || g.Suppressed {
			t.Errorf("%s: n %d, suppressed %v; want %d", group, g.N, g.Suppressed, want)
		}
	}
}

// TestOldFiguresCount: what the first release hid by not showing two districts must not come
// out later. The first four of 05954 would: as its ten less the six by which the whole grew,
// or as the first whole less the other two districts.
func TestOldFiguresCount(t *testing.T) {
	small := without(roundOf(), "05954", 6) // 4 of 10
	r, err := again(t, small)
	first := must(t, r, err)
	if got := shown(first); got != "all district:05958 size:10000-19999" {
		t.Fatalf("first: %s", got)
	}
	r, err = again(t, roundOf(), *first)
	second := must(t, r, err)
	if got := shown(second); got != "all district:05958 size:10000-19999" {
		t.Errorf("second: %s", got)
	}
}

func change(records []bench.Record, n int) []bench.Record {
	out := append([]bench.Record(nil), records...)
	for i := range n {
		v := 1 - out[i].Values[0]
		out[i].Values = []float64{v, v, v}
	}
	return out
}

func TestChangedAssessments(t *testing.T) {
	r, err := again(t, roundOf())
	first := must(t, r, err)
	for n, conflict := range map[int]bool{0: false, 1: true, 4: true, 5: false, 12: false} {
		_, err := again(t, change(roundOf(), n), *first)
		if fault.Is(err, fault.Conflict) != conflict || err != nil && !conflict {
			t.Errorf("%d changed: %v", n, err)
		}
	}
	if _, err := again(t, without(roundOf(), "05958", 1), *first); !fault.Is(err, fault.Conflict) {
		t.Errorf("one withdrawn: %v", err)
	}
	if _, err := again(t, without(roundOf(), "05958", 5), *first); err != nil {
		t.Errorf("five withdrawn: %v", err)
	}
	if _, err := again(t, change(without(roundOf(), "05962", 2), 2), *first); !fault.Is(err, fault.Conflict) {
		t.Errorf("two changed, two withdrawn: %v", err)
	}
}

// TestFewChangesInADistrict: five changed in the whole, but only two of them in one
// district: its new figures beside the old would tell about these two, and so would the
// other changed district's, subtracted from the whole.
func TestFewChangesInADistrict(t *testing.T) {
	r, err := again(t, roundOf())
	first := must(t, r, err)
	records := change(roundOf(), 8) // of the first district
	records[10], records[11] = change(records[10:11], 1)[0], change(records[11:12], 1)[0]
	r, err = again(t, records, *first)
	if got := shown(must(t, r, err)); got != "all district:05962 size:10000-19999" {
		t.Errorf("shown: %s", got)
	}
}

// TestReleasesOverTime lets towns come late, change and withdraw, and combines the published
// sets of any two releases. An assessment that changed is another one.
func TestReleasesOverTime(t *testing.T) {
	d := setup.Flat()
	combined, runs := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		rnd := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
		var all []bench.Record
		for i := range rapid.IntRange(16, 44).Draw(t, "n") {
			district := min(rnd.Intn(4), 2)
			all = append(all, setup.Scored(fmt.Sprintf("%05d%03d", 5000+district, i), 15_000, float64(rnd.Intn(101)),
				int16(rnd.Intn(3))))
		}
		groups := setup.Groups(all)
		groups = groups[:len(groups)-1] // the one size class repeats the whole
		var previous []Release
		var sets []map[string]map[string]bool // published sets by release
		submitted := rapid.IntRange(10, len(all)).Draw(t, "submitted")
		for range 3 {
			records := all[:submitted]
			r, err := Disclose(Request{Definition: d, Records: records, Groups: groups, Rules: DefaultRules(),
				Own: previous})
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Fatal(err)
			}
			if err == nil {
				previous = append(previous, *r)
				sets = append(sets, setsOf(r, records))
				for _, before := range sets[:len(sets)-1] {
					if len(before) > 0 {
						combined++
						combineReleases(t, before, sets[len(sets)-1])
					}
				}
			}
			submitted = min(max(submitted+rapid.IntRange(-7, 12).Draw(t, "more"), 0), len(all))
			if rapid.IntRange(0, 3).Draw(t, "correct") == 0 {
				all = change(all, min(submitted, rapid.IntRange(5, 9).Draw(t, "changed")))
			}
		}
	})
	if combined*10 < runs*6 {
		t.Errorf("only %d pairs of releases in %d runs showed anything: too few to prove anything", combined, runs)
	}
}

// setsOf returns the sets of assessments behind the totals a release shows.
func setsOf(r *Release, records []bench.Record) map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	for _, g := range r.Report.Groups {
		if members, ok := r.Basis.Set(g.ID, bench.Total.PointsColumn()); ok {
			set := map[string]bool{}
			for _, ags := range members {
				set[string(ags)+assessmentOf(records, ags)] = true
			}
			sets[fmt.Sprint(set)] = set
		}
	}
	return sets
}

func assessmentOf(records []bench.Record, ags region.AGS) string {
	for _, r := range records {
		if r.AGS == ags {
			return fmt.Sprint("=", r.Values[0])
		}
	}
	return "gone"
}

func combineReleases(t fataler, before, after map[string]map[string]bool) {
	different := map[string]map[string]bool{}
	for _, published := range []map[string]map[string]bool{before, after} {
		for key, set := range published {
			different[key] = set
		}
	}
	var sets []publishedSet
	for _, members := range different {
		set := townSet{}
		for m := range members {
			set[region.AGS(m)] = true
		}
		sets = append(sets, publishedSet{towns: set})
	}
	combineTowns(t, sets, map[region.AGS]int{}, 0)
}

// combineTowns is combine with assessments for towns: a town that changed counts once.
func combineTowns(t fataler, sets []publishedSet, factors map[region.AGS]int, at int) {
	if at == len(sets) {
		left := map[region.AGS]bool{}
		for assessment, f := range factors {
			if f != 0 {
				left[assessment[:8]] = true
			}
		}
		if len(left) > 0 && len(left) < 5 {
			t.Fatalf("the releases' sets combine to %d towns: %v", len(left), left)
		}
		return
	}
	for _, f := range []int{0, 1, -1} {
		for ags := range sets[at].towns {
			factors[ags] += f
		}
		combineTowns(t, sets, factors, at+1)
		for ags := range sets[at].towns {
			factors[ags] -= f
		}
	}
}

func TestReleaseSurvivesStorage(t *testing.T) {
	d := setup.Checklist(2)
	records := setup.Towns(d, 40, 14, 9)
	r := discloseNamed(t, d, records, map[region.AGS]Consent{records[3].AGS: {Total: true, Sections: true}})
	b, err := r.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	got, err := UnmarshalRelease(b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r, got) {
		t.Errorf("got %+v\nwant %+v", got, r)
	}
	for name, bad := range map[string][]byte{"empty": nil, "no JSON": []byte("x"),
		"another format": []byte(`{"Format":9}`), "truncated": b[:len(b)/2],
		"prints": bytes.Replace(b, []byte(`"Prints":["`), []byte(`"Prints":["x","`), 1),
		"counts": bytes.ReplaceAll(b, []byte(`"Counts"`), []byte(`"Other"`)),
		"sets":   bytes.Replace(b, []byte(`"Members":"`), []byte(`"Members":"AAAA`), 1)} {
		if _, err := UnmarshalRelease(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPublicJSONHidesTheBasis(t *testing.T) {
	d := setup.Checklist(2)
	records := setup.Towns(d, 40, 14, 9)
	r := disclose(t, d, records)
	b, err := json.Marshal(*r) // by value too
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range append([]string{"Basis", "Prints", "Waiting"}, r.Basis.Digests...) {
		if strings.Contains(string(b), secret) {
			t.Fatalf("the public JSON holds %q", secret)
		}
	}
	for _, town := range records {
		if strings.Contains(string(b), string(town.AGS)) {
			t.Fatalf("the public JSON names %s", town.AGS)
		}
	}
}

func FuzzUnmarshalRelease(f *testing.F) {
	d := setup.Flat()
	records := setup.OfDistrict("05958", 14)
	b, err := disclose(f, d, records).MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	path := setup.Path(f, d)
	unchanged, shifts := map[region.AGS]shift.Unchanged{}, map[region.AGS]shift.Shift{}
	for i := range records {
		shifts[records[i].AGS] = shift.Shift{Before: &records[i].Values[0], Rebased: &records[i].Values[0],
			Comparable: &records[i].Values[0], After: &records[i].Values[0],
			Sections: []shift.SectionShift{{ID: "a", Rebased: &records[i].Values[0],
				Comparable: &records[i].Values[0]}}}
		if i%2 == 0 { // of the others nothing is known
			nothing := score.Answers{}
			_, unchanged[records[i].AGS] = shift.NewWay(path).Between(nothing, nothing)
		}
	}
	e := OtherRound{Round: 1, Path: path, Records: records, Shifts: shifts, Unchanged: unchanged,
		Releases: []Release{*disclose(f, d, records)}}
	withTrend, err := Disclose(Request{Definition: d, Records: records, Groups: setup.Groups(records),
		Rules: DefaultRules(), Others: []OtherRound{e}})
	if err != nil {
		f.Fatal(err)
	}
	if b, err = withTrend.MarshalBinary(); err != nil || withTrend.Basis.Panel == nil {
		f.Fatal(err, withTrend.Trend)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := UnmarshalRelease(data)
		if err != nil {
			return
		}
		r.Report.Ref = checklist.Ref{ID: d.ID, Version: d.Version}
		e := e
		e.Releases = []Release{*r}
		_, _ = Disclose(Request{Definition: d, Records: records, Groups: setup.Groups(records), Rules: DefaultRules(),
			Others: []OtherRound{e}})
		_, _ = Disclose(Request{Definition: d, Records: records, Groups: setup.Groups(records), Rules: DefaultRules(),
			Own: []Release{*r}}) // must not panic
	})
}
