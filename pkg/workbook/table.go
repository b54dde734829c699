package workbook

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/unicode/norm"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/zipguard"
	"ortsspiegel/pkg/round"
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

// ReadTable reads a sheet of a workbook (.xlsx), or a CSV file, whichever the bytes are; sheet may be empty if
// there is only one. Formulas are not computed and what the file says of their values is not believed. Errors
// are faults that say what to do: another kind of file, damaged, too large or dangerous (see zipguard.Check), no such
// sheet. It waits until no other import reads a workbook.
func ReadTable(ctx context.Context, r io.ReaderAt, size int64, sheet string) (*round.Table, error) {
	head := make([]byte, 4)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("workbook: read file: %w", err)
	}
	for _, binary := range []string{"PK", "\xD0\xCF", "%PDF"} {
		if bytes.HasPrefix(head[:n], []byte(binary)) {
			return readTableSheet(ctx, r, size, sheet)
		}
	}
	if sheet != "" {
		return nil, fault.New(fault.Invalid, "sheet_unknown", "the file is no workbook, so it has no sheet %s", sheet)
	}
	return readTableCSV(r, size)
}

func readTableSheet(ctx context.Context, r io.ReaderAt, size int64, name string) (*round.Table, error) {
	leave, err := zipguard.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	report, err := zipguard.Check(r, size, tableLimits())
	if err != nil {
		return nil, err
	}
	sheet, err := chooseSheet(report.Sheets, name)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, errTableDamaged.Because(err)
	}
	x := &sheetReader{ctx: ctx, parts: map[string]*zip.File{}}
	for _, f := range z.File {
		x.parts[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	rows, err := x.read(sheet.Part)
	if err != nil {
		return nil, err
	}
	return &round.Table{Sheet: sheet.Name, Rows: rows}, nil
}

var errTableDamaged = fault.New(fault.Invalid, "workbook_damaged", "the workbook cannot be read: save it again in Excel as .xlsx")

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
		return zipguard.Sheet{}, fault.New(fault.Invalid, "sheet_unknown", "the workbook has no sheet %s, but %s", name, strings.Join(names, ", "))
	case len(filled) == 0:
		return zipguard.Sheet{}, fault.New(fault.Invalid, "workbook_empty", "the workbook's sheets are empty")
	case len(filled) > 1:
		return zipguard.Sheet{}, fault.New(fault.Invalid, "sheet_many", "the workbook has several sheets: say which one with --sheet (%s)", strings.Join(names, ", "))
	}
	return filled[0], nil
}

// tableText is a cell's text without what programs put around it unseen; letters with marks are one character,
// however the file composes them.
func tableText(s string) string {
	return norm.NFC.String(trimCell(clean(s)))
}
