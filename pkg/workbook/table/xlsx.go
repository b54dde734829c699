package table

import (
	"math"
	"strings"
	"time"

	"ortsspiegel/pkg/internal/plaintext"
	xlsx "ortsspiegel/pkg/internal/sheet"
	"ortsspiegel/pkg/internal/zipguard"
	"ortsspiegel/pkg/round/intake"
)

// tableOfSheet reads a sheet as a table.
func tableOfSheet(b *xlsx.Book, s zipguard.Sheet) (*intake.Table, error) {
	t := &intake.Table{Sheet: s.Name}
	err := b.Rows(s, func(r *xlsx.Row) error {
		row := intake.Row{Number: r.Number, Hidden: r.Hidden}
		for i := range r.Cells {
			if c := tableCell(b, &r.Cells[i]); c.Text != "" || c.Kind == intake.CellFormula ||
				c.Kind == intake.CellError {
				row.Cells = append(row.Cells, c)
			}
		}
		if len(row.Cells) > 0 {
			t.Rows = append(t.Rows, row)
		}
		return nil
	})
	return t, err
}

// tableCell is a cell as a table shows it. What the file says of a formula's value is not believed.
func tableCell(b *xlsx.Book, c *xlsx.Cell) intake.Cell {
	out := intake.Cell{Column: c.Column, Text: c.Text, Hidden: c.Hidden}
	switch {
	case c.Formula:
		return intake.Cell{Column: c.Column, Kind: intake.CellFormula, Hidden: c.Hidden}
	case c.Kind == xlsx.Error:
		out.Kind = intake.CellError
	case c.Kind == xlsx.Truth:
		out.Kind, out.Text = intake.CellBool, map[string]string{"1": "true", "0": "false"}[c.Text]
	case c.Kind == xlsx.Day:
		if day, _ := plaintext.Day(c.Text, plaintext.OrderOpen); day != "" {
			out.Kind, out.Text = intake.CellDate, day
		}
	case c.Kind == xlsx.Number:
		out.Kind, out.Text = tableNumber(b, c)
	}
	return out
}

// tableNumber reads a number as its format shows it.
func tableNumber(b *xlsx.Book, c *xlsx.Cell) (intake.CellKind, string) {
	n, _ := c.Float() // a number by its kind
	switch c.Format {
	case xlsx.Date:
		if day, ok := b.Serial(n); ok {
			return intake.CellDate, day.Format(time.DateOnly)
		}
	case xlsx.Time:
		if n >= 0 && n < 1 {
			return intake.CellText, time.Unix(int64(math.Round(n*86400)), 0).UTC().Format("15:04")
		}
	case xlsx.Percent:
		return intake.CellPercent, xlsx.Decimal(n * 100)
	}
	return intake.CellNumber, xlsx.Decimal(n)
}

// tableOfCSV makes a table of a CSV file; rows are numbered as the file's lines.
func tableOfCSV(raw []byte) (*intake.Table, error) {
	file, err := plaintext.ReadCSV(raw, plaintext.CSVLimits{Bytes: maxTableCSV, Rows: maxTableRows,
		Columns: maxTableColumns, Cells: maxTableCells})
	if err != nil {
		return nil, err
	}
	t := &intake.Table{Converted: file.Converted}
	for _, r := range file.Rows {
		row := intake.Row{Number: r.Line}
		for i, text := range r.Fields {
			if text != "" {
				row.Cells = append(row.Cells, intake.Cell{Column: i + 1, Text: strings.Clone(text)})
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}
