package bench

import (
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
	Distribution Reason = "distribution" // the options' counts would tell single answers
)

// NodeID names what is compared: "total", "section:netz", "question:netz-seite".
type NodeID string

// Total is the node of the total score.
const Total NodeID = "total"

// SectionNode returns the node of a section.
func SectionNode(id checklist.SectionID) NodeID { return NodeID("section:" + string(id)) }

// QuestionNode returns the node of a question.
func QuestionNode(id checklist.QuestionID) NodeID { return NodeID("question:" + string(id)) }

// Figures are the figures of one distribution. Scores lie in [0, 1], a number question's
// own figures are in its unit. A nil figure is suppressed (Reasons says why) or, where N is 0, undefined.
type Figures struct {
	Min, Q1, Median, Q3, Max, Mean *float64
}

// Node is one compared thing in one group.
type Node struct {
	ID      NodeID
	N       int    // assessments in which it counts; 0 for the town audience of a question, see Band
	Band    string // town audience, questions only: "5-9", "10-19", "20+"; empty below 5
	Points  Figures
	Unit    *Figures          // number questions: figures in the question's own unit
	Options []OptionCount     // choice questions; nil: suppressed or no choice question
	Reasons map[string]Reason // by figure: min, q1, median, q3, max, mean, options, unit.q1, ...
	Choice  bool              // the question has a distribution, shown or not
	Scored  bool              // Points has a meaning
}

// OptionCount is how many chose an option.
type OptionCount struct {
	Option checklist.OptionID
	N      int
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

// Record is what a benchmark needs of one submitted assessment. Values holds one entry per
// node in the order of Nodes: the score in [0, 1], or NaN where it does not count. It is
// computed once, when the assessment is submitted, and stored.
type Record struct {
	AGS        region.AGS
	Population int
	Values     []float64 // total, sections, questions (points)
	Figures    []float64 // number questions in checklist order: the value in its unit, NaN if none
	Chosen     []int16   // choice questions in checklist order: index of the option, -1 if none
	Level      checklist.LevelID
}

// Consent says what a town agreed to be named with in a round's releases.
type Consent struct{ Total, Sections, Examples bool }
