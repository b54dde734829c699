package assessments

import (
	"encoding/json"
	"html/template"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// ChecklistText is a checklist's words in one language, with the HTML that is the same in every
// assessment already made.
type ChecklistText struct {
	Definition *checklist.Definition
	Sections   []SectionText
	Questions  []QuestionText // in the order of the checklist
}

type SectionText struct {
	ID, Title, Summary string
	Number             int
	First              int           // place of its first question in the checklist
	Program            template.HTML // the conditions as the script reads them
	Outside            []int         // places of the earlier questions its conditions depend on
}

// QuestionText is what a question looks like whoever answers it.
type QuestionText struct {
	Question *checklist.Question
	Ordinal  int
	ID       string
	Number   string // "3.2"
	Text     string
	Unit     string
	Limits   string // of a number, in words
	When     string // in words; empty: always asked
	Help     *site.ProseView
	Evidence *site.ProseView
	Source   *site.SourceView
	Head     template.HTML // legend and condition
	Foot     template.HTML // what counts
	Options  []OptionText
}

type OptionText struct {
	ID, Value, Label string
	Exclusive        bool
}

// Type returns the question's type.
func (q *QuestionText) Type() string { return string(q.Question.Type) }

// Shape returns the word of the shape in which the question is asked: "choice", "number".
func (q *QuestionText) Shape() string { return q.Question.Type.Shape().String() }

// MayNotApply reports whether "not applicable" is a possible answer.
func (q *QuestionText) MayNotApply() bool { return q.Question.NotApplicable }

// ChecklistText returns the words of a checklist in the reader's language; they are made once per version and language.
func (s *Pages) ChecklistText(r *site.Request, d *checklist.Definition) (*ChecklistText, error) {
	key := site.TextKey{Hash: d.Hash, Lang: r.Text.Lang}
	if t, ok := s.Memory.texts.Get(key); ok {
		return t, nil
	}
	lang := checklist.Lang(r.Text.Lang)
	t := &ChecklistText{Definition: d}
	for i := range d.Sections {
		section := &d.Sections[i]
		t.Sections = append(t.Sections, SectionText{ID: string(section.ID), Title: section.Title.In(lang),
			Summary: section.Summary.In(lang), Number: i + 1, First: len(t.Questions)})
		for j := range section.Questions {
			q := newQuestionText(r, d, &section.Questions[j], wording.QuestionNumber(i, j))
			q.Ordinal = len(t.Questions)
			t.Questions = append(t.Questions, q)
		}
	}
	for i := range t.Questions {
		html, err := s.Fragment(r, "question-head", &t.Questions[i])
		if err != nil {
			return nil, err
		}
		t.Questions[i].Head = html
		if t.Questions[i].Foot, err = s.Fragment(r, "question-help", &t.Questions[i]); err != nil {
			return nil, err
		}
	}
	for i := range t.Sections {
		program, outside := ConditionProgram(d, i)
		t.Sections[i].Outside = outside
		html, err := s.Fragment(r, "section-program", program)
		if err != nil {
			return nil, err
		}
		t.Sections[i].Program = html
	}
	s.Memory.texts.Put(key, t)
	return t, nil
}

// Fragment fills one named template of the section page and keeps the result.
func (s *Pages) Fragment(r *site.Request, part string, view any) (template.HTML, error) {
	var html template.HTML
	err := s.Rendering.Execute(r.Text.Lang, "assessment_section", part, view, func(b []byte) error {
		html = template.HTML(b) // made by html/template a line above: already escaped
		return nil
	})
	return html, err
}

func newQuestionText(r *site.Request, d *checklist.Definition, q *checklist.Question, number string) QuestionText {
	lang := checklist.Lang(r.Text.Lang)
	t := QuestionText{Question: q, ID: string(q.ID), Number: number, Text: q.Text.In(lang), Unit: q.Unit.In(lang),
		Source: site.NewSourceView(r, q.Source)}
	words := r.Srv.QuestionProse(r, d, q)
	t.Help, t.Evidence = words.Help, words.Evidence
	if q.Type.Numeric() {
		t.Limits = r.Text.Words().Range(q)
	}
	if q.When != nil {
		t.When = r.Text.Words().Condition(d, q.When)
	}
	for i, o := range q.Options {
		id := "a-" + t.ID
		if i > 0 {
			id += "-" + strconv.Itoa(i+1)
		}
		t.Options = append(t.Options, OptionText{ID: id, Value: string(o.ID), Label: o.Label.In(lang),
			Exclusive: o.Exclusive})
	}
	return t
}

// programQuestion is a question as the script needs it to decide what is asked.
type programQuestion struct {
	ID      string            `json:"id"`
	Type    string            `json:"type"` // the word of its shape
	Options []string          `json:"options,omitempty"`
	When    *ProgramCondition `json:"when,omitempty"`
}

// ProgramCondition mirrors checklist.Condition. A number is a string: the script compares it exactly.
type ProgramCondition struct {
	Question      string             `json:"question,omitempty"`
	AnyOf         []string           `json:"any_of,omitempty"`
	AtLeastOption string             `json:"at_least_option,omitempty"`
	AtLeastNumber string             `json:"at_least_number,omitempty"`
	All           []ProgramCondition `json:"all,omitempty"`
	Any           []ProgramCondition `json:"any,omitempty"`
	Not           *ProgramCondition  `json:"not,omitempty"`
}

// Program is a section's questions and all earlier ones that their conditions depend on, in the order of the checklist.
type Program []programQuestion

// MarshalJSON keeps html/template from guessing.
func (p Program) MarshalJSON() ([]byte, error) { return json.Marshal([]programQuestion(p)) }

func ConditionProgram(d *checklist.Definition, section int) (p Program, outside []int) {
	all := d.Questions()
	needed := make([]bool, len(all))
	first := d.Ordinal(d.Sections[section].Questions[0].ID)
	last := first + len(d.Sections[section].Questions)
	// Conditions only refer to earlier questions, so one walk backwards finds all that is needed.
	for i := last - 1; i >= 0; i-- {
		if i >= first || needed[i] {
			needed[i] = true
			if all[i].When != nil {
				MarkNeeded(d, all[i].When, needed)
			}
		}
	}
	for i, q := range all {
		if !needed[i] {
			continue
		}
		if i < first {
			outside = append(outside, i)
		}
		p = append(p, NewProgramQuestion(q))
	}
	return p, outside
}

func NewProgramQuestion(q *checklist.Question) programQuestion {
	pq := programQuestion{ID: string(q.ID), Type: q.Type.Shape().String()}
	for _, o := range q.Options {
		pq.Options = append(pq.Options, string(o.ID))
	}
	if q.When != nil {
		c := NewProgramCondition(*q.When)
		pq.When = &c
	}
	return pq
}

func MarkNeeded(d *checklist.Definition, c *checklist.Condition, needed []bool) {
	if i := d.Ordinal(c.Question); i >= 0 {
		needed[i] = true
	}
	for _, list := range [][]checklist.Condition{c.All, c.Any} {
		for i := range list {
			MarkNeeded(d, &list[i], needed)
		}
	}
	if c.Not != nil {
		MarkNeeded(d, c.Not, needed)
	}
}

func NewProgramCondition(c checklist.Condition) ProgramCondition {
	p := ProgramCondition{Question: string(c.Question), AtLeastOption: string(c.AtLeastOption)}
	for _, id := range c.AnyOf {
		p.AnyOf = append(p.AnyOf, string(id))
	}
	if c.AtLeastNumber != nil {
		p.AtLeastNumber = c.AtLeastNumber.String()
	}
	for _, inner := range c.All {
		p.All = append(p.All, NewProgramCondition(inner))
	}
	for _, inner := range c.Any {
		p.Any = append(p.Any, NewProgramCondition(inner))
	}
	if c.Not != nil {
		inner := NewProgramCondition(*c.Not)
		p.Not = &inner
	}
	return p
}

// AnswerInWords says what an answer is, as a reader of the question would.
func AnswerInWords(r *site.Request, q *QuestionText, given bool, a checklist.Answer) string {
	if !given {
		return r.Text.Text("answer.open")
	}
	switch a.Kind {
	case checklist.AnswerNotApplicable:
		return r.Text.Text("answer.not_applicable")
	case checklist.AnswerNumber:
		return r.Text.Words().Measured(a.Number.String(), q.Unit)
	case checklist.AnswerDate:
		if day, err := site.ParseDate(a.Text); err == nil {
			return r.Text.Words().Date(day)
		}
		return a.Text
	case checklist.AnswerOptions:
		labels := make([]string, 0, len(a.Options))
		for _, id := range a.Options {
			labels = append(labels, optionLabel(q, id))
		}
		return strings.Join(labels, " · ")
	}
	return a.Text
}

func optionLabel(q *QuestionText, id checklist.OptionID) string {
	for _, o := range q.Options {
		if o.Value == string(id) {
			return o.Label
		}
	}
	return string(id)
}

// ReasonOf returns why a question does not apply; empty if it does.
func ReasonOf(given bool, a checklist.Answer) string {
	if given && a.Kind == checklist.AnswerNotApplicable {
		return a.Text
	}
	return ""
}

// NotApplicableChoice is the value of the radio button "not applicable": no option can have this id.
const NotApplicableChoice = "!"

func SameDay(a, b time.Time) bool {
	return wording.ISODay(a) == wording.ISODay(b)
}

// RawAnswer returns an entry as the inputs hold it.
func RawAnswer(lang string, e assessment.Entry) (values []string, reason string, na bool) {
	if !e.Given {
		return nil, "", false
	}
	switch a := e.Answer; a.Kind {
	case checklist.AnswerNotApplicable:
		return nil, a.Text, true
	case checklist.AnswerNumber:
		return []string{wording.Page(checklist.Lang(lang)).Marked(a.Number.String())}, "", false
	case checklist.AnswerOptions:
		values = make([]string, len(a.Options))
		for i, id := range a.Options {
			values[i] = string(id)
		}
		return values, "", false
	default:
		return []string{a.Text}, "", false
	}
}
