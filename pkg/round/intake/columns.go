package intake

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
)

// ColumnLetters names a column, from 1, as spreadsheets do: 28 is AB.
func ColumnLetters(n int) string {
	var b []byte
	for ; n > 0; n = (n - 1) / 26 {
		b = append(b, byte('A'+(n-1)%26))
	}
	slices.Reverse(b)
	return string(b)
}

var lettersForm = regexp.MustCompile(`^[A-Z]{1,3}$`)

// columnNumber reads a column's letters; 0 if s is something else.
func columnNumber(s string) int {
	if !lettersForm.MatchString(s) {
		return 0
	}
	n := 0
	for _, r := range s {
		n = n*26 + int(r-'A') + 1
	}
	return n
}

// columnPlan is a map that was laid over a table: columns by number, from 1; 0: none.
type columnPlan struct {
	town, submitted int
	ignored         map[int]bool
	headers         map[int]string
	used            map[int]string // what the map uses a column for
	questions       []plannedQuestion
	wrong           []fault.Field
}

type plannedQuestion struct {
	QuestionColumns
	q        *checklist.Question
	days     plaintext.DayOrder
	column   int
	comment  int
	ticks    []int
	values   map[string]string // by checklist.Plain
	na, open map[string]bool
	units    []string // by checklist.Plain
	right    string   // what would be right, for messages
}

// planColumns finds the columns of a map. The error has a field for each that is missing, cannot be told
// from another or is used twice.
func planColumns(d *checklist.Definition, m *Map, t *Table) (*columnPlan, error) {
	p := &columnPlan{ignored: map[int]bool{}, headers: map[int]string{}, used: map[int]string{}}
	last := 0
	for _, row := range t.Rows {
		for _, c := range row.Cells {
			last = max(last, c.Column)
			if row.Number == m.Header {
				p.headers[c.Column] = c.Text
			}
		}
	}
	if len(p.headers) == 0 {
		return nil, fault.New(fault.Invalid, "table_header",
			"row %d holds nothing: say in the map which row holds the columns' names (header: 1)", m.Header)
	}
	find := func(ref ColumnRef, what string) int { return p.find(ref, what, last) }
	p.town = find(m.Town.Column, "the towns")
	p.submitted = find(m.Submitted, "the days of submission")
	for _, ref := range m.Ignore {
		p.ignored[find(ref, "nothing (ignore)")] = true
	}
	for _, c := range m.Questions {
		q, _, ok := d.Question(c.Question)
		if !ok {
			return nil, fault.New(fault.Invalid, "question_unknown", "%s: the checklist has no question %s",
				c.Column.At, c.Question)
		}
		planned := plannedQuestion{QuestionColumns: c, q: q, days: m.Days, values: map[string]string{},
			na: plainSet(c.NotApplicable), open: plainSet(c.Open), right: expected(d, q)}
		planned.column = find(c.Column, string(q.ID))
		planned.comment = find(c.Comment, "comments on "+string(q.ID))
		for _, o := range c.Options {
			planned.ticks = append(planned.ticks, find(o.Column, string(q.ID)+" ("+string(o.Option)+")"))
		}
		for text, to := range c.Values {
			planned.values[checklist.Plain(text)] = to
		}
		for _, lang := range d.Languages {
			if unit := checklist.Plain(q.Unit.In(lang)); unit != "" {
				planned.units = append(planned.units, unit)
			}
		}
		p.questions = append(p.questions, planned)
	}
	if len(p.wrong) > 0 {
		f := fault.New(fault.Invalid, "table_columns", "the map does not fit this table")
		f.Fields = p.wrong
		return nil, f
	}
	slices.SortStableFunc(p.questions, func(a, b plannedQuestion) int {
		return d.Ordinal(a.Question) - d.Ordinal(b.Question)
	})
	return p, nil
}

func plainSet(list []string) map[string]bool {
	set := make(map[string]bool, len(list))
	for _, s := range list {
		set[checklist.Plain(s)] = true
	}
	return set
}

// find returns the column a reference means: that with this header, else that with these letters.
func (p *columnPlan) find(ref ColumnRef, what string, last int) int {
	if ref.Text == "" {
		return 0
	}
	var found []int
	for n, h := range p.headers {
		if checklist.Plain(h) == checklist.Plain(ref.Text) {
			found = append(found, n)
		}
	}
	slices.Sort(found)
	if n := columnNumber(ref.Text); len(found) == 0 && n > 0 && n <= last {
		found = []int{n}
	}
	if len(found) != 1 {
		message := fmt.Sprintf("the table has no column %q%s", clip(ref.Text), p.similar(ref.Text))
		if len(found) > 1 {
			message = fmt.Sprintf(
				"the header %q stands in the columns %s and %s: name the one that is meant by its letters",
				clip(ref.Text), ColumnLetters(found[0]), ColumnLetters(found[1]))
		}
		p.wrong = append(p.wrong, fault.Field{Name: ref.At, Code: "table_column", Message: message})
		return 0
	}
	n := found[0]
	if before, twice := p.used[n]; twice {
		p.wrong = append(p.wrong, fault.Field{Name: ref.At, Code: "table_column_twice", Message: fmt.Sprintf(
			"the column %s (%s) is used twice, for %s and for %s: a column has one meaning", ColumnLetters(n),
			clip(p.headers[n]), before, what)})
	}
	p.used[n] = what
	return n
}

// similar says which headers are nearest to a text.
func (p *columnPlan) similar(text string) string {
	var list []string
	for _, h := range p.headers {
		list = append(list, h)
	}
	near := nearest(text, list, 2)
	for i := range near {
		near[i] = fmt.Sprintf("%q", clip(near[i]))
	}
	if len(near) == 0 {
		return ": name it by its header or by its letters"
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// expected says what an answer to a question may be.
func expected(d *checklist.Definition, q *checklist.Question) string {
	switch q.Type.Shape() {
	case checklist.ShapeNumber:
		s := "a number"
		if q.Min != nil {
			s += " from " + q.Min.String()
		}
		if q.Max != nil {
			s += " to " + q.Max.String()
		}
		return s + " is expected"
	case checklist.ShapeDay:
		return "a date such as 31.03.2019 is expected"
	case checklist.ShapeText:
		return "a text is expected"
	}
	labels := make([]string, len(q.Options))
	for i, o := range q.Options {
		labels[i] = clip(o.Label.In(d.Languages[0]))
	}
	return "expected is one of: " + strings.Join(labels, "; ") +
		"; or a line for this text in the map (values, not_applicable or open)"
}

// clip makes a foreign text fit for a message: one line, at most 60 characters.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return s
}
