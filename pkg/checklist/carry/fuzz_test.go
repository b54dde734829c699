package carry_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/checklisttest"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/checklist/validate"
)

// bytesReader reads small numbers from any bytes; when they end, only zeros.
type bytesReader []byte

func (r *bytesReader) below(n int) int {
	if len(*r) == 0 {
		return 0
	}
	b := (*r)[0]
	*r = (*r)[1:]
	return int(b) % n
}

func (r *bytesReader) id() checklist.QuestionID {
	return checklist.QuestionID("q" + strconv.Itoa(r.below(10)))
}

func (r *bytesReader) option() checklist.OptionID { return checklist.OptionID(rune('a' + r.below(6))) }

func (r *bytesReader) question(id checklist.QuestionID) checklist.Question {
	q := checklist.Question{ID: id,
		Type: []checklist.Type{checklist.TypeChoice, checklist.TypeMulti, checklist.TypeNumber, checklist.TypeText,
			checklist.TypeDate, "slider"}[r.below(6)], NotApplicable: r.below(2) == 1}
	number := func() *decimal.Decimal {
		if r.below(2) == 0 {
			return nil
		}
		n := decimal.New(int64(r.below(40)-10), -int32(r.below(2)))
		return &n
	}
	switch q.Type {
	case checklist.TypeChoice, checklist.TypeMulti:
		seen := map[checklist.OptionID]bool{}
		for range r.below(6) {
			if id := r.option(); !seen[id] {
				seen[id] = true
				q.Options = append(q.Options, checklist.Option{ID: id, Exclusive: q.Type == checklist.TypeMulti &&
					r.below(4) == 1})
			}
		}
	case checklist.TypeNumber:
		q.Min, q.Max, q.Step = number(), number(), number()
	}
	return q
}

// line is any line at all: most of them the linter would refuse.
func (r *bytesReader) line() checklist.Mapping {
	m := checklist.Mapping{Merge: []string{"", checklist.MergeLowest, checklist.MergeHighest, checklist.MergeAsk,
		"average"}[r.below(5)], Changed: r.below(5) == 1}
	for range r.below(4) {
		m.Old = append(m.Old, r.id())
	}
	for range r.below(4) {
		m.New = append(m.New, r.id())
	}
	if r.below(2) == 1 {
		m.Options = map[checklist.OptionID]checklist.OptionID{}
		for range r.below(5) {
			m.Options[r.option()] = r.option()
		}
	}
	return m
}

func (r *bytesReader) version(n int) *checklist.Definition {
	d := &checklist.Definition{ID: "probe", Version: checklist.Version(fmt.Sprintf("%d.0.0", n+1)),
		Languages: []checklist.Lang{"de"}, Sections: []checklist.Section{{ID: "s", Weight: 1}}}
	seen := map[checklist.QuestionID]bool{}
	for range r.below(9) {
		if id := r.id(); !seen[id] {
			seen[id] = true
			d.Sections[0].Questions = append(d.Sections[0].Questions, r.question(id))
		}
	}
	if n > 0 {
		d.Changes = &checklist.Changes{From: checklist.Version(fmt.Sprintf("%d.0.0", n))}
		for range r.below(6) {
			d.Changes.Questions = append(d.Changes.Questions, r.line())
		}
	}
	return d.Index()
}

// answer is valid for the question, or of a kind that does not belong to it.
func (r *bytesReader) answer(q *checklist.Question) (checklist.Answer, bool) {
	var a checklist.Answer
	err := error(nil)
	switch r.below(6) {
	case 0:
		return checklist.Answer{}, false
	case 1:
		return []checklist.Answer{
			{Kind: checklist.AnswerOptions, Options: []checklist.OptionID{r.option(), r.option()}},
			{Kind: checklist.AnswerOptions},
			{Kind: checklist.AnswerNumber, Number: decimal.NewFromInt(int64(r.below(9)))},
			{Kind: checklist.AnswerText, Text: "2026-01-01"}, {Kind: checklist.AnswerDate, Text: "2026-01-01"},
			{Kind: checklist.AnswerNotApplicable, Text: "gibt es hier nicht"}, {},
		}[r.below(7)], true
	case 2:
		a, err = q.NotApplicableAnswer("gibt es hier nicht")
	default:
		value := []string{string(r.option()), strconv.Itoa(r.below(30)),
			"2026-02-0" + strconv.Itoa(1+r.below(9))}[r.below(3)]
		a, err = q.Parse([]string{value})
	}
	return a, err == nil
}

// FuzzCarry maps any answers along any changes: nothing panics, and no answer gets lost.
func FuzzCarry(f *testing.F) {
	for step := range 12 {
		seed := make([]byte, 400)
		for i := range seed {
			seed[i] = byte(i*(2*step+1) + i*i*step/3)
		}
		f.Add(seed)
	}
	f.Add([]byte{})
	f.Add([]byte{1, 1, 0, 0, 0, 2, 0, 0, 1, 0, 1, 0, 0, 0, 2, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 3, 0, 0, 4, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytesReader(data)
		var versions []*checklist.Definition
		for n := range 1 + r.below(4) {
			versions = append(versions, r.version(n))
		}
		p := checklisttest.Path(t, versions...)
		answers := map[checklist.QuestionID]checklist.Answer{}
		for _, q := range versions[0].Questions() {
			if a, ok := r.answer(q); ok {
				answers[q.ID] = a
			}
		}
		checkCarried(t, p, answers)
		d := compare.Compare(p)
		if len(versions) < 3 && len(d.Reasons()) == 0 && d.Class() != compare.ClassPatch {
			t.Errorf("a %s step without a reason", d.Class())
		}
		for i := range versions[1:] {
			for _, issue := range validate.ValidateChanges(versions[i], versions[i+1]) {
				if issue.Path == "" || issue.Message == "" || issue.Severity == "" {
					t.Errorf("%+v", issue)
				}
			}
		}
	})
}
