package score

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"ortsspiegel/pkg/checklist"
)

// Tenths returns a score in [0, 1] as tenths of a percent, cut and not rounded, so that 1000
// always means complete and a shown number never contradicts a threshold:
// floor(100*s*10 + 1e-6).
func Tenths(s float64) int { return int(math.Floor(100*s*10 + 1e-6)) }

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

// Derive returns the derivation of a result. Each part is the difference of two cut running
// sums, so that the parts telescope to the cut total and none is off by a tenth or more.
func (r *Result) Derive() Derivation {
	var d Derivation
	var part, share float64
	partCut, shareCut := 0, 0
	last := r.lastCounting()
	for i, s := range r.Sections {
		head := Line{Section: s.ID, Weight: s.Weight, Counts: s.Score != nil}
		lines := make([]Line, len(s.Questions))
		for j, q := range s.Questions {
			l := Line{Section: s.ID, Question: q.ID, Weight: q.Weight, Counts: q.Points != nil}
			if l.Counts {
				part += q.Share * *q.Points
				share += q.Share
				p, sh := Tenths(part), Tenths(share)
				if last == [2]int{i, j} {
					// the running sum and the score itself may differ in the last binary digit
					p, sh = Tenths(*r.Score), 1000
				}
				l.Part, l.Share = p-partCut, sh-shareCut
				partCut, shareCut = p, sh
			}
			head.Part += l.Part
			head.Share += l.Share
			lines[j] = l
		}
		d.Sections = append(d.Sections, head)
		d.Lines = append(d.Lines, lines)
		d.Total += head.Part
	}
	return d
}

func (r *Result) lastCounting() [2]int {
	last := [2]int{-1, -1}
	for i, s := range r.Sections {
		for j, q := range s.Questions {
			if q.Points != nil {
				last = [2]int{i, j}
			}
		}
	}
	return last
}
