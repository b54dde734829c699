package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/wording"
)

// english is the language of the command line; the checklist's own stands in.
const english = checklist.Lang("en")

// aspectWords say what changed.
var aspectWords = map[compare.Aspect]string{
	compare.AspectNew: "new", compare.AspectRetired: "retired", compare.AspectRenamed: "another id",
	compare.AspectSplit:  "split",
	compare.AspectMerged: "merged", compare.AspectMeaning: "another meaning",
	compare.AspectTitle: "title reworded", compare.AspectSummary: "summary reworded",
	compare.AspectText: "question reworded", compare.AspectHelp: "help reworded",
	compare.AspectEvidence: "evidence reworded", compare.AspectSource: "another source",
	compare.AspectLabel: "label reworded", compare.AspectUnitText: "unit reworded in a translation",
	compare.AspectMoved: "in another section", compare.AspectOrder: "in another order",
	compare.AspectWeight: "another weight", compare.AspectKnockout: "knockout changed",
	compare.AspectWhen: "another condition", compare.AspectFrom: "another threshold",
	compare.AspectType: "another type", compare.AspectUnit: "another unit", compare.AspectPoints: "other points",
	compare.AspectTargets:     "other targets",
	compare.AspectOptionAdded: "options added", compare.AspectOptionRemoved: "options removed",
	compare.AspectOptionRenamed: "options mapped",
	compare.AspectOptionOrder:   "options in another order", compare.AspectExclusive: "an option newly stands alone",
	compare.AspectShared:  "an option no longer stands alone",
	compare.AspectWidened: "limits widened", compare.AspectNarrowed: "limits narrowed",
	compare.AspectStep:             "another step",
	compare.AspectNotApplicable:    "\"not applicable\" newly possible",
	compare.AspectAlwaysApplicable: "\"not applicable\" no longer possible",
	compare.AspectKind:             "another kind of checklist", compare.AspectLanguages: "other languages",
}

// page is a text of lines.
type page struct{ strings.Builder }

func (p *page) line(indent int, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for _, l := range strings.Split(text, "\n") {
		p.WriteString(strings.TrimRight(strings.Repeat("  ", indent)+l, " ") + "\n")
	}
}

func differenceInWords(path *carry.Path, d *compare.Difference) string {
	p := &page{}
	title := fmt.Sprintf("%s, from %s to %s", d.To.Title.In(english), d.From.Version, d.To.Version)
	if between := path.Versions()[1 : len(path.Versions())-1]; len(between) > 0 {
		var names []string
		for _, v := range between {
			names = append(names, string(v.Version))
		}
		title += " (through " + strings.Join(names, ", ") + ")"
	}
	p.line(0, "%s", title)
	p.class(d)
	p.counts(d)
	for _, v := range path.Versions()[1:] {
		if v.Changes != nil && !v.Changes.Note.IsZero() {
			p.line(0, "note of %s:", v.Version)
			p.line(1, "%s", v.Changes.Note.In(english))
		}
	}
	p.whole(d)
	for i := range d.Sections {
		p.section(d, &d.Sections[i])
	}
	return p.String()
}

// class tells the class of the step and, by kind, its reasons.
func (p *page) class(d *compare.Difference) {
	reasons := d.Reasons()
	if len(reasons) == 0 {
		p.line(0, "no differences")
		return
	}
	p.line(0, "%s step: the smallest number for it is %s", d.Class(), d.Class().Next(d.From.Version))
	counts := map[compare.Aspect]int{}
	var order []compare.Aspect
	for _, r := range reasons {
		if counts[r.Code]++; counts[r.Code] == 1 {
			order = append(order, r.Code)
		}
	}
	for _, a := range order {
		p.line(1, "%-5s  %s: %d", a.Class(), aspectWords[a], counts[a])
	}
}

func (p *page) counts(d *compare.Difference) {
	parts := []string{fmt.Sprintf("%d unchanged", d.Unchanged())}
	for _, t := range compare.Topics() {
		if n := d.Count(t); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, t))
		}
	}
	p.line(0, "questions: %s", strings.Join(parts, ", "))
}

// whole tells what changed outside the sections.
func (p *page) whole(d *compare.Difference) {
	for _, a := range d.Aspects {
		switch a {
		case compare.AspectKind:
			p.line(0, "kind: %s -> %s", d.From.Kind, d.To.Kind)
		case compare.AspectLanguages:
			p.line(0, "languages: %v -> %v", d.From.Languages, d.To.Languages)
		}
	}
	p.texts(0, d.Texts)
	for _, l := range d.Levels {
		switch {
		case l.Old == nil:
			p.line(0, "new level %s from %s %%", l.New.Label.In(english), plain(l.New.From))
		case l.New == nil:
			p.line(0, "retired level %s", l.Old.Label.In(english))
		case l.Old.From != l.New.From:
			p.line(0, "level %s: from %s %% -> from %s %%", l.New.Label.In(english), plain(l.Old.From),
				plain(l.New.From))
		}
		p.texts(0, l.Texts)
	}
	for _, s := range d.Scales {
		p.line(0, "scale %s, %d questions: %s", s.New, len(s.Questions), aspectList(s.Aspects))
		p.options(1, s.Options)
		p.texts(1, s.Texts)
	}
}

func aspectList(aspects []compare.Aspect) string {
	words := make([]string, len(aspects))
	for i, a := range aspects {
		words[i] = aspectWords[a]
	}
	return strings.Join(words, ", ")
}

func (p *page) section(d *compare.Difference, s *compare.SectionChange) {
	section := cmp.Or(s.New, s.Old)
	var inside []*compare.QuestionChange
	same := 0
	for i := range d.Questions {
		q := &d.Questions[i]
		if at := cmp.Or(q.NewSection, q.OldSection); at.ID != section.ID {
			continue
		}
		if len(q.Apart()) == 0 {
			same++
			continue
		}
		inside = append(inside, q)
	}
	if len(inside) == 0 && len(s.Aspects) == 0 {
		return
	}
	p.line(0, "\n%s", section.Title.In(english))
	if len(s.Aspects) > 0 {
		p.line(1, "%s", aspectList(s.Aspects))
	}
	if s.Old != nil && s.New != nil &&
		(s.Old.Weight != s.New.Weight ||
			wording.Cell(english).Percent(s.OldShare) != wording.Cell(english).Percent(s.NewShare)) {
		p.line(1, "weight %s -> %s, share of the total %s -> %s", plain(s.Old.Weight), plain(s.New.Weight),
			wording.Cell(english).Percent(s.OldShare), wording.Cell(english).Percent(s.NewShare))
	}
	p.texts(1, s.Texts)
	for _, q := range inside {
		p.question(d, q)
	}
	if same > 0 {
		p.line(1, "%s as before, or changed only with a scale they share", counted(same, "question"))
	}
}

func (p *page) question(d *compare.Difference, c *compare.QuestionChange) {
	q := c.New
	if q == nil {
		q = c.Old[0]
	}
	p.line(1, "%s: %s", q.ID, aspectList(c.Apart()))
	if !c.Has(compare.AspectText) || len(c.Old) != 1 {
		p.line(2, "%s", q.Text.In(english))
	}
	for _, old := range c.Old {
		if c.New != nil && (len(c.Old) > 1 || len(c.Siblings) > 0 || old.ID != q.ID) {
			p.line(2, "was %s: %s", old.ID, old.Text.In(english))
		}
	}
	for _, s := range c.Siblings {
		p.line(2, "also %s: %s", s.ID, s.Text.In(english))
	}
	if c.Has(compare.AspectMerged) {
		p.line(2, "answers are merged: %s", c.Merge)
	}
	p.texts(2, c.Texts)
	if c.Scale == nil {
		p.options(2, c.Options)
	}
	if len(c.Old) == 1 && c.New != nil {
		p.rules(d, c)
	}
	for _, w := range c.Why {
		p.line(2, "why: %s", w.In(english))
	}
}

// rules tells what else changed, old and new.
func (p *page) rules(d *compare.Difference, c *compare.QuestionChange) {
	old, q := c.Old[0], c.New
	for _, r := range []struct {
		aspects  []compare.Aspect
		name     string
		old, new string
	}{
		{[]compare.Aspect{compare.AspectMoved}, "section", c.OldSection.Title.In(english),
			c.NewSection.Title.In(english)},
		{[]compare.Aspect{compare.AspectWeight}, "weight", plain(old.Weight), plain(q.Weight)},
		{[]compare.Aspect{compare.AspectWeight, compare.AspectMoved}, "share of the total",
			wording.Cell(english).Percent(c.OldShare), wording.Cell(english).Percent(c.NewShare)},
		{[]compare.Aspect{compare.AspectKnockout}, "knockout", knockoutInWords(d.From, old), knockoutInWords(d.To, q)},
		{[]compare.Aspect{compare.AspectWhen}, "asked if", wording.ConditionByID(old.When),
			wording.ConditionByID(q.When)},
		{[]compare.Aspect{compare.AspectType}, "type", string(old.Type), string(q.Type)},
		{[]compare.Aspect{compare.AspectNarrowed, compare.AspectWidened, compare.AspectStep}, "numbers",
			boundsInWords(old), boundsInWords(q)},
		{[]compare.Aspect{compare.AspectTargets}, "targets", targetsInWords(old), targetsInWords(q)},
	} {
		if slices.ContainsFunc(r.aspects, c.Has) {
			p.line(2, "%s: %s -> %s", r.name, r.old, r.new)
		}
	}
}

// texts shows English texts, or those in the language of origin where there are none, with the
// words in [-…-] gone and those in {+…+} new.
func (p *page) texts(indent int, texts []compare.TextChange) {
	said := map[string]bool{}
	for _, lang := range []bool{true, false} {
		for _, t := range texts {
			key := string(t.Aspect) + " " + string(t.Option)
			if (t.Lang == english) != lang || said[key] {
				continue
			}
			said[key] = true
			name := strings.TrimSpace(aspectNouns[t.Aspect] + " " + string(t.Option))
			if t.Lang != english {
				name += " (" + string(t.Lang) + ")"
			}
			p.line(indent, "%s: %s", name, markedWords(t))
		}
	}
}

var aspectNouns = map[compare.Aspect]string{
	compare.AspectTitle: "title", compare.AspectSummary: "summary", compare.AspectText: "text",
	compare.AspectHelp: "help", compare.AspectEvidence: "evidence", compare.AspectSource: "source",
	compare.AspectLabel: "label", compare.AspectUnit: "unit", compare.AspectUnitText: "unit",
}

func markedWords(t compare.TextChange) string {
	var b strings.Builder
	for _, w := range compare.Words(t.Plain()) {
		switch w.Op {
		case compare.WordsRemoved:
			b.WriteString("[-" + w.Text + "-]")
		case compare.WordsAdded:
			b.WriteString("{+" + w.Text + "+}")
		default:
			b.WriteString(w.Text)
		}
	}
	return b.String()
}

func (p *page) options(indent int, pairs []compare.OptionPair) {
	points := func(o *checklist.Option) string {
		if o.Points == nil {
			return ""
		}
		return " (" + plain(*o.Points) + ")"
	}
	for _, o := range pairs {
		switch {
		case o.Old == nil:
			p.line(indent, "new option %s%s", o.New.Label.In(english), points(o.New))
		case o.New == nil:
			p.line(indent, "removed option %s%s", o.Old.Label.In(english), points(o.Old))
		case o.Old.ID != o.New.ID, points(o.Old) != points(o.New), o.Old.Exclusive != o.New.Exclusive:
			p.line(indent, "%s%s -> %s%s", o.Old.Label.In(english), points(o.Old), o.New.Label.In(english),
				points(o.New))
		}
	}
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func knockoutInWords(d *checklist.Definition, q *checklist.Question) string {
	if q.Knockout == nil {
		return "none"
	}
	level, _, ok := d.Level(q.Knockout.CapsAt)
	if !ok {
		return "none"
	}
	return fmt.Sprintf("below %s points no more than %s", plain(q.Knockout.Below), level.Label.In(english))
}

// boundsInWords says from where to where a number may lie.
func boundsInWords(q *checklist.Question) string {
	return cmp.Or(strings.Join(wording.Cell(english).Bounds(q), " "), "any")
}

func targetsInWords(q *checklist.Question) string {
	if len(q.Targets) == 0 {
		return "none"
	}
	parts := make([]string, len(q.Targets))
	for i, t := range q.Targets {
		parts[i] = fmt.Sprintf("%s: %s", t.At, plain(t.Points))
	}
	return strings.Join(parts, ", ")
}
