package reports

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

var regionTrendWidths = []float64{40, 14, 16, 16, 16, 16, 16, 16, 26}

// writeTrend shows the region's way over the rounds of this checklist: all that was submitted, then
// step by step the towns that took part in both rounds, and last each of them.
func (x *regional) writeTrend(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.AddHigh(26, book.Value(st.Title, b.Say(book.SheetTrend)))
	if len(x.Trend.Rounds) < 2 {
		s.Skip(1)
		s.Add(book.Value(st.Lead, b.Say(
			wording.Phrase{"Nach der nächsten Runde steht hier, wie sich die Region verändert hat: durch neue " +
				"Antworten und durch die geänderte Checkliste.",
				"After the next round this sheet shows how the region has changed: by new answers and by the changed " +
					"checklist."})))
		return
	}
	s.Add(book.Value(st.Lead, b.Say(
		wording.Phrase{"Verglichen werden von Runde zu Runde nur Kommunen, die in beiden eingereicht haben.",
			"From round to round only towns that submitted in both are compared."})))
	s.Skip(1)
	x.trendRounds(s)
	for i := range x.Trend.Apart {
		apart(s, x.Trend.Apart[i].Title, x.Trend.Apart[i].Checklist.Version)
	}
	var pictures []int
	for i := range x.Trend.Steps {
		s.Skip(1)
		if i > 0 {
			s.PageBreak(s.Next())
		}
		pictures = append(pictures, x.trendStep(s, i))
	}
	s.Skip(1)
	trendNotes(s,
		wording.Phrase{"Mittelwerte: jede Kommune zählt gleich viel. Kommunen ohne Ergebnis in einer der Runden " +
			"zählen im Vergleich nicht mit.",
			"Means: every town counts the same. Towns without a result in one of the rounds are left out of the " +
				"comparison."})
	for i, row := range pictures {
		step := &x.Trend.Steps[i]
		shown, ok := step.Panel.Bridge()
		if !ok {
			continue
		}
		s.Skip(1)
		drawBridge(s, book.Cell(1, row+2), x.stepName(i),
			b.Say(
				wording.Phrase{"Mittelwert von {0} Kommunen von 0 bis 100 Prozent in zwei Runden und was dazwischen " +
					"hinzukam oder wegfiel. Die Zahlen stehen in der Tabelle darüber.",
					"Mean of {0} towns from 0 to 100 per cent in two rounds and what came or went between them. The " +
						"figures stand in the table above."}, book.Itoa(step.Panel.N)),
			[]bridgeRow{{name: x.Trend.Rounds[i].Round.Title, row: row, score: "C",
				percent: book.Ptr(book.Fraction(shown.Before))},
				{name: x.Trend.Rounds[i+1].Round.Title, row: row, score: "D", answers: "F", rules: "G", shown: &shown,
					percent: book.Ptr(book.Fraction(shown.After))}})
	}
	x.trendTowns(s)
}

func (x *regional) stepName(i int) string {
	return book.Brief(x.Trend.Rounds[i].Round.Title, 50) + " → " + book.Brief(x.Trend.Rounds[i+1].Round.Title, 50)
}

// trendRounds lists the rounds with all that was submitted in each.
func (x *regional) trendRounds(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.ColumnTitles(b.Say(book.WordRound), b.Say(book.WordVersion),
		b.Say(wording.Phrase{"Eingereicht (n)", "Submitted (n)"}), b.Say(wording.Phrase{"Mittelwert", "Mean"}),
		b.Say(book.WordMedian))
	for i := range x.Trend.Rounds {
		r := &x.Trend.Rounds[i]
		s.Add(book.Value(st.Text, r.Round.Title), book.Value(st.Text, string(r.Round.Checklist.Version)),
			book.Value(st.Whole, r.N), scoreCell(s, r.Score.Mean), scoreCell(s, r.Score.Median))
	}
}

// trendStep writes the panel of a step and returns its row; under it are free rows for the picture, then the sections.
func (x *regional) trendStep(s *book.Sheet, i int) int {
	b, st := s.B, s.B.Styles
	step := &x.Trend.Steps[i]
	s.ColumnTitles(x.stepName(i), b.Say(wording.Phrase{"Kommunen (n)", "Towns (n)"}),
		b.Say(wording.Phrase{"Mittelwert davor", "Mean before"}),
		b.Say(wording.Phrase{"Mittelwert danach", "Mean after"}),
		b.Say(book.WordChange), b.Say(book.WordNewAnswers), b.Say(book.WordNewRules),
		b.Say(wording.Phrase{"Median davor", "Median before"}), b.Say(wording.Phrase{"Median danach", "Median after"}))
	n := s.Next()
	cells := []any{book.Value(st.Text,
		b.Say(wording.Phrase{"Kommunen, die an beiden Runden teilnahmen", "Towns that took part in both rounds"})),
		book.Value(st.Whole, step.Panel.N),
		scoreCell(s, step.Panel.Before.Mean), scoreCell(s, step.Panel.After.Mean)}
	s.Add(append(append(cells, changesBetween(s, panelBridge(&step.Panel), n)...),
		scoreCell(s, step.Panel.Before.Median), scoreCell(s, step.Panel.After.Median))...)
	if step.Panel.N > 0 {
		s.Skip(1 + bridgeRows)
	}
	s.ColumnTitles(b.Say(wording.Phrase{"Abschnitte, nur gemeinsame Fragen", "Sections, common questions only"}),
		b.Say(wording.Phrase{"Kommunen (n)", "Towns (n)"}), b.Say(book.WordOldAnswers), b.Say(book.WordLaterAnswer),
		b.Say(book.WordChange))
	for k := range step.Panel.Sections {
		section := &step.Panel.Sections[k]
		row := s.Next()
		s.Add(append([]any{book.Value(st.Text, sectionTitle(x.Trend.Rounds[i+1].Titles, section.ID, x.Lang)),
			book.Value(st.Whole, section.N)},
			changeOf(s, section.Rebased.Mean, section.Comparable.Mean, row, "C", "D")...)...)
	}
	return n
}

func panelBridge(p *shift.Panel) *shift.Bridge {
	if shown, ok := p.Bridge(); ok {
		return &shown
	}
	return nil
}

// changesBetween are the cells of a change where both scores stand in the same row.
func changesBetween(s *book.Sheet, b *shift.Bridge, row int) []any {
	st := s.B.Styles
	if b == nil {
		none := book.Value(st.Suppress, "–")
		return []any{none, none, none}
	}
	return []any{book.Formula(st.Change, fmt.Sprintf("ROUND(100*(D%[1]d-C%[1]d),1)", row), tenth(b.Total())),
		book.Value(st.Change, tenth(b.Answers)), book.Value(st.Change, tenth(b.Rules))}
}

// trendTowns lists every town of every step. It comes last, so that the table can be filtered and sorted.
func (x *regional) trendTowns(s *book.Sheet) {
	b := s.B
	s.Skip(1)
	s.PageBreak(s.Next())
	head := s.ColumnTitles(b.Say(book.WordTown), b.Say(book.WordKey), b.Say(wording.Phrase{"Davor", "Before"}),
		b.Say(wording.Phrase{"Danach", "After"}), b.Say(book.WordChange), b.Say(book.WordNewAnswers),
		b.Say(book.WordNewRules), b.Say(book.WordCommon), b.Say(wording.Phrase{"Runde danach", "Round after"}))
	s.Repeat(head)
	for i := range x.Trend.Steps {
		for k := range x.Trend.Steps[i].Towns {
			s.Add(x.trendTown(s, i, &x.Trend.Steps[i].Towns[k])...)
		}
	}
	last := s.Next() - 1
	s.Filter(head, len(regionTrendWidths), last)
	if last > head {
		b.Keep(b.F.AddIgnoredErrors(s.Name, fmt.Sprintf("B%d:B%d", head+1, last),
			excelize.IgnoredErrorsNumberStoredAsText))
	}
}

func (x *regional) trendTown(s *book.Sheet, i int, town *trend.TownShift) []any {
	st := s.B.Styles
	var shown *shift.Bridge
	if found, ok := town.Shift.Bridge(); ok {
		shown = &found
	}
	cells := []any{book.Value(st.Text, town.Town.Name), book.Value(st.Ags, string(town.Town.AGS)),
		scoreCell(s, town.Shift.Before), scoreCell(s, town.Shift.After)}
	return append(append(cells, changesBetween(s, shown, s.Next())...), book.Value(st.Whole, town.Shift.Common),
		book.Value(st.Text, x.Trend.Rounds[i+1].Round.Title))
}
