package form

import (
	"context"
	"io"
	"strings"

	"ortsspiegel/pkg/fault"
	xlsx "ortsspiegel/pkg/internal/sheet"
	"ortsspiegel/pkg/internal/zipguard"
)

// formBook is what the reader of forms keeps of a workbook: the cells of all sheets.
type formBook struct {
	book   *xlsx.Book
	sheets []*formSheet
	byName map[string]*formSheet
	kept   int // cells of all sheets
}

type formSheet struct {
	name  string
	cells map[spot]xlsx.Cell
	order []spot // as they are written down
}

// spot is a cell of a sheet, both from 1.
type spot struct{ col, row int }

// openForm reads the cells of a workbook.
func openForm(ctx context.Context, r io.ReaderAt, size int64, limits zipguard.Limits) (*formBook, error) {
	book, err := xlsx.Open(ctx, r, size, limits)
	if err != nil {
		return nil, err
	}
	b := &formBook{book: book, byName: map[string]*formSheet{}}
	for _, s := range book.Sheets {
		read := &formSheet{name: s.Name, cells: map[spot]xlsx.Cell{}}
		b.sheets, b.byName[s.Name] = append(b.sheets, read), read
		err := book.Rows(s, func(row *xlsx.Row) error {
			if b.kept += len(row.Cells); b.kept > maxFormCells {
				return errFormCells
			}
			for _, c := range row.Cells {
				at := spot{c.Column, row.Number}
				read.cells[at] = c
				read.order = append(read.order, at)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return b, nil
}

// maxFormCells bounds the cells of all sheets that hold something: ten times those of the largest checklist's form.
const maxFormCells = 200_000

var errFormCells = fault.New(fault.TooLarge, "workbook_cells",
	"the workbook has more than %d filled cells: remove what does not belong to the form", maxFormCells).
	With("What", "the workbook").With("Limit", int64(maxFormCells))

// sheet finds a sheet by its name; nil if there is none.
func (b *formBook) sheet(name string) *formSheet { return b.byName[name] }

// rows are the texts of a sheet's cells, for tables that were written from A1 on.
func (s *formSheet) rows() [][]string {
	var rows [][]string
	for _, at := range s.order {
		for len(rows) < at.row {
			rows = append(rows, nil)
		}
		row := rows[at.row-1]
		for len(row) < at.col {
			row = append(row, "")
		}
		row[at.col-1] = strings.TrimSpace(s.cells[at].Text)
		rows[at.row-1] = row
	}
	return rows
}
