package reports

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

var trendWidths = []float64{40, 14, 16, 16, 16, 16, 16, 16, 14}

// writeTrend shows the town's way over the rounds of this checklist, as far as they were submitted.
func (p *plan) writeTrend(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.AddHigh(26, book.Value(st.Title, b.Say(book.SheetTrend)))
	points := p.Trend.Points
	if len(points) < 2 {
		s.Skip(1)
		s.Add(book.Value(st.Lead, b.Say(wording.Phrase{
			"Nach der nächsten Runde steht hier, wie sich das Ergebnis verändert hat: durch neue Antworten und durch " +
				"die geänderte Checkliste.",
			"After the next round this sheet shows how the result has changed: by new answers and by the changed " +
				"checklist."})))
		return
	}
	s.Add(book.Value(st.Lead, b.Say(
		wording.Phrase{"Eingereichte Selbsteinschätzungen von {0}, die älteste zuerst. Das Blatt folgt nicht, wenn " +
			"Sie Antworten ändern.",
			"Submitted self-assessments of {0}, the oldest first. The sheet does not follow changed answers."},
		p.Town.Name)))
	s.Skip(1)
	rows := p.trendRounds(s)
	for _, h := range p.Trend.Apart {
		apart(s, h.RoundTitle, h.Checklist.Version)
	}
	s.Skip(1)
	picture := s.Next()
	s.Skip(bridgeRows)
	p.trendSections(s)
	p.trendRegion(s)
	s.Skip(1)
	trendNotes(s)
	s.Skip(1)
	alt := b.Say(
		wording.Phrase{"{0}: Ergebnis von 0 bis 100 Prozent in {1} Runden und was dazwischen hinzukam oder wegfiel. " +
			"Die Zahlen stehen in der Tabelle darüber.",
			"{0}: result from 0 to 100 per cent in {1} rounds and what came or went between them. The figures stand " +
				"in the table above."}, p.Town.Name, book.Itoa(len(points)))
	drawBridge(s, book.Cell(1, picture), b.Say(book.SheetTrend), alt, rows)
}

// trendRounds has a row per round: the score, and how it came from the one before.
func (p *plan) trendRounds(s *book.Sheet) []bridgeRow {
	b, st := s.B, s.B.Styles
	s.ColumnTitles(b.Say(book.WordRound), b.Say(book.WordVersion), b.Say(book.WordSubmitted), b.Say(book.WordTotal),
		b.Say(book.WordChange), b.Say(book.WordNewAnswers), b.Say(book.WordNewRules), b.Say(book.WordLevel),
		b.Say(book.WordCommon))
	var rows []bridgeRow
	for i, point := range p.Trend.Points {
		n := s.Next()
		r := bridgeRow{name: point.Head.RoundTitle, row: n, score: "D", answers: "F", rules: "G"}
		common := book.Value(st.Suppress, "–")
		if i > 0 {
			shift := &p.Trend.Shifts[i-1]
			if shown, ok := shift.Bridge(); ok {
				r.shown = &shown
			}
			common = book.Value(st.Whole, shift.Common)
		}
		if point.Score != nil {
			v := book.Shown(*point.Score)
			r.percent = &v
		}
		cells := append([]any{book.Value(st.Text, point.Head.RoundTitle),
			book.Value(st.Text, string(point.Head.Checklist.Version)),
			book.Value(st.Date, book.Serial(point.Head.Submitted)), scoreCell(s, point.Score)},
			changes(s, r.shown, "D", n-1, n)...)
		s.Add(append(cells, book.Value(st.Text, point.Level.Label.In(p.Lang)), common)...)
		rows = append(rows, r)
	}
	return rows
}

// trendSections compares section by section on the common questions.
func (p *plan) trendSections(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.PageBreak(s.Next())
	s.ColumnTitles(b.Say(wording.Phrase{"Abschnitte, nur gemeinsame Fragen", "Sections, common questions only"}),
		b.Say(book.WordCommon), b.Say(book.WordOldAnswers), b.Say(book.WordLaterAnswer), b.Say(book.WordChange))
	for i := range p.Trend.Shifts {
		from, to := p.Trend.Points[i].Head, p.Trend.Points[i+1].Head
		blank := book.Value(st.Group, nil)
		s.Add(book.Value(st.Group, from.RoundTitle+" → "+to.RoundTitle), blank, blank, blank, blank)
		s.Merge(s.Next()-1, 1, 5)
		for k := range p.Trend.Shifts[i].Sections {
			shift := &p.Trend.Shifts[i].Sections[k]
			n := s.Next()
			s.Add(append([]any{book.Value(st.Text, sectionTitle(p.Trend.Points[i+1].Titles, shift.ID, p.Lang)),
				book.Value(st.Whole, shift.Common)}, changeOf(s, shift.Rebased, shift.Comparable, n, "C", "D")...)...)
		}
	}
}

// trendRegion shows what was published of the region's change: whole percent, a dot where a figure was not.
func (p *plan) trendRegion(s *book.Sheet) {
	if p.Release == nil || p.Release.Trend == nil {
		return
	}
	b, st, t := s.B, s.B.Styles, p.Release.Trend
	s.Skip(1)
	s.ColumnTitles(b.Say(wording.Phrase{"Region, wie veröffentlicht: Kommunen in beiden Runden",
		"Region, as published: towns in both rounds"}), b.Say(wording.Phrase{"Kommunen (n)", "Towns (n)"}),
		b.Say(wording.Phrase{"Mittelwert davor", "Mean before"}),
		b.Say(wording.Phrase{"Mittelwert danach", "Mean after"}), b.Say(book.WordChange), b.Say(book.WordNewAnswers),
		b.Say(book.WordNewRules), b.Say(wording.Phrase{"Fußnote", "Footnote"}))
	dot := book.Value(st.Suppress, ".")
	count, change := any(dot), []any{dot, dot, dot}
	if t.N > 0 {
		count = book.Value(st.Whole, t.N)
	}
	if shown, ok := t.Bridge(); ok {
		n := s.Next()
		change = []any{book.Formula(st.ChangeShare, fmt.Sprintf("ROUND(100*(D%[1]d-C%[1]d),0)", n),
			tenth(shown.Total())), book.Value(st.ChangeShare, tenth(shown.Answers)),
			book.Value(st.ChangeShare, tenth(shown.Rules))}
	}
	cells := append([]any{book.Value(st.Bold, b.Say(wording.Phrase{"Seit Version {0}", "Since version {0}"},
		string(t.From))), count, releasedCell(s, t.Before, t.Reason), releasedCell(s, t.After, t.Reason)}, change...)
	s.Add(append(cells, book.Value(st.Text, why(b, t.Reason)))...)
	if !t.Suppressed {
		s.Add(book.Value(st.Hint, b.Say(
			wording.Phrase{"Veröffentlichte Zahlen sind ganze Prozent; dadurch kann jeder Teil um einen Punkt " +
				"abweichen.",
				"Published figures are whole per cent, so each part may be off by one point."})))
		s.Merge(s.Next()-1, 1, 7)
	}
	if t.Suppressed || len(t.Sections) == 0 {
		return
	}
	s.ColumnTitles(b.Say(wording.Phrase{"Abschnitte, nur gemeinsame Fragen", "Sections, common questions only"}),
		b.Say(wording.Phrase{"Kommunen (n)", "Towns (n)"}), b.Say(book.WordOldAnswers), b.Say(book.WordLaterAnswer),
		b.Say(book.WordChange), "", "", b.Say(wording.Phrase{"Fußnote", "Footnote"}))
	for i := range t.Sections {
		p.trendRegionSection(s, &t.Sections[i])
	}
}

func (p *plan) trendRegionSection(s *book.Sheet, t *disclosure.TrendSection) {
	b, st, n := s.B, s.B.Styles, s.Next()
	count, change := book.Value(st.Suppress, "–"), book.Value(st.Suppress, "–")
	if t.Suppressed {
		count, change = book.Value(st.Suppress, "."), book.Value(st.Suppress, ".")
	}
	if t.N > 0 {
		count = book.Value(st.Whole, t.N)
	}
	if t.Rebased != nil && t.Comparable != nil {
		change = book.Formula(st.ChangeShare, fmt.Sprintf("ROUND(100*(D%[1]d-C%[1]d),0)", n),
			float64(wording.Whole(*t.Comparable)-wording.Whole(*t.Rebased)))
	}
	s.Add(book.Value(st.Text, sectionTitle(p.View.Definition.Sections, t.ID, p.Lang)), count,
		releasedCell(s, t.Rebased, t.Reason), releasedCell(s, t.Comparable, t.Reason),
		change, book.Value(st.Text, nil), book.Value(st.Text, nil), book.Value(st.Text, why(b, t.Reason)))
}

// releasedCell is a published mean, a dot where it was suppressed, a dash where there is none.
func releasedCell(s *book.Sheet, v *float64, reason bench.Reason) excelize.Cell {
	st := s.B.Styles
	switch {
	case v != nil:
		return book.Value(st.Share, percent(*v))
	case reason != "":
		return book.Value(st.Suppress, ".")
	}
	return book.Value(st.Suppress, "–")
}

// sectionTitle names a section of a version, with its number.
func sectionTitle(sections []checklist.Section, id checklist.SectionID, lang checklist.Lang) string {
	for i := range sections {
		if sections[i].ID == id {
			return book.Itoa(i+1) + " " + sections[i].Title.In(lang)
		}
	}
	return string(id)
}
