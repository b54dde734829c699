package validate

import (
	"fmt"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
)

// when checks a question's condition. A question whose condition has an error is no longer
// sound: nothing is concluded from it.
func (v *validation) when(q *seen) {
	before := len(v.issues)
	v.condition(q, q.path+".when", q.When, 0)
	for _, i := range v.issues[before:] {
		q.sound = q.sound && i.Severity != SeverityError
	}
	q.sound = q.sound && before < checklist.MaxIssues
}

func (v *validation) condition(q *seen, path string, c *checklist.Condition, depth int) {
	if depth > checklist.MaxConditionDepth {
		v.report(path, CodeWhenDeep,
			"all, any and not stand more than %d deep inside each other: split the question or simplify the condition",
			checklist.MaxConditionDepth)
		return
	}
	forms := 0
	for _, set := range []bool{c.Names(), c.All != nil, c.Any != nil, c.Not != nil} {
		if set {
			forms++
		}
	}
	switch {
	case forms != 1:
		v.report(path, CodeWhenForm,
			"a condition is exactly one of question with any_of or at_least, all, any, not; this one has %d of them",
			forms)
	case c.All != nil:
		v.conditions(q, path+".all", c.All, depth)
	case c.Any != nil:
		v.conditions(q, path+".any", c.Any, depth)
	case c.Not != nil:
		v.condition(q, path+".not", c.Not, depth+1)
	default:
		v.leaf(q, path, c)
	}
}

func (v *validation) conditions(q *seen, path string, list []checklist.Condition, depth int) {
	if len(list) == 0 {
		v.report(path, CodeWhenEmpty, "the list of conditions is empty: at least one is expected")
	}
	for i := range list {
		v.condition(q, fmt.Sprintf("%s[%d]", path, i), &list[i], depth+1)
	}
}

// leaf checks the form with a question.
func (v *validation) leaf(q *seen, path string, c *checklist.Condition) {
	atLeast := c.AtLeastNumber != nil || c.AtLeastOption != ""
	switch {
	case c.Question == "":
		v.report(path, CodeWhenForm, "any_of and at_least need the question they look at: add question")
		return
	case (c.AnyOf != nil) == atLeast:
		v.report(path, CodeWhenForm, "a condition on a question needs either any_of or at_least")
		return
	}
	to := v.questions[c.Question]
	switch {
	case to == nil:
		v.report(path+".question", CodeWhenQuestion, "there is no question %s: name one that stands before this one",
			plaintext.Quote(string(c.Question)))
		return
	case c.Question == q.ID:
		v.report(path+".question", CodeWhenSelf, "the question depends on itself: name one that stands before it")
		return
	case to.ordinal > q.ordinal:
		if v.dependsOn(to, q.ID) {
			v.report(path+".question", CodeWhenCycle,
				"the question depends on %s, which itself depends on this one: neither could ever be shown",
				plaintext.Quote(string(c.Question)))
		} else {
			v.report(path+".question", CodeWhenLater,
				"the question depends on %s, which stands after it: name one that stands before it, or move this one",
				plaintext.Quote(string(c.Question)))
		}
		return
	}
	if c.AnyOf != nil {
		v.anyOf(to, path+".any_of", c.AnyOf)
	} else {
		v.atLeast(to, path+".at_least", c)
	}
}

func (v *validation) anyOf(to *seen, path string, ids []checklist.OptionID) {
	if to.Type.Known() && !to.Type.OffersOptions() {
		v.report(path, CodeWhenType,
			"%s is of type %s and has no options: use at_least for a number, or name a choice or multi question",
			plaintext.Quote(string(to.ID)), to.Type)
		return
	}
	if len(ids) == 0 {
		v.report(path, CodeWhenEmpty, "the list of options is empty: at least one is expected")
	}
	if len(to.Options) == 0 || len(to.Options) > checklist.MaxOptions {
		return // reported where the options stand
	}
	named := map[checklist.OptionID]bool{}
	for i, id := range ids {
		at := fmt.Sprintf("%s[%d]", path, i)
		if to.Option(id) < 0 {
			v.report(at, CodeWhenOption, "%s has no option %s: name one of its options",
				plaintext.Quote(string(to.ID)), plaintext.Quote(string(id)))
		} else if named[id] {
			v.report(at, CodeWhenRepeated, "the option %s is named twice: once is enough", plaintext.Quote(string(id)))
		}
		named[id] = true
	}
}

func (v *validation) atLeast(to *seen, path string, c *checklist.Condition) {
	switch {
	case !to.Type.Known():
	case to.Type.Numeric() && c.AtLeastNumber == nil:
		v.report(path, CodeWhenNumber, "%s asks for a number and %s is none: write a number such as 5",
			plaintext.Quote(string(to.ID)), plaintext.Quote(string(c.AtLeastOption)))
	case to.Type.Numeric():
	case !to.Type.One():
		v.report(path, CodeWhenType, "%s is of type %s, which has no order: at_least is for number and choice",
			plaintext.Quote(string(to.ID)), to.Type)
	case c.AtLeastNumber != nil:
		v.report(path, CodeWhenOption, "%s offers options and %s is a number: name one of its options",
			plaintext.Quote(string(to.ID)), c.AtLeastNumber)
	case len(to.Options) > 0 && len(to.Options) <= checklist.MaxOptions && to.Option(c.AtLeastOption) < 0:
		v.report(path, CodeWhenOption, "%s has no option %s: name one of its options", plaintext.Quote(string(to.ID)),
			plaintext.Quote(string(c.AtLeastOption)))
	}
}

// dependsOn reports whether a question's condition refers to another, directly or through others.
func (v *validation) dependsOn(from *seen, id checklist.QuestionID) bool {
	if v.refers == nil {
		v.refers = make([][]*seen, len(v.ordered))
		for i, q := range v.ordered {
			q.When.Each(func(leaf *checklist.Condition) {
				if to := v.questions[leaf.Question]; to != nil {
					v.refers[i] = append(v.refers[i], to)
				}
			})
		}
	}
	visited := make([]bool, len(v.ordered))
	queue := []*seen{from}
	for len(queue) > 0 {
		q := queue[0]
		queue = queue[1:]
		if q.ID == id {
			return true
		}
		for _, to := range v.refers[q.ordinal] {
			if !visited[to.ordinal] {
				visited[to.ordinal] = true
				queue = append(queue, to)
			}
		}
	}
	return false
}
