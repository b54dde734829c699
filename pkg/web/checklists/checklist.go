package checklists

import (
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// checklistView puts a definition into words; nothing is computed but each section's share of the weights.
func (s *Pages) checklistView(r *site.Request, d *checklist.Definition) checklistView {
	lang := checklist.Lang(r.Text.Lang)
	v := checklistView{PageView: r.Page(d.Title.In(lang)), ID: string(d.ID), Version: string(d.Version), Hash: d.Hash,
		Summary: d.Summary.In(lang), Source: site.NewSourceView(r, d.Source), Questions: len(d.Questions())}
	if !d.Title.Has(lang) && len(d.Languages) > 0 {
		v.Origin = r.Text.Text("language." + string(d.Languages[0]))
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
		sv := sectionView{ID: string(section.ID), Title: section.Title.In(lang), Summary: section.Summary.In(lang),
			Weight: section.Weight}
		if weights > 0 { // else it is a draft with errors
			sv.Share = section.Weight / weights
		}
		for j := range section.Questions {
			sv.Questions = append(sv.Questions, questionInWords(r, d, &section.Questions[j],
				wording.QuestionNumber(i, j)))
		}
		v.Sections = append(v.Sections, sv)
	}
	return v
}

func questionInWords(r *site.Request, d *checklist.Definition, q *checklist.Question, number string) questionView {
	lang := checklist.Lang(r.Text.Lang)
	v := questionView{ID: string(q.ID), Number: number, Text: q.Text.In(lang), Source: site.NewSourceView(r, q.Source),
		Shape:  q.Type.Shape().String(),
		Weight: q.Weight, Scored: q.Scored(), NotApplicable: q.NotApplicable}
	words := r.Srv.QuestionProse(r, d, q)
	v.Help, v.Evidence = words.Help, words.Evidence
	for _, o := range q.Options {
		line := optionLine{Label: o.Label.In(lang), Exclusive: o.Exclusive}
		if o.Points != nil {
			line.Points, line.Scored = *o.Points, true
		}
		v.Options = append(v.Options, line)
	}
	if q.Type.Numeric() {
		v.Limits = r.Text.Words().Range(q)
	}
	for _, t := range q.Targets {
		v.Targets = append(v.Targets, targetView{At: r.Text.Words().Measured(t.At.String(), q.Unit.In(lang)),
			Points: t.Points})
	}
	if q.Knockout != nil {
		if level, _, ok := d.Level(q.Knockout.CapsAt); ok {
			v.Knockout = r.Text.Text("checklist.knockout", "Below", r.Text.Words().Number(q.Knockout.Below), "Level",
				level.Label.In(lang))
		}
	}
	if q.When != nil {
		v.When = r.Text.Words().Condition(d, q.When)
	}
	return v
}
