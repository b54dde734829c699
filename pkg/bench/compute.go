package bench

import (
	"math"
	"slices"
	"sync"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// Compute returns every figure of every group, for the agency. Members of a group without a
// record have not submitted and do not count. All records must have been made with d; the
// order of records is of no influence. Of two records with one AGS the later counts.
func Compute(d *checklist.Definition, records []Record, groups []region.Group) *Report {
	shared := memberships(records, groups)
	values, figures := columns(d, records)
	report := &Report{Ref: d.Ref(), Audience: Agency, Groups: make([]Group, len(groups))}
	nodes := ComparedNodes(d)
	for g := range groups {
		report.Groups[g] = Group{ID: groups[g].ID, N: shared.sizes[g], Nodes: make([]Node, len(nodes))}
	}
	// Nodes do not touch each other: a country's towns are worth more than one processor.
	workers := min(mostWorkers, 1+len(records)/manyRecords)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			c := computation{records: records, values: values, figures: figures, groups: shared}
			for k := w; k < len(nodes); k += workers {
				c.node(&nodes[k], report.Groups, k)
			}
		})
	}
	all.Wait()
	return report
}

// Sharing the work out: manyRecords keep one more processor busy, up to mostWorkers.
const (
	manyRecords = 2000
	mostWorkers = 4
)

// membership says which groups each record is in.
type membership struct {
	of    [][]int32 // per record, ascending
	sizes []int     // per group
}

func memberships(records []Record, groups []region.Group) membership {
	at := make(map[region.AGS]int32, len(records))
	for i := range records {
		at[records[i].AGS] = int32(i)
	}
	m := membership{of: make([][]int32, len(records)), sizes: make([]int, len(groups))}
	backing := make([]int32, 3*len(records)) // all, district, size class: more would have to grow
	for i := range m.of {
		m.of[i] = backing[3*i : 3*i : 3*i+3]
	}
	for g := range groups {
		for _, ags := range groups[g].Members {
			if i, ok := at[ags]; ok {
				m.of[i] = append(m.of[i], int32(g))
				m.sizes[g]++
			}
		}
	}
	return m
}

// columns returns the values and figures of all records node by node: each node goes through those
// of thousands of towns, which lie far apart in the records.
func columns(d *checklist.Definition, records []Record) (values, figures [][]float64) {
	numbers := 0
	for _, q := range d.Questions() {
		if q.Type.Numeric() {
			numbers++
		}
	}
	values, figures = perNode(len(Nodes(d)), len(records)), perNode(numbers, len(records))
	for i := range records {
		for k, v := range records[i].Values {
			values[k][i] = v
		}
		for k, v := range records[i].Figures {
			figures[k][i] = v
		}
	}
	return values, figures
}

func perNode(width, length int) [][]float64 {
	list := make([][]float64, width)
	for k := range list {
		list[k] = make([]float64, length)
	}
	return list
}

// computation holds what all nodes share. Each list of values is sorted once; going
// through it in order fills the groups' lists in order too.
type computation struct {
	records []Record
	values  [][]float64 // see columns
	figures [][]float64
	groups  membership
	sorted  []valueOf
	split   [][]float64
	counts  []int
}

type valueOf struct {
	value  float64
	record int32
}

func (c *computation) node(n *Compared, groups []Group, k int) {
	for g := range groups {
		groups[g].Nodes[k] = Node{ID: n.ID, Scored: n.Scored, Choice: n.Chosen >= 0}
	}
	if n.Scored {
		lists := c.partition(len(groups), c.values[n.Value])
		for g := range groups {
			node := &groups[g].Nodes[k]
			node.N, node.Points = len(lists[g]), FiguresOf(lists[g])
		}
	}
	if n.Figure >= 0 {
		lists := c.partition(len(groups), c.figures[n.Figure])
		for g := range groups {
			node := &groups[g].Nodes[k]
			figures := FiguresOf(lists[g])
			node.Unit, node.UnitN, node.UnitName = &figures, len(lists[g]), n.Question.Unit.In("")
			if !n.Scored {
				node.N = len(lists[g])
			}
		}
	}
	if n.Chosen >= 0 {
		c.options(n, groups, k)
	}
}

// partition returns the values of each group in ascending order. NaN does not count. The
// lists live until the next call.
func (c *computation) partition(groups int, column []float64) [][]float64 {
	if c.split == nil {
		c.sorted = make([]valueOf, 0, len(c.records))
		c.split = make([][]float64, groups)
		for g := range c.split {
			c.split[g] = make([]float64, 0, c.groups.sizes[g])
		}
	}
	c.sorted = c.sorted[:0]
	for i, v := range column {
		if !math.IsNaN(v) {
			c.sorted = append(c.sorted, valueOf{v, int32(i)})
		}
	}
	slices.SortFunc(c.sorted, func(a, b valueOf) int {
		switch { // cmp.Compare would ask for NaN too
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	for g := range c.split {
		c.split[g] = c.split[g][:0]
	}
	for _, v := range c.sorted {
		for _, g := range c.groups.of[v.record] {
			c.split[g] = append(c.split[g], v.value)
		}
	}
	return c.split
}

func (c *computation) options(n *Compared, groups []Group, k int) {
	width := len(n.Question.Options)
	c.counts = slices.Grow(c.counts[:0], width*len(groups))[:width*len(groups)]
	clear(c.counts)
	for i := range c.records {
		if o := c.records[i].Chosen[n.Chosen]; o >= 0 {
			for _, g := range c.groups.of[i] {
				c.counts[int(g)*width+int(o)]++
			}
		}
	}
	for g := range groups {
		node := &groups[g].Nodes[k]
		node.Options = make([]OptionCount, width)
		counts := c.counts[g*width : (g+1)*width]
		total := Sum(counts)
		for o := range node.Options {
			node.Options[o] = OptionCount{n.Question.Options[o].ID, counts[o],
				float64(counts[o]) / float64(max(total, 1))}
		}
		if !n.Scored {
			node.N = total
		}
	}
}

// FiguresOf returns the figures of values in ascending order; all are nil for none.
func FiguresOf(sorted []float64) Figures {
	if len(sorted) == 0 {
		return Figures{}
	}
	v := [6]float64{sorted[0], Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75),
		sorted[len(sorted)-1], Mean(sorted)}
	return Figures{&v[0], &v[1], &v[2], &v[3], &v[4], &v[5]}
}

// Equal is how far apart values may be that are the same but for sums taken in another order.
const Equal = 1e-9

// Same reports whether all values are.
func (f *Figures) Same() bool { return f.Min != nil && f.Max != nil && *f.Max-*f.Min < Equal }

// TellEach reports whether n points are all the same, or all but one nothing or everything: the
// mean then tells each one's, since the other one knows itself.
func (f *Figures) TellEach(n int) bool {
	if f.Min == nil || f.Max == nil || f.Mean == nil {
		return false
	}
	none, full := *f.Mean*float64(n), (1-*f.Mean)*float64(n)
	return f.Same() || *f.Min < Equal && none-*f.Max < Equal || *f.Max > 1-Equal && full-(1-*f.Min) < Equal
}

// Sum adds up counts.
func Sum(counts []int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
