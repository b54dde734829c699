package demo

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// Answers makes up a complete set of answers: valid, nothing for inactive questions, here and
// there "not applicable" with a reason, and in one of six towns, if the checklist is longer
// than 20 questions, one or two of them left open.
func Answers(d *checklist.Definition, seed int64, ags region.AGS, profile Profile) score.Answers {
	answers := draw(d, seed, ags, profile)
	dropInactive(d, answers)
	return answers
}

// draw makes up answers, to inactive questions too.
func draw(d *checklist.Definition, seed int64, ags region.AGS, profile Profile) score.Answers {
	answers := score.Answers{}
	for i := range d.Sections {
		s := &d.Sections[i]
		strength := generator(seed, "section", string(ags), string(s.ID)).NormFloat64() * 0.45
		for j := range s.Questions {
			q := &s.Questions[j]
			r := generator(seed, "answer", string(ags), string(q.ID))
			if a, err := answer(r, q, quality(r, q, seed, profile.Quality+strength),
				profile.NotApplicable); err == nil {
				answers[q.ID] = a
			}
		}
	}
	r := generator(seed, "open", string(ags))
	if profile.NotApplicable {
		keepFew(d, answers)
	} else if r.IntN(6) == 0 {
		for range 1 + r.IntN(2) {
			if n := len(d.Questions()); n > longEnough {
				delete(answers, d.Questions()[r.IntN(n)].ID)
			}
		}
	}
	return answers
}

func dropInactive(d *checklist.Definition, answers score.Answers) {
	for i, state := range score.States(d, answers) {
		if state == score.Inactive {
			delete(answers, d.Questions()[i].ID)
		}
	}
}

// longEnough is the number of questions from which one is overlooked now and then.
const longEnough = 20

// quality is how well a town does at a question, from 0 to 1: its own strength against the
// difficulty, which is the same for all towns, with some chance.
func quality(r *rand.Rand, q *checklist.Question, seed int64, strength float64) float64 {
	difficulty := generator(seed, "question", string(q.ID)).NormFloat64() * 0.8
	if q.Knockout != nil {
		difficulty = difficulty/2 - 0.9 // what everything hangs on is what most towns have
	}
	return 1 / (1 + math.Exp(-1.15*(strength-difficulty+r.NormFloat64()*0.55)))
}

// answer makes up one answer. Parse has the last word, so that none is invalid.
func answer(r *rand.Rand, q *checklist.Question, p float64, notApplicable bool) (checklist.Answer, error) {
	if q.NotApplicable && (notApplicable || r.IntN(18) == 0) {
		return q.NotApplicableAnswer(pick(r, reasons))
	}
	switch q.Type.Shape() {
	case checklist.ShapeOne:
		return q.Parse([]string{string(choose(q, p))})
	case checklist.ShapeMany:
		return q.Parse(several(r, q, p))
	case checklist.ShapeNumber:
		return q.Parse([]string{written(number(r, q, p))})
	case checklist.ShapeDay:
		day := time.Date(2021, time.October, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(1000))
		return q.Parse([]string{day.Format(time.DateOnly)})
	}
	return q.Parse([]string{pick(r, texts)})
}

// choose takes the option whose points are nearest to p; without points, by its place.
func choose(q *checklist.Question, p float64) checklist.OptionID {
	best, distance := 0, math.Inf(1)
	for i := range q.Options {
		at := float64(i) / float64(max(len(q.Options)-1, 1))
		if points := q.Options[i].Points; points != nil {
			at = *points / 100
		}
		if d := math.Abs(at - p); d < distance {
			best, distance = i, d
		}
	}
	return q.Options[best].ID
}

// several ticks each option with a chance of p, the first ones more often; if none is
// ticked, the option that stands alone, or else the first.
func several(r *rand.Rand, q *checklist.Question, p float64) []string {
	var chosen []string
	alone := string(q.Options[0].ID)
	for i := range q.Options {
		switch o := &q.Options[i]; {
		case o.Exclusive:
			alone = string(o.ID)
		case r.Float64() < p*1.15-0.25*float64(i)/float64(len(q.Options)):
			chosen = append(chosen, string(o.ID))
		}
	}
	if len(chosen) == 0 {
		return []string{alone}
	}
	return chosen
}

// number draws a few values that minimum, maximum and step allow and takes the one whose
// points are nearest to p; without targets a small one, as most figures are.
func number(r *rand.Rand, q *checklist.Question, p float64) decimal.Decimal {
	low, high := extent(q)
	step := decimal.New(1, 0)
	if q.Step != nil && q.Step.IsPositive() {
		step = *q.Step
	}
	steps := high.Sub(low).Div(step).IntPart()
	best, distance := low, math.Inf(1)
	for range 12 {
		share := r.Float64()
		if len(q.Targets) == 0 {
			share = math.Pow(share, 2.5) * (0.2 + 0.4*p)
		}
		n := low.Add(step.Mul(decimal.NewFromInt(int64(share * float64(steps)))))
		points, scored := score.Points(q, checklist.Answer{Kind: checklist.AnswerNumber, Number: n})
		if !scored {
			return n
		}
		if d := math.Abs(points - p); d < distance {
			best, distance = n, d
		}
	}
	return best
}

// written writes a number so that it can be read in one way only: with six decimals, because
// three of them might be thousands, or with none.
func written(n decimal.Decimal) string {
	if n.IsInteger() {
		return n.StringFixed(0)
	}
	return n.StringFixed(6)
}

// extent is the range in which values are drawn: a little more than the targets', within
// minimum and maximum.
func extent(q *checklist.Question) (low, high decimal.Decimal) {
	hundred := decimal.New(100, 0)
	if q.Min != nil {
		low = *q.Min
	} else if q.Max != nil && q.Max.LessThan(low) {
		low = q.Max.Sub(hundred)
	}
	high = low.Add(hundred)
	if n := len(q.Targets); n > 0 {
		if q.Min == nil {
			low = q.Targets[0].At
		}
		last := q.Targets[n-1].At
		high = last.Add(last.Sub(low).Div(decimal.New(4, 0)))
	} else if q.Max != nil {
		high = *q.Max
	}
	if q.Max != nil && high.GreaterThan(*q.Max) {
		high = *q.Max
	}
	if q.Min == nil && q.Step != nil && q.Step.IsPositive() {
		low = low.Div(*q.Step).Ceil().Mul(*q.Step) // without a minimum, steps count from 0
	}
	return low, decimal.Max(low, high)
}

// fewest is the number of "not applicable" from which a town can have them in the majority
// and still have said something.
const fewest = 5

// keepFew leaves more "not applicable" than other answers.
func keepFew(d *checklist.Definition, answers score.Answers) {
	out := 0
	for _, a := range answers {
		if a.Kind == checklist.AnswerNotApplicable {
			out++
		}
	}
	if out < fewest {
		return
	}
	others := out * 2 / 3
	for _, q := range d.Questions() {
		if a, given := answers[q.ID]; given && a.Kind != checklist.AnswerNotApplicable {
			if others--; others < 0 {
				delete(answers, q.ID)
			}
		}
	}
}
