package workbook

import (
	"fmt"
	"io"
	"strings"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

// Submissions calls a function for each submitted assessment, by AGS, and stops at its first
// error: what round.Service.Submissions does for one round. Nothing is held between the calls.
type Submissions func(func(round.Submission) error) error

// RawReport is what a raw export is made from: every answer of the submitted assessments.
type RawReport struct {
	Lang       checklist.Lang
	Program    string
	AsOf       time.Time
	Region     region.Region
	Round      round.Round
	Definition *checklist.Definition
	Each       Submissions
}

// maxRows is how many rows a sheet holds.
const maxRows = 1048576

// WriteRaw streams all answers as .xlsx, one row per town and question, and continues on a
// further sheet where one is full. Answers are packed as they come, and what is packed goes to
// the temporary folder, so that memory does not grow with their number. If Each fails nothing is written. Errors are those of Each and of w.
func WriteRaw(w io.Writer, r RawReport) error {
	return r.write(w, maxRows)
}

func (r *RawReport) write(w io.Writer, limit int) error {
	if r.Definition == nil || r.Each == nil {
		return fault.New(fault.Internal, "workbook_incomplete", "the export has no checklist or nothing to read from")
	}
	title := dated(r.Round.Title, r.Round.Closes) + " · " + r.Region.Name
	b := newBook(r.Lang, title, r.Program, r.AsOf)
	b.sheet(b.say(sheetNotes), 28, 110).writeNotes(append(origin(r.Lang, r.Program, r.AsOf, r.Region, r.Definition), method(r.Lang)...))
	b.writeAnswerRows(r.Definition, r.Each, limit)
	return b.write(w)
}

// answerRow is one answer as tables show it: a town, a question and what was said.
type answerRow struct {
	town     region.Municipality
	section  string
	number   string
	question checklist.QuestionID
	text     string
	state    score.State
	answer   any // string, float64 or nil; a date of a .xlsx is a number
	date     bool
	points   *float64
	reason   string
	comment  string
	changed  time.Time
}

// describer turns submissions into rows. Texts of the checklist are fetched once.
type describer struct {
	d         *checklist.Definition
	lang      checklist.Lang
	questions []described
}

type described struct {
	q                     *checklist.Question
	section, number, text string
	labels                []string
}

func newDescriber(d *checklist.Definition, lang checklist.Lang) *describer {
	out := &describer{d: d, lang: lang}
	for i := range d.Sections {
		for j := range d.Sections[i].Questions {
			q := &d.Sections[i].Questions[j]
			item := described{q: q, section: clean(d.Sections[i].Title.In(lang)), number: wording.QuestionNumber(i, j), text: clean(q.Text.In(lang))}
			if len(q.Options) > 0 {
				item.labels = labels(q, lang)
			}
			out.questions = append(out.questions, item)
		}
	}
	return out
}

// each calls f for every question of an assessment. The row is used again for the next one.
func (x *describer) each(town region.Municipality, entries map[checklist.QuestionID]assessment.Entry, r *score.Result, f func(*answerRow) error) error {
	n := 0
	for i := range r.Sections {
		for j := range r.Sections[i].Questions {
			item, qr := &x.questions[n], &r.Sections[i].Questions[j]
			n++
			row := answerRow{town: town, section: item.section, number: item.number, question: item.q.ID, text: item.text, state: qr.State}
			if e, ok := entries[item.q.ID]; ok {
				row.comment = e.Comment
				if e.Revision > 0 {
					row.changed = e.At
				}
				if e.Given {
					item.say(&row, e.Answer)
				}
			}
			if qr.State == score.Answered {
				row.points = qr.Points
			}
			if err := f(&row); err != nil {
				return err
			}
		}
	}
	return nil
}

// say puts what was answered into a row.
func (item *described) say(row *answerRow, a checklist.Answer) {
	switch a.Kind {
	case checklist.AnswerNotApplicable:
		row.reason = a.Text
	case checklist.AnswerNumber:
		row.answer = a.Number.InexactFloat64()
	case checklist.AnswerDate:
		row.answer, row.date = a.Text, true
	case checklist.AnswerText:
		row.answer = a.Text
	case checklist.AnswerOptions:
		chosen := make([]string, 0, len(a.Options))
		for _, o := range a.Options {
			if i := item.q.Option(o); i >= 0 {
				chosen = append(chosen, item.labels[i])
			}
		}
		row.answer = strings.Join(chosen, " | ")
	}
}

func rawTitles(lang checklist.Lang) []string {
	var out []string
	for _, p := range []phrase{wordKey, wordTown, wordDistrict, wordSection, wordNumber, wordID, wordQuestion, wordState, wordAnswer, wordPoints, wordReason, wordComment, wordChanged} {
		out = append(out, p.in(lang))
	}
	return out
}

var rawWidths = []float64{12, 24, 24, 26, 6, 24, 44, 14, 34, 15, 26, 56, 13}

// writeAnswerRows streams one row per town and question.
func (b *book) writeAnswerRows(d *checklist.Definition, each Submissions, limit int) {
	if b.err != nil {
		return
	}
	w := &answerWriter{b: b, limit: limit}
	x := newDescriber(d, b.lang)
	if err := w.begin(); err != nil {
		b.keep(err)
		return
	}
	err := each(func(s round.Submission) error {
		return x.each(s.Town, s.Entries, score.Score(d, s.Answers), w.write)
	})
	b.keep(err)
	b.keep(w.end())
}

// answerWriter streams answers to one sheet after the other.
type answerWriter struct {
	b     *book
	limit int
	parts int
	name  string
	rows  *rowWriter
}

func (w *answerWriter) begin() error {
	b := w.b
	w.parts++
	w.name = b.say(sheetRaw)
	if w.parts > 1 {
		w.name = fmt.Sprintf("%s %d", w.name, w.parts)
	}
	s := b.sheet(w.name, rawWidths...)
	s.repeatBoth(1, 2)
	if b.err != nil {
		return b.err
	}
	w.rows = s.stream(2)
	w.rows.begin()
	for _, t := range rawTitles(b.lang) {
		w.rows.text(b.styles.head, t)
	}
	return w.rows.end()
}

func (w *answerWriter) write(r *answerRow) error {
	if w.rows.row == w.limit {
		if err := w.end(); err != nil {
			return err
		}
		if err := w.begin(); err != nil {
			return err
		}
	}
	st, out := &w.b.styles, w.rows
	out.begin()
	out.text(st.ags, string(r.town.AGS))
	for _, t := range [...]string{r.town.Name, r.town.District.Name, r.section, r.number, string(r.question), r.text, w.b.say(statePhrases[r.state])} {
		out.text(st.single, t)
	}
	switch v := r.answer.(type) {
	case float64:
		out.number(st.decimal, v)
	case string:
		if n, ok := day(v); ok && r.date {
			out.number(st.date, n)
		} else {
			out.text(st.singleFree, v)
		}
	default:
		out.text(st.singleFree, "")
	}
	if r.points != nil {
		out.number(st.points, 100**r.points)
	} else {
		out.text(st.points, "")
	}
	out.text(st.singleFree, r.reason)
	out.text(st.singleFree, r.comment)
	if r.changed.IsZero() {
		out.text(st.date, "")
	} else {
		out.number(st.date, serial(r.changed))
	}
	return out.end()
}

func (w *answerWriter) end() error {
	if w.rows == nil {
		return nil
	}
	if w.rows.row > 1 {
		w.b.keep(w.b.f.AutoFilter(w.name, fmt.Sprintf("A1:%s%d", column(len(rawWidths)), w.rows.row), nil))
	}
	err := w.rows.close(len(rawWidths))
	w.rows = nil
	return err
}
