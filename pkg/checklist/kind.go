package checklist

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Type is the kind of value a question asks for. What a type can do stands in its row of the table
// below; whoever works with questions asks the type for its Shape or one of its properties and
// names no type, so that a new one is a row here.
type Type string

// The types of questions.
const (
	TypeChoice Type = "choice" // one option
	TypeMulti  Type = "multi"  // several options
	TypeNumber Type = "number"
	TypeText   Type = "text"
	TypeDate   Type = "date"
)

// Shape is what answering looks like. Pages, workbooks and tables have an input for each shape;
// several types may share one.
type Shape uint8

// The shapes of inputs. The zero value is that of a type nobody knows.
const (
	ShapeOne    Shape = iota + 1 // one of the options
	ShapeMany                    // any of the options
	ShapeNumber                  // a number with its unit
	ShapeDay                     // a day
	ShapeText                    // lines of text
)

// String returns the shape's word, by which templates and scripts choose an input. It is that of the
// first type of its shape.
func (s Shape) String() string {
	for i := range kinds {
		if kinds[i].shape == s {
			return string(kinds[i].name)
		}
	}
	return ""
}

// kind is one row of the table: what there is to know about a type of question.
type kind struct {
	name  Type
	shape Shape
	holds AnswerKind
	asked string                                            // what a program has to give, in words
	parse func(q *Question, given []string) (Answer, error) // given: at least one, and one alone unless ShapeMany
	check func(q *Question) bool                            // whether the question's points make it scored; nil: never
	fits  func(q *Question, a Answer) bool                  // whether an answer of kind holds is possible; nil: always
	order func(q *Question, a, b Answer) int                // below 0: a is the lower one; nil: answers have no order
}

var kinds = [...]kind{
	{name: TypeChoice, shape: ShapeOne, holds: AnswerOptions, asked: "one option's id as text",
		parse: (*Question).parseOptions, check: hasPoints, order: byOption},
	{name: TypeMulti, shape: ShapeMany, holds: AnswerOptions, asked: "a list of option ids",
		parse: (*Question).parseOptions, check: hasPoints},
	{name: TypeNumber, shape: ShapeNumber, holds: AnswerNumber, asked: "a number",
		parse: (*Question).parseNumber, check: hasLine, fits: isPossible, order: byNumber},
	{name: TypeText, shape: ShapeText, holds: AnswerText, asked: "text",
		parse: (*Question).parseText},
	{name: TypeDate, shape: ShapeDay, holds: AnswerDate, asked: "a date as text, such as 2026-03-31",
		parse: (*Question).parseDate, order: byText},
}

// unknown is the row of all other types: a draft may name one, which the linter reports.
var unknown = kind{parse: (*Question).parseText}

// kind returns the type's row. The table is short: looking through it is quicker than a map.
func (t Type) kind() *kind {
	for i := range kinds {
		if kinds[i].name == t {
			return &kinds[i]
		}
	}
	return &unknown
}

// Types returns all types in the order in which people are told of them.
func Types() []Type {
	all := make([]Type, len(kinds))
	for i := range kinds {
		all[i] = kinds[i].name
	}
	return all
}

// Known reports whether there is such a type.
func (t Type) Known() bool { return t.kind() != &unknown }

// Shape returns what answering looks like; 0 for a type nobody knows.
func (t Type) Shape() Shape { return t.kind().shape }

// Holds returns what its answers hold, unless they are not applicable; 0 for a type nobody knows.
func (t Type) Holds() AnswerKind { return t.kind().holds }

// Asked says what a program has to give as a value: "a number". Empty for a type nobody knows.
func (t Type) Asked() string { return t.kind().asked }

// OffersOptions reports whether one answers by options: one of them or several.
func (t Type) OffersOptions() bool { return t.kind().holds == AnswerOptions }

// Many reports whether an answer may have several values.
func (t Type) Many() bool { return t.kind().shape == ShapeMany }

// One reports whether an answer is exactly one of the options.
func (t Type) One() bool { return t.kind().shape == ShapeOne }

// Numeric reports whether one answers with a number, which has limits, a unit and a line of points.
func (t Type) Numeric() bool { return t.kind().holds == AnswerNumber }

// Ordered reports whether one of two answers is the lower one; ticks and texts have no order.
func (t Type) Ordered() bool { return t.kind().order != nil }

// Order compares two answers to a question whose type is Ordered: below 0 if a is the lower one.
func (q *Question) Order(a, b Answer) int { return q.Type.kind().order(q, a, b) }

// Possible reports whether an answer of the kind that the question's type Holds could have been
// given to this question too. Its options are not looked at: an old one may have become another.
func (q *Question) Possible(a Answer) bool {
	fits := q.Type.kind().fits
	return fits == nil || fits(q, a)
}

// Scored reports whether the question counts in the score.
func (q *Question) Scored() bool {
	check := q.Type.kind().check
	return q.Weight > 0 && check != nil && check(q)
}

func hasPoints(q *Question) bool            { return len(q.Options) > 0 && q.Options[0].Points != nil }
func hasLine(q *Question) bool              { return len(q.Targets) >= 2 }
func isPossible(q *Question, a Answer) bool { return q.Refuses(a.Number) == nil }

func byOption(q *Question, a, b Answer) int { return q.Option(a.Options[0]) - q.Option(b.Options[0]) }
func byNumber(_ *Question, a, b Answer) int { return a.Number.Cmp(b.Number) }
func byText(_ *Question, a, b Answer) int   { return strings.Compare(a.Text, b.Text) }

func (q *Question) parseText(given []string) (Answer, error) {
	if utf8.RuneCountInString(given[0]) > MaxText {
		return Answer{}, q.wrong("text_long", "the text is longer than 2000 characters", map[string]any{"Max": MaxText})
	}
	return Answer{Kind: AnswerText, Text: given[0]}, nil
}

func (q *Question) parseDate(given []string) (Answer, error) {
	t, err := time.Parse(time.DateOnly, given[0])
	if err != nil || t.Year() < 1000 {
		return Answer{}, q.wrong("date", "a date such as 2026-03-31 is expected", nil)
	}
	return Answer{Kind: AnswerDate, Text: given[0]}, nil
}
