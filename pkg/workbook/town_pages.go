package workbook

import (
	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/score"
)

// maxLevers is how many questions the sheet of measures lists.
const maxLevers = 10

// writeCover says what the file is about and leads to its sheets.
func (p *plan) writeCover(s *sheet) {
	b, st, h := s.b, s.b.styles, p.View.Head
	d, r := p.View.Definition, p.View.Result
	s.addHigh(34, value(st.title, dated(h.RoundTitle, h.Closes)))
	s.add(value(st.lead, b.say(phrase{"Selbsteinschätzung der Kommune", "Self-assessment of the town"})+" "+p.Town.Name))
	s.skip(1)
	result := b.say(phrase{"noch kein Ergebnis", "no result yet"})
	if r.Score != nil {
		result = percentText(*r.Score, p.Lang)
		if r.Provisional {
			result += " " + b.say(phrase{"(vorläufig, offene Fragen: {0})", "(provisional, open questions: {0})"}, itoa(r.Counts.Open))
		}
	}
	level := "–"
	if l, _, ok := d.Level(r.Level); ok {
		level = l.Label.In(p.Lang)
	}
	official := p.Town.OfficialName
	if official == "" {
		official = p.Town.Name
	}
	population := any(p.Town.Population)
	facts := []struct {
		name  phrase
		style int
		v     any
	}{
		{wordTown, st.text, official}, {wordAGS, st.ags, string(p.Town.AGS)}, {wordDistrict, st.text, p.Town.District.Name},
		{wordPopulation, st.whole, population}, {wordRegion, st.text, p.Region.Name}, {wordRound, st.text, h.RoundTitle},
		{wordChecklist, st.text, d.Title.In(p.Lang) + " (" + d.Ref().String() + ")"},
		{wordStatus, st.text, b.say(statusPhrases[string(h.Status)])}, {wordSubmitted, st.moment, "–"}, {wordAsOf, st.moment, serial(p.AsOf)},
		{wordTotal, st.bold, result}, {wordLevel, st.bold, level}}
	for _, f := range facts {
		if f.name == wordSubmitted && !h.Submitted.IsZero() {
			f.v = serial(h.Submitted)
		}
		c := value(f.style, f.v)
		if f.style == st.whole {
			c.StyleID = st.wholeLeft
		}
		s.add(value(st.bold, b.say(f.name)), c)
	}
	b.keep(b.f.AddIgnoredErrors(s.name, cell(2, 4)+":"+cell(2, s.next()-1), excelize.IgnoredErrorsNumberStoredAsText))
	s.skip(1)
	p.writeTopLevers(s)
	p.writeContents(s)
}

// writeTopLevers names the three questions that would raise the total most.
func (p *plan) writeTopLevers(s *sheet) {
	b, st := s.b, s.b.styles
	levers := p.View.Result.Levers()
	if len(levers) == 0 {
		return
	}
	s.columnTitles(b.say(phrase{"Größte Hebel", "Biggest levers"}), b.say(wordQuestion))
	for _, l := range levers[:min(3, len(levers))] {
		a := p.find(l.Question)
		gain := b.say(phrase{"bis +{0} Prozentpunkte", "up to +{0} percentage points"}, score.DisplayTenths(score.Tenths(l.Gain), p.Lang))
		s.add(value(st.bold, gain), value(st.text, a.number+" "+a.q.Text.In(p.Lang)))
	}
	s.skip(1)
}

func (p *plan) writeContents(s *sheet) {
	b, st := s.b, s.b.styles
	s.columnTitles(b.say(wordContents), "")
	for _, c := range []struct{ name, about phrase }{
		{sheetResult, phrase{"Punktzahl gesamt, Abschnitte, Mindestanforderungen und Diagramme; rechnet mit, wenn Sie Antworten ändern", "Total, sections, minimum requirements and charts; follows when you change answers"}},
		{sheetAnswers, phrase{"alle Fragen mit Antwort, Punkten, Kommentar und Nachweisen", "all questions with answer, points, comment and evidence"}},
		{sheetCompare, phrase{"eigene Werte und die veröffentlichten Zahlen der Runde", "own values and the round's published figures"}},
		{sheetTrend, phrase{"was sich seit früheren Runden verändert hat: durch neue Antworten und durch die geänderte Checkliste", "what has changed since earlier rounds: by new answers and by the changed checklist"}},
		{sheetMeasures, phrase{"die größten Hebel, mit Platz für Ihre Planung", "the questions with the largest possible gain, with room for your planning"}},
		{sheetNotes, phrase{"Quelle, Zeitpunkt, Methode und Fußnoten", "source, date, method and footnotes"}},
	} {
		n := s.add(value(st.link, b.say(c.name)), value(st.text, b.say(c.about)))
		b.keep(b.f.SetCellHyperLink(s.name, cell(1, n), quoted(b.say(c.name))+"!A1", "Location"))
	}
}

// writeMeasures lists the biggest levers and leaves room to plan.
func (p *plan) writeMeasures(s *sheet) {
	b, st := s.b, s.b.styles
	levers := p.View.Result.Levers()
	s.addHigh(26, value(st.title, b.say(sheetMeasures)))
	lead := phrase{"Die Fragen, deren bessere Antwort die Punktzahl gesamt am meisten hebt (wie beim Export). Die gelben Spalten sind für Ihre Planung.",
		"The questions where a better answer raises the total most (at the time of export). The yellow columns are for your planning."}
	if len(levers) == 0 {
		lead = phrase{"Keine Frage kann die Punktzahl gesamt noch heben.", "No question can raise the total any more."}
	}
	s.add(value(st.lead, b.say(lead)))
	s.skip(1)
	head := s.head(3, b.say(wordNumber), b.say(wordSection), b.say(wordQuestion), b.say(phrase{"Möglicher Zuwachs (Prozentpunkte)", "Possible gain (percentage points)"}),
		b.say(phrase{"Maßnahme", "Measure"}), b.say(phrase{"Zuständig", "Responsible"}), b.say(phrase{"Bis wann", "Until"}), b.say(phrase{"Stand", "Status"}))
	for i, l := range levers {
		if i == maxLevers {
			break
		}
		a := p.find(l.Question)
		s.addHigh(45, value(st.text, a.number), value(st.text, p.sections[a.section].s.Title.In(p.Lang)), value(st.text, a.q.Text.In(p.Lang)),
			value(st.points, 100*l.Gain), value(st.choose, nil), value(st.choose, nil), value(st.chooseDate, nil), value(st.choose, nil))
	}
	last := s.next() - 1
	if last == head {
		return
	}
	s.filter(head, 8, last)
	states := excelize.NewDataValidation(true)
	states.Sqref = cell(8, head+1) + ":" + cell(8, last)
	b.keep(states.SetDropList([]string{b.say(phrase{"geplant", "planned"}), b.say(phrase{"begonnen", "begun"}), b.say(phrase{"erledigt", "done"}), b.say(phrase{"zurückgestellt", "postponed"})}))
	states.SetError(excelize.DataValidationErrorStyleStop, b.say(phrase{"Stand", "Status"}), b.say(phrase{"Bitte wählen Sie einen Eintrag der Liste.", "Please choose an entry of the list."}))
	b.keep(b.f.AddDataValidation(s.name, states))
	until := excelize.NewDataValidation(true)
	until.Sqref = cell(7, head+1) + ":" + cell(7, last)
	until.Type, until.Operator, until.Formula1 = "date", "greaterThanOrEqual", "36526"
	until.SetError(excelize.DataValidationErrorStyleStop, b.say(phrase{"Bis wann", "Until"}), b.say(phrase{"Bitte geben Sie ein Datum ein.", "Please enter a date."}))
	b.keep(b.f.AddDataValidation(s.name, until))
}
