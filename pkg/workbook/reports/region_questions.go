package reports

import (
	"math"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

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
func (x *regional) writeQuestions(s *book.Sheet, list []asking) {
	b, st := s.B, s.B.Styles
	s.AddHigh(26, book.Value(st.Title, b.Say(book.SheetAsked)))
	s.Add(book.Value(st.Lead, b.Say(wording.Phrase{
		"Streuung: Breite der mittleren Hälfte in Prozentpunkten, vom unteren zum oberen Viertel.",
		"Spread: width of the middle half in percentage points, from the lower to the upper quarter.",
	})))
	s.Skip(1)
	head := s.Head(3, b.Say(book.WordNumber), b.Say(book.WordSection), b.Say(book.WordQuestion), "n",
		b.Say(quartiles[0].name), b.Say(book.WordMedian), b.Say(quartiles[2].name),
		b.Say(wording.Phrase{"Mittelwert", "Mean"}),
		b.Say(wording.Phrase{"Streuung", "Spread"}), b.Say(wording.Phrase{"Auffällig", "Stands out"}))
	x.remark(list)
	for i := range list {
		a := &list[i]
		cells := []any{book.Value(st.Text, a.number), book.Value(st.Text, a.section),
			book.Value(st.Text, a.q.Text.In(x.Lang)), book.Value(st.Whole, a.n.N)}
		for _, v := range []*float64{a.n.Points.Q1, a.n.Points.Median, a.n.Points.Q3, a.n.Points.Mean} {
			if v == nil {
				cells = append(cells, book.Value(st.Suppress, "–"))
			} else {
				cells = append(cells, book.Value(st.Percent, book.Shown(*v)))
			}
		}
		spread := book.Value(st.Suppress, "–")
		if !math.IsNaN(a.spread) {
			spread = book.Value(st.Points, 100*a.spread)
		}
		remarks := ""
		for j, r := range a.remarks {
			remarks += book.Ternary(j > 0, ", ", "") + r
		}
		s.Add(append(cells, spread, book.Value(st.Text, remarks))...)
	}
	s.Filter(head, 10, s.Next()-1)
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
			a := asking{q: q, section: sec.Title.In(x.Lang), number: wording.QuestionNumber(i, j), n: n,
				spread: math.NaN()}
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
		name  wording.Phrase
		found []bench.Standing
	}{
		{wording.Phrase{"stärkste", "strongest"}, bench.Strongest(g, most)},
		{wording.Phrase{"schwächste", "weakest"}, bench.Weakest(g, most)},
		{wording.Phrase{"größte Streuung", "widest spread"}, bench.WidestSpread(g, most)},
	} {
		for i, s := range m.found {
			at[s.Node].remarks = append(at[s.Node].remarks, x.b.Say(m.name)+" "+book.Itoa(i+1))
		}
	}
}

// writeDistributions lists how many chose each option of the choice questions.
func (x *regional) writeDistributions(s *book.Sheet, list []asking) {
	b, st := s.B, s.B.Styles
	s.AddHigh(26, book.Value(st.Title, b.Say(book.SheetSpread)))
	s.Add(book.Value(st.Lead, b.Say(
		wording.Phrase{"Wie oft jede Antwort einer Auswahlfrage gegeben wurde, unter allen eingereichten " +
			"Selbsteinschätzungen.",
			"How often each answer of a choice question was given, among all submitted self-assessments."})))
	s.Skip(1)
	head := s.Head(3, b.Say(book.WordNumber), b.Say(book.WordSection), b.Say(book.WordQuestion),
		b.Say(book.WordAnswer), b.Say(wording.Phrase{"Anzahl", "Count"}), b.Say(wording.Phrase{"Anteil", "Share"}))
	for i := range list {
		a := &list[i]
		texts := book.Labels(a.q, x.Lang)
		for _, o := range a.n.Options {
			if k := a.q.Option(o.Option); k >= 0 {
				s.Add(book.Value(st.Text, a.number), book.Value(st.Text, a.section),
					book.Value(st.Text, a.q.Text.In(x.Lang)), book.Value(st.Text, texts[k]), book.Value(st.Whole, o.N),
					book.Value(st.Percent, book.Shown(o.Share)))
			}
		}
	}
	s.Filter(head, 6, s.Next()-1)
}
