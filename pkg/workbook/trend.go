package workbook

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

// bridgeRow is a score of a bridge in a table: the rows of a bridge's chart name its cells.
type bridgeRow struct {
	name    string
	row     int    // of the table
	score   string // columns: the score, and what led to it
	answers string
	rules   string
	shown   *shift.Bridge // what led to it; nil: the first, or not comparable
	percent *float64      // the score as shown; nil: undefined
}

// changes are the cells of a change: the whole, then its parts. The whole is a formula of the two scores.
func (s *sheet) changes(b *shift.Bridge, score string, before, row int) []any {
	st := s.b.styles
	if b == nil {
		none := value(st.suppress, "–")
		return []any{none, none, none}
	}
	return []any{formula(st.change, fmt.Sprintf("ROUND(100*(%[1]s%[2]d-%[1]s%[3]d),1)", score, row, before), tenth(b.Total())), value(st.change, tenth(b.Answers)), value(st.change, tenth(b.Rules))}
}

// tenth is a number of tenths of a percentage point as it is shown.
func tenth(n int) float64 { return float64(n) / 10 }

// scoreCell is a score, or a dash where there is none.
func (s *sheet) scoreCell(v *float64) excelize.Cell {
	if v == nil {
		return value(s.b.styles.suppress, "–")
	}
	return value(s.b.styles.percent, shown(*v))
}

// changeOf are the cells of a section on the common questions: before, after and their difference.
func (s *sheet) changeOf(before, after *float64, row int, from, to string) []any {
	change := value(s.b.styles.suppress, "–")
	if before != nil && after != nil {
		change = formula(s.b.styles.change, fmt.Sprintf("ROUND(100*(%s%d-%s%d),1)", to, row, from, row), tenth(wording.Tenths(*after)-wording.Tenths(*before)))
	}
	return []any{s.scoreCell(before), s.scoreCell(after), change}
}

// bridgeRows is how many rows a chart of a bridge covers, bridgeHeight its height in pixels.
const (
	bridgeRows   = 20
	bridgeHeight = 380
)

// drawBridge writes the numbers of a bridge as formulas over its table and draws them where
// rows were left free.
func (s *sheet) drawBridge(where, title, alt string, rows []bridgeRow) {
	b := s.b
	first := s.next() + 1
	head := s.columnTitles(title+": "+b.say(phrase{"Zahlen des Diagramms", "figures of the chart"}), b.say(phrase{"von", "from"}), b.say(phrase{"bis", "to"}),
		b.say(phrase{"unsichtbar", "invisible"}), b.say(wordTotal), b.say(phrase{"mehr", "more"}), b.say(phrase{"weniger", "less"}))
	for i := range rows {
		if i > 0 {
			s.bridgeStep(b.say(wordLaterAnswer), rows[i].answers, &rows[i], rows[i].shown, true)
			s.bridgeStep(b.say(phrase{"Geänderte Checkliste", "Changed checklist"}), rows[i].rules, &rows[i], rows[i].shown, false)
		}
		s.bridgeScore(&rows[i])
	}
	last := s.next() - 1
	over := func(col string) string {
		return quoted(s.name) + "!" + at(col, first) + ":" + at(col, last)
	}
	name := func(col string) string { return quoted(s.name) + "!" + at(col, head) }
	bars := func(col, color string) excelize.ChartSeries {
		return excelize.ChartSeries{Name: name(col), Categories: over("A"), Values: over(col), Fill: solid(color)}
	}
	base := bars("D", "")
	base.Fill = excelize.Fill{Type: "pattern"}
	from, to := bridgeScale(rows)
	s.hide(head)
	c := b.chart(excelize.ColStacked, title, alt, uint(max(720, 116*(last-head))), bridgeHeight, base, bars("E", blue), bars("F", "6FA3DA"), bars("G", "E8B36B"))
	c.XAxis = excelize.ChartAxis{Font: chartFont(9, false)}
	c.YAxis = percentAxisOf(from, to)
	c.Legend.Position = "none" // every column is named, and the invisible one must not be
	c.GapWidth = ptr(uint(40))
	c.Overlap = ptr(100)
	s.draw(where, c)
}

// bridgeScale is the part of the axis in which a bridge changes something, in whole twentieths and at least a tenth: from 0 to
// 100 a change of a few tenths of a percentage point would be a hair.
func bridgeScale(rows []bridgeRow) (from, to float64) {
	low, high := 1000, 0
	see := func(tenths int) { low, high = min(low, tenths), max(high, tenths) }
	for i := range rows {
		if rows[i].percent != nil {
			see(wording.Tenths(*rows[i].percent))
		}
		if b := rows[i].shown; b != nil {
			see(b.Before + b.Answers)
		}
	}
	if low > high {
		return 0, 1
	}
	bottom, top := max((low-20)/50, 0), min((high+20+49)/50, 20)
	return float64(bottom) / 20, float64(max(top, bottom+2)) / 20
}

// bridgeScore is a column of its own: a score from 0.
func (s *sheet) bridgeScore(r *bridgeRow) {
	st := s.b.styles
	from := fmt.Sprintf("%s%d", r.score, r.row)
	label, v := clean(brief(r.name, 40))+"\n–", 0.0
	if r.percent != nil {
		v = *r.percent
		label = clean(brief(r.name, 40)) + "\n" + wording.Cell(s.b.lang).Percent(v)
	}
	name := fmt.Sprintf(`%s&CHAR(10)&IF(ISNUMBER(%[2]s),FIXED(100*%[2]s,1,TRUE)&" %%","–")`, literal(brief(r.name, 40)), from)
	s.add(formula(st.text, name, label), value(st.percent, 0), formula(st.percent, "N("+from+")", v), value(st.percent, 0), formula(st.percent, "N("+from+")", v), value(st.percent, 0), value(st.percent, 0))
}

// bridgeStep hangs between two scores: it begins where the row above ends. What leaves the axis is cut.
func (s *sheet) bridgeStep(name, col string, r *bridgeRow, b *shift.Bridge, first bool) {
	st := s.b.styles
	row, change := s.next(), fmt.Sprintf("%s%d", col, r.row)
	size, from := 0, 0
	label := name + "\n–"
	if b != nil {
		size, from = b.Rules, b.Before+b.Answers
		if first {
			size, from = b.Answers, b.Before
		}
		label = name + "\n" + wording.Cell(s.b.lang).Change(size)
	}
	to := from + size
	low, high := min(max(min(from, to), 0), 1000), min(max(max(from, to), 0), 1000)
	f := func(text string, args ...any) string { return fmt.Sprintf(text, args...) }
	above := f(`IF(ISNUMBER(%s),C%d,0)`, change, row-1)
	s.add(formula(st.text, f(`%[1]s&CHAR(10)&IF(ISNUMBER(%[2]s),IF(%[2]s>0,"+",IF(%[2]s<0,"-",""))&FIXED(ABS(%[2]s),1,TRUE),"–")`, literal(name), change), label),
		formula(st.percent, above, fraction(from)), formula(st.percent, f("ROUND(B%[1]d+N(%[2]s)/100,3)", row, change), fraction(to)),
		formula(st.percent, f("MIN(MAX(MIN(B%[1]d,C%[1]d),0),1)", row), fraction(low)), value(st.percent, 0),
		formula(st.percent, f("IF(C%[1]d>B%[1]d,ROUND(MIN(C%[1]d,1)-MAX(B%[1]d,0),3),0)", row), fraction(ternary(to > from, high-low, 0))),
		formula(st.percent, f("IF(C%[1]d<B%[1]d,ROUND(MIN(B%[1]d,1)-MAX(C%[1]d,0),3),0)", row), fraction(ternary(to < from, high-low, 0))))
}

// apart names a round that is not compared.
func (s *sheet) apart(title string, version checklist.Version) {
	s.add(value(s.b.styles.hint, s.b.say(phrase{"Nicht verglichen: {0} mit Version {1} der Checkliste. Verglichen wird nur von einer Version zur selben oder zu einer, die auf sie folgt.",
		"Not compared: {0} on version {1} of the checklist. Comparisons only lead from a version to the same one or to one that follows it."}, title, string(version))))
	s.merge(s.next()-1, 1, 7)
}

// trendNotes say what is compared and how.
func (s *sheet) trendNotes(more ...phrase) {
	b := s.b
	for _, n := range append([]phrase{
		{"Verglichen werden nur Fragen, die beide Versionen der Checkliste stellen. Die bisherigen Antworten werden dafür nach den neuen Regeln bewertet: mit den neuen Gewichten und Punkten.",
			"Only questions that both versions of the checklist ask are compared. For this the earlier answers are scored by the new rules: with the new weights and points."},
		{"„Neue Antworten“: dieselben Fragen, anders beantwortet. „Geänderte Checkliste“: andere Gewichte und Punkte, neue und entfallene Fragen. Beides zusammen ergibt genau die Veränderung der angezeigten Ergebnisse.",
			"“New answers”: the same questions, answered differently. “Changed checklist”: other weights and points, new and retired questions. Both together make exactly the change of the shown results."},
		{"Ergebnisse sind Prozent mit einer Nachkommastelle, abgeschnitten und nicht gerundet; Veränderungen sind Prozentpunkte. Ein Strich heißt: kein Ergebnis oder keine gemeinsame Frage.",
			"Results are per cent with one decimal, cut and not rounded; changes are percentage points. A dash means: no result or no common question."}}, more...) {
		s.add(value(b.styles.hint, b.say(n)))
		s.merge(s.next()-1, 1, 7)
	}
}
