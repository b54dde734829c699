package wording

import (
	"fmt"
	"strings"

	"ortsspiegel/pkg/checklist"
)

var and, or = Phrase{"und", "and"}, Phrase{"oder", "or"}

// Condition says when a question is asked, in the words of the checklist. What refers to a question
// that the checklist does not have (a draft with errors) is left empty.
func (w Writer) Condition(d *checklist.Definition, c *checklist.Condition) string {
	switch {
	case len(c.All) > 0:
		return w.conditions(d, c.All, and)
	case len(c.Any) > 0:
		return w.conditions(d, c.Any, or)
	case c.Not != nil:
		return Phrase{"nicht: {0}", "not: {0}"}.In(w.lang, w.Condition(d, c.Not))
	}
	q, _, ok := d.Question(c.Question)
	if !ok {
		return ""
	}
	atLeast := Phrase{"Bei „{0}“ wurde mindestens {1} angegeben", "“{0}” was answered with at least {1}"}
	switch name := q.Text.In(w.lang); {
	case c.AtLeastNumber != nil:
		return atLeast.In(w.lang, name, w.Measured(c.AtLeastNumber.String(), q.Unit.In(w.lang)))
	case c.AtLeastOption != "":
		return atLeast.In(w.lang, name, w.option(q, c.AtLeastOption))
	default:
		options := make([]string, len(c.AnyOf))
		for i, id := range c.AnyOf {
			options[i] = w.option(q, id)
		}
		return Phrase{"Bei „{0}“ wurde {1} gewählt", "“{0}” was answered with {1}"}.
			In(w.lang, name, strings.Join(options, " "+or.In(w.lang)+" "))
	}
}

// conditions joins several; those that are joined themselves stand in brackets.
func (w Writer) conditions(d *checklist.Definition, list []checklist.Condition, word Phrase) string {
	parts := make([]string, len(list))
	for i := range list {
		parts[i] = w.Condition(d, &list[i])
		if len(list[i].All)+len(list[i].Any) > 0 {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, " "+word.In(w.lang)+" ")
}

// option quotes an option; one that the question does not have is called by its id.
func (w Writer) option(q *checklist.Question, id checklist.OptionID) string {
	if i := q.Option(id); i >= 0 {
		return Phrase{"„{0}“", "“{0}”"}.In(w.lang, q.Options[i].Label.In(w.lang))
	}
	return string(id)
}

// ConditionByID says when a question is asked by the ids of questions and options, in English: for
// those who edit checklists.
func ConditionByID(c *checklist.Condition) string {
	joined := func(list []checklist.Condition, word string) string {
		parts := make([]string, len(list))
		for i := range list {
			parts[i] = ConditionByID(&list[i])
		}
		return "(" + strings.Join(parts, " "+word+" ") + ")"
	}
	switch {
	case c == nil:
		return "always"
	case c.All != nil:
		return joined(c.All, "and")
	case c.Any != nil:
		return joined(c.Any, "or")
	case c.Not != nil:
		return "not " + ConditionByID(c.Not)
	case c.AtLeastNumber != nil:
		return fmt.Sprintf("%s at least %s", c.Question, c.AtLeastNumber)
	case c.AtLeastOption != "":
		return fmt.Sprintf("%s at least %s", c.Question, c.AtLeastOption)
	}
	options := make([]string, len(c.AnyOf))
	for i, o := range c.AnyOf {
		options[i] = string(o)
	}
	return fmt.Sprintf("%s is %s", c.Question, strings.Join(options, " or "))
}
