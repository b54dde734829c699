package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/region"
)

// shared returns the path of a file of the project's data folder, which lies beside the checkout and not in it.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not there: the data folder beside the checkout is only present where the project is developed",
			path)
	}
	return path
}

func townsOf(t testing.TB, dir string, id region.ID) []region.Municipality {
	t.Helper()
	s := filled{dir: dir}.open(t)
	defer s.Close()
	towns, err := s.Towns(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return towns
}

// snapshot is every file of a folder with its content.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

const someTowns = "# Quelle: Amt für " +
	"Beispiele\nags;name;population;area_km2;lat;lon\n05958004;Arnsberg;74.879;193,72;51,395795;8,064801\n05962004;Altena;16500;44,42;51,3;7,67\n"

func TestRegionImportCSV(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	file := write(t, someTowns, t.TempDir(), "orte.csv")
	imports := func(more ...string) outcome {
		return command(t, append([]string{"region", "import", file, "--data", dir, "--id", "beispiel"}, more...)...)
	}
	imports("--dry-run").wants(t, 0, "2 municipalities would be imported", "91379 inhabitants", "238.14 km²",
		"new        2", "dry run: nothing was changed")
	if _, err := os.Stat(dir); err == nil {
		t.Error("the dry run has created the data folder")
	}
	imports("--name", "Beispielland", "--agency", "Amt").wants(t, 0,
		"Beispielland (beispiel): 2 municipalities imported into the region", "new        2")
	imports("--dry-run").wants(t, 0, "unchanged  2", "new        0")

	file = write(t, strings.Replace(someTowns, "16500", "16600", 1)+"05962008;Balve;11000;74,77;;\n", t.TempDir(),
		"neu.csv")
	before := townsOf(t, dir, "beispiel")
	files := snapshot(t, dir)
	imports("--dry-run").wants(t, 0, "new        1", "changed    1", "unchanged  1", "05962004 Altena: population")
	if after := townsOf(t, dir, "beispiel"); fmt.Sprint(before) != fmt.Sprint(after) ||
		len(files) != len(snapshot(t, dir)) {
		t.Error("the dry run has changed something")
	}
	imports("--districts", "05962").wants(t, 0, "new        1", "changed    1", "not in the file, kept  1",
		"Balve has no coordinates")
	if after := townsOf(t, dir, "beispiel"); len(after) != 3 || after[1].Population != 16600 ||
		after[0].Population != 74879 {
		t.Errorf("got %+v", after)
	}
	file = write(t, strings.Replace(someTowns, "16500", "/", 1), t.TempDir(), "geheim.csv")
	imports().wants(t, 0, "Altena: the file gives no population, 16600 is kept")
	if after := townsOf(t, dir, "beispiel"); after[1].Population != 16600 {
		t.Errorf("a population that is not published has taken the place of a known one: %+v", after[1])
	}
	imports("--districts", "05962,09162").wants(t, 1, "09162")
	imports("--districts", "Kreis").wants(t, 1, "Kreis")
	imports("--id", "Großer Kreis").wants(t, 1, "region")
	if after := townsOf(t, dir, "beispiel"); len(after) != 3 {
		t.Errorf("a refused import has changed something: %+v", after)
	}
}

func TestRegionImportRegister(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	old, newer := shared(t, "gv/gv_auszug_31122019_suedwestfalen.xlsx"),
		shared(t, "gv/gv_auszug_31122021_suedwestfalen.xlsx")
	args := []string{"--data", dir, "--id", "suedwestfalen"}
	command(t, append([]string{"region", "import", old, "--dry-run"}, args...)...).wants(t, 0,
		"59 municipalities would be imported", "nothing was changed")
	command(t, append([]string{"region", "import", old, "--districts", "05958,05966"}, args...)...).wants(t, 0,
		"19 municipalities imported")
	command(t, append([]string{"region", "import", newer}, args...)...).wants(t, 0, "59 municipalities imported",
		"new        40", "changed    19", "05958004 Arnsberg: population")
	towns := townsOf(t, dir, "suedwestfalen")
	if len(towns) != 59 || towns[0].Name != "Arnsberg" || towns[0].Population != 73423 ||
		towns[0].PopulationDate != "2021-12-31" {
		t.Errorf("%d towns, the first %+v", len(towns), towns[0])
	}
	command(t, "user", "add", "--data", dir, "--email", "a@example.org", "--role", "town-lead", "--ags",
		"05958004").wants(t, 0, "/link/")
}

// allGermany makes a register of 11 000 municipalities in 110 districts as Destatis lays it out.
func allGermany(t testing.TB) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "Onlineprodukt_Gemeinden_311224"
	if _, err := f.NewSheet(sheet); err != nil {
		t.Fatal(err)
	}
	if err := f.SetSheetDimension(sheet, "A1:T11122"); err != nil {
		t.Fatal(err)
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		t.Fatal(err)
	}
	line := 0
	put := func(cells ...any) {
		line++
		if err := w.SetRow(fmt.Sprintf("A%d", line), cells); err != nil {
			t.Fatal(err)
		}
	}
	put("Gemeinden in Deutschland nach Fläche, Bevölkerung und Postleitzahl am 31.03.2025 (1. Quartal)")
	put()
	put("Satz-art", "Text-kenn-zeichen", "Amtlicher Regionalschlüssel (ARS)", nil, nil, nil, nil, "Gemeindename",
		"Fläche km2 1)", "Bevölkerung2)", nil, nil, nil, "Post-leit-zahl3)", "Geografische Mittelpunktkoordinaten")
	put(nil, nil, "Land", "RB", "Kreis", "VB", "Gem", nil, nil, "insgesamt", "männlich", "weiblich", "je km2", nil,
		"Längengrad", "Breitengrad")
	put(nil, nil, "Gebietsstand am 31.03.2025", nil, nil, nil, nil, nil, nil, "am 31.12.2024 (Jahr)")
	put()
	for d := range 110 {
		state, district := fmt.Sprintf("%02d", 1+d/100), fmt.Sprintf("%02d", d%100)
		put("40", "43", state, "0", district, nil, nil, fmt.Sprintf("Kreis %d", d))
		for g := range 100 {
			put("60", "63", state, "0", district, fmt.Sprintf("%04d", g), fmt.Sprintf("%03d", g),
				fmt.Sprintf("Ort %d-%d, Stadt", d, g), 100.5, 5000+g, 2500, 2500+g, 50, "12345", "8,064801",
				"51,395795")
		}
	}
	put()
	put("© Statistisches Bundesamt (Destatis), 2025")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "AuszugGV.xlsx")
	if err := f.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRegionImportOfAllGermany(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	file := allGermany(t)
	start := time.Now()
	command(t, "region", "import", file, "--data", dir, "--id", "deutschland").wants(t, 0,
		"11000 municipalities imported", "new        11000")
	t.Logf("11 000 municipalities imported in %v", time.Since(start))
	command(t, "region", "import", file, "--data", dir, "--id", "deutschland").wants(t, 0, "unchanged  11000")
	if towns := townsOf(t, dir, "deutschland"); len(towns) != 11_000 {
		t.Errorf("%d towns", len(towns))
	}
	start = time.Now()
	startServer(t, dir)
	t.Logf("the server listens on it after %v", time.Since(start))
}

func TestMapImport(t *testing.T) {
	file := shared(t, "suedwestfalen.geojson")
	dir := fillDemo(t, 0).dir
	command(t, "map", "import", file, "--data", dir, "--region", "suedwestfalen").wants(t, 0,
		"59 outlines imported; 0 of 59 towns have none")
	s := filled{dir: dir}.open(t)
	defer s.Close()
	if raw, err := s.Outlines(t.Context(), "suedwestfalen"); err != nil || !strings.Contains(string(raw), "05958004") {
		t.Errorf("%d bytes of outlines, %v", len(raw), err)
	}
	command(t, "map", "import", file, "--data", dir, "--region", "bayern").wants(t, 1, "bayern")
	command(t, "map", "import", welcome, "--data", dir, "--region", "suedwestfalen").wants(t, 1, "1.0.0.yaml")
	command(t, "map", "import", file, "--data", t.TempDir(), "--region", "suedwestfalen").wants(t, 1, "no database")
}
