package reports

import (
	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// maxLevers is how many questions the sheet of measures lists.
const maxLevers = 10

// writeCover says what the file is about and leads to its sheets.
func (p *plan) writeCover(s *book.Sheet) {
	b, st, h := s.B, s.B.Styles, p.View.Head
	d, r := p.View.Definition, p.View.Result
	s.AddHigh(34, book.Value(st.Title, book.Dated(h.RoundTitle, h.Closes)))
	s.Add(book.Value(st.Lead, b.Say(wording.Phrase{"Selbsteinschätzung der Kommune", "Self-assessment of the town"})+
		" "+p.Town.Name))
	s.Skip(1)
	result := b.Say(wording.Phrase{"noch kein Ergebnis", "no result yet"})
	if r.Score != nil {
		result = wording.Cell(p.Lang).Percent(*r.Score)
		if r.Provisional {
			result += " " + b.Say(wording.Phrase{"(vorläufig, offene Fragen: {0})",
				"(provisional, open questions: {0})"}, book.Itoa(r.Counts.Open))
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
		name  wording.Phrase
		style int
		v     any
	}{
		{book.WordTown, st.Text, official}, {book.WordAGS, st.Ags, string(p.Town.AGS)},
		{book.WordDistrict, st.Text, p.Town.District.Name},
		{book.WordPopulation, st.Whole, population}, {book.WordRegion, st.Text, p.Region.Name},
		{book.WordRound, st.Text, h.RoundTitle},
		{book.WordChecklist, st.Text, d.Title.In(p.Lang) + " (" + d.Ref().String() + ")"},
		{book.WordStatus, st.Text, b.Say(book.StatusPhrases[string(h.Status)])}, {book.WordSubmitted, st.Moment, "–"},
		{book.WordAsOf, st.Moment, book.Serial(p.AsOf)}}
	s.AddHigh(30, book.Value(st.Label, b.Say(book.WordLevel)), book.Value(st.Big, level))
	s.AddHigh(30, book.Value(st.Label, b.Say(book.WordTotal)), book.Value(st.Big, result))
	p.drawScore(s)
	s.Skip(1)
	p.writeTopLevers(s)
	first := s.Next()
	for _, f := range facts {
		if f.name == book.WordSubmitted && !h.Submitted.IsZero() {
			f.v = book.Serial(h.Submitted)
		}
		c := book.Value(f.style, f.v)
		if f.style == st.Whole {
			c.StyleID = st.WholeLeft
		}
		s.Add(book.Value(st.Bold, b.Say(f.name)), c)
	}
	b.Keep(b.F.AddIgnoredErrors(s.Name, book.Cell(2, first)+":"+book.Cell(2, s.Next()-1),
		excelize.IgnoredErrorsNumberStoredAsText))
	s.Skip(1)
	p.writeContents(s)
	s.OnePage()
}

// barRows is how many rows the cover's bar of the score covers.
const barRows = 5

// drawScore draws the score as one bar over the levels' parts of the way from 0 to 100 per cent.
func (p *plan) drawScore(s *book.Sheet) {
	b, d, r := s.B, p.View.Definition, p.View.Result
	if r.Score == nil {
		return
	}
	n := len(d.Levels)
	title := b.Say(wording.Phrase{"Punktzahl gesamt auf dem Weg durch die Stufen",
		"Total on the way through the levels"})
	alt := b.Say(wording.Phrase{"{0}: {1} von 100 Prozent.", "{0}: {1} of 100 per cent."}, p.Town.Name,
		wording.Cell(p.Lang).Percent(*r.Score))
	one := func(col string, row int) string { return p.of(book.SheetSteps) + book.At(col, row) }
	both := func(col string) string {
		return p.of(book.SheetSteps) + book.At(col, p.bar+1) + ":" + book.At(col, p.bar+2)
	}
	series := []excelize.ChartSeries{{Name: one("B", p.bar), Categories: both("A"), Values: both("B"),
		Fill:      book.Solid(book.Blue),
		DataLabel: excelize.ChartDataLabel{Font: book.ChartFont(9, false)}}}
	for i := range n {
		series = append(series, excelize.ChartSeries{Name: one(book.Column(3+i), p.bar), Categories: both("A"),
			Values: both(book.Column(3 + i)), Fill: book.Solid(bandColor(i, n))})
	}
	where := s.Next()
	for range barRows {
		s.AddHigh(22)
	}
	c := b.Chart(excelize.BarStacked, title, alt, 720, 150, series...)
	c.Title = excelize.ChartTitle{} // the two rows above say it
	c.GapWidth = book.Ptr(uint(30))
	s.Draw(book.Cell(1, where), c)
}

// bandColor is a grey for each level, the higher the darker.
func bandColor(i, n int) string {
	shades := []string{"EEF1F5", "DDE3EA", "CBD3DE", "B8C3D1", "A5B2C4"}
	return shades[min(i*len(shades)/max(n, 1), len(shades)-1)]
}

// writeTopLevers names the three questions that would raise the total most.
func (p *plan) writeTopLevers(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	levers := p.View.Result.Levers()
	if len(levers) == 0 {
		return
	}
	s.ColumnTitles(b.Say(wording.Phrase{"Größte Hebel", "Biggest levers"}), b.Say(book.WordQuestion))
	for _, l := range levers[:min(3, len(levers))] {
		a := p.find(l.Question)
		gain := b.Say(wording.Phrase{"bis +{0} Prozentpunkte", "up to +{0} percentage points"},
			wording.Cell(p.Lang).PercentNumber(l.Gain))
		s.Add(book.Value(st.Bold, gain), book.Value(st.Text, a.number+" "+a.q.Text.In(p.Lang)))
	}
	s.Skip(1)
}

func (p *plan) writeContents(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.ColumnTitles(b.Say(book.WordContents), "")
	for _, c := range []struct{ name, about wording.Phrase }{
		{
			book.SheetResult, wording.Phrase{
				"Punktzahl gesamt, Abschnitte, Mindestanforderungen und Diagramme; rechnet mit, wenn Sie Antworten " +
					"ändern", "Total, sections, minimum requirements and charts; follows when you change answers",
			},
		},
		{book.SheetAnswers, wording.Phrase{"alle Fragen mit Antwort, Punkten, Kommentar und Nachweisen",
			"all questions with answer, points, comment and evidence"}},
		{book.SheetCompare, wording.Phrase{"eigene Werte und die veröffentlichten Zahlen der Runde",
			"own values and the round's published figures"}},
		{
			book.SheetTrend, wording.Phrase{
				"was sich seit früheren Runden verändert hat: durch neue Antworten und durch die geänderte Checkliste",
				"what has changed since earlier rounds: by new answers and by the changed checklist",
			},
		},
		{book.SheetMeasures, wording.Phrase{"die größten Hebel, mit Platz für Ihre Planung",
			"the questions with the largest possible gain, with room for your planning"}},
		{book.SheetNotes, wording.Phrase{"Quelle, Zeitpunkt, Methode und Fußnoten",
			"source, date, method and footnotes"}},
	} {
		n := s.Add(book.Value(st.Link, b.Say(c.name)), book.Value(st.Text, b.Say(c.about)))
		b.Keep(b.F.SetCellHyperLink(s.Name, book.Cell(1, n), book.Quoted(b.Say(c.name))+"!A1", "Location"))
	}
}

// writeMeasures lists the biggest levers and leaves room to plan.
func (p *plan) writeMeasures(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	levers := p.View.Result.Levers()
	s.AddHigh(26, book.Value(st.Title, b.Say(book.SheetMeasures)))
	lead := wording.Phrase{"Die Fragen, deren bessere Antwort die Punktzahl gesamt am meisten hebt (wie beim " +
		"Export). Die gelben Spalten sind für Ihre Planung.",
		"The questions where a better answer raises the total most (at the time of export). The yellow columns are " +
			"for your planning."}
	if len(levers) == 0 {
		lead = wording.Phrase{"Keine Frage kann die Punktzahl gesamt noch heben.",
			"No question can raise the total any more."}
	}
	s.Add(book.Value(st.Lead, b.Say(lead)))
	s.Skip(1)
	head := s.Head(3, b.Say(book.WordNumber), b.Say(book.WordSection), b.Say(book.WordQuestion),
		b.Say(book.WordGainHead),
		b.Say(wording.Phrase{"Ziel-Antwort", "Answer to reach"}), b.Say(wording.Phrase{"Maßnahme", "Measure"}),
		b.Say(wording.Phrase{"Zuständig", "Responsible"}), b.Say(wording.Phrase{"Bis wann", "Until"}),
		b.Say(wording.Phrase{"Aufwand", "Effort"}), b.Say(wording.Phrase{"Kosten (Euro)", "Costs (euro)"}),
		b.Say(wording.Phrase{"Stand", "Status"}))
	for i, l := range levers {
		if i == maxLevers {
			break
		}
		a := p.find(l.Question)
		n := s.AddHigh(45, book.Value(st.Text, a.number),
			book.Value(st.Text, p.sections[a.section].s.Title.In(p.Lang)), book.Value(st.Text, a.q.Text.In(p.Lang)),
			book.Value(st.Points, 100*l.Gain), book.Value(st.Choose, nil), book.Value(st.Choose, nil),
			book.Value(st.Choose, nil), book.Value(st.ChooseDate, nil), book.Value(st.Choose, nil),
			book.Value(st.ChooseNumber, nil), book.Value(st.Choose, nil))
		p.offerGoal(s, book.Cell(5, n), a)
	}
	last := s.Next() - 1
	if last == head {
		return
	}
	s.Filter(head, 11, last)
	column := func(col int) string { return book.Cell(col, head+1) + ":" + book.Cell(col, last) }
	choose := wording.Phrase{"Bitte wählen Sie einen Eintrag der Liste.", "Please choose an entry of the list."}
	list := func(col int, title wording.Phrase, words ...wording.Phrase) {
		texts := make([]string, len(words))
		for i, w := range words {
			texts[i] = b.Say(w)
		}
		dv := excelize.NewDataValidation(true)
		dv.Sqref = column(col)
		b.Keep(dv.SetDropList(texts))
		dv.SetError(excelize.DataValidationErrorStyleStop, b.Say(title), b.Say(choose))
		b.Keep(b.F.AddDataValidation(s.Name, dv))
	}
	list(9, wording.Phrase{"Aufwand", "Effort"}, wording.Phrase{"gering", "low"}, wording.Phrase{"mittel", "medium"},
		wording.Phrase{"hoch", "high"})
	list(11, wording.Phrase{"Stand", "Status"}, wording.Phrase{"geplant", "planned"},
		wording.Phrase{"begonnen", "begun"}, wording.Phrase{"erledigt", "done"},
		wording.Phrase{"zurückgestellt", "postponed"})
	atLeast := func(col int, kind, from string, title, message wording.Phrase) {
		dv := excelize.NewDataValidation(true)
		dv.Sqref, dv.Type, dv.Operator, dv.Formula1 = column(col), kind, "greaterThanOrEqual", from
		dv.SetError(excelize.DataValidationErrorStyleStop, b.Say(title), b.Say(message))
		b.Keep(b.F.AddDataValidation(s.Name, dv))
	}
	atLeast(8, "date", "36526", wording.Phrase{"Bis wann", "Until"}, wording.Phrase{"Bitte geben Sie ein Datum ein.",
		"Please enter a date."})
	atLeast(10, "decimal", "0", wording.Phrase{"Kosten (Euro)", "Costs (euro)"},
		wording.Phrase{"Bitte geben Sie einen Betrag in Euro ein.", "Please enter an amount in euros."})
}

// offerGoal offers a question's options as the answer to reach; a question without options takes any text.
func (p *plan) offerGoal(s *book.Sheet, where string, a *asked) {
	if len(a.labels) == 0 {
		return
	}
	dv := excelize.NewDataValidation(true)
	dv.Sqref = where
	dv.SetSqrefDropList(p.listed("B", a.first, a.first+len(a.labels)-1))
	if a.q.Type.Many() { // several may be the goal
		dv.ShowErrorMessage = false
	} else {
		dv.SetError(excelize.DataValidationErrorStyleStop, s.B.Say(wording.Phrase{"Ziel-Antwort", "Answer to reach"}),
			s.B.Say(wording.Phrase{"Bitte wählen Sie einen Eintrag der Liste.", "Please choose an entry of the list."}))
	}
	s.B.Keep(s.B.F.AddDataValidation(s.Name, dv))
}

func (p *plan) writeNotes(s *book.Sheet) {
	d, lang := p.View.Definition, p.Lang
	notes := origin(lang, p.Program, p.AsOf, p.Region, d)
	n := wording.Phrase{"Noch keine Veröffentlichung zu dieser Runde.",
		"Nothing has been published for this round yet."}.In(lang)
	if p.Release != nil {
		n = wording.Phrase{"Veröffentlichung {0} vom {1}", "Release {0} of {1}"}.In(lang, book.Itoa(p.Release.Number),
			wording.Cell(lang).ShortTime(p.Release.At))
		if g, ok := p.Release.Report.Group(region.All); ok {
			n += wording.Phrase{"; Kommunen (n): {0}", "; towns (n): {0}"}.In(lang, book.Itoa(g.N))
		}
	}
	notes = append(notes, note{wording.Phrase{"Vergleich", "Comparison"}, n})
	notes = append(notes, method(lang)...)
	notes = append(notes, disclosureNotes(lang)...)
	notes = append(notes, note{wording.Phrase{"Rechenweg", "Calculation"}, wording.Phrase{
		"Die Zahlen im Blatt „Ergebnis“ sind Formeln über dem Blatt „Antworten“. Die Zwischenschritte stehen in den " +
			"ausgeblendeten Blättern „Berechnung“ und „Listen“ (Rechtsklick auf ein Blattregister, Einblenden). " +
			"„Bitte prüfen“ heißt: Diese Eingabe nähme das Programm nicht an, sie zählt wie offen.",
		"The figures of the sheet “Result” are formulas over the sheet “Answers”. The steps between stand in the " +
			"hidden sheets “Calculation” and “Lists” (right-click on a sheet tab, Unhide). “Please check” means: the " +
			"program would not take this entry, it counts as open."}.In(lang)})
	writeNotes(s, notes)
}
