package gazetteer

import (
	"bytes"
	"context"
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/region"
)

// shared returns a file of the project's data folder.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(testkit.Shared(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSuedwestfalen(t *testing.T) {
	towns, source, err := Suedwestfalen()
	if err != nil {
		t.Fatal(err)
	}
	if want := "Statistisches Bundesamt (Destatis), Gemeindeverzeichnis, Gebietsstand 30.11.2025, Bevölkerung " +
		"31.12.2024"; !strings.HasPrefix(source, want) {
		t.Errorf("source is %q", source)
	}
	population, area := 0, 0.0
	districts := map[region.DistrictKey]int{}
	for _, m := range towns {
		population += m.Population
		area += m.AreaKm2
		districts[m.District.Key]++
		if m.PopulationDate != "2024-12-31" || m.Name == "" || m.District.Name == "" || !located(m) ||
			(m.Kind != "Stadt" && m.Kind != "Gemeinde") {
			t.Errorf("incomplete: %+v", m)
		}
	}
	if len(towns) != 59 || population != 1_375_606 || math.Abs(area-6194.86) > 0.001 {
		t.Errorf("%d towns, %d persons, %.2f km2", len(towns), population, area)
	}
	for key, n := range map[region.DistrictKey]int{"05958": 12, "05962": 15, "05966": 7, "05970": 11, "05974": 14} {
		if districts[key] != n {
			t.Errorf("district %s has %d towns, not %d", key, districts[key], n)
		}
	}
}

func TestSuedwestfalenAgreesWithItsSource(t *testing.T) {
	records, err := csv.NewReader(bytes.NewReader(shared(t, "municipalities.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range records[0] {
		at[name] = i
	}
	towns, _, err := Suedwestfalen()
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[region.AGS]region.Municipality{}
	for _, m := range towns {
		byKey[m.AGS] = m
	}
	for _, r := range records[1:] {
		v := func(column string) string { return r[at[column]] }
		f := func(column string) float64 { x, _ := strconv.ParseFloat(v(column), 64); return x }
		population, _ := strconv.Atoi(v("population"))
		want := region.Municipality{AGS: region.AGS(v("ags")), Name: v("name"), OfficialName: v("official_name"),
			Kind:           v("type"),
			District:       region.District{Key: region.DistrictKey(v("district_key")), Name: v("district")},
			Population:     population,
			PopulationDate: v("population_date"), AreaKm2: f("area_km2"), Lat: f("lat"), Lon: f("lon")}
		if got := byKey[want.AGS]; got != want {
			t.Errorf("embedded %+v, source %+v", got, want)
		}
	}
	if len(records)-1 != len(towns) {
		t.Errorf("%d embedded, %d in the source", len(towns), len(records)-1)
	}
}

func TestReadCSV(t *testing.T) {
	want := region.Municipality{AGS: "05958004", Name: "Öde, groß", OfficialName: "Öde, Stadt", Kind: "Stadt",
		District:   region.District{Key: "05958", Name: "Kreis Ä"},
		Population: 74879, PopulationDate: "2024-12-31", AreaKm2: 193.72, Lat: 51.395795, Lon: 8.064801}
	german := "AGS;Gemeinde;Amtlicher Name;Art;Kreis;Einwohner;Stand;Fläche km²;Breitengrad;Längengrad\r\n" +
		"05958004;Öde, groß;Öde, Stadt;Stadt;Kreis Ä;74.879;31.12.2024;193,72;51,395795;8,064801\r\n"
	english := "# Quelle: Amt\nags,name,official_name,type,district_name,population,population_date,area_km2,lat,lon\n" +
		"05958004,\"Öde, groß\",\"Öde, Stadt\",Stadt,Kreis Ä,74879,2024-12-31,193.72,51.395795,8.064801\n"
	windows := strings.NewReplacer("Ö", "\xD6", "ß", "\xDF", "Ä", "\xC4", "ä", "\xE4", "²", "\xB2").Replace(german)
	for name, c := range map[string]struct {
		content, source string
		notices         int
	}{
		"german":  {german, "", 0},
		"bom":     {"\xEF\xBB\xBF" + german, "", 0},
		"windows": {windows, "", 1},
		"english": {english, "Amt", 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadCSV(strings.NewReader(c.content))
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Municipalities) != 1 || got.Municipalities[0] != want {
				t.Errorf("got %+v", got.Municipalities)
			}
			if got.Source != c.source || got.AsOf != "2024-12-31" || len(got.Notices) != c.notices {
				t.Errorf("source %q, as of %q, notices %v", got.Source, got.AsOf, got.Notices)
			}
		})
	}
}

func TestReadCSVMinimal(t *testing.T) {
	got, err := ReadCSV(strings.NewReader("population,name,ags\n900,B,05958008\n10 147,A,05958004\n"))
	if err != nil {
		t.Fatal(err)
	}
	if m := got.Municipalities; len(m) != 2 || m[0].AGS != "05958004" || m[0].Population != 10147 ||
		m[0].OfficialName != "A" || m[0].District != (region.District{Key: "05958", Name: "05958"}) {
		t.Errorf("got %+v", m)
	}
	if len(got.Notices) != 2 || got.Notices[0].Code != "coordinates_missing" {
		t.Errorf("notices %+v", got.Notices)
	}
}

func TestReadCSVProblems(t *testing.T) {
	content := "# a comment\nags;name;population;area_km2;lat;lon;population_date\n" +
		"595804;A;100;1;51;8;2024-12-31\n" +
		"05958008;;hundert;viel;8,06;51,39;gestern\n" +
		"05958012;C;100,5;;51;;\n" +
		"05958013;D;100\n" +
		"05958016;E;100;1;51;8;\n" +
		"05958016;F;100;1;51;8;\n" +
		"05958020;\"G\nH\";100;1;51;8;\n" +
		"05958024;" + strings.Repeat("x", 121) + ";20000001;NaN;1e1;0x8;\n"
	_, err := ReadCSV(strings.NewReader(content))
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid {
		t.Fatalf("got %v", err)
	}
	var got []string
	for _, field := range f.Fields {
		got = append(got, field.Name+": "+field.Code)
	}
	want := []string{
		"line 3, column ags: ags",
		"line 4, column name: empty", "line 4, column population: population", "line 4, column population_date: date",
		"line 4, column area_km2: area", "line 4, column lat: degrees_range", "line 4, column lon: degrees_range",
		"line 5, column population: population", "line 5, column lat, lon: coordinates_half",
		"line 9, column name: text_control",
		"line 11, column name: text_long", "line 11, column population: population", "line 11, column area_km2: area",
		"line 11, column lat: degrees", "line 11, column lon: degrees",
		"line 8, column ags: ags_twice",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestReadCSVRefuses(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("ags,name,population\n")
	for i := range maxCSVRows + 1 {
		rows.WriteString(strconv.Itoa(10000000+i) + ",A,1\n")
	}
	for name, c := range map[string]struct{ content, code string }{
		"empty":         {"", "csv_empty"},
		"comments only": {"# Quelle: niemand\n\n", "csv_empty"},
		"header only":   {"ags,name,population\n", "import_empty"},
		"no header":     {"05958004,Arnsberg,74879\n", "import_problems"},
		"column twice":  {"ags,name,gemeinde,population\n05958004,A,B,1\n", "import_problems"},
		"quotes":        {"ags,name,population\n05958004,\"A,1\n", "csv_quotes"},
		"utf-16":        {"\xFF\xFEa\x00", "csv_utf16"},
		"binary":        {"ags\x00", "csv_binary"},
		"no encoding":   {"ags,name,population\n05958004,\x81\x8D,1\n", "csv_encoding"},
		"rows":          {rows.String(), "csv_rows"},
		"bytes":         {strings.Repeat("a", maxCSVBytes+1), "csv_bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadCSV(strings.NewReader(c.content))
			f := fault.As(err)
			if f == nil || f.Code != c.code {
				t.Fatalf("want %s, got %v, %v", c.code, got, err)
			}
			if wantKind := map[bool]fault.Kind{true: fault.TooLarge, false: fault.Invalid}[name == "rows" ||
				name == "bytes"]; f.Kind != wantKind {
				t.Errorf("kind %v", f.Kind)
			}
		})
	}
}

func TestReadChoosesByContent(t *testing.T) {
	ctx := context.Background()
	content := "ags,name,population\n05958004,A,1\n05962004,B,1\n"
	got, err := Read(ctx, strings.NewReader(content), int64(len(content)), []region.DistrictKey{"05962"})
	if err != nil || len(got.Municipalities) != 1 || got.Municipalities[0].Name != "B" {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = Read(ctx, strings.NewReader(content), int64(len(content)), []region.DistrictKey{"05962", "05999"})
	if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Code != "district_missing" {
		t.Errorf("got %v", err)
	}
	_, err = Read(ctx, strings.NewReader("%PDF-1.7 .."), 11, nil)
	if f := fault.As(err); f == nil || f.Code != "workbook_pdf" {
		t.Errorf("got %v", err)
	}
	_, err = Read(ctx, strings.NewReader(""), 0, nil)
	if f := fault.As(err); f == nil || f.Code != "csv_empty" {
		t.Errorf("got %v", err)
	}
}

func TestParseDistricts(t *testing.T) {
	got, err := ParseDistricts("05958, 05962;05958")
	if err != nil || len(got) != 2 || got[1] != "05962" {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := ParseDistricts(""); err != nil || got != nil {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := ParseDistricts("5958,abcde,05962"); fault.As(err) == nil || len(fault.As(err).Fields) != 2 {
		t.Errorf("got %v", err)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte(suedwestfalen))
	f.Add([]byte("ags;name;population\r\n05958004;\"A;B\";1.000\r\n"))
	f.Add([]byte("\xEF\xBB\xBFags,name,population\n,,\n\xD6"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := ReadCSV(bytes.NewReader(raw))
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		for _, m := range got.Municipalities {
			if _, err := region.ParseAGS(string(m.AGS)); err != nil || m.Name == "" || m.Population < 0 ||
				math.IsNaN(m.AreaKm2) {
				t.Fatalf("accepted %+v", m)
			}
		}
	})
}
