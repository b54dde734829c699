package checklisttest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/validate"
)

// chain makes up versions of a checklist, each with valid changes since the one before.
type chain struct {
	t        *rapid.T
	versions []*checklist.Definition
	fresh    int // ids handed out so far
}

func (c *chain) pick(label string, n int) int { return rapid.IntRange(0, n-1).Draw(c.t, label) }

func (c *chain) coin(label string) bool { return rapid.Bool().Draw(c.t, label) }

func (c *chain) id() checklist.QuestionID {
	c.fresh++
	return checklist.QuestionID("q" + strconv.Itoa(c.fresh))
}

// question makes up a question with an id of its own.
func (c *chain) question() checklist.Question {
	q := checklist.Question{ID: c.id(), Text: German("Frage"), NotApplicable: c.coin("na")}
	q.Type = []checklist.Type{checklist.TypeChoice, checklist.TypeChoice, checklist.TypeMulti, checklist.TypeNumber,
		checklist.TypeText, checklist.TypeDate}[c.pick("type", 6)]
	c.values(&q)
	return q
}

// values makes up what may be answered.
func (c *chain) values(q *checklist.Question) {
	q.Options, q.Min, q.Max, q.Step = nil, nil, nil, nil
	switch q.Type {
	case checklist.TypeChoice, checklist.TypeMulti:
		for _, id := range []checklist.OptionID{"a", "b", "c", "d", "e"}[:2+c.pick("options", 4)] {
			q.Options = append(q.Options, checklist.Option{ID: id, Label: German(string(id))})
		}
		if c.coin("turn") {
			slices.Reverse(q.Options)
		}
		if q.Type == checklist.TypeMulti {
			q.Options[0].Exclusive = c.coin("exclusive")
		}
	case checklist.TypeNumber:
		c.limits(q)
	}
}

func (c *chain) limits(q *checklist.Question) {
	at := func(label string) *decimal.Decimal {
		n := decimal.NewFromInt(int64(c.pick(label, 8)))
		return &n
	}
	q.Min, q.Max, q.Step = nil, nil, nil
	if c.coin("min") {
		q.Min = at("at least")
	}
	if c.coin("max") {
		n := at("at most").Add(decimal.NewFromInt(7))
		q.Max = &n
	}
	if c.coin("step") {
		n := at("step by").Add(decimal.NewFromInt(1)).Div(decimal.NewFromInt(2))
		q.Step = &n
	}
}

// lineTo adds a line from old questions to new ones, with options mapped where they must be.
func (c *chain) lineTo(changes *checklist.Changes, merge string, olds []*checklist.Question,
	news ...*checklist.Question) {
	m := checklist.Mapping{Merge: merge}
	for _, q := range olds {
		m.Old = append(m.Old, q.ID)
	}
	needed := c.coin("map")
	for _, q := range news {
		m.New = append(m.New, q.ID)
		for _, old := range olds {
			needed = needed || len(q.Misses(old)) > 0
		}
	}
	if len(news) == 1 && needed && news[0].Type.OffersOptions() {
		m.Options = map[checklist.OptionID]checklist.OptionID{}
		for _, old := range olds {
			for _, o := range old.Options {
				m.Options[o.ID] = news[0].Options[c.pick("mapped", len(news[0].Options))].ID
			}
		}
	}
	if len(news) == 0 {
		m.Why = German("entfallen")
	}
	changes.Questions = append(changes.Questions, m)
}

// next makes up the version after the last one.
func (c *chain) next() {
	last := c.versions[len(c.versions)-1]
	changes := &checklist.Changes{From: last.Version, Note: German("Hinweis")}
	var questions []checklist.Question
	left := rapid.Permutation(last.Questions()).Draw(c.t, "order")
	for len(left) > 0 {
		var made []checklist.Question
		var used int
		made, used = c.heirs(changes, left)
		questions, left = append(questions, made...), left[used:]
	}
	for range c.pick("added", 3) {
		questions = append(questions, c.question())
	}
	if len(questions) == 0 {
		questions = append(questions, c.question())
	}
	c.add(questions, changes)
}

// heirs makes up what becomes of the first of some questions; used is of how many.
func (c *chain) heirs(changes *checklist.Changes, left []*checklist.Question) (made []checklist.Question, used int) {
	old := left[0]
	q := *old
	switch c.pick("fate", 8) {
	case 0: // as it was, perhaps with other limits or more options
		if q.Type == checklist.TypeNumber {
			c.limits(&q)
		}
		q.NotApplicable = c.coin("na")
	case 1: // renamed, perhaps with other options
		q.ID = c.id()
		c.values(&q)
		c.lineTo(changes, "", left[:1], &q)
	case 2: // mapped
		c.values(&q)
		c.lineTo(changes, "", left[:1], &q)
	case 3: // another meaning, perhaps another type
		q = c.question()
		q.ID = old.ID
		changes.Questions = append(changes.Questions, checklist.Mapping{Old: []checklist.QuestionID{q.ID},
			New: []checklist.QuestionID{q.ID}, Changed: true})
	case 4: // retired
		c.lineTo(changes, "", left[:1])
		return nil, 1
	case 5: // split, perhaps with something quite different
		other := c.question()
		if c.coin("alike") || len(other.Misses(old)) > 0 {
			id := other.ID
			other = q
			other.ID = id
		}
		c.lineTo(changes, "", left[:1], &q, &other)
		return []checklist.Question{q, other}, 1
	default: // merged with those of a type that fits
		olds := []*checklist.Question{old}
		for used = 1; used < len(left) && used < 3 &&
			(old.Type == left[used].Type || old.Type.OffersOptions() && left[used].Type.OffersOptions()); used++ {
			olds = append(olds, left[used])
		}
		if len(olds) == 1 {
			break
		}
		merge := []string{checklist.MergeLowest, checklist.MergeHighest, checklist.MergeAsk}[c.pick("merge", 3)]
		if q.Type == checklist.TypeText {
			merge = checklist.MergeAsk
		}
		c.lineTo(changes, merge, olds, &q)
		return []checklist.Question{q}, used
	}
	return []checklist.Question{q}, 1
}

func (c *chain) add(questions []checklist.Question, changes *checklist.Changes) {
	n := len(c.versions)
	d := &checklist.Definition{ID: "probe", Version: checklist.Version(fmt.Sprintf("%d.0.0", n+1)),
		Kind: checklist.KindSurvey, Languages: []checklist.Lang{"de"}, Title: German("Probe"),
		Sections: []checklist.Section{{ID: "s", Title: German("S"), Weight: 1, Questions: questions}}, Changes: changes}
	for _, i := range validate.Validate(d) {
		if i.Severity == validate.SeverityError {
			c.t.Fatalf("version %d: %+v", n+1, i)
		}
	}
	if n > 0 {
		for _, i := range validate.ValidateChanges(c.versions[n-1], d) {
			c.t.Fatalf("version %d: %+v", n+1, i)
		}
	}
	c.versions = append(c.versions, d.Index())
}

// AnyChain makes up a chain of versions.
func AnyChain(t *rapid.T, versions int) []*checklist.Definition {
	c := &chain{t: t}
	questions := make([]checklist.Question, 1+c.pick("questions", 8))
	for i := range questions {
		questions[i] = c.question()
	}
	c.add(questions, nil)
	for range versions - 1 {
		c.next()
	}
	return c.versions
}

// AnyAnswers makes up valid answers; some questions stay open.
func AnyAnswers(t *rapid.T, d *checklist.Definition) map[checklist.QuestionID]checklist.Answer {
	answers := map[checklist.QuestionID]checklist.Answer{}
	for _, q := range d.Questions() {
		if rapid.IntRange(0, 5).Draw(t, "open") == 0 {
			continue
		}
		if a, err := anyAnswer(t, q); err == nil {
			answers[q.ID] = a
		}
	}
	return answers
}

func anyAnswer(t *rapid.T, q *checklist.Question) (checklist.Answer, error) {
	if q.NotApplicable && rapid.IntRange(0, 3).Draw(t, "na") == 0 {
		return q.NotApplicableAnswer("gibt es hier nicht")
	}
	switch q.Type {
	case checklist.TypeChoice:
		return q.Parse([]string{string(rapid.SampledFrom(q.Options).Draw(t, "option").ID)})
	case checklist.TypeMulti:
		var ticked []string
		for _, o := range q.Options {
			if rapid.Bool().Draw(t, "tick") {
				ticked = append(ticked, string(o.ID))
			}
		}
		return q.Parse(ticked)
	case checklist.TypeNumber:
		return q.Parse([]string{strconv.Itoa(rapid.IntRange(0, 14).Draw(t, "number"))})
	case checklist.TypeDate:
		return q.Parse([]string{fmt.Sprintf("2026-%02d-01", rapid.IntRange(1, 12).Draw(t, "month"))})
	}
	return q.Parse([]string{strings.Repeat("x", rapid.IntRange(1, 3).Draw(t, "text"))})
}

// Path returns a path of indexed versions.
func Path(t rapid.TB, versions ...*checklist.Definition) *carry.Path {
	t.Helper()
	p, err := carry.NewPath(versions...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
