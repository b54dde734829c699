package bench

import (
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// Audience decides which figures a report holds.
type Audience string

// The audiences.
const (
	Agency Audience = "agency" // every figure, live
	Town   Audience = "town"   // what a release shows
)

// Reason says why a figure is suppressed.
type Reason string

// The reasons, as scoring rules and interfaces name them.
const (
	TooFew       Reason = "too_few"      // n below the threshold
	Complement   Reason = "complement"   // it could be computed from other published figures
	Extremes     Reason = "extremes"     // minimum and maximum are single municipalities
	Distribution Reason = "distribution" // counts of options, or all values being the same, tell single ones
)

// NodeID names what is compared: "total", "section:netz", "question:netz-seite".
type NodeID string

// Total is the node of the total score.
const Total NodeID = "total"

// SectionNode returns the node of a section.
func SectionNode(id checklist.SectionID) NodeID { return NodeID("section:" + string(id)) }

// QuestionNode returns the node of a question.
func QuestionNode(id checklist.QuestionID) NodeID { return NodeID("question:" + string(id)) }

// Figures are the figures of one distribution. Scores lie in [0, 1], a number question's own
// figures are in its unit. A nil figure is suppressed (Reasons says why) or, where N is 0,
// undefined.
type Figures struct {
	Min, Q1, Median, Q3, Max, Mean *float64
}

// Node is one compared thing in one group. N counts the assessments in which it counts: those
// that have points, or, for an unscored question, a figure or an option.
type Node struct {
	ID       NodeID
	N        int               // 0 for the town audience of a question, see Band, and wherever Reasons has "n"
	Band     string            // town audience, questions only: "5-9", "10-19", "20+"; empty below the threshold
	Points   Figures           // all nil unless Scored
	Unit     *Figures          // number questions: figures in the question's own unit
	UnitN    int               // number questions, agency audience: how many gave a number; N may count open ones
	UnitName string            // number questions: the unit in the language of origin
	UnitGrid float64           // what Unit is cut to, in the unit; 0: not cut
	Options  []OptionCount     // choice questions, every option in its order; nil: suppressed or no choice question
	Reasons  map[string]Reason // by figure: n, min, q1, median, q3, max, mean, options, unit.q1, ...
	Choice   bool              // the question has a distribution, shown or not
	Scored   bool              // Points has a meaning
}

// OptionCount is how many chose an option. Towns see only the share: the counts add up to the
// exact n, which the band hides.
type OptionCount struct {
	Option checklist.OptionID
	N      int     // agency audience; 0 for towns
	Share  float64 // of those who chose one, [0, 1]; whole percent for towns
}

// Group is a peer group's part of a report.
type Group struct {
	ID         region.GroupID
	N          int // participants that have submitted
	Suppressed bool
	Reason     Reason // of a suppressed group
	Nodes      []Node // empty if suppressed
}

// Report is the benchmark of one round for one audience.
type Report struct {
	Ref      checklist.Ref
	Audience Audience
	Groups   []Group
	Rounded  bool `json:",omitempty"` // a release stored when figures were rounded to whole percent, not cut
}

// Group returns a group of the report; ok is false if it has none with this id.
func (r *Report) Group(id region.GroupID) (g *Group, ok bool) {
	for i := range r.Groups {
		if r.Groups[i].ID == id {
			return &r.Groups[i], true
		}
	}
	return nil, false
}

// Node returns a node of the group; ok is false if it has none with this id.
func (g *Group) Node(id NodeID) (n *Node, ok bool) {
	for i := range g.Nodes {
		if g.Nodes[i].ID == id {
			return &g.Nodes[i], true
		}
	}
	return nil, false
}

// IsQuestion reports whether the node is a question.
func (id NodeID) IsQuestion() bool { return strings.HasPrefix(string(id), "question:") }

// Reason returns the one reason a footnote of the whole node gives: why the median is missing,
// else a quartile, the distribution, the minimum; empty if every figure is shown.
func (n *Node) Reason() Reason {
	for _, figure := range []string{"median", "unit.median", "q1", "unit.q1", "options", "min", "unit.min"} {
		if r, ok := n.Reasons[figure]; ok {
			return r
		}
	}
	return ""
}
