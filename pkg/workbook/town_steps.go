package workbook

import (
	"fmt"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

var stepWidths = []float64{30, 34, 8, 8, 9, 20, 9, 9, 12, 20, 20, 20, 20, 12, 10, 12, 12, 40, 12, 12, 8, 12, 12}

// writeSteps writes the whole calculation, one question per row, then sections, total and
// levels, in the order in which score adds up.
func (p *plan) writeSteps(s *sheet) {
	s.head(1, "id", "question", "active", "state", "position", "points", "weight", "counts", "w", "w*p", "w*p high", "share", "gain", "w n/a", "level cap")
	for i := range p.asked {
		p.writeStep(s, &p.asked[i])
	}
	s.skip(1)
	s.columnTitles("id", "section", "defined", "weight", "sum w", "sum w*p", "high", "score", "score high", "W", "W*s", "W*high", "exact part",
		"sum w n/a", "W applies", "W*n/a", "part", "chart label",
		s.b.say(phrase{"Ihre Kommune", "Your town"}), s.b.say(phrase{"Median aller Kommunen", "Median of all towns"}), "number", "\u00a0",
		s.b.say(phrase{"mittlere Hälfte aller Kommunen", "middle half of all towns"}))
	for i, l := range p.limits() {
		s.more(firstLimit+i, value(s.b.styles.head, p.levelFrom(l)))
	}
	derivation := p.View.Result.Derive()
	for i := range p.sections {
		p.writeTally(s, i, derivation.Sections[i].Part)
	}
	p.writeTotal(s)
	p.writeLevels(s)
	p.writeBar(s)
	for name, ref := range map[string]string{"total_exact": p.stepped("H", p.total), "total_high": p.stepped("I", p.total)} {
		s.b.keep(s.b.f.SetDefinedName(definedName(name, ref)))
	}
}

func (p *plan) writeStep(s *sheet, a *asked) {
	st, n, r := s.b.styles, a.step, a.result
	cells := []any{value(st.text, string(a.q.ID)), value(st.text, a.number), value(st.text, 1)}
	if f := p.activeFormula(a); f != "" {
		cells[2] = formula(st.text, f, ternary(r.State == score.Inactive, 0, 1))
	}
	cells = append(cells, formula(st.text, p.stateFormula(a), int(r.State)))
	position := p.position(a)
	if f := p.positionFormula(a); f != "" {
		cells = append(cells, formula(st.text, f, position))
	} else {
		cells = append(cells, nil)
	}
	if !a.q.Scored() {
		for _, v := range []float64{0, a.q.Weight, 0, 0, 0, 0, 0, 0, 0} {
			cells = append(cells, value(st.text, v))
		}
		s.add(cells...)
		return
	}
	points, gain, counts := 0.0, 0.0, 0
	if r.Points != nil {
		points, gain, counts = *r.Points, r.Share*(1-*r.Points), 1
	}
	w := a.q.Weight * float64(counts)
	high := w * points
	if r.State == score.Open {
		high = w
	}
	t := &p.sections[a.section]
	cells = append(cells,
		formula(st.text, p.pointsFormula(a), points),
		value(st.text, a.q.Weight),
		formula(st.text, fmt.Sprintf("IF(OR($D%[1]d=0,$D%[1]d=1,$D%[1]d=4),1,0)", n), counts),
		formula(st.text, fmt.Sprintf("H%[1]d*G%[1]d", n), w),
		formula(st.text, fmt.Sprintf("I%[1]d*F%[1]d", n), w*points),
		formula(st.text, fmt.Sprintf("IF($D%[1]d=1,J%[1]d,I%[1]d)", n), high),
		formula(st.text, fmt.Sprintf("IF(H%[1]d=1,G%[1]d/E%[2]d*(J%[2]d/J%[3]d),0)", n, t.step, p.total), r.Share),
		formula(st.text, fmt.Sprintf("L%[1]d*(1-F%[1]d)", n), gain),
		formula(st.text, fmt.Sprintf("IF($D%[1]d=2,G%[1]d,0)", n), ternary(r.State == score.NotApplicable, a.q.Weight, 0)),
	)
	if k := a.q.Knockout; k != nil {
		levels := len(p.View.Definition.Levels)
		_, at, _ := p.View.Definition.Level(k.CapsAt)
		capped := levels
		for _, c := range p.View.Result.Caps {
			if c.Question == a.q.ID {
				capped = at + 1
			}
		}
		cells = append(cells, formula(st.text, fmt.Sprintf("IF(AND(H%[1]d=1,F%[1]d*100<%[2]s-0.0000001),%[3]d,%[4]d)", n, number(k.Below), at+1, levels), capped))
	}
	s.add(cells...)
}

// position is what positionFormula gives for the answer the assessment holds.
func (p *plan) position(a *asked) int {
	if !a.entry.Given || a.entry.Answer.Kind != checklist.AnswerOptions {
		return 0
	}
	if a.q.Type == checklist.TypeMulti {
		return len(a.entry.Answer.Options)
	}
	return a.q.Option(a.entry.Answer.Options[0]) + 1
}

func (p *plan) writeTally(s *sheet, i, part int) {
	st, t := s.b.styles, &p.sections[i]
	n, first, last := t.step, t.first, t.last
	var sums struct{ w, low, high, na, points, top float64 }
	for j := range t.result.Questions {
		q := &t.result.Questions[j]
		if q.Points != nil {
			sums.w += q.Weight
			sums.low += q.Weight * *q.Points
			sums.high += ternary(q.State == score.Open, q.Weight, q.Weight**q.Points)
		} else if t.s.Questions[j].Scored() && q.State == score.NotApplicable {
			sums.na += q.Weight
		}
	}
	defined, weight, applies, taken, exact := 0, 0.0, 0.0, 0.0, 0.0
	if t.result.Score != nil {
		defined, weight, sums.points, sums.top = 1, t.s.Weight, *t.result.Score, *t.result.High
		exact = t.result.Share * sums.points
	}
	if sums.w+sums.na > 0 {
		applies, taken = t.s.Weight, t.s.Weight*sums.na/(sums.w+sums.na)
	}
	sum := func(col string) string { return fmt.Sprintf("SUM(%[1]s%[2]d:%[1]s%[3]d)", col, first, last) }
	own, without := any(nil), s.b.say(phrase{" (ohne Wert)", " (no value)"})
	if defined == 1 {
		own, without = shown(sums.points), ""
	}
	title := clean(t.s.Title.In(p.Lang))
	median := p.median(bench.SectionNode(t.s.ID))
	low, half := p.middleHalf(bench.SectionNode(t.s.ID))
	mark := ""
	if p.Release != nil && median == nil {
		mark = " (" + s.b.say(wordMedian) + " .)"
	}
	s.add(value(st.text, string(t.s.ID)), value(st.text, t.s.Title.In(p.Lang)),
		formula(st.text, fmt.Sprintf("IF(E%d>0,1,0)", n), defined), value(st.text, t.s.Weight),
		formula(st.text, sum("I"), sums.w), formula(st.text, sum("J"), sums.low), formula(st.text, sum("K"), sums.high),
		formula(st.text, fmt.Sprintf("IF(C%[1]d=1,F%[1]d/E%[1]d,0)", n), sums.points),
		formula(st.text, fmt.Sprintf("IF(C%[1]d=1,G%[1]d/E%[1]d,0)", n), sums.top),
		formula(st.text, fmt.Sprintf("C%[1]d*D%[1]d", n), weight),
		formula(st.text, fmt.Sprintf("J%[1]d*H%[1]d", n), weight*sums.points),
		formula(st.text, fmt.Sprintf("J%[1]d*I%[1]d", n), weight*sums.top),
		formula(st.text, fmt.Sprintf("IF(C%[1]d=1,K%[2]d/J%[1]d,0)", p.total, n), exact),
		formula(st.text, sum("N"), sums.na),
		formula(st.text, fmt.Sprintf("IF(E%[1]d+N%[1]d>0,D%[1]d,0)", n), applies),
		formula(st.text, fmt.Sprintf("IF(E%[1]d+N%[1]d>0,D%[1]d*N%[1]d/(E%[1]d+N%[1]d),0)", n), taken),
		formula(st.text, p.partFormula(n), fraction(part)),
		formula(st.text, fmt.Sprintf(`B%[1]d&IF(C%[1]d=1,"",%[2]s)&%[3]s`, n, literal(s.b.say(phrase{" (ohne Wert)", " (no value)"})), literal(mark)), title+without+mark),
		formula(st.text, fmt.Sprintf(`IF(C%[1]d=1,%[2]s,"")`, n, cut(fmt.Sprintf("H%d", n))), own),
		value(st.text, median), value(st.text, itoa(i+1)), value(st.text, low), value(st.text, half))
	for i, l := range p.limits() {
		s.more(firstLimit+i, value(st.text, l.From/100))
	}
}

// partFormula hands out the tenths of the shown total as score.Result.Derive does: each section's
// exact part cut, and what is left by the largest remainder, equal ones in order.
func (p *plan) partFormula(n int) string {
	first, last := p.sections[0].step, p.sections[len(p.sections)-1].step
	tenthsOf := func(ref string) string { return "INT(1000*" + ref + "+0.000001)" }
	remainder := func(ref string) string { return "(1000*" + ref + "-" + tenthsOf(ref) + ")" }
	own, all, above := fmt.Sprintf("M%d", n), fmt.Sprintf("M%d:M%d", first, last), fmt.Sprintf("M%d:M%d", first, n)
	rank := fmt.Sprintf("SUMPRODUCT((%[1]s>0.000000001)*(%[2]s>%[3]s+0.000000001))+SUMPRODUCT((%[4]s>0.000000001)*(ABS(%[5]s-%[3]s)<=0.000000001))",
		all, remainder(all), remainder(own), above, remainder(above))
	left := fmt.Sprintf("%s-SUMPRODUCT(%s)", tenthsOf(fmt.Sprintf("H%d", p.total)), tenthsOf(all))
	return fmt.Sprintf("(%s+IF(AND(%s>0.000000001,%s<=%s),1,0))/1000", tenthsOf(own), own, rank, left)
}

func (p *plan) writeTotal(s *sheet) {
	st, n, r := s.b.styles, p.total, p.View.Result
	first, last := p.sections[0].step, p.sections[len(p.sections)-1].step
	sum := func(col string) string { return fmt.Sprintf("SUM(%[1]s%[2]d:%[1]s%[3]d)", col, first, last) }
	defined, low, high, weight := 0, 0.0, 0.0, 0.0
	if r.Score != nil {
		defined, low, high = 1, *r.Score, *r.High
	}
	for i := range r.Sections {
		if r.Sections[i].Score != nil {
			weight += r.Sections[i].Weight
		}
	}
	s.add(value(st.bold, "total"), nil,
		formula(st.bold, fmt.Sprintf("IF(J%d>0,1,0)", n), defined), nil, nil, nil, nil,
		formula(st.bold, fmt.Sprintf("IF(C%d=1,%s/J%d,0)", n, sum("K"), n), low),
		formula(st.bold, fmt.Sprintf("IF(C%d=1,%s/J%d,0)", n, sum("L"), n), high),
		formula(st.bold, sum("J"), weight), nil, nil, nil,
		formula(st.bold, fmt.Sprintf("IF(%[1]s>0,%[2]s/%[1]s,0)", sum("O"), sum("P")), r.NotApplicableShare))
}

func (p *plan) writeLevels(s *sheet) {
	st, d, r := s.b.styles, p.View.Definition, p.View.Result
	if len(d.Levels) == 0 {
		return
	}
	s.skip(1)
	s.add(value(st.head, "id"), value(st.head, "level"), value(st.head, "from"))
	for i := range d.Levels {
		s.add(value(st.text, string(d.Levels[i].ID)), value(st.text, d.Levels[i].Label.In(p.Lang)), value(st.text, d.Levels[i].From/100))
	}
	reached, level := 0, 0
	label := any(nil)
	if r.Score != nil {
		reached = score.LevelOf(d, *r.Score) + 1
		l, at, _ := d.Level(r.Level)
		level, label = at+1, l.Label.In(p.Lang)
	}
	last := p.levels + len(d.Levels) - 1
	s.add(value(st.text, "reached"), nil, formula(st.text, fmt.Sprintf("IF(C%[1]d=1,MAX(1,SUMPRODUCT((H%[1]d+0.000000001>=C%[2]d:C%[3]d)*1)),0)", p.total, p.levels, last), reached))
	s.add(value(st.text, "level"),
		formula(st.text, fmt.Sprintf(`IF(C%d=1,INDEX(B%d:B%d,C%d),"")`, p.total, p.levels, last, last+2), label),
		formula(st.text, fmt.Sprintf("MIN(C%d,O%d:O%d,%d)", last+1, stepsHead+1, p.sections[len(p.sections)-1].last, len(d.Levels)), level))
}

// writeBar writes what the cover draws: the score, and under it the levels' parts of the way from 0 to 1.
func (p *plan) writeBar(s *sheet) {
	st, d := s.b.styles, p.View.Definition
	for s.next() < p.bar {
		s.skip(1)
	}
	own := any(nil)
	if p.View.Result.Score != nil {
		own = shown(*p.View.Result.Score)
	}
	names := []any{nil, value(st.text, s.b.say(phrase{"Ihre Kommune", "Your town"}))}
	total := []any{value(st.text, s.b.say(wordTotal)), formula(st.text, fmt.Sprintf(`IF(C%[1]d=1,%[2]s,"")`, p.total, cut(fmt.Sprintf("H%d", p.total))), own)}
	parts := []any{value(st.text, s.b.say(phrase{"Stufen", "Levels"})), nil}
	for i := range d.Levels {
		to := 100.0
		if i+1 < len(d.Levels) {
			to = d.Levels[i+1].From
		}
		names = append(names, value(st.text, p.levelFrom(&d.Levels[i])))
		total = append(total, nil)
		parts = append(parts, value(st.text, (to-d.Levels[i].From)/100))
	}
	s.add(names...)
	s.add(total...)
	s.add(parts...)
}

// firstLimit is the column of the steps in which the levels' limits begin.
const firstLimit = 24

// limits are the levels that begin above zero.
func (p *plan) limits() []*checklist.Level {
	var out []*checklist.Level
	for i := range p.View.Definition.Levels {
		if l := &p.View.Definition.Levels[i]; l.From > 0 {
			out = append(out, l)
		}
	}
	return out
}

// levelFrom names a level and where it begins.
func (p *plan) levelFrom(l *checklist.Level) string {
	return l.Label.In(p.Lang) + " " + phrase{"ab {0} %", "from {0} %"}.in(p.Lang, wording.Cell(p.Lang).Marked(number(l.From)))
}

// middleHalf is where the middle half of all towns begins and how wide it is; nil if it was not published.
func (p *plan) middleHalf(id bench.NodeID) (from, width any) {
	if p.Release == nil {
		return nil, nil
	}
	g, ok := p.Release.Report.Group(region.All)
	if !ok || g.Suppressed {
		return nil, nil
	}
	n, ok := g.Node(id)
	if !ok || n.Points.Q1 == nil || n.Points.Q3 == nil {
		return nil, nil
	}
	low, high := wording.Whole(*n.Points.Q1), wording.Whole(*n.Points.Q3)
	return float64(low) / 100, float64(high-low) / 100
}

// levelCell is where the level's name stands; empty if the checklist has no levels.
func (p *plan) levelCell() string {
	if n := len(p.View.Definition.Levels); n > 0 {
		return p.stepped("B", p.levels+n+1)
	}
	return ""
}

// writeLists writes what drop-downs offer and formulas look up.
func (p *plan) writeLists(s *sheet) {
	st := s.b.styles
	s.head(0, "id", "label", "position / at", "points")
	s.add(nil, value(st.text, s.b.say(wordNA)))
	s.add(nil, value(st.text, s.b.say(wordYes)))
	s.add(nil, value(st.text, s.b.say(wordNo)))
	s.skip(1)
	for i := range p.asked {
		a := &p.asked[i]
		for j, label := range a.labels {
			points := any(nil)
			if o := a.q.Options[j]; o.Points != nil {
				points = value(st.text, *o.Points)
			}
			s.add(value(st.text, string(a.q.ID)), value(st.text, label), value(st.text, j+1), points)
		}
		if a.q.Type == checklist.TypeChoice && a.na {
			s.add(value(st.text, string(a.q.ID)), value(st.text, s.b.say(wordNA)))
		}
		if a.q.Type == checklist.TypeNumber {
			for _, t := range a.q.Targets {
				s.add(value(st.text, string(a.q.ID)), nil, value(st.text, t.At.InexactFloat64()), value(st.text, t.Points))
			}
		}
	}
}
