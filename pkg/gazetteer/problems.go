package gazetteer

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
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
	what := "one problem"
	if p.total > 1 {
		what = fmt.Sprintf("%d problems", p.total)
	}
	f := fault.New(fault.Invalid, "import_problems", "the file has %s, nothing was imported", what).With("Count",
		p.total)
	f.Fields = p.fields
	return f
}

func (p *problems) ags(line int, column, text string) region.AGS {
	ags, ok := region.AGSOf(text)
	if !ok {
		p.add(line, column, "ags", fmt.Sprintf("%q is not an AGS: eight digits are expected, such as 05958004",
			clip(text)), text)
	}
	return ags
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

// unpublished are the signs of official statistics for a figure that is not there: secret, unknown, nothing,
// no sense, later.
var unpublished = map[string]bool{"/": true, "-": true, "–": true, "—": true, ".": true, "·": true, "•": true,
	"x": true, "X": true, "…": true, "...": true, ":": true}

// marks are what stands behind a name or a figure for a footnote, also raised.
var (
	nameMark   = regexp.MustCompile(`^(.*[^\d(\s])\s*(?:\d{1,2}\)|[¹²³⁴⁵⁶⁷⁸⁹⁰]+⁾?|\*+\)?)$`)
	figureMark = regexp.MustCompile(`^(.*\d)(?:\s+\d{1,2}\)|\s*[¹²³⁴⁵⁶⁷⁸⁹⁰]+⁾?|\s*\*+\)?|\s*[prs])$`)
)

// unmarked is a text without the marks of footnotes behind it.
func unmarked(mark *regexp.Regexp, text string) string {
	for {
		m := mark.FindStringSubmatch(text)
		if m == nil {
			return text
		}
		text = strings.TrimRight(m[1], " ,\u00a0")
	}
}

// points says what a point means in a column of whole numbers.
type points uint8

const (
	pointsGroup   points = iota // between thousands: 74.879
	pointsDecimal               // before decimals: 74879.0; 879.000 then is 879
	pointsUnclear               // nothing but 12.000, 9.000: thousands or three decimals
)

// pointsOf looks at a whole column, because 879.000 alone could be both.
func pointsOf(column []string) points {
	zeros, others := 0, 0
	for _, text := range column {
		whole, fraction, ok := strings.Cut(unmarked(figureMark, text), ".")
		switch {
		case !ok || strings.Trim(whole+fraction, "0123456789") != "" || fraction == "":
			continue
		case len(whole) > 3 || len(fraction) != 3:
			return pointsDecimal
		case fraction == "000":
			zeros++
		default:
			others++
		}
	}
	if zeros > 1 && others == 0 {
		return pointsUnclear
	}
	return pointsGroup
}

// population reads persons; known is false for a sign that says that the figure is not published. Points, spaces and
// apostrophes may stand between thousands, and zeros behind a decimal mark: half a person does not exist.
func (p *problems) population(line int, column, text string, mark points) (n int, known bool) {
	if unpublished[text] {
		return 0, false
	}
	plain := unmarked(figureMark, text)
	whole, fraction, comma := strings.Cut(plain, ",")
	if first, rest, point := strings.Cut(plain, "."); !comma && point && mark != pointsGroup &&
		strings.Trim(first+rest, "0123456789") == "" {
		if mark == pointsUnclear && rest == "000" {
			p.add(line, column, "population_ambiguous",
				fmt.Sprintf("%q can be read in two ways, as all numbers of this column: write %s or %s%s", clip(text),
					first, first, rest), text)
			return 0, true
		}
		whole, fraction = first, rest
	}
	if plain == "" {
		p.add(line, column, "empty", "a value is missing: the number of inhabitants, or . where it is not published",
			"")
		return 0, true
	}
	digits, ok := plaintext.Ungroup(whole)
	v, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil || v > maxPopulation || strings.Trim(fraction, "0") != "" {
		p.add(line, column, "population",
			fmt.Sprintf("%q is not a number of inhabitants: a whole number is expected, such as 74879", clip(text)),
			text)
		return 0, true
	}
	return int(v), true
}

// maxArea is more than any municipality has, in square kilometres.
const maxArea = 10_000

// area reads square kilometres, rounded to hectares.
func (p *problems) area(line int, column, text string) float64 {
	if unpublished[text] {
		return 0
	}
	plain := unmarked(figureMark, text)
	if whole, fraction, ok := strings.Cut(plain, ","); ok {
		if digits, grouped := plaintext.Ungroup(whole); grouped {
			plain = digits + "." + fraction
		}
	}
	v, ok := decimal(plain)
	if !ok || v < 0 || v > maxArea {
		p.add(line, column, "area", fmt.Sprintf(
			"%q is not an area in square kilometres: a number is expected, such as 193,72 or 193.72", clip(text)), text)
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
		p.add(line, column, "degrees", fmt.Sprintf("%q is not a coordinate in degrees, such as 51,395795", clip(text)),
			text)
	case v < -180 || v > 180:
		p.add(line, column, "degrees",
			fmt.Sprintf("%s is not in degrees, such as 51,395795: convert the coordinates to WGS 84 (EPSG:4326)",
				clip(text)), text)
	case v < low || v > high:
		p.add(line, column, "degrees_range",
			fmt.Sprintf("%s lies outside of Germany (%v to %v degrees): are latitude and longitude exchanged?",
				clip(text), low, high), text)
	default:
		return v
	}
	return 0
}

// date reads a day as people and programs write it.
func (p *problems) date(line int, column, text string) string {
	day, ambiguous := plaintext.Day(text, plaintext.OrderOpen)
	switch {
	case ambiguous:
		p.add(line, column, "date_ambiguous",
			fmt.Sprintf("%q can be read in two ways: write it as 2024-12-31 or 31.12.2024", clip(text)), text)
		return ""
	case day >= "1900" && day < "2200":
		return day
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
