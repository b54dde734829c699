package sample

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/workbook/book"
)

// The forms in which LibreOffice gives back what it calculated: a workbook, or each sheet as
// CSV with full precision, which is much faster to write and to read.
const (
	AsBook   = "xlsx:Calc MS Excel 2007 XML"
	AsTables = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false,false,false,-1"
)

// OfficeProfile finds LibreOffice and makes a profile for it. The locale is what its formulas and
// numbers are read in. Without LibreOffice the test is skipped, in CI it fails.
func OfficeProfile(t *testing.T, locale string) (program, profile string) {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err != nil {
		testkit.Need(t, "LibreOffice, to recalculate formulas: apt-get install libreoffice-calc")
	}
	profile = t.TempDir()
	if err := os.MkdirAll(filepath.Join(profile, "user"), 0o755); err != nil {
		t.Fatal(err)
	}
	settings := `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>` + locale + `</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`
	if err := os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(settings),
		0o644); err != nil {
		t.Fatal(err)
	}
	return program, profile
}

// Recalculate lets LibreOffice open, recalculate and save workbooks, all in one run.
func Recalculate(t *testing.T, locale, form string, files []string) (out string) {
	t.Helper()
	program, profile := OfficeProfile(t, locale)
	out = t.TempDir()
	args := append([]string{"-env:UserInstallation=file://" + profile, "--headless", "--norestore", "--convert-to",
		form, "--outdir", out}, files...)
	cmd := exec.Command(program, args...)
	cmd.WaitDelay = 5 * time.Second
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, msg)
	}
	return out
}

// Reader reads a calculated workbook: sheet and cell to the value without format.
type Reader func(sheet, cell string) string

func OfBook(t *testing.T, f *excelize.File) Reader {
	return func(sheet, cell string) string {
		t.Helper()
		v, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// OfTables reads what LibreOffice wrote as asTables, one file per sheet.
func OfTables(t *testing.T, prefix string) Reader {
	sheets := map[string][][]string{}
	return func(sheet, cell string) string {
		t.Helper()
		rows, ok := sheets[sheet]
		if !ok {
			data, err := os.ReadFile(prefix + "-" + sheet + ".csv")
			if err != nil {
				t.Fatal(err)
			}
			c := csv.NewReader(bytes.NewReader(data))
			c.Comma, c.FieldsPerRecord = ';', -1
			if rows, err = c.ReadAll(); err != nil {
				t.Fatal(err)
			}
			sheets[sheet] = rows
			NoErrors(t, sheet, rows)
		}
		col, row, err := excelize.CellNameToCoordinates(cell)
		if err != nil || row > len(rows) || col > len(rows[row-1]) {
			t.Fatalf("%s!%s: %v, the sheet has %d rows", sheet, cell, err, len(rows))
		}
		return rows[row-1][col-1]
	}
}

var errorValue = regexp.MustCompile(`^(#[A-ZÄÖÜ/0?]+[!?]?|Err:\d+)$`)

func NoErrors(t *testing.T, sheet string, rows [][]string) {
	t.Helper()
	for i, row := range rows {
		for j, v := range row {
			if errorValue.MatchString(v) {
				t.Errorf("%s!%s shows %s", sheet, book.Cell(j+1, i+1), v)
			}
		}
	}
}
