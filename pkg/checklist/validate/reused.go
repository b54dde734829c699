package validate

import (
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
)

// cycles reports ids that go round from line to line, each circle once, at its first line.
func (v *since) cycles() {
	v.cyclic = map[checklist.QuestionID]bool{}
	w := &walk{v: v, state: make([]walkState, len(v.d.Changes.Questions))}
	for i := range v.d.Changes.Questions {
		w.from(i)
	}
}

type walkState uint8

const (
	unseen walkState = iota
	onTheWay
	done
)

// walk goes from line to line along the ids that are new in one and old in the next.
type walk struct {
	v     *since
	state []walkState
	lines []int
	ids   []checklist.QuestionID // ids[i] leads from lines[i] to the next
}

func (w *walk) from(line int) {
	if w.state[line] != unseen {
		return
	}
	w.state[line] = onTheWay
	w.lines = append(w.lines, line)
	for _, id := range w.v.d.Changes.Questions[line].New {
		next, ok := w.v.old[id]
		if !ok || next == line {
			continue
		}
		w.ids = append(w.ids, id)
		if w.state[next] == onTheWay {
			w.report(next)
		} else {
			w.from(next)
		}
		w.ids = w.ids[:len(w.ids)-1]
	}
	w.lines = w.lines[:len(w.lines)-1]
	w.state[line] = done
}

func (w *walk) report(next int) {
	at := slices.Index(w.lines, next)
	circle := w.ids[at:]
	for _, id := range circle {
		w.v.cyclic[id] = true
	}
	parts := make([]string, 0, len(circle)+1)
	for _, id := range append([]checklist.QuestionID{circle[len(circle)-1]}, circle...) {
		parts = append(parts, plaintext.Quote(string(id)))
	}
	w.v.report(linePath(slices.Min(w.lines[at:])), CodeMappingCycle,
		"the ids go round, %s: give the questions of this version ids that the version before did not use",
		strings.Join(parts, " -> "))
}

// reused reports ids of the version before that name something else now. An id is how a person,
// a workbook and a trend find a question again.
func (v *since) reused() {
	for _, q := range v.ordered {
		if _, _, ok := v.before.Question(q.ID); !ok || v.questions[q.ID] != q || v.cyclic[q.ID] {
			continue
		}
		left, leaves := v.old[q.ID]
		came, comes := v.new[q.ID]
		id := plaintext.Quote(string(q.ID))
		switch {
		case leaves && !v.shaped(left), comes && !v.shaped(came): // reported by Validate
		case !leaves && !comes, leaves && comes && left == came:
		case leaves && !comes && len(v.d.Changes.Questions[left].New) == 0:
			v.report(linePath(left), CodeMappingReused,
				"%s is retired, and this version has a question %s again: give that one another id, or say meaning: "+
					"changed", id, id)
		case leaves && !comes:
			v.report(linePath(left)+".new", CodeMappingClaimed,
				"the answers to %s go elsewhere, and a question %s stands in this version too: write {old: %s, new: "+
					"%s} if it was split, or give that one another id", id, id,
				said(v.d.Changes.Questions[left].Old),
				said(append([]checklist.QuestionID{q.ID}, v.d.Changes.Questions[left].New...)))
		case !leaves:
			v.report(linePath(came)+".new", CodeMappingClaimed,
				"%s has answers of its own in the version before, which would be lost: write {old: %s, new: %s} with "+
					"merge if both became one, or choose another id", id,
				said(append([]checklist.QuestionID{q.ID}, v.d.Changes.Questions[came].Old...)),
				said([]checklist.QuestionID{q.ID}))
		default:
			v.report(linePath(came)+".new", CodeMappingReused,
				"%s was another question in the version before: choose an id it did not use", id)
		}
	}
}

// shaped reports whether a line is a rename, a split, a merge or a retirement, to questions of this version.
func (v *since) shaped(i int) bool {
	m := &v.d.Changes.Questions[i]
	for _, id := range m.New {
		if v.questions[id] == nil {
			return false
		}
	}
	return len(m.Old) == 1 || len(m.Old) > 1 && len(m.New) == 1
}

// unsaid checks an old question that no line names.
func (v *since) unsaid(old *checklist.Question) {
	if _, ok := v.old[old.ID]; ok {
		return
	}
	q := v.questions[old.ID]
	id := plaintext.Quote(string(old.ID))
	if q == nil {
		v.report("changes.questions", CodeMappingLost,
			"the question %s of version %s is gone without a line: say what became of it, or new: null and why", id,
			v.before.Version)
		return
	}
	if _, claimed := v.new[old.ID]; claimed || !q.Type.Known() {
		return
	}
	lost := q.Misses(old)
	switch {
	case !q.MayTake(old):
		v.report(q.path+".type", CodeMappingFit,
			"the type was %s and is %s, so that no old answer fits: add a line for %s with meaning: changed", old.Type,
			q.Type, id)
	case old.Type.Many() && q.Type.One():
		v.report(q.path+".type", CodeMappingFit,
			"several options could be chosen and now only one, so that old answers may not fit: add a line for %s "+
				"with meaning: changed or options", id)
	case q.Type.OffersOptions() && len(q.Options) > 0 && len(lost) > 0:
		v.report(q.path+optionsKey(q.Question), CodeMappingFit,
			"the question no longer offers %s, so that old answers may not fit: add a line for %s with options or "+
				"meaning: changed", options(lost), id)
	case q.Type.Numeric() && old.UnitOfOrigin() != q.UnitOfOrigin():
		v.report(q.path+".unit", CodeMappingFit,
			"the unit was %s and is %s: add a line for %s with meaning: changed, or without if a number means the "+
				"same in both", plaintext.Quote(old.UnitOfOrigin()), plaintext.Quote(q.UnitOfOrigin()), id)
	}
}

func optionsKey(q *checklist.Question) string {
	if q.Scale != "" {
		return ".scale"
	}
	return ".options"
}
