package reports

import (
	"fmt"
	"math"
	"sort"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// valuesHead is the header row of the exact values; the towns follow, then the quartiles.
const valuesHead = 1

// quartiles are the rows under the exact values.
var quartiles = []struct {
	name wording.Phrase
	q    int
}{{book.WordLowerQuarter, 1}, {book.WordMedian, 2}, {book.WordUpperQuarter, 3}}

// writeValues writes the exact scores in [0, 1] and their quartiles as formulas, so that a reader can recompute them.
func (x *regional) writeValues(s *book.Sheet) {
	st := s.B.Styles
	titles := []string{"AGS", s.B.Say(book.WordTown)}
	for _, id := range x.nodes {
		titles = append(titles, string(id))
	}
	s.Head(2, titles...)
	columns := make([][]float64, len(x.nodes))
	for i := range x.records {
		r := &x.records[i]
		cells := []any{book.Value(st.Ags, string(r.AGS)), book.Value(st.Text, x.names[r.AGS].Name)}
		for j, v := range r.Values {
			if math.IsNaN(v) {
				cells = append(cells, nil)
				continue
			}
			cells = append(cells, book.Value(st.Text, v))
			columns[j] = append(columns[j], v)
		}
		s.Add(cells...)
	}
	if len(x.records) == 0 {
		return
	}
	for i := range columns {
		sort.Float64s(columns[i])
	}
	for _, q := range quartiles {
		cells := []any{nil, book.Value(st.Bold, s.B.Say(q.name))}
		for j := range x.nodes {
			over := fmt.Sprintf("%[1]s$%[2]d:%[1]s$%[3]d", book.Column(j+3), valuesHead+1, valuesHead+len(x.records))
			v := any(nil)
			if len(columns[j]) > 0 {
				v = bench.Quantile(columns[j], float64(q.q)/4)
			}
			cells = append(cells, book.Formula(st.Bold,
				fmt.Sprintf(`IF(COUNT(%[1]s)=0,"",_xlfn.QUARTILE.INC(%[1]s,%[2]d))`, over, q.q), v))
		}
		s.Add(cells...)
	}
	x.writeBands(s, columns)
}

// writeBands writes what the middle halves are drawn from: what lies below them, and their two parts.
func (x *regional) writeBands(s *book.Sheet, columns [][]float64) {
	first := s.Next() - len(quartiles)
	for i, name := range []wording.Phrase{{"\u00a0", "\u00a0"},
		{"unteres Viertel bis Median", "lower quarter to median"},
		{"Median bis oberes Viertel", "median to upper quarter"}} {
		cells := []any{nil, book.Value(s.B.Styles.Bold, s.B.Say(name))}
		for j := range x.nodes[:1+len(x.Definition.Sections)] {
			col := book.Column(j + 3)
			f, v := cut(fmt.Sprintf("%s%d", col, first)), any(nil)
			if i > 0 {
				f = cut(fmt.Sprintf("%s%d", col, first+i)) + "-" + cut(fmt.Sprintf("%s%d", col, first+i-1))
			}
			if len(columns[j]) > 0 {
				x := wording.Tenths(bench.Quantile(columns[j], float64(i+1)/4))
				if i > 0 {
					x -= wording.Tenths(bench.Quantile(columns[j], float64(i)/4))
				}
				v = book.Fraction(x)
			}
			cells = append(cells, book.Formula(s.B.Styles.Bold, fmt.Sprintf(`IF(ISNUMBER(%s%d),%s,"")`, col, first, f),
				v))
		}
		s.Add(cells...)
	}
}

// writeMatrix sets towns against sections, coloured by their score.
func (x *regional) writeMatrix(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.AddHigh(26, book.Value(st.Title, b.Say(wording.Phrase{"Kommunen und Abschnitte", "Towns and sections"})))
	s.Add(book.Value(st.Lead, b.Say(wording.Phrase{"Dunkler heißt höher. Sortiert nach der Punktzahl gesamt.",
		"Darker means higher. Sorted by the total."})))
	s.Skip(1)
	titles := []string{b.Say(book.WordKey), b.Say(book.WordTown), b.Say(book.WordDistrict), b.Say(book.WordTotal)}
	for i := range x.Definition.Sections {
		titles = append(titles, x.Definition.Sections[i].Title.In(x.Lang))
	}
	head := s.Head(2, titles...)
	columns := len(titles) - 3
	for i := range x.records {
		r := &x.records[i]
		town := x.names[r.AGS]
		cells := []any{book.Value(st.Ags, string(r.AGS)), book.Value(st.Text, town.Name),
			book.Value(st.Text, town.District.Name)}
		for _, v := range r.Values[:columns] {
			if math.IsNaN(v) {
				cells = append(cells, book.Value(st.Suppress, "–"))
			} else {
				cells = append(cells, book.Value(st.Percent, book.Shown(v)))
			}
		}
		s.Add(cells...)
	}
	last := s.Next() - 1
	if last == head {
		return
	}
	s.Filter(head, len(titles), last)
	b.Keep(b.F.AddIgnoredErrors(s.Name, fmt.Sprintf("A%d:A%d", head+1, last), excelize.IgnoredErrorsNumberStoredAsText))
	b.Keep(b.F.SetConditionalFormat(s.Name, book.Cell(4, head+1)+":"+book.Cell(len(titles), last),
		[]excelize.ConditionalFormatOptions{{Type: "3_color_scale", Criteria: "=",
			MinType: "num", MinValue: "0", MinColor: "#FFFFFF", MidType: "num", MidValue: "0.5", MidColor: "#BBD3EE",
			MaxType: "num", MaxValue: "1", MaxColor: "#6FA3DA"}}))
	x.matrixQuartiles(s, columns)
}

// matrixHead is the header row of the matrix; the towns follow.
const matrixHead = 4

// matrixQuartiles repeats the quartiles of the exact values, cut to what is shown.
func (x *regional) matrixQuartiles(s *book.Sheet, columns int) {
	b, st := s.B, s.B.Styles
	g, _ := x.Report.Group(region.All)
	for k, q := range quartiles {
		cells := []any{book.Value(st.Group, nil), book.Value(st.Group, b.Say(q.name)), book.Value(st.Group, nil)}
		for j := range columns {
			from := book.Quoted(b.Say(sheetValues)) + "!" + book.At(book.Column(j+3), valuesHead+1+len(x.records)+k)
			v := any("–")
			if g != nil {
				if n, ok := g.Node(x.nodes[j]); ok {
					if f := []*float64{n.Points.Q1, n.Points.Median, n.Points.Q3}[k]; f != nil {
						v = book.Shown(*f)
					}
				}
			}
			cells = append(cells, book.Formula(st.PercentBold, fmt.Sprintf(`IF(ISNUMBER(%[1]s),%[2]s,"–")`, from,
				cut(from)), v))
		}
		s.Add(cells...)
	}
}

// writeCharts draws the sections' middle halves and the ranking of the towns, each on a page of its own.
func (x *regional) writeCharts(s *book.Sheet) {
	b := s.B
	s.AddHigh(26, book.Value(b.Styles.Title, b.Say(book.SheetCharts)))
	n, sections := len(x.records), len(x.Definition.Sections)
	if n == 0 {
		s.Skip(1)
		s.Add(book.Value(b.Styles.Lead,
			b.Say(wording.Phrase{"Noch keine Kommune hat eingereicht.", "No town has submitted yet."})))
		return
	}
	// the quartiles, then what the bands are drawn from
	bands := valuesHead + n + len(quartiles) + 1
	values := func(row, from, to int) string {
		return book.Quoted(b.Say(sheetValues)) + "!" + book.At(book.Column(from), row) + ":" +
			book.At(book.Column(to), row)
	}
	name := func(row int) string { return book.Quoted(b.Say(sheetValues)) + "!" + book.At("B", row) }
	titles := book.Quoted(b.Say(book.SheetMatrix)) + "!" + book.At(book.Column(5), matrixHead) + ":" +
		book.At(book.Column(4+sections), matrixHead)
	band := func(i int, color string) excelize.ChartSeries {
		return excelize.ChartSeries{Name: name(bands + i), Categories: titles, Values: values(bands+i, 4, 3+sections),
			Fill: book.Solid(color)}
	}
	none := band(0, "")
	none.Fill = excelize.Fill{Type: "pattern"}
	alt := b.Say(
		wording.Phrase{"Mittlere Hälfte und Median je Abschnitt von 0 bis 100 Prozent, {0} Kommunen. Die Zahlen " +
			"stehen im Blatt „Matrix“.",
			"Middle half and median by section from 0 to 100 per cent, {0} towns. The figures stand on the sheet " +
				"“Matrix”."}, book.Itoa(n))
	height := 140 + 42*sections
	middle := b.Chart(excelize.BarStacked,
		b.Say(wording.Phrase{"Abschnitte: mittlere Hälfte der Kommunen, am Farbwechsel der Median",
			"Sections: middle half of the towns, the median where the colour changes"}),
		alt, 980, uint(height), none, band(1, "9DB7D5"), band(2, book.Blue))
	middle.GapWidth = book.Ptr(uint(45))
	s.Draw(book.Cell(1, 3), middle)
	b.LeaveOut()
	row := 4 + height/20
	for s.Next() < row {
		s.Skip(1)
	}
	x.drawRanking(s, row)
}

// What the pictures of the ranking hold: a page each as many towns as can be read, and no more
// pages than anybody would leaf through.
const (
	rankedOnPage = 40
	mostRanked   = 240
)

// drawRanking draws the towns by their total scores, the highest first.
func (x *regional) drawRanking(s *book.Sheet, row int) {
	b, n := s.B, len(x.records)
	from := book.Quoted(b.Say(book.SheetMatrix)) + "!"
	for first := 0; first < min(n, mostRanked); first += rankedOnPage {
		last := min(first+rankedOnPage, n)
		s.PageBreak(row)
		over := func(col string) string {
			return from + book.At(col, matrixHead+1+first) + ":" + book.At(col, matrixHead+last)
		}
		title := b.Say(wording.Phrase{"Punktzahl gesamt der Kommunen", "Total scores of the towns"})
		if n > rankedOnPage {
			title += fmt.Sprintf(" (%d–%d)", first+1, last)
		}
		ranking := b.Chart(excelize.Bar, title,
			b.Say(wording.Phrase{"Punktzahl gesamt von {0} Kommunen von 0 bis 100 Prozent, die höchste oben.",
				"Total scores of {0} towns from 0 to 100 per cent, the highest first."}, book.Itoa(last-first)),
			980, uint(100+13*(last-first)), b.Bars(from+book.At("D", matrixHead), over("B"), over("D"), book.Blue))
		ranking.GapWidth = book.Ptr(uint(35))
		ranking.XAxis.Font = book.ChartFont(8, false)
		ranking.Legend.Position = "none"
		s.Draw(book.Cell(1, row), ranking)
		row += 35
	}
}

// writeCompare lists all figures of all groups.
func (x *regional) writeCompare(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.AddHigh(26, book.Value(st.Title, b.Say(book.SheetCompare)))
	s.Skip(1)
	head := s.Head(4, b.Say(wording.Phrase{"Vergleichsgruppe", "Peer group"}), b.Say(wording.Phrase{"Ebene", "Kind"}),
		b.Say(book.WordNumber), b.Say(wording.Phrase{"Bezeichnung", "Name"}), b.Say(wording.Phrase{"Einheit", "Unit"}),
		"n",
		b.Say(wording.Phrase{"Minimum", "Minimum"}), b.Say(quartiles[0].name), b.Say(book.WordMedian),
		b.Say(quartiles[2].name), b.Say(wording.Phrase{"Maximum", "Maximum"}),
		b.Say(wording.Phrase{"Mittelwert", "Mean"}))
	type named struct{ kind, number, title, unit string }
	about := map[bench.NodeID]named{bench.Total: {b.Say(book.WordTotal), "", b.Say(book.WordTotal), ""}}
	for i := range x.Definition.Sections {
		sec := &x.Definition.Sections[i]
		about[bench.SectionNode(sec.ID)] = named{b.Say(book.WordSection), book.Itoa(i + 1), sec.Title.In(x.Lang), ""}
		for j := range sec.Questions {
			q := &sec.Questions[j]
			about[bench.QuestionNode(q.ID)] = named{b.Say(book.WordQuestion), wording.QuestionNumber(i, j),
				q.Text.In(x.Lang), q.Unit.In(x.Lang)}
		}
	}
	write := func(group string, n int, a named, f *bench.Figures, scored bool) {
		cells := []any{book.Value(st.Text, group), book.Value(st.Text, a.kind), book.Value(st.Text, a.number),
			book.Value(st.Text, a.title), book.Value(st.Text, a.unit), book.Value(st.Whole, n)}
		for _, v := range []*float64{f.Min, f.Q1, f.Median, f.Q3, f.Max, f.Mean} {
			switch {
			case v == nil:
				cells = append(cells, book.Value(st.Suppress, "–"))
			case scored:
				cells = append(cells, book.Value(st.Percent, book.Shown(*v)))
			default:
				cells = append(cells, book.Value(st.Points, *v))
			}
		}
		s.Add(cells...)
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
				write(name, n.UnitN, named{b.Say(wording.Phrase{"Kennzahl", "Figure"}), a.number, a.title, a.unit},
					n.Unit, false)
			}
		}
	}
	s.Filter(head, 12, s.Next()-1)
}
