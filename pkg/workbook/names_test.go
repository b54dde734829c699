package workbook

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

func TestSheetNamesEndWithAWord(t *testing.T) {
	used := map[string]bool{}
	for _, c := range [][2]string{
		{"5 Ansprechpersonen und Begegnung", "5 Ansprechpersonen"},
		{"8 Sprachen und internationale Fachkräfte", "8 Sprachen und internationale"},
		{"1 Steuerung und Zuständigkeit", "1 Steuerung und Zuständigkeit"},
		{"5 Ansprechpersonen für Vereine und mehr", "5 Ansprechpersonen für Vereine"},
		{"5 Ansprechpersonen und Begegnungen", "5 Ansprechpersonen (2)"},
		{"3 Kinderbetreuungsmöglichkeitenverzeichnis", "3 Kinderbetreuungsmöglichkeiten"},
		{"2 Netz: Auftritt/Seiten [neu]", "2 Netz Auftritt Seiten neu"},
		{"", " (2)"},
	} {
		got := sheetName(c[0], used)
		if got != c[1] || utf8.RuneCountInString(got) > maxSheetName {
			t.Errorf("%q became %q, want %q", c[0], got, c[1])
		}
	}
}

func TestRoundsNameTheirYear(t *testing.T) {
	midnight := time.Date(2027, 1, 1, 0, 0, 0, 0, wording.Berlin)
	for title, want := range map[string]string{"Willkommen vor Ort 2026": "Willkommen vor Ort 2026", "Willkommens-Check": "Willkommens-Check (2026)",
		"Runde 20261": "Runde 20261 (2026)", "2025/26": "2025/26"} {
		if got := dated(title, midnight); got != want {
			t.Errorf("%q became %q, want %q", title, got, want)
		}
	}
	if got := dated("Willkommen", time.Time{}); got != "Willkommen" {
		t.Errorf("without a time it became %q", got)
	}
}

func TestFileNames(t *testing.T) {
	d := willkommen(t)
	f := formOf(d, nil)
	f.View.Head.TownName = "Bestwig"
	section := d.Sections[1]
	var all []checklist.QuestionID
	for i := range section.Questions {
		all = append(all, section.Questions[i].ID)
	}
	seen := map[string]bool{}
	for _, c := range []struct {
		questions []checklist.QuestionID
		person    string
		want      string
	}{
		{nil, "", "Bestwig – Willkommen vor Ort 2026 zum Ausfüllen.xlsx"},
		{nil, "Petra Klein", "Bestwig – Willkommen vor Ort 2026 zum Ausfüllen – Petra Klein.xlsx"},
		{all, "Petra Klein", "Bestwig – Auftritt im Netz – Petra Klein.xlsx"},
		{all[:2], "Petra Klein", "Bestwig – Fragen 2.1, 2.2 – Petra Klein.xlsx"},
		{[]checklist.QuestionID{all[0]}, "", "Bestwig – Frage 2.1.xlsx"},
		{all[:1], "../../Müller: \"A\"\n<b>\u202e", "Bestwig – Frage 2.1 – Müller A b.xlsx"},
	} {
		f.Questions, f.For = c.questions, c.person
		got := FormFile(&f, "de")
		if got != c.want || seen[got] {
			t.Errorf("got %q, want %q", got, c.want)
		}
		if strings.ContainsAny(got, "/\\:*?\"<>|\n\u202e") || utf8.RuneCountInString(got) > maxFile+5 {
			t.Errorf("%q is no name for a file", got)
		}
		seen[got] = true
	}
	r := townReport(d, nil, "de")
	r.View.Head.RoundTitle = "Willkommen vor Ort 2026"
	if got := ReportFile(&r, ".xlsx"); got != "Arnsberg – Willkommen vor Ort 2026 – Ergebnis 2026-11-20.xlsx" {
		t.Errorf("the report is called %q", got)
	}
	r.View.Head.Status = assessment.Draft
	if got := ReportFile(&r, ".csv"); got != "Arnsberg – Willkommen vor Ort 2026 – Antworten 2026-11-20 (Entwurf).csv" {
		t.Errorf("the draft is called %q", got)
	}
}
