package workbook

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// texts of a question's cells as they were read.
type filledCells struct {
	at       formPlace // of the value
	value    string
	numeric  bool
	reason   string
	reasonAt formPlace
	comment  string
	ticks    []checklist.OptionID
	ticksAt  formPlace
}

// question reads the inputs of one question and decides what they say.
func (r *formReader) question(q *checklist.Question, inputs []formInput) error {
	c, ok, err := r.cells(q, inputs)
	if err != nil || !ok {
		return err
	}
	f := assessment.Filled{Question: q.ID, Revision: inputs[0].revision, Comment: c.comment, Sheet: c.at.sheet, Cell: c.at.cell()}
	if utf8.RuneCountInString(f.Comment) > checklist.MaxComment {
		r.note(q.ID, c.at, "comment_long", "the comment is longer than 2000 characters: shorten it", map[string]any{"Max": checklist.MaxComment})
		return nil
	}
	cleared := isClear(c.value)
	said := c.value != "" && !isNotApplicable(c.value)
	if q.Type == checklist.TypeMulti {
		if said && !cleared {
			r.note(q.ID, c.at, "multi_value", "tick the options in the cells below instead of writing here", map[string]any{"Value": c.value})
			return nil
		}
		said = len(c.ticks) > 0
	}
	switch {
	case cleared:
		f.Clear = true
	case said && c.reason != "":
		r.note(q.ID, c.reasonAt, "both", "there is an answer and a reason why the question does not apply: leave one of them", nil)
		return nil
	case c.reason != "" || isNotApplicable(c.value):
		f.Answer, err = q.NotApplicableAnswer(c.reason)
	case !said:
		f.Blank = true
	default:
		f.Answer, err = r.answer(q, c)
	}
	if err != nil {
		r.refused(q, c, err)
		return nil
	}
	r.out.Filled = append(r.out.Filled, f)
	return nil
}

// cells reads a question's inputs; ok is false if one of them is a problem or gone.
func (r *formReader) cells(q *checklist.Question, inputs []formInput) (filledCells, bool, error) {
	var c filledCells
	found := false
	for _, in := range inputs {
		at, ok, err := r.find(q, in)
		if err != nil {
			return c, false, err
		}
		if !ok {
			continue // deleted: it says nothing
		}
		text, numeric, problem, err := r.input(at)
		if err != nil {
			return c, false, err
		}
		if problem != "" {
			r.note(q.ID, at, problem, "the cell holds a formula or an error: write the value itself", nil)
			return c, false, nil
		}
		switch in.part {
		case "value":
			c.at, c.value, c.numeric, found = at, text, numeric, true
		case "reason":
			c.reason, c.reasonAt = text, at
		case "comment":
			c.comment = text
		case "tick":
			ticked, ok := tickOf(text)
			if !ok {
				r.note(q.ID, at, "tick", "x or nothing is expected here", map[string]any{"Value": text})
				return c, false, nil
			}
			if ticked {
				c.ticks = append(c.ticks, in.option)
			}
		}
	}
	return c, found, nil
}

// answer reads what is neither empty nor "does not apply".
func (r *formReader) answer(q *checklist.Question, c filledCells) (checklist.Answer, error) {
	switch q.Type {
	case checklist.TypeChoice:
		id, ok := optionOf(q, c.value)
		if !ok {
			return checklist.Answer{}, fault.Fields([]fault.Field{{Name: string(q.ID), Code: "option_unknown",
				Message: "there is no such option: choose one of the list", Args: map[string]any{"Value": c.value}}})
		}
		return q.Parse([]string{string(id)})
	case checklist.TypeMulti:
		values := make([]string, len(c.ticks))
		for i, id := range c.ticks {
			values[i] = string(id)
		}
		return q.Parse(values)
	case checklist.TypeNumber:
		if n, err := decimal.NewFromString(c.value); err == nil && c.numeric {
			return q.NumberAnswer(n.Round(6)) // spreadsheets count in binary fractions
		}
	case checklist.TypeDate:
		return q.Parse([]string{isoDate(c.value, c.numeric)})
	}
	return q.Parse([]string{c.value})
}

// refused notes why an answer was not taken, in the words of the question.
func (r *formReader) refused(q *checklist.Question, c filledCells, err error) {
	f := fault.As(err)
	at := c.at
	if c.reason != "" {
		at = c.reasonAt
	}
	if f == nil || len(f.Fields) == 0 {
		r.note(q.ID, at, "refused", err.Error(), nil)
		return
	}
	r.note(q.ID, at, f.Fields[0].Code, f.Fields[0].Message, f.Fields[0].Args)
}

// isoDate is a date as the question reads it, from a spreadsheet's day or from how people write it.
func isoDate(s string, numeric bool) string {
	if numeric {
		if n, err := decimal.NewFromString(s); err == nil && n.IsPositive() && n.LessThan(decimal.New(3_000_000, 0)) {
			return time.Unix((n.IntPart()-25569)*86400, 0).UTC().Format(time.DateOnly)
		}
	}
	for _, layout := range []string{"2.1.2006", "2.1.06", "2/1/2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return s
}

// optionOf finds an option by its label in any language, or by its id.
func optionOf(q *checklist.Question, text string) (checklist.OptionID, bool) {
	want := checklist.Plain(text)
	for _, lang := range []checklist.Lang{"de", "en"} {
		for i, label := range labels(q, lang) {
			if checklist.Plain(label) == want {
				return q.Options[i].ID, true
			}
		}
	}
	for _, o := range q.Options {
		if string(o.ID) == strings.TrimSpace(text) {
			return o.ID, true
		}
	}
	return "", false
}

func saysOneOf(text string, words ...phrase) bool {
	plain := checklist.Plain(text)
	for _, w := range words {
		if plain == checklist.Plain(w.de) || plain == checklist.Plain(w.en) {
			return true
		}
	}
	return false
}

func isClear(text string) bool { return saysOneOf(text, wordClear) }

func isNotApplicable(text string) bool { return saysOneOf(text, wordNA) }

// tickOf reads a tick; ok is false for what is neither one nor none.
func tickOf(text string) (ticked, ok bool) {
	switch {
	case saysOneOf(text, wordYes, phrase{"wahr", "true"}, phrase{"x", "1"}, phrase{"✓", "✔"}, phrase{"☒", "☑"}):
		return true, true
	case text == "", saysOneOf(text, wordNo, phrase{"falsch", "false"}, phrase{"-", "0"}, phrase{"☐", "o"}):
		return false, true
	}
	return false, false
}
