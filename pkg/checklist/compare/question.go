package compare

import (
	"slices"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
)

// question compares a question of the later version with what it comes from.
func (c *comparison) question(at int) QuestionChange {
	q, t := c.To.Questions()[at], &c.trails[at]
	_, section, _ := c.To.Question(q.ID)
	change := QuestionChange{New: q, NewSection: section, Why: t.Why, NewShare: c.newShares[at]}
	if len(t.Sources) == 0 {
		change.Aspects = []Aspect{AspectNew}
		return change
	}
	for _, o := range t.Sources {
		change.Old = append(change.Old, c.From.Questions()[o])
		change.OldShare += c.oldShares[o]
		change.Siblings = append(change.Siblings, c.heirs[o]...)
	}
	change.Siblings = others(change.Siblings, q)
	old := change.Old[0]
	_, change.OldSection, _ = c.From.Question(old.ID)
	if len(change.Siblings) > 0 {
		change.Aspects = append(change.Aspects, AspectSplit)
	}
	if len(change.Old) > 1 {
		change.Aspects = append(change.Aspects, AspectMerged)
		change.Merge = t.Merge
	}
	if t.Meaning {
		change.Aspects = append(change.Aspects, AspectMeaning)
	}
	if len(change.Old) > 1 {
		return change
	}
	c.answers(&change, old, t.Options[t.Sources[0]])
	if len(change.Siblings) == 0 {
		c.wording(&change, old)
		c.rules(&change, old)
	}
	return change
}

// others returns questions without one of them, each once, in their order; nil if none is left.
func others(list []*checklist.Question, q *checklist.Question) []*checklist.Question {
	if len(list) == 1 {
		return nil
	}
	var left []*checklist.Question
	found := map[*checklist.Question]bool{q: true}
	for _, other := range list {
		if !found[other] {
			found[other] = true
			left = append(left, other)
		}
	}
	return left
}

// rules compares what a question counts and when it is asked.
func (c *comparison) rules(change *QuestionChange, old *checklist.Question) {
	q := change.New
	if old.Weight != q.Weight {
		add(&change.Aspects, AspectWeight)
	}
	if change.OldSection.ID != change.NewSection.ID {
		add(&change.Aspects, AspectMoved)
	}
	if (old.Knockout == nil) != (q.Knockout == nil) || old.Knockout != nil && *old.Knockout != *q.Knockout {
		add(&change.Aspects, AspectKnockout)
	}
	if !c.sameCondition(old.When, q.When) {
		add(&change.Aspects, AspectWhen)
	}
	if old.ID != q.ID {
		add(&change.Aspects, AspectRenamed)
	}
}

// wording compares a question's texts; the unit counts as wording in translations only.
func (c *comparison) wording(change *QuestionChange, old *checklist.Question) {
	q := change.New
	c.text(&change.Aspects, &change.Texts, AspectText, old.Text, q.Text)
	c.text(&change.Aspects, &change.Texts, AspectHelp, old.Help, q.Help)
	c.text(&change.Aspects, &change.Texts, AspectEvidence, old.Evidence, q.Evidence)
	c.text(&change.Aspects, &change.Texts, AspectSource, old.Source.Line(), q.Source.Line())
	if !old.Type.Numeric() || !q.Type.Numeric() {
		return
	}
	if old.UnitOfOrigin() != q.UnitOfOrigin() {
		add(&change.Aspects, AspectUnit)
	}
	var texts []TextChange
	var aspects []Aspect
	c.text(&aspects, &texts, AspectUnitText, old.Unit, q.Unit)
	if !change.Has(AspectUnit) {
		change.Aspects = append(change.Aspects, aspects...)
	}
	for _, t := range texts {
		if change.Has(AspectUnit) {
			t.Aspect = AspectUnit
		}
		change.Texts = append(change.Texts, t)
	}
}

// answers compares what answers are possible and what they are worth.
func (c *comparison) answers(change *QuestionChange, old *checklist.Question,
	became map[checklist.OptionID]checklist.OptionID) {
	q := change.New
	if old.Type != q.Type {
		add(&change.Aspects, AspectType)
	}
	switch {
	case old.Type.OffersOptions() && q.Type.OffersOptions():
		c.options(change, old, became)
	case old.Type.Numeric() && q.Type.Numeric():
		limits(change, old)
	}
	switch {
	case q.NotApplicable && !old.NotApplicable:
		add(&change.Aspects, AspectNotApplicable)
	case old.NotApplicable && !q.NotApplicable:
		add(&change.Aspects, AspectAlwaysApplicable)
	}
}

func (c *comparison) options(change *QuestionChange, old *checklist.Question,
	became map[checklist.OptionID]checklist.OptionID) {
	q := change.New
	var pairs []OptionPair
	var aspects []Aspect
	taken := make([]bool, len(q.Options))
	last := -1
	for i := range old.Options {
		pair := OptionPair{Old: &old.Options[i]}
		at := q.Option(became[pair.Old.ID])
		if at < 0 {
			add(&aspects, AspectOptionRemoved)
		} else {
			pair.New, taken[at] = &q.Options[at], true
			pair.differ(&aspects)
			if at < last {
				add(&aspects, AspectOptionOrder)
			}
			last = at
			if pair.Old.ID == pair.New.ID {
				c.label(change, pair)
			}
		}
		pairs = append(pairs, pair)
	}
	for i := range q.Options {
		if !taken[i] {
			add(&aspects, AspectOptionAdded)
			pairs = append(pairs, OptionPair{New: &q.Options[i]})
		}
	}
	if len(aspects) > 0 {
		change.Options = pairs
		change.Aspects = append(change.Aspects, aspects...)
	}
}

func (c *comparison) label(change *QuestionChange, p OptionPair) {
	before := len(change.Texts)
	c.text(&change.Aspects, &change.Texts, AspectLabel, p.Old.Label, p.New.Label)
	for i := before; i < len(change.Texts); i++ {
		change.Texts[i].Option = p.New.ID
	}
}

// differ adds how an option changed, its label aside.
func (p OptionPair) differ(aspects *[]Aspect) {
	if p.Old.ID != p.New.ID {
		add(aspects, AspectOptionRenamed)
	}
	if was, is := p.Old.Points, p.New.Points; (was == nil) != (is == nil) || was != nil && *was != *is {
		add(aspects, AspectPoints)
	}
	switch {
	case p.New.Exclusive && !p.Old.Exclusive:
		add(aspects, AspectExclusive)
	case p.Old.Exclusive && !p.New.Exclusive:
		add(aspects, AspectShared)
	}
}

// limits compares the numbers that are possible and their points.
func limits(change *QuestionChange, old *checklist.Question) {
	q := change.New
	if !equal(old.Step, q.Step) {
		add(&change.Aspects, AspectStep)
	}
	if !equal(old.Min, q.Min) || !equal(old.Max, q.Max) {
		if includes(q, old) {
			add(&change.Aspects, AspectWidened)
		} else {
			add(&change.Aspects, AspectNarrowed)
		}
	}
	same := func(a, b checklist.Target) bool { return a.At.Equal(b.At) && a.Points == b.Points }
	if !slices.EqualFunc(old.Targets, q.Targets, same) {
		add(&change.Aspects, AspectTargets)
	}
}

func equal(a, b *decimal.Decimal) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Equal(*b))
}

// includes reports whether every number between an old question's limits is possible here, as
// far as the limits go. Steps are counted from min: another one can refuse what was possible.
func includes(q *checklist.Question, old *checklist.Question) bool {
	if q.Min != nil && (old.Min == nil || old.Min.LessThan(*q.Min)) ||
		q.Max != nil && (old.Max == nil || old.Max.GreaterThan(*q.Max)) {
		return false
	}
	if q.Step == nil || !q.Step.IsPositive() {
		return true
	}
	from, to := decimal.Zero, decimal.Zero
	if old.Min != nil {
		from = *old.Min
	}
	if q.Min != nil {
		to = *q.Min
	}
	return from.Sub(to).Mod(*q.Step).IsZero()
}

// sameCondition compares conditions, whatever their questions and options are called.
func (c *comparison) sameCondition(old, new *checklist.Condition) bool {
	if old == nil || new == nil {
		return old == new
	}
	same := func(a, b checklist.Condition) bool { return c.sameCondition(&a, &b) }
	if !slices.EqualFunc(old.All, new.All, same) || !slices.EqualFunc(old.Any, new.Any, same) ||
		!c.sameCondition(old.Not, new.Not) {
		return false
	}
	if old.Question == "" || new.Question == "" {
		return old.Question == new.Question
	}
	o, n := c.From.Ordinal(old.Question), c.To.Ordinal(new.Question)
	if o < 0 || n < 0 || !slices.Contains(c.trails[n].Sources, o) || !equal(old.AtLeastNumber, new.AtLeastNumber) ||
		len(old.AnyOf) != len(new.AnyOf) {
		return false
	}
	became := c.trails[n].Options[o]
	for _, id := range old.AnyOf {
		if !slices.Contains(new.AnyOf, became[id]) {
			return false
		}
	}
	return became[old.AtLeastOption] == new.AtLeastOption
}
