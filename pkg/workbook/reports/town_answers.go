package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

var answerWidths = []float64{6, 18, 33, 17, 20, 13, 9, 10, 13, 20, 26, 28, 13, 26}

// writeAnswers writes a row per question and one per option of a multi question. The answer
// cells are the only ones a reader is meant to change.
func (p *plan) writeAnswers(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.AddHigh(26, book.Value(st.Title, b.Say(book.SheetAnswers)))
	s.Add(book.Value(st.Lead, b.Say(wording.Phrase{
		"Probieren Sie aus, was eine andere Antwort brächte: Ändern Sie die gelben Zellen, das Blatt „Ergebnis“ " +
			"rechnet mit. Im Programm ändert sich dadurch nichts.",
		"Try out what another answer would bring: change the yellow cells and the sheet “Result” follows. Nothing " +
			"changes in the program."})))
	s.Skip(1)
	s.PrintOnly(11)
	head := s.Head(3, b.Say(book.WordNumber), b.Say(book.WordSection), b.Say(book.WordQuestion),
		b.Say(book.WordOption), b.Say(book.WordAnswer), b.Say(book.WordState),
		b.Say(book.WordPoints), b.Say(book.WordWeight), b.Say(book.WordGainHead), b.Say(book.WordReason),
		b.Say(book.WordComment), b.Say(book.WordEvidence), b.Say(book.WordChanged), b.Say(book.WordID))
	evidence := map[checklist.QuestionID][]string{}
	for _, e := range p.Evidence {
		evidence[e.Question] = append(evidence[e.Question], evidenceText(e))
	}
	for i := range p.asked {
		a := &p.asked[i]
		p.writeAnswer(s, a, strings.Join(evidence[a.q.ID], "\n"))
		p.validate(s, a)
	}
	last := s.Next() - 1
	s.Filter(head, len(answerWidths), last)
	p.hideEmpty(s)
	p.highlight(s, head+1, last)
	b.Keep(b.F.AddIgnoredErrors(s.Name, fmt.Sprintf("A%d:E%d", head+1, last), excelize.IgnoredErrorsNumberStoredAsText))
}

// hideEmpty hides the columns of reasons and comments where there are none: what is printed on A4 stays readable.
func (p *plan) hideEmpty(s *book.Sheet) {
	reasons, comments := false, false
	for i := range p.asked {
		e := &p.asked[i].entry
		reasons = reasons || e.Given && e.Answer.Kind == checklist.AnswerNotApplicable
		comments = comments || e.Comment != ""
	}
	for col, used := range map[string]bool{"J": reasons, "K": comments} {
		if !used {
			s.B.Keep(s.B.F.SetColVisible(s.Name, col, false))
		}
	}
}

func evidenceText(e assessment.Evidence) string {
	if e.Link != "" && e.Title != "" && e.Title != e.Link {
		return e.Title + ": " + e.Link
	}
	return e.Link + book.Ternary(e.Link == "", e.Title, "")
}

func (p *plan) writeAnswer(s *book.Sheet, a *asked, evidence string) {
	b, st := s.B, s.B.Styles
	section := p.sections[a.section].s.Title.In(p.Lang)
	reason, changed := "", any(book.Value(st.Date, nil))
	if a.entry.Given && a.entry.Answer.Kind == checklist.AnswerNotApplicable {
		reason = a.entry.Answer.Text
	}
	if a.entry.Revision > 0 && !a.entry.At.IsZero() {
		changed = book.Value(st.Date, book.Serial(a.entry.At))
	}
	unit := a.q.Unit.In(p.Lang)
	if a.q.Type.Many() {
		unit = b.Say(wording.Phrase{"mehrere möglich:", "several possible:"})
	}
	points, gain := any(book.Value(st.Points, nil)), any(book.Value(st.Points, nil))
	if a.q.Scored() {
		cached, more := any(nil), any(nil)
		if a.result.Points != nil && a.result.State == score.Answered {
			cached = 100 * *a.result.Points
		}
		if a.result.Gain != nil {
			more = 100 * *a.result.Gain
		}
		points = book.Formula(st.Points, fmt.Sprintf(`IF(%s=1,100*%s,"")`, p.stepped("D", a.step),
			p.stepped("F", a.step)), cached)
		gain = book.Formula(st.Points, fmt.Sprintf(`IF(%s=1,100*%s,"")`, p.stepped("H", a.step),
			p.stepped("M", a.step)), more)
	}
	s.Add(book.Value(st.Text, a.number), book.Value(st.Text, section), book.Value(st.Text, a.q.Text.In(p.Lang)),
		book.Value(st.Text, unit), p.answerCell(s, a),
		book.Formula(st.Text, p.stateText(a), b.Say(book.StatePhrases[a.result.State])), points,
		book.Value(st.Decimal, a.q.Weight), gain,
		book.Value(st.Free, reason), book.Value(st.Free, a.entry.Comment), book.Value(st.Free, evidence), changed,
		book.Value(st.Text, string(a.q.ID)))
	if !a.q.Type.Many() {
		return
	}
	for i, o := range a.q.Options {
		chosen := any(book.Value(st.Choose, nil))
		if a.entry.Given && a.entry.Answer.Kind == checklist.AnswerOptions {
			chosen = book.Value(st.Choose,
				b.Say(book.Ternary(slices.Contains(a.entry.Answer.Options, o.ID), book.WordYes, book.WordNo)))
		}
		blank := book.Value(st.Text, nil)
		cells := []any{book.Value(st.Repeated, a.number), book.Value(st.Repeated, section), blank,
			book.Value(st.Text, a.labels[i]), chosen,
			blank, blank, blank, blank, blank, blank, blank, blank,
			book.Value(st.Text, string(a.q.ID)+"/"+string(o.ID))}
		// with a height of its own no program makes room for the section, which is there for the filter
		s.AddHigh(s.Points(book.Row{Number: s.Next(), Cells: cells}), cells...)
	}
}

// stateText is the state's name for a reader.
func (p *plan) stateText(a *asked) string {
	names := make([]string, len(book.StatePhrases))
	for i, n := range book.StatePhrases {
		names[i] = book.Literal(n.In(p.Lang))
	}
	return "CHOOSE(" + p.stepped("D", a.step) + "+1," + strings.Join(names, ",") + ")"
}

// answerCell is the cell a reader may change: what was answered, as text, number or date. It
// is empty while the question is open.
func (p *plan) answerCell(s *book.Sheet, a *asked) excelize.Cell {
	st, answer := s.B.Styles, a.entry.Answer
	style := st.Choose
	switch a.q.Type.Shape() {
	case checklist.ShapeNumber:
		style = st.ChooseNumber
	case checklist.ShapeDay:
		style = st.ChooseDate
	}
	if !a.entry.Given {
		return book.Value(style, nil)
	}
	switch answer.Kind {
	case checklist.AnswerNotApplicable:
		return book.Value(style, s.B.Say(book.WordNA))
	case checklist.AnswerNumber:
		return book.Value(style, answer.Number.InexactFloat64())
	case checklist.AnswerText:
		return book.Value(style, answer.Text)
	case checklist.AnswerDate:
		if n, ok := book.Day(answer.Text); ok {
			return book.Value(style, n)
		}
		return book.Value(style, answer.Text)
	}
	if a.q.Type.One() {
		if i := a.q.Option(answer.Options[0]); i >= 0 {
			return book.Value(style, a.labels[i])
		}
	}
	return book.Value(style, nil)
}

// validate offers what can be chosen and refuses anything else.
func (p *plan) validate(s *book.Sheet, a *asked) {
	here := book.Cell(5, a.row)
	message := wording.Phrase{"Bitte wählen Sie einen Eintrag der Liste oder leeren Sie die Zelle.",
		"Please choose an entry of the list or clear the cell."}
	dv := excelize.NewDataValidation(true)
	dv.Sqref = here
	switch a.q.Type.Shape() {
	case checklist.ShapeOne:
		dv.SetSqrefDropList(p.listed("B", a.first, a.choices))
	case checklist.ShapeMany:
		if a.na {
			dv.SetSqrefDropList(p.word(listsNA))
		} else {
			dv.Type, dv.Formula1 = "textLength", "0"
			dv.Operator = "equal"
			message = wording.Phrase{"Bitte wählen Sie „ja“ oder „nein“ in den Zeilen darunter.",
				"Please choose “yes” or “no” in the rows below."}
		}
		p.offer(s, fmt.Sprintf("E%d:E%d", a.row+1, a.row+len(a.q.Options)))
	case checklist.ShapeNumber, checklist.ShapeDay:
		conditions := []string{"ISNUMBER(" + here + ")"}
		message = wording.Phrase{"Bitte geben Sie eine Zahl ein.", "Please enter a number."}
		if a.q.Type.Shape() == checklist.ShapeDay {
			message = wording.Phrase{"Bitte geben Sie ein Datum ein.", "Please enter a date."}
		}
		if a.q.Min != nil {
			conditions = append(conditions, here+">="+a.q.Min.String())
		}
		if a.q.Max != nil {
			conditions = append(conditions, here+"<="+a.q.Max.String())
			message = wording.Phrase{"Bitte geben Sie eine Zahl im erlaubten Bereich ein.",
				"Please enter a number in the allowed range."}
		}
		test := "AND(" + strings.Join(conditions, ",") + ")"
		if a.na {
			test = "OR(EXACT(" + here + "," + p.word(listsNA) + ")," + test + ")"
		}
		dv.Type, dv.Formula1 = "custom", book.XmlEscaper.Replace(test)
	default:
		return
	}
	dv.SetError(excelize.DataValidationErrorStyleStop, s.B.Say(book.WordAnswer), s.B.Say(message))
	s.B.Keep(s.B.F.AddDataValidation(s.Name, dv))
}

// offer lets a range take yes or no.
func (p *plan) offer(s *book.Sheet, where string) {
	dv := excelize.NewDataValidation(true)
	dv.Sqref = where
	dv.SetSqrefDropList(p.listed("B", listsYes, listsNo))
	dv.SetError(excelize.DataValidationErrorStyleStop, s.B.Say(book.WordAnswer),
		s.B.Say(wording.Phrase{"Bitte wählen Sie „ja“ oder „nein“.", "Please choose “yes” or “no”."}))
	s.B.Keep(s.B.F.AddDataValidation(s.Name, dv))
}

// highlight marks what is open or refused and dims what does not arise.
func (p *plan) highlight(s *book.Sheet, first, last int) {
	b := s.B
	style := func(font excelize.Font) *int {
		id, err := b.F.NewConditionalStyle(&excelize.Style{Font: &font})
		b.Keep(err)
		return &id
	}
	rule := func(where string, state score.State, id *int) {
		b.Keep(b.F.SetConditionalFormat(s.Name, where, []excelize.ConditionalFormatOptions{{Type: "formula",
			Criteria: fmt.Sprintf("$F%d=%s", first, book.Literal(b.Say(book.StatePhrases[state]))), Format: id}}))
	}
	states := fmt.Sprintf("F%d:F%d", first, last)
	rule(states, score.Open, style(excelize.Font{Color: book.Amber, Bold: true}))
	rule(states, book.StateRefused, style(excelize.Font{Color: "B00020", Bold: true}))
	rule(fmt.Sprintf("A%d:N%d", first, last), score.Inactive, style(excelize.Font{Color: book.Peers, Italic: true}))
}
