package assessments

import (
	"slices"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/score"
)

// Counted says how far an assessment or one of its sections is. All counts the questions that are asked as things
// stand: every page that says such figures takes them from here, so that no two of them differ.
type Counted struct {
	Done, All int
	Open      int
	Inactive  int  // not asked because of other answers
	Moving    bool // answers can still change All
}

// CountAll counts an assessment's questions.
func CountAll(v assessment.View, editable bool) Counted {
	n := newCounted(v.Result.Counts)
	for i := range v.Definition.Sections {
		n.Moving = n.Moving || editable && movable(v, i)
	}
	return n
}

// CountSection counts a section's questions.
func CountSection(v assessment.View, section int, editable bool) Counted {
	n := newCounted(v.Result.Sections[section].Counts)
	n.Moving = editable && movable(v, section)
	return n
}

func newCounted(c score.Counts) Counted {
	return Counted{Done: c.Done(), All: c.Active(), Open: c.Open, Inactive: c.Inactive}
}

// movable reports whether a section has questions that other answers decide on.
func movable(v assessment.View, section int) bool {
	for i := range v.Definition.Sections[section].Questions {
		if v.Definition.Sections[section].Questions[i].When != nil {
			return true
		}
	}
	return false
}

// proposalCount says how many proposals wait for a confirmation.
type proposalCount struct {
	Count  int
	Follow int // of these, those to questions that are asked only once other proposals are confirmed
}

// waiting counts the proposals that wait for a confirmation.
type waiting struct {
	sections []proposalCount // in the order of the checklist
	Whole    proposalCount
	all      int // with those that were answered since
}

// Waiting counts what waits. What becomes active with another proposal of its section waits too, so that confirming
// makes a section's number only smaller; in a later section it can become larger.
func (x *SheetOf) Waiting() waiting {
	w := waiting{sections: make([]proposalCount, len(x.View.Definition.Sections))}
	if len(x.Offers.List) == 0 {
		return w
	}
	for i := range w.sections {
		list := x.Offers.Within(x.View, x.View.Definition.Sections[i].ID)
		n := proposalCount{Count: len(list)}
		for _, q := range x.View.Result.Sections[i].Questions {
			if q.State == score.Inactive && slices.Contains(list, q.ID) {
				n.Follow++
			}
		}
		w.sections[i] = n
		w.Whole.Count, w.Whole.Follow = w.Whole.Count+n.Count, w.Whole.Follow+n.Follow
	}
	w.all = w.Whole.Count
	for id, o := range x.Offers.List {
		if o.Reason == "" && x.View.Entries[id].Given {
			w.all++
		}
	}
	return w
}
