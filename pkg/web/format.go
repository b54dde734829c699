package web

import (
	"math"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // Windows and slim containers have no zone files

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/score"
)

// berlin is the zone every time is shown in.
var berlin = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err) // the zone is embedded: only a broken build gets here
	}
	return zone
}()

// formatter writes numbers and dates in one language.
type formatter struct{ lang string }

// decimal writes x with a fixed number of decimals: 1.234,5 in German.
func (f formatter) decimal(x float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, frac, _ := strings.Cut(s, ".")
	group, point := ".", ","
	if f.lang != "de" {
		group, point = ",", "."
	}
	var b strings.Builder
	if x < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString("−")
	}
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(r)
	}
	if frac != "" {
		b.WriteString(point + frac)
	}
	return b.String()
}

// number writes an int or a float64; a float with as many decimals as it needs, at most two.
func (f formatter) number(v any) string {
	switch x := v.(type) {
	case int:
		return f.decimal(float64(x), 0)
	case int64:
		return f.decimal(float64(x), 0)
	case float64:
		decimals := 0
		for decimals < 2 && math.Abs(x*math.Pow10(decimals)-math.Round(x*math.Pow10(decimals))) > 1e-9 {
			decimals++
		}
		return f.decimal(x, decimals)
	}
	return ""
}

// exact writes a number with the decimals it was given with.
func (f formatter) exact(d decimal.Decimal) string {
	return f.decimal(d.InexactFloat64(), max(0, -int(d.Exponent())))
}

// onGrid writes x with the decimals of the grid it was rounded to; grid 0 is none.
func (f formatter) onGrid(x, grid float64) string {
	if grid <= 0 {
		return f.number(x)
	}
	return f.decimal(x, max(0, int(math.Ceil(-math.Log10(grid)-1e-9))))
}

// percent writes a fraction 0..1 with one decimal, cut and not rounded, so that 100,0 % always means complete (scoring.md section 2).
func (f formatter) percent(fraction float64) string {
	return f.unit(f.decimal(score.Cut(fraction, 1000)/10, 1), "%")
}

// wholePercent writes a fraction 0..1 without decimals, cut.
func (f formatter) wholePercent(fraction float64) string {
	return f.unit(f.decimal(score.Cut(fraction, 100), 0), "%")
}

// percentRange writes two fractions as one range in whole percent: "35–71 %".
func (f formatter) percentRange(from, to float64) string {
	return f.decimal(score.Cut(from, 100), 0) + "–" + f.wholePercent(to)
}

func (f formatter) unit(number, unit string) string {
	if f.lang == "de" {
		return number + "\u00a0" + unit // a number never parts from its unit at the end of a line
	}
	return number + unit
}

var germanMonths = [...]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}

// date writes the day: 22. November 2026.
func (f formatter) date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(berlin)
	if f.lang == "de" {
		return strconv.Itoa(t.Day()) + ". " + germanMonths[t.Month()-1] + " " + strconv.Itoa(t.Year())
	}
	return t.Format("2 January 2006")
}

// day writes the day without its year: 22. November.
func (f formatter) day(t time.Time) string {
	if f.lang == "de" {
		return strconv.Itoa(t.In(berlin).Day()) + ". " + germanMonths[t.In(berlin).Month()-1]
	}
	return t.In(berlin).Format("2 January")
}

var countWords = map[string][]string{
	"de": {"null", "eine", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"},
	"en": {"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"},
}

// count writes how many there are in a sentence: up to twelve as a word.
func (f formatter) count(n int) string {
	if words := countWords[f.lang]; n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}

// clock writes the hour and minute: 14:03.
func (f formatter) clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(berlin).Format("15:04")
}

// dateTime writes day and time: 22.11.2026, 14:03.
func (f formatter) dateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if f.lang == "de" {
		return t.In(berlin).Format("02.01.2006, 15:04")
	}
	return t.In(berlin).Format("2 Jan 2006, 15:04")
}

// parseDate reads a date input's value as a day in Berlin.
func parseDate(s string) (time.Time, error) {
	day, _ := plaintext.Day(s, plaintext.OrderOpen) // what a browser without a calendar sends is typed
	t, err := time.ParseInLocation(time.DateOnly, day, berlin)
	if err != nil {
		return time.Time{}, fault.New(fault.Invalid, "date", "%q is not a date: YYYY-MM-DD is expected", s)
	}
	return t, nil
}
