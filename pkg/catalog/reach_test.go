package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
	"ortsspiegel/pkg/score"
)

// TestReachabilityAgainstAllAnswers compares what Validate says about conditions that can never
// be true with what the scoring does for every possible set of answers.
func TestReachabilityAgainstAllAnswers(t *testing.T) {
	never, sometimes, idleParts, impossible := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := conditional(t)
		reached := map[checklist.QuestionID]bool{}
		answers := score.Answers{}
		every(d, 0, answers, func(answers score.Answers) {
			for i, s := range score.States(d, answers) {
				if s != score.Inactive {
					reached[d.Questions()[i].ID] = true
				}
			}
		})
		reported := map[string]bool{}
		var idle []string
		for _, i := range validate.Validate(d) {
			switch i.Code {
			case validate.CodeWhenUnreachable:
				reported[i.Path] = true
			case validate.CodeWhenIdle:
				idle = append(idle, i.Path)
			case validate.CodeOptionUnreachable, validate.CodeWhenRepeated:
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
			if !cause && !reported[path] {
				n, m := checkParts(t, d, q, path, reported, idle)
				idleParts, impossible = idleParts+n, impossible+m
			}
			if reported[path] {
				never++
			} else {
				sometimes++
			}
		}
	})
	if idleParts < 10 || impossible < 1 {
		t.Errorf("%d parts changed nothing and %d were impossible: too few of one kind", idleParts, impossible)
	}
	if never < 10 || sometimes < 100 {
		t.Errorf("%d conditions were never true and %d sometimes: too few of one kind", never, sometimes)
	}
}

// checkParts tries, for all answers, the condition without each of its parts and each of its parts alone.
func checkParts(t *rapid.T, d *checklist.Definition, q *checklist.Question, path string, reported map[string]bool,
	idle []string) (idleParts, impossible int) {
	whole := q.When
	if whole == nil {
		return 0, 0
	}
	defer func() { q.When = whole }()
	truth := func(c *checklist.Condition) string {
		q.When = c
		var b []byte
		every(d, 0, score.Answers{}, func(answers score.Answers) {
			b = append(b, '0')
			if score.States(d, answers)[d.Ordinal(q.ID)] != score.Inactive {
				b[len(b)-1] = '1'
			}
		})
		return string(b)
	}
	want := truth(whole)
	eachPart(path, whole, func(at string, part *checklist.Condition) {
		never := !strings.Contains(truth(part), "1")
		within := false // the smallest parts are told
		for p := range reported {
			within = within || strings.HasPrefix(p, at)
		}
		if reported[at] && !never || never && !within {
			t.Fatalf("%s: never true %v, reported %v, within it %v: %+v", at, never, reported[at], within, whole)
		}
		if never {
			impossible++
		}
	})
	// Parts are left out one after the other, in the order of the messages.
	rest := whole
	for _, at := range idle {
		if at == path && strings.Contains(want, "0") {
			t.Fatalf("%s is said to be always true: %+v", at, whole)
		}
		step, ok := strings.CutPrefix(at, path+".")
		if !ok {
			continue
		}
		idleParts++
		if strings.HasSuffix(step, "not") {
			continue // twice not
		}
		less := without(*rest, step)
		if rest = &less; truth(rest) != want {
			t.Fatalf("%s is said to change nothing: %+v", at, whole)
		}
	}
	return idleParts, impossible
}

// without returns a condition without the part at a path.
func without(c checklist.Condition, path string) checklist.Condition {
	step, rest, deeper := strings.Cut(path, ".")
	name, index, _ := strings.Cut(step, "[")
	i, _ := strconv.Atoi(strings.TrimSuffix(index, "]"))
	cut := func(list []checklist.Condition) []checklist.Condition {
		list = slices.Clone(list)
		if !deeper {
			return slices.Delete(list, i, i+1)
		}
		list[i] = without(list[i], rest)
		return list
	}
	switch name {
	case "all":
		c.All = cut(c.All)
	case "any":
		c.Any = cut(c.Any)
	case "not":
		inner := without(*c.Not, rest)
		c.Not = &inner
	case "any_of":
		c.AnyOf = slices.Delete(slices.Clone(c.AnyOf), i, i+1)
	}
	return c
}

func eachPart(path string, c *checklist.Condition, f func(at string, part *checklist.Condition)) {
	part := func(at string, inner *checklist.Condition) {
		f(at, inner)
		eachPart(at, inner, f)
	}
	for i := range c.All {
		part(fmt.Sprintf("%s.all[%d]", path, i), &c.All[i])
	}
	for i := range c.Any {
		part(fmt.Sprintf("%s.any[%d]", path, i), &c.Any[i])
	}
	if c.Not != nil {
		part(path+".not", c.Not)
	}
}

func dependsOnReported(d *checklist.Definition, c *checklist.Condition, reported map[string]bool) bool {
	if c == nil {
		return false
	}
	deeper := func(c checklist.Condition) bool { return dependsOnReported(d, &c, reported) }
	if c.Question != "" {
		q, _, _ := d.Question(c.Question)
		return reported[fmt.Sprintf("sections[0].questions[%d].when", d.Ordinal(c.Question))] ||
			dependsOnReported(d, q.When, reported)
	}
	return slices.ContainsFunc(c.All, deeper) || slices.ContainsFunc(c.Any, deeper) ||
		dependsOnReported(d, c.Not, reported)
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
			list = append(list, checklist.Option{ID: id, Label: label(string(id)), Points: &points})
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
		ID: "probe", Version: "1.0.0", Kind: checklist.KindAssessment, Languages: []checklist.Lang{"de"},
		Title:    label("x"),
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
		return checklist.Condition{All: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) checklist.Condition {
			return condition(t, before, depth+1)
		}), 1, 3).Draw(t, "all")}
	case 2:
		return checklist.Condition{Any: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) checklist.Condition {
			return condition(t, before, depth+1)
		}), 1, 3).Draw(t, "any")}
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
func every(d *checklist.Definition, n int, answers score.Answers, f func(score.Answers)) {
	if n == len(d.Questions())-1 { // the text question at the end matters to nobody
		f(answers)
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
