package reports

import (
	"fmt"
	"io"
	"strings"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// maxRows is how many rows a sheet holds.
const maxRows = 1048576

// WriteRaw streams all answers as .xlsx, one row per town and question, and continues on a further
// sheet where one is full. Answers are packed as they come, and what is packed goes to the
// temporary folder, so that memory does not grow with their number. If Each fails nothing is
// written. Errors are those of Each and of w.
func WriteRaw(w io.Writer, r report.RawReport) error {
	return writeRaw(w, &r, maxRows)
}

func writeRaw(w io.Writer, r *report.RawReport, limit int) error {
	if r.Definition == nil || r.Each == nil {
		return fault.New(fault.Internal, "workbook_incomplete", "the export has no checklist or nothing to read from")
	}
	title := book.Dated(r.Round.Title, r.Round.Closes) + " · " + r.Region.Name
	b := book.NewBook(r.Lang, title, r.Program, r.AsOf)
	writeNotes(b.Sheet(b.Say(book.SheetNotes), 28, 110),
		append(origin(r.Lang, r.Program, r.AsOf, r.Region, r.Definition), method(r.Lang)...))
	writeAnswerRows(b, r.Definition, r.Each, limit)
	return b.Write(w)
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
			item := described{q: q, section: book.Clean(d.Sections[i].Title.In(lang)),
				number: wording.QuestionNumber(i, j), text: book.Clean(q.Text.In(lang))}
			if len(q.Options) > 0 {
				item.labels = book.Labels(q, lang)
			}
			out.questions = append(out.questions, item)
		}
	}
	return out
}

// each calls f for every question of an assessment. The row is used again for the next one.
func (x *describer) each(town region.Municipality, entries map[checklist.QuestionID]assessment.Entry, r *score.Result,
	f func(*answerRow) error) error {
	n := 0
	for i := range r.Sections {
		for j := range r.Sections[i].Questions {
			item, qr := &x.questions[n], &r.Sections[i].Questions[j]
			n++
			row := answerRow{town: town, section: item.section, number: item.number, question: item.q.ID,
				text: item.text, state: qr.State}
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
	for _, p := range []wording.Phrase{book.WordKey, book.WordTown, book.WordDistrict, book.WordSection,
		book.WordNumber, book.WordID, book.WordQuestion, book.WordState, book.WordAnswer, book.WordPoints,
		book.WordReason, book.WordComment, book.WordChanged} {
		out = append(out, p.In(lang))
	}
	return out
}

var rawWidths = []float64{12, 24, 24, 26, 6, 24, 44, 14, 34, 15, 26, 56, 13}

// writeAnswerRows streams one row per town and question.
func writeAnswerRows(b *book.Book, d *checklist.Definition, each report.Submissions, limit int) {
	if b.Err != nil {
		return
	}
	w := &answerWriter{b: b, limit: limit}
	x := newDescriber(d, b.Lang)
	if err := w.begin(); err != nil {
		b.Keep(err)
		return
	}
	err := each(func(s round.Submission) error {
		return x.each(s.Town, s.Entries, score.Score(d, s.Answers), w.write)
	})
	b.Keep(err)
	b.Keep(w.end())
}

// answerWriter streams answers to one sheet after the other.
type answerWriter struct {
	b     *book.Book
	limit int
	parts int
	name  string
	rows  *book.RowWriter
}

func (w *answerWriter) begin() error {
	b := w.b
	w.parts++
	w.name = b.Say(book.SheetRaw)
	if w.parts > 1 {
		w.name = fmt.Sprintf("%s %d", w.name, w.parts)
	}
	s := b.Sheet(w.name, rawWidths...)
	if b.Err != nil {
		return b.Err
	}
	w.rows = s.Stream(2)
	return w.rows.Titles(b.Styles.Head, rawTitles(b.Lang))
}

func (w *answerWriter) write(r *answerRow) error {
	if w.rows.Row == w.limit {
		if err := w.end(); err != nil {
			return err
		}
		if err := w.begin(); err != nil {
			return err
		}
	}
	st, out := &w.b.Styles, w.rows
	out.Begin()
	out.Text(st.Ags, string(r.town.AGS))
	for _, t := range [...]string{r.town.Name, r.town.District.Name, r.section, r.number, string(r.question), r.text,
		w.b.Say(book.StatePhrases[r.state])} {
		out.Text(st.Single, t)
	}
	switch v := r.answer.(type) {
	case float64:
		out.Number(st.Decimal, v)
	case string:
		if n, ok := book.Day(v); ok && r.date {
			out.Number(st.Date, n)
		} else {
			out.Text(st.SingleFree, v)
		}
	default:
		out.Text(st.SingleFree, "")
	}
	if r.points != nil {
		out.Number(st.Points, 100**r.points)
	} else {
		out.Text(st.Points, "")
	}
	out.Text(st.SingleFree, r.reason)
	out.Text(st.SingleFree, r.comment)
	if r.changed.IsZero() {
		out.Text(st.Date, "")
	} else {
		out.Number(st.Date, book.Serial(r.changed))
	}
	return out.End()
}

func (w *answerWriter) end() error {
	if w.rows == nil {
		return nil
	}
	if w.rows.Row > 1 {
		w.b.Keep(w.b.F.AutoFilter(w.name, fmt.Sprintf("A1:%s%d", book.Column(len(rawWidths)), w.rows.Row), nil))
	}
	err := w.rows.Close(len(rawWidths))
	w.rows = nil
	return err
}
