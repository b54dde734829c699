package workbook

import (
	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
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
		result = wording.Cell(p.Lang).Percent(*r.Score)
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
		{wordStatus, st.text, b.say(statusPhrases[string(h.Status)])}, {wordSubmitted, st.moment, "–"}, {wordAsOf, st.moment, serial(p.AsOf)}}
	s.addHigh(30, value(st.label, b.say(wordLevel)), value(st.big, level))
	s.addHigh(30, value(st.label, b.say(wordTotal)), value(st.big, result))
	p.drawScore(s)
	s.skip(1)
	p.writeTopLevers(s)
	first := s.next()
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
	b.keep(b.f.AddIgnoredErrors(s.name, cell(2, first)+":"+cell(2, s.next()-1), excelize.IgnoredErrorsNumberStoredAsText))
	s.skip(1)
	p.writeContents(s)
	s.onePage()
}

// barRows is how many rows the cover's bar of the score covers.
const barRows = 5

// drawScore draws the score as one bar over the levels' parts of the way from 0 to 100 per cent.
func (p *plan) drawScore(s *sheet) {
	b, d, r := s.b, p.View.Definition, p.View.Result
	if r.Score == nil {
		return
	}
	n := len(d.Levels)
	title := b.say(phrase{"Punktzahl gesamt auf dem Weg durch die Stufen", "Total on the way through the levels"})
	alt := b.say(phrase{"{0}: {1} von 100 Prozent.", "{0}: {1} of 100 per cent."}, p.Town.Name, wording.Cell(p.Lang).Percent(*r.Score))
	one := func(col string, row int) string { return p.of(sheetSteps) + at(col, row) }
	both := func(col string) string { return p.of(sheetSteps) + at(col, p.bar+1) + ":" + at(col, p.bar+2) }
	series := []excelize.ChartSeries{{Name: one("B", p.bar), Categories: both("A"), Values: both("B"), Fill: solid(blue),
		DataLabel: excelize.ChartDataLabel{Font: chartFont(9, false)}}}
	for i := range n {
		series = append(series, excelize.ChartSeries{Name: one(column(3+i), p.bar), Categories: both("A"), Values: both(column(3 + i)), Fill: solid(bandColor(i, n))})
	}
	where := s.next()
	for range barRows {
		s.addHigh(22)
	}
	c := b.chart(excelize.BarStacked, title, alt, 720, 150, series...)
	c.Title = excelize.ChartTitle{} // the two rows above say it
	c.GapWidth = ptr(uint(30))
	s.draw(cell(1, where), c)
}

// bandColor is a grey for each level, the higher the darker.
func bandColor(i, n int) string {
	shades := []string{"EEF1F5", "DDE3EA", "CBD3DE", "B8C3D1", "A5B2C4"}
	return shades[min(i*len(shades)/max(n, 1), len(shades)-1)]
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
		gain := b.say(phrase{"bis +{0} Prozentpunkte", "up to +{0} percentage points"}, wording.Cell(p.Lang).PercentNumber(l.Gain))
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
	head := s.head(3, b.say(wordNumber), b.say(wordSection), b.say(wordQuestion), b.say(wordGainHead),
		b.say(phrase{"Ziel-Antwort", "Answer to reach"}), b.say(phrase{"Maßnahme", "Measure"}), b.say(phrase{"Zuständig", "Responsible"}), b.say(phrase{"Bis wann", "Until"}),
		b.say(phrase{"Aufwand", "Effort"}), b.say(phrase{"Kosten (Euro)", "Costs (euro)"}), b.say(phrase{"Stand", "Status"}))
	for i, l := range levers {
		if i == maxLevers {
			break
		}
		a := p.find(l.Question)
		n := s.addHigh(45, value(st.text, a.number), value(st.text, p.sections[a.section].s.Title.In(p.Lang)), value(st.text, a.q.Text.In(p.Lang)),
			value(st.points, 100*l.Gain), value(st.choose, nil), value(st.choose, nil), value(st.choose, nil), value(st.chooseDate, nil), value(st.choose, nil),
			value(st.chooseNumber, nil), value(st.choose, nil))
		p.offerGoal(s, cell(5, n), a)
	}
	last := s.next() - 1
	if last == head {
		return
	}
	s.filter(head, 11, last)
	column := func(col int) string { return cell(col, head+1) + ":" + cell(col, last) }
	choose := phrase{"Bitte wählen Sie einen Eintrag der Liste.", "Please choose an entry of the list."}
	list := func(col int, title phrase, words ...phrase) {
		texts := make([]string, len(words))
		for i, w := range words {
			texts[i] = b.say(w)
		}
		dv := excelize.NewDataValidation(true)
		dv.Sqref = column(col)
		b.keep(dv.SetDropList(texts))
		dv.SetError(excelize.DataValidationErrorStyleStop, b.say(title), b.say(choose))
		b.keep(b.f.AddDataValidation(s.name, dv))
	}
	list(9, phrase{"Aufwand", "Effort"}, phrase{"gering", "low"}, phrase{"mittel", "medium"}, phrase{"hoch", "high"})
	list(11, phrase{"Stand", "Status"}, phrase{"geplant", "planned"}, phrase{"begonnen", "begun"}, phrase{"erledigt", "done"}, phrase{"zurückgestellt", "postponed"})
	atLeast := func(col int, kind, from string, title, message phrase) {
		dv := excelize.NewDataValidation(true)
		dv.Sqref, dv.Type, dv.Operator, dv.Formula1 = column(col), kind, "greaterThanOrEqual", from
		dv.SetError(excelize.DataValidationErrorStyleStop, b.say(title), b.say(message))
		b.keep(b.f.AddDataValidation(s.name, dv))
	}
	atLeast(8, "date", "36526", phrase{"Bis wann", "Until"}, phrase{"Bitte geben Sie ein Datum ein.", "Please enter a date."})
	atLeast(10, "decimal", "0", phrase{"Kosten (Euro)", "Costs (euro)"}, phrase{"Bitte geben Sie einen Betrag in Euro ein.", "Please enter an amount in euros."})
}

// offerGoal offers a question's options as the answer to reach; a question without options takes any text.
func (p *plan) offerGoal(s *sheet, where string, a *asked) {
	if len(a.labels) == 0 {
		return
	}
	dv := excelize.NewDataValidation(true)
	dv.Sqref = where
	dv.SetSqrefDropList(p.listed("B", a.first, a.first+len(a.labels)-1))
	if a.q.Type == checklist.TypeMulti { // several may be the goal
		dv.ShowErrorMessage = false
	} else {
		dv.SetError(excelize.DataValidationErrorStyleStop, s.b.say(phrase{"Ziel-Antwort", "Answer to reach"}), s.b.say(phrase{"Bitte wählen Sie einen Eintrag der Liste.", "Please choose an entry of the list."}))
	}
	s.b.keep(s.b.f.AddDataValidation(s.name, dv))
}
