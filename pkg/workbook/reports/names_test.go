package reports

import (
	"strings"
	"testing"
	"unicode/utf8"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/form"
	"ortsspiegel/pkg/workbook/sample"
)

func TestFileNames(t *testing.T) {
	d := sample.Willkommen(t)
	f := sample.FormOf(d, nil)
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
		got := form.FormFile(&f, "de")
		if got != c.want || seen[got] {
			t.Errorf("got %q, want %q", got, c.want)
		}
		if strings.ContainsAny(got, "/\\:*?\"<>|\n\u202e") || utf8.RuneCountInString(got) > book.MaxFile+5 {
			t.Errorf("%q is no name for a file", got)
		}
		seen[got] = true
	}
	r := sample.TownReport(d, nil, "de")
	r.View.Head.RoundTitle = "Willkommen vor Ort 2026"
	if got := ReportFile(&r, ".xlsx"); got != "Arnsberg – Willkommen vor Ort 2026 – Ergebnis 2026-11-20.xlsx" {
		t.Errorf("the report is called %q", got)
	}
	r.View.Head.Status = assessment.Draft
	if got := ReportFile(&r, ".csv"); got != "Arnsberg – Willkommen vor Ort 2026 – Antworten 2026-11-20 (Entwurf).csv" {
		t.Errorf("the draft is called %q", got)
	}
}
