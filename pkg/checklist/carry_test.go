package checklist

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ortsspiegel/pkg/fault"
)

// mustPath returns a path of indexed versions.
func mustPath(t rapid.TB, versions ...*Definition) *Path {
	t.Helper()
	p, err := NewPath(versions...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func copied(answers map[QuestionID]Answer) map[QuestionID]Answer {
	c := make(map[QuestionID]Answer, len(answers))
	for id, a := range answers {
		a.Options = slices.Clone(a.Options)
		c[id] = a
	}
	return c
}

// accepted fails unless a question accepts an answer as somebody could give it.
func accepted(t rapid.TB, q *Question, a Answer) {
	t.Helper()
	var again Answer
	var err error
	switch a.Kind {
	case AnswerNotApplicable:
		again, err = q.NotApplicableAnswer(a.Text)
	case AnswerOptions:
		var ids []string
		for _, o := range a.Options {
			ids = append(ids, string(o))
		}
		again, err = q.Parse(ids)
	case AnswerNumber:
		again, err = q.Parse([]string{strings.Replace(a.Number.String(), ".", ",", 1)})
	default:
		again, err = q.Parse([]string{a.Text})
	}
	if err != nil || !again.Equal(a) {
		t.Errorf("%s does not accept %+v: %v", q.ID, a, err)
	}
}

// checkCarried holds what is true of every mapping, also of one that no linter ever saw: every
// old answer ends in exactly one outcome, and that is the one its proposals say.
func checkCarried(t rapid.TB, p *Path, answers map[QuestionID]Answer) CarriedOver {
	t.Helper()
	before := copied(answers)
	c := p.Carry(answers)
	if again := p.Carry(answers); !reflect.DeepEqual(c, again) {
		t.Errorf("carrying over twice gives %+v and %+v", c, again)
	}
	best := map[QuestionID]Outcome{}
	last := -1
	for _, r := range c.Proposals {
		q, _, ok := p.To().Question(r.Question)
		at := p.To().Ordinal(r.Question)
		if !ok || at <= last || len(r.Sources) == 0 {
			t.Fatalf("proposal %+v after question %d", r, last)
		}
		last = at
		if r.Reason != "" && !reflect.DeepEqual(r.Answer, Answer{}) {
			t.Errorf("%s is asked anew, with %+v", q.ID, r.Answer)
		}
		origin := p.Origins()[at]
		for _, o := range r.Sources {
			if !slices.Contains(origin.Sources, o) {
				t.Errorf("%s comes from %s, and not from %v", q.ID, o, origin.Sources)
			}
			if r.Reason == "" {
				best[o] = Carried
			} else if best[o] == "" {
				best[o] = Asked
			}
		}
		if r.Reason == "" {
			accepted(t, q, r.Answer)
			if origin.Anew {
				t.Errorf("%s must always be answered anew and is proposed", q.ID)
			}
		}
	}
	asked := 0
	for _, q := range p.From().Questions() {
		_, given := answers[q.ID]
		outcome, has := c.Outcomes[q.ID]
		want := best[q.ID]
		if given && want == "" {
			want = Retired
		}
		if given != has || outcome != want {
			t.Errorf("%s: outcome %q, want %q", q.ID, outcome, want)
		}
		if has {
			asked++
		}
	}
	if len(c.Outcomes) != asked {
		t.Errorf("%d outcomes of %d answers", len(c.Outcomes), asked)
	}
	for i := range c.Proposals {
		for k := range c.Proposals[i].Answer.Options {
			c.Proposals[i].Answer.Options[k] = "overwritten"
		}
	}
	if !reflect.DeepEqual(answers, before) {
		t.Errorf("the old answers were %+v and are %+v", before, answers)
	}
	return p.Carry(answers)
}

func TestCarryIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		versions := anyChain(t, rapid.IntRange(1, 4).Draw(t, "versions"))
		answers := anyAnswers(t, versions[0])
		c := checkCarried(t, mustPath(t, versions...), answers)
		if again := mustPath(t, versions...).Carry(answers); !reflect.DeepEqual(c, again) {
			t.Errorf("another path gives %+v and %+v", c, again)
		}
	})
}

// TestUnchangedCarriesEverything: whoever only waits loses nothing.
func TestUnchangedCarriesEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyChain(t, 1)[0]
		answers := anyAnswers(t, d)
		for _, p := range []*Path{mustPath(t, d), mustPath(t, d, d), mustPath(t, d, d, d)} {
			got := map[QuestionID]Answer{}
			for _, r := range checkCarried(t, p, answers).Proposals {
				got[r.Question] = r.Answer
			}
			if !reflect.DeepEqual(got, answers) {
				t.Errorf("%+v became %+v", answers, got)
			}
		}
	})
}

// TestCarryComposes goes from the first version to the third in one path, and by hand in two:
// what the first step carries over is answered, everything else stays open. What is proposed is
// the same. What must be asked anew in the first step is open in the second, so that there it
// has no answer any more; the chain must not forget it and says asked.
func TestCarryComposes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		versions := anyChain(t, 3)
		answers := anyAnswers(t, versions[0])
		first, second := mustPath(t, versions[:2]...), mustPath(t, versions[1:]...)
		whole := mustPath(t, versions...).Carry(answers)
		one := first.Carry(answers)
		between := map[QuestionID]Answer{}
		sources := map[QuestionID][]QuestionID{} // of every question of the second version with an old answer
		for _, r := range one.Proposals {
			sources[r.Question] = r.Sources
			if r.Reason == "" {
				between[r.Question] = r.Answer
			}
		}
		two := second.Carry(between)
		for i, q := range versions[2].Questions() {
			chain, carried := whole.Proposal(q.ID)
			hand, byHand := two.Proposal(q.ID)
			var from []QuestionID // old questions with an answer behind this one, by the mapping of each step
			for _, s := range second.Origins()[i].Sources {
				for _, o := range sources[s] {
					if !slices.Contains(from, o) {
						from = append(from, o)
					}
				}
			}
			switch {
			case carried != (len(from) > 0):
				t.Errorf("%s: old answers %v behind it, proposal %+v", q.ID, from, chain)
			case !carried && byHand:
				t.Errorf("%s: two steps know %+v and the chain nothing", q.ID, hand)
			case !carried:
			case !sameSet(chain.Sources, from):
				t.Errorf("%s comes from %v by the chain and from %v by two steps", q.ID, chain.Sources, from)
			case chain.Reason == "" && (!byHand || hand.Reason != "" || !hand.Answer.Equal(chain.Answer)):
				t.Errorf("%s: the chain proposes %+v, two steps %+v", q.ID, chain, hand)
			case chain.Reason != "" && byHand && hand.Reason == "":
				t.Errorf("%s: the chain asks because of %s, two steps propose %+v", q.ID, chain.Reason, hand)
			}
		}
		// and so for the outcomes: an answer that came through both steps is carried, one that lives
		// on in a question is asked, and only one whose questions are all gone is retired
		for id := range answers {
			want := Retired
			for s, olds := range sources {
				if !slices.Contains(olds, id) {
					continue
				}
				for i, q := range versions[2].Questions() {
					if !slices.Contains(second.Origins()[i].Sources, s) {
						continue
					}
					if hand, ok := two.Proposal(q.ID); ok && hand.Reason == "" && slices.Contains(hand.Sources, s) {
						want = Carried
					} else if want == Retired {
						want = Asked
					}
				}
			}
			if whole.Outcomes[id] != want {
				t.Errorf("%s is %s by the chain and %s by two steps", id, whole.Outcomes[id], want)
			}
		}
	})
}

func sameSet(a, b []QuestionID) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// TestComparedAsCarried: what the comparison says of a question agrees with what is carried over.
// Only a single step tells everything: a chain can narrow limits on its way and widen them again.
func TestComparedAsCarried(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		versions := anyChain(t, rapid.IntRange(1, 3).Draw(t, "versions"))
		p := mustPath(t, versions...)
		d := Compare(p)
		carried := checkCarried(t, p, anyAnswers(t, versions[0]))
		seen := map[QuestionID]bool{}
		for i := range d.Questions {
			q := &d.Questions[i]
			for _, old := range q.Old {
				seen[old.ID] = true
				if outcome, ok := carried.Outcomes[old.ID]; ok && (outcome == Retired) != (q.New == nil) {
					t.Errorf("%s is %s and in the comparison %v", old.ID, outcome, q.Aspects)
				}
			}
			if q.New == nil || len(q.Old) == 0 {
				continue
			}
			r, ok := carried.Proposal(q.New.ID)
			switch {
			case !ok:
			case q.Has(AspectMeaning) && r.Reason == "":
				t.Errorf("%s has another meaning and is proposed", q.New.ID)
			case len(versions) > 2:
			case q.Unchanged() && r.Reason != "":
				t.Errorf("%s is unchanged and asked because of %s", q.New.ID, r.Reason)
			case r.Reason != "" && !breaksAnswers(q):
				t.Errorf("%s is asked because of %s, and only %v changed", q.New.ID, r.Reason, q.Aspects)
			}
		}
		for _, q := range versions[0].Questions() {
			if !seen[q.ID] {
				t.Errorf("%s is not in the comparison", q.ID)
			}
		}
		if d.Class() != ClassMajor {
			for id, outcome := range carried.Outcomes {
				if outcome == Asked {
					t.Errorf("%s must be answered anew after a %s step: %v", id, d.Class(), d.Reasons())
				}
			}
		}
	})
}

// breaksAnswers reports whether an aspect tells readers that answers may have to be given anew.
func breaksAnswers(c *QuestionChange) bool {
	return slices.ContainsFunc(c.Aspects, func(a Aspect) bool { return a.Class() == ClassMajor })
}

// TestCarry has a line for each rule of the mapping: o is the old question, n the new one.
func TestCarry(t *testing.T) {
	options := func(ids ...OptionID) (list []Option) {
		for _, id := range ids {
			list = append(list, Option{ID: id, Label: german("x"), Exclusive: id == "nichts"})
		}
		return list
	}
	choice := Question{Type: TypeChoice, Options: options("a", "b", "c")}
	multi := Question{Type: TypeMulti, Options: options("a", "b", "c", "nichts")}
	number := Question{Type: TypeNumber, Min: dec("0"), Max: dec("10"), Step: dec("0.5")}
	free := Question{Type: TypeNumber}
	text := Question{Type: TypeText}
	date := Question{Type: TypeDate}
	na := Question{Type: TypeText, NotApplicable: true}
	pick := func(ids ...OptionID) Answer { return Answer{Kind: AnswerOptions, Options: ids} }
	num := func(s string) Answer { return Answer{Kind: AnswerNumber, Number: decimal.RequireFromString(s)} }
	day := func(s string) Answer { return Answer{Kind: AnswerDate, Text: s} }
	say := func(s string) Answer { return Answer{Kind: AnswerText, Text: s} }
	none := Answer{Kind: AnswerNotApplicable, Text: "gibt es hier nicht"}
	mapping := func(options map[OptionID]OptionID) *Mapping { return &Mapping{Options: options} }
	merge := func(how string) *Mapping { return &Mapping{Merge: how} }
	both := []Question{choice, choice}
	for _, tt := range []struct {
		name   string
		olds   []Question // o1, o2…; one with the id of the new question is n
		given  []Answer   // Kind 0: open
		line   *Mapping   // nil: the same id, without a line
		to     Question
		want   Answer
		reason Reason
		open   bool // no proposal at all
	}{
		{"the same", []Question{choice}, []Answer{pick("b")}, nil, choice, pick("b"), "", false},
		{"open stays open", []Question{choice}, []Answer{{}}, nil, choice, Answer{}, "", true},
		{"renamed", []Question{choice}, []Answer{pick("b")}, &Mapping{}, choice, pick("b"), "", false},
		{"options mapped", []Question{choice}, []Answer{pick("b")}, mapping(map[OptionID]OptionID{"a": "a", "b": "c", "c": "c"}), choice, pick("c"), "", false},
		{"an option the map forgot", []Question{choice}, []Answer{pick("b")}, mapping(map[OptionID]OptionID{"a": "a"}), choice, Answer{}, ReasonOption, false},
		{"an option that is gone", []Question{choice}, []Answer{pick("c")}, nil, Question{Type: TypeChoice, Options: options("a", "b")}, Answer{}, ReasonOption, false},
		{"ticks in the new order", []Question{multi}, []Answer{pick("a", "c")}, nil, Question{Type: TypeMulti, Options: options("c", "b", "a")}, pick("c", "a"), "", false},
		{"ticks mapped to one", []Question{multi}, []Answer{pick("a", "b")}, mapping(map[OptionID]OptionID{"a": "c", "b": "c"}), multi, pick("c"), "", false},
		{"ticks mapped to one that stands alone", []Question{multi}, []Answer{pick("a", "b")}, mapping(map[OptionID]OptionID{"a": "a", "b": "nichts"}), multi, Answer{}, ReasonSeveral, false},
		{"one tick to a choice", []Question{multi}, []Answer{pick("b")}, &Mapping{}, choice, pick("b"), "", false},
		{"two ticks to a choice", []Question{multi}, []Answer{pick("a", "b")}, &Mapping{}, choice, Answer{}, ReasonSeveral, false},
		{"a choice to ticks", []Question{choice}, []Answer{pick("b")}, &Mapping{}, multi, pick("b"), "", false},
		{"another meaning", []Question{choice}, []Answer{pick("b")}, &Mapping{Changed: true}, choice, Answer{}, ReasonMeaning, false},
		{"another type", []Question{choice}, []Answer{pick("b")}, &Mapping{}, number, Answer{}, ReasonType, false},
		{"a number", []Question{free}, []Answer{num("7.50")}, nil, number, num("7.5"), "", false},
		{"a number too large", []Question{free}, []Answer{num("10.5")}, nil, number, Answer{}, ReasonNumber, false},
		{"a number off the step", []Question{free}, []Answer{num("7.3")}, nil, number, Answer{}, ReasonNumber, false},
		{"a text", []Question{text}, []Answer{say("x")}, &Mapping{}, text, say("x"), "", false},
		{"a text to a number", []Question{text}, []Answer{say("7")}, &Mapping{}, free, Answer{}, ReasonType, false},
		{"a date", []Question{date}, []Answer{day("2026-01-31")}, &Mapping{}, date, day("2026-01-31"), "", false},
		{"not applicable", []Question{na}, []Answer{none}, nil, na, none, "", false},
		{"not applicable to another type", []Question{na}, []Answer{none}, &Mapping{}, Question{Type: TypeNumber, NotApplicable: true}, none, "", false},
		{"not applicable no longer", []Question{na}, []Answer{none}, nil, text, Answer{}, ReasonNotApplicable, false},
		{"the lowest", both, []Answer{pick("c"), pick("b")}, merge(MergeLowest), choice, pick("b"), "", false},
		{"the highest", both, []Answer{pick("a"), pick("b")}, merge(MergeHighest), choice, pick("b"), "", false},
		{"the lowest in the new order", both, []Answer{pick("c"), pick("b")}, merge(MergeLowest), Question{Type: TypeChoice, Options: options("c", "b", "a")}, pick("c"), "", false},
		{"the lowest, mapped", both, []Answer{pick("a"), pick("b")}, &Mapping{Merge: MergeLowest, Options: map[OptionID]OptionID{"a": "c", "b": "b", "c": "a"}}, choice, pick("b"), "", false},
		{"ask", both, []Answer{pick("a"), pick("a")}, merge(MergeAsk), choice, Answer{}, ReasonMerge, false},
		{"ask, although one does not fit", []Question{number, choice}, []Answer{num("1"), pick("a")}, merge(MergeAsk), choice, Answer{}, ReasonMerge, false},
		{"ask, although one is open", both, []Answer{{}, pick("a")}, merge(MergeAsk), choice, Answer{}, ReasonMerge, false},
		{"one of two is open", both, []Answer{pick("a"), {}}, merge(MergeLowest), choice, Answer{}, ReasonIncomplete, false},
		{"both are open", both, []Answer{{}, {}}, merge(MergeLowest), choice, Answer{}, "", true},
		{"one of two does not fit", []Question{choice, number}, []Answer{pick("a"), num("1")}, merge(MergeLowest), choice, Answer{}, ReasonType, false},
		{"the lowest number", []Question{free, free}, []Answer{num("7"), num("6.5")}, merge(MergeLowest), number, num("6.5"), "", false},
		{"the highest date", []Question{date, date}, []Answer{day("2025-12-31"), day("2026-01-01")}, merge(MergeHighest), date, day("2026-01-01"), "", false},
		{"ticked everywhere", []Question{multi, multi}, []Answer{pick("a", "b"), pick("b", "c")}, merge(MergeLowest), multi, pick("b"), "", false},
		{"ticked nowhere in common", []Question{multi, multi}, []Answer{pick("a"), pick("b")}, merge(MergeLowest), multi, Answer{}, ReasonMerge, false},
		{"ticked anywhere", []Question{multi, multi}, []Answer{pick("c"), pick("a")}, merge(MergeHighest), multi, pick("a", "c"), "", false},
		{"nothing gives way", []Question{multi, multi}, []Answer{pick("nichts"), pick("a")}, merge(MergeHighest), multi, pick("a"), "", false},
		{"nothing anywhere", []Question{multi, multi}, []Answer{pick("nichts"), pick("nichts")}, merge(MergeLowest), multi, pick("nichts"), "", false},
		{"texts that agree", []Question{text, text}, []Answer{say("x"), say("x")}, merge(MergeLowest), text, say("x"), "", false},
		{"texts that do not", []Question{text, text}, []Answer{say("x"), say("y")}, merge(MergeLowest), text, Answer{}, ReasonMerge, false},
		{"not applicable does not compete", []Question{na, na}, []Answer{none, say("x")}, merge(MergeLowest), na, say("x"), "", false},
		{"nowhere applicable", []Question{na, na}, []Answer{none, none}, merge(MergeHighest), na, none, "", false},
		{"a merge nobody described", both, []Answer{pick("a"), pick("a")}, merge("average"), choice, Answer{}, ReasonMerge, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from := &Definition{ID: "probe", Version: "1.0.0"}
			to := &Definition{ID: "probe", Version: "2.0.0", Changes: &Changes{From: "1.0.0"}}
			answers := map[QuestionID]Answer{}
			section := Section{}
			for i, q := range tt.olds {
				q.ID = QuestionID([]string{"o1", "o2"}[i])
				if tt.line == nil {
					q.ID = "n"
				} else {
					tt.line.Old = append(tt.line.Old, q.ID)
				}
				section.Questions = append(section.Questions, q)
				if tt.given[i].Kind != 0 {
					answers[q.ID] = tt.given[i]
				}
			}
			from.Sections = []Section{section}
			tt.to.ID = "n"
			to.Sections = []Section{{Questions: []Question{tt.to}}}
			if tt.line != nil {
				tt.line.New = []QuestionID{"n"}
				to.Changes.Questions = []Mapping{*tt.line}
			}
			c := checkCarried(t, mustPath(t, from.Index(), to.Index()), answers)
			got, ok := c.Proposal("n")
			switch {
			case ok == tt.open:
				t.Errorf("proposal %+v", got)
			case ok && (got.Reason != tt.reason || !got.Answer.Equal(tt.want)):
				t.Errorf("got %+v, want %+v because of %q", got, tt.want, tt.reason)
			}
		})
	}
}

// TestCarryChain follows answers through three steps: renamed and mapped, split, half of it retired.
func TestCarryChain(t *testing.T) {
	options := func(ids ...OptionID) (list []Option) {
		for _, id := range ids {
			list = append(list, Option{ID: id})
		}
		return list
	}
	version := func(v, before Version, lines []Mapping, questions ...Question) *Definition {
		d := &Definition{ID: "probe", Version: v, Sections: []Section{{Questions: questions}}}
		if before != "" {
			d.Changes = &Changes{From: before, Questions: lines}
		}
		return d.Index()
	}
	p := mustPath(t,
		version("1.0.0", "", nil, Question{ID: "a", Type: TypeChoice, Options: options("ja", "nein")}, Question{ID: "z", Type: TypeText}),
		version("1.1.0", "1.0.0", []Mapping{{Old: []QuestionID{"a"}, New: []QuestionID{"b"}, Options: map[OptionID]OptionID{"ja": "voll", "nein": "keine"}}},
			Question{ID: "b", Type: TypeChoice, Options: options("keine", "halb", "voll")}, Question{ID: "z", Type: TypeText}),
		version("2.0.0", "1.1.0", []Mapping{{Old: []QuestionID{"b"}, New: []QuestionID{"c", "d"}}, {Old: []QuestionID{"z"}}},
			Question{ID: "c", Type: TypeChoice, Options: options("keine", "halb", "voll")}, Question{ID: "d", Type: TypeChoice, Options: options("keine", "halb")}),
		version("3.0.0", "2.0.0", []Mapping{{Old: []QuestionID{"d"}}}, Question{ID: "c", Type: TypeChoice, Options: options("keine", "halb", "voll")}, Question{ID: "e", Type: TypeText}),
	)
	given := map[QuestionID]Answer{"a": {Kind: AnswerOptions, Options: []OptionID{"ja"}}, "z": {Kind: AnswerText, Text: "x"}, "unbekannt": {Kind: AnswerText, Text: "x"}}
	c := checkCarried(t, p, given)
	want := []Proposal{{Question: "c", Sources: []QuestionID{"a"}, Answer: Answer{Kind: AnswerOptions, Options: []OptionID{"voll"}}}}
	if !reflect.DeepEqual(c.Proposals, want) {
		t.Errorf("got %+v, want %+v", c.Proposals, want)
	}
	if !reflect.DeepEqual(c.Outcomes, map[QuestionID]Outcome{"a": Carried, "z": Retired}) {
		t.Errorf("outcomes %v", c.Outcomes)
	}
	if common := p.Common(); len(common) != 1 || !common["c"] {
		t.Errorf("common questions %v", common)
	}
}

// TestPathBack finds the way from what the versions say.
func TestPathBack(t *testing.T) {
	known := map[Version]*Definition{}
	for v, before := range map[Version]Version{"1.0.0": "", "1.1.0": "1.0.0", "2.0.0": "1.1.0", "3.0.0": "2.5.0", "4.0.0": "4.0.0", "5.0.0": ""} {
		d := sound()
		d.Version = v
		if before != "" {
			d.Changes = &Changes{From: before}
		}
		known[v] = d.Index()
	}
	gone := fault.New(fault.NotFound, "gone", "gone")
	get := func(v Version) (*Definition, error) {
		if d := known[v]; d != nil {
			return d, nil
		}
		return nil, gone
	}
	for _, tt := range []struct {
		from, to Version
		want     string
		code     string
	}{
		{"1.0.0", "2.0.0", "[1.0.0 1.1.0 2.0.0]", ""},
		{"1.1.0", "2.0.0", "[1.1.0 2.0.0]", ""},
		{"2.0.0", "2.0.0", "[2.0.0 2.0.0]", ""},
		{"2.0.0", "1.0.0", "", "path_unknown"},
		{"1.0.5", "2.0.0", "", "path_unknown"},
		{"2.0.0", "3.0.0", "", "gone"},
		{"1.0.0", "4.0.0", "", "path_unknown"},
		{"1.0.0", "5.0.0", "", "path_unknown"},
	} {
		p, err := PathBack(known[tt.to], tt.from, get)
		var got []Version
		if err == nil {
			for _, d := range p.Versions() {
				got = append(got, d.Version)
			}
			if fmt.Sprint(got) != tt.want {
				t.Errorf("%s to %s: %v, want %s", tt.from, tt.to, got, tt.want)
			}
		}
		if f := fault.As(err); tt.code != "" && (f == nil || f.Code != tt.code) || tt.code == "" && err != nil {
			t.Errorf("%s to %s: %v, want %q", tt.from, tt.to, err, tt.code)
		}
	}
}

// TestOrigins follows questions through two steps: m changes its meaning in the first, p is merged
// with what was new, k and l are merged and asked, a and b merged by the lowest.
func TestOrigins(t *testing.T) {
	version := func(v, before Version, lines []Mapping, ids ...QuestionID) *Definition {
		d := &Definition{ID: "probe", Version: v, Sections: []Section{{}}}
		for _, id := range ids {
			d.Sections[0].Questions = append(d.Sections[0].Questions, Question{ID: id, Type: TypeNumber})
		}
		if before != "" {
			d.Changes = &Changes{From: before, Questions: lines}
		}
		return d.Index()
	}
	merged := func(new, how string, old ...QuestionID) Mapping {
		return Mapping{Old: old, New: []QuestionID{QuestionID(new)}, Merge: how}
	}
	p := mustPath(t,
		version("1.0.0", "", nil, "m", "p", "k", "l", "a", "b", "same"),
		version("2.0.0", "1.0.0", []Mapping{{Old: []QuestionID{"m"}, New: []QuestionID{"m"}, Changed: true}, merged("kl", MergeAsk, "k", "l")},
			"m", "p", "kl", "a", "b", "same", "new", "newer"),
		version("3.0.0", "2.0.0", []Mapping{merged("ab", MergeLowest, "b", "a"), merged("p", MergeHighest, "p", "new"), merged("fresh", MergeLowest, "newer")},
			"fresh", "m", "p", "kl", "ab", "same", "last"),
	)
	want := []Origin{{}, {[]QuestionID{"m"}, true}, {[]QuestionID{"p"}, true}, {[]QuestionID{"k", "l"}, true}, {[]QuestionID{"a", "b"}, false}, {[]QuestionID{"same"}, false}, {}}
	if got := p.Origins(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := p.Common(); !reflect.DeepEqual(got, map[QuestionID]bool{"ab": true, "same": true}) {
		t.Errorf("common questions %v", got)
	}
	if got, want := compared(Compare(p)), "major: meaning m, meaning p, merged kl, merged ab, new fresh, new last"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestWhatTheLinterWouldRefuse: checklists that were stored before a rule was made keep working.
func TestWhatTheLinterWouldRefuse(t *testing.T) {
	one, two := sound(), sound()
	one.Version, two.Version = "1.0.0", "2.0.0"
	other := two.Sections[0].Questions[0]
	other.ID = "d"
	two.Sections[0].Questions = append(two.Sections[0].Questions, other)
	two.Changes = &Changes{From: "1.0.0", Questions: []Mapping{
		line("c", "d"), // and c stands there too: its answers go where the line says
		line("c", "m"), // the first line holds, and m comes from nowhere
		line("", "x"), line("xy", "nz"), line("t", "dn"),
	}}
	p := mustPath(t, one.Index(), two.Index())
	var got []string
	for i, o := range p.Origins() {
		got = append(got, fmt.Sprint(p.To().Questions()[i].ID, o.Sources))
	}
	if want := []string{"c[]", "m[]", "n[]", "t[]", "d[c]"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	checkCarried(t, p, map[QuestionID]Answer{
		"c": {Kind: AnswerOptions, Options: []OptionID{"ja"}}, "m": {Kind: AnswerOptions}, "n": {Kind: AnswerText, Text: "x"}, "t": {},
	})
	Compare(p)
}

// TestPathIsRefused: no path without versions that follow one another.
func TestPathIsRefused(t *testing.T) {
	one, two, other := sound(), sound(), sound()
	two.Version, two.Changes = "2.0.0", &Changes{From: one.Version}
	other.ID = "other"
	silent := sound()
	silent.Version = "3.0.0"
	for name, versions := range map[string][]*Definition{
		"nothing": nil, "backwards": {two.Index(), one.Index()}, "another checklist": {one, other.Index()}, "without changes": {two, silent.Index()}, "one left out": {one, two, silent},
	} {
		if p, err := NewPath(versions...); err == nil {
			t.Errorf("%s: %v", name, p.Versions())
		}
	}
	if p := mustPath(t, one, two); p.From() != one || p.To() != two || len(p.Versions()) != 2 {
		t.Error("the ends of the path are others")
	}
}
