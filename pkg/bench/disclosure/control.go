package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// basisOf notes what the release is computed from; what is published is added once it is decided.
// Records and members are in ascending order.
func basisOf(d *checklist.Definition, records []bench.Record, groups []region.Group, prints map[region.AGS]string, waiting []region.AGS) Basis {
	nodes := bench.ComparedNodes(d)
	columns := bench.Columns(nodes)
	b := Basis{Waiting: waiting, Towns: make([]region.AGS, len(records)), Prints: make([]string, len(records))}
	for i := range records {
		b.Towns[i], b.Prints[i] = records[i].AGS, prints[records[i].AGS]
	}
	for c := range columns {
		spec := &columns[c]
		set := newSet(len(records))
		for i := range records {
			if spec.Node < 0 || spec.Has(&nodes[spec.Node], &records[i]) {
				set.add(i)
			}
		}
		b.Columns = append(b.Columns, Column{spec.Key, set})
	}
	for _, g := range groups {
		set := newSet(len(records))
		for _, ags := range g.Members {
			i, _ := slices.BinarySearch(b.Towns, ags)
			set.add(i)
		}
		b.Groups = append(b.Groups, BasisGroup{ID: g.ID, Members: set, Published: newSet(len(columns))})
	}
	return b
}

// control decides, column by column, in which groups it is published.
type control struct {
	rules   Rules
	nodes   []bench.Compared
	columns []bench.Column
	groups  []controlGroup      // those of this release first, then those only earlier ones have
	current int                 // how many groups this release has
	views   []*view             // this release, then what came before, the newest first
	paired  int                 // how many views are taken apart together
	several bool                // other rounds are among them
	parts   [groupKinds][]int32 // by town and kind: the group it was put in when the round opened, -1 if none
	members [][]int32           // by group of this release: its towns
	all     int32               // the group of all, -1 if there is none
	classes []uint16            // by group: which size class it is, from 1; 0: none
	full    *bench.Report
	release *Release
	records []bench.Record   // of this release, in the order of its towns
	reasons [][]bench.Reason // by column and group of this release; empty: published
	towns   [][]int          // by column and group of this release: towns with a value
	scratch *situation
}

type controlGroup struct {
	id   region.GroupID
	kind groupKind
}

// newControl prepares the decision on a release whose basis is known: records are those admitted to it, full is every
// figure of theirs.
func newControl(r *Request, records []bench.Record, full *bench.Report, release *Release) *control {
	c := &control{rules: r.Rules, nodes: bench.ComparedNodes(r.Definition), records: records, full: full, release: release,
		current: len(full.Groups)}
	c.columns = bench.Columns(c.nodes)
	list := sourcesOf(r.Definition, c.columns, release, r.Own, r.Others)
	index := map[region.GroupID]int32{}
	bases := make([]*Basis, len(list))
	for i := range list {
		bases[i] = list[i].basis
		for _, g := range list[i].basis.Groups {
			if _, ok := index[g.ID]; !ok {
				kind, _ := kindOf(g.ID)
				index[g.ID] = int32(len(c.groups))
				c.groups = append(c.groups, controlGroup{g.ID, kind})
			}
		}
	}
	towns := universeOf(bases)
	for i := range list {
		c.views = append(c.views, newView(towns, list[i], index))
	}
	c.paired = min(len(c.views), mostViews)
	c.several = slices.ContainsFunc(c.views, func(v *view) bool { return v.round != 0 })
	c.all = -1
	if at, ok := index[region.All]; ok {
		c.all = at
	}
	c.parts = c.partsOf(towns, r.Groups, index)
	c.classes = classesOf(c.groups)
	c.members = make([][]int32, c.current)
	for kind := range c.views[0].labels {
		for t, g := range c.views[0].labels[kind] {
			if g >= 0 {
				c.members[g] = append(c.members[g], int32(t))
			}
		}
	}
	c.reasons, c.towns = make([][]bench.Reason, len(c.columns)), make([][]int, len(c.columns))
	return c
}

// classesOf numbers the size classes, as far as patterns have room for them.
func classesOf(groups []controlGroup) []uint16 {
	const room = 15
	classes, n := make([]uint16, len(groups)), uint16(0)
	for g := range groups {
		if groups[g].kind == sizeClasses && n < room {
			n++
			classes[g] = n
		}
	}
	return classes
}

// partsOf says to which part of a whole each town belongs. One that takes part no more belongs
// to the part it was in last.
func (c *control) partsOf(towns []region.AGS, fixed []region.Group, index map[region.GroupID]int32) (parts [groupKinds][]int32) {
	for kind := range parts {
		parts[kind] = make([]int32, len(towns))
		for t := range towns {
			parts[kind][t] = -1
		}
	}
	for _, g := range fixed {
		kind, _ := kindOf(g.ID)
		for _, ags := range g.Members {
			if t, ok := slices.BinarySearch(towns, ags); ok {
				parts[kind][t] = index[g.ID]
			}
		}
	}
	for _, v := range c.views {
		for kind := range parts {
			for t, g := range v.labels[kind] {
				if parts[kind][t] < 0 {
					parts[kind][t] = g
				}
			}
		}
	}
	return parts
}

// decideAll decides a score before its parts, which are only published with it.
func (c *control) decideAll() {
	const total = 1
	questions := total + 1
	for questions < len(c.columns) && c.columns[questions].Parent == total {
		questions++
	}
	for i := range c.columns {
		if i == questions && c.several {
			c.siblings(total)
		}
		c.decide(i)
	}
	for i := total + 1; c.several && i < questions; i++ {
		c.siblings(i)
	}
	for i := questions - 1; i >= total; i-- {
		c.guard(i)
	}
	for i := range c.columns {
		for g := range c.current {
			if c.reasons[i][g] == "" {
				c.publish(&c.columns[i], i, g)
			}
		}
	}
}

// publish notes in the basis what later releases are checked against.
func (c *control) publish(spec *bench.Column, column, g int) {
	group := &c.release.Basis.Groups[g]
	group.Published.add(column)
	if spec.Facet != bench.Options {
		return
	}
	if group.Counts == nil {
		group.Counts = map[bench.ColumnKey][]int{}
	}
	group.Counts[spec.Key] = countsOf(c.full.Groups[g].Nodes[spec.Node].Options)
}

// decide starts from the thresholds and suppresses until no rule asks for more. Every step
// suppresses one figure for good, so it ends.
func (c *control) decide(i int) {
	spec := &c.columns[i]
	s := c.situation(i)
	reasons := s.reasons
	c.reasons[i], c.towns[i] = reasons, slices.Clone(s.towns)
	for g := range c.current {
		switch {
		case s.towns[g] < c.rules.Threshold:
			reasons[g] = bench.TooFew
		case spec.Parent >= 0 && c.reasons[spec.Parent][g] != "":
			reasons[g] = c.reasons[spec.Parent][g]
		case c.rules.few(s.n[0][g]):
			reasons[g] = bench.Complement
		case spec.Facet == bench.Options && !c.rules.distribution(s.counts[0][g]):
			reasons[g] = bench.Distribution
		case c.alike(i, g):
			reasons[g] = bench.Distribution
		case c.rules.few(s.open[g]):
			// who left the question open has points (none) but no figure: the two sets differ by them
			reasons[g] = bench.Complement
		}
	}
	for s.earlier() || s.complement() || s.unions() || s.crossings() ||
		(spec.Facet == bench.Points || spec.Facet == bench.Unit) && (s.alikePairs() || s.alikeRest()) ||
		spec.Facet == bench.Options && (s.distributionPairs() || s.distributionComplement()) {
	}
}
