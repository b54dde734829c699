package checklist

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
)

// chainOf54 returns three versions of a checklist with 54 questions: of each step some are
// renamed, split, merged, mapped and retired, and the rest stays.
func chainOf54(tb testing.TB) *Path {
	options := func(ids ...OptionID) (list []Option) {
		for _, id := range ids {
			list = append(list, Option{ID: id, Label: german(string(id))})
		}
		return list
	}
	var versions []*Definition
	for v := range 3 {
		d := &Definition{ID: "probe", Version: Version(fmt.Sprintf("%d.0.0", v+1)), Kind: KindSurvey, Languages: []Lang{"de"}, Title: german("Probe")}
		if v > 0 {
			d.Changes = &Changes{From: versions[v-1].Version, Note: german("Hinweis")}
		}
		section := Section{ID: "a", Title: german("A"), Weight: 1}
		for i := range 54 {
			q := Question{ID: QuestionID(fmt.Sprint("q", i)), Text: german("F"), NotApplicable: true}
			switch i % 9 {
			case 7:
				q.Type = TypeMulti
				q.Options = options("a", "b", "c", "d", "e", "f")
			case 8:
				q.Type = TypeNumber
				q.Max = dec("250")
			default:
				q.Type = TypeChoice
				q.Options = options("keine", "geplant", "teilweise", "umgesetzt", "geprueft")
			}
			if v > 0 && i%9 == 0 {
				q.ID = QuestionID(fmt.Sprint("q", i, "v", v))
				old := QuestionID(fmt.Sprint("q", i))
				if v > 1 {
					old += QuestionID(fmt.Sprint("v", v-1))
				}
				d.Changes.Questions = append(d.Changes.Questions, Mapping{Old: []QuestionID{old}, New: []QuestionID{q.ID},
					Options: map[OptionID]OptionID{"keine": "keine", "geplant": "keine", "teilweise": "teilweise", "umgesetzt": "umgesetzt", "geprueft": "geprueft"}})
			}
			section.Questions = append(section.Questions, q)
		}
		q := section.Questions
		if v == 1 {
			q[1].ID = "q1-q2"
			d.Changes.Questions = append(d.Changes.Questions, Mapping{Old: []QuestionID{"q1", "q2"}, New: []QuestionID{"q1-q2"}, Merge: MergeLowest})
			q[2].ID = "q3b"
			d.Changes.Questions = append(d.Changes.Questions, Mapping{Old: []QuestionID{"q3"}, New: []QuestionID{"q3", "q3b"}})
		}
		if v == 2 {
			q[1].ID, q[2].ID, q[4].ID = "q1-q2", "q3b", "neu"
			d.Changes.Questions = append(d.Changes.Questions, Mapping{Old: []QuestionID{"q4"}, Why: german("weg")})
		}
		d.Sections = []Section{section}
		if issues := Validate(d); len(issues) > 0 {
			tb.Fatal(issues)
		}
		d.Index()
		if v > 0 {
			if issues := ValidateChanges(versions[v-1], d); len(issues) > 0 {
				tb.Fatal(issues)
			}
		}
		versions = append(versions, d)
	}
	p, err := NewPath(versions...)
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
	sets := make([]map[QuestionID]Answer, 20)
	for k := range sets {
		sets[k] = map[QuestionID]Answer{}
		for i, q := range p.From().Questions() {
			switch q.Type {
			case TypeNumber:
				sets[k][q.ID] = Answer{Kind: AnswerNumber, Number: decimal.NewFromInt(int64(k))}
			case TypeMulti:
				sets[k][q.ID] = Answer{Kind: AnswerOptions, Options: []OptionID{"a", "c", "f"}}
			default:
				sets[k][q.ID] = Answer{Kind: AnswerOptions, Options: []OptionID{q.Options[(i+k)%5].ID}}
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
