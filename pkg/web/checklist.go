package web

import (
	"fmt"
	"strings"

	"ortsspiegel/pkg/checklist"
)

// checklistView puts a definition into words; nothing is computed but each section's share of the weights.
func (s *server) checklistView(r *request, d *checklist.Definition) checklistView {
	lang := checklist.Lang(r.text.lang)
	v := checklistView{pageView: r.page(d.Title.In(lang)), ID: string(d.ID), Version: string(d.Version), Hash: d.Hash, Summary: d.Summary.In(lang), Source: newSourceView(r, d.Source), Questions: len(d.Questions())}
	if !d.Title.Has(lang) && len(d.Languages) > 0 {
		v.Origin = r.text.text("language." + string(d.Languages[0]))
	}
	for _, l := range d.Levels {
		v.Levels = append(v.Levels, levelView{Label: l.Label.In(lang), From: l.From})
	}
	var weights float64
	for _, section := range d.Sections {
		weights += section.Weight
	}
	for i := range d.Sections {
		section := &d.Sections[i]
		sv := sectionView{ID: string(section.ID), Title: section.Title.In(lang), Summary: section.Summary.In(lang), Weight: section.Weight}
		if weights > 0 { // else it is a draft with errors
			sv.Share = section.Weight / weights
		}
		for j := range section.Questions {
			sv.Questions = append(sv.Questions, questionInWords(r, d, &section.Questions[j], fmt.Sprintf("%d.%d", i+1, j+1)))
		}
		v.Sections = append(v.Sections, sv)
	}
	return v
}

func questionInWords(r *request, d *checklist.Definition, q *checklist.Question, number string) questionView {
	lang := checklist.Lang(r.text.lang)
	v := questionView{ID: string(q.ID), Number: number, Text: q.Text.In(lang), Source: newSourceView(r, q.Source), Type: string(q.Type),
		Weight: q.Weight, Scored: q.Scored(), NotApplicable: q.NotApplicable}
	words := r.srv.questionProse(r, d, q)
	v.Help, v.Evidence = words.Help, words.Evidence
	for _, o := range q.Options {
		line := optionLine{Label: o.Label.In(lang), Exclusive: o.Exclusive}
		if o.Points != nil {
			line.Points, line.Scored = *o.Points, true
		}
		v.Options = append(v.Options, line)
	}
	if q.Type == checklist.TypeNumber {
		v.Limits = numberRange(r, q)
	}
	for _, t := range q.Targets {
		v.Targets = append(v.Targets, targetView{At: strings.TrimSpace(localDecimal(lang, t.At.String()) + " " + q.Unit.In(lang)), Points: t.Points})
	}
	if q.Knockout != nil {
		if level, _, ok := d.Level(q.Knockout.CapsAt); ok {
			v.Knockout = r.text.text("checklist.knockout", "Below", formatter{r.text.lang}.number(q.Knockout.Below), "Level", level.Label.In(lang))
		}
	}
	if q.When != nil {
		v.When = conditionInWords(r, d, *q.When)
	}
	return v
}

// localDecimal writes a decimal number's text with the reader's point.
func localDecimal(lang checklist.Lang, s string) string {
	if lang == "de" {
		return strings.Replace(s, ".", ",", 1)
	}
	return s
}

func numberRange(r *request, q *checklist.Question) string {
	lang := checklist.Lang(r.text.lang)
	unit := q.Unit.In(lang)
	switch {
	case q.Min != nil && q.Max != nil:
		return r.text.text("checklist.number_range", "Min", localDecimal(lang, q.Min.String()), "Max", localDecimal(lang, q.Max.String()), "Unit", unit)
	case q.Min != nil:
		return r.text.text("checklist.number_from", "Min", localDecimal(lang, q.Min.String()), "Unit", unit)
	case q.Max != nil:
		return r.text.text("checklist.number_to", "Max", localDecimal(lang, q.Max.String()), "Unit", unit)
	}
	return r.text.text("checklist.number_any", "Unit", unit)
}

// conditionInWords says when a question is asked.
func conditionInWords(r *request, d *checklist.Definition, c checklist.Condition) string {
	lang := checklist.Lang(r.text.lang)
	join := func(list []checklist.Condition, word string) string {
		parts := make([]string, len(list))
		for i, inner := range list {
			parts[i] = conditionInWords(r, d, inner)
			if len(inner.All)+len(inner.Any) > 0 {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, " "+r.text.text(word)+" ")
	}
	switch {
	case len(c.All) > 0:
		return join(c.All, "condition.and")
	case len(c.Any) > 0:
		return join(c.Any, "condition.or")
	case c.Not != nil:
		return r.text.text("condition.not", "Condition", conditionInWords(r, d, *c.Not))
	}
	q, _, ok := d.Question(c.Question)
	if !ok {
		return ""
	}
	label := func(id checklist.OptionID) string {
		if i := q.Option(id); i >= 0 {
			return r.text.text("condition.quoted", "Text", q.Options[i].Label.In(lang))
		}
		return string(id)
	}
	switch name := q.Text.In(lang); {
	case c.AtLeastNumber != nil:
		return r.text.text("condition.at_least", "Question", name, "Value", strings.TrimSpace(localDecimal(lang, c.AtLeastNumber.String())+" "+q.Unit.In(lang)))
	case c.AtLeastOption != "":
		return r.text.text("condition.at_least", "Question", name, "Value", label(c.AtLeastOption))
	default:
		options := make([]string, len(c.AnyOf))
		for i, id := range c.AnyOf {
			options[i] = label(id)
		}
		return r.text.text("condition.any_of", "Question", name, "Options", strings.Join(options, " "+r.text.text("condition.or")+" "))
	}
}
