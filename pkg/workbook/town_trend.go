package workbook

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

var trendWidths = []float64{40, 14, 16, 16, 16, 16, 16, 16, 14}

// writeTrend shows the town's way over the rounds of this checklist, as far as they were submitted.
func (p *plan) writeTrend(s *sheet) {
	b, st := s.b, s.b.styles
	s.addHigh(26, value(st.title, b.say(sheetTrend)))
	points := p.Trend.Points
	if len(points) < 2 {
		s.skip(1)
		s.add(value(st.lead, b.say(phrase{
			"Nach der nächsten Runde steht hier, wie sich das Ergebnis verändert hat: durch neue Antworten und durch die geänderte Checkliste.",
			"After the next round this sheet shows how the result has changed: by new answers and by the changed checklist."})))
		return
	}
	s.add(value(st.lead, b.say(phrase{"Eingereichte Selbsteinschätzungen von {0}, die älteste zuerst. Das Blatt folgt nicht, wenn Sie Antworten ändern.",
		"Submitted self-assessments of {0}, the oldest first. The sheet does not follow changed answers."}, p.Town.Name)))
	s.skip(1)
	rows := p.trendRounds(s)
	for _, h := range p.Trend.Apart {
		s.apart(h.RoundTitle, h.Checklist.Version)
	}
	s.skip(1)
	picture := s.next()
	s.skip(bridgeRows)
	p.trendSections(s)
	p.trendRegion(s)
	s.skip(1)
	s.trendNotes()
	s.skip(1)
	alt := b.say(phrase{"{0}: Ergebnis von 0 bis 100 Prozent in {1} Runden und was dazwischen hinzukam oder wegfiel. Die Zahlen stehen in der Tabelle darüber.",
		"{0}: result from 0 to 100 per cent in {1} rounds and what came or went between them. The figures stand in the table above."}, p.Town.Name, itoa(len(points)))
	s.drawBridge(cell(1, picture), b.say(sheetTrend), alt, rows)
}

// trendRounds has a row per round: the score, and how it came from the one before.
func (p *plan) trendRounds(s *sheet) []bridgeRow {
	b, st := s.b, s.b.styles
	s.columnTitles(b.say(wordRound), b.say(wordVersion), b.say(wordSubmitted), b.say(wordTotal), b.say(wordChange), b.say(wordNewAnswers), b.say(wordNewRules), b.say(wordLevel), b.say(wordCommon))
	var rows []bridgeRow
	for i, point := range p.Trend.Points {
		n := s.next()
		r := bridgeRow{name: point.Head.RoundTitle, row: n, score: "D", answers: "F", rules: "G"}
		common := value(st.suppress, "–")
		if i > 0 {
			shift := &p.Trend.Shifts[i-1]
			if shown, ok := shift.Bridge(); ok {
				r.shown = &shown
			}
			common = value(st.whole, shift.Common)
		}
		if point.Score != nil {
			v := shown(*point.Score)
			r.percent = &v
		}
		cells := append([]any{value(st.text, point.Head.RoundTitle), value(st.text, string(point.Head.Checklist.Version)), value(st.date, serial(point.Head.Submitted)), s.scoreCell(point.Score)},
			s.changes(r.shown, "D", n-1, n)...)
		s.add(append(cells, value(st.text, point.Level.Label.In(p.Lang)), common)...)
		rows = append(rows, r)
	}
	return rows
}

// trendSections compares section by section on the common questions.
func (p *plan) trendSections(s *sheet) {
	b, st := s.b, s.b.styles
	s.pageBreak(s.next())
	s.columnTitles(b.say(phrase{"Abschnitte, nur gemeinsame Fragen", "Sections, common questions only"}), b.say(wordCommon), b.say(wordOldAnswers), b.say(wordLaterAnswer), b.say(wordChange))
	for i := range p.Trend.Shifts {
		from, to := p.Trend.Points[i].Head, p.Trend.Points[i+1].Head
		blank := value(st.group, nil)
		s.add(value(st.group, from.RoundTitle+" → "+to.RoundTitle), blank, blank, blank, blank)
		s.merge(s.next()-1, 1, 5)
		for k := range p.Trend.Shifts[i].Sections {
			shift := &p.Trend.Shifts[i].Sections[k]
			n := s.next()
			s.add(append([]any{value(st.text, sectionTitle(p.Trend.Points[i+1].Titles, shift.ID, p.Lang)), value(st.whole, shift.Common)}, s.changeOf(shift.Rebased, shift.Comparable, n, "C", "D")...)...)
		}
	}
}

// trendRegion shows what was published of the region's change: whole percent, a dot where a figure was not.
func (p *plan) trendRegion(s *sheet) {
	if p.Release == nil || p.Release.Trend == nil {
		return
	}
	b, st, t := s.b, s.b.styles, p.Release.Trend
	s.skip(1)
	s.columnTitles(b.say(phrase{"Region, wie veröffentlicht: Kommunen in beiden Runden", "Region, as published: towns in both rounds"}), b.say(phrase{"Kommunen (n)", "Towns (n)"}),
		b.say(phrase{"Mittelwert davor", "Mean before"}), b.say(phrase{"Mittelwert danach", "Mean after"}), b.say(wordChange), b.say(wordNewAnswers), b.say(wordNewRules), b.say(phrase{"Fußnote", "Footnote"}))
	dot := value(st.suppress, ".")
	count, change := any(dot), []any{dot, dot, dot}
	if t.N > 0 {
		count = value(st.whole, t.N)
	}
	if shown, ok := t.Bridge(); ok {
		n := s.next()
		change = []any{formula(st.changeShare, fmt.Sprintf("ROUND(100*(D%[1]d-C%[1]d),0)", n), tenth(shown.Total())), value(st.changeShare, tenth(shown.Answers)), value(st.changeShare, tenth(shown.Rules))}
	}
	cells := append([]any{value(st.bold, b.say(phrase{"Seit Version {0}", "Since version {0}"}, string(t.From))), count, s.releasedCell(t.Before, t.Reason), s.releasedCell(t.After, t.Reason)}, change...)
	s.add(append(cells, value(st.text, b.why(t.Reason)))...)
	if !t.Suppressed {
		s.add(value(st.hint, b.say(phrase{"Veröffentlichte Zahlen sind ganze Prozent; dadurch kann jeder Teil um einen Punkt abweichen.",
			"Published figures are whole per cent, so each part may be off by one point."})))
		s.merge(s.next()-1, 1, 7)
	}
	if t.Suppressed || len(t.Sections) == 0 {
		return
	}
	s.columnTitles(b.say(phrase{"Abschnitte, nur gemeinsame Fragen", "Sections, common questions only"}), b.say(phrase{"Kommunen (n)", "Towns (n)"}), b.say(wordOldAnswers), b.say(wordLaterAnswer), b.say(wordChange), "", "", b.say(phrase{"Fußnote", "Footnote"}))
	for i := range t.Sections {
		p.trendRegionSection(s, &t.Sections[i])
	}
}

func (p *plan) trendRegionSection(s *sheet, t *disclosure.TrendSection) {
	b, st, n := s.b, s.b.styles, s.next()
	count, change := value(st.suppress, "–"), value(st.suppress, "–")
	if t.Suppressed {
		count, change = value(st.suppress, "."), value(st.suppress, ".")
	}
	if t.N > 0 {
		count = value(st.whole, t.N)
	}
	if t.Rebased != nil && t.Comparable != nil {
		change = formula(st.changeShare, fmt.Sprintf("ROUND(100*(D%[1]d-C%[1]d),0)", n), float64(wording.Whole(*t.Comparable)-wording.Whole(*t.Rebased)))
	}
	s.add(value(st.text, sectionTitle(p.View.Definition.Sections, t.ID, p.Lang)), count, s.releasedCell(t.Rebased, t.Reason), s.releasedCell(t.Comparable, t.Reason),
		change, value(st.text, nil), value(st.text, nil), value(st.text, b.why(t.Reason)))
}

// releasedCell is a published mean, a dot where it was suppressed, a dash where there is none.
func (s *sheet) releasedCell(v *float64, reason bench.Reason) excelize.Cell {
	st := s.b.styles
	switch {
	case v != nil:
		return value(st.share, percent(*v))
	case reason != "":
		return value(st.suppress, ".")
	}
	return value(st.suppress, "–")
}

// sectionTitle names a section of a version, with its number.
func sectionTitle(sections []checklist.Section, id checklist.SectionID, lang checklist.Lang) string {
	for i := range sections {
		if sections[i].ID == id {
			return itoa(i+1) + " " + sections[i].Title.In(lang)
		}
	}
	return string(id)
}
