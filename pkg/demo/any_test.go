package demo_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/demo"
)

// Any checklist that is valid gets valid answers.
func TestPlanOfAnyChecklist(t *testing.T) {
	list := towns(t)
	rapid.Check(t, func(t *rapid.T) {
		d := drawDefinition(t)
		plan := demo.Plan(d, list[:rapid.IntRange(0, 20).Draw(t, "towns")],
			rapid.IntRange(0, 20).Draw(t, "participants"), rapid.Int64().Draw(t, "seed"))
		checkPlan(t, d, plan)
		for _, a := range plan {
			if a.State == demo.Submitted && len(a.Answers) == 0 && len(d.Questions()) > 4 {
				t.Errorf("%s submitted nothing", a.Town.Name)
			}
		}
	})
}

func drawDefinition(t *rapid.T) *checklist.Definition {
	words := func(s string) checklist.Text { return checklist.NewText("en", map[checklist.Lang]string{"en": s}) }
	d := &checklist.Definition{ID: "any", Version: "1.0.0", Languages: []checklist.Lang{"en"}, Title: words("Any"),
		Levels: []checklist.Level{{ID: "low"}, {ID: "high", From: 50}}}
	n := 0
	for s := range rapid.IntRange(1, 4).Draw(t, "sections") {
		section := checklist.Section{ID: checklist.SectionID(fmt.Sprint("s", s)), Title: words("Section"), Weight: 1}
		for range rapid.IntRange(1, 6).Draw(t, "questions") {
			q := drawQuestion(t, fmt.Sprint("q", n))
			q.Text = words("A question")
			if n > 0 && rapid.IntRange(0, 3).Draw(t, "condition") == 0 {
				q.When = drawCondition(t, fmt.Sprint("q", rapid.IntRange(0, n-1).Draw(t, "before")))
			}
			section.Questions = append(section.Questions, q)
			n++
		}
		d.Sections = append(d.Sections, section)
	}
	return d.Index()
}

func drawCondition(t *rapid.T, id string) *checklist.Condition {
	c := checklist.Condition{Question: checklist.QuestionID(id)}
	switch rapid.IntRange(0, 2).Draw(t, "form") {
	case 0:
		c.AnyOf = []checklist.OptionID{"o0"}
	case 1:
		c.AtLeastOption = "o1"
	default:
		c.AtLeastNumber = &decimal.Zero
	}
	if rapid.Bool().Draw(t, "not") {
		return &checklist.Condition{Not: &c}
	}
	return &c
}

func drawQuestion(t *rapid.T, id string) checklist.Question {
	types := []checklist.Type{checklist.TypeChoice, checklist.TypeMulti, checklist.TypeNumber, checklist.TypeText,
		checklist.TypeDate}
	q := checklist.Question{ID: checklist.QuestionID(id), Type: rapid.SampledFrom(types).Draw(t, "type"), Weight: 1,
		NotApplicable: rapid.Bool().Draw(t, "not applicable")}
	switch q.Type {
	case checklist.TypeChoice, checklist.TypeMulti:
		scored := rapid.Bool().Draw(t, "scored")
		for i := range rapid.IntRange(2, 5).Draw(t, "options") {
			o := checklist.Option{ID: checklist.OptionID(fmt.Sprint("o", i))}
			if scored {
				points := rapid.Float64Range(0, 100).Draw(t, "points")
				o.Points = &points
			}
			o.Exclusive = q.Type == checklist.TypeMulti && i > 0 && rapid.IntRange(0, 3).Draw(t, "exclusive") == 0
			q.Options = append(q.Options, o)
		}
	case checklist.TypeNumber:
		drawNumber(t, &q)
	}
	return q
}

func drawNumber(t *rapid.T, q *checklist.Question) {
	figure := func(low, high int64, name string) decimal.Decimal {
		return decimal.New(rapid.Int64Range(low, high).Draw(t, name),
			-int32(rapid.IntRange(0, 3).Draw(t, name+" decimals")))
	}
	at := figure(-5000, 5000, "min")
	width := figure(1, 100_000, "width")
	if rapid.Bool().Draw(t, "has min") {
		low := at
		q.Min = &low
	}
	if rapid.Bool().Draw(t, "has max") {
		high := at.Add(width)
		q.Max = &high
	}
	if rapid.Bool().Draw(t, "has step") {
		step := figure(1, 2000, "step")
		q.Step = &step
		if q.Min == nil {
			// without a minimum steps count from 0; a maximum below the first step would allow nothing
			q.Max = nil
		}
	}
	if rapid.Bool().Draw(t, "has targets") {
		q.Targets = []checklist.Target{{At: at, Points: 100}, {At: at.Add(width), Points: 0}}
	}
}
