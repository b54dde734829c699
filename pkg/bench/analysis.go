package bench

import (
	"cmp"
	"math"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// The analyses below are for the agency: they name towns or need figures that a release hides.

// Standing is a question and the figures by which it was ordered.
type Standing struct {
	Node   NodeID
	N      int
	Median float64 // points, [0, 1]
	Mean   float64 // points, [0, 1]
	Spread float64 // interquartile range of the points, [0, 1]
}

// standings lists the scored questions of a group of an agency report that anybody answered.
func standings(g *Group) []Standing {
	var list []Standing
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if p := n.Points; n.ID.IsQuestion() && n.Scored && n.N > 0 && p.Median != nil && p.Q1 != nil && p.Q3 != nil && p.Mean != nil {
			list = append(list, Standing{n.ID, n.N, *p.Median, *p.Mean, *p.Q3 - *p.Q1})
		}
	}
	return list
}

// WidestSpread returns the scored questions in which the group's towns differ most, by
// interquartile range; equal ones in the order of the checklist.
func WidestSpread(g *Group, most int) []Standing {
	return top(g, most, func(a, b Standing) int { return cmp.Compare(b.Spread, a.Spread) })
}

// Strongest returns the scored questions with the highest median, among equals the highest mean.
func Strongest(g *Group, most int) []Standing {
	return top(g, most, func(a, b Standing) int { return cmp.Or(cmp.Compare(b.Median, a.Median), cmp.Compare(b.Mean, a.Mean)) })
}

// Weakest returns the scored questions with the lowest median, among equals the lowest mean.
func Weakest(g *Group, most int) []Standing {
	return top(g, most, func(a, b Standing) int { return cmp.Or(cmp.Compare(a.Median, b.Median), cmp.Compare(a.Mean, b.Mean)) })
}

func top(g *Group, most int, order func(a, b Standing) int) []Standing {
	list := standings(g)
	slices.SortStableFunc(list, order)
	return list[:min(max(most, 0), len(list))]
}

// Matrix is the heat map of towns and sections.
type Matrix struct {
	Sections []checklist.SectionID
	Rows     []MatrixRow
}

// MatrixRow is one town of a Matrix; scores lie in [0, 1], NaN where undefined.
type MatrixRow struct {
	AGS            region.AGS
	Total          float64
	Sections       []float64 // in the order of Matrix.Sections
	Rank           int       // by total, 1 for the highest; equal totals share it; 0 if undefined
	PercentileRank float64   // of the total, [0, 1]; NaN if undefined
}

// MatrixOf returns the scores of all sections for all records, by AGS.
func MatrixOf(d *checklist.Definition, records []Record) Matrix {
	m := Matrix{Rows: make([]MatrixRow, len(records))}
	for i := range d.Sections {
		m.Sections = append(m.Sections, d.Sections[i].ID)
	}
	totals := totalsOf(records)
	for i := range records {
		r := &records[i]
		row := MatrixRow{AGS: r.AGS, Total: r.Values[0], Sections: r.Values[1 : 1+len(d.Sections)], PercentileRank: math.NaN()}
		if !math.IsNaN(row.Total) {
			row.Rank, row.PercentileRank = Rank(totals, row.Total), PercentileRank(totals, row.Total)
		}
		m.Rows[i] = row
	}
	slices.SortFunc(m.Rows, func(a, b MatrixRow) int { return cmp.Compare(a.AGS, b.AGS) })
	return m
}

// totalsOf returns the defined totals in ascending order.
func totalsOf(records []Record) []float64 {
	totals := make([]float64, 0, len(records))
	for i := range records {
		if v := records[i].Values[0]; !math.IsNaN(v) {
			totals = append(totals, v)
		}
	}
	slices.Sort(totals)
	return totals
}

// LevelCount is how many towns reached a level.
type LevelCount struct {
	Level checklist.LevelID
	N     int
}

// LevelsOf counts the towns by their level, caps included, all levels in ascending order.
// Towns without a defined total have no level and are not counted.
func LevelsOf(d *checklist.Definition, records []Record) []LevelCount {
	out := make([]LevelCount, len(d.Levels))
	for i := range d.Levels {
		out[i].Level = d.Levels[i].ID
	}
	for i := range records {
		if _, at, ok := d.Level(records[i].Level); ok {
			out[at].N++
		}
	}
	return out
}

// Bin is a part of the scale and how many totals lie in it: From included, To excluded, but in the last.
type Bin struct {
	From, To float64 // [0, 1]
	N        int
}

// Histogram counts the defined totals in bins of equal width. A total within 1e-9 of the next
// bin is counted there, as thresholds of levels are.
func Histogram(records []Record, bins int) []Bin {
	bins = max(bins, 1)
	out := make([]Bin, bins)
	for i := range out {
		out[i].From, out[i].To = float64(i)/float64(bins), float64(i+1)/float64(bins)
	}
	for _, v := range totalsOf(records) {
		out[min(max(int((v+1e-9)*float64(bins)), 0), bins-1)].N++
	}
	return out
}
