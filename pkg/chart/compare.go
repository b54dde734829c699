package chart

import (
	"math"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

// Comparison is what the pictures of sections or questions show: rows of a group's figures with or
// without an own score.
type Comparison struct {
	ID, Title string
	Lang      checklist.Lang
	Own       string // whose the own scores are; empty: there are none
	Group     string // who is compared with: "alle 38 Kommunen"
	Whole     bool   // the group's figures are whole percent (a release)
	Rounded   bool   // a release of before, whose whole percents are rounded and not cut
	Extremes  bool   // minimum and maximum are shown (the agency)
	Rows      []Row
}

// Row is one section or question.
type Row struct {
	Name   string
	Own    *float64       // [0, 1]; nil: undefined
	Node   *bench.Node    // nil: the group has no figures for it
	Reason bench.Reason   // why Node is nil
	Place  bench.Position // of the own score, by the figures that are shown
}

// Sections returns the rows of a checklist's sections. own may be nil, report too; the group may be
// missing or suppressed.
func Sections(d *checklist.Definition, lang checklist.Lang, own *score.Result, report *bench.Report,
	id region.GroupID) []Row {
	var group *bench.Group
	if report != nil {
		group, _ = report.Group(id)
	}
	rows := make([]Row, len(d.Sections))
	for i := range d.Sections {
		s := &d.Sections[i]
		rows[i] = Row{Name: s.Title.In(lang)}
		if own != nil && i < len(own.Sections) {
			rows[i].Own = own.Sections[i].Score
		}
		rows[i].Node, rows[i].Reason = nodeOf(group, bench.SectionNode(s.ID))
		if f := finite(rows[i].Own); f != nil && rows[i].Node != nil {
			rows[i].Place = report.Position(id, bench.SectionNode(s.ID), *f)
		}
	}
	return rows
}

func nodeOf(g *bench.Group, id bench.NodeID) (*bench.Node, bench.Reason) {
	if g == nil {
		return nil, ""
	}
	if g.Suppressed {
		return nil, g.Reason
	}
	n, _ := g.Node(id)
	return n, ""
}

// figure returns one of the row's figures and, if it is missing, why.
func (r Row) figure(name string) (*float64, bench.Reason) {
	if r.Node == nil {
		return nil, r.Reason
	}
	f := map[string]*float64{"min": r.Node.Points.Min, "q1": r.Node.Points.Q1, "median": r.Node.Points.Median,
		"q3": r.Node.Points.Q3, "max": r.Node.Points.Max, "mean": r.Node.Points.Mean}[name]
	if f = finite(f); f != nil {
		return f, ""
	}
	return nil, r.Node.Reasons[name]
}

// hasQuartiles reports whether a box or a band can be drawn for the row.
func (r Row) hasQuartiles() bool {
	for _, name := range []string{"q1", "median", "q3"} {
		if f, _ := r.figure(name); f == nil {
			return false
		}
	}
	return true
}

func (c Comparison) writer() writer { return writer{lang: c.Lang, whole: c.Whole} }

func (c Comparison) names() []string {
	names := make([]string, len(c.Rows))
	for i, r := range c.Rows {
		names[i] = short(wording.SectionTitle(i, r.Name), 70)
	}
	return names
}

// table lists the figures of the rows: the own score, the quartiles and, for the agency, the extremes.
func (c Comparison) table(f *footnotes) Table {
	w := c.writer()
	columns := []string{"q1", "median", "q3"}
	if c.Extremes {
		columns = []string{"min", "q1", "median", "q3", "max"}
	}
	titles := []string{w.word("section")}
	if c.Own != "" {
		titles = append(titles, c.Own)
	}
	for _, name := range columns {
		titles = append(titles, w.word(name))
	}
	t := Table{Head: head(titles...)}
	for i, r := range c.Rows {
		cells := []Cell{{Text: wording.SectionTitle(i, r.Name)}}
		if c.Own != "" {
			cells = append(cells, w.own(r.Own))
		}
		for _, name := range columns {
			cells = append(cells, f.cell(r.figure(name)))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// tip says in words what a row holds.
func (c Comparison) tip(r Row) string {
	w := c.writer()
	text := plain(r.Name)
	if own := finite(r.Own); c.Own != "" && own != nil {
		text += "\n" + plain(c.Own) + ": " + w.percent(*own)
	}
	for _, name := range []string{"min", "q1", "median", "q3", "max"} {
		f, reason := r.figure(name)
		switch {
		case f != nil:
			text += "\n" + w.word(name) + ": " + w.group(*f)
		case reason != "" && name == "median":
			text += "\n" + w.word(name) + ": " + wording.Dot + " " + wording.NotDrawn(c.Lang, "")
		}
	}
	return text
}

// Place returns where a score or a published figure in [0, 1] stands on the scale of 0 to 100.
func (c Comparison) Place(f float64) float64 { return c.drawn(f) }

// drawn returns the place of a figure in percent: a group's no more exact than it is shown, and
// the own score by the same measure, so that who is on the median is drawn on it.
func (c Comparison) drawn(f float64) float64 {
	switch {
	case c.Whole && c.Rounded:
		return math.Round(100 * f)
	case c.Whole:
		return whole(f)
	}
	return points(f)
}

// start returns the chart with its table; the picture comes on top.
func (c Comparison) start() (Chart, *footnotes) {
	f := &footnotes{writer: c.writer()}
	out := Chart{ID: c.ID, Title: c.Title, Table: c.table(f)}
	out.Notes = f.notes()
	return out, f
}

// anything reports whether there is something to draw.
func (c Comparison) anything() bool {
	for _, r := range c.Rows {
		if m, _ := r.figure("median"); m != nil || finite(r.Own) != nil {
			return true
		}
	}
	return false
}
