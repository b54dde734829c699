package table_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/round/intake"
	"ortsspiegel/pkg/workbook/table"
)

func readTable(t testing.TB, raw []byte, sheet string) (*intake.Table, error) {
	t.Helper()
	return table.ReadTable(t.Context(), bytes.NewReader(raw), int64(len(raw)), sheet)
}

// shown writes a table as one line per row.
func shown(t *intake.Table) string {
	kinds := map[intake.CellKind]string{intake.CellNumber: "#", intake.CellPercent: "%", intake.CellDate: "@",
		intake.CellBool: "?", intake.CellFormula: "=", intake.CellError: "!"}
	var b strings.Builder
	for _, r := range t.Rows {
		fmt.Fprintf(&b, "%d:", r.Number)
		for _, c := range r.Cells {
			fmt.Fprintf(&b, " %s%s[%s]", intake.ColumnLetters(c.Column), kinds[c.Kind], c.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestReadTableSheet(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	set := func(cell string, v any) {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	style := func(cell, format string) {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err == nil {
			err = f.SetCellStyle("Sheet1", cell, cell, id)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	set("B2", " Kommune\u00a0\u200b")
	set("D2", "Mu\u0308nster")
	set("B4", 5958004)
	set("C4", 0.1+0.2)
	set("D4", time.Date(2019, 3, 31, 0, 0, 0, 0, time.UTC))
	set("E4", true)
	set("F4", 0.755)
	style("F4", `0.0 %`)
	set("G4", 43555)
	style("G4", `[$-407]d. mmmm yyyy;@`)
	set("H4", 0.5)
	style("H4", `hh:mm "Uhr"`)
	set("I4", 12.5)
	style("I4", `#,##0.0 "Tage, mehr"`)
	if err := f.SetCellFormula("Sheet1", "J4", "1+1"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellRichText("Sheet1", "A5",
		[]excelize.RichTextRun{{Text: "fett "}, {Text: "und nicht", Font: &excelize.Font{Bold: true}}}); err != nil {
		t.Fatal(err)
	}
	set("B5", "   ")
	set("C5", 1e21)
	style("Z9", "0")
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	got, err := readTable(t, out.Bytes(), "")
	if err != nil {
		t.Fatal(err)
	}
	want := "2: B[Kommune] D[Münster]\n" +
		"4: B#[5958004] C#[0.3] D@[2019-03-31] E?[true] F%[75.5] G@[2019-03-31] H[12:00] I#[12.5] J=[]\n" +
		"5: A[fett und nicht] C#[1000000000000000000000]\n"
	if shown(got) != want || got.Sheet != "Sheet1" {
		t.Errorf("got\n%swant\n%s", shown(got), want)
	}
}

func TestReadTableChoosesSheet(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for _, name := range []string{"Runde 2019", "Notizen"} {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStr(name, "A1", name); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	for sheet, code := range map[string]string{"": "sheet_many", "Runde 2020": "sheet_unknown", "runde  2019": "",
		"Notizen": ""} {
		got, err := readTable(t, out.Bytes(), sheet)
		if code != "" {
			if f := fault.As(err); f == nil || f.Code != code || !strings.Contains(f.Message, "Runde 2019") {
				t.Errorf("%q: %v", sheet, err)
			}
		} else if err != nil || !strings.EqualFold(strings.ReplaceAll(sheet, "  ", " "), got.Sheet) {
			t.Errorf("%q: %v, %v", sheet, got, err)
		}
	}
}

func TestReadTableCSV(t *testing.T) {
	const text = "Kommune;\"Frage 1, mit Komma\";Größe\n\n\"Alten\ndorf\";1,5;ja\n;;\nBergheim;=\"05958004\";\"sagt " +
		"\"\"nein\"\"\"\n"
	const want = "1: A[Kommune] B[Frage 1, mit Komma] C[Größe]\n3: A[Alten\ndorf] B[1,5] C[ja]\n6: A[Bergheim] " +
		"B[05958004] C[sagt \"nein\"]\n"
	windows, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ raw, want string }{
		"UTF-8":        {text, want},
		"mark":         {"\ufeff" + text, want},
		"Windows-1252": {windows, want},
		"CRLF":         {strings.ReplaceAll(text, "\n", "\r\n"), want},
		"commas":       {"a,b,c\n1;1,\"2;2\",3\n", "1: A[a] B[b] C[c]\n2: A[1;1] B[2;2] C[3]\n"},
		"tabs":         {"a\tb, c, d\n1\t2;3, 4\n", "1: A[a] B[b, c, d]\n2: A[1] B[2;3, 4]\n"},
		"said":         {"sep=,\na;b,c\n", "2: A[a;b] B[c]\n"},
		"a title": {"Umfrage 2019, Stand Mai, vorläufig\nAGS;Wert\n1;2,5\n2;3,5\n3;4\n",
			"1: A[Umfrage 2019, Stand Mai, vorläufig]\n2: A[AGS] B[Wert]\n3: A[1] B[2,5]\n4: A[2] B[3,5]\n5: A[3] " +
				"B[4]\n"},
		"ragged": {"a;b\n1\n1;2;3\n", "1: A[a] B[b]\n2: A[1]\n3: A[1] B[2] C[3]\n"},
	} {
		got, err := readTable(t, []byte(c.raw), "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if shown(got) != c.want {
			t.Errorf("%s: %v\n%swant\n%s", name, err, shown(got), c.want)
		}
	}
}

// Whatever somebody sends instead of a table is refused soon.
func TestReadTableRefuses(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetCellStr("Sheet1", "A1", "x"); err != nil {
		t.Fatal(err)
	}
	var whole, wide, deep bytes.Buffer
	if err := f.Write(&whole); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStr("Sheet1", "XFD1", "x"); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&wide); err != nil {
		t.Fatal(err)
	}
	g := excelize.NewFile()
	defer g.Close()
	if err := g.SetCellStr("Sheet1", "A1048576", "x"); err != nil {
		t.Fatal(err)
	}
	if err := g.Write(&deep); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"nothing":      nil,
		"blank":        []byte(" \r\n\n"),
		"truncated":    whole.Bytes()[:whole.Len()/2],
		"half a zip":   []byte("PK\x03\x04 and nothing more"),
		"wide":         wide.Bytes(),
		"deep":         deep.Bytes(),
		"old Excel":    []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
		"PDF":          []byte("%PDF-1.7\n"),
		"UTF-16":       []byte("\xff\xfea\x00"),
		"binary":       []byte("\x7fELF\x02\x01\x01\x00"),
		"open quote":   []byte("a;\"b\n" + strings.Repeat("x\n", 100_000)),
		"many columns": []byte(strings.Repeat("a;", 200_000)),
		"many rows":    []byte("a;b\n" + strings.Repeat("1;2\n", 3_000_000)),
		"many cells":   []byte(strings.Repeat(strings.Repeat("1;", 400)+"\n", 10_000)),
		"large":        bytes.Repeat([]byte("x"), 17<<20),
		"a bomb":       bomb(t),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := readTable(t, raw, "")
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
			f := fault.As(err)
			if f == nil || f.Kind != fault.Invalid && f.Kind != fault.TooLarge || len(f.Message) < 15 ||
				len(f.Message) > 400 {
				t.Errorf("got %v", err)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := table.ReadTable(ctx, bytes.NewReader(whole.Bytes()), int64(whole.Len()), ""); err == nil {
		t.Error("a reader that was cancelled reads on")
	}
	if _, err := readTable(t, []byte("a;b\n"), "Tabelle1"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a sheet of a CSV file: %v", err)
	}
}

// bomb is a workbook of some 200 kB whose sheet unpacks to 200 MB.
func bomb(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		blanks := bytes.Repeat([]byte(" "), 1<<20)
		for i := 0; strings.HasPrefix(name, "xl/worksheets") && i < 200; i++ {
			if _, err := w.Write(blanks); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func FuzzReadTable(f *testing.F) {
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetCellStr("Sheet1", "B2", "x"); err != nil {
		f.Fatal(err)
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Add([]byte("a;b\n\"1\";2,5\n"))
	f.Add([]byte("sep=,\na,\"b\n\"\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		table, err := readTable(t, raw, "")
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		last := 0
		for _, r := range table.Rows {
			if r.Number <= last || len(r.Cells) == 0 {
				t.Fatalf("row %d after %d: %+v", r.Number, last, r)
			}
			last = r.Number
			column := 0
			for _, c := range r.Cells {
				if c.Column <= column || (c.Text == "") != (c.Kind == intake.CellFormula) {
					t.Fatalf("row %d: %+v", r.Number, c)
				}
				column = c.Column
			}
		}
	})
}
