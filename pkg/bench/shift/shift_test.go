package shift_test

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/score"
)

// later weighs a and q1 thrice and asks q4 in b, in front of q3.
func later(mappings ...checklist.Mapping) *checklist.Definition {
	d := setup.Small()
	d.Version, d.Changes = "2.0.0", &checklist.Changes{From: "1.0.0", Questions: mappings}
	d.Sections[0].Weight, d.Sections[0].Questions[0].Weight = 3, 3
	d.Sections[1].Questions = []checklist.Question{setup.ThreeOptions("q4", 1), setup.ThreeOptions("q3", 1)}
	return d.Index()
}

// said reads "q1=g q2=- q3=m": an option, or - for not applicable.
func said(t testing.TB, text string) score.Answers {
	t.Helper()
	answers := score.Answers{}
	for len(text) > 0 {
		var q, o string
		if n, err := fmt.Sscanf(text, "%2s=%1s", &q, &o); n != 2 {
			t.Fatalf("%q: %v", text, err)
		}
		answers[checklist.QuestionID(q)] = checklist.Answer{Kind: checklist.AnswerOptions,
			Options: []checklist.OptionID{checklist.OptionID(o)}}
		if o == "-" {
			answers[checklist.QuestionID(q)] = checklist.Answer{Kind: checklist.AnswerNotApplicable,
				Text: "gibt es hier nicht"}
		}
		text = text[min(len(text), 5):]
	}
	return answers
}

const none = -1 // undefined in the tables

func shows(v *float64, percent float64) bool {
	if percent == none {
		return v == nil
	}
	return v != nil && math.Abs(100**v-percent) < 1e-9
}

func TestBetween(t *testing.T) {
	changed := func(f func(d *checklist.Definition), mappings ...checklist.Mapping) *checklist.Definition {
		d := later(mappings...)
		f(d)
		return d.Index()
	}
	ids := func(list ...checklist.QuestionID) []checklist.QuestionID { return list }
	for name, c := range map[string]struct {
		from, to                     *checklist.Definition
		before, after                string
		was, rebased, comparable, is float64 // percent
		sectionA, sectionB           [2]float64
		common                       int
		unchanged                    string // columns
	}{
		// Before a = (100 + 0) / 2, b = 50. Rebased a = (3*100 + 0) / 4 = 75, b = 50, total (3*75 +
		// 50) / 4. Comparable a = (300 + 50) / 4. After b = (50 + 0) / 2, total (3*87.5 + 25) / 4.
		"weights, a new question and a new answer": {before: "q1=g q2=k q3=m", after: "q1=g q2=m q3=m q4=k",
			was: 50, rebased: 68.75, comparable: 78.125, is: 71.875, sectionA: [2]float64{75, 87.5},
			sectionB: [2]float64{50, 50}, common: 3,
			unchanged: "section:b question:q1 question:q1#options question:q3 question:q3#options"},
		"the same answers": {before: "q1=g q2=k q3=m", after: "q1=g q2=k q3=m q4=k",
			was: 50, rebased: 68.75, comparable: 68.75, is: 62.5, sectionA: [2]float64{75, 75},
			sectionB: [2]float64{50, 50}, common: 3,
			unchanged: "total section:a section:b question:q1 question:q1#options " +
				"question:q2 question:q2#options question:q3 question:q3#options"},
		"another meaning": {to: later(checklist.Mapping{Old: ids("q3"), New: ids("q3"), Changed: true}),
			before: "q1=g q2=k q3=m", after: "q1=g q2=k q3=g q4=g",
			was: 50, rebased: 75, comparable: 75, is: 81.25, sectionA: [2]float64{75, 75},
			sectionB: [2]float64{none, none}, common: 2,
			unchanged: "total section:a question:q1 question:q1#options question:q2 question:q2#options"},
		"nothing in common": {to: later(checklist.Mapping{Old: ids("q1", "q2", "q3")}), before: "q1=g q2=k q3=m",
			after: "q1=g q2=k q3=m q4=k",
			was:   50, rebased: none, comparable: none, is: 62.5, sectionA: [2]float64{none, none},
			sectionB: [2]float64{none, none}},
		// q2 did not apply: before a = 100, now (300 + 50) / 4.
		"it applies now": {before: "q1=g q2=- q3=m", after: "q1=g q2=m q3=m q4=m",
			was: 75, rebased: 87.5, comparable: 78.125, is: 78.125, sectionA: [2]float64{100, 87.5},
			sectionB: [2]float64{50, 50}, common: 3,
			unchanged: "section:b question:q1 question:q1#options question:q3 question:q3#options"},
		// The section's only common question does not apply on one side: it is in the total of the
		// other only.
		"a section on one side": {before: "q1=g q2=g q3=-", after: "q1=g q2=g q3=k q4=k",
			was: 100, rebased: 100, comparable: 75, is: 75, sectionA: [2]float64{100, 100},
			sectionB: [2]float64{none, 0}, common: 3,
			unchanged: "section:a question:q1 question:q1#options question:q2 question:q2#options"},
		// The old option of q3 is gone: the town must answer anew, so q3 is not compared, and yet
		// its answer is another one.
		"an option is gone": {to: changed(func(d *checklist.Definition) {
			d.Sections[1].Questions[1].Options = d.Sections[1].Questions[1].Options[1:]
		}),
			before: "q1=g q2=k q3=k", after: "q1=g q2=k q3=m q4=k",
			was: 25, rebased: 75, comparable: 75, is: 62.5, sectionA: [2]float64{75, 75},
			sectionB: [2]float64{none, none}, common: 2,
			unchanged: "section:a question:q1 question:q1#options question:q2 question:q2#options"},
		// q3 now depends on the new q4: old answers cannot say if it would have been asked.
		"a condition on a new question": {to: changed(func(d *checklist.Definition) {
			d.Sections[1].Questions[1].When = &checklist.Condition{Question: "q4", AnyOf: []checklist.OptionID{"g"}}
		}), before: "q1=g q2=k q3=m", after: "q1=g q2=k q3=m q4=g",
			was: 50, rebased: 75, comparable: 75, is: 75, sectionA: [2]float64{75, 75},
			sectionB: [2]float64{none, none}, common: 2,
			unchanged: "section:a question:q1 question:q1#options " +
				"question:q2 question:q2#options question:q3 question:q3#options"},
		// q3 now depends on q2: the old answer would not have counted, and that is the rules'
		// doing.
		"a condition on a common question": {to: changed(func(d *checklist.Definition) {
			d.Sections[1].Questions[1].When = &checklist.Condition{Question: "q2", AtLeastOption: "m"}
		}), before: "q1=g q2=k q3=m", after: "q1=g q2=g q3=m q4=m",
			was: 50, rebased: 75, comparable: 87.5, is: 87.5, sectionA: [2]float64{75, 100},
			sectionB: [2]float64{none, 50}, common: 3,
			unchanged: "question:q1 question:q1#options question:q3 question:q3#options"},
		// q3 was not asked of this town; to count it as 0 would turn the new condition into an
		// improvement.
		"it was never asked": {from: func() *checklist.Definition {
			d := setup.Small()
			d.Sections[1].Questions[0].When = &checklist.Condition{Question: "q1", AtLeastOption: "g"}
			return d.Index()
		}(), before: "q1=m q2=k", after: "q1=m q2=k q3=g q4=k",
			was: 25, rebased: 37.5, comparable: 37.5, is: 40.625, sectionA: [2]float64{37.5, 37.5},
			sectionB: [2]float64{none, none}, common: 2,
			unchanged: "section:a question:q1 question:q1#options question:q2 question:q2#options"},
		// Open counts 0, and an answer that earns nothing is the same in points, but not in the
		// distribution.
		"it was open": {before: "q1=g q2=k", after: "q1=g q2=k q3=k q4=k",
			was: 25, rebased: 56.25, comparable: 56.25, is: 56.25, sectionA: [2]float64{75, 75},
			sectionB: [2]float64{0, 0}, common: 3,
			unchanged: "total section:a section:b question:q1 question:q1#options " +
				"question:q2 question:q2#options question:q3"},
		"split in halves": {to: changed(func(d *checklist.Definition) { d.Sections[1].Questions[0].ID = "q5" },
			checklist.Mapping{Old: ids("q3"), New: ids("q3", "q5")}),
			before: "q1=g q2=k q3=m", after: "q1=g q2=k q3=m q5=g",
			was: 50, rebased: 68.75, comparable: 75, is: 75, sectionA: [2]float64{75, 75},
			sectionB: [2]float64{50, 75}, common: 4,
			unchanged: "section:a question:q1 question:q1#options " +
				"question:q2 question:q2#options question:q3 question:q3#options"},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := c.from, c.to
			if from == nil {
				from = setup.Small()
			}
			if to == nil {
				to = later()
			}
			p := setup.Path(t, from, to)
			s, same := shift.NewWay(p).Between(said(t, c.before), said(t, c.after))
			if !shows(s.Before, c.was) || !shows(s.Rebased, c.rebased) || !shows(s.Comparable, c.comparable) ||
				!shows(s.After, c.is) || s.Common != c.common {
				t.Errorf("%v %v %v %v, %d common", deref(s.Before), deref(s.Rebased), deref(s.Comparable),
					deref(s.After), s.Common)
			}
			for i, want := range [][2]float64{c.sectionA, c.sectionB} {
				if got := s.Sections[i]; got.ID != to.Sections[i].ID || !shows(got.Rebased, want[0]) ||
					!shows(got.Comparable, want[1]) {
					t.Errorf("%s: %v %v, want %v", got.ID, deref(got.Rebased), deref(got.Comparable), want)
				}
			}
			if (s.Answers() == nil) != (c.rebased == none || c.comparable == none) ||
				(s.Rules() == nil) != (s.Answers() == nil) {
				t.Errorf("answers %v, rules %v", deref(s.Answers()), deref(s.Rules()))
			}
			if got := unchangedColumns(t, to, same); got != c.unchanged {
				t.Errorf("unchanged: %s\nwant       %s", got, c.unchanged)
			}
		})
	}
}

func deref(v *float64) float64 {
	if v == nil {
		return none
	}
	return 100 * *v
}

func unchangedColumns(t *testing.T, d *checklist.Definition, u shift.Unchanged) string {
	var list []string
	for _, c := range bench.Columns(bench.ComparedNodes(d)) {
		same, known := u.In(c.Key)
		if !known {
			t.Fatalf("%s is not said to be changed or not", c.Key)
		}
		if same {
			list = append(list, string(c.Key))
		}
	}
	return strings.Join(list, " ")
}

// TestWhatIsNoChange: another text, another reason, another answer where the question is not asked
// change no figure. Towns that counted as changed by them would hide the one whose score did
// change.
func TestWhatIsNoChange(t *testing.T) {
	d := setup.Small()
	d.Sections[0].Questions[1].When = &checklist.Condition{Question: "q1", AtLeastOption: "g"}
	d.Sections[1].Questions = append(d.Sections[1].Questions, checklist.Question{ID: "wort", Type: checklist.TypeText})
	d.Index()
	before, after := said(t, "q1=m q2=k q3=-"), said(t, "q1=m q2=g q3=-")
	reason := after["q3"]
	reason.Text = "gibt es hier immer noch nicht"
	after["q3"] = reason
	before["wort"], after["wort"] = checklist.Answer{Kind: checklist.AnswerText, Text: "alt"},
		checklist.Answer{Kind: checklist.AnswerText, Text: "neu"}
	p := setup.Path(t, d)
	s, same := shift.NewWay(p).Between(before, after)
	if *s.Answers() != 0 || *s.Rules() != 0 {
		t.Errorf("answers %v, rules %v", *s.Answers(), *s.Rules())
	}
	if got := unchangedColumns(t, d, same); got != "total section:a question:q1 question:q1#options" {
		t.Errorf("unchanged: %s", got) // q2 and b are undefined on both sides: nobody looks at them
	}
}

// TestShiftsAddUp: whatever changed, answers and rules are the whole change, and what has nothing
// in common moves nothing.
func TestShiftsAddUp(t *testing.T) {
	d, next := setup.Checklist(3), setup.Next(3)
	path := setup.Path(t, d, next)
	columns := bench.Columns(bench.ComparedNodes(next))
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
		s, same := shift.NewWay(path).Between(setup.Answers(d, rnd, rnd.Float64()),
			setup.Answers(next, rnd, rnd.Float64()))
		if s.Answers() != nil && math.Abs(*s.After-*s.Before-*s.Answers()-*s.Rules()) > 1e-12 {
			t.Fatalf("%v and %v do not add up to %v", *s.Answers(), *s.Rules(), *s.After-*s.Before)
		}
		for _, c := range columns {
			if _, known := same.In(c.Key); !known || len(s.Sections) != len(next.Sections) {
				t.Fatalf("%s: %v, %d sections", c.Key, known, len(s.Sections))
			}
		}
		n := 0
		for _, section := range s.Sections {
			n += section.Common
			for _, v := range []*float64{section.Rebased, section.Comparable} {
				if v != nil && (*v < 0 || *v > 1+1e-12 || section.Common == 0) {
					t.Fatalf("%+v: %v", section, *v)
				}
			}
		}
		if n != s.Common {
			t.Fatalf("sections have %d common questions, the whole %d", n, s.Common)
		}
	})
}

// TestNothingHappened: the same version and the same answers move nothing, and the rebased
// score is the old one, also through an edition in which nothing changed.
func TestNothingHappened(t *testing.T) {
	d, patch := setup.Checklist(3), setup.Checklist(3)
	patch.Version, patch.Changes = "1.0.1", &checklist.Changes{From: "1.0.0"}
	for name, path := range map[string]*carry.Path{"one version": setup.Path(t, d), "two": setup.Path(t, d, patch)} {
		rapid.Check(t, func(t *rapid.T) {
			rnd := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
			before, after := setup.Answers(d, rnd, rnd.Float64()), setup.Answers(d, rnd, rnd.Float64())
			s, same := shift.NewWay(path).Between(before, before)
			if s.Before == nil {
				return
			}
			if *s.Answers() != 0 || *s.Rules() != 0 || *s.Rebased != *s.Before || *s.Comparable != *s.After {
				t.Fatalf("%s: %+v", name, s)
			}
			record := bench.NewRecord(d, "05958004", 0, before)
			for i, node := range bench.Nodes(d)[:1+len(d.Sections)] {
				if unchanged, _ := same.In(node.PointsColumn()); unchanged == math.IsNaN(record.Values[i]) {
					t.Fatalf("%s: %s is %v, unchanged %v", name, node, record.Values[i], unchanged)
				}
			}
			if moved, _ := shift.NewWay(path).Between(before, after); moved.Answers() != nil &&
				math.Abs(*moved.Rules()) > 1e-12 {
				t.Fatalf("%s: the rules moved %v", name, *moved.Rules())
			}
		})
	}
}

// TestUnchangedIsWhatTheRecordsSay: within one version a column is unchanged exactly where both
// records hold the same value.
func TestUnchangedIsWhatTheRecordsSay(t *testing.T) {
	d := setup.Checklist(2)
	path := setup.Path(t, d)
	nodes := bench.ComparedNodes(d)
	columns := bench.Columns(nodes)
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
		before, after := setup.Answers(d, rnd, rnd.Float64()), setup.Answers(d, rnd, rnd.Float64())
		for id, a := range before {
			if rnd.Intn(4) > 0 {
				after[id] = a
			}
		}
		_, same := shift.NewWay(path).Between(before, after)
		was, is := bench.NewRecord(d, "05958004", 0, before), bench.NewRecord(d, "05958004", 0, after)
		for _, column := range columns[1:] {
			n := &nodes[column.Node]
			if !column.Has(n, &was) || !column.Has(n, &is) {
				continue
			}
			want := false
			switch column.Facet {
			case bench.Points:
				want = math.Abs(was.Values[n.Value]-is.Values[n.Value]) < 1e-9
			case bench.Unit:
				want = was.Figures[n.Figure] == is.Figures[n.Figure]
			case bench.Options:
				want = was.Chosen[n.Chosen] == is.Chosen[n.Chosen]
			}
			if unchanged, _ := same.In(column.Key); unchanged != want {
				t.Fatalf("%s: unchanged %v, the records say %v", column.Key, unchanged, want)
			}
		}
	})
}

func TestPanelMeansAddUp(t *testing.T) {
	d, next := setup.Checklist(3), setup.Next(3)
	path := setup.Path(t, d, next)
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed")))
		var shifts []shift.Shift
		var answers, rules float64
		n := 0
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			s, _ := shift.NewWay(path).Between(setup.Answers(d, rnd, rnd.Float64()),
				setup.Answers(next, rnd, rnd.Float64()))
			if rnd.Intn(6) == 0 {
				s.Before = nil // a town to which nothing applied then
			}
			if s.Before != nil && s.Answers() != nil {
				n, answers, rules = n+1, answers+*s.Answers(), rules+*s.Rules()
			}
			shifts = append(shifts, s)
		}
		p := shift.NewPanel(next, slices.Clone(shifts))
		if p.N != n || len(p.Sections) != len(next.Sections) || (p.Before.Mean == nil) != (n == 0) {
			t.Fatalf("%d of %d: %+v", p.N, n, p)
		}
		if n > 0 {
			a, r := *p.Comparable.Mean-*p.Rebased.Mean,
				*p.After.Mean-*p.Before.Mean-(*p.Comparable.Mean-*p.Rebased.Mean)
			if math.Abs(a-answers/float64(n)) > 1e-9 || math.Abs(r-rules/float64(n)) > 1e-9 {
				t.Fatalf("means move by %v and %v, towns by %v and %v", a, r, answers/float64(n), rules/float64(n))
			}
		}
	})
}

func TestPanel(t *testing.T) {
	move := func(was, rebased, comparable, is float64) shift.Shift {
		s := shiftOf(was, rebased, comparable, is)
		s.Sections = []shift.SectionShift{{ID: "a", Rebased: s.Rebased, Comparable: s.Comparable}}
		return s
	}
	undefined := move(0.9, 0.9, 0.9, 0.9)
	undefined.Before = nil
	p := shift.NewPanel(setup.Flat(), []shift.Shift{move(0.4, 0.3, 0.5, 0.6), move(0.2, 0.3, 0.3, 0.2),
		move(0.6, 0.9, 0.7, 0.7), undefined})
	for name, c := range map[string]struct {
		got          shift.Average
		mean, median float64
	}{"before": {p.Before, 0.4, 0.4}, "rebased": {p.Rebased, 0.5, 0.3}, "comparable": {p.Comparable, 0.5, 0.5},
		"after": {p.After, 0.5, 0.6}} {
		if math.Abs(*c.got.Mean-c.mean) > 1e-12 || *c.got.Median != c.median {
			t.Errorf("%s: mean %v, median %v", name, *c.got.Mean, *c.got.Median)
		}
	}
	if p.N != 3 || p.Sections[0].N != 4 || math.Abs(*p.Sections[0].Rebased.Mean-0.6) > 1e-12 {
		t.Errorf("%d towns, section %+v", p.N, p.Sections[0])
	}
}

// TestUnchangedGoesByKeys: one lookup asks two ways whose versions have their sections the other
// way round.
func TestUnchangedGoesByKeys(t *testing.T) {
	d, turned := setup.Small(), setup.Small()
	slices.Reverse(turned.Sections)
	turned.Index()
	for column, want := range map[bench.ColumnKey]bool{"question:q1": true, "question:q2": false, "question:q3": true,
		"section:a": false, "section:b": true} {
		lookup := shift.NewLookup(column)
		for _, version := range []*checklist.Definition{d, turned, d} {
			before, after := said(t, "q1=g q2=k q3=m"), said(t, "q1=g q2=m q3=m")
			_, unchanged := shift.NewWay(setup.Path(t, version)).Between(before, after)
			if same, known := lookup.In(unchanged); same != want || !known {
				t.Errorf("%s, first section %s: unchanged %v, known %v", column, version.Sections[0].ID, same, known)
			}
		}
		if _, known := lookup.In(shift.Unchanged{}); known {
			t.Errorf("%s is known of a town nothing is known of", column)
		}
	}
	if _, known := shift.NewLookup("").In(shift.Unchanged{}); known {
		t.Error("the empty column is known")
	}
}
