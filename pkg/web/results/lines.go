package results

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// ComparedLine is one row: the own value, the group's figures as they are shown, and where the town stands.
type ComparedLine struct {
	ID                   string // of the row, where something leads to it
	Number, Title, URL   string
	Unit                 string // the figures are the question's own, in this unit; empty: they are points
	Own                  string
	Q1, Median, Q3, Mean string // a figure, a dot with its footnote, or a dash
	N                    string
	Position             string // in words; empty: not to be told
	Options              *ChartView
}

type ComparedSection struct {
	ComparedLine
	Questions []ComparedLine
}

// TownComparison puts a town's own result beside one group of a release.
type TownComparison struct {
	R      *site.Request
	View   assessment.View
	Report *bench.Report
	Group  *bench.Group
	Foot   *FootnoteList
	source string // of the charts
}

func (c *TownComparison) Total() *ComparedLine {
	line := c.line(bench.Total, c.View.Result.Score)
	line.Title = c.R.Text.Text("benchmark.total")
	return &line
}

func (c *TownComparison) Sections(v *AssessmentBenchmarkView) []ComparedSection {
	lang := site.LangOf(c.R)
	var out []ComparedSection
	for i := range c.View.Definition.Sections {
		section := &c.View.Definition.Sections[i]
		result := &c.View.Result.Sections[i]
		s := ComparedSection{ComparedLine: c.line(bench.SectionNode(section.ID), result.Score)}
		s.Title, s.Number, s.URL = section.Title.In(lang), site.OfNumber(int64(i+1)),
			v.Address("/sections/"+string(section.ID))
		for j := range section.Questions {
			q := &section.Questions[j]
			n, ok := c.Group.Node(bench.QuestionNode(q.ID))
			if !ok {
				continue // nothing that could be compared: a text, a date
			}
			for _, line := range c.question(q, n, result.Questions[j]) {
				line.Number, line.Title, line.URL = wording.QuestionNumber(i, j), q.Text.In(lang),
					s.URL+"#q-"+string(q.ID)
				if line.Unit == "" || len(s.Questions) == 0 || s.Questions[len(s.Questions)-1].URL != line.URL {
					line.ID = "frage-" + string(q.ID)
				}
				s.Questions = append(s.Questions, line)
			}
		}
		out = append(out, s)
	}
	return out
}

// question returns a question's lines: its points, with the distribution of its options where there is one to draw, and
// a number's own figures. An unscored question has no points.
func (c *TownComparison) question(q *checklist.Question, n *bench.Node, result score.QuestionResult) []ComparedLine {
	var lines []ComparedLine
	answered := result.State == score.Answered
	if n.Scored || n.Choice {
		var own *float64
		if answered {
			own = result.Points
		}
		line := c.line(n.ID, own)
		if n.Options != nil {
			var chosen checklist.OptionID
			if e := c.View.Entries[q.ID]; answered && len(e.Answer.Options) == 1 {
				chosen = e.Answer.Options[0]
			}
			picture := ChartViewOf(chart.Distribution(chart.OptionShares(q, n, chosen, site.LangOf(c.R)))).From(
				c.source)
			line.Options = &picture
		}
		lines = append(lines, line)
	}
	if n.Unit != nil {
		lines = append(lines, c.figures(q, n, answered))
	}
	return lines
}

// line compares points in percent.
func (c *TownComparison) line(id bench.NodeID, own *float64) ComparedLine {
	f := c.R.Text.Words()
	line := ComparedLine{Own: "–", Q1: "–", Median: "–", Q3: "–", Mean: "–", N: "–"}
	if own != nil {
		line.Own = f.Percent(*own)
	}
	n, ok := c.Group.Node(id)
	if !ok {
		return line
	}
	c.fill(&line, n, n.Points, "", f.WholePercent)
	if own != nil {
		line.Position = positionInWords(c.R.Text, c.Report.Position(c.Group.ID, id, *own))
	}
	return line
}

// figures compares the numbers given to a question, in its unit.
func (c *TownComparison) figures(q *checklist.Question, n *bench.Node, answered bool) ComparedLine {
	f := c.R.Text.Words()
	line := ComparedLine{Unit: q.Unit.In(site.LangOf(c.R)), Own: "–"}
	c.fill(&line, n, *n.Unit, "unit.", func(v float64) string { return f.OnGrid(v, n.UnitGrid) })
	if e := c.View.Entries[q.ID]; answered && e.Answer.Kind == checklist.AnswerNumber {
		line.Own = f.Exact(e.Answer.Number)
		line.Position = positionInWords(c.R.Text,
			c.Report.UnitPosition(c.Group.ID, n.ID, e.Answer.Number.InexactFloat64()))
	}
	return line
}

// fill writes a node's figures, or why they are missing; prefix leads to their reasons.
func (c *TownComparison) fill(line *ComparedLine, n *bench.Node, figures bench.Figures, prefix string,
	write func(float64) string) {
	for _, cell := range []struct {
		to   *string
		v    *float64
		name string
	}{{&line.Q1, figures.Q1, "q1"}, {&line.Median, figures.Median, "median"}, {&line.Q3, figures.Q3, "q3"},
		{&line.Mean, figures.Mean, "mean"}} {
		*cell.to = c.Foot.figure(cell.v, n.Reasons[prefix+cell.name], write)
	}
	switch {
	case n.Band != "":
		line.N = n.Band
	case n.N > 0:
		line.N = c.R.Text.Words().Number(n.N)
	case n.Reasons["n"] != "":
		line.N = c.Foot.Mark(n.Reasons["n"])
	default:
		line.N = "–"
	}
}

// positionInWords says where a town stands: on the median, else its quarter, else its side of the median, else nothing.
func positionInWords(m *site.Messages, p bench.Position) string {
	switch {
	case p.Side == bench.AtMedian:
		return m.Text("benchmark.side.at")
	case p.Quarter != "":
		return m.Text("benchmark.quarter." + string(p.Quarter))
	case p.Side != "":
		return m.Text("benchmark.side." + string(p.Side))
	}
	return ""
}

func (c *TownComparison) pictures(group string) []ChartView {
	t, lang, d := c.R.Text.Text, site.LangOf(c.R), c.View.Definition
	base := chart.Comparison{Lang: lang, Own: c.View.Head.TownName, Group: group, Whole: true,
		Rounded: c.Report.Rounded,
		Rows:    chart.Sections(d, lang, c.View.Result, c.Report, c.Group.ID)}
	with := func(id, title, all string) chart.Comparison {
		x := base
		x.ID, x.Title = id, t(title, "Town", c.View.Head.TownName, "Group", group)
		if c.Group.ID == region.All {
			x.Title = t(all, "Town", c.View.Head.TownName)
		}
		return x
	}
	return []ChartView{ChartViewOf(chart.Bars(with("balken", "benchmark.bars", "benchmark.bars_all"))).From(c.source),
		ChartViewOf(chart.Radar(with("netz", "benchmark.radar", "benchmark.radar_all"))).From(c.source),
		ChartViewOf(chart.BoxPlot(with("viertel", "benchmark.quarters", "benchmark.quarters_all"))).From(c.source)}
}

// FootnoteList numbers the reasons why a page's figures are missing.
type FootnoteList struct {
	wording.Footnotes
	Lang checklist.Lang
}

// figure writes a published figure, a dot if it is suppressed, a dash if there is none.
func (f *FootnoteList) figure(v *float64, reason bench.Reason, write func(float64) string) string {
	switch {
	case v != nil:
		return write(*v)
	case reason != "":
		return f.Mark(reason)
	}
	return wording.Dash
}

func (f *FootnoteList) Texts() []string { return f.Lines(f.Lang, wording.NotShown) }
