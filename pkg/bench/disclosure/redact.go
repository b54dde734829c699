package disclosure

import (
	"math"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
)

// redact turns the full report into what towns may see (rule 1).
func (c *control) redact(full *bench.Report) bench.Report {
	out := bench.Report{Ref: full.Ref, Audience: bench.Town, Groups: make([]bench.Group, len(full.Groups))}
	columns := make([][bench.Facets]int, len(c.nodes))
	for i, column := range c.columns {
		if column.Node >= 0 {
			columns[column.Node][column.Facet] = i
		}
	}
	for g := range full.Groups {
		group := bench.Group{ID: full.Groups[g].ID, N: full.Groups[g].N}
		if basis := &c.release.Basis; !basis.shows(&basis.Groups[g]) {
			group.Suppressed, group.Reason = true, c.groupReason(g)
		} else {
			for k := range c.nodes {
				group.Nodes = append(group.Nodes, c.redactNode(g, k, columns[k], &full.Groups[g].Nodes[k]))
			}
		}
		out.Groups[g] = group
	}
	return out
}

// shows reports whether any figure of a group is published, its participants aside.
func (b *Basis) shows(g *BasisGroup) bool {
	for i := range b.Columns {
		if b.Columns[i].Key != bench.Participants && g.Published.Has(i) {
			return true
		}
	}
	return false
}

// groupReason says why a group shows nothing: the participants' reason, else the first other one.
func (c *control) groupReason(g int) bench.Reason {
	for i := range c.columns {
		if r := c.reasons[i][g]; r != "" {
			return r
		}
	}
	return bench.TooFew
}

func (c *control) redactNode(g, k int, columns [bench.Facets]int, full *bench.Node) bench.Node {
	n := bench.Node{ID: full.ID, N: full.N, Scored: full.Scored, Choice: full.Choice, UnitName: full.UnitName,
		Reasons: map[string]bench.Reason{}}
	switch {
	case n.ID.IsQuestion():
		if n.N, n.Band = 0, c.rules.band(full.N); n.Band == "" {
			n.Reasons["n"] = bench.TooFew
		}
	case full.N < c.rules.Threshold:
		n.N, n.Reasons["n"] = 0, bench.TooFew
	}
	if full.Scored {
		why := c.reasons[columns[bench.Points]][g]
		n.Points = c.redactFigures(full.Points, full.N, bench.WholePercent, why, "", n.Reasons)
	}
	if full.Unit != nil {
		column := columns[bench.Unit]
		if c.reasons[column][g] == "" {
			n.UnitGrid = unitGrid(c.nodes[k].Question, *full.Unit)
		}
		why := c.reasons[column][g]
		figures := c.redactFigures(*full.Unit, c.towns[column][g], n.UnitGrid, why, "unit.", n.Reasons)
		n.Unit = &figures
	}
	if full.Choice {
		if why := c.reasons[columns[bench.Options]][g]; why != "" {
			n.Reasons["options"] = why
		} else {
			n.Options = sharesOf(full.Options)
		}
	}
	return n
}

// sharesOf leaves of a distribution the shares in whole percent.
func sharesOf(full []bench.OptionCount) []bench.OptionCount {
	out := make([]bench.OptionCount, len(full))
	for i, o := range full {
		out[i] = bench.OptionCount{Option: o.Option, Share: bench.CutTo(o.Share, bench.WholePercent)}
	}
	return out
}

// redactFigures keeps the figures that may be shown, cut, and notes why the others are gone.
func (c *control) redactFigures(full bench.Figures, towns int, grid float64, why bench.Reason, prefix string,
	reasons map[string]bench.Reason) bench.Figures {
	reasons[prefix+"min"], reasons[prefix+"max"] = bench.Extremes, bench.Extremes
	keep := func(name string, v *float64, why bench.Reason) *float64 {
		if why != "" || v == nil {
			reasons[prefix+name] = why
			return nil
		}
		shown := bench.CutTo(*v, grid)
		return &shown
	}
	quartiles := why
	if why == "" && towns < c.rules.Quartiles {
		quartiles = bench.TooFew
	}
	return bench.Figures{Q1: keep("q1", full.Q1, quartiles), Median: keep("median", full.Median, why),
		Q3: keep("q3", full.Q3, quartiles), Mean: keep("mean", full.Mean, why)}
}

// unitGrid is to a figure in a unit what the whole percent is to a score: the power of ten at or
// below a hundredth of the range the question allows; without a range, two digits of the median.
func unitGrid(q *checklist.Question, f bench.Figures) float64 {
	width := 0.0
	switch {
	case q.Min != nil && q.Max != nil:
		width = q.Max.Sub(*q.Min).InexactFloat64()
	case len(q.Targets) >= 2:
		width = q.Targets[len(q.Targets)-1].At.Sub(q.Targets[0].At).InexactFloat64()
	case f.Median != nil:
		width = 10 * math.Abs(*f.Median)
	}
	if width <= 0 {
		return 1
	}
	return math.Pow(10, math.Floor(math.Log10(width/100)))
}
