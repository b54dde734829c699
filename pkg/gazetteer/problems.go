package gazetteer

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// maxProblems is how many problems are told; a file with more of them is the wrong file.
const maxProblems = 100

// problems collects what is wrong with a file, and reads single values.
type problems struct {
	fields []fault.Field
	total  int
}

func (p *problems) add(line int, column, code, message, value string) {
	p.total++
	if len(p.fields) < maxProblems {
		p.fields = append(p.fields, fault.Field{
			Name: fmt.Sprintf("line %d, column %s", line, column), Code: code, Message: message,
			Args: map[string]any{"Line": line, "Column": column, "Value": clip(value)},
		})
	}
}

// err returns all problems as one fault, or nil.
func (p *problems) err() error {
	if p.total == 0 {
		return nil
	}
	f := fault.New(fault.Invalid, "import_problems", "the file has %d problem(s), nothing was imported", p.total).With("Count", p.total)
	f.Fields = p.fields
	return f
}

func (p *problems) ags(line int, column, text string) region.AGS {
	ags, err := region.ParseAGS(text)
	switch {
	case err == nil:
		return ags
	case len(text) == 7 && strings.Trim(text, "0123456789") == "":
		p.add(line, column, "ags_zero", fmt.Sprintf("%s has seven digits: the leading zero is missing, store the column as text (0%s)", text, text), text)
	default:
		p.add(line, column, "ags", fmt.Sprintf("%q is not an AGS: eight digits are expected, such as 05958004", clip(text)), text)
	}
	return ""
}

// maxName bounds names, in characters; the longest official one has about 60.
const maxName = 120

func (p *problems) name(line int, column, text string, required bool) string {
	switch {
	case text == "" && required:
		p.add(line, column, "empty", "a value is missing", "")
	case utf8.RuneCountInString(text) > maxName:
		p.add(line, column, "text_long", fmt.Sprintf("the text is longer than %d characters", maxName), text)
	case strings.ContainsFunc(text, unicode.IsControl):
		p.add(line, column, "text_control", "the text has control characters or a line break", text)
	}
	return text
}

// maxPopulation is more than any municipality has.
const maxPopulation = 20_000_000

// population reads persons. Points and spaces may stand between thousands: half a person
// does not exist, so "74.879" has one meaning.
func (p *problems) population(line int, column, text string) int {
	plain := text
	if groups := strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == ' ' || r == '\u00a0' || r == '\u202f' }); len(groups) > 1 {
		for _, g := range groups[1:] {
			if len(g) != 3 {
				groups = nil
				break
			}
		}
		plain = strings.Join(groups, "")
	}
	n, err := strconv.ParseUint(plain, 10, 32)
	if err != nil || n > maxPopulation {
		p.add(line, column, "population", fmt.Sprintf("%q is not a number of inhabitants: a whole number is expected, such as 74879", clip(text)), text)
		return 0
	}
	return int(n)
}

// maxArea is more than any municipality has, in square kilometres.
const maxArea = 10_000

// area reads square kilometres, rounded to hectares.
func (p *problems) area(line int, column, text string) float64 {
	plain := text
	if whole, fraction, ok := strings.Cut(text, ","); ok {
		plain = strings.ReplaceAll(whole, ".", "") + "." + fraction
	}
	v, ok := decimal(plain)
	if !ok || v < 0 || v > maxArea {
		p.add(line, column, "area", fmt.Sprintf("%q is not an area in square kilometres: a number is expected, such as 193,72 or 193.72", clip(text)), text)
		return 0
	}
	return math.Round(v*100) / 100
}

// The extent of Germany in degrees, a little wider, so that exchanged columns are noticed.
const (
	south, north = 47.0, 55.2
	west, east   = 5.5, 15.3
)

// place reads a pair of coordinates; both missing is 0, 0 and no problem.
func (p *problems) place(line int, lat, lon string) (float64, float64) {
	switch {
	case lat == "" && lon == "":
		return 0, 0
	case lat == "" || lon == "":
		p.add(line, "lat, lon", "coordinates_half", "latitude and longitude are given together or not at all", lat+lon)
		return 0, 0
	}
	return p.degrees(line, "lat", lat, south, north), p.degrees(line, "lon", lon, west, east)
}

// degrees reads a coordinate of the WGS 84 ellipsoid.
func (p *problems) degrees(line int, column, text string, low, high float64) float64 {
	v, ok := decimal(strings.Replace(text, ",", ".", 1))
	switch {
	case !ok:
		p.add(line, column, "degrees", fmt.Sprintf("%q is not a coordinate in degrees, such as 51,395795", clip(text)), text)
	case v < low || v > high:
		p.add(line, column, "degrees_range", fmt.Sprintf("%s lies outside of Germany (%v to %v degrees); are latitude and longitude exchanged", clip(text), low, high), text)
	default:
		return v
	}
	return 0
}

// date reads a day as 2024-12-31 or 31.12.2024.
func (p *problems) date(line int, column, text string) string {
	for _, layout := range []string{time.DateOnly, "02.01.2006"} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= 1900 && t.Year() < 2200 {
			return t.Format(time.DateOnly)
		}
	}
	p.add(line, column, "date", fmt.Sprintf("%q is not a date: 2024-12-31 or 31.12.2024 is expected", clip(text)), text)
	return ""
}

// decimal reads a plain decimal with a point: no exponent, no hexadecimal, no infinity.
func decimal(text string) (float64, bool) {
	if len(text) == 0 || len(text) > 24 || strings.Trim(text, "0123456789.-") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

// clip makes a foreign value fit for a message: short and printable.
func clip(value string) string {
	value = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(value, "?"))
	if runes := []rune(value); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return value
}
