package bench

import (
	"math"
	"strings"
)

// ColumnKey names one thing whose figures are shown, or not, together: "participants", "total",
// "section:netz", "question:x" for its points, "question:x#unit" for a number question's own
// figures, "question:x#options" for a choice question's distribution. What two rounds or releases
// say is matched by keys, never by positions.
type ColumnKey string

// Participants is the column of a group itself.
const Participants ColumnKey = "participants"

// PointsColumn returns the column of a node's scores or points.
func (id NodeID) PointsColumn() ColumnKey { return ColumnKey(id) }

// UnitColumn returns the column of a number question's figures in its unit.
func (id NodeID) UnitColumn() ColumnKey { return ColumnKey(id) + "#unit" }

// OptionsColumn returns the column of a choice question's distribution.
func (id NodeID) OptionsColumn() ColumnKey { return ColumnKey(id) + "#options" }

// IsDistribution reports whether the column is a choice question's distribution.
func (k ColumnKey) IsDistribution() bool { return strings.HasSuffix(string(k), "#options") }

// Facet is what of a node a column holds.
type Facet uint8

// The facets.
const (
	NoFacet Facet = iota // of the participants
	Points
	Unit
	Options
	Facets
)

// Column is one thing to be shown, or not, in each group.
type Column struct {
	Key    ColumnKey
	Facet  Facet
	Node   int // in ComparedNodes; -1 for the participants
	Parent int // the column without which this one is not shown; -1 for the participants
}

// Columns lists the columns of a checklist, given its ComparedNodes: the participants, the total,
// the sections, the questions. A parent comes before its parts.
func Columns(nodes []Compared) []Column {
	columns := []Column{{Key: Participants, Node: -1, Parent: -1}}
	total, sections := 0, map[int]int{}
	for k := range nodes {
		n := &nodes[k]
		parent := 0
		if n.Scored {
			switch {
			case n.Question != nil:
				parent = sections[n.Section]
			case n.Section >= 0:
				parent = total
			}
			columns = append(columns, Column{n.ID.PointsColumn(), Points, k, parent})
			parent = len(columns) - 1
			switch {
			case n.Question != nil:
			case n.Section >= 0:
				sections[n.Section] = parent
			default:
				total = parent
			}
		}
		if n.Figure >= 0 {
			columns = append(columns, Column{n.ID.UnitColumn(), Unit, k, parent})
		}
		if n.Chosen >= 0 {
			columns = append(columns, Column{n.ID.OptionsColumn(), Options, k, parent})
		}
	}
	return columns
}

// Has reports whether a record has a value in the column.
func (c *Column) Has(n *Compared, r *Record) bool {
	switch c.Facet {
	case Points:
		return !math.IsNaN(r.Values[n.Value])
	case Unit:
		return !math.IsNaN(r.Figures[n.Figure])
	case Options:
		return r.Chosen[n.Chosen] >= 0
	}
	return true
}

// Value returns what a record holds in a column of points or figures; NaN: nothing.
func (c *Column) Value(n *Compared, r *Record) float64 {
	if c.Facet == Unit {
		return r.Figures[n.Figure]
	}
	return r.Values[n.Value]
}
