package reports

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"ortsspiegel/pkg/workbook/form"
	"ortsspiegel/pkg/workbook/sample"
)

// partsOf are the parts of a workbook by their names.
func partsOf(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
	}
	return parts
}

// TestOtherProgramsOpenTheWorkbooks checks what stopped ExcelJS and what Excel would have drawn too small.
func TestOtherProgramsOpenTheWorkbooks(t *testing.T) {
	d := sample.Willkommen(t)
	town := sample.TownReport(d, sample.RandomAnswers(d, sample.Seeded(3), 0.9), "de")
	town.Release = release(t, d, 14)
	files := map[string]func(io.Writer) error{
		"town":   func(w io.Writer) error { return WriteTown(w, town) },
		"region": func(w io.Writer) error { return WriteRegion(w, regionReport(t, d, 14)) },
		"form":   func(w io.Writer) error { return form.WriteForm(w, sample.FormOf(d, nil), "de", "Test") },
	}
	for name, write := range files {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		drawings := 0
		for part, text := range partsOf(t, b.Bytes()) {
			switch {
			case part == "docProps/core.xml" && strings.Contains(text, "lastModifiedBy"):
				t.Errorf("%s: %s names who changed it last", name, part)
			case strings.HasPrefix(part, "xl/worksheets/sheet"):
				drawings += strings.Count(text, "<drawing ")
				if strings.Count(text, "<drawing ") != strings.Count(text, ` r:id="rId1"></drawing>`) {
					t.Errorf("%s: %s refers to its drawing by another prefix than r", name, part)
				}
			case strings.HasPrefix(part, "xl/drawings/drawing"):
				if strings.Contains(text, "twoCellAnchor") || !strings.Contains(text, "<xdr:ext cx=") {
					t.Errorf("%s: %s: a chart without its size", name, part)
				}
			}
		}
		if drawings == 0 && name != "form" {
			t.Errorf("%s has no charts", name)
		}
	}
}
