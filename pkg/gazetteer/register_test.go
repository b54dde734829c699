package gazetteer

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/zipguard"
	"ortsspiegel/pkg/region"
)

func TestReadRegisterOfDestatis(t *testing.T) {
	for _, c := range []struct {
		file, asOf string
		population int
		districts  []region.DistrictKey
		towns      int
		arnsberg   int
	}{
		{"gv/gv_auszug_31122019_suedwestfalen.xlsx", "2019-12-31", 0, nil, 59, 73456},
		{"gv/gv_auszug_31122021_suedwestfalen.xlsx", "2021-12-31", 0, nil, 59, 73423},
		{"gv/gv_auszug_31122021_suedwestfalen.xlsx", "2021-12-31", 0, []region.DistrictKey{"05958", "05966"}, 19,
			73423},
	} {
		raw := shared(t, c.file)
		start := time.Now()
		got, err := Read(context.Background(), bytes.NewReader(raw), int64(len(raw)), c.districts)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %v", c.file, time.Since(start))
		if len(got.Municipalities) != c.towns || got.AsOf != c.asOf || len(got.Notices) != 0 ||
			!strings.HasSuffix(got.Source, "Bevölkerung 31.12."+c.asOf[:4]) {
			t.Errorf("%d municipalities as of %s, source %q, notices %v", len(got.Municipalities), got.AsOf,
				got.Source, got.Notices)
		}
		want := region.Municipality{AGS: "05958004", Name: "Arnsberg", OfficialName: "Arnsberg, Stadt", Kind: "Stadt",
			District: region.District{Key: "05958", Name: "Hochsauerlandkreis"}, Population: c.arnsberg,
			PopulationDate: c.asOf, AreaKm2: 193.72, Lat: 51.395795, Lon: 8.064801}
		if got.Municipalities[0] != want {
			t.Errorf("got %+v", got.Municipalities[0])
		}
		if bestwig := got.Municipalities[1]; bestwig.AreaKm2 != 69.46 || bestwig.Kind != "Gemeinde" {
			t.Errorf("got %+v", bestwig)
		}
	}
}

// workbook builds a register as Destatis lays it out; edit may change a data row (from 0) or
// return nil to leave it out.
func workbook(t testing.TB, districts, perDistrict int, edit func(n int, row []any) []any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "Onlineprodukt_Gemeinden_311224"
	if err := f.SetSheetName("Sheet1", "Inhalt"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewSheet(sheet); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSheetDimension(sheet, fmt.Sprintf("A1:T%d", 20+districts*(1+2*perDistrict))); err != nil {
		t.Fatal(err)
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		t.Fatal(err)
	}
	line := 0
	put := func(row []any) {
		line++
		if err := w.SetRow(fmt.Sprintf("A%d", line), row); err != nil {
			t.Fatal(err)
		}
	}
	put([]any{"Gemeinden in Deutschland nach Fläche, Bevölkerung und Postleitzahl am 31.03.2025 (1. Quartal)"})
	put(nil)
	put([]any{"Satz-art", "Text-kenn-zeichen", "Amtlicher Regionalschlüssel (ARS)", nil, nil, nil, nil, "Gemeindename",
		"Fläche km2 1)", "Bevölkerung2)", nil, nil, nil, "Post-leit-zahl3)", "Geografische Mittelpunktkoordinaten"})
	put([]any{nil, nil, "Land", "RB", "Kreis", "VB", "Gem", nil, nil, "insgesamt", "männlich", "weiblich", "je km2",
		nil, "Längengrad", "Breitengrad"})
	put([]any{nil, nil, "Gebietsstand am 31.03.2025", nil, nil, nil, nil, nil, nil, "am 31.12.2024 (Jahr)"})
	put(nil)
	n := 0
	data := func(row []any) {
		if edit != nil {
			row = edit(n, row)
		}
		n++
		if row != nil {
			put(row)
		}
	}
	for d := range districts {
		state, district := fmt.Sprintf("%02d", 1+d/100), fmt.Sprintf("%02d", d%100)
		data([]any{"40", "43", state, "0", district, nil, nil, fmt.Sprintf("Kreis %d", d)})
		for g := range perDistrict {
			unit, key := fmt.Sprintf("%04d", g), fmt.Sprintf("%03d", g)
			data([]any{"50", "50", state, "0", district, unit, nil, "Verband"})
			data([]any{"60", "63", state, "0", district, unit, key, fmt.Sprintf("Ort %d-%d, Stadt", d, g), 100.125,
				5000 + g, 2500, 2500 + g, 50, "12345", "8,064801", "51,395795", "H05", "Sauerland", "02",
				"mittlere Besiedlungsdichte"})
		}
	}
	put(nil)
	put([]any{"1) Abweichungen bei den Flächenangaben sind durch Runden der Zahlen möglich."})
	put([]any{"© Statistisches Bundesamt (Destatis), 2025"})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadRegisterOfAllGermany(t *testing.T) {
	raw := workbook(t, 110, 100, nil)
	runtime.GC()
	runtime.GC() // twice: what the first one finalizes
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	peak := watchHeap(t)
	start := time.Now()
	got, err := ReadRegister(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
	took := time.Since(start)
	if err != nil {
		t.Fatal(err)
	}
	high := peak()
	runtime.ReadMemStats(&after)
	t.Logf("%d municipalities, %d kB: %v, %d MB allocated in all, peak of the heap %d MB above before",
		len(got.Municipalities), len(raw)>>10,
		took, (after.TotalAlloc-before.TotalAlloc)>>20, (int64(high)-int64(before.HeapAlloc))>>20)
	if len(got.Municipalities) != 11_000 || got.AsOf != "2025-03-31" ||
		got.Municipalities[0].PopulationDate != "2024-12-31" ||
		got.Municipalities[10_999].District.Name != "Kreis 109" {
		t.Errorf("%d municipalities as of %s, the first %+v", len(got.Municipalities), got.AsOf, got.Municipalities[0])
	}
	if grown := int64(high) - int64(before.HeapAlloc); grown > 200<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}

// watchHeap samples the heap until the returned function is called, which tells the peak in bytes.
func watchHeap(t *testing.T) func() uint64 {
	t.Helper()
	done := make(chan struct{})
	var group sync.WaitGroup
	var peak uint64
	group.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	})
	return func() uint64 {
		close(done)
		group.Wait()
		return peak
	}
}

func TestReadRegisterProblems(t *testing.T) {
	set := func(row []any, column int, value any) []any { row[column] = value; return row }
	for name, c := range map[string]struct {
		row    int
		edit   func(row []any) []any
		fields []string
	}{
		"population": {2, func(r []any) []any {
			return set(r, 9, "k. A.")
		}, []string{"line 9, column J: population"}},
		"area": {2, func(r []any) []any { return set(r, 8, "#REF!") }, []string{"line 9, column I: area"}},
		"exchanged": {2, func(r []any) []any {
			return set(set(r, 14, "51,39"), 15, "8,06")
		}, []string{"line 9, column lat: degrees_range", "line 9, column lon: degrees_range"}},
		"half a place": {2, func(r []any) []any {
			return set(r, 14, nil)
		}, []string{"line 9, column lat, lon: coordinates_half"}},
		"key":  {2, func(r []any) []any { return set(r, 6, "4") }, []string{"line 9, column C+D+E+G: ags"}},
		"name": {2, func(r []any) []any { return set(r, 7, nil) }, []string{"line 9, column H: empty"}},
		"kind": {2, func(r []any) []any {
			return set(r, 1, "99")
		}, []string{"line 9, column B: register_kind"}},
		"twice": {4, func(r []any) []any {
			return set(r, 6, "000")
		}, []string{"line 11, column ags: ags_twice"}},
		"another group": {4, func(r []any) []any { return set(r, 1, "66") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			raw := workbook(t, 2, 3, func(n int, row []any) []any {
				if n == c.row {
					return c.edit(row)
				}
				return row
			})
			got, err := ReadRegister(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
			if c.fields == nil {
				if err != nil || len(got.Municipalities) != 5 || len(got.Notices) != 1 ||
					got.Notices[0].Code != "register_unincorporated" {
					t.Errorf("got %+v, %v", got, err)
				}
				return
			}
			f := fault.As(err)
			if f == nil || f.Code != "import_problems" {
				t.Fatalf("got %v", err)
			}
			var fields []string
			for _, field := range f.Fields {
				fields = append(fields, field.Name+": "+field.Code)
			}
			if strings.Join(fields, "\n") != strings.Join(c.fields, "\n") {
				t.Errorf("got %v", fields)
			}
			// a district that is not asked for does not stand in the way
			if got, err := ReadRegister(context.Background(), bytes.NewReader(raw), int64(len(raw)),
				[]region.DistrictKey{"01001"}); err != nil || len(got.Municipalities) != 3 {
				t.Errorf("the other district: %v", err)
			}
		})
	}
}

func TestReadRegisterWantsTheRegister(t *testing.T) {
	other := excelize.NewFile()
	defer other.Close()
	var sheet, layout bytes.Buffer
	if err := other.Write(&sheet); err != nil {
		t.Fatal(err)
	}
	if err := other.SetSheetName("Sheet1", registerSheet); err != nil {
		t.Fatal(err)
	}
	if err := other.SetCellStr(registerSheet, "A9", "60"); err != nil {
		t.Fatal(err)
	}
	if err := other.Write(&layout); err != nil {
		t.Fatal(err)
	}
	for code, raw := range map[string][]byte{"register_sheet": sheet.Bytes(), "register_layout": layout.Bytes()} {
		_, err := ReadRegister(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
		if f := fault.As(err); f == nil || f.Code != code || f.Kind != fault.Invalid {
			t.Errorf("want %s, got %v", code, err)
		}
	}
	raw := workbook(t, 1, 2, nil)
	_, err := ReadRegister(context.Background(), bytes.NewReader(raw), int64(len(raw)), []region.DistrictKey{"09999"})
	if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Code != "district_missing" {
		t.Errorf("got %v", err)
	}
}

// The library takes an unknown entity for the end of the sheet and reports nothing; the rows
// that were counted before tell that some are missing.
func TestReadRegisterNoticesLostRows(t *testing.T) {
	raw := rewrite(t, workbook(t, 1, 50, nil), "xl/worksheets/sheet2.xml", func(part string) string {
		return strings.Replace(part, "Ort 0-24", "Ort&nope; 0-24", 1)
	})
	_, err := ReadRegister(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
	if f := fault.As(err); f == nil || f.Code != "workbook_row" {
		t.Errorf("got %v", err)
	}
}

// However much of an upload is missing, it is told as such.
func TestReadRegisterCutOff(t *testing.T) {
	raw := workbook(t, 1, 20, nil)
	for n := 0; n < len(raw); n += 101 {
		_, err := ReadRegister(context.Background(), bytes.NewReader(raw[:n]), int64(n), nil)
		if f := fault.As(err); f == nil || f.Kind != fault.Invalid {
			t.Fatalf("the first %d of %d bytes: %v", n, len(raw), err)
		}
	}
}

// The most expensive workbook that passes the check must still be affordable for the library.
func TestReadRegisterAtTheLimits(t *testing.T) {
	limits := zipguard.Workbook()
	var texts, sheet strings.Builder
	texts.WriteString(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
	for i := range limits.Elements/2 - 1 {
		fmt.Fprintf(&texts, "<si><t>%d</t></si>", i*7919)
	}
	texts.WriteString("</sst>")
	sheet.WriteString("<worksheet><sheetData><row>" + strings.Repeat("<c/>", 7))
	for _, title := range []string{"Gemeindename", "Fläche", "insgesamt", "Längengrad", "Breitengrad"} {
		fmt.Fprintf(&sheet, `<c t="inlineStr"><is><t>%s</t></is></c>`, title)
	}
	sheet.WriteString("</row>")
	for i := range limits.Rows - 1 {
		fmt.Fprintf(&sheet, `<row r="%d"><c r="A%d" t="s"><v>%d</v></c><c/><c/></row>`, i+2, i+2, i)
	}
	sheet.WriteString("</sheetData></worksheet>")
	raw := rewrite(t, workbook(t, 1, 1, nil), "xl/worksheets/sheet2.xml", func(string) string { return sheet.String() })
	raw = rewrite(t, raw, "xl/sharedStrings.xml", func(string) string { return texts.String() })
	runtime.GC()
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	peak := watchHeap(t)
	start := time.Now()
	_, err := ReadRegister(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
	took, grown := time.Since(start), (int64(peak())-int64(before.HeapAlloc))>>20
	t.Logf("%d kB: %v, peak of the heap %d MB above before: %v", len(raw)>>10, took, grown, err)
	if f := fault.As(err); f == nil || f.Code != "import_empty" {
		t.Errorf("got %v", err)
	}
	if grown > 300 {
		t.Errorf("the heap grew by %d MB", grown)
	}
}

func TestReadRegisterOneAtATime(t *testing.T) {
	raw := workbook(t, 1, 50, nil)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if got, err := ReadRegister(context.Background(), bytes.NewReader(raw), int64(len(raw)),
				nil); err != nil || len(got.Municipalities) != 50 {
				t.Errorf("got %v", err)
			}
		})
	}
	group.Wait()
}

func FuzzReadRegister(f *testing.F) {
	f.Add(workbook(f, 1, 2, nil))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := ReadRegister(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
		if err != nil && fault.As(err) == nil {
			t.Fatalf("not a fault: %v", err)
		}
	})
}
