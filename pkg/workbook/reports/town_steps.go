package reports

import (
	"fmt"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

var stepWidths = []float64{30, 34, 8, 8, 9, 20, 9, 9, 12, 20, 20, 20, 20, 12, 10, 12, 12, 40, 12, 12, 8, 12, 12}

// writeSteps writes the whole calculation, one question per row, then sections, total and
// levels, in the order in which score adds up.
func (p *plan) writeSteps(s *book.Sheet) {
	s.Head(1, "id", "question", "active", "state", "position", "points", "weight", "counts", "w", "w*p", "w*p high",
		"share", "gain", "w n/a", "level cap")
	for i := range p.asked {
		p.writeStep(s, &p.asked[i])
	}
	s.Skip(1)
	s.ColumnTitles("id", "section", "defined", "weight", "sum w", "sum w*p", "high", "score", "score high", "W", "W*s",
		"W*high", "exact part",
		"sum w n/a", "W applies", "W*n/a", "part", "chart label",
		s.B.Say(wording.Phrase{"Ihre Kommune", "Your town"}),
		s.B.Say(wording.Phrase{"Median aller Kommunen", "Median of all towns"}), "number", "\u00a0",
		s.B.Say(wording.Phrase{"mittlere Hälfte aller Kommunen", "middle half of all towns"}))
	for i, l := range p.limits() {
		s.More(firstLimit+i, book.Value(s.B.Styles.Head, p.levelFrom(l)))
	}
	derivation := p.View.Result.Derive()
	for i := range p.sections {
		p.writeTally(s, i, derivation.Sections[i].Part)
	}
	p.writeTotal(s)
	p.writeLevels(s)
	p.writeBar(s)
	for name, ref := range map[string]string{"total_exact": p.stepped("H", p.total),
		"total_high": p.stepped("I", p.total)} {
		s.B.Keep(s.B.F.SetDefinedName(book.DefinedName(name, ref)))
	}
}

func (p *plan) writeStep(s *book.Sheet, a *asked) {
	st, n, r := s.B.Styles, a.step, a.result
	cells := []any{book.Value(st.Text, string(a.q.ID)), book.Value(st.Text, a.number), book.Value(st.Text, 1)}
	if f := p.activeFormula(a); f != "" {
		cells[2] = book.Formula(st.Text, f, book.Ternary(r.State == score.Inactive, 0, 1))
	}
	cells = append(cells, book.Formula(st.Text, p.stateFormula(a), int(r.State)))
	position := p.position(a)
	if f := p.positionFormula(a); f != "" {
		cells = append(cells, book.Formula(st.Text, f, position))
	} else {
		cells = append(cells, nil)
	}
	if !a.q.Scored() {
		for _, v := range []float64{0, a.q.Weight, 0, 0, 0, 0, 0, 0, 0} {
			cells = append(cells, book.Value(st.Text, v))
		}
		s.Add(cells...)
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
		book.Formula(st.Text, p.pointsFormula(a), points),
		book.Value(st.Text, a.q.Weight),
		book.Formula(st.Text, fmt.Sprintf("IF(OR($D%[1]d=0,$D%[1]d=1,$D%[1]d=4),1,0)", n), counts),
		book.Formula(st.Text, fmt.Sprintf("H%[1]d*G%[1]d", n), w),
		book.Formula(st.Text, fmt.Sprintf("I%[1]d*F%[1]d", n), w*points),
		book.Formula(st.Text, fmt.Sprintf("IF($D%[1]d=1,J%[1]d,I%[1]d)", n), high),
		book.Formula(st.Text, fmt.Sprintf("IF(H%[1]d=1,G%[1]d/E%[2]d*(J%[2]d/J%[3]d),0)", n, t.step, p.total), r.Share),
		book.Formula(st.Text, fmt.Sprintf("L%[1]d*(1-F%[1]d)", n), gain),
		book.Formula(st.Text, fmt.Sprintf("IF($D%[1]d=2,G%[1]d,0)", n), book.Ternary(r.State == score.NotApplicable,
			a.q.Weight, 0)),
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
		cells = append(cells, book.Formula(st.Text,
			fmt.Sprintf("IF(AND(H%[1]d=1,F%[1]d*100<%[2]s-0.0000001),%[3]d,%[4]d)", n, number(k.Below), at+1, levels),
			capped))
	}
	s.Add(cells...)
}

// position is what positionFormula gives for the answer the assessment holds.
func (p *plan) position(a *asked) int {
	if !a.entry.Given || a.entry.Answer.Kind != checklist.AnswerOptions {
		return 0
	}
	if a.q.Type.Many() {
		return len(a.entry.Answer.Options)
	}
	return a.q.Option(a.entry.Answer.Options[0]) + 1
}

func (p *plan) writeTally(s *book.Sheet, i, part int) {
	st, t := s.B.Styles, &p.sections[i]
	n, first, last := t.step, t.first, t.last
	var sums struct{ w, low, high, na, points, top float64 }
	for j := range t.result.Questions {
		q := &t.result.Questions[j]
		if q.Points != nil {
			sums.w += q.Weight
			sums.low += q.Weight * *q.Points
			sums.high += book.Ternary(q.State == score.Open, q.Weight, q.Weight**q.Points)
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
	own, without := any(nil), s.B.Say(wording.Phrase{" (ohne Wert)", " (no value)"})
	if defined == 1 {
		own, without = book.Shown(sums.points), ""
	}
	title := book.Clean(t.s.Title.In(p.Lang))
	median := p.median(bench.SectionNode(t.s.ID))
	low, half := p.middleHalf(bench.SectionNode(t.s.ID))
	mark := ""
	if p.Release != nil && median == nil {
		mark = " (" + s.B.Say(book.WordMedian) + " .)"
	}
	s.Add(book.Value(st.Text, string(t.s.ID)), book.Value(st.Text, t.s.Title.In(p.Lang)),
		book.Formula(st.Text, fmt.Sprintf("IF(E%d>0,1,0)", n), defined), book.Value(st.Text, t.s.Weight),
		book.Formula(st.Text, sum("I"), sums.w), book.Formula(st.Text, sum("J"), sums.low),
		book.Formula(st.Text, sum("K"), sums.high),
		book.Formula(st.Text, fmt.Sprintf("IF(C%[1]d=1,F%[1]d/E%[1]d,0)", n), sums.points),
		book.Formula(st.Text, fmt.Sprintf("IF(C%[1]d=1,G%[1]d/E%[1]d,0)", n), sums.top),
		book.Formula(st.Text, fmt.Sprintf("C%[1]d*D%[1]d", n), weight),
		book.Formula(st.Text, fmt.Sprintf("J%[1]d*H%[1]d", n), weight*sums.points),
		book.Formula(st.Text, fmt.Sprintf("J%[1]d*I%[1]d", n), weight*sums.top),
		book.Formula(st.Text, fmt.Sprintf("IF(C%[1]d=1,K%[2]d/J%[1]d,0)", p.total, n), exact),
		book.Formula(st.Text, sum("N"), sums.na),
		book.Formula(st.Text, fmt.Sprintf("IF(E%[1]d+N%[1]d>0,D%[1]d,0)", n), applies),
		book.Formula(st.Text, fmt.Sprintf("IF(E%[1]d+N%[1]d>0,D%[1]d*N%[1]d/(E%[1]d+N%[1]d),0)", n), taken),
		book.Formula(st.Text, p.partFormula(n), book.Fraction(part)),
		book.Formula(st.Text, fmt.Sprintf(`B%[1]d&IF(C%[1]d=1,"",%[2]s)&%[3]s`, n,
			book.Literal(s.B.Say(wording.Phrase{" (ohne Wert)", " (no value)"})), book.Literal(mark)),
			title+without+mark),
		book.Formula(st.Text, fmt.Sprintf(`IF(C%[1]d=1,%[2]s,"")`, n, cut(fmt.Sprintf("H%d", n))), own),
		book.Value(st.Text, median), book.Value(st.Text, book.Itoa(i+1)), book.Value(st.Text, low),
		book.Value(st.Text, half))
	for i, l := range p.limits() {
		s.More(firstLimit+i, book.Value(st.Text, l.From/100))
	}
}

// partFormula hands out the tenths of the shown total as score.Result.Derive does: each section's
// exact part cut, and what is left by the largest remainder, equal ones in order.
func (p *plan) partFormula(n int) string {
	first, last := p.sections[0].step, p.sections[len(p.sections)-1].step
	tenthsOf := func(ref string) string { return "INT(1000*" + ref + "+0.000001)" }
	remainder := func(ref string) string { return "(1000*" + ref + "-" + tenthsOf(ref) + ")" }
	own, all, above := fmt.Sprintf("M%d", n), fmt.Sprintf("M%d:M%d", first, last), fmt.Sprintf("M%d:M%d", first, n)
	rank := fmt.Sprintf(
		"SUMPRODUCT((%[1]s>0.000000001)*(%[2]s>%[3]s+0.000000001))+SUMPRODUCT((%[4]s>0.000000001)*(ABS(%[5]s-%[3]s)<=0.000000001))",
		all, remainder(all), remainder(own), above, remainder(above))
	left := fmt.Sprintf("%s-SUMPRODUCT(%s)", tenthsOf(fmt.Sprintf("H%d", p.total)), tenthsOf(all))
	return fmt.Sprintf("(%s+IF(AND(%s>0.000000001,%s<=%s),1,0))/1000", tenthsOf(own), own, rank, left)
}

func (p *plan) writeTotal(s *book.Sheet) {
	st, n, r := s.B.Styles, p.total, p.View.Result
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
	s.Add(book.Value(st.Bold, "total"), nil,
		book.Formula(st.Bold, fmt.Sprintf("IF(J%d>0,1,0)", n), defined), nil, nil, nil, nil,
		book.Formula(st.Bold, fmt.Sprintf("IF(C%d=1,%s/J%d,0)", n, sum("K"), n), low),
		book.Formula(st.Bold, fmt.Sprintf("IF(C%d=1,%s/J%d,0)", n, sum("L"), n), high),
		book.Formula(st.Bold, sum("J"), weight), nil, nil, nil,
		book.Formula(st.Bold, fmt.Sprintf("IF(%[1]s>0,%[2]s/%[1]s,0)", sum("O"), sum("P")), r.NotApplicableShare))
}

func (p *plan) writeLevels(s *book.Sheet) {
	st, d, r := s.B.Styles, p.View.Definition, p.View.Result
	if len(d.Levels) == 0 {
		return
	}
	s.Skip(1)
	s.Add(book.Value(st.Head, "id"), book.Value(st.Head, "level"), book.Value(st.Head, "from"))
	for i := range d.Levels {
		s.Add(book.Value(st.Text, string(d.Levels[i].ID)), book.Value(st.Text, d.Levels[i].Label.In(p.Lang)),
			book.Value(st.Text, d.Levels[i].From/100))
	}
	reached, level := 0, 0
	label := any(nil)
	if r.Score != nil {
		reached = score.LevelOf(d, *r.Score) + 1
		l, at, _ := d.Level(r.Level)
		level, label = at+1, l.Label.In(p.Lang)
	}
	last := p.levels + len(d.Levels) - 1
	s.Add(book.Value(st.Text, "reached"), nil,
		book.Formula(st.Text, fmt.Sprintf("IF(C%[1]d=1,MAX(1,SUMPRODUCT((H%[1]d+0.000000001>=C%[2]d:C%[3]d)*1)),0)",
			p.total, p.levels, last), reached))
	s.Add(book.Value(st.Text, "level"),
		book.Formula(st.Text, fmt.Sprintf(`IF(C%d=1,INDEX(B%d:B%d,C%d),"")`, p.total, p.levels, last, last+2), label),
		book.Formula(st.Text, fmt.Sprintf("MIN(C%d,O%d:O%d,%d)", last+1, stepsHead+1,
			p.sections[len(p.sections)-1].last, len(d.Levels)), level))
}

// writeBar writes what the cover draws: the score, and under it the levels' parts of the way from 0 to 1.
func (p *plan) writeBar(s *book.Sheet) {
	st, d := s.B.Styles, p.View.Definition
	for s.Next() < p.bar {
		s.Skip(1)
	}
	own := any(nil)
	if p.View.Result.Score != nil {
		own = book.Shown(*p.View.Result.Score)
	}
	names := []any{nil, book.Value(st.Text, s.B.Say(wording.Phrase{"Ihre Kommune", "Your town"}))}
	total := []any{book.Value(st.Text, s.B.Say(book.WordTotal)),
		book.Formula(st.Text, fmt.Sprintf(`IF(C%[1]d=1,%[2]s,"")`, p.total, cut(fmt.Sprintf("H%d", p.total))), own)}
	parts := []any{book.Value(st.Text, s.B.Say(wording.Phrase{"Stufen", "Levels"})), nil}
	for i := range d.Levels {
		to := 100.0
		if i+1 < len(d.Levels) {
			to = d.Levels[i+1].From
		}
		names = append(names, book.Value(st.Text, p.levelFrom(&d.Levels[i])))
		total = append(total, nil)
		parts = append(parts, book.Value(st.Text, (to-d.Levels[i].From)/100))
	}
	s.Add(names...)
	s.Add(total...)
	s.Add(parts...)
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
	return l.Label.In(p.Lang) + " " + wording.Phrase{"ab {0} %", "from {0} %"}.In(p.Lang,
		wording.Cell(p.Lang).Marked(number(l.From)))
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
func (p *plan) writeLists(s *book.Sheet) {
	st := s.B.Styles
	s.Head(0, "id", "label", "position / at", "points")
	s.Add(nil, book.Value(st.Text, s.B.Say(book.WordNA)))
	s.Add(nil, book.Value(st.Text, s.B.Say(book.WordYes)))
	s.Add(nil, book.Value(st.Text, s.B.Say(book.WordNo)))
	s.Skip(1)
	for i := range p.asked {
		a := &p.asked[i]
		for j, label := range a.labels {
			points := any(nil)
			if o := a.q.Options[j]; o.Points != nil {
				points = book.Value(st.Text, *o.Points)
			}
			s.Add(book.Value(st.Text, string(a.q.ID)), book.Value(st.Text, label), book.Value(st.Text, j+1), points)
		}
		if a.q.Type.One() && a.na {
			s.Add(book.Value(st.Text, string(a.q.ID)), book.Value(st.Text, s.B.Say(book.WordNA)))
		}
		if a.q.Type.Numeric() {
			for _, t := range a.q.Targets {
				s.Add(book.Value(st.Text, string(a.q.ID)), nil, book.Value(st.Text, t.At.InexactFloat64()),
					book.Value(st.Text, t.Points))
			}
		}
	}
}
