package reports

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// Where the tables of a town's workbook begin.
const (
	answersHead = 4 // header row of the answers
	stepsHead   = 1 // header row of the questions' steps
	listsNA     = 2 // row of "not applicable" in the lists, then yes and no
	listsYes    = 3
	listsNo     = 4
	listsFirst  = 6
)

// plan knows where everything of a town's workbook stands, so that formulas of one sheet can
// name the cells of another before these are written.
type plan struct {
	*report.TownReport
	asked    []asked
	sections []tallied
	total    int // row of the total in the steps
	levels   int // row of the first level in the steps
	bar      int // row of the names of the cover's bar in the steps, its two bars follow
	lists    int // rows used in the lists
}

// asked is a question and where it stands.
type asked struct {
	q           *checklist.Question
	section     int
	number      string
	entry       assessment.Entry
	result      *score.QuestionResult
	labels      []string // of the options, no two alike
	na          bool     // "not applicable" is taken
	row         int      // in the answers: the answer, or the head of a multi question
	step        int      // in the steps
	first, last int      // in the lists: options or targets; 0 if it has none
	choices     int      // in the lists: the last row a drop-down offers
}

// tallied is a section and where it stands.
type tallied struct {
	s           *checklist.Section
	result      *score.SectionResult
	first, last int // its questions in the steps
	step        int // its own row in the steps
	row         int // its row in the result
}

func newPlan(r *report.TownReport) *plan {
	p := &plan{TownReport: r, lists: listsFirst}
	d := r.View.Definition
	row, step := answersHead+1, stepsHead+1
	for i := range d.Sections {
		s := &d.Sections[i]
		t := tallied{s: s, result: &r.View.Result.Sections[i], first: step, row: resultHead + 1 + i}
		for j := range s.Questions {
			q := &s.Questions[j]
			a := asked{q: q, section: i, number: wording.QuestionNumber(i, j), entry: r.View.Entries[q.ID],
				result: &t.result.Questions[j], row: row, step: step}
			a.na = q.NotApplicable || a.entry.Given && a.entry.Answer.Kind == checklist.AnswerNotApplicable
			p.list(&a)
			p.asked = append(p.asked, a)
			row++
			if q.Type.Many() {
				row += len(q.Options)
			}
			step++
		}
		t.last = step - 1
		p.sections = append(p.sections, t)
	}
	step += 2
	for i := range p.sections {
		p.sections[i].step = step
		step++
	}
	p.total = step
	p.levels = step + 3
	p.bar = book.Ternary(len(d.Levels) == 0, step+2, p.levels+len(d.Levels)+3)
	return p
}

// list reserves the rows of a question's options or targets.
func (p *plan) list(a *asked) {
	q := a.q
	switch q.Type.Shape() {
	case checklist.ShapeOne, checklist.ShapeMany:
		a.labels = book.Labels(q, p.Lang)
		a.first, a.last = p.lists, p.lists+len(q.Options)-1
		p.lists = a.last + 1
		a.choices = a.last
		if a.na && q.Type.One() {
			a.choices = p.lists
			p.lists++
		}
	case checklist.ShapeNumber:
		if len(q.Targets) > 0 {
			a.first, a.last = p.lists, p.lists+len(q.Targets)-1
			p.lists = a.last + 1
		}
	}
}

// find returns a question's place; nil if the checklist has none with this id.
func (p *plan) find(id checklist.QuestionID) *asked {
	if i := p.View.Definition.Ordinal(id); i >= 0 {
		return &p.asked[i]
	}
	return nil
}

// answer is the address of a question's answer cell, option the one of a multi question's i-th option.
func (p *plan) answer(a *asked) string { return p.of(book.SheetAnswers) + book.At("E", a.row) }

func (p *plan) options(a *asked) string {
	return p.of(book.SheetAnswers) + book.At("E", a.row+1) + ":" + book.At("E", a.row+len(a.q.Options))
}

func (p *plan) option(a *asked, i int) string {
	return p.of(book.SheetAnswers) + book.At("E", a.row+1+i)
}

// listed is a range of a column in the lists.
func (p *plan) listed(col string, first, last int) string {
	return p.of(book.SheetLists) + book.At(col, first) + ":" + book.At(col, last)
}

func (p *plan) word(row int) string { return p.of(book.SheetLists) + book.At("B", row) }

// stepped is a cell in the steps.
func (p *plan) stepped(col string, row int) string { return p.of(book.SheetSteps) + book.At(col, row) }

func (p *plan) of(name wording.Phrase) string { return book.Quoted(name.In(p.Lang)) + "!" }
