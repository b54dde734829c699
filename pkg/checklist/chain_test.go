package checklist

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// chain makes up versions of a checklist, each with valid changes since the one before.
type chain struct {
	t        *rapid.T
	versions []*Definition
	fresh    int // ids handed out so far
}

func (c *chain) pick(label string, n int) int { return rapid.IntRange(0, n-1).Draw(c.t, label) }

func (c *chain) coin(label string) bool { return rapid.Bool().Draw(c.t, label) }

func (c *chain) id() QuestionID {
	c.fresh++
	return QuestionID("q" + strconv.Itoa(c.fresh))
}

// question makes up a question with an id of its own.
func (c *chain) question() Question {
	q := Question{ID: c.id(), Text: german("Frage"), NotApplicable: c.coin("na")}
	q.Type = []Type{TypeChoice, TypeChoice, TypeMulti, TypeNumber, TypeText, TypeDate}[c.pick("type", 6)]
	c.values(&q)
	return q
}

// values makes up what may be answered.
func (c *chain) values(q *Question) {
	q.Options, q.Min, q.Max, q.Step = nil, nil, nil, nil
	switch q.Type {
	case TypeChoice, TypeMulti:
		for _, id := range []OptionID{"a", "b", "c", "d", "e"}[:2+c.pick("options", 4)] {
			q.Options = append(q.Options, Option{ID: id, Label: german(string(id))})
		}
		if c.coin("turn") {
			slices.Reverse(q.Options)
		}
		if q.Type == TypeMulti {
			q.Options[0].Exclusive = c.coin("exclusive")
		}
	case TypeNumber:
		c.limits(q)
	}
}

func (c *chain) limits(q *Question) {
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
func (c *chain) lineTo(changes *Changes, merge string, olds []*Question, news ...*Question) {
	m := Mapping{Merge: merge}
	for _, q := range olds {
		m.Old = append(m.Old, q.ID)
	}
	needed := c.coin("map")
	for _, q := range news {
		m.New = append(m.New, q.ID)
		for _, old := range olds {
			needed = needed || len(q.misses(old)) > 0
		}
	}
	if len(news) == 1 && needed && news[0].Type.offersOptions() {
		m.Options = map[OptionID]OptionID{}
		for _, old := range olds {
			for _, o := range old.Options {
				m.Options[o.ID] = news[0].Options[c.pick("mapped", len(news[0].Options))].ID
			}
		}
	}
	if len(news) == 0 {
		m.Why = german("entfallen")
	}
	changes.Questions = append(changes.Questions, m)
}

// next makes up the version after the last one.
func (c *chain) next() {
	last := c.versions[len(c.versions)-1]
	changes := &Changes{From: last.Version, Note: german("Hinweis")}
	var questions []Question
	left := rapid.Permutation(last.Questions()).Draw(c.t, "order")
	for len(left) > 0 {
		var made []Question
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
func (c *chain) heirs(changes *Changes, left []*Question) (made []Question, used int) {
	old := left[0]
	q := *old
	switch c.pick("fate", 8) {
	case 0: // as it was, perhaps with other limits or more options
		if q.Type == TypeNumber {
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
		changes.Questions = append(changes.Questions, Mapping{Old: []QuestionID{q.ID}, New: []QuestionID{q.ID}, Changed: true})
	case 4: // retired
		c.lineTo(changes, "", left[:1])
		return nil, 1
	case 5: // split, perhaps with something quite different
		other := c.question()
		if c.coin("alike") || len(other.misses(old)) > 0 {
			id := other.ID
			other = q
			other.ID = id
		}
		c.lineTo(changes, "", left[:1], &q, &other)
		return []Question{q, other}, 1
	default: // merged with those of a type that fits
		olds := []*Question{old}
		for used = 1; used < len(left) && used < 3 && (old.Type == left[used].Type || old.Type.offersOptions() && left[used].Type.offersOptions()); used++ {
			olds = append(olds, left[used])
		}
		if len(olds) == 1 {
			break
		}
		merge := []string{MergeLowest, MergeHighest, MergeAsk}[c.pick("merge", 3)]
		if q.Type == TypeText {
			merge = MergeAsk
		}
		c.lineTo(changes, merge, olds, &q)
		return []Question{q}, used
	}
	return []Question{q}, 1
}

func (c *chain) add(questions []Question, changes *Changes) {
	n := len(c.versions)
	d := &Definition{ID: "probe", Version: Version(fmt.Sprintf("%d.0.0", n+1)), Kind: KindSurvey, Languages: []Lang{"de"}, Title: german("Probe"),
		Sections: []Section{{ID: "s", Title: german("S"), Weight: 1, Questions: questions}}, Changes: changes}
	for _, i := range Validate(d) {
		if i.Severity == SeverityError {
			c.t.Fatalf("version %d: %+v", n+1, i)
		}
	}
	if n > 0 {
		for _, i := range ValidateChanges(c.versions[n-1], d) {
			c.t.Fatalf("version %d: %+v", n+1, i)
		}
	}
	c.versions = append(c.versions, d.Index())
}

// anyChain makes up a chain of versions.
func anyChain(t *rapid.T, versions int) []*Definition {
	c := &chain{t: t}
	questions := make([]Question, 1+c.pick("questions", 8))
	for i := range questions {
		questions[i] = c.question()
	}
	c.add(questions, nil)
	for range versions - 1 {
		c.next()
	}
	return c.versions
}

// anyAnswers makes up valid answers; some questions stay open.
func anyAnswers(t *rapid.T, d *Definition) map[QuestionID]Answer {
	answers := map[QuestionID]Answer{}
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

func anyAnswer(t *rapid.T, q *Question) (Answer, error) {
	if q.NotApplicable && rapid.IntRange(0, 3).Draw(t, "na") == 0 {
		return q.NotApplicableAnswer("gibt es hier nicht")
	}
	switch q.Type {
	case TypeChoice:
		return q.Parse([]string{string(rapid.SampledFrom(q.Options).Draw(t, "option").ID)})
	case TypeMulti:
		var ticked []string
		for _, o := range q.Options {
			if rapid.Bool().Draw(t, "tick") {
				ticked = append(ticked, string(o.ID))
			}
		}
		return q.Parse(ticked)
	case TypeNumber:
		return q.Parse([]string{strconv.Itoa(rapid.IntRange(0, 14).Draw(t, "number"))})
	case TypeDate:
		return q.Parse([]string{fmt.Sprintf("2026-%02d-01", rapid.IntRange(1, 12).Draw(t, "month"))})
	}
	return q.Parse([]string{strings.Repeat("x", rapid.IntRange(1, 3).Draw(t, "text"))})
}
