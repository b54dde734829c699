package checklist

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
)

// AnswerKind says what an answer holds. The zero value is no answer at all:
// an open question has no Answer, never an empty one.
type AnswerKind uint8

// The kinds of answers.
const (
	AnswerOptions AnswerKind = iota + 1
	AnswerNumber
	AnswerText
	AnswerDate
	AnswerNotApplicable
)

// Answer is what an assessment says to one question.
type Answer struct {
	Kind AnswerKind
	// AnswerOptions: exactly one for choice, one or more for multi, in the order of the question
	Options []OptionID
	Number  decimal.Decimal // AnswerNumber
	Text    string          // AnswerText; AnswerDate: YYYY-MM-DD; AnswerNotApplicable: the reason
}

// Limits of what an answer may hold, in characters.
const (
	MinReason  = 10
	MaxReason  = 1000
	MaxText    = 2000
	MaxComment = 2000
)

// Equal reports whether two answers say the same.
func (a Answer) Equal(b Answer) bool {
	if a.Kind != b.Kind || a.Text != b.Text || !a.Number.Equal(b.Number) || len(a.Options) != len(b.Options) {
		return false
	}
	for i := range a.Options {
		if a.Options[i] != b.Options[i] {
			return false
		}
	}
	return true
}

// NotApplicableAnswer returns "not applicable" with its reason, if the question allows it.
func (q *Question) NotApplicableAnswer(reason string) (Answer, error) {
	reason = plaintext.Text(reason)
	switch n := utf8.RuneCountInString(reason); {
	case !q.NotApplicable:
		return Answer{}, q.wrong("not_applicable_refused", "\"not applicable\" is not possible for this question", nil)
	case !storable(reason):
		return Answer{}, q.wrong("utf8", "the reason is not valid UTF-8", nil)
	case plaintext.Length(reason) < MinReason:
		return Answer{}, q.wrong("reason_short", "a reason of at least 10 characters is needed",
			map[string]any{"Min": MinReason})
	case n > MaxReason:
		return Answer{}, q.wrong("text_long", "the reason is longer than 1000 characters",
			map[string]any{"Max": MaxReason})
	}
	return Answer{Kind: AnswerNotApplicable, Text: reason}, nil
}

// Parse turns the values of a form or of JSON into an answer. Values are what a person
// typed: a number may have a decimal comma. No value at all is an Invalid error: whoever
// wants to leave the question open says so without calling Parse.
func (q *Question) Parse(values []string) (Answer, error) {
	var given []string
	for _, v := range values {
		if !storable(v) {
			return Answer{}, q.wrong("utf8", "the value is not valid UTF-8", nil)
		}
		if v = plaintext.Text(v); v != "" {
			given = append(given, v)
		}
	}
	if len(given) == 0 {
		return Answer{}, q.wrong("empty", "no value was given", nil)
	}
	if len(given) > 1 && !q.Type.Many() {
		return Answer{}, q.wrong("one_value", "exactly one value is expected", nil)
	}
	return q.Type.kind().parse(q, given)
}

// storable reports whether a text is valid UTF-8 without NUL, which PostgreSQL cannot keep.
func storable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

func (q *Question) parseOptions(given []string) (Answer, error) {
	chosen := make([]bool, len(q.Options))
	for _, v := range given {
		i := q.Option(OptionID(v))
		if i < 0 {
			return Answer{}, q.wrong("option_unknown", "the question has no option "+plaintext.Quote(v),
				map[string]any{"Value": v})
		}
		chosen[i] = true
	}
	a := Answer{Kind: AnswerOptions}
	exclusive := false
	for i, c := range chosen {
		if c {
			a.Options = append(a.Options, q.Options[i].ID)
			exclusive = exclusive || q.Options[i].Exclusive
		}
	}
	if exclusive && len(a.Options) > 1 {
		return Answer{}, q.wrong("option_exclusive", "an option that stands alone was chosen together with others", nil)
	}
	return a, nil
}

func (q *Question) parseNumber(given []string) (Answer, error) {
	n, err := ParseNumber(given[0])
	if f := fault.As(err); errors.Is(err, ErrAmbiguous) {
		return Answer{}, q.wrong(f.Code, f.Message, f.Args)
	}
	if err != nil {
		return Answer{}, q.wrong("number", "a number such as 12 or 7.5 is expected", nil)
	}
	return q.NumberAnswer(n)
}

// NumberAnswer returns a number as an answer, if it is inside the question's limits and steps
// and has no more digits than ParseNumber takes.
func (q *Question) NumberAnswer(n decimal.Decimal) (Answer, error) {
	if !storableNumber(n) {
		return Answer{}, q.wrong("number", "a number such as 12 or 7.5 is expected", nil)
	}
	if err := q.Refuses(n); err != nil {
		return Answer{}, err
	}
	return Answer{Kind: AnswerNumber, Number: n}, nil
}

// Refuses says why a number is outside the question's limits or steps; nil if it is not.
func (q *Question) Refuses(n decimal.Decimal) error {
	switch {
	case q.Min != nil && n.LessThan(*q.Min):
		return q.wrong("number_min", "the number is smaller than "+q.Min.String(), map[string]any{"Min": *q.Min})
	case q.Max != nil && n.GreaterThan(*q.Max):
		return q.wrong("number_max", "the number is larger than "+q.Max.String(), map[string]any{"Max": *q.Max})
	case q.Step != nil && q.Step.IsPositive():
		base := decimal.Zero
		if q.Min != nil {
			base = *q.Min
		}
		if !n.Sub(base).Mod(*q.Step).IsZero() {
			return q.wrong("number_step", "only steps of "+q.Step.String()+" are possible",
				map[string]any{"Step": *q.Step})
		}
	}
	return nil
}

// ErrAmbiguous: a number can be read in two ways.
var ErrAmbiguous = fault.New(fault.Invalid, "number_ambiguous", "the number can be read in two ways")

// ParseNumber reads a decimal as people write it: with a point or a German comma, and with points, spaces or
// apostrophes between thousands where they cannot be a decimal mark. At most 12 digits before and 6 behind
// the decimal mark. A number that can be read in two ways is ErrAmbiguous, and the two as
// Whole (its digits) and Fraction (a decimal).
func ParseNumber(s string) (decimal.Decimal, error) {
	bad := fault.New(fault.Invalid, "number", "%q is not a number such as 12 or 7.5", s)
	s = strings.ReplaceAll(plaintext.Text(s), "−", "-")
	if whole, fraction, comma := strings.Cut(s, ","); comma {
		whole, ok := plaintext.Ungroup(whole)
		if !ok || strings.ContainsAny(fraction, ".,") {
			return decimal.Zero, bad
		}
		s = whole + "." + fraction
	} else if digits, grouped := plaintext.Ungroup(s); grouped && digits != s {
		if strings.Count(s, ".") == 1 {
			// 1.500 is fifteen hundred to a German and one and a half to a machine.
			n, err := decimal.NewFromString(s)
			if err != nil {
				return decimal.Zero, bad.Because(err)
			}
			return decimal.Zero, ErrAmbiguous.Saying("%q can be read in two ways: write %s or %s", s, digits,
				n.String()).
				With("Whole", digits).With("Fraction", n)
		}
		s = digits
	}
	if len(s) == 0 || len(s) > 24 || strings.ContainsAny(s, "eE_+ ") {
		return decimal.Zero, bad
	}
	n, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Zero, bad.Because(err)
	}
	if !storableNumber(n) {
		return decimal.Zero, bad
	}
	return n, nil
}

func storableNumber(n decimal.Decimal) bool {
	return n.Exponent() >= -6 && n.Abs().LessThan(decimal.New(1, 12))
}

func (q *Question) wrong(code, message string, args map[string]any) error {
	return fault.Fields([]fault.Field{{Name: string(q.ID), Code: code, Message: message, Args: args}})
}
