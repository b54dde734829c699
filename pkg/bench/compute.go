package bench

import (
	"bytes"
	"slices"
	"sync"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// Compute returns every figure of every group, for the agency. Members of a group without a
// record have not submitted and do not count. All records must have been made with d; the
// order of records is of no influence. Of two records with one AGS the later counts.
func Compute(d *checklist.Definition, records []Record, groups []region.Group) *Report {
	in, shared := columnsOf(d, records), memberships(records, groups)
	report := &Report{Ref: d.Ref(), Audience: Agency, Groups: make([]Group, len(groups))}
	nodes := ComparedNodes(d)
	for g := range groups {
		report.Groups[g] = Group{ID: groups[g].ID, N: shared.sizes[g], Nodes: make([]Node, len(nodes))}
	}
	together(len(records), func(worker, workers int) { // nodes do not touch each other
		c := computation{in: in, groups: shared}
		for k := worker; k < len(nodes); k += workers {
			c.node(&nodes[k], report.Groups, k)
		}
	})
	return report
}

// together runs f for each of workers at the same time: a country's towns are worth more than one
// processor.
func together(records int, f func(worker, workers int)) {
	workers := min(mostWorkers, 1+records/manyRecords)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() { f(w, workers) })
	}
	all.Wait()
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

// column is what all records have in one place, by record: each node goes through that of thousands
// of towns, which lie far apart in the records.
type column struct {
	grid   *grid
	short  []byte    // places on the grid, see grid.short
	values []float64 // instead of short where not all lie on the grid
}

// columns holds the columns of all records, in the order of the lists of a Record.
type columns struct {
	values  []column
	figures []column
	chosen  [][]int16
}

func columnsOf(d *checklist.Definition, records []Record) *columns {
	numbers, choices := 0, 0
	for _, q := range d.Questions() {
		switch q.Type.Shape() {
		case checklist.ShapeNumber:
			numbers++
		case checklist.ShapeOne:
			choices++
		}
	}
	c := &columns{make([]column, len(Nodes(d))), make([]column, numbers), make([][]int16, choices)}
	for k := range c.values {
		c.values[k] = column{grid: &hundredths, short: make([]byte, len(records))}
	}
	for k := range c.figures {
		c.figures[k] = column{grid: &wholes, short: make([]byte, len(records))}
	}
	for k := range c.chosen {
		c.chosen[k] = make([]int16, len(records))
	}
	together(len(records), func(worker, workers int) {
		c.fill(records, worker*len(records)/workers, (worker+1)*len(records)/workers)
	})
	for k := range c.values {
		c.values[k].keep(records, func(r *Record) float64 { return r.Values[k] })
	}
	for k := range c.figures {
		c.figures[k].keep(records, func(r *Record) float64 { return r.Figures[k] })
	}
	return c
}

func (c *columns) fill(records []Record, from, to int) {
	for i := from; i < to; i++ {
		for k, v := range records[i].Values {
			c.values[k].short[i] = hundredths.short(v)
		}
		for k, v := range records[i].Figures {
			c.figures[k].short[i] = wholes.short(v)
		}
		for k, v := range records[i].Chosen {
			c.chosen[k][i] = v
		}
	}
}

// keep takes the values themselves if the grid does not hold them all.
func (c *column) keep(records []Record, of func(*Record) float64) {
	if bytes.IndexByte(c.short, markFloat) < 0 {
		return
	}
	c.values = make([]float64, len(records))
	for i := range records {
		c.values[i] = of(&records[i])
	}
}

// computation holds what all nodes share.
type computation struct {
	in     *columns
	groups membership
	order  sorter
	split  [][]float64
	counts []int
}

func (c *computation) node(n *Compared, groups []Group, k int) {
	for g := range groups {
		groups[g].Nodes[k] = Node{ID: n.ID, Scored: n.Scored, Choice: n.Chosen >= 0}
	}
	if n.Scored {
		lists := c.partition(&c.in.values[n.Value])
		numbers := make([]sixNumbers, len(groups)) // one piece of memory instead of a thousand
		for g := range groups {
			node := &groups[g].Nodes[k]
			node.N, node.Points = len(lists[g]), numbers[g].of(lists[g])
		}
	}
	if n.Figure >= 0 {
		lists := c.partition(&c.in.figures[n.Figure])
		numbers, figures, unit := make([]sixNumbers, len(groups)), make([]Figures, len(groups)), n.Question.Unit.In("")
		for g := range groups {
			node := &groups[g].Nodes[k]
			figures[g] = numbers[g].of(lists[g])
			node.Unit, node.UnitN, node.UnitName = &figures[g], len(lists[g]), unit
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
func (c *computation) partition(in *column) [][]float64 {
	if c.split == nil {
		c.split = make([][]float64, len(c.groups.sizes))
		for g := range c.split {
			c.split[g] = make([]float64, 0, c.groups.sizes[g])
		}
	}
	for g := range c.split {
		c.split[g] = c.split[g][:0]
	}
	if in.values == nil {
		c.byCounting(in)
	} else {
		c.bySorting(in.values)
	}
	return c.split
}

// byCounting fills the groups' lists from a column of few different values, which most are: how
// often a group has each of them tells its list.
func (c *computation) byCounting(in *column) {
	var places [markNone + 1]int // of a short value among those that occur
	for _, short := range in.short {
		places[short] = 1
	}
	values := make([]float64, 0, 8)
	for short, v := range in.grid.values {
		if places[short] > 0 {
			places[short] = len(values)
			values = append(values, v)
		}
	}
	width := len(values)
	counts := c.zeroes(width * len(c.split))
	for i, short := range in.short {
		if short == markNone {
			continue
		}
		for _, g := range c.groups.of[i] {
			counts[int(g)*width+places[short]]++
		}
	}
	for g, list := range c.split {
		for place, n := range counts[g*width : (g+1)*width] {
			for range n {
				list = append(list, values[place])
			}
		}
		c.split[g] = list
	}
}

// bySorting sorts all values once; going through them in order fills the groups' lists in order too.
func (c *computation) bySorting(values []float64) {
	for _, v := range c.order.sorted(values) {
		for _, g := range c.groups.of[v.record] {
			c.split[g] = append(c.split[g], v.value)
		}
	}
}

// zeroes returns n counts, all 0; they live until the next call.
func (c *computation) zeroes(n int) []int {
	c.counts = slices.Grow(c.counts[:0], n)[:n]
	clear(c.counts)
	return c.counts
}

func (c *computation) options(n *Compared, groups []Group, k int) {
	width := len(n.Question.Options)
	all := c.zeroes(width * len(groups))
	for i, o := range c.in.chosen[n.Chosen] {
		if o >= 0 {
			for _, g := range c.groups.of[i] {
				all[int(g)*width+int(o)]++
			}
		}
	}
	options := make([]OptionCount, len(all))
	for g := range groups {
		node := &groups[g].Nodes[k]
		from, to := g*width, (g+1)*width
		node.Options = options[from:to:to]
		counts := all[from:to]
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
func FiguresOf(sorted []float64) Figures { return new(sixNumbers).of(sorted) }

// sixNumbers is what Figures point to.
type sixNumbers [6]float64

func (v *sixNumbers) of(sorted []float64) Figures {
	if len(sorted) == 0 {
		return Figures{}
	}
	*v = sixNumbers{sorted[0], Quantile(sorted, 0.25), Quantile(sorted, 0.5), Quantile(sorted, 0.75),
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
