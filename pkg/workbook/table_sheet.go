package workbook

import (
	"math"
	"strings"
	"time"

	"ortsspiegel/pkg/internal/plaintext"
	xlsx "ortsspiegel/pkg/internal/sheet"
	"ortsspiegel/pkg/internal/zipguard"
	"ortsspiegel/pkg/round"
)

// tableOfSheet reads a sheet as a table.
func tableOfSheet(b *xlsx.Book, s zipguard.Sheet) (*round.Table, error) {
	t := &round.Table{Sheet: s.Name}
	err := b.Rows(s, func(r *xlsx.Row) error {
		row := round.TableRow{Number: r.Number, Hidden: r.Hidden}
		for i := range r.Cells {
			if c := tableCell(b, &r.Cells[i]); c.Text != "" || c.Kind == round.CellFormula || c.Kind == round.CellError {
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
func tableCell(b *xlsx.Book, c *xlsx.Cell) round.TableCell {
	out := round.TableCell{Column: c.Column, Text: c.Text, Hidden: c.Hidden}
	switch {
	case c.Formula:
		return round.TableCell{Column: c.Column, Kind: round.CellFormula, Hidden: c.Hidden}
	case c.Kind == xlsx.Error:
		out.Kind = round.CellError
	case c.Kind == xlsx.Truth:
		out.Kind, out.Text = round.CellBool, map[string]string{"1": "true", "0": "false"}[c.Text]
	case c.Kind == xlsx.Day:
		if day, _ := plaintext.Day(c.Text, plaintext.OrderOpen); day != "" {
			out.Kind, out.Text = round.CellDate, day
		}
	case c.Kind == xlsx.Number:
		out.Kind, out.Text = tableNumber(b, c)
	}
	return out
}

// tableNumber reads a number as its format shows it.
func tableNumber(b *xlsx.Book, c *xlsx.Cell) (round.CellKind, string) {
	n, _ := c.Float() // a number by its kind
	switch c.Format {
	case xlsx.Date:
		if day, ok := b.Serial(n); ok {
			return round.CellDate, day.Format(time.DateOnly)
		}
	case xlsx.Time:
		if n >= 0 && n < 1 {
			return round.CellText, time.Unix(int64(math.Round(n*86400)), 0).UTC().Format("15:04")
		}
	case xlsx.Percent:
		return round.CellPercent, xlsx.Decimal(n * 100)
	}
	return round.CellNumber, xlsx.Decimal(n)
}

// tableOfCSV makes a table of a CSV file; rows are numbered as the file's lines.
func tableOfCSV(raw []byte) (*round.Table, error) {
	file, err := plaintext.ReadCSV(raw, plaintext.CSVLimits{Bytes: maxTableCSV, Rows: maxTableRows, Columns: maxTableColumns, Cells: maxTableCells})
	if err != nil {
		return nil, err
	}
	t := &round.Table{Converted: file.Converted}
	for _, r := range file.Rows {
		row := round.TableRow{Number: r.Line}
		for i, text := range r.Fields {
			if text != "" {
				row.Cells = append(row.Cells, round.TableCell{Column: i + 1, Text: strings.Clone(text)})
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}
