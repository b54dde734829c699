package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/store"
	"ortsspiegel/pkg/workbook/form"
)

// opened gives a test the services on a data folder, as a command has them.
func opened(t testing.TB, dir string) *parts {
	t.Helper()
	p, err := (&app{ctx: t.Context(), now: time.Now, stderr: &bytes.Buffer{}}).existing(dataFlags{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// takeForm writes the form of an assessment, lets fill change it, and returns its file.
func takeForm(t testing.TB, dir string, id assessment.ID, fill map[string]any) string {
	t.Helper()
	p := opened(t, dir)
	defer p.store.Close()
	head, err := p.store.Head(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	view, err := p.assessments.View(t.Context(), head)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := form.WriteForm(&b, assessment.Form{View: view, At: time.Now()}, "de", "Test"); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, n := range f.GetDefinedName() {
		if v, ok := fill[strings.TrimPrefix(n.Name, "form.")]; ok {
			sheet, cell, _ := strings.Cut(n.RefersTo, "!")
			if err := f.SetCellValue(strings.Trim(sheet, "'"), strings.ReplaceAll(cell, "$", ""), v); err != nil {
				t.Fatal(err)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "Rücklauf.xlsx")
	if err := f.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	return file
}

// everyRow is every row of every table, so that nothing can change unseen.
func everyRow(t testing.TB, dir string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.DatabaseFile)+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out strings.Builder
	// that one counts the starts
	names, err := db.Query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'readiness' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for names.Next() {
		var name string
		if err := names.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	for _, table := range tables {
		rows, err := db.Query(`SELECT * FROM "` + table + `"`)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				fmt.Fprintf(&out, "%v|", *v.(*any))
			}
			fmt.Fprintf(&out, " %s\n", table)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// answerByHand stores an answer past the forms, with the revision that is there.
func answerByHand(t testing.TB, dir string, id assessment.ID, q checklist.QuestionID, value string) {
	t.Helper()
	p := opened(t, dir)
	defer p.store.Close()
	head, err := p.store.Head(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := p.store.Entries(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.assessments.Answer(t.Context(), assessment.ByAccount(operator), head, q,
		assessment.Input{Values: []string{value}, Revision: entries[q].Revision}); err != nil {
		t.Fatal(err)
	}
}

func TestAnswersImport(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 5)
	u := untouched(t, f, f.drafts(t))
	id := f.drafts(t)[u.AGS]
	const page, deadline = "netz-neubuergerseite", "buero-terminfrist"
	data := []string{"--data", f.dir}
	bring := func(file string, more ...string) outcome {
		return command(t, append(append([]string{"answers", "import", file}, data...), more...)...)
	}
	stored := func() map[checklist.QuestionID]assessment.Entry {
		p := opened(t, f.dir)
		defer p.store.Close()
		entries, err := p.store.Entries(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return entries
	}
	answerByHand(t, f.dir, id, page, "keine")
	file := takeForm(t, f.dir, id, map[string]any{"value.netz.neubuergerseite": "geprueft",
		"value.buero.terminfrist": "7", "comment.buero.terminfrist": "laut System", "value.steuerung.stunden": "viele"})

	before := everyRow(t, f.dir)
	bring(file, "--dry-run").wants(t, 0, page, "keine -> geprueft", "open -> 7", `"" -> "laut System"`,
		"steuerung-stunden: not understood", "2 answers would be stored, nothing was")
	if everyRow(t, f.dir) != before {
		t.Error("a dry run has changed a table")
	}

	// Both have changed it: listed, refused, or decided.
	answerByHand(t, f.dir, id, page, "teilweise")
	before = everyRow(t, f.dir)
	bring(file).wants(t, 1, page, "conflict", "teilweise -> geprueft", "--prefer file or --prefer server")
	bring(file, "--dry-run").wants(t, 1, "conflict")
	bring(file, "--dry-run", "--prefer", "file").wants(t, 0, "2 answers would be stored")
	bring(file, "--prefer", "beide").wants(t, 2)
	if everyRow(t, f.dir) != before {
		t.Error("a conflict or a dry run has changed a table")
	}
	bring(file, "--prefer", "server").wants(t, 0, "1 answers stored")
	if e := stored(); e[page].Answer.Options[0] != "teilweise" || e[deadline].Answer.Number.String() != "7" ||
		e[deadline].Comment != "laut System" {
		t.Errorf("after --prefer server: %+v, %+v", e[page], e[deadline])
	}
	bring(file, "--prefer", "file").wants(t, 0, "1 answers stored")
	e := stored()[page]
	if e.Answer.Options[0] != "geprueft" || e.By != operator.Name ||
		e.Origin != (assessment.Origin{Kind: assessment.OriginForm, Subject: "Rücklauf.xlsx"}) {
		t.Errorf("after --prefer file: %+v", e)
	}
	before = everyRow(t, f.dir)
	bring(file).wants(t, 0, "0 answers stored")
	if everyRow(t, f.dir) != before {
		t.Error("the same file once more has changed a table")
	}

	// What is no form, not there, or of another database.
	other := fillDemo(t, 5)
	bring(filepath.Join(t.TempDir(), "fehlt.xlsx")).wants(t, 1, "fehlt.xlsx")
	bring(write(t, "ags;name\n", t.TempDir(), "tabelle.xlsx")).wants(t, 1, "tabelle.xlsx", "not an Excel workbook")
	report := filepath.Join(t.TempDir(), "bericht.xlsx")
	command(t, "export", "--data", other.dir, "--region", "--round", fmt.Sprint(other.Rounds[0].ID), "--out",
		report).wants(t, 0)
	bring(report).wants(t, 1, "no form of Ortsspiegel")
	done, doneID := submitted(t, f)
	locked := takeForm(t, f.dir, doneID, map[string]any{"value.netz.neubuergerseite": "keine"})
	bring(locked).wants(t, 1, "Rücklauf.xlsx")
	if everyRow(t, f.dir) != before {
		t.Errorf("a refused file has changed a table (%s)", done.AGS)
	}
}

// TestAnalysisLinesGiveTheSameBenchmark exports a round as JSON Lines and lets bench read them.
func TestAnalysisLinesGiveTheSameBenchmark(t *testing.T) {
	t.Parallel()
	f := fillDemo(t, 24)
	dir := t.TempDir()
	number := fmt.Sprint(f.Rounds[0].ID)
	lines := filepath.Join(dir, "antworten.jsonl")
	command(t, "export", "--data", f.dir, "--region", "--round", number, "--out", lines).wants(t, 0)
	for _, ending := range []string{".xlsx", ".csv"} {
		file := filepath.Join(dir, "analyse"+ending)
		command(t, "export", "--data", f.dir, "--region", "--format", "analysis", "--round", number, "--out",
			file).wants(t, 0)
		if info, err := os.Stat(file); err != nil || info.Size() < 10_000 {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
	p := opened(t, f.dir)
	defer p.store.Close()
	r, err := p.store.Round(t.Context(), f.Rounds[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	live, err := p.rounds.Live(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	got := command(t, "bench", "--checklist", checklistOf(r.Checklist), "--assessments", lines, "--json").wants(t,
		0).out
	want, err := json.Marshal(live.Report)
	if err != nil {
		t.Fatal(err)
	}
	compact := func(s string) string {
		var b bytes.Buffer
		if err := json.Compact(&b, []byte(s)); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if a, b := compact(got), compact(string(want)); a != b {
		i := 0
		for i < min(len(a), len(b)) && a[i] == b[i] {
			i++
		}
		t.Errorf("not the same benchmark from character %d on:\nread back %.300s\nlive      %.300s", i,
			a[max(i-100, 0):], b[max(i-100, 0):])
	}
}

// checklistOf is the file of a checklist that comes with the program.
func checklistOf(ref checklist.Ref) string {
	return filepath.Join("..", "..", "checklists", string(ref.ID), fmt.Sprintf("%s.yaml", ref.Version))
}
