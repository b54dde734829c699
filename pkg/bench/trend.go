package bench

import (
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
)

// Shift separates what moved a town's score from an earlier assessment to a later one. The
// common questions are those both versions ask, by the mapping between them; a question the
// town would have had to answer anew is none. Scores lie in [0, 1]; nil: undefined.
//
//	After - Before = Answers() + Rules()
type Shift struct {
	Before     *float64 // the earlier answers by the earlier version: the score the town had
	Rebased    *float64 // the earlier answers by the later version, on the common questions
	Comparable *float64 // the later answers by the later version, on the common questions
	After      *float64 // the later answers by the later version: the score the town has
	Common     int      // common scored questions
	Sections   []SectionShift
}

// SectionShift is a section of the later version on its common questions.
type SectionShift struct {
	ID                  checklist.SectionID
	Rebased, Comparable *float64
	Common              int
}

// Answers returns what the same questions with new answers moved; nil if undefined.
func (s *Shift) Answers() *float64 { return difference(s.Comparable, s.Rebased) }

// Rules returns what the change of the checklist moved: other weights and points on the common
// questions, and questions that were added or retired; nil if undefined.
func (s *Shift) Rules() *float64 { return difference(difference(s.After, s.Before), s.Answers()) }

func difference(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	d := *a - *b
	return &d
}

// Between compares two assessments of one town. It returns the shift and, for Earlier, what of
// the later version was answered as before.
func Between(path *checklist.Path, common map[checklist.QuestionID]bool, before, after score.Answers) (Shift, []bool) {
	d := path.To()
	carried := path.Carry(before)
	rebased := make(score.Answers, len(before))
	asked := map[checklist.QuestionID]bool{}
	for _, p := range carried.Proposals {
		switch {
		case p.Reason == "":
			rebased[p.Question] = p.Answer
		default:
			asked[p.Question] = true
		}
	}
	both := make(map[checklist.QuestionID]bool, len(common))
	for id := range common {
		if !asked[id] {
			both[id] = true
		}
	}
	s := Shift{Before: score.Score(path.From(), before).Score, After: score.Score(d, after).Score}
	old, now := score.Among(d, rebased, both), score.Among(d, after, both)
	s.Rebased, s.Comparable = old.Score, now.Score
	for i := range d.Sections {
		section := SectionShift{ID: d.Sections[i].ID, Rebased: old.Sections[i].Score, Comparable: now.Sections[i].Score}
		for j := range d.Sections[i].Questions {
			if q := &d.Sections[i].Questions[j]; q.Scored() && both[q.ID] {
				section.Common++
			}
		}
		s.Common += section.Common
		s.Sections = append(s.Sections, section)
	}
	return s, unchanged(d, both, rebased, after)
}

// unchanged compares answer by answer; what is open in both is the same too.
func unchanged(d *checklist.Definition, both map[checklist.QuestionID]bool, before, after score.Answers) []bool {
	same := make([]bool, 1+len(d.Sections)+len(d.Questions()))
	n := 1 + len(d.Sections)
	some, all := false, true
	for i := range d.Sections {
		someHere, allHere := false, true
		for j := range d.Sections[i].Questions {
			id := d.Sections[i].Questions[j].ID
			if both[id] {
				a, was := before[id]
				b, is := after[id]
				same[n] = was == is && a.Equal(b)
				someHere, allHere = true, allHere && same[n]
			}
			n++
		}
		same[1+i] = someHere && allHere
		some, all = some || someHere, all && allHere
	}
	same[0] = some && all
	return same
}

// Panel is the change of the towns that took part in both of two rounds and have all four
// scores: only the same towns can be compared. Means add up as a town's shift does.
type Panel struct {
	N                                  int
	Before, Rebased, Comparable, After Average
	Sections                           []PanelSection
}

// PanelSection is a section of the later version in a Panel; N counts the towns with both scores.
type PanelSection struct {
	ID                  checklist.SectionID
	N                   int
	Rebased, Comparable Average
}

// Average holds what a panel says of one score, in [0, 1]; nil where there is none.
type Average struct{ Mean, Median *float64 }

// NewPanel summarises shifts to the version d.
func NewPanel(d *checklist.Definition, shifts []Shift) Panel {
	var p Panel
	var total [4][]float64
	for i := range shifts {
		s := &shifts[i]
		if !s.defined() {
			continue
		}
		p.N++
		for k, v := range []*float64{s.Before, s.Rebased, s.Comparable, s.After} {
			total[k] = append(total[k], *v)
		}
	}
	p.Before, p.Rebased, p.Comparable, p.After = averageOf(total[0]), averageOf(total[1]), averageOf(total[2]), averageOf(total[3])
	for k := range d.Sections {
		section := PanelSection{ID: d.Sections[k].ID}
		var was, is []float64
		for i := range shifts {
			if s := &shifts[i].Sections[k]; s.Rebased != nil && s.Comparable != nil {
				was, is = append(was, *s.Rebased), append(is, *s.Comparable)
			}
		}
		section.N, section.Rebased, section.Comparable = len(was), averageOf(was), averageOf(is)
		p.Sections = append(p.Sections, section)
	}
	return p
}

func (s *Shift) defined() bool {
	return s.Before != nil && s.Rebased != nil && s.Comparable != nil && s.After != nil
}

func averageOf(values []float64) Average {
	if len(values) == 0 {
		return Average{}
	}
	slices.Sort(values)
	mean, median := Mean(values), Quantile(values, 0.5)
	return Average{&mean, &median}
}
