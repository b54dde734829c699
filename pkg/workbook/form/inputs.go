package form

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/workbook/book"
)

// cellRef is a cell of a sheet, both from 1.
type cellRef struct {
	sheet    string
	col, row int
}

func (p cellRef) cell() string { return book.Cell(p.col, p.row) }

// address is a place as a person finds it.
func (p cellRef) address() string { return p.sheet + "!" + p.cell() }

// formSeats knows where the inputs of a form stand now. The hidden key says the row: it moves with it, also
// when rows are sorted. The defined name says the column, where it refers to a cell of that row; else the
// column in which most inputs of this sort stand, which is what a person sees as the column of answers.
type formSeats struct {
	prefix  string // of the keys
	layout  formLayout
	names   map[string]cellRef   // of the workbook, by name in lower case
	columns map[seatColumn]int   // where most inputs of a sort stand
	rows    map[string][]cellRef // where a key stands
}

// seatColumn is a sort of inputs on a sheet; any sheet or any sort if that is empty.
type seatColumn struct{ sheet, sort string }

// sort is what stands in one column: values, reasons, comments, the first ticks of a row, the second ones.
func (in *formInput) sort(q *checklist.Question, layout formLayout) string {
	if in.part == partTick {
		return partTick + strconv.Itoa(q.Option(in.option)%layout.ticks)
	}
	return in.part
}

// offset is how far right of the key an input was written.
func (in *formInput) offset(q *checklist.Question, layout formLayout) int {
	first := layout.shift - formKey
	switch in.part {
	case partReason:
		return first + formReason
	case partComment:
		return first + formComment
	case partTick:
		return first + formValue + q.Option(in.option)%layout.ticks
	case partTake:
		return first + formValue - 1
	}
	return first + formValue
}

// key is what the hidden column says of an input's row.
func (in *formInput) key(prefix string, q *checklist.Question, layout formLayout) string {
	if in.part == partTick {
		return formKeyText(prefix, q.ID, q.Option(in.option)/layout.ticks+1)
	}
	return formKeyText(prefix, q.ID, 0)
}

// seats finds the keys and names of a workbook.
func (b *formBook) seats(d *checklist.Definition, prefix string, layout formLayout, inputs []formInput) *formSeats {
	s := &formSeats{prefix: prefix, layout: layout, names: map[string]cellRef{}, columns: map[seatColumn]int{},
		rows: map[string][]cellRef{}}
	for _, sheet := range b.sheets {
		if sheet.name == formIdentity {
			continue
		}
		for _, at := range sheet.order {
			if text := sheet.cells[at].Text; strings.HasPrefix(text, prefix) {
				s.rows[text] = append(s.rows[text], cellRef{sheet.name, at.col, at.row})
			}
		}
	}
	sorts := make(map[string]string, len(inputs)) // by name
	for i := range inputs {
		if q, _, ok := d.Question(inputs[i].question); ok {
			sorts[strings.ToLower(inputs[i].name)] = inputs[i].sort(q, layout)
		}
	}
	votes := map[seatColumn]map[int]int{}
	for _, n := range b.book.Names {
		sort, known := sorts[n.Name]
		at, ok := parseReference(n.Target)
		if !known || !ok || b.sheet(at.sheet) == nil {
			continue
		}
		if _, twice := s.names[n.Name]; !n.Local && !twice {
			s.names[n.Name] = at
		}
		for _, c := range []seatColumn{{at.sheet, sort}, {"", sort}, {at.sheet, ""}} {
			if votes[c] == nil {
				votes[c] = map[int]int{}
			}
			votes[c][at.col]++
		}
	}
	for c, columns := range votes {
		best := 0
		for col, n := range columns {
			if n > columns[best] || n == columns[best] && col < best {
				best = col
			}
		}
		s.columns[c] = best
	}
	return s
}

// find returns where an input stands: one place as a rule, none if its row was deleted, several if
// somebody has copied the row or its sheet.
func (s *formSeats) find(q *checklist.Question, in *formInput) []cellRef {
	named, ok := s.names[strings.ToLower(in.name)]
	var list []cellRef
	sort := in.sort(q, s.layout)
	for _, row := range s.rows[in.key(s.prefix, q, s.layout)] {
		at := cellRef{row.sheet, s.columns[seatColumn{row.sheet, sort}], row.row}
		switch {
		case ok && named.sheet == row.sheet && named.row == row.row:
			at.col = named.col
		case at.col > 0:
		case s.columns[seatColumn{row.sheet, ""}] == 0: // a copy, or a program that knows no names has saved it
			if at.col = s.columns[seatColumn{"", sort}]; at.col == 0 {
				at.col = row.col + in.offset(q, s.layout)
			}
		}
		if at.col > 0 {
			list = append(list, at)
		}
	}
	return list
}

// reference is what a defined name refers to: one cell of one sheet of this workbook.
var reference = regexp.MustCompile(`^=?(?:\$?'((?:[^'\[\]]|'')+)'|\$?([^'!\[\]]+))[!.]\$?([A-Z]{1,3})\$?([0-9]{1,7})$`)

func parseReference(s string) (cellRef, bool) {
	m := reference.FindStringSubmatch(s)
	if m == nil {
		return cellRef{}, false
	}
	col, err := excelize.ColumnNameToNumber(m[3])
	row, err2 := strconv.Atoi(m[4])
	return cellRef{strings.ReplaceAll(m[1], "''", "'") + m[2], col, row}, err == nil && err2 == nil && row > 0
}
