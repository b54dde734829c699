package validate

import (
	"fmt"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
)

// parts reports what inside a condition, which is possible as a whole, can never be true or changes nothing, and
// returns the looks it took; options reports the options that never matter. Only the gravest kind is told: the others
// follow from it. A part is left out on trial, the last one first: of two that say the same, the later is one too many.
func (v *validation) parts(q *seen, options func()) (looks int) {
	p := &parting{reach: &reach{v: v, effort: reachPerCondition}, whole: cloned(*q.When)}
	path := q.path + ".when"
	before := len(v.issues)
	if !p.impossible(path, &p.whole) {
		options()
	}
	switch {
	case len(v.issues) > before:
	case p.never(checklist.Condition{Not: &p.whole}):
		v.report(path, CodeWhenIdle, "the condition is always true, so that it changes nothing: correct or remove it")
	default:
		p.idle(path, &p.whole)
	}
	return reachPerCondition - p.effort
}

// parting takes a condition apart.
type parting struct {
	*reach
	whole checklist.Condition // what is left of it
}

func (p *parting) never(c checklist.Condition) bool {
	alternatives, ok := p.alternatives(&c)
	return ok && !slices.ContainsFunc(alternatives, func(literals []literal) bool {
		return p.satisfiable(literals, nil)
	})
}

// impossible reports the smallest parts that can never be true, and whether there are any.
func (p *parting) impossible(path string, c *checklist.Condition) bool {
	found := false
	inner(c, path, func(path string, part *checklist.Condition) { found = p.impossible(path, part) || found })
	if !found && c != &p.whole && p.never(*c) {
		p.v.report(path, CodeWhenUnreachable, "this part of the condition can never be true: correct or remove it")
		found = true
	}
	return found
}

// idle reports the largest parts without which the condition is true for the same answers.
func (p *parting) idle(path string, c *checklist.Condition) {
	p.idleItems(path+".all", &c.All)
	p.idleItems(path+".any", &c.Any)
	switch {
	case c.Not != nil && c.Not.Not != nil:
		p.v.report(path+".not", CodeWhenIdle,
			"not stands directly inside not, and both together change nothing: remove them")
		p.idle(path+".not.not", c.Not.Not)
	case c.Not != nil:
		p.idle(path+".not", c.Not)
	}
	for i := len(c.AnyOf) - 1; i >= 0; i-- {
		id := c.AnyOf[i]
		repeated := slices.Contains(c.AnyOf[:i], id) || slices.Contains(c.AnyOf[i+1:], id) // reported already
		if !repeated && needless(p, &c.AnyOf, i) {
			p.v.report(fmt.Sprintf("%s.any_of[%d]", path, i), CodeWhenIdle,
				"naming the option %s changes nothing, because the rest of the condition decides alone: correct or "+
					"remove it", plaintext.Quote(string(id)))
		}
	}
}

func (p *parting) idleItems(path string, list *[]checklist.Condition) {
	for i := len(*list) - 1; i >= 0; i-- {
		at := fmt.Sprintf("%s[%d]", path, i)
		if needless(p, list, i) {
			p.v.report(at, CodeWhenIdle,
				"this part of the condition changes nothing, because the rest of it, and when the questions it names "+
					"are asked, decide alone: correct or remove it")
		} else {
			p.idle(at, &(*list)[i])
		}
	}
}

// needless takes an item out of a list of the condition, and puts it back if the condition would be another without it.
func needless[T any](p *parting, list *[]T, i int) bool {
	if len(*list) < 2 {
		return false
	}
	with, before := cloned(p.whole), *list
	*list = slices.Delete(slices.Clone(before), i, i+1)
	if p.never(checklist.Condition{All: []checklist.Condition{with, {Not: &p.whole}}}) &&
		p.never(checklist.Condition{All: []checklist.Condition{p.whole, {Not: &with}}}) {
		return true
	}
	*list = before
	return false
}

// cloned copies a condition, but for its lists of options, which are never written to.
func cloned(c checklist.Condition) checklist.Condition {
	c.All, c.Any = slices.Clone(c.All), slices.Clone(c.Any)
	for _, list := range [][]checklist.Condition{c.All, c.Any} {
		for i := range list {
			list[i] = cloned(list[i])
		}
	}
	if c.Not != nil {
		inner := cloned(*c.Not)
		c.Not = &inner
	}
	return c
}

// inner calls f with the conditions directly inside c and their paths.
func inner(c *checklist.Condition, path string, f func(path string, part *checklist.Condition)) {
	for i := range c.All {
		f(fmt.Sprintf("%s.all[%d]", path, i), &c.All[i])
	}
	for i := range c.Any {
		f(fmt.Sprintf("%s.any[%d]", path, i), &c.Any[i])
	}
	if c.Not != nil {
		f(path+".not", c.Not)
	}
}
