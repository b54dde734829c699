package disclosure

import (
	"testing"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
)

// sampleNext is the sample's next version. In every section q0 is renamed, q1 weighs more, q2
// stays, q3 stays, q4 stays, q5 is retired and q6 new. In the first section q1 is also split and
// in the second q0 is merged from q0 and q1; in the third the meaning of q1 changed and q0 lost an option.
func sampleNext(sections int) *checklist.Definition {
	d := sample(sections)
	d.Version = "2.0.0"
	d.Changes = &checklist.Changes{From: "1.0.0"}
	for s := range d.Sections {
		list := d.Sections[s].Questions
		old := func(i int) checklist.QuestionID { return question(s, i).ID }
		renamed := old(0) + "-neu"
		list[0].ID = renamed
		list[1].Weight++
		list[5] = question(s, 6)
		d.Changes.Questions = append(d.Changes.Questions, checklist.Mapping{Old: []checklist.QuestionID{old(5)}})
		first := checklist.Mapping{Old: []checklist.QuestionID{old(0)}, New: []checklist.QuestionID{renamed}}
		switch s {
		case 0:
			half := list[1]
			half.ID += "-b"
			d.Sections[s].Questions = append(list, half)
			d.Changes.Questions = append(d.Changes.Questions, checklist.Mapping{Old: []checklist.QuestionID{old(1)}, New: []checklist.QuestionID{old(1), half.ID}})
		case 1:
			first.Old, first.Merge = append(first.Old, old(1)), checklist.MergeLowest
			list[0].NotApplicable = true
			d.Sections[s].Questions = append(list[:1:1], list[2:]...)
		case 2:
			d.Changes.Questions = append(d.Changes.Questions, checklist.Mapping{Old: []checklist.QuestionID{old(1)}, New: []checklist.QuestionID{old(1)}, Changed: true})
			list[0].Options = list[0].Options[1:]
		}
		d.Changes.Questions = append(d.Changes.Questions, first)
	}
	return d.Index()
}

func pathOf(t testing.TB, versions ...*checklist.Definition) *carry.Path {
	t.Helper()
	p, err := carry.NewPath(versions...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
