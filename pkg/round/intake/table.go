package intake

import (
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

// CellKind says what a spreadsheet takes a cell for.
type CellKind uint8

// The kinds of cells. All cells of a CSV file are texts.
const (
	CellText    CellKind = iota
	CellNumber           // Text is a plain decimal with a point
	CellPercent          // Text is the number before the sign: 75 for what is shown as 75 %
	CellDate             // Text is a day, YYYY-MM-DD
	CellBool             // Text is true or false
	CellFormula          // Text is empty: whatever a file says a formula's value is may be anybody's
	CellError            // Text is what the spreadsheet shows, such as #N/A
)

// Table is a sheet of a workbook, or a CSV file, as it stands there.
type Table struct {
	Sheet     string // empty: a CSV file
	Hidden    bool   // nobody sees the sheet in the spreadsheet
	Converted string // the encoding of a CSV file, if it was not UTF-8
	Rows      []Row
}

// Row is a row that holds something.
type Row struct {
	Number int    // from 1, ascending; in a CSV file the line
	Hidden bool   // by hand or by a filter
	Cells  []Cell // those that hold something, ascending by column
}

// Cell is a cell that holds something.
type Cell struct {
	Column int // from 1
	Kind   CellKind
	Text   string // without spaces around it
	Hidden bool   // with its column
}

// Map says what the columns of a foreign table mean. CheckTableMap says whether it can be.
type Map struct {
	Header      int                // number of the row with the columns' names; the data stand below
	Days        plaintext.DayOrder // of days such as 4/1/2019
	Town        TownColumn
	Submitted   ColumnRef // zero: SubmittedOn holds for all
	SubmittedOn string    // YYYY-MM-DD; empty: whoever places the table knows better
	Ignore      []ColumnRef
	Questions   []QuestionColumns
}

// ColumnRef names a column by its header or by its letters, as the map writes it.
type ColumnRef struct {
	Text string
	At   string // where the map says so, for messages
}

// TownColumn is where a row says whose it is.
type TownColumn struct {
	Column ColumnRef
	ByName bool     // else by AGS
	Skip   []string // rows of no town, such as "Summe"
}

// QuestionColumns says where a question's answer stands and what the cells' texts mean. Texts are
// compared by checklist.Plain.
type QuestionColumns struct {
	Question checklist.QuestionID
	Column   ColumnRef      // zero where Options are columns of their own
	Comment  ColumnRef      // may be zero
	Options  []OptionColumn // multi questions with one column to tick per option
	None     string         // what it means if each of Options says no: an option, or NoneOpen; empty: nothing is known
	Split    string         // what stands between the options of a multi question's cell; may be empty
	Values   map[string]string
	// NotApplicable are the texts that say so, for the reason Reason, or if that is empty for one that quotes the text.
	NotApplicable []string
	Reason        string
	Open          []string // texts that say nothing: the question stays open
	Decimal       string   // DecimalComma or DecimalPoint; empty: where both could be meant it is a problem
}

// OptionColumn is a column to tick.
type OptionColumn struct {
	Column ColumnRef
	Option checklist.OptionID
}

// Words of a map.
const (
	NoneOpen     = "open"
	DecimalComma = "comma"
	DecimalPoint = "point"
)

// Scope is what a table can speak of.
type Scope struct {
	Region      []region.Municipality
	Taking      map[region.AGS]bool // towns in the round; nil: every town of the region may
	First, Last string              // days on which a town can have submitted, YYYY-MM-DD; empty: no bound
}

// Placed is a table as answers, with everything in it that is none.
type Placed struct {
	Towns    []PlacedTown     // with at least one answer, in the order of the table
	Silent   []PlacedTown     // without any: they have not taken part
	Rows     []RowProblem     // rows that belong to no town; nothing of them is in Towns
	Cells    []Problem        // cells that could not be placed, at most MaxTableProblems
	Inactive []InactiveAnswer // placed, but the condition of the question is false: kept and not counted
	Unmapped []Column         // columns the map says nothing about
	Covered  []Column         // columns that nobody sees in the spreadsheet and that were read all the same
	Sheet    string           // the sheet that was read all the same, if nobody sees it in the spreadsheet
	// numbers of rows below the header that nobody sees in the spreadsheet and that were read all
	// the same
	Hidden []int
	Count  Count
}

// MaxProblems is how many of a table's cells are told of; Count knows them all.
const MaxProblems = 10_000

// Complete reports whether every cell that the map asks for was placed.
func (p *Placed) Complete() bool { return len(p.Rows) == 0 && p.Count.Problems == 0 }

// Count counts the cells below the header that hold something. Each is in exactly one of Placed,
// Ignored and Reported.
type Count struct {
	Rows, Cells               int
	Placed, Ignored, Reported int
	Answers, Comments         int
	Problems                  int // of cells
}

// PlacedTown is what one row says.
type PlacedTown struct {
	Town      region.Municipality
	Row       int
	Submitted string // YYYY-MM-DD; empty: the table does not say
	Entries   []PlacedEntry
	Open      int // active questions without an answer
}

// PlacedEntry is what a row says to one question, in the order of the checklist.
type PlacedEntry struct {
	Question checklist.QuestionID
	Given    bool // else there is only a comment
	Answer   checklist.Answer
	Comment  string
}

// RowProblem is a row that belongs to no town of the round.
type RowProblem struct {
	Row         int
	Sheet, Cell string
	Code        string
	Value       string
	Message     string // English: what is wrong, and what would be right
	Nearest     []region.Municipality
}

// Problem is a cell that could not be placed.
type Problem struct {
	Row         int
	Sheet, Cell string
	Header      string // of the column
	Town        region.Municipality
	Question    checklist.QuestionID // empty: of no question
	Code        string
	Value       string
	Message     string   // English: what would be right
	With        []string // further cells that are not placed because of it
}

// InactiveAnswer is an answer to a question that does not arise for this town.
type InactiveAnswer struct {
	Town     region.Municipality
	Question checklist.QuestionID
	Cell     string
}

// Column is a column that the report tells of.
type Column struct {
	Letters string
	Header  string
	Cells   int // that hold something, below the header
}

// fate is what becomes of a cell.
type fate uint8

const (
	fatePlaced fate = iota + 1
	fateIgnored
	fateReported
)
