package form

import (
	"slices"
	"strings"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// FormFile names the file of a form: the town, which part of the checklist it holds, and for whom it is.
// "Bestwig – Auftritt im Netz – Petra Klein.xlsx".
func FormFile(f *assessment.Form, lang checklist.Lang) string {
	return book.FileName(".xlsx", f.View.Head.TownName, formPart(f, lang), f.For)
}

// formPart says which questions a form holds: the round for all, a section's title, else their numbers.
func formPart(f *assessment.Form, lang checklist.Lang) string {
	d := f.View.Definition
	if f.Questions == nil || len(f.Questions) == len(d.Questions()) {
		return book.Dated(f.View.Head.RoundTitle, f.View.Head.Closes) + " " +
			wording.Phrase{"zum Ausfüllen", "to fill in"}.In(lang)
	}
	var titles, numbers []string
	whole := true
	for i := range d.Sections {
		s := &d.Sections[i]
		n := 0
		for j := range s.Questions {
			if slices.Contains(f.Questions, s.Questions[j].ID) {
				numbers = append(numbers, wording.QuestionNumber(i, j))
				n++
			}
		}
		if n > 0 {
			titles = append(titles, s.Title.In(lang))
		}
		whole = whole && (n == 0 || n == len(s.Questions))
	}
	switch {
	case len(titles) == 1 && whole:
		return titles[0]
	case len(numbers) <= 6:
		return book.Ternary(len(numbers) == 1, wording.Phrase{"Frage", "Question"},
			wording.Phrase{"Fragen", "Questions"}).In(lang) + " " + strings.Join(numbers, ", ")
	case len(titles) == 1:
		return titles[0] + " " + wording.Phrase{"({0} Fragen)", "({0} questions)"}.In(lang, book.Itoa(len(numbers)))
	}
	return wording.Phrase{"{0} Fragen", "{0} questions"}.In(lang, book.Itoa(len(numbers)))
}
