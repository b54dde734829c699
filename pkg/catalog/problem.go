package catalog

import (
	"cmp"
	"fmt"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
)

// Problem is one thing that is wrong with a checklist file.
type Problem struct {
	File     string            `json:"file"`
	Line     int               `json:"line"`   // from 1
	Column   int               `json:"column"` // from 1, in characters
	Severity validate.Severity `json:"severity"`
	Code     validate.Code     `json:"code"`
	Message  string            `json:"message"` // English: what is wrong, and what would be right
}

// String returns path:line:column: severity: message, as editors jump to it.
func (p Problem) String() string {
	return fmt.Sprintf("%s: %s: %s", p.place(), p.Severity, p.Message)
}

func (p Problem) place() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// The codes of what only a file can do wrong; those of checklists are in pkg/checklist.
const (
	codeUnreadable      validate.Code = "unreadable"
	codeEmptyFile       validate.Code = "empty_file"
	codeTooLarge        validate.Code = "too_large"
	codeTooManyValues   validate.Code = "too_many_values"
	codeTooDeep         validate.Code = "too_deep"
	codeTooManyProblems validate.Code = "too_many_problems"
	codeEncoding        validate.Code = "encoding"
	codeControl         validate.Code = "control_character"
	codeByteOrderMark   validate.Code = "byte_order_mark"
	codeSyntax          validate.Code = "syntax"
	codeTab             validate.Code = "tab"
	codeDocuments       validate.Code = "documents"
	codeAnchor          validate.Code = "anchor"
	codeAlias           validate.Code = "alias"
	codeTag             validate.Code = "tag"
	codeDuplicateKey    validate.Code = "duplicate_key"
	codeUnknownKey      validate.Code = "unknown_key"
	codeMissingKey      validate.Code = "missing_key"
	codeWrongType       validate.Code = "wrong_type"
	codeNumberForm      validate.Code = "number_form"
	codeScaleAndOptions validate.Code = "scale_and_options"
	codeMeaningUnknown  validate.Code = "meaning_unknown"
	codeFolderName      validate.Code = "folder_name"
	codeFileName        validate.Code = "file_name"
	codePublishedForm   validate.Code = "published_form"
	codePublishedEdited validate.Code = "published_edited"
	codePublishedLate   validate.Code = "published_late"
	codePublishedGone   validate.Code = "published_gone"
	codeUnpublished     validate.Code = "nothing_published"
	codeVersionBefore   validate.Code = "version_before"
	codeVersionStep     validate.Code = "version_step"
)

var fileCodes = map[validate.Code]validate.Severity{
	codeUnreadable: validate.SeverityError, codeEmptyFile: validate.SeverityError,
	codeTooLarge: validate.SeverityError, codeTooManyValues: validate.SeverityError,
	codeTooDeep: validate.SeverityError, codeTooManyProblems: validate.SeverityError,
	codeEncoding: validate.SeverityError, codeControl: validate.SeverityError,
	codeByteOrderMark: validate.SeverityWarning, codeSyntax: validate.SeverityError,
	codeTab: validate.SeverityError, codeDocuments: validate.SeverityError,
	codeAnchor: validate.SeverityError, codeAlias: validate.SeverityError, codeTag: validate.SeverityError,
	codeDuplicateKey: validate.SeverityError, codeUnknownKey: validate.SeverityError,
	codeMissingKey: validate.SeverityError, codeWrongType: validate.SeverityError,
	codeNumberForm: validate.SeverityError, codeScaleAndOptions: validate.SeverityError,
	codeMeaningUnknown: validate.SeverityError,
	codeFolderName:     validate.SeverityError, codeFileName: validate.SeverityError,
	codePublishedForm: validate.SeverityError, codePublishedEdited: validate.SeverityError,
	codePublishedLate: validate.SeverityError,
	codePublishedGone: validate.SeverityWarning, codeUnpublished: validate.SeverityWarning,
	codeVersionBefore: validate.SeverityWarning, codeVersionStep: validate.SeverityWarning,
}

// Codes returns every code a Problem can have, with its severity.
func Codes() map[validate.Code]validate.Severity {
	all := validate.Codes()
	for c, s := range fileCodes {
		all[c] = s
	}
	return all
}

// HasErrors reports whether one of the problems is an error.
func HasErrors(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == validate.SeverityError })
}

// maxProblems is how many problems of one file are listed: a hostile file has a million.
const maxProblems = checklist.MaxIssues

// list collects the problems of one file.
type list struct {
	file     string
	problems []Problem
	more     bool // there were more than fit
	tableMap bool // the file is a map of a table, no checklist
}

// noun and beginning say what a file is, for messages.
func (l *list) noun() string {
	if l.tableMap {
		return "map of a table"
	}
	return "checklist"
}

func (l *list) beginning() string {
	if l.tableMap {
		return l.noun() + " begins with checklist, round, header, town and columns"
	}
	return l.noun() + " begins with id, version, kind, languages, title and sections"
}

func (l *list) add(line, column int, code validate.Code, format string, args ...any) {
	if len(l.problems) >= maxProblems {
		l.more = true
		return
	}
	l.problems = append(l.problems, Problem{l.file, max(line, 1), max(column, 1), fileCodes[code], code,
		fmt.Sprintf(format, args...)})
}

// sorted returns the problems in the order of the file.
func (l *list) sorted() []Problem {
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if l.more {
		last := l.problems[len(l.problems)-1]
		l.problems = append(l.problems, Problem{l.file, last.Line, last.Column, validate.SeverityError,
			codeTooManyProblems,
			fmt.Sprintf("there are more than %d problems: correct these first", maxProblems)})
	}
	return l.problems
}
