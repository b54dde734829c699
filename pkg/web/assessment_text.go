package web

import (
	"encoding/json"
	"html/template"
	"strconv"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

// checklistText is a checklist's words in one language, with the HTML that is the same in every assessment already made.
type checklistText struct {
	definition *checklist.Definition
	sections   []sectionText
	questions  []questionText // in the order of the checklist
}

type sectionText struct {
	ID, Title, Summary string
	Number             int
	first              int           // place of its first question in the checklist
	program            template.HTML // the conditions as the script reads them
	outside            []int         // places of the earlier questions its conditions depend on
}

// questionText is what a question looks like whoever answers it.
type questionText struct {
	question *checklist.Question
	ordinal  int
	ID       string
	Number   string // "3.2"
	Text     string
	Unit     string
	Limits   string // of a number, in words
	When     string // in words; empty: always asked
	Help     *proseView
	Evidence *proseView
	Source   *sourceView
	Head     template.HTML // legend, condition and help
	Options  []optionText
}

type optionText struct {
	ID, Value, Label string
	Exclusive        bool
}

// Type returns the question's type, which decides how it is asked.
func (q *questionText) Type() string { return string(q.question.Type) }

// MayNotApply reports whether "not applicable" is a possible answer.
func (q *questionText) MayNotApply() bool { return q.question.NotApplicable }

// checklistText returns the words of a checklist in the reader's language; they are made once per version and language.
func (s *assessmentPages) checklistText(r *request, d *checklist.Definition) (*checklistText, error) {
	key := textKey{d.Hash, r.text.lang}
	if t, ok := s.memory.texts.get(key); ok {
		return t, nil
	}
	lang := checklist.Lang(r.text.lang)
	t := &checklistText{definition: d}
	for i := range d.Sections {
		section := &d.Sections[i]
		t.sections = append(t.sections, sectionText{ID: string(section.ID), Title: section.Title.In(lang), Summary: section.Summary.In(lang), Number: i + 1, first: len(t.questions)})
		for j := range section.Questions {
			q := newQuestionText(r, d, &section.Questions[j], wording.QuestionNumber(i, j))
			q.ordinal = len(t.questions)
			t.questions = append(t.questions, q)
		}
	}
	for i := range t.questions {
		html, err := s.fragment(r, "question-head", &t.questions[i])
		if err != nil {
			return nil, err
		}
		t.questions[i].Head = html
	}
	for i := range t.sections {
		program, outside := conditionProgram(d, i)
		t.sections[i].outside = outside
		html, err := s.fragment(r, "section-program", program)
		if err != nil {
			return nil, err
		}
		t.sections[i].program = html
	}
	s.memory.texts.put(key, t)
	return t, nil
}

// fragment fills one named template of the section page and keeps the result.
func (s *assessmentPages) fragment(r *request, part string, view any) (template.HTML, error) {
	var html template.HTML
	err := s.pages.execute(r.text.lang, "assessment_section", part, view, func(b []byte) error {
		html = template.HTML(b) // made by html/template a line above: already escaped
		return nil
	})
	return html, err
}

func newQuestionText(r *request, d *checklist.Definition, q *checklist.Question, number string) questionText {
	lang := checklist.Lang(r.text.lang)
	t := questionText{question: q, ID: string(q.ID), Number: number, Text: q.Text.In(lang), Unit: q.Unit.In(lang), Source: newSourceView(r, q.Source)}
	words := r.srv.questionProse(r, d, q)
	t.Help, t.Evidence = words.Help, words.Evidence
	if q.Type == checklist.TypeNumber {
		t.Limits = r.text.words().Range(q)
	}
	if q.When != nil {
		t.When = r.text.words().Condition(d, q.When)
	}
	for i, o := range q.Options {
		id := "a-" + t.ID
		if i > 0 {
			id += "-" + strconv.Itoa(i+1)
		}
		t.Options = append(t.Options, optionText{ID: id, Value: string(o.ID), Label: o.Label.In(lang), Exclusive: o.Exclusive})
	}
	return t
}

// programQuestion is a question as the script needs it to decide what is asked.
type programQuestion struct {
	ID      string            `json:"id"`
	Type    string            `json:"type"`
	Options []string          `json:"options,omitempty"`
	When    *programCondition `json:"when,omitempty"`
}

// programCondition mirrors checklist.Condition. A number is a string: the script compares it exactly.
type programCondition struct {
	Question      string             `json:"question,omitempty"`
	AnyOf         []string           `json:"any_of,omitempty"`
	AtLeastOption string             `json:"at_least_option,omitempty"`
	AtLeastNumber string             `json:"at_least_number,omitempty"`
	All           []programCondition `json:"all,omitempty"`
	Any           []programCondition `json:"any,omitempty"`
	Not           *programCondition  `json:"not,omitempty"`
}

// program is a section's questions and all earlier ones that their conditions depend on, in the order of the checklist.
type program []programQuestion

// MarshalJSON keeps html/template from guessing.
func (p program) MarshalJSON() ([]byte, error) { return json.Marshal([]programQuestion(p)) }

func conditionProgram(d *checklist.Definition, section int) (p program, outside []int) {
	all := d.Questions()
	needed := make([]bool, len(all))
	first := d.Ordinal(d.Sections[section].Questions[0].ID)
	last := first + len(d.Sections[section].Questions)
	// Conditions only refer to earlier questions, so one walk backwards finds all that is needed.
	for i := last - 1; i >= 0; i-- {
		if i >= first || needed[i] {
			needed[i] = true
			if all[i].When != nil {
				markNeeded(d, all[i].When, needed)
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
		p = append(p, newProgramQuestion(q))
	}
	return p, outside
}

func newProgramQuestion(q *checklist.Question) programQuestion {
	pq := programQuestion{ID: string(q.ID), Type: string(q.Type)}
	for _, o := range q.Options {
		pq.Options = append(pq.Options, string(o.ID))
	}
	if q.When != nil {
		c := newProgramCondition(*q.When)
		pq.When = &c
	}
	return pq
}

func markNeeded(d *checklist.Definition, c *checklist.Condition, needed []bool) {
	if i := d.Ordinal(c.Question); i >= 0 {
		needed[i] = true
	}
	for _, list := range [][]checklist.Condition{c.All, c.Any} {
		for i := range list {
			markNeeded(d, &list[i], needed)
		}
	}
	if c.Not != nil {
		markNeeded(d, c.Not, needed)
	}
}

func newProgramCondition(c checklist.Condition) programCondition {
	p := programCondition{Question: string(c.Question), AtLeastOption: string(c.AtLeastOption)}
	for _, id := range c.AnyOf {
		p.AnyOf = append(p.AnyOf, string(id))
	}
	if c.AtLeastNumber != nil {
		p.AtLeastNumber = c.AtLeastNumber.String()
	}
	for _, inner := range c.All {
		p.All = append(p.All, newProgramCondition(inner))
	}
	for _, inner := range c.Any {
		p.Any = append(p.Any, newProgramCondition(inner))
	}
	if c.Not != nil {
		inner := newProgramCondition(*c.Not)
		p.Not = &inner
	}
	return p
}

// answerInWords says what an answer is, as a reader of the question would.
func answerInWords(r *request, q *questionText, given bool, a checklist.Answer) string {
	if !given {
		return r.text.text("answer.open")
	}
	switch a.Kind {
	case checklist.AnswerNotApplicable:
		return r.text.text("answer.not_applicable")
	case checklist.AnswerNumber:
		return r.text.words().Measured(a.Number.String(), q.Unit)
	case checklist.AnswerDate:
		if day, err := parseDate(a.Text); err == nil {
			return r.text.words().Date(day)
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

func optionLabel(q *questionText, id checklist.OptionID) string {
	for _, o := range q.Options {
		if o.Value == string(id) {
			return o.Label
		}
	}
	return string(id)
}

// langOf returns the reader's language as checklists name it.
func langOf(r *request) checklist.Lang { return checklist.Lang(r.text.lang) }

// reasonOf returns why a question does not apply; empty if it does.
func reasonOf(given bool, a checklist.Answer) string {
	if given && a.Kind == checklist.AnswerNotApplicable {
		return a.Text
	}
	return ""
}
