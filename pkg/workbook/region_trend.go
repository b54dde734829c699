package workbook

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/round/trend"
)

var regionTrendWidths = []float64{40, 14, 16, 16, 16, 16, 16, 16, 26}

// writeTrend shows the region's way over the rounds of this checklist: all that was submitted, then step by step the towns that
// took part in both rounds, and last each of them.
func (x *regional) writeTrend(s *sheet) {
	b, st := s.b, s.b.styles
	s.addHigh(26, value(st.title, b.say(sheetTrend)))
	if len(x.Trend.Rounds) < 2 {
		s.skip(1)
		s.add(value(st.lead, b.say(phrase{"Nach der nächsten Runde steht hier, wie sich die Region verändert hat: durch neue Antworten und durch die geänderte Checkliste.",
			"After the next round this sheet shows how the region has changed: by new answers and by the changed checklist."})))
		return
	}
	s.add(value(st.lead, b.say(phrase{"Verglichen werden von Runde zu Runde nur Kommunen, die in beiden eingereicht haben.",
		"From round to round only towns that submitted in both are compared."})))
	s.skip(1)
	x.trendRounds(s)
	for i := range x.Trend.Apart {
		s.apart(x.Trend.Apart[i].Title, x.Trend.Apart[i].Checklist.Version)
	}
	var pictures []int
	for i := range x.Trend.Steps {
		s.skip(1)
		if i > 0 {
			s.pageBreak(s.next())
		}
		pictures = append(pictures, x.trendStep(s, i))
	}
	s.skip(1)
	s.trendNotes(phrase{"Mittelwerte: jede Kommune zählt gleich viel. Kommunen ohne Ergebnis in einer der Runden zählen im Vergleich nicht mit.",
		"Means: every town counts the same. Towns without a result in one of the rounds are left out of the comparison."})
	for i, row := range pictures {
		step := &x.Trend.Steps[i]
		shown, ok := step.Panel.Bridge()
		if !ok {
			continue
		}
		s.skip(1)
		s.drawBridge(cell(1, row+2), x.stepName(i), b.say(phrase{"Mittelwert von {0} Kommunen von 0 bis 100 Prozent in zwei Runden und was dazwischen hinzukam oder wegfiel. Die Zahlen stehen in der Tabelle darüber.",
			"Mean of {0} towns from 0 to 100 per cent in two rounds and what came or went between them. The figures stand in the table above."}, itoa(step.Panel.N)),
			[]bridgeRow{{name: x.Trend.Rounds[i].Round.Title, row: row, score: "C", percent: ptr(fraction(shown.Before))},
				{name: x.Trend.Rounds[i+1].Round.Title, row: row, score: "D", answers: "F", rules: "G", shown: &shown, percent: ptr(fraction(shown.After))}})
	}
	x.trendTowns(s)
}

func (x *regional) stepName(i int) string {
	return brief(x.Trend.Rounds[i].Round.Title, 50) + " → " + brief(x.Trend.Rounds[i+1].Round.Title, 50)
}

// trendRounds lists the rounds with all that was submitted in each.
func (x *regional) trendRounds(s *sheet) {
	b, st := s.b, s.b.styles
	s.columnTitles(b.say(wordRound), b.say(wordVersion), b.say(phrase{"Eingereicht (n)", "Submitted (n)"}), b.say(phrase{"Mittelwert", "Mean"}), b.say(wordMedian))
	for i := range x.Trend.Rounds {
		r := &x.Trend.Rounds[i]
		s.add(value(st.text, r.Round.Title), value(st.text, string(r.Round.Checklist.Version)), value(st.whole, r.N), s.scoreCell(r.Score.Mean), s.scoreCell(r.Score.Median))
	}
}

// trendStep writes the panel of a step and returns its row; under it are free rows for the picture, then the sections.
func (x *regional) trendStep(s *sheet, i int) int {
	b, st := s.b, s.b.styles
	step := &x.Trend.Steps[i]
	s.columnTitles(x.stepName(i), b.say(phrase{"Kommunen (n)", "Towns (n)"}), b.say(phrase{"Mittelwert davor", "Mean before"}), b.say(phrase{"Mittelwert danach", "Mean after"}),
		b.say(wordChange), b.say(wordNewAnswers), b.say(wordNewRules), b.say(phrase{"Median davor", "Median before"}), b.say(phrase{"Median danach", "Median after"}))
	n := s.next()
	cells := []any{value(st.text, b.say(phrase{"Kommunen, die an beiden Runden teilnahmen", "Towns that took part in both rounds"})), value(st.whole, step.Panel.N),
		s.scoreCell(step.Panel.Before.Mean), s.scoreCell(step.Panel.After.Mean)}
	s.add(append(append(cells, s.changesBetween(panelBridge(&step.Panel), n)...), s.scoreCell(step.Panel.Before.Median), s.scoreCell(step.Panel.After.Median))...)
	if step.Panel.N > 0 {
		s.skip(1 + bridgeRows)
	}
	s.columnTitles(b.say(phrase{"Abschnitte, nur gemeinsame Fragen", "Sections, common questions only"}), b.say(phrase{"Kommunen (n)", "Towns (n)"}), b.say(wordOldAnswers), b.say(wordLaterAnswer), b.say(wordChange))
	for k := range step.Panel.Sections {
		section := &step.Panel.Sections[k]
		row := s.next()
		s.add(append([]any{value(st.text, sectionTitle(x.Trend.Rounds[i+1].Titles, section.ID, x.Lang)), value(st.whole, section.N)},
			s.changeOf(section.Rebased.Mean, section.Comparable.Mean, row, "C", "D")...)...)
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
func (s *sheet) changesBetween(b *shift.Bridge, row int) []any {
	st := s.b.styles
	if b == nil {
		none := value(st.suppress, "–")
		return []any{none, none, none}
	}
	return []any{formula(st.change, fmt.Sprintf("ROUND(100*(D%[1]d-C%[1]d),1)", row), tenth(b.Total())), value(st.change, tenth(b.Answers)), value(st.change, tenth(b.Rules))}
}

// trendTowns lists every town of every step. It comes last, so that the table can be filtered and sorted.
func (x *regional) trendTowns(s *sheet) {
	b := s.b
	s.skip(1)
	s.pageBreak(s.next())
	head := s.columnTitles(b.say(wordTown), b.say(wordKey), b.say(phrase{"Davor", "Before"}), b.say(phrase{"Danach", "After"}), b.say(wordChange), b.say(wordNewAnswers), b.say(wordNewRules), b.say(wordCommon), b.say(phrase{"Runde danach", "Round after"}))
	s.repeat(head)
	for i := range x.Trend.Steps {
		for k := range x.Trend.Steps[i].Towns {
			s.add(x.trendTown(s, i, &x.Trend.Steps[i].Towns[k])...)
		}
	}
	last := s.next() - 1
	s.filter(head, len(regionTrendWidths), last)
	if last > head {
		b.keep(b.f.AddIgnoredErrors(s.name, fmt.Sprintf("B%d:B%d", head+1, last), excelize.IgnoredErrorsNumberStoredAsText))
	}
}

func (x *regional) trendTown(s *sheet, i int, town *trend.TownShift) []any {
	st := s.b.styles
	var shown *shift.Bridge
	if found, ok := town.Shift.Bridge(); ok {
		shown = &found
	}
	cells := []any{value(st.text, town.Town.Name), value(st.ags, string(town.Town.AGS)), s.scoreCell(town.Shift.Before), s.scoreCell(town.Shift.After)}
	return append(append(cells, s.changesBetween(shown, s.next())...), value(st.whole, town.Shift.Common), value(st.text, x.Trend.Rounds[i+1].Round.Title))
}
