package workbook

import (
	"fmt"
	"math"
	"sort"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
)

// valuesHead is the header row of the exact values; the towns follow, then the quartiles.
const valuesHead = 1

// quartiles are the rows under the exact values.
var quartiles = []struct {
	name phrase
	q    int
}{{wordLowerQuarter, 1}, {wordMedian, 2}, {wordUpperQuarter, 3}}

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
	x.writeBands(s, columns)
}

// writeBands writes what the middle halves are drawn from: what lies below them, and their two parts.
func (x *regional) writeBands(s *sheet, columns [][]float64) {
	first := s.next() - len(quartiles)
	for i, name := range []phrase{{"\u00a0", "\u00a0"}, {"unteres Viertel bis Median", "lower quarter to median"}, {"Median bis oberes Viertel", "median to upper quarter"}} {
		cells := []any{nil, value(s.b.styles.bold, s.b.say(name))}
		for j := range x.nodes[:1+len(x.Definition.Sections)] {
			col := column(j + 3)
			f, v := cut(fmt.Sprintf("%s%d", col, first)), any(nil)
			if i > 0 {
				f = cut(fmt.Sprintf("%s%d", col, first+i)) + "-" + cut(fmt.Sprintf("%s%d", col, first+i-1))
			}
			if len(columns[j]) > 0 {
				x := wording.Tenths(bench.Quantile(columns[j], float64(i+1)/4))
				if i > 0 {
					x -= wording.Tenths(bench.Quantile(columns[j], float64(i)/4))
				}
				v = fraction(x)
			}
			cells = append(cells, formula(s.b.styles.bold, fmt.Sprintf(`IF(ISNUMBER(%s%d),%s,"")`, col, first, f), v))
		}
		s.add(cells...)
	}
}

// writeMatrix sets towns against sections, coloured by their score.
func (x *regional) writeMatrix(s *sheet) {
	b, st := s.b, s.b.styles
	s.addHigh(26, value(st.title, b.say(phrase{"Kommunen und Abschnitte", "Towns and sections"})))
	s.add(value(st.lead, b.say(phrase{"Dunkler heißt höher. Sortiert nach der Punktzahl gesamt.", "Darker means higher. Sorted by the total."})))
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
		MinType: "num", MinValue: "0", MinColor: "#FFFFFF", MidType: "num", MidValue: "0.5", MidColor: "#BBD3EE", MaxType: "num", MaxValue: "1", MaxColor: "#6FA3DA"}}))
	x.matrixQuartiles(s, columns)
}

// matrixHead is the header row of the matrix; the towns follow.
const matrixHead = 4

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

// writeCharts draws the sections' middle halves and the ranking of the towns, each on a page of its own.
func (x *regional) writeCharts(s *sheet) {
	b := s.b
	s.addHigh(26, value(b.styles.title, b.say(sheetCharts)))
	n, sections := len(x.records), len(x.Definition.Sections)
	if n == 0 {
		s.skip(1)
		s.add(value(b.styles.lead, b.say(phrase{"Noch keine Kommune hat eingereicht.", "No town has submitted yet."})))
		return
	}
	// the quartiles, then what the bands are drawn from
	bands := valuesHead + n + len(quartiles) + 1
	values := func(row, from, to int) string {
		return quoted(b.say(sheetValues)) + "!" + at(column(from), row) + ":" + at(column(to), row)
	}
	name := func(row int) string { return quoted(b.say(sheetValues)) + "!" + at("B", row) }
	titles := quoted(b.say(sheetMatrix)) + "!" + at(column(5), matrixHead) + ":" + at(column(4+sections), matrixHead)
	band := func(i int, color string) excelize.ChartSeries {
		return excelize.ChartSeries{Name: name(bands + i), Categories: titles, Values: values(bands+i, 4, 3+sections), Fill: solid(color)}
	}
	none := band(0, "")
	none.Fill = excelize.Fill{Type: "pattern"}
	alt := b.say(phrase{"Mittlere Hälfte und Median je Abschnitt von 0 bis 100 Prozent, {0} Kommunen. Die Zahlen stehen im Blatt „Matrix“.",
		"Middle half and median by section from 0 to 100 per cent, {0} towns. The figures stand on the sheet “Matrix”."}, itoa(n))
	height := 140 + 42*sections
	middle := b.chart(excelize.BarStacked, b.say(phrase{"Abschnitte: mittlere Hälfte der Kommunen, am Farbwechsel der Median", "Sections: middle half of the towns, the median where the colour changes"}),
		alt, 980, uint(height), none, band(1, "9DB7D5"), band(2, blue))
	middle.GapWidth = ptr(uint(45))
	s.draw(cell(1, 3), middle)
	b.leaveOut()
	row := 4 + height/20
	for s.next() < row {
		s.skip(1)
	}
	x.drawRanking(s, row)
}

// What the pictures of the ranking hold: a page each as many towns as can be read, and no more pages than anybody would leaf through.
const (
	rankedOnPage = 40
	mostRanked   = 240
)

// drawRanking draws the towns by their total scores, the highest first.
func (x *regional) drawRanking(s *sheet, row int) {
	b, n := s.b, len(x.records)
	from := quoted(b.say(sheetMatrix)) + "!"
	for first := 0; first < min(n, mostRanked); first += rankedOnPage {
		last := min(first+rankedOnPage, n)
		s.pageBreak(row)
		over := func(col string) string { return from + at(col, matrixHead+1+first) + ":" + at(col, matrixHead+last) }
		title := b.say(phrase{"Punktzahl gesamt der Kommunen", "Total scores of the towns"})
		if n > rankedOnPage {
			title += fmt.Sprintf(" (%d–%d)", first+1, last)
		}
		ranking := b.chart(excelize.Bar, title,
			b.say(phrase{"Punktzahl gesamt von {0} Kommunen von 0 bis 100 Prozent, die höchste oben.", "Total scores of {0} towns from 0 to 100 per cent, the highest first."}, itoa(last-first)),
			980, uint(100+13*(last-first)), b.bars(from+at("D", matrixHead), over("B"), over("D"), blue))
		ranking.GapWidth = ptr(uint(35))
		ranking.XAxis.Font = chartFont(8, false)
		ranking.Legend.Position = "none"
		s.draw(cell(1, row), ranking)
		row += 35
	}
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
			about[bench.QuestionNode(q.ID)] = named{b.say(wordQuestion), wording.QuestionNumber(i, j), q.Text.In(x.Lang), q.Unit.In(x.Lang)}
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

// writeQuestions shows how far answers lie apart and which questions stand out.
func (x *regional) writeQuestions(s *sheet, list []asking) {
	b, st := s.b, s.b.styles
	s.addHigh(26, value(st.title, b.say(sheetAsked)))
	s.add(value(st.lead, b.say(phrase{"Streuung: Breite der mittleren Hälfte in Prozentpunkten, vom unteren zum oberen Viertel.", "Spread: width of the middle half in percentage points, from the lower to the upper quarter."})))
	s.skip(1)
	head := s.head(3, b.say(wordNumber), b.say(wordSection), b.say(wordQuestion), "n", b.say(quartiles[0].name), b.say(wordMedian), b.say(quartiles[2].name), b.say(phrase{"Mittelwert", "Mean"}),
		b.say(phrase{"Streuung", "Spread"}), b.say(phrase{"Auffällig", "Stands out"}))
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
			a := asking{q: q, section: sec.Title.In(x.Lang), number: wording.QuestionNumber(i, j), n: n, spread: math.NaN()}
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
	s.addHigh(26, value(st.title, b.say(sheetSpread)))
	s.add(value(st.lead, b.say(phrase{"Wie oft jede Antwort einer Auswahlfrage gegeben wurde, unter allen eingereichten Selbsteinschätzungen.",
		"How often each answer of a choice question was given, among all submitted self-assessments."})))
	s.skip(1)
	head := s.head(3, b.say(wordNumber), b.say(wordSection), b.say(wordQuestion), b.say(wordAnswer), b.say(phrase{"Anzahl", "Count"}), b.say(phrase{"Anteil", "Share"}))
	for i := range list {
		a := &list[i]
		texts := labels(a.q, x.Lang)
		for _, o := range a.n.Options {
			if k := a.q.Option(o.Option); k >= 0 {
				s.add(value(st.text, a.number), value(st.text, a.section), value(st.text, a.q.Text.In(x.Lang)), value(st.text, texts[k]), value(st.whole, o.N), value(st.percent, shown(o.Share)))
			}
		}
	}
	s.filter(head, 6, s.next()-1)
}
