package gazetteer

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/fault"
)

// codes lists what an error says, as "place: code".
func codes(err error) string {
	f := fault.As(err)
	if f == nil {
		return ""
	}
	var list []string
	for _, field := range f.Fields {
		list = append(list, field.Name+": "+field.Code)
	}
	return strings.Join(list, "\n")
}

func TestPopulations(t *testing.T) {
	read := func(texts ...string) ([]int, string) {
		content := "ags;name;population\n"
		for i, text := range texts {
			content += "0595800" + string(rune('0'+i)) + ";Ort;" + text + "\n"
		}
		got, err := ReadCSV(strings.NewReader(content))
		if err != nil {
			return nil, codes(err)
		}
		var list []int
		for _, m := range got.Municipalities {
			list = append(list, m.Population)
		}
		return list, ""
	}
	for text, want := range map[string]int{"8079": 8079, "8.079": 8079, "8079.000": 8079, "74879.0": 74879,
		"74.879": 74879, "74\u2009879": 74879, "1 234 567": 1234567, "74.879,0": 74879,
		"17.000 4)": 17000, "17000 p": 17000, "74'879": 74879} {
		if got, wrong := read(text); len(got) != 1 || got[0] != want {
			t.Errorf("%q is read as %v, %s", text, got, wrong)
		}
	}
	for _, text := range []string{"1234.567", "12345.678,5", "8.07", "1.2345", "0.123", "100,5", "-5", "hundert",
		"1e3", "12.34.567", "20000001"} {
		if got, wrong := read(text); wrong != "line 2, column population: population" {
			t.Errorf("%q is read as %v, %s", text, got, wrong)
		}
	}
	// The column says what a point means.
	if got, wrong := read("8079.000", "879.000"); len(got) != 2 || got[1] != 879 {
		t.Errorf("three decimals: %v, %s", got, wrong)
	}
	if got, wrong := read("8.079", "879.000"); len(got) != 2 || got[1] != 879000 {
		t.Errorf("thousands: %v, %s", got, wrong)
	}
	if got, wrong := read("912.000", "879.000"); got != nil || !strings.Contains(wrong, "population_ambiguous") {
		t.Errorf("nobody knows: %v, %s", got, wrong)
	}
}

// Official statistics leave figures out with a sign, and put marks of footnotes behind names.
func TestSignsAndMarks(t *testing.T) {
	for _, sign := range []string{"/", "-", "–", ".", "x", "X", "…", "...", "·"} {
		raw := workbook(t, 1, 2, func(n int, row []any) []any {
			if n == 2 {
				row[7], row[8], row[9] = "Neuort, Stadt4)", sign, sign
			}
			return row
		})
		got, err := Read(context.Background(), bytes.NewReader(raw), int64(len(raw)), nil)
		if err != nil {
			t.Fatalf("%s: %v", sign, err)
		}
		m := got.Municipalities[0]
		if m.Name != "Neuort" || m.OfficialName != "Neuort, Stadt" || m.Population != 0 || m.AreaKm2 != 0 ||
			len(got.Notices) != 1 || got.Notices[0].Code != "population_unknown" ||
			!strings.Contains(got.Notices[0].Message, "Neuort") {
			t.Errorf("%s: %+v, %+v", sign, m, got.Notices)
		}
	}
	for in, want := range map[string]string{"Dorfort4)": "Dorfort", "Ort, Stadt 4) 12)": "Ort, Stadt", "Ort*": "Ort",
		"Ort¹⁾": "Ort", "Ort³": "Ort", "Neuort (Westf.)": "Neuort (Westf.)", "Ort (2)": "Ort (2)", "Ort 1": "Ort 1"} {
		if got := unmarked(nameMark, in); got != want {
			t.Errorf("%q is %q without marks, not %q", in, got, want)
		}
	}
}

func TestEarlierEditions(t *testing.T) {
	edition := func(day, sheet string, coordinates ...[2]any) (*Import, error) {
		raw := workbook(t, 1, len(coordinates), func(n int, row []any) []any {
			if n >= 2 && n%2 == 0 {
				row[14], row[15] = coordinates[n/2-1][0], coordinates[n/2-1][1]
			}
			return row
		})
		f, err := excelize.OpenReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, err := range []error{f.SetCellStr("Onlineprodukt_Gemeinden_311224", "A1", "Gemeinden am "+day),
			f.SetSheetName("Onlineprodukt_Gemeinden_311224", sheet)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			t.Fatal(err)
		}
		return Read(context.Background(), bytes.NewReader(out.Bytes()), int64(out.Len()), nil)
	}
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-5 }
	got, err := edition("31.12.2009", "Gemeindedaten", [2]any{7.4012, 51.1745}, [2]any{"8,3", "51,3"})
	if err != nil {
		t.Fatal(err)
	}
	if m := got.Municipalities; !near(m[0].Lon, 7+40.0/60+12.0/3600) || !near(m[0].Lat, 51+17.0/60+45.0/3600) ||
		!near(m[1].Lon, 8.5) || !near(m[1].Lat, 51.5) {
		t.Errorf("got %+v", m)
	}
	if _, err := edition("31.12.2009", "Gemeindedaten", [2]any{7.7012, 51.1745}); !strings.Contains(codes(err),
		"column lon: degrees") {
		t.Errorf("70 minutes: %v", err)
	}
	three := [][2]any{{7.4012, 51.1745}, {8.0359, 51.2031}, {8.3, 51.5901}}
	if got, err := edition("31.12.2012", "Gemeindedaten", three...); err != nil ||
		!near(got.Municipalities[2].Lat, 51+59.0/60+1.0/3600) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := edition("31.12.2012", "Gemeindedaten", [2]any{"7,671234", "51,298765"}); err != nil ||
		got.Municipalities[0].Lon != 7.671234 {
		t.Errorf("decimals: %+v, %v", got, err)
	}
	if got, err := edition("31.12.2012", "Gemeindedaten", three[0]); err != nil || got.Municipalities[0].Lon != 0 ||
		got.Notices[0].Code != "register_coordinates" {
		t.Errorf("unclear: %+v, %v", got, err)
	}
	if got, err := edition("31.12.2019", "Onlineprodukt_Gemeinden_311219", three...); err != nil ||
		got.Municipalities[0].Lon != 7.4012 {
		t.Errorf("later: %+v, %v", got, err)
	}
}

// Somebody saves the register as CSV in Excel.
func TestReadRegisterAsCSV(t *testing.T) {
	content := "Gemeinden am 31.12.2024;;;;;;;;;;;;;;;\r\n;;;;;;;;;;;;;;;\r\n" +
		"\"Satz-\nart\";Text-kenn-zeichen;Regionalschlüssel;;;;;Gemeindename;Fläche " +
		"km2;Bevölkerung;;;;PLZ;Koordinaten;\r\n" +
		";;Land;RB;Kreis;VB;Gem;;;insgesamt;männlich;weiblich;je km2;;Längengrad;Breitengrad\r\n;;;;;;;;;am " +
		"31.12.2024;;;;;;\r\n" +
		"40;41;05;9;62;;;Musterkreis;;;;;;;;\r\n60;63;5;9;62;4;4;Altort, Stadt;44,10;17 " +
		"000;1;2;3;58000;7,67;51,29\r\n60;64;05;9;62;0020;020;Dorfort4);58,00;/;1;2;3;58002;7,74;51,18\r\n4) " +
		"Unplausibel;;;\r\n"
	got, err := Read(context.Background(), strings.NewReader(content), int64(len(content)), nil)
	if err != nil {
		t.Fatal(err)
	}
	m := got.Municipalities
	if len(m) != 2 || m[0].AGS != "05962004" || m[0].Population != 17000 || m[0].AreaKm2 != 44.1 ||
		m[0].District.Name != "Musterkreis" || m[1].Name != "Dorfort" || m[1].Population != 0 ||
		got.AsOf != "2024-12-31" {
		t.Errorf("got %+v as of %s", m, got.AsOf)
	}
}

func TestReadCSVManners(t *testing.T) {
	for name, content := range map[string]string{
		"a last field dropped": "ags;name;population;lat;lon;note\n05958008;Büren;10500;51,36;8,40\n",
		"a field more":         "ags;name;population;lat;lon\n05958008;Büren;10500;51,36;8,40;x\n",
		"sep":                  "sep=;\nags;name;population;lat;lon\n05958008;Büren;10500;51,36;8,40\n",
		"decomposed":           "ags;gemeinde;einwohner;breitengrad;la\u0308ngengrad\n05958008;Bu\u0308ren;10500;51,36;8,40\n",
		"a break in a header":  "ags;name;\"population\n31.12.2023\";lat;lon\n05958008;Büren;10500;51,36;8,40\n",
		"a regional key":       "ars;name;population;lat;lon\n059580008008;Büren;10500;51,36;8,40\n",
		"a key with blanks":    "AGS;name;population;lat;lon\n05 9 58 008;Büren;10500;51,36;8,40\n",
		"a key as a number":    "AGS;name;population;lat;lon\n5958008;Büren;10500;51,36;8,40\n",
	} {
		got, err := ReadCSV(strings.NewReader(content))
		if err != nil {
			t.Errorf("%s: %v %s", name, err, codes(err))
			continue
		}
		if m := got.Municipalities[0]; m.AGS != "05958008" || m.Name != "Büren" || m.Population != 10500 ||
			m.Lat != 51.36 || m.Lon != 8.4 || (name == "a break in a header") != (m.PopulationDate == "2023-12-31") {
			t.Errorf("%s: %+v", name, m)
		}
	}
	// Behind a comma too many all columns may be wrong.
	if _, err := ReadCSV(strings.NewReader("ags,name,population,area_km2\n05958008,Büren,10500,193,72\n")); codes(
		err) != "line 2, column all: csv_fields" {
		t.Errorf("got %v", err)
	}
}

func TestOutlinesElsewhere(t *testing.T) {
	at := func(ring, crs string) error {
		if crs != "" {
			crs = `"crs":` + crs + `,`
		}
		_, _, err := ReadOutlines(strings.NewReader(`{"type":"FeatureCollection",` + crs +
			`"features":[{"type":"Feature","properties":{"ags":"05958004"},"geometry":{"type":"Polygon","coordinates":[` + ring + `]}}]}`))
		return err
	}
	const here = `[[8,51],[8.1,51],[8.1,51.1],[8,51]]`
	for want, ring := range map[string]string{
		"feature 1, geometry: outlines_exchanged": `[[51,8],[51,8.1],[51.1,8.1],[51,8]]`,
		"feature 1, geometry: outlines_outside":   `[[2,48],[2.1,48],[2.1,48.1],[2,48]]`,
		"feature 1, geometry: outlines_range":     `[[400000,5600000],[400100,5600000],[400100,5600100],[400000,5600000]]`,
	} {
		if got := codes(at(ring, "")); got != want {
			t.Errorf("%s: got %q", ring, got)
		}
	}
	named := func(name string) string { return `{"type":"name","properties":{"name":"` + name + `"}}` }
	for _, crs := range []string{"null", named("EPSG:4326"), named("urn:ogc:def:crs:EPSG::4258"),
		named("urn:ogc:def:crs:OGC:1.3:CRS84"), `{"type":"EPSG","properties":{"code":4258}}`, named("ETRS89"),
		named("http://www.opengis.net/def/crs/EPSG/0/4326")} {
		if err := at(here, crs); err != nil {
			t.Errorf("%s: %v", crs, err)
		}
	}
	for crs, want := range map[string]string{named("urn:ogc:def:crs:EPSG::25832"): "UTM zone 32N (EPSG:25832)",
		named("EPSG:99999"): "EPSG:99999",
		`{"type":"link","properties":{"href":"http://example.org/x"}}`: "http://example.org/x",
		`{"type":"name"}`: "a reference system that the file does not name"} {
		f := fault.As(at(here, crs))
		if f == nil || f.Code != "outlines_crs" || !strings.Contains(f.Message, want) ||
			strings.Contains(f.Message, "{") {
			t.Errorf("%s: %v", crs, f)
		}
	}
}

// What is no coordinate in degrees at all, or is not there, is told as that.
func TestMessagesSayWhatIsWrong(t *testing.T) {
	for row, want := range map[string]string{
		"05958004;Altort;8079;5693000;434000": "is not in degrees",
		"05958004;Altort;8079;8,06;51,39":     "latitude and longitude exchanged",
		"05958004;Altort;;51,39;8,06":         "a value is missing: the number of inhabitants",
	} {
		_, err := ReadCSV(strings.NewReader("ags;name;population;lat;lon\n" + row + "\n"))
		f := fault.As(err)
		if f == nil || len(f.Fields) == 0 || !strings.Contains(f.Fields[0].Message, want) {
			t.Errorf("%s: %+v, not %q", row, f, want)
		}
	}
}

// TestHiddenIsNamed: what nobody sees in the spreadsheet is read all the same, and said.
func TestHiddenIsNamed(t *testing.T) {
	hide := func(change func(f *excelize.File, sheet string)) []string {
		f, err := excelize.OpenReader(bytes.NewReader(workbook(t, 1, 9, func(_ int, row []any) []any { return row })))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, name := range f.GetSheetList() {
			if strings.HasPrefix(name, registerSheet) {
				change(f, name)
			}
		}
		raw, err := f.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(context.Background(), bytes.NewReader(raw.Bytes()), int64(raw.Len()), nil)
		if err != nil || len(got.Municipalities) != 9 {
			t.Fatalf("%+v, %v", got, err)
		}
		var said []string
		for _, n := range got.Notices {
			if n.Code == "sheet_hidden" || n.Code == "rows_hidden" {
				said = append(said, n.Message)
			}
		}
		return said
	}
	said := hide(func(f *excelize.File, sheet string) {
		for row := 1; row <= 20; row++ {
			if err := f.SetRowVisible(sheet, row, false); err != nil {
				t.Fatal(err)
			}
		}
	})
	if len(said) != 1 || !strings.HasPrefix(said[0], "6 municipalities ") ||
		!strings.Contains(said[0], "(row 9, 11, 13, 15, 17, …)") {
		t.Errorf("hidden rows: %q", said)
	}
	said = hide(func(f *excelize.File, sheet string) {
		if _, err := f.NewSheet("Notizen"); err != nil {
			t.Fatal(err)
		}
		f.SetActiveSheet(len(f.GetSheetList()) - 1)
		if err := f.SetSheetVisible(sheet, false); err != nil {
			t.Fatal(err)
		}
	})
	if len(said) != 1 || !strings.Contains(said[0], "the sheet "+registerSheet) {
		t.Errorf("a hidden sheet: %q", said)
	}
	if said = hide(func(*excelize.File, string) {}); len(said) != 0 {
		t.Errorf("nothing is hidden: %q", said)
	}
}
