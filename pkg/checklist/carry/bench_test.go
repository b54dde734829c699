package carry_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/checklisttest"
	"ortsspiegel/pkg/checklist/validate"
)

// chainOf54 returns three versions of a checklist with 54 questions: of each step some are
// renamed, split, merged, mapped and retired, and the rest stays.
func chainOf54(tb testing.TB) *carry.Path {
	options := func(ids ...checklist.OptionID) (list []checklist.Option) {
		for _, id := range ids {
			list = append(list, checklist.Option{ID: id, Label: checklisttest.German(string(id))})
		}
		return list
	}
	var versions []*checklist.Definition
	for v := range 3 {
		d := &checklist.Definition{ID: "probe", Version: checklist.Version(fmt.Sprintf("%d.0.0", v+1)),
			Kind: checklist.KindSurvey, Languages: []checklist.Lang{"de"}, Title: checklisttest.German("Probe")}
		if v > 0 {
			d.Changes = &checklist.Changes{From: versions[v-1].Version, Note: checklisttest.German("Hinweis")}
		}
		section := checklist.Section{ID: "a", Title: checklisttest.German("A"), Weight: 1}
		for i := range 54 {
			q := checklist.Question{ID: checklist.QuestionID(fmt.Sprint("q", i)), Text: checklisttest.German("F"),
				NotApplicable: true}
			switch i % 9 {
			case 7:
				q.Type = checklist.TypeMulti
				q.Options = options("a", "b", "c", "d", "e", "f")
			case 8:
				q.Type = checklist.TypeNumber
				q.Max = checklisttest.Decimal("250")
			default:
				q.Type = checklist.TypeChoice
				q.Options = options("keine", "geplant", "teilweise", "umgesetzt", "geprueft")
			}
			if v > 0 && i%9 == 0 {
				q.ID = checklist.QuestionID(fmt.Sprint("q", i, "v", v))
				old := checklist.QuestionID(fmt.Sprint("q", i))
				if v > 1 {
					old += checklist.QuestionID(fmt.Sprint("v", v-1))
				}
				d.Changes.Questions = append(d.Changes.Questions, checklist.Mapping{Old: []checklist.QuestionID{old},
					New: []checklist.QuestionID{q.ID},
					Options: map[checklist.OptionID]checklist.OptionID{"keine": "keine", "geplant": "keine",
						"teilweise": "teilweise", "umgesetzt": "umgesetzt", "geprueft": "geprueft"}})
			}
			section.Questions = append(section.Questions, q)
		}
		q := section.Questions
		if v == 1 {
			q[1].ID = "q1-q2"
			d.Changes.Questions = append(d.Changes.Questions,
				checklist.Mapping{Old: []checklist.QuestionID{"q1", "q2"}, New: []checklist.QuestionID{"q1-q2"},
					Merge: checklist.MergeLowest})
			q[2].ID = "q3b"
			d.Changes.Questions = append(d.Changes.Questions, checklist.Mapping{Old: []checklist.QuestionID{"q3"},
				New: []checklist.QuestionID{"q3", "q3b"}})
		}
		if v == 2 {
			q[1].ID, q[2].ID, q[4].ID = "q1-q2", "q3b", "neu"
			d.Changes.Questions = append(d.Changes.Questions, checklist.Mapping{Old: []checklist.QuestionID{"q4"},
				Why: checklisttest.German("weg")})
		}
		d.Sections = []checklist.Section{section}
		if issues := validate.Validate(d); len(issues) > 0 {
			tb.Fatal(issues)
		}
		d.Index()
		if v > 0 {
			if issues := validate.ValidateChanges(versions[v-1], d); len(issues) > 0 {
				tb.Fatal(issues)
			}
		}
		versions = append(versions, d)
	}
	p, err := carry.NewPath(versions...)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// BenchmarkCarry takes 11 000 assessments of 54 answers through two steps. It must stay far
// below a second.
func BenchmarkCarry(b *testing.B) {
	const assessments = 11_000
	p := chainOf54(b)
	sets := make([]map[checklist.QuestionID]checklist.Answer, 20)
	for k := range sets {
		sets[k] = map[checklist.QuestionID]checklist.Answer{}
		for i, q := range p.From().Questions() {
			switch q.Type {
			case checklist.TypeNumber:
				sets[k][q.ID] = checklist.Answer{Kind: checklist.AnswerNumber, Number: decimal.NewFromInt(int64(k))}
			case checklist.TypeMulti:
				sets[k][q.ID] = checklist.Answer{Kind: checklist.AnswerOptions,
					Options: []checklist.OptionID{"a", "c", "f"}}
			default:
				sets[k][q.ID] = checklist.Answer{Kind: checklist.AnswerOptions,
					Options: []checklist.OptionID{q.Options[(i+k)%5].ID}}
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range assessments {
			c := p.Carry(sets[i%len(sets)])
			if len(c.Proposals) != 53 {
				b.Fatal(len(c.Proposals))
			}
		}
	}
}
