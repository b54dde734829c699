package reports

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
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
func changes(s *book.Sheet, b *shift.Bridge, score string, before, row int) []any {
	st := s.B.Styles
	if b == nil {
		none := book.Value(st.Suppress, "–")
		return []any{none, none, none}
	}
	return []any{book.Formula(st.Change, fmt.Sprintf("ROUND(100*(%[1]s%[2]d-%[1]s%[3]d),1)", score, row, before),
		tenth(b.Total())), book.Value(st.Change, tenth(b.Answers)), book.Value(st.Change, tenth(b.Rules))}
}

// tenth is a number of tenths of a percentage point as it is shown.
func tenth(n int) float64 { return float64(n) / 10 }

// scoreCell is a score, or a dash where there is none.
func scoreCell(s *book.Sheet, v *float64) excelize.Cell {
	if v == nil {
		return book.Value(s.B.Styles.Suppress, "–")
	}
	return book.Value(s.B.Styles.Percent, book.Shown(*v))
}

// changeOf are the cells of a section on the common questions: before, after and their difference.
func changeOf(s *book.Sheet, before, after *float64, row int, from, to string) []any {
	change := book.Value(s.B.Styles.Suppress, "–")
	if before != nil && after != nil {
		change = book.Formula(s.B.Styles.Change, fmt.Sprintf("ROUND(100*(%s%d-%s%d),1)", to, row, from, row),
			tenth(wording.Tenths(*after)-wording.Tenths(*before)))
	}
	return []any{scoreCell(s, before), scoreCell(s, after), change}
}

// bridgeRows is how many rows a chart of a bridge covers, bridgeHeight its height in pixels.
const (
	bridgeRows   = 20
	bridgeHeight = 380
)

// drawBridge writes the numbers of a bridge as formulas over its table and draws them where
// rows were left free.
func drawBridge(s *book.Sheet, where, title, alt string, rows []bridgeRow) {
	b := s.B
	first := s.Next() + 1
	head := s.ColumnTitles(title+": "+b.Say(wording.Phrase{"Zahlen des Diagramms", "figures of the chart"}),
		b.Say(wording.Phrase{"von", "from"}), b.Say(wording.Phrase{"bis", "to"}),
		b.Say(wording.Phrase{"unsichtbar", "invisible"}), b.Say(book.WordTotal), b.Say(wording.Phrase{"mehr", "more"}),
		b.Say(wording.Phrase{"weniger", "less"}))
	for i := range rows {
		if i > 0 {
			bridgeStep(s, b.Say(book.WordLaterAnswer), rows[i].answers, &rows[i], rows[i].shown, true)
			bridgeStep(s, b.Say(wording.Phrase{"Geänderte Checkliste", "Changed checklist"}), rows[i].rules, &rows[i],
				rows[i].shown, false)
		}
		bridgeScore(s, &rows[i])
	}
	last := s.Next() - 1
	over := func(col string) string {
		return book.Quoted(s.Name) + "!" + book.At(col, first) + ":" + book.At(col, last)
	}
	name := func(col string) string { return book.Quoted(s.Name) + "!" + book.At(col, head) }
	bars := func(col, color string) excelize.ChartSeries {
		return excelize.ChartSeries{Name: name(col), Categories: over("A"), Values: over(col), Fill: book.Solid(color)}
	}
	base := bars("D", "")
	base.Fill = excelize.Fill{Type: "pattern"}
	from, to := bridgeScale(rows)
	s.Hide(head)
	c := b.Chart(excelize.ColStacked, title, alt, uint(max(720, 116*(last-head))), bridgeHeight, base,
		bars("E", book.Blue), bars("F", "6FA3DA"), bars("G", "E8B36B"))
	c.XAxis = excelize.ChartAxis{Font: book.ChartFont(9, false)}
	c.YAxis = book.PercentAxisOf(from, to)
	c.Legend.Position = "none" // every column is named, and the invisible one must not be
	c.GapWidth = book.Ptr(uint(40))
	c.Overlap = book.Ptr(100)
	s.Draw(where, c)
}

// bridgeScale is the part of the axis in which a bridge changes something, in whole twentieths and
// at least a tenth: from 0 to 100 a change of a few tenths of a percentage point would be a hair.
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
func bridgeScore(s *book.Sheet, r *bridgeRow) {
	st := s.B.Styles
	from := fmt.Sprintf("%s%d", r.score, r.row)
	label, v := book.Clean(book.Brief(r.name, 40))+"\n–", 0.0
	if r.percent != nil {
		v = *r.percent
		label = book.Clean(book.Brief(r.name, 40)) + "\n" + wording.Cell(s.B.Lang).Percent(v)
	}
	name := fmt.Sprintf(`%s&CHAR(10)&IF(ISNUMBER(%[2]s),FIXED(100*%[2]s,1,TRUE)&" %%","–")`,
		book.Literal(book.Brief(r.name, 40)), from)
	s.Add(book.Formula(st.Text, name, label), book.Value(st.Percent, 0), book.Formula(st.Percent, "N("+from+")", v),
		book.Value(st.Percent, 0), book.Formula(st.Percent, "N("+from+")", v), book.Value(st.Percent, 0),
		book.Value(st.Percent, 0))
}

// bridgeStep hangs between two scores: it begins where the row above ends. What leaves the axis is cut.
func bridgeStep(s *book.Sheet, name, col string, r *bridgeRow, b *shift.Bridge, first bool) {
	st := s.B.Styles
	row, change := s.Next(), fmt.Sprintf("%s%d", col, r.row)
	size, from := 0, 0
	label := name + "\n–"
	if b != nil {
		size, from = b.Rules, b.Before+b.Answers
		if first {
			size, from = b.Answers, b.Before
		}
		label = name + "\n" + wording.Cell(s.B.Lang).Change(size)
	}
	to := from + size
	low, high := min(max(min(from, to), 0), 1000), min(max(max(from, to), 0), 1000)
	f := func(text string, args ...any) string { return fmt.Sprintf(text, args...) }
	above := f(`IF(ISNUMBER(%s),C%d,0)`, change, row-1)
	s.Add(book.Formula(st.Text, f(
		`%[1]s&CHAR(10)&IF(ISNUMBER(%[2]s),IF(%[2]s>0,"+",IF(%[2]s<0,"-",""))&FIXED(ABS(%[2]s),1,TRUE),"–")`,
		book.Literal(name), change), label),
		book.Formula(st.Percent, above, book.Fraction(from)),
		book.Formula(st.Percent, f("ROUND(B%[1]d+N(%[2]s)/100,3)", row, change), book.Fraction(to)),
		book.Formula(st.Percent, f("MIN(MAX(MIN(B%[1]d,C%[1]d),0),1)", row), book.Fraction(low)),
		book.Value(st.Percent, 0),
		book.Formula(st.Percent, f("IF(C%[1]d>B%[1]d,ROUND(MIN(C%[1]d,1)-MAX(B%[1]d,0),3),0)", row),
			book.Fraction(book.Ternary(to > from, high-low, 0))),
		book.Formula(st.Percent, f("IF(C%[1]d<B%[1]d,ROUND(MIN(B%[1]d,1)-MAX(C%[1]d,0),3),0)", row),
			book.Fraction(book.Ternary(to < from, high-low, 0))))
}

// apart names a round that is not compared.
func apart(s *book.Sheet, title string, version checklist.Version) {
	s.Add(book.Value(s.B.Styles.Hint,
		s.B.Say(
			wording.Phrase{"Nicht verglichen: {0} mit Version {1} der Checkliste. Verglichen wird nur von einer " +
				"Version zur selben oder zu einer, die auf sie folgt.",
				"Not compared: {0} on version {1} of the checklist. Comparisons only lead from a version to the same " +
					"one or to one that follows it."}, title, string(version))))
	s.Merge(s.Next()-1, 1, 7)
}

// trendNotes say what is compared and how.
func trendNotes(s *book.Sheet, more ...wording.Phrase) {
	b := s.B
	for _, n := range append([]wording.Phrase{
		{"Verglichen werden nur Fragen, die beide Versionen der Checkliste stellen. Die bisherigen Antworten werden " +
			"dafür nach den neuen Regeln bewertet: mit den neuen Gewichten und Punkten.",
			"Only questions that both versions of the checklist ask are compared. For this the earlier answers are " +
				"scored by the new rules: with the new weights and points."},
		{"„Neue Antworten“: dieselben Fragen, anders beantwortet. „Geänderte Checkliste“: andere Gewichte und " +
			"Punkte, neue und entfallene Fragen. Beides zusammen ergibt genau die Veränderung der angezeigten " +
			"Ergebnisse.",
			"“New answers”: the same questions, answered differently. “Changed checklist”: other weights and points, " +
				"new and retired questions. Both together make exactly the change of the shown results."},
		{"Ergebnisse sind Prozent mit einer Nachkommastelle, abgeschnitten und nicht gerundet; Veränderungen sind " +
			"Prozentpunkte. Ein Strich heißt: kein Ergebnis oder keine gemeinsame Frage.",
			"Results are per cent with one decimal, cut and not rounded; changes are percentage points. A dash " +
				"means: no result or no common question."}}, more...) {
		s.Add(book.Value(b.Styles.Hint, b.Say(n)))
		s.Merge(s.Next()-1, 1, 7)
	}
}
