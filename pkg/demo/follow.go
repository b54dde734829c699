package demo

import (
	"math/rand/v2"
	"slices"
	"time"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/score"
)

// follow puts what a town answered last in the place of what was drawn, where the versions
// allow it: most as it was, some a step better, a little worse.
func (a *Assessment) follow(p *carry.Path, before *Assessment, r *rand.Rand) {
	effort := 0.06 + 0.2*r.Float64()
	a.Carried = map[checklist.QuestionID][]checklist.QuestionID{}
	over := p.Carry(before.Answers)
	for i := range over.Proposals {
		o := &over.Proposals[i]
		q, _, ok := p.To().Question(o.Question)
		chance := r.Float64()
		if !ok || o.Reason != "" {
			continue
		}
		moved := o.Answer
		switch {
		case chance < effort:
			moved = step(r, q, o.Answer, 1)
		case chance > 0.96:
			moved = step(r, q, o.Answer, -1)
		}
		a.Answers[q.ID] = moved
		if moved.Equal(o.Answer) {
			a.Carried[q.ID] = slices.Clone(o.Sources)
		}
	}
}

// bring copies comments and evidence of the answers that were taken over.
func (a *Assessment) bring(d *checklist.Definition, before *Assessment) {
	for _, q := range d.Questions() {
		var comments []string
		for _, old := range a.Carried[q.ID] {
			if c := before.Comments[old]; c != "" {
				comments = append(comments, c)
			}
			for _, l := range before.Evidence {
				if l.Question == old {
					a.Evidence = append(a.Evidence, Link{q.ID, l.Address, l.Title, true})
				}
			}
		}
		if len(comments) > 0 {
			a.Comments[q.ID] = comments[0]
		}
	}
	slices.SortStableFunc(a.Evidence, func(x, y Link) int { return d.Ordinal(x.Question) - d.Ordinal(y.Question) })
}

// step moves an answer one step up (1) or down (-1); the same answer if there is none.
func step(r *rand.Rand, q *checklist.Question, a checklist.Answer, up int) checklist.Answer {
	var values []string
	switch {
	case a.Kind == checklist.AnswerNotApplicable:
	case q.Type.One() && q.Scored():
		values = nextOption(q, a.Options[0], up)
	case q.Type.Many():
		values = nextTicks(r, q, a.Options, up)
	case q.Type.Numeric() && q.Scored():
		values = nextNumber(r, q, a, up)
	case q.Type.Shape() == checklist.ShapeDay && up > 0:
		if day, err := time.Parse(time.DateOnly, a.Text); err == nil {
			values = []string{day.AddDate(0, 0, 250+r.IntN(100)).Format(time.DateOnly)}
		}
	case q.Type.Shape() == checklist.ShapeText:
		values = []string{pick(r, texts)}
	}
	if values == nil {
		return a
	}
	if moved, err := q.Parse(values); err == nil {
		return moved
	}
	return a
}

// nextOption is the one with the nearest points above or below.
func nextOption(q *checklist.Question, from checklist.OptionID, up int) []string {
	at := q.Option(from)
	best := -1
	for i := range q.Options {
		gap := func(j int) float64 { return float64(up) * (*q.Options[j].Points - *q.Options[at].Points) }
		if gap(i) > 0 && (best < 0 || gap(i) < gap(best)) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return []string{string(q.Options[best].ID)}
}

// nextTicks ticks one option more, or one less as long as one is left.
func nextTicks(r *rand.Rand, q *checklist.Question, ticked []checklist.OptionID, up int) []string {
	var on, off []string
	for _, o := range q.Options {
		switch {
		case o.Exclusive:
		case slices.Contains(ticked, o.ID):
			on = append(on, string(o.ID))
		default:
			off = append(off, string(o.ID))
		}
	}
	if up > 0 && len(off) > 0 {
		return append(on, pick(r, off))
	}
	if up < 0 && len(on) > 1 {
		gone := pick(r, on)
		return slices.DeleteFunc(on, func(o string) bool { return o == gone })
	}
	return nil
}

// nextNumber draws a number that is worth a little more or less.
func nextNumber(r *rand.Rand, q *checklist.Question, a checklist.Answer, up int) []string {
	was, _ := score.Points(q, a)
	n := number(r, q, min(1, max(0, was+0.2*float64(up))))
	now, _ := score.Points(q, checklist.Answer{Kind: checklist.AnswerNumber, Number: n})
	if float64(up)*(now-was) <= 0 {
		return nil
	}
	return []string{written(n)}
}
