package wording

import (
	"strconv"
	"time"
	_ "time/tzdata" // Windows and slim containers have no zone files
)

// Berlin is the zone every time is shown in.
var Berlin = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err) // the zone is embedded: only a broken build gets here
	}
	return zone
}()

var germanMonths = [...]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
	"Oktober", "November", "Dezember"}

// Date writes the day: 22. November 2026; nothing for no time.
func (w Writer) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(Berlin)
	if German(w.lang) {
		return w.Day(t) + " " + strconv.Itoa(t.Year())
	}
	return t.Format("2 January 2006")
}

// Day writes the day without its year: 22. November.
func (w Writer) Day(t time.Time) string {
	t = t.In(Berlin)
	if German(w.lang) {
		return strconv.Itoa(t.Day()) + ". " + germanMonths[t.Month()-1]
	}
	return t.Format("2 January")
}

// Clock writes the hour and minute: 14:03; nothing for no time.
func (w Writer) Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Berlin).Format("15:04")
}

// DateTime writes day and time: 22.11.2026, 14:03; nothing for no time.
func (w Writer) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Berlin).Format(Phrase{"02.01.2006, 15:04", "2 Jan 2006, 15:04"}.In(w.lang))
}

// ShortDate writes the day in digits: 22.11.2026, in English 2026-11-22; a dash for no time.
func (w Writer) ShortDate(t time.Time) string {
	if t.IsZero() {
		return Dash
	}
	return t.In(Berlin).Format(Phrase{"02.01.2006", time.DateOnly}.In(w.lang))
}

// ShortDay is ShortDate without the year: 22.11., in English 22 Nov.
func (w Writer) ShortDay(t time.Time) string {
	return t.In(Berlin).Format(Phrase{"02.01.", "2 Jan"}.In(w.lang))
}

// Year writes the year: 2026; nothing for no time.
func (w Writer) Year(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.Itoa(t.In(Berlin).Year())
}

// ShortTime is ShortDate with the hour and minute: 22.11.2026 14:03.
func (w Writer) ShortTime(t time.Time) string {
	if t.IsZero() {
		return Dash
	}
	return w.ShortDate(t) + " " + w.Clock(t)
}

// ISODay returns the day on Berlin's clock as files and inputs hold it: 2026-11-22.
func ISODay(t time.Time) string { return t.In(Berlin).Format(time.DateOnly) }

// LastDay returns a moment of the last day of a time that ends, as people say it: a round that closes
// on the 14th at 00:00 ends on the 13th. No time stays none.
func LastDay(ends time.Time) time.Time {
	if ends.IsZero() {
		return ends
	}
	return ends.Add(-time.Second)
}

// DaysLeft counts the days from a moment to the last day before ends, as people in Berlin count: 0 on that day itself,
// negative after it.
func DaysLeft(now, ends time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(Berlin).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(LastDay(ends)).Sub(day(now)) / (24 * time.Hour))
}
