package form

import (
	"strings"
	"unicode/utf8"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	xlsx "ortsspiegel/pkg/internal/sheet"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// filledCells are a question's inputs as they were found.
type filledCells struct {
	value, reason, comment inputCell
	ticks                  []checklist.OptionID
	ticksAt                cellRef // the first tick
	take                   bool    // what was answered last time still holds
	takeAt                 cellRef
}

type inputCell struct {
	xlsx.Cell
	at cellRef
}

// question reads the inputs of one question and decides what they say.
func (r *formReader) question(q *checklist.Question, inputs []formInput) {
	c, ok := r.cells(q, inputs)
	if !ok {
		return
	}
	value, reason, comment := r.textOf(c.value), r.textOf(c.reason), r.textOf(c.comment)
	f := assessment.Filled{Question: q.ID, Revision: inputs[0].revision, Sheet: c.value.at.sheet,
		Cell: c.value.at.cell()}
	if f.ClearComment = isClear(comment); !f.ClearComment {
		f.Comment = comment
	}
	if utf8.RuneCountInString(f.Comment) > checklist.MaxComment {
		r.note(q.ID, c.comment.at, "comment_long", "the comment is longer than 2000 characters: shorten it",
			map[string]any{"Max": checklist.MaxComment})
		return
	}
	// An option may be called like one of the words.
	option, found := checklist.OptionID(""), match(none)
	if q.Type.One() {
		option, found = r.option(q, value)
	}
	cleared, na := found == none && isClear(value), found == none && isNotApplicable(value)
	said := value != "" && !cleared && !na
	if q.Type.Many() {
		if said {
			r.note(q.ID, c.value.at, "multi_value", "tick the options in the cells below instead of writing here",
				map[string]any{"Value": shortened(value)})
			return
		}
		said = len(c.ticks) > 0 && !cleared
	}
	if isClear(reason) {
		cleared = cleared || !said
		reason = ""
	}
	if c.take && (said || cleared || na || reason != "") {
		r.note(q.ID, c.takeAt, "take_both",
			"there is an answer here and an x that takes last time's: leave one of them", nil)
		return
	}
	var err error
	switch {
	case c.take:
		f.Confirm = true
	case cleared:
		f.Clear = true
	case said && reason != "":
		r.note(q.ID, c.reason.at, "both",
			"there is an answer and a reason why the question does not apply: leave one of them", nil)
		return
	case reason != "" || na:
		f.Answer, err = q.NotApplicableAnswer(reason)
	case !said:
		f.Blank = true
	case found == several:
		err = wrongCell(q, "option_ambiguous", "several options read like that: choose one of the list",
			map[string]any{"Value": shortened(value)})
	case q.Type.One() && found == none:
		err = wrongCell(q, "option_unknown", "there is no such option: choose one of the list",
			map[string]any{"Value": shortened(value)})
	case q.Type.One():
		f.Answer, err = q.Parse([]string{string(option)})
	default:
		f.Answer, err = r.answer(q, c, value)
	}
	if err != nil {
		r.refused(q, c, reason, err)
		return
	}
	r.out.Filled = append(r.out.Filled, f)
}

// cells finds a question's inputs; ok is false if one of them is a problem.
func (r *formReader) cells(q *checklist.Question, inputs []formInput) (c filledCells, ok bool) {
	for i := range inputs {
		in := &inputs[i]
		places := r.seats.find(q, in)
		if len(places) == 0 {
			if in.part == partValue || in.part == partTick {
				r.note(q.ID, cellRef{}, "gone",
					"the cells of this question are no longer in the workbook: its row or its sheet was deleted", nil)
				return c, false
			}
			continue
		}
		found, ok := r.cellAt(q, in, places)
		if !ok {
			return c, false
		}
		switch in.part {
		case partValue:
			c.value = found
		case partReason:
			c.reason = found
		case partComment:
			c.comment = found
		case partTick, partTake:
			ticked, ok := tickOf(found.Text)
			if !ok {
				r.note(q.ID, found.at, "tick", "x or nothing is expected here",
					map[string]any{"Value": shortened(found.Text)})
				return c, false
			}
			switch {
			case !ticked:
			case in.part == partTake:
				c.take, c.takeAt = true, found.at
			default:
				if len(c.ticks) == 0 {
					c.ticksAt = found.at
				}
				c.ticks = append(c.ticks, in.option)
			}
		}
	}
	return c, true
}

// cellAt reads an input at the place where it stands, or at several that must say the same. A formula is
// a problem: what it says may change with the program that opens it.
func (r *formReader) cellAt(q *checklist.Question, in *formInput, places []cellRef) (inputCell, bool) {
	var first inputCell
	for i, at := range places {
		if other := r.claimed[at]; other != "" && other != in.name {
			r.note(q.ID, at, "moved", "cells were moved: it cannot be told to which question this one belongs", nil)
			return first, false
		}
		r.claimed[at] = in.name
		c := inputCell{at: at}
		if s := r.book.sheet(at.sheet); s != nil {
			c.Cell = s.cells[spot{at.col, at.row}]
		}
		switch {
		case c.Formula:
			r.note(q.ID, at, "formula", "the cell holds a formula: write the value itself", nil)
			return first, false
		case c.Kind == xlsx.Error:
			r.note(q.ID, at, "error", "the cell shows an error: write the value itself",
				map[string]any{"Value": shortened(c.Text)})
			return first, false
		case i == 0:
			first = c
		case c.Text != first.Text:
			r.note(q.ID, first.at, "twice",
				"the question stands in the workbook twice, with different entries: delete one of the rows, see "+
					at.address(), map[string]any{"Other": at.sheet + ", " + at.cell()})
			return first, false
		}
	}
	return first, true
}

// answer reads what is neither empty nor "does not apply" nor an option of a choice.
func (r *formReader) answer(q *checklist.Question, c filledCells, text string) (checklist.Answer, error) {
	switch q.Type.Shape() {
	case checklist.ShapeMany:
		values := make([]string, len(c.ticks))
		for i, id := range c.ticks {
			values[i] = string(id)
		}
		return q.Parse(values)
	case checklist.ShapeNumber:
		return numberOf(q, c.value.Cell)
	case checklist.ShapeDay:
		return r.dateOf(q, c.value.Cell)
	}
	return q.Parse([]string{text})
}

func wrongCell(q *checklist.Question, code, message string, args map[string]any) error {
	return fault.Fields([]fault.Field{{Name: string(q.ID), Code: code, Message: message, Args: args}})
}

// refused notes why an answer was not taken, in the words of the question.
func (r *formReader) refused(q *checklist.Question, c filledCells, reason string, err error) {
	at := c.value.at
	switch {
	case reason != "":
		at = c.reason.at
	case len(c.ticks) > 0:
		at = c.ticksAt
	}
	f := fault.As(err)
	if f == nil || len(f.Fields) == 0 {
		r.note(q.ID, at, "refused", err.Error(), nil)
		return
	}
	r.note(q.ID, at, f.Fields[0].Code, f.Fields[0].Message, f.Fields[0].Args)
}

// match says how many options a text could mean.
type match uint8

const (
	none match = iota
	one
	several
)

// option finds an option by its label in the form's language or another, or by its id.
func (r *formReader) option(q *checklist.Question, text string) (checklist.OptionID, match) {
	if text == "" {
		return "", none
	}
	languages := []checklist.Lang{r.id.lang, "de", "en"}
	same := []func(a, b string) bool{
		func(a, b string) bool { return a == b },
		func(a, b string) bool { return checklist.Plain(a) == checklist.Plain(b) },
	}
	for _, lang := range languages {
		all := book.Labels(q, lang)
		for _, alike := range same {
			id, n := checklist.OptionID(""), none
			for i := range all {
				if alike(all[i], text) {
					id, n = q.Options[i].ID, min(n+1, several)
				}
			}
			if n != none {
				return id, n
			}
		}
	}
	if i := q.Option(checklist.OptionID(strings.ToLower(text))); i >= 0 {
		return q.Options[i].ID, one
	}
	return "", none
}

// shortened cuts what a person wrote to what fits into a message.
func shortened(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func saysOneOf(text string, words ...wording.Phrase) bool {
	plain := checklist.Plain(text)
	for _, w := range words {
		if plain == checklist.Plain(w[0]) || plain == checklist.Plain(w[1]) {
			return true
		}
	}
	return false
}

func isClear(text string) bool { return saysOneOf(text, wordClear) }

func isNotApplicable(text string) bool { return saysOneOf(text, book.WordNA) }

// tickOf reads a tick; ok is false for what is neither one nor none.
func tickOf(text string) (ticked, ok bool) {
	switch {
	case saysOneOf(text, book.WordYes, wording.Phrase{"j", "y"}, wording.Phrase{"wahr", "true"},
		wording.Phrase{"x", "1"}, wording.Phrase{"✓", "✔"}, wording.Phrase{"☒", "☑"}):
		return true, true
	case text == "", saysOneOf(text, book.WordNo, wording.Phrase{"falsch", "false"}, wording.Phrase{"-", "0"},
		wording.Phrase{"☐", "n"}):
		return false, true
	}
	return false, false
}
