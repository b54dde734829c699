package form

import (
	"context"
	"io"
	"strings"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/internal/zipguard"
)

// formLimits bound what a filled-in form may cost: the largest sensible one, 2 000 questions,
// stays far below.
func formLimits() zipguard.Limits {
	l := zipguard.Workbook()
	l.Archive, l.Unpacked, l.Entry, l.Memory = 5<<20, 24<<20, 12<<20, 8<<20
	l.Rows, l.Columns, l.Cells, l.Elements = 20_000, 256, 100_000, 100_000
	return l
}

// ReadForm reads a form that was filled in. It goes by the ids behind the inputs and by nothing else:
// sheets may have been renamed or moved, rows sorted, columns inserted. definition finds the form's
// checklist by its hash. What cannot be understood in a cell is a problem of the result. Errors are
// faults that say what to do: not a form, damaged, another version; too large or dangerous (see
// zipguard.Check); those of definition. It waits until no other import reads a workbook.
func ReadForm(ctx context.Context, r io.ReaderAt, size int64, definition func(hash string) (*checklist.Definition,
	error)) (assessment.Returned, error) {
	leave, err := zipguard.Enter(ctx)
	if err != nil {
		return assessment.Returned{}, err
	}
	defer leave()
	book, err := openForm(ctx, r, size, formLimits())
	if err != nil {
		return assessment.Returned{}, err
	}
	sheet := book.sheet(formIdentity)
	if sheet == nil {
		return assessment.Returned{}, book.withoutIdentity()
	}
	id, err := readIdentity(sheet.rows())
	if err != nil {
		return assessment.Returned{}, err
	}
	d, err := definition(id.hash)
	if err != nil {
		return assessment.Returned{}, err
	}
	reader := &formReader{book: book, d: d, id: id, claimed: map[cellRef]string{}}
	return reader.read()
}

// withoutIdentity tells a form whose hidden sheet is gone from any other workbook.
func (b *formBook) withoutIdentity() error {
	for _, n := range b.book.Names {
		if strings.HasPrefix(n.Name, formNamePrefix) {
			return errFormHidden
		}
	}
	return errNoForm
}

type formReader struct {
	book    *formBook
	d       *checklist.Definition
	id      identity
	seats   *formSeats
	claimed map[cellRef]string // which input stands in a cell
	out     assessment.Returned
}

func (r *formReader) read() (assessment.Returned, error) {
	r.out = assessment.Returned{Assessment: r.id.assessment, Hash: r.id.hash, Exported: r.id.exported,
		Proposals: r.id.proposals}
	inputs, ok := r.id.byQuestion(r.d)
	if !ok {
		return assessment.Returned{}, errFormDamaged
	}
	r.seats = r.book.seats(r.d, keyPrefix(r.id.assessment, r.id.exported), r.id.layout, r.id.inputs)
	for _, q := range r.d.Questions() {
		if list := inputs[q.ID]; list != nil {
			r.question(q, list)
		}
	}
	return r.out, nil
}

// note keeps a problem of a cell.
func (r *formReader) note(q checklist.QuestionID, at cellRef, code, message string, args map[string]any) {
	p := assessment.CellProblem{Question: q, Sheet: at.sheet, Code: code, Args: args, Message: message}
	if at.sheet != "" {
		p.Cell = at.cell()
		if s := r.book.sheet(at.sheet); s != nil {
			p.Entered = shortened(plaintext.Line(r.textOf(inputCell{s.cells[spot{at.col, at.row}], at})))
		}
		p.Message = at.address() + ": " + message
	}
	r.out.Problems = append(r.out.Problems, p)
}
