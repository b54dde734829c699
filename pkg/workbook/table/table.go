package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	xlsx "ortsspiegel/pkg/internal/sheet"
	"ortsspiegel/pkg/internal/zipguard"
	"ortsspiegel/pkg/round/intake"
)

// tableLimits bound what a foreign table may cost: 11 000 towns with 60 columns stay below.
func tableLimits() zipguard.Limits {
	l := zipguard.Workbook()
	l.Rows, l.Columns, l.Cells = maxTableRows, maxTableColumns, maxTableCells
	return l
}

const (
	maxTableRows    = 20_000
	maxTableColumns = 512
	maxTableCells   = 700_000
	maxTableCSV     = 16 << 20 // bytes
)

// ReadTable reads the sheet with a name of a workbook (.xlsx), or a CSV file, whichever the bytes
// are; name may be empty if there is only one. Formulas are not computed and what the file says of
// their values is not believed. Errors are faults that say what to do: another kind of file,
// damaged, too large or dangerous (see zipguard.Check), no such sheet. It waits until no other
// import reads a workbook.
func ReadTable(ctx context.Context, r io.ReaderAt, size int64, name string) (*intake.Table, error) {
	head := make([]byte, 4)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("workbook: read file: %w", err)
	}
	for _, binary := range []string{"PK", "\xD0\xCF", "%PDF"} {
		if bytes.HasPrefix(head[:n], []byte(binary)) {
			return readTableSheet(ctx, r, size, name)
		}
	}
	if name != "" {
		return nil, fault.New(fault.Invalid, "sheet_unknown", "the file is no workbook, so it has no sheet %s", name)
	}
	if size > maxTableCSV {
		size = maxTableCSV + 1 // enough to refuse it
	}
	raw := make([]byte, size)
	if _, err := r.ReadAt(raw, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("workbook: read csv: %w", err)
	}
	return tableOfCSV(raw)
}

func readTableSheet(ctx context.Context, r io.ReaderAt, size int64, name string) (*intake.Table, error) {
	leave, err := zipguard.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	book, err := xlsx.Open(ctx, r, size, tableLimits())
	if err != nil {
		return nil, err
	}
	chosen, err := chooseSheet(book.Sheets, name)
	if err != nil {
		return nil, err
	}
	t, err := tableOfSheet(book, chosen)
	if err != nil {
		return nil, err
	}
	t.Hidden = slices.Contains(book.Hidden, chosen.Name)
	return t, nil
}

// chooseSheet returns the sheet with a name, or the only one that holds something.
func chooseSheet(sheets []zipguard.Sheet, name string) (zipguard.Sheet, error) {
	var names []string
	var filled []zipguard.Sheet
	for _, s := range sheets {
		names = append(names, s.Name)
		if name != "" && checklist.Plain(s.Name) == checklist.Plain(name) {
			return s, nil
		}
		if s.Rows > 0 {
			filled = append(filled, s)
		}
	}
	switch {
	case name != "":
		return zipguard.Sheet{}, fault.New(fault.Invalid, "sheet_unknown", "the workbook has no sheet %s, but %s",
			name, strings.Join(names, ", "))
	case len(filled) == 0:
		return zipguard.Sheet{}, fault.New(fault.Invalid, "workbook_empty", "the workbook's sheets are empty")
	case len(filled) > 1:
		return zipguard.Sheet{}, fault.New(fault.Invalid, "sheet_many",
			"the workbook has several sheets: say which one with --sheet (%s)", strings.Join(names, ", "))
	}
	return filled[0], nil
}
