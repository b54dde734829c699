package workbook

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

// resultHead is the header row of the sections in the result.
const resultHead = 12

// writeResult shows what the steps compute. Every figure is a formula, so that the sheet never
// contradicts itself after an answer was changed.
func (p *plan) writeResult(s *sheet) {
	b, st := s.b, s.b.styles
	s.addHigh(26, value(st.title, b.say(sheetResult)))
	s.add(value(st.lead, p.Town.Name+" · "+p.View.Head.RoundTitle+" · "+b.say(wordAsOf)+" "+wording.Cell(p.Lang).ShortTime(p.AsOf)))
	s.skip(1)
	p.writeSummary(s)
	for s.next() < resultHead {
		s.addHigh(28)
	}
	p.writeSections(s)
	s.skip(1)
	s.skip(1)
	profile := s.next()
	p.writeKnockouts(s)
	if s.fits() {
		s.onePage()
	} else {
		s.pageBreak(profile)
	}
	p.drawResult(s)
	p.drawProfile(s, profile)
}

func (p *plan) writeSummary(s *sheet) {
	b, st, r := s.b, s.b.styles, p.View.Result
	percent := func(flag, x string) string { return fmt.Sprintf(`IF(%s=1,%s,"–")`, flag, cut(x)) }
	defined := p.stepped("C", p.total)
	none := any("–")
	low, high, level := none, none, none
	if r.Score != nil {
		low, high = shown(*r.Low), shown(*r.High)
		if l, _, ok := p.View.Definition.Level(r.Level); ok {
			level = clean(l.Label.In(p.Lang))
		}
	}
	n := s.addHigh(38, value(st.label, b.say(wordTotal)), formula(st.big, percent(defined, p.stepped("H", p.total)), low))
	s.merge(n, 2, 3)
	b.keep(b.f.SetDefinedName(definedName("total_shown", quoted(s.name)+"!"+at("B", n))))
	if c := p.levelCell(); c != "" {
		n = s.addHigh(38, value(st.label, b.say(wordLevel)), formula(st.big, fmt.Sprintf(`IF(%s=1,%s,"–")`, defined, c), level))
		s.merge(n, 2, 3)
		b.keep(b.f.SetDefinedName(definedName("level", quoted(s.name)+"!"+at("B", n))))
	}
	s.addHigh(28, value(st.label, b.say(phrase{"Spanne: offene Fragen zählen nichts …", "Range: open questions count nothing …"})), formula(st.percent, percent(defined, p.stepped("H", p.total)), low))
	s.addHigh(28, value(st.label, b.say(phrase{"… oder offene Fragen zählen voll", "… or open questions count in full"})), formula(st.percent, percent(defined, p.stepped("I", p.total)), high))
	active := fmt.Sprintf(`(COUNTIF(%[1]s,0)+COUNTIF(%[1]s,1)+COUNTIF(%[1]s,2)+COUNTIF(%[1]s,4))`, p.states(0, len(p.sections)-1))
	done := fmt.Sprintf(`(COUNTIF(%[1]s,1)+COUNTIF(%[1]s,2))`, p.states(0, len(p.sections)-1))
	complete := shown(r.Completeness)
	s.addHigh(28, value(st.label, b.say(phrase{"Bearbeitet (Anteil der zutreffenden Fragen)", "Done (share of the questions that arise)"})),
		formula(st.percent, fmt.Sprintf("IF(%[1]s=0,1,%[2]s)", active, cut("("+done+"/"+active+")")), complete))
	s.addHigh(28, value(st.label, b.say(phrase{"„Trifft nicht zu“ (Anteil des Gewichts)", "“Not applicable” (share of the weight)"})),
		formula(st.percent, cut(p.stepped("N", p.total)), shown(r.NotApplicableShare)))
	open := fmt.Sprintf(`(COUNTIF(%[1]s,0)+COUNTIF(%[1]s,4))`, p.states(0, len(p.sections)-1))
	hint := phrase{"Vorläufig: offene Fragen: ", "Provisional: open questions: "}
	cached := any(nil)
	if r.Counts.Open > 0 {
		cached = fmt.Sprintf("%s%d", b.say(hint), r.Counts.Open)
	}
	n = s.addHigh(28, formula(st.warn, fmt.Sprintf(`IF(%[1]s>0,%[2]s&%[1]s,"")`, open, literal(b.say(hint))), cached))
	s.merge(n, 1, 3)
}

// states is the range of the states of some sections' questions.
func (p *plan) states(from, to int) string {
	return p.of(sheetSteps) + at("D", p.sections[from].first) + ":" + at("D", p.sections[to].last)
}

func (p *plan) writeSections(s *sheet) {
	b, st, r := s.b, s.b.styles, p.View.Result
	s.columnTitles(b.say(wordSection), b.say(wordWeight), b.say(phrase{"Punktzahl", "Score"}), b.say(phrase{"Höchstens möglich", "At most possible"}),
		b.say(phrase{"Beitrag zur Punktzahl gesamt", "Part of the total"}), b.say(phrase{"Median aller Kommunen", "Median of all towns"}),
		capital(b.say(statePhrases[score.Answered])), capital(b.say(statePhrases[score.Open])), capital(b.say(wordNA)), capital(b.say(statePhrases[score.Inactive])))
	derivation := r.Derive()
	for i := range p.sections {
		t := &p.sections[i]
		flag := p.stepped("C", t.step)
		own, top := any("–"), any("–")
		if t.result.Score != nil {
			own, top = shown(*t.result.Score), shown(*t.result.High)
		}
		cells := []any{value(st.text, itoa(i+1)+" "+t.s.Title.In(p.Lang)), value(st.decimal, t.s.Weight),
			formula(st.percent, fmt.Sprintf(`IF(%s=1,%s,"–")`, flag, cut(p.stepped("H", t.step))), own),
			formula(st.percent, fmt.Sprintf(`IF(%s=1,%s,"–")`, flag, cut(p.stepped("I", t.step))), top),
			formula(st.percent, p.stepped("Q", t.step), fraction(derivation.Sections[i].Part)),
			p.medianCell(s, bench.SectionNode(t.s.ID))}
		s.add(append(cells, p.counts(s, i, i, t.result.Counts, st.whole)...)...)
	}
	first, last := p.sections[0].row, p.sections[len(p.sections)-1].row
	total := any("–")
	high := any("–")
	if r.Score != nil {
		total, high = shown(*r.Score), shown(*r.High)
	}
	weights := 0.0
	for i := range p.sections {
		weights += p.sections[i].s.Weight
	}
	flag := p.stepped("C", p.total)
	cells := []any{value(st.group, b.say(wordTotal)), formula(st.groupNumber, fmt.Sprintf("SUM(B%d:B%d)", first, last), weights),
		formula(st.percentBold, fmt.Sprintf(`IF(%s=1,%s,"–")`, flag, cut(p.stepped("H", p.total))), total),
		formula(st.percentBold, fmt.Sprintf(`IF(%s=1,%s,"–")`, flag, cut(p.stepped("I", p.total))), high),
		formula(st.percentBold, fmt.Sprintf("SUM(E%d:E%d)", first, last), fraction(derivation.Total)),
		p.medianCell(s, bench.Total)}
	s.add(append(cells, p.counts(s, 0, len(p.sections)-1, r.Counts, st.groupNumber)...)...)
	s.add(value(st.hint, b.say(phrase{"Prozentwerte mit einer Nachkommastelle, abgeschnitten und nicht gerundet.", "Per cent with one decimal, cut and not rounded."})))
	s.merge(s.next()-1, 1, 6)
}

// counts are the cells that say how many questions are answered, open, not applicable, inactive.
func (p *plan) counts(s *sheet, from, to int, c score.Counts, style int) []any {
	states := p.states(from, to)
	return []any{
		formula(style, fmt.Sprintf("COUNTIF(%s,1)", states), c.Answered),
		formula(style, fmt.Sprintf("COUNTIF(%[1]s,0)+COUNTIF(%[1]s,4)", states), c.Open),
		formula(style, fmt.Sprintf("COUNTIF(%s,2)", states), c.NotApplicable),
		formula(style, fmt.Sprintf("COUNTIF(%s,3)", states), c.Inactive),
	}
}

// writeKnockouts lists the questions that can hold the level down.
func (p *plan) writeKnockouts(s *sheet) {
	b, st, d := s.b, s.b.styles, p.View.Definition
	var list []*asked
	for i := range p.asked {
		if p.asked[i].q.Knockout != nil && p.asked[i].q.Scored() {
			list = append(list, &p.asked[i])
		}
	}
	if len(list) == 0 || len(d.Levels) == 0 {
		return
	}
	s.columnTitles(b.say(phrase{"Mindestanforderung für höhere Stufen", "Minimum for higher levels"}), b.say(wordNumber), b.say(phrase{"Verlangt (Punkte)", "Required (points)"}),
		b.say(phrase{"Erreicht (Punkte)", "Reached (points)"}), b.say(phrase{"Wirkung auf die Stufe", "Effect on the level"}), "")
	s.merge(s.next()-1, 5, 6)
	for _, a := range list {
		l, _, _ := d.Level(a.q.Knockout.CapsAt)
		effect := b.say(phrase{"höchstens „{0}“", "at most “{0}”"}, l.Label.In(p.Lang))
		reached, cached := any(nil), any(b.say(phrase{"keine", "none"}))
		if a.result.Points != nil && a.result.State == score.Answered {
			reached = 100 * *a.result.Points
		}
		for _, c := range p.View.Result.Caps {
			if c.Question == a.q.ID {
				cached = effect
			}
		}
		n := s.add(value(st.text, a.q.Text.In(p.Lang)), value(st.text, a.number), value(st.points, a.q.Knockout.Below),
			formula(st.points, fmt.Sprintf(`IF(%s=1,100*%s,"")`, p.stepped("D", a.step), p.stepped("F", a.step)), reached),
			formula(st.text, fmt.Sprintf("IF(%s<%d,%s,%s)", p.stepped("O", a.step), len(d.Levels), literal(effect), literal(b.say(phrase{"keine", "none"}))), cached),
			value(st.text, nil))
		s.merge(n, 5, 6)
	}
}

// drawResult draws the sections beside the summary: own bars over the middle half of all towns.
func (p *plan) drawResult(s *sheet) {
	b := s.b
	first, last := p.sections[0].step, p.sections[len(p.sections)-1].step
	over := func(col string) string { return p.of(sheetSteps) + at(col, first) + ":" + at(col, last) }
	named := func(col string) string { return p.of(sheetSteps) + at(col, first-1) }
	alt := b.say(phrase{"{0}: {1} Abschnitte von 0 bis 100 Prozent. Die Zahlen stehen in der Tabelle darunter.", "{0}: {1} sections from 0 to 100 per cent. The figures stand in the table below."},
		p.Town.Name, fmt.Sprint(len(p.sections)))
	own := excelize.ChartSeries{Name: named("S"), Categories: over("U"), Values: over("S"), Fill: solid(blue)}
	bars := b.chart(excelize.Col, b.say(phrase{"Punktzahl je Abschnitt (in Prozent)", "Score by section (per cent)"}), alt, 640, resultChart, own)
	bars.XAxis, bars.YAxis = excelize.ChartAxis{Font: chartFont(10, false)}, percentAxis()
	bars.GapWidth = ptr(uint(80))
	middle := b.outline(named("T"), over("U"), over("T"), amber, "diamond", excelize.LineDashDash)
	half := b.chart(excelize.AreaStacked, b.say(phrase{"Punktzahl je Abschnitt (in Prozent)", "Score by section (per cent)"}), alt, 640, resultChart,
		excelize.ChartSeries{Name: named("V"), Categories: over("U"), Values: over("V"), Fill: excelize.Fill{Type: "pattern"}},
		excelize.ChartSeries{Name: named("W"), Categories: over("U"), Values: over("W"), Fill: solid("D5DBE4")})
	half.XAxis, half.YAxis = bars.XAxis, bars.YAxis
	var lines []excelize.ChartSeries
	if p.Release != nil {
		lines = append(lines, middle)
	}
	for i := range p.limits() {
		col := column(firstLimit + i)
		limit := b.outline(named(col), over("U"), over(col), peers, "none", excelize.LineDashDash)
		limit.Line = line(quiet, 1, excelize.LineDashDash)
		lines = append(lines, limit)
	}
	var layers []*excelize.Chart
	if p.Release != nil {
		layers = append(layers, half)
	}
	layers = append(layers, bars)
	if len(lines) > 0 {
		c := b.chart(excelize.Line, "", alt, 640, resultChart, lines...)
		c.XAxis, c.YAxis = bars.XAxis, bars.YAxis
		layers = append(layers, c)
	}
	s.draw(cell(4, 3), layers[0], layers[1:]...)
	if p.Release != nil {
		b.leaveOut()
	}
}

// resultChart is the height of the chart beside the summary, in pixels.
const resultChart = 330

// drawProfile draws the sections as a net beside the minimum requirements.
func (p *plan) drawProfile(s *sheet, row int) {
	if len(p.sections) < 3 {
		return
	}
	b := s.b
	first, last := p.sections[0].step, p.sections[len(p.sections)-1].step
	column := func(col string) string { return p.of(sheetSteps) + at(col, first) + ":" + at(col, last) }
	named := func(col string) string { return p.of(sheetSteps) + at(col, first-1) }
	lines := []excelize.ChartSeries{b.outline(named("S"), column("U"), column("S"), blue, "circle", excelize.LineDashSolid)}
	if p.Release != nil {
		lines = append(lines, b.outline(named("T"), column("U"), column("T"), amber, "diamond", excelize.LineDashDash))
	}
	alt := b.say(phrase{"{0}: {1} Abschnitte von 0 bis 100 Prozent. Die Zahlen stehen in der Tabelle darüber.", "{0}: {1} sections from 0 to 100 per cent. The figures stand in the table above."},
		p.Town.Name, fmt.Sprint(len(p.sections)))
	s.draw(cell(7, row), b.chart(excelize.Radar, b.say(phrase{"Profil der Abschnitte", "Profile of the sections"}), alt, 340, 320, lines...))
}
