package checklists

import (
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/wording"
)

// question puts what became of a question into words.
func (p *changesPage) question(c *compare.QuestionChange) changedQuestion {
	q := questionOf(c)
	v := changedQuestion{Anchor: anchorOf(c), Heading: q.Text.In(p.lang), Effects: p.effects(c)}
	if c.New != nil {
		v.Number = wording.NumberOf(p.d.To, c.New.ID)
	}
	for _, t := range compare.Topics() {
		if concerns(c, t) {
			v.Tags = append(v.Tags, p.tag(t))
		}
	}
	if len(c.Old) > 1 || len(c.Siblings) > 0 {
		for _, old := range c.Old {
			v.Was = append(v.Was, old.Text.In(p.lang))
		}
	}
	for _, s := range c.Siblings {
		v.Also = append(v.Also, changeLink{"q-" + string(s.ID), s.Text.In(p.lang)})
	}
	v.Lines = p.texts(c.Texts, p.d.To, q)
	if c.Scale != nil {
		v.Lines = p.texts(slices.DeleteFunc(slices.Clone(c.Texts), func(t compare.TextChange) bool {
			return t.Aspect == compare.AspectLabel
		}), p.d.To, q)
	} else {
		v.Options = p.options(c.Options)
	}
	switch {
	case len(c.Old) == 0:
		words := questionInWords(p.r, p.d.To, q, v.Number)
		v.Help, v.Answers = words.Help, words.Options
	case len(c.Old) == 1 && c.New != nil:
		v.Lines = append(v.Lines, p.rules(c)...)
	}
	for _, w := range c.Why {
		v.Why = append(v.Why, w.In(p.lang))
	}
	return v
}

// effects tells what a change means for the answers of those who answered the version before.
func (p *changesPage) effects(c *compare.QuestionChange) []string {
	say := func(what string) string { return p.text("changes.effect." + what) }
	switch {
	case c.Has(compare.AspectNew):
		return []string{say("new")}
	case c.Has(compare.AspectRetired):
		return []string{say("retired")}
	case c.Has(compare.AspectMeaning):
		return []string{say("meaning")}
	case c.Has(compare.AspectMerged):
		how := c.Merge
		if how != checklist.MergeLowest && how != checklist.MergeHighest {
			how = checklist.MergeAsk
		}
		return []string{say("merged_" + how)}
	}
	var effects []string
	if c.Has(compare.AspectType) {
		effects = append(effects, say("type"))
	} else if c.Has(compare.AspectSplit) {
		effects = append(effects, say("split"))
	}
	for _, a := range []compare.Aspect{compare.AspectOptionRenamed, compare.AspectOptionRemoved,
		compare.AspectExclusive, compare.AspectUnit,
		compare.AspectNarrowed, compare.AspectStep, compare.AspectAlwaysApplicable, compare.AspectNotApplicable} {
		if c.Has(a) && !c.Has(compare.AspectType) {
			effects = append(effects, say(string(a)))
		}
	}
	if len(c.Apart()) == 1 && c.Has(compare.AspectRenamed) {
		effects = append(effects, say("renamed"))
	}
	return effects
}

// rules lists what changed beside texts and options, before and after.
func (p *changesPage) rules(c *compare.QuestionChange) []changeLine {
	old, q := c.Old[0], c.New
	var lines []changeLine
	add := func(label, before, after string, aspects ...compare.Aspect) {
		if slices.ContainsFunc(aspects, c.Has) {
			lines = append(lines, changeLine{Label: p.text("changes." + label), Old: before, New: after})
		}
	}
	add("section", c.OldSection.Title.In(p.lang), c.NewSection.Title.In(p.lang), compare.AspectMoved)
	if c.Has(compare.AspectWeight) {
		lines = append(lines, p.weight(old.Weight, q.Weight), p.share(c.OldShare, c.NewShare))
	}
	add("answer", p.text("changes.type_"+string(old.Type)), p.text("changes.type_"+string(q.Type)), compare.AspectType)
	was, is := questionInWords(p.r, p.d.From, old, ""), questionInWords(p.r, p.d.To, q, "")
	add("range", p.limits(&was, old), p.limits(&is, q), compare.AspectNarrowed, compare.AspectWidened,
		compare.AspectStep)
	add("targets", p.targets(&was), p.targets(&is), compare.AspectTargets)
	add("asked_if", orElse(was.When, p.text("changes.always")), orElse(is.When, p.text("changes.always")),
		compare.AspectWhen)
	add("knockout", orElse(was.Knockout, p.text("changes.no_knockout")),
		orElse(is.Knockout, p.text("changes.no_knockout")), compare.AspectKnockout)
	add("id", string(old.ID), string(q.ID), compare.AspectRenamed)
	return lines
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func (p *changesPage) limits(v *questionView, q *checklist.Question) string {
	if q.Step == nil {
		return v.Limits
	}
	return p.text("changes.steps", "Range", v.Limits, "Step", p.r.Text.Words().Marked(q.Step.String()))
}

func (p *changesPage) targets(v *questionView) string {
	if len(v.Targets) == 0 {
		return p.text("changes.no_targets")
	}
	parts := make([]string, len(v.Targets))
	for i, t := range v.Targets {
		parts[i] = p.text("changes.target", "At", t.At, "Points", p.r.Text.Words().Number(t.Points))
	}
	return strings.Join(parts, ", ")
}
