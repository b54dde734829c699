package validate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
)

// ValidateChanges returns what is wrong with what a definition says about the version before
// it; a first version has none before and no issues. The version before must be indexed and
// without errors. What Validate says about the changes is not said again.
func ValidateChanges(before, d *checklist.Definition) []Issue {
	if before == nil {
		return nil
	}
	v := &since{validation: newValidation(d), before: before, old: map[checklist.QuestionID]int{},
		new: map[checklist.QuestionID]int{}}
	switch {
	case d.Changes == nil:
		v.report("changes", CodeChangesMissing,
			"the block changes is missing and there is a version before, %s: add changes with from: %s and a note",
			before.Version, before.Version)
		return v.issues
	case !d.Changes.From.Valid():
		return nil // reported by Validate
	case d.Changes.From != before.Version:
		v.report("changes.from", CodeChangesBefore, "from names %s and the version before this is %s: name that one",
			d.Changes.From, before.Version)
		return v.issues
	}
	v.lines()
	v.cycles()
	for i := range d.Changes.Questions {
		v.line(i)
	}
	v.reused()
	for _, q := range before.Questions() {
		v.unsaid(q)
	}
	return v.issues
}

// since checks a mapping between two versions. The maps hold, per id, the first line that names it.
type since struct {
	*validation
	before   *checklist.Definition
	old, new map[checklist.QuestionID]int
	cyclic   map[checklist.QuestionID]bool
}

func (v *since) lines() {
	for i, m := range v.d.Changes.Questions {
		for _, id := range m.Old {
			if _, ok := v.old[id]; !ok {
				v.old[id] = i
			}
		}
		for _, id := range m.New {
			if _, ok := v.new[id]; !ok {
				v.new[id] = i
			}
		}
	}
}

func linePath(i int) string { return fmt.Sprintf("changes.questions[%d]", i) }

// line checks one mapping against the version before.
func (v *since) line(i int) {
	m, path := &v.d.Changes.Questions[i], linePath(i)
	var olds []*checklist.Question
	for _, id := range m.Old {
		if q, _, ok := v.before.Question(id); ok {
			olds = append(olds, q)
		} else if checklist.ValidName(string(id)) {
			v.report(path+".old", CodeMappingSource, "version %s has no question %s: name one of its questions",
				v.before.Version, plaintext.Quote(string(id)))
		}
	}
	var news []*checklist.Question
	for _, id := range m.New {
		if q := v.questions[id]; q != nil && q.Type.Known() {
			news = append(news, q.Question)
		}
	}
	if len(olds) != len(m.Old) || len(news) != len(m.New) || len(olds) == 0 || len(news) == 0 ||
		(len(olds) > 1 && len(news) > 1) || m.Changed {
		return // reported by Validate or above, or nothing carries over
	}
	if len(olds) > 1 {
		if m.Merge != checklist.MergeAsk {
			v.merged(path, m, olds, news[0])
		} else {
			v.mapped(path+".options", m, olds)
		}
		return
	}
	if !slices.ContainsFunc(news, func(q *checklist.Question) bool { return q.MayTake(olds[0]) }) {
		v.report(path, CodeMappingFit,
			"answers of type %s never fit type %s: retire the old question and add a new one, or keep the id and say "+
				"meaning: changed", olds[0].Type, news[0].Type)
		return
	}
	for _, q := range news {
		v.offered(path, m, olds[0], q)
		v.units(path, olds[0], q)
	}
	v.mapped(path+".options", m, olds)
}

// merged checks a merge that picks an answer.
func (v *since) merged(path string, m *checklist.Mapping, olds []*checklist.Question, q *checklist.Question) {
	if m.Merge != checklist.MergeLowest && m.Merge != checklist.MergeHighest {
		return // reported by Validate
	}
	if q.Type.Known() && !q.Type.Ordered() && !q.Type.Many() {
		v.report(path+".merge", CodeMappingOrder, "texts have no order, so that there is no %s: say merge: ask",
			m.Merge)
		return
	}
	for _, old := range olds {
		if !q.MayTake(old) {
			v.report(path+".merge", CodeMappingFit,
				"answers to %s are of type %s and never fit type %s: say merge: ask", plaintext.Quote(string(old.ID)),
				old.Type, q.Type)
			return
		}
	}
	v.inOrder(path+".merge", m, q)
	for _, old := range olds {
		v.offered(path, m, old, q)
		v.units(path, old, q)
	}
	v.mapped(path+".options", m, olds)
}

// inOrder holds what a merge calls the lowest answer to what the question calls the worst one.
// Of ticked options it keeps those ticked everywhere or anywhere, so that no order matters.
func (v *since) inOrder(path string, m *checklist.Mapping, q *checklist.Question) {
	switch {
	case q.Type.One() && !slices.IsSortedFunc(q.Options, func(a, b checklist.Option) int {
		return cmp.Compare(pointsOr0(a), pointsOr0(b))
	}):
		v.report(path, CodeMappingOrder,
			"%s goes by the order of the options, and those of %s are not listed from the fewest points to the most: "+
				"list them so, or say merge: ask", m.Merge, plaintext.Quote(string(q.ID)))
	case q.Type.Numeric() && !slices.IsSortedFunc(q.Targets, func(a, b checklist.Target) int {
		return cmp.Compare(a.Points, b.Points)
	}):
		meant, other := "worst", checklist.MergeHighest
		if m.Merge == checklist.MergeHighest {
			meant, other = "best", checklist.MergeLowest
		}
		v.report(path, CodeMappingNumber,
			"%s means the %s number, and a higher number of %s can have fewer points: if the %s answer is meant, say "+
				"%s or ask", m.Merge, m.Merge, plaintext.Quote(string(q.ID)), meant, other)
	}
}

func pointsOr0(o checklist.Option) float64 {
	if o.Points == nil {
		return 0
	}
	return *o.Points
}

// offered reports old options that a line without a map leads nowhere.
func (v *since) offered(path string, m *checklist.Mapping, old, q *checklist.Question) {
	if m.Options != nil || !q.MayTake(old) {
		return
	}
	lost := q.Misses(old)
	switch {
	case len(lost) == 0:
	case len(m.New) > 1:
		v.report(path, CodeOptionLost,
			"%s does not offer %s of %s: offer the same options there, or retire the old question and add new ones",
			plaintext.Quote(string(q.ID)), options(lost), plaintext.Quote(string(old.ID)))
	default:
		v.report(path, CodeOptionLost, "%s does not offer %s of %s: say in options what each old option becomes",
			plaintext.Quote(string(q.ID)), options(lost), plaintext.Quote(string(old.ID)))
	}
}

func options(ids []checklist.OptionID) string {
	const few = 3
	parts := make([]string, 0, few)
	for _, id := range ids[:min(few, len(ids))] {
		parts = append(parts, plaintext.Quote(string(id)))
	}
	text := "the option"
	if len(ids) > 1 {
		text += "s"
	}
	text += " " + strings.Join(parts, ", ")
	if len(ids) > few {
		text += fmt.Sprintf(" and %d more", len(ids)-few)
	}
	return text
}

// units warns where a line takes numbers over into another unit.
func (v *since) units(path string, old, q *checklist.Question) {
	if old.ID != q.ID && old.Type.Numeric() && q.Type.Numeric() && old.UnitOfOrigin() != q.UnitOfOrigin() {
		v.report(path, CodeMappingUnit,
			"the unit of %s was %s and that of %s is %s: if a number does not mean the same in both, retire the old "+
				"question and add a new one",
			plaintext.Quote(string(old.ID)), plaintext.Quote(old.UnitOfOrigin()), plaintext.Quote(string(q.ID)),
			plaintext.Quote(q.UnitOfOrigin()))
	}
}

// mapped checks the old side of an option map.
func (v *since) mapped(path string, m *checklist.Mapping, olds []*checklist.Question) {
	if m.Options == nil || len(m.New) != 1 {
		return
	}
	known := map[checklist.OptionID]bool{}
	var forgotten []checklist.OptionID
	for _, q := range olds {
		for _, o := range q.Options {
			if _, ok := m.Options[o.ID]; !ok && !known[o.ID] {
				forgotten = append(forgotten, o.ID)
			}
			known[o.ID] = true
		}
	}
	if len(forgotten) > 0 {
		v.report(path, CodeOptionForgotten, "%s of the version before %s not mapped: say what each old option becomes",
			options(forgotten), isAre(len(forgotten)))
	}
	var foreign []checklist.OptionID
	for id := range m.Options {
		if !known[id] {
			foreign = append(foreign, id)
		}
	}
	slices.Sort(foreign)
	for _, id := range foreign {
		v.report(path+"."+string(id), CodeOptionForeign,
			"the version before has no option %s there: name one of its options, or remove the line",
			plaintext.Quote(string(id)))
	}
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
