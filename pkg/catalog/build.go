package catalog

import (
	"fmt"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"
	"golang.org/x/text/unicode/norm"

	"ortsspiegel/pkg/checklist"
)

// builder turns the structs of a file into a definition, as far as it goes: what is missing
// stays empty, and Validate says so.
type builder struct {
	*decoder
	root      *yaml.Node
	origin    checklist.Lang
	languages []checklist.Lang
	scales    map[nameText][]checklist.Option
	types     map[nameText]typeText // of the first question with an id
}

func (d *decoder) build(root *yaml.Node, f *fileYAML) *checklist.Definition {
	b := &builder{decoder: d, root: root, scales: map[nameText][]checklist.Option{}, types: map[nameText]typeText{}}
	def := &checklist.Definition{ID: checklist.ID(f.ID), Version: checklist.Version(f.Version),
		Kind: checklist.Kind(f.Kind)}
	for _, l := range f.Languages {
		def.Languages = append(def.Languages, checklist.Lang(l))
	}
	if len(def.Languages) > 0 {
		b.origin = def.Languages[0]
	}
	def.Title, def.Summary = b.text(f.Title), b.text(f.Summary)
	b.languages = def.Languages
	def.Source = b.source(f.Source)
	for _, s := range f.Scales {
		options := b.options(s.scale.Options)
		b.scales[s.id] = options
		def.Scales = append(def.Scales, checklist.Scale{ID: checklist.ScaleID(s.id), Options: options})
	}
	for _, l := range f.Levels {
		def.Levels = append(def.Levels, checklist.Level{ID: checklist.LevelID(l.ID), From: l.From.float(),
			Label: b.text(l.Label)})
	}
	for i := range f.Sections {
		for _, q := range f.Sections[i].Questions {
			if _, ok := b.types[q.ID]; !ok {
				b.types[q.ID] = q.Type
			}
		}
	}
	for i := range f.Sections {
		def.Sections = append(def.Sections, b.section(i, &f.Sections[i]))
	}
	if f.Changes != nil {
		def.Changes = b.changes(f.Changes)
	}
	return def
}

func (x number) float() float64 { return x.InexactFloat64() }

func (b *builder) text(t texts) checklist.Text {
	if t == nil {
		return checklist.Text{}
	}
	in := make(map[checklist.Lang]string, len(t))
	for l, s := range t {
		in[checklist.Lang(l)] = norm.NFC.String(s) // as everything that is compared with it
	}
	return checklist.NewText(b.origin, in)
}

func (b *builder) source(s *sourceYAML) *checklist.Source {
	if s == nil {
		return nil
	}
	title := s.Title.texts
	if s.Title.all != nil {
		title = texts{}
		for _, l := range b.languages {
			title[langText(l)] = *s.Title.all
		}
	}
	return &checklist.Source{Title: b.text(title), URL: string(s.URL)}
}

func (b *builder) options(list []optionYAML) []checklist.Option {
	if list == nil {
		return nil
	}
	options := make([]checklist.Option, len(list))
	for i, o := range list {
		options[i] = checklist.Option{ID: checklist.OptionID(o.ID), Label: b.text(o.Label), Exclusive: o.Exclusive}
		if o.Points != nil {
			points := o.Points.float()
			options[i].Points = &points
		}
	}
	return options
}

func (b *builder) section(i int, s *sectionYAML) checklist.Section {
	section := checklist.Section{
		ID:        checklist.SectionID(s.ID),
		Title:     b.text(s.Title),
		Summary:   b.text(s.Summary),
		Weight:    s.Weight.float(),
		Questions: make([]checklist.Question, len(s.Questions)),
	}
	for j := range s.Questions {
		section.Questions[j] = b.question(fmt.Sprintf("sections[%d].questions[%d]", i, j), &s.Questions[j])
	}
	return section
}

func (b *builder) question(path string, q *questionYAML) checklist.Question {
	question := checklist.Question{
		ID:            checklist.QuestionID(q.ID),
		Text:          b.text(q.Text),
		Help:          b.text(texts(q.Help)),
		Evidence:      b.text(texts(q.Evidence)),
		Source:        b.source(q.Source),
		Type:          checklist.Type(q.Type),
		Scale:         checklist.ScaleID(q.Scale),
		Options:       b.options(q.Options),
		Unit:          b.text(q.Unit),
		Min:           q.Min.decimal(),
		Max:           q.Max.decimal(),
		Step:          q.Step.decimal(),
		Weight:        1,
		NotApplicable: q.NotApplicable,
		When:          b.condition(q.When),
	}
	if q.Scale != "" {
		if q.Options != nil {
			line, column := position(b.root, path+".options")
			b.broken = append(b.broken, path+".options")
			b.add(line, column, codeScaleAndOptions,
				"the question has a scale and options of its own: keep one of them")
		}
		question.Options = b.scales[q.Scale]
	}
	if q.Targets != nil {
		question.Targets = make([]checklist.Target, len(q.Targets))
	}
	for i, t := range q.Targets {
		question.Targets[i] = checklist.Target{At: t.At.Decimal, Points: t.Points.float()}
	}
	if q.Weight != nil {
		question.Weight = q.Weight.float()
	}
	if q.Knockout != nil {
		question.Knockout = &checklist.Knockout{Below: q.Knockout.Below.float(),
			CapsAt: checklist.LevelID(q.Knockout.CapsAt)}
	}
	return question
}

func (x *number) decimal() *decimal.Decimal {
	if x == nil {
		return nil
	}
	return &x.Decimal
}

func (b *builder) condition(c *conditionYAML) *checklist.Condition {
	if c == nil {
		return nil
	}
	condition := &checklist.Condition{
		Question: checklist.QuestionID(c.Question),
		AnyOf:    ids[checklist.OptionID](c.AnyOf),
		All:      b.conditions(c.All),
		Any:      b.conditions(c.Any),
		Not:      b.condition(c.Not),
	}
	if c.AtLeast != nil {
		t, known := b.types[c.Question]
		if c.AtLeast.number != nil && (!known || checklist.Type(t).Numeric()) {
			condition.AtLeastNumber = c.AtLeast.number
		} else {
			condition.AtLeastOption = checklist.OptionID(c.AtLeast.text)
		}
	}
	return condition
}

func (b *builder) conditions(list []conditionYAML) []checklist.Condition {
	if list == nil {
		return nil
	}
	conditions := make([]checklist.Condition, len(list))
	for i := range list {
		conditions[i] = *b.condition(&list[i])
	}
	return conditions
}

// ids converts names to typed ids; nil stays nil, an empty list stays an empty list.
func ids[T ~string](names []nameText) []T {
	if names == nil {
		return nil
	}
	list := make([]T, len(names))
	for i, n := range names {
		list[i] = T(n)
	}
	return list
}

func (b *builder) changes(c *changesYAML) *checklist.Changes {
	changes := &checklist.Changes{From: checklist.Version(c.From), Note: b.text(c.Note)}
	for i, m := range c.Questions {
		mapping := checklist.Mapping{
			Old:     ids[checklist.QuestionID](m.Old),
			New:     ids[checklist.QuestionID](m.New),
			Merge:   string(m.Merge),
			Changed: m.Meaning == "changed",
			Why:     b.text(m.Why),
		}
		if m.Options != nil {
			mapping.Options = make(map[checklist.OptionID]checklist.OptionID, len(m.Options))
		}
		for old, renamed := range m.Options {
			mapping.Options[checklist.OptionID(old)] = checklist.OptionID(renamed)
		}
		if m.Meaning != "" && !mapping.Changed {
			path := fmt.Sprintf("changes.questions[%d].meaning", i)
			line, column := position(b.root, path)
			b.add(line, column, codeMeaningUnknown,
				"%s is no statement about the meaning: changed is the only one, the same meaning needs no line",
				short(string(m.Meaning)))
		}
		changes.Questions = append(changes.Questions, mapping)
	}
	return changes
}
