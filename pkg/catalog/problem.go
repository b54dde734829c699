package catalog

import (
	"cmp"
	"fmt"
	"slices"

	"ortsspiegel/pkg/checklist"
)

// Problem is one thing that is wrong with a checklist file.
type Problem struct {
	File     string             `json:"file"`
	Line     int                `json:"line"`   // from 1
	Column   int                `json:"column"` // from 1, in characters
	Severity checklist.Severity `json:"severity"`
	Code     checklist.Code     `json:"code"`
	Message  string             `json:"message"` // English: what is wrong, and what would be right
}

// String returns path:line:column: severity: message, as editors jump to it.
func (p Problem) String() string {
	return fmt.Sprintf("%s: %s: %s", p.place(), p.Severity, p.Message)
}

func (p Problem) place() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// The codes of what only a file can do wrong; those of checklists are in pkg/checklist.
const (
	codeUnreadable      checklist.Code = "unreadable"
	codeEmptyFile       checklist.Code = "empty_file"
	codeTooLarge        checklist.Code = "too_large"
	codeTooManyValues   checklist.Code = "too_many_values"
	codeTooDeep         checklist.Code = "too_deep"
	codeTooManyProblems checklist.Code = "too_many_problems"
	codeEncoding        checklist.Code = "encoding"
	codeControl         checklist.Code = "control_character"
	codeByteOrderMark   checklist.Code = "byte_order_mark"
	codeSyntax          checklist.Code = "syntax"
	codeTab             checklist.Code = "tab"
	codeDocuments       checklist.Code = "documents"
	codeAnchor          checklist.Code = "anchor"
	codeAlias           checklist.Code = "alias"
	codeTag             checklist.Code = "tag"
	codeDuplicateKey    checklist.Code = "duplicate_key"
	codeUnknownKey      checklist.Code = "unknown_key"
	codeMissingKey      checklist.Code = "missing_key"
	codeWrongType       checklist.Code = "wrong_type"
	codeNumberForm      checklist.Code = "number_form"
	codeScaleAndOptions checklist.Code = "scale_and_options"
	codeMeaningUnknown  checklist.Code = "meaning_unknown"
	codeFolderName      checklist.Code = "folder_name"
	codeFileName        checklist.Code = "file_name"
	codePublishedForm   checklist.Code = "published_form"
	codePublishedEdited checklist.Code = "published_edited"
	codePublishedLate   checklist.Code = "published_late"
	codePublishedGone   checklist.Code = "published_gone"
	codeUnpublished     checklist.Code = "nothing_published"
	codeVersionBefore   checklist.Code = "version_before"
	codeVersionStep     checklist.Code = "version_step"
)

var fileCodes = map[checklist.Code]checklist.Severity{
	codeUnreadable: checklist.SeverityError, codeEmptyFile: checklist.SeverityError,
	codeTooLarge: checklist.SeverityError, codeTooManyValues: checklist.SeverityError,
	codeTooDeep: checklist.SeverityError, codeTooManyProblems: checklist.SeverityError,
	codeEncoding: checklist.SeverityError, codeControl: checklist.SeverityError,
	codeByteOrderMark: checklist.SeverityWarning, codeSyntax: checklist.SeverityError,
	codeTab: checklist.SeverityError, codeDocuments: checklist.SeverityError,
	codeAnchor: checklist.SeverityError, codeAlias: checklist.SeverityError, codeTag: checklist.SeverityError,
	codeDuplicateKey: checklist.SeverityError, codeUnknownKey: checklist.SeverityError,
	codeMissingKey: checklist.SeverityError, codeWrongType: checklist.SeverityError,
	codeNumberForm: checklist.SeverityError, codeScaleAndOptions: checklist.SeverityError,
	codeMeaningUnknown: checklist.SeverityError,
	codeFolderName:     checklist.SeverityError, codeFileName: checklist.SeverityError,
	codePublishedForm: checklist.SeverityError, codePublishedEdited: checklist.SeverityError, codePublishedLate: checklist.SeverityError,
	codePublishedGone: checklist.SeverityWarning, codeUnpublished: checklist.SeverityWarning,
	codeVersionBefore: checklist.SeverityWarning, codeVersionStep: checklist.SeverityWarning,
}

// Codes returns every code a Problem can have, with its severity.
func Codes() map[checklist.Code]checklist.Severity {
	all := checklist.Codes()
	for c, s := range fileCodes {
		all[c] = s
	}
	return all
}

// HasErrors reports whether one of the problems is an error.
func HasErrors(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == checklist.SeverityError })
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

func (l *list) add(line, column int, code checklist.Code, format string, args ...any) {
	if len(l.problems) >= maxProblems {
		l.more = true
		return
	}
	l.problems = append(l.problems, Problem{l.file, max(line, 1), max(column, 1), fileCodes[code], code, fmt.Sprintf(format, args...)})
}

// sorted returns the problems in the order of the file.
func (l *list) sorted() []Problem {
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if l.more {
		last := l.problems[len(l.problems)-1]
		l.problems = append(l.problems, Problem{l.file, last.Line, last.Column, checklist.SeverityError, codeTooManyProblems,
			fmt.Sprintf("there are more than %d problems: correct these first", maxProblems)})
	}
	return l.problems
}
