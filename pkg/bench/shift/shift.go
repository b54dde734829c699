package shift

import (
	"maps"
	"math"
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
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

// Defined reports whether the town has both scores of the section.
func (s *SectionShift) Defined() bool { return s.Rebased != nil && s.Comparable != nil }

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

// Way leads from an earlier version of a checklist to a later one, or is one version alone. What
// the comparison of two assessments needs of the versions is worked out once, for all towns.
type Way struct {
	path    *carry.Path
	common  map[checklist.QuestionID]bool
	columns map[bench.ColumnKey]int // of the later version: where Unchanged.same has them
}

// NewWay returns the way along a path.
func NewWay(path *carry.Path) *Way {
	w := &Way{path: path, common: path.Common(), columns: map[bench.ColumnKey]int{}}
	for i, c := range bench.Columns(bench.ComparedNodes(path.To())) {
		w.columns[c.Key] = i
	}
	return w
}

// Unchanged says in which columns of the later version a town's value is as before. The zero value
// knows of none.
type Unchanged struct {
	way  *Way
	same []bool
}

// In reports whether the value in a column is as before; known is false if nothing is known of the
// column.
func (u Unchanged) In(column bench.ColumnKey) (same, known bool) { return NewLookup(column).In(u) }

// Lookup asks for one column of many towns. They mostly came the same way, for which the column is
// looked up once.
type Lookup struct {
	column bench.ColumnKey
	way    *Way
	at     int
	known  bool
}

// NewLookup returns a Lookup of a column; nobody knows the empty one.
func NewLookup(column bench.ColumnKey) *Lookup { return &Lookup{column: column} }

// In is Unchanged.In for the column.
func (l *Lookup) In(u Unchanged) (same, known bool) {
	if u.way == nil {
		return false, false
	}
	if l.way != u.way {
		l.way = u.way
		l.at, l.known = u.way.columns[l.column]
	}
	return l.known && u.same[l.at], l.known
}

// set notes whether the value in a column is as before.
func (u Unchanged) set(column bench.ColumnKey, same bool) {
	if i, ok := u.way.columns[column]; ok {
		u.same[i] = same
	}
}

// Between compares two assessments of one town. It returns the shift and which values of the later
// version's columns are as before.
//
// Of the common questions a town's shift leaves out those that it must answer anew, that it
// was not asked before, and that count on one side only because of a question that is not common.
func (w *Way) Between(before, after score.Answers) (Shift, Unchanged) {
	d := w.path.To()
	c := comparison{way: w, after: after, rebased: make(score.Answers, len(before))}
	for _, p := range w.path.Carry(before).Proposals {
		if p.Reason == "" {
			c.rebased[p.Question] = p.Answer
			continue
		}
		if c.asked == nil {
			c.asked = map[checklist.QuestionID]carry.Reason{}
		}
		c.asked[p.Question] = p.Reason
	}
	c.old = score.Score(w.path.From(), before)
	c.was, c.is = score.States(d, c.rebased), score.States(d, after)
	both := c.both()
	old, now := score.Among(d, c.rebased, both), score.Among(d, after, both)
	s := Shift{Before: c.old.Score, Rebased: old.Score, Comparable: now.Score, After: score.Score(d, after).Score,
		Sections: make([]SectionShift, len(d.Sections))}
	for i := range d.Sections {
		section := SectionShift{ID: d.Sections[i].ID, Rebased: old.Sections[i].Score, Comparable: now.Sections[i].Score}
		for j := range d.Sections[i].Questions {
			if q := &d.Sections[i].Questions[j]; q.Scored() && both[q.ID] {
				section.Common++
			}
		}
		s.Common += section.Common
		s.Sections[i] = section
	}
	return s, c.unchanged(&s, both)
}

// comparison is what Between needs to know of one town.
type comparison struct {
	way     *Way
	rebased score.Answers // the earlier answers, as the later version takes them
	after   score.Answers
	asked   map[checklist.QuestionID]carry.Reason // had an answer that does not carry over
	old     *score.Result
	was, is []score.State // of rebased and after, by the later version
}

// both returns the common questions that can be compared for this town.
func (c *comparison) both() map[checklist.QuestionID]bool {
	both := c.way.common
	for i, q := range c.way.path.To().Questions() {
		if !c.way.common[q.ID] || !c.incomparable(i, q) {
			continue
		}
		if len(both) == len(c.way.common) {
			both = maps.Clone(c.way.common)
		}
		delete(both, q.ID)
	}
	return both
}

func (c *comparison) incomparable(i int, q *checklist.Question) bool {
	if c.asked[q.ID] != "" || c.was[i] == score.Open && c.neverAsked(i) {
		return true
	}
	return (c.was[i] == score.Inactive) != (c.is[i] == score.Inactive) && !c.decided(q.When)
}

// neverAsked reports whether the earlier version did not put the question to this town: open by
// the later version's conditions, it would count 0 points that nobody gave.
func (c *comparison) neverAsked(question int) bool {
	for _, id := range c.way.path.Origins()[question].Sources {
		if q, ok := c.old.Question(id); ok && q.State != score.Inactive {
			return false
		}
	}
	return true
}

// decided reports whether a condition rests, directly or through other conditions, on common
// questions alone, so that it is the answers that decide it on both sides.
func (c *comparison) decided(when *checklist.Condition) bool {
	if when == nil {
		return true
	}
	for _, list := range [][]checklist.Condition{when.All, when.Any} {
		for i := range list {
			if !c.decided(&list[i]) {
				return false
			}
		}
	}
	if when.Not != nil {
		return c.decided(when.Not)
	}
	if when.Question == "" {
		return true
	}
	q, _, ok := c.way.path.To().Question(when.Question)
	return ok && c.way.common[q.ID] && c.asked[q.ID] == "" && c.decided(q.When)
}

// unchanged looks at values and not at answers: a reworded reason or another text changes no
// figure, and who counted as changed by it would hide nobody. The participants publish nothing that
// could change.
func (c *comparison) unchanged(s *Shift, both map[checklist.QuestionID]bool) Unchanged {
	u := Unchanged{c.way, make([]bool, len(c.way.columns))}
	c.unchangedScores(u, s, both)
	for _, q := range c.way.path.To().Questions() {
		c.unchangedQuestion(u, q)
	}
	return u
}

// unchangedScores looks at the total and the sections. One that a question counts in which cannot
// be compared is not the same.
func (c *comparison) unchangedScores(u Unchanged, s *Shift, both map[checklist.QuestionID]bool) {
	d := c.way.path.To()
	total := sameScore(s.Rebased, s.Comparable)
	n := 0
	for i := range d.Sections {
		section := sameScore(s.Sections[i].Rebased, s.Sections[i].Comparable)
		for j := range d.Sections[i].Questions {
			q := &d.Sections[i].Questions[j]
			if c.way.common[q.ID] && !both[q.ID] && q.Scored() && c.counts(q.ID, n) {
				total, section = false, false
			}
			n++
		}
		u.set(bench.SectionNode(d.Sections[i].ID).PointsColumn(), section)
	}
	u.set(bench.Total.PointsColumn(), total)
}

func (c *comparison) unchangedQuestion(u Unchanged, q *checklist.Question) {
	old, was := c.rebased[q.ID]
	now, is := c.after[q.ID]
	comparable := c.way.common[q.ID] && c.asked[q.ID] == ""
	node := bench.QuestionNode(q.ID)
	if q.Scored() {
		equal := was == is && (!was || old.Equal(now)) || sameScore(pointsOf(q, old, was), pointsOf(q, now, is))
		u.set(node.PointsColumn(), comparable && equal)
	}
	given := comparable && was && is && old.Kind == now.Kind
	switch q.Type.Shape() {
	case checklist.ShapeNumber:
		u.set(node.UnitColumn(), given && old.Kind == checklist.AnswerNumber && old.Number.Equal(now.Number))
	case checklist.ShapeOne:
		u.set(node.OptionsColumn(), given && old.Kind == checklist.AnswerOptions && old.Equal(now))
	}
}

// counts reports whether a common question that cannot be compared is in a score of this town,
// before or after.
func (c *comparison) counts(id checklist.QuestionID, question int) bool {
	why, had := c.asked[id]
	now := c.is[question]
	return now == score.Open || now == score.Answered || had && why != carry.ReasonNotApplicable
}

// pointsOf returns the points of a question that applies; one that is open has none.
func pointsOf(q *checklist.Question, a checklist.Answer, given bool) *float64 {
	p := 0.0
	if given {
		if a.Kind == checklist.AnswerNotApplicable {
			return nil
		}
		p, _ = score.Points(q, a)
	}
	return &p
}

// sameScore reports whether two scores are the same, but for sums taken in another order.
func sameScore(a, b *float64) bool {
	const tolerance = 1e-9
	return a != nil && b != nil && math.Abs(*a-*b) < tolerance
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
		if !s.Defined() {
			continue
		}
		p.N++
		for k, v := range []*float64{s.Before, s.Rebased, s.Comparable, s.After} {
			total[k] = append(total[k], *v)
		}
	}
	p.Before, p.Rebased = AverageOf(total[0]), AverageOf(total[1])
	p.Comparable, p.After = AverageOf(total[2]), AverageOf(total[3])
	for k := range d.Sections {
		section := PanelSection{ID: d.Sections[k].ID}
		var was, is []float64
		for i := range shifts {
			if s := &shifts[i].Sections[k]; s.Defined() {
				was, is = append(was, *s.Rebased), append(is, *s.Comparable)
			}
		}
		section.N, section.Rebased, section.Comparable = len(was), AverageOf(was), AverageOf(is)
		p.Sections = append(p.Sections, section)
	}
	return p
}

// Defined reports whether the town has all four scores.
func (s *Shift) Defined() bool {
	return s.Before != nil && s.Rebased != nil && s.Comparable != nil && s.After != nil
}

// AverageOf summarises scores, in any order; it sorts them.
func AverageOf(values []float64) Average {
	if len(values) == 0 {
		return Average{}
	}
	slices.Sort(values)
	mean, median := bench.Mean(values), bench.Quantile(values, 0.5)
	return Average{&mean, &median}
}
