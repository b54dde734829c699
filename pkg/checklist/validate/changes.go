package validate

import (
	"fmt"
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
)

// changes checks what can be known without the version before: the form of each mapping and
// its references to this version.
func (v *validation) changes() {
	c := v.d.Changes
	if c == nil {
		return
	}
	switch {
	case !c.From.Valid():
		v.report("changes.from", CodeChangesFrom, "%s is no version: name the one before this, such as 1.0.0",
			plaintext.Quote(string(c.From)))
	case v.d.Version.Valid() && c.From.Compare(v.d.Version) >= 0:
		v.report("changes.from", CodeChangesFrom, "%s is not before this version, %s: name the one before", c.From,
			v.d.Version)
	}
	v.text("changes.note", c.Note, true)
	from, to := map[checklist.QuestionID]*checklist.Mapping{}, map[checklist.QuestionID]*checklist.Mapping{}
	for i := range c.Questions {
		m := &c.Questions[i]
		path := fmt.Sprintf("changes.questions[%d]", i)
		v.mapping(path, m)
		v.once(path+".old", m.Old, m, from, splitInstead)
		v.once(path+".new", m.New, m, to, mergeInstead)
	}
}

// once reports ids that an earlier line of the same side named; instead says what both lines could be.
func (v *validation) once(path string, ids []checklist.QuestionID, m *checklist.Mapping,
	named map[checklist.QuestionID]*checklist.Mapping, instead func(a, b *checklist.Mapping) string) {
	for _, id := range ids {
		if first := named[id]; first != nil {
			v.report(path, CodeMappingDuplicate,
				"%s already stands in a mapping on this side: one line says all about it%s",
				plaintext.Quote(string(id)), instead(first, m))
		} else {
			named[id] = m
		}
	}
}

// splitInstead words the line that two could be which name the same old question.
func splitInstead(a, b *checklist.Mapping) string {
	if a == b || len(a.Old) != 1 || len(b.Old) != 1 || len(a.New) == 0 || len(b.New) == 0 {
		return ""
	}
	return fmt.Sprintf("; if it was split, write {old: %s, new: %s}", said(a.Old), said(slices.Concat(a.New, b.New)))
}

// mergeInstead words the line that two could be which name the same new question.
func mergeInstead(a, b *checklist.Mapping) string {
	if a == b || len(a.New) != 1 || len(b.New) != 1 || len(a.Old) == 0 || len(b.Old) == 0 {
		return ""
	}
	return fmt.Sprintf("; if they became one, write {old: %s, new: %s, merge: ask}, or lowest or highest",
		said(slices.Concat(a.Old, b.Old)), said(a.New))
}

// said writes ids as a file has them: one alone, several in brackets. Long ones are cut.
func said(ids []checklist.QuestionID) string {
	const few = 8
	parts := make([]string, 0, few+1)
	for _, id := range ids[:min(few, len(ids))] {
		parts = append(parts, strings.Trim(plaintext.Quote(string(id)), `"`))
	}
	if len(ids) > few {
		parts = append(parts, "…")
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func (v *validation) mapping(path string, m *checklist.Mapping) {
	for _, id := range m.Old {
		if !checklist.ValidName(string(id)) {
			v.report(path+".old", CodeNameForm,
				"%s is no id: 1 to 40 lower-case letters, digits, hyphens and underscores, a letter first",
				plaintext.Quote(string(id)))
		}
	}
	for _, id := range m.New {
		if v.questions[id] == nil {
			v.report(path+".new", CodeMappingQuestion,
				"this version has no question %s: name one of its questions, or null for a retired one",
				plaintext.Quote(string(id)))
		}
	}
	merged := len(m.Old) > 1 && len(m.New) == 1
	switch {
	case len(m.Old) == 0:
		v.report(path+".old", CodeMappingShape, "no old question is named: name the one whose answer carries over")
	case len(m.Old) > 1 && len(m.New) != 1:
		v.report(path, CodeMappingShape,
			"%d old questions become %d new ones: several become one, one becomes several, or one is retired",
			len(m.Old), len(m.New))
	case merged && m.Merge == "":
		v.report(path, CodeMappingMerge, "several questions become one: say how with merge: lowest, highest or ask")
	case !merged && m.Merge != "":
		v.report(path+".merge", CodeMappingMerge,
			"merge says how several questions become one, and here is only one: remove it")
	case m.Merge != "" && !slices.Contains([]string{"lowest", "highest", "ask"}, m.Merge):
		v.report(path+".merge", CodeMappingMerge, "%s is no way to merge: lowest, highest or ask is expected",
			plaintext.Quote(m.Merge))
	}
	if m.Changed && (len(m.Old) != 1 || len(m.New) != 1 || m.Old[0] != m.New[0]) {
		v.report(path+".meaning", CodeMappingMeaning,
			"meaning: changed is for a question that keeps its id: name the same id as old and new")
	}
	if m.Changed && m.Options != nil {
		v.report(path+".options", CodeMappingMeaning,
			"with meaning: changed no answer carries over, so that options is never used: remove one of them")
	}
	if len(m.New) == 0 && len(m.Old) == 1 && m.Why.IsZero() {
		v.report(path, CodeMappingWhy, "the question is retired without a word: say in why what became of it")
	}
	v.text(path+".why", m.Why, false)
	v.mappedOptions(path+".options", m)
}

func (v *validation) mappedOptions(path string, m *checklist.Mapping) {
	if m.Options == nil {
		return
	}
	if len(m.New) != 1 {
		v.report(path, CodeMappingOption,
			"options are mapped to those of one new question, and here are %d: remove options or name one", len(m.New))
		return
	}
	q := v.questions[m.New[0]]
	if q == nil || !q.Type.Known() || (q.Type.OffersOptions() && len(q.Options) == 0) ||
		len(q.Options) > checklist.MaxOptions {
		return
	}
	olds := make([]checklist.OptionID, 0, len(m.Options))
	for old := range m.Options {
		olds = append(olds, old)
	}
	slices.Sort(olds)
	for _, old := range olds {
		if q.Option(m.Options[old]) < 0 {
			v.report(path+"."+string(old), CodeMappingOption, "%s has no option %s: name one of its options",
				plaintext.Quote(string(q.ID)), plaintext.Quote(string(m.Options[old])))
		}
	}
}
