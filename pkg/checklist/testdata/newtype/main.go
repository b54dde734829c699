// Command newtype asks a question of a type that the table has only while its test runs, and says
// what each room that works with questions makes of it.
package main

import (
	"fmt"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/checklisttest"
	"ortsspiegel/pkg/checklist/validate"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

func main() {
	before, d := checklisttest.TwoVersions(func(*checklist.Definition) {})
	for _, version := range []*checklist.Definition{before, d} {
		version.Sections[0].Questions[2].Type = "rating"
		version.Sections[0].Questions[2].When = nil
		version.Index()
	}
	q := &d.Sections[0].Questions[2]
	fmt.Println("linter:", validate.Validate(d), validate.ValidateChanges(before, d))
	fmt.Println("input:", q.Type.Shape(), wording.Page("en").Limits(q))
	answers, err := score.ReadAnswers(d, []byte(`{"answers": {"n": {"value": 25}}}`))
	fmt.Println("read:", answers["n"].Number, err)
	points, scored := score.Points(q, answers["n"])
	fmt.Println("points:", points, scored)
	_, err = score.ReadAnswers(d, []byte(`{"answers": {"n": {"value": "25"}}}`))
	fmt.Println("text:", err)
	_, err = score.ReadAnswers(d, []byte(`{"answers": {"n": {"value": 30}}}`))
	fmt.Println("its own rule:", err)
	path, err := carry.NewPath(before, d)
	if err != nil {
		fmt.Println(err)
		return
	}
	carried := path.Carry(answers)
	if p, ok := carried.Proposal("n"); ok {
		fmt.Println("carried:", p.Answer.Number)
	}
}
