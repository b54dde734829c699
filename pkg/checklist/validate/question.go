package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
)

func (v *validation) allScales() {
	for i := range v.d.Scales {
		s := &v.d.Scales[i]
		path := "scales." + string(s.ID)
		if !checklist.ValidName(string(s.ID)) {
			v.report(path, CodeNameForm,
				"%s is no id: 1 to 40 lower-case letters, digits, hyphens and underscores, a letter first",
				plaintext.Quote(string(s.ID)))
		}
		v.options(path+".options", s.Options, 2)
	}
}

func (v *validation) unusedScales() {
	for i := range v.d.Scales {
		if s := &v.d.Scales[i]; !v.used[s.ID] {
			v.report("scales."+string(s.ID), CodeScaleUnused, "no question uses the scale %s: use it or remove it",
				plaintext.Quote(string(s.ID)))
		}
	}
}

// options checks a list of options; atLeast is how many it needs.
func (v *validation) options(path string, options []checklist.Option, atLeast int) {
	switch n := len(options); {
	case n < atLeast:
		v.report(path, CodeOptionsFew, "the number of options is %d: there must be at least %d", n, atLeast)
	case n > checklist.MaxOptions:
		v.report(path, CodeOptionsMany, "the number of options is %d: at most %d are possible", n, checklist.MaxOptions)
	}
	first := map[checklist.OptionID]bool{}
	alike := map[checklist.Lang]map[string]checklist.OptionID{}
	scored := 0
	for i := range options {
		o := &options[i]
		at := fmt.Sprintf("%s[%d]", path, i)
		v.name(at, string(o.ID))
		if first[o.ID] {
			v.report(at+".id", CodeOptionDuplicate,
				"there already is an option %s: every option needs an id of its own", plaintext.Quote(string(o.ID)))
		}
		first[o.ID] = true
		v.text(at+".label", o.Label, true)
		v.alike(at+".label", o, alike)
		if o.Points != nil {
			scored++
			v.points(at+".points", *o.Points)
		}
	}
	if scored == 0 || scored == len(options) {
		return
	}
	for i := range options {
		if options[i].Points == nil {
			v.report(fmt.Sprintf("%s[%d]", path, i), CodePointsMixed,
				"the option %s has no points and others have: give points to all options or to none",
				plaintext.Quote(string(options[i].ID)))
		}
	}
}

// alike reports an option that reads like one before it in a language: nobody could tell them apart, and neither a form
// in Excel nor a table that is imported could say which is meant. read holds the labels so far.
func (v *validation) alike(path string, o *checklist.Option, read map[checklist.Lang]map[string]checklist.OptionID) {
	for _, lang := range v.d.Languages {
		text, _ := o.Label.Written(lang)
		label := checklist.Plain(text)
		if label == "" {
			continue
		}
		if read[lang] == nil {
			read[lang] = map[string]checklist.OptionID{}
		}
		if other, ok := read[lang][label]; ok && other != o.ID {
			v.report(path+"."+string(lang), CodeOptionAlike,
				"the option %s reads like %s, blanks and capitals aside: nobody can tell them apart, word them "+
					"differently", plaintext.Quote(string(o.ID)), plaintext.Quote(string(other)))
			continue
		}
		read[lang][label] = o.ID
	}
}

func (v *validation) points(path string, p float64) {
	if !(p >= 0 && p <= 100) {
		v.report(path, CodePointsRange, "the points are %v: 0 to 100 is expected", p)
	}
}

func (v *validation) question(q *seen) {
	v.name(q.path, string(q.ID))
	if v.questions[q.ID] != q {
		v.report(q.path+".id", CodeQuestionDuplicate,
			"there already is a question %s, at %s: ids are unique in the whole checklist",
			plaintext.Quote(string(q.ID)), v.questions[q.ID].path)
	}
	v.text(q.path+".text", q.Text, true)
	v.prose(q.path+".help", q.Help)
	v.prose(q.path+".evidence", q.Evidence)
	v.source(q.path+".source", q.Source)
	if q.Weight < 0 {
		v.report(q.path+".weight", CodeQuestionWeight, "the question's weight is %v: 0 or more is expected", q.Weight)
	}
	v.byType(q)
	if v.d.Kind == checklist.KindSurvey && q.Scored() {
		v.report(q.path, CodeSurveyScored,
			"the question is scored and a survey knows no score: remove the points or the targets, or set weight: 0")
	}
	v.knockout(q)
	if q.When != nil {
		v.when(q)
	}
}

// byType checks what only some types have: options, or a unit, limits and a line of points.
func (v *validation) byType(q *seen) {
	if !q.Type.Known() {
		v.report(q.path+".type", CodeTypeUnknown, "%s is no type of question: %s is expected",
			plaintext.Quote(string(q.Type)), oneOf(checklist.Types()))
		return
	}
	if q.Type.OffersOptions() {
		v.questionOptions(q)
	} else {
		v.noOptions(q)
	}
	if q.Type.Numeric() {
		v.number(q)
	} else {
		v.noNumber(q)
	}
}

// oneOf lists types in words: "choice, number or date".
func oneOf(types []checklist.Type) string {
	words := make([]string, len(types))
	for i, t := range types {
		words[i] = string(t)
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func (v *validation) questionOptions(q *seen) {
	if q.Scale != "" {
		s := v.scales[q.Scale]
		if s == nil {
			v.report(q.path+".scale", CodeScaleUnknown,
				"there is no scale %s: name one of scales, or list options in place", plaintext.Quote(string(q.Scale)))
			return
		}
		v.used[q.Scale] = true
		if i := slices.IndexFunc(s.Options, func(o checklist.Option) bool {
			return o.Exclusive
		}); i >= 0 && q.Type.One() {
			v.report(q.path+".scale", CodeExclusiveSingle,
				"the option %s of the scale is exclusive and only one can be chosen anyway: exclusive is for multi",
				plaintext.Quote(string(s.Options[i].ID)))
		}
		return
	}
	if q.Options == nil {
		v.report(q.path, CodeOptionsFew, "a question of type %s offers options: name a scale or list options", q.Type)
		return
	}
	atLeast := 2
	if q.Type.Many() {
		atLeast = 1
	}
	v.options(q.path+".options", q.Options, atLeast)
	for i, o := range q.Options {
		if o.Exclusive && q.Type.One() {
			v.report(fmt.Sprintf("%s.options[%d].exclusive", q.path, i), CodeExclusiveSingle,
				"only one option can be chosen anyway: exclusive is for multi")
		}
	}
}

func (v *validation) noOptions(q *seen) {
	const message = "a question of type %s has no options: remove %s, or use type: choice or multi"
	if q.Scale != "" {
		v.used[q.Scale] = true
		v.report(q.path+".scale", CodeOptionsMisplaced, message, q.Type, "scale")
	} else if len(q.Options) > 0 {
		v.report(q.path+".options", CodeOptionsMisplaced, message, q.Type, "options")
	}
}

func (v *validation) noNumber(q *seen) {
	given := []struct {
		key string
		set bool
	}{{"unit", !q.Unit.IsZero()}, {"min", q.Min != nil}, {"max", q.Max != nil}, {"step", q.Step != nil},
		{"targets", q.Targets != nil}}
	for _, g := range given {
		if g.set {
			v.report(q.path+"."+g.key, CodeNumberMisplaced,
				"a question of type %s has no %s: remove it, or use type: number", q.Type, g.key)
		}
	}
}

func (v *validation) number(q *seen) {
	v.text(q.path+".unit", q.Unit, false)
	if q.Min != nil && q.Max != nil && q.Min.GreaterThan(*q.Max) {
		v.report(q.path+".min", CodeRangeReversed, "min is %s and max is %s: min must not be above max", q.Min, q.Max)
	}
	if q.Step != nil && !q.Step.IsPositive() {
		v.report(q.path+".step", CodeStepPositive, "the step is %s: above 0 is expected", q.Step)
	}
	if q.Targets != nil && len(q.Targets) < 2 {
		v.report(q.path+".targets", CodeTargetsFew, "the number of targets is %d: at least two make a line",
			len(q.Targets))
	}
	for i, t := range q.Targets {
		path := fmt.Sprintf("%s.targets[%d]", q.path, i)
		v.points(path+".points", t.Points)
		if i > 0 && t.At.LessThanOrEqual(q.Targets[i-1].At) {
			v.report(path+".at", CodeTargetsOrder, "the target is at %s and the one before at %s: at must ascend",
				t.At, q.Targets[i-1].At)
		}
	}
}

func (v *validation) knockout(q *seen) {
	k := q.Knockout
	if k == nil {
		return
	}
	path := q.path + ".knockout"
	unknown := !q.Type.Known() || (q.Type.OffersOptions() && len(q.Options) == 0) // reported where it stands
	if !q.Scored() && !unknown {
		v.report(path, CodeKnockoutUnscored,
			"the question is not scored, so that its knockout means nothing: give it points and a weight, or remove "+
				"knockout")
	}
	if _, i, ok := v.d.Level(k.CapsAt); !ok {
		v.report(path+".caps_at", CodeKnockoutLevel, "there is no level %s: name one of levels",
			plaintext.Quote(string(k.CapsAt)))
	} else if i == len(v.d.Levels)-1 {
		v.report(path+".caps_at", CodeKnockoutHighest,
			"%s is the highest level, so that nothing is capped: name a lower one", plaintext.Quote(string(k.CapsAt)))
	}
	if !(k.Below > 0 && k.Below <= 100) {
		v.report(path+".below", CodeKnockoutBelow, "below is %v points: above 0 and at most 100 is expected", k.Below)
	} else if least, ok := leastPoints(q.Question); ok && least >= k.Below {
		v.report(path+".below", CodeKnockoutIdle,
			"no answer has fewer than %v points, so that the knockout never caps an answered question: raise below "+
				"or remove knockout", k.Below)
	}
}

// leastPoints returns the fewest points, 0 to 100, an answer can have; ok is false if the question is unscored.
func leastPoints(q *checklist.Question) (least float64, ok bool) {
	if !q.Scored() {
		return 0, false
	}
	least = 100
	if q.Type.Numeric() {
		for _, n := range corners(q) {
			least = min(least, pointsAt(q, n))
		}
		return least, true
	}
	for _, o := range q.Options {
		if o.Points != nil {
			least = min(least, *o.Points)
		}
	}
	return least, true
}

// corners returns the numbers among which the fewest points are found: the ends of the range
// and the targets inside it.
func corners(q *checklist.Question) []decimal.Decimal {
	var all []decimal.Decimal
	for _, end := range []*decimal.Decimal{q.Min, q.Max} {
		if end != nil {
			all = append(all, *end)
		}
	}
	for _, t := range q.Targets {
		if (q.Min == nil || t.At.GreaterThanOrEqual(*q.Min)) && (q.Max == nil || t.At.LessThanOrEqual(*q.Max)) {
			all = append(all, t.At)
		}
	}
	return all
}

// pointsAt returns the lower of the points of the targets around n: enough to know that no
// number there has fewer. Between two targets the line never leaves their points.
func pointsAt(q *checklist.Question, n decimal.Decimal) float64 {
	last := len(q.Targets) - 1
	for i, t := range q.Targets {
		switch {
		case n.Equal(t.At), i == 0 && n.LessThan(t.At), i == last && n.GreaterThan(t.At):
			return t.Points
		case n.LessThan(t.At):
			return min(t.Points, q.Targets[i-1].Points)
		}
	}
	return q.Targets[last].Points
}
