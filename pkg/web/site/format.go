package site

import (
	"net/url"
	"strings"
	"time"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/wording"
)

// Words writes numbers, days and what else is said the same everywhere in the texts' language.
func (m *Messages) Words() wording.Writer { return wording.Page(checklist.Lang(m.Lang)) }

// ParseDate reads a date input's value as a day in Berlin.
func ParseDate(s string) (time.Time, error) {
	day, _ := plaintext.Day(s, plaintext.OrderOpen) // what a browser without a calendar sends is typed
	t, err := time.ParseInLocation(time.DateOnly, day, wording.Berlin)
	if err != nil {
		return time.Time{}, fault.New(fault.Invalid, "date", "%q is not a date: YYYY-MM-DD is expected", s)
	}
	return t, nil
}

// DayIn reads a day of a form as a browser sends it, or as people write it in German. What cannot
// be read stays zero, which the service refuses with the field's name.
func DayIn(form url.Values, name string) time.Time {
	if day, err := ParseDate(form.Get(name)); err == nil {
		return day
	}
	day, err := time.ParseInLocation("2.1.2006", strings.ReplaceAll(Value(form, name), " ", ""), wording.Berlin)
	if err != nil {
		return time.Time{}
	}
	return day
}

// EndOf is the moment after a day, which counts whole.
func EndOf(day time.Time) time.Time {
	if day.IsZero() {
		return day
	}
	return day.AddDate(0, 0, 1)
}
