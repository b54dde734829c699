package form

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/sample"
)

// officeMacro is what every macro of these tests begins with: it opens a file, works on it and saves it as .xlsx.
const officeMacro = `
Private doc As Object

Private Sub OpenForm(path As String)
	Dim p(0) As New com.sun.star.beans.PropertyValue, i As Integer
	p(0).Name = "Hidden"
	p(0).Value = True
	doc = StarDesktop.loadComponentFromURL(ConvertToURL(path), "_blank", 0, p())
	For i = 0 To doc.Sheets.Count - 1
		doc.Sheets.getByIndex(i).unprotect("")
	Next i
End Sub

Private Sub SaveForm(path As String)
	Dim p(0) As New com.sun.star.beans.PropertyValue
	p(0).Name = "FilterName"
	p(0).Value = "Calc MS Excel 2007 XML"
	doc.storeToURL(ConvertToURL(path), p())
	doc.close(True)
End Sub

Private Function CellOf(name As String) As Object
	Dim at
	at = doc.NamedRanges.getByName(name).getReferredCells().getRangeAddress()
	CellOf = doc.Sheets.getByIndex(at.Sheet).getCellByPosition(at.StartColumn, at.StartRow)
End Function

Private Sub Typed(name As String, text As String)
	CellOf(name).FormulaLocal = text ' as if it were typed, in the program's language
End Sub
`

// runMacro lets LibreOffice run a Basic program in a profile of its own.
func runMacro(t *testing.T, locale, program string) {
	t.Helper()
	office, profile := sample.OfficeProfile(t, locale)
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command(office, append([]string{"-env:UserInstallation=file://" + profile, "--headless",
			"--norestore"}, args...)...)
		cmd.WaitDelay = 5 * time.Second
		if msg, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("soffice: %v\n%s", err, msg)
		}
	}
	run("--terminate_after_init") // the first start puts a library of its own where ours goes
	basic := filepath.Join(profile, "user", "basic", "Standard")
	text := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(program)
	for name, content := range map[string]string{
		"script.xlb": `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="Work"/></library:library>`,
		"Work.xba": `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Work" script:language="StarBasic">` + text + `</script:module>`,
	} {
		if err := os.WriteFile(filepath.Join(basic, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run("macro:///Standard.Work.Main")
}

// TestFormFilledInOffice lets LibreOffice type into a form, move things about and save it.
func TestFormFilledInOffice(t *testing.T) {
	d := formular(t)
	given := score.Answers{
		"wahl":  {Kind: checklist.AnswerOptions, Options: []checklist.OptionID{"nein"}},
		"viele": {Kind: checklist.AnswerOptions, Options: []checklist.OptionID{"o1", "o9"}},
		"frei":  {Kind: checklist.AnswerNumber, Number: decimal.RequireFromString("12.25")},
	}
	for _, c := range []struct {
		locale                                string
		lang                                  checklist.Lang
		yes, partly, clear, comma, date, text string
	}{
		{"de-DE", "de", "JA", "zum Teil - \"\"halb–fertig\"\"", "löschen", "7,5", "31.3.2026", "7,5"},
		{"en-US", "en", "yes", "partly - \"\"half–done\"\"", "clear", "7.5", "3/31/2026", "7.5"},
	} {
		t.Run(c.locale, func(t *testing.T) {
			dir := t.TempDir()
			form := sample.FormOf(d, given)
			file := filepath.Join(dir, "form.xlsx")
			if err := os.WriteFile(file, writtenForm(t, form, c.lang), 0o644); err != nil {
				t.Fatal(err)
			}
			f, err := excelize.OpenFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sheets := f.GetSheetList()
			f.Close()
			first, second := sheets[1], sheets[2]
			fill := `
	Typed "form.value.wahl", "` + c.yes + `"
	Typed "form.comment.wahl", "  neu  "
	Typed "form.value.verwechselbar", "1–2 ` + book.Ternary(c.lang == "de", "Tage", "days") + `"
	Typed "form.tick.viele..o1", ""
	Typed "form.tick.viele..o3", "x"
	Typed "form.value.zahl", "` + c.comma + `"
	Typed "form.value.frei", "` + c.clear + `"
	Typed "form.value.tag", "` + c.date + `"
	Typed "form.reason.text", "Das macht bei uns der Kreis."
	Typed "form.value.nur.wenn", "3"`
			// what was filled in
			want := map[checklist.QuestionID]string{"wahl": "ja; comment: neu", "verwechselbar": "b",
				"viele": "o3+o9; comment: Bemerkung zu viele", "zahl": "7,5",
				"frei": "clear; comment: Bemerkung zu frei", "tag": "2026-03-31",
				"text": "not applicable: Das macht bei uns der Kreis.", "nur-wenn": "3", "nur-dann": ""}
			steps := map[string]string{
				"filled": fill,
				"moved": fill + `
	Dim s As Object, target As New com.sun.star.table.CellAddress
	s = doc.Sheets.getByName("` + first + `")
	s.Columns.insertByIndex(1, 2)
	s.Rows.insertByIndex(4, 3)
	' the row of the first question goes below the last one
	target.Sheet = s.RangeAddress.Sheet : target.Column = 0 : target.Row = 30
	s.moveRange(target, s.getCellRangeByName("A8:J8").RangeAddress)
	doc.Sheets.getByName("` + second + `").Rows.insertByIndex(0, 1)
	doc.Sheets.getByName("` + second + `").Name = "Für Frau O'Hara"
	doc.Sheets.moveByName("` + first + `", 3)
	doc.Sheets.getByName("` + sheets[0] + `").Name = "Vorn"`,
				"sorted": fill + `
	Dim range As Object, field(0) As New com.sun.star.table.TableSortField, how(1) As New com.sun.star.beans.PropertyValue
	range = doc.Sheets.getByName("` + second + `").getCellRangeByName("A5:H8")
	field(0).Field = 1 : field(0).IsAscending = False
	how(0).Name = "SortFields" : how(0).Value = field()
	how(1).Name = "ContainsHeader" : how(1).Value = False
	range.sort(how())`,
				"copied": fill + `
	doc.Sheets.copyByName("` + first + `", "Kopie", 0)
	doc.Sheets.removeByName("` + first + `")`,
				"pasted": fill + `
	Dim p As Object
	p = doc.Sheets.getByName("` + second + `")
	' values pasted over text cells and numbers
	p.getCellRangeByName("E5").setString("` + c.text + `")
	p.getCellRangeByName("E7").setString("31. 3. 2026")
	p.getCellRangeByName("E5:G8").setDataArray(p.getCellRangeByName("E5:G8").getDataArray())`,
			}
			program := officeMacro + "\nSub Main()\n"
			names := slices.Sorted(func(yield func(string) bool) {
				for name := range steps {
					if !yield(name) {
						return
					}
				}
			})
			for _, name := range names {
				program += fmt.Sprintf("\tDo%s\n", name)
			}
			program += "\tStarDesktop.terminate()\nEnd Sub\n"
			for _, name := range names {
				program += fmt.Sprintf("\nSub Do%s()\n\tOpenForm %q\n%s\n\tSaveForm %q\nEnd Sub\n", name, file,
					steps[name], filepath.Join(dir, name+".xlsx"))
			}
			runMacro(t, c.locale, program)
			for _, name := range names {
				data, err := os.ReadFile(filepath.Join(dir, name+".xlsx"))
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				r := readForm(t, d, data)
				for q, want := range want {
					if got := said(r, q); got != want {
						t.Errorf("%s: %s: got %q, want %q", name, q, got, want)
					}
				}
			}
		})
	}
}
