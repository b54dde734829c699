package workbook

import (
	"fmt"
	"math"
	"sort"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// valuesHead is the header row of the exact values; the towns follow, then the quartiles.
const valuesHead = 1

// quartiles are the rows under the exact values.
var quartiles = []struct {
	name phrase
	q    int
}{{phrase{"Unteres Quartil", "Lower quartile"}, 1}, {wordMedian, 2}, {phrase{"Oberes Quartil", "Upper quartile"}, 3}}

// writeValues writes the exact scores in [0, 1] and their quartiles as formulas, so that a reader can recompute them.
func (x *regional) writeValues(s *sheet) {
	st := s.b.styles
	titles := []string{"AGS", s.b.say(wordTown)}
	for _, id := range x.nodes {
		titles = append(titles, string(id))
	}
	s.head(2, titles...)
	columns := make([][]float64, len(x.nodes))
	for i := range x.records {
		r := &x.records[i]
		cells := []any{value(st.ags, string(r.AGS)), value(st.text, x.names[r.AGS].Name)}
		for j, v := range r.Values {
			if math.IsNaN(v) {
				cells = append(cells, nil)
				continue
			}
			cells = append(cells, value(st.text, v))
			columns[j] = append(columns[j], v)
		}
		s.add(cells...)
	}
	if len(x.records) == 0 {
		return
	}
	for i := range columns {
		sort.Float64s(columns[i])
	}
	for _, q := range quartiles {
		cells := []any{nil, value(st.bold, s.b.say(q.name))}
		for j := range x.nodes {
			over := fmt.Sprintf("%[1]s$%[2]d:%[1]s$%[3]d", column(j+3), valuesHead+1, valuesHead+len(x.records))
			v := any(nil)
			if len(columns[j]) > 0 {
				v = bench.Quantile(columns[j], float64(q.q)/4)
			}
			cells = append(cells, formula(st.bold, fmt.Sprintf(`IF(COUNT(%[1]s)=0,"",_xlfn.QUARTILE.INC(%[1]s,%[2]d))`, over, q.q), v))
		}
		s.add(cells...)
	}
}

// writeMatrix sets towns against sections, coloured by their score.
func (x *regional) writeMatrix(s *sheet) {
	b, st := s.b, s.b.styles
	s.addHigh(26, value(st.title, b.say(phrase{"Kommunen und Abschnitte (in Prozent)", "Municipalities and sections (per cent)"})))
	s.add(value(st.lead, b.say(phrase{"Dunkler heißt höher. Sortiert nach dem Gesamtergebnis.", "Darker means higher. Sorted by the total."})))
	s.skip(1)
	titles := []string{b.say(wordKey), b.say(wordTown), b.say(wordDistrict), b.say(wordTotal)}
	for i := range x.Definition.Sections {
		titles = append(titles, x.Definition.Sections[i].Title.In(x.Lang))
	}
	head := s.head(2, titles...)
	columns := len(titles) - 3
	for i := range x.records {
		r := &x.records[i]
		town := x.names[r.AGS]
		cells := []any{value(st.ags, string(r.AGS)), value(st.text, town.Name), value(st.text, town.District.Name)}
		for _, v := range r.Values[:columns] {
			if math.IsNaN(v) {
				cells = append(cells, value(st.suppress, "–"))
			} else {
				cells = append(cells, value(st.percent, shown(v)))
			}
		}
		s.add(cells...)
	}
	last := s.next() - 1
	if last == head {
		return
	}
	s.filter(head, len(titles), last)
	b.keep(b.f.AddIgnoredErrors(s.name, fmt.Sprintf("A%d:A%d", head+1, last), excelize.IgnoredErrorsNumberStoredAsText))
	b.keep(b.f.SetConditionalFormat(s.name, cell(4, head+1)+":"+cell(len(titles), last), []excelize.ConditionalFormatOptions{{Type: "3_color_scale", Criteria: "=",
		MinType: "num", MinValue: "0", MinColor: "#FFFFFF", MidType: "num", MidValue: "50", MidColor: "#BBD3EE", MaxType: "num", MaxValue: "100", MaxColor: "#6FA3DA"}}))
	x.matrixQuartiles(s, columns)
	x.drawMatrix(s, head, last, len(titles))
}

// matrixQuartiles repeats the quartiles of the exact values, cut to what is shown.
func (x *regional) matrixQuartiles(s *sheet, columns int) {
	b, st := s.b, s.b.styles
	g, _ := x.Report.Group(region.All)
	for k, q := range quartiles {
		cells := []any{value(st.group, nil), value(st.group, b.say(q.name)), value(st.group, nil)}
		for j := range columns {
			from := quoted(b.say(sheetValues)) + "!" + at(column(j+3), valuesHead+1+len(x.records)+k)
			v := any("–")
			if g != nil {
				if n, ok := g.Node(x.nodes[j]); ok {
					if f := []*float64{n.Points.Q1, n.Points.Median, n.Points.Q3}[k]; f != nil {
						v = shown(*f)
					}
				}
			}
			cells = append(cells, formula(st.percentBold, fmt.Sprintf(`IF(ISNUMBER(%[1]s),%[2]s,"–")`, from, cut(from)), v))
		}
		s.add(cells...)
	}
}

// drawMatrix draws the sections' quartiles and the ranking of the towns.
func (x *regional) drawMatrix(s *sheet, head, last, columns int) {
	b := s.b
	s.pageBreak(s.next() + 1)
	row := s.next() + 2
	over := func(row int) string {
		return quoted(s.name) + "!" + at(column(5), row) + ":" + at(column(columns), row)
	}
	name := func(row int) string { return quoted(s.name) + "!" + at("B", row) }
	labels := over(head)
	n := last - head
	alt := b.say(phrase{"Quartile je Abschnitt von 0 bis 100 Prozent, {0} Kommunen. Die Zahlen stehen in der Tabelle darüber.", "Quartiles by section from 0 to 100 per cent, {0} municipalities. The figures stand in the table above."}, itoa(n))
	s.draw(cell(1, row), b.chart(excelize.Bar, b.say(phrase{"Abschnitte: Median und Quartile (in Prozent)", "Sections: median and quartiles (per cent)"}), alt, 760, uint(140+58*(columns-4)),
		b.bars(name(last+1), labels, over(last+1), "C5CDD8"), b.bars(name(last+2), labels, over(last+2), blue), b.bars(name(last+3), labels, over(last+3), "7A8694")))
	ranking := b.chart(excelize.Bar, b.say(phrase{"Gesamtergebnis der Kommunen (in Prozent)", "Totals of the municipalities (per cent)"}),
		b.say(phrase{"Gesamtergebnis von {0} Kommunen von 0 bis 100 Prozent, das höchste oben.", "Totals of {0} municipalities from 0 to 100 per cent, the highest first."}, itoa(n)), 620, uint(140+18*n),
		b.bars(quoted(s.name)+"!"+at("D", head), quoted(s.name)+"!"+at("B", head+1)+":"+at("B", last), quoted(s.name)+"!"+at("D", head+1)+":"+at("D", last), blue))
	ranking.GapWidth = ptr(uint(35))
	ranking.XAxis.Font = chartFont(8, false)
	ranking.Legend.Position = "none"
	s.draw(cell(8, row), ranking)
}

// writeCompare lists all figures of all groups.
func (x *regional) writeCompare(s *sheet) {
	b, st := s.b, s.b.styles
	s.addHigh(26, value(st.title, b.say(sheetCompare)))
	s.skip(1)
	head := s.head(4, b.say(phrase{"Vergleichsgruppe", "Peer group"}), b.say(phrase{"Ebene", "Kind"}), b.say(wordNumber), b.say(phrase{"Bezeichnung", "Name"}), b.say(phrase{"Einheit", "Unit"}), "n",
		b.say(phrase{"Minimum", "Minimum"}), b.say(quartiles[0].name), b.say(wordMedian), b.say(quartiles[2].name), b.say(phrase{"Maximum", "Maximum"}), b.say(phrase{"Mittelwert", "Mean"}))
	type named struct{ kind, number, title, unit string }
	about := map[bench.NodeID]named{bench.Total: {b.say(wordTotal), "", b.say(wordTotal), ""}}
	for i := range x.Definition.Sections {
		sec := &x.Definition.Sections[i]
		about[bench.SectionNode(sec.ID)] = named{b.say(wordSection), itoa(i + 1), sec.Title.In(x.Lang), ""}
		for j := range sec.Questions {
			q := &sec.Questions[j]
			about[bench.QuestionNode(q.ID)] = named{b.say(wordQuestion), place(i, j), q.Text.In(x.Lang), q.Unit.In(x.Lang)}
		}
	}
	write := func(group string, n int, a named, f *bench.Figures, scored bool) {
		cells := []any{value(st.text, group), value(st.text, a.kind), value(st.text, a.number), value(st.text, a.title), value(st.text, a.unit), value(st.whole, n)}
		for _, v := range []*float64{f.Min, f.Q1, f.Median, f.Q3, f.Max, f.Mean} {
			switch {
			case v == nil:
				cells = append(cells, value(st.suppress, "–"))
			case scored:
				cells = append(cells, value(st.percent, shown(*v)))
			default:
				cells = append(cells, value(st.points, *v))
			}
		}
		s.add(cells...)
	}
	for i := range x.Report.Groups {
		g := &x.Report.Groups[i]
		name := groupName(g.ID, x.Lang, x.Districts)
		for j := range g.Nodes {
			n := &g.Nodes[j]
			a := about[n.ID]
			if n.Scored {
				write(name, n.N, named{a.kind, a.number, a.title, "%"}, &n.Points, true)
			}
			if n.Unit != nil {
				write(name, n.UnitN, named{b.say(phrase{"Kennzahl", "Figure"}), a.number, a.title, a.unit}, n.Unit, false)
			}
		}
	}
	s.filter(head, 12, s.next()-1)
}

// asking is a question's line in the sheet of questions.
type asking struct {
	q               *checklist.Question
	section, number string
	n               *bench.Node
	spread          float64 // third less first quartile; NaN: none
	remarks         []string
}

// remarkable is how many questions are named the strongest, the weakest, the most different.
const remarkable = 5

// writeQuestions shows how far answers lie apart and which questions stand out, then the distributions.
func (x *regional) writeQuestions(s *sheet) {
	b, st := s.b, s.b.styles
	s.addHigh(26, value(st.title, b.say(sheetAsked)))
	s.add(value(st.lead, b.say(phrase{"Streuung: Abstand zwischen unterem und oberem Quartil in Prozentpunkten.", "Spread: distance between the lower and the upper quartile in percentage points."})))
	s.skip(1)
	head := s.head(3, b.say(wordNumber), b.say(wordSection), b.say(wordQuestion), "n", b.say(quartiles[0].name), b.say(wordMedian), b.say(quartiles[2].name), b.say(phrase{"Mittelwert", "Mean"}),
		b.say(phrase{"Streuung", "Spread"}), b.say(phrase{"Auffällig", "Stands out"}))
	list := x.asking()
	x.remark(list)
	for i := range list {
		a := &list[i]
		cells := []any{value(st.text, a.number), value(st.text, a.section), value(st.text, a.q.Text.In(x.Lang)), value(st.whole, a.n.N)}
		for _, v := range []*float64{a.n.Points.Q1, a.n.Points.Median, a.n.Points.Q3, a.n.Points.Mean} {
			if v == nil {
				cells = append(cells, value(st.suppress, "–"))
			} else {
				cells = append(cells, value(st.percent, shown(*v)))
			}
		}
		spread := value(st.suppress, "–")
		if !math.IsNaN(a.spread) {
			spread = value(st.points, 100*a.spread)
		}
		remarks := ""
		for j, r := range a.remarks {
			remarks += ternary(j > 0, ", ", "") + r
		}
		s.add(append(cells, spread, value(st.text, remarks))...)
	}
	s.filter(head, 10, s.next()-1)
	s.skip(1)
	x.writeDistributions(s, list)
}

func (x *regional) asking() []asking {
	g, ok := x.Report.Group(region.All)
	if !ok {
		return nil
	}
	var list []asking
	for i := range x.Definition.Sections {
		sec := &x.Definition.Sections[i]
		for j := range sec.Questions {
			q := &sec.Questions[j]
			n, ok := g.Node(bench.QuestionNode(q.ID))
			if !ok {
				continue
			}
			a := asking{q: q, section: sec.Title.In(x.Lang), number: place(i, j), n: n, spread: math.NaN()}
			if n.Points.Q1 != nil && n.Points.Q3 != nil {
				a.spread = *n.Points.Q3 - *n.Points.Q1
			}
			list = append(list, a)
		}
	}
	return list
}

// remark names the questions that stand out, as the page of the comparison does.
func (x *regional) remark(list []asking) {
	g, ok := x.Report.Group(region.All)
	if !ok {
		return
	}
	at := map[bench.NodeID]*asking{}
	for i := range list {
		at[list[i].n.ID] = &list[i]
	}
	most := min(remarkable, len(list)/3)
	for _, m := range []struct {
		name  phrase
		found []bench.Standing
	}{
		{phrase{"stärkste", "strongest"}, bench.Strongest(g, most)},
		{phrase{"schwächste", "weakest"}, bench.Weakest(g, most)},
		{phrase{"größte Streuung", "widest spread"}, bench.WidestSpread(g, most)},
	} {
		for i, s := range m.found {
			at[s.Node].remarks = append(at[s.Node].remarks, x.b.say(m.name)+" "+itoa(i+1))
		}
	}
}

// writeDistributions lists how many chose each option of the choice questions.
func (x *regional) writeDistributions(s *sheet, list []asking) {
	b, st := s.b, s.b.styles
	s.columnTitles(b.say(wordNumber), b.say(phrase{"Verteilung: Antwort", "Distribution: answer"}), b.say(wordQuestion), b.say(phrase{"Anzahl", "Count"}), b.say(phrase{"Anteil", "Share"}))
	for i := range list {
		a := &list[i]
		texts := labels(a.q, x.Lang)
		for _, o := range a.n.Options {
			if k := a.q.Option(o.Option); k >= 0 {
				s.add(value(st.text, a.number), value(st.text, texts[k]), value(st.text, a.q.Text.In(x.Lang)), value(st.whole, o.N), value(st.percent, shown(o.Share)))
			}
		}
	}
}
