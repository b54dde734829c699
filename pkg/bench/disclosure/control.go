package disclosure

import (
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// basisOf notes what the release is computed from; what is published is added once it is decided.
// Records and members are in ascending order.
func basisOf(d *checklist.Definition, records []bench.Record, groups []region.Group, digests map[region.AGS]string,
	waiting []region.AGS) Basis {
	nodes := bench.ComparedNodes(d)
	columns := bench.Columns(nodes)
	b := Basis{Waiting: waiting, Towns: make([]region.AGS, len(records)), Digests: make([]string, len(records))}
	for i := range records {
		b.Towns[i], b.Digests[i] = records[i].AGS, digests[records[i].AGS]
	}
	for _, column := range columns {
		set := newSet(len(records))
		for i := range records {
			if column.Node < 0 || column.Has(&nodes[column.Node], &records[i]) {
				set.add(i)
			}
		}
		b.Columns = append(b.Columns, Column{column.Key, set})
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
	layout       *layout
	rules        Rules
	nodes        []bench.Compared
	columns      []bench.Column
	columnAt     map[bench.ColumnKey]int
	records      []bench.Record // of this release, in the order of its towns
	full         *bench.Report  // every figure of theirs
	release      *Release
	publications []*publication // this release, then what towns have read, the newest first
	paired       int            // how many publications are taken apart together
	several      bool           // other rounds are among them

	reasons [][]bench.Reason // by column and group of this release; empty: published
	towns   [][]int          // by column and group of this release: towns with a value
	scratch *sets
}

// newControl prepares the decision on a release whose basis is known: records are those admitted to
// it, full is every figure of theirs.
func newControl(r *Request, records []bench.Record, full *bench.Report, release *Release) *control {
	c := &control{rules: r.Rules, records: records, full: full, release: release}
	c.nodes = bench.ComparedNodes(r.Definition)
	c.columns, c.columnAt = bench.Columns(c.nodes), map[bench.ColumnKey]int{}
	for i := range c.columns {
		c.columnAt[c.columns[i].Key] = i
	}
	c.publications = publicationsOf(r, c.columns, release)
	c.layout = newLayout(c.publications, c.columns, r.Groups)
	c.paired = min(len(c.publications), mostPaired)
	c.several = slices.ContainsFunc(c.publications, func(p *publication) bool { return p.round != 0 })
	c.reasons, c.towns = make([][]bench.Reason, len(c.columns)), make([][]int, len(c.columns))
	return c
}

// decideAll decides a score before its parts, which are only published with it (rule 8).
func (c *control) decideAll() {
	total := c.columnAt[bench.Total.PointsColumn()]
	sections, others := c.partsBelow(total)
	c.decide(c.columnAt[bench.Participants])
	c.decide(total)
	for _, section := range sections {
		c.decide(section)
	}
	if c.several {
		c.restOfScore(total)
	}
	for _, column := range others {
		c.decide(column)
	}
	if c.several {
		for _, section := range sections {
			c.restOfScore(section)
		}
	}
	for _, section := range slices.Backward(sections) {
		c.hideUniformParts(section)
	}
	c.hideUniformParts(total)
	c.notePublished()
}

// partsBelow returns the columns of sections and all others but the total and the participants.
func (c *control) partsBelow(total int) (sections, others []int) {
	for i := range c.columns {
		switch {
		case i == total || c.columns[i].Key == bench.Participants:
		case c.columns[i].Parent == total:
			sections = append(sections, i)
		default:
			others = append(others, i)
		}
	}
	return sections, others
}

// notePublished notes in the basis what later releases are checked against.
func (c *control) notePublished() {
	for i := range c.columns {
		column := &c.columns[i]
		for g := range c.layout.current {
			if c.reasons[i][g] != "" {
				continue
			}
			group := &c.release.Basis.Groups[g]
			group.Published.add(i)
			if column.Facet != bench.Options {
				continue
			}
			if group.Counts == nil {
				group.Counts = map[bench.ColumnKey][]int{}
			}
			group.Counts[column.Key] = countsOf(c.full.Groups[g].Nodes[column.Node].Options)
		}
	}
}

// decide starts from what a set shows by itself and suppresses until no rule asks for more. After
// every suppression the cheapest rule comes first again; each suppresses a figure for good, so it
// ends.
func (c *control) decide(column int) {
	s := c.sets(column)
	c.reasons[column], c.towns[column] = s.reasons, slices.Clone(s.towns)
	for g := range c.layout.current {
		s.reasons[g] = c.alone(s, g)
	}
	steps := []func() bool{s.differences, s.complement, s.unions, s.crossings}
	switch s.column.Facet {
	case bench.Points, bench.Unit:
		steps = append(steps, s.uniformPairs, s.uniformRest)
	case bench.Options:
		steps = append(steps, s.distributionPairs, s.distributionRest)
	}
	for again := true; again; {
		again = slices.ContainsFunc(steps, func(suppressed func() bool) bool { return suppressed() })
	}
}

// alone says why a group's figures must not be shown even if there were no others; empty: they may.
func (c *control) alone(s *sets, g int32) bench.Reason {
	switch {
	case s.towns[g] < c.rules.Threshold:
		return bench.TooFew
	case s.column.Parent >= 0 && c.reasons[s.column.Parent][g] != "":
		return c.reasons[s.column.Parent][g]
	case c.rules.few(s.tallies[present].n[g]):
		return bench.Complement
	case s.column.Facet == bench.Options && !c.rules.distribution(s.tallies[present].counts[g]):
		return bench.Distribution
	case c.uniform(s.column, g):
		return bench.Distribution
	case c.rules.few(s.open[g]):
		// who left the question open has points (none) but no figure: the two sets differ by them
		return bench.Complement
	}
	return ""
}
