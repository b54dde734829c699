package carry_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/checklisttest"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/fault"
)

func copied(answers map[checklist.QuestionID]checklist.Answer) map[checklist.QuestionID]checklist.Answer {
	c := make(map[checklist.QuestionID]checklist.Answer, len(answers))
	for id, a := range answers {
		a.Options = slices.Clone(a.Options)
		c[id] = a
	}
	return c
}

// accepted fails unless a question accepts an answer as somebody could give it.
func accepted(t rapid.TB, q *checklist.Question, a checklist.Answer) {
	t.Helper()
	var again checklist.Answer
	var err error
	switch a.Kind {
	case checklist.AnswerNotApplicable:
		again, err = q.NotApplicableAnswer(a.Text)
	case checklist.AnswerOptions:
		var ids []string
		for _, o := range a.Options {
			ids = append(ids, string(o))
		}
		again, err = q.Parse(ids)
	case checklist.AnswerNumber:
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
func checkCarried(t rapid.TB, p *carry.Path, answers map[checklist.QuestionID]checklist.Answer) carry.CarriedOver {
	t.Helper()
	before := copied(answers)
	c := p.Carry(answers)
	if again := p.Carry(answers); !reflect.DeepEqual(c, again) {
		t.Errorf("carrying over twice gives %+v and %+v", c, again)
	}
	best := map[checklist.QuestionID]carry.Outcome{}
	last := -1
	for _, r := range c.Proposals {
		q, _, ok := p.To().Question(r.Question)
		at := p.To().Ordinal(r.Question)
		if !ok || at <= last || len(r.Sources) == 0 {
			t.Fatalf("proposal %+v after question %d", r, last)
		}
		last = at
		if r.Reason != "" && !reflect.DeepEqual(r.Answer, checklist.Answer{}) {
			t.Errorf("%s is asked anew, with %+v", q.ID, r.Answer)
		}
		origin := p.Origins()[at]
		for _, o := range r.Sources {
			if !slices.Contains(origin.Sources, o) {
				t.Errorf("%s comes from %s, and not from %v", q.ID, o, origin.Sources)
			}
			if r.Reason == "" {
				best[o] = carry.Carried
			} else if best[o] == "" {
				best[o] = carry.Asked
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
			want = carry.Retired
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
		versions := checklisttest.AnyChain(t, rapid.IntRange(1, 4).Draw(t, "versions"))
		answers := checklisttest.AnyAnswers(t, versions[0])
		c := checkCarried(t, checklisttest.Path(t, versions...), answers)
		if again := checklisttest.Path(t, versions...).Carry(answers); !reflect.DeepEqual(c, again) {
			t.Errorf("another path gives %+v and %+v", c, again)
		}
	})
}

// TestUnchangedCarriesEverything: whoever only waits loses nothing.
func TestUnchangedCarriesEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := checklisttest.AnyChain(t, 1)[0]
		answers := checklisttest.AnyAnswers(t, d)
		for _, p := range []*carry.Path{checklisttest.Path(t, d), checklisttest.Path(t, d, d),
			checklisttest.Path(t, d, d, d)} {
			got := map[checklist.QuestionID]checklist.Answer{}
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
		versions := checklisttest.AnyChain(t, 3)
		answers := checklisttest.AnyAnswers(t, versions[0])
		first, second := checklisttest.Path(t, versions[:2]...), checklisttest.Path(t, versions[1:]...)
		whole := checklisttest.Path(t, versions...).Carry(answers)
		one := first.Carry(answers)
		between := map[checklist.QuestionID]checklist.Answer{}
		// of every question of the second version with an old answer
		sources := map[checklist.QuestionID][]checklist.QuestionID{}
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
			var from []checklist.QuestionID // old questions with an answer behind this one, by the mapping of each step
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
			want := carry.Retired
			for s, olds := range sources {
				if !slices.Contains(olds, id) {
					continue
				}
				for i, q := range versions[2].Questions() {
					if !slices.Contains(second.Origins()[i].Sources, s) {
						continue
					}
					if hand, ok := two.Proposal(q.ID); ok && hand.Reason == "" && slices.Contains(hand.Sources, s) {
						want = carry.Carried
					} else if want == carry.Retired {
						want = carry.Asked
					}
				}
			}
			if whole.Outcomes[id] != want {
				t.Errorf("%s is %s by the chain and %s by two steps", id, whole.Outcomes[id], want)
			}
		}
	})
}

func sameSet(a, b []checklist.QuestionID) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// TestComparedAsCarried: what the comparison says of a question agrees with what is carried over.
// Only a single step tells everything: a chain can narrow limits on its way and widen them again.
func TestComparedAsCarried(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		versions := checklisttest.AnyChain(t, rapid.IntRange(1, 3).Draw(t, "versions"))
		p := checklisttest.Path(t, versions...)
		d := compare.Compare(p)
		carried := checkCarried(t, p, checklisttest.AnyAnswers(t, versions[0]))
		seen := map[checklist.QuestionID]bool{}
		for i := range d.Questions {
			q := &d.Questions[i]
			for _, old := range q.Old {
				seen[old.ID] = true
				if outcome, ok := carried.Outcomes[old.ID]; ok && (outcome == carry.Retired) != (q.New == nil) {
					t.Errorf("%s is %s and in the comparison %v", old.ID, outcome, q.Aspects)
				}
			}
			if q.New == nil || len(q.Old) == 0 {
				continue
			}
			r, ok := carried.Proposal(q.New.ID)
			switch {
			case !ok:
			case q.Has(compare.AspectMeaning) && r.Reason == "":
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
		if d.Class() != compare.ClassMajor {
			for id, outcome := range carried.Outcomes {
				if outcome == carry.Asked {
					t.Errorf("%s must be answered anew after a %s step: %v", id, d.Class(), d.Reasons())
				}
			}
		}
	})
}

// breaksAnswers reports whether an aspect tells readers that answers may have to be given anew.
func breaksAnswers(c *compare.QuestionChange) bool {
	return slices.ContainsFunc(c.Aspects, func(a compare.Aspect) bool { return a.Class() == compare.ClassMajor })
}

// TestCarry has a line for each rule of the mapping: o is the old question, n the new one.
func TestCarry(t *testing.T) {
	options := func(ids ...checklist.OptionID) (list []checklist.Option) {
		for _, id := range ids {
			list = append(list, checklist.Option{ID: id, Label: checklisttest.German("x"), Exclusive: id == "nichts"})
		}
		return list
	}
	choice := checklist.Question{Type: checklist.TypeChoice, Options: options("a", "b", "c")}
	multi := checklist.Question{Type: checklist.TypeMulti, Options: options("a", "b", "c", "nichts")}
	number := checklist.Question{Type: checklist.TypeNumber, Min: checklisttest.Decimal("0"),
		Max: checklisttest.Decimal("10"), Step: checklisttest.Decimal("0.5")}
	free := checklist.Question{Type: checklist.TypeNumber}
	text := checklist.Question{Type: checklist.TypeText}
	date := checklist.Question{Type: checklist.TypeDate}
	na := checklist.Question{Type: checklist.TypeText, NotApplicable: true}
	pick := func(ids ...checklist.OptionID) checklist.Answer {
		return checklist.Answer{Kind: checklist.AnswerOptions, Options: ids}
	}
	num := func(s string) checklist.Answer {
		return checklist.Answer{Kind: checklist.AnswerNumber, Number: decimal.RequireFromString(s)}
	}
	day := func(s string) checklist.Answer { return checklist.Answer{Kind: checklist.AnswerDate, Text: s} }
	say := func(s string) checklist.Answer { return checklist.Answer{Kind: checklist.AnswerText, Text: s} }
	none := checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "gibt es hier nicht"}
	mapping := func(options map[checklist.OptionID]checklist.OptionID) *checklist.Mapping {
		return &checklist.Mapping{Options: options}
	}
	merge := func(how string) *checklist.Mapping { return &checklist.Mapping{Merge: how} }
	both := []checklist.Question{choice, choice}
	for _, tt := range []struct {
		name   string
		olds   []checklist.Question // o1, o2…; one with the id of the new question is n
		given  []checklist.Answer   // Kind 0: open
		line   *checklist.Mapping   // nil: the same id, without a line
		to     checklist.Question
		want   checklist.Answer
		reason carry.Reason
		open   bool // no proposal at all
	}{
		{"the same", []checklist.Question{choice}, []checklist.Answer{pick("b")}, nil, choice, pick("b"), "", false},
		{"open stays open", []checklist.Question{choice}, []checklist.Answer{{}}, nil, choice, checklist.Answer{}, "",
			true},
		{"renamed", []checklist.Question{choice}, []checklist.Answer{pick("b")}, &checklist.Mapping{}, choice,
			pick("b"), "", false},
		{"options mapped", []checklist.Question{choice}, []checklist.Answer{pick("b")},
			mapping(map[checklist.OptionID]checklist.OptionID{"a": "a", "b": "c", "c": "c"}), choice, pick("c"), "",
			false},
		{"an option the map forgot", []checklist.Question{choice}, []checklist.Answer{pick("b")},
			mapping(map[checklist.OptionID]checklist.OptionID{"a": "a"}), choice, checklist.Answer{},
			carry.ReasonOption, false},
		{"an option that is gone", []checklist.Question{choice}, []checklist.Answer{pick("c")}, nil,
			checklist.Question{Type: checklist.TypeChoice, Options: options("a", "b")}, checklist.Answer{},
			carry.ReasonOption, false},
		{"ticks in the new order", []checklist.Question{multi}, []checklist.Answer{pick("a", "c")}, nil,
			checklist.Question{Type: checklist.TypeMulti, Options: options("c", "b", "a")}, pick("c", "a"), "", false},
		{"ticks mapped to one", []checklist.Question{multi}, []checklist.Answer{pick("a", "b")},
			mapping(map[checklist.OptionID]checklist.OptionID{"a": "c", "b": "c"}), multi, pick("c"), "", false},
		{"ticks mapped to one that stands alone", []checklist.Question{multi}, []checklist.Answer{pick("a", "b")},
			mapping(map[checklist.OptionID]checklist.OptionID{"a": "a", "b": "nichts"}), multi, checklist.Answer{},
			carry.ReasonSeveral, false},
		{"one tick to a choice", []checklist.Question{multi}, []checklist.Answer{pick("b")}, &checklist.Mapping{},
			choice, pick("b"), "", false},
		{"two ticks to a choice", []checklist.Question{multi}, []checklist.Answer{pick("a", "b")},
			&checklist.Mapping{}, choice, checklist.Answer{}, carry.ReasonSeveral, false},
		{"a choice to ticks", []checklist.Question{choice}, []checklist.Answer{pick("b")}, &checklist.Mapping{}, multi,
			pick("b"), "", false},
		{"another meaning", []checklist.Question{choice}, []checklist.Answer{pick("b")},
			&checklist.Mapping{Changed: true}, choice, checklist.Answer{}, carry.ReasonMeaning, false},
		{"another type", []checklist.Question{choice}, []checklist.Answer{pick("b")}, &checklist.Mapping{}, number,
			checklist.Answer{}, carry.ReasonType, false},
		{"a number", []checklist.Question{free}, []checklist.Answer{num("7.50")}, nil, number, num("7.5"), "", false},
		{"a number too large", []checklist.Question{free}, []checklist.Answer{num("10.5")}, nil, number,
			checklist.Answer{}, carry.ReasonNumber, false},
		{"a number off the step", []checklist.Question{free}, []checklist.Answer{num("7.3")}, nil, number,
			checklist.Answer{}, carry.ReasonNumber, false},
		{"a text", []checklist.Question{text}, []checklist.Answer{say("x")}, &checklist.Mapping{}, text, say("x"), "",
			false},
		{"a text to a number", []checklist.Question{text}, []checklist.Answer{say("7")}, &checklist.Mapping{}, free,
			checklist.Answer{}, carry.ReasonType, false},
		{"a date", []checklist.Question{date}, []checklist.Answer{day("2026-01-31")}, &checklist.Mapping{}, date,
			day("2026-01-31"), "", false},
		{"not applicable", []checklist.Question{na}, []checklist.Answer{none}, nil, na, none, "", false},
		{"not applicable to another type", []checklist.Question{na}, []checklist.Answer{none}, &checklist.Mapping{},
			checklist.Question{Type: checklist.TypeNumber, NotApplicable: true}, none, "", false},
		{"not applicable no longer", []checklist.Question{na}, []checklist.Answer{none}, nil, text, checklist.Answer{},
			carry.ReasonNotApplicable, false},
		{"the lowest", both, []checklist.Answer{pick("c"), pick("b")}, merge(checklist.MergeLowest), choice, pick("b"),
			"", false},
		{"the highest", both, []checklist.Answer{pick("a"), pick("b")}, merge(checklist.MergeHighest), choice,
			pick("b"), "", false},
		{"the lowest in the new order", both, []checklist.Answer{pick("c"), pick("b")}, merge(checklist.MergeLowest),
			checklist.Question{Type: checklist.TypeChoice, Options: options("c", "b", "a")}, pick("c"), "", false},
		{"the lowest, mapped", both, []checklist.Answer{pick("a"), pick("b")},
			&checklist.Mapping{Merge: checklist.MergeLowest,
				Options: map[checklist.OptionID]checklist.OptionID{"a": "c", "b": "b", "c": "a"}}, choice, pick("b"),
			"", false},
		{"ask", both, []checklist.Answer{pick("a"), pick("a")}, merge(checklist.MergeAsk), choice, checklist.Answer{},
			carry.ReasonMerge, false},
		{"ask, although one does not fit", []checklist.Question{number, choice},
			[]checklist.Answer{num("1"), pick("a")}, merge(checklist.MergeAsk), choice, checklist.Answer{},
			carry.ReasonMerge, false},
		{"ask, although one is open", both, []checklist.Answer{{}, pick("a")}, merge(checklist.MergeAsk), choice,
			checklist.Answer{}, carry.ReasonMerge, false},
		{"one of two is open", both, []checklist.Answer{pick("a"), {}}, merge(checklist.MergeLowest), choice,
			checklist.Answer{}, carry.ReasonIncomplete, false},
		{"both are open", both, []checklist.Answer{{}, {}}, merge(checklist.MergeLowest), choice, checklist.Answer{},
			"", true},
		{"one of two does not fit", []checklist.Question{choice, number}, []checklist.Answer{pick("a"), num("1")},
			merge(checklist.MergeLowest), choice, checklist.Answer{}, carry.ReasonType, false},
		{"the lowest number", []checklist.Question{free, free}, []checklist.Answer{num("7"), num("6.5")},
			merge(checklist.MergeLowest), number, num("6.5"), "", false},
		{"the highest date", []checklist.Question{date, date},
			[]checklist.Answer{day("2025-12-31"), day("2026-01-01")}, merge(checklist.MergeHighest), date,
			day("2026-01-01"), "", false},
		{"ticked everywhere", []checklist.Question{multi, multi}, []checklist.Answer{pick("a", "b"), pick("b", "c")},
			merge(checklist.MergeLowest), multi, pick("b"), "", false},
		{"ticked nowhere in common", []checklist.Question{multi, multi}, []checklist.Answer{pick("a"), pick("b")},
			merge(checklist.MergeLowest), multi, checklist.Answer{}, carry.ReasonMerge, false},
		{"ticked anywhere", []checklist.Question{multi, multi}, []checklist.Answer{pick("c"), pick("a")},
			merge(checklist.MergeHighest), multi, pick("a", "c"), "", false},
		{"nothing gives way", []checklist.Question{multi, multi}, []checklist.Answer{pick("nichts"), pick("a")},
			merge(checklist.MergeHighest), multi, pick("a"), "", false},
		{"nothing anywhere", []checklist.Question{multi, multi}, []checklist.Answer{pick("nichts"), pick("nichts")},
			merge(checklist.MergeLowest), multi, pick("nichts"), "", false},
		{"texts that agree", []checklist.Question{text, text}, []checklist.Answer{say("x"), say("x")},
			merge(checklist.MergeLowest), text, say("x"), "", false},
		{"texts that do not", []checklist.Question{text, text}, []checklist.Answer{say("x"), say("y")},
			merge(checklist.MergeLowest), text, checklist.Answer{}, carry.ReasonMerge, false},
		{"not applicable does not compete", []checklist.Question{na, na}, []checklist.Answer{none, say("x")},
			merge(checklist.MergeLowest), na, say("x"), "", false},
		{"nowhere applicable", []checklist.Question{na, na}, []checklist.Answer{none, none},
			merge(checklist.MergeHighest), na, none, "", false},
		{"a merge nobody described", both, []checklist.Answer{pick("a"), pick("a")}, merge("average"), choice,
			checklist.Answer{}, carry.ReasonMerge, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from := &checklist.Definition{ID: "probe", Version: "1.0.0"}
			to := &checklist.Definition{ID: "probe", Version: "2.0.0", Changes: &checklist.Changes{From: "1.0.0"}}
			answers := map[checklist.QuestionID]checklist.Answer{}
			section := checklist.Section{}
			for i, q := range tt.olds {
				q.ID = checklist.QuestionID([]string{"o1", "o2"}[i])
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
			from.Sections = []checklist.Section{section}
			tt.to.ID = "n"
			to.Sections = []checklist.Section{{Questions: []checklist.Question{tt.to}}}
			if tt.line != nil {
				tt.line.New = []checklist.QuestionID{"n"}
				to.Changes.Questions = []checklist.Mapping{*tt.line}
			}
			c := checkCarried(t, checklisttest.Path(t, from.Index(), to.Index()), answers)
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
	options := func(ids ...checklist.OptionID) (list []checklist.Option) {
		for _, id := range ids {
			list = append(list, checklist.Option{ID: id})
		}
		return list
	}
	version := func(v, before checklist.Version, lines []checklist.Mapping,
		questions ...checklist.Question) *checklist.Definition {
		d := &checklist.Definition{ID: "probe", Version: v, Sections: []checklist.Section{{Questions: questions}}}
		if before != "" {
			d.Changes = &checklist.Changes{From: before, Questions: lines}
		}
		return d.Index()
	}
	p := checklisttest.Path(t,
		version("1.0.0", "", nil, checklist.Question{ID: "a", Type: checklist.TypeChoice,
			Options: options("ja", "nein")}, checklist.Question{ID: "z", Type: checklist.TypeText}),
		version("1.1.0", "1.0.0", []checklist.Mapping{{Old: []checklist.QuestionID{"a"},
			New: []checklist.QuestionID{"b"}, Options: map[checklist.OptionID]checklist.OptionID{"ja": "voll",
				"nein": "keine"}}},
			checklist.Question{ID: "b", Type: checklist.TypeChoice, Options: options("keine", "halb", "voll")},
			checklist.Question{ID: "z", Type: checklist.TypeText}),
		version("2.0.0", "1.1.0", []checklist.Mapping{{Old: []checklist.QuestionID{"b"},
			New: []checklist.QuestionID{"c", "d"}}, {Old: []checklist.QuestionID{"z"}}},
			checklist.Question{ID: "c", Type: checklist.TypeChoice, Options: options("keine", "halb", "voll")},
			checklist.Question{ID: "d", Type: checklist.TypeChoice, Options: options("keine", "halb")}),
		version("3.0.0", "2.0.0", []checklist.Mapping{{Old: []checklist.QuestionID{"d"}}},
			checklist.Question{ID: "c", Type: checklist.TypeChoice, Options: options("keine", "halb", "voll")},
			checklist.Question{ID: "e", Type: checklist.TypeText}),
	)
	given := map[checklist.QuestionID]checklist.Answer{"a": {Kind: checklist.AnswerOptions,
		Options: []checklist.OptionID{"ja"}}, "z": {Kind: checklist.AnswerText, Text: "x"},
		"unbekannt": {Kind: checklist.AnswerText, Text: "x"}}
	c := checkCarried(t, p, given)
	want := []carry.Proposal{{Question: "c", Sources: []checklist.QuestionID{"a"},
		Answer: checklist.Answer{Kind: checklist.AnswerOptions, Options: []checklist.OptionID{"voll"}}}}
	if !reflect.DeepEqual(c.Proposals, want) {
		t.Errorf("got %+v, want %+v", c.Proposals, want)
	}
	if !reflect.DeepEqual(c.Outcomes, map[checklist.QuestionID]carry.Outcome{"a": carry.Carried, "z": carry.Retired}) {
		t.Errorf("outcomes %v", c.Outcomes)
	}
	if common := p.Common(); len(common) != 1 || !common["c"] {
		t.Errorf("common questions %v", common)
	}
}

// TestPathBack finds the way from what the versions say.
func TestPathBack(t *testing.T) {
	known := map[checklist.Version]*checklist.Definition{}
	for v, before := range map[checklist.Version]checklist.Version{"1.0.0": "", "1.1.0": "1.0.0", "2.0.0": "1.1.0",
		"3.0.0": "2.5.0", "4.0.0": "4.0.0", "5.0.0": ""} {
		d := checklisttest.Sound()
		d.Version = v
		if before != "" {
			d.Changes = &checklist.Changes{From: before}
		}
		known[v] = d.Index()
	}
	gone := fault.New(fault.NotFound, "gone", "gone")
	get := func(v checklist.Version) (*checklist.Definition, error) {
		if d := known[v]; d != nil {
			return d, nil
		}
		return nil, gone
	}
	for _, tt := range []struct {
		from, to checklist.Version
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
		p, err := carry.PathBack(known[tt.to], tt.from, get)
		var got []checklist.Version
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
	version := func(v, before checklist.Version, lines []checklist.Mapping,
		ids ...checklist.QuestionID) *checklist.Definition {
		d := &checklist.Definition{ID: "probe", Version: v, Sections: []checklist.Section{{}}}
		for _, id := range ids {
			d.Sections[0].Questions = append(d.Sections[0].Questions,
				checklist.Question{ID: id, Type: checklist.TypeNumber})
		}
		if before != "" {
			d.Changes = &checklist.Changes{From: before, Questions: lines}
		}
		return d.Index()
	}
	merged := func(new, how string, old ...checklist.QuestionID) checklist.Mapping {
		return checklist.Mapping{Old: old, New: []checklist.QuestionID{checklist.QuestionID(new)}, Merge: how}
	}
	p := checklisttest.Path(t,
		version("1.0.0", "", nil, "m", "p", "k", "l", "a", "b", "same"),
		version("2.0.0", "1.0.0", []checklist.Mapping{{Old: []checklist.QuestionID{"m"},
			New: []checklist.QuestionID{"m"}, Changed: true}, merged("kl", checklist.MergeAsk, "k", "l")},
			"m", "p", "kl", "a", "b", "same", "new", "newer"),
		version("3.0.0", "2.0.0", []checklist.Mapping{merged("ab", checklist.MergeLowest, "b", "a"),
			merged("p", checklist.MergeHighest, "p", "new"), merged("fresh", checklist.MergeLowest, "newer")},
			"fresh", "m", "p", "kl", "ab", "same", "last"),
	)
	want := []carry.Origin{{}, {Sources: []checklist.QuestionID{"m"}, Anew: true},
		{Sources: []checklist.QuestionID{"p"}, Anew: true}, {Sources: []checklist.QuestionID{"k", "l"}, Anew: true},
		{Sources: []checklist.QuestionID{"a", "b"}, Anew: false}, {Sources: []checklist.QuestionID{"same"},
			Anew: false}, {}}
	if got := p.Origins(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := p.Common(); !reflect.DeepEqual(got, map[checklist.QuestionID]bool{"ab": true, "same": true}) {
		t.Errorf("common questions %v", got)
	}
	if got, want := checklisttest.Compared(compare.Compare(p)),
		"major: meaning m, meaning p, merged kl, merged ab, new fresh, new last"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestWhatTheLinterWouldRefuse: checklists that were stored before a rule was made keep working.
func TestWhatTheLinterWouldRefuse(t *testing.T) {
	one, two := checklisttest.Sound(), checklisttest.Sound()
	one.Version, two.Version = "1.0.0", "2.0.0"
	other := two.Sections[0].Questions[0]
	other.ID = "d"
	two.Sections[0].Questions = append(two.Sections[0].Questions, other)
	two.Changes = &checklist.Changes{From: "1.0.0", Questions: []checklist.Mapping{
		checklisttest.Line("c", "d"), // and c stands there too: its answers go where the line says
		checklisttest.Line("c", "m"), // the first line holds, and m comes from nowhere
		checklisttest.Line("", "x"), checklisttest.Line("xy", "nz"), checklisttest.Line("t", "dn"),
	}}
	p := checklisttest.Path(t, one.Index(), two.Index())
	var got []string
	for i, o := range p.Origins() {
		got = append(got, fmt.Sprint(p.To().Questions()[i].ID, o.Sources))
	}
	if want := []string{"c[]", "m[]", "n[]", "t[]", "d[c]"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	checkCarried(t, p, map[checklist.QuestionID]checklist.Answer{
		"c": {Kind: checklist.AnswerOptions, Options: []checklist.OptionID{"ja"}},
		"m": {Kind: checklist.AnswerOptions}, "n": {Kind: checklist.AnswerText, Text: "x"}, "t": {},
	})
	compare.Compare(p)
}

// TestPathIsRefused: no path without versions that follow one another.
func TestPathIsRefused(t *testing.T) {
	one, two, other := checklisttest.Sound(), checklisttest.Sound(), checklisttest.Sound()
	two.Version, two.Changes = "2.0.0", &checklist.Changes{From: one.Version}
	other.ID = "other"
	silent := checklisttest.Sound()
	silent.Version = "3.0.0"
	for name, versions := range map[string][]*checklist.Definition{
		"nothing": nil, "backwards": {two.Index(), one.Index()}, "another checklist": {one, other.Index()},
		"without changes": {two, silent.Index()}, "one left out": {one, two, silent},
	} {
		if p, err := carry.NewPath(versions...); err == nil {
			t.Errorf("%s: %v", name, p.Versions())
		}
	}
	if p := checklisttest.Path(t, one, two); p.From() != one || p.To() != two || len(p.Versions()) != 2 {
		t.Error("the ends of the path are others")
	}
}
