package main

import (
	"slices"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/wording"
)

// The shape of diff --json: scripts rely on it. Keys are only ever added. Texts come in every
// language that both versions have; shares are of the total, 0 to 1, if every question applied.
type (
	diffOutput struct {
		Checklist checklist.ID        `json:"checklist"`
		From      checklist.Version   `json:"from"`
		To        checklist.Version   `json:"to"`
		Path      []checklist.Version `json:"path"`  // with those between
		Class     compare.Class       `json:"class"` // patch, minor or major
		Next      checklist.Version   `json:"next"`  // the smallest number that the class allows after from
		Reasons   []diffReason        `json:"reasons"`
		Counts    map[string]int      `json:"counts"` // questions by topic, and unchanged
		Aspects   []compare.Aspect    `json:"aspects"`
		Texts     []diffText          `json:"texts"`
		Notes     []diffNote          `json:"notes"`     // of each version after from that has one
		Levels    []diffLevel         `json:"levels"`    // those that changed
		Scales    []diffScale         `json:"scales"`    // those that several questions share and that changed
		Sections  []diffSection       `json:"sections"`  // all
		Questions []diffQuestion      `json:"questions"` // all of to, then the retired ones
	}
	diffReason struct {
		Class    compare.Class        `json:"class"`
		Code     compare.Aspect       `json:"code"`
		Question checklist.QuestionID `json:"question,omitempty"`
		Section  checklist.SectionID  `json:"section,omitempty"`
		Level    checklist.LevelID    `json:"level,omitempty"`
	}
	diffNote struct {
		Version checklist.Version `json:"version"`
		Text    diffTexts         `json:"text"`
	}
	diffTexts map[checklist.Lang]string
	diffText  struct {
		Aspect compare.Aspect     `json:"aspect"`
		Option checklist.OptionID `json:"option,omitempty"`
		Lang   checklist.Lang     `json:"lang"`
		Old    string             `json:"old"`
		New    string             `json:"new"`
		Words  []diffWords        `json:"words"` // kept and removed: old; kept and added: new
	}
	diffWords struct {
		Op   compare.WordOp `json:"op"`
		Text string         `json:"text"`
	}
	diffLevel struct {
		ID      checklist.LevelID `json:"id"`
		Aspects []compare.Aspect  `json:"aspects"`
		Old     *float64          `json:"old"` // percent it begins at
		New     *float64          `json:"new"`
		Texts   []diffText        `json:"texts"`
	}
	diffScale struct {
		Old       checklist.ScaleID      `json:"old"`
		New       checklist.ScaleID      `json:"new"`
		Aspects   []compare.Aspect       `json:"aspects"`
		Options   []diffOption           `json:"options"`
		Texts     []diffText             `json:"texts"`
		Questions []checklist.QuestionID `json:"questions"`
	}
	diffOption struct {
		Old       checklist.OptionID `json:"old,omitempty"`
		New       checklist.OptionID `json:"new,omitempty"`
		OldPoints *float64           `json:"old_points"`
		NewPoints *float64           `json:"new_points"`
	}
	diffSection struct {
		ID      checklist.SectionID `json:"id"`
		Aspects []compare.Aspect    `json:"aspects"`
		Old     *diffWeight         `json:"old"`
		New     *diffWeight         `json:"new"`
		Texts   []diffText          `json:"texts"`
	}
	diffWeight struct {
		Weight float64 `json:"weight"`
		Share  float64 `json:"share"`
	}
	diffQuestion struct {
		Old      []checklist.QuestionID `json:"old"` // empty: new
		New      checklist.QuestionID   `json:"new"` // empty: retired
		Aspects  []compare.Aspect       `json:"aspects"`
		Siblings []checklist.QuestionID `json:"siblings,omitempty"`
		Merge    string                 `json:"merge,omitempty"`
		Why      []diffTexts            `json:"why,omitempty"`
		Texts    []diffText             `json:"texts"`
		Options  []diffOption           `json:"options,omitempty"`
		Scale    checklist.ScaleID      `json:"scale,omitempty"` // its options changed as this shared scale did
		Before   *diffRules             `json:"before"`          // null: new, or from several
		After    *diffRules             `json:"after"`
		OldShare float64                `json:"old_share"`
		NewShare float64                `json:"new_share"`
	}
	diffRules struct {
		Section       checklist.SectionID `json:"section"`
		Type          checklist.Type      `json:"type"`
		Weight        float64             `json:"weight"`
		NotApplicable bool                `json:"not_applicable"`
		Knockout      *diffKnockout       `json:"knockout,omitempty"`
		When          string              `json:"when,omitempty"` // in words
		Unit          string              `json:"unit,omitempty"`
		Min           *decimal.Decimal    `json:"min,omitempty"`
		Max           *decimal.Decimal    `json:"max,omitempty"`
		Step          *decimal.Decimal    `json:"step,omitempty"`
		Targets       []diffTarget        `json:"targets,omitempty"`
	}
	diffKnockout struct {
		Below  float64           `json:"below"`
		CapsAt checklist.LevelID `json:"caps_at"`
	}
	diffTarget struct {
		At     decimal.Decimal `json:"at"`
		Points float64         `json:"points"`
	}
)

func differenceJSON(p *carry.Path, d *compare.Difference) diffOutput {
	out := diffOutput{
		Checklist: d.To.ID, From: d.From.Version, To: d.To.Version, Class: d.Class(),
		Next:   d.Class().Next(d.From.Version),
		Counts: map[string]int{"unchanged": d.Unchanged()}, Aspects: listed(d.Aspects), Texts: textsJSON(d.Texts),
		Reasons: []diffReason{}, Notes: []diffNote{}, Levels: []diffLevel{}, Scales: []diffScale{},
		Sections: []diffSection{}, Questions: []diffQuestion{},
	}
	for i, v := range p.Versions() {
		out.Path = append(out.Path, v.Version)
		if i > 0 && v.Changes != nil && !v.Changes.Note.IsZero() {
			out.Notes = append(out.Notes, diffNote{v.Version, inLanguages(v, v.Changes.Note)})
		}
	}
	for _, t := range compare.Topics() {
		out.Counts[string(t)] = d.Count(t)
	}
	for _, r := range d.Reasons() {
		out.Reasons = append(out.Reasons, diffReason(r))
	}
	for _, l := range d.Levels {
		if len(l.Aspects) == 0 {
			continue
		}
		level := diffLevel{Aspects: l.Aspects, Texts: textsJSON(l.Texts)}
		if l.Old != nil {
			level.ID, level.Old = l.Old.ID, &l.Old.From
		}
		if l.New != nil {
			level.ID, level.New = l.New.ID, &l.New.From
		}
		out.Levels = append(out.Levels, level)
	}
	for _, s := range d.Scales {
		out.Scales = append(out.Scales, diffScale{s.Old, s.New, listed(s.Aspects), optionsJSON(s.Options),
			textsJSON(s.Texts), questionIDs(s.Questions)})
	}
	for _, s := range d.Sections {
		section := diffSection{Aspects: listed(s.Aspects), Texts: textsJSON(s.Texts)}
		if s.Old != nil {
			section.ID, section.Old = s.Old.ID, &diffWeight{s.Old.Weight, s.OldShare}
		}
		if s.New != nil {
			section.ID, section.New = s.New.ID, &diffWeight{s.New.Weight, s.NewShare}
		}
		out.Sections = append(out.Sections, section)
	}
	for i := range d.Questions {
		out.Questions = append(out.Questions, questionJSON(d, &d.Questions[i]))
	}
	return out
}

func questionJSON(d *compare.Difference, c *compare.QuestionChange) diffQuestion {
	q := diffQuestion{Old: questionIDs(c.Old), Aspects: listed(c.Aspects), Siblings: questionIDs(c.Siblings),
		Merge: c.Merge,
		Texts: textsJSON(c.Texts), Options: optionsJSON(c.Options), OldShare: c.OldShare, NewShare: c.NewShare}
	if c.Scale != nil {
		q.Scale = c.Scale.New
	}
	for _, w := range c.Why {
		q.Why = append(q.Why, inLanguages(d.To, w))
	}
	if len(c.Old) == 1 {
		q.Before = rulesJSON(d.From, c.OldSection, c.Old[0])
	}
	if c.New != nil {
		q.New, q.After = c.New.ID, rulesJSON(d.To, c.NewSection, c.New)
	}
	return q
}

func rulesJSON(d *checklist.Definition, s *checklist.Section, q *checklist.Question) *diffRules {
	r := &diffRules{Section: s.ID, Type: q.Type, Weight: q.Weight, NotApplicable: q.NotApplicable,
		Unit: q.Unit.In(d.Languages[0]), Min: q.Min, Max: q.Max, Step: q.Step}
	if q.Knockout != nil {
		r.Knockout = &diffKnockout{q.Knockout.Below, q.Knockout.CapsAt}
	}
	if q.When != nil {
		r.When = wording.ConditionByID(q.When)
	}
	for _, t := range q.Targets {
		r.Targets = append(r.Targets, diffTarget{t.At, t.Points})
	}
	return r
}

func textsJSON(texts []compare.TextChange) []diffText {
	list := make([]diffText, len(texts))
	for i, t := range texts {
		list[i] = diffText{t.Aspect, t.Option, t.Lang, t.Old, t.New, []diffWords{}}
		for _, p := range compare.Words(t.Old, t.New) {
			list[i].Words = append(list[i].Words, diffWords(p))
		}
	}
	return list
}

func optionsJSON(pairs []compare.OptionPair) []diffOption {
	list := make([]diffOption, len(pairs))
	for i, p := range pairs {
		if p.Old != nil {
			list[i].Old, list[i].OldPoints = p.Old.ID, p.Old.Points
		}
		if p.New != nil {
			list[i].New, list[i].NewPoints = p.New.ID, p.New.Points
		}
	}
	return list
}

func questionIDs(questions []*checklist.Question) []checklist.QuestionID {
	ids := make([]checklist.QuestionID, len(questions))
	for i, q := range questions {
		ids[i] = q.ID
	}
	return ids
}

func inLanguages(d *checklist.Definition, t checklist.Text) diffTexts {
	texts := diffTexts{}
	for _, l := range d.Languages {
		if t.Has(l) {
			texts[l] = t.In(l)
		}
	}
	return texts
}

// listed makes an empty list of a missing one.
func listed(aspects []compare.Aspect) []compare.Aspect {
	return append([]compare.Aspect{}, slices.Clone(aspects)...)
}
