package reports

import (
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

var compareWidths = []float64{24, 12, 6, 44, 10, 11, 13, 11, 10, 11, 12, 17, 24}

// median is the median over all participants, nil if it is not published or there is no release.
func (p *plan) median(id bench.NodeID) any {
	if p.Release == nil {
		return nil
	}
	if g, ok := p.Release.Report.Group(region.All); ok && !g.Suppressed {
		if n, ok := g.Node(id); ok && n.Points.Median != nil {
			return percent(*n.Points.Median)
		}
	}
	return nil
}

// percent is a share of a release, which holds whole percent, as a cell holds it.
func percent(x float64) float64 { return float64(wording.Whole(x)) / 100 }

func (p *plan) medianCell(s *book.Sheet, id bench.NodeID) excelize.Cell {
	st := s.B.Styles
	m := p.median(id)
	switch {
	case p.Release == nil:
		return book.Value(st.Suppress, "–")
	case m == nil:
		return book.Value(st.Suppress, ".")
	}
	return book.Value(st.Share, m)
}

// writeCompare sets the own values beside the published release. It does not follow changed
// answers: the release was computed from what was submitted.
func (p *plan) writeCompare(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.AddHigh(26, book.Value(st.Title, b.Say(book.SheetCompare)))
	if p.Release == nil {
		s.Skip(1)
		s.Add(book.Value(st.Lead, b.Say(wording.Phrase{
			"Für diese Runde ist noch kein Vergleich veröffentlicht. Die Agentur veröffentlicht ihn nach dem Ende " +
				"der Runde; danach enthält diese Datei die Zahlen.",
			"No comparison has been published for this round yet. The agency publishes it after the round has ended; " +
				"from then on this file holds the figures."})))
		return
	}
	s.Add(book.Value(st.Lead, b.Say(wording.Phrase{
		"Veröffentlichung {0} vom {1}. Dieses Blatt zeigt die Werte beim Export; es rechnet nicht mit, wenn Sie " +
			"Antworten ändern. Ein Punkt „.“ heißt: nicht veröffentlicht, der Grund steht daneben.",
		"Release {0} of {1}. This sheet shows the values at the time of export; it does not follow changed answers. " +
			"A dot “.” means: not published, the reason stands beside it."},
		book.Itoa(p.Release.Number), wording.Cell(p.Lang).ShortDate(p.Release.At))))
	s.Skip(1)
	head := s.Head(4, b.Say(wording.Phrase{"Vergleichsgruppe", "Peer group"}), b.Say(wording.Phrase{"Ebene", "Kind"}),
		b.Say(book.WordNumber), b.Say(wording.Phrase{"Bezeichnung", "Name"}), b.Say(book.WordOwn),
		b.Say(wording.Phrase{"Einheit", "Unit"}), b.Say(wording.Phrase{"Kommunen (n)", "Towns (n)"}),
		b.Say(book.WordLowerQuarter), b.Say(book.WordMedian),
		b.Say(book.WordUpperQuarter), b.Say(wording.Phrase{"Mittelwert", "Mean"}),
		b.Say(wording.Phrase{"Ihre Lage", "Your position"}), b.Say(wording.Phrase{"Fußnote", "Footnote"}))
	p.writeStrengths(s)
	for _, id := range p.groups() {
		if g, ok := p.Release.Report.Group(id); ok {
			p.compareGroup(s, g)
		}
	}
	s.Filter(head, len(compareWidths), s.Next()-1)
}

// groups are the peer groups the town belongs to.
func (p *plan) groups() []region.GroupID {
	return region.GroupsFor(region.Member{AGS: p.Town.AGS, Population: p.Town.Population})
}

func (p *plan) groupName(id region.GroupID) string { return groupName(id, p.Lang, p.Districts) }

// groupName is what a reader calls a peer group.
func groupName(id region.GroupID, lang checklist.Lang, districts map[region.DistrictKey]string) string {
	kind, key, _ := strings.Cut(string(id), ":")
	switch kind {
	case "district":
		if name := districts[region.DistrictKey(key)]; name != "" {
			return name
		}
		return book.WordDistrict.In(lang) + " " + key
	case "size":
		names := map[region.SizeClass]wording.Phrase{
			region.Under10000: {"unter 10.000 Einw.", "under 10,000 inhabitants"},
			region.Under20000: {"10.000 bis unter 20.000 Einw.", "10,000 to under 20,000 inhabitants"},
			region.Under50000: {"20.000 bis unter 50.000 Einw.", "20,000 to under 50,000 inhabitants"},
			region.Over50000:  {"ab 50.000 Einw.", "50,000 inhabitants and more"}}
		return names[region.SizeClass(key)].In(lang)
	}
	return wording.Phrase{"Alle Kommunen", "All towns"}.In(lang)
}

// compareGroup writes a group's rows as far as they show a figure; what is hidden is one line with the reason.
func (p *plan) compareGroup(s *book.Sheet, g *bench.Group) {
	b, r := s.B, p.View.Result
	name := p.groupName(g.ID)
	all, hidden, reasons := 0, 0, hiddenReasons(g)
	for i := range g.Nodes {
		for _, f := range compared(&g.Nodes[i]) {
			all++
			hidden += book.Ternary(shows(f), 0, 1)
		}
	}
	if g.Suppressed || hidden == all {
		p.hiddenLine(s, b.Say(wording.Phrase{"{0}: nicht gezeigt, weil {1}.", "{0}: not shown because {1}."}, name,
			because(b, reasons)))
		return
	}
	defer func() {
		if hidden > 0 {
			p.hiddenLine(s, b.Say(wording.Phrase{"{0}: {1} von {2} Zeilen nicht gezeigt, weil {3}.",
				"{0}: {1} of {2} rows not shown because {3}."},
				name, book.Itoa(hidden), book.Itoa(all), because(b, reasons)))
		}
	}()
	if n, ok := g.Node(bench.Total); ok && shows(&n.Points) {
		p.compareRow(s, name, b.Say(book.WordTotal), "", b.Say(book.WordTotal), r.Score, g, n)
	}
	for i := range p.sections {
		t := &p.sections[i]
		if n, ok := g.Node(bench.SectionNode(t.s.ID)); ok && shows(&n.Points) {
			p.compareRow(s, name, b.Say(book.WordSection), book.Itoa(i+1), t.s.Title.In(p.Lang), t.result.Score, g, n)
		}
	}
	for i := range p.asked {
		a := &p.asked[i]
		n, ok := g.Node(bench.QuestionNode(a.q.ID))
		if !ok {
			continue
		}
		if n.Scored && shows(&n.Points) {
			p.compareRow(s, name, b.Say(book.WordQuestion), a.number, a.q.Text.In(p.Lang), a.result.Points, g, n)
		}
		if n.Unit != nil && shows(n.Unit) {
			p.compareUnit(s, name, a, g, n)
		}
	}
}

// compared are the figures of a node, a row each: points, and a number's own. A question without
// both has only its options.
func compared(n *bench.Node) (rows []*bench.Figures) {
	if !n.ID.IsQuestion() || n.Scored {
		rows = append(rows, &n.Points)
	}
	if n.Unit != nil {
		rows = append(rows, n.Unit)
	}
	return rows
}

// shows reports whether there is anything in a row.
func shows(f *bench.Figures) bool {
	return f.Q1 != nil || f.Median != nil || f.Q3 != nil || f.Mean != nil
}

// hiddenReasons are why figures of a group are missing, each once, in the order of the rows without figures.
func hiddenReasons(g *bench.Group) []bench.Reason {
	if g.Suppressed {
		return []bench.Reason{g.Reason}
	}
	var out []bench.Reason
	for i := range g.Nodes {
		n := &g.Nodes[i]
		for _, f := range compared(n) {
			if shows(f) {
				continue
			}
			prefix := book.Ternary(f == n.Unit, "unit.", "")
			for _, name := range []string{"median", "mean"} {
				if r, ok := n.Reasons[prefix+name]; ok && !slices.Contains(out, r) {
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// hiddenLine says in one row what a group does not show.
func (p *plan) hiddenLine(s *book.Sheet, text string) {
	st := s.B.Styles
	cells := []any{book.Value(st.Text, text)}
	for range len(compareWidths) - 1 {
		cells = append(cells, book.Value(st.Text, nil))
	}
	s.Merge(s.Add(cells...), 1, len(compareWidths))
}

// mostStrengths is how many questions are named as strengths, and as weaknesses.
const mostStrengths = 5

// writeStrengths begins the table with the questions in which the town is farthest above and below
// the median of all towns.
func (p *plan) writeStrengths(s *book.Sheet) {
	g, ok := p.Release.Report.Group(region.All)
	if !ok || g.Suppressed {
		return
	}
	type gap struct {
		a    *asked
		n    *bench.Node
		size int // tenths of a percentage point over the median, negative below it
	}
	var gaps []gap
	for i := range p.asked {
		a := &p.asked[i]
		if n, ok := g.Node(bench.QuestionNode(a.q.ID)); ok && n.Scored && n.Points.Median != nil &&
			a.result.Points != nil {
			gaps = append(gaps, gap{a, n, wording.Tenths(*a.result.Points) - 10*wording.Whole(*n.Points.Median)})
		}
	}
	slices.SortStableFunc(gaps, func(a, b gap) int { return b.size - a.size })
	write := func(name wording.Phrase, x gap) {
		p.compareRow(s, s.B.Say(name), s.B.Say(book.WordQuestion), x.a.number, x.a.q.Text.In(p.Lang),
			x.a.result.Points, g, x.n)
	}
	for _, x := range gaps[:min(mostStrengths, len(gaps))] {
		if x.size > 0 {
			write(wording.Phrase{"Stärke (alle Kommunen)", "Strength (all towns)"}, x)
		}
	}
	slices.Reverse(gaps)
	slices.SortStableFunc(gaps, func(a, b gap) int { return a.size - b.size })
	for _, x := range gaps[:min(mostStrengths, len(gaps))] {
		if x.size < 0 {
			write(wording.Phrase{"Schwäche (alle Kommunen)", "Weakness (all towns)"}, x)
		}
	}
}

// compareRow writes a node's scores in percent.
func (p *plan) compareRow(s *book.Sheet, group, kind, number, title string, own *float64, g *bench.Group,
	n *bench.Node) {
	b, st := s.B, s.B.Styles
	mine, where := book.Value(st.Suppress, "–"), ""
	if own != nil {
		mine = book.Value(st.Percent, book.Shown(*own))
		where = position(b, p.Release.Report.Position(g.ID, n.ID, *own))
	}
	cells := []any{book.Value(st.Text, group), book.Value(st.Text, kind), book.Value(st.Text, number),
		book.Value(st.Text, title), mine, book.Value(st.Text, "%"), count(b, n)}
	for _, f := range []*float64{n.Points.Q1, n.Points.Median, n.Points.Q3, n.Points.Mean} {
		if f == nil {
			cells = append(cells, book.Value(st.Suppress, "."))
		} else {
			cells = append(cells, book.Value(st.Share, percent(*f)))
		}
	}
	s.Add(append(cells, book.Value(st.Text, where), book.Value(st.Text, footnote(b, n, "")))...)
}

// compareUnit writes a number question's own figures.
func (p *plan) compareUnit(s *book.Sheet, group string, a *asked, g *bench.Group, n *bench.Node) {
	b, st := s.B, s.B.Styles
	mine, where := book.Value(st.Suppress, "–"), ""
	if a.entry.Given && a.entry.Answer.Kind == checklist.AnswerNumber && a.result.State.String() == "answered" {
		x := a.entry.Answer.Number.InexactFloat64()
		mine = book.Value(st.Decimal, x)
		where = position(b, p.Release.Report.UnitPosition(g.ID, n.ID, x))
	}
	cells := []any{book.Value(st.Text, group), book.Value(st.Text, b.Say(wording.Phrase{"Kennzahl", "Figure"})),
		book.Value(st.Text, a.number), book.Value(st.Text, a.q.Text.In(p.Lang)), mine,
		book.Value(st.Text, a.q.Unit.In(p.Lang)), count(b, n)}
	for _, f := range []*float64{n.Unit.Q1, n.Unit.Median, n.Unit.Q3, n.Unit.Mean} {
		if f == nil {
			cells = append(cells, book.Value(st.Suppress, "."))
		} else {
			cells = append(cells, book.Value(st.Decimal, *f))
		}
	}
	s.Add(append(cells, book.Value(st.Text, where), book.Value(st.Text, footnote(b, n, "unit.")))...)
}

// count is how many towns stand behind a node: a number, or a band of a question.
func count(b *book.Book, n *bench.Node) excelize.Cell {
	switch {
	case n.Band != "":
		return book.Value(b.Styles.Suppress, n.Band)
	case n.ID.IsQuestion() || n.N == 0:
		return book.Value(b.Styles.Suppress, ".")
	}
	return book.Value(b.Styles.Whole, n.N)
}

// footnote says why figures of a row are dots: each reason once. Prefix "unit." asks for the figures in the unit.
func footnote(b *book.Book, n *bench.Node, prefix string) string {
	var out []string
	seen := map[bench.Reason]bool{}
	for _, f := range []string{"n", prefix + "median", prefix + "mean", prefix + "q1", prefix + "q3"} {
		r, ok := n.Reasons[f]
		if !ok || seen[r] {
			continue
		}
		seen[r] = true
		out = append(out, why(b, r))
	}
	return strings.Join(out, "; ")
}

// because says reasons in a sentence.
func because(b *book.Book, reasons []bench.Reason) string {
	var out []string
	for _, r := range reasons {
		if because := wording.Because(b.Lang, r); because != "" {
			out = append(out, because)
		}
	}
	if len(out) == 0 {
		return b.Say(wording.Phrase{"niemand geantwortet hat", "nobody answered"})
	}
	return strings.Join(out, b.Say(wording.Phrase{" und weil ", " and because "}))
}

func why(b *book.Book, r bench.Reason) string {
	if why := wording.Suppressed(b.Lang, r); why != "" {
		return ". " + why
	}
	return ""
}

// position is where the own value lies, as far as the release tells.
func position(b *book.Book, p bench.Position) string {
	if p.Side == bench.AtMedian {
		return b.Say(wording.Phrase{"am Median", "at the median"})
	}
	switch p.Quarter {
	case bench.TopQuarter:
		return b.Say(wording.Phrase{"oberes Viertel", "upper quarter"})
	case bench.ThirdQuarter:
		return b.Say(wording.Phrase{"über der Mitte", "above the middle"})
	case bench.SecondQuarter:
		return b.Say(wording.Phrase{"unter der Mitte", "below the middle"})
	case bench.BottomQuarter:
		return b.Say(wording.Phrase{"unteres Viertel", "lower quarter"})
	}
	switch p.Side {
	case bench.AboveMedian:
		return b.Say(wording.Phrase{"über dem Median", "above the median"})
	case bench.BelowMedian:
		return b.Say(wording.Phrase{"unter dem Median", "below the median"})
	}
	return ""
}
