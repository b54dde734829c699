package form

import (
	"fmt"
	"strings"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/book"
)

// stateText is the formula of a question's state in words.
func (p *FormPlan) stateText(q *FormQuestion) string {
	word := func(s score.State) string { return book.Literal(p.stateWord(s)) }
	value, reason := book.At(book.Column(p.col(formValue)), q.row), book.At(book.Column(p.col(formReason)), q.row)
	given, fits := "LEN(TRIM("+value+"))>0", "TRUE"
	cleared := "FALSE" // an option may have the name of the word
	if q.last > q.options {
		cleared = value + "=" + p.listed(q.last, q.last)
	}
	switch q.Q.Type.Shape() {
	case checklist.ShapeOne:
		fits = fmt.Sprintf("SUMPRODUCT((%s=%s)*1)>0", p.listed(q.first, q.options), value)
	case checklist.ShapeMany:
		given = p.ticked(q) + ">0"
		if sole := p.soleTicks(q); sole != "" {
			fits = fmt.Sprintf("OR(%s=0,%s=1)", sole, p.ticked(q))
		}
	case checklist.ShapeNumber:
		fits = "AND(" + strings.Join(p.inRange(q.Q, value), ",") + ")"
	case checklist.ShapeDay:
		fits = "ISNUMBER(" + value + ")"
	}
	f := fmt.Sprintf("IF(%s,%s,IF(%s,IF(%s,%s,%s),%s))", cleared, word(score.Open), given, fits, word(score.Answered),
		word(book.StateRefused), word(score.Open))
	if q.na {
		f = fmt.Sprintf("IF(LEN(TRIM(%s))>0,IF(AND(LEN(TRIM(%s))>=%d,NOT(%s)),%s,%s),%s)", reason, reason,
			checklist.MinReason, given, word(score.NotApplicable), word(book.StateRefused), f)
	}
	if q.take {
		holds := book.Ternary(q.before.Answer.Kind == checklist.AnswerNotApplicable, score.NotApplicable,
			score.Answered)
		f = fmt.Sprintf("IF(%s,IF(OR(%s,LEN(TRIM(%s))>0),%s,%s),%s)", p.taken(q, ""), given, reason,
			word(book.StateRefused), word(holds), f)
	}
	if q.Q.When != nil {
		f = fmt.Sprintf("IF(%s,%s,%s)", p.condition(q, q.Q.When), f, word(score.Inactive))
	}
	return f
}

func (p *FormPlan) stateWord(s score.State) string { return p.B.Say(book.StatePhrases[s]) }

// taken says that the answer of last time was confirmed; from is a prefix such as 'Netz'!.
func (p *FormPlan) taken(q *FormQuestion, from string) string {
	return "LEN(TRIM(" + from + book.At(book.Column(formValue+1), q.row) + "))>0"
}

// ticked counts a multi question's ticks.
func (p *FormPlan) ticked(q *FormQuestion) string {
	col := book.Column(p.col(formValue))
	return fmt.Sprintf("SUMPRODUCT((LEN(TRIM(%s:%s))>0)*1)", book.At(col, q.tick(0)),
		book.At(col, q.tick(len(q.Q.Options)-1)))
}

// soleTicks counts ticks of options that stand alone; empty if there are none.
func (p *FormPlan) soleTicks(q *FormQuestion) string {
	var terms []string
	for i, o := range q.Q.Options {
		if o.Exclusive {
			terms = append(terms, "(LEN(TRIM("+book.At(book.Column(p.col(formValue)), q.tick(i))+"))>0)")
		}
	}
	if len(terms) == 0 {
		return ""
	}
	return "(" + strings.Join(terms, "+") + ")"
}

// condition writes when a question is asked. What a condition says of a question that is not in
// this form is a constant: its answer as of now.
func (p *FormPlan) condition(of *FormQuestion, c *checklist.Condition) string {
	several := func(function string, list []checklist.Condition) string {
		parts := make([]string, len(list))
		for i := range list {
			parts[i] = p.condition(of, &list[i])
		}
		return function + "(" + strings.Join(parts, ",") + ")"
	}
	switch {
	case len(c.All) > 0:
		return several("AND", c.All)
	case len(c.Any) > 0:
		return several("OR", c.Any)
	case c.Not != nil:
		return "NOT(" + p.condition(of, c.Not) + ")"
	}
	q := p.at[c.Question]
	if q == nil {
		return book.Ternary(score.Holds(p.View.Definition, c, assessment.Answers(p.View.Entries)), "TRUE", "FALSE")
	}
	from := book.Quoted(q.section.name) + "!"
	value := from + book.At(book.Column(p.col(formValue)), q.row)
	answered := from + book.At(book.Column(p.col(formState)), q.row) + "=" + book.Literal(p.stateWord(score.Answered))
	listed := func(i int) string { return value + "=" + p.listed(q.first+i, q.first+i) }
	var any []string
	switch {
	case c.AtLeastNumber != nil:
		any = append(any, value+">="+c.AtLeastNumber.String())
	case c.AtLeastOption != "":
		for i := max(q.Q.Option(c.AtLeastOption), 0); i < len(q.Q.Options); i++ {
			any = append(any, listed(i))
		}
	}
	for _, id := range c.AnyOf {
		i := q.Q.Option(id)
		switch {
		case i < 0:
		case q.Q.Type.Many():
			any = append(any, "LEN(TRIM("+from+book.At(book.Column(p.col(formValue)), q.tick(i))+"))>0")
		default:
			any = append(any, listed(i))
		}
	}
	if len(any) == 0 {
		return "FALSE"
	}
	holds := "OR(" + strings.Join(any, ",") + ")"
	if q.take { // what was answered last time says it then
		last := score.Holds(p.View.Definition, c, score.Answers{q.Q.ID: q.before.Answer})
		holds = fmt.Sprintf("IF(%s,%s,%s)", p.taken(q, from), book.Ternary(last, "TRUE", "FALSE"), holds)
	}
	return "AND(" + answered + "," + holds + ")"
}
