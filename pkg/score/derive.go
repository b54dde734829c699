package score

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"ortsspiegel/pkg/checklist"
)

// Cut returns how many whole steps a value holds, steps making one: 1000 for tenths of a
// percent, 100 for whole percent. It is the one way from a figure to the number that is shown of
// it: cut and not rounded, so that a whole always means complete and a shown number never
// contradicts a threshold, with the tolerance of thresholds.
func Cut(v, steps float64) float64 { return math.Floor(v*steps + steps*tolerance) }

// Tenths returns a score in [0, 1] as tenths of a percent, cut: 1000 always means complete.
func Tenths(s float64) int { return int(Cut(s, 1000)) }

// Whole returns a score in [0, 1] as whole percent, cut as Tenths is: 59 for 0.597.
func Whole(s float64) int { return int(Cut(s, 100)) }

// Display returns a score in [0, 1] as percent with one decimal, cut, in the notation of a
// language and without the sign: "66,6" in German, "66.6" in English.
func Display(s float64, lang checklist.Lang) string { return DisplayTenths(Tenths(s), lang) }

// DisplayTenths writes tenths of a percent as percent with one decimal.
func DisplayTenths(tenths int, lang checklist.Lang) string {
	sign := ""
	if tenths < 0 {
		sign, tenths = "-", -tenths
	}
	mark := "."
	if strings.HasPrefix(string(lang), "de") {
		mark = ","
	}
	return sign + strconv.Itoa(tenths/10) + mark + strconv.Itoa(tenths%10)
}

// Lever is a question that could still add to the total.
type Lever struct {
	Section  checklist.SectionID
	Question checklist.QuestionID
	Gain     float64 // [0, 1]
}

// Levers returns the questions that could still add something, the biggest gain first,
// equal ones in the order of the checklist.
func (r *Result) Levers() []Lever {
	var levers []Lever
	for _, s := range r.Sections {
		for _, q := range s.Questions {
			if q.Gain != nil && *q.Gain > tolerance {
				levers = append(levers, Lever{s.ID, q.ID, *q.Gain})
			}
		}
	}
	sort.SliceStable(levers, func(i, j int) bool { return levers[i].Gain > levers[j].Gain+tolerance })
	return levers
}

// Line is one line of the derivation. Parts are tenths of a percent of the total.
type Line struct {
	Section  checklist.SectionID
	Question checklist.QuestionID // empty: the section's own line
	Weight   float64
	Share    int  // what the line could add at most
	Part     int  // what it adds
	Counts   bool // false: not applicable, inactive or unscored
}

// Derivation is "how is this score made?": the lines of the questions add up to their
// section's line, the sections' lines to the total, exactly in the displayed digits.
type Derivation struct {
	Total    int // tenths of a percent: Tenths of the score
	Sections []Line
	Lines    [][]Line // per section, its questions
}

// Derive returns the derivation of a result. What is reached (Part) and what is missing
// (Share - Part) are each handed out to the sections, and within each section to its questions,
// by the largest remainder, so that no line is off by a tenth of a percent or more, nothing
// reached shows 0 and everything reached shows its whole share.
func (r *Result) Derive() Derivation {
	d := Derivation{Sections: make([]Line, len(r.Sections)), Lines: make([][]Line, len(r.Sections))}
	reached, missing := make([]float64, len(r.Sections)), make([]float64, len(r.Sections))
	for i, s := range r.Sections {
		d.Sections[i] = Line{Section: s.ID, Weight: s.Weight, Counts: s.Score != nil}
		d.Lines[i] = make([]Line, len(s.Questions))
		for j, q := range s.Questions {
			d.Lines[i][j] = Line{Section: s.ID, Question: q.ID, Weight: q.Weight, Counts: q.Points != nil}
		}
		if s.Score != nil {
			reached[i], missing[i] = s.Share**s.Score, s.Share*(1-*s.Score)
		}
	}
	if r.Score == nil {
		return d
	}
	d.Total = Tenths(*r.Score)
	parts, gaps := apportion(reached, d.Total), apportion(missing, 1000-d.Total)
	for i, s := range r.Sections {
		d.Sections[i].Part, d.Sections[i].Share = parts[i], parts[i]+gaps[i]
		reached, missing := make([]float64, len(s.Questions)), make([]float64, len(s.Questions))
		for j, q := range s.Questions {
			if q.Points != nil {
				reached[j], missing[j] = q.Share**q.Points, *q.Gain
			}
		}
		part, gap := apportion(reached, parts[i]), apportion(missing, gaps[i])
		for j := range d.Lines[i] {
			d.Lines[i][j].Part, d.Lines[i][j].Share = part[j], part[j]+gap[j]
		}
	}
	return d
}

// apportion cuts shares of a total in [0, 1] to tenths of a percent and hands the tenths that
// are left to the largest remainders, equal ones in order (Hamilton's method). A share of 0 gets nothing.
func apportion(shares []float64, total int) []int {
	tenths := make([]int, len(shares))
	var rest []int
	for i, s := range shares {
		tenths[i] = min(Tenths(s), total)
		total -= tenths[i]
		if s > tolerance {
			rest = append(rest, i)
		}
	}
	remainder := func(i int) float64 { return 1000*shares[i] - float64(Tenths(shares[i])) }
	sort.SliceStable(rest, func(a, b int) bool { return remainder(rest[a]) > remainder(rest[b])+tolerance })
	for k := 0; total > 0 && len(rest) > 0; k, total = k+1, total-1 {
		tenths[rest[k%len(rest)]]++
	}
	return tenths
}
