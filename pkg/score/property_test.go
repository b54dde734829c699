package score_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
)

// drawDefinition makes a checklist of choice, multi and number questions, some unscored, with
// conditions on earlier questions if asked for.
func drawDefinition(t *rapid.T, conditions bool) *checklist.Definition {
	d := &checklist.Definition{ID: "zufall", Version: "1.0.0",
		Levels: []checklist.Level{{ID: "l0"}, {ID: "l1", From: 40}, {ID: "l2", From: 80}}}
	var before []checklist.QuestionID
	n := 0
	for s := range rapid.IntRange(1, 5).Draw(t, "sections") {
		section := checklist.Section{ID: checklist.SectionID(fmt.Sprintf("s%d", s)),
			Weight: rapid.Float64Range(0.1, 50).Draw(t, "W")}
		for range rapid.IntRange(1, 6).Draw(t, "questions") {
			q := checklist.Question{ID: checklist.QuestionID(fmt.Sprintf("q%d", n)),
				NotApplicable: rapid.Bool().Draw(t, "na"),
				Weight:        rapid.SampledFrom([]float64{0, 0.5, 1, 2, 3.7}).Draw(t, "w"),
				Type: rapid.SampledFrom([]checklist.Type{checklist.TypeChoice, checklist.TypeMulti,
					checklist.TypeNumber}).Draw(t, "type")}
			if q.Type == checklist.TypeNumber {
				q.Targets = []checklist.Target{{At: number("0"), Points: rapid.Float64Range(0, 100).Draw(t, "p0")},
					{At: number("10"), Points: rapid.Float64Range(0, 100).Draw(t, "p1")}}
			} else {
				for o := range rapid.IntRange(2, 5).Draw(t, "options") {
					q.Options = append(q.Options, checklist.Option{ID: checklist.OptionID(fmt.Sprintf("o%d", o)),
						Points: points(rapid.Float64Range(0, 100).Draw(t, "p"))})
				}
			}
			if conditions && len(before) > 0 && rapid.IntRange(0, 3).Draw(t, "when") == 0 {
				q.When = &checklist.Condition{Question: rapid.SampledFrom(before).Draw(t, "on"),
					AnyOf: []checklist.OptionID{"o0"}}
			}
			if q.Type != checklist.TypeNumber {
				before = append(before, q.ID)
			}
			section.Questions = append(section.Questions, q)
			n++
		}
		d.Sections = append(d.Sections, section)
	}
	return d.Index()
}

func drawAnswers(t *rapid.T, d *checklist.Definition) score.Answers {
	answers := score.Answers{}
	for _, q := range d.Questions() {
		switch kind := rapid.IntRange(0, 4).Draw(t, "answer"); {
		case kind == 0:
		case kind == 1 && q.NotApplicable:
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "gibt es hier nicht"}
		case q.Type == checklist.TypeNumber:
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerNumber,
				Number: number(fmt.Sprint(rapid.IntRange(-2, 12).Draw(t, "n")))}
		case q.Type == checklist.TypeMulti:
			a := option(q.Options[0].ID)
			if rapid.Bool().Draw(t, "two") {
				a = option(q.Options[0].ID, q.Options[1].ID)
			}
			answers[q.ID] = a
		default:
			answers[q.ID] = option(q.Options[rapid.IntRange(0, len(q.Options)-1).Draw(t, "o")].ID)
		}
	}
	return answers
}

func TestLeverIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDefinition(t, true)
		r := score.Score(d, drawAnswers(t, d))
		if r.Score == nil {
			return
		}
		sum := *r.Score
		for _, s := range r.Sections {
			for _, q := range s.Questions {
				if q.Gain != nil {
					sum += *q.Gain
				}
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("score + gains = %v, want 1", sum)
		}
	})
}

func TestScoreWithinRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDefinition(t, true)
		r := score.Score(d, drawAnswers(t, d))
		check := func(what string, s, low, high *float64) {
			if (s == nil) != (low == nil) || (s == nil) != (high == nil) {
				t.Fatalf("%s is defined in part", what)
			}
			if s != nil && (*s < -1e-9 || *s > 1+1e-9 || *low > *s+1e-9 || *s > *high+1e-9) {
				t.Fatalf("%s %v outside [%v, %v]", what, *s, *low, *high)
			}
		}
		check("total", r.Score, r.Low, r.High)
		for _, s := range r.Sections {
			check(string(s.ID), s.Score, s.Low, s.High)
		}
		if r.Completeness < 0 || r.Completeness > 1 || r.NotApplicableShare < -1e-9 || r.NotApplicableShare > 1+1e-9 {
			t.Fatalf("completeness %v, NA share %v", r.Completeness, r.NotApplicableShare)
		}
	})
}

func TestDerivationIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDefinition(t, true)
		r := score.Score(d, drawAnswers(t, d))
		if r.Score == nil {
			return
		}
		v := r.Derive()
		total, share := 0, 0
		for i, s := range v.Sections {
			part := 0
			for _, l := range v.Lines[i] {
				part += l.Part
				q, _ := r.Question(l.Question)
				if q.Points != nil && *q.Points == 1 && l.Part != l.Share ||
					q.Points != nil && *q.Points == 0 && l.Part != 0 {
					t.Fatalf("%s with %v points shows %d of %d", l.Question, *q.Points, l.Part, l.Share)
				}
				if q.Points != nil && math.Abs(float64(l.Part)-1000*q.Share**q.Points) > 1.001 {
					t.Fatalf("%s shows %d tenths for %v", l.Question, l.Part, 1000*q.Share**q.Points)
				}
			}
			if part != s.Part {
				t.Fatalf("lines of %s add to %d, the section shows %d", s.Section, part, s.Part)
			}
			total += s.Part
			share += s.Share
		}
		if total != v.Total || total != score.Tenths(*r.Score) || share != 1000 {
			t.Fatalf("parts %d, shown %d, score %d, shares %d", total, v.Total, score.Tenths(*r.Score), share)
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDefinition(t, false)
		answers := drawAnswers(t, d)
		before := score.Score(d, answers)
		turned := &checklist.Definition{ID: d.ID, Version: d.Version, Levels: d.Levels}
		for i := len(d.Sections) - 1; i >= 0; i-- {
			s := d.Sections[i]
			questions := s.Questions
			s.Questions = nil
			for j := len(questions) - 1; j >= 0; j-- {
				s.Questions = append(s.Questions, questions[j])
			}
			turned.Sections = append(turned.Sections, s)
		}
		after := score.Score(turned.Index(), answers)
		if (before.Score == nil) != (after.Score == nil) ||
			before.Score != nil && math.Abs(*before.Score-*after.Score) > 1e-9 {
			t.Fatalf("%v became %v", before.Score, after.Score)
		}
	})
}

func TestMorePointsNeverLower(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDefinition(t, false) // conditions may open new questions, which count 0 at first
		answers := drawAnswers(t, d)
		before := score.Score(d, answers)
		for _, q := range d.Questions() {
			a, given := answers[q.ID]
			if q.Type != checklist.TypeChoice || !q.Scored() || !given || a.Kind != checklist.AnswerOptions {
				continue
			}
			was := *q.Options[q.Option(a.Options[0])].Points
			for _, o := range q.Options {
				if *o.Points < was {
					continue
				}
				answers[q.ID] = option(o.ID)
				if after := score.Score(d, answers); *after.Score < *before.Score-1e-9 {
					t.Fatalf("%s from %v to %v points lowers %v to %v", q.ID, was, *o.Points, *before.Score,
						*after.Score)
				}
			}
			answers[q.ID] = a
		}
	})
}

func BenchmarkScore(b *testing.B) {
	d, answers := worked()
	for b.Loop() {
		score.Score(d, answers)
	}
}
