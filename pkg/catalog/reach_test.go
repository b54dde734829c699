package catalog

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
)

// TestReachabilityAgainstAllAnswers compares what Validate says about conditions that can never
// be true with what the scoring does for every possible set of answers.
func TestReachabilityAgainstAllAnswers(t *testing.T) {
	never, sometimes := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := conditional(t)
		reached := map[checklist.QuestionID]bool{}
		answers := score.Answers{}
		every(d, 0, answers, func() {
			for i, s := range score.States(d, answers) {
				if s != score.Inactive {
					reached[d.Questions()[i].ID] = true
				}
			}
		})
		reported := map[string]bool{}
		for _, i := range checklist.Validate(d) {
			switch i.Code {
			case checklist.CodeWhenUnreachable:
				reported[i.Path] = true
			case checklist.CodeOptionUnreachable, checklist.CodeWhenRepeated:
			default:
				t.Fatalf("the made checklist is wrong: %+v", i)
			}
		}
		for j, q := range d.Questions() {
			path := fmt.Sprintf("sections[0].questions[%d].when", j)
			// what depends on an unreachable question alone is reported only once its cause is corrected
			cause := dependsOnReported(d, q.When, reported)
			if reported[path] == reached[q.ID] && !cause {
				t.Fatalf("%s: reported %v, reached %v: %+v", q.ID, reported[path], reached[q.ID], q.When)
			}
			if reported[path] {
				never++
			} else {
				sometimes++
			}
		}
	})
	if never < 10 || sometimes < 100 {
		t.Errorf("%d conditions were never true and %d sometimes: too few of one kind", never, sometimes)
	}
}

func dependsOnReported(d *checklist.Definition, c *checklist.Condition, reported map[string]bool) bool {
	if c == nil {
		return false
	}
	deeper := func(c checklist.Condition) bool { return dependsOnReported(d, &c, reported) }
	if c.Question != "" {
		q, _, _ := d.Question(c.Question)
		return reported[fmt.Sprintf("sections[0].questions[%d].when", d.Ordinal(c.Question))] || dependsOnReported(d, q.When, reported)
	}
	return slices.ContainsFunc(c.All, deeper) || slices.ContainsFunc(c.Any, deeper) || dependsOnReported(d, c.Not, reported)
}

func label(s string) checklist.Text {
	return checklist.NewText("de", map[checklist.Lang]string{"de": s})
}

// conditional makes a checklist of a choice, a multi and a number question and some that look at them.
func conditional(t *rapid.T) *checklist.Definition {
	points := 100.0
	options := func(exclusive bool) []checklist.Option {
		var list []checklist.Option
		for _, id := range []checklist.OptionID{"a", "b", "c"} {
			list = append(list, checklist.Option{ID: id, Label: label("x"), Points: &points})
		}
		list[2].Exclusive = exclusive
		return list
	}
	zero, four, two := decimal.Zero, decimal.NewFromInt(4), decimal.NewFromInt(2)
	questions := []checklist.Question{
		{ID: "c1", Type: checklist.TypeChoice, Options: options(false)},
		{ID: "m1", Type: checklist.TypeMulti, Options: options(true)},
		{ID: "n1", Type: checklist.TypeNumber, Min: &zero, Max: &four, Step: &two},
		{ID: "c2", Type: checklist.TypeChoice, Options: options(false)},
		{ID: "t1", Type: checklist.TypeText},
	}
	for i := range questions {
		questions[i].Text = label("x")
		questions[i].Weight = 1
		if i > 0 && rapid.Bool().Draw(t, "conditional") {
			c := condition(t, questions[:min(i, 4)], 0)
			questions[i].When = &c
		}
	}
	d := &checklist.Definition{
		ID: "probe", Version: "1.0.0", Kind: checklist.KindAssessment, Languages: []checklist.Lang{"de"}, Title: label("x"),
		Levels:   []checklist.Level{{ID: "l", Label: label("x")}},
		Sections: []checklist.Section{{ID: "s", Title: label("x"), Weight: 1, Questions: questions}},
	}
	return d.Index()
}

func condition(t *rapid.T, before []checklist.Question, depth int) checklist.Condition {
	form := rapid.IntRange(0, 5).Draw(t, "form")
	if depth == checklist.MaxConditionDepth {
		form = 5
	}
	switch form {
	case 0, 1:
		return checklist.Condition{All: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) checklist.Condition { return condition(t, before, depth+1) }), 1, 3).Draw(t, "all")}
	case 2:
		return checklist.Condition{Any: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) checklist.Condition { return condition(t, before, depth+1) }), 1, 3).Draw(t, "any")}
	case 3:
		c := condition(t, before, depth+1)
		return checklist.Condition{Not: &c}
	}
	q := before[rapid.IntRange(0, len(before)-1).Draw(t, "question")]
	leaf := checklist.Condition{Question: q.ID}
	option := rapid.SampledFrom([]checklist.OptionID{"a", "b", "c"})
	switch {
	case q.Type == checklist.TypeNumber:
		n := decimal.New(rapid.Int64Range(-10, 60).Draw(t, "number"), -1)
		leaf.AtLeastNumber = &n
	case q.Type == checklist.TypeChoice && rapid.Bool().Draw(t, "at least"):
		leaf.AtLeastOption = option.Draw(t, "option")
	default:
		leaf.AnyOf = rapid.SliceOfNDistinct(option, 1, 2, rapid.ID).Draw(t, "options")
	}
	return leaf
}

// every calls f for every way to answer the questions from n on, open ones included.
func every(d *checklist.Definition, n int, answers score.Answers, f func()) {
	if n == len(d.Questions())-1 { // the text question at the end matters to nobody
		f()
		return
	}
	q := d.Questions()[n]
	for _, values := range [][]string{nil, {"a"}, {"b"}, {"c"}, {"a", "b"}, {"0"}, {"2"}, {"4"}} {
		if values == nil {
			delete(answers, q.ID)
		} else if a, err := q.Parse(values); err == nil {
			answers[q.ID] = a
		} else {
			continue
		}
		every(d, n+1, answers, f)
	}
	delete(answers, q.ID)
}
