package score

import (
	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
)

// tolerance is what thresholds forgive, so that 0.6 reached by sums of binary fractions is 60 %.
const tolerance = 1e-9

// Score computes the result of answers to a checklist. Answers to questions that the
// checklist does not have are ignored; whether an answer is valid was decided when it was given.
func Score(d *checklist.Definition, answers Answers) *Result { return score(d, answers, nil) }

// Among scores only some of the questions, as if the checklist weighed no others: the rest
// counts neither in a score nor in a knockout, but still decides conditions. States and counts
// are those of all questions.
func Among(d *checklist.Definition, answers Answers, questions map[checklist.QuestionID]bool) *Result {
	return score(d, answers, questions)
}

// score takes all questions where only is nil.
func score(d *checklist.Definition, answers Answers, only map[checklist.QuestionID]bool) *Result {
	r := &Result{Ref: d.Ref(), Sections: make([]SectionResult, len(d.Sections))}
	states := States(d, answers)
	n := 0
	for i := range d.Sections {
		s := &d.Sections[i]
		r.Sections[i] = scoreSection(s, states[n:n+len(s.Questions)], answers, only)
		n += len(s.Questions)
	}
	r.total()
	r.NotApplicableShare = notApplicableShare(d, states)
	for _, s := range r.Sections {
		r.Counts.Open += s.Counts.Open
		r.Counts.Answered += s.Counts.Answered
		r.Counts.NotApplicable += s.Counts.NotApplicable
		r.Counts.Inactive += s.Counts.Inactive
	}
	r.Completeness = 1
	if active := r.Counts.Active(); active > 0 {
		r.Completeness = float64(r.Counts.Done()) / float64(active)
	}
	r.Provisional = r.Counts.Open > 0
	r.level(d)
	return r
}

// States returns the state of every question, in the order of the checklist.
func States(d *checklist.Definition, answers Answers) []State {
	questions := d.Questions()
	states := make([]State, len(questions))
	for i, q := range questions {
		a, given := answers[q.ID]
		switch {
		case q.When != nil && !holds(d, q.When, answers, states):
			states[i] = Inactive
		case !given:
			states[i] = Open
		case a.Kind == checklist.AnswerNotApplicable:
			states[i] = NotApplicable
		default:
			states[i] = Answered
		}
	}
	return states
}

// Holds reports whether a condition of the checklist is true for answers.
func Holds(d *checklist.Definition, c *checklist.Condition, answers Answers) bool {
	return holds(d, c, answers, States(d, answers))
}

// holds evaluates a condition. Conditions only refer to questions before, whose states are known.
func holds(d *checklist.Definition, c *checklist.Condition, answers Answers, states []State) bool {
	switch {
	case len(c.All) > 0:
		for i := range c.All {
			if !holds(d, &c.All[i], answers, states) {
				return false
			}
		}
		return true
	case len(c.Any) > 0:
		for i := range c.Any {
			if holds(d, &c.Any[i], answers, states) {
				return true
			}
		}
		return false
	case c.Not != nil:
		return !holds(d, c.Not, answers, states)
	}
	q, _, ok := d.Question(c.Question)
	if !ok || states[d.Ordinal(c.Question)] != Answered {
		return false
	}
	a := answers[c.Question]
	switch {
	case c.AtLeastNumber != nil:
		return a.Kind == checklist.AnswerNumber && a.Number.GreaterThanOrEqual(*c.AtLeastNumber)
	case c.AtLeastOption != "":
		return len(a.Options) == 1 && q.Option(a.Options[0]) >= q.Option(c.AtLeastOption)
	}
	for _, chosen := range a.Options {
		for _, wanted := range c.AnyOf {
			if chosen == wanted {
				return true
			}
		}
	}
	return false
}

// Points returns the points of an answered question in [0, 1]; ok is false if the question is unscored.
func Points(q *checklist.Question, a checklist.Answer) (p float64, ok bool) {
	if !q.Scored() {
		return 0, false
	}
	if q.Type.Numeric() {
		return interpolate(q.Targets, a.Number), true
	}
	sum := 0.0
	for _, id := range a.Options {
		if i := q.Option(id); i >= 0 && q.Options[i].Points != nil {
			sum += *q.Options[i].Points
		}
	}
	return min(sum, 100) / 100, true
}

// interpolate is linear between the targets and constant outside.
func interpolate(targets []checklist.Target, n decimal.Decimal) float64 {
	last := len(targets) - 1
	if n.LessThanOrEqual(targets[0].At) {
		return targets[0].Points / 100
	}
	if n.GreaterThanOrEqual(targets[last].At) {
		return targets[last].Points / 100
	}
	i := 1
	for n.GreaterThan(targets[i].At) {
		i++
	}
	a, b := targets[i-1], targets[i]
	x, from, to := n.InexactFloat64(), a.At.InexactFloat64(), b.At.InexactFloat64()
	return (a.Points + (b.Points-a.Points)*(x-from)/(to-from)) / 100
}

func scoreSection(s *checklist.Section, states []State, answers Answers,
	only map[checklist.QuestionID]bool) SectionResult {
	r := SectionResult{ID: s.ID, Weight: s.Weight, Questions: make([]QuestionResult, len(s.Questions))}
	points := make([]float64, len(s.Questions)) // one piece of memory for all of them
	var weight, low, high float64
	for i := range s.Questions {
		q := &s.Questions[i]
		qr := QuestionResult{ID: q.ID, State: states[i], Weight: q.Weight}
		r.Counts.add(states[i])
		if q.Scored() && (only == nil || only[q.ID]) && (states[i] == Open || states[i] == Answered) {
			if states[i] == Answered {
				points[i], _ = Points(q, answers[q.ID])
				high += q.Weight * points[i]
			} else {
				high += q.Weight
			}
			qr.Points = &points[i]
			weight += q.Weight
			low += q.Weight * points[i]
		}
		r.Questions[i] = qr
	}
	if weight > 0 {
		l, h := low/weight, high/weight
		r.Score, r.Low, r.High = &l, &l, &h
		for i := range r.Questions {
			if r.Questions[i].Points != nil {
				r.Questions[i].Share = r.Questions[i].Weight / weight
			}
		}
	}
	return r
}

func (c *Counts) add(s State) {
	switch s {
	case Open:
		c.Open++
	case Answered:
		c.Answered++
	case NotApplicable:
		c.NotApplicable++
	case Inactive:
		c.Inactive++
	}
}

// total weighs the sections together and derives shares and gains from the weights that count.
func (r *Result) total() {
	var weight, low, high float64
	for _, s := range r.Sections {
		if s.Score != nil {
			weight += s.Weight
			low += s.Weight * *s.Low
			high += s.Weight * *s.High
		}
	}
	if weight == 0 {
		return
	}
	l, h := low/weight, high/weight
	r.Score, r.Low, r.High = &l, &l, &h
	for i := range r.Sections {
		s := &r.Sections[i]
		if s.Score == nil {
			continue
		}
		s.Share = s.Weight / weight
		gains := make([]float64, len(s.Questions))
		for j := range s.Questions {
			if q := &s.Questions[j]; q.Points != nil {
				q.Share *= s.Share
				gains[j] = q.Share * (1 - *q.Points)
				q.Gain = &gains[j]
			}
		}
	}
}

// notApplicableShare weighs as if the questions that were taken out applied.
func notApplicableShare(d *checklist.Definition, states []State) float64 {
	var total, out float64
	n := 0
	for i := range d.Sections {
		s := &d.Sections[i]
		var all, taken float64
		for j := range s.Questions {
			if q := &s.Questions[j]; q.Scored() && states[n] != Inactive {
				all += q.Weight
				if states[n] == NotApplicable {
					taken += q.Weight
				}
			}
			n++
		}
		if all > 0 {
			total += s.Weight
			out += s.Weight * taken / all
		}
	}
	if total == 0 {
		return 0
	}
	return out / total
}

// Misses reports whether points in [0, 1] are below what a knockout asks for.
func Misses(k *checklist.Knockout, points float64) bool { return points*100 < k.Below-tolerance*100 }

// level finds the highest level reached and caps it by the knockouts.
func (r *Result) level(d *checklist.Definition) {
	n := 0
	questions := d.Questions()
	for i := range r.Sections {
		for _, qr := range r.Sections[i].Questions {
			k := questions[n].Knockout
			n++
			if k != nil && qr.Points != nil && Misses(k, *qr.Points) {
				r.Caps = append(r.Caps, Cap{qr.ID, k.CapsAt})
			}
		}
	}
	if r.Score == nil || len(d.Levels) == 0 {
		return
	}
	at := LevelOf(d, *r.Score)
	for _, c := range r.Caps {
		if _, i, ok := d.Level(c.CapsAt); ok && i < at {
			at = i
		}
	}
	r.Level = d.Levels[at].ID
}

// LevelOf returns the place of the highest level whose threshold a score in [0, 1] reaches,
// before any cap.
func LevelOf(d *checklist.Definition, s float64) int {
	at := 0
	for i, l := range d.Levels {
		if s+tolerance >= l.From/100 {
			at = i
		}
	}
	return at
}
