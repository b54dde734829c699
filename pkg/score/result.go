package score

import (
	"ortsspiegel/pkg/checklist"
)

// State is what a question is in for an assessment. Every question is in exactly one.
type State uint8

// The states of a question.
const (
	Open          State = iota // nobody has answered yet
	Answered                   // a value was given
	NotApplicable              // taken out, with a reason
	Inactive                   // its condition is false; derived, never stored
)

var stateNames = [...]string{"open", "answered", "not_applicable", "inactive"}

// String returns the state's name in files and interfaces.
func (s State) String() string { return stateNames[s] }

// Answers holds what was answered. A question that is missing is open.
type Answers map[checklist.QuestionID]checklist.Answer

// Result is what follows from a checklist and answers. Scores lie in [0, 1];
// nil means undefined: nothing scored is open or answered.
type Result struct {
	Ref                checklist.Ref
	Score              *float64
	Low, High          *float64 // every open question counts 0 (Low equals Score) or 1
	Completeness       float64  // answered or not applicable, of the active questions, unscored ones included
	NotApplicableShare float64  // of the active scored weight, taken out by "not applicable"
	Level              checklist.LevelID
	Provisional        bool // questions are open, the level may still change
	Caps               []Cap
	Sections           []SectionResult
	Counts             Counts
}

// Counts says how many questions are in which state.
type Counts struct{ Open, Answered, NotApplicable, Inactive int }

// Active returns the number of questions whose condition holds.
func (c Counts) Active() int { return c.Open + c.Answered + c.NotApplicable }

// Done returns the number of active questions that need nothing more.
func (c Counts) Done() int { return c.Answered + c.NotApplicable }

// Cap is a knockout that holds the level down.
type Cap struct {
	Question checklist.QuestionID
	CapsAt   checklist.LevelID
}

// SectionResult is a section's part of a Result.
type SectionResult struct {
	ID     checklist.SectionID
	Weight float64
	// of the total, in [0, 1]: Weight / sum of the weights of the defined sections; 0 if undefined
	Share            float64
	Score, Low, High *float64
	Counts           Counts
	Questions        []QuestionResult
}

// QuestionResult is a question's part of a Result. Points, Gain and Share are nil and 0
// where the question does not count: unscored, not applicable or inactive.
type QuestionResult struct {
	ID     checklist.QuestionID
	State  State
	Weight float64
	Share  float64  // of the total, in [0, 1]
	Points *float64 // [0, 1]; 0 while open
	Gain   *float64 // what the question could still add to the total, [0, 1]
}

// Question returns a question's result; ok is false if the checklist has no such question.
func (r *Result) Question(id checklist.QuestionID) (q *QuestionResult, ok bool) {
	for i := range r.Sections {
		for j := range r.Sections[i].Questions {
			if r.Sections[i].Questions[j].ID == id {
				return &r.Sections[i].Questions[j], true
			}
		}
	}
	return nil, false
}
