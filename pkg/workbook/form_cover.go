package workbook

import (
	"fmt"

	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

// writeCover says what to do, until when, and how far one has got: plain formulas count the
// states on the other sheets.
func (p *formPlan) writeCover(s *sheet) {
	b, st, h := p.b, p.b.styles, &p.View.Head
	s.addHigh(30, value(st.title, dated(h.RoundTitle, h.Closes)))
	s.add(value(st.lead, b.say(phrase{"Formular zum Ausfüllen", "Form to fill in"})))
	s.skip(1)
	line := func(label phrase, v any) { s.add(value(st.label, b.say(label)), v) }
	line(wordTown, value(st.lead, h.TownName))
	line(wordChecklist, value(st.lead, p.View.Definition.Title.In(p.lang)))
	if p.For != "" {
		line(phrase{"Für", "For"}, value(st.lead, p.For))
	}
	if !h.Closes.IsZero() {
		line(phrase{"Bitte bis", "Please by"}, value(st.lead, wording.Cell(p.lang).ShortDate(wording.LastDay(h.Closes))))
	}
	line(wordAsOf, value(st.lead, wording.Cell(p.lang).ShortTime(p.At)))
	s.skip(1)
	steps := []phrase{
		{"Füllen Sie in den folgenden Blättern die gelben Zellen aus. Für jeden Abschnitt gibt es ein Blatt.", "Fill in the yellow cells on the following sheets. There is one sheet per section."}}
	if p.shift > 0 {
		steps = append(steps, phrase{"Unter „Letztes Mal“ steht, was Ihre Kommune in „{0}“ geantwortet hat. Stimmt es noch, genügt ein x in der Spalte daneben; sonst antworten Sie neu.",
			"“Last time” shows what your town answered in “{0}”. If it still holds, an x in the column beside it is enough; otherwise answer anew."})
	}
	steps = append(steps,
		phrase{"Trifft eine Frage nicht zu, schreiben Sie in die Spalte daneben, warum (mindestens 10 Zeichen).", "If a question does not apply, write in the column beside it why (at least 10 characters)."},
		phrase{"Ein leeres Feld ändert nichts an der gespeicherten Antwort. Schreiben Sie „löschen“ hinein, um sie zu löschen.", "An empty cell leaves the stored answer as it is. Write “clear” into it to delete the answer."},
		phrase{"Speichern Sie die Datei als .xlsx und laden Sie sie im Programm auf der Seite „Fragebogen in Excel ausfüllen“ hoch, oder schicken Sie sie der Person, von der Sie sie haben. Vor dem Speichern zeigt das Programm jede Änderung.",
			"Save the file as .xlsx and upload it in the program on the page “Fill in the questionnaire in Excel”, or send it to the person you have it from. The program shows each change before it is stored."})
	for i, text := range steps {
		row := s.add(value(st.hint, itoa(i+1)+". "+b.say(text, p.Proposals.From.RoundTitle)), value(st.hint, nil), value(st.hint, nil), value(st.hint, nil), value(st.hint, nil))
		s.merge(row, 1, 5)
	}
	s.skip(1)
	s.columnTitles(b.say(wordSection), b.say(phrase{"Fragen", "Questions"}), b.say(phrase{"Erledigt", "Done"}), b.say(phrase{"Offen", "Open"}), b.say(phrase{"Bitte prüfen", "Please check"}))
	first := s.next()
	var total [4]int
	for i := range p.sections {
		section := &p.sections[i]
		states := fmt.Sprintf("%s!%s:%s", quoted(section.name), at(column(p.col(formState)), formHead+1), at(column(p.col(formState)), section.last))
		count := func(s score.State) string { return fmt.Sprintf("COUNTIF(%s,%s)", states, literal(p.stateWord(s))) }
		var n [4]int // by state as of now
		for _, q := range section.questions {
			n[q.state]++
		}
		done := n[score.Answered] + n[score.NotApplicable]
		s.add(value(st.text, section.s.Title.In(p.lang)),
			formula(st.whole, fmt.Sprintf("%d-%s", len(section.questions), count(score.Inactive)), len(section.questions)-n[score.Inactive]),
			formula(st.whole, count(score.Answered)+"+"+count(score.NotApplicable), done),
			formula(st.whole, count(score.Open), n[score.Open]), formula(st.whole, count(stateRefused), 0))
		total[0] += len(section.questions) - n[score.Inactive]
		total[1] += done
		total[2] += n[score.Open]
	}
	last := s.next() - 1
	cells := []any{value(st.group, b.say(phrase{"Zusammen", "Total"}))}
	for i, v := range total {
		cells = append(cells, formula(st.groupNumber, fmt.Sprintf("SUM(%[1]s%[2]d:%[1]s%[3]d)", column(i+2), first, last), v))
	}
	s.add(cells...)
}
