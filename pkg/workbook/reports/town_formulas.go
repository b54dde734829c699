package reports

import (
	"fmt"
	"strconv"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/workbook/book"
)

// number writes a constant of a formula, in full precision.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// activeFormula is 1 while the question's condition holds, else 0.
func (p *plan) activeFormula(a *asked) string {
	if a.q.When == nil {
		return ""
	}
	return "IF(" + p.condition(a.q.When) + ",1,0)"
}

// condition writes a condition as a logical formula. What refers to a question that is not
// answered is false.
func (p *plan) condition(c *checklist.Condition) string {
	switch {
	case len(c.All) > 0:
		return "AND(" + p.conditions(c.All) + ")"
	case len(c.Any) > 0:
		return "OR(" + p.conditions(c.Any) + ")"
	case c.Not != nil:
		return "NOT(" + p.condition(c.Not) + ")"
	}
	a := p.find(c.Question)
	if a == nil {
		return "FALSE"
	}
	answered := p.stepped("D", a.step) + "=1"
	position := p.stepped("E", a.step)
	switch {
	case c.AtLeastNumber != nil:
		if !a.q.Type.Numeric() {
			return "FALSE"
		}
		return "AND(" + answered + "," + p.answer(a) + ">=" + c.AtLeastNumber.String() + ")"
	case c.AtLeastOption != "":
		if !a.q.Type.One() {
			return "FALSE"
		}
		return fmt.Sprintf("AND(%s,%s>=%d)", answered, position, a.q.Option(c.AtLeastOption)+1)
	}
	var any []string
	for _, id := range c.AnyOf {
		switch i := a.q.Option(id); {
		case i < 0:
		case a.q.Type.Many():
			any = append(any, p.option(a, i)+"="+p.word(listsYes))
		default:
			any = append(any, fmt.Sprintf("%s=%d", position, i+1))
		}
	}
	if len(any) == 0 {
		return "FALSE"
	}
	return "AND(" + answered + ",OR(" + strings.Join(any, ",") + "))"
}

func (p *plan) conditions(list []checklist.Condition) string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = p.condition(&list[i])
	}
	return strings.Join(out, ",")
}

// stateFormula gives the question's state: 0 open, 1 answered, 2 not applicable, 3 inactive,
// 4 an answer that the program would not take and that counts as open.
func (p *plan) stateFormula(a *asked) string {
	x := p.answer(a)
	taken, empty := "", "LEN(TRIM("+x+"))=0"
	switch a.q.Type.Shape() {
	case checklist.ShapeOne:
		taken = "$E" + strconv.Itoa(a.step) + ">0"
	case checklist.ShapeMany:
		taken = fmt.Sprintf("$E%d>0", a.step)
		if sole := p.exclusive(a); sole != "" {
			taken = fmt.Sprintf("AND(%s,OR($E%d=1,%s=0))", taken, a.step, sole)
		}
		// without a chosen option the question is open, whatever the others say
		empty = fmt.Sprintf("AND($E%d=0,%s)", a.step, empty)
	case checklist.ShapeNumber:
		conditions := []string{"ISNUMBER(" + x + ")"}
		if a.q.Min != nil {
			conditions = append(conditions, x+">="+a.q.Min.String())
		}
		if a.q.Max != nil {
			conditions = append(conditions, x+"<="+a.q.Max.String())
		}
		taken = "AND(" + strings.Join(conditions, ",") + ")"
	default:
		taken = "LEN(TRIM(" + x + "))>0"
	}
	f := fmt.Sprintf("IF(%s,1,IF(%s,0,4))", taken, empty)
	if a.na {
		f = fmt.Sprintf("IF(EXACT(%s,%s),2,%s)", x, p.word(listsNA), f)
	}
	if a.q.When != nil {
		f = fmt.Sprintf("IF($C%d=0,3,%s)", a.step, f)
	}
	return f
}

// exclusive counts the chosen options that stand alone; empty if there are none.
func (p *plan) exclusive(a *asked) string {
	var terms []string
	for i, o := range a.q.Options {
		if o.Exclusive {
			terms = append(terms, "IF("+p.option(a, i)+"="+p.word(listsYes)+",1,0)")
		}
	}
	return strings.Join(terms, "+")
}

// positionFormula is the place of the chosen option, from 1, of a choice question; how many
// were chosen of a multi question; 0 for none.
func (p *plan) positionFormula(a *asked) string {
	switch a.q.Type.Shape() {
	case checklist.ShapeOne:
		return fmt.Sprintf("SUMPRODUCT(EXACT(%s,%s)*%s)", p.listed("B", a.first, a.last), p.answer(a),
			p.listed("C", a.first, a.last))
	case checklist.ShapeMany:
		return fmt.Sprintf("SUMPRODUCT((%s=%s)*1)", p.options(a), p.word(listsYes))
	}
	return ""
}

// pointsFormula gives the points of an answered question in [0, 1].
func (p *plan) pointsFormula(a *asked) string {
	points := ""
	switch a.q.Type.Shape() {
	case checklist.ShapeOne:
		points = fmt.Sprintf("INDEX(%s,$E%d)/100", p.listed("D", a.first, a.last), a.step)
	case checklist.ShapeMany:
		points = fmt.Sprintf("MIN(SUMPRODUCT((%s=%s)*%s),100)/100", p.options(a), p.word(listsYes),
			p.listed("D", a.first, a.last))
	case checklist.ShapeNumber:
		points = p.line(a)
	}
	return fmt.Sprintf("IF($D%d=1,%s,0)", a.step, points)
}

// line interpolates between the targets: exactly one of the terms is not zero.
func (p *plan) line(a *asked) string {
	x := p.answer(a)
	a0, a1 := p.listed("C", a.first, a.last-1), p.listed("C", a.first+1, a.last)
	p0, p1 := p.listed("D", a.first, a.last-1), p.listed("D", a.first+1, a.last)
	lists := p.of(book.SheetLists)
	return fmt.Sprintf(
		"(SUMPRODUCT((%[1]s>%[2]s)*(%[1]s<=%[3]s)*(%[4]s+(%[5]s-%[4]s)*(%[1]s-%[2]s)/(%[3]s-%[2]s)))+(%[1]s<=%[6]s)*%[7]s+(%[1]s>%[8]s)*%[9]s)/100",
		x, a0, a1, p0, p1, lists+book.At("C", a.first), lists+book.At("D", a.first), lists+book.At("C", a.last),
		lists+book.At("D", a.last))
}

// cut is shown of a value in [0, 1].
func cut(x string) string { return "INT(1000*" + x + "+0.000001)/1000" }
