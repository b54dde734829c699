package main

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
	"ortsspiegel/pkg/wording"
)

var tableMapFile = filepath.Join("testdata", "runde-2019.yaml")

// oldRound is a round as an agency kept it: a title, an empty row, headers, towns, a sum. A time is a day, a
// float in the last column is shown as per cent.
func oldRound() [][]any {
	day := func(month time.Month, day int) time.Time { return time.Date(2019, month, day, 0, 0, 0, 0, time.UTC) }
	return [][]any{
		{"Willkommen 2019 – Rückmeldungen der Kommunen"},
		{},
		{"AGS", "Kommune", "Eingang", "1. Gibt es eine Ansprechperson?", "2. Stunden je Woche", "3. Eigene Mittel",
			"Bemerkung zu 3", "4. Seite für Neue (0–4)",
			"5a Termin", "5b Hund", "5c Gebühren", "7. Terminfrist", "6. Zeiten", "8. Resonanz", "bearbeitet von"},
		{5958004, "Arnsberg", day(4, 2), "ja", 19.5, "Nein", "im Haushalt 2020", 3, "x", "", "X", 5,
			"abends nach 17 Uhr, samstags", 0.055, "Frau Weber"},
		{5958008, "Bestwig", day(4, 9), "Nein ", nil, "-", nil, 0, "-", "-", "-", 0, "nichts davon", nil, "Frau Weber"},
		{"05 9 58 012", "Brilon", "15.05.2019", "teilw.", " 25,5 ", "entfällt", "macht der Kreis", 4, "x", "x", "x",
			12, "morgens vor 8 Uhr", 0.07, nil},
		{5958016, "Eslohe", day(5, 20), "JA", "k. A.", "ja", nil, 2, nil, "x", nil, 3, nil, nil, nil},
		{5958020, "Hallenberg", nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil},
		{"Summe", nil, nil, nil, 38, nil, nil, 9, nil, nil, nil, nil, nil, nil, nil},
	}
}

// brokenRound is oldRound with what people do to tables.
func brokenRound() [][]any {
	rows := oldRound()
	rows[3][3] = "im Prinzip ja"
	rows[3][8] = "Termin und Rückruf"
	rows[4][11] = "zwei Wochen"
	rows[5][7] = 7
	rows[6][12] = "samstags, sonntags"
	rows[6][2] = "Mai 2019"
	rows[7][6] = "kommt noch"
	rows = append(rows[:8],
		[]any{"05958999", "Neustadt", day2019, "ja"},
		[]any{5958004, "Arnsberg", day2019, "nein"},
		[]any{nil, "Balve", day2019, "ja"},
		[]any{"Winterberg", nil, day2019, "ja"},
	)
	return rows
}

var day2019 = time.Date(2019, 6, 3, 0, 0, 0, 0, time.UTC)

// saveBook writes rows as a workbook; formulas are set in cells.
func saveBook(t testing.TB, rows [][]any, formulas ...string) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.SetSheetName("Sheet1", "Rückmeldungen"))
	percent, err := f.NewStyle(&excelize.Style{NumFmt: 10})
	must(err)
	for i, row := range rows {
		for k, v := range row {
			cell, err := excelize.CoordinatesToCellName(k+1, i+1)
			must(err)
			must(f.SetCellValue("Rückmeldungen", cell, v))
			if _, ok := v.(float64); ok && k == 13 {
				must(f.SetCellStyle("Rückmeldungen", cell, cell, percent))
			}
		}
	}
	for _, cell := range formulas {
		must(f.SetCellFormula("Rückmeldungen", cell, `"ja"`))
	}
	file := filepath.Join(t.TempDir(), "runde-2019.xlsx")
	must(f.SaveAs(file))
	return file
}

// saveCSV writes rows as a German Excel does: in Windows-1252, with semicolons and decimal commas.
func saveCSV(t testing.TB, rows [][]any) string {
	t.Helper()
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = ';', true
	for _, row := range rows {
		record := make([]string, 15)
		for k, v := range row {
			switch v := v.(type) {
			case nil:
			case time.Time:
				record[k] = v.Format("02.01.2006")
			case float64:
				record[k] = strings.Replace(fmt.Sprint(v), ".", ",", 1)
				if k == 13 {
					record[k] = strings.Replace(fmt.Sprintf("%.1f %%", v*100), ".", ",", 1)
				}
			default:
				record[k] = fmt.Sprint(v)
			}
		}
		if err := w.Write(record); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	text, err := charmap.Windows1252.NewEncoder().String(out.String())
	if err != nil {
		t.Fatal(err)
	}
	return write(t, text, t.TempDir(), "runde-2019.csv")
}

// everything is all that a database holds, row by row, but for the mark that it could be written.
func everything(t testing.TB, dir string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.DatabaseFile)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	query := func(q string) [][]any {
		rows, err := db.Query(q)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		var all [][]any
		for rows.Next() {
			values, at := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				at[i] = &values[i]
			}
			if err := rows.Scan(at...); err != nil {
				t.Fatal(err)
			}
			all = append(all, values)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return all
	}
	var b strings.Builder
	for _, name := range query(
		`SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'readiness' ORDER BY name`) {
		fmt.Fprintf(&b, "%s\n", name[0])
		var lines []string
		for _, row := range query(fmt.Sprintf(`SELECT * FROM "%s"`, name[0])) {
			lines = append(lines, fmt.Sprintln(row...))
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, ""))
	}
	return b.String()
}

func importTable(t testing.TB, f filled, file string, more ...string) outcome {
	t.Helper()
	return command(t, append([]string{"answers", "import-table", file, "--map", tableMapFile, "--data", f.dir},
		more...)...)
}

const converted = "the file is written in Windows-1252 and was converted: please check the umlauts\n"

func TestImportTableDryRun(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	before := everything(t, f.dir)
	good := importTable(t, f, saveBook(t, oldRound()), "--dry-run").wants(t, 0)
	golden(t, "import-table.golden", good.out)
	if o := importTable(t, f, saveCSV(t, oldRound()), "--dry-run").wants(t,
		0); strings.Replace(strings.Replace(o.out, ".csv", ".xlsx", 1), converted, "",
		1) != strings.ReplaceAll(good.out, "Rückmeldungen!", "") {
		t.Errorf("the CSV file is read differently:\n%s", o.out)
	}
	bad := importTable(t, f, saveBook(t, brokenRound(), "D7", "A10"), "--dry-run").wants(t, 1, "cannot be placed")
	golden(t, "import-table-broken.golden", bad.out)
	importTable(t, f, saveBook(t, brokenRound())).wants(t, 1, "--skip-unplaced", "nothing was stored")
	var out tableReport
	decode(t, importTable(t, f, saveBook(t, brokenRound(), "D7", "A10"), "--dry-run", "--json").wants(t, 1).out, &out)
	n := out.Counts
	if n.Cells != n.Placed+n.Ignored+n.Reported || n.BadCells != len(out.Cells) || n.BadRows != len(out.Rows) ||
		!out.DryRun || out.Stored || out.Sheet != "Rückmeldungen" {
		t.Errorf("got %+v", out)
	}
	if after := everything(t, f.dir); after != before {
		t.Error("a dry run has changed the database")
	}
}

func TestImportTable(t *testing.T) {
	t.Parallel()
	for name, save := range map[string]func(testing.TB, [][]any) string{
		"xlsx": func(t testing.TB, rows [][]any) string { return saveBook(t, rows) }, "csv": saveCSV,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := fillDemo(t, 0)
			file := save(t, oldRound())
			var out tableReport
			decode(t, importTable(t, f, file, "--json").wants(t, 0).out, &out)
			if !out.Stored || out.Counts.Towns != 4 || out.Counts.SilentRow != 1 || out.Round == 0 {
				t.Fatalf("got %+v", out.Counts)
			}
			checkImported(t, f, out.Round, filepath.Base(file))
			importTable(t, f, file).wants(t, 1, "already has this round", "imported before")
			number := write(t, strings.Replace(mapText(t), wantedRound(t), fmt.Sprintf("round: %d\n", out.Round), 1),
				t.TempDir(), "map.yaml")
			command(t, "answers", "import-table", file, "--map", number, "--data", f.dir).wants(t, 1, "is closed")
			// what was imported is an assessment like any other
			command(t, "export", "--data", f.dir, "--round", fmt.Sprint(out.Round), "--region", "--out",
				filepath.Join(t.TempDir(), "r.xlsx")).wants(t, 0)
		})
	}
}

func mapText(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(tableMapFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wantedRound is the part of the map that describes the new round.
func wantedRound(t testing.TB) string {
	t.Helper()
	_, rest, _ := strings.Cut(mapText(t), "\nround:")
	text, _, ok := strings.Cut(rest, "header:")
	if !ok {
		t.Fatal("the map has no round")
	}
	return "round:" + text
}

func checkImported(t *testing.T, f filled, id round.ID, file string) {
	t.Helper()
	s := f.open(t)
	defer s.Close()
	r, err := s.Round(t.Context(), id)
	if err != nil || r.Status != round.Closed || r.Title != "Willkommen 2019" ||
		r.Opens.Format(time.RFC3339) != "2019-02-28T23:00:00Z" ||
		r.Closes.Format(time.RFC3339) != "2019-06-30T22:00:00Z" {
		t.Fatalf("%+v, %v", r, err)
	}
	towns, err := s.Participants(t.Context(), id)
	if err != nil || len(towns) != 5 {
		t.Errorf("%d participants, %v", len(towns), err)
	}
	got := map[region.AGS]map[string]string{}
	err = s.Submissions(t.Context(), id, func(sub round.Submission) error {
		answers := map[string]string{"am": sub.At.Format(time.DateOnly)}
		for q, e := range sub.Entries {
			answers[string(q)] = shown(e.Given, e.Answer)
			if e.Comment != "" {
				answers[string(q)] += " // " + e.Comment
			}
			if e.Origin != (assessment.Origin{Kind: assessment.OriginImport, Subject: file}) || e.Revision != 1 {
				t.Errorf("%s: %+v", q, e)
			}
		}
		got[sub.Town.AGS] = answers
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[region.AGS]map[string]string{
		"05958004": {"am": "2019-04-02", "steuerung-ansprechperson": "ja", "steuerung-stunden": "19,5",
			"steuerung-haushalt": "nein // im Haushalt 2020", "netz-neubuergerseite": "umgesetzt",
			"netz-dienste": "termin, bezahlen", "buero-zeiten": "abend, samstag", "buero-terminfrist": "5",
			"begegnung-resonanz": "5,5"},
		"05958008": {"am": "2019-04-09", "steuerung-ansprechperson": "nein",
			"steuerung-haushalt": "not applicable: laut Tabelle: -", "netz-neubuergerseite": "keine",
			"netz-dienste": "nichts", "buero-zeiten": "nichts", "buero-terminfrist": "0"},
		"05958016": {"am": "2019-05-20", "steuerung-ansprechperson": "ja", "steuerung-haushalt": "ja",
			"netz-neubuergerseite": "teilweise", "netz-dienste": "hund", "buero-terminfrist": "3"},
	}
	brilon := got["05958012"]
	delete(got, "05958012")
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
	if brilon["steuerung-haushalt"] != "not applicable: laut Tabelle: entfällt // macht der Kreis" ||
		brilon["am"] != "2019-05-15" {
		t.Errorf("got %v", brilon)
	}
	records := 0
	err = s.Records(t.Context(), id, func([]byte) error { records++; return nil })
	if err != nil || records != 4 {
		t.Errorf("%d records, %v", records, err)
	}
	events, err := s.EventsOfRegion(t.Context(), r.Region, account.EventKinds(), 1<<62, 5)
	if err != nil || events[1].Kind != account.EventImported || events[1].Detail != file {
		t.Errorf("%+v, %v", events, err)
	}
}

// TestImportTableIntoOpenRound takes what fits, in a round that is there already, once.
func TestImportTableIntoOpenRound(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	open := f.Rounds[0]
	text := strings.Replace(mapText(t), wantedRound(t), fmt.Sprintf("round: %d\n", open.ID), 1)
	text = strings.Replace(text, "willkommen@1.0.0", "willkommen@"+string(open.Version), 1)
	text = text[:strings.Index(text, "submitted:")] +
		"columns:\n  - {column: D, question: netz-neubuergerseite, values: {ja: umgesetzt, nein: keine, teilw.: " +
		"teilweise}}\n"
	file := saveBook(t, brokenRound())
	run := func(more ...string) outcome {
		return command(t, append([]string{"answers", "import-table", file, "--map",
			write(t, text, t.TempDir(), "map.yaml"), "--data", f.dir}, more...)...)
	}
	run().wants(t, 1, "nothing was stored")
	run("--skip-unplaced").wants(t, 0, fmt.Sprintf("in round %d", open.ID), "05958004) also stands in row")
	before := everything(t, f.dir)
	run("--skip-unplaced").wants(t, 1, "already have answers", "Bestwig", "imported before")
	if everything(t, f.dir) != before {
		t.Error("a second run has changed something")
	}
}

func TestImportTableRefuses(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	before := everything(t, f.dir)
	file := saveBook(t, oldRound())
	for name, c := range map[string]struct{ old, new, message string }{
		"a key": {"header:", "headers:",
			"map.yaml:7:1: error: there is no key headers here: did you mean header?"},
		"a question": {"steuerung-stunden", "steuerung-stundn", "did you mean steuerung-stunden?"},
		"an option": {"{teilw.: teilweise}", "{teilw.: halb}",
			"steuerung-ansprechperson has no option halb: it has nein, teilweise, ja"},
		"a column":    {"column: Eingang", "column: Eingange", `did you mean "Eingang"`},
		"twice":       {"column: L,", "column: D,", "used twice"},
		"a region":    {"region: suedwestfalen", "region: nirgends", "there is no region nirgends"},
		"a checklist": {"willkommen@1.0.0", "willkommen@1.0.9", "no published checklist"},
		"a round":     {wantedRound(t), "round: 999\n", "there is no round 999"},
		"the future":  {"closes: 2019-06-30", "closes: 2119-06-30", "only one that is over"},
		"backwards":   {"closes: 2019-06-30", "closes: 2019-01-30", "closes before it opens"},
		"the header":  {"header: 3", "header: 2", "row 2 holds nothing"},
		"another ask": {wantedRound(t), fmt.Sprintf("round: %d\n", f.Rounds[0].ID), "the map is for willkommen@1.0.0"},
		"not possible": {"question: netz-neubuergerseite",
			"not_applicable: [\"-\"]\n    question: netz-neubuergerseite", "does not know \"not applicable\""},
	} {
		t.Run(name, func(t *testing.T) {
			text := mapText(t)
			if !strings.Contains(text, c.old) {
				t.Fatalf("the map has no %q", c.old)
			}
			m := write(t, strings.Replace(text, c.old, c.new, 1), t.TempDir(), "map.yaml")
			command(t, "answers", "import-table", file, "--map", m, "--data", f.dir).wants(t, 1, c.message)
		})
	}
	for name, raw := range map[string]string{"empty": "", "half a zip": "PK\x03\x04", "binary": "\x7fELF\x00",
		"no header": "a;b\n1;2\n"} {
		refuses(t, "", "answers", "import-table", write(t, raw, t.TempDir(), name), "--map", tableMapFile, "--data",
			f.dir)
	}
	for _, text := range []string{"", "x", "checklist: [", strings.Repeat("{a: ", 10_000),
		"checklist: &a willkommen@1.0.0\nround: *a\n", "round: 1e9\n"} {
		refuses(t, "", "answers", "import-table", file, "--map", write(t, text, t.TempDir(), "map.yaml"), "--data",
			f.dir)
	}
	if everything(t, f.dir) != before {
		t.Error("what was refused has changed something")
	}
}

// TestImportTableIntoPlannedRound opens the round, but not in a dry run.
func TestImportTableIntoPlannedRound(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	s := f.open(t)
	now := time.Now().UTC()
	from, err := s.Round(t.Context(), f.Rounds[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	planned := round.Round{Region: from.Region, Title: "Geplant", Checklist: from.Checklist, Hash: from.Hash,
		Opens: now.AddDate(0, -1, 0), Closes: now.AddDate(0, 1, 0), Status: round.Planned, Created: now}
	id, err := s.Create(t.Context(), planned, nil, []region.AGS{"05958004", "05958008"},
		account.Event{At: now, Kind: account.EventRoundCreated, Region: from.Region})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	m := write(t,
		fmt.Sprintf(
			"checklist: %s\nround: %d\ntown: {column: Ort, by: name}\ncolumns:\n  - {column: Seite, question: "+
				"netz-neubuergerseite}\n", from.Checklist, id), t.TempDir(), "map.yaml")
	file := write(t, "Ort;Seite\nArnsberg;umgesetzt\n", t.TempDir(), "t.csv")
	status := func() round.Round {
		s := f.open(t)
		defer s.Close()
		r, err := s.Round(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	command(t, "answers", "import-table", file, "--map", m, "--data", f.dir, "--dry-run").wants(t, 0,
		"nothing was changed")
	if r := status(); r.Status != round.Planned {
		t.Errorf("after a dry run: %s", r.Status)
	}
	command(t, "answers", "import-table", file, "--map", m, "--data", f.dir).wants(t, 0, "stored: 1 submitted")
	if r := status(); r.Status != round.Open || len(r.Groups) == 0 {
		t.Errorf("after the import: %+v", r)
	}
	command(t, "answers", "import-table", write(t, "Ort;Seite\nBrilon;umgesetzt\n", t.TempDir(), "t.csv"), "--map", m,
		"--data", f.dir).wants(t, 1, "Brilon (05958012) does not take part")
}

// TestDocumentedTableMap keeps the example of checklists/README.md one that the program takes.
func TestDocumentedTableMap(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "checklists", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "```yaml\nchecklist:")
	example, _, ok := strings.Cut(after, "```")
	if !ok {
		t.Fatal("there is no example")
	}
	f := fillDemo(t, 0)
	file := write(t,
		"x\n\nAGS;Eingang;C;Einwohner;bearbeitet von;1. Ansprechperson?;Bemerkung "+
			"3;Zeiten;Termin;Hund;Stunden\n05958004;2.4.2019;entfällt;1;W;teilw.;so;samstags;x;;1,5\n", t.TempDir(),
		"t.csv")
	o := command(t, "answers", "import-table", file, "--map", write(t, "checklist:"+example, t.TempDir(), "map.yaml"),
		"--data", f.dir, "--dry-run").wants(t, 0, "answers     5, comments 1")
	if strings.Contains(o.out, "columns the map") {
		t.Errorf("got %s", o.out)
	}
}

// TestImportTableOfCountry places and stores a large table soon.
func TestImportTableOfCountry(t *testing.T) {
	if testing.Short() {
		t.Skip("1 100 towns")
	}
	const towns = 1100
	dir := filepath.Join(t.TempDir(), "data")
	var register, table strings.Builder
	register.WriteString("ags;name;population\n")
	table.WriteString("AGS")
	var questions []string
	for i := range towns {
		fmt.Fprintf(&register, "%08d;Ort %d;%d\n", 1_001_000+i, i, 1000+i*37)
	}
	command(t, "region", "import", "--data", dir, "--id", "land", write(t, register.String(), t.TempDir(),
		"towns.csv")).wants(t, 0)
	m := "checklist: willkommen@1.0.0\nround: {region: land, title: Alle 2019, opens: 2019-01-01, closes: " +
		"2019-12-31}\ntown: {column: AGS}\ncolumns:\n"
	for _, q := range choices(t) {
		questions = append(questions, q)
		table.WriteString(";" + q)
		m += "  - {column: " + q + ", question: " + q + "}\n"
	}
	for range 60 - len(questions) {
		table.WriteString(";weitere Angabe")
	}
	table.WriteString("\n")
	for i := range towns {
		fmt.Fprintf(&table, "%d", 1_001_000+i)
		for k := range questions {
			table.WriteString(";" + []string{"teilweise umgesetzt", "umgesetzt", "geplant oder beschlossen"}[(i+k)%3])
		}
		table.WriteString(strings.Repeat(";Text", 60-len(questions)) + "\n")
	}
	start := time.Now()
	o := command(t, "answers", "import-table", write(t, table.String(), t.TempDir(), "alle.csv"), "--map",
		write(t, m, t.TempDir(), "map.yaml"), "--data", dir, "--json").wants(t, 0)
	took := time.Since(start)
	var out tableReport
	if err := json.Unmarshal([]byte(o.out), &out); err != nil || out.Counts.Towns != towns ||
		out.Counts.Answers != towns*len(questions) {
		t.Fatalf("%+v, %v", out.Counts, err)
	}
	t.Logf("%d towns x 60 columns, %d answers: %v", towns, out.Counts.Answers, took)
	if took > patience {
		t.Errorf("took %v", took)
	}
}

// choices are the questions of the scale with five steps.
func choices(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile(welcome)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	id := ""
	for line := range strings.SplitSeq(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "      - id: "); ok {
			id = rest
		}
		if strings.TrimSpace(line) == "scale: stufe5" {
			list = append(list, id)
		}
	}
	return list
}

// Rows and columns that somebody has hidden or filtered out are read, and named so that nobody is surprised.
func TestImportTableNamesHiddenRows(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	file := saveBook(t, oldRound())
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if err := errors.Join(book.SetRowVisible("Rückmeldungen", 5, false), book.SetColVisible("Rückmeldungen", "C:D",
		false), book.Save()); err != nil {
		t.Fatal(err)
	}
	importTable(t, f, file, "--dry-run").wants(t, 0, "1 of them hidden or filtered out (5)", "Bestwig")
	var out tableReport
	decode(t, importTable(t, f, file, "--dry-run", "--json").wants(t, 0).out, &out)
	if len(out.Covered) == 0 || out.Covered[0].Column != "C" || out.Covered[0].Cells == 0 {
		t.Errorf("hidden columns: %+v", out.Covered)
	}
	if !slices.Equal(out.Hidden, []int{5}) || out.Counts.Towns != 4 || out.Veiled != "" {
		t.Errorf("hidden %v, %d towns, hidden sheet %q", out.Hidden, out.Counts.Towns, out.Veiled)
	}
}

// A sheet that nobody sees is read where it is the only one with data, and named.
func TestImportTableNamesHiddenSheet(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	file := saveBook(t, oldRound())
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	n, err := book.NewSheet("Leer")
	book.SetActiveSheet(n)
	if err := errors.Join(err, book.SetSheetVisible("Rückmeldungen", false, true), book.Save()); err != nil {
		t.Fatal(err)
	}
	importTable(t, f, file, "--dry-run").wants(t, 0, "the sheet Rückmeldungen is hidden")
	var out tableReport
	decode(t, importTable(t, f, file, "--dry-run", "--json").wants(t, 0).out, &out)
	if out.Veiled != "Rückmeldungen" || out.Sheet != "Rückmeldungen" {
		t.Errorf("hidden sheet %q, sheet %q", out.Veiled, out.Sheet)
	}
}

// A day that can be read in two ways is told so, unless the map says which way it is.
func TestImportTableAsksHowDaysAreWritten(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	rows := oldRound()
	rows[3][2] = "4/6/2019"
	file := saveBook(t, rows)
	importTable(t, f, file, "--dry-run").wants(t, 1, "4/6/2019", "in two ways", "day_first")
	for order, want := range map[string]string{"day_first": "2019-06-04", "month_first": "2019-04-06"} {
		f := fillDemo(t, 0)
		mapped := write(t, strings.Replace(mapText(t), "header: 3", "header: 3\ndates: "+order, 1), t.TempDir(),
			"map.yaml")
		var out tableReport
		decode(t, command(t, "answers", "import-table", file, "--map", mapped, "--data", f.dir, "--json").wants(t,
			0).out, &out)
		s := f.open(t)
		list, err := s.Participants(t.Context(), out.Round)
		s.Close()
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(list, func(p round.Participant) bool { return p.Town.AGS == "05958004" })
		if got := wording.ISODay(list[at].Submitted); got != want {
			t.Errorf("%s: submitted on %s, not on %s", order, got, want)
		}
	}
}

// What Excel writes for line breaks and control characters in a cell does not reach what is stored.
func TestImportTableDecodesEscapes(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 0)
	rows := oldRound()
	rows[3][6] = "MARKE"
	file := saveBook(t, rows)
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var book bytes.Buffer
	w := zip.NewWriter(&book)
	for _, part := range in.File {
		text, err := fs.ReadFile(in, part.Name)
		if err != nil {
			t.Fatal(err)
		}
		to, err := w.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(bytes.Replace(text, []byte("MARKE"), []byte("Zeile 1_x000D_\nZeile 2_x005F_3"),
			1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), os.WriteFile(file, book.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	importTable(t, f, file).wants(t, 0)
	stored := everything(t, f.dir)
	if !strings.Contains(stored, "Zeile 1\nZeile 2_3") {
		t.Error("the comment is stored with the escapes of the file")
	}
}
