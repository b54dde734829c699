package wording

import (
	"strings"

	"ortsspiegel/pkg/checklist"
)

// Bounds says from where to where a number question's answer may lie and in which steps, each in a
// part of its own: "von 0 bis 10", "in Schritten von 0,5". None if everything is possible.
func (w Writer) Bounds(q *checklist.Question) []string {
	var parts []string
	if reach := w.reach(q); reach != "" {
		parts = append(parts, reach)
	}
	if q.Step != nil {
		parts = append(parts, Phrase{"in Schritten von {0}", "in steps of {0}"}.In(w.lang, w.Marked(q.Step.String())))
	}
	return parts
}

// Range says in a line which numbers are possible, without their steps: "Zahl von 0 bis 10 Stunden".
func (w Writer) Range(q *checklist.Question) string {
	parts := []string{number.In(w.lang)}
	for _, part := range []string{w.reach(q), q.Unit.In(w.lang)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// Limits says everything about which numbers are possible: "Zahl in Stunden, von 0 bis 10, in Schritten
// von 0,5". Empty for a question that takes no number, or any.
func (w Writer) Limits(q *checklist.Question) string {
	if !q.Type.Numeric() {
		return ""
	}
	parts := w.Bounds(q)
	if unit := q.Unit.In(w.lang); unit != "" {
		parts = append([]string{"in " + unit}, parts...)
	}
	if len(parts) == 0 {
		return ""
	}
	return number.In(w.lang) + " " + strings.Join(parts, ", ")
}

var number = Phrase{"Zahl", "Number"}

func (w Writer) reach(q *checklist.Question) string {
	switch {
	case q.Min != nil && q.Max != nil:
		return Phrase{"von {0} bis {1}", "from {0} to {1}"}.In(w.lang, w.Marked(q.Min.String()),
			w.Marked(q.Max.String()))
	case q.Min != nil:
		return Phrase{"ab {0}", "from {0}"}.In(w.lang, w.Marked(q.Min.String()))
	case q.Max != nil:
		return Phrase{"bis {0}", "up to {0}"}.In(w.lang, w.Marked(q.Max.String()))
	}
	return ""
}
