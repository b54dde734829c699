package compare

import (
	"slices"

	"ortsspiegel/pkg/checklist"
)

// ScaleChange is what became of a scale that several questions of both versions share.
type ScaleChange struct {
	Old, New  checklist.ScaleID
	Aspects   []Aspect
	Texts     []TextChange
	Options   []OptionPair          // all options; empty if only labels changed
	Questions []*checklist.Question // of To, at least two
}

// scales gathers the questions whose options changed because a scale that they share did.
func (c *comparison) scales() {
	type key struct{ old, new checklist.ScaleID }
	found := map[key]*ScaleChange{}
	var all []*ScaleChange
	for i := range c.Questions {
		q := &c.Questions[i]
		if !c.withScale(i) {
			continue
		}
		k := key{q.Old[0].Scale, q.New.Scale}
		if found[k] == nil {
			found[k] = c.scale(q)
			all = append(all, found[k])
		}
		found[k].Questions = append(found[k].Questions, q.New)
		q.Scale = found[k]
	}
	for _, s := range all {
		if len(s.Questions) > 1 && len(s.Aspects) > 0 {
			c.Scales = append(c.Scales, s)
		}
	}
	for i := range c.Questions {
		if q := &c.Questions[i]; q.Scale != nil && !slices.Contains(c.Scales, q.Scale) {
			q.Scale = nil
		}
	}
}

// withScale reports whether a question's options were and are those of a scale, and none of
// them is called otherwise for this question alone.
func (c *comparison) withScale(question int) bool {
	q := &c.Questions[question]
	if len(q.Old) != 1 || q.New == nil || q.Old[0].Scale == "" || q.New.Scale == "" || q.Old[0].Type != q.New.Type {
		return false
	}
	became := c.trails[question].Options[c.trails[question].Sources[0]]
	for _, o := range q.Old[0].Options {
		if id, ok := became[o.ID]; q.New.Option(o.ID) >= 0 && id != o.ID || ok && id != o.ID {
			return false
		}
	}
	return true
}

// scale compares the scales behind a question.
func (c *comparison) scale(q *QuestionChange) *ScaleChange {
	s := &ScaleChange{Old: q.Old[0].Scale, New: q.New.Scale}
	alone := QuestionChange{New: q.New}
	same := make(map[checklist.OptionID]checklist.OptionID, len(q.Old[0].Options))
	for _, o := range q.Old[0].Options {
		same[o.ID] = o.ID
	}
	c.options(&alone, q.Old[0], same)
	s.Aspects, s.Texts, s.Options = alone.Aspects, alone.Texts, alone.Options
	return s
}
