package reports

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// resultHead is the header row of the sections in the result.
const resultHead = 12

// writeResult shows what the steps compute. Every figure is a formula, so that the sheet never
// contradicts itself after an answer was changed.
func (p *plan) writeResult(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.AddHigh(26, book.Value(st.Title, b.Say(book.SheetResult)))
	s.Add(book.Value(st.Lead, p.Town.Name+" · "+p.View.Head.RoundTitle+" · "+b.Say(book.WordAsOf)+" "+
		wording.Cell(p.Lang).ShortTime(p.AsOf)))
	s.Skip(1)
	p.writeSummary(s)
	for s.Next() < resultHead {
		s.AddHigh(28)
	}
	p.writeSections(s)
	s.Skip(1)
	s.Skip(1)
	profile := s.Next()
	p.writeKnockouts(s)
	if s.Fits() {
		s.OnePage()
	} else {
		s.PageBreak(profile)
	}
	p.drawResult(s)
	p.drawProfile(s, profile)
}

func (p *plan) writeSummary(s *book.Sheet) {
	b, st, r := s.B, s.B.Styles, p.View.Result
	percent := func(flag, x string) string { return fmt.Sprintf(`IF(%s=1,%s,"–")`, flag, cut(x)) }
	defined := p.stepped("C", p.total)
	none := any("–")
	low, high, level := none, none, none
	if r.Score != nil {
		low, high = book.Shown(*r.Low), book.Shown(*r.High)
		if l, _, ok := p.View.Definition.Level(r.Level); ok {
			level = book.Clean(l.Label.In(p.Lang))
		}
	}
	n := s.AddHigh(38, book.Value(st.Label, b.Say(book.WordTotal)),
		book.Formula(st.Big, percent(defined, p.stepped("H", p.total)), low))
	s.Merge(n, 2, 3)
	b.Keep(b.F.SetDefinedName(book.DefinedName("total_shown", book.Quoted(s.Name)+"!"+book.At("B", n))))
	if c := p.levelCell(); c != "" {
		n = s.AddHigh(38, book.Value(st.Label, b.Say(book.WordLevel)),
			book.Formula(st.Big, fmt.Sprintf(`IF(%s=1,%s,"–")`, defined, c), level))
		s.Merge(n, 2, 3)
		b.Keep(b.F.SetDefinedName(book.DefinedName("level", book.Quoted(s.Name)+"!"+book.At("B", n))))
	}
	s.AddHigh(28, book.Value(st.Label,
		b.Say(wording.Phrase{"Spanne: offene Fragen zählen nichts …", "Range: open questions count nothing …"})),
		book.Formula(st.Percent, percent(defined, p.stepped("H", p.total)), low))
	s.AddHigh(28, book.Value(st.Label,
		b.Say(wording.Phrase{"… oder offene Fragen zählen voll", "… or open questions count in full"})),
		book.Formula(st.Percent, percent(defined, p.stepped("I", p.total)), high))
	active := fmt.Sprintf(`(COUNTIF(%[1]s,0)+COUNTIF(%[1]s,1)+COUNTIF(%[1]s,2)+COUNTIF(%[1]s,4))`,
		p.states(0, len(p.sections)-1))
	done := fmt.Sprintf(`(COUNTIF(%[1]s,1)+COUNTIF(%[1]s,2))`, p.states(0, len(p.sections)-1))
	complete := book.Shown(r.Completeness)
	s.AddHigh(28, book.Value(st.Label,
		b.Say(wording.Phrase{"Bearbeitet (Anteil der zutreffenden Fragen)",
			"Done (share of the questions that arise)"})),
		book.Formula(st.Percent, fmt.Sprintf("IF(%[1]s=0,1,%[2]s)", active, cut("("+done+"/"+active+")")), complete))
	s.AddHigh(28, book.Value(st.Label,
		b.Say(wording.Phrase{"„Trifft nicht zu“ (Anteil des Gewichts)", "“Not applicable” (share of the weight)"})),
		book.Formula(st.Percent, cut(p.stepped("N", p.total)), book.Shown(r.NotApplicableShare)))
	open := fmt.Sprintf(`(COUNTIF(%[1]s,0)+COUNTIF(%[1]s,4))`, p.states(0, len(p.sections)-1))
	hint := wording.Phrase{"Vorläufig: offene Fragen: ", "Provisional: open questions: "}
	cached := any(nil)
	if r.Counts.Open > 0 {
		cached = fmt.Sprintf("%s%d", b.Say(hint), r.Counts.Open)
	}
	n = s.AddHigh(28, book.Formula(st.Warn, fmt.Sprintf(`IF(%[1]s>0,%[2]s&%[1]s,"")`, open, book.Literal(b.Say(hint))),
		cached))
	s.Merge(n, 1, 3)
}

// states is the range of the states of some sections' questions.
func (p *plan) states(from, to int) string {
	return p.of(book.SheetSteps) + book.At("D", p.sections[from].first) + ":" + book.At("D", p.sections[to].last)
}

func (p *plan) writeSections(s *book.Sheet) {
	b, st, r := s.B, s.B.Styles, p.View.Result
	s.ColumnTitles(b.Say(book.WordSection), b.Say(book.WordWeight), b.Say(wording.Phrase{"Punktzahl", "Score"}),
		b.Say(wording.Phrase{"Höchstens möglich", "At most possible"}),
		b.Say(wording.Phrase{"Beitrag zur Punktzahl gesamt", "Part of the total"}),
		b.Say(wording.Phrase{"Median aller Kommunen", "Median of all towns"}),
		book.Capital(b.Say(book.StatePhrases[score.Answered])), book.Capital(b.Say(book.StatePhrases[score.Open])),
		book.Capital(b.Say(book.WordNA)), book.Capital(b.Say(book.StatePhrases[score.Inactive])))
	derivation := r.Derive()
	for i := range p.sections {
		t := &p.sections[i]
		flag := p.stepped("C", t.step)
		own, top := any("–"), any("–")
		if t.result.Score != nil {
			own, top = book.Shown(*t.result.Score), book.Shown(*t.result.High)
		}
		cells := []any{book.Value(st.Text, book.Itoa(i+1)+" "+t.s.Title.In(p.Lang)), book.Value(st.Decimal, t.s.Weight),
			book.Formula(st.Percent, fmt.Sprintf(`IF(%s=1,%s,"–")`, flag, cut(p.stepped("H", t.step))), own),
			book.Formula(st.Percent, fmt.Sprintf(`IF(%s=1,%s,"–")`, flag, cut(p.stepped("I", t.step))), top),
			book.Formula(st.Percent, p.stepped("Q", t.step), book.Fraction(derivation.Sections[i].Part)),
			p.medianCell(s, bench.SectionNode(t.s.ID))}
		s.Add(append(cells, p.counts(s, i, i, t.result.Counts, st.Whole)...)...)
	}
	first, last := p.sections[0].row, p.sections[len(p.sections)-1].row
	total := any("–")
	high := any("–")
	if r.Score != nil {
		total, high = book.Shown(*r.Score), book.Shown(*r.High)
	}
	weights := 0.0
	for i := range p.sections {
		weights += p.sections[i].s.Weight
	}
	flag := p.stepped("C", p.total)
	cells := []any{book.Value(st.Group, b.Say(book.WordTotal)),
		book.Formula(st.GroupNumber, fmt.Sprintf("SUM(B%d:B%d)", first, last), weights),
		book.Formula(st.PercentBold, fmt.Sprintf(`IF(%s=1,%s,"–")`, flag, cut(p.stepped("H", p.total))), total),
		book.Formula(st.PercentBold, fmt.Sprintf(`IF(%s=1,%s,"–")`, flag, cut(p.stepped("I", p.total))), high),
		book.Formula(st.PercentBold, fmt.Sprintf("SUM(E%d:E%d)", first, last), book.Fraction(derivation.Total)),
		p.medianCell(s, bench.Total)}
	s.Add(append(cells, p.counts(s, 0, len(p.sections)-1, r.Counts, st.GroupNumber)...)...)
	s.Add(book.Value(st.Hint, b.Say(wording.Phrase{
		"Prozentwerte mit einer Nachkommastelle, abgeschnitten und nicht gerundet.",
		"Per cent with one decimal, cut and not rounded.",
	})))
	s.Merge(s.Next()-1, 1, 6)
}

// counts are the cells that say how many questions are answered, open, not applicable, inactive.
func (p *plan) counts(s *book.Sheet, from, to int, c score.Counts, style int) []any {
	states := p.states(from, to)
	return []any{
		book.Formula(style, fmt.Sprintf("COUNTIF(%s,1)", states), c.Answered),
		book.Formula(style, fmt.Sprintf("COUNTIF(%[1]s,0)+COUNTIF(%[1]s,4)", states), c.Open),
		book.Formula(style, fmt.Sprintf("COUNTIF(%s,2)", states), c.NotApplicable),
		book.Formula(style, fmt.Sprintf("COUNTIF(%s,3)", states), c.Inactive),
	}
}

// writeKnockouts lists the questions that can hold the level down.
func (p *plan) writeKnockouts(s *book.Sheet) {
	b, st, d := s.B, s.B.Styles, p.View.Definition
	var list []*asked
	for i := range p.asked {
		if p.asked[i].q.Knockout != nil && p.asked[i].q.Scored() {
			list = append(list, &p.asked[i])
		}
	}
	if len(list) == 0 || len(d.Levels) == 0 {
		return
	}
	s.ColumnTitles(b.Say(wording.Phrase{"Mindestanforderung für höhere Stufen", "Minimum for higher levels"}),
		b.Say(book.WordNumber), b.Say(wording.Phrase{"Verlangt (Punkte)", "Required (points)"}),
		b.Say(wording.Phrase{"Erreicht (Punkte)", "Reached (points)"}),
		b.Say(wording.Phrase{"Wirkung auf die Stufe", "Effect on the level"}), "")
	s.Merge(s.Next()-1, 5, 6)
	for _, a := range list {
		l, _, _ := d.Level(a.q.Knockout.CapsAt)
		effect := b.Say(wording.Phrase{"höchstens „{0}“", "at most “{0}”"}, l.Label.In(p.Lang))
		reached, cached := any(nil), any(b.Say(wording.Phrase{"keine", "none"}))
		if a.result.Points != nil && a.result.State == score.Answered {
			reached = 100 * *a.result.Points
		}
		for _, c := range p.View.Result.Caps {
			if c.Question == a.q.ID {
				cached = effect
			}
		}
		n := s.Add(book.Value(st.Text, a.q.Text.In(p.Lang)), book.Value(st.Text, a.number),
			book.Value(st.Points, a.q.Knockout.Below),
			book.Formula(st.Points, fmt.Sprintf(`IF(%s=1,100*%s,"")`, p.stepped("D", a.step), p.stepped("F", a.step)),
				reached),
			book.Formula(st.Text, fmt.Sprintf("IF(%s<%d,%s,%s)", p.stepped("O", a.step), len(d.Levels),
				book.Literal(effect), book.Literal(b.Say(wording.Phrase{"keine", "none"}))), cached),
			book.Value(st.Text, nil))
		s.Merge(n, 5, 6)
	}
}

// drawResult draws the sections beside the summary: own bars over the middle half of all towns.
func (p *plan) drawResult(s *book.Sheet) {
	b := s.B
	first, last := p.sections[0].step, p.sections[len(p.sections)-1].step
	over := func(col string) string { return p.of(book.SheetSteps) + book.At(col, first) + ":" + book.At(col, last) }
	named := func(col string) string { return p.of(book.SheetSteps) + book.At(col, first-1) }
	alt := b.Say(wording.Phrase{
		"{0}: {1} Abschnitte von 0 bis 100 Prozent. Die Zahlen stehen in der Tabelle darunter.",
		"{0}: {1} sections from 0 to 100 per cent. The figures stand in the table below.",
	},
		p.Town.Name, fmt.Sprint(len(p.sections)))
	own := excelize.ChartSeries{Name: named("S"), Categories: over("U"), Values: over("S"), Fill: book.Solid(book.Blue)}
	bars := b.Chart(excelize.Col, b.Say(wording.Phrase{"Punktzahl je Abschnitt (in Prozent)",
		"Score by section (per cent)"}), alt, 640, resultChart, own)
	bars.XAxis, bars.YAxis = excelize.ChartAxis{Font: book.ChartFont(10, false)}, book.PercentAxis()
	bars.GapWidth = book.Ptr(uint(80))
	middle := b.Outline(named("T"), over("U"), over("T"), book.Amber, "diamond", excelize.LineDashDash)
	half := b.Chart(excelize.AreaStacked,
		b.Say(wording.Phrase{"Punktzahl je Abschnitt (in Prozent)", "Score by section (per cent)"}), alt, 640,
		resultChart,
		excelize.ChartSeries{Name: named("V"), Categories: over("U"), Values: over("V"),
			Fill: excelize.Fill{Type: "pattern"}},
		excelize.ChartSeries{Name: named("W"), Categories: over("U"), Values: over("W"), Fill: book.Solid("D5DBE4")})
	half.XAxis, half.YAxis = bars.XAxis, bars.YAxis
	var lines []excelize.ChartSeries
	if p.Release != nil {
		lines = append(lines, middle)
	}
	for i := range p.limits() {
		col := book.Column(firstLimit + i)
		limit := b.Outline(named(col), over("U"), over(col), book.Peers, "none", excelize.LineDashDash)
		limit.Line = book.Line(book.Quiet, 1, excelize.LineDashDash)
		lines = append(lines, limit)
	}
	var layers []*excelize.Chart
	if p.Release != nil {
		layers = append(layers, half)
	}
	layers = append(layers, bars)
	if len(lines) > 0 {
		c := b.Chart(excelize.Line, "", alt, 640, resultChart, lines...)
		c.XAxis, c.YAxis = bars.XAxis, bars.YAxis
		layers = append(layers, c)
	}
	s.Draw(book.Cell(4, 3), layers[0], layers[1:]...)
	if p.Release != nil {
		b.LeaveOut()
	}
}

// resultChart is the height of the chart beside the summary, in pixels.
const resultChart = 330

// drawProfile draws the sections as a net beside the minimum requirements.
func (p *plan) drawProfile(s *book.Sheet, row int) {
	if len(p.sections) < 3 {
		return
	}
	b := s.B
	first, last := p.sections[0].step, p.sections[len(p.sections)-1].step
	column := func(col string) string { return p.of(book.SheetSteps) + book.At(col, first) + ":" + book.At(col, last) }
	named := func(col string) string { return p.of(book.SheetSteps) + book.At(col, first-1) }
	lines := []excelize.ChartSeries{b.Outline(named("S"), column("U"), column("S"), book.Blue, "circle",
		excelize.LineDashSolid)}
	if p.Release != nil {
		lines = append(lines, b.Outline(named("T"), column("U"), column("T"), book.Amber, "diamond",
			excelize.LineDashDash))
	}
	alt := b.Say(wording.Phrase{"{0}: {1} Abschnitte von 0 bis 100 Prozent. Die Zahlen stehen in der Tabelle darüber.",
		"{0}: {1} sections from 0 to 100 per cent. The figures stand in the table above."},
		p.Town.Name, fmt.Sprint(len(p.sections)))
	s.Draw(book.Cell(7, row), b.Chart(excelize.Radar,
		b.Say(wording.Phrase{"Profil der Abschnitte", "Profile of the sections"}), alt, 340, 320, lines...))
}
