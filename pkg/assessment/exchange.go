package assessment

import (
	"time"

	"ortsspiegel/pkg/checklist"
)

// Form is what a workbook made for filling in holds.
type Form struct {
	View      View                   // head, definition, entries and result as of At
	Questions []checklist.QuestionID // those asked, in the order of the checklist; nil: all
	For       string                 // for whom it is, as the lead wrote it; empty: the town itself
	Proposals Proposals              // what can be confirmed in it; none if From.ID is 0
	At        time.Time
}

// Returned is a filled-in form as it was read: what each input says, tied to ids and never
// to wording, rows or the order of sheets.
type Returned struct {
	Assessment ID
	Hash       string // of the checklist
	Exported   time.Time
	File       string        // its name, for the history
	Proposals  string        // Proposals.Seen when the form was written
	Filled     []Filled      // in the order of the checklist, only questions of the form
	Problems   []CellProblem // what could not be understood; those questions are not in Filled
}

// Filled is what a form says to one question. A blank input says nothing: only Clear takes an
// answer back.
type Filled struct {
	Question checklist.QuestionID
	Revision int              // of the answer when the form was written; 0: there was none
	Blank    bool             // no value and no reason
	Clear    bool             // the answer is to be taken back
	Answer   checklist.Answer // where neither Blank nor Clear
	Confirm  bool             // what was answered last time still holds: the answer is the proposal's
	Comment  string           // empty: says nothing
	// ClearComment says that the comment is to be taken back; Comment is empty then.
	ClearComment bool
	Sheet        string // where a person finds it
	Cell         string
}

// CellProblem is an input that could not be understood. Without a sheet the input is gone.
type CellProblem struct {
	Question checklist.QuestionID
	Sheet    string
	Cell     string
	Entered  string // what stands there, shortened
	Code     string // of the texts: "form." + Code
	Args     map[string]any
	Message  string // English
}
