package disclosure

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// TestCorrespondence: renamed and split questions are the ones they come from; merged ones and
// those with another meaning are new. A section goes by its id, else by most of its questions.
func TestCorrespondence(t *testing.T) {
	d, next := setup.Checklist(4), setup.Next(4)
	moved := &next.Sections[3]
	moved.ID = "umbenannt"
	next.Index()
	forward := OtherRound{Path: setup.Path(t, d, next)}
	got := forward.correspondence().columns
	for present, then := range map[bench.ColumnKey]bench.ColumnKey{
		"total": "total", "section:s0": "section:s0", "section:umbenannt": "section:s3",
		"question:s0-q0-neu": "question:s0-q0", "question:s0-q0-neu#options": "question:s0-q0#options",
		"question:s0-q1": "question:s0-q1", "question:s0-q1-b": "question:s0-q1", // both halves
		"question:s1-q0-neu": "", "question:s2-q1": "", "question:s0-q6": "", // merged, another meaning, new
		"question:s3-q3": "question:s3-q3", "question:s3-q3#unit": "question:s3-q3#unit",
		"question:s0-q4#unit": "question:s0-q4#unit",
	} {
		if got[present] != then {
			t.Errorf("%s comes from %q, want %q", present, got[present], then)
		}
	}
	back := OtherRound{Path: forward.Path, Later: true}
	c := back.correspondence()
	for present, then := range map[bench.ColumnKey]bench.ColumnKey{"total": "total", "section:s3": "section:umbenannt",
		"question:s0-q0": "question:s0-q0-neu",
		"question:s0-q1": "question:s0-q1", "question:s1-q0": "", "question:s2-q1": "", "question:s0-q5": ""} {
		if c.columns[present] != then {
			t.Errorf("backwards, %s is %q, want %q", present, c.columns[present], then)
		}
	}
	for _, column := range bench.Columns(bench.ComparedNodes(d)) {
		if got := c.comparedAs(column.Key); got != c.columns[column.Key] {
			t.Errorf("backwards, %s is looked up as %s", column.Key, got)
		}
	}
}

// TestDistributionsAreTranslated: k is gone, m and g are renamed and stand the other way round.
func TestDistributionsAreTranslated(t *testing.T) {
	d, next := setup.Small(), setup.Small()
	next.Version = "2.0.0"
	q := &next.Sections[0].Questions[0]
	q.Options = setup.Options([]string{"gut", "mittel"}, 100, 50)
	next.Changes = &checklist.Changes{From: "1.0.0", Questions: []checklist.Mapping{{Old: []checklist.QuestionID{"q1"},
		New:     []checklist.QuestionID{"q1"},
		Options: map[checklist.OptionID]checklist.OptionID{"m": "mittel", "g": "gut"}}}}
	path := setup.Path(t, d, next.Index())
	towns := newSet(1)
	published := newSet(1)
	published.add(0)
	basis := func(counts ...int) *Basis {
		return &Basis{Columns: []Column{{"question:q1#options", towns}},
			Groups: []BasisGroup{{ID: region.All, Members: towns, Published: published,
				Counts: map[bench.ColumnKey][]int{"question:q1#options": counts}}}}
	}
	for _, c := range []struct {
		e    OtherRound
		d    *checklist.Definition
		old  *Basis
		want []int // the last one takes what has no option
	}{{OtherRound{Path: path}, next, basis(4, 5, 6), []int{6, 5, 4}},
		{OtherRound{Path: path, Later: true}, d, basis(6, 5), []int{0, 5, 6, 0}}} {
		columns := bench.Columns(bench.ComparedNodes(c.d))
		got := c.e.correspondence().translate(c.old, columns).Groups[0].Counts["question:q1#options"]
		if !slices.Equal(got, c.want) {
			t.Errorf("later %v: %v, want %v", c.e.Later, got, c.want)
		}
	}
}

// afterRound returns two rounds of n towns in which everybody answers everything anew.
func afterRound(t testing.TB, n int) (first, second *roundSetup, path *carry.Path) {
	rnd := rand.New(rand.NewSource(5))
	first = newRoundSetup(setup.Gauge(), rnd, n, 1, 1)
	first.publish(t)
	path = setup.Path(t, first.d)
	return first, first.next(rnd, path, 0, 0, 1), path
}

// TestUnknownRoundsFailClosed: a release that cannot be compared hides everything about its towns,
// one that can hides nothing here, where everybody answered anew.
func TestUnknownRoundsFailClosed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(e *OtherRound)
		shown  bool
		trend  bool
	}{
		"comparable":      {func(*OtherRound) {}, true, true},
		"no way":          {func(e *OtherRound) { e.Path = nil }, false, false},
		"another version": {func(e *OtherRound) { e.Path = setup.Path(t, setup.Small()) }, false, false},
		"another's path": {func(e *OtherRound) {
			e.Releases = slices.Clone(e.Releases)
			e.Releases[0].Report.Ref.Version = "0.9.0"
		}, false, false},
		"no comparison": {func(e *OtherRound) { e.Unchanged = nil }, false, true},
		"no records":    {func(e *OtherRound) { e.Records = nil }, false, true},
		"cut short": {func(e *OtherRound) {
			e.Unchanged = maps.Clone(e.Unchanged)
			for ags := range e.Unchanged {
				e.Unchanged[ags] = shift.Unchanged{}
			}
		}, false, true},
	} {
		first, second, path := afterRound(t, 20)
		e := first.asOther(1, path, second)
		c.change(&e)
		r := second.publish(t, e)
		if got := strings.HasPrefix(shown(r), "all"); got != c.shown || (r.Trend != nil) != c.trend || c.trend &&
			r.Trend.Suppressed == c.shown {
			t.Errorf("%s: shown %v, trend %+v", name, got, r.Trend)
		}
	}
}

// TestFiveNewcomersHideBehindEachOther: even of a release that cannot be compared.
func TestFiveNewcomersHideBehindEachOther(t *testing.T) {
	for n, want := range map[int]bool{4: false, 5: true} {
		first, _, path := afterRound(t, 20)
		second := first.next(rand.New(rand.NewSource(1)), path, 0, n, 0)
		e := first.asOther(1, path, second)
		e.Path = nil
		r := second.publish(t, e)
		if all, _ := r.Report.Group(region.All); all.Suppressed == want {
			t.Errorf("%d newcomers: suppressed %v", n, all.Suppressed)
		}
	}
}

// TestWhatWasCorrectedIsNotCompared: a town changed its old assessment after the release, so what
// the release shows of it is not known. All other twelve answered anew, which is enough.
func TestWhatWasCorrectedIsNotCompared(t *testing.T) {
	for others, want := range map[int]bool{12: true, 4: false} {
		rnd := rand.New(rand.NewSource(5))
		first := newRoundSetup(setup.Gauge(), rnd, 13, 1, 1)
		first.publish(t)
		path := setup.Path(t, first.d)
		second := first.next(rnd, path, 0, 0, 0)
		for _, ags := range second.participants()[1 : 1+others] {
			second.join(rnd, ags, 8000)
		}
		changed := first.participants()[0]
		first.answers[changed] = maps.Clone(first.answers[changed])
		first.answers[changed]["s0-q0"] = setup.Percent(1)
		r := second.publish(t, first.asOther(1, path, second))
		if got := strings.HasPrefix(shown(r), "all"); got != want {
			t.Errorf("%d others changed: shown %v", others, got)
		}
		if r.Trend == nil || !r.Trend.Suppressed || r.Trend.N != 12 {
			t.Errorf("the panel without the town is the whole less one: %+v", r.Trend)
		}
	}
}

// TestCorrectingAnOldRound: the newer release is out, so the corrected older one is checked against
// it too.
func TestCorrectingAnOldRound(t *testing.T) {
	for name, change := range map[string]func(*OtherRound){"published": func(*OtherRound) {},
		"unpublished": func(e *OtherRound) { e.Releases = nil }} {
		rnd := rand.New(rand.NewSource(9))
		next := setup.GaugeNext()
		path := setup.Path(t, setup.Gauge(), next)
		first := newRoundSetup(path.From(), rnd, 20, 1, 1)
		late := first.participants()[14:]
		early := &roundSetup{d: first.d, sizes: first.sizes, answers: maps.Clone(first.answers)}
		for _, ags := range late {
			delete(early.answers, ags)
		}
		early.publish(t)
		second := first.next(rnd, path, 0, 0, 0)
		delete(second.answers, late[0])
		second.publish(t, early.asOther(1, path, second))
		first.releases = early.releases
		e := first.asOther(2, path, second) // shifts from the first to the second
		e.Later, e.Releases, e.Records = true, second.releases, second.records()
		change(&e)
		r := first.publish(t, e)
		all, _ := r.Report.Group(region.All)
		if all.N != 20 || all.Suppressed != (name == "published") || r.Trend != nil {
			t.Errorf("%s: %d towns, suppressed %v, trend %+v", name, all.N, all.Suppressed, r.Trend)
		}
	}
}

// TestNamesStayKnownAcrossRounds: all but four towns of a district showed their scores last time
// and confirm their answers, so that the four hide behind nobody.
func TestNamesStayKnownAcrossRounds(t *testing.T) {
	rnd := rand.New(rand.NewSource(2))
	first := newRoundSetup(setup.Gauge(), rnd, 30, 2, 1)
	district := slices.DeleteFunc(first.participants(), func(ags region.AGS) bool { return ags.District() != "05000" })
	consents := map[region.AGS]Consent{}
	for _, ags := range district[:len(district)-4] {
		consents[ags] = Consent{Sections: true}
	}
	for name, c := range map[string]map[region.AGS]Consent{"named": consents, "nameless": nil} {
		r, err := Disclose(Request{Definition: first.d, Records: first.records(), Groups: first.groups(),
			Rules: DefaultRules(), Consents: c})
		if err != nil {
			t.Fatal(err)
		}
		r.Basis.Groups[1].Published = newSet(len(r.Basis.Columns)) // so that only the names count
		first.releases = []Release{*r}
		path := setup.Path(t, first.d)
		second := first.next(rnd, path, 0, 0, 0)
		got := second.publish(t, first.asOther(1, path, second))
		if g, _ := got.Report.Group("district:05000"); g.Suppressed != (name == "named") {
			t.Errorf("%s: suppressed %v", name, g.Suppressed)
		}
	}
}

// TestTrend compares what is shown with what it is made of.
func TestTrend(t *testing.T) {
	rnd := rand.New(rand.NewSource(4))
	next := setup.GaugeNext()
	path := setup.Path(t, setup.Gauge(), next)
	first := newRoundSetup(path.From(), rnd, 30, 1, 1)
	first.publish(t)
	second := first.next(rnd, path, 0, 0, 1)
	e := first.asOther(17, path, second)
	r := second.publish(t, e)
	var shifts []shift.Shift
	for _, ags := range first.participants() {
		shifts = append(shifts, e.Shifts[ags])
	}
	want := shift.NewPanel(next, shifts)
	tr := r.Trend
	if tr.Round != 17 || tr.From != "1.0.0" || tr.N != 30 || tr.Suppressed || len(tr.Sections) != 2 {
		t.Fatalf("%+v", tr)
	}
	for i, got := range []*float64{tr.Before, tr.Rebased, tr.Comparable, tr.After, tr.Sections[1].Rebased,
		tr.Sections[1].Comparable} {
		mean := []shift.Average{want.Before, want.Rebased, want.Comparable, want.After, want.Sections[1].Rebased,
			want.Sections[1].Comparable}[i].Mean
		if *got != bench.CutTo(*mean, 0.01) {
			t.Errorf("figure %d: %v, the mean is %v", i, *got, *mean)
		}
	}
	// a correction in which nothing changed shows the same
	if again := second.publish(t, e); !reflect.DeepEqual(again.Trend, tr) {
		t.Errorf("again: %+v", again.Trend)
	}
}

// TestTrendOfACorrectedRelease: six towns came late, of which four changed their answers. The new
// panel less the old one is what the six said, then and now.
func TestTrendOfACorrectedRelease(t *testing.T) {
	for changed, hidden := range map[int]bool{0: false, 4: true, 6: false} {
		rnd := rand.New(rand.NewSource(4))
		first := newRoundSetup(setup.Gauge(), rnd, 30, 1, 1)
		first.publish(t)
		path := setup.Path(t, first.d)
		second := first.next(rnd, path, 0, 0, 0)
		for _, ags := range first.participants()[6-changed : 20] {
			second.join(rnd, ags, 8000)
		}
		all := maps.Clone(second.answers)
		for _, ags := range first.participants()[:6] {
			delete(second.answers, ags)
		}
		if r := second.publish(t, first.asOther(1, path, second)); r.Trend.Suppressed || r.Trend.N != 24 {
			t.Errorf("%d changed: at first %+v", changed, r.Trend)
		}
		second.answers = all
		if r := second.publish(t, first.asOther(1, path, second)); r.Trend.Suppressed != hidden || r.Trend.N != 30 {
			t.Errorf("%d changed: %s, trend %+v", changed, shown(r), r.Trend)
		}
	}
}

// TestTrendOfTooFew: four towns in both rounds.
func TestTrendOfTooFew(t *testing.T) {
	rnd := rand.New(rand.NewSource(4))
	first := newRoundSetup(setup.Gauge(), rnd, 20, 1, 1)
	path := setup.Path(t, first.d)
	first.publish(t)
	second := first.next(rnd, path, 0, 12, 1)
	for _, ags := range first.participants()[4:] {
		delete(second.answers, ags)
	}
	r := second.publish(t, first.asOther(1, path, second))
	if tr := r.Trend; tr.N != 0 || !tr.Suppressed || tr.Reason != bench.TooFew || tr.After != nil ||
		len(tr.Sections) != 0 {
		t.Errorf("%+v", tr)
	}
}

func TestTrendSurvivesStorageAndShowsNoTown(t *testing.T) {
	first, second, path := afterRound(t, 20)
	r := second.publish(t, first.asOther(3, path, second))
	b, err := r.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	got, err := UnmarshalRelease(b)
	if err != nil || !reflect.DeepEqual(r, got) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, got, r)
	}
	for name, bad := range map[string][]byte{
		"no panel":      bytes.Replace(b, []byte(`"Panel":`), []byte(`"Other":`), 1),
		"no trend":      bytes.Replace(b, []byte(`"Trend":`), []byte(`"Other":`), 1),
		"another round": bytes.Replace(b, []byte(`"Panel":{"Round":3`), []byte(`"Panel":{"Round":4`), 1),
		"prints":        bytes.Replace(b, []byte(`"Before":["`), []byte(`"Before":["x","`), 1),
	} {
		if bytes.Equal(b, bad) {
			t.Fatalf("%s: nothing replaced", name)
		}
		if _, err := UnmarshalRelease(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	raw, out := setup.JSON(t, *r)
	trend := out["trend"].(map[string]any)
	if trend["round"] != 3.0 || trend["from"] != "1.0.0" || trend["n"] != 20.0 || trend["suppressed"] != false ||
		trend["after"] != *r.Trend.After || len(trend["sections"].([]any)) != 2 {
		t.Errorf("%v", trend)
	}
	if strings.Contains(raw, "Panel") || strings.Contains(raw, "Median") ||
		strings.Contains(raw, string(second.participants()[0])) {
		t.Error("the public JSON shows who is behind the trend")
	}
}

// TestFormatBeforeIsRead: rounds that were published before there were trends stay readable and are
// checked against.
func TestFormatBeforeIsRead(t *testing.T) {
	data, err := os.ReadFile("testdata/release-format-2.json")
	if err != nil {
		t.Fatal(err)
	}
	old, err := UnmarshalRelease(data)
	if err != nil {
		t.Fatal(err)
	}
	records := setup.Join(setup.OfDistrict("05954", 8), setup.OfDistrict("05958", 12))
	fresh := discloseNamed(t, setup.Flat(), records, map[region.AGS]Consent{records[3].AGS: {Total: true,
		Sections: true}})
	if !reflect.DeepEqual(old.Basis, fresh.Basis) || !reflect.DeepEqual(old.Named, fresh.Named) ||
		!old.Report.Rounded || fresh.Report.Rounded {
		t.Errorf("the old release reads as\n%+v\nwant\n%+v", old, fresh)
	}
	share := func(r *Release) float64 {
		g, _ := r.Report.Group("district:05954")
		n, _ := g.Node("question:q")
		return n.Options[0].Share
	}
	if share(old) != 0.38 || share(fresh) != 0.37 {
		t.Errorf("3 of 8 are %v and %v: what was published stays, what is new is cut", share(old), share(fresh))
	}
	b, err := old.MarshalBinary()
	if err != nil || !bytes.HasPrefix(b, []byte(`{"Format":4,`)) {
		t.Errorf("%v %.20s", err, b)
	}
	if again, err := UnmarshalRelease(b); err != nil || !again.Report.Rounded {
		t.Errorf("stored anew, the old release takes its figures for cut ones: %v", err)
	}
	if raw, err := json.Marshal(fresh); err != nil || bytes.Contains(raw, []byte("trend")) {
		t.Errorf("without a round before there is a trend: %s", raw)
	}
	e := OtherRound{Round: 1, Path: setup.Path(t, setup.Flat()), Releases: []Release{*old}, Records: records,
		Unchanged: map[region.AGS]shift.Unchanged{}, Shifts: map[region.AGS]shift.Shift{}}
	r, err := Disclose(Request{Definition: setup.Flat(), Records: records[1:], Groups: setup.Groups(records[1:]),
		Rules: DefaultRules(), Others: []OtherRound{e}})
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(r); got != "district:05958" { // its records are the same, by their fingerprints
		t.Errorf("shown: %s", got)
	}
}

// TestRealisticRegionKeepsItsFigures: 36 towns, two more a year later, a quarter of the answers
// changed: the whole keeps its total, its sections and most of its questions, the districts and
// size classes their totals.
func TestRealisticRegionKeepsItsFigures(t *testing.T) {
	for _, next := range []*checklist.Definition{setup.Checklist(9), setup.Next(9)} {
		rnd := rand.New(rand.NewSource(1))
		d := setup.Checklist(9)
		path := setup.Path(t, d)
		if next.Version != d.Version {
			path = setup.Path(t, d, next)
		}
		first := &roundSetup{d: d, sizes: map[region.AGS]int{}, answers: map[region.AGS]score.Answers{}}
		second := &roundSetup{d: next, sizes: map[region.AGS]int{}, answers: map[region.AGS]score.Answers{}}
		for i, r := range setup.Towns(d, 38, 8, 1) {
			first.sizes[r.AGS], second.sizes[r.AGS] = r.Population, r.Population
			second.answers[r.AGS] = setup.Answers(next, rnd, rnd.Float64())
			if i%19 == 0 {
				continue
			}
			first.answers[r.AGS] = setup.Answers(d, rnd, rnd.Float64())
			carried := path.Carry(first.answers[r.AGS])
			for _, p := range carried.Proposals {
				if p.Reason == "" && rnd.Intn(4) > 0 {
					second.answers[r.AGS][p.Question] = p.Answer
				}
			}
		}
		first.publish(t)
		plain := second.publish(t)
		second.releases = nil
		r := second.publish(t, first.asOther(1, path, second))
		questions, kept := 0, 0
		for i := range plain.Report.Groups {
			was, is := &plain.Report.Groups[i], &r.Report.Groups[i]
			for k := range was.Nodes {
				n := &was.Nodes[k]
				shown := k < len(is.Nodes) && is.Nodes[k].Points.Mean != nil
				switch {
				case n.Points.Mean == nil:
				case n.ID == bench.Total || was.ID == region.All && !n.ID.IsQuestion():
					if !shown {
						t.Errorf("%s: %s %s is gone", next.Version, was.ID, n.ID)
					}
				case was.ID == region.All:
					questions++
					if shown {
						kept++
					}
				}
			}
		}
		if kept*10 < questions*7 {
			t.Errorf("%s: %d of %d questions are left", next.Version, kept, questions)
		}
	}
}
