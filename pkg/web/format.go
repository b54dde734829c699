package web

import (
	"time"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/wording"
)

// words writes numbers, days and what else is said the same everywhere in the texts' language.
func (m *messages) words() wording.Writer { return wording.Page(checklist.Lang(m.lang)) }

// parseDate reads a date input's value as a day in Berlin.
func parseDate(s string) (time.Time, error) {
	day, _ := plaintext.Day(s, plaintext.OrderOpen) // what a browser without a calendar sends is typed
	t, err := time.ParseInLocation(time.DateOnly, day, wording.Berlin)
	if err != nil {
		return time.Time{}, fault.New(fault.Invalid, "date", "%q is not a date: YYYY-MM-DD is expected", s)
	}
	return t, nil
}
