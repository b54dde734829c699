package intake

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// placer is a table on its way to answers.
type placer struct {
	d     *checklist.Definition
	m     *Map
	plan  *columnPlan
	towns *townIndex
	sheet string
	out   Placed
	trace func(row, column int, f fate) // for tests; may be nil
}

// Place turns the rows of a table into answers. Every cell below the header is placed, ignored because
// the map says nothing about its column or text, or told of in Rows and Cells. What two rows say about the
// same town is not placed at all: which of them is right, nobody knows. m must fit d (CheckTableMap); the error
// says what of the map does not fit the table.
func Place(d *checklist.Definition, m *Map, t *Table, scope Scope) (*Placed, error) {
	return placeTable(d, m, t, scope, nil)
}

func placeTable(d *checklist.Definition, m *Map, t *Table, scope Scope, trace func(row, column int, f fate)) (*Placed,
	error) {
	plan, err := planColumns(d, m, t)
	if err != nil {
		return nil, err
	}
	p := &placer{d: d, m: m, plan: plan, towns: newTownIndex(scope), sheet: t.Sheet, trace: trace}
	rows := p.rowsOfTowns(t)
	for _, r := range rows {
		p.row(r)
	}
	p.columns(t)
	if t.Hidden {
		p.out.Sheet = t.Sheet
	}
	slices.SortStableFunc(p.out.Rows, func(a, b RowProblem) int { return cmp.Compare(a.Row, b.Row) })
	return &p.out, nil
}

// townRow is a row that belongs to a town, and to no other row.
type townRow struct {
	*Row
	town region.Municipality
}

// rowsOfTowns finds whose each row is and notes those that are nobody's.
func (p *placer) rowsOfTowns(t *Table) []townRow {
	skip := plainSet(p.m.Town.Skip)
	var rows []townRow
	first := map[region.AGS]int{} // place in rows
	twice := map[int]bool{}
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Number <= p.m.Header || len(r.Cells) == 0 {
			continue
		}
		p.out.Count.Rows++
		if r.Hidden {
			p.out.Hidden = append(p.out.Hidden, r.Number)
		}
		at, ok := r.at(p.plan.town)
		switch {
		case !ok && !p.asks(r):
			p.settle(r, fateIgnored)
			continue
		case !ok:
			p.nobody(r, RowProblem{Code: "town_missing", Message: "the row names no town"})
			continue
		case at.Kind != CellFormula && skip[checklist.Plain(at.Text)]:
			p.settle(r, fateIgnored)
			continue
		}
		town, problem := p.towns.find(at, p.m.Town.ByName)
		if problem != nil {
			problem.Value = at.Text
			p.nobody(r, *problem)
			continue
		}
		if k, seen := first[town.AGS]; seen {
			p.nobody(r, doubled(town, at.Text, rows[k].Number))
			if !twice[k] {
				twice[k] = true
				own, _ := rows[k].at(p.plan.town)
				p.nobody(rows[k].Row, doubled(town, own.Text, r.Number))
			}
			continue
		}
		first[town.AGS] = len(rows)
		rows = append(rows, townRow{r, town})
	}
	single := rows[:0]
	for k, r := range rows {
		if !twice[k] {
			single = append(single, r)
		}
	}
	return single
}

func doubled(town region.Municipality, value string, other int) RowProblem {
	return RowProblem{Code: "town_twice", Value: value,
		Message: fmt.Sprintf("%s (%s) also stands in row %d: leave one of the rows", town.Name, town.AGS, other)}
}

// at returns the cell in a column.
func (r *Row) at(column int) (Cell, bool) {
	i, ok := slices.BinarySearchFunc(r.Cells, column, func(c Cell, n int) int { return cmp.Compare(c.Column, n) })
	if !ok {
		return Cell{}, false
	}
	return r.Cells[i], true
}

// asks reports whether a row holds something in a column that the map uses.
func (p *placer) asks(r *Row) bool {
	return slices.ContainsFunc(r.Cells, func(c Cell) bool { return p.mapped(c.Column) })
}

func (p *placer) mapped(column int) bool {
	_, used := p.plan.used[column]
	return used && !p.plan.ignored[column]
}

// mark says what becomes of a cell; each cell of the data is marked exactly once.
func (p *placer) mark(row, column int, f fate) {
	c := &p.out.Count
	c.Cells++
	switch f {
	case fatePlaced:
		c.Placed++
	case fateIgnored:
		c.Ignored++
	case fateReported:
		c.Reported++
	}
	if p.trace != nil {
		p.trace(row, column, f)
	}
}

// settle marks a whole row; columns without a meaning are ignored in any case.
func (p *placer) settle(r *Row, f fate) {
	for _, c := range r.Cells {
		if !p.mapped(c.Column) {
			p.mark(r.Number, c.Column, fateIgnored)
		} else {
			p.mark(r.Number, c.Column, f)
		}
	}
}

// nobody notes a row that belongs to no town.
func (p *placer) nobody(r *Row, problem RowProblem) {
	problem.Row, problem.Sheet, problem.Cell = r.Number, p.sheet, cellName(p.plan.town, r.Number)
	p.out.Rows = append(p.out.Rows, problem)
	p.settle(r, fateReported)
}

func cellName(column, row int) string { return fmt.Sprintf("%s%d", ColumnLetters(column), row) }

// row places what a row says about its town.
func (p *placer) row(r townRow) {
	placed := PlacedTown{Town: r.town, Row: r.Number}
	p.mark(r.Number, p.plan.town, fatePlaced)
	for _, c := range r.Cells {
		if !p.mapped(c.Column) {
			p.mark(r.Number, c.Column, fateIgnored)
		}
	}
	p.submitted(r, &placed)
	answers := score.Answers{}
	var comments []int // columns
	for i := range p.plan.questions {
		q := &p.plan.questions[i]
		e := PlacedEntry{Question: q.Question}
		e.Answer, e.Given = p.answer(r, q)
		if e.Given {
			answers[q.Question] = e.Answer
		}
		if comment, ok := p.comment(r, q); ok {
			e.Comment = comment
			comments = append(comments, q.comment)
		}
		if e.Given || e.Comment != "" {
			placed.Entries = append(placed.Entries, e)
		}
	}
	if len(answers) == 0 {
		p.silent(r, placed, comments)
		return
	}
	for _, column := range comments {
		p.mark(r.Number, column, fatePlaced)
	}
	p.out.Count.Answers += len(answers)
	p.out.Count.Comments += len(comments)
	for i, state := range score.States(p.d, answers) {
		q := p.d.Questions()[i]
		_, given := answers[q.ID]
		switch {
		case state == score.Open:
			placed.Open++
		case state == score.Inactive && given:
			p.out.Inactive = append(p.out.Inactive, InactiveAnswer{r.town, q.ID, p.cellOf(q.ID, r)})
		}
	}
	p.out.Towns = append(p.out.Towns, placed)
}

// cellOf is where the answer to a question stands in a row.
func (p *placer) cellOf(id checklist.QuestionID, r townRow) string {
	for i := range p.plan.questions {
		q := &p.plan.questions[i]
		if q.Question != id {
			continue
		}
		for _, column := range append([]int{q.column}, q.ticks...) {
			if _, ok := r.at(column); ok && column > 0 {
				return cellName(column, r.Number)
			}
		}
	}
	return ""
}

// silent keeps a town that has answered nothing: to submit it would count every question as zero.
func (p *placer) silent(r townRow, placed PlacedTown, comments []int) {
	placed.Entries = nil
	p.out.Silent = append(p.out.Silent, placed)
	for _, column := range comments {
		c, _ := r.at(column)
		p.report(r, c, nil, "comment_alone", "the town has not answered any question: its comments are not taken over",
			nil)
	}
}

// submitted reads the day on which a town has submitted.
func (p *placer) submitted(r townRow, placed *PlacedTown) {
	c, ok := r.at(p.plan.submitted)
	if !ok || p.plan.submitted == 0 {
		return
	}
	day, ambiguous := dayOf(c, p.m.Days)
	switch {
	case ambiguous:
		p.report(r, c, nil, "date_ambiguous", ambiguousMessage, nil)
		return
	case day == "":
		p.report(r, c, nil, kindCode(c, "date"), kindMessage(c, "a date such as 31.03.2019 is expected"), nil)
		return
	}
	if first, last := p.towns.First, p.towns.Last; first != "" && day < first || last != "" && day > last {
		p.report(r, c, nil, "submitted_range", fmt.Sprintf("a day from %s to %s is expected", first, last), nil)
		return
	}
	placed.Submitted = day
	p.mark(r.Number, c.Column, fatePlaced)
}

// comment reads a comment; what becomes of its cell is decided by the caller if ok.
func (p *placer) comment(r townRow, q *plannedQuestion) (string, bool) {
	c, ok := r.at(q.comment)
	switch {
	case !ok || q.comment == 0:
		return "", false
	case c.Kind == CellFormula || c.Kind == CellError:
		p.report(r, c, q, kindCode(c, ""), kindMessage(c, ""), nil)
		return "", false
	case utf8.RuneCountInString(c.Text) > checklist.MaxComment:
		p.report(r, c, q, "comment_long", fmt.Sprintf("the comment is longer than %d characters: shorten it",
			checklist.MaxComment), nil)
		return "", false
	}
	return c.Text, true
}

// report notes a cell that is not placed, and others that are not placed with it.
func (p *placer) report(r townRow, c Cell, q *plannedQuestion, code, message string, with []Cell) {
	p.out.Count.Problems++
	p.mark(r.Number, c.Column, fateReported)
	problem := Problem{Row: r.Number, Sheet: p.sheet, Cell: cellName(c.Column, r.Number),
		Header: p.plan.headers[c.Column], Town: r.town,
		Code: code, Value: c.Text, Message: message}
	if q != nil {
		problem.Question = q.Question
	}
	for _, other := range with {
		p.mark(r.Number, other.Column, fateReported)
		problem.With = append(problem.With, cellName(other.Column, r.Number))
	}
	if len(p.out.Cells) < MaxProblems {
		p.out.Cells = append(p.out.Cells, problem)
	}
}

// columns lists the columns the map says nothing about, and those it reads although nobody sees them.
func (p *placer) columns(t *Table) {
	cells, hidden := map[int]int{}, map[int]bool{}
	for n := range p.plan.headers {
		cells[n] = 0
	}
	for _, r := range t.Rows {
		if r.Number <= p.m.Header {
			continue
		}
		for _, c := range r.Cells {
			cells[c.Column]++
			hidden[c.Column] = c.Hidden
		}
	}
	for n, count := range cells {
		c := Column{ColumnLetters(n), p.plan.headers[n], count}
		if _, used := p.plan.used[n]; !used {
			p.out.Unmapped = append(p.out.Unmapped, c)
		} else if hidden[n] {
			p.out.Covered = append(p.out.Covered, c)
		}
	}
	for _, list := range [][]Column{p.out.Unmapped, p.out.Covered} {
		slices.SortFunc(list, func(a, b Column) int {
			return cmp.Or(cmp.Compare(len(a.Letters), len(b.Letters)), cmp.Compare(a.Letters, b.Letters))
		})
	}
}
