package web

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

// comparedLine is one row: the own value, the group's figures as they are shown, and where the town stands.
type comparedLine struct {
	ID                   string // of the row, where something leads to it
	Number, Title, URL   string
	Unit                 string // the figures are the question's own, in this unit; empty: they are points
	Own                  string
	Q1, Median, Q3, Mean string // a figure, a dot with its footnote, or a dash
	N                    string
	Position             string // in words; empty: not to be told
	Options              *chartView
}

type comparedSection struct {
	comparedLine
	Questions []comparedLine
}

// townComparison puts a town's own result beside one group of a release.
type townComparison struct {
	r      *request
	view   assessment.View
	report *bench.Report
	group  *bench.Group
	foot   *footnoteList
	source string // of the charts
}

func (c *townComparison) total() *comparedLine {
	line := c.line(bench.Total, c.view.Result.Score)
	line.Title = c.r.text.text("benchmark.total")
	return &line
}

func (c *townComparison) sections(v *assessmentBenchmarkView) []comparedSection {
	lang := langOf(c.r)
	var out []comparedSection
	for i := range c.view.Definition.Sections {
		section := &c.view.Definition.Sections[i]
		result := &c.view.Result.Sections[i]
		s := comparedSection{comparedLine: c.line(bench.SectionNode(section.ID), result.Score)}
		s.Title, s.Number, s.URL = section.Title.In(lang), ofNumber(int64(i+1)), v.address("/sections/"+string(section.ID))
		for j := range section.Questions {
			q := &section.Questions[j]
			n, ok := c.group.Node(bench.QuestionNode(q.ID))
			if !ok {
				continue // nothing that could be compared: a text, a date
			}
			for _, line := range c.question(q, n, result.Questions[j]) {
				line.Number, line.Title, line.URL = wording.QuestionNumber(i, j), q.Text.In(lang), s.URL+"#q-"+string(q.ID)
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
func (c *townComparison) question(q *checklist.Question, n *bench.Node, result score.QuestionResult) []comparedLine {
	var lines []comparedLine
	answered := result.State == score.Answered
	if n.Scored || n.Choice {
		var own *float64
		if answered {
			own = result.Points
		}
		line := c.line(n.ID, own)
		if n.Options != nil {
			var chosen checklist.OptionID
			if e := c.view.Entries[q.ID]; answered && len(e.Answer.Options) == 1 {
				chosen = e.Answer.Options[0]
			}
			picture := chartViewOf(chart.Distribution(chart.OptionShares(q, n, chosen, langOf(c.r)))).from(c.source)
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
func (c *townComparison) line(id bench.NodeID, own *float64) comparedLine {
	f := c.r.text.words()
	line := comparedLine{Own: "–", Q1: "–", Median: "–", Q3: "–", Mean: "–", N: "–"}
	if own != nil {
		line.Own = f.Percent(*own)
	}
	n, ok := c.group.Node(id)
	if !ok {
		return line
	}
	c.fill(&line, n, n.Points, "", f.WholePercent)
	if own != nil {
		line.Position = positionInWords(c.r.text, c.report.Position(c.group.ID, id, *own))
	}
	return line
}

// figures compares the numbers given to a question, in its unit.
func (c *townComparison) figures(q *checklist.Question, n *bench.Node, answered bool) comparedLine {
	f := c.r.text.words()
	line := comparedLine{Unit: q.Unit.In(langOf(c.r)), Own: "–"}
	c.fill(&line, n, *n.Unit, "unit.", func(v float64) string { return f.OnGrid(v, n.UnitGrid) })
	if e := c.view.Entries[q.ID]; answered && e.Answer.Kind == checklist.AnswerNumber {
		line.Own = f.Exact(e.Answer.Number)
		line.Position = positionInWords(c.r.text, c.report.UnitPosition(c.group.ID, n.ID, e.Answer.Number.InexactFloat64()))
	}
	return line
}

// fill writes a node's figures, or why they are missing; prefix leads to their reasons.
func (c *townComparison) fill(line *comparedLine, n *bench.Node, figures bench.Figures, prefix string, write func(float64) string) {
	for _, cell := range []struct {
		to   *string
		v    *float64
		name string
	}{{&line.Q1, figures.Q1, "q1"}, {&line.Median, figures.Median, "median"}, {&line.Q3, figures.Q3, "q3"}, {&line.Mean, figures.Mean, "mean"}} {
		*cell.to = c.foot.figure(cell.v, n.Reasons[prefix+cell.name], write)
	}
	switch {
	case n.Band != "":
		line.N = n.Band
	case n.N > 0:
		line.N = c.r.text.words().Number(n.N)
	case n.Reasons["n"] != "":
		line.N = c.foot.Mark(n.Reasons["n"])
	default:
		line.N = "–"
	}
}

// positionInWords says where a town stands: on the median, else its quarter, else its side of the median, else nothing.
func positionInWords(m *messages, p bench.Position) string {
	switch {
	case p.Side == bench.AtMedian:
		return m.text("benchmark.side.at")
	case p.Quarter != "":
		return m.text("benchmark.quarter." + string(p.Quarter))
	case p.Side != "":
		return m.text("benchmark.side." + string(p.Side))
	}
	return ""
}

func (c *townComparison) pictures(group string) []chartView {
	t, lang, d := c.r.text.text, langOf(c.r), c.view.Definition
	base := chart.Comparison{Lang: lang, Own: c.view.Head.TownName, Group: group, Whole: true, Rounded: c.report.Rounded,
		Rows: chart.Sections(d, lang, c.view.Result, c.report, c.group.ID)}
	with := func(id, title, all string) chart.Comparison {
		x := base
		x.ID, x.Title = id, t(title, "Town", c.view.Head.TownName, "Group", group)
		if c.group.ID == region.All {
			x.Title = t(all, "Town", c.view.Head.TownName)
		}
		return x
	}
	return []chartView{chartViewOf(chart.Bars(with("balken", "benchmark.bars", "benchmark.bars_all"))).from(c.source),
		chartViewOf(chart.Radar(with("netz", "benchmark.radar", "benchmark.radar_all"))).from(c.source),
		chartViewOf(chart.BoxPlot(with("viertel", "benchmark.quarters", "benchmark.quarters_all"))).from(c.source)}
}

// footnoteList numbers the reasons why a page's figures are missing.
type footnoteList struct {
	wording.Footnotes
	lang checklist.Lang
}

// figure writes a published figure, a dot if it is suppressed, a dash if there is none.
func (f *footnoteList) figure(v *float64, reason bench.Reason, write func(float64) string) string {
	switch {
	case v != nil:
		return write(*v)
	case reason != "":
		return f.Mark(reason)
	}
	return wording.Dash
}

func (f *footnoteList) lines() []string { return f.Lines(f.lang, wording.NotShown) }
