package validate

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
)

// Whether a condition can ever be true is decided by writing it as alternatives of literals
// (disjunctive normal form) and by looking for one answer per question that fits, the
// conditions of the questions it looks at included. Where that would take more than these
// limits, nothing is claimed.
const (
	reachLiterals     = 5_000     // of one condition's alternatives
	reachPerCondition = 20_000    // looks at a literal or at an option it names
	reachPerChecklist = 1_000_000 // the same for all conditions together
)

// literal is a condition on a question that must hold, or must not.
type literal struct {
	leaf *checklist.Condition
	want bool
}

type reach struct {
	v      *validation
	room   int // literals left for this expansion
	effort int // looks left for this condition
}

// reachability reports conditions and parts of them that can never be true or change nothing, and options in them
// that never matter.
func (v *validation) reachability() {
	if len(v.ordered) > checklist.MaxQuestions {
		return
	}
	total := reachPerChecklist
	for _, q := range v.ordered {
		if q.When == nil || !q.sound || total < 0 {
			continue
		}
		r := &reach{v: v, effort: reachPerCondition}
		alternatives, ok := r.alternatives(q.When)
		if !ok {
			continue
		}
		satisfiable := func(literals []literal) bool { return r.satisfiable(literals, nil) }
		if slices.ContainsFunc(alternatives, satisfiable) {
			total -= v.parts(q, func() { r.options(q.path+".when", q.When, alternatives) })
		} else {
			v.report(q.path+".when", CodeWhenUnreachable,
				"the condition can never be true, so that the question is never shown: correct the condition or "+
					"remove the question")
			q.sound = false
		}
		total -= reachPerCondition - r.effort
	}
}

// alternatives returns what makes a condition true, the activity of questions aside; ok is
// false if there are too many.
func (r *reach) alternatives(c *checklist.Condition) (all [][]literal, ok bool) {
	r.room = reachLiterals
	all = r.expand(c, true)
	return all, r.room >= 0
}

func (r *reach) expand(c *checklist.Condition, want bool) [][]literal {
	switch {
	case c.Not != nil:
		return r.expand(c.Not, !want)
	case c.All != nil:
		return r.combine(c.All, want, want)
	case c.Any != nil:
		return r.combine(c.Any, want, !want)
	}
	r.room--
	return [][]literal{{{c, want}}}
}

// combine expands a list of conditions that must all have the wanted value, or one of them.
func (r *reach) combine(list []checklist.Condition, want, all bool) [][]literal {
	var result [][]literal
	for i := range list {
		if r.room < 0 {
			return nil
		}
		part := r.expand(&list[i], want)
		switch {
		case !all:
			result = append(result, part...)
		case i == 0:
			result = part
		default:
			result = r.product(result, part)
		}
	}
	return result
}

func (r *reach) product(a, b [][]literal) [][]literal {
	var result [][]literal
	for _, x := range a {
		for _, y := range b {
			if r.room -= len(x) + len(y); r.room < 0 {
				return nil
			}
			result = append(result, slices.Concat(x, y))
		}
	}
	return result
}

// satisfiable reports whether some answers make all literals true, and the conditions of the
// questions that must be answered for it. It is true where it would take too long to know.
func (r *reach) satisfiable(literals []literal, active []checklist.QuestionID) bool {
	if r.effort < 0 {
		return true
	}
	if !r.possible(literals) {
		return false
	}
	for _, l := range literals {
		q := r.v.questions[l.leaf.Question]
		if !l.want || q == nil || q.When == nil || !q.sound || slices.Contains(active, q.ID) {
			continue
		}
		alternatives, ok := r.alternatives(q.When)
		if !ok {
			return true
		}
		return slices.ContainsFunc(alternatives, func(more []literal) bool {
			return r.satisfiable(slices.Concat(literals, more), append(slices.Clone(active), q.ID))
		})
	}
	return true
}

// possible reports whether some answers make all literals true. Questions are independent of
// each other here, so each is looked at alone.
func (r *reach) possible(literals []literal) bool {
	by := map[checklist.QuestionID][]literal{}
	for _, l := range literals {
		r.effort -= 1 + len(l.leaf.AnyOf)
		by[l.leaf.Question] = append(by[l.leaf.Question], l)
	}
	for id, group := range by {
		q := r.v.questions[id]
		mustBeAnswered := slices.ContainsFunc(group, func(l literal) bool { return l.want })
		if q != nil && mustBeAnswered && !q.answerable(group) {
			return false
		}
	}
	return true
}

// answerable reports whether some answer to the question makes all literals true.
func (q *seen) answerable(group []literal) bool {
	if len(q.Options) > checklist.MaxOptions || (q.Type.OffersOptions() && len(q.Options) == 0) {
		return true // reported where the options stand
	}
	switch q.Type.Shape() {
	case checklist.ShapeOne:
		for i := range q.Options {
			if fits(q.Question, group, []int{i}) {
				return true
			}
		}
		return false
	case checklist.ShapeMany:
		return q.multiAnswerable(group)
	case checklist.ShapeNumber:
		return q.numberAnswerable(group)
	}
	return true
}

// multiAnswerable tries the largest selection that hits nothing unwanted, and each option that
// stands alone: any other selection fits only if one of these does.
func (q *seen) multiAnswerable(group []literal) bool {
	var largest []int
	for i, o := range q.Options {
		unwanted := slices.ContainsFunc(group, func(l literal) bool {
			return !l.want && slices.Contains(l.leaf.AnyOf, o.ID)
		})
		switch {
		case unwanted:
		case o.Exclusive:
			if fits(q.Question, group, []int{i}) {
				return true
			}
		default:
			largest = append(largest, i)
		}
	}
	return len(largest) > 0 && fits(q.Question, group, largest)
}

// fits evaluates literals for an answer with the given options.
func fits(q *checklist.Question, group []literal, chosen []int) bool {
	for _, l := range group {
		holds := false
		for _, i := range chosen {
			if l.leaf.AnyOf != nil {
				holds = holds || slices.Contains(l.leaf.AnyOf, q.Options[i].ID)
			} else {
				holds = holds || i >= q.Option(l.leaf.AtLeastOption)
			}
		}
		if holds != l.want {
			return false
		}
	}
	return true
}

// numberAnswerable looks for the lowest possible number that is large enough and compares it
// with what it must stay below.
func (q *seen) numberAnswerable(group []literal) bool {
	if q.Min != nil && q.Max != nil && q.Min.GreaterThan(*q.Max) {
		return true // reported where the limits stand
	}
	var least, below *decimal.Decimal
	for _, l := range group {
		x := l.leaf.AtLeastNumber
		switch {
		case x == nil:
			return true
		case l.want && (least == nil || x.GreaterThan(*least)):
			least = x
		case !l.want && (below == nil || x.LessThan(*below)):
			below = x
		}
	}
	if least == nil {
		return true
	}
	n := nextNumber(q.Question, *least)
	return (q.Max == nil || n.LessThanOrEqual(*q.Max)) && (below == nil || n.LessThan(*below))
}

// nextNumber returns the lowest number from n on that the question accepts, its max aside.
func nextNumber(q *checklist.Question, n decimal.Decimal) decimal.Decimal {
	base := decimal.Zero
	if q.Min != nil {
		base = *q.Min
		if n.LessThan(base) {
			n = base
		}
	}
	if q.Step == nil || !q.Step.IsPositive() {
		return n
	}
	over := n.Sub(base).Mod(*q.Step)
	switch {
	case over.IsZero():
		return n
	case over.IsNegative():
		return n.Sub(over)
	}
	return n.Sub(over).Add(*q.Step)
}

// options reports the options of any_of lists that are true in no alternative.
func (r *reach) options(path string, when *checklist.Condition, alternatives [][]literal) {
	eachPath(when, path, func(leaf *checklist.Condition, path string) {
		for i, id := range leaf.AnyOf {
			if len(leaf.AnyOf) < 2 || r.effort < 0 {
				return
			}
			if met, ok := r.matters(leaf, id, alternatives); met && !ok {
				r.v.report(fmt.Sprintf("%s.any_of[%d]", path, i), CodeOptionUnreachable,
					"the rest of the condition rules the option %s out, so that naming it changes nothing: remove it "+
						"or correct the condition", plaintext.Quote(string(id)))
			}
		}
	})
}

// matters reports whether the leaf is wanted in some alternative (met), and whether one of these
// is possible with this option of its alone (ok).
func (r *reach) matters(leaf *checklist.Condition, id checklist.OptionID, alternatives [][]literal) (met, ok bool) {
	only := *leaf
	only.AnyOf = []checklist.OptionID{id}
	for _, literals := range alternatives {
		at := slices.Index(literals, literal{leaf, true})
		if at < 0 {
			continue
		}
		met = true
		narrowed := slices.Clone(literals)
		narrowed[at].leaf = &only
		if r.satisfiable(narrowed, nil) {
			return true, true
		}
	}
	return met, false
}

// eachPath calls f with every condition on a question inside c and its path.
func eachPath(c *checklist.Condition, path string, f func(leaf *checklist.Condition, path string)) {
	if c.Question != "" {
		f(c, path)
	}
	for i := range c.All {
		eachPath(&c.All[i], fmt.Sprintf("%s.all[%d]", path, i), f)
	}
	for i := range c.Any {
		eachPath(&c.Any[i], fmt.Sprintf("%s.any[%d]", path, i), f)
	}
	if c.Not != nil {
		eachPath(c.Not, path+".not", f)
	}
}
