package form

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/reports"
	"ortsspiegel/pkg/workbook/sample"
)

// refusedForm reads a form that must be refused and returns why.
func refusedForm(t testing.TB, d *checklist.Definition, data []byte) string {
	t.Helper()
	_, err := ReadForm(context.Background(), bytes.NewReader(data), int64(len(data)),
		func(hash string) (*checklist.Definition, error) {
			if hash != d.Hash {
				return nil, fault.New(fault.NotFound, "checklist_unknown", "no checklist has the hash %s", hash)
			}
			return d, nil
		})
	f := fault.As(err)
	if f == nil {
		t.Fatalf("not a fault: %v", err)
	}
	if len(f.Message) < 20 {
		t.Errorf("the message says nothing: %q", f.Message)
	}
	return f.Code
}

// identityRows reads the hidden sheet; writing them back may renew the checksum.
func (p *paper) identityRows() [][]string {
	p.t.Helper()
	rows, err := p.f.GetRows(formIdentity)
	p.must(err)
	return rows
}

func (p *paper) setIdentity(rows [][]string, renew bool) {
	p.t.Helper()
	if renew {
		rows[len(rows)-1][1] = formChecksum(rows[:len(rows)-1])
	}
	for i, r := range rows {
		p.must(p.f.SetSheetRow(formIdentity, book.Cell(1, i+1), &r))
	}
}

func TestFormRefused(t *testing.T) {
	d := formular(t)
	data := writtenForm(t, sample.FormOf(d, nil), "de")
	identity := func(renew bool, change func(rows [][]string)) []byte {
		p := onPaper(t, data)
		rows := p.identityRows()
		change(rows)
		p.setIdentity(rows, renew)
		return p.bytes()
	}
	without := func(sheet string) []byte {
		p := onPaper(t, data)
		p.must(p.f.DeleteSheet(sheet))
		return p.bytes()
	}
	row := func(rows [][]string, first string) []string {
		for _, r := range rows {
			if r[0] == first {
				return r
			}
		}
		t.Fatalf("the hidden sheet has no row %s", first)
		return nil
	}
	other := sample.TownReport(d, nil, "de")
	var report bytes.Buffer
	if err := reports.WriteTown(&report, other); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"the town's report instead of the form", report.Bytes(), "form_none"},
		{"without the hidden sheet", without(formIdentity), "form_hidden"},
		{"a format to come", identity(true, func(rows [][]string) { rows[0][1] = "3" }), "form_format"},
		{"an assessment edited", identity(false, func(rows [][]string) {
			row(rows, "assessment")[1] = "18"
		}), "form_damaged"},
		{"a revision edited", identity(false, func(rows [][]string) { row(rows, "value")[3] = "7" }), "form_damaged"},
		{"an id edited", identity(false, func(rows [][]string) {
			row(rows, "value")[1] = "verwechselbar"
		}), "form_damaged"},
		{"a checksum edited", identity(false, func(rows [][]string) {
			row(rows, "checksum")[1] = strings.Repeat("0", 64)
		}), "form_damaged"},
		{"no checksum", identity(false, func(rows [][]string) {
			r := row(rows, "checksum")
			r[0], r[1] = "", ""
		}), "form_damaged"},
		{"an unknown question with a checksum", identity(true, func(rows [][]string) {
			r := row(rows, "value")
			r[1], r[4] = "gibt-es-nicht", "form.value.gibt.es.nicht"
		}), "form_damaged"},
		{"a foreign name with a checksum", identity(true, func(rows [][]string) {
			row(rows, "value")[4] = "form.value.text"
		}), "form_damaged"},
		{"an unknown part with a checksum", identity(true, func(rows [][]string) {
			r := row(rows, "value")
			r[0], r[4] = "points", "form.points.wahl"
		}), "form_damaged"},
		{"an input twice with a checksum", identity(true, func(rows [][]string) {
			copy(rows[len(formKeys)+1], rows[len(formKeys)])
		}), "form_damaged"},
		{"a negative revision with a checksum", identity(true, func(rows [][]string) {
			row(rows, "value")[3] = "-1"
		}), "form_damaged"},
		{"no assessment with a checksum", identity(true, func(rows [][]string) {
			row(rows, "assessment")[1] = "siebzehn"
		}), "form_damaged"},
		{"another version of the checklist", identity(true, func(rows [][]string) {
			row(rows, "hash")[1] = strings.Repeat("ab", 32)
		}), "checklist_unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := refusedForm(t, d, c.data); got != c.want {
				t.Errorf("refused as %s, want %s", got, c.want)
			}
		})
	}
	t.Run("without a section's sheet", func(t *testing.T) {
		r := readForm(t, d, without("3 Dritte"))
		if got := said(r, "nur-wenn"); got != "problem gone at" {
			t.Errorf("a question whose sheet was deleted: %s", got)
		}
		if len(r.Filled) != len(d.Questions())-2 || len(r.Problems) != 2 {
			t.Errorf("%d filled, %d problems", len(r.Filled), len(r.Problems))
		}
	})
}

// TestFormMovedInside does to the sheets what excelize can do as Excel does it: names go along, and so do keys.
func TestFormMovedInside(t *testing.T) {
	d := formular(t)
	const first, second = "1 Erste Fragen O Hara", "2 Erste Fragen O Hara"
	filled := func(t *testing.T) *paper {
		p := onPaper(t, writtenForm(t, sample.FormOf(d, nil), "de"))
		p.set("value wahl", "ja")
		p.set("comment wahl", "so ist es")
		p.set("value verwechselbar", "1–2 Tage")
		p.set("tick viele o5", "x")
		p.set("tick viele o9", "x")
		p.set("value zahl", 7.5)
		return p
	}
	all := map[checklist.QuestionID]string{"wahl": "ja; comment: so ist es", "verwechselbar": "b", "viele": "o5+o9",
		"zahl": "7,5", "frei": "", "text": ""}
	with := func(id checklist.QuestionID, want string, more ...string) map[checklist.QuestionID]string {
		out := map[checklist.QuestionID]string{id: want}
		for i := 0; i+1 < len(more); i += 2 {
			out[checklist.QuestionID(more[i])] = more[i+1]
		}
		for q, w := range all {
			if _, ok := out[q]; !ok {
				out[q] = w
			}
		}
		return out
	}
	// row moves or copies the texts of a row of the first sheet, its key among them; names stay.
	row := func(p *paper, from, to int, keep bool) {
		for col := 1; col <= formState; col++ {
			v, err := p.f.GetCellValue(first, book.Cell(col, from))
			p.must(err)
			p.must(p.f.SetCellValue(first, book.Cell(col, to), v))
			if !keep {
				p.must(p.f.SetCellValue(first, book.Cell(col, from), nil))
			}
		}
	}
	names := func(p *paper, change func(name, target string) string) {
		for _, n := range p.f.GetDefinedName() {
			if target := change(n.Name, n.RefersTo); target != n.RefersTo && strings.HasPrefix(n.Name, formNamePrefix) {
				p.must(p.f.DeleteDefinedName(&n))
				if target != "" {
					n.RefersTo = target
					p.must(p.f.SetDefinedName(&n))
				}
			}
		}
	}
	for _, c := range []struct {
		name string
		do   func(p *paper)
		want map[checklist.QuestionID]string
	}{
		{"nothing", func(p *paper) {}, all},
		{"sheets renamed and reordered", func(p *paper) {
			p.must(p.f.SetSheetName(first, "Für Frau Öz'türk"))
			p.must(p.f.MoveSheet(second, "Deckblatt"))
			p.must(p.f.SetSheetName("Deckblatt", "X"))
		}, all},
		{"rows sorted: keys go, names stay", func(p *paper) {
			row(p, 5, 20, false)
			row(p, 6, 5, false)
			row(p, 20, 6, false)
		}, all},
		{"a question's row moved down without its name", func(p *paper) { row(p, 5, 30, false) }, all},
		{"a row copied below, the same", func(p *paper) { row(p, 5, 31, true) }, all},
		{"a row copied below and filled in differently", func(p *paper) {
			row(p, 5, 31, true)
			p.must(p.f.SetCellValue(first, "E31", "nein"))
		}, with("wahl", "problem twice at E5")},
		{"the sheet copied and the copy filled in", func(p *paper) {
			i, err := p.f.NewSheet("Kopie")
			p.must(err)
			from, err := p.f.GetSheetIndex(first)
			p.must(err)
			p.must(p.f.CopySheet(from, i))
			p.must(p.f.SetCellValue("Kopie", "E6", "1-2 Tage"))
		}, with("verwechselbar", "problem twice at E6")},
		{"a row deleted", func(p *paper) { p.must(p.f.RemoveRow(first, 6)) }, with("verwechselbar", "problem gone at")},
		{"a row of ticks deleted", func(p *paper) {
			p.must(p.f.RemoveRow(first, 11))
		}, with("viele", "problem gone at")},
		{"an answer cut and pasted into another question's cell", func(p *paper) {
			// The program moves the name of the cell that was cut and breaks that of the cell it lands on.
			p.must(p.f.SetCellValue(first, "E6", "1-2 Tage"))
			p.must(p.f.SetCellValue(first, "E5", nil))
			names(p, func(name, target string) string {
				switch name {
				case "form.value.wahl":
					return book.Quoted(first) + "!$E$6"
				case "form.value.verwechselbar":
					return book.Quoted(first) + "!#REF!"
				}
				return target
			})
		}, with("wahl", "comment: so ist es", "verwechselbar", "a")},
		{"an answer cut and pasted into its own comment", func(p *paper) {
			names(p, func(name, target string) string {
				switch name {
				case "form.value.wahl":
					return book.Quoted(first) + "!$G$5"
				case "form.comment.wahl":
					return book.Quoted(first) + "!#REF!"
				}
				return target
			})
		}, with("wahl", "problem moved at G5")},
		{"names of other workbooks, of ranges, of nothing", func(p *paper) {
			names(p, func(name, target string) string {
				switch name {
				case "form.value.wahl":
					return "'[1]Andere'!$E$5"
				case "form.value.verwechselbar":
					return book.Quoted(first) + "!$E$5:$E$9"
				case "form.value.zahl":
					return "Gibtsnicht!$E$5"
				}
				return target
			})
		}, all},
		{"names that lead to other questions", func(p *paper) {
			names(p, func(name, target string) string {
				switch name {
				case "form.value.wahl":
					return book.Quoted(second) + "!$E$5"
				case "form.value.zahl":
					return book.Quoted(first) + "!$E$5"
				}
				return target
			})
		}, all},
		{"no names at all", func(p *paper) { names(p, func(string, string) string { return "" }) }, all},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := filled(t)
			c.do(p)
			r := readForm(t, d, p.bytes())
			for q, want := range c.want {
				if got := said(r, q); got != want {
					t.Errorf("%s: got %q, want %q", q, got, want)
				}
			}
		})
	}
	t.Run("counted from 1904", func(t *testing.T) {
		p := onPaper(t, writtenForm(t, sample.FormOf(d, nil), "de"))
		yes := true
		p.must(p.f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
		p.set("value tag", 46112-1462)
		if got := said(readForm(t, d, p.bytes()), "tag"); got != "2026-03-31" {
			t.Errorf("got %s", got)
		}
	})
}
