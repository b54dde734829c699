package form

import (
	"fmt"

	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// writeCover says what to do, until when, and how far one has got: plain formulas count the
// states on the other sheets.
func (p *FormPlan) writeCover(s *book.Sheet) {
	b, st, h := p.B, p.B.Styles, &p.View.Head
	s.AddHigh(30, book.Value(st.Title, book.Dated(h.RoundTitle, h.Closes)))
	s.Add(book.Value(st.Lead, b.Say(wording.Phrase{"Formular zum Ausfüllen", "Form to fill in"})))
	s.Skip(1)
	line := func(label wording.Phrase, v any) { s.Add(book.Value(st.Label, b.Say(label)), v) }
	line(book.WordTown, book.Value(st.Lead, h.TownName))
	line(book.WordChecklist, book.Value(st.Lead, p.View.Definition.Title.In(p.Lang)))
	if p.For != "" {
		line(wording.Phrase{"Für", "For"}, book.Value(st.Lead, p.For))
	}
	if !h.Closes.IsZero() {
		line(wording.Phrase{"Bitte bis", "Please by"},
			book.Value(st.Lead, wording.Cell(p.Lang).ShortDate(wording.LastDay(h.Closes))))
	}
	line(book.WordAsOf, book.Value(st.Lead, wording.Cell(p.Lang).ShortTime(p.At)))
	s.Skip(1)
	steps := []wording.Phrase{
		{"Füllen Sie in den folgenden Blättern die gelben Zellen aus. Für jeden Abschnitt gibt es ein Blatt.",
			"Fill in the yellow cells on the following sheets. There is one sheet per section."}}
	if p.shift > 0 {
		steps = append(steps,
			wording.Phrase{"Unter „Letztes Mal“ steht, was Ihre Kommune in „{0}“ geantwortet hat. Stimmt es noch, " +
				"genügt ein x in der Spalte daneben; sonst antworten Sie neu.",
				"“Last time” shows what your town answered in “{0}”. If it still holds, an x in the column beside it " +
					"is enough; otherwise answer anew."})
	}
	steps = append(steps,
		wording.Phrase{
			"Trifft eine Frage nicht zu, schreiben Sie in die Spalte daneben, warum (mindestens 10 Zeichen).",
			"If a question does not apply, write in the column beside it why (at least 10 characters).",
		},
		wording.Phrase{
			"Ein leeres Feld ändert nichts an der gespeicherten Antwort. Schreiben Sie „löschen“ hinein, um sie zu " +
				"löschen.",
			"An empty cell leaves the stored answer as it is. Write “clear” into it to delete the answer.",
		},
		wording.Phrase{"Speichern Sie die Datei als .xlsx und laden Sie sie im Programm auf der Seite „Fragebogen in " +
			"Excel ausfüllen“ hoch, oder schicken Sie sie der Person, von der Sie sie haben. Vor dem Speichern zeigt " +
			"das Programm jede Änderung.",
			"Save the file as .xlsx and upload it in the program on the page “Fill in the questionnaire in Excel”, " +
				"or send it to the person you have it from. The program shows each change before it is stored."})
	for i, text := range steps {
		row := s.Add(book.Value(st.Hint, book.Itoa(i+1)+". "+b.Say(text, p.Proposals.From.RoundTitle)),
			book.Value(st.Hint, nil), book.Value(st.Hint, nil), book.Value(st.Hint, nil), book.Value(st.Hint, nil))
		s.Merge(row, 1, 5)
	}
	s.Skip(1)
	s.ColumnTitles(b.Say(book.WordSection), b.Say(wording.Phrase{"Fragen", "Questions"}),
		b.Say(wording.Phrase{"Erledigt", "Done"}), b.Say(wording.Phrase{"Offen", "Open"}),
		b.Say(wording.Phrase{"Bitte prüfen", "Please check"}))
	first := s.Next()
	var total [4]int
	for i := range p.sections {
		section := &p.sections[i]
		states := fmt.Sprintf("%s!%s:%s", book.Quoted(section.name),
			book.At(book.Column(p.col(formState)), formHead+1), book.At(book.Column(p.col(formState)), section.last))
		count := func(s score.State) string {
			return fmt.Sprintf("COUNTIF(%s,%s)", states, book.Literal(p.stateWord(s)))
		}
		var n [4]int // by state as of now
		for _, q := range section.questions {
			n[q.state]++
		}
		done := n[score.Answered] + n[score.NotApplicable]
		s.Add(book.Value(st.Text, section.s.Title.In(p.Lang)),
			book.Formula(st.Whole, fmt.Sprintf("%d-%s", len(section.questions), count(score.Inactive)),
				len(section.questions)-n[score.Inactive]),
			book.Formula(st.Whole, count(score.Answered)+"+"+count(score.NotApplicable), done),
			book.Formula(st.Whole, count(score.Open), n[score.Open]), book.Formula(st.Whole, count(book.StateRefused),
				0))
		total[0] += len(section.questions) - n[score.Inactive]
		total[1] += done
		total[2] += n[score.Open]
	}
	last := s.Next() - 1
	cells := []any{book.Value(st.Group, b.Say(wording.Phrase{"Zusammen", "Total"}))}
	for i, v := range total {
		cells = append(cells, book.Formula(st.GroupNumber, fmt.Sprintf("SUM(%[1]s%[2]d:%[1]s%[3]d)", book.Column(i+2),
			first, last), v))
	}
	s.Add(cells...)
}
