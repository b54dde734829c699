package checklist

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
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

func (r *bytesReader) id() QuestionID { return QuestionID("q" + strconv.Itoa(r.below(10))) }

func (r *bytesReader) option() OptionID { return OptionID(rune('a' + r.below(6))) }

func (r *bytesReader) question(id QuestionID) Question {
	q := Question{ID: id, Type: []Type{TypeChoice, TypeMulti, TypeNumber, TypeText, TypeDate, "slider"}[r.below(6)], NotApplicable: r.below(2) == 1}
	number := func() *decimal.Decimal {
		if r.below(2) == 0 {
			return nil
		}
		n := decimal.New(int64(r.below(40)-10), -int32(r.below(2)))
		return &n
	}
	switch q.Type {
	case TypeChoice, TypeMulti:
		seen := map[OptionID]bool{}
		for range r.below(6) {
			if id := r.option(); !seen[id] {
				seen[id] = true
				q.Options = append(q.Options, Option{ID: id, Exclusive: q.Type == TypeMulti && r.below(4) == 1})
			}
		}
	case TypeNumber:
		q.Min, q.Max, q.Step = number(), number(), number()
	}
	return q
}

// line is any line at all: most of them the linter would refuse.
func (r *bytesReader) line() Mapping {
	m := Mapping{Merge: []string{"", MergeLowest, MergeHighest, MergeAsk, "average"}[r.below(5)], Changed: r.below(5) == 1}
	for range r.below(4) {
		m.Old = append(m.Old, r.id())
	}
	for range r.below(4) {
		m.New = append(m.New, r.id())
	}
	if r.below(2) == 1 {
		m.Options = map[OptionID]OptionID{}
		for range r.below(5) {
			m.Options[r.option()] = r.option()
		}
	}
	return m
}

func (r *bytesReader) version(n int) *Definition {
	d := &Definition{ID: "probe", Version: Version(fmt.Sprintf("%d.0.0", n+1)), Languages: []Lang{"de"}, Sections: []Section{{ID: "s", Weight: 1}}}
	seen := map[QuestionID]bool{}
	for range r.below(9) {
		if id := r.id(); !seen[id] {
			seen[id] = true
			d.Sections[0].Questions = append(d.Sections[0].Questions, r.question(id))
		}
	}
	if n > 0 {
		d.Changes = &Changes{From: Version(fmt.Sprintf("%d.0.0", n))}
		for range r.below(6) {
			d.Changes.Questions = append(d.Changes.Questions, r.line())
		}
	}
	return d.Index()
}

// answer is valid for the question, or of a kind that does not belong to it.
func (r *bytesReader) answer(q *Question) (Answer, bool) {
	var a Answer
	err := error(nil)
	switch r.below(6) {
	case 0:
		return Answer{}, false
	case 1:
		return []Answer{
			{Kind: AnswerOptions, Options: []OptionID{r.option(), r.option()}}, {Kind: AnswerOptions},
			{Kind: AnswerNumber, Number: decimal.NewFromInt(int64(r.below(9)))},
			{Kind: AnswerText, Text: "2026-01-01"}, {Kind: AnswerDate, Text: "2026-01-01"}, {Kind: AnswerNotApplicable, Text: "gibt es hier nicht"}, {},
		}[r.below(7)], true
	case 2:
		a, err = q.NotApplicableAnswer("gibt es hier nicht")
	default:
		value := []string{string(r.option()), strconv.Itoa(r.below(30)), "2026-02-0" + strconv.Itoa(1+r.below(9))}[r.below(3)]
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
		var versions []*Definition
		for n := range 1 + r.below(4) {
			versions = append(versions, r.version(n))
		}
		p := mustPath(t, versions...)
		answers := map[QuestionID]Answer{}
		for _, q := range versions[0].Questions() {
			if a, ok := r.answer(q); ok {
				answers[q.ID] = a
			}
		}
		checkCarried(t, p, answers)
		d := Compare(p)
		if len(versions) < 3 && len(d.Reasons()) == 0 && d.Class() != ClassPatch {
			t.Errorf("a %s step without a reason", d.Class())
		}
		for i := range versions[1:] {
			for _, issue := range ValidateChanges(versions[i], versions[i+1]) {
				if issue.Path == "" || issue.Message == "" || issue.Severity == "" {
					t.Errorf("%+v", issue)
				}
			}
		}
	})
}
